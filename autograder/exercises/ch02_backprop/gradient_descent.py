"""Walking downhill."""

import numpy as np

from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "The gradient points uphill. Where is it to be asked for again after each step?",
        "Keep a list that begins with the start, and append a *new* array after every step.",
        "θ ← θ − rate · gradient(θ); the path has steps + 1 rows.",
    ),
)


def bowl(rng, size):
    """The gradient of a tilted quadratic bowl, and where to start on it."""
    root = rng.normal(size=(size, size)) / np.sqrt(size)
    steepness, pull = root @ root.T + 0.5 * np.eye(size), rng.normal(size=size)
    return travels(lambda theta: steepness @ np.asarray(theta) - pull), 3 * rng.normal(size=size)


@exercise.probe
def quadratic(rng):
    return *bowl(rng, 3), rng.uniform(0.05, 0.2), 7


@exercise.probe
def wavy(rng):
    """A landscape with hills: the gradient is different everywhere."""
    return travels(lambda theta: np.sin(theta) + 0.3), rng.normal(size=5), rng.uniform(0.4, 0.9), 2


@exercise.probe
def one_parameter(rng):
    return *bowl(rng, 1), rng.uniform(0.1, 0.4), 4


@exercise.probe
def no_steps(rng):
    return *bowl(rng, 5), 0.3, 0


@exercise.probe
def nearly_flat(rng):
    """Slopes so small that an impatient walker calls it a day."""
    gradient, start = bowl(rng, 3)
    return travels(lambda theta: 1e-8 * gradient(theta)), start, 2e7, 5


@exercise.check
def worked_example(f):
    """On θ², with gradient 2θ and rate ¼, every step halves θ."""
    path = f(travels(lambda theta: 2 * np.asarray(theta)), np.array([4.0, -2.0]), 0.25, 2)
    agree(path, np.array([[4.0, -2.0], [2.0, -1.0], [1.0, -0.5]]), what="the path")


@exercise.check
def nearly_flat_ground(f):
    """However small the slopes, all steps are taken: 10⁻⁸ · θ at rate 5 · 10⁷ halves θ as well."""
    path = f(travels(lambda theta: 1e-8 * np.asarray(theta)), np.array([4.0, -2.0]), 5e7, 2)
    agree(path, np.array([[4.0, -2.0], [2.0, -1.0], [1.0, -0.5]]), what="the path")


@exercise.check
def start_stays(f):
    """The caller's starting point is the same after the walk."""
    unchanged(f, travels(lambda theta: 2 * np.asarray(theta)), np.array([4.0, -2.0]), 0.25, 2)


@exercise.check
def shape_of_the_path(f, rng):
    """The path has one row for the start and one for each step."""
    got = np.shape(f(*quadratic(rng)))
    if got != (8, 3):
        raise Failed(f"7 steps with 3 parameters give a path of shape {got}, expected (8, 3)")


@exercise.check(points=2)
def random_walks(f, reference, rng):
    """Walks the right path on random landscapes of several dimensions, in few and many steps."""
    for size, rate, steps in [(3, 0.1, 7), (1, 0.3, 4), (7, 0.05, 130), (2, 0.17, 1)]:
        arguments = *bowl(rng, size), rate, steps
        agree(f(*arguments), reference(*arguments), what="the path")
    arguments = wavy(rng)
    agree(f(*arguments), reference(*arguments), what="the path over hills")


@exercise.check(points=1, after=random_walks)
def standing_still(f, rng):
    """Without steps, at rate 0 or on flat ground it stays where it is."""
    gradient, start = bowl(rng, 5)
    agree(f(gradient, start, 0.3, 0), start[None], what="the path of no steps")
    agree(f(gradient, start, 0.0, 3), np.array([start] * 4), what="the path at rate 0")
    flat = f(travels(lambda theta: np.zeros(5)), start, 0.3, 3)
    agree(flat, np.array([start] * 4), what="the path on flat ground")


@exercise.check(points=1, after=random_walks)
def whole_numbers_count(f, reference, rng):
    """Takes a start of whole numbers for what it is, and rounds no point of the path."""
    slope = travels(lambda theta: np.full(2, 0.3))
    whole_numbers(f, reference, slope, rng.integers(-9, 10, size=2), 0.5, 2)


@exercise.check(points=1, after=random_walks)
def walking_on(f, rng):
    """Stopping and walking on is the same as walking through, in whatever unit slopes come."""
    gradient, start, rate, _ = quadratic(rng)
    whole = np.asarray(f(gradient, start, rate, 7))
    agree(f(gradient, whole[3], rate, 4), whole[3:], what="the path from row 3 on")
    creeping = np.asarray(f(travels(lambda theta: np.ones(2)), np.full(2, 7.0), 1e-6, 30))
    agree(creeping, (7 - 1e-6 * np.arange(31))[:, None] * np.ones(2), rtol=1e-9, what="short steps")
    for unit in (1e-12, 1e-8, 1e8):
        path = f(travels(lambda theta: unit * np.asarray(gradient(theta))), start, rate / unit, 7)
        agree(path, whole, what=f"the path with slopes and 1/rate times {unit:g}")


@exercise.check(points=1, after=random_walks)
def closed_form(f, rng):
    """On ½k·θ² each step multiplies θ by 1 − rate·k: it creeps, leaps over or runs away."""
    start, steepness = 1e3 * rng.uniform(1, 2, size=3), np.array([1.0, 15.0, 25.0])
    path = f(travels(lambda theta: steepness * np.asarray(theta)), start, 0.1, 12)
    powers = (1 - 0.1 * steepness) ** np.arange(13)[:, None]
    agree(path, start * powers, what="the path")
    path = f(travels(lambda theta: theta), start, 0.1, 5)
    agree(path, start * 0.9 ** np.arange(6)[:, None], what="where θ is its own gradient, the path")


@exercise.check(points=1, after=random_walks)
def leaves_the_start_alone(f, rng):
    """Leaves the starting point as it was."""
    unchanged(f, *quadratic(rng))


@exercise.variant
def filling_an_array(gradient, theta, rate, steps):
    path = np.empty((steps + 1, len(theta)))
    path[0] = theta
    for t in range(steps):
        path[t + 1] = path[t] - rate * gradient(path[t])
    return path


@exercise.variant
def list_of_copies(gradient, theta, rate, steps):
    theta = theta.copy()
    path = [theta.copy()]
    while len(path) <= steps:
        theta -= rate * gradient(theta)
        path.append(theta.copy())
    return path


@exercise.variant
def recursive(gradient, theta, rate, steps):
    if steps == 0:
        return theta[np.newaxis]
    rest = recursive(gradient, theta - rate * gradient(theta), rate, steps - 1)
    return np.vstack([theta, rest])


def _walk(gradient, theta, steps, update):
    """The path of θ ← update(θ, gradient at θ, number of the step)."""
    path = [theta]
    for step in range(steps):
        path.append(update(path[-1], gradient(path[-1]), step))
    return np.array(path)


@exercise.misconception
def walks_uphill(gradient, theta, rate, steps):
    """The gradient points to where the cost grows fastest. You follow it; look at the sign."""
    return _walk(gradient, theta, steps, lambda t, g, _: t + rate * g)


@exercise.misconception
def rate_never_used(gradient, theta, rate, steps):
    """The whole gradient is subtracted: the learning rate is never used."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - g)


@exercise.misconception
def divides_by_the_rate(gradient, theta, rate, steps):
    """A smaller rate should make smaller steps; here it makes larger ones."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - g / (rate or 1))


@exercise.misconception
def gradient_of_the_start_only(gradient, theta, rate, steps):
    """The gradient is asked for once, at the start. It is different after every step."""
    first = gradient(theta)
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * first)


@exercise.misconception
def steps_of_fixed_length(gradient, theta, rate, steps):
    """Every step is equally long. Where the slope is steeper, the step should be longer."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * g / np.linalg.norm(g))


@exercise.misconception
def only_the_sign_of_the_gradient(gradient, theta, rate, steps):
    """Only the signs of the gradient are used. Steep directions deserve larger steps."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * np.sign(g))


@exercise.misconception
def always_from_the_start(gradient, theta, rate, steps):
    """Every step leaves from the start again. Step t goes on from where step t − 1 ended."""
    path = [theta]
    for _ in range(steps):
        path.append(theta - rate * gradient(path[-1]))
    return np.array(path)


@exercise.misconception
def rate_fades(gradient, theta, rate, steps):
    """The rate shrinks from step to step. Here it is the same for all of them."""
    return _walk(gradient, theta, steps, lambda t, g, step: t - rate / (step + 1) * g)


@exercise.misconception
def averages_over_the_parameters(gradient, theta, rate, steps):
    """The gradient is divided by the number of parameters; there is nothing to average."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * g / len(theta))


@exercise.misconception(keeps=0.5)
def start_is_missing(gradient, theta, rate, steps):
    """Row 0 of the path is the point after the first step. It should be the start."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * g)[1:]


@exercise.misconception(keeps=0.5)
def last_step_is_missing(gradient, theta, rate, steps):
    """One step is missing: a path of so many steps has one more point than steps."""
    return _walk(gradient, theta, max(steps - 1, 0), lambda t, g, _: t - rate * g)


@exercise.misconception(keeps=0.5)
def one_step_too_many(gradient, theta, rate, steps):
    """One step too many: a path of so many steps has one more point than steps, not two."""
    return _walk(gradient, theta, steps + 1, lambda t, g, _: t - rate * g)


@exercise.misconception
def only_the_end(gradient, theta, rate, steps):
    """This is only where the walk ends. The whole path is wanted, from the start on."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * g)[-1]


@exercise.misconception
def one_column_per_step(gradient, theta, rate, steps):
    """The path lies on its side: steps go down the rows, parameters across the columns."""
    return _walk(gradient, theta, steps, lambda t, g, _: t - rate * g).T


@exercise.misconception
def every_row_is_the_end(gradient, theta, rate, steps):
    """All rows are the same array, which each step overwrites. Store a new array every time."""
    theta = theta.copy()
    path = [theta]
    for _ in range(steps):
        theta -= rate * gradient(theta)
        path.append(theta)
    return np.array(path)


@exercise.misconception
def start_is_overwritten(gradient, theta, rate, steps):
    """The path is right, but `-=` on the argument moves the caller's start. Begin with a copy."""
    path = [theta.copy()]
    for _ in range(steps):
        theta -= rate * gradient(theta)
        path.append(theta.copy())
    return np.array(path)


@exercise.misconception
def stops_where_it_is_nearly_flat(gradient, theta, rate, steps):
    """The walk ends early where the slope looks small, so the path is too short. Take all steps."""
    path = [theta]
    for _ in range(steps):
        slope = np.asarray(gradient(path[-1]))
        if np.linalg.norm(slope) < 1e-6:
            break
        path.append(path[-1] - rate * slope)
    return np.array(path)


@exercise.misconception
def one_array_in_every_row(gradient, theta, rate, steps):
    """All rows after the start are one array, changed again by each later step. Append copies."""
    theta = np.array(theta, dtype=float)
    path = [theta.copy()]
    for _ in range(steps):
        theta -= rate * gradient(theta)
        path.append(theta)
    return np.array(path)
