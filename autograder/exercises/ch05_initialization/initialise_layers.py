"""All layers of a network."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from autograder.judging.travel import travels

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    hints=(
        "Sizes [5, 7, 3]: how many weight matrices are that, and of which shapes?",
        "Go through the pairs of neighbours, in order, and call `initialise` once for each.",
        "Layer l has sizes[l] inputs and sizes[l + 1] units.",
    ),
)


def named(n_in, n_out, /):
    """Weights that tell for which layer they were made."""
    return np.arange(n_in * n_out, dtype=float).reshape(n_in, n_out) + n_in / (7 * n_out)


def counter(start=0):
    """An initialiser that fills each matrix with the number of the call, and keeps a list."""
    calls = []

    def initialise(n_in, n_out, /):
        calls.append((int(n_in), int(n_out)))
        return np.full((n_in, n_out), float(start + len(calls)))

    return initialise, calls


@exercise.probe
def three_layers(rng):
    return [int(n) for n in rng.permutation([2, 3, 5, 7])], counter()[0]


@exercise.probe
def equal_layers(rng):
    return [3, 3, 3, 3], counter(int(rng.integers(9)))[0]


@exercise.probe
def one_layer(rng):
    return [3, 2], named


@exercise.check
def two_layers(f):
    """Sizes [2, 3, 1] ask for a matrix (2, 3), then one (3, 1)."""
    agree(
        f([2, 3, 1], travels(lambda i, o: np.full((i, o), 0.5))),
        [np.full((2, 3), 0.5), np.full((3, 1), 0.5)],
    )


@exercise.check
def a_draw_for_each(f):
    """For [2, 2, 2] two calls are made, the first for the first layer."""
    initialise, _ = counter()
    agree(f([2, 2, 2], initialise), [np.full((2, 2), 1.0), np.full((2, 2), 2.0)])


@exercise.check
def sizes_stay(f):
    """The caller's list of sizes is the same afterwards."""
    unchanged(f, [2, 3, 1], travels(lambda i, o: np.full((i, o), 0.5)))


@exercise.check(points=2)
def in_order(f, rng):
    """Returns the weights of each pair of neighbours, in order, just as they were drawn."""
    for length in (2, 3, 4, 7, 13):
        sizes = [int(n) for n in rng.integers(1, 12, length)]
        expected = [named(*pair) for pair in zip(sizes[:-1], sizes[1:], strict=True)]
        agree(f(sizes, named), expected, what="the weights")


@exercise.check(points=1, after=in_order)
def once_per_layer(f, rng):
    """Calls `initialise` once for every layer, the first layer first, even for equal layers."""
    for sizes in ([5, 3, 2, 7], [4, 4, 4, 4], [3, 2], [2, 5, 2, 5, 2]):
        initialise, calls = counter(int(rng.integers(100, 1000)))
        start = initialise(1, 1)[0, 0]
        calls.clear()
        found = sequence(f(sizes, initialise), len(sizes) - 1, "the weights")
        pairs = list(zip(sizes[:-1], sizes[1:], strict=True))
        if calls != pairs:
            raise Failed(f"for {sizes}, initialise was asked for {calls[:9]}")
        expected = [np.full(pair, start + k) for k, pair in enumerate(pairs)]
        agree(found, expected, what="the weights")


@exercise.check(points=1, after=in_order)
def changes_nothing(f):
    """Leaves the list of sizes as it was, and the weights a list, even of a single layer."""
    unchanged(f, [5, 3, 2], named)
    sequence(f([3, 2], named), 1, "the weights of one layer")


@exercise.variant
def pairs(sizes, initialise):
    return tuple(initialise(i, o) for i, o in zip(sizes, sizes[1:], strict=False))


@exercise.variant
def step_by_step(sizes, initialise):
    weights, n_in = [], sizes[0]
    for n_out in sizes[1:]:
        weights.append(initialise(n_in, n_out))
        n_in = n_out
    return weights


@exercise.variant
def with_enumerate(sizes, initialise):
    weights = [None] * (len(sizes) - 1)
    for layer, n_out in enumerate(sizes[1:]):
        weights[layer] = np.array(initialise(sizes[layer], n_out))
    return weights


@exercise.misconception
def sizes_swapped(sizes, initialise):
    """initialise gets (n_out, n_in): the sizes of each pair are the wrong way round."""
    return [initialise(sizes[k + 1], sizes[k]) for k in range(len(sizes) - 1)]


@exercise.misconception
def drawn_the_other_way_and_transposed(sizes, initialise):
    """The shape is right, but `initialise` was told (n_out, n_in): it scales by what it is told."""
    return [initialise(sizes[k + 1], sizes[k]).T for k in range(len(sizes) - 1)]


@exercise.misconception
def last_layer_missing(sizes, initialise):
    """The last layer has no weights: n sizes have n − 1 pairs of neighbours."""
    return [initialise(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 2)]


@exercise.misconception
def first_layer_missing(sizes, initialise):
    """The inputs are a layer too: the first matrix leads from sizes[0] to sizes[1]."""
    return [initialise(sizes[k], sizes[k + 1]) for k in range(1, len(sizes) - 1)]


@exercise.misconception(keeps=0.5)
def last_layer_first(sizes, initialise):
    """The list should begin with the layer next to the input."""
    return [initialise(sizes[k], sizes[k + 1]) for k in range(len(sizes) - 1)][::-1]


@exercise.misconception
def drawn_backwards(sizes, initialise):
    """The list is in order, but the last layer was drawn first."""
    layers = reversed(range(len(sizes) - 1))
    return [initialise(sizes[k], sizes[k + 1]) for k in layers][::-1]


@exercise.misconception
def one_draw_for_equal_shapes(sizes, initialise):
    """Layers of one shape get the very same weights. Each layer needs a draw of its own."""
    known = {}
    for pair in zip(sizes, sizes[1:], strict=False):
        known[pair] = known[pair] if pair in known else initialise(*pair)
    return [known[pair] for pair in zip(sizes, sizes[1:], strict=False)]


@exercise.misconception
def a_layer_too_many(sizes, initialise):
    """There is one matrix too many: the output layer leads nowhere."""
    return [initialise(n, m) for n, m in zip(sizes, [*sizes[1:], sizes[-1]], strict=True)]


@exercise.misconception
def always_from_the_input(sizes, initialise):
    """Every matrix starts from the input: the next layer sees the units of the one before."""
    return [initialise(sizes[0], n) for n in sizes[1:]]


@exercise.misconception
def sizes_used_up(sizes, initialise):
    """`pop` shortens the caller's list: it cannot be used again."""
    weights = []
    while len(sizes) > 1:
        n_in = sizes.pop(0)
        weights.append(initialise(n_in, sizes[0]))
    return weights
