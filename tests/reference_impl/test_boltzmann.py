"""Boltzmann machines against hand-counted energies, loops over states and finite differences."""

import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import special

from reference_impl.classic_networks import boltzmann as ref


def machine(n, seed=0, scale=1.0):
    """Symmetric couplings with a zero diagonal, and biases."""
    rng = np.random.default_rng(seed)
    W = np.triu(scale * rng.normal(size=(n, n)), 1)
    return W + W.T, scale * rng.normal(size=n)


def energy_by_loops(s, W, theta):
    """The sum over pairs i < j, written out."""
    pairs = sum(W[i, j] * s[i] * s[j] for i, j in itertools.combinations(range(len(s)), 2))
    return -pairs - sum(theta[i] * s[i] for i in range(len(s)))


def distribution_by_loops(W, theta, temperature=1.0):
    """Boltzmann's formula, state by state."""
    states = itertools.product([0, 1], repeat=len(theta))
    weights = [math.exp(-energy_by_loops(s, W, theta) / temperature) for s in states]
    return np.array(weights) / sum(weights)


def calls():
    """One ordinary call of every function."""
    W, theta = machine(4)
    s = np.array([[0.0, 1, 1, 0], [1, 1, 1, 0]])
    rng = np.random.default_rng(3)
    return {
        "binary_states": (3,),
        "log_sum_exp": (theta,),
        "boltzmann_energy": (s, W, theta),
        "boltzmann_distribution": (W, theta, 2.0),
        "boltzmann_conditional": (s, W, theta, 2.0),
        "gibbs_sampling": (s, W, theta, 2.0, 5, rng),
        "zero_temperature_descent": (s[0], W, theta, 3),
        "boltzmann_log_likelihood": (s[:, :3], W, theta),
        "boltzmann_moments": (s, W, theta),
        "energy_distribution": (theta, 2.0),
        "boltzmann_gradient": (s[:, :3], W, theta),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize(
    "name",
    [n for n in calls() if n not in ("binary_states", "log_sum_exp", "boltzmann_log_likelihood")],
)
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_states_are_the_binary_numbers():
    """Row i is i in binary."""
    np.testing.assert_array_equal(
        ref.binary_states(3), list(itertools.product([0.0, 1.0], repeat=3))
    )
    assert ref.binary_states(0).shape == (1, 0)


@pytest.mark.parametrize("shift", [0, 1e4, -1e4])
def test_log_sum_exp(shift):
    """SciPy has the same, and large numbers do not overflow."""
    a = np.random.default_rng(0).normal(size=9) + shift
    np.testing.assert_allclose(ref.log_sum_exp(a), special.logsumexp(a), rtol=1e-14)


def test_energy_by_hand():
    """Three units, all on: each pair is counted once."""
    W = np.array([[0.0, 1, 2], [1, 0, 3], [2, 3, 0]])
    energy = ref.boltzmann_energy(np.array([[1.0, 1, 1], [1, 0, 1]]), W, np.array([0.1, 0.2, 0.3]))
    np.testing.assert_allclose(energy, [-6.6, -2.4], rtol=1e-14)


@given(st.integers(1, 6), st.integers(0, 99), st.sampled_from([0.1, 1.0, 10.0]))
@settings(max_examples=30)
def test_distribution_is_boltzmanns(n, seed, temperature):
    """Every state has exp(−E/T) over the sum of them all."""
    W, theta = machine(n, seed)
    p = ref.boltzmann_distribution(W, theta, temperature)
    np.testing.assert_allclose(p, distribution_by_loops(W, theta, temperature), rtol=1e-10)


def test_distribution_at_extremes():
    """Cold takes the lowest energy, hot makes all equal, huge couplings do not overflow."""
    W, theta = machine(4)
    lowest = np.argmin([energy_by_loops(s, W, theta) for s in ref.binary_states(4)])
    assert ref.boltzmann_distribution(W, theta, 1e-3)[lowest] == pytest.approx(1)
    np.testing.assert_allclose(ref.boltzmann_distribution(W, theta, 1e9), 1 / 16, rtol=1e-7)
    assert np.isfinite(ref.boltzmann_distribution(*machine(4, scale=1e4), 1.0)).all()


@pytest.mark.parametrize("temperature", [0.1, 1.0, 10.0])
def test_conditional_is_a_ratio_of_probabilities(temperature):
    """P(sᵢ = 1 | rest) comes out of the full distribution too."""
    W, theta = machine(4)
    p = distribution_by_loops(W, theta, temperature)
    for s in ref.binary_states(4):
        got = ref.boltzmann_conditional(s[None], W, theta, temperature)[0]
        for i in range(4):
            on, off = s.copy(), s.copy()
            on[i], off[i] = 1, 0
            digits = 2 ** np.arange(4)[::-1]
            high, low = p[int(on @ digits)], p[int(off @ digits)]
            assert got[i] == pytest.approx(high / (high + low), rel=1e-10)


@pytest.mark.parametrize("temperature", [0.5, 1.0, 3.0])
def test_gibbs_sampling_reaches_the_distribution(temperature):
    """Five units: the frequencies of 32 states come close (total variation about 0.01)."""
    W, theta = machine(5)
    rng = np.random.default_rng(0)
    s = ref.gibbs_sampling(np.zeros((400, 5)), W, theta, temperature, 150, rng)[50:]
    index = (s.reshape(-1, 5) @ 2 ** np.arange(5)[::-1]).astype(int)
    frequency = np.bincount(index, minlength=32) / len(index)
    exact = distribution_by_loops(W, theta, temperature)
    assert np.abs(frequency - exact).sum() / 2 < 0.02


@given(st.integers(1, 8), st.integers(0, 99))
@settings(max_examples=30)
def test_energy_never_rises_at_zero_temperature(n, seed):
    """The descent ends where no single flip helps."""
    W, theta = machine(n, seed)
    start = (np.random.default_rng(seed).random(n) < 0.5).astype(float)
    s, energies = ref.zero_temperature_descent(start, W, theta, 2**n)
    assert (np.diff(energies) <= 1e-12).all()
    assert len(energies) == n * 2**n + 1
    assert energies[-1] == pytest.approx(energy_by_loops(s, W, theta))
    for i in range(n):
        flipped = s.copy()
        flipped[i] = 1 - s[i]
        assert energy_by_loops(flipped, W, theta) >= energies[-1] - 1e-12


def test_a_unit_without_preference_stays():
    """With no couplings and no bias nothing moves."""
    start = np.array([1.0, 0.0, 1.0])
    s, _ = ref.zero_temperature_descent(start, np.zeros((3, 3)), np.zeros(3), 2)
    np.testing.assert_array_equal(s, start)


@pytest.mark.parametrize("visible", [2, 3, 4])
def test_likelihood_sums_the_hidden_units_out(visible):
    """The marginal of the visible units, from the table of all states."""
    W, theta = machine(4, 5)
    v = np.array([[0.0, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]])[:, :visible]
    p = distribution_by_loops(W, theta).reshape([2] * 4).sum(axis=tuple(range(visible, 4)))
    expected = np.mean([math.log(p[tuple(row.astype(int))]) for row in v])
    assert ref.boltzmann_log_likelihood(v, W, theta) == pytest.approx(expected, rel=1e-12)


@pytest.mark.parametrize("visible", [2, 4])
def test_gradient_agrees_with_differences(visible):
    """Both entries of a coupling are moved together, as they are one parameter."""
    W, theta = machine(4, 5)
    v = np.array([[0.0, 1, 1, 0], [1, 1, 0, 0], [1, 1, 1, 1]])[:, :visible]
    dW, dtheta = ref.boltzmann_gradient(v, W, theta)
    h = 1e-5
    for i, j in itertools.combinations(range(4), 2):
        move = np.zeros((4, 4))
        move[i, j] = move[j, i] = h
        up = ref.boltzmann_log_likelihood(v, W + move, theta)
        down = ref.boltzmann_log_likelihood(v, W - move, theta)
        assert dW[i, j] == dW[j, i] == pytest.approx((up - down) / (2 * h), abs=1e-9)
    for i, move in enumerate(h * np.eye(4)):
        up = ref.boltzmann_log_likelihood(v, W, theta + move)
        down = ref.boltzmann_log_likelihood(v, W, theta - move)
        assert dtheta[i] == pytest.approx((up - down) / (2 * h), abs=1e-9)
    np.testing.assert_array_equal(np.diag(dW), 0)


REFUSED = [
    ("binary_states", {0: 21}, "n is 21, expected a whole number from 0 to 20"),
    ("boltzmann_energy", {1: np.ones((4, 4))}, "W has .* on its diagonal, expected zeros"),
    ("boltzmann_energy", {1: np.triu(np.ones((4, 4)), 1)}, "W is not symmetric"),
    ("boltzmann_energy", {0: np.ones((2, 3))}, "W has shape"),
    ("boltzmann_distribution", {2: 0.0}, "temperature is 0.0, expected a number > 0"),
    ("gibbs_sampling", {0: np.full((2, 4), 0.5)}, "s holds 0.5, expected only 0 and 1"),
    ("gibbs_sampling", {5: 0}, "rng is a int, expected a numpy.random.Generator"),
    ("gibbs_sampling", {4: 0}, "sweeps is 0"),
    ("boltzmann_gradient", {0: np.ones((2, 5))}, "v has shape .2, 5., .* 4 columns"),
    ("boltzmann_gradient", {0: np.ones((0, 3))}, "v has shape"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


def test_moments_by_loops():
    """Means over all states are sums weighted with Boltzmann's formula, state by state."""
    W, theta = machine(4)
    states = np.array(list(itertools.product([0.0, 1.0], repeat=4)))
    p = distribution_by_loops(W, theta)
    pairs, singles = ref.boltzmann_moments(states, W, theta)
    np.testing.assert_allclose(
        pairs, sum(q * np.outer(s, s) for q, s in zip(p, states, strict=True)), rtol=1e-12
    )
    np.testing.assert_allclose(singles, sum(q * s for q, s in zip(p, states, strict=True)))
    alone, _ = ref.boltzmann_moments(states[5:6], W, theta)
    np.testing.assert_array_equal(alone, np.outer(states[5], states[5]))


@given(st.lists(st.floats(-1e3, 1e3), min_size=1, max_size=9), st.floats(0.1, 100))
def test_any_energy_has_a_distribution(energies, temperature):
    """exp(−E/T)/Z is SciPy's softmax of −E/T: of any energies, of any size."""
    got = ref.energy_distribution(np.array(energies), temperature)
    np.testing.assert_allclose(got, special.softmax(-np.array(energies) / temperature), rtol=1e-9)
    shifted = ref.energy_distribution(np.array(energies) + 7, temperature)
    np.testing.assert_allclose(shifted, got, rtol=1e-8)


def test_boltzmann_machines_are_one_case():
    """The machine's distribution is that of its energies."""
    W, theta = machine(5)
    energies = ref.boltzmann_energy(ref.binary_states(5), W, theta)
    np.testing.assert_allclose(
        ref.energy_distribution(energies, 0.7), distribution_by_loops(W, theta, 0.7), rtol=1e-10
    )
