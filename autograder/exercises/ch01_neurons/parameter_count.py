"""How many numbers are there to learn?"""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=5,
    difficulty=1,
    hints=(
        "How many weights does *one* neuron of a layer have? How many biases?",
        "Go from layer to layer in pairs: the size before and the size after. The input layer "
        "computes nothing and has no parameters of its own.",
        r"$\sum_{l} (n_{l-1} \cdot n_l + n_l)$ over all the layers after the input.",
    ),
)


def sizes(rng, layers):
    return ([int(n) for n in rng.permutation(np.arange(2, 40))[:layers]],)


@exercise.probe
def three_layers(rng):
    return sizes(rng, 3)


@exercise.probe
def two_layers(rng):
    return sizes(rng, 2)


@exercise.probe
def five_layers(rng):
    return sizes(rng, 5)


@exercise.probe
def layers_of_one(rng):
    return ([1, 1, 1, 1],)


@exercise.check
def small_networks(f):
    """Three inputs and one neuron have 4 parameters; a 2-2-1 network has 9, a 3-5-2 network 32."""
    agree(f.many([([3, 1],), ([2, 2, 1],), ([3, 5, 2],)]), [4, 9, 32], what="the counts")


@exercise.check
def reads_digits(f):
    """The network 784-16-10 has 12,730 parameters, and 784-16-16-10 has 13,002."""
    agree(f.many([([784, 16, 10],), ([784, 16, 16, 10],)]), [12730, 13002], what="the counts")


@exercise.check
def sizes_stay(f):
    """The list of sizes is afterwards what it was before."""
    unchanged(f, [7, 5, 3])


@exercise.check(points=2)
def random_networks(f, reference, rng):
    """Counts the parameters of networks with two to six layers."""
    calls = [sizes(rng, n) for n in (2, 3, 4, 5, 6, 3)]
    calls = [calls[k] for k in rng.permutation(len(calls))]
    agree(f.many(calls), [reference(*call) for call in calls], what="the counts")


@exercise.check(points=1, after=random_networks)
def edges(f, rng):
    """Counts single neurons, chains of them, and networks with millions of weights exactly."""
    calls = {(1, 1): 2, (1, 1, 1, 1): 6, (1, 9): 18, (9, 1): 10, (123_457, 12_345): 1_524_089_010}
    order = rng.permutation(len(calls))
    pairs = [list(calls.items())[k] for k in order]
    counts = f.many([(list(layers),) for layers, _ in pairs])
    agree(counts, [count for _, count in pairs], rtol=0, atol=0.1, double=True, what="the counts")


@exercise.check(points=1, after=random_networks)
def laws(f, rng):
    """One input more costs one weight for each neuron that sees it; layers add up."""
    (layers,) = sizes(rng, 4)
    wider = [layers[0] + 1, *layers[1:]]
    parts = [(layers[k : k + 2],) for k in range(3)]
    counts = np.asarray(f.many([(layers,), (wider,), *parts]))
    agree(counts[1] - counts[0], layers[1], what="the cost of one input more")
    agree(counts[2:].sum(), counts[0], what="the sum over the layers")


@exercise.check(points=1, after=random_networks)
def leaves_the_list_alone(f, rng):
    """Leaves the list as it was, and says the same when asked again."""
    unchanged(f, *five_layers(rng))


@exercise.variant
def with_a_loop(sizes):
    total = 0
    for n_in, n_out in zip(sizes[:-1], sizes[1:]):
        total += (n_in + 1) * n_out
    return total


@exercise.variant
def by_making_them(sizes):
    inputs, total = sizes[0], 0
    for units in sizes[1:]:
        total, inputs = total + units * inputs + units, units
    return np.int64(total)


def _pairs(sizes):
    return list(zip(sizes[:-1], sizes[1:], strict=True))


@exercise.misconception(keeps=0.5)
def biases_forgotten(sizes):
    """Only the weights are counted. Each neuron has a bias as well."""
    return sum(n * m for n, m in _pairs(sizes))


@exercise.misconception(keeps=0.5)
def inputs_have_biases(sizes):
    """The inputs are given a bias each. They compute nothing."""
    return sum(n * m for n, m in _pairs(sizes)) + sum(sizes)


@exercise.misconception
def one_bias_per_layer(sizes):
    """Each layer is given one bias. Each *neuron* has its own."""
    return sum(n * m + 1 for n, m in _pairs(sizes))


@exercise.misconception
def biases_of_the_layer_before(sizes):
    """The biases are counted with the layer before: a bias belongs to the neuron that adds it."""
    return sum(n * m + n for n, m in _pairs(sizes))


@exercise.misconception
def output_without_biases(sizes):
    """The output neurons have no biases here. They are neurons like all others."""
    return sum(n * m + m for n, m in _pairs(sizes)) - sizes[-1]


@exercise.misconception
def first_layer_only(sizes):
    """Only the first layer of weights is counted."""
    return sizes[0] * sizes[1] + sizes[1]


@exercise.misconception
def everything_multiplied(sizes):
    """All sizes are multiplied. Only neighbouring layers are connected: add up over the pairs."""
    return int(np.prod(sizes)) + sum(sizes[1:])


@exercise.misconception
def all_pairs_of_layers(sizes):
    """Every layer is connected with all the later ones here. Connect each with the next only."""
    pairs = [(n, m) for k, n in enumerate(sizes) for m in sizes[k + 1 :]]
    return sum(n * m for n, m in pairs) + sum(sizes[1:])


@exercise.misconception
def neurons_counted(sizes):
    """These are the neurons. Each of them has many parameters."""
    return sum(sizes)


@exercise.misconception
def takes_the_list_apart(sizes):
    """The count is right, but the caller's list is used up."""
    total = 0
    while len(sizes) > 1:
        n = sizes.pop(0)
        total += n * sizes[0] + sizes[0]
    return total


@exercise.misconception
def every_layer_sees_the_input(sizes):
    """Connects every layer with the input: each layer sees the one before it."""
    return sum(sizes[0] * units + units for units in sizes[1:])


@exercise.misconception
def first_and_last_only(sizes):
    """Counts the first and the last step only, and none between."""
    return sizes[0] * sizes[1] + sizes[1] + sizes[-2] * sizes[-1] + sizes[-1]
