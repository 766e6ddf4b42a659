"""Everyone is examined once."""

import numpy as np

from autograder.exercises.ch07_regularization import splits
from autograder.judging.compare import Failed, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "Eleven cards are dealt to three players: how many does each get?",
        "Shuffle once, cut into k pieces; each piece validates once, and the others train.",
        "`np.array_split` makes pieces of nearly equal size; `np.concatenate` joins the others.",
    ),
)


@exercise.probe
def eleven_rows(rng):
    return rng, 11, 3


def folds_of(value, n, k):
    """The k folds as pairs of lists: each complete, each row validated exactly once."""
    folds = [splits.split(fold, i) for i, fold in enumerate(sequence(value, k, "the folds"), 1)]
    for parts in folds:
        splits.every_row_once(parts, n)
    validated = sorted(row for _, validation in folds for row in validation)
    if validated != list(range(n)):
        raise Failed(f"in {k} folds of {n} rows, not every row validates exactly once")
    sizes = sorted(len(validation) for _, validation in folds)
    if sizes[-1] - sizes[0] > 1:
        raise Failed(f"{n} rows in {k} folds: the sizes {sizes} differ by more than 1")
    return folds


def dealt(value):
    """Who validates together: neither the order of the folds nor that within one matters."""
    return {frozenset(splits.split(fold)[1]) for fold in value}


@exercise.observe
@splits.look
def features(f):
    seen = []
    for n, k in [(11, 3), (12, 4), (7, 7), (5, 2)]:
        answered = f.reply(np.random.default_rng(1), n, k)
        if answered.error is not None:
            seen.append(answered.error.kind)
        elif answered.value is None:
            return [{"value": None}]
        else:
            folds = [splits.split(fold) for fold in sequence(answered.value, len(answered.value))]
            validated = sorted(row for _, validation in folds for row in validation)
            seen.append([len(folds), validated == list(range(n))])
            seen.append([[len(train), len(validation)] for train, validation in folds])
            seen.append([bool(set(train) & set(held)) for train, held in folds])
            seen.append(len(validated) - len(set(validated)) > 0)
    first, moved = splits.reply(f, np.random.default_rng(3), 60, 4)
    again, _ = splits.reply(f, np.random.default_rng(3), 60, 4)
    after, _ = splits.reply(f, moved, 60, 4)
    sets = [dealt(value) for value in (first, again, after)]
    blocks = {frozenset(range(15 * i, 15 * i + 15)) for i in range(4)}
    stripes = {frozenset(range(i, 60, 4)) for i in range(4)}
    return [
        *seen,
        sets[0] == sets[1],
        sets[0] == sets[2],
        sets[0] == blocks,
        sets[0] == stripes,
        sum(row + 1 in fold for fold in sets[0] for row in fold) >= 40,
    ]


@exercise.check
def eleven_in_three(f):
    """Eleven rows in three folds: 4, 4 and 3 validate; each fold trains on all others."""
    folds_of(f(np.random.default_rng(1), 11, 3), 11, 3)


@exercise.check
def other_sizes(f):
    """Six in two folds are 3 and 3; in six folds each row validates alone; 8 in three: 3, 3, 2."""
    for n, k in [(6, 2), (6, 6), (8, 3), (2, 2)]:
        folds_of(f(np.random.default_rng(2), n, k), n, k)


@exercise.check
def not_in_order(f):
    """A hundred rows in four folds: neighbours do not stay together, nor come in turn."""
    folds = folds_of(f(np.random.default_rng(3), 100, 4), 100, 4)
    where = {row: i for i, (_, validation) in enumerate(folds) for row in validation}
    together = sum(where[row] == where[row + 1] for row in range(99))
    apart = sum(where[row] == where[row + 4] for row in range(96))
    # About a quarter of the pairs is together: 70 or more with probability below 1e-10.
    if max(together, apart) >= 70:
        raise Failed("rows are dealt by their place: shuffle them first")


@exercise.check
def chance_from_your_generator(f):
    """The same generator state deals the same folds; the next call others."""
    splits.fresh(f, dealt, 5, 60, 4)


@exercise.check(points=2)
def every_row_validates_once(f, rng):
    """Validates every row exactly once, in folds of nearly equal size, and trains on the rest."""
    sizes = [(11, 3), (12, 4), (103, 10), (29, 5), (64, 7), (15, 2)]
    for i in rng.permutation(len(sizes)):
        n, k = sizes[i]
        folds_of(f(splits.generators(rng, 1)[0], n, k), n, k)


@exercise.check(points=1, after=every_row_validates_once)
def leaves_one_out(f, rng):
    """With as many folds as rows, or two, each row validates once, too."""
    for n, k in rng.permutation([(7, 7), (2, 2), (3, 2), (9, 8), (13, 13)]).tolist():
        folds_of(f(splits.generators(rng, 1)[0], n, k), n, k)


@exercise.check(points=1, after=every_row_validates_once)
def every_deal_is_as_likely(f, rng):
    """Puts every row, and every pair, into a fold as often as chance would."""
    together = np.zeros((12, 12))
    calls = [(source, 12, 3) for source in splits.generators(rng, splits.DEALS)]
    member = np.zeros((splits.DEALS, 12), dtype=bool)
    for deal, answer in enumerate(f.many(calls)):
        folds = folds_of(answer, 12, 3)
        member[deal, folds[0][1]] = True
        for _, validation in folds:
            together[np.ix_(validation, validation)] += 1
    splits.fair(member, 4, 12)
    above = together[np.triu_indices(12, 1)]
    if not splits.chance.shares_are(above, splits.DEALS, 3 / 11):
        raise Failed("some rows validate together far too often, or too rarely")


@exercise.check(points=1, after=every_row_validates_once)
def only_chance_is_the_generator(f, rng):
    """Takes its chance from the generator handed in alone, and deals anew each time."""
    for n, k in ((1009, 4), (2003, 9)):
        splits.fresh(f, dealt, int(rng.integers(2**62)), n, k)


@exercise.variant
def every_kth_of_the_shuffled(rng, n, k):
    order = rng.permutation(n)
    return tuple((np.delete(order, np.s_[i::k]), order[i::k]) for i in range(k))


@exercise.variant
def by_labels(rng, n, k):
    label = np.arange(n) % k
    rng.shuffle(label)
    return [[np.flatnonzero(label != i), np.flatnonzero(label == i)] for i in range(k)]


def _folds(pieces):
    others = [np.concatenate(pieces[:i] + pieces[i + 1 :]) for i in range(len(pieces))]
    return list(zip(others, pieces, strict=True))


@exercise.misconception
def never_shuffled(rng, n, k):
    """The rows are cut as they stand: of sorted data a fold would hold a class of its own."""
    return _folds(np.array_split(np.arange(n), k))


@exercise.misconception
def dealt_in_turn(rng, n, k):
    """The rows are dealt in turn, by their place, the same every time. Shuffle them."""
    return _folds([np.arange(n)[i::k] for i in range(k)])


@exercise.misconception
def shuffled_for_every_fold(rng, n, k):
    """Each fold has a shuffle of its own: some rows validate twice and others never."""
    folds = []
    for i in range(k):
        pieces = np.array_split(rng.permutation(n), k)
        folds.append((np.concatenate(pieces[:i] + pieces[i + 1 :]), pieces[i]))
    return folds


@exercise.misconception
def trains_on_all(rng, n, k):
    """The training part holds all rows, also those that validate."""
    order = rng.permutation(n)
    return [(order, piece) for piece in np.array_split(order, k)]


@exercise.misconception(keeps=0.5)
def parts_swapped(rng, n, k):
    """The small piece trains and the rest validates: a fold is (train, validation)."""
    return [(small, large) for large, small in _folds(np.array_split(rng.permutation(n), k))]


@exercise.misconception
def remainder_dropped(rng, n, k):
    """If k does not divide n, the rows left over are in no fold."""
    size = n // k
    order = rng.permutation(n)[: size * k]
    return _folds([order[i * size : (i + 1) * size] for i in range(k)])


@exercise.misconception(keeps=0.5)
def remainder_to_the_last(rng, n, k):
    """What is left over goes to the last fold: sizes should differ by at most 1."""
    size, order = n // k, rng.permutation(n)
    cuts = [size * i for i in range(1, k)]
    return _folds(np.split(order, cuts))


@exercise.misconception
def only_the_first_fold(rng, n, k):
    """This is one split. There should be k of them."""
    return _folds(np.array_split(rng.permutation(n), k))[:1]


@exercise.misconception
def rotated(rng, n, k):
    """The order is only rotated: neighbours validate together. Shuffle it."""
    order = np.roll(np.arange(n), int(rng.integers(1, n)))
    return _folds(np.array_split(order, k))


@exercise.misconception
def a_seed_of_its_own(rng, n, k):
    """A fixed seed inside deals the same folds every time. Use `rng`."""
    return _folds(np.array_split(np.random.default_rng(0).permutation(n), k))


@exercise.misconception
def chance_from_elsewhere(rng, n, k):
    """The generator that you are given is not used, so nobody can repeat your folds."""
    return _folds(np.array_split(np.random.default_rng().permutation(n), k))


@exercise.misconception
def every_row_draws_its_fold(rng, n, k):
    """Every row draws its fold by itself, so that the folds differ in size by chance."""
    fold = rng.integers(k, size=n)
    return [(np.flatnonzero(fold != i), np.flatnonzero(fold == i)) for i in range(k)]
