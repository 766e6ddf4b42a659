"""Dropout against its distribution, its exact ensemble and the identities of the literature."""

import itertools
import math
from decimal import Decimal

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp
from scipy import special, stats

from reference_impl import dropout as ref

RATE = st.floats(0, 0.95)
FORMS = ("dropout_forward", "plain_dropout_forward")


def generator(seed=0):
    """A generator with a fixed seed."""
    return np.random.default_rng(seed)


def linear(h):
    """A network of two outputs after the dropped units, without any bend."""
    return h @ np.arange(1.0, 2 * h.shape[1] + 1).reshape(-1, 2).astype(h.dtype)


def logistic(h):
    """One sigmoid unit after the dropped units, bias and all."""
    return special.expit(h @ np.cos(np.arange(h.shape[1])) + 0.3)


def calls():
    """One ordinary call of every function."""
    rng = generator(7)
    x = rng.normal(size=(11, 5))
    return {
        "dropout_mask": ((11, 5), 0.3, generator()),
        "dropout_variance": (x, x.T, 0.3),
        "dropout_forward": (x, 0.3, generator(), True),
        "dropout_backward": (x, (x > 0) * 2.0),
        "plain_dropout_forward": (x, 0.3, generator(), True),
        "weights_at_test_time": (x, 0.3),
        "all_masks": (3,),
        "mask_probabilities": (np.eye(3), 0.3),
        "ensemble_average": (linear, x[0], 0.3),
        "geometric_ensemble": (logistic, x[0], 0.3),
        "geometric_ensemble_of_scores": (lambda h: h.sum(axis=1), x[0], 0.3),
    }


@pytest.mark.parametrize("name", calls())
def test_laws_of_every_function(name):
    """Arguments stay as they were, precision is kept, the docstring is a contract."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])
    if name not in ("all_masks", "dropout_mask") and "geometric" not in name:
        assert_precision_kept(getattr(ref, name), calls()[name])


# --- training: the distribution -----------------------------------------------------------------


@pytest.mark.parametrize("name", FORMS)
@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_drop_rate(name, p):
    """The share of silenced units is p, within six standard errors; rows and columns are alike."""
    out, _ = getattr(ref, name)(np.ones((400, 500)), p, generator(1), True)
    dropped = out == 0
    for axis, trials in ((None, 200_000), (0, 400), (1, 500)):
        error = math.sqrt(p * (1 - p) / trials)
        assert np.all(np.abs(dropped.mean(axis=axis) - p) <= 6 * error)


@given(RATE, hnp.arrays(float, (4, 3), elements=st.floats(-9, 9)))
def test_survivors_are_scaled(p, x):
    """In training an entry is 0 or exactly x/(1 − p); in the plain form 0 or x."""
    out, mask = ref.dropout_forward(x, p, generator(2), True)
    np.testing.assert_allclose(out, np.where(mask > 0, x / (1 - p), 0), rtol=1e-14)
    out, mask = ref.plain_dropout_forward(x, p, generator(2), True)
    np.testing.assert_array_equal(out, np.where(mask > 0, x, 0))


@pytest.mark.parametrize("shape", [(300_000,), (500, 600), (50, 60, 10, 10)])
def test_a_mask_is_coins(shape):
    """A mask is True where dropout_forward keeps, and the share of False is p."""
    for p in (0.0, 0.2, 0.9):
        mask = ref.dropout_mask(shape, p, generator(13))
        assert mask.shape == shape
        assert mask.dtype == bool
        assert abs(np.mean(~mask) - p) <= 6 * math.sqrt(p * (1 - p) / 300_000)
        out, _ = ref.dropout_forward(np.ones(shape), p, generator(13), True)
        np.testing.assert_array_equal(out != 0, mask)
    assert ref.dropout_mask((), 0.0, generator()).shape == ()


@given(st.integers(1, 5), RATE)
def test_variance_is_that_of_all_masks(n, p):
    """The variance over all masks, each weighted by its probability, is the formula's."""
    rng = generator(14)
    x, W = rng.normal(size=(3, n)), rng.normal(size=(n, 2))
    masks = np.array(list(itertools.product([0, 1], repeat=n)))
    chances = [math.prod((p, 1 - p)[k] for k in m) for m in masks]
    outs = [(x * m / (1 - p)) @ W for m in masks]
    mean = sum(c * out for c, out in zip(chances, outs, strict=True))
    square = sum(c * (out - mean) ** 2 for c, out in zip(chances, outs, strict=True))
    np.testing.assert_allclose(mean, x @ W, atol=1e-12)
    np.testing.assert_allclose(ref.dropout_variance(x, W, p), square, rtol=1e-9, atol=1e-12)


def test_masks_are_fresh_and_independent():
    """Two calls differ, an equal generator repeats, and neighbours are uncorrelated."""
    rng, x = generator(3), np.ones((300, 300))
    first, second = (ref.dropout_forward(x, 0.5, rng, True)[0] for _ in range(2))
    assert 0.49 < np.mean(first != second) < 0.51
    np.testing.assert_array_equal(first, ref.dropout_forward(x, 0.5, generator(3), True)[0])
    for shifted in (np.roll(first, 1, axis=0), np.roll(first, 1, axis=1), second):
        assert abs(np.corrcoef(first.ravel(), shifted.ravel())[0, 1]) < 6 / 300


@pytest.mark.parametrize("name", FORMS)
def test_expected_output_of_training_is_the_output_of_testing(name):
    """Averaged over many masks, training gives the test output, within six standard errors."""
    x, p, draws = np.array([[1.0, -2.0, 3.0]]), 0.3, 20_000
    forward, rng = getattr(ref, name), generator(4)
    outs = np.concatenate([forward(x, p, rng, True)[0] for _ in range(draws)])
    tested = forward(x, p, rng, False)[0]
    error = outs.std(axis=0) / math.sqrt(draws)
    assert np.all(np.abs(outs.mean(axis=0) - tested[0]) < 6 * error)


@pytest.mark.parametrize("name", FORMS)
def test_testing_is_deterministic(name):
    """Test mode gives x (or (1 − p)·x in the plain form) and leaves the generator alone."""
    rng, x = generator(5), generator(6).normal(size=(4, 3))
    before = rng.bit_generator.state
    out, mask = getattr(ref, name)(x, 0.3, rng, False)
    factor = 1 if name == "dropout_forward" else 0.7
    np.testing.assert_allclose(out, factor * x, rtol=1e-15)
    assert rng.bit_generator.state == before
    np.testing.assert_allclose(ref.dropout_backward(x, mask), factor * x, rtol=1e-15)


@pytest.mark.parametrize("shape", [(1,), (1, 1), (2, 3, 5, 1)])
def test_shapes(shape):
    """Any shape keeps its shape, masks too."""
    for name in FORMS:
        out, mask = getattr(ref, name)(np.ones(shape), 0.5, generator(), True)
        assert out.shape == mask.shape == shape


def test_backward_uses_the_same_mask():
    """The gradient is silenced and scaled just where the output was, even where x itself is 0."""
    x, dout = generator(8).normal(size=(2, 40, 30))
    x[x < 0] = 0
    for name in FORMS:
        forward = getattr(ref, name)
        _, mask = forward(x, 0.4, generator(9), True)
        of_ones, _ = forward(np.ones_like(x), 0.4, generator(9), True)
        np.testing.assert_array_equal(ref.dropout_backward(dout, mask), dout * of_ones)


# --- testing: the ensemble ----------------------------------------------------------------------


@given(st.integers(1, 8))
def test_all_masks_are_all_different(n):
    """The masks are those that itertools counts, from none to all."""
    expected = list(itertools.product([0, 1], repeat=n))
    np.testing.assert_array_equal(ref.all_masks(n), expected)


@given(st.integers(1, 10), RATE)
def test_mask_probabilities_are_a_distribution(n, p):
    """They sum to 1, and the number of survivors is binomial."""
    masks = ref.all_masks(n)
    probabilities = ref.mask_probabilities(masks, p)
    assert math.isclose(probabilities.sum(), 1)
    for kept in range(n + 1):
        share = probabilities[masks.sum(axis=1) == kept].sum()
        assert math.isclose(share, stats.binom.pmf(kept, n, 1 - p), rel_tol=1e-9, abs_tol=1e-12)


def test_four_cases_of_two_inputs():
    """The average of the four cases is ½(w1·x1 + w2·x2), as halving the weights gives."""
    w, x = np.array([[0.7], [-0.2]]), np.array([0.5, 0.1])
    average = ref.ensemble_average(lambda h: h @ w, x, 0.5)
    np.testing.assert_allclose(average, x @ ref.weights_at_test_time(w, 0.5))
    np.testing.assert_allclose(average, [0.165])


@given(st.integers(1, 8), RATE)
def test_scaling_is_exact_for_linear_networks(n, p):
    """For a linear network the ensemble's average is the network with scaled weights, at any p."""
    x = np.sin(np.arange(1.0, n + 1))
    expected = linear((1 - p) * x[None])[0]
    np.testing.assert_allclose(ref.ensemble_average(linear, x, p), expected, atol=1e-12)


def test_scaling_is_nearly_right_for_a_sigmoid():
    """Over 4096 thinned nets the scaled one is off by second order, the unscaled one by first."""
    x = generator(10).normal(size=12) / 20
    gaps = {"scaled": [], "unscaled": []}
    for inputs in (x, x / 2):
        average = ref.ensemble_average(logistic, inputs, 0.5)
        gaps["scaled"].append(average - logistic(0.5 * inputs[None])[0])
        gaps["unscaled"].append(average - logistic(inputs[None])[0])
    assert math.isclose(gaps["scaled"][0] / gaps["scaled"][1], 4, rel_tol=0.1)
    assert math.isclose(gaps["unscaled"][0] / gaps["unscaled"][1], 2, rel_tol=0.1)
    assert 0 < abs(gaps["scaled"][0]) < abs(gaps["unscaled"][0]) / 10


@given(st.integers(1, 8), RATE)
def test_geometric_mean_of_a_sigmoid_is_exact(n, p):
    """The normalised geometric mean of all thinned sigmoid units is the scaled one, at any p."""
    x = np.sin(np.arange(1.0, n + 1))
    expected = logistic((1 - p) * x[None])[0]
    assert math.isclose(ref.geometric_ensemble(logistic, x, p), expected, rel_tol=1e-12)


def test_the_ensemble_is_what_sampling_approaches():
    """Averaging 40 000 random masks of the plain form comes within six standard errors."""
    x = np.array([1.0, -0.5, 2.0, 0.3])
    exact = ref.ensemble_average(logistic, x, 0.3)
    copies = np.tile(x, (40_000, 1))
    outs = logistic(ref.plain_dropout_forward(copies, 0.3, generator(11), True)[0])
    assert abs(outs.mean() - exact) < 6 * outs.std() / 200


def test_no_dropout_is_the_network_itself():
    """With p = 0 training, testing and the ensemble all are the plain network."""
    x = generator(12).normal(size=(1, 6))
    np.testing.assert_array_equal(ref.dropout_forward(x, 0.0, generator(), True)[0], x)
    np.testing.assert_allclose(ref.ensemble_average(logistic, x[0], 0.0), logistic(x)[0])


REFUSED = [
    ("dropout_mask", {0: 5}, "shape is 5, expected a list of 0 or more numbers"),
    ("dropout_mask", {0: (5, 0)}, r"shape\[1\] is 0, expected a whole number >= 1"),
    ("dropout_mask", {1: 1.0}, "p is 1.0, expected a number >= 0 and < 1"),
    ("dropout_mask", {2: np.random}, "rng is a module, expected a numpy.random.Generator"),
    ("dropout_variance", {1: np.ones((4, 3))}, r"W has shape \(4, 3\)"),
    ("dropout_variance", {2: 1.0}, "p is 1.0"),
    ("dropout_forward", {1: 1.0}, "p is 1.0, expected a number >= 0 and < 1"),
    ("dropout_forward", {1: -0.1}, "p is -0.1, expected a number >= 0 and < 1"),
    ("dropout_forward", {1: math.nan}, "p is nan, expected a finite number"),
    ("dropout_forward", {2: 42}, "rng is a int, expected a numpy.random.Generator"),
    ("dropout_forward", {3: None}, "training is None, expected True or False"),
    ("dropout_forward", {0: np.ones((0, 5))}, "x is empty"),
    ("dropout_backward", {0: np.ones(5)}, r"cache has shape \(11, 5\), expected \(5,\)"),
    ("plain_dropout_forward", {1: 50}, "p is 50, expected a number"),
    ("weights_at_test_time", {1: 1.5}, "p is 1.5"),
    ("all_masks", {0: 21}, "n is 21, expected a whole number from 1 to 20"),
    ("mask_probabilities", {0: np.ones(3)}, r"masks has shape \(3,\), expected \(M, n\)"),
    ("ensemble_average", {1: np.ones(21)}, "n is 21"),
    ("geometric_ensemble", {0: 3}, "f is a int, expected a function"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)


def test_odds_are_averaged_however_sure_the_networks_are():
    """Half the networks are sure of yes and half of no: ½, from scores of any size."""
    for size in (1.0, 36.0, 40.0, 1e3, 1e300):
        got = ref.geometric_ensemble_of_scores(
            lambda h, z=size: z * (2 * h[:, 0] - 1), np.array([1.0]), 0.5
        )
        assert got == 0.5
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3))
    linear = ref.geometric_ensemble_of_scores(lambda h: h @ w, 500 * x, 0.3)
    exact = 1 / (1 + (-Decimal(float(0.7 * 500 * x @ w))).exp())
    assert linear == pytest.approx(float(exact), rel=1e-12)


def test_scores_and_probabilities_agree_where_both_have_digits():
    """The probabilities of the same networks, by their geometric means."""
    x, w = np.random.default_rng(0).normal(size=(2, 3))

    def scores(h):
        return np.tanh(h) @ w

    by_odds = ref.geometric_ensemble_of_scores(scores, x, 0.3)
    means = ref.geometric_ensemble(lambda h: 1 / (1 + np.exp(-scores(h))), x, 0.3)
    assert by_odds == pytest.approx(means, rel=1e-12)
