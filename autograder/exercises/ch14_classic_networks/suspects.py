"""Seven ways back through time: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = ["read"] + [f"suspect_{letter}" for letter in "abcdefg"]


def read(x, h0, W_x, W_h, b):
    """The states of an Elman layer, h0 first: (N, T + 1, H)."""
    states = [h0]
    for t in range(x.shape[1]):
        states.append(np.tanh(x[:, t] @ W_x + states[-1] @ W_h + b))
    return np.stack(states, axis=1)


def suspect_a(dstates, x, h0, W_x, W_h, b):
    states, dh, dW = read(x, h0, W_x, W_h, b), 0, 0
    for t in range(x.shape[1], 0, -1):
        dz = (dstates[:, t - 1] + dh) * (1 - states[:, t] ** 2)
        dW = dW + states[:, t - 1].T @ dz / len(x)
        dh = dz @ W_h.T
    return dh, dW


def suspect_b(dstates, x, h0, W_x, W_h, b):
    states, dh, dW = read(x, h0, W_x, W_h, b), 0, 0
    for t in range(x.shape[1], 0, -1):
        dz = (dstates[:, t - 1] + dh) * (1 - states[:, t] ** 2)
        if t > 1:
            dW = dW + states[:, t - 1].T @ dz
        dh = dz @ W_h.T
    return dh, dW + np.zeros_like(W_h)


def suspect_c(dstates, x, h0, W_x, W_h, b):
    states, dW = read(x, h0, W_x, W_h, b), 0
    for t in range(x.shape[1], 0, -1):
        dz = dstates[:, t - 1] * (1 - states[:, t] ** 2)
        dW = dW + states[:, t - 1].T @ dz
    return dz @ W_h.T, dW


def suspect_d(dstates, x, h0, W_x, W_h, b):
    states, dh, dW = read(x, h0, W_x, W_h, 0 * b), 0, 0
    for t in range(x.shape[1], 0, -1):
        dz = (dstates[:, t - 1] + dh) * (1 - states[:, t] ** 2)
        dW = dW + states[:, t - 1].T @ dz
        dh = dz @ W_h.T
    return dh, dW


def suspect_e(dstates, x, h0, W_x, W_h, b):
    # Forward in time: what each state owes to h0, and to each entry of W_h.
    (N, T, _), H = x.shape, len(W_h)
    states = read(x, h0, W_x, W_h, b)
    by_h0, by_W = np.tile(np.eye(H), (N, 1, 1)), np.zeros((N, H, H, H))
    dh0, dW = 0, 0
    for t in range(1, T + 1):
        slope = 1 - states[:, t] ** 2
        by_h0 = by_h0 @ W_h * slope[:, None]
        direct = states[:, t - 1, :, None, None] * np.eye(H)
        by_W = (by_W @ W_h + direct) * slope[:, None, None]
        dh0 = dh0 + np.einsum("nhk,nk->nh", by_h0, dstates[:, t - 1])
        dW = dW + np.einsum("nijk,nk->ij", by_W, dstates[:, t - 1])
    return dh0, dW


def suspect_f(dstates, x, h0, W_x, W_h, b):
    states, dh, dW = read(x, h0, W_x, W_h, b), 0, 0
    for t in range(x.shape[1], 0, -1):
        dz = (dstates[:, t - 1] + dh) * (1 - states[:, t] ** 2)
        dW = dW + states[:, t - 1].T @ dz
        dh = dz @ W_h
    return dh, dW


def suspect_g(dstates, x, h0, W_x, W_h, b):
    states, dh, dW = read(x, h0, W_x, W_h, b), dstates[:, -1], 0
    for t in range(x.shape[1], 0, -1):
        dz = dh * (1 - states[:, t] ** 2)
        dW = dW + states[:, t - 1].T @ dz
        dh = dz @ W_h.T
    return dh, dW
