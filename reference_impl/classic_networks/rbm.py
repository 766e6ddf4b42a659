"""Restricted Boltzmann machine: visible and hidden units in two layers, no links within a layer.

Rows are examples: v (N, D), h (N, M), W (D, M), b (D,) for the visible units, c (M,) for the
hidden ones. The sums over all states visit 2^D or 2^M of them: small machines only.
"""

import numpy as np

from reference_impl.backprop import sigmoid
from reference_impl.classic_networks.boltzmann import binary_states, log_sum_exp
from reference_impl.validation import (
    count,
    entries,
    generator,
    matrix,
    number,
    requires,
    vector,
)

PROBABILITY = number(least=0, most=1)
Parameters = tuple[np.ndarray, np.ndarray, np.ndarray]


@requires(v=matrix("N", "D"), h=matrix("N", "M"), W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def rbm_energy(
    v: np.ndarray, h: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray
) -> np.ndarray:
    """Energy of each pair of states: E(v, h) = −v·b − h·c − v W h.

    Parameters
    ----------
    v : ndarray (N, D)
        Visible states.
    h : ndarray (N, M)
        Hidden states.
    W, b, c : ndarrays (D, M), (D,) and (M,)

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Smolensky, Parallel Distributed Processing 1 (1986), chapter 6; Hinton, Neural Computation 14
    (2002) 1771.
    """
    return -(v @ b) - h @ c - np.sum(v @ W * h, axis=1)


@requires(v=matrix("N", "D"), W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def rbm_free_energy(v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Free energy F(v) = −v·b − Σⱼ ln(1 + exp(cⱼ + v·W[:, j])), so that P(v) = exp(−F(v))/Z.

    Parameters
    ----------
    v : ndarray (N, D)
        Visible states.
    W, b, c : ndarrays (D, M), (D,) and (M,)
        Of any magnitude: the logarithm is taken without computing the exponential.

    Returns
    -------
    ndarray (N,)

    References
    ----------
    Hinton, A Practical Guide to Training Restricted Boltzmann Machines (2010), section 16.1.
    """
    return -(v @ b) - np.logaddexp(0, v @ W + c).sum(axis=1)


@requires(v=matrix("N", "D"), W=matrix("D", "M"), c=vector("M"))
def rbm_hidden_probability(v: np.ndarray, W: np.ndarray, c: np.ndarray) -> np.ndarray:
    """Probability that each hidden unit is on, given the visible ones: σ(v W + c).

    Parameters
    ----------
    v : ndarray (N, D)
    W, c : ndarrays (D, M) and (M,)

    Returns
    -------
    ndarray (N, M)
        P(h = 1 | v); given v the hidden units are independent.

    References
    ----------
    Hinton, Neural Computation 14 (2002) 1771.
    """
    return sigmoid(v @ W + c)


@requires(h=matrix("N", "M"), W=matrix("D", "M"), b=vector("D"))
def rbm_visible_probability(h: np.ndarray, W: np.ndarray, b: np.ndarray) -> np.ndarray:
    """Probability that each visible unit is on, given the hidden ones: σ(h Wᵀ + b).

    Parameters
    ----------
    h : ndarray (N, M)
    W, b : ndarrays (D, M) and (D,)

    Returns
    -------
    ndarray (N, D)
        P(v = 1 | h).

    References
    ----------
    Hinton, Neural Computation 14 (2002) 1771.
    """
    return sigmoid(h @ W.T + b)


@requires(p=entries(matrix("N", "D"), PROBABILITY), rng=generator())
def bernoulli(p: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Toss a coin for each entry: 1 with probability p, else 0.

    Parameters
    ----------
    p : ndarray (N, D)
        Probabilities.
    rng : numpy.random.Generator

    Returns
    -------
    ndarray (N, D)
        Zeros and ones, of p's type.
    """
    return (rng.random(p.shape) < p).astype(p.dtype)


@requires(W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def rbm_log_partition(W: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    """Logarithm of Z = Σ exp(−E(v, h)) over every pair of states, exactly.

    One layer is summed analytically (the free energy), the smaller one by visiting all its states.

    Parameters
    ----------
    W, b, c : ndarrays (D, M), (D,) and (M,)

    Returns
    -------
    float
        ln Z, of W's type.
    """
    if W.shape[0] > W.shape[1]:
        W, b, c = W.T, c, b
    states = binary_states(len(b)).astype(W.dtype)
    return log_sum_exp(-rbm_free_energy(states, W, b, c))


@requires(v=matrix("N", "D"), W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def rbm_log_likelihood(v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    """Mean log-likelihood of the data, exactly: −1/N · Σₙ F(vₙ) − ln Z.

    Parameters
    ----------
    v : ndarray (N, D)
        Data.
    W, b, c : ndarrays (D, M), (D,) and (M,)

    Returns
    -------
    float
        At most 0; of W's type.
    """
    return -rbm_free_energy(v, W, b, c).mean() - rbm_log_partition(W, b, c)


@requires(v=matrix("N", "D"), W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def rbm_likelihood_gradient(
    v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray
) -> Parameters:
    """Gradient of the mean log-likelihood, exactly: ⟨v h⟩ under the data minus under the model.

    Parameters
    ----------
    v : ndarray (N, D)
        Data.
    W, b, c : ndarrays (D, M), (D,) and (M,)

    Returns
    -------
    dW, db, dc : ndarrays (D, M), (D,) and (M,)
        Add them, times a rate, to climb.

    References
    ----------
    Hinton, Neural Computation 14 (2002) 1771.
    """
    states = binary_states(len(b)).astype(W.dtype)
    p = np.exp(-rbm_free_energy(states, W, b, c) - rbm_log_partition(W, b, c))
    h_data = rbm_hidden_probability(v, W, c)
    h_model = rbm_hidden_probability(states, W, c)
    dW = v.T @ h_data / len(v) - (p[:, None] * states).T @ h_model
    return dW, v.mean(axis=0) - p @ states, h_data.mean(axis=0) - p @ h_model


@requires(
    v=entries(matrix("N", "D"), PROBABILITY),
    W=matrix("D", "M"),
    b=vector("D"),
    c=vector("M"),
    k=count(least=1),
    rng=generator(),
)
def contrastive_divergence(
    v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray, k: int, rng: np.random.Generator
) -> Parameters:
    """Estimate the likelihood's gradient from a Gibbs chain of k steps started at the data (CD-k).

    The chain runs on samples: h from P(h|v), v' from P(v|h), k times. The statistics use the
    samples of the visible units and the probabilities of the hidden ones, in both phases.

    Parameters
    ----------
    v : ndarray (N, D)
        A batch of data in [0, 1].
    W, b, c : ndarrays (D, M), (D,) and (M,)
    k : int
        Steps of the chain, 1 or more.
    rng : numpy.random.Generator
        Draws h (N, M), then v' (N, D), in each step.

    Returns
    -------
    dW, db, dc : ndarrays (D, M), (D,) and (M,)
        Averages over the batch; add them, times a rate.

    References
    ----------
    Hinton, Neural Computation 14 (2002) 1771.
    """
    h_data = rbm_hidden_probability(v, W, c)
    v_model, h_model = v, h_data
    for _ in range(k):
        h_sample = bernoulli(h_model, rng)
        v_model = bernoulli(rbm_visible_probability(h_sample, W, b), rng)
        h_model = rbm_hidden_probability(v_model, W, c)
    dW = (v.T @ h_data - v_model.T @ h_model) / len(v)
    return dW, (v - v_model).mean(axis=0), (h_data - h_model).mean(axis=0)


@requires(v=matrix("N", "D"), W=matrix("D", "M"), b=vector("D"), c=vector("M"))
def rbm_reconstruction_error(v: np.ndarray, W: np.ndarray, b: np.ndarray, c: np.ndarray) -> float:
    """Mean squared difference between the data and what comes back from the hidden layer.

    Probabilities go up and probabilities come down. This is easy to watch, but it is not the
    likelihood: it may keep falling while the likelihood gets worse.

    Parameters
    ----------
    v : ndarray (N, D)
    W, b, c : ndarrays (D, M), (D,) and (M,)

    Returns
    -------
    float
        Of W's type.

    References
    ----------
    Hinton, A Practical Guide to Training Restricted Boltzmann Machines (2010), section 5.
    """
    back = rbm_visible_probability(rbm_hidden_probability(v, W, c), W, b)
    return np.mean((v - back) ** 2)


@requires(
    v=entries(matrix("N", "D"), PROBABILITY),
    W=matrix("D", "M"),
    b=vector("D"),
    c=vector("M"),
    rate=number(least=0),
    epochs=count(),
    batch_size=count(least=1),
    k=count(least=1),
    rng=generator(),
)
def rbm_train(
    v: np.ndarray,
    W: np.ndarray,
    b: np.ndarray,
    c: np.ndarray,
    rate: float,
    epochs: int,
    batch_size: int,
    k: int,
    rng: np.random.Generator,
) -> tuple[Parameters, np.ndarray]:
    """Train by CD-k on shuffled mini-batches.

    Parameters
    ----------
    v : ndarray (N, D)
        Data in [0, 1].
    W, b, c : ndarrays (D, M), (D,) and (M,)
        The start; W small and random, or all hidden units learn the same.
    rate : float
        Learning rate, not negative.
    epochs, batch_size, k : int
        The last batch of an epoch may be smaller; k is that of CD-k.
    rng : numpy.random.Generator
        Shuffles the data in each epoch and draws the samples.

    Returns
    -------
    (W, b, c) : ndarrays
        The trained parameters.
    errors : ndarray (epochs,)
        Reconstruction error after each epoch.

    References
    ----------
    Hinton, A Practical Guide to Training Restricted Boltzmann Machines (2010).
    """
    errors = []
    for _ in range(epochs):
        order = rng.permutation(len(v))
        for start in range(0, len(v), batch_size):
            batch = v[order[start : start + batch_size]]
            dW, db, dc = contrastive_divergence(batch, W, b, c, k, rng)
            W, b, c = W + rate * dW, b + rate * db, c + rate * dc
        errors.append(rbm_reconstruction_error(v, W, b, c))
    return (W, b, c), np.array(errors)


@requires(size=count(least=1, most=20))
def bars_and_stripes(size: int) -> np.ndarray:
    """Every square picture whose rows, or whose columns, are each all on or all off.

    Parameters
    ----------
    size : int
        Side of the pictures.

    Returns
    -------
    ndarray (2^(size + 1) − 2, size²)
        Zeros and ones, flattened: first the stripes (equal rows of pixels) in the order of
        `binary_states`, then the bars, without the empty and the full picture, which are both.
        Of a side of 1 there are 2.

    References
    ----------
    MacKay, Information Theory, Inference, and Learning Algorithms (2003), section 43.3.
    """
    lines = binary_states(size)
    stripes = np.repeat(lines, size, axis=1)
    bars = np.tile(lines[1:-1], size)
    return np.vstack([stripes, bars])
