"""Seven rules of acceptance for annealing: the bug hunt's suspects.

Each says where the runs are after a step, given where they are, what was proposed, the heights of
both, the temperature and a coin between 0 and 1 per run. Six are wrong, each silent on lazy inputs.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(x, proposed, height, new_height, temperature, coins):
    change = new_height - height
    accept = coins < np.exp(-np.maximum(change, 0) * temperature)
    return np.where(accept, proposed, x)


def suspect_b(x, proposed, height, new_height, temperature, coins):
    change = new_height - height
    accept = (change <= 0) | (coins[0] < np.exp(-np.maximum(change, 0) / temperature))
    return np.where(accept, proposed, x)


def suspect_c(x, proposed, height, new_height, temperature, coins):
    change = new_height - height
    accept = coins > np.exp(-np.maximum(change, 0) / temperature)
    return np.where(accept | (change <= 0), proposed, x)


def suspect_d(x, proposed, height, new_height, temperature, coins):
    accept = np.log(coins) < (height - new_height) / temperature
    return np.where(accept, proposed, x)


def suspect_e(x, proposed, height, new_height, temperature, coins):
    change = new_height - height
    accept = coins < 1 / (1 + np.exp(change / temperature))
    return np.where(accept, proposed, x)


def suspect_f(x, proposed, height, new_height, temperature, coins):
    change = np.abs(new_height - height)
    accept = coins < np.exp(-change / temperature)
    return np.where(accept, proposed, x)


def suspect_g(x, proposed, height, new_height, temperature, coins):
    change = (new_height - height) / np.maximum(np.abs(height), 1)
    accept = coins < np.exp(-np.maximum(change, 0) / temperature)
    return np.where(accept, proposed, x)
