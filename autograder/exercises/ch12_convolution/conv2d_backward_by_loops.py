"""The way back through a convolution."""

import numpy as np

from autograder.exercises.ch12_convolution.pictures import layer, way_back
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=30,
    difficulty=4,
    needs=("conv2d_by_loops",),
    hints=(
        "One place, one filter: which pixels and which weights made this output, and how?",
        "Go through all places as on the way forward. Each adds to the gradient of its window and "
        "to that of the filter's kernel; nothing is overwritten.",
        "To the window add δ·W[f], to dW[f] add δ·window, to db[f] add δ; in the end cut off the "
        "border of zeros.",
    ),
)


@exercise.probe
def plain(rng):
    return way_back(rng)


@exercise.probe
def strided(rng):
    return way_back(rng, n=1, h=8, w=7, stride=2)


@exercise.probe
def padded(rng):
    return way_back(rng, n=1, c=2, h=5, w=4, padding=1)


@exercise.probe
def strided_and_padded(rng):
    return way_back(rng, n=1, c=2, h=6, w=9, f=3, k=2, m=4, stride=3, padding=2)


def image(*rows):
    return np.array(rows, dtype=float)[None, None]


@exercise.check
def worked_example(f):
    """On 3 pixels with a kernel of 2, errors 1 and 10 come back as 3, 35, 50; dW = 21, 32."""
    dout, x, W = image([1, 10]), image([1, 2, 3]), image([3, 5])
    dx, dW, db = sequence(f(dout, x, W), 3)
    agree(dx, image([3, 35, 50]), what="dx")
    agree(dW, image([21, 32]), what="dW")
    agree(db, [11.0], what="db")


@exercise.check
def border_and_stride(f):
    """With padding 1 and stride 2, four pixels get 5, 2, 50 and 20 back: the border is cut off."""
    dout, x, W = image([1, 10]), image([1, 2, 3, 4]), image([3, 5, 2])
    W = np.concatenate([np.zeros((1, 1, 1, 3)), W, np.zeros((1, 1, 1, 3))], axis=2)
    dx, dW, _ = sequence(f(dout, x, W, 2, 1), 3)
    agree(dx, image([5, 2 + 30, 50, 20]), what="dx")
    agree(np.asarray(dW)[:, :, 1], [[[20, 31, 42]]], what="the middle row of dW")


@exercise.check
def filters_and_examples(f):
    """Two filters both send errors to the image; two images both add to a kernel; inputs stay."""
    x, W = np.full((2, 1, 1, 1), 2.0), np.array([3.0, 5.0]).reshape(2, 1, 1, 1)
    dout = np.array([[1.0, 10.0], [100.0, 1000.0]]).reshape(2, 2, 1, 1)
    dx, dW, db = sequence(f(dout, x, W), 3)
    agree(dx, np.array([53.0, 5300.0]).reshape(2, 1, 1, 1), what="dx")
    agree(dW, np.array([202.0, 2020.0]).reshape(2, 1, 1, 1), what="dW")
    agree(db, [101.0, 1010.0], what="db")
    unchanged(f, dout, x, W)


@exercise.check(points=3)
def all_three(f, reference, rng):
    """Gives the gradients by images, kernels and biases, of layers that are nowhere square."""
    for sizes in ({}, {"n": 3, "c": 2, "h": 5, "w": 6, "f": 2, "k": 2, "m": 3}, {"c": 1, "k": 1}):
        arguments = way_back(rng, **sizes)
        agree(f(*arguments), reference(*arguments), what="the gradients")


@exercise.check(points=1, after=all_three)
def strides_and_borders(f, reference, rng):
    """Knows strides and borders, also where the last pixels are seen by no window."""
    for stride, padding in rng.permutation([[2, 0], [1, 2], [3, 1]]):
        arguments = way_back(rng, c=2, h=8, w=6, stride=int(stride), padding=int(padding))
        agree(f(*arguments), reference(*arguments), what="the gradients")


@exercise.check(points=2, after=all_three)
def measured_slopes(f, rng):
    """Agrees with the slopes of a loss, measured by nudging one number at a time."""
    x, W, b, *_ = layer(rng, c=2, h=5, w=4, f=2)
    dout, *_ = way_back(rng, c=2, h=5, w=4, f=2)

    def loss(x, W):
        total = 0.0
        for n, m, p, q in np.ndindex(dout.shape):
            window = x[n, :, p : p + W.shape[2], q : q + W.shape[3]]
            total += dout[n, m, p, q] * (np.sum(window * W[m]) + b[m])
        return total

    dx, dW, _ = sequence(f(dout, x, W), 3)
    gradient_agrees(dx, lambda v: loss(v, W), x, what="dx")
    gradient_agrees(dW, lambda v: loss(x, v), W, what="dW")


@exercise.check(points=1, after=all_three)
def laws(f, rng):
    """It is linear in the errors; Σ dx·x = Σ dW·W; defaults are stride 1 and no border."""
    dout, x, W, *_ = way_back(rng)
    dx, dW, db = (np.asarray(part) for part in sequence(f(dout, x, W), 3))
    agree(f(-3.0 * dout, x, W), (-3 * dx, -3 * dW, -3 * db), what="the gradients of -3 times dout")
    agree(np.sum(dx * x), np.sum(dW * W), what="Σ dx·x, compared with Σ dW·W,")
    agree(np.sum(dout, axis=(0, 2, 3)), db, what="db")


@exercise.check(points=1, after=all_three)
def one_image(f, reference, rng):
    """Takes a batch of one image."""
    arguments = way_back(rng, n=1)
    agree(f(*arguments), reference(*arguments), what="the gradients of a batch of one")


@exercise.check(points=1, after=all_three)
def whole_numbers_count(f, reference, rng):
    """Takes images and kernels of whole numbers for what they are."""
    dout, x, W, *_ = way_back(rng, c=2)
    whole_numbers(f, reference, dout, np.round(5 * x).astype(int), np.round(5 * W).astype(int))


@exercise.check(points=1, after=all_three)
def leaves_inputs_alone(f, rng):
    """Leaves errors, images and kernels as they were."""
    unchanged(f, *way_back(rng, c=2, h=5, w=4, padding=1))


@exercise.variant
def by_kernel_entries(dout, x, W, stride=1, padding=0):
    rows, cols = dout.shape[2:]
    big = np.zeros((*x.shape[:2], x.shape[2] + 2 * padding, x.shape[3] + 2 * padding))
    big[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]] = x
    dbig, dW = np.zeros_like(big), np.zeros(W.shape)
    for i, j in np.ndindex(W.shape[2:]):
        at = np.s_[:, :, i : i + stride * rows : stride, j : j + stride * cols : stride]
        dW[:, :, i, j] = np.einsum("nfpq,ncpq->fc", dout, big[at])
        dbig[at] += np.einsum("nfpq,fc->ncpq", dout, W[:, :, i, j])
    h, w = x.shape[2:]
    return dbig[:, :, padding : padding + h, padding : padding + w], dW, np.einsum("nfpq->f", dout)


@exercise.variant
def place_by_place(dout, x, W, stride=1, padding=0):
    k, m = W.shape[2:]
    padded_x = np.pad(np.asarray(x, float), [(0, 0)] * 2 + [(padding, padding)] * 2)
    dx, dW, db = 0 * padded_x, np.zeros(W.shape), np.zeros(len(W))
    for p in range(dout.shape[2]):
        for q in range(dout.shape[3]):
            top, left = p * stride, q * stride
            error = dout[:, :, p, q]
            window = padded_x[:, :, top : top + k, left : left + m]
            dx[:, :, top : top + k, left : left + m] += np.tensordot(error, W, axes=1)
            dW += np.tensordot(error, window, axes=(0, 0))
            db += error.sum(axis=0)
    if padding:
        dx = dx[:, :, padding:-padding, padding:-padding]
    return [dx, dW, db]


def _gradients(dout, x, W, stride, padding, *, write=False, cut=True, over="all", flip=False):
    """The gradients with one thing exchanged; the misconceptions below say which."""
    sides = (padding, padding)
    big = np.pad(np.asarray(x, float), ((0, 0), (0, 0), sides, sides))
    dbig, dW = np.zeros_like(big), np.zeros(W.shape)
    kernel = W[:, :, ::-1, ::-1] if flip else W
    for n, f, p, q in np.ndindex(dout.shape):
        top, left = p * stride, q * stride
        place = np.s_[n, :, top : top + W.shape[2], left : left + W.shape[3]]
        if write:
            dbig[place] = dout[n, f, p, q] * kernel[f]
        else:
            dbig[place] += dout[n, f, p, q] * kernel[f]
        if over == "all" or (n == len(dout) - 1):
            dW[f] += dout[n, f, p, q] * big[place]
    end = np.s_[:, :, padding : padding + x.shape[2], padding : padding + x.shape[3]]
    return (dbig[end] if cut else dbig), dW, dout.sum(axis=(0, 2, 3))


@exercise.misconception
def windows_overwritten(dout, x, W, stride=1, padding=0):
    """Overlapping windows overwrite each other's errors in dx: they add up."""
    return _gradients(dout, x, W, stride, padding, write=True)


@exercise.misconception
def border_not_cut_off(dout, x, W, stride=1, padding=0):
    """dx still has its border of zeros' gradients: it should have x's shape."""
    return _gradients(dout, x, W, stride, padding, cut=False)


@exercise.misconception
def last_example_only(dout, x, W, stride=1, padding=0):
    """dW holds the last image's part only: all images add to it."""
    return _gradients(dout, x, W, stride, padding, over="last")


@exercise.misconception
def kernel_flipped_for_dx(dout, x, W, stride=1, padding=0):
    """The kernel is flipped on the way back, though it was not on the way forward."""
    return _gradients(dout, x, W, stride, padding, flip=True)


@exercise.misconception(keeps=0.5)
def averaged_over_the_batch(dout, x, W, stride=1, padding=0):
    """dW and db are divided by N: the mean belongs to the loss, and dout has it already."""
    dx, dW, db = _gradients(dout, x, W, stride, padding)
    return dx, dW / len(x), db / len(x)


@exercise.misconception
def bias_of_one_place(dout, x, W, stride=1, padding=0):
    """db is averaged over the places. The bias is used at all of them: add up."""
    dx, dW, _ = _gradients(dout, x, W, stride, padding)
    return dx, dW, dout.mean(axis=(2, 3)).sum(axis=0)


@exercise.misconception
def bias_per_example(dout, x, W, stride=1, padding=0):
    """db has an entry for every image: the bias is shared by all images, too."""
    dx, dW, _ = _gradients(dout, x, W, stride, padding)
    return dx, dW, dout.sum(axis=(2, 3))


@exercise.misconception
def mean_over_places(dout, x, W, stride=1, padding=0):
    """dW is divided by the number of places: a shared weight *collects* from all of them."""
    dx, dW, db = _gradients(dout, x, W, stride, padding)
    return dx, dW / dout[0, 0].size, db


@exercise.misconception
def stride_forgotten(dout, x, W, stride=1, padding=0):
    """Place p begins at p·stride, on the way back as on the way forward."""
    return _gradients(dout, x, W, 1, padding)


@exercise.misconception
def order_of_the_answer(dout, x, W, stride=1, padding=0):
    """The gradients come in another order than the contract's: dx, dW, db."""
    dx, dW, db = _gradients(dout, x, W, stride, padding)
    return dW, dx, db


@exercise.misconception
def filters_turned_around(dout, x, W, stride=1, padding=0):
    """The slope of the filters comes out turned by half a turn: nothing is flipped here."""
    dx, dW, db = _gradients(dout, x, W, stride, padding)
    return dx, dW[:, :, ::-1, ::-1], db


@exercise.misconception
def next_place_overwrites(dout, x, W, stride=1, padding=0):
    """The filters of one place are added up, but the next place overwrites what the windows have
    in common."""
    _, dW, db = _gradients(dout, x, W, stride, padding)
    (h, w), (k, m) = x.shape[2:], W.shape[2:]
    big = np.zeros((*x.shape[:2], h + 2 * padding, w + 2 * padding))
    for p, q in np.ndindex(dout.shape[2:]):
        window = np.s_[:, :, p * stride : p * stride + k, q * stride : q * stride + m]
        big[window] = np.tensordot(dout[:, :, p, q], W, axes=1)
    return big[:, :, padding : padding + h, padding : padding + w], dW, db
