"""The bends between the layers: each activation with its backward pass, and how to see them fail.

A forward function returns its output and a cache; the backward function takes the gradient of the
loss with respect to that output, and the cache, and returns the gradient with respect to the input.
"""

from collections.abc import Callable
from typing import Any

import numpy as np

from reference_impl.backprop import sigmoid
from reference_impl.validation import (
    array,
    array_list,
    batch,
    bias_list,
    function,
    kept,
    matrix,
    number,
    number_or,
    parts,
    requires,
    tensor,
    vector,
    weight_list,
)


@requires(x=array())
def step_forward(x: np.ndarray) -> np.ndarray:
    """Jump from 0 to 1: the output is 1 where x > 0 and 0 elsewhere.

    It has no backward pass: its slope is 0 everywhere but at 0, where there is none.

    Parameters
    ----------
    x : ndarray, any shape

    Returns
    -------
    ndarray of x's shape

    References
    ----------
    McCulloch and Pitts, Bulletin of Mathematical Biophysics 5 (1943) 115.
    """
    return np.heaviside(x, 0)


@requires(x=array())
def sigmoid_forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squash each entry of x into (0, 1): out = 1 / (1 + exp(−x)).

    Parameters
    ----------
    x : ndarray, any shape
        Whole numbers are taken for what they are: out is not rounded.
        At ±1000 the output is 0 and 1, never NaN.

    Returns
    -------
    out : ndarray of x's shape
    cache : ndarray
        The output, which is all that the slope needs.

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), eq. 3.
    """
    out = np.exp(-np.logaddexp(0, -x))
    return out, out


@requires(dout=array("S"), cache=array("S"))
def sigmoid_backward(dout: np.ndarray, cache: np.ndarray) -> np.ndarray:
    """Gradient with respect to the sigmoid's input: the slope is out·(1 − out), at most 1/4.

    Parameters
    ----------
    dout : ndarray, any shape
        Whole numbers are taken for what they are: the gradient is not rounded.
    cache : ndarray of that shape
        From `sigmoid_forward`: its output. Where that has been rounded to 1 the slope is 0, as in
        PyTorch; only the input x would still tell it, by σ(x)·σ(−x).

    Returns
    -------
    ndarray of that shape

    References
    ----------
    Nielsen, Neural Networks and Deep Learning (2015), chapter 2.
    """
    return dout * cache * (1 - cache)


@requires(x=array())
def tanh_forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Squash each entry of x into (−1, 1): a sigmoid stretched to be centred at zero.

    Parameters
    ----------
    x : ndarray, any shape
        Whole numbers are taken for what they are: out is not rounded.
        At ±1000 the output is ±1, never NaN.

    Returns
    -------
    out : ndarray of x's shape
        tanh x = 2·σ(2x) − 1.
    cache : ndarray
        The output, which is all that the slope needs.

    References
    ----------
    LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.4.
    """
    out = np.tanh(x)
    return out, out


@requires(dout=array("S"), cache=array("S"))
def tanh_backward(dout: np.ndarray, cache: np.ndarray) -> np.ndarray:
    """Gradient with respect to the input of tanh: the slope is 1 − out², at most 1.

    Parameters
    ----------
    dout : ndarray, any shape
        Whole numbers are taken for what they are: the gradient is not rounded.
    cache : ndarray of that shape
        From `tanh_forward`: its output. Where that has been rounded to ±1 the slope is 0, as in
        PyTorch.

    Returns
    -------
    ndarray of that shape

    References
    ----------
    LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.4.
    """
    return dout * (1 - cache**2)


@requires(x=array())
def relu_forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Let what is positive pass and nothing else: out = max(0, x).

    Parameters
    ----------
    x : ndarray, any shape
        Whole numbers are taken for what they are: out is not rounded.

    Returns
    -------
    out : ndarray of x's shape
    cache : ndarray
        The input.

    References
    ----------
    Nair and Hinton, ICML (2010); Glorot, Bordes and Bengio, AISTATS (2011).
    """
    return np.maximum(x, 0), x


@requires(dout=array("S"), cache=array("S"))
def relu_backward(dout: np.ndarray, cache: np.ndarray) -> np.ndarray:
    """Gradient with respect to ReLU's input: passed on where x > 0, stopped elsewhere.

    Parameters
    ----------
    dout : ndarray, any shape
        Whole numbers are taken for what they are: the gradient is not rounded.
    cache : ndarray of that shape
        From `relu_forward`: its input x. At x = 0, where there is no slope, 0 is used.

    Returns
    -------
    ndarray of that shape

    References
    ----------
    Glorot, Bordes and Bengio, AISTATS (2011).
    """
    return dout * (cache > 0)


@requires(x=array(), slope=number(least=0, most=1))
def leaky_relu_forward(
    x: np.ndarray, slope: float = 0.01
) -> tuple[np.ndarray, tuple[np.ndarray, float]]:
    """A ReLU that lets a little of what is negative through: out = x if x > 0, else slope·x.

    Parameters
    ----------
    x : ndarray, any shape
        Whole numbers are taken for what they are: out is not rounded.
    slope : float
        Slope of the negative half, 0 to 1.

    Returns
    -------
    out : ndarray of x's shape
    cache : tuple (x, slope)

    References
    ----------
    Maas, Hannun and Ng, ICML workshop (2013).
    """
    return np.where(x > 0, x, slope * x), (x, slope)


@requires(dout=array("S"), cache=parts(array("S"), number(least=0, most=1)))
def leaky_relu_backward(dout: np.ndarray, cache: tuple[np.ndarray, float]) -> np.ndarray:
    """Gradient with respect to a leaky ReLU's input: never stopped entirely.

    Parameters
    ----------
    dout : ndarray, any shape
        Whole numbers are taken for what they are: the gradient is not rounded.
    cache : tuple (x, slope)
        From `leaky_relu_forward`. At x = 0 the slope of the negative half is used.

    Returns
    -------
    ndarray of that shape

    References
    ----------
    Maas, Hannun and Ng, ICML workshop (2013).
    """
    x, slope = cache
    return np.where(x > 0, dout, slope * dout)


@requires(x=batch("N", channels="C"), slope=number_or(vector("C")))
def prelu_forward(
    x: np.ndarray, slope: "np.ndarray | float"
) -> tuple[np.ndarray, tuple[np.ndarray, "np.ndarray | float"]]:
    """A leaky ReLU whose negative slope is learned: out = max(0, x) + slope·min(0, x).

    Parameters
    ----------
    x : ndarray (N, C) or (N, C, d1, ..., dk)
        The second axis holds the channels. Whole numbers are taken for what they are: out is not
        rounded.
    slope : float or ndarray (C,)
        One slope for all, or one for each channel.

    Returns
    -------
    out : ndarray of x's shape
    cache : tuple (x, slope)

    References
    ----------
    He, Zhang, Ren and Sun, ICCV (2015), eq. 1.
    """
    channels_last = np.moveaxis(x, 1, -1)  # there a (C,) meets its own axis
    out = np.where(channels_last > 0, channels_last, slope * channels_last)
    return np.moveaxis(out, -1, 1), (x, slope)


@requires(
    dout=batch("N", channels="C", features="D"),
    cache=parts(batch("N", channels="C", features="D"), number_or(vector("C"))),
)
def prelu_backward(
    dout: np.ndarray, cache: tuple[np.ndarray, "np.ndarray | float"]
) -> tuple[np.ndarray, "np.ndarray | float"]:
    """Gradients of PReLU with respect to its input and to its slope.

    Parameters
    ----------
    dout : ndarray of x's shape
        Whole numbers, here and in the cache, are what they are: gradients are not rounded.
    cache : tuple (x, slope)
        From `prelu_forward`. At x = 0 the slope of the negative half is used.

    Returns
    -------
    dx : ndarray of x's shape
    dslope : float or ndarray (C,), like slope
        Every entry that shares a slope adds its dout·min(0, x).

    References
    ----------
    He, Zhang, Ren and Sun, ICCV (2015), eq. 3.
    """
    x, slope = cache
    x_last, dout_last = np.moveaxis(x, 1, -1), np.moveaxis(dout, 1, -1)
    dx = np.where(x_last > 0, dout_last, slope * dout_last)
    shares = dout_last * np.minimum(x_last, 0)
    one_for_all = np.ndim(slope) == 0
    dslope = float(shares.sum()) if one_for_all else shares.reshape(-1, x.shape[1]).sum(axis=0)
    return np.moveaxis(dx, -1, 1), dslope


@requires(x=array(), alpha=number(above=0))
def elu_forward(x: np.ndarray, alpha: float = 1.0) -> tuple[np.ndarray, tuple[np.ndarray, float]]:
    """A ReLU that bends smoothly down to −alpha: out = x if x > 0, else alpha·(exp(x) − 1).

    Parameters
    ----------
    x : ndarray, any shape
        Whole numbers are taken for what they are: out is not rounded.
        At 1000 the output is 1000, never NaN.
    alpha : float
        How far below zero the output can go, above 0.

    Returns
    -------
    out : ndarray of x's shape
    cache : tuple (x, alpha)

    References
    ----------
    Clevert, Unterthiner and Hochreiter, ICLR (2016), eq. 15.
    """
    return np.where(x > 0, x, alpha * np.expm1(np.minimum(x, 0))), (x, alpha)


@requires(dout=array("S"), cache=parts(array("S"), number(above=0)))
def elu_backward(dout: np.ndarray, cache: tuple[np.ndarray, float]) -> np.ndarray:
    """Gradient with respect to ELU's input: the slope is 1, or alpha·exp(x) where x ≤ 0.

    Parameters
    ----------
    dout : ndarray, any shape
        Whole numbers are taken for what they are: the gradient is not rounded.
    cache : tuple (x, alpha)
        From `elu_forward`. At x = 0 the slope of the negative half, alpha, is used.

    Returns
    -------
    ndarray of that shape

    References
    ----------
    Clevert, Unterthiner and Hochreiter, ICLR (2016), eq. 15.
    """
    x, alpha = cache
    return np.where(x > 0, dout, dout * alpha * np.exp(np.minimum(x, 0)))


@requires(x=array())
def softplus_forward(x: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """A ReLU with the corner rounded off: out = ln(1 + exp(x)).

    Infinitely many sigmoids, σ(x − ½) + σ(x − 1½) + σ(x − 2½) + …, add up to nearly this.

    Parameters
    ----------
    x : ndarray, any shape
        ±1000 must not overflow.

    Returns
    -------
    out : ndarray of x's shape
    cache : ndarray
        The input.

    References
    ----------
    Nair and Hinton, ICML (2010), section 2; Dugas et al., NIPS (2001).
    """
    return np.logaddexp(0, x), x


@requires(dout=array("S"), cache=array("S"))
def softplus_backward(dout: np.ndarray, cache: np.ndarray) -> np.ndarray:
    """Gradient with respect to softplus' input: the slope is the sigmoid.

    Parameters
    ----------
    dout : ndarray, any shape
    cache : ndarray of that shape
        From `softplus_forward`: its input.

    Returns
    -------
    ndarray of that shape

    References
    ----------
    Dugas et al., NIPS (2001).
    """
    return dout * sigmoid(cache)


@requires(x=matrix("N", "D"), W=tensor("K", "D", "M"), b=matrix("K", "M"))
def maxout_forward(
    x: np.ndarray, W: np.ndarray, b: np.ndarray
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray, np.ndarray]]:
    """Learn the activation itself: each unit outputs the largest of its K linear functions.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row. Whole numbers are taken for what they are: out is not rounded.
    W : ndarray (K, D, M)
        W[k] and b[k] are a linear layer of M units; a unit's group is its K candidates.
    b : ndarray (K, M)

    Returns
    -------
    out : ndarray (N, M)
        out[n, m] = maxₖ (x @ W[k] + b[k])[n, m].
    cache : tuple (x, W, winner)
        winner (N, M) says which k was largest; of equals the first.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, ICML (2013), eq. 1.
    """
    z = x @ W + b[:, None, :]
    return z.max(axis=0), (x, W, z.argmax(axis=0))


@requires(
    dout=matrix("N", "M"),
    cache=parts(matrix("N", "D"), tensor("K", "D", "M"), kept("N", "M")),
)
def maxout_backward(
    dout: np.ndarray, cache: tuple[np.ndarray, np.ndarray, np.ndarray]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Gradients of maxout: only the linear function that won an example learns from it.

    Parameters
    ----------
    dout : ndarray (N, M)
        Whole numbers are taken for what they are: gradients are not rounded.
    cache : tuple (x, W, winner)
        From `maxout_forward`.

    Returns
    -------
    dx : ndarray (N, D)
    dW : ndarray (K, D, M)
    db : ndarray (K, M)

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, ICML (2013).
    """
    x, W, winner = cache
    won = np.arange(len(W))[:, None, None] == winner
    dz = dout * won
    dx = (dz @ W.transpose(0, 2, 1)).sum(axis=0)
    return dx, x.T @ dz, dz.sum(axis=1)


@requires(x=vector("D"), W=tensor("K", "D", "M"), b=matrix("K", "M"))
def maxout_thin_layer(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The thin linear layer that a maxout layer is for one given input: its winners alone.

    Parameters
    ----------
    x : ndarray (D,)
        One input.
    W : ndarray (K, D, M)
    b : ndarray (K, M)
        As for `maxout_forward`.

    Returns
    -------
    W_thin : ndarray (D, M)
    b_thin : ndarray (M,)
        x @ W_thin + b_thin is the maxout layer's output, here and close by.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, ICML (2013).
    """
    winner = (x @ W + b).argmax(axis=0)
    units = np.arange(len(winner))
    return W[winner, :, units].T, b[winner, units]


@requires(w=vector("K"), b=vector("K"))
def maxout_pieces(w: np.ndarray, b: np.ndarray) -> int:
    """Count the straight pieces of a maxout unit of one input, max over k of w[k]·x + b[k].

    Parameters
    ----------
    w, b : ndarrays (K,)
        Slopes and heights at x = 0 of its K lines. They may be whole numbers; where lines cross
        need not be one.

    Returns
    -------
    int
        From 1 to K: a line that is never above all the others makes no piece. Touching the
        maximum in a single point is not a piece either, and equal lines make one together.

    References
    ----------
    Goodfellow, Warde-Farley, Mirza, Courville and Bengio, ICML (2013), figure 1.
    """
    pieces = 0
    for slope, height in set(zip(w.tolist(), b.tolist(), strict=True)):
        flatter, steeper = w < slope, w > slope
        begins = (b[flatter] - height) / (slope - w[flatter])  # where it overtakes each of these
        ends = (height - b[steeper]) / (w[steeper] - slope)  # where each of these overtakes it
        highest = height == b[w == slope].max()
        pieces += bool(highest and begins.max(initial=-np.inf) < ends.min(initial=np.inf))
    return pieces


@requires(x=matrix("N", "D"), dz=vector("N"))
def same_sign_gradients(x: np.ndarray, dz: np.ndarray) -> tuple[np.ndarray, float]:
    """What each example wants of one neuron's weights, and how often it is one sign for all.

    Parameters
    ----------
    x : ndarray (N, D)
        The neuron's inputs, one example per row. Whole numbers are taken for what they are: dw is
        not rounded.
    dz : ndarray (N,)
        Gradient of each example's cost with respect to the neuron's pre-activation x[n] @ w + b.

    Returns
    -------
    dw : ndarray (N, D)
        Row n is the gradient of example n's cost with respect to the D weights.
    share : float
        The share of examples, 0 to 1, whose row has no two entries of opposite sign. An entry
        that is 0 goes with either sign.

    References
    ----------
    LeCun, Bottou, Orr and Müller, Efficient BackProp (1998), section 4.3.
    """
    dw = x * dz[:, None]
    one_sign = (dw >= 0).all(axis=1) | (dw <= 0).all(axis=1)
    return dw, float(one_sign.mean())


@requires(a=array(), lowest=number(), highest=number(), margin=number(above=0))
def saturated_share(
    a: np.ndarray, lowest: float = -1.0, highest: float = 1.0, margin: float = 0.01
) -> float:
    """The share of outputs that have got stuck near an end of their activation's range.

    Parameters
    ----------
    a : ndarray, any shape
        Outputs of the activation.
    lowest, highest : float
        The ends of its range: −1 and 1 for tanh, 0 and 1 for the sigmoid.
    margin : float
        Nearer to an end than this counts as stuck.

    Returns
    -------
    float
        From 0 to 1.

    References
    ----------
    Glorot and Bengio, AISTATS (2010), section 3.
    """
    return float(np.mean((a < lowest + margin) | (a > highest - margin)))


@requires(batches=array_list(matrix("_", "H")))
def dead_units(batches: list[np.ndarray]) -> np.ndarray:
    """Find the ReLUs that fire for no example of any batch.

    One batch is not enough to call a unit dead: it may just have had nothing to say to that one.

    Parameters
    ----------
    batches : list of ndarrays (N, H)
        The outputs of H ReLUs for one batch after the other; batches may differ in size.

    Returns
    -------
    ndarray of bool (H,)
        True for each unit that is dead on all these data.

    References
    ----------
    Stanford CS231n (2016), lecture 5.
    """
    return ~np.any([(a > 0).any(axis=0) for a in batches], axis=0)


@requires(
    x=matrix("N", "D"),
    weights=weight_list(first="D", last="M"),
    biases=bias_list(),
    dout=matrix("N", "M"),
    forward=function(),
    backward=function(),
)
def gradient_norms(
    x: np.ndarray,
    weights: list[np.ndarray],
    biases: list[np.ndarray],
    dout: np.ndarray,
    forward: "Callable[[np.ndarray], tuple[np.ndarray, Any]]",
    backward: "Callable[..., np.ndarray]",
) -> tuple[np.ndarray, np.ndarray]:
    """Follow a gradient down through L layers and measure how it fades or grows.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row. Whole numbers are taken for what they are: nothing is rounded.
    weights : list of L ndarrays (n_in, n_out)
    biases : list of L ndarrays (n_out,)
    dout : ndarray (N, M)
        Gradient of the loss with respect to the last layer's output.
    forward, backward : callables
        The activation of every layer: forward(z) -> (a, cache), backward(da, cache) -> dz.

    Returns
    -------
    weight_norms : ndarray (L,)
        ‖∂C/∂W‖ of each layer, the first layer first: the root of the sum of all squares.
    error_norms : ndarray (L + 1,)
        ‖∂C/∂a‖ of each activation: error_norms[0] belongs to x, the last one to the output.

    References
    ----------
    Glorot and Bengio, AISTATS (2010), section 4.2; Hochreiter (1991).
    """
    activations, caches = [x], []
    for W, b in zip(weights, biases, strict=True):
        a, cache = forward(activations[-1] @ W + b)
        activations.append(a)
        caches.append(cache)
    weight_norms, error_norms = [], [np.linalg.norm(dout)]
    for a, W, cache in zip(activations[-2::-1], weights[::-1], caches[::-1], strict=True):
        dz = backward(dout, cache)
        dout = dz @ W.T
        weight_norms.append(np.linalg.norm(a.T @ dz))
        error_norms.append(np.linalg.norm(dout))
    return np.array(weight_norms[::-1]), np.array(error_norms[::-1])
