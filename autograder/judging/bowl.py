"""A training put to a bowl instead of real examples: what it asks for shows how it is built.

The gradients lead to a place close to where the training begins. Nothing of any network is in
them, so that a public check may hand them over.
"""

from __future__ import annotations

from typing import Any

import numpy as np

from autograder.judging.budget import Budget, OverBudget, Shapes, Tensors, tensors
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Array, Failed
from autograder.judging.exercise import Exercise
from autograder.judging.learner import LearnerFunction

STEPS, ROWS = 200, 50
FAR = 0.1
"""How far the lowest place is from the start, along each axis."""
OTHERWISE = {
    "asks": "it asks for no gradients",
    "keeps within the steps": "it asks for more gradients than it may",
    "keeps within the rows": f"it asks for the gradients of more than {ROWS} examples at a time",
    "has each label by its image": "an image and its label are not in the same row",
    "sees other examples each time": "it sees the same few examples again and again",
    "begins with unequal neurons": "the neurons of a layer are all alike when it begins",
    "begins with open scales": "its γ are all zero when it begins: nothing gets through",
    "arrives": f"it is not there after {STEPS} steps",
}
"""What is said of a training that does not."""


def opens(exercise: Exercise, shapes: Shapes, begins: str) -> None:
    """Register a training's public side: three checks in a bowl, and what diagnosis looks at.

    `begins` is the sentence about how it should begin.
    """

    def asks_as_agreed(f: LearnerFunction) -> None:
        names = "asks", "keeps within the steps", "keeps within the rows"
        demand(f, shapes, *names, "has each label by its image")

    def begins_well(f: LearnerFunction) -> None:
        names = "begins with unequal neurons", "begins with open scales"
        demand(f, shapes, *names, "sees other examples each time")

    def goes_downhill(f: LearnerFunction) -> None:
        demand(f, shapes, "arrives")

    sentences = {
        asks_as_agreed: "Asks for gradients, not too often and of not too many, each label beside "
        "its image.",
        begins_well: begins,
        goes_downhill: f"In a bowl whose lowest place is near the start, {STEPS} steps lead there.",
    }
    for check, sentence in sentences.items():
        check.__doc__ = sentence
        exercise.check(check)
    exercise.probe(some_digits)
    exercise.observe(lambda f: observed(f, shapes))


def some_digits(rng: np.random.Generator) -> tuple[Any, ...]:
    """The arguments of one call."""
    return arguments(20)


def marked_images(count: int = 120) -> tuple[Array, Array]:
    """Images that say their own number, and labels that follow from it."""
    number = np.arange(count)
    images = np.random.default_rng(0).uniform(0, 1, (count, 64))
    images[:, 0] = number / count
    return images, (7 * number) % 10


def bowl(steps: int, goal: Tensors) -> Budget:
    """Gradients by the count that lead to `goal`, which is filled in at the first call."""

    def gradients(images: Any, labels: Any, params: Tensors) -> tuple[float, Tensors]:
        for name, value in params.items():
            signs = np.where(np.arange(value.size).reshape(value.shape) % 3 == 0, -FAR, FAR)
            goal.setdefault(name, value + signs)
        away = {name: value - goal.get(name, value) for name, value in params.items()}
        return 0.5 * sum(float(np.sum(d**2)) for d in away.values()), away

    return Budget(gradients, steps, ROWS)


def arguments(steps: int = STEPS) -> tuple[Any, ...]:
    """What a training is called with: images, labels, gradients, steps, a generator."""
    return (*marked_images(), bowl(steps, {}).counted(), steps, np.random.default_rng(5))


def seen_in_a_bowl(f: LearnerFunction, shapes: Shapes) -> dict[str, bool]:
    """What a training does there, as yes and no; raises what keeps it from getting through."""
    goal: Tensors = {}
    budget = bowl(STEPS, goal)
    images, labels = marked_images()
    reply = f.reply(images, labels, budget.counted(), STEPS, np.random.default_rng(5))
    asked = [(np.rint(120 * x[:, 0]).astype(int), y) for x, y in budget.asked if x.shape[1] == 64]
    seen = {
        "asks": len(budget.asked) > 0,
        "keeps within the steps": len(budget.asked) <= STEPS,
        "keeps within the rows": all(len(y) <= ROWS for _, y in asked),
        "has each label by its image": all(np.array_equal(7 * n % 10, y) for n, y in asked),
        "sees other examples each time": len({tuple(sorted(n)) for n, _ in asked}) > STEPS // 20,
        "begins with unequal neurons": _unequal(budget.start),
        "begins with open scales": all(
            np.any(value) for name, value in budget.start.items() if name.startswith("gamma")
        ),
    }
    if reply.error is None:
        return seen | _way(tensors(reply.value, shapes), budget.start, goal)
    if reply.error.kind != OverBudget.__name__:
        raise reply.error
    return seen


def demand(f: LearnerFunction, shapes: Shapes, *wanted: str) -> None:
    """Raise `Failed` unless the training does all of this in a bowl."""
    seen = seen_in_a_bowl(f, shapes)
    for name in wanted:
        if not seen.get(name, False):
            raise Failed(OTHERWISE[name])


def observed(f: LearnerFunction, shapes: Shapes) -> list[Any]:
    """The same for diagnosis."""
    try:
        return [seen_in_a_bowl(f, shapes)]
    except LearnerError as error:
        return [{"raised": error.kind}]
    except Failed as failure:
        return [{"value": None if "None" in failure.message else failure.message}]


def _unequal(start: Tensors) -> bool:
    """Whether there are layers, and in each the neurons differ in what they are fed by."""
    layers = [value for value in start.values() if value.ndim == 2]
    return bool(layers) and all(np.ptp(W, axis=1).max() > 0 for W in layers)


def _way(end: Tensors, start: Tensors, goal: Tensors) -> dict[str, bool]:
    """Whether it came nearer to the goal, and where it went instead."""
    if set(goal) != set(end) or any(end[name].shape != goal[name].shape for name in end):
        return {"arrives": False}
    left = np.concatenate([np.ravel(end[name] - goal[name]) for name in sorted(goal)])
    moved = np.concatenate([np.ravel(end[name] - start[name]) for name in sorted(goal)])
    with np.errstate(all="ignore"):
        away, gone = float(np.abs(left).max()), float(np.abs(moved).max())
    return {
        "arrives": away < FAR / 2,
        "hardly moves": 0 < gone < FAR / 2,
        "stays where it began": gone == 0,
        "runs away": not away <= 1.1 * FAR,
    }
