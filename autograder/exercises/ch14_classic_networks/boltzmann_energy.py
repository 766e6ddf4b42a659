"""What does a state cost?"""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "Units 1 and 2 are on. In `s @ W @ s`, how often does their coupling occur?",
        "`s @ W` tells each unit of each state what the others send to it; times s, and summed "
        "over the units, is twice the sum over pairs.",
        r"$E = -\tfrac12\, s W s^\top - s\cdot\theta$ for each row s.",
    ),
)


def couplings(rng, n):
    W = np.triu(rng.normal(size=(n, n)), 1)
    return W + W.T


def machine(rng, examples, n):
    s = (rng.random((examples, n)) < 0.6) * 1.0
    s[:, :2] = 1.0  # at least one pair is on
    return s, couplings(rng, n), rng.normal(size=n)


@exercise.probe
def five_states(rng):
    return machine(rng, 5, 4)


@exercise.probe
def square(rng):
    return machine(rng, 3, 3)


@exercise.probe
def of_whole_numbers(rng):
    s, W, theta = machine(rng, 5, 4)
    return s.astype(int), W, theta


@exercise.probe
def more_units(rng):
    return machine(rng, 3, 7)


@exercise.check
def worked_example(f):
    """W₁₂ = 3, W₁₃ = −1, W₂₃ = 2, θ = (1, 0, −2): 110 has −3 − 1 = −4, 011 has 0, 111 has −3."""
    W = np.array([[0.0, 3, -1], [3, 0, 2], [-1, 2, 0]])
    s = np.array([[1.0, 1, 0], [0, 1, 1], [1, 1, 1]])
    agree(f(s, W, np.array([1.0, 0, -2])), np.array([-4.0, 0.0, -3.0]), what="the energies")


@exercise.check
def each_alone(f):
    """A unit that is on alone costs −θ, and a state of silence nothing."""
    W = np.array([[0.0, 3, -1], [3, 0, 2], [-1, 2, 0]])
    s = np.vstack([np.eye(3), np.zeros((1, 3))])
    agree(f(s, W, np.array([1.0, 5, -2])), np.array([-1.0, -5, 2, 0]), what="the energies")


@exercise.check
def whole_states_and_halves(f):
    """States written as whole numbers, with a coupling of ½: two units that are on have −½."""
    W = np.array([[0.0, 0.5], [0.5, 0.0]])
    agree(f(np.array([[1, 1], [0, 1]]), W, np.zeros(2)), np.array([-0.5, 0.0]))


@exercise.check
def arguments_stay(f):
    """States, couplings and biases are afterwards what they were."""
    unchanged(f, np.ones((2, 2)), np.array([[0.0, 0.5], [0.5, 0.0]]), np.array([1.0, 2.0]))


@exercise.check(points=2)
def random_machines(f, reference, rng):
    """Gives the energies of random states of machines of several sizes."""
    for size in rng.permutation([(5, 4), (3, 3), (3, 7), (11, 2), (2, 5)]):
        arguments = machine(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the energies")


@exercise.check(points=1, after=random_machines)
def one_state(f, reference, rng):
    """Works for a single state, and for a machine of one unit."""
    for size in rng.permutation([(1, 5), (1, 2)]):
        arguments = machine(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the energy of one state")
    s, theta = rng.permutation([[0.0], [1.0], [1.0]]), rng.normal(size=1)
    agree(f(s, np.zeros((1, 1)), theta), -s[:, 0] * theta, what="the energies of one unit")


@exercise.check(points=1, after=random_machines)
def laws(f, rng):
    """Switching unit i on lowers E by its input, Σ W·s + θ; renaming the units changes nothing."""
    s, W, theta = machine(rng, 7, 5)
    i = int(rng.integers(5))
    off, on = s.copy(), s.copy()
    off[:, i], on[:, i] = 0, 1
    gap = as_array(f(off, W, theta)) - as_array(f(on, W, theta))
    agree(gap, off @ W[i] + theta[i], rtol=1e-5, atol=1e-5, what="what unit i is worth")
    order = rng.permutation(5)
    renamed = f(s[:, order], W[np.ix_(order, order)], theta[order])
    agree(renamed, as_array(f(s, W, theta)), what="the energies with renamed units")


@exercise.check(points=1, after=random_machines)
def takes_whole_numbers(f, reference, rng):
    """Takes states of whole numbers for what they are, and does not round the energies."""
    s, W, theta = machine(rng, 5, 4)
    whole_numbers(f, reference, s.astype(int), W, theta)


@exercise.check(points=1, after=random_machines)
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *five_states(rng))


@exercise.variant
def pair_by_pair(s, W, theta):
    n = len(theta)
    energies = []
    for state in s:
        E = -sum(theta[i] * state[i] for i in range(n))
        E -= sum(W[i, j] * state[i] * state[j] for i in range(n) for j in range(i + 1, n))
        energies.append(E)
    return energies


@exercise.variant
def upper_triangle(s, W, theta):
    return -np.einsum("ni,ij,nj->n", s, np.triu(W, 1), s) - s @ theta


@exercise.variant
def with_outer_products(s, W, theta):
    return np.array([-(W * np.outer(row, row)).sum() / 2 - row.dot(theta) for row in s])


def _parts(s, W, theta):
    """The sum over pairs, and that over units."""
    return np.sum(s @ W * s, axis=1) / 2, s @ theta


@exercise.misconception(keeps=0.5)
def pairs_counted_twice(s, W, theta):
    """Every pair is counted twice, as (i, j) and as (j, i): take half of s W s."""
    pairs, singles = _parts(s, W, theta)
    return -2 * pairs - singles


@exercise.misconception
def sign_turned(s, W, theta):
    """The signs are missing: a positive coupling should make it *cheaper* to be on together."""
    return np.add(*_parts(s, W, theta))


@exercise.misconception
def biases_forgotten(s, W, theta):
    """Only the pairs are counted; each unit that is on also brings −θ."""
    return -_parts(s, W, theta)[0]


@exercise.misconception(keeps=0.5)
def biases_as_thresholds(s, W, theta):
    """θ is added: that is a threshold, as in the paper. Here it is a bias, and lowers the
    energy."""
    pairs, singles = _parts(s, W, theta)
    return -pairs + singles


@exercise.misconception
def everything_halved(s, W, theta):
    """The half is taken of the biases, too; they are counted only once anyway."""
    pairs, singles = _parts(s, W, theta)
    return -pairs - singles / 2


@exercise.misconception
def triangle_and_half(s, W, theta):
    """Only pairs with i < j are counted, and the half is taken of them: one of the two is
    enough."""
    pairs, singles = _parts(s, W, theta)
    return -pairs / 2 - singles


@exercise.misconception
def spins_for_zeros(s, W, theta):
    """0 is taken for −1, as in a magnet. A silent unit should count nothing."""
    return -np.add(*_parts(2 * s - 1, W, theta))


@exercise.misconception
def couplings_to_everybody(s, W, theta):
    """What every unit hears is added up, whether the unit itself is on or not."""
    return -(s @ W).sum(axis=1) / 2 - s @ theta


@exercise.misconception
def pairs_only_next_to_each_other(s, W, theta):
    """Only neighbours in the list are counted as pairs. Every unit meets every other."""
    beside = np.diagonal(W, 1)
    return -(s[:, :-1] * s[:, 1:]) @ beside - s @ theta


@exercise.misconception
def summed_over_the_states(s, W, theta):
    """One number comes back for all states. Each row has its own energy."""
    return -np.add(*_parts(s, W, theta)).sum()


@exercise.misconception
def cuts_whole_numbers(s, W, theta):
    """States of whole numbers get whole energies: the result is cut to their type."""
    return (-np.add(*_parts(s, W, theta))).astype(s.dtype)


@exercise.misconception
def halves_the_callers_couplings(s, W, theta):
    """The energies are right, but the caller's couplings are halved on the way."""
    W /= 2
    return -np.sum(s @ W * s, axis=1) - s @ theta


@exercise.misconception
def added_over_all_states(s, W, theta):
    """Adds the pairs of all states together: every state has an energy of its own."""
    return -0.5 * np.sum((s @ W) * s) - s @ theta


@exercise.misconception
def biases_count_when_off(s, W, theta):
    """Adds all biases; a unit that is off has none: s·θ."""
    return -0.5 * ((s @ W) * s).sum(axis=1) - theta.sum()
