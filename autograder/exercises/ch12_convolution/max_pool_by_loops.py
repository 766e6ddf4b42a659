"""The largest of each window."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import pooled
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    needs=("output_size",),
    hints=(
        "How is this like sliding a kernel, and what is done with the window?",
        "Every channel of every image for itself: cut the window out, keep one number.",
        "out[n, c, p, q] = the largest of x[n, c, p·stride + i, q·stride + j], 0 ≤ i, j < size.",
    ),
)


@exercise.probe
def side_by_side(rng):
    return pooled(rng)


@exercise.probe
def overlapping(rng):
    return pooled(rng, h=6, w=9, size=3, stride=2)


@exercise.probe
def with_gaps(rng):
    return pooled(rng, n=1, h=8, w=7, size=2, stride=3)


@exercise.probe
def all_negative(rng):
    x, *_ = pooled(rng, c=2)
    return -1 - np.abs(x), 2, 2


@exercise.check
def worked_example(f):
    """On a 4×4 image, windows of 2 keep 4, 8, 9 and 7."""
    x = np.array([[1, 2, 5, 6], [4, 3, 8, 7], [9, 1, 0, 2], [0, 3, 7, 1]], dtype=float)[None, None]
    agree(f(x, 2, 2), [[[[4, 8], [9, 7]]]], what="the result")
    unchanged(f, x, 2, 2)


@exercise.check
def negative_and_left_over(f):
    """Of negative pixels the largest is kept, not 0; a fifth row and column are ignored."""
    x = -np.arange(1.0, 26).reshape(1, 1, 5, 5)
    agree(f(x, 2, 2), [[[[-1, -3], [-11, -13]]]], what="the result")


@exercise.check
def overlap_and_channels(f):
    """Windows of 2 at every place overlap; each channel is pooled for itself."""
    x = np.array([[[1.0, 5.0, 2.0], [0.0, 3.0, 4.0]], [[9.0, 8.0, 7.0], [6.0, 5.0, 4.0]]])[None]
    agree(f(x, 2, 1), [[[[5, 5]], [[9, 8]]]], what="the result")


@exercise.check(points=2)
def random_images(f, reference, rng):
    """Keeps the largest pixel of every window, in every channel of every image."""
    for sizes in (
        {},
        {"n": 3, "c": 2, "h": 6, "w": 9, "size": 3, "stride": 3},
        {"size": 1, "stride": 1},
    ):
        arguments = pooled(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="the result")


@exercise.check(points=1, after=random_images)
def overlaps_and_gaps(f, reference, rng):
    """Lets windows overlap or leave gaps, and ignores what is left over at the edges."""
    for size, stride in rng.permutation([[3, 1], [3, 2], [2, 3], [4, 2]]):
        arguments = pooled(rng, n=1, h=9, w=8, size=int(size), stride=int(stride))
        agree(f(*arguments), reference(*arguments), what="the result")


@exercise.check(points=1, after=random_images)
def below_zero(f, reference, rng):
    """Keeps the largest of negative pixels, too."""
    x, *_ = pooled(rng)
    lower = x - x.max() - rng.uniform(1e4, 9e4)
    agree(f(lower, 2, 2), reference(lower, 2, 2), what="the result for negative pixels")


@exercise.check(points=1, after=random_images)
def laws(f, rng):
    """Adding a number adds it to the result; a window as large as the image keeps one pixel."""
    x, size, stride = pooled(rng)
    here = np.asarray(f(x, size, stride))
    agree(f(2 * x + 7, size, stride), 2 * here + 7, what="the result for 2x + 7")
    square = x[:, :, :5]
    whole = square.max(axis=(2, 3))[:, :, None, None]
    agree(f(square, 5, int(rng.integers(1, 4))), whole, what="the result for the largest window")


@exercise.check(points=1, after=random_images)
def leaves_images_alone(f, rng):
    """Leaves the images as they were; whole numbers are no trouble."""
    unchanged(f, *pooled(rng))
    x = rng.integers(-9, 10, size=(1, 2, 4, 4))
    agree(f(x, 2, 2), x.reshape(1, 2, 2, 2, 2, 2).max(axis=(3, 5)), what="the result")


@exercise.variant
def with_corners(x, size, stride):
    rows, cols = (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1
    corners = [
        x[:, :, i : i + rows * stride : stride, j : j + cols * stride : stride][:, :, :rows, :cols]
        for i in range(size)
        for j in range(size)
    ]
    return np.max(corners, axis=0)


@exercise.variant
def from_minus_infinity(x, size, stride):
    n, c, h, w = x.shape
    out = np.full((n, c, (h - size) // stride + 1, (w - size) // stride + 1), -np.inf)
    for i in range(size):
        for j in range(size):
            for p in range(out.shape[2]):
                for q in range(out.shape[3]):
                    pixel = x[:, :, p * stride + i, q * stride + j]
                    out[:, :, p, q] = np.maximum(out[:, :, p, q], pixel)
    return out


def _pooled(x, size, stride, keep=np.max, start=None):
    rows, cols = (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1
    out = np.zeros((*x.shape[:2], rows, cols), dtype=np.asarray(x).dtype)
    for n, c, p, q in np.ndindex(out.shape):
        top, left = (p, q) if start == "no stride" else (p * stride, q * stride)
        out[n, c, p, q] = keep(x[n, c, top : top + size, left : left + size])
    return out


@exercise.misconception
def never_below_zero(x, size, stride):
    """The search for the largest starts at 0, so negative windows give 0."""
    return np.maximum(_pooled(x, size, stride), 0)


@exercise.misconception
def mean_instead_of_largest(x, size, stride):
    """This is the mean of each window: the largest entry is asked for."""
    return _pooled(1.0 * x, size, stride, np.mean)


@exercise.misconception
def largest_in_size(x, size, stride):
    """The pixel farthest from 0 is kept: −9 is not larger than 2."""
    return _pooled(x, size, stride, lambda window: window.flat[np.abs(window).argmax()])


@exercise.misconception
def smallest(x, size, stride):
    """The smallest entry is kept."""
    return _pooled(x, size, stride, np.min)


@exercise.misconception
def stride_ignored(x, size, stride):
    """The windows stand side by side, whatever the stride."""
    return _pooled(x, size, size)


@exercise.misconception
def places_without_stride(x, size, stride):
    """The size of the result fits, but place p begins at p·stride, not at p."""
    return _pooled(x, size, stride, start="no stride")


@exercise.misconception
def over_all_channels(x, size, stride):
    """The largest of all channels is kept: each channel is pooled for itself."""
    out = _pooled(x, size, stride)
    return np.repeat(out.max(axis=1, keepdims=True), x.shape[1], axis=1)


@exercise.misconception
def left_over_included(x, size, stride):
    """The left-over edge gets a smaller window of its own: it should be ignored."""
    rows, cols = -(-(x.shape[2] - size) // stride) + 1, -(-(x.shape[3] - size) // stride) + 1
    out = np.zeros((*x.shape[:2], rows, cols))
    for n, c, p, q in np.ndindex(out.shape):
        window = x[n, c, p * stride :, q * stride :][:size, :size]
        out[n, c, p, q] = window.max() if window.size else x[n, c, -1, -1]
    return out


@exercise.misconception
def window_one_too_small(x, size, stride):
    """The windows are a pixel too small: a slice ends before its second number."""
    side = max(size - 1, 1)
    return _pooled(x, size, stride, lambda window: window[:side, :side].max())


@exercise.misconception
def largest_without_its_sign(x, size, stride):
    """Signs are dropped before the search: the largest is kept as it is."""
    return _pooled(np.abs(x), size, stride)
