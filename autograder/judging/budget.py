"""Gradients by the count: what a training asks for is noted, and ends where the budget ends.

The function handed to the learner stays in the judge's process: nobody but it can count.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

import numpy as np

from autograder.judging.compare import Failed, as_array, describe

Tensors = dict[str, Any]
Shapes = dict[str, tuple[int | None, ...]]
"""Of named tensors; None stands for any size."""
Gradients = Callable[[Any, Any, Tensors], tuple[float, Tensors]]


class OverBudget(RuntimeError):
    """More was asked for than the budget allows."""


@dataclass
class Budget:
    """So many gradients, of so many examples each.

    Parameters
    ----------
    gradients : callable
        `gradients(images, labels, params)` returns the loss and its gradients, by name.
    steps, rows : int
        How often it may be asked, and how many examples at a time.
    """

    gradients: Gradients
    steps: int
    rows: int
    asked: list[tuple[Any, Any]] = field(default_factory=list)
    """Images and labels of each call."""
    start: Tensors = field(default_factory=dict)
    """The parameters of the first call."""

    def counted(self) -> Gradients:
        """The function to hand over."""

        def gradients(images: Any, labels: Any, params: Tensors) -> tuple[float, Tensors]:
            images, labels = np.asarray(images, dtype=float), np.asarray(labels)
            params = {name: np.asarray(value, dtype=float) for name, value in params.items()}
            if images.ndim != 2 or labels.shape != images.shape[:1]:
                raise OverBudget("one label for each row of images is needed")
            self.asked.append((images, labels))
            self.start = self.start or params
            if len(self.asked) > self.steps:
                raise OverBudget(f"the budget of {self.steps} gradients is used up")
            if len(images) > self.rows:
                raise OverBudget(f"at most {self.rows} examples at a time, not {len(images)}")
            return self.gradients(images, labels, params)

        return gradients


def tensors(answer: Any, shapes: Shapes) -> Tensors:
    """An answer's named arrays; raises `Failed` if one is missing or of another shape."""
    if not isinstance(answer, dict) or set(answer) != set(shapes):
        raise Failed(f"the result is {describe(answer)}, expected a dict of {', '.join(shapes)}")
    found = {name: as_array(answer[name], name) for name in shapes}
    for name, shape in shapes.items():
        sizes = zip(found[name].shape, shape, strict=False)
        if found[name].ndim != len(shape) or any(w not in (None, g) for g, w in sizes):
            raise Failed(f"{name} has shape {found[name].shape}, expected {shape}")
    return found
