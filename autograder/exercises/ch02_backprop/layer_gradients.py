"""The gradients of weights and biases (BP3 and BP4)."""

import numpy as np

from autograder.judging.compare import Failed, agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers
from autograder.judging_hidden.gradcheck import gradient_agrees

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    core=True,
    hints=(
        "If one weight grows a little, by how much does z grow? In how many examples?",
        "One example gives the outer product of input and error. What adds up over the batch?",
        "dW = a_prevᵀ δ, and db is the sum of δ over the examples.",
    ),
)


def layer(rng, examples, inputs, outputs):
    """What a layer was fed and the error of its z; no column of either averages to 0."""
    a_prev = rng.uniform(0.1, 0.9, size=(examples, inputs)) + rng.normal(size=inputs)
    return a_prev, rng.normal(size=(examples, outputs)) + rng.normal(size=outputs)


@exercise.probe
def five_examples(rng):
    return layer(rng, 5, 7, 3)


@exercise.probe
def one_example(rng):
    return layer(rng, 1, 2, 5)


@exercise.probe
def equal_sizes(rng):
    """A square: a transpose or a wrong axis raises no error here."""
    return layer(rng, 3, 3, 3)


@exercise.check
def worked_example(f):
    """Inputs (1, 2), (3, 4) with errors 1 and −10 give dW = (−29, −38) and db = −9."""
    found = f(np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [-10.0]]))
    dW, db = sequence(found, 2, "the result")
    agree(dW, np.array([[-29.0], [-38.0]]), what="dW")
    agree(db, np.array([-9.0]), what="db")


@exercise.check
def shapes(f, rng):
    """For 7 inputs and 3 neurons dW has the shape (7, 3) and db the shape (3,)."""
    got = [np.shape(part) for part in sequence(f(*five_examples(rng)), 2, "the result")]
    if got != [(7, 3), (3,)]:
        raise Failed(f"dW and db have the shapes {got[0]} and {got[1]}, expected (7, 3) and (3,)")


@exercise.check
def error_stays(f):
    """The caller's inputs and errors are the same afterwards."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, 4.0]]), np.array([[1.0], [-10.0]]))


SIZES = (5, 7, 3), (7, 3, 5), (4, 2, 5), (3, 3, 3), (11, 4, 2)


@exercise.check(points=1)
def weights(f, reference, rng):
    """Gives dW for layers and batches of several sizes, square ones among them."""
    for size in SIZES:
        arguments = layer(rng, *size)
        dW, _ = sequence(f(*arguments), 2, "the result")
        agree(dW, reference(*arguments)[0], what="dW")


@exercise.check(points=1)
def biases(f, reference, rng):
    """Gives db for layers and batches of several sizes, square ones among them."""
    for size in SIZES:
        arguments = layer(rng, *size)
        _, db = sequence(f(*arguments), 2, "the result")
        agree(db, reference(*arguments)[1], what="db")


@exercise.check(points=1, after=(weights, biases))
def batch_of_one(f, reference, rng):
    """Works for a batch of one, and for layers of one input or one neuron."""
    for size in [(1, 2, 5), (1, 3, 3)]:
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the result for a batch of one")
    for size in [(11, 1, 2), (2, 5, 1)]:
        arguments = layer(rng, *size)
        agree(f(*arguments), reference(*arguments), what="the result for one input or one neuron")


@exercise.check(points=1, after=(weights, biases))
def whole_numbers_count(f, reference, rng):
    """Takes inputs or errors of whole numbers for what they are, and rounds no gradient."""
    a_prev, delta = five_examples(rng)
    whole_numbers(f, reference, rng.integers(-3, 4, size=a_prev.shape), delta)
    whole_numbers(f, reference, a_prev, rng.integers(-3, 4, size=delta.shape))


@exercise.check(points=1, after=(weights, biases))
def measured_slopes(f, rng):
    """Agrees with slopes measured by moving every weight and every bias of a layer."""
    a_prev, delta = five_examples(rng)
    W, b = rng.normal(size=(7, 3)), rng.normal(size=3)
    dW, db = f(a_prev, delta)
    gradient_agrees(dW, lambda v: np.sum(delta * (a_prev @ v + b)), W, what="dW")
    gradient_agrees(db, lambda v: np.sum(delta * (a_prev @ W + v)), b, what="db")


@exercise.check(points=1, after=(weights, biases))
def batches_add_up(f, rng):
    """The gradients of half batches add up, in whatever order; k times the error gives k times."""
    a_prev, delta = five_examples(rng)
    whole = [np.asarray(part) for part in f(a_prev, delta)]
    halves = f(a_prev[:2], delta[:2]), f(a_prev[2:], delta[2:])
    summed = [np.asarray(first) + np.asarray(second) for first, second in zip(*halves, strict=True)]
    agree(summed, whole, what="the sum over both halves")
    agree(f(a_prev[::-1], delta[::-1]), whole, what="the result for the reversed batch")
    large = [1e4 * part for part in whole]
    agree(f(a_prev, 1e4 * delta), large, what="the result for 10,000 times the error")


@exercise.check(points=1, after=(weights, biases))
def leaves_inputs_alone(f, rng):
    """Leaves the layer's input and its error as they were."""
    unchanged(f, *five_examples(rng))


@exercise.variant
def sum_of_outer_products(a_prev, delta):
    dW, db = np.zeros((a_prev.shape[1], delta.shape[1])), np.zeros(delta.shape[1])
    for a, d in zip(a_prev, delta, strict=True):
        dW += np.outer(a, d)
        db += d
    return dW, db


@exercise.variant
def with_einsum(a_prev, delta):
    return [np.einsum("ni,nj->ij", a_prev, delta), np.einsum("nj->j", delta)]


@exercise.variant
def bias_as_one_more_input(a_prev, delta):
    both = np.hstack([a_prev, np.ones((len(a_prev), 1))]).T @ delta
    return both[:-1], both[-1]


@exercise.misconception(keeps=0.5)
def averages_the_biases(a_prev, delta):
    """db is a mean over the batch. The 1/N of the cost is in delta already, so here errors add."""
    return a_prev.T @ delta, delta.mean(axis=0)


@exercise.misconception(keeps=0.5)
def averages_the_weights(a_prev, delta):
    """dW is divided by N once more. The 1/N of the cost is in delta already."""
    return a_prev.T @ delta / len(delta), delta.sum(axis=0)


@exercise.misconception(keeps=0.5)
def averages_both(a_prev, delta):
    """Both gradients are divided by N once more. The 1/N of the cost is in delta already."""
    return a_prev.T @ delta / len(delta), delta.mean(axis=0)


@exercise.misconception
def weights_transposed(a_prev, delta):
    """dW is transposed: it needs W's shape, one row per input and one column per neuron."""
    return delta.T @ a_prev, delta.sum(axis=0)


@exercise.misconception
def input_not_transposed(a_prev, delta):
    """For dW the examples are to be summed over: they must be the inner axis of the product."""
    return a_prev @ delta, delta.sum(axis=0)


@exercise.misconception
def sums_over_the_neurons(a_prev, delta):
    """db adds up over the neurons. Each neuron has its own bias; what adds up are the examples."""
    return a_prev.T @ delta, delta.sum(axis=1)


@exercise.misconception
def one_sum_for_all_biases(a_prev, delta):
    """db is a single number: the sum runs over both axes. Each neuron has its own bias."""
    return a_prev.T @ delta, delta.sum()


@exercise.misconception
def biases_keep_the_batch_axis(a_prev, delta):
    """db still has an axis for the batch. It needs the shape of b."""
    return a_prev.T @ delta, delta.sum(axis=0, keepdims=True)


@exercise.misconception
def biases_not_summed(a_prev, delta):
    """db is delta itself, one row per example. All examples share one bias, so their rows add."""
    return a_prev.T @ delta, delta.copy()


@exercise.misconception
def biases_from_the_inputs(a_prev, delta):
    """db is added up from the layer's inputs. A bias is fed the constant 1: only errors count."""
    return a_prev.T @ delta, a_prev.sum(axis=0)


@exercise.misconception
def biases_weighted_by_the_inputs(a_prev, delta):
    """db is added up from dW. A bias is fed the constant 1, not the layer's inputs."""
    dW = a_prev.T @ delta
    return dW, dW.sum(axis=0)


@exercise.misconception
def only_the_first_example(a_prev, delta):
    """Only the first example counts. Gradients add up over the whole batch."""
    return np.outer(a_prev[0], delta[0]), delta[0]


@exercise.misconception
def products_of_sums(a_prev, delta):
    """Inputs and errors are added up first and multiplied then. Each input meets its own error."""
    return np.outer(a_prev.sum(axis=0), delta.sum(axis=0)), delta.sum(axis=0)


@exercise.misconception
def biases_come_first(a_prev, delta):
    """The two gradients come in the wrong order: first dW, then db."""
    return delta.sum(axis=0), a_prev.T @ delta


@exercise.misconception
def sign_flipped(a_prev, delta):
    """The sign is flipped: the minus of gradient descent belongs to the update, not here."""
    return -(a_prev.T @ delta), -delta.sum(axis=0)


@exercise.misconception
def overwrites_the_error(a_prev, delta):
    """The result is right, but delta is changed on the way, and the layer before needs it."""
    dW = a_prev.T @ delta
    for row in delta[1:]:
        delta[0] += row
    return dW, delta[0]
