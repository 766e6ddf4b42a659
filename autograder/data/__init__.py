"""The handwritten digits on which the course's networks learn to read.

1,797 images of 8 × 8 pixels: the test set of the UCI "Optical Recognition of Handwritten Digits"
(see LICENSE-digits.md). Small enough to travel with the package and to train on in seconds.
"""

from pathlib import Path

import numpy as np
from numpy.typing import NDArray

BRIGHTEST = 16
"""The images count inked pixels in blocks of 4 × 4: each value is 0 to 16."""


def load_digits() -> tuple[NDArray[np.float64], NDArray[np.int64]]:
    """Return the digits, always in the same order.

    Returns
    -------
    images : ndarray (1797, 64)
        One image per row, its 8 rows of pixels one after the other, scaled to [0, 1].
    labels : ndarray of int (1797,)
        The digit that each image shows, 0 to 9.

    References
    ----------
    E. Alpaydin and C. Kaynak, "Optical Recognition of Handwritten Digits", UCI Machine Learning
    Repository, 1998, https://doi.org/10.24432/C50P49.
    """
    with np.load(Path(__file__).parent / "digits.npz") as stored:
        return stored["images"] / BRIGHTEST, stored["labels"].astype(np.int64)
