"""One mean per colour channel."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "Three numbers for all images: which axes have to disappear, and which one stays?",
        "`layout` names the axes: where is its C? And keep what you average over as axes of "
        "length 1, so that the result can be subtracted.",
        r"$\bar x_c = \frac{1}{NHW}\sum_{n,i,j} x_{n,i,j,c}$: `mean` takes a tuple of axes, and "
        "`keepdims`.",
    ),
)


def images(rng, n, h, w, c, layout="NHWC"):
    """Photos whose channels, rows and columns all have levels of their own."""
    x = rng.normal(0, 3, c) + rng.normal(0, 2, (h, 1, 1)) + rng.normal(0, 2, (w, 1))
    x = x + rng.normal(0, 1, (n, h, w, c)) + rng.normal(0, 1, (n, 1, 1, 1))
    return (x if layout == "NHWC" else np.moveaxis(x, -1, 1).copy()), layout


@exercise.probe
def channels_last(rng):
    return images(rng, 2, 5, 7, 3)


@exercise.probe
def channels_first(rng):
    return images(rng, 2, 5, 7, 3, "NCHW")


@exercise.probe
def default_layout(rng):
    return images(rng, 4, 2, 3, 5)[:1]


@exercise.probe
def as_many_of_everything(rng):
    """The wrong axis raises no error here."""
    return images(rng, 3, 3, 3, 3, "NCHW")


@exercise.check
def worked_example(f):
    """Two pixels, (1, 10) and (3, 50), in one image of 1 × 2: the channel means are 2 and 30."""
    last = np.array([[[[1.0, 10.0], [3.0, 50.0]]]])
    agree(f(last, "NHWC"), np.array([[[[2.0, 30.0]]]]), what="the mean of NHWC")
    first = np.array([[[[1.0, 3.0]], [[10.0, 50.0]]]])
    agree(f(first, "NCHW"), np.array([[[[2.0]], [[30.0]]]]), what="the mean of NCHW")


@exercise.check
def channels_last_by_default(f):
    """Without a layout the channels are last, and the mean runs over all images and pixels."""
    x = np.zeros((2, 3, 1, 2))
    x[1, :, 0, 0] = [0.0, 6.0, 12.0]
    x[0, 2, 0, 1] = 60.0
    agree(f(x), np.array([[[[3.0, 10.0]]]]))


@exercise.check
def images_stay(f):
    """The images are afterwards what they were before."""
    unchanged(f, np.arange(24.0).reshape(1, 2, 3, 4), "NHWC")


SIZES = [(2, 5, 7, 3), (3, 2, 5, 4), (5, 3, 2, 2), (3, 3, 3, 3), (2, 3, 1, 7)]


@exercise.check(points=1)
def layouts(f, reference, rng):
    """Averages images of several sizes in both layouts, in a shape that can be subtracted."""
    for size in SIZES:
        for layout in rng.permutation(["NHWC", "NCHW"]).tolist():
            arguments = images(rng, *size, layout)
            agree(f(*arguments), reference(*arguments), what=f"the mean of {layout}")


@exercise.check(points=1, after=layouts)
def the_usual_layout(f, reference, rng):
    """Takes NHWC if no layout is given."""
    x = images(rng, 2, 5, 3, 7)[0]
    agree(f(x), reference(x))


@exercise.check(points=1, after=layouts)
def pixels_count(f, reference, rng):
    """Takes pixels from 0 to 255, whole numbers without a sign, for what they are."""
    for layout in ("NHWC", "NCHW"):
        pixels = rng.integers(0, 256, (2, 5, 3, 7)).astype(np.uint8)
        whole_numbers(f, reference, pixels, layout)


@exercise.check(points=1, after=layouts)
def one_of_each(f, reference, rng):
    """Takes a single image, a single pixel, a single channel; leaves the images alone."""
    for size in [(1, 5, 3, 2), (7, 1, 1, 3), (2, 3, 5, 1), (1, 1, 1, 3)]:
        for layout in ("NHWC", "NCHW"):
            arguments = images(rng, *size, layout)
            agree(f(*arguments), reference(*arguments))
    unchanged(f, *channels_first(rng))


@exercise.variant
def channel_by_channel(images, layout="NHWC"):
    axis = layout.index("C")
    channels = np.moveaxis(images, axis, 0)
    means = [float(channel.sum() / channel.size) for channel in channels.astype(float)]
    shape = [1, 1, 1, 1]
    shape[axis] = len(means)
    return np.array(means).reshape(shape)


@exercise.variant
def axis_after_axis(images, layout="NHWC"):
    mean = np.asarray(images, float)
    for axis, name in enumerate(layout):
        if name != "C":
            mean = np.add.reduce(mean, axis, keepdims=True) / mean.shape[axis]
    return mean


def _mean(images, axes):
    return images.mean(axis=axes, keepdims=True)


@exercise.misconception
def mean_image_instead(images, layout="NHWC"):
    """That is the mean image, one number for every pixel. One number per channel is wanted."""
    return _mean(images, 0)


@exercise.misconception
def layout_ignored(images, layout="NHWC"):
    """The last axis is taken for the channels, whatever `layout` says."""
    return _mean(images, (0, 1, 2))


@exercise.misconception
def always_channels_first(images, layout="NHWC"):
    """Axis 1 is taken for the channels, whatever `layout` says."""
    return _mean(images, (0, 2, 3))


@exercise.misconception(keeps=2 / 3)
def axes_lost(images, layout="NHWC"):
    """The numbers are right, but (C,) lines up with the last axis only: keep the averaged axes."""
    return _mean(images, (0, 1, 2) if layout == "NHWC" else (0, 2, 3)).ravel()


@exercise.misconception
def each_image_its_own(images, layout="NHWC"):
    """Every image has means of its own. One mean serves all images."""
    return _mean(images, (1, 2) if layout == "NHWC" else (2, 3))


@exercise.misconception
def one_mean_for_everything(images, layout="NHWC"):
    """Red, green and blue share one mean. Each channel has its own."""
    return _mean(images, (0, 1, 2, 3))


@exercise.misconception
def already_subtracted(images, layout="NHWC"):
    """These are the centred images; the means themselves are wanted."""
    return images - _mean(images, (0, 1, 2) if layout == "NHWC" else (0, 2, 3))


@exercise.misconception
def sum_instead_of_mean(images, layout="NHWC"):
    """These are sums. How many numbers went into each?"""
    return images.sum(axis=(0, 1, 2) if layout == "NHWC" else (0, 2, 3), keepdims=True)


@exercise.misconception
def the_median(images, layout="NHWC"):
    """Takes the median of each channel, not its mean."""
    axes = tuple(i for i, letter in enumerate(layout) if letter != "C")
    return np.median(images, axis=axes, keepdims=True)
