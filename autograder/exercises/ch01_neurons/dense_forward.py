"""A whole layer at once."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=8,
    difficulty=2,
    core=True,
    hints=(
        "One neuron has a column of weights and a bias. What do several have, side by side?",
        "Make each example one row, however many axes it has: `reshape` works out one of the sizes "
        "itself if it is given as −1. Then one matrix product does it.",
        r"$\text{out}_{nj} = \sum_i x_{ni} W_{ij} + b_j$, with all features of example $n$ in one "
        "row; the cache holds x as it came, and W.",
    ),
)


def layer(rng, *shape, units):
    """Inputs of that shape and a layer of neurons for them."""
    features = int(np.prod(shape[1:]))
    return rng.normal(size=shape), rng.normal(size=(features, units)), rng.normal(size=units)


@exercise.probe
def seven_examples(rng):
    return layer(rng, 7, 5, units=3)


@exercise.probe
def square(rng):
    """As many inputs as units and examples: a transpose raises no error here."""
    return layer(rng, 3, 3, units=3)


@exercise.probe
def images(rng):
    return layer(rng, 5, 2, 3, units=4)


@exercise.probe
def one_image_in_colour(rng):
    return layer(rng, 1, 3, 2, 5, units=7)


def compare(f, arguments, expected, note=""):
    """Compare the outputs, then both parts of the cache."""
    out, cache = sequence(f(*arguments), 2, "the result")
    agree(out, expected[0], what=f"out{note}")
    x, W = sequence(cache, 2, "the cache")
    agree(x, expected[1][0], rtol=0, atol=0, what="x in the cache")
    agree(W, expected[1][1], rtol=0, atol=0, what="W in the cache")


@exercise.check
def two_neurons(f):
    """Weights (1, 0) and (10, 1), biases ½ and −1: (1, 2) gives (1.5, 11), and (3, 4) (3.5, 33)."""
    x, W = np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0, 10.0], [0.0, 1.0]])
    out = np.array([[1.5, 11.0], [3.5, 33.0]])
    compare(f, (x, W, np.array([0.5, -1.0])), (out, (x, W)))


@exercise.check
def an_image(f):
    """A 2 × 3 image is read row by row: weights 1, 10, …, 100000 spell its digits backwards."""
    x = np.array([[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]])
    W = 10.0 ** np.arange(6)[:, None]
    compare(f, (x, W, np.array([0.5])), (np.array([[654321.5]]), (x, W)))


@exercise.check
def inputs_stay(f):
    """x, W and b are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0]]), np.array([[1.0, 0.5, 3.0], [0.0, 1.0, 2.0]]), np.ones(3))


@exercise.check(points=2)
def outputs(f, reference, rng):
    """Gives the outputs of layers of several sizes, for examples that are rows."""
    for examples, features, units in [(7, 5, 3), (3, 7, 5), (4, 4, 4), (11, 2, 7)]:
        arguments = layer(rng, examples, features, units=units)
        out, _ = sequence(f(*arguments), 2, "the result")
        agree(out, reference(*arguments)[0], what="out")


@exercise.check(points=1, after=outputs)
def several_axes(f, reference, rng):
    """Flattens images, in colour or not, and keeps them as they were in the cache."""
    for shape, units in [((5, 2, 3), 4), ((2, 3, 5, 2), 7), ((3, 4, 4), 3)]:
        arguments = layer(rng, *shape, units=units)
        compare(f, arguments, reference(*arguments), " for images")


@exercise.check(points=1, after=outputs)
def cache(f, reference, rng):
    """The cache is x and W, in this order."""
    for examples, features, units in rng.permutation([(7, 5, 3), (3, 3, 3)]):
        arguments = layer(rng, int(examples), int(features), units=int(units))
        compare(f, arguments, reference(*arguments))


@exercise.check(points=1, after=outputs)
def edges(f, reference, rng):
    """Works for one example, one input, one unit, and whole numbers."""
    for shape, units in [((1, 5), 3), ((7, 1), 3), ((7, 5), 1), ((1, 1), 1)]:
        arguments = layer(rng, *shape, units=units)
        out, _ = sequence(f(*arguments), 2, "the result")
        agree(out, reference(*arguments)[0], what="out")
    x, W, b = rng.integers(0, 256, (5, 3)).astype(np.uint8), rng.normal(size=(3, 2)), np.ones(2)
    whole_numbers(f, reference, x, W, b, part=0)


@exercise.check(points=1, after=outputs)
def leaves_inputs_alone(f, rng):
    """Leaves inputs, weights and biases as they were, and so does the next call."""
    unchanged(f, *images(rng))
    x, W, b = seven_examples(rng)
    if np.shape(sequence(f(x, W, b), 2, "the result")[0]) != (7, 3):
        raise Failed("out should have one row per example and one column per unit")


@exercise.variant
def unit_by_unit(x, W, b):
    flat = np.array([np.ravel(example) for example in x])
    columns = [flat @ W[:, j] + b[j] for j in range(W.shape[1])]
    return np.stack(columns, axis=1), [x, W]


@exercise.variant
def with_einsum(x, W, b):
    rows = np.reshape(x, (x.shape[0], W.shape[0]))
    return np.einsum("ni,ij->nj", rows, W) + b[None, :], (x.copy(), W.copy())


def _rows(x):
    return x.reshape(len(x), -1)


@exercise.misconception(keeps=0.5)
def biases_forgotten(x, W, b):
    """b is never used."""
    return _rows(x) @ W, (x, W)


@exercise.misconception
def biases_subtracted(x, W, b):
    """The biases are subtracted, like thresholds. A bias is added."""
    return _rows(x) @ W - b, (x, W)


@exercise.misconception
def one_bias_for_all(x, W, b):
    """All units get the sum of the biases. Each unit has its own."""
    return _rows(x) @ W + b.sum(), (x, W)


@exercise.misconception
def weights_transposed(x, W, b):
    """W is used as if a *row* belonged to a unit. Here it is a column."""
    return np.resize(_rows(x) @ np.resize(W.T, W.shape), (len(x), len(b))) + b, (x, W)


@exercise.misconception(keeps=0.5)
def flattened_in_the_cache(x, W, b):
    """The outputs are right, but the cache holds the flattened x: its shape is lost."""
    return _rows(x) @ W + b, (_rows(x), W)


@exercise.misconception(keeps=0.5)
def cache_exchanged(x, W, b):
    """In the cache W comes first. It is x, then W."""
    return _rows(x) @ W + b, (W, x)


@exercise.misconception(keeps=0.5)
def nothing_kept(x, W, b):
    """Only the outputs come back; a cache is wanted, too."""
    return _rows(x) @ W + b


@exercise.misconception(keeps=0.5)
def biases_in_the_cache(x, W, b):
    """The cache has three parts: b is not needed on the way back."""
    return _rows(x) @ W + b, (x, W, b)


@exercise.misconception(keeps=0.5)
def columns_first(x, W, b):
    """Images are flattened column by column. NumPy's usual order is row by row."""
    return x.reshape(len(x), -1, order="F") @ W + b, (x, W)


@exercise.misconception
def with_a_sigmoid(x, W, b):
    """A sigmoid has been applied. This layer only adds up; the bend comes afterwards."""
    return np.exp(-np.logaddexp(0, -(_rows(x) @ W + b))), (x, W)


@exercise.misconception
def averages_the_inputs(x, W, b):
    """The weighted inputs are averaged. They are added."""
    return _rows(x) @ W / len(W) + b, (x, W)


@exercise.misconception
def overwrites_the_weights(x, W, b):
    """The outputs are right, but W is changed on the way, and its owner still needs it."""
    W[0] += 1
    out = _rows(x) @ W + b - _rows(x)[:, :1]
    return out, (x, W)


@exercise.misconception
def weights_lie_the_other_way(x, W, b):
    """Multiplies with W transposed: W has a row per input and a column per unit."""
    return x.reshape(len(x), -1) @ W.T + b, (x, W)
