"""Seven fine-tuning steps: the bug hunt's suspects.

Each gets a batch, its labels, the network, how many layers learn (counted from the head) and a
rate, and returns the network after one step. Six are wrong, each silent on lazy inputs.
"""

import numpy as np

__all__ = ["logistic", "probabilities"] + [f"suspect_{letter}" for letter in "abcdefg"]


def logistic(z):
    return (1 + np.tanh(z / 2)) / 2


def probabilities(scores):
    powers = np.exp(scores - scores.max(axis=1, keepdims=True))
    return powers / powers.sum(axis=1, keepdims=True)


def suspect_a(x, labels, weights, biases, trained, rate):
    acts = [x]
    for i in range(len(weights) - 1):
        acts.append(logistic(acts[i] @ weights[i] + biases[i]))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    error = (p - np.eye(p.shape[1])[labels]) / len(x)
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(len(weights))):
        if i < trained:
            new_W[i], new_b[i] = (
                weights[i] - rate * acts[i].T @ error,
                biases[i] - rate * error.sum(axis=0),
            )
        error = (error @ weights[i].T) * acts[i] * (1 - acts[i])
    return new_W, new_b


def suspect_b(x, labels, weights, biases, trained, rate):
    acts = [x]
    for i in range(len(weights) - 1):
        acts.append(logistic(acts[i] @ weights[i] + biases[i]))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    error = p - np.eye(p.shape[1])[labels]
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(len(weights) - trained, len(weights))):
        new_W[i], new_b[i] = (
            weights[i] - rate * acts[i].T @ error,
            biases[i] - rate * error.sum(axis=0),
        )
        error = (error @ weights[i].T) * acts[i] * (1 - acts[i])
    return new_W, new_b


def suspect_c(x, labels, weights, biases, trained, rate):
    frozen, acts = len(weights) - trained, [x]
    for i in range(len(weights) - 1):
        shift = 0 if i < frozen else biases[i]
        acts.append(logistic(acts[i] @ weights[i] + shift))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    error = (p - np.eye(p.shape[1])[labels]) / len(x)
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(frozen, len(weights))):
        new_W[i], new_b[i] = (
            weights[i] - rate * acts[i].T @ error,
            biases[i] - rate * error.sum(axis=0),
        )
        error = (error @ weights[i].T) * acts[i] * (1 - acts[i])
    return new_W, new_b


def suspect_d(x, labels, weights, biases, trained, rate):
    acts = [x]
    for i in range(len(weights) - 1):
        acts.append(logistic(acts[i] @ weights[i] + biases[i]))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    error = (p - np.eye(p.shape[1])[labels]) / len(x)
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(len(weights) - trained, len(weights))):
        new_W[i], new_b[i] = (
            weights[i] - rate * acts[i].T @ error,
            biases[i] - rate * error.sum(axis=0),
        )
        error = error @ weights[i].T
    return new_W, new_b


def suspect_e(x, labels, weights, biases, trained, rate):
    acts = [x]
    for i in range(len(weights) - 1):
        acts.append(logistic(acts[i] @ weights[i] + biases[i]))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    error = (p - np.eye(p.shape[1])[labels]) / len(x)
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(len(weights) - trained, len(weights))):
        new_W[i], new_b[i] = (
            weights[i] - rate * acts[i].T @ error,
            biases[i] - rate * error.sum(axis=0),
        )
        error = (error @ weights[i].T) * acts[i] * (1 - acts[i])
    return new_W, new_b


def suspect_f(x, labels, weights, biases, trained, rate):
    acts = [x]
    for i in range(len(weights) - 1):
        acts.append(logistic(acts[i] @ weights[i] + biases[i]))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    seen = np.isin(np.arange(p.shape[1]), labels)
    error = seen * (p - np.eye(p.shape[1])[labels]) / len(x)
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(len(weights) - trained, len(weights))):
        new_W[i], new_b[i] = (
            weights[i] - rate * acts[i].T @ error,
            biases[i] - rate * error.sum(axis=0),
        )
        error = (error @ weights[i].T) * acts[i] * (1 - acts[i])
    return new_W, new_b


def suspect_g(x, labels, weights, biases, trained, rate):
    acts = [x]
    for i in range(len(weights) - 1):
        acts.append(logistic(acts[i] @ weights[i] + biases[i]))
    p = probabilities(acts[-1] @ weights[-1] + biases[-1])
    error = (p - np.eye(p.shape[1])[labels]) / len(x)
    new_W, new_b = list(weights), list(biases)
    for i in reversed(range(len(weights) - trained, len(weights))):
        new_W[i], new_b[i] = (
            weights[i] - rate * acts[i].T @ error,
            biases[i] - rate * error.sum(axis=0),
        )
        error = (error @ new_W[i].T) * acts[i] * (1 - acts[i])
    return new_W, new_b
