"""Convolution as one matrix product."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import layer
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    needs=("output_size", "image_columns"),
    hints=(
        "Rows are windows. What must the columns of the other matrix be, so that each product is "
        "one window times one kernel?",
        "A kernel flattened as it stands is a row of F; every image gives P·Q rows of the product.",
        "columns (N·P·Q, C·K·L) times Wᵀ (C·K·L, F); then shape (N, P, Q, F), and the maps to the "
        "second place.",
    ),
)


@exercise.probe
def plain(rng):
    return layer(rng)


@exercise.probe
def strided_and_padded(rng):
    return layer(rng, n=3, c=2, h=6, w=9, f=5, k=2, m=4, stride=3, padding=2)


@exercise.probe
def one_filter(rng):
    return layer(rng, n=2, c=2, h=5, w=4, f=1, k=2, m=3)


@exercise.probe
def by_default(rng):
    return layer(rng, n=1, c=2, f=2)[:3]


def image(*rows):
    return np.array(rows, dtype=float)[None, None]


@exercise.check
def worked_example(f):
    """A 2×2 kernel on a 3×3 image: four sums by hand, plus the bias; and the four windows."""
    x = image([1, 2, 3], [4, 5, 6], [7, 8, 9])
    out, columns = sequence(f(x, image([1, 0], [0, -2]), np.array([10.0])), 2)
    agree(out, [[[[1, 0], [-2, -3]]]], what="out")
    agree(columns, [[1, 2, 4, 5], [2, 3, 5, 6], [4, 5, 7, 8], [5, 6, 8, 9]], what="the columns")


@exercise.check
def maps_and_images(f):
    """Two images, two filters, three pixels: every map is in its place, each with its bias."""
    x = np.array([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]).reshape(2, 1, 1, 3)
    W, b = np.array([1.0, -10.0]).reshape(2, 1, 1, 1), np.array([0.5, 0.0])
    out, _ = sequence(f(x, W, b), 2)
    expected = [[[[1.5, 2.5, 3.5]], [[-10, -20, -30]]], [[[4.5, 5.5, 6.5]], [[-40, -50, -60]]]]
    agree(out, expected, what="out")
    unchanged(f, x, W, b)


@exercise.check
def kernels_in_their_order(f):
    """On one window 1 2 3, the kernels (1, 10, 100) and (2, 0, 0) give 321 and 2."""
    W = np.array([[1.0, 10.0, 100.0], [2.0, 0.0, 0.0]]).reshape(2, 1, 1, 3)
    out, _ = sequence(f(image([1, 2, 3]), W, np.zeros(2)), 2)
    agree(out, np.array([321.0, 2.0]).reshape(1, 2, 1, 1), what="out")


@exercise.check
def stride_and_border(f):
    """Ones with padding 1 and stride 2, a 3×3 kernel of ones: 4, 6, 6 and 9."""
    out, _ = sequence(f(np.ones((1, 1, 4, 4)), np.ones((1, 1, 3, 3)), np.zeros(1), 2, 1), 2)
    agree(out, image([4, 6], [6, 9]), what="out")


@exercise.check(points=3)
def random_layers(f, reference, rng):
    """Gives the maps of several images and filters, and the columns they were made from."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 5, "w": 8, "f": 2, "k": 2, "m": 3}, {"c": 1, "k": 1}):
        arguments = layer(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="out and columns")


@exercise.check(points=1, after=random_layers)
def strides_and_borders(f, reference, rng):
    """Knows strides and borders."""
    for stride, padding in rng.permutation([[2, 0], [1, 2], [3, 1]]):
        arguments = layer(rng, n=2, c=2, h=8, w=6, stride=int(stride), padding=int(padding))
        agree(f(*arguments), reference(*arguments), what="out and columns")


@exercise.check(points=1, after=random_layers)
def on_the_way_back(f, rng):
    """The errors' columns times your columns are the slopes of Σ dout·out by the kernels."""
    x, W, b, *_ = layer(rng, n=2, c=2, h=6, w=5, f=3)
    out, columns = (np.asarray(part) for part in sequence(f(x, W, b), 2))
    dout = rng.normal(size=out.shape)
    errors = dout.transpose(0, 2, 3, 1).reshape(-1, len(W))
    step = rng.normal(size=W.shape)
    moved = np.asarray(sequence(f(x, W + step, b), 2)[0])  # out is linear in W
    slope = np.sum((errors.T @ columns).reshape(W.shape) * step)
    agree(slope, np.sum(dout * (moved - out)), rtol=1e-6, what="the slope along a step of W")


@exercise.check(points=1, after=random_layers)
def whole_numbers_count(f, reference, rng):
    """Takes images of whole numbers for what they are, beside kernels that are not whole."""
    x, W, b, *_ = layer(rng, n=1, c=2)
    whole_numbers(f, reference, np.round(5 * x).astype(int), W, b)


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves images, kernels and biases as they were."""
    unchanged(f, *layer(rng, padding=1))


def _columns(x, rows, cols, stride, padding):
    big = np.pad(x, [(0, 0), (0, 0), (padding, padding), (padding, padding)])
    found = np.lib.stride_tricks.sliding_window_view(big, (rows, cols), axis=(2, 3))
    found = found[:, :, ::stride, ::stride].transpose(0, 2, 3, 1, 4, 5)
    return found.reshape(-1, x.shape[1] * rows * cols), found.shape[1:3]


@exercise.variant
def filter_by_filter(x, W, b, stride=1, padding=0):
    columns, (P, Q) = _columns(x, *W.shape[2:], stride, padding)
    maps = [(columns @ kernel.ravel() + bias).reshape(-1, P, Q) for kernel, bias in zip(W, b)]
    return np.stack(maps, axis=1), columns


@exercise.variant
def kernels_first(x, W, b, stride=1, padding=0):
    columns, (P, Q) = _columns(x, *W.shape[2:], stride, padding)
    out = np.dot(W.reshape(len(W), -1), columns.T) + b[:, None]
    return [np.swapaxes(out.reshape(len(W), len(x), P, Q), 0, 1), columns]


def _maps(x, W, b, stride, padding, *, kernels=None, arrange=None):
    columns, (P, Q) = _columns(x, *W.shape[2:], stride, padding)
    kernels = W.reshape(len(W), -1).T if kernels is None else kernels
    out = columns @ kernels + b
    if arrange == "as it comes":
        return out.reshape(len(x), len(W), P, Q), columns
    if arrange == "last":
        return out.reshape(len(x), P, Q, len(W)), columns
    if arrange == "swapped":
        return out.reshape(len(x), Q, P, len(W)).transpose(0, 3, 2, 1), columns
    return out.reshape(len(x), P, Q, len(W)).transpose(0, 3, 1, 2), columns


@exercise.misconception
def maps_torn_by_reshape(x, W, b, stride=1, padding=0):
    """A reshape to (N, F, P, Q) tears the maps apart: first (N, P, Q, F), then move the axis."""
    return _maps(x, W, b, stride, padding, arrange="as it comes")


@exercise.misconception(keeps=0.5)
def maps_last(x, W, b, stride=1, padding=0):
    """The maps come last: one step is missing, to (N, F, P, Q)."""
    return _maps(x, W, b, stride, padding, arrange="last")


@exercise.misconception
def kernels_torn_by_reshape(x, W, b, stride=1, padding=0):
    """W.reshape(-1, F) does not transpose: it mixes the kernels. Flatten each, then transpose."""
    return _maps(x, W, b, stride, padding, kernels=W.reshape(-1, len(W)))


@exercise.misconception
def kernel_flipped(x, W, b, stride=1, padding=0):
    """The kernel is flipped, as mathematics has it. In deep learning it slides as it is."""
    flipped = W[:, :, ::-1, ::-1].reshape(len(W), -1).T
    return _maps(x, W, b, stride, padding, kernels=flipped)


@exercise.misconception
def bias_forgotten(x, W, b, stride=1, padding=0):
    """Where is the bias? Every filter adds its own, at every place."""
    return _maps(x, W, 0 * b, stride, padding)


@exercise.misconception
def places_across_and_down_swapped(x, W, b, stride=1, padding=0):
    """P and Q are swapped: the places go across first, then down."""
    return _maps(x, W, b, stride, padding, arrange="swapped")


@exercise.misconception
def border_forgotten(x, W, b, stride=1, padding=0):
    """There is no border of zeros: hand the padding on to `image_columns`."""
    return _maps(x, W, b, stride, 0)


@exercise.misconception
def stride_forgotten(x, W, b, stride=1, padding=0):
    """Every place is visited: hand the stride on to `image_columns`."""
    return _maps(x, W, b, 1, padding)


@exercise.misconception
def columns_missing(x, W, b, stride=1, padding=0):
    """Only the maps come back: the way back will need the columns, too."""
    return _maps(x, W, b, stride, padding)[0]
