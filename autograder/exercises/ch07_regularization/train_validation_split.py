"""Set some examples aside."""

import numpy as np

from autograder.exercises.ch07_regularization import splits
from autograder.judging.compare import Failed
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "Examples are often stored sorted, by class or by date. What follows for a split?",
        "Shuffle the row numbers once, and cut the shuffled order in two.",
        "`rng.permutation(n)`; the size of the second part is the share of n, rounded, from 1 to "
        "n − 1.",
    ),
)


def size_of(n, share):
    return min(max(round(n * share), 1), n - 1)


@exercise.probe
def eleven_rows(rng):
    return rng, 11, 0.3


def parts_of(f, source, n, *share):
    """Both parts, complete and of the right sizes."""
    train, validation = splits.split(f(source, n, *share))
    splits.every_row_once((train, validation), n)
    wanted = size_of(n, *share or (0.2,))
    if len(validation) != wanted:
        what = f"of {n} rows and a share of {(share or (0.2,))[0]:.3g}"
        raise Failed(f"{what}, {len(validation)} are set aside, expected {wanted}")
    return train, validation


def aside(value):
    """Which rows are set aside: their order does not matter."""
    return set(splits.split(value)[1])


@exercise.observe
@splits.look
def features(f):
    raw = f(np.random.default_rng(1), 11, 0.3)
    if raw is None:
        return [{"value": None}]
    train, validation = splits.split(raw)
    seen = [len(train), len(validation), sorted(train + validation) == list(range(11))]
    for n, share in [(10, 0.2), (7, 0.25), (8, 0.35), (5, 0.05), (5, 0.95)]:
        answered = f.reply(np.random.default_rng(2), n, share)
        if answered.error is not None:
            seen.append(answered.error.kind)
            continue
        parts = splits.split(answered.value)
        seen.append([len(parts[0]), len(parts[1]), bool(set(parts[0]) & set(parts[1]))])
    seen.append(len(splits.split(f(np.random.default_rng(2), 20))[1]))
    first, moved = splits.reply(f, np.random.default_rng(3), 60, 0.5)
    again, _ = splits.reply(f, np.random.default_rng(3), 60, 0.5)
    after, _ = splits.reply(f, moved, 60, 0.5)
    sets = [aside(value) for value in (first, again, after)]
    edges = [set(range(30)), set(range(30, 60))]
    steps = len({(row - min(sets[0])) % 60 for row in sets[0]} & set(range(30)))
    neighbours = sum((row + 1) % 60 in sets[0] for row in sets[0])
    return [
        *seen,
        sets[0] == sets[1],
        sets[0] == sets[2],
        [sets[0] == edge for edge in edges],
        neighbours >= 29,
        steps == 30,
    ]


@exercise.check
def ten_rows(f):
    """Of ten rows a share of 0.3 sets three aside and trains on seven, every row exactly once."""
    parts_of(f, np.random.default_rng(1), 10, 0.3)
    parts_of(f, np.random.default_rng(1), 10)


@exercise.check
def small_and_large_shares(f):
    """Neither part is ever empty; 0.26 of 10 is 3, rounded, and 0.24 is 2."""
    for n, share in [(10, 0.26), (10, 0.24), (5, 0.01), (5, 0.99), (2, 0.5), (2, 0.9)]:
        parts_of(f, np.random.default_rng(2), n, share)


@exercise.check
def not_in_order(f):
    """Half of a hundred rows is neither the first half nor the second, nor neighbours only."""
    found = aside(f(np.random.default_rng(3), 100, 0.5))
    neighbours = sum((row + 1) % 100 in found for row in found)
    # A fair half has about 25 such neighbours; 42 or more with probability below 1e-10.
    if neighbours >= 42:
        raise Failed("the rows set aside are neighbours: shuffle before you cut")


@exercise.check
def chance_from_your_generator(f):
    """The same generator state sets the same rows aside; the next call others."""
    splits.fresh(f, aside, 5, 60, 0.5)


@exercise.check(points=2)
def partitions(f, rng):
    """Shares out every row exactly once, in parts of the right size."""
    sizes = [(11, 0.3), (103, 0.2), (17, 0.4), (29, 0.7), (1000, 0.123), (7, 0.3)]
    for i in rng.permutation(len(sizes)):
        parts_of(f, splits.generators(rng, 1)[0], *sizes[i])


@exercise.check(points=1, after=partitions)
def never_empty(f, rng):
    """Leaves at least one row in each part, and rounds to the nearest size; 0.2 by default."""
    cases = [(5, 0.01), (5, 0.99), (2, 0.2), (2, 0.8), (3, 0.9), (10, 0.26), (10, 0.24), (13, 0.87)]
    for i in rng.permutation(len(cases)):
        parts_of(f, splits.generators(rng, 1)[0], *cases[i])
    parts_of(f, splits.generators(rng, 1)[0], 31)


@exercise.check(points=1, after=partitions)
def every_split_is_as_likely(f, rng):
    """Sets every row, and every pair, aside as often as chance would."""
    member = np.zeros((splits.DEALS, 11), dtype=bool)
    calls = [(source, 11, 0.4) for source in splits.generators(rng, splits.DEALS)]
    for deal, answer in enumerate(f.many(calls)):
        member[deal, sorted(aside(answer))] = True
    splits.fair(member, 4, 11)


@exercise.check(points=1, after=partitions)
def only_chance_is_the_generator(f, rng):
    """Takes its chance from the generator handed in alone, and splits anew each time."""
    for n, share in ((1009, 0.5), (2003, 0.2)):
        splits.fresh(f, aside, int(rng.integers(2**62)), n, share)


@exercise.variant
def shuffled_in_place(rng, n, share=0.2):
    order = np.arange(n)
    rng.shuffle(order)
    return tuple(np.split(order[::-1], [n - min(n - 1, max(1, round(n * share)))]))


@exercise.variant
def chosen_without_replacement(rng, n, share=0.2):
    size = min(n - 1, max(1, round(n * share)))
    held = np.zeros(n, dtype=bool)
    held[rng.choice(n, size, replace=False)] = True
    return [np.flatnonzero(~held), np.flatnonzero(held)]


@exercise.misconception
def never_shuffled(rng, n, share=0.2):
    """The last rows are set aside, as they stand: sorted data would lose whole classes. Shuffle."""
    size = size_of(n, share)
    return np.arange(n - size), np.arange(n - size, n)


@exercise.misconception
def first_rows_set_aside(rng, n, share=0.2):
    """The first rows are set aside, as they stand: sorted data would lose a class. Shuffle."""
    size = size_of(n, share)
    return np.arange(size, n), np.arange(size)


@exercise.misconception(keeps=0.5)
def parts_swapped(rng, n, share=0.2):
    """The share is what is trained on. It should be what is set aside."""
    order, size = rng.permutation(n), size_of(n, share)
    return order[:size], order[size:]


@exercise.misconception
def drawn_with_replacement(rng, n, share=0.2):
    """Rows are drawn with replacement: some are in the split twice and others never."""
    size = size_of(n, share)
    return rng.integers(n, size=n - size), rng.integers(n, size=size)


@exercise.misconception
def trains_on_all(rng, n, share=0.2):
    """The training part holds all rows, also those set aside: they are no longer unseen."""
    order = rng.permutation(n)
    return order, order[: size_of(n, share)]


@exercise.misconception
def two_shuffles(rng, n, share=0.2):
    """The two parts are cut from two different shuffles, so that they overlap. Shuffle once."""
    size = size_of(n, share)
    return rng.permutation(n)[size:], rng.permutation(n)[:size]


@exercise.misconception
def a_coin_for_each_row(rng, n, share=0.2):
    """A coin is tossed for each row: the size of the part is left to chance, and may be 0."""
    held = rng.random(n) < share
    return np.flatnonzero(~held), np.flatnonzero(held)


@exercise.misconception(keeps=0.5)
def rounded_down(rng, n, share=0.2):
    """The size is cut off, not rounded, and may become 0."""
    order, size = rng.permutation(n), int(n * share)
    return order[size:], order[:size]


@exercise.misconception(keeps=0.5)
def may_be_empty(rng, n, share=0.2):
    """With a very small or large share a part is empty. Neither should ever be."""
    order, size = rng.permutation(n), round(n * share)
    return order[size:], order[:size]


@exercise.misconception
def rotated(rng, n, share=0.2):
    """The order is only rotated: neighbours are set aside together. Shuffle it."""
    order, size = np.roll(np.arange(n), int(rng.integers(n))), size_of(n, share)
    return order[size:], order[:size]


@exercise.misconception
def a_seed_of_its_own(rng, n, share=0.2):
    """A fixed seed inside sets the same rows aside every time. Use `rng`."""
    order, size = np.random.default_rng(0).permutation(n), size_of(n, share)
    return order[size:], order[:size]


@exercise.misconception
def chance_from_elsewhere(rng, n, share=0.2):
    """The generator that you are given is not used, so nobody can repeat your split."""
    order, size = np.random.default_rng().permutation(n), size_of(n, share)
    return order[size:], order[:size]


@exercise.misconception
def always_a_fifth(rng, n, share=0.2):
    """A fifth is set aside, whatever the share."""
    order, size = rng.permutation(n), size_of(n, 0.2)
    return order[size:], order[:size]


@exercise.misconception(keeps=0.5)
def rounded_up(rng, n, share=0.2):
    """Always rounds up: 2.4 rows are 2, rounded."""
    size = min(max(int(np.ceil(n * share)), 1), n - 1)
    order = rng.permutation(n)
    return order[size:], order[:size]


@exercise.misconception
def rounded_down_but_never_empty(rng, n, share=0.2):
    """No part is empty, but the size is cut off: 2.6 rows are 3, rounded."""
    order, size = rng.permutation(n), min(max(int(n * share), 1), n - 1)
    return order[size:], order[:size]


@exercise.misconception
def validation_drawn_with_replacement(rng, n, share=0.2):
    """What is set aside is drawn with replacement, so that some rows are in it twice."""
    held = rng.integers(n, size=size_of(n, share))
    return np.setdiff1d(np.arange(n), held), held
