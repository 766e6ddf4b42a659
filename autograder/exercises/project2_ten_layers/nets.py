"""Deep networks as dicts, with layers of several sizes."""


def deep_net(rng, sizes=(5, 4, 6, 3), classes=3):
    """Parameters of a network with these sizes; none of them is at a special value."""
    net = {}
    for k, (n_in, n_out) in enumerate(zip(sizes[:-1], sizes[1:], strict=True), 1):
        net[f"W{k}"] = rng.normal(size=(n_in, n_out))
        net[f"gamma{k}"] = rng.uniform(0.5, 1.5, n_out) * rng.choice([-1, 1], n_out)
        net[f"beta{k}"] = rng.normal(size=n_out)
    net["W_out"], net["b_out"] = rng.normal(size=(sizes[-1], classes)), rng.normal(size=classes)
    return net


def task(rng, sizes=(5, 4, 6, 3), classes=3, examples=11):
    """Images, labels, and a network for them."""
    images, labels = rng.normal(size=(examples, sizes[0])), rng.integers(0, classes, size=examples)
    return images, labels, deep_net(rng, sizes, classes)
