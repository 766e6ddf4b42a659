"""Back through tanh."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import tanh_forward

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    hints=(
        "What is the slope of tanh, written with tanh itself? And what lies in the cache?",
        "At 0 the output is 0 and the slope is 1; at the ends the output is ±1 and the slope 0.",
        "dx = dout · (1 − out²).",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]


def pair(rng, shape, scale=1.0):
    """An upstream gradient and the outputs of tanh."""
    out = np.array(np.tanh(scale * rng.normal(size=shape)))
    return np.array(rng.normal(size=shape)), out


@exercise.probe
def batch(rng):
    return pair(rng, (5, 3))


@exercise.probe
def one_row(rng):
    return pair(rng, (1, 7), 2.0)


@exercise.probe
def saturated(rng):
    """Outputs of exactly −1 and 1."""
    return rng.normal(size=6), np.array([-1.0, 1.0, 0.5, 1.0, -1.0, -0.9])


@exercise.check
def worked_example(f):
    """At the outputs 0, ½ and −0.6 the slopes are 1, ¾ and 0.64: 3, 4 and 100 become 3, 3, 64."""
    dx = f(np.array([3.0, 4.0, 100.0]), np.array([0.0, 0.5, -0.6]))
    agree(dx, np.array([3.0, 3.0, 64.0]), what="dx")


@exercise.check
def stuck_at_the_ends(f):
    """Where the output is ±1 the slope is 0, and at 0.8 it is 0.36: 5, 5, 25 become 0, 0, 9."""
    dx = f(np.array([5.0, 5.0, 25.0]), np.array([1.0, -1.0, 0.8]))
    agree(dx, np.array([0.0, 0.0, 9.0]), what="dx")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    unchanged(f, np.array([[5.0, -7.0], [4.0, 1.0]]), np.array([[0.2, -0.5], [0.9, -0.6]]))


@exercise.check(points=1)
def random_gradients(f, reference, rng):
    """Gives the gradient for arrays of one to four axes."""
    for shape in SHAPES:
        for scale in (0.3, 3.0):
            arguments = pair(rng, shape, scale)
            agree(f(*arguments), reference(*arguments), what="dx")


@exercise.check(points=1, after=random_gradients)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the gradient."""
    whole, cache = rng.integers(-3, 4, size=(5, 3)), rng.uniform(0.1, 0.9, size=(5, 3))
    whole_numbers(f, reference, whole, cache)


@exercise.check(points=1, after=random_gradients)
def takes_single_rows(f, reference, rng):
    """Takes a gradient of a single row, or a single number."""
    for shape in SINGLE:
        arguments = pair(rng, shape)
        agree(f(*arguments), reference(*arguments), what=f"dx for dout of shape {shape}")


@exercise.check(points=1, after=random_gradients)
def measured_slopes(f, rng):
    """Agrees with slopes measured on tanh."""
    x, dout = rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    out, cache = tanh_forward(x)
    dx = f(dout, cache)
    gradient_agrees(dx, lambda v: tanh_forward(v)[0], x, cotangent=dout, what="dx")
    agree(f(dout, -out), dx, what="dx on the other side of 0, where the slope is the same")


@exercise.check(points=1, after=random_gradients)
def laws(f, reference, rng):
    """Gradients scale and add up; saturated outputs, exactly ±1, let nothing through."""
    dout, cache = batch(rng)
    other = rng.normal(size=dout.shape)
    dx = np.asarray(f(dout, cache))
    agree(f(-1e3 * dout, cache), -1e3 * dx, what="dx of −1000 times the gradient")
    added = dx + np.asarray(f(other, cache))
    agree(f(dout + other, cache), added, what="dx of two gradients added")
    arguments = saturated(rng)
    agree(f(*arguments), reference(*arguments), what="dx of saturated outputs")


@exercise.check(points=1, after=random_gradients)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    all_unchanged(f, [batch(rng), saturated(rng)])


@exercise.variant
def factorised(dout, cache):
    return dout * (1 - cache) * (1 + cache)


@exercise.variant
def entry_by_entry(dout, cache):
    flat = [d - d * out * out for d, out in zip(dout.ravel(), cache.ravel(), strict=True)]
    return np.reshape(flat, dout.shape)


@exercise.variant
def own_buffer(dout, cache):
    dx = -np.square(cache)
    dx += 1
    dx *= dout
    return dx


@exercise.misconception
def forgets_the_upstream(dout, cache):
    """This is the slope of tanh alone. What came from above has to be multiplied in."""
    return 1 - cache**2


@exercise.misconception(keeps=1 / 3)
def forgets_the_square(dout, cache):
    """1 − out is not symmetric: tanh is as steep at −1 as at 1. Something is to be squared."""
    return dout * (1 - cache)


@exercise.misconception
def tanh_once_more(dout, cache):
    """The cache is the output already. Here tanh is applied to it a second time."""
    return dout * (1 - np.tanh(cache) ** 2)


@exercise.misconception
def slope_of_the_sigmoid(dout, cache):
    """out·(1 − out) is the sigmoid's slope. That of tanh has another form."""
    return dout * cache * (1 - cache)


@exercise.misconception(keeps=0.5)
def upstream_in_the_bracket(dout, cache):
    """Without brackets, dout·1 − out² is something else than dout·(1 − out²)."""
    return dout - cache**2


@exercise.misconception
def squared_too_much(dout, cache):
    """(1 − out)² squares the wrong thing: only the output is squared."""
    return dout * (1 - cache) ** 2


@exercise.misconception
def plus_instead_of_minus(dout, cache):
    """1 + out² grows towards the ends, where tanh is flat. Look at the sign."""
    return dout * (1 + cache**2)


@exercise.misconception
def sign_flipped(dout, cache):
    """The sign is flipped: tanh rises everywhere, so its slope is never negative."""
    return dout * (cache**2 - 1)


@exercise.misconception
def passed_on(dout, cache):
    """What came from above is passed on unchanged, as if tanh were not there."""
    return dout


@exercise.misconception(keeps=0.5)
def averaged(dout, cache):
    """Something is divided by the number of rows. There is nothing to average here."""
    return dout * (1 - cache**2) / len(dout)


@exercise.misconception
def overwrites_the_cache(dout, cache):
    """The gradient is right, but the caller's cache is overwritten: work on a new array."""
    cache *= cache
    return dout * (1 - cache)
