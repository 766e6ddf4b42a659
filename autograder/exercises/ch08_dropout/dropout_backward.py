"""Dropout backwards."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    core=True,
    hints=(
        "A dropped unit's x could be anything: how much does the loss change with it?",
        "The forward pass multiplied entry by entry with numbers that do not depend on x.",
        "dx = dout · cache.",
    ),
)


def way_back(rng, shape, p, kind="inverted"):
    """An upstream gradient and a mask as one of the two forms draws it, or in test mode."""
    kept = rng.random(shape) >= p
    cache = {"inverted": kept / (1 - p), "plain": kept * 1.0, "test": np.full(shape, 1 - p)}[kind]
    return rng.normal(size=shape), np.asarray(cache)


@exercise.probe
def inverted(rng):
    return way_back(rng, (5, 7), 0.3)


@exercise.probe
def plain(rng):
    return way_back(rng, (3, 11), 0.6, "plain")


@exercise.probe
def in_test_mode(rng):
    return way_back(rng, (2, 5), 0.2, "test")


@exercise.probe
def images(rng):
    return way_back(rng, (2, 3, 5, 2), 0.45)


SIZES = [
    (5, 7),
    (13, 1),
    (11,),
    (2, 3, 5),
    (2, 3, 5, 2),
    (3, 3),
    (23, 11),
    (),
]


@exercise.check
def worked_example(f):
    """dout (1, 2, 3) through the mask (0, 1.25, 1.25) becomes (0, 2.5, 3.75)."""
    dx = f(np.array([[1.0, 2.0, 3.0]]), np.array([[0.0, 1.25, 1.25]]))
    agree(dx, np.array([[0.0, 2.5, 3.75]]), what="dx")


@exercise.check
def each_example_has_its_mask(f):
    """Two examples go back each through the mask of its own."""
    dx = f(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [2.0, 0.0]]))
    agree(dx, np.array([[0.0, 4.0], [6.0, 0.0]]), what="dx")


@exercise.check
def changes_nothing_of_yours(f):
    """Leaves dout and cache as they were."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[0.0, 2.0], [2.0, 0.0]]))


@exercise.check(points=1)
def random_masks(f, reference, rng):
    """Gives dx for masks of both forms of dropout, of many shapes, rates and scales."""
    calls = []
    for size in SIZES:
        for kind in ("inverted", "plain", "test"):
            dout, cache = way_back(rng, size, rng.uniform(0.05, 0.9), kind)
            calls += [(np.array(scale * dout, order="F"), cache) for scale in (1.0, 1e-6, 1e6)]
    for arguments, dx in zip(calls, f.many(calls), strict=True):
        agree(dx, reference(*arguments), atol=0, what="dx")


@exercise.check(points=1, after=random_masks)
def measured_slopes(f, rng):
    """Agrees with slopes measured by moving every entry of x, with the mask held still."""
    dout, cache = way_back(rng, (3, 5), 0.4)
    gradient_agrees(f(dout, cache), lambda x: x * cache, rng.normal(size=(3, 5)), cotangent=dout)


@exercise.check(points=1, after=random_masks)
def edges(f, rng):
    """Where nothing comes back nothing is passed on; a mask of 0s stops, one of 1s passes all."""
    dout, cache = way_back(rng, (5, 7), 0.3)
    agree(f(dout * 0, cache), 0 * dout, what="dx for dout = 0")
    agree(f(dout, cache * 0), 0 * dout, what="dx when all is dropped")
    agree(f(dout, np.ones((5, 7))), dout, what="dx through a mask of ones")
    holes = dout * (rng.random((5, 7)) < 0.5)
    agree(f(holes, cache), holes * cache, what="dx for a dout with zeros")
    agree(
        f(dout, cache * 1e-7), dout * cache * 1e-7, atol=0, what="dx through a mask of tiny numbers"
    )


@exercise.check(points=1, after=random_masks)
def leaves_inputs_alone(f, rng):
    """Leaves dout and the mask as they were."""
    unchanged(f, *way_back(rng, (5, 7), 0.3))


@exercise.check(points=1, after=random_masks)
def one_example(f, reference, rng):
    """Gives dx for a single example, too."""
    for size in [(1, 3), (1, 1), (1, 29), (1, 3, 5)]:
        for kind in ("inverted", "plain", "test"):
            arguments = way_back(rng, size, rng.uniform(0.05, 0.9), kind)
            agree(f(*arguments), reference(*arguments), atol=0, what="dx of a single example")


@exercise.check(points=1, after=random_masks)
def whole_numbers_count(f, reference, rng):
    """Takes a dout of whole numbers for what it is, not cutting the result."""
    dout = rng.integers(-9, 10, size=(5, 7))
    whole_numbers(f, reference, dout, way_back(rng, (5, 7), 0.3)[1])


@exercise.variant
def with_where(dout, cache):
    return np.where(cache == 0, 0.0, dout * cache)


@exercise.variant
def with_a_loop(dout, cache):
    dx = np.zeros(dout.shape)
    for index in np.ndindex(dout.shape):
        dx[index] = cache[index] * dout[index]
    return dx


@exercise.variant
def with_einsum(dout, cache):
    return np.einsum("...,...->...", dout, cache).tolist()


@exercise.misconception
def passes_everything(dout, cache):
    """The mask is not used. What does a dropped unit contribute to the loss?"""
    return dout.copy()


@exercise.misconception(keeps=0.5)
def scale_forgotten(dout, cache):
    """Only 0 or not 0 is read off the mask. A survivor's factor counts on the way back as well."""
    return dout * (cache != 0)


@exercise.misconception
def divides_by_the_mask(dout, cache):
    """The way back multiplies by the same factor as the way forward; it does not undo it."""
    return np.where(cache == 0, 0.0, dout / np.where(cache == 0, 1.0, cache))


@exercise.misconception
def scales_twice(dout, cache):
    """The factor is applied twice: it is in the mask already."""
    return dout * cache * cache.max()


@exercise.misconception
def through_the_dropped_units(dout, cache):
    """The gradient goes through the dropped units, and the survivors learn nothing."""
    return dout * (cache == 0)


@exercise.misconception
def a_fresh_mask(dout, cache):
    """A new mask is drawn on the way back. It has to be that of the way forward."""
    fresh = np.random.default_rng(0).permutation(cache.ravel()).reshape(cache.shape)
    return dout * np.where(cache.min() == cache.max(), (fresh * 0.5), fresh)


@exercise.misconception
def normalises_the_mask(dout, cache):
    """The gradient is divided by the share of units that happened to survive. Just multiply."""
    return dout * cache / max(np.mean(cache != 0), 1e-9)


@exercise.misconception
def mask_of_the_first_example(dout, cache):
    """All examples go through the mask of the first one. Each has a mask of its own."""
    return dout * cache[:1]


@exercise.misconception
def sums_over_the_batch(dout, cache):
    """dx has lost the batch axis. x is no shared weight: each entry has its own gradient."""
    return (dout * cache).sum(axis=0)


@exercise.misconception
def overwrites_the_gradient(dout, cache):
    """The result is right, but `*=` changes dout, which others may still need."""
    dout *= cache
    return dout
