"""Competitive learning: units compete for each input, the winner takes all and learns.

Prototypes (K, D) are the units' weights, x (N, D) inputs of any real numbers. Grossberg's answer
to units that forget, adaptive resonance, is here in the form of real inputs: the winner is the
nearest, and it learns only if the input is similar enough; if not, a unit is added.
"""

import numpy as np

from reference_impl.validation import (
    count,
    generator,
    matrix,
    number,
    requires,
    table,
    vector,
)


@requires(x=vector("D"), prototypes=matrix("K", "D"), rate=number(least=0, most=1))
def competitive_step(x: np.ndarray, prototypes: np.ndarray, rate: float) -> tuple[int, np.ndarray]:
    """Show one input: the unit with the nearest prototype wins and moves towards it.

    Parameters
    ----------
    x : ndarray (D,)
    prototypes : ndarray (K, D)
    rate : float
        From 0 (nothing moves) to 1 (the winner becomes x).

    Returns
    -------
    winner : int
        The first of equally near ones.
    prototypes : ndarray (K, D)
        The winner's row is w + rate · (x − w); all others stay.

    References
    ----------
    Rumelhart and Zipser, Cognitive Science 9 (1985) 75.
    """
    winner = int(np.linalg.norm(x - prototypes, axis=1).argmin())
    moved = prototypes.copy()
    moved[winner] += rate * (x - moved[winner])
    return winner, moved


@requires(
    x=matrix("N", "D"),
    prototypes=matrix("K", "D"),
    rate=number(least=0, most=1),
    steps=count(),
    rng=generator(),
)
def competitive_train(
    x: np.ndarray, prototypes: np.ndarray, rate: float, steps: int, rng: np.random.Generator
) -> np.ndarray:
    """Show random examples; each prototype drifts to the middle of those that it wins.

    Parameters
    ----------
    x : ndarray (N, D)
    prototypes : ndarray (K, D)
        The start, such as K of the examples: a unit far from all of them never wins.
    rate : float
        Learning rate of the first step, 0 to 1; it falls to 0 in a straight line.
    steps : int
        How many examples are shown.
    rng : numpy.random.Generator
        Draws the example of each step.

    Returns
    -------
    ndarray (K, D)

    References
    ----------
    Rumelhart and Zipser, Cognitive Science 9 (1985) 75.
    """
    for t in range(steps):
        shown = x[rng.integers(len(x))]
        _, prototypes = competitive_step(shown, prototypes, rate * (1 - t / steps))
    return prototypes


@requires(
    x=vector("D"),
    prototypes=table("D"),
    vigilance=number(least=0, most=1),
    rate=number(least=0, most=1),
)
def art_present(
    x: np.ndarray, prototypes: np.ndarray, vigilance: float, rate: float
) -> tuple[int, np.ndarray]:
    """Show one input: the nearest prototype learns it if it is similar enough, or one is added.

    Distance decides who wins, d = ‖x − w‖; similarity, exp(−d), whether the winner may learn.

    Parameters
    ----------
    x : ndarray (D,)
    prototypes : ndarray (K, D)
        K may be 0.
    vigilance : float
        ρ, from 0 to 1: accepted is a similarity above it.
    rate : float
        From 0 to 1, as for `competitive_step`.

    Returns
    -------
    category : int
        Row of the winner, or of the new prototype.
    prototypes : ndarray (K, D) or (K + 1, D)
        The winner has moved; a new prototype is the input itself.

    References
    ----------
    Carpenter, Grossberg and Rosen, Neural Networks 4 (1991) 759, in the simplified form of Zhou,
    Machine Learning (2021), section 5.5.2.
    """
    distances = np.linalg.norm(x - prototypes, axis=1)
    if len(prototypes) == 0 or np.exp(-distances.min()) <= vigilance:
        return len(prototypes), np.vstack([prototypes, x])
    return competitive_step(x, prototypes, rate)


@requires(
    x=matrix("N", "D"),
    vigilance=number(least=0, most=1),
    rate=number(least=0, most=1),
    epochs=count(least=1),
)
def art_train(
    x: np.ndarray, vigilance: float, rate: float, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Show all inputs in order, several times, starting without any category.

    Parameters
    ----------
    x : ndarray (N, D)
    vigilance : float
        From 0 (one category for all) to 1 (one for every input): higher means more and finer.
    rate : float
        From 0 to 1, as for `competitive_step`.
    epochs : int
        1 or more.

    Returns
    -------
    prototypes : ndarray (K, D)
    categories : ndarray of int (epochs, N)
        The category of each input when it was shown.

    References
    ----------
    Zhou, Machine Learning (2021), section 5.5.2.
    """
    prototypes = x[:0]
    categories = np.empty((epochs, len(x)), dtype=int)
    for epoch in range(epochs):
        for n, row in enumerate(x):
            categories[epoch, n], prototypes = art_present(row, prototypes, vigilance, rate)
    return prototypes, categories
