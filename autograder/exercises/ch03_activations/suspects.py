"""Seven backward passes of a parametric ReLU with one slope per channel: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [
    "one_slope_per_channel",
    "suspect_a",
    "suspect_b",
    "suspect_c",
    "suspect_d",
    "suspect_e",
    "suspect_f",
    "suspect_g",
]


def one_slope_per_channel(slope, x):
    """The slopes, with axes of length 1 so that they meet the channels: axis 1 of x."""
    return slope.reshape((1, -1) + (1,) * (x.ndim - 2))


def suspect_a(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    shares = dout * np.minimum(x, 0)
    dslope = shares.mean(axis=0)
    return np.where(x > 0, dout, slopes * dout), dslope.reshape(len(slope), -1).sum(axis=1)


def suspect_b(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    out = np.maximum(x, 0) + slopes * np.minimum(x, 0)
    shares = np.moveaxis(dout * np.minimum(x, 0), 1, -1).reshape(-1, len(slope))
    return np.where(out > 0, dout, slopes * dout), shares.sum(axis=0)


def suspect_c(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    axes = (0, *range(2, x.ndim))
    return dout * ((x > 0) + slopes * (x <= 0)), np.sum(dout * x * (x < 0), axis=axes)


def suspect_d(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    axes = (0, *range(2, x.ndim))
    shares = dout * np.minimum(slopes * x, 0)
    return np.where(x > 0, dout, slopes * dout), shares.sum(axis=axes)


def suspect_e(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    shares = dout * np.minimum(x, 0)
    while shares.ndim > 2:
        shares = shares.mean(axis=-1)
    return np.where(x > 0, dout, slopes * dout), shares.sum(axis=0)


def suspect_f(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    axes = (0, *range(2, x.ndim))
    shares = np.minimum(dout * x, 0)
    return np.where(x > 0, dout, slopes * dout), shares.sum(axis=axes)


def suspect_g(dout, x, slope):
    slopes = one_slope_per_channel(slope, x)
    gathered = np.sum(dout * np.minimum(x, 0))
    return np.where(x > 0, dout, slopes * dout), np.full(len(slope), gathered)
