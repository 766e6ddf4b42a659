"""Networks as lists of layers, of several shapes."""


def images_of(rng, examples=5, channels=2, size=5):
    """A batch of images."""
    return rng.normal(size=(examples, channels, size, size))


def conv(rng, channels, filters, size=3, stride=1, padding=0):
    """A layer of filters."""
    W = rng.normal(size=(filters, channels, size, size)) / size
    facts = {"kind": "conv", "W": W, "b": rng.normal(size=filters)}
    return {**facts, "stride": stride, "padding": padding}


def dense(rng, n_in, n_out):
    """A dense layer."""
    return {"kind": "dense", "W": rng.normal(size=(n_in, n_out)), "b": rng.normal(size=n_out)}


RELU, FLATTEN = {"kind": "relu"}, {"kind": "flatten"}


def small_net(rng, classes=3):
    """Two layers of filters and a dense one, for images of 2 × 5 × 5."""
    first, second = conv(rng, 2, 3, 3, 1, 1), conv(rng, 3, 4, 3, 2, 0)
    return [first, RELU, second, RELU, FLATTEN, dense(rng, 16, classes)]


def plain_net(rng, classes=3):
    """Dense layers alone, for images of 2 × 5 × 5."""
    return [FLATTEN, dense(rng, 50, 7), RELU, dense(rng, 7, classes)]


def wide_net(rng, classes=4):
    """One layer of filters with a rim of zeros, without a ReLU."""
    return [conv(rng, 2, 3, 2, 2, 1), FLATTEN, dense(rng, 27, classes)]
