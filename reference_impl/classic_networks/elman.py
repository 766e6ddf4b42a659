"""Elman network: a hidden layer that sees the input and its own last state, trained through time.

Sequences are x (N, T, D): examples, time steps, features. W_x (D, H), W_h (H, H), b (H,) make the
states, W_o (H, C), c (C,) the scores of each step.
"""

import math

import numpy as np

from reference_impl.backprop import softmax_cross_entropy
from reference_impl.validation import (
    array,
    array_list,
    count,
    flag,
    matrix,
    number,
    parts,
    requires,
    sequence_labels,
    tensor,
    vector,
)

Arrays = tuple[np.ndarray, ...]
CACHE = parts(
    tensor("N", "T", "D"),
    matrix("N", "H"),
    matrix("D", "H"),
    matrix("H", "H"),
    tensor("N", "T", "H"),
)
PARAMETERS = parts(matrix("D", "H"), matrix("H", "H"), vector("H"), matrix("H", "C"), vector("C"))


@requires(
    x=tensor("N", "T", "D"),
    h0=matrix("N", "H"),
    W_x=matrix("D", "H"),
    W_h=matrix("H", "H"),
    b=vector("H"),
)
def elman_forward(
    x: np.ndarray, h0: np.ndarray, W_x: np.ndarray, W_h: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, Arrays]:
    """Read sequences from left to right: hₜ = tanh(xₜ @ W_x + hₜ₋₁ @ W_h + b).

    Parameters
    ----------
    x : ndarray (N, T, D)
        N sequences of T steps.
    h0 : ndarray (N, H)
        The state before the first step; usually zeros, or the last state of the part before.
    W_x, W_h, b : ndarrays (D, H), (H, H) and (H,)
        The same at every step.

    Returns
    -------
    states : ndarray (N, T, H)
        The state after each step.
    cache : tuple
        What the backward passes need: x, h0, W_x, W_h and the states.

    References
    ----------
    Elman, Cognitive Science 14 (1990) 179 (with the logistic function).
    """
    h, history = h0, []
    for t in range(x.shape[1]):
        h = np.tanh(x[:, t] @ W_x + h @ W_h + b)
        history.append(h)
    states = np.stack(history, axis=1)
    return states, (x, h0, W_x, W_h, states)


@requires(dstates=tensor("N", "T", "H"), cache=CACHE)
def elman_backward(dstates: np.ndarray, cache: Arrays) -> Arrays:
    """Back-propagation through time: what the loss says of hₜ plus what comes from step t + 1.

    Parameters
    ----------
    dstates : ndarray (N, T, H)
        Gradient for each state, as if only its own step's output used it.
    cache : tuple
        From `elman_forward`.

    Returns
    -------
    dx, dh0, dW_x, dW_h, db : ndarrays
        Each of the shape of what it is the gradient of.

    References
    ----------
    Werbos, Proceedings of the IEEE 78 (1990) 1550.
    """
    x, h0, W_x, W_h, states = cache
    dh, dx = np.zeros_like(h0), []
    dW_x, dW_h, db = np.zeros_like(W_x), np.zeros_like(W_h), np.zeros_like(W_h[0])
    for t in reversed(range(x.shape[1])):
        dz = (dstates[:, t] + dh) * (1 - states[:, t] ** 2)
        before = states[:, t - 1] if t > 0 else h0
        dx.append(dz @ W_x.T)
        dW_x, dW_h, db = dW_x + x[:, t].T @ dz, dW_h + before.T @ dz, db + dz.sum(axis=0)
        dh = dz @ W_h.T
    return np.stack(dx[::-1], axis=1), dh, dW_x, dW_h, db


@requires(dstates=tensor("N", "T", "H"), cache=CACHE, window=count(least=1))
def elman_backward_truncated(dstates: np.ndarray, cache: Arrays, window: int) -> Arrays:
    """Back-propagation through at most `window` steps: each step's loss looks no further back.

    Only the gradient is cut; the states still carry everything from the beginning. With window 1
    the context is a constant, as in Elman's own training; with T or more this is the full gradient.

    Parameters
    ----------
    dstates : ndarray (N, T, H)
        Gradient for each state, as if only its own step's output used it.
    cache : tuple
        From `elman_forward`.
    window : int
        The gradient of step t reaches the parameters at steps t, t − 1, ..., t − window + 1.

    Returns
    -------
    dx, dh0, dW_x, dW_h, db : ndarrays
        Each of the shape of what it is the gradient of.

    References
    ----------
    Williams and Peng, Neural Computation 2 (1990) 490.
    """
    x, h0, W_x, W_h, states = cache
    dx, dW_x, dW_h = np.zeros_like(x), np.zeros_like(W_x), np.zeros_like(W_h)
    db, dh0 = np.zeros_like(W_h[0]), np.zeros_like(h0)
    for t in range(x.shape[1]):
        dh = dstates[:, t]
        for s in range(t, max(t - window, -1), -1):
            dz = dh * (1 - states[:, s] ** 2)
            before = states[:, s - 1] if s > 0 else h0
            dx[:, s] += dz @ W_x.T
            dW_x, dW_h, db = dW_x + x[:, s].T @ dz, dW_h + before.T @ dz, db + dz.sum(axis=0)
            dh = dz @ W_h.T
        if t < window:
            dh0 = dh0 + dh
    return dx, dh0, dW_x, dW_h, db


@requires(
    x=tensor("N", "T", "D"),
    h0=matrix("N", "H"),
    params=PARAMETERS,
    labels=sequence_labels("N", "T", classes="C"),
    last_only=flag(),
)
def elman_loss(
    x: np.ndarray, labels: np.ndarray, h0: np.ndarray, params: Arrays, last_only: bool
) -> tuple[float, Arrays]:
    """Mean softmax cross-entropy of the steps' scores, and the full gradient through time.

    Parameters
    ----------
    x : ndarray (N, T, D)
    labels : ndarray of int (N, T)
        The true class at each step, 0 to C − 1.
    h0 : ndarray (N, H)
    params : tuple
        W_x, W_h, b, W_o, c.
    last_only : bool
        True: only the last step counts (many to one). False: the mean over all N·T steps.

    Returns
    -------
    loss : float
    grads : tuple
        dW_x, dW_h, db, dW_o, dc.

    References
    ----------
    Werbos, Proceedings of the IEEE 78 (1990) 1550.
    """
    W_x, W_h, b, W_o, c = params
    states, cache = elman_forward(x, h0, W_x, W_h, b)
    counted = slice(-1, None) if last_only else slice(None)
    h = states[:, counted].reshape(-1, len(b))
    loss, dscores = softmax_cross_entropy(h @ W_o + c, labels[:, counted].ravel())
    dstates = np.zeros_like(states)
    dstates[:, counted] = (dscores @ W_o.T).reshape(len(x), -1, len(b))
    _, _, dW_x, dW_h, db = elman_backward(dstates, cache)
    return loss, (dW_x, dW_h, db, h.T @ dscores, dscores.sum(axis=0))


@requires(x=tensor("N", "T", "D"), h0=matrix("N", "H"), params=PARAMETERS)
def elman_predict(x: np.ndarray, h0: np.ndarray, params: Arrays) -> np.ndarray:
    """Most probable class at every step.

    Parameters
    ----------
    x : ndarray (N, T, D)
    h0 : ndarray (N, H)
    params : tuple
        W_x, W_h, b, W_o, c.

    Returns
    -------
    ndarray of int (N, T)
    """
    W_x, W_h, b, W_o, c = params
    states, _ = elman_forward(x, h0, W_x, W_h, b)
    return (states @ W_o + c).argmax(axis=2)


@requires(grads=array_list(array()), limit=number(above=0))
def clip_gradients(grads: Arrays, limit: float) -> Arrays:
    """Shorten all gradients together if their common length exceeds the limit.

    Parameters
    ----------
    grads : tuple of ndarrays
    limit : float
        Largest length √(Σ g²), positive.

    Returns
    -------
    tuple of ndarrays
        The same direction.

    References
    ----------
    Pascanu, Mikolov and Bengio, International Conference on Machine Learning (2013).
    """
    size = max(np.abs(g).max() for g in grads) or 1  # in units of it no square overflows
    length = float(size) * math.sqrt(sum(float(np.sum((g / size) ** 2)) for g in grads))
    return tuple(g * (limit / max(length, limit)) for g in grads)


@requires(
    x=tensor("N", "T", "D"),
    h0=matrix("N", "H"),
    params=PARAMETERS,
    labels=sequence_labels("N", "T", classes="C"),
    rate=number(least=0),
    steps=count(),
    limit=number(above=0),
    last_only=flag(),
)
def elman_train(
    x: np.ndarray,
    labels: np.ndarray,
    h0: np.ndarray,
    params: Arrays,
    rate: float,
    steps: int,
    limit: float,
    last_only: bool,
) -> tuple[Arrays, np.ndarray]:
    """Full-batch gradient descent through time, with clipped gradients.

    Parameters
    ----------
    x : ndarray (N, T, D)
    labels : ndarray of int (N, T)
    h0 : ndarray (N, H)
    params : tuple
        W_x, W_h, b, W_o, c: the start.
    rate : float
        Learning rate, not negative.
    steps : int
        Number of updates.
    limit : float
        See `clip_gradients`.
    last_only : bool
        See `elman_loss`.

    Returns
    -------
    params : tuple
        The trained W_x, W_h, b, W_o, c.
    losses : ndarray (steps,)
        The loss before each update.

    References
    ----------
    Elman, Cognitive Science 14 (1990) 179.
    """
    losses = []
    for _ in range(steps):
        loss, grads = elman_loss(x, labels, h0, params, last_only)
        grads = clip_gradients(grads, limit)
        params = tuple(p - rate * g for p, g in zip(params, grads, strict=True))
        losses.append(loss)
    return params, np.array(losses)
