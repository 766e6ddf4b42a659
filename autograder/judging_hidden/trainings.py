"""Trainings of learners on real digits, and trainings with one thing exchanged.

The digits are in disguise: as easy to learn as ever, and known by heart to nobody.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import numpy as np

from autograder.data import load_digits
from autograder.judging.bowl import ROWS
from autograder.judging.budget import Budget, Gradients, Shapes, Tensors, tensors
from autograder.judging.compare import Array, Failed
from autograder.judging.learner import LearnerFunction

FEWEST = 10
"""Gradients that anything worth the name of a training asks for."""


def shares_read(
    f: LearnerFunction,
    rng: np.random.Generator,
    trainings: int,
    gradients: Gradients,
    steps: int,
    shapes: Shapes,
    scores: Callable[[Array, Tensors, Array], Array],
) -> list[float]:
    """The shares of new digits that are read after so many trainings, in ascending order.

    Parameters
    ----------
    f
        The training: images, labels, gradients, steps and a generator to parameters.
    scores : callable
        `scores(unseen, params, images)` with the training's images.
    """
    found = []
    for _ in range(trainings):
        images, labels, unseen, truth = disguised_digits(rng)
        budget = Budget(gradients, steps, ROWS)
        own = np.random.default_rng(rng.integers(2**32))
        params = tensors(f(images, labels, budget.counted(), steps, own), shapes)
        _was_a_training(budget)
        with np.errstate(all="ignore"):
            read = scores(unseen, params, images).argmax(axis=1)
        found.append(float(np.mean(read == truth)))
    return sorted(found)


def reads(share: float, bar: float, what: str) -> None:
    """Raise `Failed` unless that share of new digits is read; NaN is not."""
    if not share >= bar:
        raise Failed(f"{what} {share:.1%} of the new digits are read right")


def slipped(
    first: Mapping[str, Any],
    images: Any,
    labels: Any,
    gradients: Gradients,
    steps: int,
    rng: np.random.Generator,
    *,
    rate: float,
    size: int = ROWS,
    mode: str = "",
) -> Mapping[str, Any]:
    """Plain descent from `first` with one thing exchanged: what students' trainings look like.

    `mode` is "same" (rows drawn once), "mixed" (labels of other rows), "twice" (two calls a step),
    "first" (hands back the start) or nothing.
    """
    params = first
    rows = rng.integers(len(images), size=size)
    for _ in range(steps):
        rows = rows if mode == "same" else rng.integers(len(images), size=size)
        others = rng.integers(len(images), size=size) if mode == "mixed" else rows
        _, grads = gradients(images[rows], labels[others], dict(params))
        if mode == "twice":
            _, grads = gradients(images[rows], labels[others], dict(params))
        params = {name: params[name] - rate * grads[name] for name in params}
    return first if mode == "first" else params


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


def _was_a_training(budget: Budget) -> None:
    """Raise `Failed` if more was asked for than the budget has, or next to nothing."""
    if len(budget.asked) > budget.steps:
        raise Failed(f"asked for more than {budget.steps} gradients")
    if len(budget.asked) < FEWEST:
        raise Failed(f"asked for {len(budget.asked)} gradients only: is this a training?")
