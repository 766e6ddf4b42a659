"""The way back, around and through."""

import numpy as np

from autograder.exercises.ch15_why_deep.blocks import block, passed
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.why_deep import residual_forward

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    needs=("residual_forward",),
    hints=(
        "On how many ways does x act on out, and what happens to slopes of several ways?",
        "Through the layers it is chapter 2: back over W2, through the ReLU, back over W1. The "
        "detour multiplies by 1.",
        "dh = dout·W2ᵀ where h > 0; dx = dout + dh·W1ᵀ; dW1 = xᵀ·dh, dW2 = hᵀ·dout, biases: sums "
        "over the examples.",
    ),
)
NAMES = ("dx", "dW1", "db1", "dW2", "db2")
SIZES = [(5, 3, 7), (4, 5, 2), (2, 7, 3), (3, 3, 3)]


@exercise.probe
def a_batch(rng):
    return passed(rng, 5, 3, 7)


@exercise.probe
def square(rng):
    return passed(rng, 3, 3, 3)


@exercise.probe
def narrow_inside(rng):
    return passed(rng, 4, 5, 2)


def parts(result):
    return dict(zip(NAMES, sequence(result, 5, "the result"), strict=True))


def parts_agree(f, reference, rng, *names):
    for size in SIZES:
        arguments = passed(rng, *size)
        got, expected = parts(f(*arguments)), parts(reference(*arguments))
        for name in names:
            agree(got[name], expected[name], what=name)


# h is open for the second example only: x·W1 + b1 is −1 and 5.
HAND = (
    np.array([[1.0, 2.0], [-3.0, 4.0]]),
    (
        np.array([[1.0, -2.0], [3.0, 0.0]]),
        np.array([[0.0], [5.0]]),
        np.array([[2.0], [1.0]]),
        np.array([[10.0, -1.0]]),
    ),
)


@exercise.check
def dx_by_hand(f):
    """The first example's ReLU is closed: dx is dout, (1, 2). The second's is (−71, −30)."""
    # dh of the second is −3 · 10 + 4 · (−1) = −34; times (2, 1), and dout is added.
    agree(parts(f(*HAND))["dx"], [[1.0, 2.0], [-71.0, -30.0]], what="dx")


@exercise.check
def parameters_by_hand(f):
    """In the same example dW1 is (−102, 0), db1 −34, dW2 (−15, 20) and db2 (−2, 6)."""
    got = parts(f(*HAND))
    agree(got["dW1"], [[-102.0], [0.0]], what="dW1")
    agree(got["db1"], [-34.0], what="db1")
    agree(got["dW2"], [[-15.0, 20.0]], what="dW2")
    agree(got["db2"], [-2.0, 6.0], what="db2")
    unchanged(f, *HAND)


@exercise.check(points=1)
def random_dx(f, reference, rng):
    """Gives dx for blocks of any size: around and through."""
    parts_agree(f, reference, rng, "dx")


@exercise.check(points=1)
def random_weights(f, reference, rng):
    """Gives dW1 and dW2 for blocks of any size."""
    parts_agree(f, reference, rng, "dW1", "dW2")


@exercise.check(points=1)
def random_biases(f, reference, rng):
    """Gives db1 and db2 for blocks of any size."""
    parts_agree(f, reference, rng, "db1", "db2")


@exercise.check(points=1, after=random_dx)
def measured_slopes(f, rng):
    """dx agrees with slopes measured on the way forward."""
    x, W1, b1, W2, b2 = block(rng, 3, 4, 5)
    dout = rng.normal(size=x.shape)
    forward = lambda v: residual_forward(v, W1, b1, W2, b2)[0]
    got = parts(f(dout, residual_forward(x, W1, b1, W2, b2)[1]))
    gradient_agrees(got["dx"], forward, x, cotangent=dout, what="dx")


@exercise.check(points=1, after=(random_dx, random_weights, random_biases))
def laws_and_edges(f, reference, rng):
    """Zero weights let the error through; takes one example and whole numbers; changes nothing."""
    dout, (x, h, W1, W2) = passed(rng, 5, 3, 4)
    agree(parts(f(dout, (x, h, W1, 0 * W2)))["dx"], dout, what="dx with W2 = 0")
    agree(parts(f(dout, (x, 0 * h, W1, W2)))["dx"], dout, what="dx with a closed ReLU")
    arguments = passed(rng, 1, 4, 2)
    agree(f(*arguments), reference(*arguments), what="the slopes for one example")
    whole = [rng.integers(-5, 6, size=s) for s in ((3, 2), (3, 2), (2, 4), (4, 2))]
    h = rng.integers(0, 4, size=(3, 4))
    whole_numbers(f, reference, whole[0], (whole[1], h, whole[2], whole[3]))
    unchanged(f, *a_batch(rng))


@exercise.variant
def with_sums(dout, cache):
    x, h, W1, W2 = cache
    dh = np.where(h > 0, np.einsum("nd,hd->nh", dout, W2), 0.0)
    dx = np.einsum("nh,dh->nd", dh, W1) + dout
    ones = np.ones(len(x))
    return dx, np.einsum("nd,nh->dh", x, dh), ones @ dh, (dout.T @ h).T, ones @ dout


@exercise.variant
def example_by_example(dout, cache):
    x, h, W1, W2 = cache
    dx, dW1, dW2 = np.zeros(x.shape), np.zeros(W1.shape), np.zeros(W2.shape)
    db1, db2 = np.zeros(W1.shape[1]), np.zeros(W2.shape[1])
    for n in range(len(x)):
        dh = np.sign(h[n]) * (W2 @ dout[n])
        dx[n] = dout[n] + W1 @ dh
        dW1 += np.outer(x[n], dh)
        dW2 += np.outer(h[n], dout[n])
        db1 += dh
        db2 += dout[n]
    return [dx, dW1, db1, dW2, db2]


def _back(dout, cache, around=1.0, gate=None):
    x, h, W1, W2 = cache
    dh = dout @ W2.T * ((h > 0) if gate is None else gate)
    return around * dout + dh @ W1.T, x.T @ dh, dh.sum(axis=0), h.T @ dout, dout.sum(axis=0)


@exercise.misconception
def no_way_around(dout, cache):
    """The error comes back through the layers only: the detour hands it on unweakened."""
    return _back(dout, cache, around=0.0)


@exercise.misconception
def only_the_way_around(dout, cache):
    """dx is dout: x acts through the layers as well."""
    return (dout * 1.0, *_back(dout, cache)[1:])


@exercise.misconception
def relu_forgotten(dout, cache):
    """The error also comes back through closed units. What does the ReLU let through?"""
    return _back(dout, cache, gate=1.0)


@exercise.misconception
def times_h(dout, cache):
    """The error is multiplied by h. The ReLU's slope is 0 or 1."""
    return _back(dout, cache, gate=cache[1])


@exercise.misconception
def gated_by_x(dout, cache):
    """The detour is closed where x is below 0: there is no ReLU on it."""
    dx, *rest = _back(dout, cache, around=0.0)
    return (dx + dout * (cache[0] > 0), *rest)


@exercise.misconception(keeps=0.5)
def biases_averaged(dout, cache):
    """The biases' slopes are averaged over the examples: slopes add up."""
    dx, dW1, db1, dW2, db2 = _back(dout, cache)
    return dx, dW1, db1 / len(dout), dW2, db2 / len(dout)


@exercise.misconception
def detour_in_the_weights(dout, cache):
    """dW1 is measured with h's input plus its output: only x goes into the first layer."""
    x, h, _, W2 = cache
    dx, _, db1, _, db2 = _back(dout, cache)
    dh = dout @ W2.T * (h > 0)
    return dx, (x + dout).T @ dh, db1, h.T @ dout, db2


@exercise.misconception(keeps=0.5)
def second_layer_first(dout, cache):
    """The slopes of the second layer come before those of the first: mind the contract's order."""
    dx, dW1, db1, dW2, db2 = _back(dout, cache)
    return dx, dW2, db2, dW1, db1


@exercise.misconception
def detour_counted_twice(dout, cache):
    """dout is added twice: once for the detour is enough."""
    return _back(dout, cache, around=2.0)


@exercise.misconception(keeps=0.5)
def averaged_parameters(dout, cache):
    """The gradients are averaged over the batch once more: dout is averaged already."""
    x, h, W1, W2 = cache
    d, n = dout @ W2.T * (h > 0), len(x)
    return dout + d @ W1.T, x.T @ d / n, d.sum(axis=0) / n, h.T @ dout / n, dout.sum(axis=0) / n


@exercise.misconception
def the_input_comes_back(dout, cache):
    """Adds x where the error dout belongs: what goes around is the error."""
    x, h, W1, W2 = cache
    d = dout @ W2.T * (h > 0)
    return x + d @ W1.T, x.T @ d, d.sum(axis=0), h.T @ dout, dout.sum(axis=0)


@exercise.misconception
def one_comes_around(dout, cache):
    """Adds 1, the slope of the way around, without the error that it is multiplied with."""
    x, h, W1, W2 = cache
    d = dout @ W2.T * (h > 0)
    return 1 + d @ W1.T, x.T @ d, d.sum(axis=0), h.T @ dout, dout.sum(axis=0)


@exercise.misconception
def bias_before_the_mask(dout, cache):
    """The first bias gets the error before the ReLU's mask; it stands below the ReLU."""
    x, h, W1, W2 = cache
    below = dout @ W2.T
    d = below * (h > 0)
    return dout + d @ W1.T, x.T @ d, below.sum(axis=0), h.T @ dout, dout.sum(axis=0)
