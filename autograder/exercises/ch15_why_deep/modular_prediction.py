"""Two simple questions instead of one difficult one."""

import numpy as np

from autograder.judging.compare import Failed, agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "Who can teach what long hair looks like, if you know one man with long hair?",
        "Ask `softmax_prediction` twice: once for each attribute, with *all* examples.",
        "Two answers of 0 or 1 make one number from 0 to 3: 2 · first + second.",
    ),
)


def people(rng, counts, dimensions=6, apart=2.0):
    """Examples of the four combinations, their attributes, and new ones of each."""
    first = np.repeat([0, 0, 1, 1], counts)
    second = np.repeat([0, 1, 0, 1], counts)
    axes = np.linalg.qr(rng.normal(size=(dimensions, 2)))[0].T * apart
    place = lambda one, other: np.outer(2 * one - 1, axes[0]) + np.outer(2 * other - 1, axes[1])
    x = place(first, second) + rng.normal(size=(len(first), dimensions))
    new = np.repeat([[0, 0], [0, 1], [1, 0], [1, 1]], 15, axis=0)
    unseen = place(*new.T) + rng.normal(size=(60, dimensions))
    order = rng.permutation(len(x))
    return x[order], first[order], second[order], unseen, 0.3, 40


def by_hand(x, labels, unseen, rate, steps):
    """Two classes by logistic regression: a softmax of two, with half its weights on each side."""
    w, b = np.zeros(x.shape[1]), 0.0
    for _ in range(steps):
        error = 1 / (1 + np.exp(-(x @ w + b))) - labels
        # Both scores move, in opposite directions: their difference moves twice as fast.
        w, b = w - 2 * rate * x.T @ error / len(x), b - 2 * rate * error.mean()
    return unseen @ w + b


def expected(x, first, second, unseen, rate, steps):
    one, other = by_hand(x, first, unseen, rate, steps), by_hand(x, second, unseen, rate, steps)
    clear = (np.abs(one) > 1e-6) & (np.abs(other) > 1e-6)
    return 2 * (one > 0) + 1 * (other > 0), clear


def fits(f, *arguments):
    right, clear = expected(*arguments)
    found = as_array(f(*arguments), "the predictions")
    if found.shape != right.shape:
        raise Failed(f"the predictions have shape {found.shape}, expected {right.shape}")
    agree(found[clear], right[clear], what="the predictions")


@exercise.probe
def one_rare(rng):
    return people(rng, [17, 19, 23, 2])


@exercise.probe
def one_missing(rng):
    return people(rng, [13, 11, 17, 0])


@exercise.probe
def another_missing(rng):
    return people(rng, [13, 0, 7, 17])


@exercise.probe
def one_step(rng):
    return (*people(rng, [5, 3, 7, 4])[:5], 1)


SQUARE = np.array([[-1.0, -1.0], [-1.0, 1.0], [1.0, -1.0]])


@exercise.check
def worked_example(f):
    """From (−, −), (−, +), (+, −) it knows (+, +): combination 3, though it never saw one."""
    first, second = np.array([0, 0, 1]), np.array([0, 1, 0])
    unseen = np.array([[3.0, 3.0], [-2.0, 2.0], [2.0, -2.0], [-2.0, -2.0]])
    agree(f(SQUARE, first, second, unseen, 0.5, 50), [3, 1, 2, 0], what="the predictions")


@exercise.check
def attributes_the_other_way(f):
    """Here the first attribute is whether y is below 0, and (0, 1) was never seen."""
    first, second = np.array([0, 1, 1, 1]), np.array([0, 0, 1, 1])
    x = np.array([[-1.0, 2.0], [-2.0, -1.0], [2.0, -1.0], [3.0, -2.0]])
    unseen = np.array([[4.0, -4.0], [4.0, 3.0], [-3.0, -3.0], [-4.0, 3.0]])
    arguments = x, first, second, unseen, 0.5, 200
    agree(f(*arguments), [3, 1, 2, 0], what="the predictions")
    unchanged(f, *arguments)


@exercise.check(points=2)
def random_people(f, rng):
    """Predicts as two classifiers do, when one combination is rare."""
    for counts in rng.permutation([[17, 19, 23, 2], [5, 2, 11, 13], [3, 29, 7, 9]]):
        fits(f, *people(rng, counts, apart=0.8))


@exercise.check(points=1, after=random_people)
def never_seen(f, rng):
    """Finds a combination of which there was no example."""
    missing = int(rng.integers(4))
    counts = rng.integers(9, 20, size=4)
    counts[missing] = 0
    x, first, second, unseen, rate, steps = people(rng, counts, apart=2.5)
    found = as_array(f(x, first, second, unseen, rate, steps), "the predictions")
    rows = slice(15 * missing, 15 * missing + 15)
    share = np.mean(found[rows] == missing) if found.shape == (60,) else 0.0
    if share < 0.5:
        raise Failed(f"of a combination without examples {share:.0%} are found")


@exercise.check(points=1, after=random_people)
def edges(f, rng):
    """Takes one step, a single new example, and one attribute that all examples share."""
    x, first, second, unseen, rate, _ = people(rng, [5, 7, 4, 6])
    fits(f, x, first, second, unseen, rate, 1)
    fits(f, x, first, second, unseen[:1], rate, 20)
    fits(f, x, np.ones_like(first), second, unseen, rate, 20)
    unchanged(f, x, first, second, unseen, rate, 3)


def _learn(x, labels, classes, unseen, rate, steps):
    """Softmax regression from zeros."""
    W, b, wanted = np.zeros((x.shape[1], classes)), np.zeros(classes), np.eye(classes)[labels]
    for _ in range(steps):
        p = np.exp(x @ W + b - (x @ W + b).max(axis=1, keepdims=True))
        error = (p / p.sum(axis=1, keepdims=True) - wanted) / len(x)
        W, b = W - rate * x.T @ error, b - rate * error.sum(axis=0)
    return unseen @ W + b


@exercise.variant
def from_the_scores(x, first, second, unseen, rate, steps):
    one, other = (_learn(x, y, 2, unseen, rate, steps) for y in (first, second))
    return np.where(one[:, 1] > one[:, 0], 2, 0) + np.where(other[:, 1] > other[:, 0], 1, 0)


@exercise.variant
def with_a_table(x, first, second, unseen, rate, steps):
    names = np.array([[0, 1], [2, 3]])
    answers = [_learn(x, y, 2, unseen, rate, steps).argmax(axis=1) for y in (first, second)]
    return names[tuple(answers)].tolist()


def _both(x, first, second, unseen, rate, steps):
    return [_learn(x, y, 2, unseen, rate, steps).argmax(axis=1) for y in (first, second)]


@exercise.misconception
def one_classifier_for_all_four(x, first, second, unseen, rate, steps):
    """This is the direct classifier: a combination without examples is never predicted."""
    return _learn(x, 2 * first + second, 4, unseen, rate, steps).argmax(axis=1)


@exercise.misconception(keeps=0.5)
def attributes_swapped(x, first, second, unseen, rate, steps):
    """The number of a combination is 2 · first + second, not the other way round."""
    one, other = _both(x, first, second, unseen, rate, steps)
    return one + 2 * other


@exercise.misconception
def added_up(x, first, second, unseen, rate, steps):
    """Adding the two makes (0, 1) and (1, 0) the same: 0 to 3 need different weights."""
    one, other = _both(x, first, second, unseen, rate, steps)
    return one + other


@exercise.misconception
def only_both(x, first, second, unseen, rate, steps):
    """The product asks whether *both* are 1: four combinations are to be told apart."""
    one, other = _both(x, first, second, unseen, rate, steps)
    return 3 * one * other


@exercise.misconception
def second_learned_from_some(x, first, second, unseen, rate, steps):
    """The second classifier learned from examples with first = 0 only: all of them teach it."""
    one = _both(x, first, second, unseen, rate, steps)[0]
    some = first == 0
    if not some.any():
        return 2 * one
    other = _learn(x[some], second[some], 2, unseen, rate, steps).argmax(axis=1)
    return 2 * one + other


@exercise.misconception
def first_learned_twice(x, first, second, unseen, rate, steps):
    """Both classifiers learned the first attribute."""
    one = _both(x, first, second, unseen, rate, steps)[0]
    return 3 * one


@exercise.misconception
def says_what_it_learned_from(x, first, second, unseen, rate, steps):
    """The predictions are for the training examples: the new ones are asked about."""
    one, other = _both(x, first, second, x, rate, steps)
    return 2 * one + other


@exercise.misconception
def pairs_of_answers(x, first, second, unseen, rate, steps):
    """These are the two answers beside each other: one number per example is asked for."""
    return np.stack(_both(x, first, second, unseen, rate, steps), axis=1)
