"""The error is shared out evenly."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import pooled_back
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    needs=("mean_pool_by_loops",),
    hints=(
        "If one of the four pixels of a window grows by 1, by how much does the mean?",
        "Every pixel of a window gets the same share of its error; overlapping shares add up.",
        "∂out/∂x = 1/size² for each pixel of the window.",
    ),
)


@exercise.probe
def side_by_side(rng):
    return pooled_back(rng)


@exercise.probe
def overlapping(rng):
    return pooled_back(rng, h=6, w=9, size=3, stride=1)


@exercise.probe
def with_gaps(rng):
    return pooled_back(rng, n=1, h=8, w=7, size=2, stride=3)


def image(*rows):
    return np.array(rows, dtype=float)[None, None]


@exercise.check
def worked_example(f):
    """Errors 1, 2, 3 and 4 give each pixel of their window a quarter: 0.25, 0.5, 0.75 and 1."""
    dout, x = image([1, 2], [3, 4]), np.arange(16.0).reshape(1, 1, 4, 4)
    low, high = [0.25, 0.25, 0.5, 0.5], [0.75, 0.75, 1, 1]
    agree(f(dout, x, 2, 2), image(low, low, high, high), what="dx")
    unchanged(f, dout, x, 2, 2)


@exercise.check
def overlap(f):
    """Where two windows overlap their shares add up; what no window sees gets 0."""
    x = np.ones((1, 1, 2, 4))
    agree(f(image([4, 40]), x, 2, 1 + 1), image([1, 1, 10, 10], [1, 1, 10, 10]), what="dx")
    agree(f(image([4, 40, 400]), x, 2, 1), image([1, 11, 110, 100], [1, 11, 110, 100]), what="dx")
    agree(f(image([4]), x, 2, 3), image([1, 1, 0, 0], [1, 1, 0, 0]), what="dx")


@exercise.check(points=2)
def random_images(f, reference, rng):
    """Shares every error out over its window, in every channel of every image."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 6, "w": 9, "size": 3, "stride": 3}):
        arguments = pooled_back(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_images)
def overlaps_and_gaps(f, reference, rng):
    """Adds up where windows overlap; what no window sees gets 0."""
    for size, stride in rng.permutation([[3, 1], [3, 2], [2, 3]]):
        arguments = pooled_back(rng, n=1, h=9, w=8, size=int(size), stride=int(stride))
        agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_images)
def measured_slopes(f, rng):
    """Agrees with the measured slopes of Σ dout·out."""
    dout, x, size, stride = pooled_back(rng, n=1, c=2, h=5, w=6, size=3, stride=1)

    def loss(v):
        windows = np.lib.stride_tricks.sliding_window_view(v, (size, size), axis=(2, 3))
        return float(np.sum(dout * windows.mean(axis=(4, 5))))

    gradient_agrees(f(dout, x, size, stride), loss, x, what="dx")


@exercise.check(points=1, after=random_images)
def nothing_is_lost(f, rng):
    """The errors that come out are as many as go in; the pixels themselves do not matter."""
    dout, x, size, stride = pooled_back(rng, h=7, w=6, size=3, stride=2)
    dx = np.asarray(f(dout, x, size, stride))
    agree(dx.sum(axis=(2, 3)), dout.sum(axis=(2, 3)), what="the sum of dx in each map")
    agree(f(dout, rng.normal(size=x.shape), size, stride), dx, what="dx of another image")


@exercise.check(points=1, after=random_images)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for what they are: shares are not rounded."""
    dout, x, size, stride = pooled_back(rng)
    whole_numbers(f, reference, dout, np.round(x).astype(int), size, stride)
    unchanged(f, dout, x, size, stride)


@exercise.variant
def pixel_by_pixel(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        for i, j in np.ndindex(size, size):
            dx[n, c, p * stride + i, q * stride + j] += dout[n, c, p, q] / size / size
    return dx


@exercise.variant
def corner_by_corner(dout, x, size, stride):
    rows, cols = dout.shape[2:]
    dx = np.zeros((*x.shape[:2], x.shape[2] + stride, x.shape[3] + stride))
    for i, j in np.ndindex(size, size):
        dx[:, :, i : i + rows * stride : stride, j : j + cols * stride : stride] += dout
    return dx[:, :, : x.shape[2], : x.shape[3]] / size**2


def _shared(dout, x, size, stride, share, *, write=False, step=None):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        step = step or stride
        place = np.s_[n, c, p * step : p * step + size, q * step : q * step + size]
        dx[place] = share * dout[n, c, p, q] + (0 if write else dx[place])
    return dx


@exercise.misconception
def whole_error_to_everyone(dout, x, size, stride):
    """Every pixel gets the whole error: divide it among them."""
    return _shared(dout, x, size, stride, 1.0)


@exercise.misconception(keeps=0.5)
def divided_by_the_side(dout, x, size, stride):
    """The error is divided by `size`. A window has size² pixels."""
    return _shared(dout, x, size, stride, 1 / size)


@exercise.misconception
def overlaps_overwritten(dout, x, size, stride):
    """Where windows overlap the later overwrites the earlier: add up."""
    return _shared(dout, x, size, stride, 1 / size**2, write=True)


@exercise.misconception
def stride_ignored(dout, x, size, stride):
    """The windows stand side by side here, whatever the stride."""
    return _shared(dout, x, size, stride, 1 / size**2, step=size)


@exercise.misconception
def to_the_largest(dout, x, size, stride):
    """The error goes to the largest pixel: that is max pooling's way back."""
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        block = x[n, c, p * stride : p * stride + size, q * stride : q * stride + size]
        i, j = np.unravel_index(block.argmax(), block.shape)
        dx[n, c, p * stride + i, q * stride + j] += dout[n, c, p, q]
    return dx


@exercise.misconception
def weighted_by_the_pixel(dout, x, size, stride):
    """Large pixels get a larger share. The slope of a mean is the same for all of them."""
    return x * _shared(dout, x, size, stride, 1 / size**2)


@exercise.misconception
def divided_by_the_map(dout, x, size, stride):
    """The error is divided by the number of places in the map, not of pixels in a window."""
    return _shared(dout, x, size, stride, 1 / dout[0, 0].size)


@exercise.misconception
def all_to_the_first_pixel(dout, x, size, stride):
    """The first pixel of a window gets all of its error: every pixel gets its share."""
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        dx[n, c, p * stride, q * stride] += dout[n, c, p, q]
    return dx


@exercise.misconception
def shared_by_the_stride(dout, x, size, stride):
    """Divides by stride²: a window has size² pixels."""
    return _shared(dout, x, size, stride, 1 / stride**2)
