"""Bug hunt: a step that only looks like fine-tuning."""

import numpy as np

from autograder.exercises.ch13_transfer import suspects
from autograder.exercises.ch13_transfer.nets import labelled
from autograder.judging import hunt
from autograder.judging.compare import Failed, as_array, sequence
from autograder.judging.exercise import Exercise

exercise = Exercise(
    __name__,
    minutes=15,
    difficulty=3,
    hints=(
        "If every layer learns, or only the head does, which mistakes can you see?",
        "Who gets away with a single example? With biases of 0? If every class is in the batch?",
        "Three layers or more with biases, of which some learn and some do not; several examples, "
        "and a class that none of them shows; a rate near 1.",
    ),
)


def transfer_bug_hunt() -> list[tuple[object, ...]]:
    """Steps on which a wrong fine-tuning step gives itself away.

    Returns
    -------
    list of 1 to 3 tuples (x, labels, weights, biases, trained, rate)
        Arguments of a suspect, which returns weights and biases after the step: x (N, D), labels
        (N,), lists of weights (n_in, n_out) and biases (n_out,) of at most 5 layers, the head last;
        how many layers learn, counted from the head; and a rate above 0. At most 40 examples
        and 200 weights and biases, all numbers between −10 and 10.
    """
    rng = np.random.default_rng(0)
    sizes = (3, 4, 3, 5)
    weights = [rng.normal(size=pair) for pair in zip(sizes, sizes[1:], strict=False)]
    biases = [rng.normal(size=size) for size in sizes[1:]]
    return [(rng.normal(size=(6, 3)), np.array([0, 2, 3, 0, 4, 2]), weights, biases, 2, 1.0)]


LARGEST = 10


def input_set(item, what):
    x, labels, weights, biases, trained, rate = sequence(item, 6, what)
    x, labels = as_array(x, f"x of {what}"), as_array(labels, f"the labels of {what}")
    weights, biases = (
        _layers(weights, 2, f"weights of {what}"),
        _layers(biases, 1, f"biases of {what}"),
    )
    _fits(x, labels, weights, biases, what)
    trained, rate = (as_array(n, f"{n} of {what}") for n in (trained, rate))
    if trained.ndim or trained.dtype.kind not in "iu" or not 1 <= trained <= len(weights):
        raise Failed(f"in {what} `trained` must be a whole number from 1 to {len(weights)}")
    if rate.ndim or rate.dtype.kind not in "iuf" or not 0 < rate <= LARGEST:
        raise Failed(f"the rate of {what} must be above 0 and at most {LARGEST}")
    return [x.astype(float), labels, weights, biases, int(trained), float(rate)]


def _layers(given, axes, what):
    if not isinstance(given, tuple | list) or not 1 <= len(given) <= 5:
        raise Failed(f"the {what} must be a list of 1 to 5 arrays")
    arrays = [as_array(array, f"the {what}") for array in given]
    if any(a.ndim != axes or a.dtype.kind not in "iuf" for a in arrays):
        raise Failed(f"each of the {what} must be an array of real numbers with {axes} axes")
    return [a.astype(float) for a in arrays]


def _fits(x, labels, weights, biases, what):
    if x.ndim != 2 or x.dtype.kind not in "iuf" or not 1 <= len(x) <= 40:
        raise Failed(f"x of {what} must have 1 to 40 rows of real numbers")
    widths = [x.shape[1], *(W.shape[1] for W in weights)]
    joined = [W.shape[0] for W in weights] == widths[:-1]
    if not joined or [len(b) for b in biases] != widths[1:]:
        raise Failed(f"the layers of {what} do not fit together")
    if sum(a.size for a in [*weights, *biases]) > 200 or min(widths) < 1:
        raise Failed(f"{what} has more than 200 weights and biases, or an empty layer")
    if not all(np.all(np.abs(a) <= LARGEST) for a in [x, *weights, *biases]):
        raise Failed(f"{what} holds numbers beyond ±{LARGEST}, or NaN")
    if labels.shape != (len(x),) or labels.dtype.kind not in "iu":
        raise Failed(f"the labels of {what} must be whole numbers, one per example")
    if labels.min() < 0 or labels.max() >= widths[-1]:
        raise Failed(f"the labels of {what} must lie between 0 and {widths[-1] - 1}")


def _loss(x, labels, weights, biases):
    total = 0.0
    for row, label in zip(x, labels, strict=True):
        for W, b in zip(weights[:-1], biases[:-1], strict=True):
            row = 1 / (1 + np.exp(-(row @ W + b)))
        scores = row @ weights[-1] + biases[-1]
        total = total + np.log(np.exp(scores).sum()) - scores[label]
    return total / len(x)


def truth(x, labels, weights, biases, trained, rate):
    """Each slope from the loss alone, along the imaginary axis: no error is sent back."""
    stepped = [list(weights), list(biases)]
    for layer in range(len(weights) - trained, len(weights)):
        for kind in (0, 1):
            slope = np.zeros(stepped[kind][layer].shape)
            for place in np.ndindex(slope.shape):
                moved = [[a.astype(complex) for a in arrays] for arrays in (weights, biases)]
                moved[kind][layer][place] += 1e-30j
                slope[place] = _loss(x, labels, *moved).imag / 1e-30
            stepped[kind][layer] = (weights, biases)[kind][layer] - rate * slope
    return tuple(stepped)


SUSPECTS = hunt.lineup(suspects)
hunt.opens(exercise, input_set, SUSPECTS, "Returns one to three steps whose parts fit together.")
hunt.charges(exercise, input_set, SUSPECTS, innocent="e", truth=truth, points=1)


def step(seed, sizes=(3, 4, 3, 5), labels=(0, 2, 3, 0, 4, 2), trained=2, rate=1.0):
    rng = np.random.default_rng(seed)
    x, _, weights, biases = labelled(rng, sizes, len(labels))
    return x, np.array(labels), weights, biases, trained, rate


@exercise.variant
def two_small_networks():
    return [step(1, (2, 3, 3, 4), (1, 1, 3), 2, 2.0), step(2, (3, 2, 3), (0, 1, 2, 2), 1, 0.5)]


@exercise.variant
def as_lists():
    x, labels, weights, biases, trained, rate = step(3, (2, 3, 2, 2, 4), (0, 3, 3), 3, 1.5)
    listed = [W.tolist() for W in weights], tuple(b.tolist() for b in biases)
    return ([x.tolist(), labels.tolist(), *listed, trained, rate],)


@exercise.misconception
def everything_learns():
    """All layers learn: from which end they are counted, and what is below, cannot be seen."""
    return [step(4, trained=3)]


@exercise.misconception
def only_the_head_learns():
    """Only the head learns: how errors go on down is never asked."""
    return [step(5, trained=1)]


@exercise.misconception
def one_example():
    """With one example a mean is a sum."""
    return [step(6, labels=(2,))]


@exercise.misconception
def biases_of_zero():
    """With biases of 0 nobody misses them in the frozen layers."""
    x, labels, weights, biases, trained, rate = step(7)
    return [(x, labels, weights, [0 * b for b in biases], trained, rate)]


@exercise.misconception
def every_class_is_shown():
    """Every class is in the batch: who forgets the others gets away."""
    return [step(8, labels=(0, 1, 2, 3, 4, 2))]


@exercise.misconception
def a_tiny_rate():
    """The rate is so small that hardly anything moves: all suspects look alike."""
    return [step(9, rate=1e-9)]


@exercise.misconception
def a_head_alone():
    """The network is a head and nothing else: there is nothing to freeze."""
    return [step(10, (3, 5), trained=1)]
