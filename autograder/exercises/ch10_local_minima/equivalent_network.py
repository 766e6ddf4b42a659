"""The same network in other clothes."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=3,
    hints=(
        "A unit is a column of W1, an entry of b1 and a row of W2. What moves with it?",
        "tanh(−z) = −tanh(z): flip all that goes *in*, and what goes out changes its sign.",
        "New column j of W1 is column order[j] times signs[j]; b1 and the rows of W2 likewise.",
    ),
)


def network(rng, d, h, c):
    """Parameters, an order that is not its own inverse, and signs of both kinds."""
    W1, b1, W2 = rng.normal(size=(d, h)), rng.normal(size=h), rng.normal(size=(h, c))
    order = np.roll(rng.permutation(h), 1) if h > 2 else rng.permutation(h)
    while h > 2 and np.array_equal(order[order], np.arange(h)):
        order = rng.permutation(h)
    signs = rng.permutation(np.append([1.0, -1.0], rng.choice([1.0, -1.0], size=max(h - 2, 0)))[:h])
    return W1, b1, W2, order, signs


@exercise.probe
def five_units(rng):
    return network(rng, 3, 5, 2)


@exercise.probe
def seven_units(rng):
    return network(rng, 2, 7, 3)


@exercise.probe
def as_many_inputs_as_units(rng):
    return network(rng, 4, 4, 4)


@exercise.probe
def one_unit(rng):
    W1, b1, W2, *_ = network(rng, 3, 1, 2)
    return W1, b1, W2, np.array([0]), np.array([-1.0])


@exercise.check
def worked_example(f):
    """Two units change places, and the first of the new order flips its signs."""
    W1, b1, W2 = np.array([[1.0, 2.0]]), np.array([3.0, 4.0]), np.array([[5.0], [6.0]])
    got = sequence(f(W1, b1, W2, np.array([1, 0]), np.array([-1.0, 1.0])), 3)
    agree(got, ([[-2.0, 1.0]], [-4.0, 3.0], [[-6.0], [5.0]]), what="the parameters")


@exercise.check
def three_units(f):
    """Units 2, 0 and 1 come first, second and third; only the last one flips; inputs stay."""
    W1, b1, W2 = (
        np.array([[1.0, 2.0, 3.0]]),
        np.array([4.0, 5.0, 6.0]),
        np.array([[7.0], [8.0], [9.0]]),
    )
    arguments = W1, b1, W2, np.array([2, 0, 1]), np.array([1.0, 1.0, -1.0])
    expected = [[3.0, 1.0, -2.0]], [6.0, 4.0, -5.0], [[9.0], [7.0], [-8.0]]
    agree(sequence(f(*arguments), 3), expected, what="the parameters")
    unchanged(f, *arguments)


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Gives the reordered and flipped parameters of networks of several sizes."""
    for size in ((3, 5, 2), (2, 7, 3), (5, 3, 1)):
        arguments = network(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the parameters")


@exercise.check(points=2, after=random_networks)
def same_function(f, rng):
    """The new network computes what the old one does, on random inputs."""
    for _ in range(3):
        W1, b1, W2, order, signs = network(rng, 4, 6, 3)
        x = rng.normal(size=(9, 4))
        new_W1, new_b1, new_W2 = (np.asarray(p) for p in sequence(f(W1, b1, W2, order, signs), 3))
        expected = np.tanh(x @ W1 + b1) @ W2
        agree(np.tanh(x @ new_W1 + new_b1) @ new_W2, expected, what="what the new network computes")


@exercise.check(points=1, after=random_networks)
def one_unit_and_no_change(f, rng):
    """Takes a single unit; the natural order without flips changes nothing."""
    W1, b1, W2, *_ = network(rng, 3, 5, 2)
    agree(f(W1, b1, W2, np.arange(5), np.ones(5)), (W1, b1, W2), what="the unchanged network")
    W1, b1, W2, order, signs = one_unit(rng)
    agree(f(W1, b1, W2, order, signs), (-W1, -b1, -W2), what="a single unit's parameters")


@exercise.check(points=1, after=random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers for weights and signs."""
    W1, b1, W2, order, signs = network(rng, 3, 5, 2)
    whole = [np.round(9 * part).astype(int) for part in (W1, b1, W2)]
    whole_numbers(f, reference, *whole, order, signs.astype(int))


@exercise.check(points=1, after=random_networks)
def leaves_parameters_alone(f, rng):
    """Leaves the old network as it was."""
    unchanged(f, *five_units(rng))


@exercise.variant
def unit_by_unit(W1, b1, W2, order, signs):
    columns = [signs[j] * W1[:, unit] for j, unit in enumerate(order)]
    biases = [signs[j] * b1[unit] for j, unit in enumerate(order)]
    rows = [signs[j] * W2[unit] for j, unit in enumerate(order)]
    return np.stack(columns, axis=1), np.array(biases), np.array(rows)


@exercise.variant
def with_a_matrix(W1, b1, W2, order, signs):
    turn = np.zeros((len(order), len(order)))
    turn[order, np.arange(len(order))] = signs
    return [W1 @ turn, b1 @ turn, turn.T @ W2]


def _clothes(W1, b1, W2, order, signs):
    return W1[:, order] * signs, b1[order] * signs, W2[order] * np.asarray(signs)[:, None]


@exercise.misconception
def way_out_not_flipped(W1, b1, W2, order, signs):
    """What goes in is flipped, what goes out is not: the unit's contribution changes its sign."""
    return W1[:, order] * signs, b1[order] * signs, W2[order]


@exercise.misconception(keeps=0.5)
def bias_not_flipped(W1, b1, W2, order, signs):
    """The bias goes in as well: it flips with the weights."""
    return W1[:, order] * signs, b1[order], W2[order] * signs[:, None]


@exercise.misconception
def bias_not_reordered(W1, b1, W2, order, signs):
    """The biases stay where they were while their units move."""
    return W1[:, order] * signs, b1 * signs, W2[order] * signs[:, None]


@exercise.misconception
def way_out_not_reordered(W1, b1, W2, order, signs):
    """The rows of W2 stay where they were while their units move."""
    return W1[:, order] * signs, b1[order] * signs, W2 * signs[:, None]


@exercise.misconception
def the_inverse_order(W1, b1, W2, order, signs):
    """Units go *to* place order[j]: they should come *from* there."""
    return _clothes(W1, b1, W2, np.argsort(order), signs)


@exercise.misconception(keeps=0.5)
def signs_of_the_old_order(W1, b1, W2, order, signs):
    """The signs are applied before the units move: they belong to the new order."""
    flipped = W1 * signs, b1 * signs, W2 * signs[:, None]
    return flipped[0][:, order], flipped[1][order], flipped[2][order]


@exercise.misconception
def signs_ignored(W1, b1, W2, order, signs):
    """The units move, but no sign is flipped."""
    return _clothes(W1, b1, W2, order, np.ones(len(order)))


@exercise.misconception
def order_ignored(W1, b1, W2, order, signs):
    """Signs flip, but every unit stays in its place."""
    return W1 * signs, b1 * signs, W2 * signs[:, None]


@exercise.misconception
def flipped_in_place(W1, b1, W2, order, signs):
    """The numbers are right, but the caller's parameters are overwritten: return new arrays."""
    signs = signs.astype(W1.dtype)
    W1[:], b1[:], W2[:] = W1[:, order] * signs, b1[order] * signs, W2[order] * signs[:, None]
    return W1, b1, W2
