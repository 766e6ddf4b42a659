"""The rectified linear unit."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged, unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    core=True,
    hints=(
        "What is the output at −3, at 0 and at 3? Which of the two inputs does the way back need?",
        "np.max takes the maximum of one array, np.maximum that of two, entry by entry.",
        "out = max(0, x), entry by entry; the way back needs the sign of x.",
    ),
)

SHAPES = [(5, 3), (7,), (2, 3, 5), (3, 19), (2, 2, 3, 2)]
SINGLE = [(1, 7), (1, 1), (1, 2, 3, 2), ()]


@exercise.probe
def batch(rng):
    return (2 * rng.normal(size=(5, 3)),)


@exercise.probe
def far_out(rng):
    """Very large and very small numbers, and 0."""
    signs = np.array([1.0, -1.0, 1.0, -1.0, 1.0, -1.0, 0.0])
    return (signs * rng.uniform(1, 2, size=7) * [1000, 1000, 20, 20, 1e-3, 1e-3, 1],)


@exercise.probe
def all_negative(rng):
    return (-rng.uniform(0.1, 3, size=(2, 3)),)


@exercise.check
def worked_example(f):
    """−2, 0, 3 and −0.5 become 0, 0, 3 and 0."""
    out, _ = sequence(f(np.array([[-2.0, 0.0], [3.0, -0.5]])), 2)
    agree(out, np.array([[0.0, 0.0], [3.0, 0.0]]), what="out")


@exercise.check
def large_and_small(f):
    """Large inputs pass whole and small ones too: 20, 0.25 and −20 become 20, 0.25 and 0."""
    out, _ = sequence(f(np.array([20.0, 0.25, -20.0])), 2)
    agree(out, np.array([20.0, 0.25, 0.0]), what="out")


@exercise.check
def cache_is_the_input(f):
    """The cache for −2 and 3 is the input, −2 and 3."""
    _, cache = sequence(f(np.array([-2.0, 3.0])), 2)
    agree(cache, np.array([-2.0, 3.0]), what="cache")


@exercise.check
def input_stays(f):
    """x is afterwards what it was before."""
    unchanged(f, np.array([[-2.0, 0.5], [3.0, -0.25]]))


@exercise.check(points=1)
def random_inputs(f, reference, rng):
    """Gives the right output for arrays of one to four axes, near zero and far from it."""
    for shape in SHAPES:
        for scale in (1e-3, 1.0, 1e3):
            x = np.array(scale * rng.normal(size=shape))
            agree(sequence(f(x), 2)[0], reference(x)[0], what="out")
    for x in (far_out(rng)[0][:-1], *all_negative(rng)):
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
def what_is_kept(f, rng):
    """Keeps its input in the cache, for the way back."""
    for x in (*far_out(rng), *(np.array(rng.normal(size=shape)) for shape in SHAPES)):
        agree(sequence(f(x), 2)[1], x, what="cache")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """relu(x) − relu(−x) = x, relu(c·x) = c·relu(x) for c ≥ 0, and entries are independent."""
    (x,) = batch(rng)
    out = np.asarray(f(x)[0])
    both = np.subtract(out, f(-x)[0], dtype=float)
    agree(both, x, rtol=1e-12, what="relu(x) − relu(−x), to 12 digits,")
    agree(f(np.zeros((2, 3)))[0], np.zeros((2, 3)), what="out for x = 0")
    for c in (1e-6, 1e6):
        agree(f(c * x)[0], c * out, atol=1e-16, what=f"out for {c:g} times the input")
    agree(f(x.T[::-1])[0], out.T[::-1], what="out for the entries in another order")


@exercise.check(points=1, after=random_inputs)
def leaves_the_input_alone(f, rng):
    """Leaves the input as it was."""
    all_unchanged(f, [batch(rng), far_out(rng)])


@exercise.variant
def by_mask(x):
    return x * (x > 0), x


@exercise.variant
def half_of_a_sum(x):
    return [(x + np.abs(x)) / 2, x.copy()]


@exercise.variant
def on_a_copy(x):
    out = x.copy()
    out[out < 0] = 0
    return out, x


@exercise.misconception
def in_place(x):
    """The output is right, but `x[x < 0] = 0` also changes the caller's x: begin with a copy."""
    x[x < 0] = 0
    return x, x


@exercise.misconception
def absolute_value(x):
    """Negative inputs come out positive: this is the absolute value."""
    return np.abs(x), x


@exercise.misconception
def the_wrong_half(x):
    """What is negative passes and what is positive does not: the wrong half is shut."""
    return np.minimum(x, 0), x


@exercise.misconception
def capped_at_six(x):
    """Outputs stop at 6: that is the variant called ReLU6. The ReLU has no upper end."""
    return np.clip(x, 0, 6), x


@exercise.misconception
def capped_at_one(x):
    """Outputs stop at 1. The ReLU has no upper end."""
    return np.clip(x, 0, 1), x


@exercise.misconception
def a_step(x):
    """This says *whether* the input is positive. The ReLU also says how much."""
    return (x > 0) * 1.0, x


@exercise.misconception
def leaky(x):
    """A little of what is negative leaks through. That is another activation, further below."""
    return np.where(x > 0, x, 0.01 * x), x


@exercise.misconception
def rounded_corner(x):
    """The corner at 0 is rounded off: this is softplus, ln(1 + exp(x))."""
    return np.logaddexp(0, x), x


@exercise.misconception
def drops_the_negative(x):
    """`x[x > 0]` leaves entries out, so the shape is lost. Every input has an output."""
    return x[x > 0], x


@exercise.misconception
def one_number(x):
    """`np.max` gives the largest entry of the whole array. Each entry meets 0 on its own."""
    return np.max(x, initial=0), x


@exercise.misconception
def keeps_the_output(x):
    """The output is right, but the contract puts the input into the cache, not the output."""
    return np.maximum(x, 0), np.maximum(x, 0)


@exercise.misconception
def keeps_the_mask(x):
    """The output is right, but the cache says where x was positive. It should be x itself."""
    return np.maximum(x, 0), x > 0


@exercise.misconception(keeps=0.5)
def keeps_nothing(x):
    """Only the output comes back. Return two things: the output and the cache."""
    return np.maximum(x, 0)
