"""What may be connected with what?"""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import all_unchanged

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=4,
    hints=(
        "Which layer does unit i belong to? And how many layers further on is the unit j it feeds?",
        "`np.repeat` lists the layer of every unit. One subtraction of that list from itself, once "
        "as a row and once as a column, gives the distance for every pair at once.",
        r"With $d_{ij} = \text{layer}(j) - \text{layer}(i)$: dense means that all pairs with "
        r"$d = 1$ are connected, no lateral that none with $d = 0$ is, no skips that none of the "
        "others is.",
    ),
)


def wired(rng, sizes, *, missing=0, lateral=0, own=0, skip=0, back=0):
    """A dense stack of layers with weights of either sign, and so many changes of each kind."""
    steps = np.subtract.outer(*2 * [np.searchsorted(np.cumsum(sizes), range(sum(sizes)), "right")])
    itself = np.eye(sum(sizes), dtype=bool)
    adjacency = np.where(steps == -1, rng.normal(size=steps.shape), 0.0)
    for allowed, count, value in [
        (steps == -1, missing, 0.0),
        ((steps == 0) & ~itself, lateral, rng.uniform(-2, -1)),
        (itself, own, rng.uniform(1, 2)),
        (steps < -1, skip, rng.uniform(-2, -1)),
        (steps > 0, back, rng.uniform(1, 2)),
    ]:
        places = np.argwhere(allowed)
        for i, j in rng.permutation(places)[:count]:
            adjacency[i, j] = value
    return adjacency, list(sizes)


CHANGES = {
    "nothing": {},
    "a connection missing": {"missing": 1},
    "a connection inside a layer": {"lateral": 1},
    "a unit that feeds itself": {"own": 1},
    "a layer skipped": {"skip": 1},
    "a connection back": {"back": 1},
    "a skip and a missing one": {"skip": 1, "missing": 1},
    "everything": {"missing": 1, "lateral": 1, "own": 1, "skip": 1, "back": 1},
}


def _register(name, changes):
    def probe(rng):
        return wired(rng, (2, 3, 4, 2), **changes)

    probe.__name__ = name.replace(" ", "_")
    exercise.probe(probe)


for _name, _changes in CHANGES.items():
    _register(_name, _changes)


@exercise.probe
def all_weights_are_one(rng):
    adjacency, sizes = wired(rng, (2, 3, 4, 2))
    return 1.0 * (adjacency != 0), sizes


def conditions(answer):
    """The three answers, however they are written."""
    parts = sequence(answer, 3, "the result")
    names = ("dense", "no_lateral", "no_skips")
    return [as_array(part, name).astype(float) for part, name in zip(parts, names, strict=True)]


def compare(f, calls, expected):
    names = ("dense", "no_lateral", "no_skips")
    for got, wanted in zip(f.many(calls), expected, strict=True):
        for name, said, right in zip(names, conditions(got), wanted, strict=True):
            agree(said, float(right), what=name)


def small(*more):
    """The network 2-3-1 and further connections."""
    adjacency = np.zeros((6, 6))
    adjacency[:2, 2:5], adjacency[2:5, 5] = 0.5, -1.0
    for i, j, value in more:
        adjacency[i, j] = value
    return adjacency, [2, 3, 1]


@exercise.check
def one_change_each(f):
    """2-3-1 as it should be; without one connection; with one sideways; with one over a layer."""
    calls = [small(), small((1, 3, 0.0)), small((2, 4, 1.0)), small((0, 5, -2.0))]
    expected = [(1, 1, 1), (0, 1, 1), (1, 0, 1), (1, 1, 0)]
    compare(f, calls, expected)


@exercise.check
def loops_and_ways_back(f):
    """A unit that feeds itself stays in its layer; a way back goes to a layer that is not next."""
    calls = [small((3, 3, 1.0)), small((5, 2, 1.0)), small((5, 0, 1.0), (4, 4, -1.0))]
    compare(f, calls, [(1, 0, 1), (1, 1, 0), (1, 0, 0)])


@exercise.check
def network_stays(f):
    """The adjacency and the sizes are afterwards what they were before."""
    all_unchanged(f, [small()])


@exercise.check(points=3)
def random_networks(f, reference, rng):
    """Judges networks of several sizes, with all sorts of connections too few and too many."""
    kinds = list(CHANGES.values())
    shapes = [(2, 3, 4, 2), (3, 2, 5), (4, 3, 2, 2, 3), (2, 2, 2)]
    calls = [wired(rng, shape, **changes) for shape in shapes for changes in kinds]
    calls = [calls[k] for k in rng.permutation(len(calls))]
    compare(f, calls, [reference(*call) for call in calls])


@exercise.check(points=1, after=random_networks)
def edges(f, reference, rng):
    """Works for two layers, for layers of one unit, and for whole numbers."""
    kinds = [{}, {"missing": 1}, {"back": 1}, {"own": 1}]
    calls = [
        wired(rng, shape, **k) for shape in [(3, 2), (1, 1), (1, 1, 1), (1, 4, 1)] for k in kinds
    ]
    calls += [((adjacency != 0).astype(int), sizes) for adjacency, sizes in calls]
    calls += [small((2, 3, 1.0), (3, 2, -1.0)), small((0, 5, 2.0), (1, 5, -2.0))]  # sums of 0
    calls = [calls[k] for k in rng.permutation(len(calls))]
    compare(f, calls, [reference(*call) for call in calls])


@exercise.check(points=1, after=random_networks)
def leaves_inputs_alone(f, rng):
    """Leaves adjacency and sizes as they were."""
    all_unchanged(f, [wired(rng, (3, 2, 5)), wired(rng, (2, 3, 4, 2), skip=1)])


@exercise.variant
def pair_by_pair(adjacency, sizes):
    layers = [k for k, size in enumerate(sizes) for _ in range(size)]
    dense = no_lateral = no_skips = True
    for i, start in enumerate(layers):
        for j, end in enumerate(layers):
            there = adjacency[i, j] != 0
            if end == start + 1:
                dense = dense and there
            elif end == start:
                no_lateral = no_lateral and not there
            else:
                no_skips = no_skips and not there
    return bool(dense), bool(no_lateral), bool(no_skips)


@exercise.variant
def block_by_block(adjacency, sizes):
    ends = np.cumsum([0, *sizes])
    parts = [slice(a, b) for a, b in zip(ends[:-1], ends[1:])]
    wires = adjacency.astype(bool)
    found = {-1: [], 0: [], 1: []}
    for i, rows in enumerate(parts):
        for j, columns in enumerate(parts):
            found[j - i if j - i in (0, 1) else -1].append(wires[rows, columns])
    dense = all(block.all() for block in found[1])
    return [dense, not any(b.any() for b in found[0]), not any(b.any() for b in found[-1])]


def _judged(adjacency, sizes, *, ahead_only=False, self_=True, positive=False, steps=(0, 1)):
    """The right answers, but for what is named."""
    layer = np.repeat(np.arange(len(sizes)), sizes)
    d = layer - layer[:, None]
    wires = adjacency > 0 if positive else adjacency != 0
    inside = d == 0
    if not self_:
        inside &= ~np.eye(len(d), dtype=bool)
    others = d > 1 if ahead_only else ~np.isin(d, steps)
    return (
        bool(wires[d == 1].all()),
        bool(not wires[inside].any()),
        bool(not wires[others].any()),
    )


@exercise.misconception(keeps=0.5)
def ways_back_overlooked(adjacency, sizes):
    """A connection back to an earlier layer is overlooked: only those too far ahead are counted."""
    return _judged(adjacency, sizes, ahead_only=True)


@exercise.misconception
def lateral_connections_count_as_skips(adjacency, sizes):
    """A connection inside a layer counts as a skip as well. It skips nothing: it is lateral."""
    return _judged(adjacency, sizes, steps=(1,))


@exercise.misconception(keeps=0.5)
def loops_overlooked(adjacency, sizes):
    """A unit that feeds itself is overlooked: it, too, is a connection inside a layer."""
    return _judged(adjacency, sizes, self_=False)


@exercise.misconception(keeps=0.5)
def negative_weights_overlooked(adjacency, sizes):
    """A connection with a weight below 0 counts as none. Only 0 means that there is none."""
    return _judged(adjacency, sizes, positive=True)


@exercise.misconception
def one_connection_is_enough(adjacency, sizes):
    """Layers count as dense if there is *some* connection. Every pair has to be connected."""
    layer = np.repeat(np.arange(len(sizes)), sizes)
    wires = adjacency[layer - layer[:, None] == 1] != 0
    return (bool(wires.any()), *_judged(adjacency, sizes)[1:])


@exercise.misconception
def dense_means_everything(adjacency, sizes):
    """Dense is taken to mean that everything feeds everything. It is about neighbouring layers."""
    return (bool((adjacency != 0).all()), *_judged(adjacency, sizes)[1:])


@exercise.misconception
def only_ones_connect(adjacency, sizes):
    """Counts weights of exactly 1 only: any weight other than 0 connects."""
    return _judged(1.0 * (adjacency == 1), sizes)


@exercise.misconception
def direction_reversed(adjacency, sizes):
    """Rows and columns are exchanged: entry [i, j] says that i feeds j."""
    return _judged(np.transpose(adjacency), sizes)


@exercise.misconception
def what_is_there_instead_of_what_is_not(adjacency, sizes):
    """The last two answers are the wrong way round: they should be True if there is *none*."""
    dense, lateral, skips = _judged(adjacency, sizes)
    return dense, not lateral, not skips


@exercise.misconception(keeps=0.5)
def last_two_exchanged(adjacency, sizes):
    """The second and the third answer are exchanged."""
    dense, lateral, skips = _judged(adjacency, sizes)
    return dense, skips, lateral


@exercise.misconception
def all_or_nothing(adjacency, sizes):
    """One answer for all three conditions comes back. They are asked for one by one."""
    return all(_judged(adjacency, sizes))


@exercise.misconception
def overwrites_the_adjacency(adjacency, sizes):
    """The answers are right, but the caller's adjacency is overwritten on the way."""
    found = _judged(adjacency, sizes)
    adjacency[...] = adjacency != 0
    return found


@exercise.misconception
def dense_between_the_first_two_only(adjacency, sizes):
    """Looks for missing connections between the first two layers only."""
    layer = np.repeat(np.arange(len(sizes)), sizes)
    jump, there = layer[None] - layer[:, None], adjacency != 0
    first = there[: sizes[0], sizes[0] : sizes[0] + sizes[1]]
    lateral, skips = there[jump == 0].any(), there[(jump != 0) & (jump != 1)].any()
    return bool(first.all()), bool(not lateral), bool(not skips)


@exercise.misconception
def a_self_loop_is_a_skip(adjacency, sizes):
    """Counts a unit that feeds itself as a skip: it stays in its layer."""
    layer = np.repeat(np.arange(len(sizes)), sizes)
    jump, there = layer[None] - layer[:, None], adjacency != 0
    itself = np.eye(len(layer), dtype=bool)
    lateral = there[(jump == 0) & ~itself].any()
    skips = there[((jump != 0) & (jump != 1)) | itself].any()
    return bool(there[jump == 1].all()), bool(not lateral), bool(not skips)
