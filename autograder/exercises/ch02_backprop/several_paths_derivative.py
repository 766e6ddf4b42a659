"""The chain rule along several paths."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=1,
    hints=(
        "On how many ways can a change of s reach z?",
        "For each path multiply the slopes along it, then add the paths. x occurs twice in z.",
        "dz/ds = ∂z/∂x · dx/ds + ∂z/∂y · dy/ds, with ∂z/∂x = y + 3x² and ∂z/∂y = x.",
    ),
)


def values(rng, shape):
    """x, y, dx/ds and dy/ds, unrelated to each other and of different sizes."""
    return tuple(np.array(scale * rng.normal(size=shape)) for scale in (1.5, 2.0, 0.7, 1.2))


@exercise.probe
def matrices(rng):
    return values(rng, (3, 5))


@exercise.probe
def one_entry(rng):
    return values(rng, (1,))


@exercise.probe
def large(rng):
    return tuple(100 * v for v in values(rng, (7,)))


@exercise.check
def worked_example(f):
    """For x = 2, y = 3, dx/ds = ½ and dy/ds = −1 the slope dz/ds is 5.5."""
    agree(f(*(np.array([v]) for v in (2.0, 3.0, 0.5, -1.0))), np.array([5.5]), what="dz/ds")


@exercise.check
def powers_of_s(f):
    """With x = s and y = s², z is 2s³: at s = 2 its slope is 24, at s = −1 it is 6."""
    s = np.array([2.0, -1.0])
    agree(f(s, s**2, np.ones(2), 2 * s), np.array([24.0, 6.0]), what="dz/ds")


@exercise.check(points=2)
def random_values(f, reference, rng):
    """Gives dz/ds for random values and slopes, whatever their shape and size."""
    for shape in [(3, 5), (3, 3), (17,), (1,), (2, 3, 5), ()]:
        arguments = values(rng, shape)
        agree(f(*arguments), reference(*arguments), what="dz/ds")
    arguments = large(rng)
    agree(f(*arguments), reference(*arguments), what="dz/ds of large values")
    # Where all terms are positive, a formula loses no digits, but a measured slope does.
    huge = np.array([[1e6], [1e6], [1.0], [1.0]]) * rng.uniform(1, 2, size=(4, 7))
    agree(f(*huge), reference(*huge), what="dz/ds of huge values")


@exercise.check(points=1, after=random_values)
def whole_numbers_count(f, reference, rng):
    """Takes values or slopes of whole numbers for what they are, and rounds no slope."""
    x, y = rng.integers(-99, 100, size=(2, 7))
    whole_numbers(f, reference, x, y, *rng.normal(size=(2, 7)))
    slopes = rng.integers(-9, 10, size=(2, 7))
    whole_numbers(f, reference, *rng.normal(size=(2, 7)), *slopes)


@exercise.check(points=1, after=random_values)
def measured_along_curves(f, rng):
    """Agrees with slopes measured along two curves x(s), y(s)."""
    s = rng.normal(size=(2, 5))

    def waves(v):
        return (np.sin(v) * np.exp(v) + np.sin(v) ** 3).sum()

    def powers(v):
        return (v**2 * np.cos(v) + v**6).sum()

    gradient_agrees(f(np.sin(s), np.exp(s), np.cos(s), np.exp(s)), waves, s, what="dz/ds")
    gradient_agrees(f(s**2, np.cos(s), 2 * s, -np.sin(s)), powers, s, what="dz/ds")


@exercise.check(points=1, after=random_values)
def paths_add_up(f, reference, rng):
    """Closing a path (zeros) leaves the other one's share, and both shares add up to the whole."""
    x, y, dx_ds, dy_ds = matrices(rng)
    still = np.zeros_like(x)
    shares = np.asarray(f(x, y, dx_ds, still)) + np.asarray(f(x, y, still, dy_ds))
    agree(shares, f(x, y, dx_ds, dy_ds), what="the sum of both shares")
    arguments = tuple(v * rng.permutation([0, 0, 1, 1]) for v in values(rng, (5, 4)))
    agree(f(*arguments), reference(*arguments), what="dz/ds with zeros")
    twice = f(x, y, -2 * dx_ds, -2 * dy_ds)
    agree(twice, -2 * np.asarray(f(x, y, dx_ds, dy_ds)), what="dz/ds at −2 times the speed")


@exercise.check(points=1, after=random_values)
def leaves_inputs_alone(f, rng):
    """Leaves its four arguments as they were."""
    unchanged(f, *matrices(rng))


@exercise.variant
def term_by_term(x, y, dx_ds, dy_ds):
    product = dx_ds * y + x * dy_ds
    cube = 3 * x * x * dx_ds
    return product + cube


@exercise.variant
def entry_by_entry(x, y, dx_ds, dy_ds):
    out = [
        dx * (b + 3 * a**2) + dy * a
        for a, b, dx, dy in zip(x.flat, y.flat, dx_ds.flat, dy_ds.flat, strict=True)
    ]
    return np.reshape(out, x.shape)


@exercise.variant
def as_a_dot_product(x, y, dx_ds, dy_ds):
    gradient = np.stack([y + 3 * np.square(x), x])
    speed = np.stack([dx_ds, dy_ds])
    return np.einsum("p...,p...->...", gradient, speed)


@exercise.misconception
def only_the_path_through_x(x, y, dx_ds, dy_ds):
    """Only the path through x is there. s reaches z through y as well."""
    return (y + 3 * x**2) * dx_ds


@exercise.misconception
def only_the_path_through_y(x, y, dx_ds, dy_ds):
    """Only the path through y is there. s reaches z through x as well."""
    return x * dy_ds


@exercise.misconception
def forgets_the_cube(x, y, dx_ds, dy_ds):
    """x occurs twice in z: the share of x³ is missing."""
    return y * dx_ds + x * dy_ds


@exercise.misconception
def forgets_the_product(x, y, dx_ds, dy_ds):
    """x occurs twice in z. In x·y, what does a change of x do?"""
    return 3 * x**2 * dx_ds + x * dy_ds


@exercise.misconception
def partials_swapped(x, y, dx_ds, dy_ds):
    """In x·y the slope along x is y, and the slope along y is x: they are the wrong way round."""
    return (x + 3 * x**2) * dx_ds + y * dy_ds


@exercise.misconception
def multiplies_the_paths(x, y, dx_ds, dy_ds):
    """Slopes multiply along one path; different paths add."""
    return (y + 3 * x**2) * dx_ds * (x * dy_ds)


@exercise.misconception
def adds_before_multiplying(x, y, dx_ds, dy_ds):
    """Every path has its own slope: multiply each with its own dx/ds or dy/ds before you add."""
    return (y + 3 * x**2 + x) * (dx_ds + dy_ds)


@exercise.misconception
def speeds_never_used(x, y, dx_ds, dy_ds):
    """The partial slopes are added, but how fast x and y move with s is not used."""
    return y + 3 * x**2 + x


@exercise.misconception
def cube_without_its_speed(x, y, dx_ds, dy_ds):
    """3x² is the slope of x³ along x. The path to s goes on from there: one factor is missing."""
    return y * dx_ds + x * dy_ds + 3 * x**2


@exercise.misconception(keeps=0.5)
def power_not_lowered(x, y, dx_ds, dy_ds):
    """Look at the derivative of x³ again: the exponent goes down by one."""
    return (y + 3 * x**3) * dx_ds + x * dy_ds


@exercise.misconception(keeps=0.5)
def exponent_not_in_front(x, y, dx_ds, dy_ds):
    """Look at the derivative of x³ again: the 3 comes to the front."""
    return (y + x**2) * dx_ds + x * dy_ds


@exercise.misconception
def averages_the_paths(x, y, dx_ds, dy_ds):
    """The paths' shares add up; they are not averaged."""
    return ((y + 3 * x**2) * dx_ds + x * dy_ds) / 2


@exercise.misconception
def subtracts_a_path(x, y, dx_ds, dy_ds):
    """The share of y is subtracted. Contributions add, whatever their sign turns out to be."""
    return (y + 3 * x**2) * dx_ds - x * dy_ds


@exercise.misconception
def overwrites_dx_ds(x, y, dx_ds, dy_ds):
    """The slopes are right, but the caller's dx_ds is overwritten on the way: work on a copy."""
    dx_ds *= y + 3 * x**2
    dx_ds += x * dy_ds
    return dx_ds
