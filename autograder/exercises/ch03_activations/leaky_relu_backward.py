"""Back through the leaky ReLU."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import leaky_relu_forward

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    hints=(
        "How much does the output grow if x grows a little at −3? And at 3?",
        "Where x is not positive, the gradient gets through weakened instead of being stopped.",
        "The slope is 1 above 0 and `slope` below.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]


def case(rng, shape, slope, scale=1.0):
    return np.array(rng.normal(size=shape)), (np.array(scale * rng.normal(size=shape)), slope)


@exercise.probe
def batch(rng):
    return case(rng, (5, 3), rng.uniform(0.2, 0.8))


@exercise.probe
def one_row(rng):
    return case(rng, (1, 7), 0.01, 20.0)


@exercise.probe
def with_zeros(rng):
    """Some inputs are exactly 0, where the contract chooses the slope."""
    return rng.normal(size=6), (np.array([0.0, -1.0, 2.0, 0.0, -0.0, 0.5]), 0.3)


@exercise.check
def worked_example(f):
    """With the slope ¼, gradients 5, 8 and −4 at x = 2, −3 and −1 become 5, 2 and −1."""
    dx = f(np.array([5.0, 8.0, -4.0]), (np.array([2.0, -3.0, -1.0]), 0.25))
    agree(dx, np.array([5.0, 2.0, -1.0]), what="dx")


@exercise.check
def weakened_at_zero(f):
    """At x = 0 the slope of the negative half is used: with ¼, gradients 8 and −4 become 2, −1."""
    dx = f(np.array([8.0, -4.0, 3.0]), (np.array([0.0, 0.0, 1.0]), 0.25))
    agree(dx, np.array([2.0, -1.0, 3.0]), what="dx")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    x = np.array([[2.0, -0.1], [-3.0, 1.0]])
    unchanged(f, np.array([[5.0, -7.0], [4.0, 1.0]]), (x, 0.25))


@exercise.check(points=1)
def random_gradients(f, reference, rng):
    """Gives the gradient for many shapes and slopes, 0 and 1 among them."""
    for shape in SHAPES:
        for slope in (rng.uniform(0.05, 0.95), 0.01, 0.0, 1.0, 1):
            arguments = case(rng, shape, slope, 10 ** rng.uniform(-3, 3))
            agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_gradients)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the gradient."""
    whole = rng.integers(1, 5, size=(2, 5, 3)) * rng.choice([-1, 1], size=(2, 5, 3))
    for dout in (whole[0], rng.normal(size=(5, 3))):
        whole_numbers(f, reference, dout, (whole[1], 0.3))


@exercise.check(points=1, after=random_gradients)
def takes_single_rows(f, reference, rng):
    """Takes a gradient of a single row, or a single number."""
    for shape in SINGLE:
        arguments = case(rng, shape, rng.uniform(0.2, 0.8))
        agree(f(*arguments), reference(*arguments), what=f"dx for dout of shape {shape}")


@exercise.check(points=1, after=random_gradients)
def measured_slopes(f, rng):
    """Agrees with slopes measured on the leaky ReLU."""
    dout, (x, slope) = batch(rng)
    x += 0.1 * np.sign(x)  # away from the corner
    dx = f(dout, (x, slope))
    gradient_agrees(dx, lambda v: leaky_relu_forward(v, slope)[0], x, cotangent=dout, what="dx")


@exercise.check(points=1, after=random_gradients)
def at_zero(f, reference, rng):
    """At x = 0 exactly the slope of the negative half is used, as the contract says."""
    arguments = with_zeros(rng)
    agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_gradients)
def laws(f, rng):
    """Gradients scale and add up; how far x is from 0 does not matter, only on which side."""
    dout, (x, slope) = batch(rng)
    other, dx = rng.normal(size=dout.shape), np.asarray(f(dout, (x, slope)))
    agree(f(-1e3 * dout, (x, slope)), -1e3 * dx, what="dx of −1000 times the gradient")
    added = dx + np.asarray(f(other, (x, slope)))
    agree(f(dout + other, (x, slope)), added, what="dx of two gradients added")
    mirrored = (1 + slope) * dout - dx
    for nearer in (1e-3, 1e-12):
        turned = f(dout, (-nearer * x, slope))
        agree(turned, mirrored, what=f"dx with {nearer:g} times the x, on the other side of 0")


@exercise.check(points=1, after=random_gradients)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *batch(rng))


@exercise.variant
def slopes_first(dout, cache):
    slopes = np.ones(cache[0].shape)
    slopes[cache[0] <= 0] = cache[1]
    return slopes * dout


@exercise.variant
def two_gates(dout, cache):
    x, slope = cache
    return dout * (x > 0) + slope * dout * (x <= 0)


@exercise.misconception
def forgets_the_upstream(dout, cache):
    """These are the slopes alone. What came from above has to be multiplied in."""
    x, slope = cache
    return np.where(x > 0, 1.0, slope)


@exercise.misconception
def plain_relu(dout, cache):
    """Below 0 the gradient is stopped. A leaky ReLU lets some of it through."""
    return dout * (cache[0] > 0)


@exercise.misconception
def halves_swapped(dout, cache):
    """The gradient is weakened where x is positive. It should be where x is negative."""
    x, slope = cache
    return np.where(x > 0, slope * dout, dout)


@exercise.misconception
def gate_on_the_gradient(dout, cache):
    """The gradient's own sign decides here. It is the sign of x that counts."""
    return np.where(dout > 0, dout, cache[1] * dout)


@exercise.misconception
def slope_written_into_the_code(dout, cache):
    """Whatever slope lies in the cache, 0.01 is used."""
    return np.where(cache[0] > 0, dout, 0.01 * dout)


@exercise.misconception
def slope_instead_of_gradient(dout, cache):
    """Below 0 the slope itself comes back. It is to be multiplied with what came from above."""
    x, slope = cache
    return np.where(x > 0, dout, slope)


@exercise.misconception
def output_instead_of_slope(dout, cache):
    """dout is multiplied with the output. It is the *slope* there that is wanted."""
    x, slope = cache
    return dout * np.where(x > 0, x, slope * x)


@exercise.misconception
def sign_of_the_slope(dout, cache):
    """Below 0 the sign is turned round: the output still rises with x there."""
    x, slope = cache
    return np.where(x > 0, dout, -slope * dout)


@exercise.misconception
def full_slope_at_zero(dout, cache):
    """At x = 0 you use the slope 1. This contract uses that of the negative half."""
    x, slope = cache
    return np.where(x >= 0, dout, slope * dout)


@exercise.misconception
def passed_on(dout, cache):
    """What came from above is passed on everywhere, as if the activation were not there."""
    return dout


@exercise.misconception(keeps=0.5)
def returns_the_slope_too(dout, cache):
    """There is only one thing to return: the slope is fixed here, so it needs no gradient."""
    x, slope = cache
    dslope = np.vdot(dout, np.minimum(x, 0))
    return np.where(x > 0, dout, slope * dout), float(dslope)


@exercise.misconception
def in_place(dout, cache):
    """The gradient is right, but the caller's dout is changed: begin with a copy."""
    x, slope = cache
    dout[x <= 0] *= slope
    return dout
