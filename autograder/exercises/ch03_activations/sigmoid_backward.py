"""Back through the sigmoid."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import sigmoid_forward

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "What is the slope of σ, written with σ itself? And what lies in the cache?",
        "The cache is the output, so no exponential is needed. Rates along a path multiply.",
        "dx = dout · out · (1 − out).",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]


def pair(rng, shape, scale=2.0):
    """An upstream gradient and the outputs of sigmoids."""
    s = np.array(1 / (1 + np.exp(scale * rng.normal(size=shape))))
    return np.array(rng.normal(size=shape)), s


@exercise.probe
def batch(rng):
    return pair(rng, (5, 3))


@exercise.probe
def one_row(rng):
    return pair(rng, (1, 7), 4.0)


@exercise.probe
def saturated(rng):
    """Outputs of exactly 0 and 1."""
    return rng.normal(size=6), np.array([0.0, 1.0, 0.5, 1.0, 0.0, 0.9])


@exercise.check
def worked_example(f):
    """At the outputs ½ and ¾ the slopes are 1/4 and 3/16: 8 becomes 2 and −16 becomes −3."""
    agree(f(np.array([8.0, -16.0]), np.array([0.5, 0.75])), np.array([2.0, -3.0]), what="dx")


@exercise.check
def stuck_at_the_ends(f):
    """Where the output is 0 or 1 the slope is 0, and at ⅕ it is 4/25: 5, 5, 25 become 0, 0, 4."""
    dx = f(np.array([5.0, 5.0, 25.0]), np.array([0.0, 1.0, 0.2]))
    agree(dx, np.array([0.0, 0.0, 4.0]), what="dx")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    unchanged(f, np.array([[5.0, -7.0], [4.0, 1.0]]), np.array([[0.2, 0.5], [0.9, 0.6]]))


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
    """Agrees with slopes measured on the sigmoid."""
    x, dout = 2 * rng.normal(size=(5, 3)), rng.normal(size=(5, 3))
    out, cache = sigmoid_forward(x)
    dx = f(dout, cache)
    gradient_agrees(dx, lambda v: sigmoid_forward(v)[0], x, cotangent=dout, what="dx")
    agree(f(dout, 1 - out), dx, what="dx on the other side of 0, where the slope is the same")


@exercise.check(points=1, after=random_gradients)
def laws(f, reference, rng):
    """Gradients scale and add up; saturated outputs, exactly 0 or 1, let nothing through."""
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
def multiplied_out(dout, cache):
    return dout * (cache - cache**2)


@exercise.variant
def entry_by_entry(dout, cache):
    dx = np.zeros(dout.shape)
    for index in np.ndindex(dout.shape):
        dx[index] = (1 - cache[index]) * cache[index] * dout[index]
    return dx


@exercise.variant
def own_buffer(dout, cache):
    slope = np.array(1 - cache)
    slope *= cache
    return np.multiply(slope, dout, out=slope)


def _sigmoid(x):
    return 1 / (1 + np.exp(-x))


@exercise.misconception
def forgets_the_upstream(dout, cache):
    """This is the sigmoid's slope alone. What came from above has to be multiplied in."""
    return cache * (1 - cache)


@exercise.misconception
def sigmoid_once_more(dout, cache):
    """The cache is the output already. Here the sigmoid is applied to it a second time."""
    return dout * _sigmoid(cache) * (1 - _sigmoid(cache))


@exercise.misconception
def slope_of_tanh(dout, cache):
    """1 − out² is the slope of tanh. The sigmoid's has another form."""
    return dout * (1 - cache**2)


@exercise.misconception
def half_of_the_slope(dout, cache):
    """out·(1 − out) has two factors; here only the first one is there."""
    return dout * cache


@exercise.misconception
def the_other_half(dout, cache):
    """out·(1 − out) has two factors; here only the second one is there."""
    return dout * (1 - cache)


@exercise.misconception(keeps=0.5)
def brackets_missing(dout, cache):
    """Without brackets, dout·out·1 − out is something else than dout·out·(1 − out)."""
    return dout * cache - cache


@exercise.misconception
def slope_added(dout, cache):
    """Along one path rates multiply. Here the slope is added."""
    return dout + cache * (1 - cache)


@exercise.misconception
def upstream_as_input(dout, cache):
    """The slope is taken at dout. It belongs to where the sigmoid stood: use the cache."""
    return _sigmoid(dout) * (1 - _sigmoid(dout)) * cache


@exercise.misconception
def sign_flipped(dout, cache):
    """The sign is flipped: the sigmoid rises everywhere, so its slope is never negative."""
    return -dout * cache * (1 - cache)


@exercise.misconception
def passed_on(dout, cache):
    """What came from above is passed on unchanged, as if the sigmoid were not there."""
    return dout


@exercise.misconception(keeps=0.5)
def averaged(dout, cache):
    """Something is divided by the number of rows. There is nothing to average here."""
    return dout * cache * (1 - cache) / len(dout)


@exercise.misconception
def overwrites_the_upstream(dout, cache):
    """The gradient is right, but `*=` changes the caller's dout: multiply into a new array."""
    dout *= cache * (1 - cache)
    return dout
