"""Seven ways to standardise a training and a test part: the leak hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(train, test):
    both = np.vstack([train, test])
    mean, std = both.mean(axis=0), both.std(axis=0)
    std = np.where(std > 0, std, 1)
    return (train - mean) / std, (test - mean) / std


def suspect_b(train, test):
    def standard(x):
        std = x.std(axis=0)
        return (x - x.mean(axis=0)) / np.where(std > 0, std, 1)

    return standard(train), standard(test)


def suspect_c(train, test):
    mean = train.mean(axis=0)
    std = np.vstack([train, test]).std(axis=0)
    std = np.where(std > 0, std, 1)
    return (train - mean) / std, (test - mean) / std


def suspect_d(train, test):
    low, high = train.min(axis=0), train.max(axis=0)
    mean, std = train.mean(axis=0), train.std(axis=0)
    std = np.where(std > 0, std, 1)
    return (train - mean) / std, (np.clip(test, low, high) - mean) / std


def suspect_e(train, test):
    mean, std = train.mean(axis=0), train.std()
    std = std if std > 0 else 1
    return (train - mean) / std, (test - mean) / std


def suspect_f(train, test):
    deviation = train - np.sum(train, axis=0) / len(train)
    variance = np.einsum("nd,nd->d", deviation, deviation) / len(train)
    scale = np.where(variance > 0, variance, 1) ** -0.5
    return scale * deviation, scale * (test - train[0] + deviation[0])


def suspect_g(train, test):
    mean, std = train.mean(axis=0), train.std(axis=0) + 1e-8
    return (train - mean) / std, (test - mean) / std
