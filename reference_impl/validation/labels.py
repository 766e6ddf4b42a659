"""Rules for class labels."""

from typing import Any

import numpy as np

from reference_impl.validation.rules import Rule, Sizes, sized


def class_labels(size: str, classes: str) -> Rule:
    """A vector of whole numbers from 0 to `classes` - 1, a size that an earlier rule has set."""
    fits = sized(size)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        fits(name, value, sizes)
        if value.dtype.kind not in "iu":
            raise ValueError(f"{name} has dtype {value.dtype}, expected integers")
        if np.minimum.reduce(value) < 0 or np.maximum.reduce(value) >= sizes[classes]:
            span = f"{value.min()} to {value.max()}"
            raise ValueError(f"{name} runs from {span}, expected 0 to {sizes[classes] - 1}")

    return check


def sequence_labels(rows: str, steps: str, classes: str) -> Rule:
    """A matrix of class labels, one for each step of each sequence; see `class_labels`."""
    fits, labels = sized(rows, steps), class_labels("_", classes)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        fits(name, value, sizes)
        labels(name, value.ravel(), sizes)

    return check


def binary_labels(size: str) -> Rule:
    """A vector whose entries are all 0 or 1."""
    fits = sized(size)

    def check(name: str, value: Any, sizes: Sizes) -> None:
        fits(name, value, sizes)
        if wrong := sorted(set(value.tolist()) - {0, 1}):
            raise ValueError(f"{name} holds {wrong[0]}, expected only 0 and 1")

    return check
