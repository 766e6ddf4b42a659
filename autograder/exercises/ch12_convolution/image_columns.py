"""All windows in one matrix."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=4,
    needs=("output_size",),
    hints=(
        "How many rows must the matrix have, and in which order do they come?",
        "Loops over images and places are fine: cut a window out, flatten it, append it. Or look "
        "at `np.lib.stride_tricks.sliding_window_view`.",
        "Row (n, p, q) is the window at (p·stride, q·stride) of image n, flattened as it stands: "
        "channels first, then rows, then columns.",
    ),
)


def task(rng, n=2, c=3, h=6, w=5, rows=3, cols=2, stride=1, padding=0):
    return rng.normal(size=(n, c, h, w)), rows, cols, stride, padding


@exercise.probe
def plain(rng):
    return task(rng)


@exercise.probe
def strided(rng):
    return task(rng, n=1, h=8, w=7, stride=2)


@exercise.probe
def padded(rng):
    return task(rng, n=1, c=2, h=4, w=5, padding=1)


@exercise.probe
def both(rng):
    return task(rng, n=2, c=1, h=5, w=7, rows=2, cols=4, stride=3, padding=2)


@exercise.probe
def by_default(rng):
    return task(rng, c=2)[:3]


def image(*rows):
    return np.array(rows, dtype=float)[None, None]


@exercise.check
def worked_example(f):
    """A 3×3 image has four 2×2 windows: 1 2 4 5, 2 3 5 6, 4 5 7 8 and 5 6 8 9."""
    got = f(image([1, 2, 3], [4, 5, 6], [7, 8, 9]), 2, 2)
    agree(got, [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]], what="the columns")


@exercise.check
def channels_and_images(f):
    """Channels stand side by side in a row, images below each other; windows can be oblong."""
    one, two = np.array([[1.0, 2.0, 3.0]]), np.array([[4.0, 5.0, 6.0]])
    x = np.stack([np.stack([one, 10 * one]), np.stack([two, 10 * two])])
    expected = [[1, 2, 10, 20], [2, 3, 20, 30], [4, 5, 40, 50], [5, 6, 50, 60]]
    agree(f(x, 1, 2), expected, what="the columns")
    unchanged(f, x, 1, 2)


@exercise.check
def stride_and_border(f):
    """With padding 1 and stride 2, windows of 2×2 on a 2×2 image hold one pixel each."""
    expected = [[0, 0, 0, 1], [0, 0, 2, 0], [0, 3, 0, 0], [4, 0, 0, 0]]
    agree(f(image([1, 2], [3, 4]), 2, 2, 2, 1), expected, what="the columns")


@exercise.check(points=2)
def random_images(f, reference, rng):
    """Lines up the windows of several images and channels, none square."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 5, "w": 7, "rows": 2, "cols": 4}, {"c": 1, "rows": 1}):
        arguments = task(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="the columns")


@exercise.check(points=1, after=random_images)
def strides_and_borders(f, reference, rng):
    """Goes by the stride, and adds a border of zeros."""
    for stride, padding in rng.permutation([[2, 0], [1, 2], [3, 1]]):
        arguments = task(rng, n=2, c=2, h=7, w=6, stride=int(stride), padding=int(padding))
        agree(f(*arguments), reference(*arguments), what="the columns")


@exercise.check(points=1, after=random_images)
def one_window_or_one_pixel(f, rng):
    """A window as large as the image gives one row; a window of one pixel gives the pixels."""
    x, *_ = task(rng)
    agree(f(x, 6, 5), x.reshape(2, -1), what="the columns of the largest window")
    pixels = x.transpose(0, 2, 3, 1).reshape(-1, 3)
    agree(f(x, 1, 1, 1, 0), pixels, what="the columns of the smallest window")


@exercise.check(points=1, after=random_images)
def whole_numbers_count(f, reference, rng):
    """Takes images of whole numbers for what they are."""
    x, rows, cols, *_ = task(rng)
    whole_numbers(f, reference, np.round(9 * x).astype(int), rows, cols, 1, 1)


@exercise.check(points=1, after=random_images)
def leaves_images_alone(f, rng):
    """Leaves the images as they were, and gives back rows of its own."""
    unchanged(f, *plain(rng))


@exercise.variant
def with_loops(x, rows, cols, stride=1, padding=0):
    big = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    P = (big.shape[2] - rows) // stride + 1
    Q = (big.shape[3] - cols) // stride + 1
    return [
        picture[:, p * stride : p * stride + rows, q * stride : q * stride + cols].ravel()
        for picture in big
        for p in range(P)
        for q in range(Q)
    ]


@exercise.variant
def entry_by_entry(x, rows, cols, stride=1, padding=0):
    n, c, h, w = x.shape
    big = np.zeros((n, c, h + 2 * padding, w + 2 * padding), dtype=x.dtype)
    big[:, :, padding : padding + h, padding : padding + w] = x
    P, Q = (big.shape[2] - rows) // stride + 1, (big.shape[3] - cols) // stride + 1
    out = np.empty((n, P, Q, c, rows, cols), dtype=x.dtype)
    for i, j in np.ndindex(rows, cols):
        seen = big[:, :, i : i + stride * P : stride, j : j + stride * Q : stride]
        out[..., i, j] = np.moveaxis(seen, 1, -1)
    return out.reshape(n * P * Q, -1)


def _windows(x, rows, cols, stride, padding):
    big = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    found = np.lib.stride_tricks.sliding_window_view(big, (rows, cols), axis=(2, 3))
    return found[:, :, ::stride, ::stride]


@exercise.misconception
def channels_below_each_other(x, rows, cols, stride=1, padding=0):
    """Every channel has rows of its own. They belong side by side: a filter sums over all."""
    return _windows(x, rows, cols, stride, padding).reshape(-1, rows * cols)


@exercise.misconception(keeps=0.5)
def channels_last_in_a_row(x, rows, cols, stride=1, padding=0):
    """In a row the channels change fastest. First channel by channel, so that W's order fits."""
    found = _windows(x, rows, cols, stride, padding)
    return found.transpose(0, 2, 3, 4, 5, 1).reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception(keeps=0.5)
def windows_as_columns(x, rows, cols, stride=1, padding=0):
    """The windows are columns here: the contract lays them out as rows."""
    found = _windows(x, rows, cols, stride, padding).transpose(0, 2, 3, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols).T


@exercise.misconception
def places_down_before_across(x, rows, cols, stride=1, padding=0):
    """The places go down the image first. In reading order they go across."""
    found = _windows(x, rows, cols, stride, padding).transpose(0, 3, 2, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception
def windows_transposed(x, rows, cols, stride=1, padding=0):
    """The pixels inside a window are read down its columns: read along its rows."""
    found = _windows(x, rows, cols, stride, padding).transpose(0, 2, 3, 1, 5, 4)
    return found.reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception
def rows_and_columns_swapped(x, rows, cols, stride=1, padding=0):
    """The window has its sides swapped: `rows` go down, `cols` across."""
    found = _windows(x, cols, rows, stride, padding).transpose(0, 2, 3, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception
def stride_ignored(x, rows, cols, stride=1, padding=0):
    """Every place is visited, whatever the stride."""
    found = _windows(x, rows, cols, 1, padding).transpose(0, 2, 3, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception
def border_forgotten(x, rows, cols, stride=1, padding=0):
    """There is no border of zeros: what does `padding` do?"""
    found = _windows(x, rows, cols, stride, 0).transpose(0, 2, 3, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception
def first_image_only(x, rows, cols, stride=1, padding=0):
    """Only the first image is lined up."""
    found = _windows(x[:1], rows, cols, stride, padding).transpose(0, 2, 3, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols)


@exercise.misconception(keeps=0.5)
def places_before_images(x, rows, cols, stride=1, padding=0):
    """Goes through all images at every place: the rows of one image stand together."""
    found = _windows(x, rows, cols, stride, padding).transpose(2, 3, 0, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols)
