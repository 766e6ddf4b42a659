"""Try every choice of features."""

import itertools

import numpy as np

from autograder.exercises.ch04_preprocessing.clouds import turn
from autograder.exercises.ch04_preprocessing.select_by_correlation import columns
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    needs=("explained_share",),
    hints=(
        "How many pairs can be chosen from four features? Which is best?",
        "`itertools.combinations` lists the choices; `max` takes a `key`. What is the key?",
        r"$\arg\max_{|S| = d}\ \mathrm{share}(x,\, x_{:,S})$, the share being that of your "
        "`explained_share`.",
    ),
)


def given(rng, examples, features, size):
    """A few hidden causes mixed into all features, each with a noise of its own."""
    hidden = rng.normal(size=(examples, max(1, features // 2)))
    x = hidden @ rng.normal(size=(hidden.shape[1], features)) * rng.uniform(0.5, 3, features)
    x = x + rng.normal(size=x.shape) * rng.uniform(0.1, 1.5, features)
    return x - x.mean(axis=0), size


def loud_loners(rng, size=1):
    """The feature of largest variance stands alone; three others say the same, and more in all."""
    a, b, c, d, e = np.sqrt(60) * np.linalg.qr(centred(rng.normal(size=(60, 5))))[0].T
    x = np.stack([2 * a, 1.6 * b + 0.4 * c, 1.5 * b, 1.4 * b + 0.4 * d, 0.2 * e], axis=1)
    order = rng.permutation(5)
    return x[:, order] @ np.eye(5), size


def centred(x):
    return x - x.mean(axis=0)


@exercise.probe
def two_of_five(rng):
    return given(rng, 40, 5, 2)


@exercise.probe
def three_of_six(rng):
    return given(rng, 50, 6, 3)


@exercise.probe
def one_that_speaks_for_three(rng):
    return loud_loners(rng)


@exercise.probe
def two_that_say_much(rng):
    return loud_loners(rng, 2)


@exercise.probe
def pair_against_the_best_single(rng):
    return team(rng, 2.1)  # no two features tell the same


def team(rng, first=2.0):
    """The best single feature is in no best pair: step by step one does not get there."""
    a, b, c, d = np.sqrt(60) * np.linalg.qr(centred(rng.normal(size=(60, 4))))[0].T
    x = np.stack([first * a + 0.4 * c, 2 * b + 0.4 * d, 1.3 * (a + b)], axis=1)
    order = rng.permutation(3)
    return x[:, order] @ np.eye(3), 2


PROBES = tuple(exercise.probes)


def chooses(f, arguments, expected):
    got = columns(f(*arguments))
    if got != list(expected):
        raise Failed(f"the chosen columns are given as {got}, expected {list(expected)}"[:200])


@exercise.observe
def what_it_chooses(f):
    seen = []
    for arguments in [probe(np.random.default_rng(s)) for probe in PROBES for s in (1, 2, 3)]:
        reply = f.reply(*arguments)
        if reply.error is not None:
            seen.append({"raised": reply.error.kind})
        elif reply.value is None:
            return [{"value": None}]
        else:
            try:
                seen.append(str(columns(reply.value)))
                unchanged(f, *arguments)
            except Exception as failure:
                seen.append(str(failure).split(",")[0])
    return seen


SIGNS = np.array(list(itertools.product([1.0, -1.0], repeat=3)))


@exercise.check
def worked_example(f):
    """Of (3a, 2b + c/2, 2b, 2b + d/2) the loudest tells 9; 2b tells 4 of three, hence 12."""
    a, b, c = SIGNS.T
    x = np.stack([3 * a, 2 * b + 0.5 * c, 2 * b, 2 * b + 0.5 * a * b * c], axis=1)
    chooses(f, (x, 1), [2])
    chooses(f, (x, 2), [0, 2])


@exercise.check
def a_team(f):
    """Of (1.3(a + b), 2a + c/2, 2b + d/2) the first is best alone, and the last two together."""
    a, b, c = SIGNS.T
    x = np.stack([1.3 * (a + b), 2 * a + 0.5 * c, 2 * b + 0.5 * a * b * c], axis=1)
    chooses(f, (x, 1), [0])
    chooses(f, (x, 2), [1, 2])


@exercise.check
def all_of_them(f):
    """If as many are wanted as there are, all are chosen, in order."""
    chooses(f, (SIGNS * [1, 2, 3], 3), [0, 1, 2])


@exercise.check
def data_stay(f):
    """x is afterwards what it was before."""
    unchanged(f, SIGNS * [3, 1, 2], 2)


@exercise.check(points=2)
def random_clouds(f, reference, rng):
    """Finds the best choice, in order, among clouds with hidden causes."""
    for examples, features, size in [(40, 5, 2), (50, 6, 3), (31, 4, 1), (60, 7, 2), (23, 5, 4)]:
        arguments = given(rng, examples, features, size)
        chooses(f, arguments, reference(*arguments).tolist())
    # Loudness is not all, and a team may be better than the best and a partner.
    for arguments in (loud_loners(rng), loud_loners(rng, 2), team(rng), team(rng)):
        chooses(f, arguments, reference(*arguments).tolist())


@exercise.check(points=1, after=random_clouds)
def any_size(f, reference, rng):
    """Chooses one, two or three of four features that all differ in loudness."""
    x = centred(rng.normal(size=(30, 4)) @ turn(rng, 4)) * [1, 2, 3, 4]
    for size in rng.permutation([1, 2, 3]).tolist():
        chooses(f, (x, size), reference(x, size).tolist())


@exercise.check(points=1, after=random_clouds)
def edges(f, reference, rng):
    """Takes one feature, as many as there are, and whole numbers; leaves the data alone."""
    x, _ = given(rng, 20, 5, 5)
    chooses(f, (x, 5), range(5))
    chooses(f, (x[:, :1], 1), [0])
    whole = rng.integers(-9, 10, (20, 4)) * np.array([1, 2, 3, 4])
    whole = np.vstack([whole, -whole])
    chooses(f, (whole, 2), reference(whole, 2).tolist())
    unchanged(f, whole, 2)


@exercise.variant
def by_the_residuals(x, size):
    best, least = None, np.inf
    for chosen in itertools.combinations(range(x.shape[1]), min(size, x.shape[1])):
        z = x[:, chosen]
        left = np.sum((x - z @ np.linalg.pinv(z) @ x) ** 2)
        if left < least - 1e-12 * np.sum(x**2):
            best, least = chosen, left
    return list(best)


@exercise.variant
def recursively(x, size):
    def choices(start, left):
        if left == 0:
            yield []
            return
        for j in range(start, x.shape[1] - left + 1):
            yield from ([j, *more] for more in choices(j + 1, left - 1))

    chosen = list(choices(0, min(size, x.shape[1])))
    return tuple(chosen[int(np.argmax([round(_share(x, c), 12) for c in chosen]))])


def _share(x, chosen):
    z = x[:, list(chosen)]
    left = x - z @ np.linalg.lstsq(z, x, rcond=None)[0]
    return 1 - np.sum(left**2) / np.sum(x**2)


def _choices(x, size):
    return itertools.combinations(range(x.shape[1]), min(size, x.shape[1]))


@exercise.misconception
def the_loudest(x, size):
    """Those are the features of largest variance. Three that say the same need only one of them."""
    return sorted(np.argsort(-x.var(axis=0), kind="stable")[:size].tolist())


@exercise.misconception
def each_on_its_own(x, size):
    """Features are ranked one by one: the two best may well say the same."""
    alone = [-_share(x, [j]) for j in range(x.shape[1])]
    return sorted(np.argsort(alone, kind="stable")[:size].tolist())


@exercise.misconception
def step_by_step(x, size):
    """The best feature is taken first, then its best partner: a better team is never tried."""
    chosen = []
    for _ in range(min(size, x.shape[1])):
        left = [j for j in range(x.shape[1]) if j not in chosen]
        chosen.append(max(left, key=lambda j: round(_share(x, [*chosen, j]), 12)))
    return sorted(chosen)


@exercise.misconception
def the_worst(x, size):
    """That is the choice that tells least."""
    return list(min(_choices(x, size), key=lambda c: _share(x, c)))


@exercise.misconception
def the_first_ones(x, size):
    """The first features are taken, whatever they tell."""
    return list(range(min(size, x.shape[1])))


@exercise.misconception(keeps=0.5)
def one_too_few(x, size):
    """One feature fewer than wanted is chosen."""
    return list(max(_choices(x, max(size - 1, 1)), key=lambda c: _share(x, c)))


@exercise.misconception
def the_columns_themselves(x, size):
    """Those are the chosen columns; their numbers are wanted."""
    return x[:, list(max(_choices(x, size), key=lambda c: _share(x, c)))]


@exercise.misconception
def neighbours_only(x, size):
    """Only features that stand side by side are tried together."""
    size = min(size, x.shape[1])
    runs = [list(range(j, j + size)) for j in range(x.shape[1] - size + 1)]
    return max(runs, key=lambda c: _share(x, c))
