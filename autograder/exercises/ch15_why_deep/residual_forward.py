"""Two layers with a way around."""

import numpy as np

from autograder.exercises.ch15_why_deep.blocks import block
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    hints=(
        "What should come out if all weights and biases are 0?",
        "One layer with a ReLU, one without; their result is *added* to what came in.",
        "out = x + max(0, x·W1 + b1)·W2 + b2; the cache keeps the ReLU's output.",
    ),
)


@exercise.probe
def a_batch(rng):
    return block(rng, 5, 3, 7)


@exercise.probe
def square(rng):
    return block(rng, 3, 3, 3)


@exercise.probe
def narrow_inside(rng):
    return block(rng, 4, 5, 2)


def by_entries(x, W1, b1, W2, b2):
    """Output and inner layer, number by number."""
    h, out = np.zeros((len(x), len(b1))), np.zeros(x.shape)
    for n, j in np.ndindex(h.shape):
        z = sum(x[n, i] * W1[i, j] for i in range(x.shape[1])) + b1[j]
        h[n, j] = z if z > 0 else 0.0
    for n, i in np.ndindex(out.shape):
        out[n, i] = x[n, i] + b2[i] + sum(h[n, j] * W2[j, i] for j in range(len(b1)))
    return out, h


def fits(f, *arguments):
    out, cache = sequence(f(*arguments), 2, "the result")
    expected, h = by_entries(*arguments)
    agree(out, expected, what="out")
    x, W1, _, W2, _ = arguments
    for got, wanted, name in zip(
        sequence(cache, 4, "the cache"), (x, h, W1, W2), ("x", "h", "W1", "W2"), strict=True
    ):
        agree(got, wanted, what=f"{name} in the cache")


HAND = (
    np.array([[1.0, -2.0], [3.0, 0.0]]),
    np.array([[2.0], [1.0]]),
    np.array([-1.0]),
    np.array([[10.0, -1.0]]),
    np.array([0.5, 0.25]),
)


@exercise.check
def worked_example(f):
    """(1, −2) closes the ReLU, only b2 is added: (1.5, −1.75); (3, 0) opens it: h = 5."""
    out, cache = sequence(f(*HAND), 2, "the result")
    agree(out, [[1.5, -1.75], [53.5, -4.75]], what="out")
    agree(sequence(cache, 4, "the cache")[1], [[0.0], [5.0]], what="h in the cache")


@exercise.check
def weights_of_zero_let_all_through(f):
    """With weights and biases of 0 what comes out is what went in; the arguments stay."""
    x, W1, b1, W2, b2 = HAND
    out, _ = sequence(f(x, 0 * W1, 0 * b1, 0 * W2, 0 * b2), 2, "the result")
    agree(out, x, what="out")
    unchanged(f, *HAND)


@exercise.check(points=2)
def random_blocks(f, rng):
    """Computes out and cache for blocks of any size."""
    for size in [(5, 3, 7), (4, 5, 2), (2, 7, 3)]:
        fits(f, *block(rng, *size))


@exercise.check(points=1, after=random_blocks)
def single_and_whole(f, reference, rng):
    """Takes a single example, one inner unit, and whole numbers; leaves its arguments alone."""
    fits(f, *block(rng, 1, 4, 3))
    fits(f, *block(rng, 3, 2, 1))
    whole = [rng.integers(-5, 6, size=s) for s in ((3, 2), (2, 4), (4,), (4, 2), (2,))]
    whole_numbers(f, reference, *whole)
    unchanged(f, *a_batch(rng))


@exercise.variant
def with_where(x, W1, b1, W2, b2):
    z = x @ W1 + b1
    h = np.where(z > 0, z, 0.0)
    return np.asarray(x) + (h @ W2 + b2), [x, h, W1, W2]


@exercise.variant
def as_one_matrix(x, W1, b1, W2, b2):
    """The way around as more inner units, which have no ReLU."""
    z = np.dot(x, W1) + b1
    h = (z + np.abs(z)) / 2
    wide = np.hstack([h, x, np.ones((len(x), 1))])
    out = wide @ np.vstack([W2, np.eye(np.shape(x)[1]), np.reshape(b2, (1, -1))])
    return out, (x, h, W1, W2)


def _block(x, W1, b1, W2, b2):
    h = np.maximum(x @ W1 + b1, 0)
    return h, (x, h, W1, W2)


@exercise.misconception
def no_way_around(x, W1, b1, W2, b2):
    """These are two plain layers: where is the way around?"""
    h, cache = _block(x, W1, b1, W2, b2)
    return h @ W2 + b2, cache


@exercise.misconception
def relu_at_the_end(x, W1, b1, W2, b2):
    """A second ReLU cuts off what came in below 0: the sum goes out as it is."""
    h, cache = _block(x, W1, b1, W2, b2)
    return np.maximum(x + h @ W2 + b2, 0), cache


@exercise.misconception
def relu_forgotten(x, W1, b1, W2, b2):
    """Without the ReLU the two layers are one linear map."""
    z = x @ W1 + b1
    return x + z @ W2 + b2, (x, z, W1, W2)


@exercise.misconception(keeps=0.5)
def biases_forgotten(x, W1, b1, W2, b2):
    """Both biases are missing."""
    h, cache = _block(x, W1, 0 * b1, W2, b2)
    return x + h @ W2, cache


@exercise.misconception(keeps=0.5)
def last_bias_forgotten(x, W1, b1, W2, b2):
    """b2 is missing."""
    h, cache = _block(x, W1, b1, W2, b2)
    return x + h @ W2, cache


@exercise.misconception
def subtracted(x, W1, b1, W2, b2):
    """What comes in is subtracted: it is to be added."""
    h, cache = _block(x, W1, b1, W2, b2)
    return h @ W2 + b2 - x, cache


@exercise.misconception
def multiplied(x, W1, b1, W2, b2):
    """The two ways are multiplied: that is a gate. Add them."""
    h, cache = _block(x, W1, b1, W2, b2)
    return x * (h @ W2 + b2), cache


@exercise.misconception(keeps=0.5)
def keeps_what_goes_into_the_relu(x, W1, b1, W2, b2):
    """The cache holds what goes *into* the ReLU; the contract says its output."""
    h, _ = _block(x, W1, b1, W2, b2)
    return x + h @ W2 + b2, (x, x @ W1 + b1, W1, W2)


@exercise.misconception(keeps=0.5)
def out_alone(x, W1, b1, W2, b2):
    """Only out is returned; the way back needs the cache, too."""
    h, _ = _block(x, W1, b1, W2, b2)
    return x + h @ W2 + b2


@exercise.misconception
def relu_on_the_branch(x, W1, b1, W2, b2):
    """The branch ends in a second ReLU, so that it can only add: the second layer is linear."""
    h = np.maximum(0, x @ W1 + b1)
    return x + np.maximum(0, h @ W2 + b2), (x, h, W1, W2)
