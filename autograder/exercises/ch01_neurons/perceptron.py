"""The threshold moves to the left."""

import numpy as np

from autograder.exercises.ch01_neurons import _gates
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=4,
    difficulty=1,
    core=True,
    hints=(
        "If a sum must exceed 5, what must the sum minus 5 exceed?",
        "Take your threshold neuron. The number that was subtracted is now added, as b.",
        r"$y = 1$ if $\sum_j w_j x_j + b > 0$, else $0$, with $b = -\theta$.",
    ),
)


def inputs(rng, examples, features):
    """Random inputs and weights, and a bias with which some of the examples fire."""
    x, w = rng.normal(size=(examples, features)) + 0.5, rng.normal(size=features)
    return x, w, -_gates.mixed(x @ w, rng)


@exercise.probe
def seven_examples(rng):
    return inputs(rng, 7, 3)


@exercise.probe
def positive_sums(rng):
    x, w = rng.uniform(0, 1, (19, 3)), rng.uniform(1, 3, 3)
    return x, w, -_gates.mixed(x @ w, rng)


@exercise.probe
def negative_sums(rng):
    x, w = rng.uniform(0, 1, (19, 2)), -rng.uniform(1, 3, 2)
    return x, w, -_gates.mixed(x @ w, rng)


@exercise.probe
def exactly_zero(rng):
    return _gates.switches(3), np.array([6.0, 2.0, 2.0]), -float(rng.choice([2, 4, 8]))


@exercise.check
def worked_example(f):
    """Weights (6, 2, 2) and bias −5: (1, 0, 0) gives 6 − 5 = 1 and fires; (0, 1, 1) gives −1."""
    x = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
    agree(f(x, np.array([6.0, 2.0, 2.0]), -5.0), np.array([1, 0, 1, 0]), what="the answers")


@exercise.check
def exactly_nothing(f):
    """Weights (1, 0), bias −4: sums of 3, 4 and 5 give −1, 0 and 1; only the last one fires."""
    x = np.array([[3.0, 1.0], [4.0, 1.0], [5.0, 1.0]])
    agree(f(x, np.array([1.0, 0.0]), -4.0), np.array([0, 0, 1]), what="the answers")


@exercise.check
def eager(f):
    """With a bias of 2, weights (−1, −3) fire for (1, 0) but not for (0, 1) or (2, 1)."""
    x = np.array([[1.0, 0.0], [0.0, 1.0], [2.0, 1.0]])
    agree(f(x, np.array([-1.0, -3.0]), 2.0), np.array([1, 0, 0]), what="the answers")


@exercise.check
def inputs_stay(f):
    """x and w are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 0.5]]), np.array([1.0, -1.0]), 0.25)


@exercise.check(points=2)
def random_inputs(f, reference, rng):
    """Decides rightly for random inputs, weights and biases."""
    for size in [(7, 3), (13, 2), (5, 11), (3, 5), (29, 4)]:
        arguments = inputs(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the answers")
    for probe in (positive_sums, negative_sums):
        arguments = probe(rng)
        agree(f(*arguments), reference(*arguments), what="the answers")


@exercise.check(points=1, after=random_inputs)
def ties(f, reference, rng):
    """Exactly 0 does not fire, but however little more does; switches may be whole numbers."""
    x = rng.permutation(_gates.switches(4))
    for bias in rng.permutation([0.0, -2.0, -3.0, -5.0, 2.0]):
        arguments = x, np.array([2.0, 3.0, -2.0, 5.0]), float(bias)
        agree(f(*arguments), reference(*arguments), what="the answers where the sum is 0")
    tiny, w, _ = inputs(rng, 7, 3)
    agree(f(1e-9 * tiny, w, 0.0), reference(tiny, w, 0.0), what="the answers to tiny sums")
    whole_numbers(f, reference, x.astype(int), np.array([2, 3, -2, 5]), -3)


@exercise.check(points=1, after=random_inputs)
def edges(f, reference, rng):
    """Works for one example, one input, and biases that decide alone."""
    for size in [(1, 3), (7, 1), (1, 1)]:
        x, w, _ = inputs(rng, *size)
        for bias in (0.0, -50.0, 50.0):
            agree(f(x, w, bias), reference(x, w, bias), what="the answers")


@exercise.check(points=1, after=random_inputs)
def leaves_inputs_alone(f, rng):
    """Leaves inputs and weights as they were."""
    unchanged(f, *seven_examples(rng))


@exercise.variant
def with_a_loop(x, w, b):
    answers = []
    for row in x:
        total = b
        for value, weight in zip(row, w):
            total += value * weight
        answers.append(1 if total > 0 else 0)
    return answers


@exercise.variant
def bias_as_one_more_weight(x, w, b):
    ones = np.ones((len(x), 1))
    return np.heaviside(np.hstack([x, ones]) @ np.append(w, b), 0)


@exercise.misconception(keeps=0.5)
def fires_at_zero(x, w, b):
    """Exactly 0 fires. It has to be *more* than 0, as the sum had to be above the threshold."""
    return (x @ w + b >= 0).astype(int)


@exercise.misconception(keeps=1 / 3)
def bias_subtracted(x, w, b):
    """The bias is subtracted, as if it were still the threshold. Now it is added."""
    return (x @ w - b > 0).astype(int)


@exercise.misconception
def bias_forgotten(x, w, b):
    """b is never used: every neuron has its threshold at 0."""
    return (x @ w > 0).astype(int)


@exercise.misconception
def bias_in_every_input(x, w, b):
    """b is added to each input, and is then multiplied by every weight. Add it to the sum, once."""
    return ((x + b) @ w > 0).astype(int)


@exercise.misconception
def bias_multiplies(x, w, b):
    """The sum is multiplied by b. A bias shifts the sum."""
    return (b * (x @ w) > 0).astype(int)


@exercise.misconception(keeps=1 / 3)
def fires_below(x, w, b):
    """The answers are the wrong way round: a *positive* total should fire."""
    return (x @ w + b < 0).astype(int)


@exercise.misconception
def returns_the_total(x, w, b):
    """These are the totals. The neuron's answer is only yes or no, 1 or 0."""
    return x @ w + b


@exercise.misconception(keeps=0.5)
def minus_one_for_no(x, w, b):
    """A "no" is −1 here, as in some books. In this course a silent neuron says 0."""
    return np.where(x @ w + b > 0, 1, -1)


@exercise.misconception
def overwrites_the_inputs(x, w, b):
    """The answers are right, but x is multiplied in place, and its owner still needs it."""
    x *= w
    return (x.sum(axis=1) + b > 0).astype(int)


@exercise.misconception
def a_bias_per_input(x, w, b):
    """Adds b once for every input: the neuron has one bias."""
    return ((x * w + b).sum(axis=1) > 0).astype(int)
