"""Batch normalisation: mean 0 and variance 1 for every feature, as a layer with a backward pass.

Statistics are taken over the batch, down the columns of x (N, D), with the variance divided by N.
"""

import numpy as np

from reference_impl.validation import (
    array_list,
    flag,
    matrix,
    number,
    parts,
    requires,
    tall,
    tensor,
    vector,
)

Cache = tuple[np.ndarray, np.ndarray, np.ndarray]


@requires(
    x=matrix("N", "D"),
    gamma=vector("D"),
    beta=vector("D"),
    running_mean=vector("D"),
    running_var=vector("D"),
    training=flag(),
    momentum=number(least=0, most=1),
    eps=number(least=0),
)
def batchnorm_forward(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> "tuple[np.ndarray, Cache, np.ndarray, np.ndarray]":
    """Normalise each feature by its batch, or in test mode by what was remembered in training.

    out = γ·(x − μ)/√(var + eps) + β. In training μ and var are those of the batch, and the
    remembered ones move towards them: running ← momentum·running + (1 − momentum)·batch.

    Parameters
    ----------
    x : ndarray (N, D)
        A batch, one example per row.
    gamma, beta : ndarrays (D,)
        Scale and shift, learned; they start at 1 and 0.
    running_mean, running_var : ndarrays (D,)
        What is remembered; it starts at 0 and 1.
    training : bool
        False: use the running statistics and leave them as they are.
    momentum : float
        How much of the memory stays at each call, 0 to 1. (PyTorch's momentum is 1 minus this.)
    eps : float
        Keeps a constant feature from being divided by 0; not negative.

    Returns
    -------
    out : ndarray (N, D)
    cache : tuple (centred, std, gamma)
        x − μ, √(var + eps) and γ: what the backward pass through a training batch needs.
    running_mean, running_var : ndarrays (D,)
        The new ones; the variance is remembered as it was used, divided by N.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), algorithm 1; Stanford CS231n (2016), assignment 2.
    """
    mean, var = running_mean, running_var
    if training:
        mean, var = x.mean(axis=0), x.var(axis=0)
        running_mean = momentum * running_mean + (1 - momentum) * mean
        running_var = momentum * running_var + (1 - momentum) * var
    centred, std = x - mean, np.sqrt(var + eps)
    out = gamma * (centred / std) + beta
    return out, (centred, std, gamma), running_mean, running_var


@requires(dout=matrix("N", "D"), cache=parts(matrix("N", "D"), vector("D"), vector("D")))
def batchnorm_backward_steps(
    dout: np.ndarray, cache: "tuple[np.ndarray, np.ndarray, np.ndarray]"
) -> dict[str, np.ndarray]:
    """Walk back through a training batch one small step at a time, and keep every gradient.

    The way forward was: mean, centred = x − mean, var = mean of centred², std = √(var + eps),
    xhat = centred/std, out = γ·xhat + β.

    Parameters
    ----------
    dout : ndarray (N, D)
        Gradient of the loss with respect to the layer's output.
    cache : tuple (centred, std, gamma)
        From `batchnorm_forward` in training.

    Returns
    -------
    dict of str to ndarray
        The gradients "dbeta", "dgamma", "dstd", "dvar" and "dmean" (D,), and "dxhat", "dcentred"
        and "dx" (N, D), in the order in which they are found.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3.
    """
    centred, std, gamma = cache
    xhat = centred / std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dxhat = dout * gamma
    dstd = -(dxhat * centred).sum(axis=0) / std**2
    dvar = dstd / (2 * std)
    dcentred = dxhat / std + dvar * 2 * centred / len(centred)
    dmean = -dcentred.sum(axis=0)
    dx = dcentred + dmean / len(centred)
    return {
        "dbeta": dbeta,
        "dgamma": dgamma,
        "dxhat": dxhat,
        "dstd": dstd,
        "dvar": dvar,
        "dcentred": dcentred,
        "dmean": dmean,
        "dx": dx,
    }


@requires(dout=matrix("N", "D"), cache=parts(matrix("N", "D"), vector("D"), vector("D")))
def batchnorm_backward(
    dout: np.ndarray, cache: "tuple[np.ndarray, np.ndarray, np.ndarray]"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of batch normalisation in training, in closed form.

    Parameters
    ----------
    dout : ndarray (N, D)
        Gradient of the loss with respect to the layer's output.
    cache : tuple (centred, std, gamma)
        From `batchnorm_forward` in training.

    Returns
    -------
    dx : ndarray (N, D)
        γ/(N·std)·(N·dout − Σ dout − xhat·Σ dout·xhat), each sum over the batch.
    dgamma, dbeta : ndarrays (D,)

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3, simplified.
    """
    centred, std, gamma = cache
    xhat = centred / std
    dbeta = dout.sum(axis=0)
    dgamma = (dout * xhat).sum(axis=0)
    dx = gamma / std * (dout - (dbeta + xhat * dgamma) / len(dout))
    return dx, dgamma, dbeta


@requires(x=matrix("N", "D"), eps=number(least=0))
def identity_parameters(x: np.ndarray, eps: float = 1e-5) -> tuple[np.ndarray, np.ndarray]:
    """The one choice of γ and β for which batch normalisation gives this batch back unchanged.

    Parameters
    ----------
    x : ndarray (N, D)
        A batch, one example per row.
    eps : float
        The eps of the layer, not negative.

    Returns
    -------
    gamma : ndarray (D,)
        √(var + eps).
    beta : ndarray (D,)
        The mean.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3.
    """
    return np.sqrt(x.var(axis=0) + eps), x.mean(axis=0)


@requires(batches=array_list(tall(matrix("N", "D"))))
def dataset_statistics(batches: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance for test mode from all training batches, computed once and remembered.

    Parameters
    ----------
    batches : list of ndarrays (N, D)
        All of one size N, at least 2: a single example has no spread to estimate.

    Returns
    -------
    mean : ndarray (D,)
        The average of the batch means.
    var : ndarray (D,)
        N/(N − 1) times the average of the batch variances: an unbiased estimate.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), algorithm 2.
    """
    n = len(batches[0])
    mean = np.mean([x.mean(axis=0) for x in batches], axis=0)
    var = n / (n - 1) * np.mean([x.var(axis=0) for x in batches], axis=0)
    return mean, var


@requires(
    x=tensor("N", "C", "H", "W"),
    gamma=vector("C"),
    beta=vector("C"),
    running_mean=vector("C"),
    running_var=vector("C"),
    training=flag(),
    momentum=number(least=0, most=1),
    eps=number(least=0),
)
def spatial_batchnorm_forward(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    running_mean: np.ndarray,
    running_var: np.ndarray,
    training: bool,
    momentum: float = 0.9,
    eps: float = 1e-5,
) -> "tuple[np.ndarray, Cache, np.ndarray, np.ndarray]":
    """Batch normalisation for images: every pixel of a channel counts as an example of it.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        A batch of images.
    gamma, beta : ndarrays (C,)
        Scale and shift of each channel.
    running_mean, running_var : ndarrays (C,)
    training : bool
    momentum, eps : float
        As for `batchnorm_forward`.

    Returns
    -------
    out : ndarray (N, C, H, W)
    cache : tuple (centred, std, gamma)
        That of `batchnorm_forward`, with N·H·W rows.
    running_mean, running_var : ndarrays (C,)

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3.2.
    """
    channels_last = np.moveaxis(x, 1, -1)
    rows = channels_last.reshape(-1, x.shape[1])
    out, cache, running_mean, running_var = batchnorm_forward(
        rows, gamma, beta, running_mean, running_var, training, momentum, eps
    )
    return np.moveaxis(out.reshape(channels_last.shape), -1, 1), cache, running_mean, running_var


@requires(dout=tensor("N", "C", "H", "W"), cache=parts(matrix("_", "C"), vector("C"), vector("C")))
def spatial_batchnorm_backward(
    dout: np.ndarray, cache: "tuple[np.ndarray, np.ndarray, np.ndarray]"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of batch normalisation for images, in training.

    Parameters
    ----------
    dout : ndarray (N, C, H, W)
        Gradient of the loss with respect to the layer's output.
    cache : tuple (centred, std, gamma)
        From `spatial_batchnorm_forward` in training.

    Returns
    -------
    dx : ndarray (N, C, H, W)
    dgamma, dbeta : ndarrays (C,)

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3.2.
    """
    channels_last = np.moveaxis(dout, 1, -1)
    dx, dgamma, dbeta = batchnorm_backward(channels_last.reshape(-1, dout.shape[1]), cache)
    return np.moveaxis(dx.reshape(channels_last.shape), -1, 1), dgamma, dbeta
