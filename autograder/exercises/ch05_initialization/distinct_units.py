"""How many different units has a layer?"""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "What belongs to one hidden unit: which column, and which row?",
        "Put each unit's weights, in and out, into one vector. Compare it with those you know.",
        "twins: max|u − v| ≤ tolerance over all weights in and out; count the first of each kind.",
    ),
)


def layer(rng, kinds, n_in, n_out, noise=0.0, size=1.0):
    """A layer whose units are copies, up to noise, of a few patterns."""
    patterns = size * (rng.normal(size=(max(kinds) + 1, n_in + n_out)))
    units = patterns[list(kinds)]
    units = units + noise * rng.uniform(-1, 1, size=units.shape)
    return np.ascontiguousarray(units[:, :n_in].T), units[:, n_in:].copy()


@exercise.probe
def some_twins(rng):
    return *layer(rng, [0, 1, 0, 2, 2, 0, 3], 3, 2), 1e-6


@exercise.probe
def near_twins(rng):
    return *layer(rng, [0, 1, 0, 1, 1], 2, 3, noise=1e-4), 1e-3


@exercise.probe
def many_weights_at_the_limit(rng):
    """Each weight is within the tolerance, all of them together are farther away."""
    return *layer(rng, [0, 1, 0, 1, 2], 11, 7, noise=4.9e-4), 1e-3


@exercise.probe
def different_ways_out(rng):
    W_in, W_out = layer(rng, [0, 0, 0, 0], 3, 1)
    return W_in, W_out + np.array([[0.0], [1], [0], [2]]), 1e-6


@exercise.probe
def different_ways_in(rng):
    W_in, W_out = layer(rng, [0, 0, 0, 0, 0], 3, 2)
    return W_in + np.array([0.0, 1, 0, 2, 3]), W_out, 1e-6


@exercise.probe
def smaller_ones(rng):
    W_in, W_out = layer(rng, [0, 0, 0, 0], 3, 2)
    return W_in - np.array([0.0, 1, 0, 2]), W_out, 1e-6


@exercise.probe
def multiples(rng):
    W_in, W_out = layer(rng, [0, 0, 0], 2, 5)
    return W_in * [1, 2, -1], W_out * [[1], [2], [-1]], 1e-6


@exercise.check
def three_units_two_kinds(f):
    """Of three units, the first and the last are twins: 2 different ones."""
    W_in = np.array([[1.0, 2.0, 1.0], [3.0, 4.0, 3.0]])
    agree(f(W_in, np.array([[5.0], [6.0], [5.0]])), 2, what="the count")


@exercise.check
def ways_out_count_too(f):
    """Equal weights in, but different ones out: two different units."""
    agree(f(np.ones((3, 2)), np.array([[1.0], [2.0]])), 2, what="the count")


@exercise.check
def ways_in_count_too(f):
    """Equal weights out, but different ones in: two different units."""
    agree(f(np.array([[1.0, 2.0], [3.0, 3.0]]), np.ones((2, 3))), 2, what="the count")


@exercise.check
def double_and_opposite(f):
    """A unit, its double and its opposite are three different units."""
    W_in, W_out = np.array([[1.0, 2.0, -1.0]]), np.array([[1.0], [2.0], [-1.0]])
    agree(f(W_in, W_out), 3, what="the count")


@exercise.check
def nearly_equal(f):
    """Units that differ by 0.05 in a weight are twins with tolerance 0.1, and not with 0.01."""
    W_in, W_out = np.array([[1.0, 1.05], [2.0, 2.0]]), np.ones((2, 1))
    agree(f(W_in, W_out, 0.1), 1, what="the count with tolerance 0.1")
    agree(f(W_in, W_out, 0.01), 2, what="the count with tolerance 0.01")


def count(answer):
    """The answer as one whole number."""
    number = as_array(answer, "the count")
    if number.ndim or number.dtype.kind not in "iuf":
        raise Failed(f"the count has shape {number.shape}, expected a single number")
    return number


@exercise.check(points=2)
def any_mixture(f, rng):
    """Counts layers with any number of twins, in any order."""
    for n_units in rng.permutation([2, 5, 7, 11, 13, 29, 31]):
        fewest = 1 if n_units < 5 else 2
        for n_kinds in rng.permutation([fewest, n_units, rng.integers(fewest, n_units + 1)]):
            counts_kinds(f, rng, n_units, n_kinds, *rng.permutation([2, 3, 5])[:2])


def counts_kinds(f, rng, n_units, n_kinds, n_in, n_out):
    """Raise `Failed` unless `f` finds as many kinds as there are."""
    kinds = [*range(n_kinds), *rng.integers(n_kinds, size=n_units - n_kinds).tolist()]
    kinds = [kinds[k] for k in rng.permutation(n_units)]
    what = f"the count of {n_units} units with {n_in} weights in and {n_out} out"
    agree(count(f(*layer(rng, kinds, n_in, n_out), 1e-9)), n_kinds, what=what)


@exercise.check(points=1, after=any_mixture)
def single_ones(f, rng):
    """Works for one unit, one input, one output, and where all units are twins."""
    for n_units, n_kinds in ((1, 1), (7, 3), (13, 13), (11, 1)):
        for n_in, n_out in ((3, 2), (1, 5), (7, 1)):
            counts_kinds(f, rng, n_units, n_kinds, n_in, n_out)


@exercise.check(points=1, after=any_mixture)
def one_weight_is_enough(f, rng):
    """Tells units apart that differ in a single weight, in or out; multiples differ too."""
    for place in range(8):
        units = np.tile(rng.normal(size=8), (4, 1))
        units[2, place] += rng.choice([-1, 1]) * 0.5
        agree(count(f(units[:, :5].T.copy(), units[:, 5:].copy(), 0.01)), 2, what="the count")
    for W_in, W_out, tolerance in (multiples(rng), different_ways_out(rng), different_ways_in(rng)):
        units = np.hstack([W_in.T, W_out])
        agree(count(f(W_in, W_out, tolerance)), len({tuple(u) for u in units}), what="the count")
    ways_in, ways_out = rng.normal(size=(3, 2)), rng.normal(size=(3, 2))
    crossed = ways_in[:, [0, 0, 1, 1, 0]], ways_out[[0, 1, 0, 1, 2]]
    agree(count(f(*crossed, 1e-6)), 5, what="the count of two ways in crossed with three ways out")
    W_in, W_out = layer(rng, [0, 0], 3, 3)
    agree(
        count(f(W_in * [1, 0], W_out * [[1], [0]], 1e-6)), 2, what="the count with a unit of zeros"
    )
    agree(count(f(np.zeros((3, 5)), np.zeros((5, 2)), 1e-6)), 1, what="the count of zeros")


@exercise.check(points=1, after=any_mixture)
def tolerance_decides(f, rng):
    """Twins may differ by the tolerance (1e-6 if none is given) in every weight, and no more."""
    for size in (1e-4, 1.0, 1e5):
        for tolerance in (1e-7 * size, 1e-3 * size):
            kinds = [0, 1, 1, 2, 0, 2, 1]
            near = layer(rng, kinds, 23, 19, noise=0.49 * tolerance, size=size)
            agree(count(f(*near, tolerance)), 3, what="the count of near twins")
            agree(count(f(*near, tolerance / 1e4)), 7, what="the count with a small tolerance")
            near[0][0] = size + near[0][0] % (0.49 * tolerance)  # the first weight sorts nothing
            agree(count(f(*near, tolerance)), 3, what="the count with a first weight in common")
    W_in, W_out = layer(rng, [0, 0, 0], 23, 19)
    opposite = W_in * [1, -1, 1], W_out * [[1], [-1], [1]]
    agree(count(f(*opposite, 1e-3)), 2, what="the count of twins and their opposite")
    twin = np.full((3, 2), 2.0)
    for gap, kinds in [(5e-7, 1), (3e-6, 2), (-3e-6, 2), (-5e-7, 1)]:
        agree(count(f(twin + [[0, 0], [0, gap], [0, 0]], np.ones((2, 2)))), kinds, what="the count")


@exercise.check(points=1, after=any_mixture)
def order_is_no_matter(f, rng):
    """The order of the units changes nothing, and neither matrix is changed."""
    W_in, W_out, tolerance = some_twins(rng)
    unchanged(f, W_in, W_out, tolerance)
    for order in (rng.permutation(7), np.arange(7)[::-1]):
        agree(count(f(W_in[:, order], W_out[order], tolerance)), 4, what="the count")


@exercise.variant
def all_pairs(W_in, W_out, tolerance=1e-6):
    units = np.concatenate([W_in, W_out.T]).T
    twins = np.abs(units[:, None] - units[None]).max(axis=2) <= tolerance
    return int((~np.tril(twins, -1).any(axis=1)).sum())


@exercise.variant
def crossing_off(W_in, W_out, tolerance=1e-6):
    left, number = list(range(W_in.shape[1])), 0
    while left:
        first, number = left[0], number + 1
        near_in = [np.allclose(W_in[:, first], W_in[:, j], rtol=0, atol=tolerance) for j in left]
        near_out = [np.allclose(W_out[first], W_out[j], rtol=0, atol=tolerance) for j in left]
        pairs = zip(left, near_in, near_out, strict=True)
        left = [j for j, one, two in pairs if not (one and two)]
    return float(number)


@exercise.variant
def without_twins_before(W_in, W_out, tolerance=1e-6):
    number = np.int64(0)
    for j in range(len(W_out)):
        for i in range(j):
            inward = np.abs(W_in[:, i] - W_in[:, j]).max() <= tolerance
            if inward and np.abs(W_out[i] - W_out[j]).max() <= tolerance:
                break
        else:
            number += 1
    return number


def _kinds(units, tolerance, gap=lambda difference: np.abs(difference).max()):
    known = []
    for unit in units:
        if all(gap(unit - other) > tolerance for other in known):
            known.append(unit)
    return len(known)


@exercise.misconception
def only_the_ways_in(W_in, W_out, tolerance=1e-6):
    """Only the weights coming in are compared. Units with other ways out get other gradients."""
    return _kinds(W_in.T, tolerance)


@exercise.misconception
def only_the_ways_out(W_in, W_out, tolerance=1e-6):
    """Only the weights going out are compared."""
    return _kinds(W_out, tolerance)


@exercise.misconception
def rank_of_the_matrix(W_in, W_out, tolerance=1e-6):
    """The rank counts directions. A unit and its double point the same way, but are different."""
    return int(np.linalg.matrix_rank(np.hstack([W_in.T, W_out]), tol=tolerance))


@exercise.misconception
def exactly_equal_only(W_in, W_out, tolerance=1e-6):
    """Units must be exactly equal to be twins here. Rounding makes twins differ a little."""
    return len(np.unique(np.hstack([W_in.T, W_out]), axis=0))


@exercise.misconception
def inputs_instead_of_units(W_in, W_out, tolerance=1e-6):
    """The rows of W_in are compared: those are inputs. A unit is a column."""
    return _kinds(W_in, tolerance)


@exercise.misconception
def neighbours_only(W_in, W_out, tolerance=1e-6):
    """Each unit is compared with its neighbour only; twins need not stand side by side."""
    units = np.hstack([W_in.T, W_out])
    return 1 + int(np.sum(np.abs(np.diff(units, axis=0)).max(axis=1) > tolerance))


@exercise.misconception
def units_without_a_twin(W_in, W_out, tolerance=1e-6):
    """Only units without a twin are counted. A pair of twins counts once, not zero times."""
    units = np.hstack([W_in.T, W_out])
    near = np.abs(units[:, None] - units[None]).max(axis=2) <= tolerance
    return int(np.sum(near.sum(axis=1) == 1))


@exercise.misconception
def one_equal_weight_is_enough(W_in, W_out, tolerance=1e-6):
    """Units count as twins if *some* weight agrees. All of them must."""
    return _kinds(np.hstack([W_in.T, W_out]), tolerance, lambda gaps: np.abs(gaps).min())


@exercise.misconception
def sums_compared(W_in, W_out, tolerance=1e-6):
    """Norms are compared: a vector and its opposite have the same one, and are different."""
    units = np.hstack([W_in.T, W_out])
    return _kinds(np.linalg.norm(units, axis=1)[:, None], tolerance)


@exercise.misconception
def differences_keep_their_sign(W_in, W_out, tolerance=1e-6):
    """A weight that is much *smaller* passes for a twin's: the sign of the difference is kept."""
    return _kinds(np.hstack([W_in.T, W_out]), tolerance, np.max)


@exercise.misconception
def tolerance_for_the_whole_distance(W_in, W_out, tolerance=1e-6):
    """The length of the whole difference is held against the tolerance, which is for one weight."""
    return _kinds(np.hstack([W_in.T, W_out]), tolerance, np.linalg.norm)
