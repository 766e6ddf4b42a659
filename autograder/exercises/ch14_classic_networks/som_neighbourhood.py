"""Who learns with the winner."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "Two units stand at two places of a grid. What is their distance, if nobody looks at "
        "their weights?",
        "`np.ogrid` or `np.indices` number the rows and columns; take the winner's off, and "
        "Pythagoras does the rest.",
        r"$h = e^{-d^2/(2r^2)}$ with $d^2 = (\text{row} - \text{row}^*)^2 + (\text{column} - "
        r"\text{column}^*)^2$.",
    ),
)


@exercise.probe
def a_broad_grid(rng):
    return np.array([rng.integers(3), rng.integers(5)]), (3, 5), rng.uniform(0.7, 2)


@exercise.probe
def a_high_grid(rng):
    return np.array([rng.integers(4, 7), rng.integers(2)]), (7, 2), rng.uniform(1, 3)


@exercise.probe
def a_square_grid(rng):
    return np.array([0, 3]), (4, 4), rng.uniform(0.7, 1.5)


@exercise.check
def three_in_a_row(f):
    """Beside the winner at radius 1 it is e^(−½) = 0.607, two places away e^(−2) = 0.135."""
    agree(f(np.array([0, 0]), (1, 3), 1.0), np.exp([[0.0, -0.5, -2.0]]), what="the neighbourhood")


@exercise.check
def diagonal_of_a_grid(f):
    """In 2 rows of 3 with the winner at (1, 2) and radius 2: d² is 5, 2, 1 above and 4, 1, 0 beside
    it."""
    squares = np.array([[5.0, 2.0, 1.0], [4.0, 1.0, 0.0]])
    agree(f(np.array([1, 2]), (2, 3), 2.0), np.exp(-squares / 8), what="the neighbourhood")


@exercise.check
def winner_stays(f):
    """The winner's place is afterwards what it was before."""
    unchanged(f, np.array([1, 2]), (2, 3), 2.0)


@exercise.check(points=2)
def random_grids(f, reference, rng):
    """Gives the neighbourhood on grids of several shapes, with several radii."""
    for shape in rng.permutation([(3, 5), (7, 2), (4, 4), (2, 11), (5, 3)]).tolist():
        winner = np.array([rng.integers(shape[0]), rng.integers(shape[1])])
        arguments = winner, tuple(shape), rng.uniform(0.6, 3)
        agree(f(*arguments), reference(*arguments), what="the neighbourhood")


@exercise.check(points=1, after=random_grids)
def one_row_or_column(f, reference, rng):
    """Works on a single row, a single column and a single unit."""
    for shape in rng.permutation([(1, 7), (5, 1), (1, 1)]).tolist():
        winner = np.array([rng.integers(shape[0]), rng.integers(shape[1])])
        arguments = winner, tuple(shape), rng.uniform(0.6, 3)
        agree(f(*arguments), reference(*arguments), what="the neighbourhood")


@exercise.check(points=1, after=random_grids)
def narrow_and_wide(f, reference, rng):
    """At a tiny radius the winner is alone; at a huge one all learn alike."""
    for radius in rng.permutation([0.02, 0.2, 50.0, 1e4]):
        arguments = np.array([rng.integers(3), rng.integers(5)]), (3, 5), float(radius)
        agree(f(*arguments), reference(*arguments), what="the neighbourhood")


@exercise.check(points=1, after=random_grids)
def laws(f, rng):
    """Is 1 at the winner, mutual between two units, and hangs on the grid's d/radius alone."""
    (a, b), (c, d) = ((int(rng.integers(5)), int(rng.integers(7))) for _ in range(2))
    radius = rng.uniform(1, 3)
    one, other = (np.asarray(f(np.array(w), (5, 7), radius)) for w in ((a, b), (c, d)))
    agree(one[a, b], 1.0, what="the winner's share")
    agree(one[c, d], other[a, b], what="one unit's share in the other's learning")
    wide = np.asarray(f(np.array([2 * a, 2 * b]), (9, 13), 2 * radius))
    agree(wide[::2, ::2], one, what="every other unit of a grid twice as fine")


@exercise.check(points=1, after=random_grids)
def leaves_inputs_alone(f, rng):
    """Leaves the winner's place as it was."""
    unchanged(f, *a_broad_grid(rng))


@exercise.variant
def with_loops(winner, shape, radius):
    return [
        [
            np.exp(-((r - winner[0]) ** 2 + (c - winner[1]) ** 2) / 2 / radius**2)
            for c in range(shape[1])
        ]
        for r in range(shape[0])
    ]


@exercise.variant
def a_product_of_two(winner, shape, radius):
    along = [np.exp(-(((np.arange(n) - w) / radius) ** 2) / 2) for n, w in zip(shape, winner)]
    return np.outer(*along)


@exercise.variant
def by_indices(winner, shape, radius):
    places = np.stack(np.indices(shape), axis=-1)
    return np.exp(-0.5 * (np.linalg.norm(places - winner, axis=2) / radius) ** 2)


def _squares(winner, shape):
    rows, columns = np.indices(shape)
    return 1.0 * ((rows - winner[0]) ** 2 + (columns - winner[1]) ** 2)


@exercise.misconception
def distance_not_squared(winner, shape, radius):
    """d stands in the exponent as it is. Squared, it would fall off slowly first, then fast."""
    return np.exp(-np.sqrt(_squares(winner, shape)) / (2 * radius**2))


@exercise.misconception(keeps=0.5)
def forgets_the_half(winner, shape, radius):
    """The exponent is twice what it should be: at a distance of one radius h is e^(−½)."""
    return np.exp(-_squares(winner, shape) / radius**2)


@exercise.misconception
def radius_not_squared(winner, shape, radius):
    """d² is divided by the radius, not by its square."""
    return np.exp(-_squares(winner, shape) / (2 * radius))


@exercise.misconception
def along_the_streets(winner, shape, radius):
    """Rows and columns are added up before squaring. d is Euclidean: Pythagoras."""
    rows, columns = np.indices(shape)
    d = np.abs(rows - winner[0]) + np.abs(columns - winner[1])
    return np.exp(-(d**2) / (2 * radius**2))


@exercise.misconception
def rows_and_columns_exchanged(winner, shape, radius):
    """The winner's row is taken for its column. Row first, in the winner and in the shape."""
    return np.exp(-_squares(winner[::-1], shape) / (2 * radius**2))


@exercise.misconception
def all_or_nothing(winner, shape, radius):
    """Everyone within the radius learns in full, the others not at all. Here h falls smoothly."""
    return (_squares(winner, shape) <= radius**2) * 1.0


@exercise.misconception
def only_the_winner(winner, shape, radius):
    """Only the winner learns: then it is plain competitive learning, and the grid means nothing."""
    return (_squares(winner, shape) == 0) * 1.0


@exercise.misconception
def shares_that_sum_to_one(winner, shape, radius):
    """The shares are divided by their sum. The winner's own share has to be 1."""
    h = np.exp(-_squares(winner, shape) / (2 * radius**2))
    return h / h.sum()


@exercise.misconception
def joined_at_the_edges(winner, shape, radius):
    """Left and right edge count as neighbours here, as on a ring. This map has borders."""
    offsets = [np.abs(i - w) for i, w in zip(np.indices(shape), winner)]
    down, across = (np.minimum(o, n - o) for o, n in zip(offsets, shape))
    return np.exp(-(down**2 + across**2) / (2 * radius**2))


@exercise.misconception
def distance_along_the_list(winner, shape, radius):
    """Units are counted row after row, and the difference of two numbers is taken for d."""
    numbers = np.arange(shape[0] * shape[1]).reshape(shape)
    return np.exp(-((numbers - numbers[tuple(winner)]) ** 2) / (2 * radius**2))


@exercise.misconception
def grows_with_the_distance(winner, shape, radius):
    """The minus is missing: the farthest unit learns most."""
    return np.exp(_squares(winner, shape) / (2 * radius**2))


@exercise.misconception
def turned_round(winner, shape, radius):
    """The result is transposed: it has to have as many rows as the grid."""
    return np.exp(-_squares(winner, shape) / (2 * radius**2)).T


@exercise.misconception
def chessboard_distance(winner, shape, radius):
    """Counts steps of a king on a chessboard; the distance is straight."""
    rows, cols = np.indices(shape)
    d = np.maximum(np.abs(rows - winner[0]), np.abs(cols - winner[1]))
    return np.exp(-(d**2) / (2 * radius**2))


@exercise.misconception
def cut_off_at_the_radius(winner, shape, radius):
    """Cuts off beyond the radius: the bell has no edge."""
    rows, cols = np.indices(shape)
    squares = (rows - winner[0]) ** 2 + (cols - winner[1]) ** 2
    return np.where(squares <= radius**2, np.exp(-squares / (2 * radius**2)), 0.0)
