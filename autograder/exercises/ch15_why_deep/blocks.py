"""Residual blocks for probes: all sizes differ, no weight is at a special value."""


def block(rng, examples, width, hidden):
    """x, W1, b1, W2, b2."""
    x = rng.normal(0.3, 1.2, size=(examples, width))
    W1, W2 = rng.normal(size=(width, hidden)), rng.normal(size=(hidden, width))
    return x, W1, rng.normal(0.4, 0.5, hidden), W2, rng.normal(-0.6, 0.5, width)


def passed(rng, examples, width, hidden):
    """An upstream gradient, and what the way forward kept: x, h, W1, W2."""
    x, W1, b1, W2, _ = block(rng, examples, width, hidden)
    z = x @ W1 + b1
    return rng.normal(0.4, 1, size=x.shape), (x, z * (z > 0), W1, W2)
