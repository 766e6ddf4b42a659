"""The energy of a picture, with all hidden states in it."""

import numpy as np

from autograder.judging.compare import agree, as_array
from autograder.judging.exercise import Exercise
from autograder.judging.purity import unchanged, whole_numbers

exercise = Exercise(
    __name__,
    minutes=14,
    difficulty=3,
    hints=(
        "A single hidden unit with input a can be off or on: which two weights e^(−E) are added?",
        "Given v the hidden units do not see each other, so the sum over all 2^M states is a "
        "*product* of M small sums. And its logarithm? `np.logaddexp(a, b)` is ln(eᵃ + eᵇ).",
        r"$\ln\prod_j (1 + e^{a_j}) = \sum_j \ln(1 + e^{a_j})$ with $a = vW + c$.",
    ),
)


def machine(rng, examples, visible, hidden):
    v = (rng.random((examples, visible)) < 0.5) * 1.0
    return (
        v,
        rng.normal(size=(visible, hidden)),
        rng.normal(size=visible),
        rng.normal(size=hidden),
    )


def by_enumeration(v, W, b, c):
    """−ln Σ_h e^(−E(v, h)), every hidden state visited."""
    hidden = len(c)
    states = (np.arange(2**hidden)[:, None] >> np.arange(hidden) & 1) * 1.0
    minus_E = (v @ b)[:, None] + states @ c + v @ W @ states.T
    return -np.log(np.exp(minus_E).sum(axis=1))


@exercise.probe
def five_pictures(rng):
    return machine(rng, 5, 3, 4)


@exercise.probe
def square(rng):
    return machine(rng, 3, 3, 3)


@exercise.probe
def strong(rng):
    v, W, b, c = machine(rng, 5, 4, 3)
    return v, 2000 * W, b, c + 900


@exercise.probe
def of_whole_numbers(rng):
    v, W, b, c = machine(rng, 5, 3, 4)
    return v.astype(int), W, b, c


@exercise.check
def worked_example(f):
    """v = 1, W = (ln 2, 0), b = 3, c = (0, ln 4): F = −3 − ln(1 + 2) − ln(1 + 4) = −3 − ln 15."""
    W, b, c = np.log([[2.0, 1.0]]), np.array([3.0]), np.log([1.0, 4.0])
    agree(f(np.array([[1.0]]), W, b, c), np.array([-3 - np.log(15)]), what="F")


@exercise.check
def a_silent_picture(f):
    """v = 0 still has its hidden states: with c = 0 there are 2³ of them, so F = −3 ln 2."""
    got = f(np.array([[0, 0], [1, 0]]), np.zeros((2, 3)), np.array([0.25, 5.0]), np.zeros(3))
    agree(got, np.array([-3 * np.log(2), -0.25 - 3 * np.log(2)]), what="F")


@exercise.check
def inputs_in_the_thousands(f):
    """An input of 2000 costs −2000, one of −2000 nothing."""
    W, zero = np.array([[2000.0, -2000.0]]), np.zeros(1)
    agree(f(np.ones((1, 1)), W, zero, np.zeros(2)), np.array([-2000.0]), what="F")


@exercise.check
def arguments_stay(f):
    """The pictures and the parameters are afterwards what they were."""
    unchanged(f, np.ones((1, 2)), np.ones((2, 3)), np.array([0.5, 5.0]), np.zeros(3))


@exercise.check(points=2)
def random_machines(f, reference, rng):
    """Gives the free energies of random pictures, for machines of several sizes."""
    for size in rng.permutation([(5, 3, 4), (3, 3, 3), (7, 5, 2), (2, 4, 11)]):
        arguments = machine(rng, *size)
        agree(f(*arguments), reference(*arguments), what="F")


@exercise.check(points=1, after=random_machines)
def one_picture(f, reference, rng):
    """Works for a single picture, a single visible and a single hidden unit."""
    for size in rng.permutation([(1, 3, 4), (5, 1, 3), (5, 3, 1)]):
        arguments = machine(rng, *size)
        agree(f(*arguments), reference(*arguments), what="F")


@exercise.check(points=1, after=random_machines)
def strong_weights(f, reference, rng):
    """Stays right where the exponential is no number, and where it is nearly 0."""
    v, W, b, c = machine(rng, 5, 4, 3)
    v[:, 0] = 1.0
    for scale in rng.permutation([900.0, 1e5]):
        signs = rng.permutation([1.0, -1.0, 1.0])
        arguments = v, scale * (1 + np.abs(W)) * signs, b, c
        agree(f(*arguments), reference(*arguments), what="F")


@exercise.check(points=1, after=random_machines)
def all_hidden_states(f, rng):
    """Agrees with a visit to every hidden state; its mean slope along c is −P(h = 1)."""
    v, W, b, c = machine(rng, 7, 3, 6)
    agree(f(v, W, b, c), by_enumeration(v, W, b, c), rtol=1e-6, what="F")
    step = np.zeros(6)
    step[rng.integers(6)] = 1e-3
    slope = (as_array(f(v, W, b, c + step)) - as_array(f(v, W, b, c - step))) / 2e-3
    p = 1 / (1 + np.exp(-(v @ W + c) @ (step > 0)))
    agree(slope, -p, rtol=1e-3, atol=1e-3, what="the slope of F along c")


@exercise.check(points=1, after=random_machines)
def takes_whole_numbers(f, reference, rng):
    """Takes pictures of whole numbers for what they are, and does not round."""
    whole_numbers(f, reference, *of_whole_numbers(rng))


@exercise.check(points=1, after=random_machines)
def leaves_inputs_alone(f, rng):
    """Leaves its arguments as they were."""
    unchanged(f, *five_pictures(rng))


@exercise.variant
def unit_by_unit(v, W, b, c):
    F = -1.0 * (v @ b)
    for j in range(len(c)):
        a = v @ W[:, j] + c[j]
        F = F - np.where(a > 0, a, 0) - np.log1p(np.exp(-np.abs(a)))
    return F


@exercise.variant
def state_by_state(v, W, b, c):
    answers = []
    for row in v:
        total = np.array([0.0])
        for a in row @ W + c:
            total = np.concatenate([total, total + a])
        answers.append(-(row @ b) - np.logaddexp.reduce(total))
    return answers


def _softplus(v, W, c):
    return np.logaddexp(0, v @ W + c)


@exercise.misconception
def overflows(v, W, b, c):
    """ln(1 + eᵃ) is computed as it stands: from a = 710 on eᵃ is infinite. How large is it then?"""
    with np.errstate(over="ignore", invalid="ignore"):
        return -(v @ b) - np.log(1 + np.exp(v @ W + c)).sum(axis=1)


@exercise.misconception
def sign_turned(v, W, b, c):
    """The sign is turned: likely pictures should have a *low* free energy."""
    return v @ b + _softplus(v, W, c).sum(axis=1)


@exercise.misconception
def visible_biases_forgotten(v, W, b, c):
    """The term −v·b is missing."""
    return -_softplus(v, W, c).sum(axis=1)


@exercise.misconception
def visible_biases_added(v, W, b, c):
    """v·b is added. A visible unit with a large bias likes to be on: it lowers F."""
    return v @ b - _softplus(v, W, c).sum(axis=1)


@exercise.misconception
def hidden_biases_forgotten(v, W, b, c):
    """The hidden units' biases c are missing."""
    return -(v @ b) - _softplus(v, W, 0 * c).sum(axis=1)


@exercise.misconception
def logarithm_of_the_sum(v, W, b, c):
    """The exponentials are added over the units, and then the logarithm is taken. The sum over
    states is a product over units, so the logarithms add up."""
    a = v @ W + c
    return -(v @ b) - np.logaddexp(0, np.logaddexp.reduce(a, axis=1))


@exercise.misconception
def hidden_units_all_on(v, W, b, c):
    """This is the energy with every hidden unit on. Off is a state, too: where is its 1?"""
    return -(v @ b) - (v @ W + c).sum(axis=1)


@exercise.misconception
def hidden_units_at_their_best(v, W, b, c):
    """This is the *lowest* energy over the hidden states. All of them contribute."""
    return -(v @ b) - np.maximum(0, v @ W + c).sum(axis=1)


@exercise.misconception
def mean_of_the_hidden_units(v, W, b, c):
    """The hidden units are put at their probabilities. F is lower: it has their entropy as well."""
    a = v @ W + c
    return -(v @ b) - (a / (1 + np.exp(-np.clip(a, -700, 700)))).sum(axis=1)


@exercise.misconception
def sigmoid_for_softplus(v, W, b, c):
    """The logarithm of the sigmoid is taken. ln(1 + eᵃ) is the sigmoid's *integral*."""
    a = v @ W + c
    return -(v @ b) + np.logaddexp(0, -a).sum(axis=1)


@exercise.misconception
def averaged_over_the_units(v, W, b, c):
    """The hidden units' terms are averaged. They add up."""
    return -(v @ b) - _softplus(v, W, c).mean(axis=1)


@exercise.misconception
def averaged_over_the_pictures(v, W, b, c):
    """One number comes back for all pictures. Each has its own free energy."""
    return np.mean(-(v @ b) - _softplus(v, W, c).sum(axis=1))


@exercise.misconception
def cuts_whole_numbers(v, W, b, c):
    """Pictures of whole numbers get whole free energies: the result is cut to their type."""
    return (-(v @ b) - _softplus(v, W, c).sum(axis=1)).astype(v.dtype)


@exercise.misconception
def overwrites_the_biases(v, W, b, c):
    """F is right, but the caller's hidden biases are changed on the way."""
    answer = -(v @ b) - _softplus(v, W, c).sum(axis=1)
    c += 1
    return answer


@exercise.misconception
def hidden_part_added(v, W, b, c):
    """The hidden part has the wrong sign: it lowers the free energy."""
    return -v @ b + np.logaddexp(0, v @ W + c).sum(axis=1)


@exercise.misconception
def summed_over_the_examples(v, W, b, c):
    """Adds the hidden part of all examples together: every v has its own."""
    return -v @ b - np.logaddexp(0, v @ W + c).sum()
