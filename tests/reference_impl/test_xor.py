"""XOR, the gate that one unit cannot be and three units can."""

import itertools
import math

import numpy as np
from scipy import optimize, special

from reference_impl import neurons as ref

BITS = np.array(list(itertools.product([0.0, 1.0], repeat=2)))
XOR = np.array([0, 1, 1, 0])


def test_fourteen_of_sixteen_gates_are_separable():
    """The perceptron learns every gate that a linear program can separate: all but XOR and XNOR."""
    for labels in itertools.product([0, 1], repeat=4):
        sides = np.where(labels, 1, -1)[:, None]
        plane = -sides * np.column_stack([BITS, np.ones(4)])
        program = optimize.linprog(np.zeros(3), plane, -np.ones(4), bounds=(None, None))
        mistakes = ref.perceptron_train(BITS, np.array(labels), np.zeros(2), 0.0)[2]
        assert (mistakes[-1] == 0) == (program.status == 0)
        assert (mistakes[-1] > 0) == (labels in {(0, 1, 1, 0), (1, 0, 0, 1)})


def test_104_of_256_gates_with_three_inputs_are_separable():
    """The perceptron's verdict is a linear program's, on all 256 gates; Winder counted 104."""
    cube = np.array(list(itertools.product([0.0, 1.0], repeat=3)))
    found = 0
    for labels in itertools.product([0, 1], repeat=8):
        sides = np.where(labels, 1, -1)[:, None]
        plane = -sides * np.column_stack([cube, np.ones(8)])
        program = optimize.linprog(np.zeros(4), plane, -np.ones(8), bounds=(None, None))
        assert ref.is_linearly_separable(cube, np.array(labels), 30) == (program.status == 0)
        found += program.status == 0
    assert found == 104


def test_logistic_regression_cannot_do_xor():
    """On XOR gradient descent ends at w = 0, p = ½ and a loss of ln 2."""
    w, b, losses = ref.logistic_fit(BITS, XOR, np.array([1.0, -0.5]), 0.3, 1.0, 3000)
    np.testing.assert_allclose([*w, b], 0, atol=1e-9)
    assert math.isclose(losses[-1], math.log(2))


def test_three_logistic_units_learn_xor_if_they_have_biases():
    """Most starts of a 2-2-1 net end at XOR; without biases hardly any does, and none moves."""
    solved = {True: 0, False: 0}
    for seed, learn in itertools.product(range(8), solved):
        draw = np.random.default_rng(seed)
        weights = [draw.normal(size=(2, 2)), draw.normal(size=(2, 1))]
        biases = [np.zeros(2), np.zeros(1)]
        weights, biases = ref.sigmoid_net_fit(BITS, XOR[:, None], weights, biases, 1.0, 3000, learn)
        hidden = special.expit(BITS @ weights[0] + biases[0])
        solved[learn] += np.array_equal((hidden @ weights[1] + biases[1])[:, 0] > 0, XOR == 1)
        assert learn or not any(b.any() for b in biases)
    assert solved[True] >= 6
    assert solved[False] <= 2
