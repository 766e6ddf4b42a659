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
    pixels,
    requires,
    tensor,
    vector,
)


@requires(x=matrix("N", "D"), eps=number(least=0))
def normalise_batch(x: np.ndarray, eps: float = 1e-5) -> np.ndarray:
    """Give every feature of a batch mean 0 and variance 1: (x − mean)/√(var + eps).

    Parameters
    ----------
    x : ndarray (N, D)
        A batch, one example per row, one feature per column. Whole numbers are taken for what they
        are: nothing is rounded. The means may be 10⁸ times the spreads.
    eps : float
        Keeps a constant feature from being divided by 0; not negative.

    Returns
    -------
    ndarray (N, D)
        Each column by its own mean and variance over the batch; the variance is divided by N.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), algorithm 1, lines 1 to 3.
    """
    return (x - x.mean(axis=0)) / np.sqrt(x.var(axis=0) + eps)


@requires(x=matrix("N", "D"), gamma=vector("D"), beta=vector("D"), eps=number(least=0))
def batchnorm_forward(
    x: np.ndarray, gamma: np.ndarray, beta: np.ndarray, eps: float = 1e-5
) -> "tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]":
    """Batch normalisation in training: normalise each feature by its batch, then scale and shift.

    out = γ·(x − mean)/√(var + eps) + β, with the mean and variance (divided by N) of the batch.

    Parameters
    ----------
    x : ndarray (N, D)
        A batch, one example per row. Whole numbers are taken for what they are: nothing is
        rounded. The means may be 10⁸ times the spreads.
    gamma, beta : ndarrays (D,)
        Scale γ and shift β of each feature, learned; they start at 1 and 0.
    eps : float
        Keeps a constant feature from being divided by 0; not negative.

    Returns
    -------
    out : ndarray (N, D)
    cache : tuple (centred, std, gamma)
        x − mean (N, D), √(var + eps) (D,) and γ (D,): what the backward pass needs.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), algorithm 1; Stanford CS231n (2016), assignment 2.
    """
    centred, std = x - x.mean(axis=0), np.sqrt(x.var(axis=0) + eps)
    return gamma * (centred / std) + beta, (centred, std, gamma)


@requires(
    x=matrix("N", "D"),
    running_mean=vector("D"),
    running_var=vector("D"),
    momentum=number(least=0, most=1),
)
def running_statistics(
    x: np.ndarray, running_mean: np.ndarray, running_var: np.ndarray, momentum: float = 0.9
) -> tuple[np.ndarray, np.ndarray]:
    """Let the remembered mean and variance take one step towards those of a training batch.

    running ← momentum·running + (1 − momentum)·batch

    Parameters
    ----------
    x : ndarray (N, D)
        A training batch, one example per row. Whole numbers are taken for what they are: nothing
        is rounded. The means may be 10⁸ times the spreads.
    running_mean, running_var : ndarrays (D,)
        What is remembered so far; before the first batch it is 0 and 1.
    momentum : float
        How much of the memory stays, 0 to 1. (PyTorch's momentum is 1 minus this.)

    Returns
    -------
    running_mean, running_var : ndarrays (D,)
        The new ones. The variance of the batch is divided by N, as it is in training and in
        CS231n; the cited paper (algorithm 2) and PyTorch divide by N − 1 here, and by N only in
        training, which makes their remembered variance N/(N − 1) times as large.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3.1; Stanford CS231n (2016), assignment 2.
    """
    new_mean = momentum * running_mean + (1 - momentum) * x.mean(axis=0)
    new_var = momentum * running_var + (1 - momentum) * x.var(axis=0)
    return new_mean, new_var


@requires(
    x=matrix("N", "D"),
    gamma=vector("D"),
    beta=vector("D"),
    mean=vector("D"),
    var=vector("D"),
    eps=number(least=0),
)
def batchnorm_inference(
    x: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    var: np.ndarray,
    eps: float = 1e-5,
) -> np.ndarray:
    """Batch normalisation in test mode: normalise by remembered statistics, then scale and shift.

    Parameters
    ----------
    x : ndarray (N, D)
        Any number of examples, one per row; each comes out as it would alone. Whole numbers are
        taken for what they are: nothing is rounded.
    gamma, beta : ndarrays (D,)
        Scale and shift as learned.
    mean, var : ndarrays (D,)
        The remembered statistics.
    eps : float
        The eps of the layer; not negative.

    Returns
    -------
    ndarray (N, D)
        γ·(x − mean)/√(var + eps) + β.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), algorithm 2.
    """
    return gamma * (x - mean) / np.sqrt(var + eps) + beta


@requires(
    W=matrix("D", "M"),
    b=vector("M"),
    gamma=vector("M"),
    beta=vector("M"),
    mean=vector("M"),
    var=vector("M"),
    eps=number(least=0),
)
def fold_batchnorm(
    W: np.ndarray,
    b: np.ndarray,
    gamma: np.ndarray,
    beta: np.ndarray,
    mean: np.ndarray,
    var: np.ndarray,
    eps: float = 1e-5,
) -> tuple[np.ndarray, np.ndarray]:
    """Weights and biases of one dense layer that does what z = x @ W + b and test-mode BN do.

    Parameters
    ----------
    W : ndarray (D, M)
        Weights of the dense layer in front. Whole numbers are taken for what they are: nothing is
        rounded.
    b : ndarray (M,)
        Its biases.
    gamma, beta, mean, var : ndarrays (M,)
        Scale, shift and remembered statistics of the normalisation of z.
    eps : float
        The eps of the layer; not negative.

    Returns
    -------
    W_folded : ndarray (D, M)
    b_folded : ndarray (M,)
        x @ W_folded + b_folded is the normalised, scaled and shifted z, for every x.

    References
    ----------
    Jacob et al., CVPR (2018), section 3.2.
    """
    scale = gamma / np.sqrt(var + eps)
    return W * scale, (b - mean) * scale + beta


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
        Gradient of the loss with respect to the layer's output. Whole numbers are taken for what
        they are: nothing is rounded.
    cache : tuple (centred, std, gamma)
        From `batchnorm_forward`: x − mean, √(var + eps) and γ.

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
        Gradient of the loss with respect to the layer's output. Whole numbers are taken for what
        they are: nothing is rounded.
    cache : tuple (centred, std, gamma)
        From `batchnorm_forward`: x − mean, √(var + eps) and γ.

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
        A batch, one example per row. Whole numbers are taken for what they are: nothing is
        rounded. The means may be 10⁸ times the spreads.
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


@requires(batches=array_list(matrix("_", "D")))
def dataset_statistics(batches: list[np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Mean and variance of a whole data set that comes in batches, as if it were one batch.

    Every example counts the same, however large its batch is. The result is right too where the
    mean of a feature is millions of times its spread.

    Parameters
    ----------
    batches : list of ndarrays (n, D)
        Batches of one or more examples; their sizes n may differ. Whole numbers are taken for what
        they are: nothing is rounded. The means may be 10⁸ times the spreads.

    Returns
    -------
    mean : ndarray (D,)
        The mean of all examples.
    var : ndarray (D,)
        The variance of all examples, divided by how many there are: the average variance within
        the batches plus the variance of the batch means, both weighted by the batch sizes.

    References
    ----------
    Chan, Golub and LeVeque, The American Statistician 37 (1983).
    """
    first = batches[0][0]  # seen from here no mean is so large that the spread drowns in it
    n = np.array([[len(x)] for x in batches], dtype=first.dtype)
    means = np.array([(x - first).mean(axis=0) for x in batches])
    variances = np.array([(x - first).var(axis=0) for x in batches])
    mean = (n * means).sum(axis=0) / n.sum()
    var = (n * (variances + (means - mean) ** 2)).sum(axis=0) / n.sum()
    return first + mean, var


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
) -> "tuple[np.ndarray, tuple[np.ndarray, ...] | None, np.ndarray, np.ndarray]":
    """Batch normalisation for images: every pixel of a channel counts as an example of it.

    In training the batch is normalised by its own statistics, which are then remembered; in test
    mode by what is remembered, which stays as it is.

    Parameters
    ----------
    x : ndarray (N, C, H, W)
        A batch of images. Whole numbers are taken for what they are: nothing is rounded.
    gamma, beta : ndarrays (C,)
        Scale and shift of each channel.
    running_mean, running_var : ndarrays (C,)
        What is remembered.
    training : bool
        True in training, False in test mode.
    momentum, eps : float
        As for `running_statistics` and `batchnorm_forward`.

    Returns
    -------
    out : ndarray (N, C, H, W)
    cache : tuple (centred, std, gamma), or None in test mode
        That of `batchnorm_forward` for the N·H·W pixels as rows, in the order of n, h, w.
    running_mean, running_var : ndarrays (C,)
        The new ones, the variance divided by the N·H·W pixels and not, as in PyTorch, by one
        fewer; in test mode the old ones.

    References
    ----------
    Ioffe and Szegedy, ICML (2015), section 3.2.
    """
    channels_last = np.moveaxis(x, 1, -1)
    rows = channels_last.reshape(-1, x.shape[1])
    if training:
        out, cache = batchnorm_forward(rows, gamma, beta, eps)
        running_mean, running_var = running_statistics(rows, running_mean, running_var, momentum)
    else:
        out, cache = batchnorm_inference(rows, gamma, beta, running_mean, running_var, eps), None
    return np.moveaxis(out.reshape(channels_last.shape), -1, 1), cache, running_mean, running_var


@requires(dout=tensor("N", "C", "H", "W"), cache=parts(pixels("C"), vector("C"), vector("C")))
def spatial_batchnorm_backward(
    dout: np.ndarray, cache: "tuple[np.ndarray, np.ndarray, np.ndarray]"
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of batch normalisation for images, in training.

    Parameters
    ----------
    dout : ndarray (N, C, H, W)
        Gradient of the loss with respect to the layer's output. Whole numbers are taken for what
        they are: nothing is rounded.
    cache : tuple (centred, std, gamma)
        From `spatial_batchnorm_forward` in training: centred is (N·H·W, C), a row for each pixel;
        std and gamma are (C,).

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
