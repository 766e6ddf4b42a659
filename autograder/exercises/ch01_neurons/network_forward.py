"""From layer to layer."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "What does a layer get as its input: x, or what the layer before has put out?",
        "Two lists grow along the way. The activations begin with x, so they are one longer.",
        r"$a^0 = x$; then for each layer $z^l = a^{l-1} W^l + b^l$ and $a^l = f(z^l)$, also for "
        "the last one.",
    ),
)


def network(rng, examples, *sizes):
    """A batch, and layers of these sizes with weights and biases."""
    weights = [rng.normal(size=pair) for pair in zip(sizes, sizes[1:])]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    return rng.normal(size=(examples, sizes[0])), weights, biases


def squashed(z):
    return np.tanh(z)


def bent(z):
    return np.maximum(z, 0.2 * z)


def parabola(z):
    return 0.1 * z**2 + 1


def of_all_examples(z):
    """Looks at the whole batch, so that rows one by one are something else."""
    return z - z.mean(axis=0)


@exercise.probe
def three_layers(rng):
    return (*network(rng, 5, 3, 7, 2, 4), squashed)


@exercise.probe
def two_layers(rng):
    return (*network(rng, 7, 2, 5, 3), parabola)


@exercise.probe
def one_layer(rng):
    return (*network(rng, 3, 5, 2), bent)


@exercise.probe
def a_function_of_the_whole_batch(rng):
    return (*network(rng, 5, 3, 2, 4), of_all_examples)


@exercise.probe
def all_of_one_size(rng):
    return (*network(rng, 3, 3, 3, 3), parabola)


def compare(f, arguments, expected):
    """Compare both lists, entry by entry."""
    parts = sequence(f(*arguments), 2, "the result")
    for name, got, wanted in zip(("zs", "activations"), parts, expected, strict=True):
        for k, (entry, right) in enumerate(zip(sequence(got, len(wanted), name), wanted)):
            agree(entry, right, what=f"{name}[{k}]")


@exercise.check
def chain_of_two(f):
    """1·2 + 3 = 5, squared 25; 25·4 − 90 = 10, squared 100: zs 5, 10; activations 1, 25, 100."""
    arguments = np.array([[1.0]]), [np.array([[2.0]]), np.array([[4.0]])]
    biases = [np.array([3.0]), np.array([-90.0])]
    expected = [np.array([[v]]) for v in (5.0, 10.0)], [np.array([[v]]) for v in (1.0, 25.0, 100.0)]
    compare(f, (*arguments, biases, np.square), expected)


@exercise.check
def two_examples(f):
    """Rows (1, 2) and (0, −1): weights (1, 0), (1, 3), biases (0, 1) give z (3, 7) and (−1, −2)."""
    x, W = np.array([[1.0, 2.0], [0.0, -1.0]]), np.array([[1.0, 0.0], [1.0, 3.0]])
    z = np.array([[3.0, 7.0], [-1.0, -2.0]])
    compare(f, (x, [W], [np.array([0.0, 1.0])], np.abs), ([z], [x, np.abs(z)]))


@exercise.check
def inputs_stay(f):
    """x and the layers are afterwards what they were before."""
    x, weights, biases = network(np.random.default_rng(0), 3, 2, 5, 3)
    unchanged(f, x, weights, biases, np.tanh)


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Gives everything on the way, for networks of several depths and activations."""
    cases = [((5, 3, 7, 2, 4), np.tanh), ((3, 2, 5, 3), np.sin), ((4, 3, 3, 3), np.arctan)]
    for k in rng.permutation(len(cases)):
        sizes, activation = cases[k]
        arguments = (*network(rng, *sizes), activation)
        compare(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_networks)
def any_activation(f, reference, rng):
    """Uses the function that is handed in, whatever it is."""
    for k in rng.permutation(4):
        arguments = (*network(rng, 5, 3, 7, 2), (squashed, bent, parabola, of_all_examples)[k])
        compare(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_networks)
def edges(f, reference, rng):
    """Works for one example, one layer, layers of one unit, and whole numbers."""
    for sizes in [(1, 5, 3, 2), (7, 5, 3), (5, 1, 1, 1), (1, 1, 1)]:
        arguments = (*network(rng, *sizes), np.tanh)
        compare(f, arguments, reference(*arguments))
    x, weights, biases = network(rng, 5, 3, 2, 4)
    whole_numbers(f, reference, rng.integers(-3, 4, size=x.shape), weights, biases, np.tanh, part=0)


@exercise.check(points=1, after=random_networks)
def leaves_inputs_alone(f, rng):
    """Leaves x, weights and biases as they were."""
    x, weights, biases, _ = three_layers(rng)
    unchanged(f, x, weights, biases, np.tanh)
    if len(sequence(f(x, weights, biases, np.tanh), 2)[1]) != 4:
        raise Failed("three layers have four activations, the input among them")


@exercise.variant
def recursively(x, weights, biases, activation):
    if not weights:
        return [], [x]
    z = x @ weights[0] + biases[0]
    zs, activations = recursively(activation(z), weights[1:], biases[1:], activation)
    return [z, *zs], [x, *activations]


@exercise.variant
def by_number(x, weights, biases, activation):
    depth = len(weights)
    zs, activations = [None] * depth, [x] + [None] * depth
    for k in range(depth):
        zs[k] = np.einsum("ni,ij->nj", activations[k], weights[k]) + biases[k][None]
        activations[k + 1] = activation(zs[k])
    return tuple(zs), tuple(activations)


def _forward(x, weights, biases, activation, *, bent_last=True, keep_x=True):
    a, zs, activations = x, [], [x] if keep_x else []
    for k, (W, b) in enumerate(zip(weights, biases)):
        z = a @ W + b
        a = activation(z) if bent_last or k < len(weights) - 1 else z
        zs.append(z)
        activations.append(a)
    return zs, activations


@exercise.misconception(keeps=0.5)
def biases_forgotten(x, weights, biases, activation):
    """The biases are never used."""
    return _forward(x, weights, [0 * b for b in biases], activation)


@exercise.misconception
def linear_all_the_way(x, weights, biases, activation):
    """The next layer is fed z. It should get what the activation has made of it."""
    zs, _ = _forward(x, weights, biases, lambda z: z)
    return zs, [x, *(activation(z) for z in zs)]


@exercise.misconception(keeps=0.5)
def last_layer_stays_linear(x, weights, biases, activation):
    """The last layer has no activation here. The contract wants it in every layer."""
    return _forward(x, weights, biases, activation, bent_last=False)


@exercise.misconception(keeps=0.5)
def input_left_out(x, weights, biases, activation):
    """The activations begin with the first layer. They should begin with x."""
    return _forward(x, weights, biases, activation, keep_x=False)


@exercise.misconception
def same_input_for_all_layers(x, weights, biases, activation):
    """Every layer is fed x. Each one gets what the layer before it has put out."""
    zs = [np.resize(x, (len(x), len(W))) @ W + b for W, b in zip(weights, biases)]
    return zs, [x, *(activation(z) for z in zs)]


@exercise.misconception
def always_tanh(x, weights, biases, activation):
    """The activation is tanh, whatever function is handed in."""
    return _forward(x, weights, biases, np.tanh)


@exercise.misconception
def input_is_bent_too(x, weights, biases, activation):
    """x goes through the activation before the first layer. It enters as it is."""
    zs, activations = _forward(activation(x), weights, biases, activation)
    return zs, [x, *activations[1:]]


@exercise.misconception(keeps=0.5)
def lists_exchanged(x, weights, biases, activation):
    """The two lists come in the wrong order: first zs, then activations."""
    return _forward(x, weights, biases, activation)[::-1]


@exercise.misconception
def only_the_output(x, weights, biases, activation):
    """Only the last output comes back. Everything on the way is wanted."""
    return _forward(x, weights, biases, activation)[1][-1]


@exercise.misconception
def biases_after_the_activation(x, weights, biases, activation):
    """The bias is added after the activation. It belongs into z."""
    a, zs, activations = x, [], [x]
    for W, b in zip(weights, biases):
        zs.append(a @ W)
        a = activation(zs[-1]) + b
        activations.append(a)
    return zs, activations


@exercise.misconception
def overwrites_the_weights(x, weights, biases, activation):
    """The values are right, but the caller's weights are changed on the way."""
    found = _forward(x, weights, biases, activation)
    for W in weights:
        W *= 2
    return found


@exercise.misconception
def a_sigmoid_whatever_is_handed_in(x, weights, biases, activation):
    """Uses a sigmoid, whatever `activation` is: call the function that is handed in."""
    zs, activations = [], [x]
    for W, b in zip(weights, biases):
        zs.append(activations[-1] @ W + b)
        activations.append(1 / (1 + np.exp(-zs[-1])))
    return zs, activations


@exercise.misconception
def the_input_is_squashed_too(x, weights, biases, activation):
    """The input goes through the activation as well; layer 0 is x as it is."""
    zs, activations = [], [activation(x)]
    for W, b in zip(weights, biases):
        zs.append(activations[-1] @ W + b)
        activations.append(activation(zs[-1]))
    return zs, activations


@exercise.misconception
def zs_are_activations(x, weights, biases, activation):
    """The list of zs holds what comes after the activation: note z before it is squashed."""
    zs, activations = [], [x]
    for W, b in zip(weights, biases):
        activations.append(activation(activations[-1] @ W + b))
        zs.append(activations[-1])
    return zs, activations


@exercise.misconception
def activation_row_by_row(x, weights, biases, activation):
    """`activation` is called for one example at a time. Hand it z as a whole: it may need all."""
    return _forward(x, weights, biases, lambda z: np.array([activation(row) for row in z]))
