"""The gradient by measuring slopes."""

import math

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    hints=(
        "If you could only *evaluate* f, how would you find its slope along one coordinate?",
        "Move one entry of x by +h and by −h and leave all the others where they were.",
        "(f(x + h·e) − f(x − h·e)) / (2h) for each unit vector e of x's shape.",
    ),
)


H = 1e-5
"""The default step, given all the same: who forgets the default loses its own check only."""


@exercise.probe
def waves(rng):
    """A smooth function of a matrix: no two entries have the same slope."""
    weight = rng.normal(size=(2, 3))
    return travels(lambda x: float(np.sum(weight * np.sin(x)))), rng.normal(size=(2, 3))


@exercise.probe
def large_steps(rng):
    """Entries that act together, and a step so large that the formula shows (error h²)."""
    weight = rng.normal(size=5) + 2
    bent = travels(lambda x: float(np.sum(weight * (x**3 + x**5)) + np.sum(x) ** 2))
    return bent, rng.normal(size=5), 0.25


@exercise.probe
def integers(rng):
    """An x of integers, which no small step can move unless it is made a float first."""
    weight = rng.normal(size=(3, 2))
    return travels(lambda x: float(np.sum(weight * np.sin(x)))), rng.integers(-3, 4, size=(3, 2))


@exercise.probe
def single_precision(rng):
    """An x in float32, where a step of 1e-5 drowns in rounding."""
    weight, x = rng.normal(size=4), rng.uniform(1, 2, size=4).astype(np.float32)
    exact = travels(lambda x: float(np.sum(weight * np.sin(np.asarray(x, dtype=float)))))
    return exact, x


@exercise.check
def worked_example(f):
    """For f(x) = x₀²·x₁ at (3, 4) the gradient is (24, 9)."""
    gradient = f(travels(lambda x: float(x[0] ** 2 * x[1])), np.array([3.0, 4.0]))
    agree(gradient, np.array([24.0, 9.0]), rtol=1e-6, what="the gradient")


@exercise.check
def matrix(f):
    """For f(x) = x₀₀ + 2·x₀₁ + 3·x₁₀ + 4·x₁₁ the gradient is [[1, 2], [3, 4]] everywhere."""
    slopes = np.array([[1.0, 2.0], [3.0, 4.0]])
    gradient = f(travels(lambda x: float(np.sum(slopes * x))), np.array([[5.0, -1.0], [0.5, 2.0]]))
    agree(gradient, slopes, rtol=1e-6, what="the gradient")


@exercise.check
def given_step(f):
    """For x³ at 1 a step of ½ measures 3¼: central differences are off by h²."""
    gradient = f(travels(lambda x: float(np.sum(np.asarray(x) ** 3))), np.array([1.0]), 0.5)
    agree(gradient, np.array([3.25]), what="the gradient with h = 0.5")


@exercise.check
def from_whole_numbers(f):
    """At (3, 4), written as whole numbers, x₀²·x₁ has the gradient (24, 9) as well."""
    gradient = f(travels(lambda x: float(x[0] ** 2 * x[1])), np.array([3, 4]))
    agree(gradient, np.array([24.0, 9.0]), rtol=1e-6, what="the gradient for whole numbers")


@exercise.check
def from_single_precision(f):
    """At (3, 4) in float32, which rounds 3 ± 10⁻⁵, the gradient is (24, 9) as well."""
    x = np.array([3.0, 4.0], dtype=np.float32)
    gradient = f(travels(lambda x: float(x[0] ** 2 * x[1])), x)
    agree(gradient, np.array([24.0, 9.0]), rtol=1e-6, what="the gradient for float32")


@exercise.check(points=2)
def any_shape(f, rng):
    """Measures every entry of vectors, matrices, 3-d arrays and single numbers."""
    for shape in [(17,), (2, 3), (5, 1), (2, 3, 2), ()]:
        weight, x = rng.normal(size=shape), rng.normal(size=shape)
        gradient = f(travels(lambda x, w=weight: float(np.sum(w * np.sin(x)))), x, H)
        agree(gradient, weight * np.cos(x), rtol=1e-6, atol=1e-8, what="the gradient")


@exercise.check(points=1, after=any_shape)
def central_with_given_step(f, rng):
    """Uses central differences with the step it is given: for x³ the error is exactly h²."""
    for h in (0.1, 0.05):
        x = rng.uniform(1, 2, size=3)
        cubic = f(travels(lambda x: float(np.sum(x**3))), x, h)
        agree(cubic, 3 * x**2 + h**2, rtol=1e-8, what=f"the gradient of Σx³ with h={h}")


@exercise.check(points=1, after=any_shape)
def sensible_default(f, rng):
    """Stays accurate with the default step: steep and flat f, in the millions or millionths."""
    x = rng.normal(size=4)
    gradient = f(travels(lambda x: float(1e3 + 1e3 * np.sum(np.sin(x)))), x)
    agree(gradient, 1e3 * np.cos(x), rtol=1e-5, atol=1e-4, what="the gradient")
    gradient = f(travels(lambda x: float(1e6 * np.sum(np.sin(x)))), x)
    agree(gradient, 1e6 * np.cos(x), rtol=1e-5, atol=0.1, what="the gradient of a large f")
    gradient = f(travels(lambda x: float(1e-6 * np.sum(np.sin(x)))), x)
    agree(gradient, 1e-6 * np.cos(x), rtol=1e-5, atol=1e-13, what="the gradient of a small f")
    near = rng.uniform(0, 1e-3, size=4)
    gradient = f(travels(lambda x: float(np.sum(np.sin(300 * x)))), near)
    agree(gradient, 300 * np.cos(300 * near), rtol=1e-5, what="the gradient of a steep f")
    gradient = f(travels(lambda x: float(np.sum(np.sin(4000 * x)))), near)
    shrunk = 4000 * np.cos(4000 * near) * np.sin(0.04) / 0.04  # as h = 1e-5 measures it
    agree(gradient, shrunk, rtol=1e-6, atol=1e-4, what="the gradient of a very steep f")


@exercise.check(points=1, after=any_shape)
def whole_numbers_count(f, rng):
    """Makes a float64 copy of x first: whole numbers and float32 are measured as exactly."""
    waves = travels(lambda x: float(np.sum(np.sin(x))))
    slopes = lambda waves, x, h: np.cos(x)
    whole = rng.integers(-3, 4, size=(2, 3))
    whole_numbers(f, slopes, waves, whole, H, rtol=1e-5, atol=1e-8)
    single = rng.uniform(-3, 3, size=17).astype(np.float32)
    gradient = f(waves, single, H)
    agree(gradient, np.cos(single.astype(float)), rtol=1e-5, atol=1e-6, what="for float32, it")


@exercise.check(points=1, after=any_shape)
def one_entry_at_a_time(f, rng):
    """Moves one entry at a time, puts it back, and leaves x as it was."""
    x = rng.normal(size=(2, 3))
    start = x.copy()

    def watchful(point):
        moved = np.sum(np.asarray(point) != start)
        return float(np.sum(np.asarray(point) ** 2)) if moved <= 1 else math.nan

    if np.isnan(as_array(f(travels(watchful), x, H))).any():
        raise Failed("f was called with several entries of x moved at once")
    unchanged(f, travels(lambda point: float(np.sum(np.asarray(point) ** 2))), x, H)


@exercise.variant
def unit_vectors(f, x, h=1e-5):
    steps = h * np.eye(x.size).reshape(x.size, *x.shape)
    slopes = [(f(x + step) - f(x - step)) / (2 * h) for step in steps]
    return np.array(slopes).reshape(x.shape)


@exercise.variant
def in_place_and_back(f, x, h=1e-5):
    point = np.array(x, dtype=float)
    gradient = np.empty_like(point)
    cells = np.nditer(point, flags=["multi_index"])
    for _ in cells:
        index = cells.multi_index
        old = point[index]
        point[index] = old + h
        above = f(point.copy())
        point[index] = old - h
        below = f(point.copy())
        point[index] = old
        gradient[index] = 0.5 * (above - below) / h
    return gradient


@exercise.variant
def richardson_free_list(f, x, h=1e-5):
    flat = list(np.ravel(x).astype(float))

    def at(position, value):
        return f(np.reshape([*flat[:position], value, *flat[position + 1 :]], x.shape))

    slopes = [(at(i, v + h) - at(i, v - h)) / (h + h) for i, v in enumerate(flat)]
    return np.reshape(slopes, x.shape)


@exercise.misconception(keeps=0.5)
def one_sided(f, x, h=1e-5):
    """One-sided differences are off by a multiple of h. Step to both sides of x instead."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - f(x)) / h
    return gradient


@exercise.misconception(keeps=0.5)
def backward_difference(f, x, h=1e-5):
    """You step back by h but never forward: the slope belongs to a point left of x."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x) - f(x - step)) / h
    return gradient


@exercise.misconception(keeps=1 / 3)
def divides_by_h(f, x, h=1e-5):
    """The two points are 2h apart, not h: everything comes out twice too large."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        gradient[index] = (f(x + step) - f(x - step)) / h
    return gradient


@exercise.misconception
def four_points(f, x, h=1e-5):
    """This is a formula with four points and an error of order h⁴. Two points are asked for."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = h
        near, far = f(x + step) - f(x - step), f(x + 2 * step) - f(x - 2 * step)
        gradient[index] = (8 * near - far) / (12 * h)
    return gradient


@exercise.misconception
def only_the_first_axis(f, x, h=1e-5):
    """Looping over `range(len(x))` moves whole rows of a matrix. Visit every single entry."""
    gradient = np.zeros(x.shape)
    for i in range(len(x)):
        step = np.zeros(x.shape)
        step[i] = h
        gradient[i] = (f(x + step) - f(x - step)) / (2 * h)
    return gradient


@exercise.misconception
def never_puts_back(f, x, h=1e-5):
    """An entry that was moved stays moved, so later slopes belong somewhere else."""
    point = np.array(x, dtype=float)
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        point[index] += h
        above = f(point.copy())
        point[index] -= 2 * h
        gradient[index] = (above - f(point.copy())) / (2 * h)
    return gradient


@exercise.misconception
def ignores_the_step(f, x, h=1e-5):
    """The argument h is never used: the step is fixed inside the function."""
    fixed = 1e-5
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        step = np.zeros(x.shape)
        step[index] = fixed
        gradient[index] = (f(x + step) - f(x - step)) / (2 * fixed)
    return gradient


@exercise.misconception
def all_entries_together(f, x, h=1e-5):
    """Moving all entries at once measures one slope along the diagonal, not one per entry."""
    return np.full(x.shape, (f(x + h) - f(x - h)) / (2 * h))


@exercise.misconception
def whole_numbers_stay_put(f, x, h=1e-5):
    """An array of integers cannot hold x ± h: the step is cut off. Copy x as floats first."""
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = np.array(x), np.array(x)
        above[index] = above[index] + h
        below[index] = below[index] - h
        gradient[index] = (f(above) - f(below)) / (2 * h)
    return gradient


@exercise.misconception
def single_precision_stays(f, x, h=1e-5):
    """In float32 x ± h is rounded so coarsely that the slope is noise. Copy x as float64 first."""
    start = x.astype(np.result_type(x, np.float32))
    gradient = np.zeros(x.shape)
    for index in np.ndindex(x.shape):
        above, below = start.copy(), start.copy()
        above[index] += h
        below[index] -= h
        gradient[index] = (f(above) - f(below)) / (2 * h)
    return gradient
