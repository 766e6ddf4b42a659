"""Back through the ReLU."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import relu_forward

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "If the input grows a little, does the output? Ask for x = 2 and for x = −2.",
        "The ReLU is a gate. Whose sign opens it: that of x, or that of the gradient?",
        "The slope is 1 where x > 0, and 0 elsewhere.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]


@exercise.probe
def batch(rng):
    return tuple(rng.normal(size=(2, 5, 3)))


@exercise.probe
def one_row(rng):
    return rng.normal(size=(1, 7)), 20 * rng.normal(size=(1, 7))


@exercise.probe
def with_zeros(rng):
    """Some inputs are exactly 0, where the contract chooses the slope."""
    x = np.array([0.0, -1.0, 2.0, 0.0, -0.0, 0.5])
    return rng.normal(size=6), x


@exercise.check
def worked_example(f):
    """The gate is open at x = 2 and x = 0.1 and shut at −3: 5, −7 and 4 become 5, −7 and 0."""
    dx = f(np.array([5.0, -7.0, 4.0]), np.array([2.0, 0.1, -3.0]))
    agree(dx, np.array([5.0, -7.0, 0.0]), what="dx")


@exercise.check
def shut_at_zero(f):
    """At x = 0, where there is no slope, the contract shuts the gate: 5 and −7 become 0 and 0."""
    dx = f(np.array([5.0, -7.0, 2.0]), np.array([0.0, 0.0, 1.0]))
    agree(dx, np.array([0.0, 0.0, 2.0]), what="dx")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    unchanged(f, np.array([[5.0, -7.0], [4.0, 1.0]]), np.array([[2.0, -0.1], [-3.0, 1.0]]))


@exercise.check(points=1)
def random_gradients(f, reference, rng):
    """Gives the gradient for arrays of one to four axes, near zero and far from it."""
    for shape in SHAPES:
        for scale in (1e-3, 1.0, 1e3):
            arguments = tuple(np.array(k * rng.normal(size=shape)) for k in (1, scale))
            agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_gradients)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the gradient."""
    whole = rng.integers(1, 5, size=(2, 5, 3)) * rng.choice([-1, 1], size=(2, 5, 3))
    for dout in (whole[0], rng.normal(size=(5, 3))):
        whole_numbers(f, reference, dout, whole[1])


@exercise.check(points=1, after=random_gradients)
def takes_single_rows(f, reference, rng):
    """Takes a gradient of a single row, or a single number."""
    for shape in SINGLE:
        arguments = tuple(np.array(k * rng.normal(size=shape)) for k in (1, 3))
        agree(f(*arguments), reference(*arguments), what=f"dx for dout of shape {shape}")


@exercise.check(points=1, after=random_gradients)
def measured_slopes(f, rng):
    """Agrees with slopes measured on the ReLU."""
    x, dout = rng.normal(size=(2, 5, 3))
    x += 0.1 * np.sign(x)  # away from the corner
    dx = f(dout, relu_forward(x)[1])
    gradient_agrees(dx, lambda v: relu_forward(v)[0], x, cotangent=dout, what="dx")


@exercise.check(points=1, after=random_gradients)
def at_zero(f, reference, rng):
    """At x = 0 exactly, where there is no slope, 0 is used, as the contract says."""
    arguments = with_zeros(rng)
    agree(f(*arguments), reference(*arguments), what="dx")
    agree(f(rng.normal(size=(3, 2)), np.zeros((3, 2))), np.zeros((3, 2)), what="dx for x = 0")


@exercise.check(points=1, after=random_gradients)
def laws(f, rng):
    """Gradients scale and add up; how far x is from 0 does not matter, only on which side."""
    dout, x = batch(rng)
    other, dx = rng.normal(size=dout.shape), np.asarray(f(dout, x))
    agree(f(-1e3 * dout, x), -1e3 * dx, what="dx of −1000 times the gradient")
    added = dx + np.asarray(f(other, x))
    agree(f(dout + other, x), added, what="dx of two gradients added")
    for nearer in (1e-3, 1e-12):
        agree(f(dout, nearer * x), dx, what=f"dx with {nearer:g} times the x")
    agree(f(dout, -x), dout - dx, what="dx with x on the other side of 0")


@exercise.check(points=1, after=random_gradients)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *batch(rng))


@exercise.variant
def with_where(dout, cache):
    return np.where(cache <= 0, 0.0, dout)


@exercise.variant
def on_a_copy(dout, cache):
    dx = np.array(dout)
    dx[np.maximum(cache, 0) == 0] = 0
    return dx


@exercise.variant
def entry_by_entry(dout, cache):
    flat = [d if x > 0 else 0.0 for d, x in zip(dout.ravel(), cache.ravel(), strict=True)]
    return np.array(flat).reshape(dout.shape)


@exercise.misconception
def forgets_the_upstream(dout, cache):
    """This says where the gate is open. What came from above has to be multiplied in."""
    return (cache > 0) * 1.0


@exercise.misconception
def open_at_zero(dout, cache):
    """At x = 0 you let the gradient through. Some do, but this contract uses the slope 0 there."""
    return dout * (cache >= 0)


@exercise.misconception
def half_open_at_zero(dout, cache):
    """At x = 0 you use the slope ½. It is a subgradient too, but this contract chooses 0."""
    return dout * np.heaviside(cache, 0.5)


@exercise.misconception
def gate_on_the_gradient(dout, cache):
    """The gradient's own sign opens your gate. It is the sign of x that counts."""
    return np.maximum(dout, 0)


@exercise.misconception
def both_gates(dout, cache):
    """Negative gradients are stopped too. Only the sign of x matters, never that of dout."""
    return np.maximum(dout, 0) * (cache > 0)


@exercise.misconception
def multiplied_with_the_output(dout, cache):
    """dout is multiplied with the output. It is the *slope* that is wanted, which is 1 or 0."""
    return dout * np.maximum(cache, 0)


@exercise.misconception
def wrong_half(dout, cache):
    """The gate is open where x is negative. It should be the other way round."""
    return dout * (cache < 0)


@exercise.misconception
def passed_on(dout, cache):
    """What came from above is passed on everywhere, as if the ReLU were not there."""
    return dout


@exercise.misconception
def minus_one_below_zero(dout, cache):
    """Below 0 the slope is 0, not −1: this is the slope of the absolute value."""
    return dout * np.sign(cache)


@exercise.misconception
def leaky(dout, cache):
    """A little gets through the shut gate. That is the leaky ReLU; this one is tight."""
    return np.where(cache > 0, dout, 0.01 * dout)


@exercise.misconception(keeps=0.5)
def averaged(dout, cache):
    """Something is divided by the number of rows. There is nothing to average here."""
    return dout * (cache > 0) / len(dout)


@exercise.misconception
def in_place(dout, cache):
    """The gradient is right, but the caller's dout is changed: begin with a copy."""
    dout[cache <= 0] = 0
    return dout
