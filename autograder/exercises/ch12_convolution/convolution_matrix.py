"""A convolution is a dense layer with most weights zero."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=4,
    needs=("conv2d_by_loops",),
    hints=(
        "What does a linear layer give for an image that is 1 at one pixel and 0 elsewhere?",
        "`np.eye(pixels)`, reshaped to images, is one image for every pixel.",
        "Row k of the matrix is the convolution, without biases, of the image of pixel k alone.",
    ),
)


def task(rng, f=2, c=2, k=2, m=3, h=4, w=5, stride=1, padding=0):
    return rng.normal(size=(f, c, k, m)), h, w, stride, padding


@exercise.probe
def plain(rng):
    return task(rng)


@exercise.probe
def strided(rng):
    return task(rng, f=1, c=1, h=5, w=7, stride=2)


@exercise.probe
def padded(rng):
    return task(rng, f=3, c=1, k=3, m=2, h=3, w=4, padding=1)


@exercise.probe
def by_default(rng):
    return task(rng, c=1)[:3]


@exercise.check
def worked_example(f):
    """A kernel (2, 3) on a line of three pixels: columns 2 3 0 and 0 2 3."""
    W = np.array([2.0, 3.0]).reshape(1, 1, 1, 2)
    agree(f(W, 1, 3), [[2, 0], [3, 2], [0, 3]], what="the matrix")
    unchanged(f, W, 1, 3)


@exercise.check
def order_of_the_columns(f):
    """A kernel of one 1 changes nothing; a second filter's columns come after the first's."""
    agree(f(np.ones((1, 1, 1, 1)), 2, 3), np.eye(6), what="the matrix of a kernel of one pixel")
    two = np.array([1.0, 5.0]).reshape(2, 1, 1, 1)
    agree(f(two, 1, 2), [[1, 0, 5, 0], [0, 1, 0, 5]], what="the matrix of two such filters")


@exercise.check
def mostly_zeros(f):
    """One 3×3 kernel of 1 to 9 on 8×8 pixels: a matrix (64, 36), each number at 36 places."""
    dense = f(np.arange(1.0, 10).reshape(1, 1, 3, 3), 8, 8)
    agree(np.shape(dense), [64, 36], what="the shape of the matrix")
    numbers, times = np.unique(np.asarray(dense), return_counts=True)
    agree(numbers, np.arange(10), what="the distinct numbers")
    agree(times, [2304 - 9 * 36, *9 * [36]], what="how often they occur")
    agree(np.asarray(dense)[:3, 0], [1, 2, 3], what="the top of the first column")


@exercise.check
def channels_filters_and_stride(f):
    """Two channels, two filters, one pixel each; and a stride of 2 on three pixels."""
    W = np.array([1.0, 2.0, 3.0, 4.0]).reshape(2, 2, 1, 1)
    agree(f(W, 1, 1), [[1, 3], [2, 4]], what="the matrix of two channels and filters")
    line = np.array([2.0, 3.0]).reshape(1, 1, 1, 2)
    agree(f(line, 1, 4, 2), [[2, 0], [3, 0], [0, 2], [0, 3]], what="the matrix with stride 2")
    centre = np.zeros((1, 1, 3, 3))
    centre[0, 0, 1] = [4.0, 5.0, 6.0]
    agree(f(centre, 1, 2, 1, 1), [[5, 4], [6, 5]], what="the matrix with padding 1")


@exercise.check(points=2)
def random_kernels(f, reference, rng):
    """Gives the matrix for several channels and filters, nothing square."""
    for sizes in ({}, {"f": 3, "c": 1, "k": 3, "m": 2, "h": 5, "w": 4}, {"k": 1, "m": 1}):
        arguments = task(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="the matrix")


@exercise.check(points=1, after=random_kernels)
def strides_and_borders(f, reference, rng):
    """Knows strides and borders of zeros."""
    for stride, padding in rng.permutation([[2, 0], [1, 1], [2, 1]]):
        arguments = task(rng, c=1, h=5, w=6, stride=int(stride), padding=int(padding))
        agree(f(*arguments), reference(*arguments), what="the matrix")


@exercise.check(points=1, after=random_kernels)
def does_the_same(f, rng):
    """Flattened images times the matrix are the sums of each window times each kernel."""
    W, h, w, *_ = task(rng, c=2)
    x = rng.normal(size=(3, 2, h, w))
    windows = np.lib.stride_tricks.sliding_window_view(x, W.shape[2:], axis=(2, 3))
    expected = np.einsum("ncpqij,fcij->nfpq", windows, W).reshape(3, -1)
    agree(x.reshape(3, -1) @ np.asarray(f(W, h, w)), expected, what="images times the matrix")


@exercise.check(points=1, after=random_kernels)
def whole_numbers_count(f, reference, rng):
    """Takes kernels of whole numbers for what they are, and leaves them alone."""
    W, h, w, *_ = task(rng, c=1)
    whole_numbers(f, reference, np.round(9 * W).astype(int), h, w)
    unchanged(f, W, h, w)


@exercise.variant
def column_by_column(W, height, width, stride=1, padding=0):
    _, channels, rows, cols = W.shape
    columns = []
    for kernel in W:
        for p in range(0, height + 2 * padding - rows + 1, stride):
            for q in range(0, width + 2 * padding - cols + 1, stride):
                canvas = np.zeros((channels, height + 2 * padding, width + 2 * padding))
                canvas[:, p : p + rows, q : q + cols] = kernel
                inside = canvas[:, padding : padding + height, padding : padding + width]
                columns.append(inside.ravel())
    return np.array(columns).T


@exercise.variant
def weight_by_weight(W, height, width, stride=1, padding=0):
    _, channels, rows, cols = W.shape
    P = (height + 2 * padding - rows) // stride + 1
    Q = (width + 2 * padding - cols) // stride + 1
    dense = np.zeros((channels, height, width, len(W), P, Q))
    for f, c, i, j in np.ndindex(W.shape):
        for p, q in np.ndindex(P, Q):
            y, x = p * stride + i - padding, q * stride + j - padding
            if 0 <= y < height and 0 <= x < width:
                dense[c, y, x, f, p, q] = W[f, c, i, j]
    return dense.reshape(channels * height * width, -1)


@exercise.misconception(keeps=0.5)
def transposed(W, height, width, stride=1, padding=0):
    """The matrix is transposed: rows are pixels, so that x.reshape(N, −1) @ it works."""
    return column_by_column(W, height, width, stride, padding).T


@exercise.misconception
def kernel_flipped(W, height, width, stride=1, padding=0):
    """The kernel is flipped: it slides over the image as it is."""
    return column_by_column(W[:, :, ::-1, ::-1], height, width, stride, padding)


@exercise.misconception
def places_down_first(W, height, width, stride=1, padding=0):
    """The places of a map go down first: in reading order they go across."""
    dense = column_by_column(W, height, width, stride, padding)
    P = (height + 2 * padding - W.shape[2]) // stride + 1
    maps = dense.reshape(len(dense), len(W), P, -1)
    return maps.transpose(0, 1, 3, 2).reshape(len(dense), -1)


@exercise.misconception
def filters_beside_each_place(W, height, width, stride=1, padding=0):
    """The filters alternate at each place: first the whole map of one filter, then the next."""
    dense = column_by_column(W, height, width, stride, padding)
    return dense.reshape(len(dense), len(W), -1).transpose(0, 2, 1).reshape(len(dense), -1)


@exercise.misconception
def channels_added(W, height, width, stride=1, padding=0):
    """The channels share rows: each channel's pixels are inputs of their own."""
    return column_by_column(W.sum(axis=1, keepdims=True), height, width, stride, padding)


@exercise.misconception
def stride_ignored(W, height, width, stride=1, padding=0):
    """Every place is there, whatever the stride."""
    return column_by_column(W, height, width, 1, padding)


@exercise.misconception
def border_ignored(W, height, width, stride=1, padding=0):
    """There is no border of zeros: what does `padding` do?"""
    return column_by_column(W, height, width, stride, 0)


@exercise.misconception
def border_kept(W, height, width, stride=1, padding=0):
    """The border of zeros has rows of its own: they belong to no pixel."""
    return column_by_column(W, height + 2 * padding, width + 2 * padding, stride, 0)


@exercise.misconception(keeps=0.5)
def channels_stand_last(W, height, width, stride=1, padding=0):
    """Lays the pixels out with the channels last; in this course channels come first."""
    dense = column_by_column(W, height, width, stride, padding)
    pixels = dense.reshape(W.shape[1], height, width, -1)
    return pixels.transpose(1, 2, 0, 3).reshape(dense.shape)


@exercise.misconception(keeps=0.5)
def height_and_width_exchanged(W, height, width, stride=1, padding=0):
    """Height and width are exchanged: the rows of an image come first."""
    return column_by_column(W, width, height, stride, padding)


@exercise.misconception
def a_bias_of_one(W, height, width, stride=1, padding=0):
    """Something is added everywhere, like a bias of 1: the matrix holds weights only."""
    return column_by_column(W, height, width, stride, padding) + 1.0
