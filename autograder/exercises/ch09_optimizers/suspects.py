"""Seven versions of Adam: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - rate * m / (1 - beta1**t) / np.sqrt(v / (1 - beta2**t) + epsilon)
        path.append(w)
    return np.array(path)


def suspect_b(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for g in gradients:
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * g**2
        w = w - rate * m / (1 - beta1) / (np.sqrt(v / (1 - beta2)) + epsilon)
        path.append(w)
    return np.array(path)


def suspect_c(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for t, g in enumerate(gradients, 1):
        m = beta2 * m + (1 - beta2) * g
        v = beta1 * v + (1 - beta1) * g**2
        w = w - rate * m / (1 - beta2**t) / (np.sqrt(v / (1 - beta1**t)) + epsilon)
        path.append(w)
    return np.array(path)


def suspect_d(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = np.maximum(v, beta2 * v + (1 - beta2) * g**2)
        w = w - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
        path.append(w)
    return np.array(path)


def suspect_e(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        v = beta2 * v + (1 - beta2) * np.mean(g**2)
        w = w - rate * m / (1 - beta1**t) / (np.sqrt(v / (1 - beta2**t)) + epsilon)
        path.append(w)
    return np.array(path)


def suspect_f(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for t, g in enumerate(gradients, 1):
        m += (1 - beta1) * (g - m)
        v += (1 - beta2) * (g * g - v)
        step = m * np.sqrt(1 - beta2**t) / (np.sqrt(v) + epsilon * np.sqrt(1 - beta2**t))
        w = w - rate / (1 - beta1**t) * step
        path.append(w)
    return np.array(path)


def suspect_g(gradients, rate, beta1, beta2, epsilon):
    w, m, v, path = np.zeros(gradients.shape[1]), 0, 0, []
    for t, g in enumerate(gradients, 1):
        m = beta1 * m + (1 - beta1) * g
        m_hat = m / (1 - beta1**t)
        v = beta2 * v + (1 - beta2) * m_hat**2
        w = w - rate * m_hat / (np.sqrt(v / (1 - beta2**t)) + epsilon)
        path.append(w)
    return np.array(path)
