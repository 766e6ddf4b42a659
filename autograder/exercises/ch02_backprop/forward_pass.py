"""Forward through a network."""

import itertools

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from reference_impl.backprop import sigmoid

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=2,
    core=True,
    hints=(
        "What does a layer need from the layer before it, and what will the way back need?",
        "Two lists: one gets z = a @ W + b, the other a = σ(z). Which of them begins with x?",
        "z_l = a_{l−1} @ W_l + b_l and a_l = σ(z_l), with a_0 = x.",
    ),
)


def network(rng, sizes, examples):
    """A batch, and weights and biases for layers of these sizes; no bias is near 0."""
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    biases = [rng.choice([-1, 1], size=n) * rng.uniform(0.5, 2, size=n) for n in sizes[1:]]
    return rng.normal(size=(examples, sizes[0])), weights, biases


@exercise.probe
def three_layers(rng):
    return network(rng, (5, 7, 2, 3), 11)


@exercise.probe
def one_layer_one_example(rng):
    return network(rng, (3, 5), 1)


@exercise.probe
def equal_widths(rng):
    """All layers equally wide: shapes can no longer reveal a transpose."""
    return network(rng, (3, 3, 3), 3)


@exercise.probe
def saturated(rng):
    """Inputs so large, and of either sign, that exp(z) overflows."""
    x, weights, biases = network(rng, (2, 5, 3), 7)
    return 1e4 * np.vstack([x, -x]), weights, biases


@exercise.check
def worked_example(f):
    """From 1 through a weight ln 3 and then 4·a − 3: activations 1, ¾ and ½."""
    weights, biases = [np.array([[np.log(3)]]), np.array([[4.0]])], [np.zeros(1), np.array([-3.0])]
    zs, activations = sequence(f(np.array([[1.0]]), weights, biases), 2, "the result")
    agree(zs, [np.array([[np.log(3)]]), np.array([[0.0]])], what="zs")
    agree(activations, [np.array([[a]]) for a in (1.0, 0.75, 0.5)], what="activations")


@exercise.check
def shapes(f, rng):
    """Returns one z for each layer, and one activation more, because the input counts as well."""
    found = sequence(f(*three_layers(rng)), 2, "the result")
    for name, part, widths in zip(
        ("zs", "activations"), found, ((7, 2, 3), (5, 7, 2, 3)), strict=True
    ):
        got = [np.shape(a) for a in sequence(part, len(widths), name)]
        expected = [(11, width) for width in widths]
        if got != expected:
            raise Failed(f"the shapes in {name} are {got}, expected {expected}")


@exercise.check
def leaves_the_lists_alone(f):
    """The caller's batch, weights and biases are the same afterwards."""
    weights, biases = [np.array([[2.0], [1.0]]), np.array([[4.0]])], [np.ones(1), np.ones(1)]
    unchanged(f, np.array([[1.0, -1.0]]), weights, biases)


SIZES = (
    ((5, 7, 2, 3), 29), ((3, 3, 3), 3), ((2, 3, 5, 7, 4), 5), ((3, 2), 5), ((1, 4, 2), 7),
    ((2, 3, 2, 4, 2, 3, 2), 2),
)  # fmt: skip


@exercise.check(points=2)
def pre_activations(f, reference, rng):
    """Gives every layer's z in nets of one to six layers, for batches of several sizes."""
    for sizes, examples in SIZES:
        arguments = network(rng, sizes, examples)
        zs, _ = sequence(f(*arguments), 2, "the result")
        agree(zs, reference(*arguments)[0], what="zs")


@exercise.check(points=1)
def activations(f, reference, rng):
    """Gives the activations of every layer, with the input as the first of them."""
    for sizes, examples in SIZES:
        arguments = network(rng, sizes, examples)
        _, found = sequence(f(*arguments), 2, "the result")
        agree(found, reference(*arguments)[1], what="activations")


@exercise.check(points=1, after=(pre_activations, activations))
def examples_stay_apart(f, rng):
    """Each example passes through the net as if the others were not there, in whatever order."""
    x, weights, biases = three_layers(rng)
    output = np.asarray(f(x, weights, biases)[1][-1])
    parts = [f(part, weights, biases)[1][-1] for part in (x[:2], x[2:5], x[5:])]
    agree(output, np.concatenate(parts), what="the output of the batch")
    order = rng.permutation(len(x))
    agree(f(x[order], weights, biases)[1][-1], output[order], what="the output after reordering")


@exercise.check(points=1, after=(pre_activations, activations))
def batch_of_one(f, reference, rng):
    """Works for a batch of one."""
    for sizes in [(2, 3, 5, 7, 4), (3, 5)]:
        arguments = network(rng, sizes, 1)
        agree(f(*arguments), reference(*arguments), what="the result for a batch of one")


@exercise.check(points=1, after=(pre_activations, activations))
def whole_numbers_count(f, reference, rng):
    """Takes an x of whole numbers for what it is, and rounds no z and no activation."""
    x, weights, biases = three_layers(rng)
    whole_numbers(f, reference, rng.integers(-3, 4, size=x.shape), weights, biases)


@exercise.check(points=1, after=(pre_activations, activations))
def saturation(f, reference, rng):
    """Huge sums saturate at 0 or 1 and never give NaN."""
    arguments = saturated(rng)
    agree(f(*arguments), reference(*arguments), what="the result")


@exercise.check(points=1, after=(pre_activations, activations))
def leaves_inputs_alone(f, rng):
    """Leaves the batch, the weights and the biases as they were."""
    unchanged(f, *three_layers(rng))


@exercise.variant
def by_index(x, weights, biases):
    depth = len(weights)
    zs = [x] * depth
    activations = [x.copy()] * (depth + 1)
    for layer in range(depth):
        zs[layer] = np.einsum("ni,ij->nj", activations[layer], weights[layer]) + biases[layer]
        activations[layer + 1] = 0.5 * (1 + np.tanh(zs[layer] / 2))
    return zs, activations


@exercise.variant
def recursive_tuples(x, weights, biases):
    if not weights:
        return (), (x,)
    z = np.dot(x, weights[0]) + biases[0]
    zs, activations = recursive_tuples(sigmoid(z), weights[1:], biases[1:])
    return (z, *zs), (x, *activations)


@exercise.variant
def biases_as_one_more_weight(x, weights, biases):
    zs, activations = [], [x]
    for W, b in zip(weights, biases, strict=True):
        extended = np.hstack([activations[-1], np.ones((len(x), 1))])
        zs.append(extended @ np.vstack([W, b]))
        activations.append(1 / (1 + np.exp(-zs[-1])))
    return zs, activations


def _forward(x, weights, biases, layer=lambda a, W, b: a @ W + b, squash=None):
    """A forward pass with one thing exchanged; `squash` also learns how many layers are left."""
    squash = squash or (lambda z, left: sigmoid(z))
    zs, activations = [], [x]
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        zs.append(layer(activations[-1], W, b))
        activations.append(squash(zs[-1], len(weights) - 1 - i))
    return zs, activations


@exercise.misconception
def forgets_the_bias(x, weights, biases):
    """The biases are never added."""
    return _forward(x, weights, biases, lambda a, W, b: a @ W)


@exercise.misconception
def subtracts_the_bias(x, weights, biases):
    """The bias is subtracted, like a threshold. A bias is added."""
    return _forward(x, weights, biases, lambda a, W, b: a @ W - b)


@exercise.misconception
def bias_after_the_sigmoid(x, weights, biases):
    """The bias is added after the sigmoid. It belongs to z, inside."""
    zs, activations = [], [x]
    for W, b in zip(weights, biases, strict=True):
        zs.append(activations[-1] @ W)
        activations.append(sigmoid(zs[-1]) + b)
    return zs, activations


@exercise.misconception
def weights_transposed(x, weights, biases):
    """Here W has one row per input and one column per output; you use it the other way round."""
    return _forward(x, weights, biases, lambda a, W, b: a @ W.T + b)


@exercise.misconception
def no_sigmoid_at_the_output(x, weights, biases):
    """The last layer has a sigmoid as well: its activation is still the bare z."""
    return _forward(x, weights, biases, squash=lambda z, left: sigmoid(z) if left else z)


@exercise.misconception
def sigmoid_only_at_the_output(x, weights, biases):
    """Without a sigmoid in between, all layers collapse into a single linear one."""
    return _forward(x, weights, biases, squash=lambda z, left: z if left else sigmoid(z))


@exercise.misconception
def no_sigmoid_at_all(x, weights, biases):
    """No layer squashes its z, so that the whole network is one linear map."""
    return _forward(x, weights, biases, squash=lambda z, left: z)


@exercise.misconception
def softmax_at_the_output(x, weights, biases):
    """The last layer has a softmax. In this network every layer has a sigmoid."""

    def squash(z, left):
        powers = np.exp(z - z.max(axis=1, keepdims=True))
        return sigmoid(z) if left else powers / powers.sum(axis=1, keepdims=True)

    return _forward(x, weights, biases, squash=squash)


@exercise.misconception
def tanh_instead_of_sigmoid(x, weights, biases):
    """These activations reach below 0: that is tanh. Here every layer has a sigmoid."""
    return _forward(x, weights, biases, squash=lambda z, left: np.tanh(z))


@exercise.misconception
def relu_instead_of_sigmoid(x, weights, biases):
    """These activations are cut off at 0 and open above: that is ReLU, not the sigmoid."""
    return _forward(x, weights, biases, squash=lambda z, left: np.maximum(z, 0))


@exercise.misconception
def sigmoid_twice(x, weights, biases):
    """The sigmoid is applied twice: activations never leave the range from 0.5 to 0.73."""
    return _forward(x, weights, biases, squash=lambda z, left: sigmoid(sigmoid(z)))


@exercise.misconception
def exponential_of_the_wrong_sign(x, weights, biases):
    """The sigmoid falls where it should rise: look at the sign inside exp."""
    return _forward(x, weights, biases, squash=lambda z, left: sigmoid(-z))


@exercise.misconception
def z_fed_forward(x, weights, biases):
    """The next layer is fed z instead of a = σ(z): the sigmoids are stored, but never used."""
    z, zs, activations = x, [], [x]
    for W, b in zip(weights, biases, strict=True):
        z = z @ W + b
        zs.append(z)
        activations.append(sigmoid(z))
    return zs, activations


@exercise.misconception
def zs_hold_the_activations(x, weights, biases):
    """zs holds values after the sigmoid. The way back needs z as it was *before* it."""
    _, activations = _forward(x, weights, biases)
    return activations[1:], activations


@exercise.misconception
def input_is_missing(x, weights, biases):
    """The activations begin with the first hidden layer. The input is the activation of layer 0."""
    zs, activations = _forward(x, weights, biases)
    return zs, activations[1:]


@exercise.misconception(keeps=0.5)
def activations_come_first(x, weights, biases):
    """The two lists come in the wrong order: first zs, then activations."""
    return _forward(x, weights, biases)[::-1]


@exercise.misconception
def last_layer_is_missing(x, weights, biases):
    """The loop ends one layer too early."""
    return _forward(x, weights[:-1], biases[:-1])


@exercise.misconception
def only_the_output(x, weights, biases):
    """These are the last layer's values only. The way back will need those of every layer."""
    zs, activations = _forward(x, weights, biases)
    return zs[-1], activations[-1]


@exercise.misconception
def overflows(x, weights, biases):
    """exp(z)/(1 + exp(z)) is ∞/∞ for large z. Use the given `sigmoid`, which cannot overflow."""
    return _forward(x, weights, biases, squash=lambda z, left: np.exp(z) / (1 + np.exp(z)))


@exercise.misconception
def uses_up_the_lists(x, weights, biases):
    """The result is right, but the caller's lists are empty afterwards. Read them, do not pop."""
    zs, activations = [], [x]
    while weights:
        zs.append(activations[-1] @ weights.pop(0) + biases.pop(0))
        activations.append(sigmoid(zs[-1]))
    return zs, activations
