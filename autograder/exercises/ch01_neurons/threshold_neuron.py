"""A neuron decides."""

import numpy as np

from autograder.exercises.ch01_neurons import _gates
from autograder.judging.compare import agree
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=6,
    difficulty=1,
    core=True,
    hints=(
        "One example is one row. Which single number does the neuron make of a row?",
        "`x @ w` gives the weighted sum of every row at once. Comparing an array with a number "
        "gives True or False for each entry; `.astype(int)` turns these into 1 and 0.",
        r"$y = 1$ if $\sum_j w_j x_j > \theta$, else $0$: *above* the threshold, not at it.",
    ),
)


def inputs(rng, examples, features):
    """Random inputs and weights, and a threshold that some of the sums exceed, away from 0."""
    x, w = rng.normal(size=(examples, features)) + 0.5, rng.normal(size=features)
    return x, w, _gates.mixed(x @ w, rng)


@exercise.probe
def seven_examples(rng):
    return inputs(rng, 7, 3)


@exercise.probe
def many_examples(rng):
    return inputs(rng, 29, 5)


@exercise.probe
def high_threshold(rng):
    x, w = rng.uniform(0, 1, (19, 3)), rng.uniform(1, 3, 3)
    return x, w, _gates.mixed(x @ w, rng)


@exercise.probe
def below_zero(rng):
    x, w = rng.uniform(0, 1, (19, 3)), -rng.uniform(1, 3, 3)
    return x, w, _gates.mixed(x @ w, rng)


@exercise.probe
def exactly_at_the_threshold(rng):
    return _gates.switches(3), np.array([6.0, 2.0, 2.0]), float(rng.choice([2, 4, 8]))


@exercise.check
def worked_example(f):
    """Weights (6, 2, 2), threshold 5: (1, 0, 0) has the sum 6 and fires; (0, 1, 1) has 4, not."""
    x = np.array([[1.0, 0.0, 0.0], [0.0, 1.0, 1.0], [1.0, 1.0, 1.0], [0.0, 0.0, 1.0]])
    agree(f(x, np.array([6.0, 2.0, 2.0]), 5.0), np.array([1, 0, 1, 0]), what="the answers")


@exercise.check
def at_the_threshold(f):
    """Sums of 3, 4 and 5 against a threshold of 4: only the last one fires."""
    x = np.array([[3.0, 1.0], [4.0, 1.0], [5.0, 1.0]])
    agree(f(x, np.array([1.0, 0.0]), 4.0), np.array([0, 0, 1]), what="the answers")


@exercise.check
def below_nothing(f):
    """Weights (−2, 1), threshold −1: sums of −2, 0.5 and −0.5 give 0, 1, 1."""
    x = np.array([[1.0, 0.0], [0.0, 0.5], [0.5, 0.5]])
    agree(f(x, np.array([-2.0, 1.0]), -1.0), np.array([0, 1, 1]), what="the answers")


@exercise.check
def inputs_stay(f):
    """x and w are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 0.5]]), np.array([1.0, -1.0]), 0.25)


@exercise.check(points=2)
def random_inputs(f, reference, rng):
    """Decides rightly for random inputs, weights and thresholds."""
    for size in [(7, 3), (13, 2), (5, 11), (3, 5), (29, 4)]:
        arguments = inputs(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the answers")
    for probe in (high_threshold, below_zero):
        arguments = probe(rng)
        agree(f(*arguments), reference(*arguments), what="the answers")


@exercise.check(points=1, after=random_inputs)
def ties(f, reference, rng):
    """A sum that is exactly the threshold does not fire; switches may be whole numbers."""
    x = rng.permutation(_gates.switches(4))
    for threshold in rng.permutation([0.0, 2.0, 3.0, 5.0, 7.0]):
        arguments = x, np.array([2.0, 3.0, -2.0, 5.0]), float(threshold)
        agree(f(*arguments), reference(*arguments), what="the answers at the threshold")
    whole_numbers(f, reference, x.astype(int), np.array([2, 3, -2, 5]), 3)


@exercise.check(points=1, after=random_inputs)
def edges(f, reference, rng):
    """Works for one example, one input, huge and tiny sums, and a threshold of 0."""
    for size in [(1, 3), (7, 1), (1, 1)]:
        x, w, _ = inputs(rng, *size)
        for threshold in (0.0, -50.0, 50.0):
            agree(f(x, w, threshold), reference(x, w, threshold), what="the answers")
    x, w, threshold = inputs(rng, 7, 3)
    for scale in (1e-9, 1e9):
        arguments = scale * x, w, scale * threshold
        agree(f(*arguments), reference(*arguments), what=f"the answers to {scale:g} times x")


@exercise.check(points=1, after=random_inputs)
def laws(f, rng):
    """Nothing changes if weights and threshold grow alike, or if inputs are listed otherwise."""
    x, w, threshold = inputs(rng, 17, 3)
    answers = np.array(f(x, w, threshold)).astype(int)
    agree(f(x, 4 * w, 4 * threshold), answers, what="the answers of 4 times w and threshold")
    order = rng.permutation(3)
    agree(f(x[:, order], w[order], threshold), answers, what="the answers in another order")
    rows = rng.permutation(17)
    agree(f(x[rows], w, threshold), answers[rows], what="the answers to the rows rearranged")
    agree(f(-x, -w, threshold), answers, what="the answers to −x with the weights −w")


@exercise.check(points=1, after=random_inputs)
def leaves_inputs_alone(f, rng):
    """Leaves inputs and weights as they were."""
    unchanged(f, *seven_examples(rng))


@exercise.variant
def with_a_loop(x, w, threshold):
    answers = []
    for row in x:
        total = 0.0
        for value, weight in zip(row, w):
            total += value * weight
        answers.append(1 if total > threshold else 0)
    return answers


@exercise.variant
def with_where(x, w, threshold):
    return np.where((x * w).sum(axis=1) > threshold, 1.0, 0.0)


@exercise.variant
def as_truth_values(x, w, threshold):
    return np.dot(x, w) > threshold


@exercise.misconception(keeps=0.5)
def fires_at_the_threshold(x, w, threshold):
    """A sum that is exactly the threshold fires. It has to be *above* it."""
    return (x @ w >= threshold).astype(int)


@exercise.misconception
def threshold_ignored(x, w, threshold):
    """The sum is compared with 0. What is the threshold for?"""
    return (x @ w > 0).astype(int)


@exercise.misconception(keeps=1 / 3)
def threshold_added(x, w, threshold):
    """The threshold helps the sum over 0. It should be a bar that the sum has to pass."""
    return (x @ w + threshold > 0).astype(int)


@exercise.misconception
def weights_ignored(x, w, threshold):
    """All inputs count alike. Each one should be multiplied by its weight first."""
    return (x.sum(axis=1) > threshold).astype(int)


@exercise.misconception(keeps=1 / 3)
def fires_below(x, w, threshold):
    """The answers are the wrong way round: a *large* sum should fire."""
    return (x @ w < threshold).astype(int)


@exercise.misconception
def returns_the_sum(x, w, threshold):
    """These are the weighted sums. The neuron's answer is only yes or no, 1 or 0."""
    return x @ w


@exercise.misconception
def how_far_above(x, w, threshold):
    """These are the distances from the threshold. The neuron's answer is only 1 or 0."""
    return x @ w - threshold


@exercise.misconception
def one_strong_input_is_enough(x, w, threshold):
    """Every weighted input is compared on its own. Add them up first, then compare."""
    return (x * w > threshold).any(axis=1).astype(int)


@exercise.misconception
def the_mean_decides(x, w, threshold):
    """The weighted inputs are averaged. Their *sum* is compared with the threshold."""
    return ((x * w).mean(axis=1) > threshold).astype(int)


@exercise.misconception
def one_answer_for_all(x, w, threshold):
    """There is one answer for the whole batch: the sum runs over the examples, too."""
    return int(np.sum(x * w) > threshold)


@exercise.misconception(keeps=0.5)
def minus_one_for_no(x, w, threshold):
    """A "no" is −1 here, as in some books. In this course a silent neuron says 0."""
    return np.where(x @ w > threshold, 1, -1)


@exercise.misconception
def overwrites_the_inputs(x, w, threshold):
    """The answers are right, but x is multiplied in place, and its owner still needs it."""
    x *= w
    return (x.sum(axis=1) > threshold).astype(int)


@exercise.misconception
def sums_cut_to_whole_numbers(x, w, threshold):
    """Cuts the sums to whole numbers before comparing them."""
    return ((x @ w).astype(int) > threshold).astype(int)
