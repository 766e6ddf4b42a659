"""Seven steps with weight decay for a layer: the bug hunt's suspects.

Each returns the new weights and biases of a layer, given both, the gradients of the data loss, the
rate and the strength λ. Six are wrong, each silent on lazy inputs.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(W, b, dW, db, rate, strength):
    shrink = 1 - rate * strength
    return shrink * W - rate * dW, shrink * b - rate * db


def suspect_b(W, b, dW, db, rate, strength):
    return (1 - strength) * W - rate * dW, b - rate * db


def suspect_c(W, b, dW, db, rate, strength):
    penalty = W / np.maximum(np.linalg.norm(W), 1e-12)
    return W - rate * (dW + strength * penalty), b - rate * db


def suspect_d(W, b, dW, db, rate, strength):
    stepped = W - rate * dW
    return stepped - rate * strength * stepped, b - rate * db


def suspect_e(W, b, dW, db, rate, strength):
    return W - rate * (dW + strength * W / len(W)), b - rate * db


def suspect_f(W, b, dW, db, rate, strength):
    total = dW + strength * W
    return W - rate * total, b - rate * db


def suspect_g(W, b, dW, db, rate, strength):
    return W - rate * (dW + strength * np.abs(W)), b - rate * db
