"""Which units are on together, and how often?"""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.classic_networks import boltzmann_energy, energy_distribution

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    needs=("energy_distribution", "boltzmann_energy"),
    hints=(
        "A mean over states of different probability: what does each state contribute?",
        "First the probabilities of *these* states, from their energies. Then two weighted sums: "
        "of the rows, and of the products sᵢ sⱼ of each row.",
        r"$\langle s_i s_j\rangle = \sum_n p_n s_{ni} s_{nj}$: a product of two matrices, the "
        r"first of them weighted.",
    ),
)


def couplings(rng, n):
    W = np.triu(rng.normal(size=(n, n)), 1)
    return W + W.T


def all_states(n):
    return (np.arange(2**n)[:, None] >> np.arange(n)[::-1] & 1) * 1.0


def weights_of(states, W, theta):
    """exp(−E) of each state."""
    return np.exp(np.sum(states @ W * states, axis=1) / 2 + states @ theta)


def free(rng, n):
    return all_states(n), couplings(rng, n), rng.normal(size=n)


def clamped(rng, n, visible):
    """Only the states with the same first units."""
    s, W, theta = free(rng, n)
    row = (rng.random(visible) < 0.5) * 1.0
    row[0] = 1.0
    return s[(s[:, :visible] == row).all(axis=1)], W, theta


@exercise.probe
def four_units(rng):
    return free(rng, 4)


@exercise.probe
def five_of_which_two_are_held(rng):
    return clamped(rng, 5, 2)


@exercise.probe
def of_whole_numbers(rng):
    s, W, theta = free(rng, 3)
    return s.astype(int), W, theta


@exercise.probe
def strong(rng):
    s, W, theta = free(rng, 3)
    return s, 900 * W, 900 * theta


@exercise.check
def two_units(f):
    """W₁₂ = ln 3, no biases: weights 1, 1, 1, 3. Both are on in 3 of 6, each in 4 of 6."""
    W = np.array([[0.0, np.log(3)], [np.log(3), 0.0]])
    pairs, singles = sequence(f(all_states(2), W, np.zeros(2)), 2)
    agree(pairs, np.array([[4.0, 3.0], [3.0, 4.0]]) / 6, what="the pairs")
    agree(singles, np.array([4.0, 4.0]) / 6, what="the singles")


@exercise.check
def only_these_states(f):
    """The same machine with unit 1 held on: of 10 and 11, weights 1 and 3, unit 2 is on in ¾."""
    W = np.array([[0.0, np.log(3)], [np.log(3), 0.0]])
    pairs, singles = sequence(f(np.array([[1.0, 0.0], [1.0, 1.0]]), W, np.zeros(2)), 2)
    agree(pairs, np.array([[1.0, 0.75], [0.75, 0.75]]), what="the pairs")
    agree(singles, np.array([1.0, 0.75]), what="the singles")


@exercise.check
def biases_count(f):
    """Three free units with θ = (ln 2, ln 3, 0) are on with ⅔, ¾ and ½, each for itself; also
    where the states are written as whole numbers."""
    p = np.array([2 / 3, 3 / 4, 1 / 2])
    expected = np.outer(p, p)
    np.fill_diagonal(expected, p)
    got = f(all_states(3).astype(int), np.zeros((3, 3)), np.log([2.0, 3.0, 1.0]))
    agree(got, (expected, p))


@exercise.check
def arguments_stay(f):
    """States, couplings and biases are afterwards what they were."""
    unchanged(f, all_states(2), np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([0.5, 2.0]))


@exercise.check(points=2)
def random_machines(f, reference, rng):
    """Gives both means for random machines, free ones and clamped ones."""
    calls = [free(rng, 4), free(rng, 3), clamped(rng, 5, 2), clamped(rng, 6, 4), free(rng, 7)]
    for k in rng.permutation(5):
        agree(f(*calls[k]), reference(*calls[k]))


@exercise.check(points=1, after=random_machines)
def one_state(f, rng):
    """If only one state may occur, the means are its own entries."""
    s, W, theta = free(rng, 4)
    for row in rng.permutation(s)[:3]:
        agree(f(row[None], W, theta), (np.outer(row, row), row), what="the means of one state")


@exercise.check(points=1, after=random_machines)
def strong_couplings(f, reference, rng):
    """Stays right where e^(−E) is no number."""
    s, W, theta = free(rng, 4)
    for scale in rng.permutation([300.0, 3000.0]):
        arguments = s, scale * W, scale * theta
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=random_machines)
def slope_of_ln_Z(f, rng):
    """The means are the slopes of ln Z, measured by moving one coupling and one bias."""
    s, W, theta = free(rng, 4)
    pairs, singles = (as_array(part) for part in sequence(f(s, W, theta), 2))
    i, j = rng.choice(4, 2, replace=False)
    bump, h = np.zeros((4, 4)), 1e-4
    bump[i, j] = bump[j, i] = h
    log_Z = lambda W, theta: np.log(weights_of(s, W, theta).sum())
    slope = (log_Z(W + bump, theta) - log_Z(W - bump, theta)) / (2 * h)
    agree(pairs[i, j], slope, rtol=1e-5, atol=1e-5, what=f"⟨s{i} s{j}⟩")
    step = h * np.eye(4)[i]
    slope = (log_Z(W, theta + step) - log_Z(W, theta - step)) / (2 * h)
    agree(singles[i], slope, rtol=1e-5, atol=1e-5, what=f"⟨s{i}⟩")


@exercise.check(points=1, after=random_machines)
def takes_whole_numbers(f, reference, rng):
    """Takes states of whole numbers for what they are, and does not round the means."""
    s, W, theta = free(rng, 4)
    whole_numbers(f, reference, s.astype(int), W, theta)


@exercise.check(points=1, after=random_machines)
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *four_units(rng))


@exercise.variant
def state_by_state(states, W, theta):
    pairs, singles, Z = 0.0, 0.0, 0.0
    energies = [-(row @ W @ row) / 2 - row @ theta for row in states]
    for row, E in zip(states, energies):
        weight = np.exp(min(energies) - E)
        pairs, singles = pairs + weight * np.outer(row, row), singles + weight * row
        Z += weight
    return pairs / Z, singles / Z


@exercise.variant
def with_einsum(states, W, theta):
    p = energy_distribution(boltzmann_energy(states, W, theta))
    return [np.einsum("n,ni,nj->ij", p, states, states), np.einsum("n,ni->i", p, states)]


def _means(states, p):
    return (p[:, None] * states).T @ states, p @ states


def _p(states, W, theta):
    E = -np.sum(states @ W * states, axis=1) / 2 - states @ theta
    weights = np.exp(E.min() - E)
    return weights / weights.sum()


@exercise.misconception
def all_states_alike(states, W, theta):
    """Every state counts the same. States of low energy occur more often."""
    return _means(states, np.full(len(states), 1 / len(states)))


@exercise.misconception
def weights_not_normalised(states, W, theta):
    """The weights e^(−E) are not divided by their sum, so the means grow beyond 1."""
    return _means(states, np.exp(np.minimum(700, np.log(1e-300 + weights_of(states, W, theta)))))


@exercise.misconception
def high_energies_preferred(states, W, theta):
    """The probability is taken as e^(+E): the costly states come out on top."""
    return _means(states, _p(states, -W, -theta))


@exercise.misconception(keeps=1 / 3)
def covariances(states, W, theta):
    """⟨sᵢ⟩⟨sⱼ⟩ is taken off the pairs: that is the covariance. The mean of the product is asked."""
    pairs, singles = _means(states, _p(states, W, theta))
    return pairs - np.outer(singles, singles), singles


@exercise.misconception
def product_of_the_means(states, W, theta):
    """The mean of sᵢ sⱼ is taken for the product of the means: then nothing is on *together*."""
    _, singles = _means(states, _p(states, W, theta))
    return np.outer(singles, singles), singles


@exercise.misconception
def biases_forgotten(states, W, theta):
    """The energies lack the biases."""
    return _means(states, _p(states, W, 0 * theta))


@exercise.misconception
def pairs_counted_twice(states, W, theta):
    """Every coupling counts double in your energies. There is a function that has it right."""
    return _means(states, _p(states, 2 * W, theta))


@exercise.misconception
def whatever_may_occur(states, W, theta):
    """You average over *all* states of the machine. Only those handed in may occur."""
    every = all_states(len(theta))
    return _means(every, _p(every, W, theta))


@exercise.misconception(keeps=0.5)
def diagonal_emptied(states, W, theta):
    """The diagonal of the pairs is set to 0. ⟨sᵢ sᵢ⟩ is ⟨sᵢ⟩, since 1·1 = 1."""
    pairs, singles = _means(states, _p(states, W, theta))
    np.fill_diagonal(pairs, 0)
    return pairs, singles


@exercise.misconception
def the_likeliest_state(states, W, theta):
    """Only the state of lowest energy is looked at. All states contribute, by their probability."""
    best = states[_p(states, W, theta).argmax()]
    return np.outer(best, best), best


@exercise.misconception(keeps=0.5)
def order_swapped(states, W, theta):
    """The two are swapped: pairs first, then singles."""
    return _means(states, _p(states, W, theta))[::-1]


@exercise.misconception
def cuts_whole_numbers(states, W, theta):
    """With states of whole numbers the means are cut to 0 and 1."""
    pairs, singles = _means(states, _p(states, W, theta))
    return pairs.astype(states.dtype), singles.astype(states.dtype)


@exercise.misconception
def weights_the_callers_states(states, W, theta):
    """The means are right, but the caller's states are multiplied in place. Use a new array."""
    answer = _means(states, _p(states, W, theta))
    states *= 2
    return answer


@exercise.misconception(keeps=0.5)
def averaged_once_more(states, W, theta):
    """Divides by the number of states on top: the probabilities are weights already."""
    p = energy_distribution(boltzmann_energy(states, W, theta), 1.0)
    return states.T @ (p[:, None] * states) / len(states), p @ states / len(states)


@exercise.misconception
def weighted_twice(states, W, theta):
    """Both factors of a pair are weighted, so that p is squared: weigh the pair once."""
    p = energy_distribution(boltzmann_energy(states, W, theta), 1.0)
    weighted = p[:, None] * states
    return weighted.T @ weighted, p @ states
