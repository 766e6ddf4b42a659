"""The training that the last exercise's configuration is put to: shown in the notebook as it is.

A plain network (64 pixels, 50 ReLU, 10 scores) and plain gradient descent on random batches, with
a budget: so many examples may be looked at, then it is over.
"""

import numpy as np

__all__ = ["share_read_right", "train_on_budget"]


def train_on_budget(configuration, x, labels, rng, budget=12_000):
    """Train with a configuration until `budget` examples have been looked at."""
    rate, penalty = configuration["rate"], configuration["penalty"]
    batch, scale = int(configuration["batch"]), configuration["scale"]
    W1, b1 = scale * rng.normal(size=(x.shape[1], 50)), np.zeros(50)
    W2, b2 = scale * rng.normal(size=(50, 10)), np.zeros(10)
    targets = np.eye(10)[labels]
    with np.errstate(all="ignore"):
        for rows in rng.integers(len(x), size=(budget // batch, batch)):
            seen = x[rows]
            hidden = np.maximum(seen @ W1 + b1, 0)
            scores = hidden @ W2 + b2
            p = np.exp(scores - scores.max(axis=1, keepdims=True))
            p /= p.sum(axis=1, keepdims=True)
            d2 = (p - targets[rows]) / batch
            d1 = d2 @ W2.T * (hidden > 0)
            W2 = W2 - rate * (hidden.T @ d2 + penalty * W2)
            W1 = W1 - rate * (seen.T @ d1 + penalty * W1)
            b2, b1 = b2 - rate * d2.sum(axis=0), b1 - rate * d1.sum(axis=0)
    return W1, b1, W2, b2


def share_read_right(params, x, labels):
    """The share of digits that trained parameters read right."""
    W1, b1, W2, b2 = params
    with np.errstate(all="ignore"):
        scores = np.maximum(x @ W1 + b1, 0) @ W2 + b2
    return float(np.mean(scores.argmax(axis=1) == labels))
