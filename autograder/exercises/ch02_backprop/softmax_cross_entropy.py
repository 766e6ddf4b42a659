"""Softmax and cross-entropy."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=25,
    difficulty=3,
    hints=(
        "What does softmax do if 5 is added to all scores of a row? What would you subtract?",
        "Subtract each row's maximum, take logarithms before anything can become 0, and pick the "
        "true class of each row with `[np.arange(N), labels]`.",
        "ln p = s − ln Σ exp(s) with s = logits − row maximum; dlogits = (p − one-hot)/N.",
    ),
)


def batch(rng, examples, classes, scale=2.0):
    """Scores and labels; rows have different levels, so that columns are no distributions."""
    logits = scale * rng.normal(size=(examples, classes)) + rng.normal(size=(examples, 1))
    return logits, rng.integers(classes, size=examples)


@exercise.probe
def five_examples(rng):
    return batch(rng, 5, 3)


@exercise.probe
def one_example(rng):
    return batch(rng, 1, 7)


@exercise.probe
def as_many_classes_as_examples(rng):
    """A square: mixing up rows and columns raises no error here."""
    return batch(rng, 3, 3)


@exercise.probe
def huge_scores(rng):
    """Exponentials overflow, rows lie 2000 apart, and true classes lie 1000 below the best."""
    logits = np.array([[1000.0, 0.0, 999.0], [-1000.0, -999.0, -1001.0], [0.5, 1000.0, -1000.0]])
    return logits + rng.normal(size=(3, 1)), np.array([2, 1, 0])


@exercise.check
def worked_example(f):
    """Probabilities (¼, ¾) and (½, ½) with true classes 1 and 0 give ½·(ln 4/3 + ln 2)."""
    logits = np.array([[0.0, np.log(3)], [7.0, 7.0]])
    loss, dlogits = sequence(f(logits, np.array([1, 0])), 2, "the result")
    agree(loss, (np.log(4 / 3) + np.log(2)) / 2, what="the loss")
    agree(dlogits, np.array([[0.125, -0.125], [-0.25, 0.25]]), what="dlogits")


@exercise.check
def knowing_nothing(f):
    """Equal scores for 10 classes cost ln 10 = 2.302585, whatever the labels are."""
    loss, _ = sequence(f(np.full((4, 10), 3.0), np.array([1, 9, 0, 1])), 2, "the result")
    agree(loss, 2.302585092994046, what="the loss")


@exercise.check
def far_apart_scores(f):
    """A true class 1000 below the best costs 1000; a row of two scores of −1000 costs ln 2."""
    logits = np.array([[1000.0, 0.0], [-1000.0, -1000.0]])
    loss, dlogits = sequence(f(logits, np.array([1, 0])), 2, "the result")
    agree(loss, (1000 + np.log(2)) / 2, what="the loss")
    agree(dlogits, np.array([[0.5, -0.5], [-0.25, 0.25]]), what="dlogits")


@exercise.check
def scores_stay(f):
    """The caller's scores and labels are the same afterwards."""
    unchanged(f, np.array([[0.0, 1.0], [7.0, 5.0]]), np.array([1, 0]))


SIZES = (5, 3), (7, 13), (3, 3), (11, 2)


@exercise.check(points=1)
def loss_of_random_batches(f, reference, rng):
    """Gives the mean loss of random batches of several sizes and numbers of classes."""
    for size in SIZES:
        arguments = batch(rng, *size)
        loss, _ = sequence(f(*arguments), 2, "the result")
        agree(loss, reference(*arguments)[0], what="the loss")
    logits, labels = batch(rng, 5, 3)
    logits[1, labels[1]] -= 15  # an improbable true class, as there are in any batch of thousands
    loss, _ = sequence(f(logits, labels), 2, "the result")
    agree(loss, reference(logits, labels)[0], what="the loss with a true class 15 below")


@exercise.check(points=2)
def gradient_of_random_batches(f, reference, rng):
    """Gives the gradient of the mean loss for batches of several sizes and numbers of classes."""
    for size in SIZES:
        arguments = batch(rng, *size)
        _, dlogits = sequence(f(*arguments), 2, "the result")
        agree(dlogits, reference(*arguments)[1], what="dlogits")


@exercise.check(points=1, after=(loss_of_random_batches, gradient_of_random_batches))
def batch_of_one(f, reference, rng):
    """Works for a batch of one, and where there is one class only."""
    arguments = batch(rng, 1, 7)
    agree(f(*arguments), reference(*arguments), what="the result for a batch of one")
    arguments = batch(rng, 3, 1)
    agree(f(*arguments), reference(*arguments), what="the result for one class")


@exercise.check(points=1, after=(loss_of_random_batches, gradient_of_random_batches))
def whole_numbers_count(f, reference, rng):
    """Takes scores of whole numbers for what they are, and rounds no slope."""
    logits, labels = batch(rng, 7, 5)
    whole_numbers(f, reference, np.round(3 * logits).astype(int), labels)


@exercise.check(points=1, after=(loss_of_random_batches, gradient_of_random_batches))
def measured_slopes(f, rng):
    """The gradient agrees with slopes measured on the loss, and every row of it sums to 0."""
    logits, labels = batch(rng, 5, 3)
    dlogits = f(logits, labels)[1]
    gradient_agrees(dlogits, lambda z: f(z, labels)[0], logits, what="dlogits")
    agree(np.sum(dlogits, axis=1), np.zeros(5), what="the sum of each row of dlogits")


@exercise.check(points=2, after=(loss_of_random_batches, gradient_of_random_batches))
def huge_scores_are_harmless(f, reference, rng):
    """Scores of ±1000 give neither NaN nor a capped loss: 1000 below the best costs 1000."""
    arguments = huge_scores(rng)
    agree(f(*arguments), reference(*arguments), what="the result")
    logits, best = np.array([[1000.0, 0.0, -1000.0]] * 2), np.array([[1.0, 0.0, 0.0]] * 2)
    for label, loss in enumerate((0.0, 1000.0, 2000.0)):
        expected = (best - np.eye(3)[[label] * 2]) / 2
        agree(f(logits, np.array([label] * 2)), (loss, expected), what="the result")


@exercise.check(points=1, after=(loss_of_random_batches, gradient_of_random_batches))
def laws(f, reference, rng):
    """Only differences within a row count, and renaming the classes changes nothing."""
    logits, labels = batch(rng, 7, 5)
    loss, dlogits = f(logits, labels)
    found = f(logits, logits.argmax(axis=1))
    agree(found, reference(logits, logits.argmax(axis=1)), what="when all are right, the result")
    moved = f(logits + 10 * rng.normal(size=(7, 1)), labels)
    agree(moved, (loss, dlogits), what="the result after adding a number to each row")
    order = rng.permutation(5)
    renamed = f(logits[:, order], np.argsort(order)[labels])
    expected = loss, np.asarray(dlogits)[:, order]
    agree(renamed, expected, what="the result with the classes renamed")


@exercise.check(points=1, after=(loss_of_random_batches, gradient_of_random_batches))
def leaves_inputs_alone(f, rng):
    """Leaves scores and labels as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def with_one_hot(logits, labels):
    n, classes = logits.shape
    target = np.eye(classes)[labels]
    shifted = logits - np.max(logits, axis=1)[:, None]
    log_p = shifted - np.log(np.exp(shifted).sum(axis=1))[:, None]
    return -np.sum(target * log_p) / n, (np.exp(log_p) - target) / n


@exercise.variant
def row_by_row(logits, labels):
    total, rows = 0.0, []
    for scores, label in zip(logits, labels, strict=True):
        top = max(scores)
        weights = np.array([np.exp(s - top) for s in scores])
        total += np.log(weights.sum()) + top - scores[label]
        row = weights / weights.sum()
        row[label] -= 1
        rows.append(row / len(labels))
    return total / len(labels), np.array(rows)


@exercise.variant
def with_logaddexp(logits, labels):
    log_sum = np.logaddexp.reduce(logits, axis=1, keepdims=True)
    true = np.take_along_axis(logits, labels[:, None], axis=1)
    probabilities = np.exp(logits - log_sum)
    probabilities -= labels[:, None] == np.arange(logits.shape[1])
    return [np.mean(log_sum - true), probabilities / logits.shape[0]]


def _log_softmax(logits):
    shifted = logits - logits.max(axis=1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))


def _answer(log_p, labels, *, loss_scale=1.0, gradient_scale=1.0):
    """Loss and gradient for these log-probabilities, each times a factor."""
    n = len(labels)
    dlogits = np.exp(log_p)
    dlogits[np.arange(n), labels] -= 1
    loss = -log_p[np.arange(n), labels].sum() / n
    return loss_scale * loss, gradient_scale * dlogits / n


@exercise.misconception(keeps=0.5)
def gradient_not_averaged(logits, labels):
    """The loss is a mean over the batch, and so is its gradient: dlogits is N times too large."""
    return _answer(_log_softmax(logits), labels, gradient_scale=len(labels))


@exercise.misconception(keeps=0.5)
def loss_not_averaged(logits, labels):
    """The loss grows with the batch: it is a sum over the examples, not yet a mean."""
    return _answer(_log_softmax(logits), labels, loss_scale=len(labels))


@exercise.misconception(keeps=0.5)
def nothing_averaged(logits, labels):
    """Loss and gradient both grow with the batch: they belong to the sum, not to the mean."""
    return _answer(_log_softmax(logits), labels, loss_scale=len(labels), gradient_scale=len(labels))


@exercise.misconception
def divides_by_the_classes(logits, labels):
    """You divide by the number of classes. Which axis counts the examples?"""
    scale = len(labels) / logits.shape[1]
    return _answer(_log_softmax(logits), labels, loss_scale=scale, gradient_scale=scale)


@exercise.misconception
def softmax_over_the_batch(logits, labels):
    """Your columns sum to 1, so examples compete with each other. It is the classes that should."""
    return _answer(_log_softmax(logits.T).T, labels)


@exercise.misconception
def exponentials_overflow(logits, labels):
    """exp(1000) is infinite. A softmax stays the same if its row is shifted: shift before exp."""
    powers = np.exp(logits)
    return _answer(np.log(powers / powers.sum(axis=1, keepdims=True)), labels)


@exercise.misconception
def one_maximum_for_all_rows(logits, labels):
    """One maximum for the whole batch lets rows far below it underflow to 0/0. Take each row's."""
    powers = np.exp(logits - logits.max())
    return _answer(np.log(powers / powers.sum(axis=1, keepdims=True)), labels)


@exercise.misconception
def log_sum_exp_overflows(logits, labels):
    """ln Σ exp(z) is right on paper, but exp(1000) is infinite. Take the maximum out first."""
    return _answer(logits - np.log(np.exp(logits).sum(axis=1, keepdims=True)), labels)


@exercise.misconception
def one_maximum_in_the_log_sum(logits, labels):
    """One maximum for the whole batch makes ln Σ exp −∞ in rows far below it. Take each row's."""
    shifted = logits - logits.max()
    return _answer(shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True)), labels)


@exercise.misconception
def clipped_probabilities(logits, labels):
    """Clipping p at 10⁻¹² caps the loss near 28. Rewrite ln p so that it cannot be ln 0."""
    _, dlogits = _answer(_log_softmax(logits), labels)
    p = np.exp(_log_softmax(logits))[np.arange(len(labels)), labels]
    return -np.mean(np.log(np.clip(p, 1e-12, 1))), dlogits


@exercise.misconception
def logarithm_after_rounding(logits, labels):
    """A probability of exp(−1000) rounds to 0, and ln 0 is −∞. Find ln p without p."""
    log_p = np.log(np.exp(_log_softmax(logits)))
    return _answer(log_p, labels)


@exercise.misconception
def small_number_inside_the_logarithm(logits, labels):
    """The small number inside ln caps the loss near 18. Rewrite ln p so that it cannot be ln 0."""
    _, dlogits = _answer(_log_softmax(logits), labels)
    p = np.exp(_log_softmax(logits))[np.arange(len(labels)), labels]
    return -np.mean(np.log(p + 1e-8)), dlogits


@exercise.misconception
def softmax_twice(logits, labels):
    """Softmax is applied twice: even perfect confidence cannot bring this loss to 0."""
    return _answer(_log_softmax(np.exp(_log_softmax(logits))), labels)


@exercise.misconception
def every_row_with_every_label(logits, labels):
    """`[:, labels]` pairs every row with every label. Each row has only one true class."""
    log_p = _log_softmax(logits)
    dlogits = np.exp(log_p)
    dlogits[:, labels] -= 1
    return -np.mean(log_p[:, labels]), dlogits / len(labels)


@exercise.misconception
def one_subtracted_everywhere(logits, labels):
    """The 1 is subtracted from every class: rows of dlogits should sum to 0. Where is y = 1?"""
    loss, _ = _answer(_log_softmax(logits), labels)
    return loss, (np.exp(_log_softmax(logits)) - 1) / len(labels)


@exercise.misconception
def gradient_without_the_target(logits, labels):
    """dlogits holds the probabilities only: the true class should pull the other way."""
    loss, _ = _answer(_log_softmax(logits), labels)
    return loss, np.exp(_log_softmax(logits)) / len(labels)


@exercise.misconception
def gradient_upside_down(logits, labels):
    """The gradient's sign is flipped: raising the true class's score must lower the loss."""
    return _answer(_log_softmax(logits), labels, gradient_scale=-1.0)


@exercise.misconception
def loss_without_its_minus(logits, labels):
    """The loss is negative. ln p is at most 0, and a loss should be at least 0."""
    return _answer(_log_softmax(logits), labels, loss_scale=-1.0)


@exercise.misconception
def slope_of_softmax_again(logits, labels):
    """p − y is the slope through softmax *and* logarithm; p·(1 − p) is one factor too many."""
    loss, dlogits = _answer(_log_softmax(logits), labels)
    p = np.exp(_log_softmax(logits))
    return loss, dlogits * p * (1 - p)


@exercise.misconception
def logarithm_to_base_two(logits, labels):
    """The loss is measured in bits, by log2. The contract wants the natural logarithm."""
    return _answer(_log_softmax(logits), labels, loss_scale=1 / np.log(2))


@exercise.misconception
def one_loss_per_example(logits, labels):
    """There is one loss per example left. Return their mean."""
    log_p = _log_softmax(logits)
    return -log_p[np.arange(len(labels)), labels], _answer(log_p, labels)[1]


@exercise.misconception
def ten_classes_only(logits, labels):
    """The number of classes is written into the code. It is the number of columns."""
    log_p = _log_softmax(logits)
    target = np.eye(10)[labels]
    return -np.sum(target * log_p) / len(labels), (np.exp(log_p) - target) / len(labels)


@exercise.misconception
def overwrites_the_scores(logits, labels):
    """The result is right, but the caller's logits are shifted on the way: use a new array."""
    logits -= logits.max(axis=1, keepdims=True)
    return _answer(_log_softmax(logits), labels)
