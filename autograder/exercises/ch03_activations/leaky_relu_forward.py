"""The leaky ReLU."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    hints=(
        "What is left of −100 if the slope of the negative half is 0.01?",
        "np.where(condition, this, that) chooses entry by entry.",
        "x above 0, slope·x below; the way back needs both.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]


@exercise.probe
def batch(rng):
    return 2 * rng.normal(size=(5, 3)), rng.uniform(0.2, 0.8)


@exercise.probe
def default_slope(rng):
    return (30 * rng.normal(size=7),)


@exercise.probe
def steep(rng):
    """The ends of what is allowed: nothing leaks, everything leaks."""
    return rng.normal(size=(2, 3)), float(rng.integers(2))


@exercise.check
def worked_example(f):
    """With the slope ¼, the inputs −8, 0 and 3 become −2, 0 and 3."""
    out, _ = sequence(f(np.array([-8.0, 0.0, 3.0]), 0.25), 2)
    agree(out, np.array([-2.0, 0.0, 3.0]), what="out")


@exercise.check
def without_a_slope(f):
    """If no slope is given it is 0.01: −100 becomes −1."""
    agree(sequence(f(np.array([-100.0, 7.0])), 2)[0], np.array([-1.0, 7.0]), what="out")


@exercise.check
def cache_is_input_and_slope(f):
    """The cache for the inputs −8 and 3 and the slope ¼ is (x, slope), in this order."""
    _, cache = sequence(f(np.array([-8.0, 3.0]), 0.25), 2)
    agree(cache, (np.array([-8.0, 3.0]), 0.25), what="cache")


@exercise.check
def input_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[-2.0, 0.5], [3.0, -0.25]]), 0.5)


@exercise.check(points=1)
def random_inputs(f, reference, rng):
    """Gives the right output for many shapes and slopes, 0 and 1 among them."""
    for shape in SHAPES:
        for slope in (rng.uniform(0.05, 0.95), 0.0, 1.0, 1):
            x = np.array(10 ** rng.uniform(-3, 3) * rng.normal(size=shape))
            agree(sequence(f(x, slope), 2)[0], reference(x, slope)[0], what="out")


@exercise.check(points=1, after=random_inputs)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the output."""
    whole_numbers(f, reference, rng.integers(-3, 4, size=(5, 3)), 0.3, part=0)


@exercise.check(points=1, after=random_inputs)
def takes_single_rows(f, reference, rng):
    """Takes an array of a single row, or a single number."""
    for shape in SINGLE:
        x, slope = np.array(2 * rng.normal(size=shape)), rng.uniform(0.2, 0.8)
        agree(f(x, slope)[0], reference(x, slope)[0], what=f"out for x of shape {shape}")


@exercise.check(points=1, after=random_inputs)
def default(f, reference, rng):
    """Without a slope uses 0.01, for the output and in the cache."""
    for shape in SHAPES:
        x = np.array(100 * rng.normal(size=shape))
        agree(f(x), reference(x), what="the result")


@exercise.check(points=1, after=random_inputs)
def what_is_kept(f, rng):
    """Keeps (x, slope) in the cache, for the way back."""
    x, slope = batch(rng)
    agree(sequence(f(x, slope), 2)[1], (x, slope), what="cache")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """f(x) + f(−x) = (1 − slope)·|x|, and f(c·x) = c·f(x) for c > 0."""
    x, slope = batch(rng)
    out = np.asarray(f(x, slope)[0])
    both = np.add(out, f(-x, slope)[0], dtype=float)
    agree(both, (1 - slope) * np.abs(x), rtol=1e-12, what="f(x) + f(−x), to 12 digits,")
    agree(f(1e5 * x, slope)[0], 1e5 * out, what="out for 100,000 times the input")
    agree(f(x.T[::-1], slope)[0], out.T[::-1], what="out for the entries in another order")


@exercise.check(points=1, after=random_inputs)
def leaves_the_input_alone(f, rng):
    """Leaves the input as it was."""
    all_unchanged(f, [batch(rng), default_slope(rng)])


@exercise.variant
def larger_of_the_two(x, slope=0.01):
    return np.maximum(x, slope * x), (x, slope)


@exercise.variant
def two_halves(x, slope=0.01):
    return [np.maximum(x, 0) - slope * np.maximum(-x, 0), [x.copy(), slope]]


@exercise.variant
def on_a_copy(x, slope=1 / 100):
    out = x.copy()
    out[x < 0] *= slope
    return out, (x, slope)


def _leaky(x, slope):
    return np.where(x > 0, x, slope * x)


@exercise.misconception
def slope_of_the_other_half(x, slope=0.01):
    """The positive inputs are made smaller, the negative ones are not: the halves are swapped."""
    return np.where(x > 0, slope * x, x), (x, slope)


@exercise.misconception
def both_halves(x, slope=0.01):
    """The slope is applied to all inputs. Where x is positive, x itself comes out."""
    return slope * x, (x, slope)


@exercise.misconception
def negative_slope(x, slope=0.01):
    """Negative inputs come out positive: the slope's sign is turned round."""
    return np.where(x > 0, x, -slope * x), (x, slope)


@exercise.misconception
def plain_relu(x, slope=0.01):
    """Nothing leaks: this is the plain ReLU."""
    return np.maximum(x, 0), (x, slope)


@exercise.misconception
def slope_written_into_the_code(x, slope=0.01):
    """Whatever slope is asked for, 0.01 is used."""
    return _leaky(x, 0.01), (x, slope)


@exercise.misconception
def slope_as_an_output(x, slope=0.01):
    """Every negative input comes out as the same number. It is to be *multiplied* by the slope."""
    return np.where(x > 0, x, -slope), (x, slope)


@exercise.misconception
def what_leaks_is_subtracted(x, slope=0.01):
    """x − slope·x is what does *not* leak through."""
    return np.where(x > 0, x, x - slope * x), (x, slope)


@exercise.misconception
def another_default(x, slope=0.1):
    """Without a slope you use 0.1. The contract says 0.01."""
    return _leaky(x, slope), (x, slope)


@exercise.misconception
def keeps_only_the_input(x, slope=0.01):
    """The output is right, but the way back needs the slope too: keep (x, slope)."""
    return _leaky(x, slope), x


@exercise.misconception
def keeps_the_output(x, slope=0.01):
    """The output is right, but the contract keeps x, not the output, beside the slope."""
    return _leaky(x, slope), (_leaky(x, slope), slope)


@exercise.misconception
def keeps_them_in_another_order(x, slope=0.01):
    """The output is right, but the cache is (slope, x). The contract says (x, slope)."""
    return _leaky(x, slope), (slope, x)


@exercise.misconception(keeps=0.5)
def keeps_nothing(x, slope=0.01):
    """Only the output comes back. Return two things: the output and the cache."""
    return _leaky(x, slope)


@exercise.misconception
def in_place(x, slope=0.01):
    """The output is right, but the caller's x is changed: begin with a copy."""
    x[x < 0] *= slope
    return x, (x, slope)
