"""Initialisers against the moments they promise, and the notes' ten-layer experiment."""

import itertools
import math

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reference_impl import initialization as ref

SIZE = st.integers(1, 40)

# The promised standard deviation of each random initialiser, as a formula of its own.
PROMISED = {
    "scaled_gaussian": lambda n_in, n_out: 0.01,
    "xavier_normal": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
    "xavier_uniform": lambda n_in, n_out: math.sqrt(2 / (n_in + n_out)),
    "he_normal": lambda n_in, n_out: math.sqrt(2 / n_in),
}


def generator(seed=0):
    """A generator with a fixed seed."""
    return np.random.default_rng(seed)


def calls():
    """One ordinary call of every function."""
    rng = generator(7)
    weights = [rng.normal(size=(5, 7)), rng.normal(size=(7, 3))]
    return {
        "zeros": (5, 7),
        "scaled_gaussian": (generator(), 5, 7, 0.1),
        "xavier_normal": (generator(), 5, 7, "fan_in"),
        "xavier_uniform": (generator(), 5, 7, "fan_in"),
        "he_normal": (generator(), 5, 7),
        "positive_bias": (7, 0.01),
        "initialise_layers": ([5, 7, 3], ref.zeros),
        "activation_statistics": (rng.normal(size=(11, 5)), weights, np.tanh),
        "distinct_units": (*weights, 1e-6),
        "predicted_rms": ([5, 7, 3], 0.1, "relu"),
    }


@pytest.mark.parametrize("name", calls())
def test_every_function_states_its_contract(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


def test_the_one_function_of_arrays_is_pure_and_keeps_precision():
    """The statistics change no argument and stay in single precision."""
    assert_arguments_unchanged(ref.activation_statistics, calls()["activation_statistics"])
    assert_precision_kept(ref.activation_statistics, calls()["activation_statistics"])


# --- one layer ----------------------------------------------------------------------------------


@pytest.mark.parametrize("name", PROMISED)
@given(SIZE, SIZE)
def test_shape_and_reproducibility(name, n_in, n_out):
    """Weights are (n_in, n_out); an equal generator draws equal ones, the same one goes on."""
    initialise = getattr(ref, name)
    rng = generator(3)
    first, second = initialise(rng, n_in, n_out), initialise(rng, n_in, n_out)
    assert first.shape == (n_in, n_out)
    assert not np.array_equal(first, second)
    np.testing.assert_array_equal(first, initialise(generator(3), n_in, n_out))


@pytest.mark.parametrize("name", PROMISED)
@pytest.mark.parametrize(("n_in", "n_out"), [(400, 100), (100, 400), (1, 40_000)])
def test_mean_and_spread(name, n_in, n_out):
    """Mean 0 and the promised standard deviation, within six standard errors, fan-in by rows."""
    W = getattr(ref, name)(generator(1), n_in, n_out)
    promised = PROMISED[name](n_in, n_out)
    assert abs(W.mean()) < 6 * promised / math.sqrt(W.size)
    # A normal sample's standard deviation varies by σ/√(2n), a uniform one's by less.
    assert abs(W.std() - promised) < 6 * promised / math.sqrt(2 * W.size)


@pytest.mark.parametrize("name", ["scaled_gaussian", "xavier_normal", "he_normal"])
def test_normal_ones_are_normal(name):
    """The Kolmogorov-Smirnov test sees no difference from a normal distribution."""
    W = getattr(ref, name)(generator(2), 100, 50)
    spread = PROMISED[name](100, 50)
    assert stats.kstest(W.ravel() / spread, "norm").pvalue > 1e-3


def test_uniform_one_is_uniform_up_to_its_limit():
    """The uniform form fills ±√(6/(n_in + n_out)), evenly."""
    W, limit = ref.xavier_uniform(generator(2), 100, 50), math.sqrt(6 / 150)
    assert 0.99 * limit < np.abs(W).max() <= limit
    assert stats.kstest(W.ravel(), stats.uniform(-limit, 2 * limit).cdf).pvalue > 1e-3


def test_fan_in_form():
    """The form of CS231n has variance 1/n_in, whatever n_out; square layers agree."""
    for initialise in (ref.xavier_normal, ref.xavier_uniform):
        W = initialise(generator(4), 400, 100, "fan_in")
        assert math.isclose(W.std(), 0.05, rel_tol=0.03)
        square = initialise(generator(4), 30, 30, "fan_in")
        np.testing.assert_allclose(square, initialise(generator(4), 30, 30), rtol=1e-14)


def test_scale_scales():
    """Ten times the scale gives ten times the weights."""
    small, large = (ref.scaled_gaussian(generator(5), 7, 3, scale) for scale in (0.01, 0.1))
    np.testing.assert_allclose(10 * small, large)


def test_zeros_and_positive_bias():
    """Constants have the asked shape and value, and are floats."""
    np.testing.assert_array_equal(ref.zeros(2, 3), [[0.0] * 3] * 2)
    np.testing.assert_array_equal(ref.positive_bias(3), [0.01] * 3)
    assert ref.positive_bias(3, 1).dtype == float


def test_layers_in_order_and_all_different():
    """One matrix per pair of neighbours; layers of one shape do not share their numbers."""
    rng = generator(6)
    weights = ref.initialise_layers([5, 4, 4, 4, 2], lambda i, o: ref.he_normal(rng, i, o))
    assert [W.shape for W in weights] == [(5, 4), (4, 4), (4, 4), (4, 2)]
    assert not np.allclose(weights[1], weights[2])


# --- ten layers of 500 units, as in the notes ---------------------------------------------------


def depth(initialise, activation, seed=0):
    """Mean and spread of ten layers of 500 units for 1000 normal examples."""
    rng = generator(seed)
    weights = ref.initialise_layers([500] * 11, lambda i, o: initialise(rng, i, o))
    return ref.activation_statistics(rng.normal(size=(1000, 500)), weights, activation)


def relu(z):
    """The rectifier."""
    return np.maximum(z, 0)


def test_small_weights_starve_tanh():
    """At scale .01 the spread falls geometrically, ×.2236 a layer, and the means go to 0."""
    means, stds = depth(ref.scaled_gaussian, np.tanh)
    np.testing.assert_allclose(stds[1:] / stds[:-1], 0.01 * math.sqrt(500), rtol=0.02)
    assert math.isclose(stds[0], 0.214, rel_tol=0.01)
    assert 2.8e-7 < stds[-1] < 3.1e-7
    assert np.abs(means).max() < 1e-3


def test_large_weights_saturate_tanh():
    """At scale 1 every layer sits at ±1: a spread of .98."""
    _, stds = depth(lambda rng, i, o: ref.scaled_gaussian(rng, i, o, 1.0), np.tanh)
    np.testing.assert_allclose(stds, 0.982, atol=0.003)


def test_xavier_keeps_tanh_alive():
    """With Xavier the spread decays slowly, from .63 to .23."""
    _, stds = depth(ref.xavier_normal, np.tanh)
    expected = [0.628, 0.486, 0.407, 0.357, 0.320, 0.292, 0.272, 0.255, 0.240, 0.227]
    np.testing.assert_allclose(stds, expected, rtol=0.03)


def test_relu_needs_he():
    """With Xavier a ReLU net fades by √2 a layer in root mean square, with He it does not."""
    for initialise, factor in ((ref.xavier_normal, 0.5), (ref.he_normal, 1)):
        means, stds = depth(initialise, relu)
        mean_squares = means**2 + stds**2
        expected = float(factor) ** np.arange(1, 11)
        np.testing.assert_allclose(mean_squares, expected, rtol=0.6)
        np.testing.assert_allclose(mean_squares[0], expected[0], rtol=0.02)


def test_statistics_by_hand():
    """Two layers on one example, worked by hand: outputs (2, 0), then 4; spread over the units."""
    x, weights = np.array([[1.0, 2.0]]), [np.array([[0.0, 0], [1, -1]]), np.array([[2.0], [5]])]
    means, stds = ref.activation_statistics(x, weights, relu)
    np.testing.assert_array_equal(means, [1, 4])
    np.testing.assert_array_equal(stds, [1, 0])


# --- twins, and the spread foreseen -------------------------------------------------------------


@given(st.lists(st.integers(0, 4), min_size=1, max_size=12), st.sampled_from([1e-9, 1e-6, 1e-2]))
def test_distinct_units_counts_kinds(kinds, tolerance):
    """Units made from five patterns, in any order and with noise, are as many as patterns used."""
    rng = generator(8)
    patterns = rng.normal(size=(5, 7)) + 3 * np.arange(5)[:, None]
    units = patterns[kinds] + tolerance / 5 * rng.uniform(-1, 1, size=(len(kinds), 7))
    assert ref.distinct_units(units[:, :4].T, units[:, 4:], tolerance) == len(set(kinds))


def test_distinct_units_looks_both_ways():
    """Units that differ only in what comes in, or only in what goes out, are different."""
    same, other = np.ones((2, 3)), np.array([[1.0, 1, 1], [1, 1, 2]])
    assert ref.distinct_units(same, np.ones((3, 1))) == 1
    assert ref.distinct_units(other, np.ones((3, 1))) == 2
    assert ref.distinct_units(same, np.array([[1.0], [2], [3]])) == 3


@pytest.mark.parametrize("activation", ["linear", "relu"])
def test_predicted_rms_is_measured(activation):
    """Wide networks of varying sizes do what is foreseen, to 10 %."""
    sizes, rng = [700, 500, 900, 600], generator(9)
    weights = [0.06 * rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    bend = relu if activation == "relu" else np.asarray
    means, stds = ref.activation_statistics(rng.normal(size=(400, 700)), weights, bend)
    measured = np.sqrt(means**2 + stds**2)
    np.testing.assert_allclose(ref.predicted_rms(sizes, 0.06, activation), measured, rtol=0.1)


def test_predicted_rms_by_hand():
    """Four inputs and a scale of ½ keep the size; a ReLU keeps 1/√2 of it."""
    np.testing.assert_allclose(ref.predicted_rms([4, 16, 3], 0.5, "linear"), [1, 2])
    np.testing.assert_allclose(ref.predicted_rms([4, 16, 3], 0.5, "relu"), [0.5**0.5, 1])


REFUSED = [
    ("distinct_units", {1: np.ones((6, 2))}, r"W_out has shape \(6, 2\)"),
    ("distinct_units", {2: 0}, "tolerance is 0, expected a number > 0"),
    ("predicted_rms", {0: [3]}, "sizes is .3., expected a list of 2 or more"),
    ("predicted_rms", {1: -1}, "scale is -1, expected a number >= 0"),
    ("predicted_rms", {2: "tanh"}, "activation is 'tanh', expected one of linear, relu"),
    ("zeros", {0: 0}, "n_in is 0, expected a whole number >= 1"),
    ("scaled_gaussian", {0: 42}, r"rng is a int, expected a numpy.random.Generator"),
    ("scaled_gaussian", {3: -0.1}, "scale is -0.1, expected a number >= 0"),
    ("xavier_normal", {3: "fan_out"}, "form is 'fan_out', expected one of average, fan_in"),
    ("he_normal", {2: 2.0}, "n_out is 2.0, expected a whole number"),
    ("positive_bias", {1: -1}, "value is -1, expected a number >= 0"),
    ("initialise_layers", {0: [5]}, "sizes is .5., expected a list of 2 or more"),
    ("activation_statistics", {1: []}, "weights is empty"),
    ("activation_statistics", {0: np.ones((0, 5))}, r"x has shape \(0, 5\)"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
