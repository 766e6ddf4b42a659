"""ART1: categories of binary patterns that stay stable while new ones can still be learned.

An input I (D,) and each prototype w are rows of zeros and ones; prototypes (K, D) starts empty,
K = 0. |I| counts ones, I ∧ w is the logical and. Fast learning: one presentation is enough.
"""

import numpy as np

from reference_impl.validation import (
    count,
    matrix,
    not_all_zero,
    number,
    requires,
    rows_not_zero,
    table,
    vector,
    zeros_and_ones,
)


@requires(
    pattern=not_all_zero(zeros_and_ones(vector("D"))),
    prototypes=zeros_and_ones(table("D")),
    L=number(above=1),
)
def art1_choice(pattern: np.ndarray, prototypes: np.ndarray, L: float) -> np.ndarray:
    """How strongly the input calls each category: L · |I ∧ w| / (L − 1 + |w|).

    Parameters
    ----------
    pattern : ndarray (D,)
        The input I: zeros and ones, at least one of them 1.
    prototypes : ndarray (K, D)
        Zeros and ones; K may be 0.
    L : float
        Greater than 1. Of two prototypes inside I the larger wins, but the denominator keeps a
        large prototype from winning merely because it has many ones.

    Returns
    -------
    ndarray (K,)

    References
    ----------
    Carpenter and Grossberg, Computer Vision, Graphics, and Image Processing 37 (1987) 54.
    """
    return L * (prototypes @ pattern) / (L - 1 + prototypes.sum(axis=1))


@requires(pattern=not_all_zero(zeros_and_ones(vector("D"))), prototypes=zeros_and_ones(table("D")))
def art1_match(pattern: np.ndarray, prototypes: np.ndarray) -> np.ndarray:
    """Share of the input that each prototype explains: |I ∧ w| / |I|, to compare with vigilance.

    Parameters
    ----------
    pattern : ndarray (D,)
        The input I: zeros and ones, at least one of them 1.
    prototypes : ndarray (K, D)
        Zeros and ones; K may be 0.

    Returns
    -------
    ndarray (K,)
        From 0 to 1; the denominator is |I|, not |w|.

    References
    ----------
    Carpenter and Grossberg, Computer Vision, Graphics, and Image Processing 37 (1987) 54.
    """
    return prototypes @ pattern / pattern.sum()


@requires(
    pattern=not_all_zero(zeros_and_ones(vector("D"))),
    prototypes=zeros_and_ones(table("D")),
    vigilance=number(least=0, most=1),
    L=number(above=1),
    capacity=count(least=1),
)
def art1_present(
    pattern: np.ndarray, prototypes: np.ndarray, vigilance: float, L: float, capacity: int
) -> tuple[int, np.ndarray, list[int]]:
    """Show one input: search the categories, learn in the first that matches, or open a new one.

    The search goes by falling choice (the older category first among equals). A category whose
    match is below the vigilance is reset: it is out for this input, and only for this one. So is,
    at any vigilance, one that shares nothing with the input, whose prototype would be erased: in
    the paper, too, a new category calls louder than one without any overlap.

    Parameters
    ----------
    pattern : ndarray (D,)
        The input I: zeros and ones, at least one of them 1.
    prototypes : ndarray (K, D)
        Zeros and ones; K may be 0.
    vigilance : float
        0 to 1: the smallest match |I ∧ w|/|I| that is accepted, if there is any.
    L : float
        Greater than 1; see `art1_choice`.
    capacity : int
        The largest number of categories.

    Returns
    -------
    category : int
        Its row in the prototypes; −1 if none matches and there is no room for another.
    prototypes : ndarray (K, D) or (K + 1, D)
        The winner's row is now w ∧ I; a new category is the input itself.
    reset : list of int
        The categories that were tried and reset, in order.

    References
    ----------
    Carpenter and Grossberg, Computer Vision, Graphics, and Image Processing 37 (1987) 54.
    """
    match = art1_match(pattern, prototypes)
    reset: list[int] = []
    for j in np.argsort(-art1_choice(pattern, prototypes, L), kind="stable").tolist():
        if match[j] >= vigilance and match[j] > 0:
            learned = prototypes.copy()
            learned[j] *= pattern
            return j, learned, reset
        reset.append(j)
    if len(prototypes) == capacity:
        return -1, prototypes.copy(), reset
    return len(prototypes), np.vstack([prototypes, pattern]), reset


@requires(
    x=rows_not_zero(zeros_and_ones(matrix("N", "D"))),
    vigilance=number(least=0, most=1),
    L=number(above=1),
    capacity=count(least=1),
    epochs=count(least=1),
)
def art1_train(
    x: np.ndarray, vigilance: float, L: float, capacity: int, epochs: int
) -> tuple[np.ndarray, np.ndarray]:
    """Show all inputs in order, several times, starting without any category.

    Parameters
    ----------
    x : ndarray (N, D)
        Inputs: zeros and ones, no row all zeros.
    vigilance : float
        0 to 1: higher means more and finer categories.
    L : float
        Greater than 1; see `art1_choice`.
    capacity : int
        The largest number of categories.
    epochs : int
        1 or more.

    Returns
    -------
    prototypes : ndarray (K, D)
    categories : ndarray of int (epochs, N)
        The category of each input when it was shown; −1 for none.

    References
    ----------
    Carpenter and Grossberg, Computer Vision, Graphics, and Image Processing 37 (1987) 54.
    """
    prototypes = np.empty((0, x.shape[1]), dtype=x.dtype)
    categories = np.empty((epochs, len(x)), dtype=int)
    for epoch in range(epochs):
        for n, pattern in enumerate(x):
            found = art1_present(pattern, prototypes, vigilance, L, capacity)
            categories[epoch, n], prototypes, _ = found
    return prototypes, categories
