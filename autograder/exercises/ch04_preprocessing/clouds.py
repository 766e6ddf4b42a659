"""Clouds of data for probes: features in units of their own, correlated, far from zero."""

import numpy as np


def cloud(rng, examples, features, unit=1.0):
    """Correlated features with means and spreads of their own."""
    mixed = rng.uniform(-1.7, 1.7, (examples, features)) @ turn(rng, features)
    mixed = mixed + rng.uniform(-1, 1, (examples, 1))  # what all features have in common
    return unit * (rng.normal(3, 4, features) + mixed * rng.uniform(0.5, 3, features))


def turn(rng, size):
    """A random orthonormal matrix."""
    return np.linalg.qr(rng.normal(size=(size, size)))[0]


def spectrum(rng, examples, variances):
    """A cloud with these variances, N below, along random directions; which are given, too."""
    size = len(variances)
    noise = rng.normal(size=(examples, size))
    columns = np.linalg.qr(noise - noise.mean(axis=0))[0]
    axes = turn(rng, size)
    x = np.sqrt(examples) * columns * np.sqrt(variances) @ axes.T
    return x + rng.normal(2, 3, size), axes


def labelled(rng, counts, features, apart=2.0):
    """Classes of these sizes, shuffled, with means of their own and one common shape."""
    labels = rng.permutation(np.repeat(rng.permutation(20)[: len(counts)], counts))
    means = rng.normal(0, apart, (20, features))
    shape = turn(rng, features) * rng.uniform(0.5, 2, features)
    return 2 + means[labels] + rng.normal(size=(len(labels), features)) @ shape, labels
