"""The knock-out tournament."""

import math

import numpy as np

from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "Eight configurations, factor 2: who trains how long in which round?",
        "Score all that are left with the budget of this round; keep the best n // factor; then "
        "multiply the budget.",
        "Each round keeps the best 1/factor of those left, at least one, and gives them "
        "factor times the budget.",
    ),
)


def slow_and_fast(configuration, steps):
    """A loss that falls with the steps; some learn slowly but get far. No two are equal."""
    floor, speed = configuration["floor"], configuration["speed"]
    return float(floor + 10 * math.exp(-speed * steps))


def breaks(configuration, steps):
    """As above, but some trainings end in NaN, some of them only when they are long."""
    return math.nan if steps >= configuration["life"] else slow_and_fast(configuration, steps)


def field(rng, n, broken=0.0):
    """n configurations with floors, speeds and lives of their own; if some break, the best one
    does not, so that every round has a run that finished."""
    floor, speed, life = rng.random(n), rng.uniform(0.01, 0.3, n), np.full(n, 10**9)
    if broken:
        life = np.where(rng.random(n) < broken, rng.choice([0, 0, 12, 50], size=n), life)
        best = rng.integers(n)
        floor[best], speed[best], life[best] = -1.0, 0.4, 10**9
    return [
        {"id": float(k), "floor": float(a), "speed": float(b), "life": float(c)}
        for k, (a, b, c) in enumerate(zip(floor, speed, life))
    ]


def three_finish(rng, n, life):
    """n configurations; the three best never break, the others when they train for `life` steps."""
    players = [{**player, "life": float(life)} for player in field(rng, n)]
    for k, best in enumerate(rng.permutation(n)[:3]):
        players[best] |= {"floor": -1.0 - k, "speed": 0.4, "life": 1e9}
    return players


def tournament(f, configurations, score, budget, *factor):
    """Winner, rounds, and what was asked of the score; `Failed` if malformed."""
    asked = []

    def counted(configuration, steps):
        asked.append((float(configuration["id"]), float(steps)))
        return score(configuration, int(steps))

    winner, survivors = sequence(f(configurations, counted, budget, *factor), 2)
    if not isinstance(winner, dict) or set(winner) != set(configurations[0]):
        raise Failed("the winner is not one of the configurations")
    rounds = as_array(survivors, "the survivors")
    if rounds.ndim != 1 or (rounds.size and rounds.dtype.kind not in "iu"):
        raise Failed("the survivors are no list of whole numbers")
    return winner, [int(n) for n in rounds], sorted(asked)


def compare(f, reference, configurations, score, budget, *factor):
    winner, rounds, asked = tournament(f, configurations, score, budget, *factor)
    expected = []

    def counted(configuration, steps):
        expected.append((configuration["id"], float(steps)))
        return score(configuration, steps)

    best, survivors = reference(configurations, counted, budget, *factor)
    if len(configurations) > 1:  # whether a lone one trains for a round is left open
        agree(rounds, survivors, what="how many took part in each round")
        agree(asked, sorted(expected), what="which configuration trained how long (number, steps)")
    agree(winner, best, rtol=0, atol=0, what="the winner")


@exercise.observe
def features(f):
    """Diagnosis looks at the whole course of a few tournaments."""
    seen = []
    for k, (n, broken, *rest) in enumerate(CASES):
        rng = np.random.default_rng(k)
        score = breaks if broken else slow_and_fast
        try:
            won, rounds, asked = tournament(f, field(rng, n, broken), score, *rest)
            seen.append([won["id"], str(rounds), str(asked)])
        except Failed as failure:
            seen.append(failure.message[:40])
        except LearnerError as error:
            return [{"raised": error.kind}]
    return seen


CASES = ((8, 0, 5), (27, 0, 2, 3), (11, 0, 10, 2), (16, 0.6, 6, 2), (12, 0.95, 6, 2), (2, 0, 3, 5))


@exercise.probe
def eight_players(rng):
    return field(rng, 8), slow_and_fast, 5


@exercise.check
def worked_example(f):
    """Of eight, 8, 4 and 2 take part; the one with the lowest loss, whatever the steps, wins."""
    players = [{"id": float(k), "goal": abs(k - 5.0)} for k in range(8)]
    won, rounds, asked = tournament(f, players, lambda c, steps: c["goal"] + 1 / steps, 10)
    agree(won["id"], 5.0, what="the winner's number")
    agree(rounds, [8, 4, 2], what="the survivors")
    agree([sum(s == n for _, s in asked) for n in (10, 20, 40)], [8, 4, 2], what="runs by steps")


@exercise.check
def by_thirds(f):
    """With factor 3, nine train for 2 steps and three for 6; with factor 2, seven are 7 and 3."""
    players = [{"id": float(k), "goal": abs(k - 5.0)} for k in range(9)]
    goal = lambda c, steps: c["goal"] + 1 / steps
    won, rounds, asked = tournament(f, players, goal, 2, 3)
    agree(won["id"], 5.0, what="the winner's number")
    agree(rounds, [9, 3], what="the survivors")
    agree([sum(s == n for _, s in asked) for n in (2, 6)], [9, 3], what="runs by steps")
    agree(tournament(f, players[:7], goal, 2, 2)[1], [7, 3], what="the survivors of seven")


@exercise.check
def two_of_eight_finish(f):
    """If six of eight end in NaN only the other two go on, and the better of them wins."""
    players = [{"id": float(k), "goal": float(k)} for k in range(8)]
    score = lambda c, steps: c["goal"] if c["id"] in (3.0, 6.0) else math.nan
    won, rounds, _ = tournament(f, players, score, 4)
    agree(won["id"], 3.0, what="the winner's number")
    agree(rounds, [8, 2], what="the survivors")


@exercise.check(points=2)
def random_tournaments(f, reference, rng):
    """Lets the right ones go on, with the right steps, in fields and factors of many sizes."""
    for n, budget, factor in [
        (8, 5, 2),
        (9, 3000, 3),
        (27, 2, 3),
        (11, 10, 2),
        (5, 3, 4),
        (30, 1, 5),
        (13, 7, 3),
    ]:
        compare(f, reference, field(rng, n), slow_and_fast, budget, factor)


@exercise.check(points=1, after=random_tournaments)
def broken_runs(f, reference, rng):
    """Never lets a run that ended in NaN go on, even if fewer than planned are left."""
    for n, broken, budget, factor in [(16, 0.8, 6, 2), (9, 0.9, 6, 3), (12, 0.95, 20, 2)]:
        for _ in range(3):
            compare(f, reference, field(rng, n, broken), breaks, budget, factor)
    for life in (0, 12):  # in the first round, where 7 should go on; in the second, where 4 should
        compare(f, reference, three_finish(rng, 15 + life // 12, life), breaks, 6, 2)


@exercise.check(points=1, after=random_tournaments)
def late_bloomers(f, reference, rng):
    """Judges every round anew: who was best in an earlier one may lose later."""
    for _ in range(4):
        players = field(rng, 6)
        turned = lambda c, steps: float(abs(c["id"] - steps % 7) + 0.01 * c["floor"])
        compare(f, reference, players, turned, int(rng.integers(2, 6)), 2)
        compare(f, reference, players, lambda c, steps: -slow_and_fast(c, steps), 3)


@exercise.check(points=1, after=random_tournaments)
def small_fields_and_the_default(f, reference, rng):
    """Handles small fields and twins, halves if no factor is given, and changes no field."""
    for n in (1, 2, 3, 4):
        for factor in ((), (2,), (7,)):
            compare(f, reference, field(rng, n), slow_and_fast, 4, *factor)
    compare(f, reference, 2 * field(rng, 3), slow_and_fast, 4, 2)
    compare(f, reference, field(rng, 19), slow_and_fast, 1)
    unchanged(f, field(rng, 5), slow_and_fast, 4)


def ordered(configurations, losses):
    finished = [i for i in range(len(losses)) if not math.isnan(losses[i])]
    return [configurations[i] for i in sorted(finished, key=lambda i: losses[i])]


@exercise.variant
def with_pairs(configurations, score, budget, factor=2):
    left, rounds = list(configurations), []
    while len(left) > 1 or not rounds:
        rounds.append(len(left))
        scored = [(score(c, budget), k) for k, c in enumerate(left)]
        scored = sorted(pair for pair in scored if pair[0] == pair[0])
        left = [left[k] for _, k in scored][: max(1, rounds[-1] // factor)]
        budget = budget * factor
    return left[0], tuple(rounds)


@exercise.variant
def recursive(configurations, score, budget, factor=2):
    losses = np.array([score(c, budget) for c in configurations])
    order = [int(i) for i in np.argsort(losses) if not np.isnan(losses[i])]
    kept = [configurations[i] for i in order[: max(1, len(configurations) // factor)]]
    if len(kept) == 1:
        return [dict(kept[0]), np.array([len(configurations)])]
    winner, rounds = recursive(kept, score, factor * budget, factor)
    return winner, np.append([len(configurations)], rounds)


def played(configurations, score, budget, factor=2, *, best=ordered, longer=None, share=None):
    left, rounds = list(configurations), []
    while True:
        rounds.append(len(left))
        keep = max(1, share(len(left)) if share else len(left) // factor)
        left = best(left, [score(c, int(budget)) for c in left])[:keep]
        budget = longer(budget) if longer else budget * factor
        if len(left) == 1 or len(rounds) > 40:
            return left[0], rounds


@exercise.misconception
def keeps_the_worst(configurations, score, budget, factor=2):
    """The worst go on. A lower loss is better."""
    worst = lambda cs, losses: ordered(cs, losses)[::-1]
    return played(configurations, score, budget, factor, best=worst)


@exercise.misconception
def always_the_same_steps(configurations, score, budget, factor=2):
    """The survivors train no longer than before: the budget has to grow from round to round."""
    return played(configurations, score, budget, factor, longer=lambda b: b)


@exercise.misconception
def budget_always_doubles(configurations, score, budget, factor=2):
    """The budget doubles in every round, whatever the factor is."""
    return played(configurations, score, budget, factor, longer=lambda b: 2 * b)


@exercise.misconception
def always_halves(configurations, score, budget, factor=2):
    """Half of the field survives, whatever the factor is."""
    return played(configurations, score, budget, factor, share=lambda n: n // 2)


@exercise.misconception
def budget_grows_by_addition(configurations, score, budget, factor=2):
    """The budget grows by the same amount each round; it should be multiplied."""
    return played(configurations, score, budget, factor, longer=lambda b: b + budget)


@exercise.misconception
def rounds_up(configurations, score, budget, factor=2):
    """Of 11, half are 5, rounded down; here one more survives."""
    up = lambda n: -(-n // factor) if n > 2 else 1
    return played(configurations, score, budget, factor, share=up)


@exercise.misconception
def broken_runs_go_on(configurations, score, budget, factor=2):
    """Runs that ended in NaN take the places that are left over. They should not go on."""
    everyone = lambda cs, losses: [cs[i] for i in np.argsort(losses, kind="stable")]
    return played(configurations, score, budget, factor, best=everyone)


@exercise.misconception
def nan_wins(configurations, score, budget, factor=2):
    """Runs that ended in NaN are taken for the best of all."""
    first = lambda cs, losses: [
        cs[i] for i in sorted(range(len(cs)), key=lambda i: (losses[i] == losses[i], losses[i]))
    ]
    return played(configurations, score, budget, factor, best=first)


@exercise.misconception
def one_round_only(configurations, score, budget, factor=2):
    """The first round decides everything. Who is fast at first need not get far."""
    losses = [score(c, budget) for c in configurations]
    return ordered(configurations, losses)[0], [len(configurations)]


@exercise.misconception
def everyone_trains_to_the_end(configurations, score, budget, factor=2):
    """All are trained in all rounds: right at the end, but nothing has been saved."""
    _, rounds = played(configurations, score, budget, factor)
    for k in range(len(rounds)):
        losses = [score(c, budget * factor**k) for c in configurations]
    return ordered(configurations, losses)[0], rounds
