"""Many walks downhill at once."""

import numpy as np

from autograder.exercises.ch10_local_minima.landscapes import bowl, valleys
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=1,
    core=True,
    hints=(
        "One walk takes a step against its slope. What changes if there are a hundred walks?",
        "The slope comes for all walks in one call, in the shape of x.",
        "x ← x − rate · f'(x), as often as there are steps.",
    ),
)


def task(rng, shape, steps, rate=0.1):
    return valleys(rng), rng.uniform(-4, 4, size=shape), rate, steps


@exercise.probe
def several_walks(rng):
    return task(rng, 5, 3)


@exercise.probe
def a_grid_of_walks(rng):
    return task(rng, (2, 3), 2, rate=0.23)


@exercise.probe
def no_steps(rng):
    return task(rng, 4, 0)


@exercise.probe
def nearly_flat(rng):
    slope, x, *_ = task(rng, 3, 0)
    return travels(lambda x: 1e-8 * slope(x)), x, 1e7, 4


@exercise.check
def worked_example(f):
    """On x², with slope 2x, two steps of rate ¼ bring 4 and −2 to 1 and −½."""
    ends = f(travels(lambda x: 2 * np.asarray(x)), np.array([4.0, -2.0]), 0.25, 2)
    agree(ends, [1.0, -0.5], what="where the walks end")


@exercise.check
def asks_for_the_slope_on_the_way(f):
    """On x⁴/4, with slope x³, one step of rate ¼ brings 2 to 0; from 1 two lead to 0.645."""
    slope = travels(lambda x: np.asarray(x) ** 3)
    agree(f(slope, np.array([2.0]), 0.25, 1), [0.0], what="the end after a step")
    agree(f(slope, np.array([1.0]), 0.25, 2), [0.75 - 0.75**3 / 4], what="the end after two steps")


@exercise.check
def nothing_is_lost(f):
    """Starts stay as they were; without steps the walks end where they start."""
    starts = np.array([[3.0, -1.0], [0.5, 2.0]])
    slope = travels(lambda x: 2 * np.asarray(x))
    unchanged(f, slope, starts, 0.25, 2)
    agree(f(slope, starts, 0.25, 0), starts, what="the ends after no steps")


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Ends in the right place from many starts, after few and many steps."""
    for shape, steps, rate in [(7, 3, 0.1), (3, 25, 0.02), (11, 1, 0.3)]:
        arguments = task(rng, shape, steps, rate)
        agree(f(*arguments), reference(*arguments), what="where the walks end")


@exercise.check(points=1, after=random_walks)
def any_shape(f, reference, rng):
    """Takes a grid of starts, or a single one, and keeps its shape."""
    for shape in ((3, 5), (2, 3, 2), (1,), ()):
        arguments = task(rng, shape, 4)
        agree(f(*arguments), reference(*arguments), what="where the walks end")


@exercise.check(points=1, after=random_walks)
def laws(f, rng):
    """On ½k·x² each step multiplies x by 1 − rate·k, however small k; no walk sees another."""
    x, k = rng.uniform(1, 2, size=5), rng.uniform(2, 25)
    agree(f(bowl(k), x, 0.1, 9), x * (1 - 0.1 * k) ** 9, what="the ends in a bowl")
    agree(f(bowl(1e-9), x, 1e8, 3), x * 0.9**3, what="the ends on nearly flat ground")
    slope, starts, rate, _ = task(rng, 5, 0)
    together = np.asarray(f(slope, starts, rate, 8))
    agree(f(slope, starts[1:3], rate, 8), together[1:3], what="the ends of two walks alone")
    agree(f(slope, np.asarray(f(slope, starts, rate, 3)), rate, 5), together, what="walking on")


@exercise.check(points=1, after=random_walks)
def standing_still(f, rng):
    """Without steps, at rate 0 or on flat ground every walk stays where it is."""
    slope, starts, *_ = task(rng, 4, 0)
    flat = travels(lambda x: np.zeros(4))
    for arguments in ((slope, starts, 0.3, 0), (slope, starts, 0.0, 3), (flat, starts, 0.3, 3)):
        agree(f(*arguments), starts, what="where the walks end")


@exercise.check(points=1, after=random_walks)
def whole_numbers_count(f, reference, rng):
    """Takes starts of whole numbers for what they are, and rounds no place on the way."""
    slope = travels(lambda x: np.full(3, 0.3))
    whole_numbers(f, reference, slope, rng.integers(-9, 10, size=3), 0.5, 3)


@exercise.check(points=1, after=random_walks)
def leaves_the_starts_alone(f, rng):
    """Leaves the starts as they were."""
    unchanged(f, *several_walks(rng))


@exercise.variant
def with_a_while_loop(derivative, x, rate, steps):
    place, left = np.array(x, dtype=float), steps
    while left:
        place = place + -rate * derivative(place)
        left -= 1
    return place


@exercise.variant
def on_an_own_copy(derivative, x, rate, steps):
    here = np.array(x, dtype=float)
    for _ in range(steps):
        here -= np.multiply(rate, derivative(here))
    return here


@exercise.variant
def recursive(derivative, x, rate, steps):
    if steps == 0:
        return np.array(x)
    return recursive(derivative, x - rate * derivative(x), rate, steps - 1)


@exercise.misconception
def uphill(derivative, x, rate, steps):
    """The walks climb: the slope points uphill, so a step goes against it."""
    for _ in range(steps):
        x = x + rate * derivative(x)
    return x


@exercise.misconception
def slope_of_the_start(derivative, x, rate, steps):
    """Every step uses the slope of the start: ask for it again where the walk has come to."""
    return x - steps * rate * derivative(x)


@exercise.misconception
def only_one_step(derivative, x, rate, steps):
    """Only one step is taken, whatever `steps` says: is the `return` inside the loop?"""
    return x - rate * derivative(x) if steps else x


@exercise.misconception(keeps=0.5)
def one_step_too_many(derivative, x, rate, steps):
    """There is one step more than asked for; with 0 steps nothing may move."""
    for _ in range(steps + 1):
        x = x - rate * derivative(x)
    return x


@exercise.misconception
def one_step_too_few(derivative, x, rate, steps):
    """There is one step fewer than asked for."""
    for _ in range(1, steps):
        x = x - rate * derivative(x)
    return x


@exercise.misconception
def only_the_sign(derivative, x, rate, steps):
    """All steps are equally long: the slope's size is lost, only its sign is used."""
    for _ in range(steps):
        x = x - rate * np.sign(derivative(x))
    return x


@exercise.misconception
def rate_forgotten(derivative, x, rate, steps):
    """The steps are as long as the slopes: where is the rate?"""
    for _ in range(steps):
        x = x - derivative(x)
    return x


@exercise.misconception
def mean_slope_for_all(derivative, x, rate, steps):
    """All walks take the same step, by the mean slope: each has a slope of its own."""
    for _ in range(steps):
        x = x - rate * np.mean(derivative(x))
    return x


@exercise.misconception
def returns_the_path(derivative, x, rate, steps):
    """All places are returned. Only the ends are asked for."""
    path = [x]
    for _ in range(steps):
        path.append(path[-1] - rate * derivative(path[-1]))
    return np.array(path)


@exercise.misconception
def moves_the_starts(derivative, x, rate, steps):
    """The ends are right, but the caller's starts are overwritten: walk on a copy."""
    for _ in range(steps):
        x -= rate * np.asarray(derivative(x)).astype(x.dtype)
    return x


@exercise.misconception
def stops_when_it_is_flat(derivative, x, rate, steps):
    """The walk stops where slopes are small: take all steps that are asked for."""
    for _ in range(steps):
        if np.abs(derivative(x)).max() < 1e-4:
            break
        x = x - rate * derivative(x)
    return x
