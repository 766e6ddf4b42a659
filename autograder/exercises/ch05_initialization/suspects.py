"""Seven initialisers for ReLU layers, which promise variance 2/n_in: the bug hunt's suspects.

Six are wrong, each silent on lazy questions. The build shows them as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(rng, n_in, n_out):
    return rng.normal(0, np.sqrt(2 / n_out), size=(n_in, n_out))


def suspect_b(rng, n_in, n_out):
    variance = 2 / max(n_in, 32)
    return rng.normal(0, np.sqrt(variance), size=(n_in, n_out))


def suspect_c(rng, n_in, n_out):
    variance = 4 / (n_in + n_out)
    return np.sqrt(variance) * rng.normal(size=(n_in, n_out))


def suspect_d(rng, n_in, n_out):
    rng = np.random.default_rng([n_in, n_out])
    return rng.normal(scale=np.sqrt(2 / n_in), size=(n_in, n_out))


def suspect_e(rng, n_in, n_out):
    return np.sqrt(2) * rng.normal(size=(n_out, n_in)).T / np.sqrt(n_in)


def suspect_f(rng, n_in, n_out):
    return rng.normal(0, np.sqrt(2 / (n_in + 1)), size=(n_in, n_out))


def suspect_g(rng, n_in, n_out):
    rows = rng.normal(size=(min(n_in, 64), n_out))
    return np.sqrt(2 / n_in) * np.resize(rows, (n_in, n_out))
