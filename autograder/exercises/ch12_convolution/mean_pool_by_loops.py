"""The mean of each window."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import pooled
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    needs=("output_size",),
    hints=(
        "What changes, compared with max pooling?",
        "All channels of all images can be done at once for one place: which axes are averaged?",
        "out[n, c, p, q] = Σ of the window's pixels / size².",
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
def whole_numbers_in_the_image(rng):
    return rng.integers(-9, 10, size=(1, 2, 4, 4)) * 2 + 1, 3, 1


@exercise.check
def whole_numbers_are_averaged_too(f):
    """The mean of the whole numbers 1, 2, 3 and 5 is 2.75."""
    agree(f(np.array([[[[1, 2], [3, 5]]]]), 2, 2), [[[[2.75]]]], what="the result")


@exercise.check
def worked_example(f):
    """On a 4×4 image, windows of 2 give 2.5, 6.5, 3.25 and 2.5."""
    x = np.array([[1, 2, 5, 6], [4, 3, 8, 7], [9, 1, 0, 2], [0, 3, 7, 1]], dtype=float)[None, None]
    agree(f(x, 2, 2), [[[[2.5, 6.5], [3.25, 2.5]]]], what="the result")
    unchanged(f, x, 2, 2)


@exercise.check
def overlap_and_channels(f):
    """Windows of 2 at every place overlap; each channel is averaged for itself."""
    x = np.array([[[1.0, 5.0, 2.0], [0.0, 2.0, 3.0]], [[9.0, 8.0, 7.0], [6.0, 5.0, 4.0]]])[None]
    agree(f(x, 2, 1), [[[[2, 3]], [[7, 6]]]], what="the result")
    agree(f(x[:, :, :, :2], 2, 2), [[[[2]], [[7]]]], what="the result of one window")


@exercise.check(points=2)
def random_images(f, reference, rng):
    """Averages every window, in every channel of every image."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 6, "w": 9, "size": 3, "stride": 3}):
        x, *how = pooled(rng, **sizes)
        with_zeros = x * (rng.random(x.shape) < 0.7)  # a dark pixel counts as any other
        for images in (x, with_zeros):
            agree(f(images, *how), reference(images, *how), what="the result")


@exercise.check(points=1, after=random_images)
def overlaps_and_gaps(f, reference, rng):
    """Lets windows overlap or leave gaps, and ignores what is left over at the edges."""
    for size, stride in rng.permutation([[3, 1], [3, 2], [2, 3], [1, 2]]):
        arguments = pooled(rng, n=1, h=9, w=8, size=int(size), stride=int(stride))
        agree(f(*arguments), reference(*arguments), what="the result")


@exercise.check(points=1, after=random_images)
def laws(f, rng):
    """It is linear: of a·x + b it gives a times the means, plus b."""
    x, size, stride = pooled(rng)
    here = np.asarray(f(x, size, stride))
    agree(f(-3 * x + 7, size, stride), -3 * here + 7, what="the result for -3x + 7")


@exercise.check(points=1, after=random_images)
def whole_numbers_count(f, reference, rng):
    """Takes images of whole numbers for what they are: means are not rounded."""
    whole_numbers(f, reference, rng.integers(-9, 10, size=(2, 2, 5, 4)), 2, 2)
    unchanged(f, *pooled(rng))


@exercise.variant
def with_corners(x, size, stride):
    rows, cols = (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1
    total = 0.0
    for i, j in np.ndindex(size, size):
        seen = x[:, :, i : i + rows * stride : stride, j : j + cols * stride : stride]
        total = total + seen[:, :, :rows, :cols]
    return total / size**2


@exercise.variant
def with_a_view(x, size, stride):
    seen = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    return np.mean(seen[:, :, ::stride, ::stride], axis=(-2, -1))


def _pooled(x, size, stride, keep, step=None):
    rows, cols = (x.shape[2] - size) // stride + 1, (x.shape[3] - size) // stride + 1
    out = np.zeros((*x.shape[:2], rows, cols))
    for n, c, p, q in np.ndindex(out.shape):
        top, left = (p, q) if step == 1 else (p * stride, q * stride)
        out[n, c, p, q] = keep(x[n, c, top : top + size, left : left + size])
    return out


@exercise.misconception
def sum_instead_of_mean(x, size, stride):
    """The windows are added up: divide by the number of pixels."""
    return _pooled(x, size, stride, np.sum)


@exercise.misconception(keeps=0.5)
def divided_by_the_side(x, size, stride):
    """The sum is divided by `size`. A window has size² pixels."""
    return _pooled(x, size, stride, np.sum) / size


@exercise.misconception
def the_largest(x, size, stride):
    """This is max pooling."""
    return _pooled(x, size, stride, np.max)


@exercise.misconception
def the_median(x, size, stride):
    """This is the median of each window, not its mean."""
    return _pooled(x, size, stride, np.median)


@exercise.misconception
def stride_ignored(x, size, stride):
    """The windows stand side by side, whatever the stride."""
    return _pooled(x, size, size, np.mean)


@exercise.misconception
def places_without_stride(x, size, stride):
    """The size of the result fits, but place p begins at p·stride, not at p."""
    return _pooled(x, size, stride, np.mean, step=1)


@exercise.misconception
def over_all_channels(x, size, stride):
    """The channels are averaged as well: each is pooled for itself."""
    out = _pooled(x, size, stride, np.mean)
    return np.repeat(out.mean(axis=1, keepdims=True), x.shape[1], axis=1)


@exercise.misconception
def rounded_to_the_images_kind(x, size, stride):
    """For images of whole numbers the means are cut off: make room for fractions."""
    return _pooled(x, size, stride, np.mean).astype(x.dtype)


@exercise.misconception
def divided_by_the_stride(x, size, stride):
    """Divides by stride²: a window has size² pixels."""
    return _pooled(1.0 * x, size, stride, np.sum) / stride**2
