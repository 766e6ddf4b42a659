"""The real data of the course: digits to read, flowers to tell apart."""

import csv
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

HERE = Path(__file__).parent
BRIGHTEST = 16
"""The images count inked pixels in blocks of 4 × 4: each value is 0 to 16."""


def load_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return 1,797 handwritten digits, always in the same order.

    Returns
    -------
    images : ndarray (1797, 64)
        One image per row, its 8 rows of pixels one after the other, scaled to [0, 1].
    labels : ndarray of int (1797,)
        The digit that each image shows, 0 to 9.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, 1998, https://doi.org/10.24432/C50P49 (see LICENSE-digits.md).
    """
    with np.load(HERE / "digits.npz") as stored:
        return stored["images"] / BRIGHTEST, stored["labels"].astype(np.int64)


def load_iris() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return 150 iris flowers, 50 of each species, always in the same order.

    Returns
    -------
    measurements : ndarray (150, 4)
        Length and width of a sepal, length and width of a petal, in centimetres.
    species : ndarray of int (150,)
        0 is Iris setosa, 1 versicolor, 2 virginica.

    References
    ----------
    R. A. Fisher, "The use of multiple measurements in taxonomic problems", Annals of Eugenics 7,
    1936 (see LICENSE-iris.md).
    """
    with (HERE / "iris.csv").open(encoding="utf-8", newline="") as table:
        _, *flowers = csv.reader(table)
    names = sorted({name for *_, name in flowers})
    measured = np.array([[float(number) for number in numbers] for *numbers, _ in flowers])
    return measured, np.array([names.index(name) for *_, name in flowers])
