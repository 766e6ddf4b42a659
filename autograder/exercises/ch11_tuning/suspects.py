"""Seven functions that claim to measure ‖after − before‖ / ‖before‖: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(before, after):
    old, new = np.linalg.norm(before), np.linalg.norm(after)
    return abs(new - old) / old


def suspect_b(before, after):
    return np.abs(after - before).max() / np.abs(before).max()


def suspect_c(before, after):
    return np.linalg.norm(after - before) / (np.linalg.norm(before) + 1e-8)


def suspect_d(before, after):
    return np.mean(np.abs(after - before) / np.abs(before))


def suspect_e(before, after):
    step = (before - after).ravel()
    return np.sqrt(step @ step / np.sum(before * before))


def suspect_f(before, after):
    return np.linalg.norm(after - before, 2) / np.linalg.norm(before, 2)


def suspect_g(before, after):
    return np.std(after - before) / np.std(before)
