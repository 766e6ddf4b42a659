"""A training put to a bowl instead of digits: what it asks for shows how it is built."""

import numpy as np

from autograder.judging.budget import Budget, OverBudget, tensors
from autograder.judging.calls import LearnerError
from autograder.judging.compare import Failed

ROWS = 50
OTHERWISE = {
    "asks": "it asks for no gradients",
    "keeps within the steps": "it asks for more gradients than it may",
    "keeps within the rows": "it asks for the gradients of more than 50 examples at a time",
    "has each label by its image": "labels and images that belong together are not in the same row",
    "sees other examples each time": "it sees the same few examples again and again",
    "begins with unequal neurons": "its hidden neurons are all alike when it begins",
    "arrives": "it is not there after 200 steps",
}
"""What is said of a training that does not."""
SHAPES = {"W1": (64, None), "b1": (None,), "W2": (None, 10), "b2": (10,)}


def bowl(steps):
    """A budget of gradients that lead to a place 0.1 beside where the training begins."""
    goal = {}

    def gradients(images, labels, params):
        for name, value in params.items():
            signs = np.where(np.arange(value.size).reshape(value.shape) % 3 == 0, -0.1, 0.1)
            goal.setdefault(name, value + signs)
        away = {name: value - goal[name] for name, value in params.items()}
        return 0.5 * sum(float(np.sum(d**2)) for d in away.values()), away

    return Budget(gradients, steps, ROWS), goal


def marked_images(count=120):
    """Images that say their own number, and labels that follow from it."""
    number = np.arange(count)
    images = np.random.default_rng(0).uniform(0, 1, (count, 64))
    images[:, 0] = number / count
    return images, (7 * number) % 10


def seen_on_the_bowl(f, steps=200):
    """What a training does there, as yes and no; raises what keeps it from getting through."""
    budget, goal = bowl(steps)
    images, labels = marked_images()
    reply = f.reply(images, labels, budget.counted(), steps, np.random.default_rng(5))
    asked = [(np.rint(120 * x[:, 0]).astype(int), y) for x, y in budget.asked if x.shape[1] == 64]
    seen = {
        "asks": len(budget.asked) > 0,
        "keeps within the steps": len(budget.asked) <= steps,
        "keeps within the rows": all(len(y) <= ROWS for _, y in asked),
        "has each label by its image": all(np.array_equal(7 * n % 10, y) for n, y in asked),
        "sees other examples each time": len({tuple(sorted(n)) for n, _ in asked}) > steps // 20,
        "begins with unequal neurons": _unequal(budget.start),
    }
    if reply.error is not None:
        if reply.error.kind != OverBudget.__name__:
            raise reply.error
        return seen
    return seen | _way(tensors(reply.value, SHAPES), budget.start, goal)


def _unequal(start):
    """Whether the hidden neurons differ in what they see and in what they say."""
    if not {"W1", "W2"} <= set(start):
        return False
    return bool(np.ptp(start["W1"], axis=1).max() > 0 and np.ptp(start["W2"], axis=0).max() > 0)


def _way(end, start, goal):
    """Whether it came nearer to the goal, and where it went instead."""
    if not goal or any(np.shape(end[name]) != np.shape(goal[name]) for name in end):
        return {"arrives": False}
    left = np.concatenate([np.ravel(end[name] - goal[name]) for name in sorted(goal)])
    moved = np.concatenate([np.ravel(end[name] - start[name]) for name in sorted(goal)])
    with np.errstate(all="ignore"):
        away = float(np.abs(left).max())
    return {
        "arrives": away < 0.05,
        "hardly moves": bool(0 < np.abs(moved).max() < 0.05),
        "stays where it began": bool(np.abs(moved).max() == 0),
        "runs away": not away <= 0.11,
    }


def demand(f, *wanted):
    """`Failed` unless the training on the bowl does all of this."""
    try:
        seen = seen_on_the_bowl(f)
    except LearnerError as error:
        raise Failed(error.sentence()) from None
    for name in wanted:
        if not seen.get(name, False):
            raise Failed(OTHERWISE[name])
