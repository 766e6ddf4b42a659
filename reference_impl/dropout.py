"""Dropout: train a random part of the network each time, test the whole of it.

p is always the *drop* rate, the probability with which a unit is silenced, as in PyTorch and Keras;
1 − p is the keep rate, which Srivastava et al. (2014) call p.
"""

from collections.abc import Callable

import numpy as np

from reference_impl.backprop import sigmoid
from reference_impl.validation import (
    array,
    count,
    counts,
    flag,
    function,
    generator,
    matrix,
    number,
    requires,
    vector,
)


@requires(shape=counts(length=0), p=number(least=0, below=1), rng=generator())
def dropout_mask(shape: tuple[int, ...], p: float, rng: np.random.Generator) -> np.ndarray:
    """Toss a coin for every unit of every example: it is dropped with probability p.

    Parameters
    ----------
    shape : tuple of int
        For example (N, D): each of the N examples has a coin of its own for each of D units.
    p : float
        Drop rate, 0 or more and less than 1; 0 drops nothing.
    rng : numpy.random.Generator
        The only source of chance: the next call draws a new mask from it.

    Returns
    -------
    ndarray of bool, of that shape
        True: kept. False: dropped. All coins are independent.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15 (2014), section 4.
    """
    return rng.random(shape) >= p


@requires(x=array(), p=number(least=0, below=1), rng=generator(), training=flag())
def dropout_forward(
    x: np.ndarray, p: float, rng: np.random.Generator, training: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Silence each entry with probability p and enlarge the survivors, so that the mean stays.

    This is "inverted" dropout: it scales in training, so that testing needs nothing at all.

    Parameters
    ----------
    x : ndarray, any shape
    p : float
        Drop rate, 0 or more and less than 1.
    rng : numpy.random.Generator
        Used in training only.
    training : bool
        False: everything passes unchanged.

    Returns
    -------
    out : ndarray of x's shape
        In training 0 or x/(1 − p), entry by entry; in test mode x. Whole numbers are taken for
        what they are: nothing is rounded.
    cache : ndarray of x's shape
        The mask that x was multiplied by: 0 or 1/(1 − p), or all ones in test mode.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15 (2014), section 10.
    """
    mask = np.ones_like(x)
    if training:
        mask = dropout_mask(mask.shape, p, rng) * mask / (1 - p)
    return x * mask, mask


@requires(dout=array("S"), cache=array("S"))
def dropout_backward(dout: np.ndarray, cache: np.ndarray) -> np.ndarray:
    """Gradient with respect to dropout's input: through the same mask as on the way forward.

    Parameters
    ----------
    dout : ndarray, any shape
    cache : ndarray of that shape
        From `dropout_forward` or `plain_dropout_forward`: the mask.

    Returns
    -------
    ndarray of that shape
        Whole numbers are taken for what they are.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15 (2014), section 5.1.
    """
    return dout * cache


@requires(x=array(), p=number(least=0, below=1), rng=generator(), training=flag())
def plain_dropout_forward(
    x: np.ndarray, p: float, rng: np.random.Generator, training: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Dropout as first published: silence in training, scale by the keep rate at test time.

    Parameters
    ----------
    x : ndarray, any shape
    p : float
        Drop rate, 0 or more and less than 1.
    rng : numpy.random.Generator
        Used in training only.
    training : bool

    Returns
    -------
    out : ndarray of x's shape
        In training 0 or x, entry by entry; in test mode (1 − p)·x, also for whole numbers.
    cache : ndarray of x's shape
        What x was multiplied by; `dropout_backward` takes it.

    References
    ----------
    Hinton et al., arXiv:1207.0580 (2012); Srivastava et al., JMLR 15 (2014), section 4.
    """
    mask = np.ones_like(x)
    mask = dropout_mask(mask.shape, p, rng) * mask if training else (1 - p) * mask
    return x * mask, mask


@requires(x=matrix("N", "D"), W=matrix("D", "M"), p=number(least=0, below=1))
def dropout_variance(x: np.ndarray, W: np.ndarray, p: float) -> np.ndarray:
    """How strongly a linear layer's outputs waver when its inputs go through inverted dropout.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs before dropout; they are given, only the mask is random.
    W : ndarray (D, M)
    p : float
        Drop rate, 0 or more and less than 1.

    Returns
    -------
    ndarray (N, M)
        Variance of each output of `dropout(x) @ W` over all masks: p/(1 − p)·Σ_d x_d²·W_dm².
        Whole numbers are taken for what they are.

    References
    ----------
    Wager, Wang and Liang, Dropout Training as Adaptive Regularization, NeurIPS 2013, section 2.
    """
    return p / (1 - p) * (x**2 @ W**2)


@requires(W=array(), p=number(least=0, below=1))
def weights_at_test_time(W: np.ndarray, p: float) -> np.ndarray:
    """Scale the weights out of units that were trained with plain dropout, for use at test time.

    It does to the next layer what scaling the units would do: with p = ½ a weight of 1 becomes ½.

    Parameters
    ----------
    W : ndarray, any shape
        Weights that the dropped units feed; biases stay as they are.
    p : float
        Drop rate in training, 0 or more and less than 1.

    Returns
    -------
    ndarray of W's shape
        (1 − p)·W. Whole numbers are taken for what they are.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15 (2014), section 4.
    """
    return (1 - p) * W


@requires(n=count(least=1, most=20))
def all_masks(n: int) -> np.ndarray:
    """List every way to keep or drop n units: each is one of the 2ⁿ networks inside the network.

    Parameters
    ----------
    n : int
        1 to 20: there are over a million masks for 20 units.

    Returns
    -------
    ndarray (2ⁿ, n)
        0 for dropped and 1 for kept; row i is i in binary, so row 0 drops all.

    References
    ----------
    Srivastava, Hinton, Krizhevsky, Sutskever and Salakhutdinov, JMLR 15 (2014), section 1.
    """
    numbers = np.arange(2**n)[:, None]
    return (numbers >> np.arange(n)[::-1]) % 2 * 1.0


@requires(masks=matrix("M", "n"), p=number(least=0, below=1))
def mask_probabilities(masks: np.ndarray, p: float) -> np.ndarray:
    """How likely dropout is to draw each mask: (1 − p) for each unit kept, p for each dropped.

    Parameters
    ----------
    masks : ndarray (M, n)
        0 for dropped and 1 for kept, as floats or integers.
    p : float
        Drop rate, 0 or more and less than 1.

    Returns
    -------
    ndarray (M,)
        Over all masks they sum to 1; with p = ½ they are all alike.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.12.
    """
    return (masks * (1 - p) + (1 - masks) * p).prod(axis=1)


@requires(f=function(), x=vector("n"), p=number(least=0, below=1))
def ensemble_average(
    f: "Callable[[np.ndarray], np.ndarray]", x: np.ndarray, p: float
) -> np.ndarray:
    """Average what all 2ⁿ thinned networks say, exactly, each weighted by its probability.

    Parameters
    ----------
    f : callable
        The rest of the network: maps rows of unit outputs (M, n) to outputs (M,) or (M, C).
    x : ndarray (n,)
        Outputs of the units before dropout; n is at most 20.
    p : float
        Drop rate, 0 or more and less than 1.

    Returns
    -------
    float or ndarray (C,)
        Σₘ P(m)·f(m ⊙ x). For a linear f it is f((1 − p)·x); otherwise only nearly so.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 7.52.
    """
    masks = all_masks(len(x)).astype(np.result_type(x, np.float32))  # single stays single
    return mask_probabilities(masks, p) @ f(masks * x)


@requires(f=function(), x=vector("n"), p=number(least=0, below=1))
def geometric_ensemble(f: "Callable[[np.ndarray], np.ndarray]", x: np.ndarray, p: float) -> float:
    """Combine the 2ⁿ thinned networks' probabilities by their normalised geometric mean.

    Of a single sigmoid unit it is exactly the network with scaled weights.

    Parameters
    ----------
    f : callable
        The rest of the network: maps rows of unit outputs (M, n) to the probabilities (M,) of
        class 1, strictly between 0 and 1. The result is as exact as 1 − f is: beyond a score of
        36 a sigmoid has rounded to 1, and has no digits left to say how far from 1 it was.
    x : ndarray (n,)
        Outputs of the units before dropout; n is at most 20.
    p : float
        Drop rate, 0 or more and less than 1.

    Returns
    -------
    float
        G₁/(G₀ + G₁), where G₁ = Πₘ f(m ⊙ x)^P(m) and G₀ is the same for 1 − f.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), eq. 7.53 to 7.55.
    """
    masks = all_masks(len(x))
    probabilities, outputs = mask_probabilities(masks, p), f(masks * x)
    yes = np.exp(probabilities @ np.log(outputs))
    no = np.exp(probabilities @ np.log(1 - outputs))
    return float(yes / (no + yes))


@requires(f=function(), x=vector("n"), p=number(least=0, below=1))
def geometric_ensemble_of_scores(
    f: "Callable[[np.ndarray], np.ndarray]", x: np.ndarray, p: float
) -> float:
    """The same ensemble from scores instead of probabilities: right however sure the networks are.

    It is what `geometric_ensemble` cannot say of saturated units.

    Parameters
    ----------
    f : callable
        The rest of the network up to its last sigmoid: maps rows of unit outputs (M, n) to the
        scores (M,) of class 1, whose sigmoid is the probability.
    x : ndarray (n,)
        Outputs of the units before dropout; n is at most 20.
    p : float
        Drop rate, 0 or more and less than 1.

    Returns
    -------
    float
        σ(Σₘ P(m)·f(m ⊙ x)): the logarithm of the odds is averaged.

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 7.12.
    """
    masks = all_masks(len(x))
    return float(sigmoid(mask_probabilities(masks, p) @ f(masks * x)))
