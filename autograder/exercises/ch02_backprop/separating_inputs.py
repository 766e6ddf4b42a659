"""Bug hunt: inputs that tell right from wrong."""

import numpy as np

from autograder.exercises.ch02_backprop import suspects
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=20,
    difficulty=3,
    hints=(
        "On which inputs would *you* not notice a forgotten transpose, or a mean instead of a sum?",
        "Several examples, unequal sizes or unsymmetric weights, no two numbers alike, and a bias.",
        "No two of N, the inputs and the units may be equal, and no number may be 0 or 1.",
    ),
)


def separating_inputs() -> list[tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]]:
    """Inputs on which a wrong backward pass of out = σ(z), z = a_prev @ W + b, gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (dout, a_prev, W, z)
        Arguments of `layer_backward(dout, a_prev, W, z)`: dout (N, n_out), a_prev (N, n_in),
        W (n_in, n_out) and z (N, n_out), with sizes of your choice.
    """
    # No two sizes alike, no two numbers alike, nothing symmetric, nothing 0 or 1.
    dout = np.cos(np.arange(1, 16)).reshape(5, 3)
    a_prev = np.sin(np.arange(1, 11)).reshape(5, 2) ** 2
    W = 2 * np.sin(np.arange(1, 7)).reshape(2, 3)
    z = a_prev @ W + np.array([0.3, -0.7, 1.1])
    one_example = (dout[:1], a_prev[:1], W, z[:1])
    saturated = (dout, a_prev, W, 1000 * z)
    return [(dout, a_prev, W, z), one_example, saturated]


MAX_ENTRIES = 10_000


def input_set(item, what):
    names = ("dout", "a_prev", "W", "z")
    parts = sequence(item, 4, what)
    arrays = [as_array(p, f"{n} of {what}") for p, n in zip(parts, names, strict=True)]
    dout, a_prev, W, z = arrays
    if any(a.dtype.kind == "c" for a in arrays):
        raise Failed(f"{what} holds complex numbers, expected real ones")
    if [a.ndim for a in arrays] != [2, 2, 2, 2]:
        raise Failed(f"dout, a_prev, W and z of {what} must be matrices")
    if not (dout.shape == z.shape == (len(a_prev), W.shape[1]) and a_prev.shape[1] == len(W)):
        shapes = ", ".join(f"{n} {a.shape}" for n, a in zip(names, arrays, strict=True))
        raise Failed(f"the shapes of {what} do not fit together: {shapes}")
    if not all(np.isfinite(a).all() and 0 < a.size <= MAX_ENTRIES for a in arrays):
        raise Failed(f"{what} must hold finite numbers, at most {MAX_ENTRIES:,} per array")
    if not dout.any() or not a_prev.any():
        raise Failed(f"dout or a_prev of {what} is all zeros, so nothing flows back at all")
    return [a.astype(float) for a in arrays]


def truth(dout, a_prev, W, z):
    """The backward pass, one example and one neuron at a time."""
    da, dW, db = np.zeros(a_prev.shape), np.zeros(W.shape), np.zeros(W.shape[1])
    for n, j in np.ndindex(z.shape):
        out = 1 / (1 + np.exp(-z[n, j])) if z[n, j] > -700 else 0.0
        delta = dout[n, j] * out * (1 - out)
        da[n] += W[:, j] * delta
        dW[:, j] += a_prev[n] * delta
        db[j] += delta
    return da, dW, db


SUSPECTS = hunt.lineup(suspects)
hunt.opens(
    exercise, input_set, SUSPECTS, "Returns one to three input sets whose shapes fit together."
)
hunt.charges(exercise, input_set, SUSPECTS, innocent="e", truth=truth, points=1)


def layer(seed, n, n_in, n_out, bias=True):
    rng = np.random.default_rng(seed)
    a_prev, W = rng.normal(size=(n, n_in)), rng.normal(size=(n_in, n_out))
    z = a_prev @ W + (rng.normal(size=n_out) if bias else 0)
    return rng.normal(size=(n, n_out)), a_prev, W, z


@exercise.variant
def random_rectangular():
    return [layer(0, 5, 2, 3)]


@exercise.variant
def square_as_tuple():
    return (layer(1, 7, 3, 3), layer(2, 2, 3, 3))


@exercise.variant
def by_hand():
    dout = [[1.0, -2.0], [0.5, 3.0]]
    a_prev = [[1.0, 2.0], [-1.0, 0.5]]
    return [[dout, a_prev, [[1.0, 2.0], [3.0, -1.0]], [[0.3, -0.2], [1.0, 0.4]]]]


@exercise.misconception
def one_example():
    """A batch of one: sums and means over the batch are the same thing there."""
    return [layer(3, 1, 3, 3)]


@exercise.misconception
def upstream_of_ones():
    """dout is all ones, which hides whatever is done to it across a row."""
    _, a_prev, W, z = layer(4, 5, 2, 3)
    return [(np.ones((5, 3)), a_prev, W, z)]


@exercise.misconception
def symmetric_weights():
    """W equals its own transpose, so a forgotten transpose cannot be seen."""
    dout, a_prev, W, _ = layer(5, 5, 3, 3)
    W = W + W.T
    return [(dout, a_prev, W, a_prev @ W + [0.2, -0.4, 0.9])]


@exercise.misconception
def no_bias():
    """There is no bias: z is exactly a_prev @ W, and who recomputes it without b gets away."""
    return [layer(6, 5, 2, 3, bias=False)]


@exercise.misconception
def equal_examples():
    """All examples are alike, so a mean of the inputs looks like the inputs themselves."""
    dout, a_prev, W, z = layer(7, 5, 2, 3)
    return [(dout, np.repeat(a_prev[:1], 5, axis=0), W, np.repeat(z[:1], 5, axis=0))]


@exercise.misconception
def all_at_zero():
    """z is 0 everywhere, where every slope is ¼: most mistakes with the slope disappear."""
    dout, a_prev, W, _ = layer(8, 5, 3, 3)
    return [(dout, a_prev, 0 * W, np.zeros((5, 3)))]
