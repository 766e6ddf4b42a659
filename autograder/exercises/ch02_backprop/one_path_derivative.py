"""The chain rule along one path."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "If x moves a little, how much does y move? And if y moves a little, how much does z?",
        "The two slopes multiply. The slope of tanh is wanted at y, not at x.",
        "dz/dx = (1 − tanh²(y)) · w with y = w·x + b.",
    ),
)


@exercise.probe
def matrix(rng):
    return rng.normal(size=(3, 5)), rng.uniform(1.2, 2.0), rng.uniform(0.3, 0.8)


@exercise.probe
def falling_line(rng):
    return rng.normal(size=7), rng.uniform(-0.9, -0.3), rng.uniform(-0.8, -0.3)


@exercise.probe
def single_number(rng):
    return np.array(rng.uniform(0.1, 0.9)), 0.7, -1.3


@exercise.probe
def saturated(rng):
    """Sums y up to ±1000, where tanh is flat and exponentials overflow."""
    return np.array([-1000.0, -400.0, 0.2, 400.0, 1000.0]), rng.uniform(0.8, 1.0), 0.4


@exercise.check
def worked_example(f):
    """With w = 2 and b = ln 2, the slope is 1.28 at x = 0 and 2 where y is 0."""
    x = np.array([0.0, -np.log(2) / 2])
    agree(f(x, 2.0, np.log(2)), np.array([1.28, 2.0]), what="dz/dx")


@exercise.check
def nothing_far_out(f):
    """Where tanh is flat (y = ±1000) the slope is 0, not NaN."""
    agree(f(np.array([-1000.0, 1000.0]), 1.0, 0.0), np.zeros(2), what="dz/dx")


@exercise.check
def x_stays(f):
    """The caller's x is the same afterwards."""
    unchanged(f, np.array([0.5, -1.0]), 2.0, 0.5)


@exercise.check
def shape_of_x(f, rng):
    """Returns one slope for every entry of x, in x's shape."""
    got = np.shape(f(*matrix(rng)))
    if got != (3, 5):
        raise Failed(f"for x of shape (3, 5) the result has shape {got}")


@exercise.check(points=2)
def random_values(f, reference, rng):
    """Gives dz/dx for random x, w and b, whatever the shape of x."""
    for shape in [(3, 5), (7,), (1,), (), (2, 3, 5)]:
        x, w, b = rng.normal(size=shape), rng.normal(), rng.normal()
        agree(f(np.asarray(x), w, b), reference(np.asarray(x), w, b), what="dz/dx")
    steep = rng.normal(size=23) / 50, 50.0, rng.normal()  # too steep for measured slopes
    agree(f(*steep), reference(*steep), what="dz/dx of a steep line")


@exercise.check(points=1, after=random_values)
def whole_numbers_count(f, reference, rng):
    """Takes an x of whole numbers for what it is, and rounds no slope."""
    whole_numbers(f, reference, rng.integers(-2, 3, size=(5, 2)), 0.3, 0.2)


@exercise.check(points=1, after=random_values)
def measured_slopes(f, rng):
    """Agrees with slopes measured on z itself, for rising and for falling lines."""
    for x, w, b in [matrix(rng), falling_line(rng)]:

        def z(v, w=w, b=b):
            return np.tanh(w * v + b).sum()

        gradient_agrees(f(x, w, b), z, x, what="dz/dx")


@exercise.check(points=1, after=random_values)
def same_line_same_slope(f, rng):
    """Moving x by t is the same as moving b by w·t, and −w, −b mirror the slope."""
    x, w, b = matrix(rng)
    t = rng.normal()
    agree(f(x + t, w, b), f(x, w, b + w * t), what="dz/dx after the move")
    agree(f(x, -w, -b), -np.asarray(f(x, w, b)), what="dz/dx of the mirrored line")


@exercise.check(points=1, after=random_values)
def flat_far_out(f, rng):
    """Gives 0, not NaN, where tanh is saturated."""
    x, w, b = saturated(rng)
    slope = as_array(f(x, w, b))
    agree(slope[[0, 1, 3, 4]], np.zeros(4), what="dz/dx far out")


@exercise.check(points=1, after=random_values)
def leaves_inputs_alone(f, rng):
    """Leaves x as it was."""
    unchanged(f, *matrix(rng))


@exercise.variant
def with_cosh(x, w, b):
    return w / np.cosh(w * x + b) ** 2


@exercise.variant
def entry_by_entry(x, w, b):
    out = np.empty(x.shape)
    for index, value in np.ndenumerate(x):
        z = np.tanh(w * value + b)
        out[index] = w * (1 - z) * (1 + z)
    return out


@exercise.variant
def on_its_own_buffer(x, w, b):
    slope = np.multiply(x, w)
    slope = np.tanh(slope + b)
    slope = slope * slope
    return w - w * slope


@exercise.misconception
def forgets_the_inner_slope(x, w, b):
    """This is dz/dy: the path has a second link. By how much does y move when x moves?"""
    return 1 - np.tanh(w * x + b) ** 2


@exercise.misconception
def forgets_the_outer_slope(x, w, b):
    """This is dy/dx alone: z is not y. The slope of tanh is still missing."""
    return w * np.ones(np.shape(x))


@exercise.misconception
def slope_taken_at_x(x, w, b):
    """The slope of tanh is taken at x. But what goes into tanh here?"""
    return (1 - np.tanh(x) ** 2) * w


@exercise.misconception
def slope_taken_at_z(x, w, b):
    """The slope of tanh is taken at z = tanh(y) instead of at y: tanh has been applied twice."""
    return (1 - np.tanh(np.tanh(w * x + b)) ** 2) * w


@exercise.misconception
def returns_z(x, w, b):
    """This is z itself. The question is how fast z changes with x."""
    return np.tanh(w * x + b)


@exercise.misconception(keeps=1 / 3)
def forgets_b(x, w, b):
    """b drops out of dy/dx, but not out of y: the slope of tanh depends on where you are."""
    return (1 - np.tanh(w * x) ** 2) * w


@exercise.misconception(keeps=0.5)
def forgets_the_square(x, w, b):
    """Look up the derivative of tanh again: one power is missing."""
    return (1 - np.tanh(w * x + b)) * w


@exercise.misconception
def slope_of_a_sigmoid(x, w, b):
    """t·(1 − t) is the slope of the sigmoid. That of tanh is different, and reaches 1."""
    z = np.tanh(w * x + b)
    return z * (1 - z) * w


@exercise.misconception
def adds_the_slopes(x, w, b):
    """Along one path slopes multiply; adding is for several paths."""
    return (1 - np.tanh(w * x + b) ** 2) + w


@exercise.misconception
def derivative_by_w(x, w, b):
    """This is dz/dw: it ends in x. Here w is fixed and x moves."""
    return (1 - np.tanh(w * x + b) ** 2) * x


@exercise.misconception
def sums_over_the_entries(x, w, b):
    """Each entry of x has a slope of its own; do not add them up."""
    return np.sum((1 - np.tanh(w * x + b) ** 2) * w)


@exercise.misconception
def overflows(x, w, b):
    """Far from 0 the exponentials overflow, and ∞/∞ is NaN. NumPy has a tanh that does not."""
    grow, shrink = np.exp(w * x + b), np.exp(-(w * x + b))
    return (1 - ((grow - shrink) / (grow + shrink)) ** 2) * w


@exercise.misconception
def overwrites_x(x, w, b):
    """The slopes are right, but the caller's x is overwritten on the way: work on a copy."""
    x *= w
    x += b
    return (1 - np.tanh(x) ** 2) * w
