"""Try again elsewhere, and keep the best."""

import numpy as np

from autograder.exercises.ch10_local_minima.landscapes import heights, wells
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    needs=("descend",),
    hints=(
        "Which of the ends is the best one: the one of the smallest x, or of the smallest f(x)?",
        "All starts can walk at once: `descend` takes them together.",
        "The best end is where f is lowest among those that are numbers: `np.nanargmin`.",
    ),
)


def task(rng, starts, steps=40, rate=0.1):
    return *heights(rng), rng.uniform(-5, 5, size=starts), rate, steps


@exercise.probe
def some_starts(rng):
    return task(rng, 7)


@exercise.probe
def few_steps(rng):
    return task(rng, 4, steps=2)


@exercise.probe
def one_start(rng):
    return task(rng, 1)


@exercise.probe
def a_low_start_in_the_wrong_valley(rng):
    """The deepest valley is reached from high up, and its end is not yet flat."""
    height, slope, side = wells(rng)
    starts = side * np.array([-0.94, rng.uniform(1.6, 1.8), -rng.uniform(1.6, 1.8), -0.5])
    return height, slope, rng.permutation(starts), 0.02, 15


@exercise.probe
def one_runs_away(rng):
    return *runaway(), np.array([9.0, *rng.uniform(-0.3, 0.9, 4)]), 0.1, 30


def runaway():
    """x⁴/4 − x²/2: from far away the steps overshoot ever more; beyond a million it is NaN."""
    height = travels(lambda x: np.asarray(x) ** 4 / 4 - np.asarray(x) ** 2 / 2)

    @travels
    def slope(x):
        return np.where(np.abs(x) < 1e6, np.asarray(x) ** 3 - x, np.nan)

    return height, slope


def tilted():
    """Two valleys near −1 and 1; the left one is deeper."""
    height = travels(lambda x: (np.asarray(x) ** 2 - 1) ** 2 + 0.3 * np.asarray(x))
    return height, travels(lambda x: 4 * np.asarray(x) ** 3 - 4 * np.asarray(x) + 0.3)


@exercise.check
def worked_example(f):
    """On (x² − 1)² + 0.3x, starts 0.9, −1.8 and 2 end at 0.96, −1.0356 and 0.96: best −1.0356."""
    best, ends = sequence(f(*tilted(), np.array([0.9, -1.8, 2.0]), 0.01, 2000), 2)
    agree(ends, [0.960076, -1.035577, 0.960076], rtol=1e-3, what="the ends")
    agree(best, -1.035577, rtol=1e-3, what="the best end")


@exercise.check
def the_lowest_wins(f):
    """With the landscape turned round, −0.3x, the best end is 0.96's mirror image at 1.0356."""
    height = travels(lambda x: (np.asarray(x) ** 2 - 1) ** 2 - 0.3 * np.asarray(x))
    slope = travels(lambda x: 4 * np.asarray(x) ** 3 - 4 * np.asarray(x) - 0.3)
    starts = np.array([-1.5, 0.5, -0.5])
    best, _ = sequence(f(height, slope, starts, 0.01, 2000), 2)
    agree(best, 1.035577, rtol=1e-3, what="the best end")
    unchanged(f, height, slope, starts, 0.01, 3)


@exercise.check
def beside_a_walk_that_runs_away(f):
    """On x⁴/4 − x²/2 the start 9 runs away to NaN; the best of the other two ends is −1."""
    best, _ = sequence(f(*runaway(), np.array([9.0, -0.5, 0.01]), 0.1, 30), 2)
    agree(best, -1.0, rtol=1e-2, what="the best end")


@exercise.check(points=2)
def random_landscapes(f, reference, rng):
    """Finds the best end and all ends, with few and many starts and steps."""
    for starts, steps, rate in [(7, 40, 0.1), (3, 5, 0.05), (19, 60, 0.08)]:
        arguments = task(rng, starts, steps, rate)
        agree(f(*arguments), reference(*arguments), what="best end and ends")
    for _ in range(4):
        arguments = a_low_start_in_the_wrong_valley(rng)
        agree(f(*arguments), reference(*arguments), what="best end and ends of two valleys")


@exercise.check(points=1, after=random_landscapes)
def laws(f, rng):
    """The best end is one of the ends, none is lower; the order of the starts does not matter."""
    height, slope, starts, rate, steps = task(rng, 9)
    best, ends = sequence(f(height, slope, starts, rate, steps), 2)
    agree(height(best), np.min(height(np.asarray(ends))), what="the height of the best end")
    order = rng.permutation(9)
    other, shuffled = sequence(f(height, slope, starts[order], rate, steps), 2)
    agree(other, best, what="the best end of the same starts in other order")
    agree(shuffled, np.asarray(ends)[order], what="the ends in other order")


@exercise.check(points=1, after=random_landscapes)
def nan_never_wins(f, reference, rng):
    """A walk that has run away to NaN does not win, first, last or in between."""
    for position in rng.permutation(3):
        starts = np.insert(rng.uniform(0.2, 0.9, size=3) * [-1, 1, 1], position, 9.0)
        height, slope = runaway()
        lifted = travels(lambda x: height(x) + 2000.0)  # where a NaN taken for 0 would be lowest
        for landscape in ((height, slope), (lifted, slope)):
            best, ends = sequence(f(*landscape, starts, 0.1, 30), 2)
            agree(best, reference(*landscape, starts, 0.1, 30)[0], what="the best beside a NaN")
        agree(np.isnan(np.asarray(ends, dtype=float)), np.isnan(starts * np.nan) & (starts == 9))


@exercise.check(points=1, after=random_landscapes)
def one_start_or_no_steps(f, reference, rng):
    """One start is the best by itself; without steps the lowest start wins."""
    for arguments in (task(rng, 1), task(rng, 5, steps=0)):
        agree(f(*arguments), reference(*arguments), what="best end and ends")


@exercise.check(points=1, after=random_landscapes)
def leaves_the_starts_alone(f, rng):
    """Leaves the starts as they were."""
    unchanged(f, *some_starts(rng))


@exercise.variant
def one_after_the_other(f, derivative, starts, rate, steps):
    ends = []
    for x in starts:
        for _ in range(steps):
            x = x - rate * derivative(np.array([x]))[0]
        ends.append(x)
    number = [e for e in ends if not np.isnan(f(np.array([e]))[0])]
    return min(number, key=lambda e: f(np.array([e]))[0]), np.array(ends)


@exercise.variant
def with_infinity_for_nan(f, derivative, starts, rate, steps):
    x = np.array(starts, dtype=float)
    for _ in range(steps):
        x = x - rate * derivative(x)
    order = np.argsort(np.where(np.isnan(f(x)), np.inf, f(x)), kind="stable")
    return x[order[0]], x


def _ends(derivative, starts, rate, steps):
    for _ in range(steps):
        starts = starts - rate * derivative(starts)
    return starts


@exercise.misconception
def smallest_x(f, derivative, starts, rate, steps):
    """The end that lies farthest to the left wins. The *lowest* one should: compare f."""
    ends = _ends(derivative, starts, rate, steps)
    return float(np.nanmin(ends)), ends


@exercise.misconception
def best_start(f, derivative, starts, rate, steps):
    """The start is chosen by its own height. A high start can lead into the deepest valley."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[np.nanargmin(f(starts))]), ends


@exercise.misconception
def first_end(f, derivative, starts, rate, steps):
    """The first end is returned as the best: compare all of them."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[0]), ends


@exercise.misconception(keeps=0.5)
def height_instead_of_place(f, derivative, starts, rate, steps):
    """The lowest height is returned. The contract asks where it is reached."""
    ends = _ends(derivative, starts, rate, steps)
    return float(np.nanmin(f(ends))), ends


@exercise.misconception
def flattest_end(f, derivative, starts, rate, steps):
    """The end of the smallest slope wins: every valley is flat at its bottom."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[np.nanargmin(np.abs(derivative(ends)))]), ends


@exercise.misconception
def highest_end(f, derivative, starts, rate, steps):
    """The highest end wins: we are going down."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[np.nanargmax(f(ends))]), ends


@exercise.misconception
def nan_wins(f, derivative, starts, rate, steps):
    """A walk that ran away to NaN is taken for the best: `np.argmin` prefers NaN."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[np.argmin(f(ends))]), ends


@exercise.misconception
def only_the_best(f, derivative, starts, rate, steps):
    """The ends are missing: return both, the best and all of them."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[np.nanargmin(f(ends))])


@exercise.misconception
def starts_instead_of_ends(f, derivative, starts, rate, steps):
    """The best end is right, but with it come the starts, not the ends."""
    ends = _ends(derivative, starts, rate, steps)
    return float(ends[np.nanargmin(f(ends))]), starts


@exercise.misconception
def the_place_in_the_list(f, derivative, starts, rate, steps):
    """Returns which start was best, as a number; asked for is where it ended."""
    ends = _ends(derivative, starts, rate, steps)
    return int(np.nanargmin(f(ends))), ends


@exercise.misconception(keeps=0.5)
def ends_sorted(f, derivative, starts, rate, steps):
    """Sorts the ends by height: they belong in the order of their starts."""
    ends = _ends(derivative, starts, rate, steps)
    order = np.argsort(f(ends))
    return float(ends[order[0]]), ends[order]


@exercise.misconception
def lost_walks_left_out(f, derivative, starts, rate, steps):
    """Drops the walks that ran away: they do not win, but their ends are asked for too."""
    ends = _ends(derivative, starts, rate, steps)
    ends = ends[~np.isnan(ends)]
    return float(ends[np.argmin(f(ends))]), ends
