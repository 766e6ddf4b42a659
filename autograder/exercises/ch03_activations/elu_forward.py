"""The exponential linear unit."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=2,
    hints=(
        "Where does alpha·(exp(x) − 1) go for x far below 0? And what happens to it at x = 1000?",
        "np.where computes both of its branches everywhere. Which input is harmless for exp?",
        "x above 0, α(eˣ − 1) below; eˣ of a large x is not needed, so do not let it overflow.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]
EXTREMES = np.array([-1000.0, -710.0, -20.0, -1.0, 0.0, 1.0, 20.0, 710.0, 1000.0])


@exercise.probe
def batch(rng):
    return 2 * rng.normal(size=(5, 3)), rng.uniform(1.5, 3)


@exercise.probe
def small_alpha(rng):
    return rng.normal(size=(2, 3)), rng.uniform(0.2, 0.6)


@exercise.probe
def default_alpha(rng):
    return (3 * rng.normal(size=7),)


@exercise.probe
def extreme(rng):
    """Numbers so large that their exponentials overflow."""
    return EXTREMES + rng.uniform(-0.5, 0.5, size=9), 0.7


@exercise.check
def worked_example(f):
    """With alpha = 2, x = −ln 2 gives 2·(½ − 1) = −1, and 0 and 3 stay as they are."""
    out, _ = sequence(f(np.array([-np.log(2), 0.0, 3.0]), 2.0), 2)
    agree(out, np.array([-1.0, 0.0, 3.0]), what="out")


@exercise.check
def without_alpha(f):
    """If no alpha is given it is 1: −ln 4 becomes ¼ − 1 = −¾."""
    agree(sequence(f(np.array([-np.log(4), 5.0])), 2)[0], np.array([-0.75, 5.0]), what="out")


@exercise.check
def at_the_ends(f):
    """With alpha = 2, 1000 stays as it is and −1000 becomes −2: no infinity is met on the way."""
    out, _ = sequence(f(np.array([1000.0, -1000.0]), 2.0), 2)
    agree(out, np.array([1000.0, -2.0]), what="out")


@exercise.check
def cache_is_input_and_alpha(f):
    """The cache for the inputs −1 and 3 and alpha = 2 is (x, alpha)."""
    _, cache = sequence(f(np.array([-1.0, 3.0]), 2.0), 2)
    agree(cache, (np.array([-1.0, 3.0]), 2.0), what="cache")


@exercise.check
def input_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[-2.0, 0.5], [3.0, -0.25]]), 0.5)


@exercise.check(points=1)
def random_inputs(f, reference, rng):
    """Gives the right output for many shapes, with alpha below and above 1."""
    for shape in SHAPES:
        for alpha in (rng.uniform(0.1, 0.9), rng.uniform(1.1, 9), 1.0, 2):
            x = np.array(rng.choice([0.3, 2.0, 9.0]) * rng.normal(size=shape))
            agree(sequence(f(x, alpha), 2)[0], reference(x, alpha)[0], what="out")


@exercise.check(points=1, after=random_inputs)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the output."""
    whole_numbers(f, reference, rng.integers(-3, 4, size=(5, 3)), 0.7, part=0)


@exercise.check(points=1, after=random_inputs)
def takes_single_rows(f, reference, rng):
    """Takes an array of a single row, or a single number."""
    for shape in SINGLE:
        x, alpha = np.array(2 * rng.normal(size=shape)), rng.uniform(0.2, 0.8)
        agree(f(x, alpha)[0], reference(x, alpha)[0], what=f"out for x of shape {shape}")


@exercise.check(points=1, after=random_inputs)
def default(f, reference, rng):
    """Without alpha uses 1, for the output and in the cache."""
    for shape in SHAPES:
        x = np.array(2 * rng.normal(size=shape))
        agree(f(x), reference(x), what="the result")


@exercise.check(points=1, after=random_inputs)
def what_is_kept(f, rng):
    """Keeps (x, alpha) in the cache, for the way back."""
    for x, alpha in (batch(rng), extreme(rng)):
        agree(sequence(f(x, alpha), 2)[1], (x, alpha), what="cache")


@exercise.check(points=1, after=random_inputs)
def far_out(f, reference, rng):
    """At 1000 the output is 1000 and at −1000 it is −alpha: never NaN, never cut off."""
    for x, alpha in ((EXTREMES, 1.3), (EXTREMES.reshape(3, 3), 0.4), extreme(rng)):
        agree(f(x, alpha)[0], reference(x, alpha)[0], what="out")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """Below 0 the output grows with alpha, above it does not; entries are independent."""
    x, alpha = batch(rng)
    out = np.asarray(f(x, alpha)[0])
    agree(f(x, 3 * alpha)[0], np.where(x > 0, 1, 3) * out, what="out for three times alpha")
    agree(f(x.T[::-1], alpha)[0], out.T[::-1], what="out for the entries in another order")


@exercise.check(points=1, after=random_inputs)
def leaves_the_input_alone(f, rng):
    """Leaves the input as it was."""
    all_unchanged(f, [batch(rng), extreme(rng)])


@exercise.variant
def both_branches(x, alpha=1.0):
    return np.where(x > 0, x, alpha * (np.exp(x) - 1)), (x, alpha)


@exercise.variant
def sum_of_halves(x, alpha=1):
    out = np.maximum(x, 0) + alpha * (np.exp(np.minimum(x, 0)) - 1)
    return [out, [x.copy(), alpha]]


@exercise.variant
def only_where_needed(x, alpha=1.0):
    out = np.array(x, dtype=float)
    low = out < 0
    out[low] = alpha * np.expm1(out[low])
    return out, (x, alpha)


def _elu(x, alpha):
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0)))


@exercise.misconception
def masks_multiplied(x, alpha=1.0):
    """exp(1000) is infinite, and infinity times a mask's 0 is NaN. Choose with np.where."""
    return x * (x > 0) + alpha * (np.exp(x) - 1) * (x <= 0), (x, alpha)


@exercise.misconception(keeps=1 / 3)
def alpha_on_the_exponential_only(x, alpha=1.0):
    """alpha·exp(x) − 1 jumps at 0 unless alpha is 1: alpha belongs before the bracket."""
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0)) - 1), (x, alpha)


@exercise.misconception
def alpha_never_used(x, alpha=1.0):
    """The negative half always ends at −1: alpha is not used."""
    return _elu(x, 1.0), (x, alpha)


@exercise.misconception
def alpha_in_the_exponent(x, alpha=1.0):
    """alpha stretches the input of exp. It should stretch the output."""
    return np.where(x > 0, x, np.expm1(alpha * np.minimum(x, 0))), (x, alpha)


@exercise.misconception
def alpha_above_zero_too(x, alpha=1.0):
    """alpha also makes the positive half steeper. There the output is x itself."""
    return np.where(x > 0, alpha * x, _elu(x, alpha)), (x, alpha)


@exercise.misconception
def forgets_the_minus_one(x, alpha=1.0):
    """alpha·exp(x) is positive and jumps at 0. Something is missing in the bracket."""
    return np.where(x > 0, x, alpha * np.exp(np.minimum(x, 0))), (x, alpha)


@exercise.misconception
def minus_in_the_exponent(x, alpha=1.0):
    """Below 0 the output should come down to −alpha slowly; yours runs away. Which sign has x?"""
    return np.where(x > 0, x, -alpha * np.expm1(np.minimum(-x, 700) * (x <= 0))), (x, alpha)


@exercise.misconception
def larger_of_the_two(x, alpha=1.0):
    """exp(x) − 1 is never below x, so the larger of the two is not x where x is positive."""
    return np.maximum(x, alpha * np.expm1(np.minimum(x, 700))), (x, alpha)


@exercise.misconception
def leaky(x, alpha=1.0):
    """Below 0 this is a straight line: a leaky ReLU. The ELU bends."""
    return np.where(x > 0, x, alpha * x), (x, alpha)


@exercise.misconception
def another_default(x, alpha=1.6732632423543772):
    """Without alpha you use 1.67, the value of SELU. The contract says 1."""
    return _elu(x, alpha), (x, alpha)


@exercise.misconception
def keeps_the_output(x, alpha=1.0):
    """The output is right, but the contract keeps x, not the output, beside alpha."""
    return _elu(x, alpha), (_elu(x, alpha), alpha)


@exercise.misconception
def keeps_only_the_input(x, alpha=1.0):
    """The output is right, but the way back needs alpha too: keep (x, alpha)."""
    return _elu(x, alpha), x


@exercise.misconception(keeps=0.5)
def keeps_nothing(x, alpha=1.0):
    """Only the output comes back. Return two things: the output and the cache."""
    return _elu(x, alpha)


@exercise.misconception
def in_place(x, alpha=1.0):
    """The output is right, but the caller's x is changed: begin with a copy."""
    x[x < 0] = alpha * np.expm1(x[x < 0])
    return x, (x, alpha)
