"""A map learns one example."""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.classic_networks import som_neighbourhood

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    core=True,
    needs=("som_neighbourhood",),
    hints=(
        "There are two distances in this step. Which one finds the winner, and which one says who "
        "learns with it?",
        "`argmin` counts through the whole grid; `np.unravel_index` turns its number into row and "
        "column. The neighbourhood needs one more axis before it can be multiplied with offsets.",
        r"Every unit moves: $w \leftarrow w + \eta\,h\,(x - w)$, with $h$ from the winner's place.",
    ),
)


def around(winner, shape, radius):
    rows, columns = np.ogrid[: shape[0], : shape[1]]
    return np.exp(-((rows - winner[0]) ** 2 + (columns - winner[1]) ** 2) / (2 * radius**2))


def place_of_the_winner(x, weights):
    distances = np.linalg.norm(x - weights, axis=2)
    return np.array(np.unravel_index(distances.argmin(), distances.shape))


def scene(rng, rows, columns, features):
    """A map far from order, whose winner stands beside the diagonal and wins by a clear margin."""
    x = rng.normal(size=features)
    directions = rng.normal(size=(rows, columns, features))
    directions /= np.linalg.norm(directions, axis=2, keepdims=True)
    far = rng.permutation(np.linspace(1.5, 4, rows * columns)).reshape(rows, columns)
    where = (0, columns - 1) if rng.integers(2) else (rows - 1, 0)
    far[where] = 1.0
    return x, x + far[:, :, None] * directions, rng.uniform(0.2, 0.7), rng.uniform(0.7, 1.8)


@exercise.probe
def three_by_five(rng):
    return scene(rng, 3, 5, 2)


@exercise.probe
def four_by_two(rng):
    return scene(rng, 4, 2, 7)


@exercise.probe
def square(rng):
    return scene(rng, 3, 3, 3)


@exercise.probe
def of_whole_numbers(rng):
    x, weights, *rest = scene(rng, 3, 5, 2)
    return np.round(9 * x).astype(int), np.round(9 * weights).astype(int), *rest


@exercise.check
def three_in_a_row(f):
    """Units at 0, 4, 10 see 6 at rate ½ and radius 1: 4 wins and goes to 5; the others go e^(−½) as
    far."""
    weights = np.array([[[0.0], [4.0], [10.0]]])
    h = np.exp(-0.5)
    expected = np.array([[[0 + 3 * h], [5.0], [10 - 2 * h]]])
    agree(f(np.array([6.0]), weights, 0.5, 1.0), expected, what="the map")


@exercise.check
def two_rows_of_three(f):
    """The winner is (1, 0) of a 2 × 3 map, though (0, 2) has the larger weights; rate ¼, radius
    2."""
    weights = np.array(
        [[[5.0, 5.0], [-3.0, 0.0], [9.0, 9.0]], [[1.0, 2.0], [0.0, -4.0], [6.0, 1.0]]]
    )
    x = np.array([2.0, 2.0])
    h = np.exp(-np.array([[1.0, 2.0, 5.0], [0.0, 1.0, 4.0]]) / 8)[:, :, None]
    agree(f(x, weights, 0.25, 2.0), weights + 0.25 * h * (x - weights), what="the map")


@exercise.check
def arguments_stay(f):
    """The example and the map are afterwards what they were."""
    unchanged(f, np.array([6.0]), np.array([[[0.0], [4.0], [9.0]]]), 0.5, 1.0)


@exercise.check(points=2)
def random_maps(f, reference, rng):
    """Moves every unit as it should, on maps of several shapes."""
    for size in rng.permutation([(3, 5, 2), (4, 2, 7), (3, 3, 3), (2, 7, 5)]):
        arguments = scene(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the map")


@exercise.check(points=1, after=random_maps)
def rows_of_units(f, reference, rng):
    """Works on a single row and a single column of units, and for a single feature."""
    for size in rng.permutation([(1, 5, 2), (7, 1, 3), (3, 4, 1)]):
        arguments = scene(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the map")


@exercise.check(points=1, after=random_maps)
def extremes(f, reference, rng):
    """At rate 0 nothing moves, at rate 1 the winner becomes x; a tiny radius moves the winner
    alone."""
    x, weights, rate, radius = scene(rng, 3, 5, 2)
    for call in rng.permutation([[0.0, radius], [1.0, radius], [rate, 0.05], [rate, 80.0]]):
        agree(f(x, weights, *call), reference(x, weights, *call), what="the map")


@exercise.check(points=1, after=random_maps)
def laws(f, rng):
    """A shift of input and map shifts the result; so does turning both round the origin."""
    x, weights, rate, radius = scene(rng, 4, 3, 2)
    moved, shift = as_array(f(x, weights, rate, radius)), rng.normal(size=2)
    agree(f(x + shift, weights + shift, rate, radius), moved + shift, what="the shifted map")
    angle = rng.uniform(0.5, 2.5)
    turn = np.array([[np.cos(angle), np.sin(angle)], [-np.sin(angle), np.cos(angle)]])
    agree(f(x @ turn, weights @ turn, rate, radius), moved @ turn, what="the turned map")


@exercise.check(points=1, after=random_maps)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, not cutting off what a unit has moved."""
    whole_numbers(f, reference, *of_whole_numbers(rng))


@exercise.check(points=1, after=random_maps)
def leaves_inputs_alone(f, rng):
    """Leaves the example and the map as they were."""
    unchanged(f, *three_by_five(rng))


@exercise.variant
def unit_by_unit(x, weights, rate, radius):
    distances = ((weights - x) ** 2).sum(axis=-1)
    row, column = divmod(int(distances.argmin()), weights.shape[1])
    moved = np.array(weights, dtype=float)
    for r, c in np.ndindex(*distances.shape):
        h = np.exp(-((r - row) ** 2 + (c - column) ** 2) / (2 * radius**2))
        moved[r, c] = (1 - rate * h) * moved[r, c] + rate * h * x
    return moved


@exercise.variant
def with_their_helper(x, weights, rate, radius):
    distances = np.linalg.norm(x - weights, axis=2)
    winner = np.argwhere(distances == distances.min())[0]
    h = som_neighbourhood(winner, distances.shape, radius)
    return weights + np.einsum("rc,rcd->rcd", rate * h, x - weights)


def _step(x, weights, rate, radius, *, winner=None, h=None, towards=None):
    """The step with one thing exchanged."""
    winner = place_of_the_winner(x, weights) if winner is None else winner
    h = around(winner, weights.shape[:2], radius) if h is None else h
    return weights + rate * h[:, :, None] * (x - weights if towards is None else towards)


@exercise.misconception
def only_the_winner_moves(x, weights, rate, radius):
    """Only the winner learns: that is competitive learning, and no map will unfold."""
    h = np.zeros(weights.shape[:2])
    h[tuple(place_of_the_winner(x, weights))] = 1.0
    return _step(x, weights, rate, radius, h=h)


@exercise.misconception
def everyone_learns_alike(x, weights, rate, radius):
    """All units move by the same share: soon they are all the same. Who is near the winner?"""
    return _step(x, weights, rate, radius, h=np.ones(weights.shape[:2]))


@exercise.misconception
def neighbours_in_weight_space(x, weights, rate, radius):
    """Neighbours are those whose *weights* are near the winner's. The grid should decide that."""
    winner = weights[tuple(place_of_the_winner(x, weights))]
    d = np.linalg.norm(weights - winner, axis=2)
    return _step(x, weights, rate, radius, h=np.exp(-(d**2) / (2 * radius**2)))


@exercise.misconception
def neighbours_of_the_input(x, weights, rate, radius):
    """h is taken from each unit's distance to the input. It wants the distance on the grid."""
    d = np.linalg.norm(weights - x, axis=2)
    return _step(x, weights, rate, radius, h=np.exp(-(d**2) / (2 * radius**2)))


@exercise.misconception
def rows_and_columns_exchanged(x, weights, rate, radius):
    """The winner's row and column have changed places."""
    return _step(x, weights, rate, radius, winner=place_of_the_winner(x, weights)[::-1])


@exercise.misconception
def the_wrong_number_of_columns(x, weights, rate, radius):
    """The winner's number is divided by the number of *rows*. How many units has a row?"""
    number = int(np.linalg.norm(x - weights, axis=2).argmin())
    winner = np.array(divmod(number, weights.shape[0]))
    if len(set(weights.shape[:2])) == 1:
        winner = place_of_the_winner(x, weights)
    return _step(x, weights, rate, radius, winner=winner)


@exercise.misconception
def largest_inner_product_wins(x, weights, rate, radius):
    """The winner has the largest inner product with x. On weights of any length that is not
    the nearest."""
    scores = weights @ x
    winner = np.array(np.unravel_index(scores.argmax(), scores.shape))
    return _step(x, weights, rate, radius, winner=winner)


@exercise.misconception
def farthest_wins(x, weights, rate, radius):
    """The unit that is farthest from x wins. Look for the smallest distance."""
    distances = np.linalg.norm(x - weights, axis=2)
    winner = np.array(np.unravel_index(distances.argmax(), distances.shape))
    return _step(x, weights, rate, radius, winner=winner)


@exercise.misconception
def adds_the_input(x, weights, rate, radius):
    """h · x is added without taking w off, so all weights grow for ever."""
    return _step(x, weights, rate, radius, towards=np.broadcast_to(x, weights.shape))


@exercise.misconception
def moves_away(x, weights, rate, radius):
    """The units move away from the input: the sign of x − w is turned."""
    return _step(x, weights, -rate, radius)


@exercise.misconception
def rate_ignored(x, weights, rate, radius):
    """The rate is never used: the winner jumps onto every example."""
    return _step(x, weights, 1.0, radius)


@exercise.misconception(keeps=0.5)
def forgets_the_half(x, weights, rate, radius):
    """The exponent of your neighbourhood lacks its ½. There is a function that has it."""
    return _step(x, weights, rate, radius / np.sqrt(2))


@exercise.misconception
def moves_the_callers_map(x, weights, rate, radius):
    """The step is right, but it is taken in the caller's own array. Make a new one."""
    moved = _step(x, weights, rate, radius)
    weights[...] = moved
    return moved


@exercise.misconception
def cuts_whole_numbers(x, weights, rate, radius):
    """A map of whole numbers stays whole: what a step adds is cut off on writing."""
    return _step(x, weights, rate, radius).astype(weights.dtype)
