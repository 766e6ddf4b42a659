"""Seven backward passes of batch normalisation in training: the bug hunt's suspects.

Six are wrong, each silent on lazy inputs. The build shows them in the notebook as they stand here.
"""

import numpy as np

__all__ = [f"suspect_{letter}" for letter in "abcdefg"]


def suspect_a(dout, x, gamma, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    dx = gamma / std * (dout - dout.mean(axis=0))
    return dx, (dout * xhat).sum(axis=0), dout.sum(axis=0)


def suspect_b(dout, x, gamma, eps):
    std = np.sqrt(x.var(axis=0) + 1e-5)
    xhat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
    return gamma / std * (dout - (dbeta + xhat * dgamma) / len(x)), dgamma, dbeta


def suspect_c(dout, x, gamma, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = np.einsum("nd,nd->d", dout, xhat), np.ones(len(x)) @ dout
    dx = dout - np.outer(np.ones(len(x)), dbeta / len(x)) - xhat * dgamma / len(x)
    return dx * gamma / std, dgamma, dbeta


def suspect_d(dout, x, gamma, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
    return gamma / std * (dout - (dbeta + xhat * dgamma) / x.shape[1]), dgamma, dbeta


def suspect_e(dout, x, gamma, eps):
    std = np.sqrt(x.var(axis=0) + eps)
    xhat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
    return gamma.mean() / std * (dout - (dbeta + xhat * dgamma) / len(x)), dgamma, dbeta


def suspect_f(dout, x, gamma, eps):
    centred = x - x.mean(axis=0)
    std = np.sqrt(x.var(axis=0) + eps)
    dgamma, dbeta = (dout * centred).sum(axis=0), dout.sum(axis=0)
    dx = gamma / std * (dout - (dbeta + centred / std**2 * dgamma) / len(x))
    return dx, dgamma, dbeta


def suspect_g(dout, x, gamma, eps):
    std = np.sqrt(x.var(axis=0, ddof=1) + eps)
    xhat = (x - x.mean(axis=0)) / std
    dgamma, dbeta = (dout * xhat).sum(axis=0), dout.sum(axis=0)
    return gamma / std * (dout - (dbeta + xhat * dgamma) / len(x)), dgamma, dbeta
