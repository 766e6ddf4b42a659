"""One number for how wrong it is."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=4,
    hints=(
        "How probable does the neuron think the class that is true? What is minus its logarithm?",
        "With z = x·w + b: `np.logaddexp(0, u)` is ln(1 + exp(u)) without overflow; u is z or −z. "
        "For the gradient, think of each example as pushing with (output − label).",
        r"Loss: the mean of $\ln(1 + e^{-z_i})$ where $y_i = 1$ and of $\ln(1 + e^{z_i})$ where "
        r"$y_i = 0$. Gradient: the mean of $(\sigma(z_i) - y_i)\,x_i$, for b with 1 for $x_i$.",
    ),
)


def batch(rng, examples, features, scale=1.0):
    """Examples of both classes (if there are two), and a neuron that is far from trained."""
    labels = rng.permutation((np.arange(examples) * 2 < examples + rng.integers(2)).astype(int))
    x = scale * (rng.normal(size=(examples, features)) + 0.4)
    return x, labels, rng.normal(size=features), rng.uniform(0.3, 1)


@exercise.probe
def seven_examples(rng):
    return batch(rng, 7, 3)


@exercise.probe
def one_of_class_one(rng):
    x, _, w, b = batch(rng, 1, 5)
    return x, np.array([1]), w, b


@exercise.probe
def only_class_zero(rng):
    x, _, w, b = batch(rng, 5, 2)
    return x, np.zeros(5, dtype=int), w, b


@exercise.probe
def hopelessly_wrong(rng):
    """z = ±1000, on the wrong side: the loss is about 1000, not infinite."""
    return np.array([[1000.0, 0.0], [-1000.0, 1.0]]), np.array([0, 1]), np.array([1.0, 0.5]), 0.0


@exercise.probe
def sure_and_right(rng):
    return np.array([[25.0], [-25.0]]), np.array([1, 0]), np.ones(1), 0.0


def loss_of(f, *arguments):
    return sequence(f(*arguments), 3, "the result")[0]


def compare(f, arguments, expected, **tolerances):
    """Compare loss and gradient, each under its name."""
    parts = sequence(f(*arguments), 3, "the result")
    for name, got, wanted in zip(("the loss", "dw", "db"), parts, expected, strict=True):
        agree(got, wanted, what=name, **tolerances)


@exercise.check
def half_sure(f):
    """With w = 0 and b = 0 each output is ½: the loss is ln 2; for (2, 4) of class 1 and (2, 0) of
    class 0, dw = (0, −1) and db = 0."""
    x = np.array([[2.0, 4.0], [2.0, 0.0]])
    expected = np.log(2), np.array([0.0, -1.0]), 0.0
    compare(f, (x, np.array([1, 0]), np.zeros(2), 0.0), expected)


@exercise.check
def three_quarters_sure(f):
    """z = ln 3 gives ¾: class 1 costs ln 4/3, class 0 costs ln 4; x = 1, 2 and 3, one by one."""
    for x, label, loss, error in [(1.0, 1, np.log(4 / 3), -0.25), (2.0, 0, np.log(4), 0.75)]:
        arguments = np.array([[x]]), np.array([label]), np.zeros(1), np.log(3)
        compare(f, arguments, (loss, np.array([error * x]), error))
    both = np.array([[3.0], [1.0], [1.0]]), np.array([0, 1, 1]), np.zeros(1), np.log(3)
    expected = (np.log(4) + 2 * np.log(4 / 3)) / 3, np.array([(2.25 - 0.5) / 3]), 0.25 / 3
    compare(f, both, expected)


@exercise.check
def sure_but_wrong(f):
    """Hopelessly wrong, at z = 1000 with class 0, costs 1000: neither infinite nor NaN."""
    arguments = np.array([[1000.0]]), np.array([0]), np.ones(1), 0.0
    compare(f, arguments, (1000.0, np.array([1000.0]), 1.0))


@exercise.check
def inputs_stay(f):
    """x, labels and w are afterwards what they were before."""
    x = np.array([[1.0, 2.0], [3.0, 0.5]])
    unchanged(f, x, np.array([1, 0]), np.array([1.0, -1.0]), 0.25)


@exercise.check(points=2)
def losses(f, reference, rng):
    """Gives the loss of random batches."""
    for size in [(7, 3), (3, 7), (5, 5), (11, 2)]:
        arguments = batch(rng, *size)
        agree(loss_of(f, *arguments), reference(*arguments)[0], what="the loss")


@exercise.check(points=2)
def gradients(f, reference, rng):
    """Gives dw and db for random batches."""
    for size in [(7, 3), (3, 7), (5, 5), (11, 2)]:
        arguments = batch(rng, *size)
        agree(sequence(f(*arguments), 3)[1:], reference(*arguments)[1:], what="dw, db")


@exercise.check(points=1, after=(losses, gradients))
def measured_slopes(f, rng):
    """The gradient agrees with the slopes of your own loss, measured by moving w and b."""
    x, labels, w, b = batch(rng, 7, 3)
    _, dw, db = sequence(f(x, labels, w, b), 3, "the result")
    gradient_agrees(dw, lambda v: loss_of(f, x, labels, v, b), w, what="dw")
    slope = (loss_of(f, x, labels, w, b + 1e-5) - loss_of(f, x, labels, w, b - 1e-5)) / 2e-5
    agree(db, slope, rtol=1e-5, atol=1e-7, what="db")


@exercise.check(points=1, after=(losses, gradients))
def far_out(f, reference, rng):
    """Stays finite and exact where the neuron is sure, rightly or wrongly."""
    for z in rng.permutation([30.0, 300.0, 1000.0]):
        for label in rng.permutation(2):
            arguments = np.array([[1.0], [-1.0]]), np.array([label, label]), np.array([z]), 0.0
            compare(f, arguments, reference(*arguments))
            right = arguments[0][:1] * (1 if label else -1), np.array([label]), np.array([z]), 0.0
            if not 0 <= float(loss_of(f, *right)) <= 1.01 * np.exp(-z):
                raise Failed(f"the loss of a right answer at |z| = {z:g} is off")
    small = np.array([[1.0]]), np.array([1]), np.array([30.0]), 0.0
    agree(loss_of(f, *small), np.exp(-30.0), rtol=1e-6, atol=1e-18, double=True, what="the loss")


@exercise.check(points=1, after=(losses, gradients))
def edges(f, reference, rng):
    """Works for one example, one input, a single class, and whole numbers."""
    for arguments in [batch(rng, 1, 5), batch(rng, 1, 1), batch(rng, 7, 1), only_class_zero(rng)]:
        compare(f, arguments, reference(*arguments))
    labels = batch(rng, 7, 3)[1]
    for part in (0, 1, 2):
        whole = rng.integers(-3, 4, size=(7, 3)), labels, np.array([1, -1, 2]), 1
        whole_numbers(f, reference, *whole, part=part)


@exercise.check(points=1, after=(losses, gradients))
def leaves_inputs_alone(f, rng):
    """Leaves inputs, labels and weights as they were."""
    unchanged(f, *seven_examples(rng))


@exercise.variant
def with_a_loop(x, labels, w, b):
    loss, dw, db = 0.0, np.zeros(len(w)), 0.0
    for row, label in zip(x, labels):
        z = float(row @ w + b)
        way = -z if label == 1 else z
        loss += max(way, 0) + np.log1p(np.exp(-abs(way)))
        error = 1 / (1 + np.exp(-z)) - label
        dw, db = dw + error * row, db + error
    return loss / len(x), dw / len(x), db / len(x)


@exercise.variant
def bias_as_one_more_input(x, labels, w, b):
    rows, y = np.column_stack([x, np.ones(len(x))]), np.asarray(labels, dtype=float)
    z = rows @ np.append(w, b)
    right = np.where(y == 1, z, -z)
    gradient = rows.T @ (0.5 * (1 + np.tanh(z / 2)) - y) / len(y)
    # The other way to write it exactly: far out ln(1 + e^−r) is e^−r.
    loss = np.mean(np.log1p(np.exp(-np.abs(right))) - np.minimum(right, 0))
    return [np.float64(loss), gradient[:-1], gradient[-1]]


def _sigmoid(z):
    return np.exp(-np.logaddexp(0, -z))


def _parts(x, labels, w, b):
    """z, the loss of each example, and output − label."""
    z = x @ w + b
    return z, np.logaddexp(0, np.where(labels == 1, -z, z)), _sigmoid(z) - labels


@exercise.misconception
def logarithm_of_the_output(x, labels, w, b):
    """Far out the output is rounded to 0 or 1 and its logarithm is infinite, or e^z is: write the
    loss in terms of z, with np.logaddexp."""
    z, _, error = _parts(x, labels, w, b)
    p = 1 / (1 + np.exp(-z))
    with np.errstate(all="ignore"):
        loss = -np.mean(np.where(labels == 1, np.log(p), np.log(1 - p)))
    return loss, x.T @ error / len(x), error.mean()


@exercise.misconception
def output_clipped(x, labels, w, b):
    """The output is kept away from 0 and 1 by a tiny number, which caps the loss."""
    return _clipped(x, labels, w, b, 1e-12)


def _clipped(x, labels, w, b, tiny):
    z, _, error = _parts(x, labels, w, b)
    p = np.clip(_sigmoid(z), tiny, 1 - tiny)
    loss = -np.mean(np.where(labels == 1, np.log(p), np.log(1 - p)))
    return loss, x.T @ error / len(x), error.mean()


@exercise.misconception
def output_clipped_at_a_ten_millionth(x, labels, w, b):
    """No example can cost more than 16 if outputs stay 1e-7 away from 0 and 1: start from z."""
    return _clipped(x, labels, w, b, 1e-7)


@exercise.misconception(keeps=0.5)
def sum_for_mean(x, labels, w, b):
    """Loss and gradient grow with the batch: they are sums, not yet means."""
    _, each, error = _parts(x, labels, w, b)
    return each.sum(), x.T @ error, error.sum()


@exercise.misconception(keeps=0.5)
def gradient_not_averaged(x, labels, w, b):
    """The loss is a mean, but its gradient is a sum over the batch."""
    _, each, error = _parts(x, labels, w, b)
    return each.mean(), x.T @ error, error.sum()


@exercise.misconception
def bias_gradient_not_averaged(x, labels, w, b):
    """Loss and dw are means over the batch, but db is a sum."""
    _, each, error = _parts(x, labels, w, b)
    return each.mean(), x.T @ error / len(x), error.sum()


@exercise.misconception(keeps=0.5)
def classes_exchanged(x, labels, w, b):
    """The classes are exchanged: a large z should be cheap for class 1."""
    _, each, error = _parts(x, 1 - labels, w, b)
    return each.mean(), x.T @ error / len(x), error.mean()


@exercise.misconception(keeps=0.5)
def gradient_downhill(x, labels, w, b):
    """The gradient has the wrong sign: it is output minus label. The minus of “downhill” comes
    later, in the update."""
    _, each, error = _parts(x, labels, w, b)
    return each.mean(), -(x.T @ error) / len(x), -error.mean()


@exercise.misconception
def slope_counted_twice(x, labels, w, b):
    """The error is multiplied by the slope of the sigmoid. With this loss the slope cancels."""
    z, each, error = _parts(x, labels, w, b)
    error = error * _sigmoid(z) * _sigmoid(-z)
    return each.mean(), x.T @ error / len(x), error.mean()


@exercise.misconception
def squared_error(x, labels, w, b):
    """This is the squared error. Asked for is minus the logarithm of the right probability."""
    z, _, error = _parts(x, labels, w, b)
    push = error * _sigmoid(z) * _sigmoid(-z)
    return np.mean(error**2) / 2, x.T @ push / len(x), push.mean()


@exercise.misconception
def only_class_one_counts(x, labels, w, b):
    """Examples of class 0 cost nothing. They want a z that is far *below* 0."""
    _, each, error = _parts(x, labels, w, b)
    return np.mean(each * labels), x.T @ (error * labels) / len(x), np.mean(error * labels)


@exercise.misconception(keeps=0.5)
def in_bits(x, labels, w, b):
    """The logarithm has base 2. Take the natural one, as the gradient does."""
    _, each, error = _parts(x, labels, w, b)
    return each.mean() / np.log(2), x.T @ error / len(x), error.mean()


@exercise.misconception(keeps=0.5)
def bias_forgotten(x, labels, w, b):
    """z is x·w alone: the bias is missing."""
    _, each, error = _parts(x, labels, w, 0.0)
    return each.mean(), x.T @ error / len(x), error.mean()


@exercise.misconception(keeps=0.5)
def bias_gradient_weighted(x, labels, w, b):
    """db is added up from dw. The bias has the constant input 1: only the errors count."""
    _, each, error = _parts(x, labels, w, b)
    dw = x.T @ error / len(x)
    return each.mean(), dw, dw.sum()


@exercise.misconception(keeps=1 / 3)
def loss_alone(x, labels, w, b):
    """Only the loss comes back; dw and db are wanted, too."""
    return _parts(x, labels, w, b)[1].mean()


@exercise.misconception
def overwrites_the_inputs(x, labels, w, b):
    """The numbers are right, but x is multiplied in place, and its owner still needs it."""
    _, each, error = _parts(x, labels, w, b)
    x *= error[:, None]
    return each.mean(), x.mean(axis=0), error.mean()


@exercise.misconception(keeps=0.5)
def loss_summed_gradients_averaged(x, labels, w, b):
    """The loss adds up over the examples while the gradients average: both are means."""
    z = x @ w + b
    error = np.exp(-np.logaddexp(0, -z)) - labels
    loss = np.logaddexp(0, np.where(labels == 1, -z, z)).sum()
    return loss, x.T @ error / len(x), error.mean()
