"""Curves that checks have approximated, and networks of one input as an answer gives them."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array, sequence
from autograder.judging.travel import travels


def wave(rng):
    """A smooth curve without symmetry, nowhere near 0 for long."""
    height, width, phase = rng.uniform(1, 3), rng.uniform(1.5, 3), rng.uniform(0, 6)
    level, bend = rng.uniform(2, 4), rng.uniform(-0.4, 0.4)
    return travels(
        lambda x: level + height * np.sin(width * np.asarray(x) + phase) + bend * np.asarray(x) ** 2
    )


def interval(rng):
    """Two ends, neither of them 0, and a length unlike 1."""
    a = float(rng.choice([-1, 1]) * rng.uniform(0.5, 2))
    return a, a + float(rng.uniform(1.5, 3))


def network(answer, what="the network"):
    """Weights and biases of an answer as arrays that fit together, or `Failed`."""
    weights, biases = sequence(answer, 2, "the result")
    for name, part in (("weights", weights), ("biases", biases)):
        if not isinstance(part, list | tuple) or not 0 < len(part) <= 50:
            raise Failed(f"the {name} must be a list, an array for each layer")
    if len(weights) != len(biases):
        raise Failed(f"{what} has {len(weights)} weights and {len(biases)} biases")
    layers, width = [], 1
    for i, (W, b) in enumerate(zip(weights, biases, strict=True), 1):
        W, b = as_array(W, f"W of layer {i}"), as_array(b, f"b of layer {i}")
        if W.ndim != 2 or W.shape[0] != width or b.shape != W.shape[1:] or W.shape[1] > 1000:
            wanted = f"expected ({width}, n) and (n,)"
            raise Failed(f"layer {i} has shapes {W.shape} and {b.shape}, {wanted}")
        if not all(a.dtype.kind in "biuf" and np.isfinite(a).all() for a in (W, b)):
            raise Failed(f"layer {i} must hold finite numbers")
        width = W.shape[1]
        layers.append((W.astype(float), b.astype(float)))
    if width != 1:
        raise Failed(f"{what} has {width} outputs, expected one")
    return layers


def has_units(layers, wanted):
    """Raise `Failed` unless the hidden layers have these sizes."""
    sizes = [len(b) for _, b in layers[:-1]]
    if sizes != wanted:
        raise Failed(f"the hidden layers have {sizes} units, expected {wanted}")


def outputs(layers, x):
    """What the network says at the places x."""
    h = np.asarray(x, dtype=float)[:, None]
    for W, b in layers[:-1]:
        h = np.maximum(h @ W + b, 0)
    W, b = layers[-1]
    return (h @ W + b)[:, 0]


def says(answer, sizes, x, expected, what, **tolerances):
    """Raise `Failed` unless this network of these hidden sizes has these outputs at x."""
    layers = network(answer)
    has_units(layers, sizes)
    agree(outputs(layers, x), expected, what=what, **tolerances)


def seen(f, calls, places):
    """What diagnosis looks at: sizes, and outputs at places, or why there are none."""
    found = []
    for call, x in zip(calls, places, strict=True):
        reply = f.reply(*call)
        if reply.error is not None:
            found.append({"raised": reply.error.kind})
            continue
        if reply.value is None:
            found.append({"value": None})
            continue
        try:
            layers = network(reply.value)
        except Failed as failure:
            found.append(failure.message[:40])
            continue
        found.append([[len(b) for _, b in layers[:-1]], np.round(outputs(layers, x), 6).tolist()])
    return found
