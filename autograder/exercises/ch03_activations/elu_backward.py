"""Back through the exponential linear unit."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import elu_forward

exercise = Exercise(
    __name__,
    minutes=7,
    difficulty=2,
    hints=(
        "What is the derivative of alpha·(exp(x) − 1)? Which part of it survives?",
        "The slope below 0 is the output plus alpha, not the output plus 1.",
        "The slope is 1 above 0 and α·eˣ below.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]
EXTREMES = np.array([-1000.0, -710.0, -20.0, -1.0, 0.5, 1.0, 20.0, 710.0, 1000.0])


def case(rng, shape, alpha, scale=1.5):
    return np.array(rng.normal(size=shape)), (np.array(scale * rng.normal(size=shape)), alpha)


@exercise.probe
def batch(rng):
    return case(rng, (5, 3), rng.uniform(1.5, 3))


@exercise.probe
def small_alpha(rng):
    return case(rng, (1, 7), rng.uniform(0.2, 0.6))


@exercise.probe
def with_zeros(rng):
    """Some inputs are exactly 0, where the contract chooses the slope."""
    return rng.normal(size=6), (np.array([0.0, -1.0, 2.0, 0.0, -0.0, 0.5]), 0.3)


@exercise.probe
def extreme(rng):
    """Numbers so large that their exponentials overflow."""
    return rng.normal(size=9), (EXTREMES, 0.7)


@exercise.check
def worked_example(f):
    """With alpha = 3, the slope at x = −ln 2 is 3/2: gradients 4 there and 5 at 1 become 6, 5."""
    dx = f(np.array([4.0, 5.0]), (np.array([-np.log(2), 1.0]), 3.0))
    agree(dx, np.array([6.0, 5.0]), what="dx")


@exercise.check
def alpha_at_zero(f):
    """At x = 0 the slope is alpha, that of the negative half: with 3, 4 and −5 become 12, −15."""
    dx = f(np.array([4.0, -5.0]), (np.zeros(2), 3.0))
    agree(dx, np.array([12.0, -15.0]), what="dx")


@exercise.check
def at_the_ends(f):
    """At x = 1000 the gradient passes whole and at −1000 nothing is left: 4 and 5 become 4, 0."""
    dx = f(np.array([4.0, 5.0]), (np.array([1000.0, -1000.0]), 3.0))
    agree(dx, np.array([4.0, 0.0]), what="dx")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    x = np.array([[2.0, -0.1], [-3.0, 1.0]])
    unchanged(f, np.array([[5.0, -7.0], [4.0, 1.0]]), (x, 0.5))


@exercise.check(points=1)
def random_gradients(f, reference, rng):
    """Gives the gradient for many shapes, with alpha below and above 1."""
    for shape in SHAPES:
        for alpha in (rng.uniform(0.1, 0.9), rng.uniform(1.1, 9), 1.0, 2):
            arguments = case(rng, shape, alpha, rng.choice([0.3, 2.0, 9.0]))
            agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_gradients)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the gradient."""
    whole = rng.integers(1, 5, size=(2, 5, 3)) * rng.choice([-1, 1], size=(2, 5, 3))
    for dout in (whole[0], rng.normal(size=(5, 3))):
        whole_numbers(f, reference, dout, (whole[1], 0.7))


@exercise.check(points=1, after=random_gradients)
def takes_single_rows(f, reference, rng):
    """Takes a gradient of a single row, or a single number."""
    for shape in SINGLE:
        arguments = case(rng, shape, rng.uniform(0.2, 3))
        agree(f(*arguments), reference(*arguments), what=f"dx for dout of shape {shape}")


@exercise.check(points=1, after=random_gradients)
def measured_slopes(f, rng):
    """Agrees with slopes measured on the ELU."""
    dout, (x, alpha) = case(rng, (5, 3), rng.uniform(0.2, 0.6))
    x += 0.1 * np.sign(x)  # away from the corner
    dx = f(dout, (x, alpha))
    gradient_agrees(dx, lambda v: elu_forward(v, alpha)[0], x, cotangent=dout, what="dx")


@exercise.check(points=1, after=random_gradients)
def at_zero(f, reference, rng):
    """At x = 0 exactly the slope alpha of the negative half is used, as the contract says."""
    arguments = with_zeros(rng)
    agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_gradients)
def far_out(f, reference, rng):
    """At 1000 the slope is 1 and at −1000 it is 0, never NaN."""
    arguments = extreme(rng)
    agree(f(*arguments), reference(*arguments), what="dx")
    square = arguments[0].reshape(3, 3), (EXTREMES.reshape(3, 3), 1.9)
    agree(f(*square), reference(*square), what="dx")


@exercise.check(points=1, after=random_gradients)
def laws(f, rng):
    """Gradients scale and add up, and the same slope is found from output plus alpha."""
    dout, (x, alpha) = batch(rng)
    other, dx = rng.normal(size=dout.shape), np.asarray(f(dout, (x, alpha)))
    agree(f(-1e3 * dout, (x, alpha)), -1e3 * dx, what="dx of −1000 times the gradient")
    added = dx + np.asarray(f(other, (x, alpha)))
    agree(f(dout + other, (x, alpha)), added, what="dx of two gradients added")
    out = elu_forward(x, alpha)[0]
    agree(dx, dout * np.where(x > 0, 1, out + alpha), what="dx")


@exercise.check(points=1, after=random_gradients)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    all_unchanged(f, [batch(rng), extreme(rng)])


@exercise.variant
def output_plus_alpha(dout, cache):
    x, alpha = cache
    out = alpha * (np.exp(np.minimum(x, 0)) - 1)
    return dout * np.where(x > 0, 1, out + alpha)


@exercise.variant
def only_where_needed(dout, cache):
    x, alpha = cache
    dx = dout.copy()
    dx[x <= 0] *= alpha * np.exp(x[x <= 0])
    return dx


def _answer(dout, cache, below):
    """The gradient, with another slope below 0."""
    x, alpha = cache
    return np.where(x > 0, dout, dout * below(np.minimum(x, 0), alpha))


@exercise.misconception(keeps=0.5)
def output_plus_one(dout, cache):
    """out + 1 is the slope only if alpha is 1. What is it in general?"""
    return _answer(dout, cache, lambda x, alpha: alpha * np.expm1(x) + 1)


@exercise.misconception(keeps=1 / 3)
def alpha_lost(dout, cache):
    """alpha is missing: it multiplies the exponential, and so also its slope."""
    return _answer(dout, cache, lambda x, alpha: np.exp(x))


@exercise.misconception
def output_instead_of_slope(dout, cache):
    """alpha·(exp(x) − 1) is the output. Its slope has no −1."""
    return _answer(dout, cache, lambda x, alpha: alpha * np.expm1(x))


@exercise.misconception
def x_times_the_exponential(dout, cache):
    """exp is its own derivative; the power rule, with a factor x, is for powers of x."""
    return _answer(dout, cache, lambda x, alpha: alpha * x * np.exp(x))


@exercise.misconception
def alpha_as_the_slope(dout, cache):
    """Below 0 your slope is alpha everywhere, as in a leaky ReLU. The ELU flattens out."""
    return _answer(dout, cache, lambda x, alpha: alpha)


@exercise.misconception
def plain_relu(dout, cache):
    """Below 0 the gradient is stopped. The ELU lets some of it through."""
    return _answer(dout, cache, lambda x, alpha: 0)


@exercise.misconception
def sign_below_zero(dout, cache):
    """Below 0 the sign is turned round: the ELU rises everywhere."""
    return _answer(dout, cache, lambda x, alpha: -alpha * np.exp(x))


@exercise.misconception
def exponential_everywhere(dout, cache):
    """The exponential's slope is used above 0 too, where the ELU is a straight line."""
    x, alpha = cache
    return dout * alpha * np.exp(x)


@exercise.misconception
def masks_multiplied(dout, cache):
    """exp(1000) is infinite, and infinity times a mask's 0 is NaN. Choose with np.where."""
    x, alpha = cache
    return dout * ((x > 0) + alpha * np.exp(x) * (x <= 0))


@exercise.misconception
def forgets_the_upstream(dout, cache):
    """These are the slopes alone. What came from above has to be multiplied in."""
    x, alpha = cache
    return np.where(x > 0, 1, alpha * np.exp(np.minimum(x, 0)))


@exercise.misconception
def gate_on_the_gradient(dout, cache):
    """The gradient's own sign decides here. It is the sign of x that counts."""
    x, alpha = cache
    return np.where(dout > 0, dout, dout * alpha * np.exp(np.minimum(x, 0)))


@exercise.misconception
def full_slope_at_zero(dout, cache):
    """At x = 0 you use the slope 1. This contract uses alpha, that of the negative half."""
    x, alpha = cache
    return np.where(x >= 0, dout, dout * alpha * np.exp(np.minimum(x, 0)))


@exercise.misconception
def in_place(dout, cache):
    """The gradient is right, but the caller's dout is changed: begin with a copy."""
    x, alpha = cache
    dout[x <= 0] *= alpha * np.exp(x[x <= 0])
    return dout
