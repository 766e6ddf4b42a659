"""Small classifiers and their examples, for probes and worked examples."""

import numpy as np

LN3 = np.log(3.0)
"""The sigmoid of ln 3 is ¾, that of −ln 3 is ¼."""


def network(rng, sizes, examples):
    """A batch and layers of the given sizes; no bias is 0."""
    weights = [rng.normal(size=pair) for pair in zip(sizes, sizes[1:], strict=False)]
    biases = [rng.normal(size=size) for size in sizes[1:]]
    return rng.normal(size=(examples, sizes[0])), weights, biases


def labelled(rng, sizes, examples):
    """The same with a label for each example."""
    x, weights, biases = network(rng, sizes, examples)
    return x, rng.integers(sizes[-1], size=examples), weights, biases


def one_unit_each():
    """A hidden unit that says ¾ to an input of 1, and a head with scores (0, 0): p = (½, ½)."""
    weights = [np.array([[LN3]]), np.array([[1.0, 1.0]])]
    return weights, [np.array([0.0]), np.array([-0.75, -0.75])]
