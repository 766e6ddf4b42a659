"""Back through the parametric ReLU."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import prelu_forward

exercise = Exercise(
    __name__,
    minutes=18,
    difficulty=4,
    hints=(
        "By how much does one output change if its slope grows by 0.1? And which outputs share it?",
        "Every entry gives dout·min(0, x) to its slope. Add over all axes but the channels, or "
        "over all of them if there is one slope for all.",
        "∂C/∂slope_c = Σ dout·min(0, x) over everything that channel c has.",
    ),
)

SHAPES = [(5, 3), (3, 3), (2, 3, 5), (7, 2, 3, 5), (2, 3, 4, 3), (3, 19), (3, 2, 5, 2, 3)]
ONE_EXAMPLE = [(1, 1), (1, 5), (1, 3, 4), (1, 3, 2, 3)]


def case(rng, shape, shared=False, scale=1.0):
    """An upstream gradient, inputs away from 0, and a slope from −1 to 2."""
    x, slope = scale * rng.normal(size=shape), rng.uniform(-1, 2, size=shape[1])
    x += 0.1 * np.sign(x)
    return rng.normal(size=shape), (x, float(slope[0]) if shared else slope)


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
def with_zeros(rng):
    """Some inputs are exactly 0, where the contract chooses the slope."""
    return rng.normal(size=(2, 3)), (np.array([[0.0, -1.0, 2.0], [0.5, 0.0, -0.0]]), 0.3)


@exercise.check
def worked_example(f):
    """Slopes ½ and 3: gradients (1, 2) at (−4, −1) and (10, 10) at (2, 5), by hand."""
    x, dout = np.array([[-4.0, -1.0], [2.0, 5.0]]), np.array([[1.0, 2.0], [10.0, 10.0]])
    dx, dslope = sequence(f(dout, (x, np.array([0.5, 3.0]))), 2)
    agree(dx, np.array([[0.5, 6.0], [10.0, 10.0]]), what="dx")
    agree(dslope, np.array([-4.0, -2.0]), what="dslope")


@exercise.check
def one_slope_for_all(f):
    """The single slope ¼ gathers 1·(−8) + 3·(−4) = −20."""
    x, dout = np.array([[-8.0, 2.0, -4.0]]), np.array([[1.0, 5.0, 3.0]])
    dx, dslope = sequence(f(dout, (x, 0.25)), 2)
    agree(dx, np.array([[0.25, 5.0, 0.75]]), what="dx")
    agree(dslope, -20.0, what="dslope")


@exercise.check
def pixels_share_a_slope(f):
    """With slopes 2 and −1 of two channels of two pixels each, both gradients by hand."""
    x = np.array([[[-3.0, 1.0], [-5.0, -4.0]], [[-1.0, -2.0], [7.0, -6.0]]])
    dout = np.array([[[1.0, 2.0], [3.0, -1.0]], [[4.0, 5.0], [6.0, 2.0]]])
    dx, dslope = sequence(f(dout, (x, np.array([2.0, -1.0]))), 2)
    agree(dx, np.array([[[2.0, 2.0], [-3.0, 1.0]], [[8.0, 10.0], [6.0, -2.0]]]), what="dx")
    agree(dslope, np.array([-17.0, -23.0]), what="dslope")


@exercise.check
def weakened_at_zero(f):
    """At x = 0 the slope of the negative half is used: with ¼, a gradient 8 becomes 2."""
    dx, _ = sequence(f(np.array([[8.0, 3.0]]), (np.array([[0.0, 1.0]]), 0.25)), 2)
    agree(dx, np.array([[2.0, 3.0]]), what="dx")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    x, dout = np.array([[-4.0, -1.0], [2.0, 5.0]]), np.array([[1.0, 2.0], [10.0, 10.0]])
    unchanged(f, dout, (x, np.array([0.5, 3.0])))


@exercise.check(points=1)
def gradient_of_the_input(f, reference, rng):
    """Gives dx for two to five axes, one slope or one for each channel."""
    for shape in SHAPES:
        for shared in (False, True):
            arguments = case(rng, shape, shared, 10 ** rng.uniform(-1, 2))
            agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="dx")


@exercise.check(points=2)
def gradient_of_the_slope(f, reference, rng):
    """Gives dslope in the form of the slope, for two to five axes."""
    for shape in SHAPES:
        for shared in (False, True):
            arguments = case(rng, shape, shared, 10 ** rng.uniform(-1, 2))
            agree(sequence(f(*arguments), 2)[1], reference(*arguments)[1], what="dslope")


@exercise.check(points=1, after=(gradient_of_the_input, gradient_of_the_slope))
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the gradients."""
    whole = rng.integers(1, 5, size=(2, 5, 3)) * rng.choice([-1, 1], size=(2, 5, 3))
    for dout in (whole[0], rng.normal(size=(5, 3))):
        whole_numbers(f, reference, dout, (whole[1], rng.normal(size=3)))
    dout, (x, _) = case(rng, (5, 3))
    whole_numbers(f, reference, dout, (x, rng.integers(1, 4, size=3)))


@exercise.check(points=1, after=(gradient_of_the_input, gradient_of_the_slope))
def takes_one_example(f, reference, rng):
    """Takes a batch of one example, and the examples' own gradients make up those of the batch."""
    for shape in ONE_EXAMPLE:
        for shared in (False, True):
            arguments = case(rng, shape, shared)
            agree(f(*arguments), reference(*arguments), what="the result for a batch of one")
    dout, (x, slope) = case(rng, (5, 3, 2))
    dx, dslope = f(dout, (x, slope))
    alone = [f(dout[n : n + 1], (x[n : n + 1], slope)) for n in range(5)]
    agree(np.concatenate([part for part, _ in alone]), dx, what="dx of one example at a time")
    agree(sum(np.asarray(part) for _, part in alone), dslope, what="the sum of their dslope")


@exercise.check(points=1, after=(gradient_of_the_input, gradient_of_the_slope))
def measured_slopes(f, rng):
    """Both gradients agree with slopes measured on the parametric ReLU."""
    for dout, (x, slope) in [case(rng, (2, 3, 5)), one_slope(rng)]:
        dx, dslope = f(dout, (x, slope))
        through_x = lambda v, s=slope: prelu_forward(v, s)[0]
        gradient_agrees(dx, through_x, x, cotangent=dout, what="dx")
        through_slope = lambda s, x=x: prelu_forward(x, s if s.ndim else float(s))[0]
        gradient_agrees(dslope, through_slope, np.array(slope), cotangent=dout, what="dslope")


@exercise.check(points=1, after=gradient_of_the_input)
def at_zero(f, reference, rng):
    """At x = 0 exactly the slope of the negative half is used, as the contract says."""
    arguments = with_zeros(rng)
    agree(f(*arguments)[0], reference(*arguments)[0], what="dx")


@exercise.check(points=1, after=(gradient_of_the_input, gradient_of_the_slope))
def batch_splits(f, rng):
    """dslope of a batch is the sum of what its two parts want, and gradients scale."""
    dout, (x, slope) = case(rng, (5, 3, 2))
    dx, dslope = f(dout, (x, slope))
    some = [f(dout[part], (x[part], slope)) for part in (slice(2), slice(2, 5))]
    agree(np.concatenate([of_x for of_x, _ in some]), dx, what="dx of two parts of the batch")
    agree(sum(np.asarray(part) for _, part in some), dslope, what="the sum of their dslope")
    scaled = (-1e3 * np.asarray(dx), -1e3 * np.asarray(dslope))
    agree(f(-1e3 * dout, (x, slope)), scaled, what="the result for −1000 times the gradient")


@exercise.check(points=1, after=(gradient_of_the_input, gradient_of_the_slope))
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *images(rng))


@exercise.variant
def sum_over_axes(dout, cache):
    x, slope = cache
    slopes = np.reshape(slope, (1, -1) + (1,) * (x.ndim - 2))
    axes = None if np.ndim(slope) == 0 else (0, *range(2, x.ndim))
    return dout * np.where(x > 0, 1, slopes), np.sum(dout * x * (x < 0), axis=axes)


@exercise.variant
def channel_by_channel(dout, cache):
    x, slope = cache
    dx, gathered = dout.copy(), []
    for c, s in enumerate(np.broadcast_to(slope, x.shape[1])):
        shut = x[:, c] <= 0
        dx[:, c][shut] *= s
        gathered.append(dout[:, c][shut] @ x[:, c][shut])
    return [dx, gathered if np.ndim(slope) else sum(gathered)]


def _answer(dout, cache, of_dx=None, of_dslope=None):
    """Both gradients, with parts of their calculation replaced."""
    x, slope = cache
    slopes = np.reshape(slope, (1, -1) + (1,) * (x.ndim - 2))
    dx = of_dx(x, slopes) if of_dx else np.where(x > 0, dout, slopes * dout)
    shares = of_dslope(x) if of_dslope else dout * np.minimum(x, 0)
    axes = None if np.ndim(slope) == 0 else (0, *range(2, x.ndim))
    return dx, shares.sum(axis=axes)


@exercise.misconception(keeps=0.5)
def mean_for_the_slope(dout, cache):
    """Everyone who shares a slope adds to its gradient. Here they are averaged."""
    x, slope = cache
    dx, dslope = _answer(dout, cache)
    return dx, dslope * np.size(slope) / x.size


@exercise.misconception(keeps=0.5)
def slope_averaged_over_the_batch(dout, cache):
    """dslope is divided by the number of examples. If the cost is a mean, dout knows it already."""
    dx, dslope = _answer(dout, cache)
    return dx, dslope / len(dout)


@exercise.misconception
def slope_gathers_from_all_inputs(dout, cache):
    """Positive inputs do not pass the slope, so they have no say in its gradient."""
    return _answer(dout, cache, of_dslope=lambda x: dout * x)


@exercise.misconception
def slope_gathers_from_the_positive(dout, cache):
    """dslope gathers where x is positive, but the slope works where x is negative."""
    return _answer(dout, cache, of_dslope=lambda x: dout * np.maximum(x, 0))


@exercise.misconception
def slope_forgets_the_upstream(dout, cache):
    """dslope adds up the negative inputs but forgets what came from above."""
    return _answer(dout, cache, of_dslope=lambda x: np.minimum(x, 0))


@exercise.misconception
def slope_forgets_the_input(dout, cache):
    """dslope adds up dout where x is negative. How much does the output move with the slope?"""
    return _answer(dout, cache, of_dslope=lambda x: dout * (x < 0))


@exercise.misconception
def slope_upside_down(dout, cache):
    """The sign of dslope is flipped: max(0, −x) is not min(0, x)."""
    return _answer(dout, cache, of_dslope=lambda x: dout * np.maximum(-x, 0))


@exercise.misconception
def one_slope_gathered_per_channel(dout, cache):
    """One slope for all wants one number; here every channel has its own."""
    dx, _ = _answer(dout, cache)
    x, _ = cache
    return dx, np.moveaxis(dout * np.minimum(x, 0), 1, -1).reshape(-1, x.shape[1]).sum(axis=0)


@exercise.misconception
def everything_gathered(dout, cache):
    """Each channel has a slope of its own, but here everything is added into one number."""
    dx, _ = _answer(dout, cache)
    return dx, np.sum(dout * np.minimum(cache[0], 0))


@exercise.misconception
def gathered_over_the_batch_only(dout, cache):
    """Only the examples are added up. With more than two axes, pixels share a slope too."""
    dx, dslope = _answer(dout, cache)
    return dx, dslope if dout.ndim == 2 else np.sum(dout * np.minimum(cache[0], 0), axis=0)


@exercise.misconception
def slopes_along_the_last_axis(dout, cache):
    """(C,) has met the last axis in dx. The channels are axis 1."""
    slope = cache[1]
    return _answer(dout, cache, of_dx=lambda x, _: np.where(x > 0, dout, slope * dout))


@exercise.misconception
def plain_relu(dout, cache):
    """Below 0 the gradient of x is stopped. It should get through, times the slope."""
    return _answer(dout, cache, of_dx=lambda x, _: dout * (x > 0))


@exercise.misconception
def input_forgets_the_upstream(dout, cache):
    """dx holds the slopes alone. What came from above has to be multiplied in."""
    return _answer(dout, cache, of_dx=lambda x, slopes: np.where(x > 0, 1.0, slopes + 0 * x))


@exercise.misconception
def gate_on_the_output(dout, cache):
    """The sign of the *output* decides in dx. With a negative slope it is not that of x."""
    return _answer(dout, cache, of_dx=lambda x, s: np.where((x > 0) | (s * x > 0), dout, s * dout))


@exercise.misconception
def full_slope_at_zero(dout, cache):
    """At x = 0 you use the slope 1. This contract uses that of the negative half."""
    return _answer(dout, cache, of_dx=lambda x, s: np.where(x >= 0, dout, s * dout))


@exercise.misconception(keeps=0.5)
def other_way_round(dout, cache):
    """Both gradients are right, but the contract returns dx first and dslope second."""
    return _answer(dout, cache)[::-1]


@exercise.misconception
def overwrites_the_upstream(dout, cache):
    """The gradients are right, but the caller's dout is changed: begin with a copy."""
    dx, dslope = _answer(dout, cache)
    dout[...] = dx
    return dout, dslope
