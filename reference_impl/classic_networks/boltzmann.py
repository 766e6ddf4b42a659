"""Boltzmann machine: coupled units of two states that prefer low energy, and chance decides.

A state is a row of zeros and ones, s (N, n); W (n, n) is symmetric with a zero diagonal, theta
(n,) the biases: minus what Ackley, Hinton and Sejnowski (1985) call thresholds. The exact functions
visit all 2^n states: 20 units at most.
"""

import numpy as np

from reference_impl.backprop import sigmoid
from reference_impl.validation import (
    count,
    couplings,
    generator,
    matrix,
    most_columns,
    number,
    requires,
    vector,
    zeros_and_ones,
)


@requires(n=count(most=20))
def binary_states(n: int) -> np.ndarray:
    """List every state of n units of two states.

    Parameters
    ----------
    n : int
        Number of units, at most 20; of no units there is one state.

    Returns
    -------
    ndarray (2^n, n)
        Row i is i in binary, the first unit being the highest digit.
    """
    digits = np.arange(n)[::-1]
    return (np.arange(2**n)[:, None] >> digits & 1).astype(float)


@requires(a=vector("N"))
def log_sum_exp(a: np.ndarray) -> float:
    """Logarithm of Σ exp(aₙ), also where exp(aₙ) would overflow.

    Parameters
    ----------
    a : ndarray (N,)

    Returns
    -------
    float
        Of a's type.
    """
    return a.max() + np.log(np.exp(a - a.max()).sum())


@requires(s=matrix("N", "n"), W=couplings("n"), theta=vector("n"))
def boltzmann_energy(s: np.ndarray, W: np.ndarray, theta: np.ndarray) -> np.ndarray:
    """Energy of each state: E(s) = −Σ_{i<j} W[i, j] sᵢ sⱼ − Σᵢ θᵢ sᵢ.

    Parameters
    ----------
    s : ndarray (N, n)
        States, zeros and ones.
    W : ndarray (n, n)
        Symmetric, zero diagonal: s W s counts every pair twice, so half of it is taken.
    theta : ndarray (n,)

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Ackley, Hinton and Sejnowski, Cognitive Science 9 (1985) 147.
    """
    return -np.sum(s @ W * s, axis=1) / 2 - s @ theta


@requires(W=couplings("n"), theta=vector("n"), temperature=number(above=0))
def boltzmann_distribution(W: np.ndarray, theta: np.ndarray, temperature: float) -> np.ndarray:
    """Probability of every state, P(s) = exp(−E(s)/T) / Z, exactly.

    Parameters
    ----------
    W, theta : ndarrays (n, n) and (n,)
    temperature : float
        T > 0: near 0 the lowest energy takes all, at infinity all states are equal.

    Returns
    -------
    ndarray (2^n,)
        In the order of `binary_states`.

    References
    ----------
    Ackley, Hinton and Sejnowski, Cognitive Science 9 (1985) 147.
    """
    states = binary_states(len(theta)).astype(W.dtype)
    return energy_distribution(boltzmann_energy(states, W, theta), temperature)


@requires(s=matrix("N", "n"), W=couplings("n"), theta=vector("n"), temperature=number(above=0))
def boltzmann_conditional(
    s: np.ndarray, W: np.ndarray, theta: np.ndarray, temperature: float
) -> np.ndarray:
    """Probability that each unit is on, given all the others: σ((s W + θ)/T).

    Parameters
    ----------
    s : ndarray (N, n)
        States; a unit's own state does not matter to it.
    W, theta : ndarrays (n, n) and (n,)
    temperature : float
        T > 0.

    Returns
    -------
    ndarray (N, n)
    """
    with np.errstate(over="ignore"):
        return sigmoid((s @ W + theta) / temperature)


@requires(
    s=zeros_and_ones(matrix("N", "n")),
    W=couplings("n"),
    theta=vector("n"),
    temperature=number(above=0),
    sweeps=count(least=1),
    rng=generator(),
)
def gibbs_sampling(
    s: np.ndarray,
    W: np.ndarray,
    theta: np.ndarray,
    temperature: float,
    sweeps: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Run N chains: visit the units in turn and draw each one anew, given all the others.

    Parameters
    ----------
    s : ndarray (N, n)
        The chains' first states.
    W, theta : ndarrays (n, n) and (n,)
    temperature : float
        T > 0.
    sweeps : int
        How often every unit is visited.
    rng : numpy.random.Generator
        Draws N numbers for each unit.

    Returns
    -------
    ndarray (sweeps, N, n)
        The states after each sweep.

    References
    ----------
    Geman and Geman, IEEE Transactions on Pattern Analysis and Machine Intelligence 6 (1984) 721.
    """
    s = s.astype(np.result_type(W, theta))
    history = []
    for _ in range(sweeps):
        for i in range(len(theta)):
            with np.errstate(over="ignore"):
                on = sigmoid((s @ W[:, i] + theta[i]) / temperature)
            s[:, i] = rng.random(len(s)) < on
        history.append(s.copy())
    return np.array(history)


@requires(s=zeros_and_ones(vector("n")), W=couplings("n"), theta=vector("n"), sweeps=count(least=1))
def zero_temperature_descent(
    s: np.ndarray, W: np.ndarray, theta: np.ndarray, sweeps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Let the temperature go to 0: each unit in turn takes the state of lower energy.

    Parameters
    ----------
    s : ndarray (n,)
        The first state.
    W, theta : ndarrays (n, n) and (n,)
    sweeps : int
        How often every unit is visited.

    Returns
    -------
    s : ndarray (n,)
        The last state; a unit whose two states have equal energy stays as it was.
    energies : ndarray (sweeps·n + 1,)
        The energy at the start and after each visit; it never rises.

    References
    ----------
    Hopfield, Proceedings of the National Academy of Sciences 79 (1982) 2554.
    """
    s = s.astype(np.result_type(W, theta))
    energies = [boltzmann_energy(s[None], W, theta)[0]]
    for _ in range(sweeps):
        for i in range(len(s)):
            gain = s @ W[:, i] + theta[i]
            s[i] = s[i] if gain == 0 else gain > 0
            energies.append(boltzmann_energy(s[None], W, theta)[0])
    return s, np.array(energies)


@requires(
    W=couplings("n"), theta=vector("n"), v=most_columns(zeros_and_ones(matrix("N", "D")), "n")
)
def boltzmann_log_likelihood(v: np.ndarray, W: np.ndarray, theta: np.ndarray) -> float:
    """Mean log-likelihood of the visible data at T = 1, exactly, hidden units summed out.

    Parameters
    ----------
    v : ndarray (N, D)
        Data for the first D of the n units; the other n − D are hidden.
    W, theta : ndarrays (n, n) and (n,)

    Returns
    -------
    float
        1/N · Σₙ ln Σ_h P(vₙ, h), of W's type.
    """
    scores = [log_sum_exp(-boltzmann_energy(_clamped(row, W), W, theta)) for row in v]
    everything = binary_states(len(theta)).astype(W.dtype)
    return np.array(scores).mean() - log_sum_exp(-boltzmann_energy(everything, W, theta))


@requires(
    W=couplings("n"), theta=vector("n"), v=most_columns(zeros_and_ones(matrix("N", "D")), "n")
)
def boltzmann_gradient(
    v: np.ndarray, W: np.ndarray, theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Gradient of the mean log-likelihood at T = 1, exactly: ⟨sᵢ sⱼ⟩ clamped minus ⟨sᵢ sⱼ⟩ free.

    Parameters
    ----------
    v : ndarray (N, D)
        Data for the first D of the n units; the other n − D are hidden.
    W, theta : ndarrays (n, n) and (n,)

    Returns
    -------
    dW : ndarray (n, n)
        Symmetric with a zero diagonal; W[i, j] and W[j, i] are one parameter, and each of the two
        entries holds its derivative.
    dtheta : ndarray (n,)

    References
    ----------
    Ackley, Hinton and Sejnowski, Cognitive Science 9 (1985) 147.
    """
    clamped = [boltzmann_moments(_clamped(row, W), W, theta) for row in v]
    free = boltzmann_moments(binary_states(len(theta)).astype(W.dtype), W, theta)
    dW = np.mean([pairs for pairs, _ in clamped], axis=0) - free[0]
    dtheta = np.mean([singles for _, singles in clamped], axis=0) - free[1]
    np.fill_diagonal(dW, 0)
    return dW, dtheta


def _clamped(row: np.ndarray, W: np.ndarray) -> np.ndarray:
    """All states whose visible part is this row."""
    hidden = binary_states(len(W) - len(row))
    visible = np.broadcast_to(row, (len(hidden), len(row)))
    return np.hstack([visible, hidden]).astype(W.dtype)


@requires(states=matrix("N", "n"), W=couplings("n"), theta=vector("n"))
def boltzmann_moments(
    states: np.ndarray, W: np.ndarray, theta: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Means of sᵢ sⱼ and of sᵢ at T = 1 when only these states may occur.

    Parameters
    ----------
    states : ndarray (N, n)
        All of them for the free phase; those with the data's visible part for the clamped one.
    W, theta : ndarrays (n, n) and (n,)

    Returns
    -------
    pairs : ndarray (n, n)
    singles : ndarray (n,)

    References
    ----------
    Ackley, Hinton and Sejnowski, Cognitive Science 9 (1985) 147.
    """
    p = energy_distribution(boltzmann_energy(states, W, theta), 1.0)
    return (p[:, None] * states).T @ states, p @ states


@requires(energies=vector("N"), temperature=number(above=0))
def energy_distribution(energies: np.ndarray, temperature: float = 1.0) -> np.ndarray:
    """What every energy-based model says: P = exp(−E/T) / Z, whatever the energy is of.

    Parameters
    ----------
    energies : ndarray (N,)
        One for each state there is.
    temperature : float
        T > 0: near 0 the lowest energy takes all, at infinity all states are equal.

    Returns
    -------
    ndarray (N,)
        Probabilities, also where exp(−E/T) would overflow.

    References
    ----------
    LeCun, Chopra, Hadsell, Ranzato and Huang, A Tutorial on Energy-Based Learning (2006).
    """
    with np.errstate(over="ignore"):  # at 1e-300 any excess is infinitely many temperatures
        weights = np.exp((energies.min() - energies) / temperature)
    return weights / weights.sum()
