"""The hyperbolic tangent."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    hints=(
        "Is there a NumPy function that never computes exp(1000)?",
        "tanh x = sinh x / cosh x is right on paper, but both are infinite at 800.",
        "tanh x = 2σ(2x) − 1; NumPy has it, too.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]
EXTREMES = np.array([-1000.0, -710.0, -20.0, -9.0, 0.0, 9.0, 20.0, 710.0, 1000.0])


@exercise.probe
def batch(rng):
    return (2 * rng.normal(size=(5, 3)),)


@exercise.probe
def vector(rng):
    return (rng.normal(size=7),)


@exercise.probe
def extreme(rng):
    """Numbers so large that their exponentials overflow."""
    return (1.1 * EXTREMES + rng.uniform(-1, 1, size=9),)


@exercise.check
def worked_example(f):
    """tanh 0 = 0, and at x = ln 2 it is (2 − ½)/(2 + ½) = 0.6."""
    out, _ = sequence(f(np.array([0.0, np.log(2), -np.log(2)])), 2)
    agree(out, np.array([0.0, 0.6, -0.6]), what="out")


@exercise.check
def at_the_ends(f):
    """At 1000 the output is 1 and at −1000 it is −1: infinity over infinity is never met."""
    out, _ = sequence(f(np.array([1000.0, -1000.0])), 2)
    agree(out, np.array([1.0, -1.0]), what="out")


@exercise.check
def cache_is_the_output(f):
    """The cache for 0 and ln 2 is the output, 0 and 0.6."""
    _, cache = sequence(f(np.array([0.0, np.log(2)])), 2)
    agree(cache, np.array([0.0, 0.6]), what="cache")


@exercise.check
def input_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[-2.0, 0.5], [3.0, -0.25]]))


@exercise.check(points=1)
def random_inputs(f, reference, rng):
    """Gives the right output for arrays of one to four axes, near zero and far from it."""
    for shape in SHAPES:
        for scale in (0.1, 1.0, 8.0):
            x = np.array(scale * rng.normal(size=shape))
            agree(sequence(f(x), 2)[0], reference(x)[0], what="out")


@exercise.check(points=1, after=random_inputs)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the output."""
    whole_numbers(f, reference, rng.integers(-3, 4, size=(5, 3)), part=0)


@exercise.check(points=1, after=random_inputs)
def takes_single_rows(f, reference, rng):
    """Takes an array of a single row, or a single number, and keeps what a larger array keeps."""
    for shape in SINGLE:
        x = np.array(2 * rng.normal(size=shape))
        agree(f(x)[0], reference(x)[0], what=f"out for x of shape {shape}")
    (x,) = batch(rng)
    kept, alone = (np.asarray(f(some)[1]) for some in (x, x[:1]))
    agree(alone, kept[:1], what="cache for the first row alone")


@exercise.check(points=1, after=random_inputs)
def what_is_kept(f, reference, rng):
    """Keeps its output in the cache, for the way back."""
    for shape in SHAPES:
        x = np.array(2 * rng.normal(size=shape))
        agree(sequence(f(x), 2)[1], reference(x)[1], what="cache")


@exercise.check(points=1, after=random_inputs)
def far_out(f, reference, rng):
    """At ±1000 the output is ±1, not NaN, and it is not cut off on the way there."""
    for x in (EXTREMES, EXTREMES[::-1].reshape(3, 3), *extreme(rng)):
        agree(f(x)[0], reference(x)[0], rtol=1e-14, atol=1e-14, what="out")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """tanh(−x) = −tanh x, tanh 2x = 2t/(1 + t²), and entries do not depend on each other."""
    (x,) = batch(rng)
    out = np.asarray(f(x)[0])
    agree(f(-x)[0], -out, what="out for −x")
    agree(f(2 * x)[0], 2 * out / (1 + out**2), what="out for 2x")
    agree(f(x.T[::-1])[0], out.T[::-1], what="out for the entries in another order")


@exercise.check(points=1, after=random_inputs)
def leaves_the_input_alone(f, rng):
    """Leaves the input as it was."""
    all_unchanged(f, [batch(rng), extreme(rng)])


def _sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


@exercise.variant
def stretched_sigmoid(x):
    out = 2 * _sigmoid(2 * x) - 1
    return out, out


@exercise.variant
def one_exponential(x):
    power = np.exp(-2 * np.abs(x))
    out = np.sign(x) * (1 - power) / (1 + power)
    return [out, out.copy()]


@exercise.misconception
def sinh_over_cosh(x):
    """(eˣ − e⁻ˣ)/(eˣ + e⁻ˣ) is infinity over infinity beyond 710, which is NaN."""
    out = np.sinh(x) / np.cosh(x)
    return out, out


@exercise.misconception
def exponential_of_twice_x(x):
    """(exp(2x) − 1)/(exp(2x) + 1) is NaN beyond 355. Divide by exp(2x) for positive x."""
    power = np.exp(2 * x)
    return (power - 1) / (power + 1), (power - 1) / (power + 1)


@exercise.misconception
def is_the_sigmoid(x):
    """This runs from 0 to 1: it is the sigmoid. tanh is 0 at 0."""
    return _sigmoid(x), _sigmoid(x)


@exercise.misconception(keeps=1 / 3)
def too_flat(x):
    """2σ(x) − 1 has the right range, but its slope at 0 is ½. tanh's is 1."""
    return 2 * _sigmoid(x) - 1, 2 * _sigmoid(x) - 1


@exercise.misconception
def not_stretched(x):
    """σ(2x) still runs from 0 to 1. To be centred at zero it must be stretched and shifted."""
    return _sigmoid(2 * x), _sigmoid(2 * x)


@exercise.misconception
def is_arctan(x):
    """This runs up to π/2 and slowly: it is the arc tangent."""
    return np.arctan(x), np.arctan(x)


@exercise.misconception
def straight_line_in_the_middle(x):
    """Straight from −1 to 1 and then flat: this is the “hard” tanh, a cheap imitation."""
    return np.clip(x, -1, 1), np.clip(x, -1, 1)


@exercise.misconception
def is_its_slope(x):
    """This is the slope, largest at 0. The forward pass returns tanh x itself."""
    return 1 - np.tanh(x) ** 2, 1 - np.tanh(x) ** 2


@exercise.misconception
def keeps_the_input(x):
    """The output is right, but the contract puts the output into the cache, not the input."""
    return np.tanh(x), x


@exercise.misconception
def keeps_the_slope(x):
    """The output is right, but the cache holds the slope. The contract wants the output there."""
    return np.tanh(x), 1 - np.tanh(x) ** 2


@exercise.misconception(keeps=0.5)
def keeps_nothing(x):
    """Only the output comes back. Return two things: the output and the cache."""
    return np.tanh(x)


@exercise.misconception
def overwrites_the_input(x):
    """The output is right, but the caller's x is overwritten on the way: use a new array."""
    np.tanh(x, out=x)
    return x, x
