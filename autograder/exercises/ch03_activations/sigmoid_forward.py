"""The sigmoid."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "Which powers of e become infinite, and what is infinity divided by infinity?",
        "exp(x)/(1 + exp(x)) fails at 1000; with exp(−x) in the denominator only, nothing does.",
        "out = 1/(1 + e⁻ˣ), and ln(1 + e⁻ˣ) is a function that NumPy has without overflow.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]
EXTREMES = np.array([-1000.0, -710.0, -40.0, -24.0, 0.0, 24.0, 40.0, 710.0, 1000.0])


@exercise.probe
def batch(rng):
    return (2 * rng.normal(size=(5, 3)),)


@exercise.probe
def vector(rng):
    return (10 * rng.normal(size=7),)


@exercise.probe
def extreme(rng):
    """Numbers so large that their exponentials overflow."""
    return (EXTREMES + rng.uniform(-1, 1, size=9),)


@exercise.check
def worked_example(f):
    """σ(0) = ½, σ(ln 3) = ¾ and σ(−ln 3) = ¼."""
    out, _ = sequence(f(np.array([0.0, np.log(3), -np.log(3)])), 2)
    agree(out, np.array([0.5, 0.75, 0.25]), what="out")


@exercise.check
def at_the_ends(f):
    """At 1000 the output is 1 and at −1000 it is 0; at −24 it is still exp(−24), nearly."""
    out, _ = sequence(f(np.array([1000.0, -1000.0])), 2)
    agree(out, np.array([1.0, 0.0]), what="out")
    low = np.array([-24.0])
    agree(f(low)[0], np.exp(low), atol=1e-13, what="out for −24")


@exercise.check
def cache_is_the_output(f):
    """The cache for 0 and ln 3 is the output, ½ and ¾."""
    _, cache = sequence(f(np.array([0.0, np.log(3)])), 2)
    agree(cache, np.array([0.5, 0.75]), what="cache")


@exercise.check
def input_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[-2.0, 0.5], [3.0, -0.25]]))


@exercise.check(points=1)
def random_inputs(f, reference, rng):
    """Gives the right output for arrays of one to four axes, near zero and far from it."""
    for shape in SHAPES:
        for scale in (0.1, 2.0, 15.0):
            x = np.array(rng.uniform(-scale, scale, size=shape))
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
    """At ±1000 the output is 0 and 1, not NaN, and it is not cut off on the way there."""
    for x in (EXTREMES, EXTREMES[::-1].reshape(3, 3), *extreme(rng)):
        agree(f(x)[0], reference(x)[0], atol=1e-13, what="out")
        low = x[x < -1].copy()
        agree(f(low)[0], reference(low)[0], atol=1e-13, what="out for x far below 0")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """σ(−x) = 1 − σ(x), and what happens to an entry does not depend on its neighbours."""
    (x,) = batch(rng)
    out = np.asarray(f(x)[0])
    agree(f(-x)[0], 1 - out, what="out for −x")
    agree(f(x.T[::-1])[0], out.T[::-1], what="out for the entries in another order")
    agree(f(x[1:3])[0], out[1:3], what="out for two of the rows")


@exercise.check(points=1, after=random_inputs)
def leaves_the_input_alone(f, rng):
    """Leaves the input as it was."""
    all_unchanged(f, [batch(rng), extreme(rng)])


@exercise.variant
def by_halves_of_tanh(x):
    out = 0.5 * (1 + np.tanh(0.5 * x))
    return [out, out.copy()]


@exercise.variant
def two_cases(x):
    out = np.empty(x.shape)
    positive = x >= 0
    out[positive] = 1 / (1 + np.exp(-x[positive]))
    power = np.exp(x[~positive])
    out[~positive] = power / (1 + power)
    return out, out


@exercise.variant
def as_in_the_book(x):
    return 1 / (1 + np.exp(-x)), 1 / (1 + np.exp(-x))


def _sigmoid(x):
    return np.exp(-np.logaddexp(0, -x))


@exercise.misconception(keeps=1 / 3)
def exponent_without_its_minus(x):
    """The output falls where it should rise: look at the sign in the exponent."""
    return _sigmoid(-x), _sigmoid(-x)


@exercise.misconception
def exponentials_on_both_sides(x):
    """exp(1000) is infinite, and infinity over infinity is NaN. Divide both by exp(x) first."""
    out = np.exp(x) / (1 + np.exp(x))
    return out, out


@exercise.misconception
def is_tanh(x):
    """This runs from −1 to 1: it is tanh. The sigmoid runs from 0 to 1."""
    return np.tanh(x), np.tanh(x)


@exercise.misconception
def is_softmax(x):
    """The outputs add up to 1, so the entries compete: that is softmax. Here each is alone."""
    powers = np.exp(x - x.max())
    return powers / powers.sum(), powers / powers.sum()


@exercise.misconception
def base_two(x):
    """At 0 it is right and elsewhere too flat: powers of 2 have been used, not of e."""
    return _sigmoid(np.log(2) * x), _sigmoid(np.log(2) * x)


@exercise.misconception
def is_its_slope(x):
    """This is the slope, largest at 0. The forward pass returns σ(x) itself."""
    slope = _sigmoid(x) * _sigmoid(-x)
    return slope, slope


@exercise.misconception
def straight_line_in_the_middle(x):
    """Piecewise straight: this is the “hard” sigmoid, a cheap imitation. Use the exponential."""
    out = np.clip(0.5 + x / 4, 0, 1)
    return out, out


@exercise.misconception
def clipped_input(x):
    """Inputs beyond ±20 are cut off, so the output never gets nearer to 0 than 2e-9."""
    out = _sigmoid(np.clip(x, -20, 20))
    return out, out


@exercise.misconception
def keeps_the_input(x):
    """The output is right, but the contract puts the output into the cache, not the input."""
    return _sigmoid(x), x


@exercise.misconception
def keeps_the_slope(x):
    """The output is right, but the cache holds the slope. The contract wants the output there."""
    return _sigmoid(x), _sigmoid(x) * _sigmoid(-x)


@exercise.misconception(keeps=0.5)
def keeps_nothing(x):
    """Only the output comes back. Return two things: the output and the cache."""
    return _sigmoid(x)


@exercise.misconception
def overwrites_the_input(x):
    """The output is right, but the caller's x is overwritten on the way: use a new array."""
    x[...] = _sigmoid(x)
    return x, x
