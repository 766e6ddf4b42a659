"""The parametric ReLU."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=3,
    hints=(
        "x has the axes (N, C, …). Along which of them does the slope change?",
        "(C,) lines up with the *last* axis by itself. Give the slope axes of length 1 behind C, "
        "or move the channels to the end and back.",
        "Give the slopes as many axes as x has, all of length 1 but the channel's.",
    ),
)

SHAPES = [(5, 3), (3, 3), (2, 3, 5), (7, 2, 3, 5), (2, 3, 4, 3), (3, 19), (3, 2, 5, 2, 3)]
ONE_EXAMPLE = [(1, 1), (1, 5), (1, 3, 4), (1, 3, 2, 3)]


def case(rng, shape, shared=False, scale=1.0):
    """Inputs and a slope, from −1 to 2: it is learned, so it may become anything."""
    slope = rng.uniform(-1, 2, size=shape[1])
    return scale * rng.normal(size=shape), float(slope[0]) if shared else slope


@exercise.probe
def batch(rng):
    return case(rng, (5, 3))


@exercise.probe
def one_slope(rng):
    return case(rng, (2, 3, 5), shared=True)


@exercise.probe
def images(rng):
    """As wide as there are channels, so that mixing up the axes raises no error."""
    return case(rng, (2, 3, 4, 3))


@exercise.probe
def square(rng):
    """As many examples as channels."""
    return case(rng, (3, 3), scale=20.0)


@exercise.check
def worked_example(f):
    """With the slopes ½ and 3 of two channels, (−4, −1) becomes (−2, −3) and (2, 5) stays."""
    out, _ = sequence(f(np.array([[-4.0, -1.0], [2.0, 5.0]]), np.array([0.5, 3.0])), 2)
    agree(out, np.array([[-2.0, -3.0], [2.0, 5.0]]), what="out")


@exercise.check
def one_slope_for_all(f):
    """With the single slope ¼, −8, 2 and −4 become −2, 2 and −1."""
    agree(sequence(f(np.array([[-8.0, 2.0, -4.0]]), 0.25), 2)[0], np.array([[-2.0, 2.0, -1.0]]))


@exercise.check
def channels_are_axis_1(f):
    """Slopes 2 and −1 of two channels of two pixels: −3, 1 and −5, −4 become −6, 1 and 5, 4."""
    x = np.array([[[-3.0, 1.0], [-5.0, -4.0]], [[-1.0, -2.0], [7.0, -6.0]]])
    out, _ = sequence(f(x, np.array([2.0, -1.0])), 2)
    agree(out, np.array([[[-6.0, 1.0], [5.0, 4.0]], [[-2.0, -4.0], [7.0, 6.0]]]), what="out")


@exercise.check
def cache_is_input_and_slope(f):
    """The cache for (−8, 2) and the slopes ½ and 3 is (x, slope)."""
    x, slope = np.array([[-8.0, 2.0]]), np.array([0.5, 3.0])
    _, cache = sequence(f(x.copy(), slope.copy()), 2)
    agree(cache, (x, slope), what="cache")


@exercise.check
def arguments_stay(f):
    """x and slope are afterwards what they were before."""
    unchanged(f, np.array([[-4.0, -1.0], [2.0, 5.0]]), np.array([0.5, 3.0]))


@exercise.check(points=1)
def random_inputs(f, reference, rng):
    """Gives the right output for two to five axes, one slope or one for each channel."""
    for shape in SHAPES:
        for shared in (False, True):
            arguments = case(rng, shape, shared, 10 ** rng.uniform(-3, 3))
            agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="out")
    x, _ = batch(rng)
    for slope in (0, 1, -2, 70.0, np.array([-80.0, 1e3, 1e-7])):
        agree(f(x, slope)[0], reference(x, slope)[0], what=f"out with the slope {slope}")


@exercise.check(points=1, after=random_inputs)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the output."""
    whole_numbers(f, reference, rng.integers(-3, 4, size=(5, 3)), rng.normal(size=3), part=0)


@exercise.check(points=1, after=random_inputs)
def takes_one_example(f, reference, rng):
    """Takes a batch of one example, and gives it what it gets in a larger batch."""
    for shape in ONE_EXAMPLE:
        for shared in (False, True):
            arguments = case(rng, shape, shared)
            agree(f(*arguments)[0], reference(*arguments)[0], what="out for a batch of one")
    x, slope = images(rng)
    agree(f(x[1:], slope)[0], f(x, slope)[0][1:], what="out of the second example alone")


@exercise.check(points=1, after=random_inputs)
def what_is_kept(f, rng):
    """Keeps (x, slope) in the cache, for the way back."""
    for arguments in (batch(rng), one_slope(rng), images(rng), case(rng, (5, 1))):
        agree(sequence(f(*arguments), 2)[1], arguments, what="cache")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """Channels keep their own slopes when they change places, and examples are independent."""
    x, slope = case(rng, (3, 3, 4, 3))
    out = np.asarray(f(x, slope)[0])
    agree(f(x[:, ::-1], slope[::-1].copy())[0], out[:, ::-1], what="out with reversed channels")
    agree(f(x[1:], slope)[0], out[1:], what="out without the first example")
    kept = np.asarray(f(x, np.ones(3))[0], dtype=float)
    agree(kept, x, rtol=1e-12, what="out with all slopes 1, to 12 digits,")
    agree(f(x, np.full(3, 0.3))[0], f(x, 0.3)[0], what="out with equal slopes")


@exercise.check(points=1, after=random_inputs)
def leaves_inputs_alone(f, rng):
    """Leaves the input and the slopes as they were."""
    unchanged(f, *images(rng))


@exercise.variant
def axes_of_length_one(x, slope):
    slopes = np.reshape(slope, (1, -1) + (1,) * (x.ndim - 2))
    return np.maximum(x, 0) + slopes * np.minimum(x, 0), (x, slope)


@exercise.variant
def channel_by_channel(x, slope):
    out = x.copy()
    for c, s in enumerate(np.broadcast_to(slope, x.shape[1])):
        part = out[:, c]
        part[part < 0] *= s
    return [out, [x.copy(), np.array(slope)]]


@exercise.variant
def with_einsum(x, slope):
    slopes = np.full(x.shape[1], slope, dtype=float)
    return np.maximum(x, 0) + np.einsum("nc...,c->nc...", np.minimum(x, 0), slopes), (x, slope)


def _prelu(x, slope):
    slopes = np.reshape(slope, (1, -1) + (1,) * (x.ndim - 2))
    return np.where(x > 0, x, slopes * x)


@exercise.misconception
def slopes_along_the_last_axis(x, slope):
    """(C,) has met the last axis of x. The channels are axis 1."""
    return np.where(x > 0, x, slope * x), (x, slope)


@exercise.misconception
def slopes_along_the_first_axis(x, slope):
    """Each *example* has a slope of its own here. It should be each channel."""
    slopes = np.resize(slope, len(x)).reshape((-1,) + (1,) * (x.ndim - 1))
    return np.where(x > 0, x, slopes * x), (x, slope)


@exercise.misconception
def one_mean_slope(x, slope):
    """The slopes are averaged first. Each channel should have its own."""
    return np.where(x > 0, x, np.mean(slope) * x), (x, slope)


@exercise.misconception
def first_slope_for_all(x, slope):
    """Every channel uses the slope of channel 0."""
    return np.where(x > 0, x, np.ravel(slope)[0] * x), (x, slope)


@exercise.misconception(keeps=1 / 3)
def larger_of_the_two(x, slope):
    """max(x, slope·x) is right only for slopes up to 1, and a learned slope may become larger."""
    slopes = np.reshape(slope, (1, -1) + (1,) * (x.ndim - 2))
    return np.maximum(x, slopes * x), (x, slope)


@exercise.misconception
def slope_of_the_other_half(x, slope):
    """The slope is applied to the positive inputs. It belongs to the negative ones."""
    return -_prelu(-x, slope), (x, slope)


@exercise.misconception
def positive_slopes_only(x, slope):
    """A negative slope is treated as positive. It is learned: take it as it comes."""
    return _prelu(x, np.abs(slope)), (x, slope)


@exercise.misconception
def sign_lost_below_zero(x, slope):
    """The slope meets |x|, so the negative half is turned upwards. It multiplies x itself."""
    return np.maximum(x, 0) - _prelu(np.minimum(x, 0), slope), (x, slope)


@exercise.misconception
def images_only(x, slope):
    """The slopes are shaped for four axes, (1, C, 1, 1). x may have any number from two on."""
    slopes = np.reshape(slope, (1, -1, 1, 1)) if np.ndim(slope) else slope
    return np.maximum(x, 0) + slopes * np.minimum(x, 0), (x, slope)


@exercise.misconception
def fixed_slope(x, slope):
    """The slope handed in is not used: a fixed 0.25 is."""
    return _prelu(x, 0.25), (x, slope)


@exercise.misconception
def added_to_the_input(x, slope):
    """max(0, x) is missing its max: x itself is added, so both halves are bent."""
    return _prelu(x, slope) + np.minimum(x, 0), (x, slope)


@exercise.misconception
def keeps_only_the_input(x, slope):
    """The output is right, but the way back needs the slope too: keep (x, slope)."""
    return _prelu(x, slope), x


@exercise.misconception
def keeps_the_output(x, slope):
    """The output is right, but the contract keeps x, not the output, beside the slope."""
    return _prelu(x, slope), (_prelu(x, slope), slope)


@exercise.misconception(keeps=0.5)
def keeps_nothing(x, slope):
    """Only the output comes back. Return two things: the output and the cache."""
    return _prelu(x, slope)


@exercise.misconception
def in_place(x, slope):
    """The output is right, but the caller's x is changed: begin with a copy."""
    x[...] = _prelu(x, slope)
    return x, (x, slope)


@exercise.misconception
def keeps_the_slope_reshaped(x, slope):
    """The output is right, but the cache holds the slope with axes added: keep it as it came."""
    wide = np.reshape(slope, (1, -1) + (1,) * (x.ndim - 2)) if np.ndim(slope) else slope
    return _prelu(x, slope), (x, wide)
