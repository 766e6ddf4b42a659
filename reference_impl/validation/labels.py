"""Rules for class labels and other whole numbers that count something out: they stay what they are.

They come as any type of whole numbers and are handed on as indices.
"""

from typing import Any

import numpy as np

from reference_impl.validation.conversion import as_integers
from reference_impl.validation.rules import Rule, Sizes, sized


def class_labels(size: str, classes: str) -> Rule:
    """A vector of whole numbers from 0 to `classes` - 1, a size that an earlier rule has set."""
    fits = sized(size, read=as_integers)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = fits(name, value, sizes)
        # Read without its sign a negative number is larger than any class: one look finds both.
        if np.maximum.reduce(found.view(np.uintp)) >= sizes[classes]:
            span = f"{found.min()} to {found.max()}"
            raise ValueError(f"{name} runs from {span}, expected 0 to {sizes[classes] - 1}")
        return found

    return check


def integers(size: str) -> Rule:
    """A vector of whole numbers, whichever: labels that are only passed on."""
    fits = sized(size, read=as_integers)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        return fits(name, value, sizes)

    return check


def indices(size: str, of: str) -> Rule:
    """A vector of row numbers, from 0 to `of` - 1."""
    return class_labels(size, of)


def permutation(size: str) -> Rule:
    """A vector of the numbers from 0 to `size` - 1 in any order; an earlier rule has set `size`."""
    within = class_labels(size, size)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = within(name, value, sizes)
        if len(np.unique(found)) < len(found):
            raise ValueError(f"{name} is {found}, expected every number once")
        return found

    return check


def sequence_labels(rows: str, steps: str, classes: str) -> Rule:
    """A matrix of class labels, one for each step of each sequence; see `class_labels`."""
    fits, labels = sized(rows, steps, read=as_integers), class_labels("_", classes)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        found = fits(name, value, sizes)
        labels(name, found.ravel(), sizes)
        return found

    return check


def binary_labels(size: str) -> Rule:
    """A vector whose entries are all 0 or 1, of any type."""
    fits = sized(size)

    def check(name: str, value: Any, sizes: Sizes) -> Any:
        fits(name, value, sizes)
        if wrong := sorted(set(value.tolist()) - {0, 1}):
            raise ValueError(f"{name} holds {wrong[0]}, expected only 0 and 1")
        return np.asarray(value).astype(np.intp, copy=False)

    return check
