"""A ball with inertia."""

import numpy as np

from autograder.exercises.ch10_local_minima.landscapes import bowl, valleys
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    needs=("descend",),
    hints=(
        "What does a ball remember from one step to the next, and what is it at the start?",
        "First the velocity, then the place: which of them sees the slope?",
        "v ← momentum · v − rate · f'(x), then x ← x + v, from v = 0.",
    ),
)


def task(rng, shape, steps, rate=0.05, momentum=0.8):
    return valleys(rng), rng.uniform(-4, 4, size=shape), rate, momentum, steps


@exercise.probe
def several_balls(rng):
    return task(rng, 5, 4)


@exercise.probe
def a_grid_of_balls(rng):
    return task(rng, (2, 3), 3, rate=0.11, momentum=0.35)


@exercise.probe
def no_inertia(rng):
    return task(rng, 4, 3, momentum=0.0)


@exercise.probe
def no_steps(rng):
    return task(rng, 4, 0)


@exercise.check
def worked_example(f):
    """On x² from 4, rate ¼ and momentum ½: three steps end at −1; without momentum at 0.5."""
    slope = travels(lambda x: 2 * np.asarray(x))
    agree(f(slope, np.array([4.0]), 0.25, 0.5, 3), [-1.0], what="the end with momentum ½")
    agree(f(slope, np.array([4.0]), 0.25, 0.0, 3), [0.5], what="the end without momentum")


@exercise.check
def on_a_ramp(f):
    """On a slope of 1 with rate 0.1 and momentum ½, steps of 0.1, 0.15, 0.175: 0.425 in all."""
    ramp = travels(lambda x: 1 + 0 * np.asarray(x))
    starts = np.array([0.0, 3.0])
    agree(f(ramp, starts, 0.1, 0.5, 3), starts - 0.425, what="the ends on a ramp")
    unchanged(f, ramp, starts, 0.1, 0.5, 3)


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Ends in the right place with little and much momentum, after few and many steps."""
    for shape, steps, rate, momentum in [(7, 4, 0.05, 0.9), (3, 30, 0.02, 0.6), (5, 2, 0.2, 0.3)]:
        arguments = task(rng, shape, steps, rate, momentum)
        agree(f(*arguments), reference(*arguments), rtol=1e-6, what="where the walks end")


@exercise.check(points=1, after=random_walks)
def any_shape(f, reference, rng):
    """Takes a grid of starts, or a single one, and keeps its shape; without steps nothing moves."""
    for shape, steps in (((3, 5), 3), ((), 3), ((1,), 3), ((4,), 0)):
        arguments = task(rng, shape, steps)
        agree(f(*arguments), reference(*arguments), what="where the walks end")


@exercise.check(points=1, after=random_walks)
def laws(f, rng):
    """Without momentum it descends; on a ramp step n is (1 − μⁿ)/(1 − μ) first steps long."""
    x, k = rng.uniform(1, 2, size=5), rng.uniform(2, 8)
    agree(f(bowl(k), x, 0.1, 0.0, 6), x * (1 - 0.1 * k) ** 6, what="the ends without momentum")
    tilt, momentum, rate = rng.uniform(0.5, 2), rng.uniform(0.3, 0.95), rng.uniform(0.01, 0.1)
    ramp = travels(lambda x: tilt + 0 * np.asarray(x))
    lengths = (1 - momentum ** np.arange(1, 13)) / (1 - momentum)
    agree(
        f(ramp, x, rate, momentum, 12), x - rate * tilt * lengths.sum(), what="the ends on a ramp"
    )


@exercise.check(points=1, after=random_walks)
def whole_numbers_count(f, reference, rng):
    """Takes starts of whole numbers for what they are: neither place nor velocity is rounded."""
    slope = travels(lambda x: np.full(3, 0.3))
    whole_numbers(f, reference, slope, rng.integers(-9, 10, size=3), 0.5, 0.7, 4)


@exercise.check(points=1, after=random_walks)
def leaves_the_starts_alone(f, rng):
    """Leaves the starts as they were."""
    unchanged(f, *several_balls(rng))


@exercise.variant
def by_last_and_now(derivative, x, rate, momentum, steps):
    before = now = np.array(x, dtype=float)
    for _ in range(steps):
        before, now = now, now + momentum * (now - before) - rate * derivative(now)
    return now


@exercise.variant
def velocity_downhill(derivative, x, rate, momentum, steps):
    place, pull = np.array(x, dtype=float), 0.0
    for _ in range(steps):
        pull = momentum * pull + derivative(place)
        place = place - rate * pull
    return place


@exercise.misconception
def velocity_forgotten(derivative, x, rate, momentum, steps):
    """The velocity starts at 0 in every step, so there is no inertia: keep it outside the loop."""
    for _ in range(steps):
        x = x - rate * derivative(x)
    return x


@exercise.misconception
def place_before_velocity(derivative, x, rate, momentum, steps):
    """The place moves by the old velocity: first update the velocity, then move by it."""
    v = np.zeros(np.shape(x))
    for _ in range(steps):
        slope = derivative(x)
        x = x + v
        v = momentum * v - rate * slope
    return x


@exercise.misconception(keeps=0.5)
def averages_the_velocity(derivative, x, rate, momentum, steps):
    """The slope is weighed by 1 − momentum: a common form, but its steps are shorter than here."""
    v = np.zeros(np.shape(x))
    for _ in range(steps):
        v = momentum * v - (1 - momentum) * rate * derivative(x)
        x = x + v
    return x


@exercise.misconception
def uphill(derivative, x, rate, momentum, steps):
    """The ball is pushed uphill: subtract the slope."""
    v = np.zeros(np.shape(x))
    for _ in range(steps):
        v = momentum * v + rate * derivative(x)
        x = x + v
    return x


@exercise.misconception
def looks_ahead(derivative, x, rate, momentum, steps):
    """The slope is asked for where the ball will be: that is Nesterov's rule."""
    v = np.zeros(np.shape(x))
    for _ in range(steps):
        v = momentum * v - rate * derivative(x + momentum * v)
        x = x + v
    return x


@exercise.misconception
def rate_on_the_whole_velocity(derivative, x, rate, momentum, steps):
    """The rate is applied to the remembered velocity again in each step: it dies away too fast."""
    v = np.zeros(np.shape(x))
    for _ in range(steps):
        v = rate * (momentum * v - derivative(x))
        x = x + v
    return x


@exercise.misconception
def one_velocity_for_all(derivative, x, rate, momentum, steps):
    """All balls share one velocity: each has its own, so let v have x's shape."""
    v = 0.0
    for _ in range(steps):
        v = momentum * v - rate * np.mean(derivative(x))
        x = x + v
    return x


@exercise.misconception
def slope_of_the_start(derivative, x, rate, momentum, steps):
    """Every step uses the slope of the start: ask for it again where the ball is."""
    v, slope = np.zeros(np.shape(x)), derivative(x)
    for _ in range(steps):
        v = momentum * v - rate * slope
        x = x + v
    return x


@exercise.misconception
def one_step_too_many(derivative, x, rate, momentum, steps):
    """There is one step more than asked for."""
    v = np.zeros(np.shape(x))
    for _ in range(steps + 1):
        v = momentum * v - rate * derivative(x)
        x = x + v
    return x


@exercise.misconception
def moves_the_starts(derivative, x, rate, momentum, steps):
    """The ends are right, but the caller's starts are overwritten: walk on a copy."""
    v = np.zeros(np.shape(x))
    for _ in range(steps):
        v = momentum * v - rate * np.asarray(derivative(x))
        x += v.astype(x.dtype)
    return x


@exercise.misconception(keeps=0.5)
def one_step_short(derivative, x, rate, momentum, steps):
    """Takes one step too few: range(1, steps) has steps − 1 numbers."""
    velocity = np.zeros(x.shape)
    for _ in range(1, steps):
        velocity = momentum * velocity - rate * derivative(x)
        x = x + velocity
    return x


@exercise.misconception
def pushed_off(derivative, x, rate, momentum, steps):
    """Starts with a push downhill; at first there is no velocity."""
    velocity = -rate * derivative(x)
    for _ in range(steps):
        velocity = momentum * velocity - rate * derivative(x)
        x = x + velocity
    return x


@exercise.misconception
def memory_pulls_back(derivative, x, rate, momentum, steps):
    """The memory has the wrong sign: momentum goes on in the direction of the last step."""
    before = x
    for _ in range(steps):
        x, before = x - rate * derivative(x) + momentum * (before - x), x
    return x


@exercise.misconception
def rate_twice(derivative, x, rate, momentum, steps):
    """The rate multiplies the slope, and then the velocity once more."""
    velocity = np.zeros(x.shape)
    for _ in range(steps):
        velocity = momentum * velocity - rate * derivative(x)
        x = x + rate * velocity
    return x
