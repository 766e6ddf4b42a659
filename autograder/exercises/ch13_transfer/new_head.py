"""A fresh head for a new task."""

import math

import numpy as np

from autograder.judging.calls import LearnerError, Left
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging_hidden import chance

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "What should the network say about the new classes before it has seen one? And may all "
        "columns be alike?",
        "`rng.normal(size=…)` gives standard normal numbers. Biases begin at 0.",
        r"$W_{ij} = 0.01\,z_{ij}$ with standard normal $z_{ij}$; (features, classes) is W's shape.",
    ),
)

SPREAD = 0.01


@exercise.probe
def a_head(rng):
    return 7, 5, rng


def head(f, features, classes, rng):
    """Weights and biases of the right shapes, and the generator as the call left it."""
    reply = f.reply(features, classes, rng)
    if reply.error is not None:
        raise reply.error
    return *_parts(reply.value, features, classes), reply.args_after[2]


def _parts(value, features, classes):
    W, b = (
        as_array(part, name)
        for part, name in zip(sequence(value, 2, "the result"), ("W", "b"), strict=True)
    )
    if W.shape != (features, classes):
        hint = "; that is the transpose" if W.shape == (classes, features) else ""
        raise Failed(f"W has shape {W.shape}, expected ({features}, {classes}){hint}")
    if b.shape != (classes,):
        raise Failed(f"b has shape {b.shape}, expected ({classes},): one per class")
    if W.dtype.kind != "f" or not np.isfinite(W).all():
        raise Failed("W must hold finite floats")
    return W.astype(float), b


@exercise.observe
def features(f):
    """Diagnosis looks at shapes, spread, means, and whether chance moves on."""
    try:
        calls = [(n, c, np.random.default_rng(5)) for n, c in [(400, 90), (90, 400), (9000, 3)]]
        seen = []
        for value in f.many(calls):
            if value is None:
                return [{"value": None}]
            W, b = (as_array(part) for part in sequence(value, 2))
            spread = round(math.log(float(np.sqrt(np.mean(W**2))) / SPREAD + 1e-9) / math.log(1.1))
            seen += [W.shape, b.shape, spread, round(4 * float(W.mean()) / SPREAD)]
            seen += [
                bool(np.ptp(W) == 0),
                bool(np.any(b != 0)),
                bool(np.mean(np.abs(W) > 0.023) > 0.004),
            ]
            if W.ndim == 2:
                seen += [bool(np.allclose(W, W[:1])), bool(np.allclose(W, W[:, :1]))]
        one, again, other, left = f.many([
            (7, 5, np.random.default_rng(1)), (7, 5, np.random.default_rng(1)),
            (7, 5, np.random.default_rng(2)), (7, 5, Left(0, 2)),
        ])  # fmt: skip
        return [*seen, *(np.array_equal(one[0], x[0]) for x in (again, other, left))]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [failure.message.split(",")[0]]


@exercise.check
def shapes(f, rng):
    """W is (features, classes), b has an entry per class, all of them 0."""
    for size in ((7, 5), (3, 2), (1, 4)):
        _, b, _ = head(f, *size, rng)
        if np.any(b != 0):
            raise Failed(f"b is {b}, expected zeros")


@exercise.check
def spread_of_a_hundredth(f, rng):
    """Of 12,000 weights the standard deviation is between 0.0095 and 0.0105, the mean near 0."""
    # It varies by 0.65 %: these are more than 7 standard deviations. The mean varies by 9e-5.
    W, _, _ = head(f, 3000, 4, rng)
    if not 0.0095 < W.std() < 0.0105 or abs(W.mean()) > 8e-4:
        raise Failed(f"the weights have mean {W.mean():.2g} and spread {W.std():.3g}")
    beyond = np.mean(np.abs(W) > 0.02)  # 4.6 % of normal numbers, varying by 0.2 %
    if not 0.03 < beyond < 0.06:
        raise Failed(f"{beyond:.1%} of the weights are larger than 0.02")


@exercise.check
def no_two_classes_alike(f):
    """The columns differ; the same generator state gives the same head, the next call another."""
    W, _, moved = head(f, 6, 3, np.random.default_rng(4))
    if np.linalg.matrix_rank(W) < 3:
        raise Failed("the columns of W hang together: classes could not be told apart")
    if not np.array_equal(head(f, 6, 3, np.random.default_rng(4))[0], W):
        raise Failed("two generators in the same state gave different heads")
    if np.array_equal(head(f, 6, 3, moved)[0], W):
        raise Failed("the next call gave the same head: every call draws anew")


def drawn(f, rng, features, classes):
    """The weights of a head of about that size, in units of the spread."""
    size = features + int(rng.integers(23)), classes + int(rng.integers(2))
    return head(f, *size, chance.generators(rng, 1)[0])[0] / SPREAD


@exercise.check(points=2)
def small_weights(f, rng):
    """The weights have mean 0 and standard deviation 0.01, whatever the sizes."""
    # A question to `chance` fails a right answer with probability below 1e-12; here are 12.
    for size in ((900, 300), (20_000, 3), (4, 30_000)):
        u = drawn(f, rng, *size)
        half = u.shape[0] // 2
        for part in (u, u[:half], u[half:]):
            fits = chance.sums_fit(part.sum(), part.size)
            if not (fits and chance.squares_fit((part * part).sum(), part.size)):
                found = f"mean {part.mean() * SPREAD:.3g} and spread {part.std() * SPREAD:.3g}"
                raise Failed(f"in a head {u.shape} the weights have {found}")


@exercise.check(points=1, after=small_weights)
def no_bias(f, rng):
    """The biases begin at 0, one for each class."""
    for size in ((5, 3), (1, 2), (11, 7)):
        _, b, _ = head(f, *size, chance.generators(rng, 1)[0])
        if np.any(b != 0):
            raise Failed("some bias is not 0")


@exercise.check(points=1, after=small_weights)
def normal_and_independent(f, rng):
    """Every weight has its own draw from the normal distribution."""
    below = lambda e: np.array([0.5 * math.erfc(-x / 2**0.5) for x in e])
    u = drawn(f, rng, 409, 307)
    if not chance.fits(u, np.linspace(-3.5, 3.5, 141), below):
        raise Failed("the weights are not normal: too many or too few are large, or small")
    u = drawn(f, rng, 157, 199)
    if not all(chance.unrelated_lines(v) for v in (u, u.T)) or not chance.unrelated_places(u > 0):
        raise Failed("some weights hang together: each needs a draw of its own")


@exercise.check(points=1, after=small_weights)
def fresh_every_time(f, rng):
    """All chance comes from the generator: same state, same head; then another."""
    seed = int(rng.integers(2**62))
    first, _, moved = head(f, 31, 17, np.random.default_rng(seed))
    if not np.array_equal(head(f, 31, 17, np.random.default_rng(seed))[0], first):
        raise Failed("two generators in the same state gave different heads")
    for source in (moved, chance.generators(rng, 1)[0]):
        if not chance.fair((head(f, 31, 17, source)[0] > 0) == (first > 0)):
            raise Failed("another generator, or a used one, gave a similar head")


@exercise.variant
def scale_inside(features, classes, rng):
    return rng.normal(0, 0.01, (features, classes)), np.zeros(classes)


@exercise.variant
def class_by_class(features, classes, rng):
    columns = [rng.standard_normal(features) / 100 for _ in range(classes)]
    return [np.stack(columns, axis=1), [0.0] * classes]


@exercise.misconception
def all_zeros(features, classes, rng):
    """All weights are 0. With a frozen layer below that would even work; below a head of zeros no
    layer learns in the first step."""
    return np.zeros((features, classes)), np.zeros(classes)


@exercise.misconception
def all_columns_alike(features, classes, rng):
    """All classes begin with the same weights."""
    return np.repeat(0.01 * rng.normal(size=(features, 1)), classes, axis=1), np.zeros(classes)


@exercise.misconception
def weights_of_size_one(features, classes, rng):
    """The weights have spread 1: the head would be sure of nonsense. Where is the 0.01?"""
    return rng.normal(size=(features, classes)), np.zeros(classes)


@exercise.misconception(keeps=0.5)
def variance_of_a_hundredth(features, classes, rng):
    """The variance is 0.01, so that the standard deviation is 0.1."""
    return 0.1 * rng.normal(size=(features, classes)), np.zeros(classes)


@exercise.misconception(keeps=0.5)
def transposed(features, classes, rng):
    """W is (classes, features). For x @ W it must be the other way round."""
    return 0.01 * rng.normal(size=(classes, features)), np.zeros(classes)


@exercise.misconception(keeps=0.5)
def random_biases(features, classes, rng):
    """The biases are random too. They begin at 0."""
    return 0.01 * rng.normal(size=(features, classes)), 0.01 * rng.normal(size=classes)


@exercise.misconception(keeps=0.5)
def a_bias_for_each_feature(features, classes, rng):
    """There is a bias for each feature. Which units does the head add them to?"""
    return 0.01 * rng.normal(size=(features, classes)), np.zeros(features)


@exercise.misconception
def only_positive(features, classes, rng):
    """`rng.random` is never negative."""
    return 0.01 * rng.random((features, classes)), np.zeros(classes)


@exercise.misconception
def a_seed_of_its_own(features, classes, rng):
    """A fixed seed inside gives the same head at every call. Use `rng`."""
    return 0.01 * np.random.default_rng(0).normal(size=(features, classes)), np.zeros(classes)


@exercise.misconception(keeps=0.5)
def scaled_by_the_features(features, classes, rng):
    """The spread depends on the number of features. Here it is 0.01 for all heads."""
    return rng.normal(size=(features, classes)) / np.sqrt(features), np.zeros(classes)


@exercise.misconception
def uniform_weights(features, classes, rng):
    """The weights are uniform; they should be normal, with a spread of 0.01."""
    return 0.01 * rng.uniform(-1, 1, (features, classes)), np.zeros(classes)


@exercise.misconception
def a_mean_of_its_own(features, classes, rng):
    """The weights spread around 0.01; they should spread around 0."""
    return rng.normal(0.01, 0.01, (features, classes)), np.zeros(classes)


@exercise.misconception(keeps=0.5)
def biases_in_a_row(features, classes, rng):
    """The biases form a table of one row: b is flat, with an entry per class."""
    return 0.01 * rng.normal(size=(features, classes)), np.zeros((1, classes))
