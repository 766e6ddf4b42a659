"""Maxout: an activation that is learned."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "How many numbers compete for the output of one unit and one example?",
        "x @ W has the shape (K, N, M): matmul goes over the leading axis. What must b look like "
        "to be added to it?",
        "z_k = x W_k + b_k for each element k; the output is the largest, the winner is its "
        "number.",
    ),
)

SIZES = [(5, 3, 2, 7), (3, 5, 11, 2), (4, 2, 3, 5), (7, 1, 5, 3), (3, 3, 3, 3), (2, 5, 4, 3)]
"""N, D, K, M."""


def layer(rng, n, d, k, m, scale=1.0):
    return tuple(scale * part for part in (rng.normal(size=(n, d)), *weights(rng, d, k, m)))


def weights(rng, d, k, m):
    return rng.normal(size=(k, d, m)), rng.normal(size=(k, m))


@exercise.probe
def batch(rng):
    return layer(rng, 5, 3, 2, 7)


@exercise.probe
def large_groups(rng):
    return layer(rng, 2, 3, 11, 5)


@exercise.probe
def all_sizes_equal(rng):
    """Mixing up the axes raises no error here."""
    return layer(rng, 3, 3, 3, 3)


@exercise.probe
def all_negative(rng):
    """Every candidate is below 0, and so is the largest."""
    x, W, _ = layer(rng, 5, 2, 3, 7, 0.1)
    return x, W, -rng.uniform(1, 2, size=(3, 7))


@exercise.probe
def ties(rng):
    """All candidates of a unit are equal."""
    x, W, b = layer(rng, 2, 5, 1, 3)
    return x, np.repeat(W, 3, axis=0), np.repeat(b, 3, axis=0)


@exercise.check
def worked_example(f):
    """One unit, two lines: x = −1 gives max(−2, −1) = −1, and x = 2 gives max(4, −4) = 4."""
    W, b = np.array([[[2.0]], [[-1.0]]]), np.array([[0.0], [-2.0]])
    out, _ = sequence(f(np.array([[-1.0], [2.0]]), W, b), 2)
    agree(out, np.array([[-1.0], [4.0]]), what="out")


@exercise.check
def is_relu(f):
    """Of the lines x and 0 the larger one is the ReLU; the winners are line 1, then line 0."""
    W, b = np.array([[[1.0]], [[0.0]]]), np.zeros((2, 1))
    out, cache = sequence(f(np.array([[-3.0], [4.0]]), W, b), 2)
    agree(out, np.array([[0.0], [4.0]]), what="out")
    agree(sequence(cache, 3, "cache")[2], np.array([[1], [0]]), what="winner")


@exercise.check
def third_of_three(f):
    """Of the candidates 1, 2 and 3 of one unit, and 6, 5 and 5 of the other, 3 and 6 come out."""
    W, b = np.zeros((3, 1, 2)), np.array([[1.0, 6.0], [2.0, 5.0], [3.0, 5.0]])
    out, cache = sequence(f(np.array([[7.0], [8.0]]), W, b), 2)
    agree(out, np.array([[3.0, 6.0], [3.0, 6.0]]), what="out")
    agree(sequence(cache, 3, "cache")[2], np.array([[2, 0], [2, 0]]), what="winner")


@exercise.check
def first_of_equals(f):
    """Of candidates that are equal, and the largest, the first is the winner."""
    W, b = np.zeros((3, 2, 1)), np.array([[1.0], [4.0], [4.0]])
    _, cache = sequence(f(np.array([[7.0, 8.0]]), W, b), 2)
    agree(sequence(cache, 3, "cache")[2], np.array([[1]]), what="winner")


@exercise.check
def arguments_stay(f):
    """x, W and b are afterwards what they were before."""
    W, b = np.array([[[2.0]], [[-1.0]]]), np.array([[0.0], [-2.0]])
    unchanged(f, np.array([[-1.0], [2.0]]), W, b)


@exercise.check(points=1)
def random_layers(f, reference, rng):
    """Gives the output for layers of many sizes, with few candidates per unit or many."""
    for size in SIZES:
        arguments = layer(rng, *size)
        agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="out")
    for arguments in (all_negative(rng), layer(rng, 5, 3, 2, 7, 1000.0)):
        agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="out")


@exercise.check(points=1, after=random_layers)
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers as inputs for what they are, and does not round the output."""
    x, *rest = layer(rng, 5, 3, 2, 7)
    whole_numbers(f, reference, rng.integers(-9, 10, size=x.shape), *rest, part=0)


@exercise.check(points=1, after=random_layers)
def takes_one_example(f, reference, rng):
    """Takes a batch of one example, units of one candidate, and a layer of one unit."""
    for size, what in [((1, 2, 3, 5), "a batch of one"), ((2, 5, 1, 3), "groups of one")]:
        arguments = layer(rng, *size)
        agree(f(*arguments)[0], reference(*arguments)[0], what=f"out for {what}")
    arguments = layer(rng, 5, 3, 2, 1)
    agree(f(*arguments)[0], reference(*arguments)[0], what="out for a layer of one unit")
    x, W, b = layer(rng, 5, 3, 7, 2)
    agree(f(x[2:3], W, b)[0], f(x, W, b)[0][2:3], what="out of one example alone")


@exercise.check(points=1, after=random_layers)
def what_is_kept(f, reference, rng):
    """Keeps (x, W, winner); of several equal candidates the first one is the winner."""
    x, W, b = ties(rng)
    near = x, W, b + 1e-6 * np.arange(3)[:, None]
    for arguments in [*(layer(rng, *size) for size in SIZES), (x, W, b), near]:
        kept = sequence(sequence(f(*arguments), 2)[1], 3, "cache")
        for part, expected, name in zip(
            kept, reference(*arguments)[1], ("x", "W", "winner"), strict=True
        ):
            agree(part, expected, what=f"{name} in the cache")


@exercise.check(points=1, after=random_layers)
def laws(f, rng):
    """The order of the candidates does not matter, and what is added to all of them comes out."""
    x, W, b = layer(rng, 5, 3, 7, 2)
    out = np.asarray(f(x, W, b)[0])
    order = rng.permutation(7)
    agree(f(x, W[order], b[order])[0], out, what="out with the candidates in another order")
    agree(f(x, W, b - 100)[0], out - 100, what="out with every b lower by 100")
    doubled = np.concatenate([W, W]), np.concatenate([b, b - 1])
    agree(f(x, *doubled)[0], out, what="out with candidates added that are always lower")
    agree(f(x[1:3], W, b)[0], out[1:3], what="out of two of the examples")


@exercise.check(points=1, after=random_layers)
def leaves_inputs_alone(f, rng):
    """Leaves inputs, weights and biases as they were."""
    unchanged(f, *batch(rng))


@exercise.variant
def with_einsum(x, W, b):
    z = np.einsum("nd,kdm->nmk", x, W) + b.T
    winner = np.argmax(z, axis=2)
    return np.take_along_axis(z, winner[:, :, None], axis=2)[..., 0], (x, W, winner)


@exercise.variant
def candidate_by_candidate(x, W, b):
    out, winner = x @ W[0] + b[0], np.zeros((len(x), W.shape[2]), dtype=int)
    for k in range(1, len(W)):
        z = x @ W[k] + b[k]
        winner[z > out] = k
        out = np.maximum(out, z)
    return [out, [x, W, winner]]


@exercise.variant
def unit_by_unit(x, W, b):
    z = np.stack([x @ W[:, :, m].T + b[:, m] for m in range(W.shape[2])], axis=1)
    return z.max(axis=2), (x, W, z.argmax(axis=2))


def _answer(x, W, b, out=None, winner=None, cache=None):
    """The right answer with some of its parts replaced."""
    z = x @ W + b[:, None, :]
    first = z.max(axis=0) if out is None else out(z)
    who = z.argmax(axis=0) if winner is None else winner(z)
    return first, (x, W, who) if cache is None else cache(z, who)


@exercise.misconception
def smallest_wins(x, W, b):
    """The smallest candidate comes out. Maxout takes the largest."""
    return _answer(x, W, b, out=lambda z: z.min(axis=0), winner=lambda z: z.argmin(axis=0))


@exercise.misconception
def mean_of_the_candidates(x, W, b):
    """The candidates are averaged, which is just another linear layer. Only one should win."""
    return _answer(x, W, b, out=lambda z: z.mean(axis=0))


@exercise.misconception
def sum_of_the_candidates(x, W, b):
    """The candidates are added up, which is just another linear layer. Only one should win."""
    return _answer(x, W, b, out=lambda z: z.sum(axis=0))


@exercise.misconception
def largest_magnitude_wins(x, W, b):
    """The candidate farthest from 0 wins, even if it is negative. The largest one should."""
    out = lambda z: np.take_along_axis(z, _farthest(z)[None], axis=0)[0]
    return _answer(x, W, b, out=out, winner=_farthest)


def _farthest(z):
    return np.abs(z).argmax(axis=0)


@exercise.misconception
def magnitudes_come_out(x, W, b):
    """The candidates lose their signs before they are compared: nothing negative can come out."""
    return _answer(x, W, b, out=lambda z: np.abs(z).max(axis=0), winner=_farthest)


@exercise.misconception
def never_below_zero(x, W, b):
    """A 0 takes part in every group, so that nothing negative can come out. Nobody asked it to."""
    return _answer(x, W, b, out=lambda z: z.max(axis=0, initial=0))


@exercise.misconception(keeps=1 / 3)
def biases_forgotten(x, W, b):
    """The candidates are compared without their biases."""
    return _answer(x, W, 0 * b)


@exercise.misconception
def biases_after_the_maximum(x, W, b):
    """The bias of the first candidate is added after the maximum. Each has its own, before it."""
    out, cache = _answer(x, W, 0 * b)
    return out + b[0], cache


@exercise.misconception
def winners_bias_after_the_maximum(x, W, b):
    """The winner gets its bias only after the choice. Each bias belongs before the maximum."""
    out, (_, _, who) = _answer(x, W, 0 * b)
    return out + np.take_along_axis(b, who, axis=0), (x, W, who)


@exercise.misconception
def units_compete(x, W, b):
    """The maximum runs over the units. It should run over the candidates *of* each unit."""
    return _answer(x, W, b, out=lambda z: z.max(axis=2), winner=lambda z: z.argmax(axis=2))


@exercise.misconception
def one_output_per_candidate(x, W, b):
    """Each candidate's best unit comes out. It should be each *unit's* best candidate."""
    return _answer(x, W, b, out=lambda z: z.max(axis=2).T, winner=lambda z: z.argmax(axis=2).T)


@exercise.misconception
def examples_compete(x, W, b):
    """The maximum runs over the examples. It should run over the candidates of each unit."""
    return _answer(x, W, b, out=lambda z: z.max(axis=1), winner=lambda z: z.argmax(axis=1))


@exercise.misconception
def two_candidates_only(x, W, b):
    """Only the first two candidates take part. A group may have any number of them."""
    return _answer(x, W, b, out=lambda z: z[:2].max(axis=0), winner=lambda z: z[:2].argmax(axis=0))


@exercise.misconception
def first_candidate_always(x, W, b):
    """The first candidate always comes out, so the others never say anything."""
    return _answer(x, W, b, out=lambda z: z[0], winner=lambda z: 0 * z.argmax(axis=0))


@exercise.misconception
def last_of_equals(x, W, b):
    """Of equal candidates you name the last one the winner. The contract names the first."""
    return _answer(x, W, b, winner=lambda z: len(z) - 1 - z[::-1].argmax(axis=0))


@exercise.misconception
def keeps_the_output_as_winner(x, W, b):
    """The cache should say *which* candidate won. Yours says how high it was."""
    return _answer(x, W, b, winner=lambda z: z.max(axis=0))


@exercise.misconception
def keeps_a_mask(x, W, b):
    """The winner is kept as a mask over the candidates. The contract wants its number k."""
    return _answer(x, W, b, winner=lambda z: z == z.max(axis=0))


@exercise.misconception
def keeps_all_candidates(x, W, b):
    """The output is right, but the cache holds the candidates. It should be (x, W, winner)."""
    return _answer(x, W, b, cache=lambda z, who: z)


@exercise.misconception(keeps=0.5)
def keeps_nothing(x, W, b):
    """Only the output comes back. Return two things: the output and the cache."""
    return _answer(x, W, b)[0]
