"""And the error back down."""

import numpy as np

from autograder.exercises.ch07_regularization.stack_forward import network
from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=4,
    hints=(
        "A layer's output is h + max(h·W, 0). On how many ways does an error get from it to h?",
        "From the top down, for each layer: through ReLU, then to its weights, then to its input.",
        r"Behind ReLU: $d = \text{dout} \cdot [hW > 0]$. The input gets $dW^\top$, and, if there "
        "is a way around, what else?",
    ),
)


def forward(x, weights, skips):
    """The outputs of all layers, x first."""
    layers = [x]
    for W in weights:
        inner = np.maximum(layers[-1] @ W, 0)
        layers.append(inner + layers[-1] if skips else inner)
    return layers


def task(rng, n=5, width=3, depth=4, skips=True):
    """An error, the layers, their weights; no sum is near 0, where slopes would be undefined."""
    while True:
        x, weights = network(rng, n, width, depth)
        layers = forward(x, weights, skips)
        sums = [np.abs(h @ W).min() for h, W in zip(layers[:-1], weights, strict=True)]
        alive = all(np.any(h @ W > 0) for h, W in zip(layers[:-1], weights, strict=True))
        if min(sums) > 1e-4 and alive:
            return rng.normal(size=(n, width)), layers, weights, skips


@exercise.probe
def plain(rng):
    return task(rng, 5, 4, 3, skips=False)


@exercise.probe
def with_skips(rng):
    return task(rng)


@exercise.probe
def one_layer(rng):
    return task(rng, 7, 2, 1)


@exercise.probe
def deep(rng):
    return task(rng, 3, 2, 6)


@exercise.probe
def a_unit_whose_sum_is_zero(rng):
    dout, layers, weights, skips = task(rng)
    weights[1][:, 0] = 0
    return dout, forward(layers[0], weights, skips), weights, skips


def compare(f, arguments, expected):
    dout, layers, weights, skips = arguments
    got = sequence(f(dout, layers, weights, skips), len(weights), "the gradients")
    for k, gradient in enumerate(expected, 1):
        agree(got[k - 1], gradient, what=f"the gradient of layer {k}")


@exercise.check
def one_layer_by_hand(f):
    """h = (1, 2), W = diag(3, −1), error (5, 7): the gradient is ((5, 0), (10, 0)), either way."""
    x, W = np.array([[1.0, 2.0]]), [np.diag([3.0, -1.0])]
    for skips in (True, False):
        arguments = np.array([[5.0, 7.0]]), forward(x, W, skips), W, skips
        compare(f, arguments, [np.array([[5.0, 0.0], [10.0, 0.0]])])


@exercise.check
def two_layers_by_hand(f):
    """x = 2, weights 1 and 3, error 1: plain 6 and 2; with ways around 8 and 4."""
    x, weights = np.array([[2.0]]), [np.array([[1.0]]), np.array([[3.0]])]
    for skips, first, second in ((False, 6.0, 2.0), (True, 8.0, 4.0)):
        arguments = np.array([[1.0]]), forward(x, weights, skips), weights, skips
        compare(f, arguments, [np.array([[first]]), np.array([[second]])])


@exercise.check
def a_closed_gate(f):
    """x = 2, weights 1, −3 and 1, error 1: plain all 0; with ways around 4, 0 and 4."""
    x, weights = np.array([[2.0]]), [np.array([[w]]) for w in (1.0, -3.0, 1.0)]
    for skips, expected in ((False, (0, 0, 0)), (True, (4.0, 0.0, 4.0))):
        arguments = np.array([[1.0]]), forward(x, weights, skips), weights, skips
        compare(f, arguments, [np.array([[value]], dtype=float) for value in expected])


@exercise.check
def two_examples(f):
    """Examples (1, 0) and (0, 2) with ((1, 2), (3, 4)) and (5, −7) on top: gradients add up."""
    x, W = np.array([[1.0, 0.0], [0.0, 2.0]]), [np.array([[1.0, 2.0], [3.0, 4.0]])]
    dout = np.array([[5.0, -7.0], [1.0, 2.0]])
    compare(f, (dout, forward(x, W, True), W, True), [np.array([[5.0, -7.0], [2.0, 4.0]])])


@exercise.check
def a_crooked_layer(f):
    """x = (1, 1), weights I, ((1, 2), (0, 1)), error (1, 0): plain, both are ((1, 0), (1, 0))."""
    x, weights = np.array([[1.0, 1.0]]), [np.eye(2), np.array([[1.0, 2.0], [0.0, 1.0]])]
    arguments = np.array([[1.0, 0.0]]), forward(x, weights, False), weights, False
    compare(f, arguments, [np.array([[1.0, 0.0], [1.0, 0.0]])] * 2)


@exercise.check
def arguments_stay(f):
    """Error, layers and weights are afterwards what they were before."""
    W = [np.diag([3.0, -1.0]), np.diag([1.0, 2.0])]
    unchanged(f, np.array([[5.0, 7.0]]), forward(np.array([[1.0, 2.0]]), W, True), W, True)


def measured(arguments):
    """The gradients as complex steps measure them: through the sums that are above 0."""
    dout, layers, weights, skips = arguments
    gates = [layers[k] @ W > 0 for k, W in enumerate(weights)]
    slopes = [np.zeros(W.shape) for W in weights]
    for k, i, j in np.ndindex(len(weights), *weights[0].shape):
        moved = [W.astype(complex) for W in weights]
        moved[k][i, j] += 1e-30j
        h = layers[0].astype(complex)
        for W, gate in zip(moved, gates, strict=True):
            h = (h @ W) * gate + (h if skips else 0)
        slopes[k][i, j] = np.sum(dout * h.imag) / 1e-30
    return slopes


@exercise.check(points=2)
def random_stacks(f, rng):
    """Gives the gradients of all layers, plain and residual, as measured slopes have them."""
    for skips in rng.permutation([False, True]).tolist():
        for n, width, depth in [(5, 3, 3), (7, 4, 2), (3, 5, 4)]:
            arguments = task(rng, n, width, depth, skips)
            compare(f, arguments, measured(arguments))


@exercise.check(points=1, after=random_stacks)
def laws(f, rng):
    """Twice the error, twice the gradients; the gradients of a batch are those of its parts."""
    dout, layers, weights, skips = task(rng, 6, 3, 4)
    whole = sequence(f(dout, layers, weights, skips), 4, "the gradients")
    twice = sequence(f(2 * dout, layers, weights, skips), 4, "the gradients")
    parts = [
        sequence(f(dout[rows], [h[rows] for h in layers], weights, skips), 4, "the gradients")
        for rows in (slice(0, 2), slice(2, 6))
    ]
    for k in range(4):
        agree(twice[k], 2 * np.asarray(whole[k]), what=f"the gradient of layer {k + 1}")
        both = np.asarray(parts[0][k]) + np.asarray(parts[1][k])
        agree(whole[k], both, what=f"the gradient of layer {k + 1}")


@exercise.check(points=1, after=random_stacks)
def deep_and_shallow(f, rng):
    """Takes a single layer, a single example, and twenty layers."""
    for n, width, depth in [(1, 3, 1), (1, 2, 3), (3, 2, 20)]:
        arguments = task(rng, n, width, depth)
        compare(f, arguments, measured(arguments))


@exercise.check(points=1, after=random_stacks)
def at_zero(f, reference, rng):
    """Where a sum is exactly 0 no error passes; takes whole numbers; leaves all as it was."""
    x, W = rng.integers(-3, 4, size=(5, 3)), list(rng.integers(-2, 3, size=(2, 3, 3)))
    W[0][:, int(rng.integers(3))] = 0
    layers = forward(x, W, True)
    dout = rng.integers(1, 5, size=(5, 3))
    whole_numbers(f, reference, dout, layers, W, True)
    unchanged(f, *task(rng))


@exercise.variant
def from_the_outputs(dout, layers, weights, skips):
    grads = []
    for k in range(len(weights) - 1, -1, -1):
        inner = layers[k + 1] - layers[k] if skips else layers[k + 1]
        # What was added tells where the gate was open, but rounding may hide a tiny sum.
        gate = np.where(np.abs(inner) > 1e-9, inner > 0, layers[k] @ weights[k] > 0)
        passed = np.where(gate, dout, 0.0)
        grads.insert(0, np.einsum("ni,nj->ij", layers[k], passed))
        dout = np.einsum("nj,ij->ni", passed, weights[k]) + (dout if skips else 0.0)
    return tuple(grads)


@exercise.variant
def recursively(dout, layers, weights, skips):
    if not len(weights):
        return []
    below, W = layers[-2], weights[-1]
    passed = dout * np.heaviside(below @ W, 0)
    down = passed @ W.T + skips * dout
    return [*recursively(down, layers[:-1], weights[:-1], skips), below.T @ passed]


def _back(dout, layers, weights, skips, *, gate=None, around=None, to_weights=None, down=None):
    """The right way back, but for what is named."""
    grads = list(weights)
    for k in reversed(range(len(weights))):
        h, W = layers[k], weights[k]
        inner = dout * (gate(layers, k, W) if gate else (h @ W > 0))
        grads[k] = to_weights(h, inner, dout, layers, k) if to_weights else h.T @ inner
        straight = around(dout, inner, skips) if around else (dout if skips else 0)
        dout = (down(inner, W) if down else inner @ W.T) + straight
    return grads


@exercise.misconception
def way_around_forgotten(dout, layers, weights, skips):
    """The error goes down through the layers alone: it has a second way, around each of them."""
    return _back(dout, layers, weights, skips, around=lambda d, inner, s: 0)


@exercise.misconception
def only_the_way_around(dout, layers, weights, skips):
    """With ways around, the error goes around alone: through the layer it comes down as well."""
    if not skips:
        return _back(dout, layers, weights, skips)
    return _back(dout, layers, weights, skips, down=lambda inner, W: 0 * inner)


@exercise.misconception
def always_a_way_around(dout, layers, weights, skips):
    """The error goes around layers that have no way around them."""
    return _back(dout, layers, weights, skips, around=lambda d, inner, s: d)


@exercise.misconception
def around_behind_relu(dout, layers, weights, skips):
    """What goes around was cut by ReLU's gate: the way around passes no gate."""
    return _back(dout, layers, weights, skips, around=lambda d, inner, s: inner if s else 0)


@exercise.misconception
def gate_by_the_output(dout, layers, weights, skips):
    """The gate is read off the layer's output. With a way around that is not ReLU's sum."""
    return _back(dout, layers, weights, skips, gate=lambda hs, k, W: hs[k + 1] > 0)


@exercise.misconception
def gate_by_the_input(dout, layers, weights, skips):
    """The gate asks whether the layer's *input* is above 0. It is the sum h·W that counts."""
    return _back(dout, layers, weights, skips, gate=lambda hs, k, W: hs[k] > 0)


@exercise.misconception
def no_gate(dout, layers, weights, skips):
    """ReLU is forgotten: where its sum is not above 0, no error passes."""
    return _back(dout, layers, weights, skips, gate=lambda hs, k, W: 1.0)


@exercise.misconception
def output_instead_of_input(dout, layers, weights, skips):
    """The weights' gradient uses the layer's output: it needs what the layer was given."""
    return _back(
        dout, layers, weights, skips, to_weights=lambda h, inner, d, hs, k: hs[k + 1].T @ inner
    )


@exercise.misconception
def error_before_the_gate(dout, layers, weights, skips):
    """The weights' gradient uses the error before ReLU's gate: it must have passed it."""
    return _back(dout, layers, weights, skips, to_weights=lambda h, inner, d, hs, k: h.T @ d)


@exercise.misconception
def gradient_transposed(dout, layers, weights, skips):
    """The gradients are transposed. Here W is square, so that no shape complains."""
    return _back(dout, layers, weights, skips, to_weights=lambda h, inner, d, hs, k: inner.T @ h)


@exercise.misconception
def weights_not_transposed(dout, layers, weights, skips):
    """On the way down the weights must be transposed. W is square, so that nothing complains."""
    return _back(dout, layers, weights, skips, down=lambda inner, W: inner @ W)


@exercise.misconception(keeps=0.5)
def mean_over_the_batch(dout, layers, weights, skips):
    """The gradients are divided by the number of examples: the error holds that already."""
    return [grad / len(dout) for grad in _back(dout, layers, weights, skips)]


@exercise.misconception
def last_layer_first(dout, layers, weights, skips):
    """The gradients come in the order of going back: the first layer's should be first."""
    return _back(dout, layers, weights, skips)[::-1]


@exercise.misconception
def same_error_for_all(dout, layers, weights, skips):
    """Every layer gets the error at the top: it has to be carried down from layer to layer."""
    return [h.T @ (dout * (h @ W > 0)) for h, W in zip(layers, weights)]


@exercise.misconception(keeps=0.5)
def open_at_zero(dout, layers, weights, skips):
    """At a sum of exactly 0 the gate is open: the contract closes it there."""
    return _back(dout, layers, weights, skips, gate=lambda hs, k, W: hs[k] @ W >= 0)


@exercise.misconception
def the_way_around_reaches_the_weights(dout, layers, weights, skips):
    """Adds the way around to the weights' error too: it passes by the weights."""
    gradients = []
    for h, W in zip(layers[-2::-1], weights[::-1]):
        error = dout * (h @ W > 0)
        around = dout if skips else 0
        gradients.insert(0, h.T @ (error + around))
        dout = error @ W.T + around
    return gradients
