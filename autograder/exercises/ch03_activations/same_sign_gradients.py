"""One sign for all weights."""

import numpy as np

from autograder.judging.compare import agree, sequence
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=12,
    difficulty=2,
    hints=(
        "z = x[n] @ w + b: how much does z change with w[i]? And the cost?",
        "Row n of dw is x[n] times one number. For the share, ask each row: all ≥ 0, or all ≤ 0?",
        "The gradient of one example's cost by the weights is x·δ: which of its signs agree?",
    ),
)


def neuron(rng, examples, inputs, mixed=0.5):
    """Inputs, of one sign for some of the examples, and errors of both signs."""
    x = rng.uniform(0.1, 2, size=(examples, inputs)) * rng.choice([-1, 1], size=(examples, 1))
    turned = rng.random(examples) < mixed
    x[turned, rng.integers(inputs, size=turned.sum())] *= -1
    return x, rng.normal(size=examples)


@exercise.probe
def batch(rng):
    return neuron(rng, 13, 3)


@exercise.probe
def all_positive(rng):
    return rng.random(size=(7, 5)), rng.normal(size=7)


@exercise.probe
def centred(rng):
    return rng.normal(size=(11, 2)), rng.normal(size=11)


@exercise.probe
def with_zeros(rng):
    """Inputs of 0 beside either sign, nothing but 0, and an error of 0."""
    x = [[0, 2, 1], [-1, 0, -3], [0, 0, 0], [1, -1, 2], [3, -2, 1], [1, 0, -1], [0, -4, 0]]
    return np.array(x, dtype=float), np.array([1.5, 0.5, -1.0, 0.0, 2.0, 1.0, -1.0])


@exercise.check
def worked_example(f):
    """Inputs (1, 2), (3, −1) and (−1, −4) with errors 10, 2 and −1: two of three have one sign."""
    x, dz = np.array([[1.0, 2.0], [3.0, -1.0], [-1.0, -4.0]]), np.array([10.0, 2.0, -1.0])
    dw, share = sequence(f(x, dz), 2)
    agree(dw, np.array([[10.0, 20.0], [6.0, -2.0], [1.0, 4.0]]), what="dw")
    agree(share, 2 / 3, what="share")


@exercise.check
def both_signs_count(f):
    """Rows all positive, all negative, and mixed, four of them: the share is ¾, and dw by hand."""
    x = np.array([[1.0, 3.0], [2.0, 5.0], [-4.0, -2.0], [2.0, -1.0]])
    dw, share = sequence(f(x, np.array([2.0, 1.0, 3.0, -1.0])), 2)
    agree(dw, np.array([[2.0, 6.0], [2.0, 5.0], [-12.0, -6.0], [-2.0, 1.0]]), what="dw")
    agree(share, 0.75, what="share")


@exercise.check
def zero_goes_along(f):
    """A 0 goes with either sign: inputs (0, 2) and (−1, 0) with the error 1 have one sign each."""
    x = np.array([[0.0, 2.0], [-1.0, 0.0]])
    agree(sequence(f(x, np.array([1.0, 1.0])), 2)[1], 1.0, what="share")


@exercise.check
def arguments_stay(f):
    """x and dz are afterwards what they were before."""
    unchanged(f, np.array([[1.0, 2.0], [3.0, -1.0]]), np.array([10.0, 2.0]))


@exercise.check(points=1)
def gradients(f, reference, rng):
    """Gives each example's gradient in a row of its own."""
    for size in [(13, 3), (5, 7), (3, 3), (11, 1)]:
        x, dz = neuron(rng, *size)
        for scale in (1.0, 1e3):
            arguments = scale * x, scale * dz
            agree(sequence(f(*arguments), 2)[0], reference(*arguments)[0], what="dw")


@exercise.check(points=2)
def shares(f, reference, rng):
    """Gives the share of examples whose gradient has one sign."""
    for size in [(53, 3), (29, 7), (3, 3), (11, 1), (31, 2)]:
        arguments = neuron(rng, *size, mixed=rng.uniform(0.2, 0.8))
        agree(sequence(f(*arguments), 2)[1], reference(*arguments)[1], what="share")


@exercise.check(points=1, after=(gradients, shares))
def takes_whole_numbers(f, reference, rng):
    """Takes whole numbers as inputs for what they are, and does not round dw."""
    whole = rng.integers(-9, 10, size=(7, 3))
    whole_numbers(f, reference, whole, rng.normal(size=7), part=0)


@exercise.check(points=1, after=(gradients, shares))
def takes_one_example(f, reference, rng):
    """Takes a batch of one example: its share is 1 or 0."""
    for mixed in (0, 1):
        arguments = neuron(rng, 1, 5, mixed)
        agree(f(*arguments), reference(*arguments), what="the result for a batch of one")


@exercise.check(points=1, after=(gradients, shares))
def zeros_go_with_either_sign(f, reference, rng):
    """An entry that is 0 goes with either sign, as the contract says."""
    arguments = with_zeros(rng)
    agree(f(*arguments), reference(*arguments), what="the result")
    mixed = np.vstack([np.roll([0.0, 2.0, -1.0], k) for k in range(3)] + [[0.0, 3.0, 1.0]])
    agree(f(mixed, rng.uniform(1, 2, 4))[1], 0.25, what="the share with a 0 among both signs")
    x, _ = neuron(rng, 7, 5, mixed=1.0)
    agree(f(x, np.zeros(7))[1], 1.0, what="the share if no example has an error")


@exercise.check(points=1, after=(gradients, shares))
def laws(f, rng):
    """Positive inputs give the share 1 whatever the errors; their size does not matter."""
    x, dz = all_positive(rng)
    agree(f(x, dz)[1], 1.0, what="the share for positive inputs")
    agree(f(-x, dz)[1], 1.0, what="the share for negative inputs")
    x, dz = batch(rng)
    dw, share = f(x, dz)
    agree(f(1e-200 * x, dz)[1], share, what="the share with everything far smaller")
    faint = np.array([[1.0, -1e-17], [-1.0, 1e-17]])
    agree(f(faint, dz[:2])[1], 0.0, what="the share of a faint second sign")
    agree(f(x, -dz), (-np.asarray(dw), share), what="the result with the errors turned round")
    doubled = f(np.vstack([x, x]), np.concatenate([dz, dz]))[1]
    agree(doubled, share, what="the share of the doubled batch")


@exercise.check(points=1, after=(gradients, shares))
def leaves_inputs_alone(f, rng):
    """Leaves inputs and errors as they were."""
    unchanged(f, *batch(rng))


@exercise.variant
def with_einsum(x, dz):
    dw = np.einsum("nd,n->nd", x, dz)
    return [dw, np.mean((dw.min(axis=1) >= 0) | (dw.max(axis=1) <= 0))]


@exercise.variant
def example_by_example(x, dz):
    rows, one_sign = [], 0
    for inputs, error in zip(x, dz, strict=True):
        rows.append(inputs * error)
        one_sign += not (any(rows[-1] > 0) and any(rows[-1] < 0))
    return np.array(rows), one_sign / len(x)


@exercise.variant
def columns_first(x, dz):
    dw = (x.T * dz).T
    signs = np.sign(dw)
    return dw, 1 - np.mean(np.ptp(signs, axis=1) == 2)


def _one_sign(dw):
    return (dw >= 0).all(axis=1) | (dw <= 0).all(axis=1)


def _dw(x, dz):
    return x * dz[:, None]


@exercise.misconception
def examples_added_up(x, dz):
    """The examples are added up into one gradient. Each should keep a row of its own."""
    return x.T @ dz, np.mean(_one_sign(_dw(x, dz)))


@exercise.misconception(keeps=0.5)
def examples_averaged(x, dz):
    """Every row is divided by the number of examples. Each example has its own cost here."""
    return _dw(x, dz) / len(x), np.mean(_one_sign(_dw(x, dz)))


@exercise.misconception
def inputs_without_errors(x, dz):
    """dw is x alone. How strongly, and which way, the cost pulls is in dz."""
    return x * 1.0, np.mean(_one_sign(_dw(x, dz)))


@exercise.misconception
def errors_without_inputs(x, dz):
    """Every weight gets the same gradient: that is the one of the bias. What enters a weight?"""
    return np.repeat(dz[:, None], x.shape[1], axis=1), np.mean(_one_sign(_dw(x, dz)))


@exercise.misconception
def downhill(x, dz):
    """The sign is turned round: the minus of gradient descent belongs to the step."""
    return -_dw(x, dz), np.mean(_one_sign(_dw(x, dz)))


@exercise.misconception
def positive_only(x, dz):
    """Rows that are all negative have one sign as well."""
    return _dw(x, dz), np.mean((_dw(x, dz) >= 0).all(axis=1))


@exercise.misconception
def negative_only(x, dz):
    """Rows that are all positive have one sign as well."""
    return _dw(x, dz), np.mean((_dw(x, dz) <= 0).all(axis=1))


@exercise.misconception
def along_the_examples(x, dz):
    """You look down the columns: one weight, all examples. It is rows that should agree."""
    return _dw(x, dz), np.mean(_one_sign(_dw(x, dz).T))


@exercise.misconception
def share_of_the_mixed(x, dz):
    """This is the share of the examples that have both signs."""
    return _dw(x, dz), 1 - np.mean(_one_sign(_dw(x, dz)))


@exercise.misconception
def share_of_positive_entries(x, dz):
    """You count single entries above 0. A whole row counts, or does not."""
    return _dw(x, dz), np.mean(_dw(x, dz) > 0)


@exercise.misconception
def zeros_spoil_it(x, dz):
    """A 0 beside positive entries spoils the row here. By the contract it goes with either sign."""
    dw = _dw(x, dz)
    return dw, np.mean((dw > 0).all(axis=1) | (dw < 0).all(axis=1))


@exercise.misconception(keeps=0.5)
def a_count(x, dz):
    """You count the examples. A share lies between 0 and 1."""
    return _dw(x, dz), int(np.sum(_one_sign(_dw(x, dz))))


@exercise.misconception
def one_answer_per_example(x, dz):
    """There is a True or False per example left. Their mean is the share."""
    return _dw(x, dz), _one_sign(_dw(x, dz))


@exercise.misconception
def overwrites_the_inputs(x, dz):
    """The result is right, but `*=` changes the caller's x: multiply into a new array."""
    x *= dz[:, None]
    return x, np.mean(_one_sign(x))


@exercise.misconception
def zero_is_a_sign_of_its_own(x, dz):
    """0 is taken for a third sign, which only goes with other zeros. It should go with either."""
    signs = np.sign(_dw(x, dz))
    return _dw(x, dz), np.mean((signs == signs[:, :1]).all(axis=1))


@exercise.misconception
def product_of_the_signs(x, dz):
    """The signs of a row are multiplied: two minuses beside a plus then pass for one sign."""
    return _dw(x, dz), np.mean(np.sign(_dw(x, dz)).prod(axis=1) >= 0)
