"""Deep, and yet flat."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "Put the output of the first layer into the second, on paper, and multiply out. What "
        "multiplies x in the end? What is left over?",
        "Two layers become one; then that one and the third become one; and so on: a loop that "
        "carries W and b along.",
        r"$(xW_1 + b_1)W_2 + b_2 = x(W_1 W_2) + (b_1 W_2 + b_2)$.",
    ),
)


def layers(rng, *sizes):
    """Weights and biases of a stack of layers."""
    weights = [rng.normal(size=pair) / np.sqrt(pair[0]) for pair in zip(sizes, sizes[1:])]
    return weights, [rng.normal(size=n) for n in sizes[1:]]


@exercise.probe
def three_layers(rng):
    return layers(rng, 5, 7, 3, 2)


@exercise.probe
def two_layers(rng):
    return layers(rng, 2, 5, 3)


@exercise.probe
def one_layer(rng):
    return layers(rng, 5, 3)


@exercise.probe
def squares(rng):
    """All layers of one size: matrices in the wrong order raise no error."""
    return layers(rng, 3, 3, 3, 3)


def compare(f, arguments, expected, **tolerances):
    W, b = sequence(f(*arguments), 2, "the result")
    agree(W, expected[0], what="W", **tolerances)
    agree(b, expected[1], what="b", **tolerances)


@exercise.check
def single_numbers(f):
    """Times 2 plus 3, then times 5 plus 7: times 10 plus 22; then times 3 minus 1: 30 and 65."""
    weights = [np.array([[2.0]]), np.array([[5.0]]), np.array([[3.0]])]
    biases = [np.array([3.0]), np.array([7.0]), np.array([-1.0])]
    compare(f, (weights[:2], biases[:2]), (np.array([[10.0]]), np.array([22.0])))
    compare(f, (weights, biases), (np.array([[30.0]]), np.array([65.0])))


@exercise.check
def order_of_the_matrices(f):
    """Swap the inputs, then double the first: W is (0, 1), (2, 0); biases (1, 0), then (0, 5)."""
    weights = [np.array([[0.0, 1.0], [1.0, 0.0]]), np.array([[2.0, 0.0], [0.0, 1.0]])]
    biases = [np.array([1.0, 0.0]), np.array([0.0, 5.0])]
    compare(f, (weights, biases), (np.array([[0.0, 1.0], [2.0, 0.0]]), np.array([2.0, 5.0])))


@exercise.check
def layers_stay(f):
    """The lists and all that is in them are afterwards what they were before."""
    weights = [np.array([[0.0, 1.0], [1.0, 3.0]]), np.array([[2.0], [0.5]])]
    unchanged(f, weights, [np.array([1.0, 2.0]), np.array([3.0])])


@exercise.check(points=2)
def random_stacks(f, reference, rng):
    """Melts stacks of two, three and more layers, of equal and unequal sizes."""
    for sizes in [(5, 7, 3, 2), (2, 5, 3), (3, 3, 3, 3), (7, 2, 5, 3, 4, 6)]:
        arguments = layers(rng, *sizes)
        compare(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_stacks)
def computes_the_same(f, rng):
    """The one layer computes what ten layers compute, one after the other."""
    weights, biases = layers(rng, *[20] * 11)
    W, b = sequence(f(weights, biases), 2, "the result")
    x = rng.normal(size=(3, 20))
    out = x
    for V, c in zip(weights, biases, strict=True):
        out = out @ V + c
    agree(x @ np.asarray(W) + b, out, rtol=1e-9, atol=1e-9, what="what the one layer computes")


@exercise.check(points=1, after=random_stacks)
def edges(f, reference, rng):
    """Works for one layer, for layers of one unit, and for whole numbers."""
    for sizes in [(5, 3), (1, 1), (5, 1, 3), (1, 2, 1)]:
        arguments = layers(rng, *sizes)
        compare(f, arguments, reference(*arguments))
    weights, biases = layers(rng, 3, 2, 5)
    whole = [np.array([[1, 2], [0, -1], [3, 1]]), weights[1]], [np.array([1, -2]), biases[1]]
    whole_numbers(f, reference, *whole)


@exercise.check(points=1, after=random_stacks)
def leaves_inputs_alone(f, rng):
    """Leaves weights and biases as they were."""
    unchanged(f, *three_layers(rng))


@exercise.variant
def by_what_it_does(weights, biases):
    def through(x):
        for W, b in zip(weights, biases):
            x = x @ W + b
        return x

    nothing = through(np.zeros((1, len(weights[0]))))
    return through(np.eye(len(weights[0]))) - nothing, nothing[0]


@exercise.variant
def from_the_back(weights, biases):
    W, b = np.eye(weights[-1].shape[1]), np.zeros(weights[-1].shape[1])
    for V, c in zip(weights[::-1], biases[::-1]):
        b = b + c @ W
        W = V @ W
    return [W, b]


def _product(weights):
    W = weights[0]
    for V in weights[1:]:
        W = W @ V
    return W


def _bias(weights, biases):
    b = biases[0]
    for V, c in zip(weights[1:], biases[1:], strict=True):
        b = b @ V + c
    return b


@exercise.misconception(keeps=0.5)
def only_the_last_bias(weights, biases):
    """b is that of the last layer. The earlier ones are not lost: later weights carry them on."""
    return _product(weights), biases[-1] + 0


@exercise.misconception(keeps=0.5)
def biases_forgotten(weights, biases):
    """b is 0: the biases of the layers have been forgotten."""
    return _product(weights), 0 * biases[-1]


@exercise.misconception
def biases_added_up(weights, biases):
    """The biases are added as they are. All the later weights multiply what a layer adds."""
    if len({len(b) for b in biases}) > 1:
        return _product(weights), biases[-1] + sum(b.sum() for b in biases[:-1])
    return _product(weights), sum(biases)


@exercise.misconception
def bias_through_its_own_weights(weights, biases):
    """Each bias is multiplied by its own layer's weights, too. They have been passed by then."""
    b = biases[0] * 0
    for k, c in enumerate(biases):
        shift = np.resize(c, weights[k].shape[0]) @ weights[k]
        b = (b @ weights[k] if k else 0) + shift
    return _product(weights), b


@exercise.misconception
def matrices_in_reverse(weights, biases):
    """The matrices are multiplied in the wrong order: x meets the first layer first."""
    W = weights[0].T
    for V in weights[1:]:
        W = np.resize(W, (len(W), V.shape[1])) @ np.resize(V, (V.shape[1], V.shape[1]))
    if len({w.shape for w in weights}) == 1 and len(weights[0]) == weights[0].shape[1]:
        W = _product(weights[::-1])
    return np.resize(W, (len(weights[0]), weights[-1].shape[1])), _bias(weights, biases)


@exercise.misconception
def first_two_layers_only(weights, biases):
    """Only the first two layers are melted. Go on with what comes out of them."""
    return _product(weights[:2]), _bias(weights[:2], biases[:2])


@exercise.misconception
def without_the_first_bias(weights, biases):
    """The first layer's bias is missing: it goes through all the later weights as well."""
    return _product(weights), _bias(weights, [0 * biases[0], *biases[1:]])


@exercise.misconception
def weights_added(weights, biases):
    """The weights are added up. Layers that follow each other *multiply*."""
    shape = len(weights[0]), weights[-1].shape[1]
    return sum(np.resize(W, shape) for W in weights), _bias(weights, biases)


@exercise.misconception(keeps=0.5)
def weights_alone(weights, biases):
    """Only W comes back; b is wanted, too."""
    return _product(weights)


@exercise.misconception
def changes_the_first_layer(weights, biases):
    """The result is right, but the caller's biases are overwritten on the way."""
    W, b = _product(weights), _bias(weights, biases)
    biases[-1][...] = b
    return W, b


@exercise.misconception
def inner_biases_forgotten(weights, biases):
    """Only the first bias is carried through; each later layer adds its own."""
    W, b = weights[0], biases[0]
    for later in weights[1:]:
        W, b = W @ later, b @ later
    return W, b
