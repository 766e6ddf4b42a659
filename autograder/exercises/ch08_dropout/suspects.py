"""Seven dropout layers, forwards and backwards: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. Their chance is handed in: u is uniform between 0 and 1.
The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(dout, x, u, p, training):
    mask = (u >= p) / (1 - p) if training else np.ones(x.shape)
    out = x * mask
    return out, dout * (out != 0) * mask


def suspect_b(dout, x, u, p, training):
    mask = (u >= p) / p if training else np.ones(x.shape)
    return x * mask, dout * mask


def suspect_c(dout, x, u, p, training):
    kept = u >= p if training else np.ones(x.shape)
    scale = kept.size / max(kept.sum(), 1)
    return x * kept * scale, dout * kept * scale


def suspect_d(dout, x, u, p, training):
    mask = (u >= p) / (1 - p)
    if not training:
        mask = np.ones(x.shape) * (1 - p)
    return x * mask, dout * mask


def suspect_e(dout, x, u, p, training):
    silent = (u < p) & training
    factor = 1.0 if not training else 1 / (1 - p)
    return np.where(silent, 0, factor * x), np.where(silent, 0, factor * dout)


def suspect_f(dout, x, u, p, training):
    mask = (u[0] >= p) / (1 - p) if training else np.ones(x.shape)
    return x * mask, dout * mask


def suspect_g(dout, x, u, p, training):
    mask = (u >= p) / (1 - p)
    return x * mask if training else x, dout * mask
