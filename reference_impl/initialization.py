"""Where training starts: random weights of the right size, and how to see that the size is right.

Every initialiser returns W (n_in, n_out) for z = x @ W + b; fan-in is n_in, the number of terms
that each z adds up.
"""

from collections.abc import Callable

import numpy as np

from reference_impl.validation import (
    choice,
    count,
    counts,
    function,
    generator,
    matrix,
    number,
    requires,
    weight_list,
)


@requires(n_in=count(least=1), n_out=count(least=1))
def zeros(n_in: int, n_out: int) -> np.ndarray:
    """Start every weight at 0: the mistake to learn from, for then all units stay twins.

    Parameters
    ----------
    n_in, n_out : int
        Inputs and units of the layer.

    Returns
    -------
    ndarray (n_in, n_out)

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.4.
    """
    return np.zeros((n_in, n_out))


@requires(rng=generator(), n_in=count(least=1), n_out=count(least=1), scale=number(least=0))
def scaled_gaussian(
    rng: np.random.Generator, n_in: int, n_out: int, scale: float = 0.01
) -> np.ndarray:
    """Draw normal weights of one standard deviation, whatever the size of the layer.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_in, n_out : int
        Inputs and units of the layer.
    scale : float
        Standard deviation of the weights, not negative.

    Returns
    -------
    ndarray (n_in, n_out)

    References
    ----------
    Stanford CS231n (2016), lecture 5.
    """
    return scale * rng.normal(size=(n_in, n_out))


@requires(
    rng=generator(),
    n_in=count(least=1),
    n_out=count(least=1),
    form=choice("average", "fan_in"),
)
def xavier_normal(
    rng: np.random.Generator, n_in: int, n_out: int, form: str = "average"
) -> np.ndarray:
    """Draw normal weights that keep the size of signals through tanh layers, forward and back.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_in, n_out : int
        Inputs and units of the layer.
    form : {"average", "fan_in"}
        "average": variance 2/(n_in + n_out), as in the paper. "fan_in": variance 1/n_in, as in
        CS231n, which looks at the forward pass only. They agree for a square layer.

    Returns
    -------
    ndarray (n_in, n_out)

    References
    ----------
    Glorot and Bengio, AISTATS (2010), eq. 12; Stanford CS231n (2016), lecture 5.
    """
    variance = 2 / (n_in + n_out) if form == "average" else 1 / n_in
    return np.sqrt(variance) * rng.normal(size=(n_in, n_out))


@requires(
    rng=generator(),
    n_in=count(least=1),
    n_out=count(least=1),
    form=choice("average", "fan_in"),
)
def xavier_uniform(
    rng: np.random.Generator, n_in: int, n_out: int, form: str = "average"
) -> np.ndarray:
    """Draw uniform weights with the variance of `xavier_normal`.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_in, n_out : int
        Inputs and units of the layer.
    form : {"average", "fan_in"}
        "average": between ±√(6/(n_in + n_out)); "fan_in": between ±√(3/n_in).

    Returns
    -------
    ndarray (n_in, n_out)

    References
    ----------
    Glorot and Bengio, AISTATS (2010), eq. 16.
    """
    variance = 2 / (n_in + n_out) if form == "average" else 1 / n_in
    limit = np.sqrt(3 * variance)  # a uniform distribution on ±limit has variance limit²/3
    return rng.uniform(-limit, limit, size=(n_in, n_out))


@requires(rng=generator(), n_in=count(least=1), n_out=count(least=1))
def he_normal(rng: np.random.Generator, n_in: int, n_out: int) -> np.ndarray:
    """Draw normal weights that keep the size of signals through ReLU layers: variance 2/n_in.

    A ReLU halves the mean square of what it is fed; the 2 makes up for it.

    Parameters
    ----------
    rng : numpy.random.Generator
    n_in, n_out : int
        Inputs and units of the layer.

    Returns
    -------
    ndarray (n_in, n_out)

    References
    ----------
    He, Zhang, Ren and Sun, ICCV (2015), eq. 10.
    """
    return np.sqrt(2 / n_in) * rng.normal(size=(n_in, n_out))


@requires(n_out=count(least=1), value=number(least=0))
def positive_bias(n_out: int, value: float = 0.01) -> np.ndarray:
    """Start the biases of ReLUs a little above 0, so that more of them fire at first.

    Parameters
    ----------
    n_out : int
        Units of the layer.
    value : float
        Not negative.

    Returns
    -------
    ndarray of float (n_out,)

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.4.
    """
    return np.full(n_out, float(value))


@requires(sizes=counts(length=2), initialise=function())
def initialise_layers(
    sizes: list[int], initialise: "Callable[[int, int], np.ndarray]"
) -> list[np.ndarray]:
    """Draw the weights of every layer of a network, one after the other.

    Parameters
    ----------
    sizes : list of two or more int
        Units in each layer, the input layer first.
    initialise : callable
        Maps (n_in, n_out) to weights (n_in, n_out): `lambda i, o: he_normal(rng, i, o)`.

    Returns
    -------
    list of ndarrays (n_in, n_out)
        In layer order.

    References
    ----------
    Stanford CS231n (2016), lecture 5.
    """
    return [initialise(sizes[layer], sizes[layer + 1]) for layer in range(len(sizes) - 1)]


@requires(x=matrix("N", "D"), weights=weight_list(first="D"), activation=function())
def activation_statistics(
    x: np.ndarray, weights: list[np.ndarray], activation: "Callable[[np.ndarray], np.ndarray]"
) -> tuple[np.ndarray, np.ndarray]:
    """Send data through L layers without biases and record mean and spread of what comes out.

    Whole numbers in arrays are taken for what they are: no result is rounded.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs, one example per row.
    weights : list of L ndarrays (n_in, n_out)
    activation : callable
        Maps pre-activations (N, n_out) to outputs of the same shape.

    Returns
    -------
    means, stds : ndarrays (L,)
        Mean and standard deviation of the *outputs* of each layer, over examples and units.

    References
    ----------
    Stanford CS231n (2016), lecture 5; Glorot and Bengio, AISTATS (2010), section 3.
    """
    means, stds = [], []
    for W in weights:
        x = activation(x @ W)
        means.append(x.mean())
        stds.append(x.std())
    return np.array(means), np.array(stds)


@requires(W_in=matrix("D", "H"), W_out=matrix("H", "M"), tolerance=number(above=0))
def distinct_units(W_in: np.ndarray, W_out: np.ndarray, tolerance: float = 1e-6) -> int:
    """Count the different units of a hidden layer; twins do the same work and count once.

    Two units are twins if none of their weights, coming in or going out, differ by more than
    `tolerance`. (Whoever is the twin of a twin is a twin here: there are no borderline cases.)

    Parameters
    ----------
    W_in : ndarray (D, H)
        Weights into the H hidden units, one unit per column.
    W_out : ndarray (H, M)
        Weights out of the hidden units, one unit per row.
    tolerance : float
        Positive.

    Returns
    -------
    int

    References
    ----------
    Goodfellow, Bengio and Courville, Deep Learning (2016), section 8.4.
    """
    units = np.hstack([W_in.T, W_out])
    known: list[np.ndarray] = []
    for unit in units:
        if all(np.abs(unit - other).max() > tolerance for other in known):
            known.append(unit)
    return len(known)


@requires(sizes=counts(length=2), scale=number(least=0), activation=choice("linear", "relu"))
def predicted_rms(sizes: list[int], scale: float, activation: str) -> np.ndarray:
    """Foresee the root mean square of the outputs of each layer, for inputs of root mean square 1.

    All weights are drawn with mean 0 and standard deviation `scale`; biases are 0.

    Parameters
    ----------
    sizes : list of L + 1 int
        Units in each layer, the input layer first.
    scale : float
        Standard deviation of all weights, not negative.
    activation : {"linear", "relu"}
        "linear" is also what tanh does to small numbers; a ReLU halves the mean square.

    Returns
    -------
    ndarray (L,)
        Layer by layer, the square root of the expected mean square of the outputs.

    References
    ----------
    Glorot and Bengio, AISTATS (2010), eq. 5; He, Zhang, Ren and Sun, ICCV (2015), eq. 9.
    """
    kept = 0.5 if activation == "relu" else 1.0
    return np.cumprod(scale * np.sqrt(kept * np.array(sizes[:-1])))
