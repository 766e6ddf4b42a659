"""Restricted Boltzmann machines against sums over every pair of states."""

import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st

from reference_impl.classic_networks import boltzmann
from reference_impl.classic_networks import rbm as ref


def machine(D=3, M=4, seed=0, scale=1.0):
    """Weights and both biases."""
    rng = np.random.default_rng(seed)
    return tuple(scale * rng.normal(size=size) for size in [(D, M), D, M])


def joint(W, b, c):
    """The unnormalised probability of every pair (v, h), in a table (2^D, 2^M)."""
    vs = [np.array(s) for s in itertools.product([0, 1], repeat=len(b))]
    hs = [np.array(s) for s in itertools.product([0, 1], repeat=len(c))]
    return np.array([[math.exp(v @ b + h @ c + v @ W @ h) for h in hs] for v in vs])


def stripes():
    """3×3 pictures whose rows, or whose columns, are each all on or all off: 14 of them."""
    bits = np.array(list(itertools.product([0.0, 1.0], repeat=3)))
    pictures = [np.outer(s, np.ones(3)).ravel() for s in bits]
    pictures += [np.outer(np.ones(3), s).ravel() for s in bits[1:-1]]
    return np.array(pictures)


def calls():
    """One ordinary call of every function."""
    W, b, c = machine()
    v, h = np.array([[0.0, 1, 1], [1, 1, 0]]), np.array([[1.0, 1, 0, 0], [0, 1, 0, 1]])
    rng = np.random.default_rng(1)
    return {
        "rbm_energy": (v, h, W, b, c),
        "rbm_free_energy": (v, W, b, c),
        "rbm_hidden_probability": (v, W, c),
        "rbm_visible_probability": (h, W, b),
        "bars_and_stripes": (3,),
        "bernoulli": (v / 2, rng),
        "rbm_log_partition": (W, b, c),
        "rbm_log_likelihood": (v, W, b, c),
        "rbm_likelihood_gradient": (v, W, b, c),
        "contrastive_divergence": (v, W, b, c, 2, rng),
        "rbm_reconstruction_error": (v, W, b, c),
        "rbm_train": (v, W, b, c, 0.1, 3, 2, 1, rng),
    }


SCALARS = (
    "bars_and_stripes",
    "rbm_log_partition",
    "rbm_log_likelihood",
    "rbm_reconstruction_error",
)


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("name", [n for n in calls() if n not in SCALARS])
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_energy_by_hand():
    """−v·b − h·c − vWh for one pair of states."""
    W, b, c = np.array([[1.0, 2], [3, 4], [5, 6]]), np.array([0.1, 0.2, 0.3]), np.array([0.5, 0.7])
    energy = ref.rbm_energy(np.array([[1.0, 0, 1]]), np.array([[0.0, 1]]), W, b, c)
    np.testing.assert_allclose(energy, [-(0.4 + 0.7 + 8)], rtol=1e-14)


def test_an_rbm_is_a_boltzmann_machine_without_links_inside_layers():
    """Its energy is that of the full machine with two zero blocks."""
    W, b, c = machine()
    full = np.block([[np.zeros((3, 3)), W], [W.T, np.zeros((4, 4))]])
    s = boltzmann.binary_states(7)
    np.testing.assert_allclose(
        ref.rbm_energy(s[:, :3], s[:, 3:], W, b, c),
        boltzmann.boltzmann_energy(s, full, np.concatenate([b, c])),
        rtol=1e-12,
        atol=1e-12,
    )


@given(st.integers(1, 4), st.integers(1, 4), st.integers(0, 99))
@settings(max_examples=30)
def test_enumeration(D, M, seed):
    """Free energy, conditionals and ln Z from the table of all pairs of states."""
    W, b, c = machine(D, M, seed)
    table = joint(W, b, c)
    vs, hs = boltzmann.binary_states(D), boltzmann.binary_states(M)
    np.testing.assert_allclose(
        ref.rbm_free_energy(vs, W, b, c), -np.log(table.sum(axis=1)), rtol=1e-10, atol=1e-12
    )
    h_given_v = table @ hs / table.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ref.rbm_hidden_probability(vs, W, c), h_given_v, rtol=1e-10)
    v_given_h = table.T @ vs / table.T.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(ref.rbm_visible_probability(hs, W, b), v_given_h, rtol=1e-10)
    assert ref.rbm_log_partition(W, b, c) == pytest.approx(math.log(table.sum()), rel=1e-12)
    expected = np.log(table.sum(axis=1) / table.sum()).mean()
    assert ref.rbm_log_likelihood(vs, W, b, c) == pytest.approx(expected, rel=1e-12)


def test_hidden_units_are_independent_given_the_visible_ones():
    """P(h|v) is the product of its factors, for all 2^10 hidden states."""
    W, b, c = machine(2, 10)
    p = ref.rbm_hidden_probability(np.array([[1.0, 0.0]]), W, c)[0]
    hs = boltzmann.binary_states(10)
    conditional = joint(W, b, c)[2] / joint(W, b, c)[2].sum()
    np.testing.assert_allclose(np.prod(np.where(hs == 1, p, 1 - p), axis=1), conditional, rtol=1e-9)


def test_free_energy_does_not_overflow():
    """With weights of ±1000 it is still the linear part."""
    W, v = np.array([[1000.0, -1000.0]]), np.array([[1.0]])
    np.testing.assert_array_equal(ref.rbm_free_energy(v, W, np.zeros(1), np.zeros(2)), [-1000])


def test_bernoulli_frequencies():
    """p = 0.9 comes up nine times out of ten; 0 never, 1 always."""
    p = np.tile([0.0, 0.9, 1.0], (20000, 1))
    drawn = ref.bernoulli(p, np.random.default_rng(0)).mean(axis=0)
    assert drawn[0] == 0
    assert drawn[2] == 1
    assert drawn[1] == pytest.approx(0.9, abs=0.01)


def test_likelihood_gradient_agrees_with_differences():
    """Each parameter moved a little, the exact likelihood taken from the table."""
    params, h = list(machine()), 1e-5
    v = np.array([[0.0, 1, 1], [1, 1, 0]])

    def likelihood(W, b, c):
        table = joint(W, b, c).sum(axis=1)
        return np.mean([math.log(table[int(r @ [4, 2, 1])] / table.sum()) for r in v])

    for k, grad in enumerate(ref.rbm_likelihood_gradient(v, *params)):
        for i in np.ndindex(grad.shape):
            ends = []
            for sign in (1, -1):
                moved = [p.copy() for p in params]
                moved[k][i] += sign * h
                ends.append(likelihood(*moved))
            assert grad[i] == pytest.approx((ends[0] - ends[1]) / (2 * h), abs=1e-9)


def test_contrastive_divergence_of_a_long_chain_is_the_gradient():
    """Over many copies of the data, CD-30 comes close to the exact gradient."""
    params = machine(3, 4, scale=0.5)
    v = np.array([[0.0, 1, 1], [1, 1, 0]])
    many = np.tile(v, (20000, 1))
    got = ref.contrastive_divergence(many, *params, 30, np.random.default_rng(0))
    for estimate, exact in zip(got, ref.rbm_likelihood_gradient(v, *params), strict=True):
        np.testing.assert_allclose(estimate, exact, atol=0.015)


def test_cd1_expectation_by_enumeration():
    """The mean of CD-1 is that of its stated variant: v' sampled, hidden statistics exact."""
    W, b, c = machine(3, 4, scale=0.5)
    v = np.array([1.0, 0, 1])
    table = joint(W, b, c)
    hs, vs = boltzmann.binary_states(4), boltzmann.binary_states(3)
    p_h = table[5] / table[5].sum()
    p_back = p_h @ (table / table.sum(axis=0)).T
    h_of = table @ hs / table.sum(axis=1, keepdims=True)
    expected = np.outer(v, h_of[5]) - (p_back[:, None] * vs).T @ h_of
    many = np.tile(v, (40000, 1))
    dW, db, dc = ref.contrastive_divergence(many, W, b, c, 1, np.random.default_rng(0))
    np.testing.assert_allclose(dW, expected, atol=0.01)
    np.testing.assert_allclose(db, v - p_back @ vs, atol=0.01)
    np.testing.assert_allclose(dc, h_of[5] - p_back @ h_of, atol=0.002)


def test_saturated_chain_needs_no_luck():
    """With huge weights the chain is certain, and a batch counts as its average."""
    W, b, c = np.array([[100.0], [100.0]]), np.array([-50.0, -50.0]), np.array([-50.0])
    v = np.array([[1.0, 0.0]])
    for batch in (v, np.tile(v, (7, 1))):
        dW, db, dc = ref.contrastive_divergence(batch, W, b, c, 1, np.random.default_rng(0))
        np.testing.assert_allclose(dW, [[0.0], [-1.0]], atol=1e-12)
        np.testing.assert_allclose(db, [0.0, -1.0], atol=1e-12)
        np.testing.assert_allclose(dc, [0.0], atol=1e-12)


def test_reconstruction_error_by_hand():
    """Without weights every pixel comes back as one half."""
    v = np.array([[1.0, 0.0, 1.0]])
    assert ref.rbm_reconstruction_error(v, np.zeros((3, 2)), np.zeros(3), np.zeros(2)) == 0.25


def test_training_learns_bars_and_stripes():
    """The exact likelihood climbs from the uniform one towards its ceiling −ln 14."""
    v, rng = stripes(), np.random.default_rng(0)
    start = (0.1 * rng.normal(size=(9, 12)), np.zeros(9), np.zeros(12))
    params, errors = ref.rbm_train(v, *start, 0.2, 1500, 7, 1, rng)
    before, after = ref.rbm_log_likelihood(v, *start), ref.rbm_log_likelihood(v, *params)
    assert before == pytest.approx(-9 * math.log(2), abs=0.1)
    assert -4.5 < after <= -math.log(14)
    assert errors[-1] < errors[0] / 5
    assert errors.shape == (1500,)


def test_no_epochs_change_nothing():
    """The start comes back."""
    params, errors = ref.rbm_train(stripes(), *machine(9, 2), 0.1, 0, 5, 1, np.random.default_rng())
    for got, expected in zip(params, machine(9, 2), strict=True):
        np.testing.assert_array_equal(got, expected)
    assert errors.shape == (0,)


REFUSED = [
    ("rbm_energy", {1: np.ones((2, 3))}, "W has shape"),
    ("rbm_free_energy", {0: np.ones((0, 3))}, "v has shape"),
    ("bernoulli", {0: np.full((1, 1), 1.5)}, "p has an entry that is 1.5, expected"),
    ("bernoulli", {0: np.full((1, 1), math.nan)}, "p has an entry that is nan"),
    ("contrastive_divergence", {4: 0}, "k is 0, expected a whole number >= 1"),
    ("contrastive_divergence", {0: np.full((2, 3), -1.0)}, "v has an entry that is -1.0"),
    ("rbm_train", {4: -0.1}, "rate is -0.1, expected a number >= 0"),
    ("rbm_train", {6: 0}, "batch_size is 0"),
    ("rbm_hidden_probability", {1: np.ones((4, 3))}, "W has shape .4, 3.,"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


@pytest.mark.parametrize(("size", "pictures"), [(1, 2), (2, 6), (3, 14), (4, 30)])
def test_bars_and_stripes_by_their_definition(size, pictures):
    """Of all binary pictures just those whose rows are flat, or whose columns are."""
    got = {tuple(row) for row in ref.bars_and_stripes(size).tolist()}
    every = itertools.product([0.0, 1.0], repeat=size**2)
    flat = lambda lines: all(len(set(line)) == 1 for line in lines)
    grid = lambda p: [p[i * size : (i + 1) * size] for i in range(size)]
    expected = {p for p in every if flat(grid(p)) or flat(zip(*grid(p), strict=True))}
    assert got == expected
    assert len(ref.bars_and_stripes(size)) == len(expected) == pictures
