"""Seven ways to go once through the examples: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(x, labels, w, b, rate):
    mistakes = 0
    for point, label in zip(x, labels):
        error = label - int(point @ w + b > 0)
        w, b = w + rate * error * point, b + error
        mistakes += error != 0
    return w, b, mistakes


def suspect_b(x, labels, w, b, rate):
    said = (x @ w + b > 0).astype(int)
    errors = labels - said
    return w + rate * errors @ x, b + rate * errors.sum(), np.sum(errors != 0)


def suspect_c(x, labels, w, b, rate):
    mistakes = 0
    for point, label in zip(x, labels):
        if label == 1 and point @ w + b <= 0:
            w, b, mistakes = w + rate * point, b + rate, mistakes + 1
        elif label == 0 and point @ w + b >= 0:
            w, b, mistakes = w - rate * point, b - rate, mistakes + 1
    return w, b, mistakes


def suspect_d(x, labels, w, b, rate):
    mistakes = 0
    for point, label in zip(x, labels):
        if label == 1 and not point @ w + b > 0:
            w, b, mistakes = w + rate * point, b + rate, mistakes + 1
        if label == 0 and point @ w + b > 0:
            w, b, mistakes = w - rate * point, b - rate, mistakes + 1
    return w, b, mistakes


def suspect_e(x, labels, w, b, rate):
    mistakes = 0
    for point, label in zip(x, labels):
        push = 2 * label - 1
        if push * (point @ w) + b <= 0:
            w, b, mistakes = w + rate * push * point, b + rate * push, mistakes + 1
    return w, b, mistakes


def suspect_f(x, labels, w, b, rate):
    mistakes = 0
    for point, label in zip(x, labels):
        error = label - int(point @ w + b > 0)
        w, b = w + rate * error * np.sign(point), b + rate * error
        mistakes += error != 0
    return w, b, mistakes


def suspect_g(x, labels, w, b, rate):
    mistakes = 0
    for point, label in zip(x, labels):
        error = label - int(point @ w + b > 0)
        w, b = w + rate * error * point, b + rate * error
        mistakes += error
    return w, b, abs(mistakes)
