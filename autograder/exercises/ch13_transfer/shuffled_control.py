"""A control: the same numbers, nothing learned."""

import numpy as np

from autograder.exercises.ch13_transfer.nets import network
from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging_hidden import chance

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "What does a layer know: which numbers it has, or where they stand?",
        "`rng.permutation` of a matrix only shuffles its rows. Of a vector it shuffles all.",
        "Flatten, shuffle, and give it back its shape; for each array with chance of its own.",
    ),
)


def layers(rng, *sizes):
    _, weights, biases = network(rng, sizes, 1)
    return weights, biases


@exercise.probe
def two_layers(rng):
    return *layers(rng, 5, 7, 3), rng


@exercise.probe
def one_layer(rng):
    return *layers(rng, 4, 6), rng


def shuffled(f, weights, biases, rng):
    """Both lists as arrays, and the generator afterwards."""
    reply = f.reply(weights, biases, rng)
    if reply.error is not None:
        raise reply.error
    parts = zip(("weights", "biases"), sequence(reply.value, 2, "the result"), (weights, biases))
    both = [_as_given(got, given, name) for name, got, given in parts]
    return *both, reply.args_after[2]


def _as_given(got, given, name):
    """Arrays of the shapes and with the entries of the given ones, or `Failed`."""
    found = []
    for i, (array, old) in enumerate(zip(sequence(got, len(given), f"the {name}"), given)):
        array = as_array(array, f"{name}[{i}]")
        if array.shape != old.shape:
            raise Failed(f"{name}[{i}] has shape {array.shape}, expected {old.shape}")
        agree(
            np.sort(array, axis=None), np.sort(old, axis=None), what=f"the entries of {name}[{i}]"
        )
        found.append(array)
    return found


@exercise.observe
def features(f):
    """Diagnosis looks at what is kept in rows, columns and over calls."""
    try:
        W = np.arange(35.0).reshape(5, 7)
        arguments = [W, W + 100], [np.arange(11.0), np.arange(11.0) + 20]
        calls = [(*arguments, np.random.default_rng(s)) for s in (1, 1, 2)]
        first, *others = f.replies([*calls, (*arguments, Left(0, 2))])
        if first.error is not None:
            raise first.error
        if first.value is None:
            return [{"value": None}]
        values = [first.value, *(reply.value for reply in others)]
        (V, U), (b, c) = ([as_array(part) for part in half] for half in values[0])
        if V.shape != W.shape:
            return [V.shape]
        rows = {tuple(sorted(row)) for row in V.tolist()} == {tuple(row) for row in W.tolist()}
        inside = all(sorted(v) == w for v, w in zip(V.tolist(), W.tolist(), strict=True))
        columns = all(sorted(v) == w for v, w in zip(V.T.tolist(), W.T.tolist(), strict=True))
        kept = [
            np.array_equal(V, W),
            np.array_equal(b, arguments[1][0]),
            np.array_equal(V + 100, U),
        ]
        kept += [np.array_equal(np.sort(V, axis=None), W.ravel()), np.array_equal(b + 20, c)]
        runs = [np.array_equal(values[0][0][0], other[0][0]) for other in values[1:]]
        reverse = np.array_equal(V.ravel(), W.ravel()[::-1])
        kept.append(np.array_equal(first.args_after[0][0], W))
        kept += [bool(np.isin(V, W).all()), bool(np.isin(V, [W, W + 100]).all())]
        return [V.shape, b.shape, rows, inside, columns, reverse, *kept, *runs]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(",")[0]]


@exercise.check
def same_numbers(f, rng):
    """Every array keeps its shape and its numbers; of 35 weights and 11 biases many have moved."""
    W, b = np.arange(35.0).reshape(5, 7), np.arange(11.0)
    mixed, offsets, _ = shuffled(f, [W, np.ones((7, 11))], [np.zeros(7), b], rng)
    for name, new, old in (("weights", mixed[0], W), ("biases", offsets[1], b)):
        if np.allclose(new, old):  # by chance once in 11!
            raise Failed(f"the {name} are where they were")


@exercise.check
def rows_and_columns_are_mixed(f, rng):
    """Of a matrix whose rows are 1, 2 and 3 throughout, no more than chance is left."""
    W = np.repeat([[1.0], [2.0], [3.0]], 40, axis=1)
    for name, given in (("row", W), ("column", W.T)):
        mixed, _, _ = shuffled(f, [given], [np.zeros(given.shape[1])], rng)
        rows = mixed[0] if name == "row" else mixed[0].T
        if np.any(np.ptp(rows, axis=1) == 0):
            raise Failed(f"whole {name}s still hold one number: entries move one by one")


@exercise.check
def each_array_by_itself(f, rng):
    """Two layers of the same numbers come back in different orders, at every call in others."""
    W, b = np.arange(36.0).reshape(6, 6), np.zeros(6)
    mixed, _, moved = shuffled(f, [W, W], [b, b], np.random.default_rng(3))
    if np.array_equal(mixed[0], mixed[1]):
        raise Failed("both layers are shuffled in the same way")
    again, _, _ = shuffled(f, [W, W], [b, b], np.random.default_rng(3))
    agree(again, mixed, what="from a generator in the same state")
    if np.array_equal(shuffled(f, [W, W], [b, b], moved)[0][0], mixed[0]):
        raise Failed("the next call gave the same order: every call draws anew")


@exercise.check
def the_trained_layers_stay(f, rng):
    """The trained layers are afterwards what they were."""
    unchanged(f, *two_layers(rng))


@exercise.check(points=2)
def every_number_is_kept(f, rng):
    """Every array keeps its shape and all its numbers, in another order."""
    for sizes in ((13, 17, 11), (19, 23), (14, 13, 16, 15)):
        weights, biases = layers(rng, *(n + int(rng.integers(3)) for n in sizes))
        mixed, _, _ = shuffled(f, weights, biases, chance.generators(rng, 1)[0])
        for i, (new, old) in enumerate(zip(mixed, weights, strict=True)):
            if np.allclose(new, old):  # rows alone, too, are so once in 13! at most
                raise Failed(f"weights[{i}] are where they were")


CALLS = 800


def numbers(rng, how_many):
    """Different numbers, exact in single precision too."""
    return rng.choice(np.arange(-99, 100), how_many, replace=False) / 8


@exercise.check(points=2, after=every_number_is_kept)
def every_place_equally_often(f, rng):
    """Each number comes to each place of its array equally often, in weights and biases."""
    # Three questions to `chance`: a right answer fails with probability below 1e-11.
    start = numbers(rng, 6)
    arguments = [start.reshape(2, 3)], [start[:3]]
    calls = [(*arguments, source) for source in chance.generators(rng, CALLS)]
    places, offsets, apart = np.zeros((6, 6)), np.zeros((3, 3)), 0
    for value in f.many(calls):
        W, b = (_as_given(got, given, "arrays")[0] for got, given in zip(value, arguments))
        places += W.ravel()[:, None] == start
        offsets += b[:, None] == start[:3]
        first = np.argwhere(W == start[0])[0]
        apart += bool(first[0] == np.argwhere(W == start[1])[0][0])
    if not (chance.shares_are(places, CALLS, 1 / 6) and chance.shares_are(offsets, CALLS, 1 / 3)):
        raise Failed("some numbers come to some places more often than to others")
    if not chance.shares_are(apart, CALLS, 2 / 5):
        raise Failed("numbers that stood in one row stay together")


@exercise.check(points=1, after=every_number_is_kept)
def arrays_do_not_go_together(f, rng):
    """Each array is shuffled by itself, also if several have one shape."""
    start = numbers(rng, 4).reshape(2, 2)
    arguments = [start, start], [start[0], start[1]]
    calls = [(*arguments, source) for source in chance.generators(rng, CALLS)]
    same_place, same_turn = 0, 0
    for value in f.many(calls):
        V, U = _as_given(value[0], arguments[0], "weights")
        b, c = _as_given(value[1], arguments[1], "biases")
        same_place += bool(np.argmax(start[0, 0] == V) == np.argmax(start[0, 0] == U))
        same_turn += bool((b[0] == start[0, 0]) == (c[0] == start[1, 0]))
    # Two questions, as above.
    if not (
        chance.shares_are(same_place, CALLS, 1 / 4) and chance.shares_are(same_turn, CALLS, 1 / 2)
    ):
        raise Failed("two arrays are shuffled in the same way: each has chance of its own")


@exercise.check(points=1, after=every_number_is_kept)
def chance_comes_from_the_generator(f, rng):
    """The same state shuffles in the same way; a used generator shuffles anew."""
    weights, biases = layers(rng, 48, 6, 5)
    seed = int(rng.integers(2**62))
    first, offsets, moved = shuffled(f, weights, biases, np.random.default_rng(seed))
    again, same_offsets, _ = shuffled(f, weights, biases, np.random.default_rng(seed))
    agree([again, same_offsets], [first, offsets], what="from the same state")
    for source in (moved, chance.generators(rng, 1)[0]):  # the same by chance once in 48!
        if np.array_equal(shuffled(f, weights, biases, source)[0][0], first[0]):
            raise Failed("another generator, or a used one, shuffled in the same way")


@exercise.check(points=1, after=every_number_is_kept)
def one_of_each(f, rng):
    """Takes layers of one unit, and whole numbers as they are."""
    weights = [rng.integers(-9, 10, size=(1, 1)), rng.integers(-9, 10, size=(1, 5))]
    shuffled(
        f, weights, [np.array([7]), rng.integers(-9, 10, size=5)], chance.generators(rng, 1)[0]
    )


@exercise.check(points=1, after=every_number_is_kept)
def leaves_the_trained_layers_alone(f, rng):
    """Leaves the trained layers as they were."""
    unchanged(f, *layers(rng, 5, 7, 3), chance.generators(rng, 1)[0])


@exercise.variant
def by_random_keys(weights, biases, rng):
    def mixed(array):
        return array.ravel()[np.argsort(rng.random(array.size))].reshape(array.shape)

    return [mixed(W) for W in weights], [mixed(b) for b in biases]


@exercise.variant
def in_place_on_copies(weights, biases, rng):
    both = []
    for arrays in (biases, weights):
        both.append([])
        for array in arrays:
            flat = np.array(array).flatten()
            rng.shuffle(flat)
            both[-1].append(flat.reshape(array.shape))
    return both[::-1]


def _each(change, weights, biases):
    return [change(W) for W in weights], [change(b) for b in biases]


@exercise.misconception(keeps=1 / 3)
def whole_rows(weights, biases, rng):
    """Only whole rows change places: `rng.permutation` of a matrix leaves each row together."""
    return _each(rng.permutation, weights, biases)


@exercise.misconception(keeps=1 / 3)
def within_each_row(weights, biases, rng):
    """Numbers stay in their rows: what an input is worth on the whole survives."""
    return _each(lambda array: rng.permuted(array, axis=-1), weights, biases)


@exercise.misconception
def not_shuffled(weights, biases, rng):
    """Nothing has moved: the shuffled array is not used."""
    return _each(np.copy, weights, biases)


@exercise.misconception
def new_numbers(weights, biases, rng):
    """New numbers are drawn. Keep the trained ones, so that only their places differ."""
    return _each(lambda array: array.std() * rng.normal(size=array.shape), weights, biases)


@exercise.misconception
def drawn_with_replacement(weights, biases, rng):
    """The numbers are drawn with replacement: some come twice, and some are lost."""
    return _each(lambda array: rng.choice(array.ravel(), array.shape), weights, biases)


@exercise.misconception
def mixed_between_the_layers(weights, biases, rng):
    """The layers exchange their numbers: each array keeps its own."""
    pool = rng.permutation(np.concatenate([np.ravel(W) for W in weights]))
    cuts = np.cumsum([np.size(W) for W in weights])[:-1]
    mixed = [part.reshape(W.shape) for part, W in zip(np.split(pool, cuts), weights)]
    return mixed, [rng.permutation(b) for b in biases]


@exercise.misconception(keeps=0.5)
def biases_stay(weights, biases, rng):
    """The biases are where they were."""
    return by_random_keys(weights, biases, rng)[0], [b.copy() for b in biases]


@exercise.misconception
def a_seed_of_its_own(weights, biases, rng):
    """A fixed seed inside shuffles in the same way at every call, and every array. Use `rng`."""
    return _each(
        lambda a: np.random.default_rng(0).permutation(a.ravel()).reshape(a.shape), weights, biases
    )


@exercise.misconception
def turned_round(weights, biases, rng):
    """The order is turned round, which is no chance at all."""
    return _each(lambda array: np.flip(array).copy(), weights, biases)


@exercise.misconception(keeps=0.5)
def flattened(weights, biases, rng):
    """The matrices have become vectors: give them back their shapes."""
    return _each(lambda array: rng.permutation(array.ravel()), weights, biases)


@exercise.misconception
def shuffles_the_trained_layers(weights, biases, rng):
    """The trained layers themselves have been shuffled: what was learned is lost. Use copies."""
    for array in [*weights, *biases]:
        array[...] = rng.permutation(array.ravel()).reshape(array.shape)
    return weights, biases


@exercise.misconception
def rows_and_columns_keep_together(weights, biases, rng):
    """Whole rows and columns change places, so that what stood in one row still does."""
    moved = [rng.permutation(rng.permutation(W).T).T for W in weights]
    return moved, [rng.permutation(b) for b in biases]
