"""Seven ways back through max pooling, all images at once: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    flat = windows[:, :, ::stride, ::stride].reshape(*dout.shape, -1)
    won = flat == flat.max(axis=-1, keepdims=True)
    n, c, p, q, k = np.nonzero(won)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, p * stride + k // size, q * stride + k % size), dout[n, c, p, q])
    return dx


def suspect_b(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    flat = windows[:, :, ::stride, ::stride].reshape(*dout.shape, -1)
    k = flat.argmax(axis=-1)
    n, c, p, q = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    dx[n, c, p * stride + k // size, q * stride + k % size] = dout
    return dx


def suspect_c(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    seen = windows[:, :, ::size, ::size][:, :, : dout.shape[2], : dout.shape[3]]
    k = seen.reshape(*seen.shape[:4], -1).argmax(axis=-1)
    n, c, p, q = np.indices(k.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, p * size + k // size, q * size + k % size), dout[n, c, p, q])
    return dx


def suspect_d(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    flat = windows[:, :, ::stride, ::stride].reshape(*dout.shape, -1)
    k = np.abs(flat).argmax(axis=-1)
    n, c, p, q = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, p * stride + k // size, q * stride + k % size), dout)
    return dx


def suspect_e(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    flat = windows[:, :, ::stride, ::stride].reshape(*dout.shape, -1)
    k = flat.argmax(axis=-1)
    n, c, p, q = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, p * stride + k // size, q * stride + k % size), dout)
    return dx


def suspect_f(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    flat = windows[:, :, ::stride, ::stride].reshape(*dout.shape, -1)
    k = np.repeat(flat[:, :1].argmax(axis=-1), x.shape[1], axis=1)
    n, c, p, q = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, p * stride + k // size, q * stride + k % size), dout)
    return dx


def suspect_g(dout, x, size, stride):
    windows = np.lib.stride_tricks.sliding_window_view(x, (size, size), axis=(2, 3))
    flat = windows[:, :, ::stride, ::stride].reshape(*dout.shape, -1)
    k = flat.argmax(axis=-1)
    n, c, p, q = np.indices(dout.shape)
    dx = np.zeros(x.shape)
    np.add.at(dx, (n, c, p * stride + k % size, q * stride + k // size), dout)
    return dx
