"""How far will it move?"""

import numpy as np

from autograder.judging.compare import Failed, agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=3,
    hints=(
        "First ask about z alone: if w moves by Δw and b by Δb, by how much does z = x·w + b move?",
        "That is x·Δw + Δb. A small move of z becomes a move of y that is smaller by the slope of "
        "the sigmoid, at the z where the neuron *was*.",
        r"$\Delta y \approx \sigma'(z)\,\Delta z$, with $\sigma'(z) = \sigma(z)(1 - \sigma(z))$ "
        r"and $z = x \cdot w + b$.",
    ),
)


def moves(rng, examples, features, size=0.5):
    """A neuron whose outputs are spread out, and a move of its weights and bias."""
    x, w = rng.normal(size=(examples, features)), rng.normal(size=features)
    dw, db = size * rng.normal(size=features), size * rng.uniform(0.5, 1.5)
    return x, w, rng.uniform(0.3, 1), dw, db


@exercise.probe
def seven_examples(rng):
    return moves(rng, 7, 3)


@exercise.probe
def one_example(rng):
    return moves(rng, 1, 5)


@exercise.probe
def only_the_bias(rng):
    x, w, b, dw, db = moves(rng, 5, 3)
    return x, w, b, 0 * dw, db


@exercise.probe
def only_the_weights(rng):
    x, w, b, dw, _ = moves(rng, 5, 2)
    return x, w, b, dw, 0.0


@exercise.check
def in_the_middle(f):
    """At z = 0 the slope is ¼: x = (1, 2), w = (2, −1), Δw = (0.1, 0.2), Δb = 0.3 give 0.2."""
    x, w = np.array([[1.0, 2.0]]), np.array([2.0, -1.0])
    agree(f(x, w, 0.0, np.array([0.1, 0.2]), 0.3), np.array([0.2]), what="Δy")


@exercise.check
def on_the_slope(f):
    """At z = ln 3, where y = ¾, the slope is 3/16; at z = −ln 3 as well: Δz = 16 gives 3."""
    x = np.array([[np.log(3)], [-np.log(3)]])
    agree(f(x, np.ones(1), 0.0, np.zeros(1), 16.0), np.array([3.0, 3.0]), what="Δy")
    agree(f(x, np.zeros(1), np.log(3), np.ones(1), 0.0), 3 / 16 * x[:, 0], what="Δy")


@exercise.check
def inputs_stay(f):
    """x, w and Δw are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 0.5]]), np.array([1.0, -1.0]), 0.2, np.ones(2), 0.1)


@exercise.check(points=2)
def random_moves(f, reference, rng):
    """Gives the first-order change for random neurons, inputs and moves."""
    for size in [(7, 3), (3, 7), (5, 5), (2, 11)]:
        arguments = moves(rng, *size)
        agree(f(*arguments), reference(*arguments), what="Δy")


@exercise.check(points=1, after=random_moves)
def a_quarter_of_the_error(f, rng):
    """Half the move leaves a quarter of the error: what is neglected is of second order."""
    x, w, b, dw, db = moves(rng, 11, 3)

    def error(size):
        moved = _sigmoid(x @ (w + size * dw) + b + size * db) - _sigmoid(x @ w + b)
        return np.abs(moved - f(x, w, b, size * dw, size * db)).sum()

    ratio = error(1e-3) / error(5e-4)
    if not 3.9 < ratio < 4.1:
        raise Failed(f"half the move leaves 1/{ratio:.3g} of the error, expected a quarter")


@exercise.check(points=1, after=random_moves)
def straight(f, rng):
    """Three times the move gives three times the change, and two moves add up."""
    x, w, b, dw, db = moves(rng, 7, 3)
    once = np.array(f(x, w, b, dw, db))
    agree(f(x, w, b, 3 * dw, 3 * db), 3 * once, what="Δy of three times the move")
    alone = [np.array(f(x, w, b, dw, 0.0)), np.array(f(x, w, b, 0 * dw, db))]
    agree(alone[0] + alone[1], once, what="Δy of Δw and of Δb, added")


@exercise.check(points=1, after=random_moves)
def edges(f, reference, rng):
    """Works for one example, one input, far from 0, and for whole numbers."""
    for size in [(1, 5), (7, 1), (1, 1)]:
        arguments = moves(rng, *size)
        agree(f(*arguments), reference(*arguments), what="Δy")
    x = rng.permutation([-1000.0, -20.0, 20.0, 1000.0])[:, None]
    far = x, np.ones(1), 0.0, np.ones(1), 1.0
    agree(f(*far), reference(*far), atol=1e-12, what="Δy far from 0")
    x = rng.integers(-2, 3, size=(7, 3))
    whole_numbers(f, reference, x, np.array([1, 0, -1]), 1, np.array([1, 2, 1]), 1)


@exercise.check(points=1, after=random_moves)
def leaves_inputs_alone(f, rng):
    """Leaves inputs, weights and moves as they were."""
    unchanged(f, *seven_examples(rng))


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def _slope(z):
    return _sigmoid(z) * _sigmoid(-z)


@exercise.variant
def with_loops(x, w, b, dw, db):
    changes = []
    for row in x:
        slope = 0.25 / np.cosh(np.clip((sum(row * w) + b) / 2, -300, 300)) ** 2
        change = slope * db
        for value, move in zip(row, dw):
            change += slope * value * move
        changes.append(change)
    return changes


@exercise.variant
def by_partial_slopes(x, w, b, dw, db):
    y = 1 / (1 + np.exp(-(x @ w + b)))
    slopes = (y - y**2)[:, None] * np.column_stack([x, np.ones(len(x))])
    return slopes @ np.append(dw, db)


@exercise.misconception
def slope_forgotten(x, w, b, dw, db):
    """This is how far z moves. The output moves less: multiply by the slope of the sigmoid."""
    return x @ dw + db


@exercise.misconception(keeps=0.5)
def bias_does_not_move(x, w, b, dw, db):
    """Δb is never used: the bias moves, too."""
    return _slope(x @ w + b) * (x @ dw)


@exercise.misconception
def weights_do_not_move(x, w, b, dw, db):
    """Δw is never used: only the bias moves."""
    return _slope(x @ w + b) * db


@exercise.misconception
def inputs_forgotten(x, w, b, dw, db):
    """The moves of the weights are added as they are. A weight whose input is 0 moves nothing."""
    return _slope(x @ w + b) * (dw.sum() + db)


@exercise.misconception
def output_for_slope(x, w, b, dw, db):
    """σ(z) stands where its slope should: for a large z the output is 1, but hardly moves."""
    return _sigmoid(x @ w + b) * (x @ dw + db)


@exercise.misconception
def always_a_quarter(x, w, b, dw, db):
    """The slope is ¼ only at z = 0. What is it at this neuron's z?"""
    return 0.25 * (x @ dw + db)


@exercise.misconception(keeps=0.5)
def slope_where_it_arrives(x, w, b, dw, db):
    """The slope is taken after the move. Take it where the neuron was."""
    return _slope(x @ (w + dw) + b + db) * (x @ dw + db)


@exercise.misconception
def exact_change(x, w, b, dw, db):
    """This is the true change, new minus old. Asked for is the straight-line estimate of it."""
    return _sigmoid(x @ (w + dw) + b + db) - _sigmoid(x @ w + b)


@exercise.misconception(keeps=0.5)
def bias_left_out_of_z(x, w, b, dw, db):
    """The slope is taken at x·w: b is missing in z."""
    return _slope(x @ w) * (x @ dw + db)


@exercise.misconception
def new_output(x, w, b, dw, db):
    """This is the new output. Only how far it has moved is asked for."""
    return _sigmoid(x @ w + b) + _slope(x @ w + b) * (x @ dw + db)


@exercise.misconception
def weights_for_moves(x, w, b, dw, db):
    """z was added up from w where Δw belongs: it is the *moves* that are multiplied by x."""
    return _slope(x @ w + b) * (x @ w + db)


@exercise.misconception
def overwrites_the_inputs(x, w, b, dw, db):
    """The changes are right, but x is multiplied in place, and its owner still needs it."""
    slope = _slope(x @ w + b)
    x *= dw
    return slope * (x.sum(axis=1) + db)


@exercise.misconception
def measured_not_differentiated(x, w, b, dw, db):
    """Measures the change with a finite step; the slope y·(1 − y) has no error."""

    def y(w, b):
        return 1 / (1 + np.exp(-(x @ w + b)))

    return (y(w + 1e-4 * dw, b + 1e-4 * db) - y(w, b)) / 1e-4
