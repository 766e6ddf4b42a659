"""Digits in disguise: as easy to learn as ever, and known by heart to nobody."""

from __future__ import annotations

import numpy as np

from autograder.data import load_digits
from autograder.judging.budget import Budget
from autograder.judging.compare import Array, Failed

FEWEST = 10
"""Gradients that anything worth the name of a training asks for."""


def disguised_digits(
    rng: np.random.Generator, train: int = 1200
) -> tuple[Array, Array, Array, Array]:
    """Digits to learn from and others to be read: pixels in another order, classes renamed.

    All images alike, so that they are as easy to learn; but weights that somebody knows by heart
    are of no use.
    """
    images, labels = load_digits()
    order, pixels, names = rng.permutation(len(images)), rng.permutation(64), rng.permutation(10)
    images, labels = images[order][:, pixels], names[labels[order]]
    return images[:train], labels[:train], images[train:], labels[train:]


def was_a_training(budget: Budget) -> None:
    """Raise `Failed` if more was asked for than the budget has, or next to nothing."""
    if len(budget.asked) > budget.steps:
        raise Failed(f"asked for more than {budget.steps} gradients")
    if len(budget.asked) < FEWEST:
        raise Failed(f"asked for {len(budget.asked)} gradients only: is this a training?")
