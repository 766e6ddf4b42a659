"""Cascade-correlation: a network that grows hidden units, one at a time, where it still errs.

Features F (N, D) are all that a new unit can see: a column of ones, the inputs x and every unit
installed before. A unit is its weight vector w, its value V = tanh(F @ w); the output is linear.
"""

from typing import NamedTuple

import numpy as np

from reference_impl.validation import (
    count,
    generator,
    matrix,
    number,
    parts,
    requires,
    solvable,
    unit_list,
    vector,
)


class Cascade(NamedTuple):
    """A grown network: the units' weights, each one longer than the last, and the output's."""

    units: tuple[np.ndarray, ...]
    output: np.ndarray


@requires(x=matrix("N", "D"), units=unit_list("D"))
def cascade_features(x: np.ndarray, units: tuple[np.ndarray, ...]) -> np.ndarray:
    """Everything the next unit and the output can see: ones, the inputs, the units so far.

    Parameters
    ----------
    x : ndarray (N, D)
    units : tuple of U ndarrays, of lengths D + 1, D + 2, ...
        Installed units, in order; their weights are frozen.

    Returns
    -------
    ndarray (N, 1 + D + U)

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524.
    """
    features = np.hstack([np.ones_like(x[:, :1]), x])
    for w in units:
        features = np.hstack([features, np.tanh(features @ w)[:, None]])
    return features


@requires(features=matrix("N", "F"), residuals=matrix("N", "C"), w=vector("F"))
def candidate_correlation(
    features: np.ndarray, residuals: np.ndarray, w: np.ndarray
) -> tuple[float, np.ndarray]:
    """Score of a candidate, S = Σ_o |Σ_p (V_p − V̄)(E_{p,o} − Ē_o)|, and its gradient.

    Parameters
    ----------
    features : ndarray (N, F)
    residuals : ndarray (N, C)
        The errors E of the network so far.
    w : ndarray (F,)
        The candidate's weights; V = tanh(features @ w).

    Returns
    -------
    score : float
        S, a covariance (the name correlation is the authors').
    gradient : ndarray (F,)
        ∂S/∂w: each output counts with the sign of its own covariance.

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524.
    """
    V = np.tanh(features @ w)
    centred = residuals - residuals.mean(axis=0)
    covariances = (V - V.mean()) @ centred
    dV = centred @ np.sign(covariances)
    return np.abs(covariances).sum(), features.T @ (dV * (1 - V**2))


@requires(features=matrix("N", "F"), residuals=matrix("N", "C"), w=vector("F"), steps=count())
def train_candidate(
    features: np.ndarray, residuals: np.ndarray, w: np.ndarray, steps: int
) -> tuple[np.ndarray, np.ndarray]:
    """Climb S with a rate that grows by half after a step up and is halved instead of a step down.

    Parameters
    ----------
    features : ndarray (N, F)
    residuals : ndarray (N, C)
    w : ndarray (F,)
        The start.
    steps : int
        Number of attempted steps.

    Returns
    -------
    w : ndarray (F,)
    scores : ndarray (steps + 1,)
        S at the start and after each attempt; it never falls.

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524 (they climb
    with quickprop).
    """
    score, gradient = candidate_correlation(features, residuals, w)
    rate, scores = 1 / len(features), [score]
    for _ in range(steps):
        tried = w + rate * gradient
        tried_score, tried_gradient = candidate_correlation(features, residuals, tried)
        if tried_score > score:
            w, score, gradient, rate = tried, tried_score, tried_gradient, 1.5 * rate
        else:
            rate = rate / 2
        scores.append(score)
    return w, np.array(scores)


@requires(features=solvable(matrix("N", "F")), y=solvable(matrix("N", "C")))
def cascade_output(features: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Best output weights for these features: linear least squares.

    Parameters
    ----------
    features : ndarray (N, F)
    y : ndarray (N, C)
        Targets.

    Returns
    -------
    ndarray (F, C)
        Where many solutions fit equally well, the smallest of them.

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524 (they use
    the delta rule or quickprop).
    """
    return np.linalg.lstsq(features, y, rcond=None)[0]


@requires(
    features=matrix("N", "F"),
    residuals=matrix("N", "C"),
    candidates=count(least=1),
    steps=count(),
    rng=generator(),
)
def best_candidate(
    features: np.ndarray,
    residuals: np.ndarray,
    candidates: int,
    steps: int,
    rng: np.random.Generator,
) -> np.ndarray:
    """Train a pool of candidates from random starts and keep the one of highest S.

    Parameters
    ----------
    features : ndarray (N, F)
    residuals : ndarray (N, C)
    candidates, steps : int
        Size of the pool, and attempts for each of its members.
    rng : numpy.random.Generator
        Draws each start from the standard normal distribution.

    Returns
    -------
    ndarray (F,)

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524.
    """
    starts = rng.normal(size=(candidates, features.shape[1])).astype(features.dtype)
    trained = [train_candidate(features, residuals, w, steps) for w in starts]
    reached = np.nan_to_num([scores[-1] for _, scores in trained], nan=-1)  # else S is at least 0
    return trained[reached.argmax()][0]


@requires(
    x=matrix("N", "D"),
    y=matrix("N", "C"),
    max_units=count(),
    tolerance=number(least=0),
    patience=count(least=1),
    candidates=count(least=1),
    steps=count(),
    rng=generator(),
)
def cascade_grow(
    x: np.ndarray,
    y: np.ndarray,
    max_units: int,
    tolerance: float,
    patience: int,
    candidates: int,
    steps: int,
    rng: np.random.Generator,
) -> tuple[Cascade, np.ndarray]:
    """Fit the output, then install the best candidate and refit, until the error is small enough.

    Parameters
    ----------
    x : ndarray (N, D)
    y : ndarray (N, C)
        Targets.
    max_units : int
        Never install more units than this.
    tolerance : float
        Stop when the mean squared error is no larger.
    patience : int
        Stop when this many units in a row have together taken less than a hundredth off the error.
    candidates, steps : int
        See `best_candidate`.
    rng : numpy.random.Generator

    Returns
    -------
    network : Cascade
        The units, each frozen when installed, and the output weights (1 + D + U, C).
    errors : ndarray (U + 1,)
        Mean squared error without units and after each installation; it never rises.

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524.
    """
    units: tuple[np.ndarray, ...] = ()
    errors: list[float] = []
    while True:
        features = cascade_features(x, units)
        output = cascade_output(features, y)
        residuals = features @ output - y
        errors.append(np.mean(residuals**2))
        stale = len(units) >= patience and errors[-1] > 0.99 * errors[-1 - patience]
        if errors[-1] <= tolerance or stale or len(units) == max_units:
            return Cascade(units, output), np.array(errors)
        units = (*units, best_candidate(features, residuals, candidates, steps, rng))


@requires(x=matrix("N", "D"), network=parts(unit_list("D"), matrix("_", "C")))
def cascade_predict(x: np.ndarray, network: Cascade) -> np.ndarray:
    """Output of a grown network.

    Parameters
    ----------
    x : ndarray (N, D)
    network : Cascade
        From `cascade_grow`.

    Returns
    -------
    ndarray (N, C)

    References
    ----------
    Fahlman and Lebiere, Advances in Neural Information Processing Systems 2 (1990) 524.
    """
    return cascade_features(x, network.units) @ network.output
