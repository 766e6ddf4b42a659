"""Losses with known gradients, and bugs planted in these."""

import numpy as np

from autograder.judging.travel import travels

EXAMPLES = np.array([[0.5, -1.0], [1.5, 0.25]])


@travels
def tiny_net(params, x=EXAMPLES):
    """Half the squared output of a two-layer net of tanh units on two fixed examples."""
    out = np.tanh(x @ params["W1"] + params["b1"]) @ params["W2"]
    return float(0.5 * np.vdot(out, out))


def tiny_gradients(params, x=EXAMPLES):
    W1, b1, W2 = params["W1"], params["b1"], params["W2"]
    hidden = np.tanh(x @ W1 + b1)
    out = hidden @ W2
    back = (out @ W2.T) * (1 - hidden**2)
    return {"W1": x.T @ back, "b1": back.sum(axis=0), "W2": hidden.T @ out}


def tiny_params(rng):
    """Where no slope is so close to 0 that rounding alone would exceed a relative 1e-6."""
    shapes = {"W1": (2, 3), "b1": (3,), "W2": (3, 2)}
    while True:
        params = {name: rng.normal(size=shape) for name, shape in shapes.items()}
        if all(np.abs(g).min() > 0.03 for g in tiny_gradients(params).values()):
            return params


def planted(rng, names, kind="value"):
    """A net's right gradients with a bug of one kind in each of the tensors called `names`."""
    params = tiny_params(rng)
    grads = tiny_gradients(params)
    for name in names:
        if kind == "value":
            grads[name] = grads[name].copy()
            grads[name].flat[-1] *= -1
        elif kind == "shape":
            grads[name] = grads[name].T.copy() if grads[name].ndim == 2 else grads[name][None]
        elif kind == "zeros":
            grads[name] = np.zeros_like(grads[name])
        else:
            grads[name] = grads[name].copy()
            grads[name].flat[-1] = np.nan
    return tiny_net, params, grads


def slightly_wrong(rng, **errors):
    """Right gradients but for one entry in each tensor named, which has that relative error."""
    loss, params, grads = planted(rng, [])
    for name, error in errors.items():
        grads[name] = grads[name].copy()
        largest = np.abs(grads[name]).argmax()
        grads[name].flat[largest] *= (1 + error) / (1 - error)
    return loss, params, grads


@travels
def plane(params):
    """A tilted plane: equal slopes along rows or columns, and none at all along `unused`."""
    slopes = {"shift": 0.7, "Wide": np.array([0.5, -1.2, 2.0]), "tall": np.array([[0.4], [-3.0]])}
    return float(sum(np.sum(slope * np.asarray(params[n])) for n, slope in slopes.items()))


def plane_gradients():
    rows, columns = np.array([[0.5, -1.2, 2.0]]), np.array([[0.4], [-3.0]])
    return {
        "unused": np.zeros(2),
        "tall": np.tile(columns, (1, 3)),
        "shift": np.full(3, 0.7),
        "Wide": np.tile(rows, (2, 1)),
    }
