"""Simulated annealing."""

import itertools
import math

import numpy as np

from autograder.exercises.ch10_local_minima import chances
from autograder.exercises.ch10_local_minima.landscapes import heights
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=4,
    needs=("acceptance_probability", "cooling"),
    hints=(
        "What happens in one step: who proposes, who decides, and what is written down?",
        "A coin u, uniform between 0 and 1, lies below a probability p with probability p. Every "
        "run proposes for itself and has a coin of its own.",
        "Accept where u < p(f(proposed) − f(x), T_t); a run that does not accept stays, and that "
        "place is written down again.",
    ),
)

flat = travels(lambda x: 0 * np.asarray(x))
square = travels(lambda x: np.asarray(x) ** 2)


def ran(f, source, *arguments):
    """Best places and path of the runs, and the generator as the call left it."""
    reply = f.reply(source, *arguments)
    if reply.error is not None:
        raise reply.error
    best, path = sequence(reply.value, 2, "the result")
    best, path = as_array(best, "the best places"), as_array(path, "the path")
    runs, steps = len(arguments[1]), arguments[4]
    if best.shape != (runs,) or path.shape != (steps + 1, runs):
        wanted = f"expected ({runs},) and ({steps + 1}, {runs})"
        raise Failed(f"best and path have shapes {best.shape} and {path.shape}, {wanted}")
    return best, path, reply.args_after[0]


def accepted(slope, spread, temperature):
    """How likely a proposal is accepted on a ramp: half go down, of the others E[exp(−a·|z|)]."""
    a = slope * spread / temperature
    return 0.5 + 0.5 * math.exp(a * a / 2) * math.erfc(a / math.sqrt(2))


@exercise.probe
def a_few_runs(rng):
    return rng, square, rng.uniform(-2, 2, size=5), 1.0, 0.9, 4


@chances.look
def features(f):
    source = lambda: np.random.default_rng(5)
    ramp = travels(lambda x: 2.0 * np.asarray(x))
    seen = []
    best, path, _ = ran(f, source(), flat, np.zeros(20_000), 1.0, 1.0, 3, 0.7)
    moves = np.diff(path, axis=0)
    seen += [chances.size_class(moves.std(), 0.7), round(3 * float(moves.mean()) / 0.7)]
    seen += [bool(np.ptp(moves[0]) == 0), bool(np.all(path[0] == 0))]
    seen.append(bool(np.mean(np.abs(moves) > 2.3 * moves.std()) > 0.004))
    best, path, _ = ran(f, source(), ramp, np.zeros(20_000), 4.0, 0.4, 4, 1.0)
    moved = np.diff(path, axis=0) != 0
    seen += [round(20 * float(share)) for share in moved.mean(axis=1)]
    seen += [bool(np.all(m) or not np.any(m)) for m in moved]
    seen.append(round(10 * float(np.mean(np.diff(path, axis=0)[0] > 0))))
    best, path, _ = ran(f, source(), square, np.full(4000, 0.2), 3.0, 1.0, 30, 1.0)
    lowest = np.abs(path).min(axis=0)
    seen += [
        round(5 * float(np.mean(np.isclose(np.abs(best), np.abs(row))))) for row in path[[0, -1]]
    ]
    seen.append(bool(np.allclose(np.abs(best), lowest)))
    _, one, moved_on = ran(f, source(), flat, np.zeros(9), 1.0, 0.9, 3)
    _, two, _ = ran(f, source(), flat, np.zeros(9), 1.0, 0.9, 3)
    _, three, _ = ran(f, moved_on, flat, np.zeros(9), 1.0, 0.9, 3)
    return [*seen, np.array_equal(one, two), np.array_equal(one, three)]


exercise.observe(features)


@exercise.check
def form_of_the_answer(f):
    """Returns a best place per run, and a path whose first row is the start; the starts stay."""
    starts = np.array([2.0, -1.0, 0.5])
    best, path, _ = ran(f, np.random.default_rng(1), square, starts, 1.0, 0.9, 6)
    agree(path[0], starts, what="the first row of the path")
    agree(np.abs(best), np.abs(path).min(axis=0), what="how far from 0 the best places are")
    unchanged(f, np.random.default_rng(1), square, starts, 1.0, 0.9, 6)


@exercise.check
def on_flat_ground(f):
    """Where all is flat every proposal is accepted: 30,000 moves have spread 0.5 and mean 0."""
    # Both vary by less than 0.003: these are seven of them and more.
    _, path, _ = ran(f, np.random.default_rng(2), flat, np.zeros(10_000), 1.0, 0.9, 3, 0.5)
    moves = np.diff(path, axis=0)
    if not 0.48 < moves.std() < 0.52 or abs(moves.mean()) > 0.02:
        found = f"spread {moves.std():.3g} and mean {moves.mean():.3g}"
        raise Failed(f"on flat ground the moves have {found}")
    if np.any(np.ptp(moves, axis=1) == 0):
        raise Failed("all runs make the same move: each proposes for itself")


@exercise.check
def on_a_ramp(f):
    """On a ramp, 76 % of the proposals are accepted at first, and only 54 % when it has cooled."""
    # Of 8,000 proposals the share varies by 0.56 %: the limits are seven of them.
    ramp = travels(lambda x: 1.0 * np.asarray(x))
    _, path, moved = ran(f, np.random.default_rng(3), ramp, np.zeros(8_000), 1.0, 0.1, 2, 1.0)
    share = np.mean(np.diff(path, axis=0) != 0, axis=1)
    wanted = [accepted(1.0, 1.0, t) for t in (1.0, 0.1)]
    if np.abs(share - wanted).max() > 0.04:
        raise Failed(f"{share[0]:.1%} and {share[1]:.1%} of the proposals are accepted")
    _, again, _ = ran(f, np.random.default_rng(3), ramp, np.zeros(8_000), 1.0, 0.1, 2, 1.0)
    _, other, _ = ran(f, moved, ramp, np.zeros(8_000), 1.0, 0.1, 2, 1.0)
    if not np.array_equal(path, again) or np.array_equal(path, other):
        raise Failed("chance must come from `rng`: same state, same runs; next call, new ones")


@exercise.check(points=2)
def acceptance(f, rng):
    """Accepts falls always and rises as often as the temperature of the step allows."""
    slope, spread = rng.uniform(0.5, 2), rng.choice([0.5, 2.0]) * rng.uniform(0.8, 1.2)
    ramp = travels(lambda x: slope * np.asarray(x))
    start, factor = rng.uniform(2, 3) * slope * spread, rng.uniform(0.4, 0.55)
    runs = 8_000 + int(rng.integers(500))
    source = chances.chance.generators(rng, 1)[0]
    _, path, _ = ran(f, source, ramp, np.zeros(runs), start, factor, 4, spread)
    moves = np.diff(path, axis=0)
    wanted = np.array([accepted(slope, spread, start * factor**t) for t in range(4)])
    for hits, p, what in (
        ((moves != 0).sum(axis=1), wanted, "accepted"),
        ((moves < 0).sum(axis=1), np.full(4, 0.5), "accepted downhill"),
    ):
        if not chances.chance.shares_are(hits, runs, p):
            t = int(np.argmax(np.abs(hits / runs - p)))
            found = f"{hits[t] / runs:.1%} of the proposals are {what}, expected {p[t]:.1%}"
            raise Failed(f"on a ramp, in step {t}, {found}")


@exercise.check(points=2, after=acceptance)
def proposals(f, rng):
    """Proposes normal steps of the spread asked for, by default 0.3, each run for itself."""
    for spread in ((), (rng.uniform(0.5, 5),)):
        source = chances.chance.generators(rng, 1)[0]
        _, path, _ = ran(f, source, flat, np.zeros(20_000), 1.0, 0.9, 1, *spread)
        u = np.diff(path, axis=0)[0] / (*spread, 0.3)[0]
        chances.standard(u, "on flat ground")
        chances.normal(u)
    source = chances.chance.generators(rng, 1)[0]
    _, path, _ = ran(f, source, flat, np.zeros(170), 1.0, 0.9, 150)
    chances.unrelated(np.diff(path, axis=0) / 0.3)


@exercise.check(points=1, after=acceptance)
def coins_of_their_own(f, rng):
    """Decides for every run with a coin of its own, new in each step."""
    slope = rng.uniform(1, 3)
    wall = travels(lambda x: slope * (np.asarray(x) != 0))  # from 0 all proposals rise by the same
    chance_of_a_rise = math.exp(-slope / 2.0)
    source = chances.chance.generators(rng, 1)[0]
    _, path, _ = ran(f, source, wall, np.zeros(3000), 2.0, 1.0, 2, 0.5)
    for before, after in itertools.pairwise(path):
        still = before == 0  # in the second step those whose first coin said no
        hits, runs = np.count_nonzero(after[still]), np.count_nonzero(still)
        if not chances.chance.shares_are(hits, runs, chance_of_a_rise):
            expected = f"{chance_of_a_rise:.1%} should: each with a coin of its own, new each time"
            raise Failed(f"{hits} of {runs} runs accept a rise of {slope:.3g} at T = 2; {expected}")


@exercise.check(points=1, after=acceptance)
def best_of_the_path(f, rng):
    """The best place of each run is the lowest that it has seen, its start included."""
    height, _ = heights(rng)
    starts = np.append(rng.uniform(-3, 3, size=30), np.zeros(5))
    best, path, _ = ran(f, chances.chance.generators(rng, 1)[0], height, starts, 3.0, 0.98, 60)
    agree(path[0], starts, what="the first row of the path")
    agree(height(best), np.min(height(path), axis=0), what="the heights of the best places")
    best, path, _ = ran(f, chances.chance.generators(rng, 1)[0], square, np.zeros(9), 5.0, 1.0, 9)
    agree(best, np.zeros(9), what="the best places of runs that start at the bottom")


@exercise.check(points=1, after=acceptance)
def frozen_or_no_steps(f, rng):
    """Near T = 0 it never climbs; without steps the start is the best place and the whole path."""
    height, _ = heights(rng)
    starts = rng.uniform(-3, 3, size=40)
    _, path, _ = ran(f, chances.chance.generators(rng, 1)[0], height, starts, 1e-300, 0.9, 30)
    if np.any(np.diff(height(path), axis=0) > 1e-12):
        raise Failed("at a temperature of 1e-300 some run climbs")
    best, path, _ = ran(f, chances.chance.generators(rng, 1)[0], height, starts, 1.0, 0.9, 0)
    agree([best, path[0]], [starts, starts], what="best places and path without steps")


@exercise.check(points=1, after=acceptance)
def fresh_every_time(f, rng):
    """Takes all chance from the generator handed in, and leaves the starts as they were."""
    seed = int(rng.integers(2**62))
    arguments = square, rng.uniform(-2, 2, size=2000), 2.0, 0.9, 5
    _, first, moved = ran(f, np.random.default_rng(seed), *arguments)
    _, again, _ = ran(f, np.random.default_rng(seed), *arguments)
    _, other, _ = ran(f, moved, *arguments)
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state led to different runs")
    up, other_up = np.diff(first, axis=0)[0] > 0, np.diff(other, axis=0)[0] > 0
    if np.mean(up == other_up) > 0.9:
        raise Failed("the next call ran like the last: every call draws anew")
    unchanged(f, np.random.default_rng(seed), *arguments)


def _chance(change, temperature):
    with np.errstate(over="ignore"):
        return np.exp(-np.maximum(change, 0) / temperature)


@exercise.variant
def run_by_run(rng, f, x, temperature, factor, steps, spread=0.3):
    path = np.empty((steps + 1, len(x)))
    for k, place in enumerate(x):
        path[0, k] = place
        for t in range(steps):
            proposed = place + rng.normal(0, spread)
            change = f(np.array([proposed]))[0] - f(np.array([place]))[0]
            if change <= 0 or rng.random() < _chance(change, temperature * factor**t):
                place = proposed
            path[t + 1, k] = place
    lowest = np.array([f(row) for row in path]).argmin(axis=0)
    return path[lowest, np.arange(len(x))], path


@exercise.variant
def hotter_is_a_running_number(rng, f, x, temperature, factor, steps, spread=0.3):
    place, height = np.array(x, dtype=float), f(x)
    best, record, path = place.copy(), np.array(height), [place.copy()]
    for _ in range(steps):
        proposed = place + spread * rng.standard_normal(place.size)
        other = f(proposed)
        accept = np.log(rng.random(place.size)) < -(other - height) / temperature
        place, height = np.where(accept, proposed, place), np.where(accept, other, height)
        better = height < record
        best[better], record[better] = place[better], height[better]
        path.append(place)
        temperature = temperature * factor
    return best, np.stack(path)


def _anneal(rng, f, x, temperature, factor, steps, spread, *, chance=_chance, **other):
    """Annealing with one thing exchanged; the misconceptions below say which."""
    best, path = x, [x]
    for t in range(steps):
        one = other.get("one_proposal")
        proposed = x + spread * other.get("draw", rng.normal)(size=1 if one else x.shape)
        hot = temperature * factor ** (t + other.get("ahead", 0))
        p = chance(f(proposed) - f(x), hot)
        coin = rng.uniform(size=1 if other.get("one_coin") else x.shape)
        x = np.where(coin < p, proposed, x)
        best = np.where(f(x) < f(best), x, best)
        path.append(x)
    return best, np.array(path)


@exercise.misconception
def never_climbs(rng, f, x, temperature, factor, steps, spread=0.3):
    """No rise is ever accepted, so that it stays in its valley: that is plain random descent."""
    return _anneal(rng, f, x, temperature, factor, steps, spread, chance=lambda c, t: c <= 0)


@exercise.misconception
def accepts_everything(rng, f, x, temperature, factor, steps, spread=0.3):
    """Every proposal is accepted, whatever the temperature."""
    return _anneal(rng, f, x, temperature, factor, steps, spread, chance=lambda c, t: 0 * c + 1)


@exercise.misconception
def never_cools(rng, f, x, temperature, factor, steps, spread=0.3):
    """The temperature stays as it was: where is the factor?"""
    return _anneal(rng, f, x, temperature, 1.0, steps, spread)


@exercise.misconception
def cooled_before_the_first_step(rng, f, x, temperature, factor, steps, spread=0.3):
    """The first step is already cooled: step 0 has the temperature asked for."""
    return _anneal(rng, f, x, temperature, factor, steps, spread, ahead=1)


@exercise.misconception
def welcomes_rises(rng, f, x, temperature, factor, steps, spread=0.3):
    """Rises are always accepted and falls sometimes: the change is new minus current."""
    flipped = lambda c, t: _chance(-c, t)
    return _anneal(rng, f, x, temperature, factor, steps, spread, chance=flipped)


@exercise.misconception
def a_coin_for_all_rises(rng, f, x, temperature, factor, steps, spread=0.3):
    """Every rise has a chance of one half, however high it is and however cold."""
    half = lambda c, t: np.where(c > 0, 0.5, 1.0)
    return _anneal(rng, f, x, temperature, factor, steps, spread, chance=half)


@exercise.misconception
def the_last_is_the_best(rng, f, x, temperature, factor, steps, spread=0.3):
    """The place at the end is returned as the best. It may have seen a lower one on the way."""
    _, path = _anneal(rng, f, x, temperature, factor, steps, spread)
    return path[-1], path


@exercise.misconception
def the_start_is_the_best(rng, f, x, temperature, factor, steps, spread=0.3):
    """The best place is never updated: it is still the start."""
    return x, _anneal(rng, f, x, temperature, factor, steps, spread)[1]


@exercise.misconception
def one_proposal_for_all(rng, f, x, temperature, factor, steps, spread=0.3):
    """All runs are proposed the same step: draw in x's shape."""
    return _anneal(rng, f, x, temperature, factor, steps, spread, one_proposal=True)


@exercise.misconception
def one_coin_for_all(rng, f, x, temperature, factor, steps, spread=0.3):
    """One coin decides for all runs of a step: each needs its own."""
    return _anneal(rng, f, x, temperature, factor, steps, spread, one_coin=True)


@exercise.misconception
def always_to_the_right(rng, f, x, temperature, factor, steps, spread=0.3):
    """Proposals go to the right only: rng.random is never negative."""
    return _anneal(rng, f, x, temperature, factor, steps, spread, draw=rng.random)


@exercise.misconception
def spread_ignored(rng, f, x, temperature, factor, steps, spread=0.3):
    """The proposed steps have a spread of 1, whatever is asked for."""
    return _anneal(rng, f, x, temperature, factor, steps, 1.0)


@exercise.misconception
def path_without_its_start(rng, f, x, temperature, factor, steps, spread=0.3):
    """The path begins after the first step: row 0 is the start."""
    best, path = _anneal(rng, f, x, temperature, factor, steps, spread)
    return best, path[1:]


@exercise.misconception
def the_energy_of_the_best(rng, f, x, temperature, factor, steps, spread=0.3):
    """Returns how low the best place was; asked for is the place itself."""
    best, path = _anneal(rng, f, x, temperature, factor, steps, spread)
    return f(best), path


@exercise.misconception
def uniform_proposals(rng, f, x, temperature, factor, steps, spread=0.3):
    """Proposals are uniform between −spread and spread; they should be normal."""
    draw = lambda size: rng.uniform(-1, 1, size)
    return _anneal(rng, f, x, temperature, factor, steps, spread, draw=draw)
