"""A reader that may say: I cannot read this."""

import numpy as np

from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    hints=(
        "How sure is the reader of its best guess? A score alone does not say.",
        "Probabilities from the softmax (take off the largest score first), the largest of each "
        "row, and then: keep or refuse.",
        "p = exp(s − max s) / Σ exp(s − max s), row by row; the digit where max p ≥ sure, else −1.",
    ),
)


def cautious_reading(scores: np.ndarray, sure: float) -> np.ndarray:
    """The digit that each row of scores says, or −1 where the reader is not sure enough.

    Parameters
    ----------
    scores : ndarray (N, C)
        Logits, of any size.
    sure : float
        The least probability, by the softmax of its row, that the best class must have.

    Returns
    -------
    ndarray of int (N,)
        The class with the highest score (the first of equals) if its probability is `sure` or
        more, else −1.
    """
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    highest = (grown / grown.sum(axis=1, keepdims=True)).max(axis=1)
    return np.where(highest >= sure, scores.argmax(axis=1), -1)


def some_scores(rng, rows=17, classes=7):
    """Sure and unsure rows, and a threshold that parts them."""
    scores = rng.normal(size=(rows, classes)) * rng.uniform(0.2, 6, (rows, 1))
    return scores + rng.normal(0, 5, (rows, 1)), float(rng.uniform(0.45, 0.75))


@exercise.probe
def batch(rng):
    return some_scores(rng)


@exercise.probe
def large(rng):
    scores, sure = some_scores(rng, 11, 4)
    return scores + 900, sure


@exercise.check
def worked_example(f):
    """Scores (0, ln 3) are ¼ and ¾: a 1 if 0.7 is enough, nothing if it takes 0.8."""
    scores = np.log([[1.0, 3.0], [9.0, 1.0]])
    agree(f(scores, 0.7), np.array([1, 0]))
    agree(f(scores, 0.8), np.array([-1, 0]))


@exercise.check
def by_probability(f):
    """A score of 5 among others of 5 is a third; 0.4 asks for more, 0.3 does not."""
    agree(f(np.full((1, 3), 5.0), 0.4), np.array([-1]))
    agree(f(np.full((1, 3), 5.0), 0.3), np.array([0]))
    agree(f(np.array([[0.3, 0.1, 0.0], [9.0, 9.0, 30.0]]), 0.5), np.array([-1, 2]))


@exercise.check(points=2)
def random_scores(f, reference, rng):
    """Reads and refuses rightly, for many rows of scores."""
    for rows, classes in ((17, 7), (53, 10), (11, 3)):
        arguments = some_scores(rng, rows, classes)
        agree(f(*arguments), reference(*arguments))


@exercise.check(points=1, after=random_scores)
def at_the_edge(f, rng):
    """With 0 it always reads, above 1 never."""
    scores, _ = some_scores(rng)
    agree(f(scores, 0.0), scores.argmax(axis=1))
    agree(f(scores, 1.5), np.full(len(scores), -1))


@exercise.check(points=1, after=random_scores)
def one_row(f):
    """Reads a single row; two equal scores are just sure enough for ½, and the first is read."""
    agree(f(np.array([[-4.0, -4.0]]), 0.5), np.array([0]))


@exercise.check(points=1, after=random_scores)
def large_scores(f, reference, rng):
    """Stays right with scores of 900 and −900 in one batch, and leaves them as they were."""
    scores, sure = large(rng)
    scores[::2] -= 1800
    agree(f(scores, sure), reference(scores, sure))
    unchanged(f, scores, sure)


@exercise.variant
def by_ranks(scores, sure):
    found = []
    for row in np.asarray(scores, dtype=float):
        best = int(np.argmax(row))
        found.append(best if 1 / np.exp(row - row[best]).sum() >= sure else -1)
    return np.array(found, dtype=int)


@exercise.variant
def with_logarithms(scores, sure):
    shifted = scores - np.max(scores, axis=1)[:, None]
    log_p = -np.log(np.exp(shifted).sum(axis=1))
    digits = np.argmax(scores, axis=1)
    digits[np.exp(log_p) < sure] = -1
    return digits


@exercise.misconception
def never_refuses(scores, sure):
    """It always reads, however unsure: `sure` is not looked at."""
    return scores.argmax(axis=1)


@exercise.misconception
def scores_taken_for_probabilities(scores, sure):
    """The score itself is compared with `sure`; only the softmax makes probabilities of scores."""
    return np.where(scores.max(axis=1) >= sure, scores.argmax(axis=1), -1)


@exercise.misconception
def over_the_whole_batch(scores, sure):
    """The softmax was taken over the whole batch, not row by row: nobody gets a fair share."""
    grown = np.exp(scores - scores.max())
    return np.where((grown / grown.sum()).max(axis=1) >= sure, scores.argmax(axis=1), -1)


@exercise.misconception
def refuses_the_sure(scores, sure):
    """The comparison is turned round: it reads what it is unsure of."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    highest = (grown / grown.sum(axis=1, keepdims=True)).max(axis=1)
    return np.where(highest >= sure, -1, scores.argmax(axis=1))


@exercise.misconception(keeps=0.5)
def refuses_with_zero(scores, sure):
    """It says 0 where it is unsure, and nobody can tell that from a zero it has read. Say −1."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    highest = (grown / grown.sum(axis=1, keepdims=True)).max(axis=1)
    return np.where(highest >= sure, scores.argmax(axis=1), 0)


@exercise.misconception
def probability_instead_of_digit(scores, sure):
    """These are the probabilities; asked for is the digit: where the largest one stands."""
    grown = np.exp(scores - scores.max(axis=1, keepdims=True))
    highest = (grown / grown.sum(axis=1, keepdims=True)).max(axis=1)
    return np.where(highest >= sure, highest, -1)
