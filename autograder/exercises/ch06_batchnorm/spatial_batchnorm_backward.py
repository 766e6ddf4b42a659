"""The way back for images."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.batchnorm import spatial_batchnorm_forward

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "The cache has one row per pixel. In which shape does your earlier function want dout?",
        "Move the channels of dout to the end, flatten, go back through the layer, and undo both.",
        "Bring the channels last and make every pixel a row, as on the way forward; then back "
        "again.",
    ),
    needs=("batchnorm_backward",),
)


def passed(rng, n, c, h, w, eps=None):
    """An upstream gradient and the cache of a training batch of images."""
    centred = np.diff(rng.normal(0, 1.5, (n * h * w + 1, c)), axis=0)
    centred[-1] -= centred.sum(axis=0)
    gamma = rng.uniform(0.5, 2, c) * rng.choice([-1, 1], c)
    eps = rng.uniform(0.2, 1) if eps is None else eps
    std = np.hypot(np.linalg.norm(centred, axis=0) / np.sqrt(n * h * w), np.sqrt(eps))
    dout = rng.normal(0.5, 1, (n, c, h, w)) + rng.normal(size=(c, h, w))
    return dout, (centred, std, gamma)


@exercise.probe
def two_images(rng):
    return passed(rng, 2, 3, 5, 7)


@exercise.probe
def cubes(rng):
    """All sizes equal: mixing up axes raises no error here."""
    return passed(rng, 3, 3, 3, 3)


@exercise.probe
def one_image(rng):
    return passed(rng, 1, 2, 3, 2)


NAMES = ("dx", "dgamma", "dbeta")
SIZES = [
    (2, 3, 5, 7),
    (3, 2, 1, 5),
    (4, 5, 2, 3),
    (2, 2, 2, 2),
    (5, 1, 3, 2),
    (3, 3, 3, 3),
    (7, 3, 2, 1),
]


def parts(result):
    return dict(zip(NAMES, sequence(result, 3, "the result"), strict=True))


@exercise.check
def worked_example(f):
    """Two pixels with centred (−1, 1), std 2, γ = 3, dout (1, 2): dx = (−9/16, 9/16)."""
    cache = np.array([[-1.0], [1.0]]), np.array([2.0]), np.array([3.0])
    got = f(np.array([[[[1.0, 2.0]]]]), cache)
    expected = np.array([[[[-0.5625, 0.5625]]]]), np.array([0.5]), np.array([3.0])
    agree(got, expected, what="the result")


@exercise.check
def channels_stay_apart(f):
    """If dout is 1 in one channel and −2 in the other, dβ counts the pixels: (6, −12)."""
    cache = np.tile([[-1.0, 2.0], [1.0, -2.0]], (3, 1)), np.array([1.0, 2.0]), np.array([3.0, 5.0])
    dout = np.ones((2, 2, 1, 3)) * np.array([1.0, -2.0])[:, None, None]
    expected = np.zeros((2, 2, 1, 3)), np.zeros(2), np.array([6.0, -12.0])
    agree(f(dout, cache), expected, what="the result")


@exercise.check
def pixels_keep_their_places(f):
    """Where dout and dout·x̂ add up to 0, dx is γ/std·dout: here 3 and −2 times dout, by channel."""
    centred = np.array([[1, -1, 0, 0, 1, -1], [2, 2, -1, -1, -1, -1]], dtype=float).T
    dout = np.array([[[[1, 1, -2], [0, 0, 0]], [[1, -1, 1], [-1, 0, 0]]]], dtype=float)
    dx, dgamma, dbeta = sequence(f(dout, (centred, np.array([2.0, 4.0]), np.array([6.0, -8.0]))), 3)
    agree(dx, np.array([3.0, -2.0])[:, None, None] * dout, what="dx")
    agree(dgamma, np.zeros(2), what="dgamma")
    agree(dbeta, np.zeros(2), what="dbeta")


@exercise.check
def arguments_stay(f):
    """dout and the cache are afterwards what they were before."""
    cache = np.array([[-1.0], [1.0]]), np.array([2.0]), np.array([3.0])
    unchanged(f, np.array([[[[1.0, 2.0]]]]), cache)


@exercise.check(points=1)
def the_images(f, reference, rng):
    """Gives dx for images of many shapes."""
    for size in SIZES:
        arguments = passed(rng, *size)
        agree(parts(f(*arguments))["dx"], reference(*arguments)[0], what="dx")


@exercise.check(points=1)
def the_parameters(f, reference, rng):
    """Gives dgamma and dbeta for images of many shapes."""
    for size in SIZES:
        arguments = passed(rng, *size)
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        agree(got["dgamma"], expected["dgamma"], what="dgamma")
        agree(got["dbeta"], expected["dbeta"], what="dbeta")


@exercise.check(points=1, after=(the_images, the_parameters))
def takes_whole_numbers(f, reference, rng):
    """Takes a dout of whole numbers for what it is, and does not round the gradients."""
    dout, cache = passed(rng, 2, 3, 5, 7)
    whole_numbers(f, reference, rng.integers(-9, 10, size=dout.shape), cache)


@exercise.check(points=1, after=(the_images, the_parameters))
def takes_one_image(f, reference, rng):
    """Takes a batch of one image, though it were a single pixel."""
    for size in [(1, 5, 2, 3), (1, 3, 1, 1), (1, 1, 4, 2)]:
        arguments = passed(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the result for a batch of one image")


@exercise.check(points=1, after=(the_images, the_parameters))
def measured_slopes(f, rng):
    """All three gradients agree with slopes measured through the layer."""
    x, dout = rng.normal(2, 1.5, (2, 3, 2, 5)), rng.normal(size=(2, 3, 2, 5))
    gamma, beta, zeros = rng.uniform(0.5, 2, 3), rng.normal(size=3), np.zeros(3)

    def layer(x, gamma, beta):
        return spatial_batchnorm_forward(x, gamma, beta, zeros, zeros, True, 0.9, 0.3)

    got = parts(f(dout, layer(x, gamma, beta)[1]))
    through_x = lambda v: layer(v, gamma, beta)[0]
    gradient_agrees(got["dx"], through_x, x, cotangent=dout, what="dx")
    through_gamma = lambda v: layer(x, v, beta)[0]
    gradient_agrees(got["dgamma"], through_gamma, gamma, cotangent=dout, what="dgamma")
    through_beta = lambda v: layer(x, gamma, v)[0]
    gradient_agrees(got["dbeta"], through_beta, beta, cotangent=dout, what="dbeta")


@exercise.check(points=1, after=(the_images, the_parameters))
def laws(f, reference, rng):
    """dx sums to 0 in each channel, channels do not feel each other, and a γ may be 0."""
    dout, cache = passed(rng, 2, 3, 5, 2, 0.0)
    got = parts(f(dout, cache))
    agree(np.sum(got["dx"], axis=(0, 2, 3)), np.zeros(3), what="the sum of dx in each channel")
    only = dout * np.array([0.0, 1.0, 0.0])[:, None, None]
    alone = np.asarray(got["dx"]) * np.array([0.0, 1.0, 0.0])[:, None, None]
    agree(parts(f(only, cache))["dx"], alone, what="dx if only channel 1 pulls")
    for scale in (1e-6, 1e3):
        expected = [scale * np.asarray(part) for part in got.values()]
        agree(
            f(scale * dout, cache),
            tuple(expected),
            atol=1e-12 * scale,
            what=f"{scale:g} times dout",
        )
    stored = parts(f(dout.copy(order="F"), cache))["dx"]
    agree(stored, got["dx"], what="dx for a dout stored column by column")
    silent = dout, (*cache[:2], cache[2] * [1, 0, 1])
    agree(f(*silent), reference(*silent), what="the result where one γ is 0")


@exercise.check(points=1, after=(the_images, the_parameters))
def leaves_inputs_alone(f, rng):
    """Leaves dout and the cache as they were."""
    unchanged(f, *two_images(rng))


@exercise.variant
def channel_by_channel(dout, cache):
    centred, std, gamma = cache
    dx, dgamma, dbeta = np.zeros(dout.shape), [], []
    for c in range(dout.shape[1]):
        d, xhat = dout[:, c].ravel(), centred[:, c] / std[c]
        dbeta.append(d.sum())
        dgamma.append(d @ xhat)
        flat = gamma[c] / std[c] * (d - d.mean() - xhat * (d @ xhat) / d.size)
        dx[:, c] = flat.reshape(dout[:, c].shape)
    return dx, dgamma, dbeta


@exercise.variant
def with_four_axes(dout, cache):
    centred, std, gamma = cache
    n, c, h, w = dout.shape
    xhat = (centred / std).reshape(n, h, w, c).transpose(0, 3, 1, 2)
    dbeta, dgamma = np.einsum("nchw->c", dout), np.einsum("nchw,nchw->c", dout, xhat)
    pixels = n * h * w
    wide = lambda v: v.reshape(1, c, 1, 1)
    dx = dout - wide(dbeta) / pixels - xhat * wide(dgamma) / pixels
    dx *= wide(gamma / std)
    return [dx, dgamma, dbeta]


def _through(rows, back, cache, n=None):
    centred, std, gamma = cache
    n, xhat = n or len(rows), centred / std
    dbeta, dgamma = rows.sum(axis=0), (rows * xhat).sum(axis=0)
    return back(gamma / std * (rows - (dbeta + xhat * dgamma) / n)), dgamma, dbeta


def _rows(dout):
    return np.moveaxis(dout, 1, -1).reshape(-1, dout.shape[1])


def _back(rows, dout):
    n, c, h, w = dout.shape
    return np.moveaxis(rows.reshape(n, h, w, c), -1, 1)


@exercise.misconception
def reshape_without_moving_axes(dout, cache):
    """`reshape(-1, C)` mixes the channels of dout. Move axis 1 to the end first."""
    rows = dout.reshape(-1, dout.shape[1])
    return _through(rows, lambda dx: dx.reshape(dout.shape), cache)


@exercise.misconception(keeps=1 / 3)
def not_moved_back(dout, cache):
    """The way there is right. On the way back the axes are cut anew instead of moved back."""
    return _through(_rows(dout), lambda dx: dx.reshape(dout.shape), cache)


@exercise.misconception
def height_and_width_swapped(dout, cache):
    """The pixels arrive in another order than the cache's rows: height and width are swapped."""
    rows = dout.transpose(0, 3, 2, 1).reshape(-1, dout.shape[1])
    n, c, h, w = dout.shape
    return _through(rows, lambda dx: dx.reshape(n, w, h, c).transpose(0, 3, 2, 1), cache)


@exercise.misconception
def counts_images_not_pixels(dout, cache):
    """1/N counts the rows, that is the pixels of all images, and you count the images."""
    return _through(_rows(dout), lambda dx: _back(dx, dout), cache, n=len(dout))


@exercise.misconception
def counts_pixels_of_one_image(dout, cache):
    """The images of the batch share the statistics: count the pixels of all of them."""
    h, w = dout.shape[2:]
    return _through(_rows(dout), lambda dx: _back(dx, dout), cache, n=h * w)


@exercise.misconception
def statistics_as_constants(dout, cache):
    """dx lets mean and variance stand still, but they move when a pixel does."""
    _, dgamma, dbeta = _through(_rows(dout), lambda dx: dx, cache)
    return dout * (cache[2] / cache[1])[:, None, None], dgamma, dbeta


@exercise.misconception(keeps=0.5)
def parameters_averaged(dout, cache):
    """dgamma and dbeta are averages over the pixels. The pixels' gradients add up."""
    dx, dgamma, dbeta = _through(_rows(dout), lambda dx: _back(dx, dout), cache)
    n = dout[:, 0].size
    return dx, dgamma / n, dbeta / n


@exercise.misconception
def dx_left_as_rows(dout, cache):
    """dx has one row per pixel. Bring it back into the shape of the images."""
    return _through(_rows(dout), lambda dx: dx, cache)


@exercise.misconception
def channels_left_last(dout, cache):
    """dx has its channels on the last axis, but the images have them on axis 1."""
    return _through(_rows(dout), lambda dx: np.moveaxis(_back(dx, dout), 1, -1), cache)


@exercise.misconception(keeps=0.5)
def order_swapped(dout, cache):
    """The last two are swapped: the contract wants dx, dgamma, dbeta."""
    dx, dgamma, dbeta = _through(_rows(dout), lambda dx: _back(dx, dout), cache)
    return dx, dbeta, dgamma


@exercise.misconception
def overwrites_the_upstream_gradient(dout, cache):
    """The gradients are right, but the caller's dout is overwritten: use a new array."""
    answer = _through(_rows(dout.copy()), lambda dx: _back(dx, dout), cache)
    dout *= cache[2][:, None, None]
    return answer
