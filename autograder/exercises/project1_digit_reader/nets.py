"""Networks with one hidden layer, and rows of digits in disguise."""

from autograder.data import load_digits


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


def disguised_digits(rng, train=1200):
    """Digits to learn from and others to be read: pixels in another order, classes renamed.

    All images alike, so that they are as easy to learn; but weights that somebody knows by heart
    are of no use.
    """
    images, labels = load_digits()
    order, pixels, names = rng.permutation(len(images)), rng.permutation(64), rng.permutation(10)
    images, labels = images[order][:, pixels], names[labels[order]]
    return images[:train], labels[:train], images[train:], labels[train:]
