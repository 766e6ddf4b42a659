"""A few of each class to learn from, all others to be tested on."""

import numpy as np

from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging_hidden import chance

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "If you draw ten examples from all, how many of each class will there be?",
        "Class by class: `np.flatnonzero` gives the places, `rng.choice` draws from them. For the "
        "rest, `np.setdiff1d` knows what is left.",
        "`rng.choice(places, k, replace=False)` draws k different ones. Everything that is not "
        "chosen is in the rest, once.",
    ),
)


def labels_of(rng, counts):
    """Labels of unlikely numbers, in random order, so many of each."""
    names = rng.choice(np.arange(-9, 40), size=len(counts), replace=False)
    return rng.permutation(np.repeat(names, counts))


@exercise.probe
def three_classes(rng):
    return labels_of(rng, (5, 7, 4)), 3, rng


@exercise.probe
def all_of_one_class(rng):
    return labels_of(rng, (2, 5)), 2, rng


def split(f, labels, per_class, rng):
    """Chosen and rest, sorted, and the generator afterwards; `Failed` unless both are places."""
    reply = f.reply(labels, per_class, rng)
    if reply.error is not None:
        raise reply.error
    return *_places(reply.value, len(labels)), reply.args_after[2]


def _places(value, total):
    found = []
    for name, part in zip(("chosen", "rest"), sequence(value, 2, "the result"), strict=True):
        places = as_array(part, f"the {name}")
        if places.ndim != 1:
            raise Failed(f"the {name} have shape {places.shape}, expected one axis")
        if places.size and (
            places.dtype.kind not in "iu" or not 0 <= places.min() <= places.max() < total
        ):
            raise Failed(f"the {name} are not places from 0 to {total - 1}")
        found.append(np.sort(places.astype(int)))
    return found


def fair_split(labels, per_class, chosen, rest):
    """Raise `Failed` unless every example is in one part, and each class is chosen as often."""
    if len(np.unique(chosen)) < len(chosen):
        raise Failed("an example was chosen twice")
    if np.intersect1d(chosen, rest).size:
        raise Failed("an example is in both parts: the test would know it already")
    if not np.array_equal(np.union1d(chosen, rest), np.arange(len(labels))) or len(rest) + len(
        chosen
    ) != len(labels):
        raise Failed("some example is in neither part, or in one twice")
    for name in np.unique(labels):
        count = int(np.sum(labels[chosen] == name))
        if count != per_class:
            raise Failed(f"of class {name}, {count} examples are chosen, expected {per_class}")


@exercise.observe
def features(f):
    """Diagnosis looks at sizes, overlaps and how often each place is chosen."""
    try:
        labels, seen = np.repeat([4, 2, 7], [3, 5, 4]), []
        calls = [(labels, 2, np.random.default_rng(s)) for s in range(60)]
        often, pairs = np.zeros(12), set()
        for value in f.many(calls):
            if value is None:
                return [{"value": None}]
            parts = [np.sort(as_array(p)) for p in sequence(value, 2)]
            seen = [p.shape for p in parts] + [p.dtype.kind for p in parts]
            seen += [len(np.intersect1d(*parts)) > 0, len(np.unique(parts[0])) == len(parts[0])]
            if (
                parts[0].dtype.kind in "iu"
                and len(parts[0])
                and 0 <= parts[0].min() <= parts[0].max() < 12
            ):
                often[parts[0]] += 1
                pairs.add(tuple(np.bincount(labels[parts[0]], minlength=8)))
        never_twice = calls[:1] + [(labels, 2, Left(0, 2))]
        one, two = f.many(never_twice)
        moved = not np.array_equal(np.sort(one[0]), np.sort(two[0]))
        small = labels_of(np.random.default_rng(1), (2, 3))
        whole = [np.sort(as_array(p)) for p in f(small, 2, np.random.default_rng(2))]
        return [*seen, len(pairs) > 1, often > 0, often == 60, moved, [p.shape for p in whole]]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(",")[0]]


@exercise.check
def worked_example(f):
    """Of labels 7, 7, 7, 3, 3, 3 one each is chosen: 2 to learn from, the other 4 are the rest."""
    labels = np.array([7, 7, 7, 3, 3, 3])
    for seed in range(5):
        chosen, rest, _ = split(f, labels, 1, np.random.default_rng(seed))
        fair_split(labels, 1, chosen, rest)


@exercise.check
def a_whole_class(f):
    """Of a class of 2 and one of 4, with 2 per class: the small class is chosen as a whole."""
    labels = np.array([5, 0, 5, 5, 0, 5])
    for seed in range(5):
        chosen, rest, _ = split(f, labels, 2, np.random.default_rng(seed))
        fair_split(labels, 2, chosen, rest)


@exercise.check
def by_chance(f):
    """Of 20 examples of each class, twenty generators choose different ones."""
    labels = np.repeat([0, 1], 20)
    drawn = [split(f, labels, 3, np.random.default_rng(s))[0] for s in range(20)]
    # Any given example is never chosen in 20 draws with probability 0.85**20 = 4 %, half: < 1e-9.
    if len(np.unique(np.concatenate(drawn))) < 20:
        raise Failed("the same few examples are chosen again and again")
    again = split(f, labels, 3, np.random.default_rng(0))[0]
    if not np.array_equal(again, drawn[0]):
        raise Failed("two generators in the same state chose differently")
    _, _, moved = split(f, labels, 3, np.random.default_rng(0))
    if np.array_equal(split(f, labels, 3, moved)[0], drawn[0]):
        raise Failed("the next call chose the same examples: every call draws anew")


@exercise.check
def labels_stay(f, rng):
    """The labels are afterwards what they were."""
    unchanged(f, np.array([2, 0, 2, 2, 0]), 1, rng)


@exercise.check(points=2)
def no_example_is_lost(f, rng):
    """Every example is in one of the parts, and each class is chosen equally often."""
    for counts, per_class in [((5, 7, 4), 3), ((11, 3), 1), ((6, 9, 5, 8, 7), 4), ((30, 17), 13)]:
        extra = rng.integers(0, 5, size=len(counts))
        labels = labels_of(rng, np.array(counts) + extra)
        parts = split(f, labels, per_class, chance.generators(rng, 1)[0])[:2]
        fair_split(labels, per_class, *parts)


CALLS = 700


@exercise.check(points=2, after=no_example_is_lost)
def every_example_equally_often(f, rng):
    """Each example of a class is chosen as often as the others, and classes do not go together."""
    # Three questions to `chance`: a right answer fails with probability below 1e-11.
    labels = labels_of(rng, (5, 8, 5))
    calls = [(labels, 2, source) for source in chance.generators(rng, CALLS)]
    often, together, pairs = np.zeros(18), 0, np.zeros((5, 5))
    names = [n for n in np.unique(labels) if np.sum(labels == n) == 5]
    ranks = [np.flatnonzero(labels == n) for n in names]
    for value in f.many(calls):
        chosen, _ = _places(value, 18)
        fair_split(labels, 2, *_places(value, 18))
        often[chosen] += 1
        one, two = (np.isin(places, chosen) for places in ranks)
        together += np.array_equal(one, two)
        pairs[tuple(np.flatnonzero(one))] += 1
    p = np.array([2 / np.sum(labels == label) for label in labels])
    if not chance.shares_are(often, CALLS, p):
        raise Failed("some examples are chosen more often than others of their class")
    if not chance.shares_are(pairs[np.triu_indices(5, 1)], CALLS, 1 / 10):
        raise Failed("some pairs of a class are chosen more often than others")
    if not chance.shares_are(together, CALLS, 1 / 10):
        raise Failed("what is chosen from one class decides about another class")


@exercise.check(points=1, after=no_example_is_lost)
def as_many_as_there_are(f, rng):
    """Takes all of a class if it has no more; there may be nothing left."""
    for counts in ((3, 9), (9, 3, 4), (3, 3), (3,)):
        labels = labels_of(rng, counts)
        chosen, rest, _ = split(f, labels, 3, chance.generators(rng, 1)[0])
        fair_split(labels, 3, chosen, rest)


@exercise.check(points=1, after=no_example_is_lost)
def chance_comes_from_the_generator(f, rng):
    """The same state chooses the same; the next call, and other generators, choose anew."""
    labels, seed = labels_of(rng, (40, 50)), int(rng.integers(2**62))
    first, _, moved = split(f, labels, 9, np.random.default_rng(seed))
    again = split(f, labels, 9, np.random.default_rng(seed))[0]
    if not np.array_equal(first, again):
        raise Failed("two generators in the same state chose differently")
    # Nine of forty are the same nine with probability below 1e-8, with those of fifty 1e-17.
    for source in (moved, chance.generators(rng, 1)[0]):
        if np.array_equal(split(f, labels, 9, source)[0], first):
            raise Failed("another generator, or a used one, chose the same examples")


@exercise.check(points=1, after=no_example_is_lost)
def leaves_the_labels_alone(f, rng):
    """Leaves the labels as they were."""
    unchanged(f, labels_of(rng, (5, 7)), 3, chance.generators(rng, 1)[0])


@exercise.variant
def by_shuffling_each_class(labels, per_class, rng):
    chosen, rest = [], []
    for name in sorted(set(labels.tolist())):
        places = rng.permutation([i for i, label in enumerate(labels) if label == name])
        chosen += places[:per_class].tolist()
        rest += places[per_class:].tolist()
    return np.array(chosen), np.array(rest, dtype=int)


@exercise.variant
def by_random_keys(labels, per_class, rng):
    keys = rng.random(len(labels))
    rank = [np.sum((labels == label) & (keys < key)) for label, key in zip(labels, keys)]
    taken = np.array(rank) < per_class
    return np.flatnonzero(taken), np.flatnonzero(~taken)


def _split(labels, chosen):
    chosen = np.asarray(chosen)
    return chosen, np.setdiff1d(np.arange(len(labels)), chosen)


def _members(labels):
    return [np.flatnonzero(labels == name) for name in np.unique(labels)]


@exercise.misconception
def drawn_from_all(labels, per_class, rng):
    """So many are drawn from all examples: a class may have none among them."""
    total = per_class * len(np.unique(labels))
    return _split(labels, rng.choice(len(labels), total, replace=False))


@exercise.misconception
def first_of_each_class(labels, per_class, rng):
    """The first of each class are taken: files are often sorted. Draw them."""
    return _split(labels, np.concatenate([p[:per_class] for p in _members(labels)]))


@exercise.misconception
def with_replacement(labels, per_class, rng):
    """The same example can be drawn twice."""
    return _split(labels, np.concatenate([rng.choice(p, per_class) for p in _members(labels)]))


@exercise.misconception
def tested_on_everything(labels, per_class, rng):
    """The rest holds all examples, the chosen ones too: the test would know them already."""
    chosen, _ = by_shuffling_each_class(labels, per_class, rng)
    return chosen, np.arange(len(labels))


@exercise.misconception
def one_seed_for_ever(labels, per_class, rng):
    """A fixed seed inside always chooses the same. Use `rng`."""
    return by_shuffling_each_class(labels, per_class, np.random.default_rng(0))


@exercise.misconception(keeps=0.5)
def parts_swapped(labels, per_class, rng):
    """The rest comes first: first the chosen ones are asked for."""
    return by_shuffling_each_class(labels, per_class, rng)[::-1]


@exercise.misconception(keeps=0.5)
def labels_instead_of_places(labels, per_class, rng):
    """Labels come back. Places are asked for, so that the examples can be looked up."""
    return tuple(labels[part] for part in by_shuffling_each_class(labels, per_class, rng))


@exercise.misconception(keeps=0.5)
def masks_instead_of_places(labels, per_class, rng):
    """Truth values come back, one per example. Places are asked for."""
    chosen, _ = by_shuffling_each_class(labels, per_class, rng)
    mask = np.isin(np.arange(len(labels)), chosen)
    return mask, ~mask


@exercise.misconception
def only_the_chosen(labels, per_class, rng):
    """The rest is missing: what would the test be made with?"""
    return by_shuffling_each_class(labels, per_class, rng)[0]
