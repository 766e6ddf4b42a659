"""Boltzmann machines for probes: with chance, without, and small enough to visit all states."""

import numpy as np


def generator(rng):
    """A generator of its own, so that no two questions share their chance."""
    return np.random.default_rng(int(rng.integers(2**62)))


def settled(rng, examples, visible, hidden, k):
    """Visible biases so strong that every picture comes back as the same one: no chance is left,
    while the hidden probabilities are anything."""
    v = (rng.random((examples, visible)) < 0.5) * 1.0
    W, c = rng.normal(0, 0.7, (visible, hidden)), rng.normal(size=hidden)
    b = rng.permutation(np.resize([80.0, -80.0, 80.0], visible))
    return v, W, b, c, k, generator(rng)


def spreading(rng, n, k):
    """A picture of one dot that grows by one more at each step of the chain, without chance."""
    order = rng.permutation(n)
    W = (120.0 * (np.eye(n) + np.eye(n, k=1)))[order]
    v = np.eye(n)[[0, 0, 1]][:, order]
    return v, W, np.full(n, -60.0), np.full(n, -60.0), k, generator(rng)


def uncertain(rng, k):
    """Both hidden units are coins, and a visible one is on only if both agree to it."""
    W = 8 * np.ones((3, 2)) + rng.uniform(-0.2, 0.2, (3, 2))
    row = np.array([1.0, 0.0, 1.0])[rng.permutation(3)]
    c = rng.uniform(-0.3, 0.3, 2) - row @ W
    return row, W, np.array([-12.0, -4.0, -12.5])[rng.permutation(3)], c, k


def after_steps(row, W, b, c, k):
    """Means of v', of P(h | v') and of their products after k steps, by visiting all states."""
    (D, M), sigmoid = W.shape, lambda z: 1 / (1 + np.exp(-z))
    vs, hs = ((np.arange(2**n)[:, None] >> np.arange(n)) & 1 for n in (D, M))
    each = lambda p, s: np.prod(np.where(s == 1, p[:, None], 1 - p[:, None]), axis=2)
    up, down = each(sigmoid(vs @ W + c), hs), each(sigmoid(hs @ W.T + b), vs)
    P = (vs == row).all(axis=1) @ np.linalg.matrix_power(up @ down, k)
    p = sigmoid(vs @ W + c)
    return P @ vs, P @ p, (P[:, None] * vs).T @ p
