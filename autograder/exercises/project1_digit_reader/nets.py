"""Networks with one hidden layer."""


def small_net(rng, sizes=(5, 4, 3), examples=7):
    """A batch with labels, and parameters; none of them is at a special value."""
    n_in, hidden, classes = sizes
    images, labels = rng.normal(size=(examples, n_in)), rng.integers(0, classes, size=examples)
    params = {
        "W1": rng.normal(size=(n_in, hidden)),
        "b1": rng.normal(size=hidden),
        "W2": rng.normal(size=(hidden, classes)),
        "b2": rng.normal(size=classes),
    }
    return images, labels, params
