"""Seven ways back through max pooling: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = np.s_[n, c, p * stride : p * stride + size, q * stride : q * stride + size]
        dx[window] += dout[n, c, p, q] * (x[window] == x[window].max())
    return dx


def suspect_b(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = x[n, c, p * stride : p * stride + size, q * stride : q * stride + size]
        k = int(window.argmax())
        dx[n, c, p * stride + k // size, q * stride + k % size] = dout[n, c, p, q]
    return dx


def suspect_c(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = x[n, c, p * size : p * size + size, q * size : q * size + size]
        if window.shape == (size, size):
            k = int(window.argmax())
            dx[n, c, p * size + k // size, q * size + k % size] += dout[n, c, p, q]
    return dx


def suspect_d(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = np.abs(x[n, c, p * stride : p * stride + size, q * stride : q * stride + size])
        k = int(window.argmax())
        dx[n, c, p * stride + k // size, q * stride + k % size] += dout[n, c, p, q]
    return dx


def suspect_e(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = x[n, c, p * stride : p * stride + size, q * stride : q * stride + size]
        i, j = np.divmod(window.argmax(), window.shape[1])
        dx[n, c, p * stride + i, q * stride + j] += dout[n, c, p, q]
    return dx


def suspect_f(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = x[n, 0, p * stride : p * stride + size, q * stride : q * stride + size]
        k = int(window.argmax())
        dx[n, c, p * stride + k // size, q * stride + k % size] += dout[n, c, p, q]
    return dx


def suspect_g(dout, x, size, stride):
    dx = np.zeros(x.shape)
    for n, c, p, q in np.ndindex(dout.shape):
        window = x[n, c, p * stride : p * stride + size, q * stride : q * stride + size]
        k = int(window.argmax())
        dx[n, c, p * stride + k % size, q * stride + k // size] += dout[n, c, p, q]
    return dx
