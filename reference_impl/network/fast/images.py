"""Convolution and max pooling with images laid out for speed: rows, channels, columns, examples.

The functions of `convolution` with the same names are the whiteboard. There a window becomes a
column, so that each pixel is copied once for every place in a kernel. Here only the windows along
one row are copied; K such bands, one below the other, already lie in memory as a matrix, and
that matrix moves down the image by moving where it begins. Results are (N, F, P, Q) as always, but
keep the layout underneath, which pooling and the next convolution then find.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference_impl.convolution import IMAGES, pooled_slices
from reference_impl.validation import (
    count,
    counts,
    kernels,
    parts,
    requires,
    tensor,
    vector,
    window,
)

Cache = tuple[Any, ...]


def _stacked(bands: np.ndarray, rows: int, stride: int) -> np.ndarray:
    """For every place of a window of `rows` bands the matrix that they are: a view, no copy."""
    windows = np.moveaxis(sliding_window_view(bands, rows, axis=0)[::stride], -1, 1)
    return windows.reshape(len(windows), -1, bands.shape[-1] * bands.shape[-2])


@requires(x=IMAGES, W=kernels("F", "C", "K", "L"), b=vector("F"), stride=count(1), padding=count())
def conv2d_forward(
    x: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, Cache]:
    """Slide F kernels over each image, a matrix product for every row of places.

    Parameters
    ----------
    x, W, b, stride, padding
        As for `convolution.conv2d_forward`.

    Returns
    -------
    out : ndarray (N, F, P, Q)
    cache : tuple
        For `conv2d_backward` of this module.
    """
    sides = (padding, padding)
    laid = np.pad(x.transpose(2, 1, 3, 0), (sides, (0, 0), sides, (0, 0)))  # H C W N
    windows = sliding_window_view(laid, W.shape[3], axis=2)[:, :, ::stride]  # H C Q N L
    bands = np.ascontiguousarray(np.moveaxis(windows, -1, 2))  # H C L Q N
    stacked = _stacked(bands, W.shape[2], stride)
    out = W.swapaxes(1, 2).reshape(len(W), -1) @ stacked
    out += b[:, None]
    out = out.reshape(len(stacked), len(W), -1, len(x))  # P F Q N
    return out.transpose(3, 1, 0, 2), (stacked, bands, W, x.shape, stride, padding)


@requires(
    cache=parts(
        tensor("P", "_", "_"),
        tensor("_", "_", "_", "Q", "N"),
        tensor("F", "_", "_", "_"),
        counts(1, 4),
        count(1),
        count(),
    ),
    dout=tensor("N", "F", "P", "Q"),
)
def conv2d_backward(
    dout: np.ndarray, cache: Cache, wants_dx: bool = True
) -> tuple[np.ndarray | None, np.ndarray, np.ndarray]:
    """Gradients of a convolution; that of the images only if it is wanted.

    Parameters
    ----------
    dout : ndarray (N, F, P, Q)
        ∂loss/∂out.
    cache : tuple
        What `conv2d_forward` of this module returned.
    wants_dx : bool
        False for a first layer: nobody asks how to change the images.

    Returns
    -------
    dx : ndarray (N, C, H, W) or None
    dW : ndarray (F, C, K, L)
    db : ndarray (F,)
    """
    stacked, bands, W, shape, stride, padding = cache
    (height, channels, cols, Q, n), (filters, _, rows, _) = bands.shape, W.shape
    # Rows of zeros around, and between if the stride leaves some out: then the error of a band is
    # again a window of K rows times the kernels, turned upside down.
    spread = np.zeros((height + rows - 1, filters, Q, n), dout.dtype)
    places = spread[rows - 1 :: stride][: len(stacked)]
    places[...] = dout.transpose(2, 1, 3, 0)
    flat = places.reshape(len(stacked), filters, -1)
    dW = (flat @ stacked.swapaxes(1, 2)).sum(axis=0).reshape(filters, rows, channels, cols)
    dW, db = np.ascontiguousarray(dW.swapaxes(1, 2)), flat.sum(axis=(0, 2))
    if not wants_dx:
        return None, dW, db
    upside_down = W[:, :, ::-1].transpose(1, 3, 2, 0).reshape(channels * cols, -1)
    dbands = (upside_down @ _stacked(spread, rows, 1)).reshape(height, channels, cols, Q, n)
    dlaid = np.zeros((height, channels, shape[3] + 2 * padding, n), dbands.dtype)
    for j in range(cols):
        dlaid[:, :, j : j + stride * (Q - 1) + 1 : stride] += dbands[:, :, j]
    inside = dlaid[padding : padding + shape[2], :, padding : padding + shape[3]]
    return inside.transpose(3, 1, 0, 2), dW, db


@requires(x=IMAGES, size=window(), stride=count(1))
def max_pool_forward(x: np.ndarray, size: int, stride: int) -> tuple[np.ndarray, Cache]:
    """The largest entry of each window, in the layout of the images.

    Parameters
    ----------
    x, size, stride
        As for `convolution.max_pool_forward`.

    Returns
    -------
    out : ndarray (N, C, P, Q)
    cache : tuple
        For `max_pool_backward` of this module.
    """
    first, *others = pooled_slices(x, size, stride)
    out = first.copy(order="K")
    for corner in others:
        np.maximum(out, corner, out=out)
    return out, (x, out, size, stride)


@requires(
    cache=parts(IMAGES, tensor("N", "C", "P", "Q"), count(1), count(1)),
    dout=tensor("N", "C", "P", "Q"),
)
def max_pool_backward(dout: np.ndarray, cache: Cache) -> np.ndarray:
    """Each window's error goes to its maximum, the first of equals in reading order.

    Parameters
    ----------
    dout : ndarray (N, C, P, Q)
        ∂loss/∂out.
    cache : tuple
        What `max_pool_forward` of this module returned.

    Returns
    -------
    ndarray (N, C, H, W)
    """
    x, out, size, stride = cache
    dx, still_open = np.zeros_like(x, dtype=dout.dtype), np.ones_like(out, dtype=bool)
    corners = zip(pooled_slices(x, size, stride), pooled_slices(dx, size, stride), strict=True)
    for corner, dcorner in corners:
        won = (corner == out) & still_open
        still_open ^= won
        if stride >= size:
            np.multiply(dout, won, out=dcorner)
        else:
            np.add(dcorner, dout * won, out=dcorner)
    return dx
