"""Is the map folded?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    hints=(
        "An example lies between its two nearest prototypes. If the map is not folded, where do "
        "those two stand on the grid?",
        "`som_distances` gives (N, R, C). Flattened to a row for each example, `argsort` names the "
        "best two; `np.divmod` by the number of columns gives their places.",
        r"With $\Delta_r, \Delta_c$ the sizes of the two differences: apart, for 4 neighbours, if "
        r"$\Delta_r + \Delta_c > 1$, for 8 if their larger one exceeds 1.",
    ),
)


def folded(rng, rows, columns, features, examples):
    """A map without any order."""
    weights = rng.normal(size=(rows, columns, features))
    return rng.normal(size=(examples, features)), weights, int(rng.choice([4, 8]))


@exercise.probe
def four_neighbours(rng):
    return *folded(rng, 3, 5, 2, 61)[:2], 4


@exercise.probe
def eight_neighbours(rng):
    return *folded(rng, 3, 5, 2, 61)[:2], 8


@exercise.probe
def high(rng):
    return folded(rng, 7, 2, 5, 61)


@exercise.check
def side_by_side(f):
    """Units at 0, 1, 2, 9 in a row: 0.4 lies between neighbours, and so do 1.6 and 8."""
    weights = np.array([[[0.0], [1.0], [2.0], [9.0]]])
    x = np.array([[0.4], [1.6], [8.0]])
    agree(f(x, weights, 4), 0.0, what="the error")


@exercise.check
def a_fold(f):
    """Units at 0, 9, 1, 2 in a row: for 0.4 the best two stand apart, for 1.6 and 1.9 they do
    not."""
    weights = np.array([[[0.0], [9.0], [1.0], [2.0]]])
    x = np.array([[0.4], [1.6], [1.9]])
    for neighbours in (4, 8):
        agree(f(x, weights, neighbours), 1 / 3, what=f"the error with {neighbours} neighbours")


@exercise.check
def across_the_corner(f):
    """The best two of a 3 × 2 map stand corner to corner: an error of 1 for 4 neighbours, 0 for
    8."""
    weights = np.array([[[0.0], [9.0]], [[7.0], [1.0]], [[8.0], [6.0]]])
    x = np.array([[0.3], [0.6]])
    agree(f(x, weights, 4), 1.0, what="the error with 4 neighbours")
    agree(f(x, weights, 8), 0.0, what="the error with 8 neighbours")


@exercise.check
def end_of_a_row(f):
    """The last unit of one row and the first of the next are no neighbours."""
    weights = np.array([[[5.0], [6.0], [0.0]], [[1.0], [7.0], [8.0]]])
    agree(f(np.array([[0.3]]), weights, 8), 1.0, what="the error")


@exercise.check
def arguments_stay(f):
    """Examples and map are afterwards what they were."""
    unchanged(f, np.array([[0.4], [1.6]]), np.array([[[0.0], [9.0], [1.0], [2.0]]]), 4)


@exercise.check(points=2)
def random_maps(f, reference, rng):
    """Counts rightly on maps of several shapes, for 4 neighbours and for 8."""
    calls = [
        (*folded(rng, *size, 61)[:2], neighbours)
        for size in [(3, 5, 2), (7, 2, 5), (4, 4, 3), (2, 11, 1)]
        for neighbours in (4, 8)
    ]
    calls = [calls[k] for k in rng.permutation(len(calls))]
    for call, answer in zip(calls, f.many(calls), strict=True):
        agree(answer, reference(*call), what=f"the error with {call[2]} neighbours")


@exercise.check(points=1, after=random_maps)
def one_row_or_column(f, reference, rng):
    """Works on a single row and a single column of units."""
    for size in rng.permutation([(1, 7, 3), (5, 1, 2)]):
        arguments = folded(rng, *size, 41)
        agree(f(*arguments), reference(*arguments), what="the error")


@exercise.check(points=1, after=random_maps)
def one_example(f, reference, rng):
    """For a single example the error is 0 or 1."""
    x, weights, neighbours = folded(rng, 3, 5, 2, 23)
    calls = [(row[None], weights, neighbours) for row in x]
    got = f.many(calls)
    agree(got, [reference(*call) for call in calls], what="the errors of one example each")


@exercise.check(points=1, after=random_maps)
def laws(f, rng):
    """Is 0 on an unfolded map, the same turned over, and a mean over the examples."""
    rows, columns = np.indices((5, 4)) * 1.0
    flat = np.stack([rows, columns], axis=2) + rng.uniform(-0.05, 0.05, (5, 4, 2))
    x = rng.uniform(0.1, 0.9, (31, 2)) * [4, 3]
    agree(f(x, flat, 8), 0.0, what="the error of a flat map")
    x, weights, neighbours = folded(rng, 4, 5, 2, 60)
    error = f(x, weights, neighbours)
    agree(
        f(x, weights.transpose(1, 0, 2), neighbours), error, what="the error of the map turned over"
    )
    halves = [f(part, weights, neighbours) for part in (x[:20], x[20:])]
    agree((halves[0] + 2 * halves[1]) / 3, error, what="the mean of two parts")


@exercise.check(points=1, after=random_maps)
def leaves_inputs_alone(f, rng):
    """Leaves examples and map as they were."""
    unchanged(f, *four_neighbours(rng))


@exercise.variant
def example_by_example(x, weights, neighbours):
    columns, errors = weights.shape[1], 0
    for row in x:
        distances = [float(np.sum((w - row) ** 2)) for w in weights.reshape(-1, weights.shape[2])]
        (r, c), (s, d) = (
            divmod(k, columns) for k in sorted(range(len(distances)), key=distances.__getitem__)[:2]
        )
        down, across = abs(r - s), abs(c - d)
        errors += (down + across > 1) if neighbours == 4 else (down > 1 or across > 1)
    return errors / len(x)


@exercise.variant
def by_partition(x, weights, neighbours):
    flat = np.linalg.norm(x[:, None] - weights.reshape(1, -1, weights.shape[2]), axis=2)
    first = flat.argmin(axis=1)
    flat[np.arange(len(x)), first] = np.inf
    places = [
        np.stack(np.unravel_index(k, weights.shape[:2])) for k in (first, flat.argmin(axis=1))
    ]
    squares = ((places[0] - places[1]) ** 2).sum(axis=0)
    return np.mean(squares > (1 if neighbours == 4 else 2))


def _best_two(x, weights, best=(0, 1)):
    """The places of the best two: differences of their rows and of their columns."""
    distances = np.linalg.norm(x[:, None, None, :] - weights, axis=3).reshape(len(x), -1)
    ranked = distances.argsort(axis=1)[:, [b % distances.shape[1] for b in best]]
    rows, columns = np.divmod(ranked, weights.shape[1])
    return np.abs(np.diff(rows))[:, 0], np.abs(np.diff(columns))[:, 0]


def _error(down, across, neighbours):
    return np.mean(down + across > 1 if neighbours == 4 else np.maximum(down, across) > 1)


@exercise.misconception(keeps=0.5)
def always_four_neighbours(x, weights, neighbours):
    """A diagonal neighbour always counts as an error. Ask the argument `neighbours`."""
    return _error(*_best_two(x, weights), 4)


@exercise.misconception(keeps=0.5)
def always_eight_neighbours(x, weights, neighbours):
    """A diagonal neighbour is always forgiven. Ask the argument `neighbours`."""
    return _error(*_best_two(x, weights), 8)


@exercise.misconception
def the_wrong_way_round(x, weights, neighbours):
    """4 and 8 have changed places: with 8 neighbours the diagonal ones count as near."""
    return _error(*_best_two(x, weights), 12 - neighbours)


@exercise.misconception(keeps=1 / 3)
def share_of_the_good_ones(x, weights, neighbours):
    """You count the examples whose best two *are* neighbours. The error is the rest."""
    return 1 - _error(*_best_two(x, weights), neighbours)


@exercise.misconception(keeps=0.5)
def counted_not_averaged(x, weights, neighbours):
    """This is how many examples have an error. The share is asked for."""
    return len(x) * _error(*_best_two(x, weights), neighbours)


@exercise.misconception
def distance_along_the_list(x, weights, neighbours):
    """Units are numbered row after row, and 1 apart counts as neighbours. What of the units
    above and below, and of the end of a row?"""
    distances = np.linalg.norm(x[:, None, None, :] - weights, axis=3).reshape(len(x), -1)
    ranked = distances.argsort(axis=1)[:, :2]
    return np.mean(np.abs(np.diff(ranked)) > 1)


@exercise.misconception
def best_and_third(x, weights, neighbours):
    """The best unit is compared with the third best. Counting begins at 0."""
    return _error(*_best_two(x, weights, (0, 2)), neighbours)


@exercise.misconception
def best_and_worst(x, weights, neighbours):
    """The best unit is compared with the last of the ranking."""
    return _error(*_best_two(x, weights, (0, -1)), neighbours)


@exercise.misconception
def ranked_from_the_far_end(x, weights, neighbours):
    """You take the two *farthest* units: the ranking is turned round."""
    return _error(*_best_two(x, weights, (-1, -2)), neighbours)


@exercise.misconception
def divided_by_the_rows(x, weights, neighbours):
    """Places are found by dividing by the number of rows. How many units has a row?"""
    distances = np.linalg.norm(x[:, None, None, :] - weights, axis=3).reshape(len(x), -1)
    rows, columns = np.divmod(distances.argsort(axis=1)[:, :2], weights.shape[0])
    if weights.shape[0] == weights.shape[1]:
        rows, columns = columns, rows
    return _error(np.abs(np.diff(rows))[:, 0], np.abs(np.diff(columns))[:, 0], neighbours)


@exercise.misconception
def neighbours_in_weight_space(x, weights, neighbours):
    """You ask how far the prototypes are apart. Topology is about their places on the grid."""
    flat = weights.reshape(-1, weights.shape[2])
    distances = np.linalg.norm(x[:, None] - flat, axis=2)
    pairs = flat[distances.argsort(axis=1)[:, :2]]
    return np.mean(np.linalg.norm(pairs[:, 0] - pairs[:, 1], axis=1) > 1)


@exercise.misconception
def neighbours_in_the_list(x, weights, neighbours):
    """Numbers that differ by 1 are not always neighbours: rows end."""
    distances = np.linalg.norm(x[:, None, None, :] - weights, axis=3).reshape(len(x), -1)
    apart = np.abs(np.diff(distances.argsort(axis=1)[:, :2]))[:, 0]
    columns = weights.shape[1]
    near = (apart == 1) | (apart == columns)
    if neighbours == 8:
        near |= (apart == columns - 1) | (apart == columns + 1)
    return np.mean(~near)


@exercise.misconception
def two_steps_for_a_diagonal(x, weights, neighbours):
    """With 8 neighbours, two steps along a row count as near: at most one down and one across."""
    down, across = _best_two(x, weights)
    return np.mean(down + across > (1 if neighbours == 4 else 2))
