"""Weights of several layers, as the penalties take them: what checks and probes are drawn from."""


def weights(rng, size=1.0):
    """Three layers of different shapes: a matrix, a kernel and a vector; no weight is near 0."""
    return [filled(rng, shape, size) for shape in ((5, 3), (2, 3, 7), (3,))]


def filled(rng, shape, size=1.0):
    """Numbers of both signs between 0.2 and 2 times the size."""
    return size * rng.choice([-1.0, 1.0], size=shape) * rng.uniform(0.2, 2, size=shape)


def whole(rng):
    """Two layers of whole numbers of both signs, none of them 0."""
    return [rng.choice([-1, 1], size=s) * rng.integers(1, 10, size=s) for s in ((5, 3), 7)]


def step(rng, shape=(5, 3)):
    """Weights, the gradient of the data loss, a rate and a strength."""
    return filled(rng, shape), filled(rng, shape), rng.uniform(0.1, 0.5), rng.uniform(0.3, 0.9)
