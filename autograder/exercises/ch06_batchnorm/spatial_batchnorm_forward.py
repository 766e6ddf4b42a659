"""Batch normalisation for images."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "One feature is one *channel* now. Over which of the four axes does its mean run?",
        "Bring the channels to the last axis, flatten the other three, use what you have, and go "
        "back the same way. `reshape` alone does not move axes.",
        "Rows are pixels: (N, C, H, W) → (N, H, W, C) → (N·H·W, C), and all the way back.",
    ),
    needs=("batchnorm_forward", "running_statistics", "batchnorm_inference"),
)


def images(rng, n, c, h, w):
    """Images, parameters and memory; channels and pixels have their own levels."""
    # Uniform, so that no pixel is far from all others: that is asked for separately.
    noise, levels = rng.uniform(-1.7, 1.7, (n, c, h, w)), rng.uniform(-1.7, 1.7, (h, w))
    x = noise + rng.normal(2, 2, (c, 1, 1)) + levels
    gamma = rng.uniform(0.5, 2, c) * rng.choice([-1, 1], c)
    return x, gamma, rng.normal(size=c), rng.normal(size=c), rng.uniform(0.3, 4, c)


@exercise.probe
def training_batch(rng):
    return *images(rng, 2, 3, 5, 7), True, 0.7, 0.3


@exercise.probe
def test_batch(rng):
    return *images(rng, 3, 2, 5, 2), False, 0.6, 0.2


@exercise.probe
def cubes(rng):
    """All sizes equal: mixing up axes raises no error here."""
    return *images(rng, 3, 3, 3, 3), True


@exercise.probe
def cubes_in_test_mode(rng):
    return *images(rng, 3, 3, 3, 3), False


def parts(result):
    out, cache, mean, var = sequence(result, 4, "the result")
    return {"out": out, "cache": cache, "the running mean": mean, "the running variance": var}


PARTS = ("out", "cache", "the running mean", "the running variance")
SIZES = [
    (2, 3, 5, 7),
    (3, 2, 1, 5),
    (4, 5, 2, 3),
    (2, 2, 2, 2),
    (5, 1, 3, 2),
    (3, 3, 3, 3),
    (7, 3, 2, 1),
]


@exercise.check
def channels_are_features(f):
    """Channels (1, 3) and (2, 6) with γ = (2, 3), β = (10, 20), eps = 0: (8, 12) and (17, 23)."""
    x = np.array([[[[1.0, 3.0]], [[2.0, 6.0]]]])
    gamma, beta = np.array([2.0, 3.0]), np.array([10.0, 20.0])
    got = parts(f(x, gamma, beta, np.zeros(2), np.ones(2), True, 0.5, 0.0))
    agree(got["out"], np.array([[[[8.0, 12.0]], [[17.0, 23.0]]]]), what="out")
    agree(got["the running mean"], np.array([1.0, 2.0]), what="the running mean")


@exercise.check
def test_mode_by_hand(f):
    """In test mode a pixel 7, remembered mean 3, variance 4, γ = 5, β = 1 becomes 11."""
    numbers = [np.array([v]) for v in (5.0, 1.0, 3.0, 4.0)]
    got = parts(f(np.full((1, 1, 1, 2), 7.0), *numbers, False, 0.5, 0.0))
    agree(got["out"], np.full((1, 1, 1, 2), 11.0), what="out")
    agree(got["the running mean"], np.array([3.0]), what="the running mean")


@exercise.check
def images_belong_together(f):
    """Two images (1, 3) and (5, 7): mean 4, variance 5; with eps = 4, γ = 3, β = 1: −2, 0, 2, 4."""
    x = np.array([[[[1.0, 3.0]]], [[[5.0, 7.0]]]])
    one, memory = np.ones(1), (np.zeros(1), np.ones(1))
    got = parts(f(x, 3 * one, one, *memory, True, 0.75, 4.0))
    agree(got["out"], np.array([[[[-2.0, 0.0]]], [[[2.0, 4.0]]]]), what="out")
    agree(got["the running mean"], np.array([1.0]), what="the running mean")
    agree(got["the running variance"], np.array([2.0]), what="the running variance")
    rows = np.array([[-3.0], [-1.0], [1.0], [3.0]])
    agree(got["cache"], (rows, 3 * one, 3 * one), what="cache")


@exercise.check
def arguments_stay(f):
    """Images, γ, β and the memory are afterwards what they were before."""
    x, numbers = np.array([[[[1.0, 3.0]]]]), [np.array([v]) for v in (3.0, 1.0, 0.0, 2.0)]
    unchanged(f, x, *numbers, True, 0.75, 4.0)


def training_agrees(f, reference, rng, *names):
    for size in SIZES:
        arguments = *images(rng, *size), True, rng.uniform(0.05, 0.6), rng.uniform(0.01, 2)
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        for name in names:
            agree(got[name], expected[name], what=name)


@exercise.check(points=1)
def outputs_in_training(f, reference, rng):
    """Gives the output in training, for images of many shapes."""
    training_agrees(f, reference, rng, "out")


@exercise.check(points=1)
def memory_in_training(f, reference, rng):
    """In training the memory takes a step towards each channel's statistics."""
    training_agrees(f, reference, rng, "the running mean", "the running variance")


@exercise.check(points=1)
def cache_in_training(f, reference, rng):
    """In training the cache has one row per pixel: centred, std and γ."""
    training_agrees(f, reference, rng, "cache")


@exercise.check(points=2, after=outputs_in_training)
def test_mode(f, reference, rng):
    """In test mode gives the output by the memory, and learns nothing."""
    for size in SIZES:
        x, *memory = images(rng, *size)
        mode = False, rng.uniform(0.05, 0.6), rng.uniform(0.01, 2)
        got = parts(f(x, *memory, *mode))
        agree(got["out"], reference(x, *memory, *mode)[0], what="out")
        agree(got["cache"], None, what="the cache in test mode")
        agree(got["the running mean"], memory[2], what="the running mean")
        agree(got["the running variance"], memory[3], what="the running variance")


@exercise.check(points=1, after=(outputs_in_training, memory_in_training))
def takes_whole_numbers(f, reference, rng):
    """Takes images and a memory of whole numbers for what they are, and rounds nothing."""
    _, gamma, beta, _, _ = images(rng, 2, 3, 1, 1)
    start = np.zeros(3, int), np.ones(3, int)
    whole = rng.integers(-9, 10, size=(2, 3, 11, 13)), gamma, beta, *start, True, 0.3, 0.2
    for part in (0, 2, 3):
        whole_numbers(f, reference, *whole, part=part)


@exercise.check(points=1, after=(outputs_in_training, memory_in_training))
def takes_one_image(f, reference, rng):
    """Takes a batch of one image; in test mode an image comes out alone as in company."""
    for training in (True, False):
        arguments = *images(rng, 1, 5, 2, 3), training, 0.4, 0.2
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        for name in ("out", "the running mean", "the running variance"):
            agree(got[name], expected[name], what=f"{name} for a batch of one image")
    x, *memory = images(rng, 4, 3, 2, 5)
    together = np.asarray(parts(f(x, *memory, False, 0.4, 0.2))["out"])
    alone = parts(f(x[:1], *memory, False, 0.4, 0.2))["out"]
    agree(alone, together[:1], what="the first image alone")


@exercise.check(points=1, after=(outputs_in_training, memory_in_training))
def a_short_training(f, reference, rng):
    """Three training batches in a row, then a test: the memory is handed on."""
    _, gamma, beta, mean, var = images(rng, 1, 3, 1, 1)
    got = expected = mean, var
    for n, momentum in [(2, 0.9), (5, 0.4), (3, 0.7)]:
        x = 3 * images(rng, n, 3, 2, 5)[0]
        got = sequence(f(x, gamma, beta, *got, True, momentum, 0.1), 4, "the result")[2:]
        got = [np.asarray(p) for p in got]
        expected = reference(x, gamma, beta, *expected, True, momentum, 0.1)[2:]
        agree(got, expected, what="the memory")
    final = reference(x, gamma, beta, *expected, False, 0.5, 0.1)[0]
    agree(parts(f(x, gamma, beta, *got, False, 0.5, 0.1))["out"], final, what="out in the test")


@exercise.check(points=1, after=outputs_in_training)
def laws(f, reference, rng):
    """Pixels may change places within a channel; eps and momentum have their defaults."""
    x, *memory = images(rng, 2, 3, 5, 7)
    out = np.asarray(parts(f(x, *memory, True, 0.5, 0.2))["out"])
    order = rng.permutation(5)
    moved = parts(f(x[:, :, order], *memory, True, 0.5, 0.2))["out"]
    agree(moved, out[:, :, order], what="out with rows of pixels in another order")
    turned = parts(f(x.transpose(0, 1, 3, 2), *memory, True, 0.5, 0.2))["out"]
    agree(turned, out.transpose(0, 1, 3, 2), what="out for images on their side")
    small = 1e-2 * x, *memory, True
    for name, part in parts(f(*small)).items():
        if name != "cache":
            agree(part, parts(reference(*small))[name], what=f"{name} by default")
    gamma, beta, *remembered = memory
    for training in (True, False):
        large = x, [1e3, 0, 1e3] * gamma, 1e3 * beta, *remembered, training
        agree(parts(f(*large))["out"], reference(*large)[0], what="out for large γ and β, one γ 0")
    x[1, :, 2, 3] += 1e3
    for training in (True, False):
        outlier = x, *memory, training
        agree(parts(f(*outlier))["out"], reference(*outlier)[0], what="out with an outlier")
    frozen = 1e-2 * x, *memory[:3], np.zeros(3), False
    agree(parts(f(*frozen))["out"], reference(*frozen)[0], what="out, remembered variance 0")


@exercise.check(points=1, after=outputs_in_training)
def leaves_inputs_alone(f, rng):
    """Leaves images, parameters and memory as they were, in both modes."""
    unchanged(f, *training_batch(rng))
    unchanged(f, *test_batch(rng))


@exercise.variant
def with_four_axes(x, gamma, beta, running_mean, running_var, training, momentum=0.9, eps=1e-5):
    wide = lambda v: v[None, :, None, None]
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean(axis=(0, 2, 3)), x.var(axis=(0, 2, 3))
    centred, std = x - wide(mean), np.sqrt(var + eps)
    out = wide(gamma) * centred / wide(std) + wide(beta)
    if not training:
        return out, None, running_mean.copy(), running_var.copy()
    rows = centred.transpose(0, 2, 3, 1).reshape(-1, x.shape[1])
    new_mean = momentum * running_mean + (1 - momentum) * mean
    return out, (rows, std, gamma), new_mean, momentum * running_var + (1 - momentum) * var


@exercise.variant
def channel_by_channel(x, gamma, beta, running_mean, running_var, training, momentum=0.9, eps=1e-5):
    out, means, variances = np.empty(x.shape), list(running_mean), list(running_var)
    columns, stds = [], []
    for c in range(x.shape[1]):
        pixels = x[:, c]
        mean, var = means[c], variances[c]
        if training:
            mean, var = pixels.mean(), pixels.var()
            means[c] = momentum * means[c] + (1 - momentum) * mean
            variances[c] = momentum * variances[c] + (1 - momentum) * var
        stds.append((var + eps) ** 0.5)
        columns.append((pixels - mean).ravel())
        out[:, c] = gamma[c] * (pixels - mean) / stds[c] + beta[c]
    cache = (np.stack(columns, axis=1), np.array(stds), gamma) if training else None
    return [out, cache, means, variances]


def _spatial(
    x, gamma, beta, mean, var, training, momentum, eps, axes=(0, 2, 3), ddof=0, test_batch=False
):
    """The layer with statistics over `axes`; they must leave C numbers for the memory."""
    statistics = x.mean(axis=axes, keepdims=True), x.var(axis=axes, keepdims=True, ddof=ddof)
    wide = [v[None, :, None, None] for v in (mean, var)]
    m, v = statistics if training or test_batch else wide
    out = gamma[:, None, None] * (x - m) / np.sqrt(v + eps) + beta[:, None, None]
    if not training:
        return out, None, mean, var
    of_channels = [s.mean(axis=(0, 2, 3)) for s in statistics]
    rows = np.moveaxis(x - m, 1, -1).reshape(-1, x.shape[1])
    new = [momentum * old + (1 - momentum) * s for old, s in zip((mean, var), of_channels)]
    return out, (rows, np.sqrt(v + eps).mean(axis=(0, 2, 3)), gamma), *new


def pixels(x):
    return np.moveaxis(x, 1, -1).reshape(-1, x.shape[1])


def images_of(rows, x):
    n, c, h, w = x.shape
    return np.moveaxis(rows.reshape(n, h, w, c), -1, 1)


def _through_rows(x, rows, back, gamma, beta, mean, var, training, momentum, eps):
    if training:
        m, v = rows.mean(axis=0), rows.var(axis=0)
        new = momentum * mean + (1 - momentum) * m, momentum * var + (1 - momentum) * v
        cache = rows - m, np.sqrt(v + eps), gamma
    else:
        m, v, new, cache = mean, var, (mean, var), None
    return back(gamma * (rows - m) / np.sqrt(v + eps) + beta), cache, *new


@exercise.misconception
def reshape_without_moving_axes(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """`reshape(-1, C)` cuts the memory in order: pixels of all channels get mixed. Move axis 1."""
    rows = x.reshape(-1, x.shape[1])
    back = lambda out: out.reshape(x.shape)
    return _through_rows(x, rows, back, gamma, beta, mean, var, training, momentum, eps)


@exercise.misconception(keeps=1 / 3)
def not_moved_back(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """The way there is right. On the way back the axes are cut anew instead of moved back."""
    back = lambda out: out.reshape(x.shape)
    return _through_rows(x, pixels(x), back, gamma, beta, mean, var, training, momentum, eps)


@exercise.misconception
def statistics_per_image(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """Each image gets its own mean and variance (instance norm). The batch belongs together."""
    return _spatial(x, gamma, beta, mean, var, training, momentum, eps, axes=(2, 3))


@exercise.misconception
def statistics_per_pixel(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """Each pixel position gets its own statistics. All positions of a channel share them."""
    return _spatial(x, gamma, beta, mean, var, training, momentum, eps, axes=0)


@exercise.misconception
def one_for_all_channels(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """All channels share one mean and one variance. Each has its own."""
    rows, back = pixels(x), lambda out: images_of(out, x)
    if not training:
        return _through_rows(x, rows, back, gamma, beta, mean, var, False, momentum, eps)
    m, v = np.full_like(mean, x.mean()), np.full_like(var, x.var())
    out = _through_rows(x, rows, back, gamma, beta, m, v, False, momentum, eps)[0]
    new = momentum * mean + (1 - momentum) * m, momentum * var + (1 - momentum) * v
    return out, (rows - m, np.sqrt(v + eps), gamma), *new


@exercise.misconception
def parameters_along_the_width(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """γ and β line up with the last axis, the width. They belong to the channels, axis 1."""
    out, cache, *memory = with_four_axes(
        x, np.ones_like(gamma), 0 * beta, mean, var, training, momentum, eps
    )
    return out * gamma + beta, cache and (*cache[:2], gamma), *memory


@exercise.misconception(keeps=0.5)
def sample_variance(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """The variance is divided by the number of pixels less 1. Divide by all of them."""
    return _spatial(x, gamma, beta, mean, var, training, momentum, eps, ddof=1)


@exercise.misconception
def batch_statistics_in_test_mode(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """In test mode the batch is still normalised by itself: an image depends on its company."""
    return _spatial(x, gamma, beta, mean, var, training, momentum, eps, test_batch=True)


@exercise.misconception
def learns_in_test_mode(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """The memory moves in test mode, too: predictions would change what is predicted next."""
    out, cache, _, _ = with_four_axes(x, gamma, beta, mean, var, training, momentum, eps)
    return out, cache, *with_four_axes(x, gamma, beta, mean, var, True, momentum, eps)[2:]


@exercise.misconception
def never_remembers(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """The memory stays where it started, so test mode knows nothing of the training."""
    out, cache, _, _ = with_four_axes(x, gamma, beta, mean, var, training, momentum, eps)
    return out, cache, mean, var


@exercise.misconception
def memory_used_in_training(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """In training you normalise by the memory. The batch's own statistics are wanted there."""
    _, cache, new_mean, new_var = with_four_axes(x, gamma, beta, mean, var, training, momentum, eps)
    out = with_four_axes(x, gamma, beta, new_mean, new_var, False, momentum, eps)[0]
    return out, cache, new_mean, new_var


@exercise.misconception(keeps=0.5)
def momentum_the_other_way(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """Momentum is the share of the *old* value here. (PyTorch means the share of the new one.)"""
    return with_four_axes(x, gamma, beta, mean, var, training, 1 - momentum, eps)


@exercise.misconception
def defaults_handed_on(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """momentum and eps do not reach the inner functions, which fall back on their defaults."""
    return with_four_axes(x, gamma, beta, mean, var, training)


@exercise.misconception
def cache_in_the_shape_of_images(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """The cache holds images. The contract wants one row per pixel, (N·H·W, C)."""
    out, cache, *memory = with_four_axes(x, gamma, beta, mean, var, training, momentum, eps)
    if cache:
        cache = x - x.mean(axis=(0, 2, 3), keepdims=True), *cache[1:]
    return out, cache, *memory


@exercise.misconception
def overwrites_the_memory(x, gamma, beta, mean, var, training, momentum=0.9, eps=1e-5):
    """The numbers are right, but the caller's memory is overwritten: return new arrays."""
    out, cache, new_mean, new_var = with_four_axes(
        x, gamma, beta, mean, var, training, momentum, eps
    )
    mean[:], var[:] = new_mean, new_var
    return out, cache, mean, var
