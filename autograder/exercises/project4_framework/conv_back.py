"""The way back through filters, without the loops over places."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged
from reference_impl.convolution import conv2d_backward_by_loops, image_columns

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=4,
    hints=(
        "In which order do the rows of `columns` come, and in which order would dout's numbers "
        "have to come to match them?",
        "With dout as a matrix of one row for each place and one column for each filter, dW is "
        "one product and the gradient of the columns another.",
        "Each column of that gradient belongs to one channel and one corner (i, j) of the window: "
        "add it to the padded image at rows i, i + stride, …; at the end cut the rim off.",
    ),
)


def conv_back(
    dout: np.ndarray,
    columns: np.ndarray,
    W: np.ndarray,
    shape: tuple[int, ...],
    stride: int = 1,
    padding: int = 0,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The gradients of a convolution, from what `conv2d_by_columns` has kept.

    The same as from `conv2d_backward_by_loops`, with a loop over the corners of a window only.

    Parameters
    ----------
    dout : ndarray (N, F, P, Q)
        The gradient of what came out.
    columns : ndarray (N·P·Q, C·K·L)
        The second result of `conv2d_by_columns`: each window as a row.
    W : ndarray (F, C, K, L)
    shape : tuple of int
        (N, C, H, W) of the images that were fed.
    stride, padding : int
        As on the way up.

    Returns
    -------
    dx : ndarray (N, C, H, W)
    dW : ndarray (F, C, K, L)
    db : ndarray (F,)
    """
    n, channels, height, width = shape
    filters, _, rows, cols = W.shape
    _, _, P, Q = dout.shape
    flat = dout.transpose(0, 2, 3, 1).reshape(-1, filters)
    dW = (flat.T @ columns).reshape(W.shape)
    parts = (flat @ W.reshape(filters, -1)).reshape(n, P, Q, channels, rows, cols)
    padded = np.zeros((n, channels, height + 2 * padding, width + 2 * padding))
    for i, j in np.ndindex(rows, cols):
        down = slice(i, i + stride * P, stride)
        right = slice(j, j + stride * Q, stride)
        padded[:, :, down, right] += parts[..., i, j].transpose(0, 3, 1, 2)
    dx = padded[:, :, padding : padding + height, padding : padding + width]
    return dx, dW, flat.sum(axis=0)


def windows_of(x, rows, cols, stride, padding):
    """Every window as a row, as `image_columns` has it."""
    padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)))
    _, _, height, width = padded.shape
    return np.array(
        [
            padded[n, :, p : p + rows, q : q + cols].ravel()
            for n in range(len(x))
            for p in range(0, height - rows + 1, stride)
            for q in range(0, width - cols + 1, stride)
        ]
    )


def task(rng, shape=(3, 2, 5, 7), filters=4, size=(3, 2), stride=1, padding=0):
    """Gradients from above, windows, filters, and the rest that is needed."""
    x, W = rng.normal(size=shape), rng.normal(size=(filters, shape[1], *size))
    P = (shape[2] + 2 * padding - size[0]) // stride + 1
    Q = (shape[3] + 2 * padding - size[1]) // stride + 1
    dout = rng.normal(size=(shape[0], filters, P, Q))
    return dout, windows_of(x, *size, stride, padding), W, shape, stride, padding


@exercise.probe
def plain(rng):
    return task(rng)


@exercise.probe
def with_a_rim(rng):
    return task(rng, (2, 3, 5, 5), 2, (3, 3), 1, 1)


@exercise.probe
def in_strides(rng):
    return task(rng, (2, 2, 7, 7), 3, (3, 3), 2, 1)


@exercise.check
def worked_example(f):
    """One image of 1 × 3 with a window of 1 × 2: the pixel in the middle is in both windows."""
    x, W = np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[[[10.0, 100.0]]]])
    dout = np.array([[[[1.0, 5.0]]]])
    dx, dW, db = sequence(f(dout, windows_of(x, 1, 2, 1, 0), W, x.shape, 1, 0), 3)
    agree(dx, np.array([[[[10.0, 150.0, 500.0]]]]), what="dx")
    agree(dW, np.array([[[[11.0, 17.0]]]]), what="dW")
    agree(db, np.array([6.0]), what="db")


@exercise.check
def two_filters_two_images(f):
    """Windows of one pixel: dx sums dout · W over filters, dW sums over images and places."""
    rng = np.random.default_rng(4)
    x, W, dout = (
        rng.normal(size=(2, 3, 2, 2)),
        rng.normal(size=(2, 3, 1, 1)),
        rng.normal(size=(2, 2, 2, 2)),
    )
    dx, dW, db = sequence(f(dout, windows_of(x, 1, 1, 1, 0), W, x.shape, 1, 0), 3)
    agree(dx, np.einsum("nfpq,fc->ncpq", dout, W[..., 0, 0]), what="dx")
    agree(dW, np.einsum("nfpq,ncpq->fc", dout, x)[..., None, None], what="dW")
    agree(db, np.einsum("nfpq->f", dout), what="db")


@exercise.check
def strides_and_rims(f):
    """With stride 2 and a rim of 1, windows of one pixel miss a 1 × 3 image: dx and dW are 0."""
    x, W = np.array([[[[1.0, 2.0, 3.0]]]]), np.array([[[[10.0]]]])
    dout = np.arange(1.0, 7.0).reshape(1, 1, 2, 3)
    dx, dW, _ = sequence(f(dout, windows_of(x, 1, 1, 2, 1), W, x.shape, 2, 1), 3)
    agree(dx.shape if isinstance(dx, np.ndarray) else (), (1, 1, 1, 3), what="the shape of dx")
    agree(dx, np.zeros((1, 1, 1, 3)), what="dx")
    agree(dW, np.zeros((1, 1, 1, 1)), what="dW")
    unchanged(f, dout, windows_of(x, 1, 1, 2, 1), W, x.shape, 2, 1)


@exercise.check(points=3)
def random_filters(f, reference, rng):
    """Gives the right gradients for filters and images of several sizes."""
    for shape, filters, size in (((3, 2, 5, 7), 4, (3, 2)), ((2, 1, 8, 8), 8, (3, 3))):
        arguments = task(rng, shape, filters, size)
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=2, after=random_filters)
def strides_and_padding(f, reference, rng):
    """The same with strides, rims of zeros, and a part of the image that no window reaches."""
    for stride, padding, size in ((2, 0, 7), (2, 1, 6), (3, 2, 8), (1, 1, 4)):
        arguments = task(rng, (2, 3, size, size), 2, (3, 3), stride, padding)
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=random_filters)
def as_with_loops(f, rng):
    """Agrees with the loops over all places, for a batch of one."""
    x, W = rng.normal(size=(1, 2, 6, 5)), rng.normal(size=(3, 2, 2, 2))
    dout = rng.normal(size=(1, 3, 5, 4))
    expected = conv2d_backward_by_loops(dout, x, W, 1, 0)
    agree(f(dout, image_columns(x, 2, 2, 1, 0), W, x.shape), expected)


@exercise.check(points=1, after=random_filters)
def leaves_all_alone(f, rng):
    """Leaves all its arguments as they were."""
    unchanged(f, *with_a_rim(rng))


def _back(dout, columns, W, shape, stride=1, padding=0, *, add=True, cut=True, order=True, flip=0):
    """The right way with one thing exchanged."""
    n, channels, height, width = shape
    filters, _, rows, cols = W.shape
    _, _, P, Q = dout.shape
    flat = (dout.transpose(0, 2, 3, 1) if order else dout).reshape(-1, filters)
    dW = (flat.T @ columns).reshape(W.shape)
    used = W[:, :, ::-1, ::-1] if flip else W
    parts = (flat @ used.reshape(filters, -1)).reshape(n, P, Q, channels, rows, cols)
    padded = np.zeros((n, channels, height + 2 * padding, width + 2 * padding))
    for p, q in np.ndindex(P, Q):
        place = np.s_[:, :, p * stride : p * stride + rows, q * stride : q * stride + cols]
        padded[place] = parts[:, p, q] + (padded[place] if add else 0)
    rim = padding if cut else 0
    dx = padded[:, :, rim : rim + height, rim : rim + width]
    return dx, dW, flat.sum(axis=0)


@exercise.variant
def place_by_place(dout, columns, W, shape, stride=1, padding=0):
    return _back(dout, columns, W, shape, stride, padding)


@exercise.variant
def with_indices(dout, columns, W, shape, stride=1, padding=0):
    n, c, h, w = shape
    f, _, k, m = W.shape
    flat = np.moveaxis(dout, 1, -1).reshape(-1, f)
    rim = (padding, padding)
    grid = np.pad(np.arange(1, n * c * h * w + 1).reshape(shape), ((0, 0), (0, 0), rim, rim))
    where = [
        grid[i, :, p : p + k, q : q + m].ravel()
        for i in range(n)
        for p in range(0, h + 2 * padding - k + 1, stride)
        for q in range(0, w + 2 * padding - m + 1, stride)
    ]
    sums = np.zeros(n * c * h * w + 1)
    np.add.at(sums, np.array(where), flat @ W.reshape(f, -1))
    return sums[1:].reshape(shape), (flat.T @ columns).reshape(W.shape), dout.sum(axis=(0, 2, 3))


@exercise.misconception
def overlaps_overwrite(dout, columns, W, shape, stride=1, padding=0):
    """A pixel that is in several windows gets its last gradient only: they have to add up."""
    return _back(dout, columns, W, shape, stride, padding, add=False)


@exercise.misconception
def filters_in_the_wrong_order(dout, columns, W, shape, stride=1, padding=0):
    """dout was reshaped as it lies: filters have to be its last axis first, place by place."""
    return _back(dout, columns, W, shape, stride, padding, order=False)


@exercise.misconception
def flipped_filters(dout, columns, W, shape, stride=1, padding=0):
    """The filters were turned round. Each window's gradient wants them as they are."""
    return _back(dout, columns, W, shape, stride, padding, flip=1)


@exercise.misconception(keeps=0.5)
def averages_the_biases(dout, columns, W, shape, stride=1, padding=0):
    """db is a mean over images and places; every place adds its share, so it is a sum."""
    dx, dW, _ = _back(dout, columns, W, shape, stride, padding)
    return dx, dW, dout.mean(axis=(0, 2, 3))


@exercise.misconception(keeps=0.5)
def divides_by_the_batch(dout, columns, W, shape, stride=1, padding=0):
    """dW is divided by the number of images; dout has the 1/N of the loss in it already."""
    dx, dW, db = _back(dout, columns, W, shape, stride, padding)
    return dx, dW / len(dout), db
