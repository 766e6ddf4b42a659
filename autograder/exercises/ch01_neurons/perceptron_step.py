"""Learn from one mistake."""

import numpy as np

from autograder.judging.compare import agree, as_array, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=10,
    difficulty=2,
    core=True,
    hints=(
        "The neuron said 0 and should have said 1. Should its sum for this input grow or shrink? "
        "And if it was right?",
        "First ask the neuron. What it should say minus what it says is 1, −1 or 0: one formula "
        "for all three cases.",
        r"$w \leftarrow w + \eta\,(y - \hat y)\,x$; the bias is a weight whose input is always 1.",
    ),
)


def example(rng, features, label, said, rate=None):
    """An input that the neuron answers with `said` and should answer with `label`."""
    x, w = rng.normal(size=features), rng.normal(size=features)
    b = -x @ w + (1 if said else -1) * rng.uniform(0.2, 2)
    return x, label, w, float(b), rng.uniform(0.1, 0.8) if rate is None else rate


@exercise.probe
def missed(rng):
    return example(rng, 3, 1, 0)


@exercise.probe
def false_alarm(rng):
    return example(rng, 5, 0, 1)


@exercise.probe
def rightly_silent(rng):
    return example(rng, 3, 0, 0)


@exercise.probe
def rightly_fired(rng):
    return example(rng, 2, 1, 1)


@exercise.probe
def exactly_zero(rng):
    """The neuron is silent: right for label 0, a mistake for label 1."""
    return np.array([2.0, -1.0, 3.0]), int(rng.integers(2)), np.zeros(3), 0.0, 0.3


@exercise.probe
def default_rate(rng):
    return example(rng, 3, 1, 0)[:4]


PROBES = tuple(exercise.probes)


def parts(answer):
    """w, b and the mistake, which may be True or 1."""
    w, b, mistake = sequence(answer, 3, "the result")
    return [w, b, as_array(mistake, "mistake").astype(float)]


def step(f, arguments, expected):
    """Compare one call, part by part."""
    names = ("w", "b", "mistake")
    for name, got, wanted in zip(names, parts(f(*arguments)), parts(expected), strict=True):
        agree(got, wanted, what=name)


@exercise.check
def a_missed_example(f):
    """x = (2, −1) should fire; from w = (0, 0), b = 0 at rate ½: w = (1, −½), b = ½, a mistake."""
    step(f, (np.array([2.0, -1.0]), 1, np.zeros(2), 0.0, 0.5), (np.array([1.0, -0.5]), 0.5, True))


@exercise.check
def a_false_alarm(f):
    """x = (1, 3) wrongly fires with w = (2, 1), b = 0: at rate 2 it learns w = (0, −5), b = −2."""
    arguments = np.array([1.0, 3.0]), 0, np.array([2.0, 1.0]), 0.0, 2.0
    step(f, arguments, (np.array([0.0, -5.0]), -2.0, True))


@exercise.check
def nothing_to_learn(f):
    """Where the answer is right, w = (2, 1) and b = −4 stay: (1, 3) fires, and (1, 2) does not."""
    for x, label in [([1.0, 3.0], 1), ([1.0, 2.0], 0)]:
        arguments = np.array(x), label, np.array([2.0, 1.0]), -4.0, 0.5
        step(f, arguments, (np.array([2.0, 1.0]), -4.0, False))


@exercise.check
def weights_stay(f):
    """The caller's w and x are afterwards what they were before."""
    unchanged(f, np.array([1.0, 3.0]), 0, np.array([2.0, 1.0]), 0.0, 0.5)
    unchanged(f, np.array([1.0, 3.0]), 1, np.array([-2.0, -1.0]), 0.0, 0.5)


@exercise.check(points=2)
def random_steps(f, reference, rng):
    """Learns from misses, false alarms and right answers in any order."""
    cases = [(n, *case) for n in (2, 3, 7) for case in [(1, 0), (0, 1), (0, 0), (1, 1)]]
    for k in rng.permutation(len(cases)):
        arguments = example(rng, *cases[k])
        step(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_steps)
def ties_and_default(f, reference, rng):
    """Exactly 0 counts as silent, and the rate is 1 if none is given."""
    for label in rng.permutation(2):
        x, w = np.array([1.0, 2.0, 3.0]), np.array([1.0, 1.0, -1.0])
        arguments = x, int(label), w, 0.0, rng.uniform(0.1, 0.8)
        step(f, arguments, reference(*arguments))
    for label, said in rng.permutation([(1, 0), (0, 1)]):
        arguments = example(rng, 5, int(label), int(said))[:4]
        step(f, arguments, reference(*arguments))


@exercise.check(points=1, after=random_steps)
def laws(f, rng):
    """A mistake moves the sum for that input by rate · (|x|² + 1), towards what is right."""
    for label in rng.permutation(2):
        x, _, w, b, rate = example(rng, 5, int(label), 1 - int(label))
        after_w, after_b, _ = parts(f(x, int(label), w, b, rate))
        moved = x @ np.asarray(after_w) + after_b - (x @ w + b)
        agree(moved, (1 if label else -1) * rate * (x @ x + 1), what="the move of the sum")


@exercise.check(points=1, after=random_steps)
def whole_numbers_count(f, reference, rng):
    """Takes switches that are whole numbers, and cuts no weight."""
    x, w = np.array([1, 0, 1]), np.array([-2, 3, 1])
    for part in (0, 1):
        whole_numbers(f, reference, x, 1, w, 0, 0.25, part=part)
    one = example(rng, 1, 0, 1)
    step(f, one, reference(*one))


@exercise.check(points=1, after=random_steps)
def leaves_inputs_alone(f, rng):
    """Leaves x and w as they were."""
    for probe in (missed, false_alarm):
        unchanged(f, *probe(rng))


@exercise.variant
def with_if(x, label, w, b, rate=1.0):
    fires = np.sum(w * x) + b > 0
    if fires and label == 0:
        return w - rate * x, b - rate, True
    if not fires and label == 1:
        return w + rate * x, b + rate, True
    return w.copy(), b, False


@exercise.variant
def bias_as_one_more_weight(x, label, w, b, rate=1.0):
    inputs, weights = np.append(x, 1.0), np.append(w, b)
    said = 1 if inputs @ weights > 0 else 0
    weights = weights + rate * (label - said) * inputs
    return [weights[:-1], weights[-1], said != label]


def _error(x, label, w, b):
    return label - int(x @ w + b > 0)


@exercise.misconception
def learns_from_right_answers_too(x, label, w, b, rate=1.0):
    """w moves even where the answer was right. A perceptron learns from its mistakes only."""
    push = 2 * label - 1
    return w + rate * push * x, b + rate * push, _error(x, label, w, b) != 0


@exercise.misconception(keeps=0.5)
def moves_the_wrong_way(x, label, w, b, rate=1.0):
    """The answer gets worse. Which sign should the error have after a miss?"""
    error = -_error(x, label, w, b)
    return w + rate * error * x, b + rate * error, error != 0


@exercise.misconception
def learns_only_from_misses(x, label, w, b, rate=1.0):
    """A false alarm changes nothing: the label 0 has wiped out the correction."""
    push = label * _error(x, label, w, b)
    return w + rate * push * x, b + rate * push, _error(x, label, w, b) != 0


@exercise.misconception(keeps=0.5)
def bias_does_not_learn(x, label, w, b, rate=1.0):
    """b stays as it was. It learns like a weight whose input is always 1."""
    error = _error(x, label, w, b)
    return w + rate * error * x, b, error != 0


@exercise.misconception(keeps=0.5)
def bias_without_the_rate(x, label, w, b, rate=1.0):
    """The rate scales the step of the weights, but not that of the bias."""
    error = _error(x, label, w, b)
    return w + rate * error * x, b + error, error != 0


@exercise.misconception
def input_forgotten(x, label, w, b, rate=1.0):
    """All weights move by the same amount. An input that was 0 has had no part in the mistake."""
    error = _error(x, label, w, b)
    return w + rate * error, b + rate * error, error != 0


@exercise.misconception
def rate_ignored(x, label, w, b, rate=1.0):
    """The learning rate is never used."""
    error = _error(x, label, w, b)
    return w + error * x, b + error, error != 0


@exercise.misconception
def error_before_the_step(x, label, w, b, rate=1.0):
    """The label is compared with the neuron's sum, not with its answer of 0 or 1."""
    error = label - (x @ w + b)
    return w + rate * error * x, b + rate * error, _error(x, label, w, b) != 0


@exercise.misconception(keeps=0.5)
def bias_left_out_of_the_answer(x, label, w, b, rate=1.0):
    """When the neuron is asked, b is missing from its sum."""
    error = _error(x, label, w, 0.0)
    return w + rate * error * x, b + rate * error, error != 0


@exercise.misconception(keeps=0.5)
def fires_at_zero(x, label, w, b, rate=1.0):
    """A sum of exactly 0 is taken for firing. From zero weights nothing is ever learned, then."""
    error = label - int(x @ w + b >= 0)
    return w + rate * error * x, b + rate * error, error != 0


@exercise.misconception(keeps=0.5)
def mistake_means_right(x, label, w, b, rate=1.0):
    """The last part says whether the answer was *right*; `mistake` is the opposite."""
    error = _error(x, label, w, b)
    return w + rate * error * x, b + rate * error, error == 0


@exercise.misconception(keeps=0.5)
def mistake_has_a_sign(x, label, w, b, rate=1.0):
    """The last part is the error, −1 for a false alarm. A mistake either happened or did not."""
    error = _error(x, label, w, b)
    return w + rate * error * x, b + rate * error, error


@exercise.misconception(keeps=0.5)
def mistake_not_told(x, label, w, b, rate=1.0):
    """Only w and b come back; whether it was a mistake is wanted, too."""
    error = _error(x, label, w, b)
    return w + rate * error * x, b + rate * error


@exercise.misconception
def moves_the_weights_it_was_given(x, label, w, b, rate=1.0):
    """The step is right, but `+=` moves the caller's own w. Make a new array."""
    error = _error(x, label, w, b)
    w += rate * error * x
    return w, b + rate * error, error != 0
