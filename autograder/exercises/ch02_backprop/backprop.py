"""Back-propagation through a whole network."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees
from reference_impl.backprop import (
    forward_pass,
    half_mse,
    hidden_error,
    layer_gradients,
    output_error,
    sigmoid,
    sigmoid_derivative,
)

exercise = Exercise(
    __name__,
    minutes=30,
    difficulty=4,
    core=True,
    needs=("forward_pass", "output_error", "hidden_error", "layer_gradients"),
    hints=(
        "Which layer's error do you know first, and which one can you get from it?",
        "Start with the output error, then walk back; layer l's weights meet activations[l].",
        "From layer l + 1 to layer l: δ passes back through the weights of l + 1 and is "
        "scaled with σ'(z_l).",
    ),
)


def network(rng, sizes, examples):
    """A batch and a sigmoid net with the given layer sizes."""
    weights = [rng.normal(size=pair) for pair in zip(sizes, sizes[1:], strict=False)]
    biases = [rng.normal(size=size) for size in sizes[1:]]
    y = rng.uniform(0.1, 0.9, size=(examples, sizes[-1]))
    return rng.normal(size=(examples, sizes[0])), y, weights, biases


@exercise.probe
def three_layers(rng):
    return network(rng, (4, 5, 3, 2), 7)


@exercise.probe
def two_layers_one_example(rng):
    return network(rng, (3, 5, 2), 1)


@exercise.probe
def equal_widths(rng):
    """All layers equally wide: shapes can no longer reveal a swap."""
    return network(rng, (3, 3, 3, 3), 5)


@exercise.probe
def saturated(rng):
    """Hidden and output neurons whose |z| is around 800."""
    x, y, weights, biases = network(rng, (3, 5, 4, 2), 3)
    biases[0][:2] = biases[1][:2] = biases[2][:] = 800.0, -800.0
    return x, y, weights, biases


@exercise.check
def worked_example(f):
    """For one weight w = 0, bias 0, input 2 and target 1, dw = −¼ and db = −⅛."""
    one = np.array([[0.0]])
    weights, biases = f(np.array([[2.0]]), np.array([[1.0]]), [one], [np.array([0.0])])
    agree([weights, biases], [[np.array([[-0.25]])], [np.array([-0.125])]], what="the gradients")


@exercise.check
def two_examples(f):
    """A batch is averaged: inputs 2 and 4 with target 1, at w = 0, give dw = −⅜ and db = −⅛."""
    x, one = np.array([[2.0], [4.0]]), np.array([[0.0]])
    weights, biases = f(x, np.ones((2, 1)), [one], [np.array([0.0])])
    agree([weights, biases], [[np.array([[-0.375]])], [np.array([-0.125])]], what="the gradients")


@exercise.check
def back_through_two_layers(f):
    """Input 2 and weights 0 and 2 with a ½ in each neuron: target 1 gives dw1 = −⅛, dw2 = −1/16."""
    W, b = [np.array([[0.0]]), np.array([[2.0]])], [np.array([0.0]), np.array([-1.0])]
    weights, biases = f(np.array([[2.0]]), np.array([[1.0]]), W, b)
    agree(weights, [np.array([[-0.125]]), np.array([[-0.0625]])], what="the weight gradients")
    agree(biases, [np.array([-0.0625]), np.array([-0.125])], what="the bias gradients")


@exercise.check
def flat_far_out(f):
    """Where the sigmoid is flat (z = ±800) all gradients are 0, not NaN."""
    x, y = np.array([[1.0], [-1.0]]), np.array([[0.5], [0.5]])
    weights, biases = f(x, y, [np.array([[800.0]])], [np.array([0.0])])
    agree([weights, biases], [[np.zeros((1, 1))], [np.zeros(1)]], what="the gradients")


@exercise.check
def shapes(f, rng):
    """Returns two lists, with one gradient per layer, each shaped like its parameter."""
    x, y, weights, biases = three_layers(rng)
    found = sequence(f(x, y, weights, biases), 2, "the result")
    for name, gradients, params in zip(("weight", "bias"), found, (weights, biases), strict=True):
        got = [np.shape(g) for g in sequence(gradients, len(params), f"the {name} gradients")]
        expected = [p.shape for p in params]
        if got != expected:
            raise Failed(f"the {name} gradients have shapes {got}, expected {expected}")


@exercise.check(points=2)
def right_on_random_networks(f, reference, rng):
    """Gives the right gradients for nets of one to six layers, of several widths and batches."""
    for sizes, examples in [((4, 5, 3, 2), 7), ((3, 2), 5), ((2, 3, 5, 4, 7), 3),
                            ((3, 3, 3, 3), 3), ((4, 2, 2, 3), 29),
                            ((3, 2, 4, 2, 3, 2, 5), 2)]:  # fmt: skip
        arguments = network(rng, sizes, examples)
        agree(f(*arguments), reference(*arguments), what="the result")
    x, y, *params = network(rng, (3, 5, 2), 5)
    far = x, 1e4 * y, *params  # where slopes that are measured, not derived, are too coarse
    agree(f(*far), reference(*far), what="with far targets, the result")


@exercise.check(points=1, after=right_on_random_networks)
def batch_of_one(f, reference, rng):
    """Works for a batch of one, and for layers of one neuron."""
    for sizes, examples in [((3, 5, 2), 1), ((4, 3, 3, 2), 1)]:
        arguments = network(rng, sizes, examples)
        agree(f(*arguments), reference(*arguments), what="the result for a batch of one")
    arguments = network(rng, (4, 1, 1, 3), 29)
    agree(f(*arguments), reference(*arguments), what="the result with layers of one neuron")


@exercise.check(points=1, after=right_on_random_networks)
def whole_numbers_count(f, reference, rng):
    """Takes whole numbers in x and y for what they are, and rounds no gradient."""
    x, y, *params = network(rng, (3, 5, 2), 5)
    counts, flags = rng.integers(-3, 4, size=x.shape), rng.integers(0, 2, size=y.shape)
    whole_numbers(f, reference, counts, flags, *params)


@exercise.check(points=1, after=right_on_random_networks)
def agrees_with_measured_slopes(f, rng):
    """Agrees with slopes measured on the loss, in every layer's weights and biases."""
    x, y, weights, biases = network(rng, (3, 5, 4, 2), 3)
    found = f(x, y, weights, biases)
    for layer in range(3):
        for part, params in enumerate((weights, biases)):

            def loss(p, layer=layer, part=part):
                moved = [list(weights), list(biases)]
                moved[part][layer] = p
                return half_mse(forward_pass(x, *moved)[1][-1], y)

            what = f"{('dW', 'db')[part]} of layer {layer + 1}"
            gradient_agrees(found[part][layer], loss, params[layer], what=what)


@exercise.check(points=1, after=right_on_random_networks)
def saturated_neurons(f, reference, rng):
    """Stays finite and right when neurons are deep in saturation (|z| around 800)."""
    arguments = saturated(rng)
    agree(f(*arguments), reference(*arguments), what="the result")


@exercise.check(points=1, after=right_on_random_networks)
def a_batch_is_an_average(f, rng):
    """The gradient of a batch is the average of the gradients of its parts."""
    x, y, weights, biases = network(rng, (4, 5, 3, 2), 8)
    pairs = [f(x[n : n + 2], y[n : n + 2], weights, biases) for n in range(0, len(x), 2)]
    for part in range(2):
        mean = [np.mean([p[part][layer] for p in pairs], axis=0) for layer in range(3)]
        agree(f(x, y, weights, biases)[part], mean, what="the gradient of the batch")


@exercise.check(points=1, after=right_on_random_networks)
def leaves_inputs_alone(f, rng):
    """Leaves the batch, the weights and the biases as they were."""
    unchanged(f, *three_layers(rng))


@exercise.variant
def on_its_own(x, y, weights, biases):
    activations = [x]
    for W, b in zip(weights, biases, strict=True):
        activations.append(1 / (1 + np.exp(-(activations[-1] @ W + b))))
    out = activations[-1]
    delta = (out - y) * out * (1 - out) / x.shape[0]
    dWs, dbs = [], []
    for layer in reversed(range(len(weights))):
        a = activations[layer]
        dWs.insert(0, np.einsum("ni,nj->ij", a, delta))
        dbs.insert(0, np.ones(len(x)) @ delta)
        delta = delta @ weights[layer].T * a * (1 - a)
    return dWs, dbs


@exercise.variant
def recursive_tuples(x, y, weights, biases):
    def below(a, layer):
        if layer == len(weights):
            return (a - y) / len(x), (), ()
        out = sigmoid(a @ weights[layer] + biases[layer])
        upstream, dWs, dbs = below(out, layer + 1)
        delta = upstream * out * (1 - out)
        return delta @ weights[layer].T, (a.T @ delta, *dWs), (delta.sum(0), *dbs)

    return below(x, 0)[1:]


@exercise.variant
def sum_over_examples(x, y, weights, biases):
    total_W, total_b = [0.0 * W for W in weights], [0.0 * b for b in biases]
    for n in range(len(x)):
        zs, activations = forward_pass(x[n : n + 1], weights, biases)
        delta = output_error(activations[-1], y[n : n + 1], zs[-1])
        for layer in range(len(weights) - 1, -1, -1):
            total_W[layer] += np.outer(activations[layer][0], delta[0]) / len(x)
            total_b[layer] += delta[0] / len(x)
            if layer:
                delta = hidden_error(delta, weights[layer], zs[layer - 1])
    return total_W, total_b


def _walk(x, y, weights, biases, *, scale=None, slope=None, back=None, order=1, a_shift=0):
    """Back-propagation with one thing exchanged; the misconceptions below say which."""
    zs, activations = forward_pass(x, weights, biases)
    slope = slope or (lambda z, a: sigmoid_derivative(z))
    back = back or (lambda delta, W: delta @ W.T)
    delta = (activations[-1] - y) * slope(zs[-1], activations[-1]) / (scale or len(x))
    dWs, dbs = [], []
    for layer in range(len(weights) - 1, -1, -1):
        dWs.insert(0, activations[layer + a_shift].T @ delta)
        dbs.insert(0, delta.sum(axis=0))
        if layer:
            delta = back(delta, weights[layer]) * slope(zs[layer - 1], activations[layer])
    return dWs[::order], dbs[::order]


@exercise.misconception(keeps=0.5)
def forgets_to_average(x, y, weights, biases):
    """The loss is an average over the batch, and so is its gradient: a factor 1/N is missing."""
    return _walk(x, y, weights, biases, scale=1.0)


@exercise.misconception
def no_slope_of_the_activation(x, y, weights, biases):
    """On the way back every layer multiplies by σ′(z); here the error passes through unchanged."""
    return _walk(x, y, weights, biases, slope=lambda z, a: 1.0)


@exercise.misconception
def slope_at_the_activation(x, y, weights, biases):
    """σ′ is taken at a = σ(z) instead of at z: the sigmoid has been applied twice."""
    return _walk(x, y, weights, biases, slope=lambda z, a: sigmoid_derivative(a))


@exercise.misconception(keeps=0.5)
def averages_twice(x, y, weights, biases):
    """The output error already holds the 1/N; dividing again makes learning N times slower."""
    dWs, dbs = _walk(x, y, weights, biases)
    return [dW / len(x) for dW in dWs], [db / len(x) for db in dbs]


@exercise.misconception
def lists_from_the_back(x, y, weights, biases):
    """The gradients come in the order of the walk, last layer first. Return them in layer order."""
    return _walk(x, y, weights, biases, order=-1)


@exercise.misconception
def only_the_last_layer(x, y, weights, biases):
    """Only the last layer gets a gradient: the walk back never happens."""
    dWs, dbs = _walk(x, y, weights, biases)
    return [0 * d for d in dWs[:-1]] + dWs[-1:], [0 * d for d in dbs[:-1]] + dbs[-1:]


@exercise.misconception(keeps=0.5)
def mean_for_the_biases(x, y, weights, biases):
    """The bias gradient *sums* the errors over the batch; their 1/N is inside delta already."""
    dWs, dbs = _walk(x, y, weights, biases)
    return dWs, [db / len(x) for db in dbs]


@exercise.misconception
def weights_not_transposed(x, y, weights, biases):
    """Going back needs the transpose of W; without it shapes clash, or nothing warns you at all."""
    return _walk(x, y, weights, biases, back=lambda delta, W: delta @ W)


@exercise.misconception
def activation_of_the_same_layer(x, y, weights, biases):
    """A weight meets the activation that goes *into* its layer, not the one that comes out."""
    return _walk(x, y, weights, biases, a_shift=1)


@exercise.misconception
def forgets_the_output_slope(x, y, weights, biases):
    """The output layer has a sigmoid as well: its σ′(z) belongs into the first error."""
    zs, activations = forward_pass(x, weights, biases)
    delta = (activations[-1] - y) / len(x)
    dWs, dbs = [], []
    for layer in range(len(weights) - 1, -1, -1):
        dW, db = layer_gradients(activations[layer], delta)
        dWs, dbs = [dW, *dWs], [db, *dbs]
        if layer:
            delta = hidden_error(delta, weights[layer], zs[layer - 1])
    return dWs, dbs


@exercise.misconception
def slope_overflows(x, y, weights, biases):
    """This formula of σ′ has exp(−z) on both sides of the bar: ∞/∞ is NaN. Use σ(z)·(1 − σ(z))."""
    return _walk(x, y, weights, biases, slope=lambda z, a: np.exp(-z) / (1 + np.exp(-z)) ** 2)


@exercise.misconception
def no_slope_in_the_hidden_layers(x, y, weights, biases):
    """The output error has its σ′(z), the hidden errors have none: every layer needs one."""
    slopes = iter([sigmoid_derivative])  # the output layer asks first
    return _walk(x, y, weights, biases, slope=lambda z, a: next(slopes, np.ones_like)(z))
