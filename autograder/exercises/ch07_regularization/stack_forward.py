"""Fifty-six layers in three lines."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    hints=(
        "What does the first layer get, and what the second?",
        "Keep a list that begins with x; each layer looks at its last entry and adds one.",
        "inner = max(h·W, 0); with skips the new entry is the sum of h and inner.",
    ),
)


def network(rng, n=5, width=3, depth=4):
    """Inputs and the weights of a stack that neither dies nor explodes."""
    size = np.sqrt(2 / width)
    return rng.normal(size=(n, width)), list(size * rng.normal(size=(depth, width, width)))


@exercise.probe
def plain(rng):
    return *network(rng), False


@exercise.probe
def with_skips(rng):
    return *network(rng, 7, 2), True


@exercise.probe
def one_layer(rng):
    return *network(rng, 2, 5, 1), True


@exercise.probe
def one_plain_layer(rng):
    return *network(rng, 2, 5, 1), False


def compare(f, x, weights, skips):
    got = sequence(f(x, weights, skips), len(weights) + 1, "the layers")
    expected = [x]
    for k, W in enumerate(weights, 1):
        sums = np.einsum("nd,de->ne", expected[-1], W)
        inner = (sums + np.abs(sums)) / 2
        expected.append(inner + expected[-1] * skips)
        agree(got[k], expected[k], what=f"the output of layer {k}")
    agree(got[0], x, what="the first entry")


TWO = [np.array([[3.0, 0.0], [0.0, -1.0]]), np.array([[0.0, 1.0], [2.0, 0.0]])]


@exercise.check
def a_plain_stack(f):
    """(1, 2) through diag(3, −1) is (3, 0); through ((0, 1), (2, 0)) then (0, 3)."""
    got = sequence(f(np.array([[1.0, 2.0]]), TWO, False), 3, "the layers")
    for k, expected in enumerate(([[1.0, 2.0]], [[3.0, 0.0]], [[0.0, 3.0]])):
        agree(got[k], expected, what=f"entry {k}")


@exercise.check
def a_residual_stack(f):
    """With ways around, (1, 2) becomes (4, 2), and then (4, 2) + (4, 4) = (8, 6)."""
    got = sequence(f(np.array([[1.0, 2.0]]), TWO, True), 3, "the layers")
    for k, expected in enumerate(([[1.0, 2.0]], [[4.0, 2.0]], [[8.0, 6.0]])):
        agree(got[k], expected, what=f"entry {k}")


@exercise.check
def a_way_around_negative_numbers(f):
    """A layer of zeros with a way around leaves (1, −2) what it is; a plain one leaves (0, 0)."""
    x, nothing = np.array([[1.0, -2.0]]), [np.zeros((2, 2))]
    agree(sequence(f(x, nothing, True), 2)[1], x, what="the output with a way around")
    agree(sequence(f(x, nothing, False), 2)[1], 0 * x, what="the output without")


@exercise.check
def arguments_stay(f):
    """Inputs and weights are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0]]), TWO, True)


@exercise.check(points=2)
def random_stacks(f, rng):
    """Gives all outputs of plain and residual stacks of several sizes."""
    for skips in rng.permutation([False, True]).tolist():
        for n, width, depth in [(5, 3, 4), (7, 2, 9), (3, 5, 2)]:
            compare(f, *network(rng, n, width, depth), skips)


@exercise.check(points=1, after=random_stacks)
def odd_stacks(f, reference, rng):
    """Takes a single layer and a single example, and whole numbers; leaves all as it was."""
    for skips in (True, False):
        compare(f, *network(rng, 1, 3, 1), skips)
        x, W = rng.integers(-5, 6, size=(4, 3)), 0.5 * rng.integers(-5, 6, size=(2, 3, 3))
        whole_numbers(f, reference, x, list(W), skips, part=1)
        unchanged(f, *network(rng), skips)


@exercise.variant
def layer_upon_layer(x, weights, skips):
    outputs = (x,)
    for number in range(len(weights)):
        below = outputs[number]
        above = below @ weights[number]
        above = np.where(above > 0, above, 0.0)
        outputs += (above + below,) if skips else (above,)
    return outputs


@exercise.variant
def recursively(x, weights, skips):
    if len(weights) == 0:
        return [x]
    step = np.clip(np.dot(x, weights[0]), 0, None) + np.multiply(x, 1 if skips else 0)
    return [x, *recursively(step, weights[1:], skips)]


def _run(x, weights, skips, layer):
    layers = [x]
    for W in weights:
        layers.append(layer(layers[-1], W, skips))
    return layers


@exercise.misconception
def skips_ignored(x, weights, skips):
    """The way around is never taken."""
    return _run(x, weights, skips, lambda h, W, _: np.maximum(h @ W, 0))


@exercise.misconception
def always_skips(x, weights, skips):
    """The way around is always there, asked for or not."""
    return _run(x, weights, skips, lambda h, W, _: h + np.maximum(h @ W, 0))


@exercise.misconception
def relu_after_the_sum(x, weights, skips):
    """ReLU is applied to the sum: then what goes around loses its negative half as well."""
    return _run(x, weights, skips, lambda h, W, s: np.maximum(h @ W + (h if s else 0), 0))


@exercise.misconception
def relu_forgotten(x, weights, skips):
    """There is no ReLU: the whole stack is a single linear layer."""
    return _run(x, weights, skips, lambda h, W, s: h @ W + (h if s else 0))


@exercise.misconception
def skips_back_to_the_input(x, weights, skips):
    """Each layer adds the *network's* input. It is to add what it was given itself."""
    return _run(x, weights, skips, lambda h, W, s: np.maximum(h @ W, 0) + (x if s else 0))


@exercise.misconception
def weights_transposed(x, weights, skips):
    """The weights are transposed: a row of h meets the columns of W."""
    return _run(x, weights, skips, lambda h, W, s: np.maximum(h @ W.T, 0) + (h if s else 0))


@exercise.misconception
def every_layer_sees_the_input(x, weights, skips):
    """Every layer is given x. Only the first is; the next gets the one before it."""
    layers = [x]
    for W in weights:
        layers.append(np.maximum(x @ W, 0) + (x if skips else 0))
    return layers


@exercise.misconception(keeps=0.5)
def input_left_out(x, weights, skips):
    """The list lacks x, with which it should begin: going back will need it."""
    return _run(x, weights, skips, lambda h, W, s: np.maximum(h @ W, 0) + (h if s else 0))[1:]


@exercise.misconception
def only_the_last_output(x, weights, skips):
    """This is the last output alone: the outputs of all layers are needed."""
    return _run(x, weights, skips, lambda h, W, s: np.maximum(h @ W, 0) + (h if s else 0))[-1]


@exercise.misconception
def no_relu_on_top(x, weights, skips):
    """The last layer has no ReLU: all layers here are alike."""
    layers = [x]
    for i, W in enumerate(weights):
        z = layers[-1] @ W
        z = z if i == len(weights) - 1 else np.maximum(z, 0)
        layers.append((layers[-1] if skips else 0) + z)
    return layers


def _into_one_array(h, weights, skips):
    layers = [h]
    for W in weights:
        inner = np.maximum(h @ W, 0)
        if skips:
            h += inner
        else:
            h = inner
        layers.append(h)
    return layers


@exercise.misconception
def adds_into_the_input(x, weights, skips):
    """`+=` changes x itself, and each entry of the list is that same array. Make new ones."""
    return _into_one_array(x, weights, skips)


@exercise.misconception
def every_entry_is_the_same_array(x, weights, skips):
    """`+=` makes no new array: all entries of the list are one and the same, the last output."""
    return _into_one_array(x.copy(), weights, skips)
