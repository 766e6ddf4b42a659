"""Convolution, pooling and what sharing weights saves.

Images are (N, C, H, W): examples, channels, rows, columns. As in every deep-learning library
"convolution" slides the kernel without flipping it, which mathematics calls cross-correlation.
"""

from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view

from reference_impl.validation import (
    count,
    counts,
    image_shape,
    kernels,
    maps,
    parts,
    requires,
    tensor,
    vector,
    window,
    window_side,
)

IMAGES = tensor("N", "C", "H", "W")
STRIDE = count(1, size="stride")
PADDING = count(size="padding")
Cache = tuple[Any, ...]


@requires(size=count(1), kernel=count(1), stride=count(1), padding=count())
def output_size(size: int, kernel: int, stride: int = 1, padding: int = 0) -> int:
    """How many places a window of length `kernel` has along an axis.

    Parameters
    ----------
    size : int
        Length of the axis.
    kernel : int
        Length of the window.
    stride : int
        From one place to the next.
    padding : int
        Zeros added at each of the two ends.

    Returns
    -------
    int
        (size + 2 · padding − kernel) / stride + 1, rounded down.

    References
    ----------
    Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016), relationship 6.
    """
    return (size + 2 * padding - kernel) // stride + 1


# --- convolution --------------------------------------------------------------------------------


@requires(
    x=IMAGES,
    padding=PADDING,
    W=kernels("F", "C", "K", "L"),
    b=vector("F"),
    stride=count(1),
)
def conv2d_forward(
    x: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, Cache]:
    """Slide F kernels over each image: all windows become columns, then one matrix product.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    W : ndarray (F, C, K, L)
        One kernel of K rows and L columns per filter and channel.
    b : ndarray (F,)
        One bias per filter, the same at every place.
    stride : int
        From one place to the next, along both axes.
    padding : int
        Zeros added on each of the four sides.

    Returns
    -------
    out : ndarray (N, F, P, Q)
        P and Q are `output_size` of the rows and columns.
    cache : tuple
        For `conv2d_backward`.

    References
    ----------
    LeCun et al., Proceedings of the IEEE 86 (1998) 2278; Chellapilla, Puri and Simard (2006) for
    the matrix product.
    """
    sides = (padding, padding)
    padded = np.pad(x, ((0, 0), (0, 0), sides, sides))
    windows = sliding_window_view(padded, W.shape[2:], axis=(2, 3))[:, :, ::stride, ::stride]
    # Places last: then each row of a window's column is copied from long runs of pixels.
    columns = np.ascontiguousarray(windows.transpose(1, 4, 5, 0, 2, 3))
    out = W.reshape(len(W), -1) @ columns.reshape(W[0].size, -1)
    out = out.reshape(len(W), *columns.shape[3:]) + b[:, None, None, None]
    return np.ascontiguousarray(out.swapaxes(0, 1)), (columns, W, x.shape, stride, padding)


@requires(
    cache=parts(
        tensor("C", "K", "L", "N", "P", "Q"),
        tensor("F", "C", "K", "L"),
        counts(1, 4),
        count(1),
        count(),
    ),
    dout=tensor("N", "F", "P", "Q"),
)
def conv2d_backward(dout: np.ndarray, cache: Cache) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of a convolution: a shared weight collects from every place where it was used.

    Parameters
    ----------
    dout : ndarray (N, F, P, Q)
        ∂loss/∂out.
    cache : tuple
        What `conv2d_forward` returned.

    Returns
    -------
    dx : ndarray (N, C, H, W)
    dW : ndarray (F, C, K, L)
    db : ndarray (F,)

    References
    ----------
    LeCun et al., Neural Computation 1 (1989) 541.
    """
    columns, W, (n, channels, height, width), stride, padding = cache
    rows, cols = dout.shape[2:]
    places = dout.swapaxes(0, 1).reshape(len(W), -1)
    dW = (places @ columns.reshape(W[0].size, -1).T).reshape(W.shape)
    db = places.sum(axis=1)
    dcolumns = (W.reshape(len(W), -1).T @ places).reshape(columns.shape)
    padded = (channels, n, height + 2 * padding, width + 2 * padding)
    dx = np.zeros(padded, dtype=dcolumns.dtype)
    for i, j in np.ndindex(W.shape[2:]):
        dx[:, :, i : i + stride * rows : stride, j : j + stride * cols : stride] += dcolumns[
            :, i, j
        ]
    inside = dx[:, :, padding : padding + height, padding : padding + width]
    return np.ascontiguousarray(inside.swapaxes(0, 1)), dW, db


@requires(
    x=IMAGES,
    padding=PADDING,
    W=kernels("F", "C", "K", "L"),
    b=vector("F"),
    stride=count(1),
)
def conv2d_by_loops(
    x: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """The convolution as its definition says it: a sum for every filter at every place.

    The kernel is slid over the image as it is, not flipped.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        N images of C channels. Whole numbers are taken for what they are.
    W : ndarray (F, C, K, L)
        F filters, each with a kernel of K rows and L columns for every channel.
    b : ndarray (F,)
        One bias per filter, the same at every place.
    stride : int
        From one place to the next, along both axes.
    padding : int
        Zeros added on each of the four sides.

    Returns
    -------
    ndarray (N, F, P, Q)
        P and Q are `output_size` of the rows and columns.

    References
    ----------
    Dumoulin and Visin, A guide to convolution arithmetic for deep learning (2016).
    """
    filters, _, rows, cols = W.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    P = output_size(x.shape[2], rows, stride, padding)
    Q = output_size(x.shape[3], cols, stride, padding)
    out = np.zeros((len(x), filters, P, Q), dtype=np.result_type(x, W, b))
    for n, f, p, q in np.ndindex(out.shape):
        top, left = p * stride, q * stride
        out[n, f, p, q] = np.sum(padded[n, :, top : top + rows, left : left + cols] * W[f]) + b[f]
    return out


@requires(
    x=IMAGES,
    padding=PADDING,
    W=kernels("F", "C", "K", "L"),
    stride=STRIDE,
    dout=maps("N", "F"),
)
def conv2d_backward_by_loops(
    dout: np.ndarray, x: np.ndarray, W: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients of a convolution, collected place by place.

    A shared weight collects from every place where it was used, and so does a pixel.

    Parameters
    ----------
    dout : ndarray (N, F, P, Q)
        ∂loss/∂out.
    x : ndarray (N, C, H, W)
        The images, as they went into the convolution. Whole numbers are taken for what they are.
    W : ndarray (F, C, K, L)
        The kernels.
    stride, padding : int
        As they were on the way forward.

    Returns
    -------
    dx : ndarray (N, C, H, W)
    dW : ndarray (F, C, K, L)
    db : ndarray (F,)

    References
    ----------
    LeCun et al., Neural Computation 1 (1989) 541.
    """
    _, _, height, width = x.shape
    _, _, rows, cols = W.shape
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    dpadded = np.zeros(padded.shape, dtype=dout.dtype)
    dW = np.zeros(W.shape, dtype=dout.dtype)
    for n, f, p, q in np.ndindex(dout.shape):
        top, left = p * stride, q * stride
        place = np.s_[n, :, top : top + rows, left : left + cols]
        dpadded[place] += dout[n, f, p, q] * W[f]
        dW[f] += dout[n, f, p, q] * padded[place]
    dx = dpadded[:, :, padding : padding + height, padding : padding + width]
    return dx, dW, dout.sum(axis=(0, 2, 3))


@requires(x=IMAGES, padding=PADDING, rows=window_side("H"), cols=window_side("W"), stride=count(1))
def image_columns(
    x: np.ndarray, rows: int, cols: int, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """Every window of every image as one row of a matrix ("im2col").

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    rows, cols : int
        Size of the window.
    stride : int
        From one place to the next, along both axes.
    padding : int
        Zeros added on each of the four sides.

    Returns
    -------
    ndarray (N·P·Q, C·rows·cols)
        Image by image, its places in reading order; in each row channel by channel, the window's
        pixels in reading order.

    References
    ----------
    Chellapilla, Puri and Simard, High performance convolutional neural networks (2006).
    """
    sides = (padding, padding)
    padded = np.pad(x, ((0, 0), (0, 0), sides, sides))
    windows = np.lib.stride_tricks.sliding_window_view(padded, (rows, cols), axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    return windows.transpose(0, 2, 3, 1, 4, 5).reshape(-1, x.shape[1] * rows * cols)


@requires(
    x=IMAGES,
    padding=PADDING,
    W=kernels("F", "C", "K", "L"),
    b=vector("F"),
    stride=count(1),
)
def conv2d_by_columns(
    x: np.ndarray, W: np.ndarray, b: np.ndarray, stride: int = 1, padding: int = 0
) -> tuple[np.ndarray, np.ndarray]:
    """The convolution of all images with all filters, as one product of two matrices.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    W : ndarray (F, C, K, L)
    b : ndarray (F,)
    stride, padding : int
        As for `conv2d_by_loops`.

    Returns
    -------
    out : ndarray (N, F, P, Q)
        The same as from `conv2d_by_loops`.
    columns : ndarray (N·P·Q, C·K·L)
        What `image_columns` has made of x: the way back to W is dout's columns times these.

    References
    ----------
    Chellapilla, Puri and Simard, High performance convolutional neural networks (2006).
    """
    filters, _, rows, cols = W.shape
    columns = image_columns(x, rows, cols, stride, padding)
    P = output_size(x.shape[2], rows, stride, padding)
    out = (columns @ W.reshape(filters, -1).T + b).reshape(len(x), P, -1, filters)
    return np.ascontiguousarray(out.transpose(0, 3, 1, 2)), columns


# --- pooling ------------------------------------------------------------------------------------


@requires(x=IMAGES, size=window(), stride=count(1))
def pooled_slices(x: np.ndarray, size: int, stride: int) -> list[np.ndarray]:
    """For each corner of the window, in reading order, what it sees at every place.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    size, stride : int
        Side of the square window, and from one place to the next.

    Returns
    -------
    list of size² views (N, C, P, Q)
    """
    rows = (output_size(x.shape[2], size, stride) - 1) * stride + 1
    cols = (output_size(x.shape[3], size, stride) - 1) * stride + 1
    return [
        x[:, :, i : i + rows : stride, j : j + cols : stride] for i, j in np.ndindex(size, size)
    ]


@requires(x=IMAGES, size=window(), stride=count(1))
def max_pool_forward(x: np.ndarray, size: int, stride: int) -> tuple[np.ndarray, Cache]:
    """The largest entry of each window; no parameters.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    size : int
        Side of the square window, at most H and W.
    stride : int
        From one window to the next; less than `size` makes windows overlap. What is left over at
        the right and bottom edges is ignored.

    Returns
    -------
    out : ndarray (N, C, P, Q)
    cache : tuple
        For `max_pool_backward`.

    References
    ----------
    Ranzato et al., CVPR (2007); Krizhevsky, Sutskever and Hinton, NIPS (2012), for overlap.
    """
    first, *others = pooled_slices(x, size, stride)
    out = first.copy()
    for corner in others:
        np.maximum(out, corner, out=out)
    return out, (x, out, size, stride)


@requires(
    cache=parts(IMAGES, tensor("N", "C", "P", "Q"), window(), STRIDE),
    dout=maps("N", "C"),
)
def max_pool_backward(dout: np.ndarray, cache: Cache) -> np.ndarray:
    """Each window's error goes to its maximum, where errors of overlapping windows add up.

    Parameters
    ----------
    dout : ndarray (N, C, P, Q)
        ∂loss/∂out.
    cache : tuple
        What `max_pool_forward` returned.

    Returns
    -------
    ndarray (N, C, H, W)
        ∂loss/∂x. Of equal maxima the first, in reading order, takes all, as in PyTorch: no error
        is lost or doubled.
    """
    x, out, size, stride = cache
    dx = np.zeros(x.shape, dtype=dout.dtype)
    open_places = np.ones(out.shape, dtype=bool)
    corners = zip(pooled_slices(x, size, stride), pooled_slices(dx, size, stride), strict=True)
    for corner, dcorner in corners:
        won = (corner == out) & open_places
        dcorner[...] += dout * won
        open_places ^= won
    return dx


@requires(x=IMAGES, size=window(), stride=count(1))
def mean_pool_forward(x: np.ndarray, size: int, stride: int) -> tuple[np.ndarray, Cache]:
    """The mean of each window; no parameters.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    size : int
        Side of the square window, at most H and W.
    stride : int
        From one window to the next; what is left over at the right and bottom edges is ignored.

    Returns
    -------
    out : ndarray (N, C, P, Q)
    cache : tuple
        For `mean_pool_backward`.

    References
    ----------
    LeCun et al., Neural Computation 1 (1989) 541.
    """
    first, *others = pooled_slices(x, size, stride)
    return sum(others, start=first) / size**2, (x.shape, size, stride)


@requires(cache=parts(image_shape(), window(), STRIDE), dout=maps("N", "C"))
def mean_pool_backward(dout: np.ndarray, cache: Cache) -> np.ndarray:
    """Each window's error is spread evenly over its entries.

    Parameters
    ----------
    dout : ndarray (N, C, P, Q)
        ∂loss/∂out.
    cache : tuple
        What `mean_pool_forward` returned.

    Returns
    -------
    ndarray (N, C, H, W)
        ∂loss/∂x.
    """
    shape, size, stride = cache
    dx = np.zeros(shape, dtype=dout.dtype)
    share = dout / size**2
    for dcorner in pooled_slices(dx, size, stride):
        dcorner[...] += share
    return dx


@requires(x=IMAGES, size=window(), stride=count(1))
def max_pool_by_loops(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """Max pooling as its definition says it: the largest entry of each window.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
    size : int
        Side of the square window, at most H and W.
    stride : int
        From one window to the next; less than `size` makes windows overlap.

    Returns
    -------
    ndarray (N, C, P, Q)
        P and Q are `output_size` of H and W: what is left over at the right and at the bottom is
        ignored. Each channel of each image for itself.

    References
    ----------
    Ranzato et al., CVPR (2007); Krizhevsky, Sutskever and Hinton, NIPS (2012), for overlap.
    """
    P, Q = output_size(x.shape[2], size, stride), output_size(x.shape[3], size, stride)
    out = np.zeros((*x.shape[:2], P, Q), dtype=x.dtype)
    for n, c, p, q in np.ndindex(out.shape):
        top, left = p * stride, q * stride
        out[n, c, p, q] = x[n, c, top : top + size, left : left + size].max()
    return out


@requires(x=IMAGES, size=window(), stride=STRIDE, dout=maps("N", "C"))
def max_pool_backward_by_loops(
    dout: np.ndarray, x: np.ndarray, size: int, stride: int
) -> np.ndarray:
    """The gradient of max pooling: each window's error goes to its maximum.

    Where a pixel is the maximum of several overlapping windows, their errors add up.

    Parameters
    ----------
    dout : ndarray (N, C, P, Q)
        ∂loss/∂out.
    x : ndarray (N, C, H, W)
        The images, as they went in. Whole numbers are taken for what they are.
    size, stride : int
        As they were on the way forward.

    Returns
    -------
    ndarray (N, C, H, W)
        ∂loss/∂x. Of equal maxima the first, in reading order, takes all.

    References
    ----------
    Krizhevsky, Sutskever and Hinton, NIPS (2012), section 3.4, for overlapping windows.
    """
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for n, c, p, q in np.ndindex(dout.shape):
        top, left = p * stride, q * stride
        block = x[n, c, top : top + size, left : left + size]
        i, j = np.unravel_index(block.argmax(), block.shape)
        dx[n, c, top + i, left + j] += dout[n, c, p, q]
    return dx


@requires(x=IMAGES, size=window(), stride=count(1))
def mean_pool_by_loops(x: np.ndarray, size: int, stride: int) -> np.ndarray:
    """Mean pooling as its definition says it: the mean of each window.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        Whole numbers are taken for what they are: means are not rounded.
    size : int
        Side of the square window, at most H and W.
    stride : int
        From one window to the next; less than `size` makes windows overlap.

    Returns
    -------
    ndarray (N, C, P, Q)
        P and Q are `output_size` of H and W.

    References
    ----------
    LeCun et al., Neural Computation 1 (1989) 541.
    """
    P, Q = output_size(x.shape[2], size, stride), output_size(x.shape[3], size, stride)
    out = np.zeros((*x.shape[:2], P, Q), dtype=np.result_type(x, 1.0))
    for p, q in np.ndindex(P, Q):
        top, left = p * stride, q * stride
        out[:, :, p, q] = x[:, :, top : top + size, left : left + size].mean(axis=(2, 3))
    return out


@requires(x=IMAGES, size=window(), stride=STRIDE, dout=maps("N", "C"))
def mean_pool_backward_by_loops(
    dout: np.ndarray, x: np.ndarray, size: int, stride: int
) -> np.ndarray:
    """The gradient of mean pooling: each window's error is spread evenly over its pixels.

    Parameters
    ----------
    dout : ndarray (N, C, P, Q)
        ∂loss/∂out.
    x : ndarray (N, C, H, W)
        The images, as they went in: only their shape matters.
    size, stride : int
        As they were on the way forward; where windows overlap, what they give adds up.

    Returns
    -------
    ndarray (N, C, H, W)
        ∂loss/∂x.

    References
    ----------
    LeCun et al., Neural Computation 1 (1989) 541.
    """
    dx = np.zeros(x.shape, dtype=dout.dtype)
    for p, q in np.ndindex(dout.shape[2:]):
        top, left = p * stride, q * stride
        share = dout[:, :, p, q] / size**2
        dx[:, :, top : top + size, left : left + size] += share[:, :, None, None]
    return dx


# --- what sharing saves -------------------------------------------------------------------------


@requires(height=count(1), width=count(1), channels=count(1), filters=count(1), size=count(1))
def weight_counts(
    height: int, width: int, channels: int, filters: int, size: int
) -> dict[str, int]:
    """Parameters of a layer of feature maps: with shared, with local, and with dense weights.

    Parameters
    ----------
    height, width, channels : int
        Of the input image.
    filters : int
        Number of feature maps; the units of one map share one kernel, not the whole layer.
    size : int
        Side of the square kernels (stride 1, no padding).

    Returns
    -------
    dict of str to int
        "shared" (convolution), "local" (as many weights as there are connections, one set per
        place) and "dense" (every unit sees the whole image); biases included.

    References
    ----------
    LeCun et al., Proceedings of the IEEE 86 (1998) 2278.
    """
    places = output_size(height, size) * output_size(width, size)
    shared = filters * (channels * size**2 + 1)
    dense = filters * places * (height * width * channels + 1)
    return {"shared": shared, "local": shared * places, "dense": dense}


@requires(kernel_sizes=counts(1, size="layers"), strides=counts(1, size="layers"))
def receptive_field(kernel_sizes: list[int], strides: list[int]) -> int:
    """How many pixels, along one axis, a unit sees through a stack of layers.

    Parameters
    ----------
    kernel_sizes, strides : lists of int
        One of each per layer, first layer first, pooling layers included.

    Returns
    -------
    int
        1 + Σ (kernel − 1) · (product of the strides before it).
    """
    seen, jump = 1, 1
    for kernel, stride in zip(kernel_sizes, strides, strict=True):
        seen += (kernel - 1) * jump
        jump *= stride
    return seen


@requires(
    W=tensor("F", "C", "K", "L"),
    height=count(1),
    width=count(1),
    stride=count(1),
    padding=count(),
)
def convolution_matrix(
    W: np.ndarray, height: int, width: int, stride: int = 1, padding: int = 0
) -> np.ndarray:
    """The weights of the dense layer that does the same: mostly zeros, and the rest repeated.

    Parameters
    ----------
    W : ndarray (F, C, K, L)
        Kernels that fit into the padded image.
    height, width : int
        Of the images.
    stride, padding : int
        As for `conv2d_by_loops`.

    Returns
    -------
    ndarray (C·height·width, F·P·Q)
        x.reshape(N, -1) @ it is the convolution without biases, flattened. One 3×3 kernel on an
        8×8 image: 9 distinct numbers, besides zero, among 2304.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 9.1.
    """
    pixels = W.shape[1] * height * width
    one_pixel_on = np.eye(pixels, dtype=W.dtype).reshape(pixels, W.shape[1], height, width)
    nothing = np.zeros(len(W), dtype=W.dtype)
    return conv2d_by_loops(one_pixel_on, W, nothing, stride, padding).reshape(pixels, -1)
