"""Seven backward passes of one sigmoid layer, out = σ(a_prev @ W + b): the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def sigmoid_derivative(z):
    return sigmoid(z) * sigmoid(-z)


def suspect_a(dout, a_prev, W, z):
    delta = dout * sigmoid_derivative(z)
    return delta @ W.T, a_prev.T @ delta, delta.mean(axis=0)


def suspect_b(dout, a_prev, W, z):
    slope = sigmoid_derivative(z)
    return (dout @ W.T) * slope, a_prev.T @ (dout * slope), (dout * slope).sum(axis=0)


def suspect_c(dout, a_prev, W, z):
    delta = dout * sigmoid_derivative(a_prev @ W)
    return delta @ W.T, a_prev.T @ delta, delta.sum(axis=0)


def suspect_d(dout, a_prev, W, z):
    delta = dout * sigmoid_derivative(z)
    return delta @ W, a_prev.T @ delta, delta.sum(axis=0)


def suspect_e(dout, a_prev, W, z):
    delta = dout * sigmoid(z) * sigmoid(-z)
    dW = np.einsum("ni,nj->ij", a_prev, delta)
    return np.einsum("nj,ij->ni", delta, W), dW, np.ones(len(z)) @ delta


def suspect_f(dout, a_prev, W, z):
    delta = dout.mean(axis=1, keepdims=True) * sigmoid_derivative(z)
    return delta @ W.T, a_prev.T @ delta, delta.sum(axis=0)


def suspect_g(dout, a_prev, W, z):
    delta = dout * sigmoid_derivative(z)
    db = delta.sum(axis=0)
    return delta @ W.T, np.outer(a_prev.mean(axis=0), db), db
