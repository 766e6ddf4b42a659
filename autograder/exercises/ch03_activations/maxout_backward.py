"""Back through maxout: only the winner learns."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.activations import maxout_forward

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=4,
    hints=(
        "If a candidate that lost grows a little, what happens to the output?",
        "First spread dout over the candidates: dz (K, N, M) is dout where k won and 0 elsewhere. "
        "Then each candidate is an ordinary linear layer.",
        "∂C/∂z_k is dout where element k won and 0 elsewhere; from there on, K ordinary layers.",
    ),
)

SIZES = [(5, 3, 2, 7), (3, 5, 11, 2), (4, 2, 3, 5), (7, 1, 5, 3), (3, 3, 3, 3), (2, 5, 1, 3)]
"""N, D, K, M."""


def case(rng, n, d, k, m, winner=None):
    """An upstream gradient, and a cache in which anybody may have won."""
    x, W = rng.normal(size=(n, d)), rng.normal(size=(k, d, m))
    won = rng.integers(k, size=(n, m)) if winner is None else np.full((n, m), winner)
    return rng.normal(size=(n, m)), (x, W, won)


@exercise.probe
def batch(rng):
    return case(rng, 5, 3, 2, 7)


@exercise.probe
def large_groups(rng):
    return case(rng, 2, 3, 11, 5)


@exercise.probe
def all_sizes_equal(rng):
    """Mixing up the axes raises no error here."""
    return case(rng, 3, 3, 3, 3)


@exercise.check
def worked_example(f):
    """Two lines of slope 2 and −1: x = −1 went to the second, x = 2 to the first."""
    W, winner = np.array([[[2.0]], [[-1.0]]]), np.array([[1], [0]])
    grads = f(np.array([[10.0], [3.0]]), (np.array([[-1.0], [2.0]]), W, winner))
    dx, dW, db = sequence(grads, 3)
    agree(dx, np.array([[-10.0], [6.0]]), what="dx")
    agree(dW, np.array([[[6.0]], [[-10.0]]]), what="dW")
    agree(db, np.array([[3.0], [10.0]]), what="db")


@exercise.check
def two_units(f):
    """Two units of three candidates, two inputs, two examples: who won what, by hand."""
    W = np.array([[[1.0, 2.0], [3.0, 4.0]], [[5.0, 6.0], [7.0, 8.0]], [[-1.0, 0.0], [0.0, -2.0]]])
    x, winner = np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([[1, 0], [1, 2]])
    dx, dW, db = sequence(f(np.array([[2.0, 10.0], [4.0, -3.0]]), (x, W, winner)), 3)
    agree(dx, np.array([[30.0, 54.0], [20.0, 34.0]]), what="dx")
    agree(db, np.array([[0.0, 10.0], [6.0, 0.0], [0.0, -3.0]]), what="db")
    of_each = [[[0.0, 10.0], [0.0, 20.0]], [[14.0, 0.0], [0.0, 0.0]], [[0.0, -9.0], [0.0, 3.0]]]
    agree(dW, np.array(of_each), what="dW")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    W, winner = np.array([[[2.0]], [[-1.0]]]), np.array([[1], [0]])
    unchanged(f, np.array([[10.0], [3.0]]), (np.array([[-1.0], [2.0]]), W, winner))


@exercise.check(points=1)
def gradient_of_the_input(f, reference, rng):
    """Gives dx for layers of many sizes, with one candidate per unit or many."""
    for size in SIZES:
        arguments = case(rng, *size)
        agree(sequence(f(*arguments), 3)[0], reference(*arguments)[0], what="dx")
    dout, (x, W, winner) = case(rng, *SIZES[0])
    large = 1e3 * dout, (1e3 * x, 1e3 * W, winner)
    agree(sequence(f(*large), 3), reference(*large), what="the result for large numbers")


@exercise.check(points=2)
def gradients_of_the_parameters(f, reference, rng):
    """Gives dW and db for layers of many sizes, with one candidate per unit or many."""
    for size in SIZES:
        arguments = case(rng, *size)
        _, dW, db = sequence(f(*arguments), 3)
        agree(dW, reference(*arguments)[1], what="dW")
        agree(db, reference(*arguments)[2], what="db")


@exercise.check(points=1, after=(gradient_of_the_input, gradients_of_the_parameters))
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers for what they are, and does not round the gradients."""
    dout, (x, W, winner) = case(rng, *SIZES[0])
    whole_numbers(f, reference, dout, (np.rint(9 * x).astype(int), W, winner))
    whole_numbers(f, reference, rng.integers(-9, 10, size=dout.shape), (x, W, winner))


@exercise.check(points=1, after=(gradient_of_the_input, gradients_of_the_parameters))
def takes_one_example(f, reference, rng):
    """Takes a batch of one example, and the examples' own gradients make up those of the batch."""
    arguments = case(rng, 1, 2, 3, 5)
    agree(f(*arguments), reference(*arguments), what="the result for a batch of one")
    dout, (x, W, winner) = case(rng, 5, 3, 7, 2)
    dx, *whole = f(dout, (x, W, winner))
    alone = [f(dout[n : n + 1], (x[n : n + 1], W, winner[n : n + 1])) for n in range(5)]
    agree(np.concatenate([part[0] for part in alone]), dx, what="dx of one example at a time")
    for i, name in ((1, "dW"), (2, "db")):
        added = sum(np.asarray(part[i]) for part in alone)
        agree(added, whole[i - 1], what=f"the examples' {name}")


@exercise.check(points=1, after=(gradient_of_the_input, gradients_of_the_parameters))
def measured_slopes(f, rng):
    """All three gradients agree with slopes measured on a maxout layer."""
    x, W, b = clear_winners(rng, 3, 2, 5, 2)
    dout = rng.normal(size=(3, 2))
    dx, dW, db = f(dout, maxout_forward(x, W, b)[1])
    gradient_agrees(dx, lambda v: maxout_forward(v, W, b)[0], x, cotangent=dout, what="dx")
    gradient_agrees(dW, lambda v: maxout_forward(x, v, b)[0], W, cotangent=dout, what="dW")
    gradient_agrees(db, lambda v: maxout_forward(x, W, v)[0], b, cotangent=dout, what="db")


def clear_winners(rng, n, d, k, m):
    """A layer in which nobody wins by less than a thousandth: away from the corners."""
    while True:
        x, W, b = rng.normal(size=(n, d)), rng.normal(size=(k, d, m)), rng.normal(size=(k, m))
        first, second = np.sort(x @ W + b[:, None, :], axis=0)[:-3:-1]
        if np.min(first - second) > 1e-3:
            return x, W, b


@exercise.check(points=1, after=(gradient_of_the_input, gradients_of_the_parameters))
def laws(f, rng):
    """Who never won learns nothing; examples add up in dW and db, and gradients scale."""
    dout, (x, W, winner) = case(rng, 5, 3, 7, 2)
    dx, dW, db = f(dout, (x, W, winner))
    some = [f(dout[n], (x[n], W, winner[n])) for n in (slice(2), slice(2, 5))]
    agree(np.concatenate([part[0] for part in some]), dx, what="dx of two parts of the batch")
    for i, name, whole in ((1, "dW", dW), (2, "db", db)):
        agree(sum(np.asarray(part[i]) for part in some), whole, what=f"the parts' {name}")
    scaled = [-1e3 * np.asarray(part) for part in (dx, dW, db)]
    agree(f(-1e3 * dout, (x, W, winner)), scaled, what="the result for −1000 times the gradient")
    lonely = f(dout, (x, W, np.full((5, 2), 4)))
    losers = np.delete(np.asarray(lonely[1]), 4, axis=0)
    agree(losers, np.zeros((6, 3, 2)), what="dW of those who never won")


@exercise.check(points=1, after=(gradient_of_the_input, gradients_of_the_parameters))
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *batch(rng))


@exercise.variant
def with_einsum(dout, cache):
    x, W, winner = cache
    dz = np.eye(len(W))[winner] * dout[:, :, None]
    dx = np.einsum("nmk,kdm->nd", dz, W)
    return dx, np.einsum("nd,nmk->kdm", x, dz), np.einsum("nmk->km", dz)


@exercise.variant
def candidate_by_candidate(dout, cache):
    x, W, winner = cache
    dx, dW, db = np.zeros(x.shape), [], []
    for k in range(len(W)):
        dz = np.where(winner == k, dout, 0)
        dx += dz @ W[k].T
        dW.append(x.T @ dz)
        db.append(dz.sum(axis=0))
    return [dx, dW, db]


@exercise.variant
def entry_by_entry(dout, cache):
    x, W, winner = cache
    dx, dW, db = np.zeros(x.shape), np.zeros(W.shape), np.zeros((len(W), W.shape[2]))
    for n, m in np.ndindex(dout.shape):
        k = int(winner[n, m])
        dx[n] += dout[n, m] * W[k, :, m]
        dW[k, :, m] += dout[n, m] * x[n]
        db[k, m] += dout[n, m]
    return dx, dW, db


def _answer(dout, cache, won=None):
    """The gradients, with another share of dout for the candidates."""
    x, W, winner = cache
    share = np.arange(len(W))[:, None, None] == winner if won is None else won(W, winner)
    dz = dout * share
    return (dz @ W.transpose(0, 2, 1)).sum(axis=0), x.T @ dz, dz.sum(axis=1)


@exercise.misconception
def everybody_learns(dout, cache):
    """Every candidate gets the whole gradient. Losers do not touch the output."""
    return _answer(dout, cache, lambda W, winner: np.ones((len(W), *winner.shape)))


@exercise.misconception
def shared_equally(dout, cache):
    """The gradient is shared equally among the candidates. Only the winner made the output."""
    return _answer(dout, cache, lambda W, winner: np.ones((len(W), *winner.shape)) / len(W))


@exercise.misconception
def losers_learn(dout, cache):
    """The losers learn and the winner does not: the mask is the wrong way round."""
    return _answer(dout, cache, lambda W, winner: np.arange(len(W))[:, None, None] != winner)


@exercise.misconception
def first_candidate_learns(dout, cache):
    """The first candidate gets everything. Who won is in the cache."""
    return _answer(dout, cache, lambda W, winner: np.arange(len(W))[:, None, None] == 0 * winner)


@exercise.misconception
def one_winner_per_unit(dout, cache):
    """The winner of the first example counts for all. Each example has its own winners."""
    return _answer(
        dout, cache, lambda W, winner: np.arange(len(W))[:, None, None] == winner[:1] + 0 * winner
    )


@exercise.misconception
def upstream_forgotten(dout, cache):
    """Every winner gets a 1. It should get what came from above."""
    return _answer(np.ones_like(dout), cache)


@exercise.misconception
def weights_not_used_for_the_input(dout, cache):
    """dx comes through the weights of the first candidate only. Each winner has its own."""
    W = cache[1]
    _, dW, db = _answer(dout, cache)
    return dout @ W[0].T, dW, db


@exercise.misconception
def input_through_all_weights(dout, cache):
    """dx comes back through all candidates' weights. The losers' did not take part."""
    W = cache[1]
    _, dW, db = _answer(dout, cache)
    return dout @ W.sum(axis=0).T, dW, db


@exercise.misconception(keeps=0.5)
def averaged_over_the_batch(dout, cache):
    """dW and db are divided by N. If the cost is a mean, dout knows it already."""
    dx, dW, db = _answer(dout, cache)
    return dx, dW / len(dx), db / len(dx)


@exercise.misconception
def bias_averaged(dout, cache):
    """db is a mean over the examples. Each of them adds to it."""
    dx, dW, db = _answer(dout, cache)
    return dx, dW, db / len(dx)


@exercise.misconception
def one_bias_for_all(dout, cache):
    """Every candidate gets the same db. Each has its own bias, moved by its own wins."""
    dx, dW, db = _answer(dout, cache)
    return dx, dW, np.repeat(db.sum(axis=0)[None], len(db), axis=0)


@exercise.misconception
def examples_kept_apart(dout, cache):
    """db still has one row per example. Add over the examples."""
    _, W, winner = cache
    dx, dW, _ = _answer(dout, cache)
    return dx, dW, dout * (np.arange(len(W))[:, None, None] == winner)


@exercise.misconception
def candidates_last(dout, cache):
    """dW has its axes in another order than W, which is (K, D, M)."""
    dx, dW, db = _answer(dout, cache)
    return dx, dW.transpose(1, 2, 0), db


@exercise.misconception(keeps=0.5)
def parameters_first(dout, cache):
    """The gradients are right, but the contract returns dx first, then dW and db."""
    dx, dW, db = _answer(dout, cache)
    return dW, db, dx


@exercise.misconception
def overwrites_the_upstream(dout, cache):
    """The gradients are right, but the caller's dout is changed on the way: use a new array."""
    grads = _answer(dout, cache)
    dout *= cache[2] == 0
    return grads
