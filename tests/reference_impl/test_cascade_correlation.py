"""Cascade-correlation against covariances, the complex step and tasks no linear model solves."""

import itertools

import numpy as np
import pytest
from contract_laws import assert_arguments_unchanged, assert_documented, assert_precision_kept

from reference_impl.classic_networks import cascade_correlation as ref


def parity(n):
    """All bit strings of length n as ±1, and whether their number of ones is odd, also ±1."""
    bits = np.array(list(itertools.product([-1.0, 1.0], repeat=n)))
    return bits, -np.prod(-bits, axis=1, keepdims=True)


def calls():
    """One ordinary call of every function."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(12, 2)), rng.normal(size=(12, 3))
    units = (rng.normal(size=3), rng.normal(size=4))
    features = rng.normal(size=(12, 5))
    network = ref.Cascade(units, rng.normal(size=(5, 3)))
    return {
        "cascade_features": (x, units),
        "candidate_correlation": (features, y, features[0]),
        "train_candidate": (features, y, features[0], 5),
        "cascade_output": (features, y),
        "best_candidate": (features, y, 2, 5, rng),
        "cascade_grow": (x, y, 2, 0.0, 2, 2, 5, rng),
        "cascade_predict": (x, network),
    }


@pytest.mark.parametrize("name", calls())
def test_contract(name):
    """Documented, no argument changed."""
    assert_documented(getattr(ref, name))
    assert_arguments_unchanged(getattr(ref, name), calls()[name])


@pytest.mark.parametrize("name", [n for n in calls() if n != "cascade_predict"])
def test_precision_is_kept(name):
    """float32 stays float32."""
    assert_precision_kept(getattr(ref, name), calls()[name])


def test_prediction_keeps_its_precision():
    """A network grown in float32 predicts in float32."""
    x, y = (a.astype(np.float32) for a in parity(2))
    network, _ = ref.cascade_grow(x, y, 1, 0.0, 9, 1, 5, np.random.default_rng(0))
    assert ref.cascade_predict(x, network).dtype == np.float32


def test_each_unit_sees_all_before_it():
    """Ones, inputs, first unit of them, second unit of them and the first."""
    x, (u, v) = calls()["cascade_features"]
    got = ref.cascade_features(x, (u, v))
    for row, inputs in zip(got, x, strict=True):
        first = np.tanh(u[0] + u[1:] @ inputs)
        second = np.tanh(v[0] + v[1:3] @ inputs + v[3] * first)
        np.testing.assert_allclose(row, [1, *inputs, first, second], rtol=1e-13)


def test_score_is_a_sum_of_absolute_covariances():
    """NumPy's covariance matrix, times N."""
    features, y, w = calls()["candidate_correlation"]
    V = np.tanh(features @ w)
    expected = sum(12 * abs(np.cov(V, column, ddof=0)[0, 1]) for column in y.T)
    assert ref.candidate_correlation(features, y, w)[0] == pytest.approx(expected, rel=1e-12)


def test_opposite_residuals_do_not_cancel():
    """Two outputs with residuals r and −r count twice, not zero times."""
    features, y, w = calls()["candidate_correlation"]
    one, g1 = ref.candidate_correlation(features, y[:, :1], w)
    two, g2 = ref.candidate_correlation(features, np.hstack([y[:, :1], -y[:, :1]]), w)
    assert two == pytest.approx(2 * one, rel=1e-12)
    np.testing.assert_allclose(g2, 2 * g1, rtol=1e-12)


def test_constant_residuals_score_nothing():
    """A bias would do: there is nothing to correlate with."""
    features, _, w = calls()["candidate_correlation"]
    score, gradient = ref.candidate_correlation(features, np.full((12, 2), 7.0), w)
    assert score == 0
    np.testing.assert_array_equal(gradient, 0)


@pytest.mark.parametrize("sign", [1, -1])
@pytest.mark.parametrize("N", [1, 2, 12])
def test_gradient_agrees_with_the_complex_step(sign, N):
    """Also where covariances are negative, and for a batch of one."""
    features, y, w = calls()["candidate_correlation"]
    features, y = features[:N], sign * y[:N]
    _, gradient = ref.candidate_correlation(features, y, w)
    for i in range(5):
        moved = w.astype(complex)
        moved[i] += 1e-30j
        V = np.tanh(features @ moved)
        sums = [np.sum((V - V.mean()) * (e - e.mean())) for e in y.T]
        expected = sum(np.sign(s.real) * s.imag for s in sums) / 1e-30
        assert gradient[i] == pytest.approx(expected, rel=1e-9, abs=1e-12)


def test_training_never_lowers_the_score():
    """The last score is that of the returned weights."""
    features, y, w, _ = calls()["train_candidate"]
    got, scores = ref.train_candidate(features, y, w, 100)
    assert (np.diff(scores) >= 0).all()
    assert scores[-1] > 1.2 * scores[0]
    assert scores[-1] == ref.candidate_correlation(features, y, got)[0]


def test_a_larger_pool_is_at_least_as_good():
    """With the same random starts first, five candidates beat one or draw."""
    features, y, *_ = calls()["best_candidate"]
    scores = [
        ref.candidate_correlation(
            features, y, ref.best_candidate(features, y, k, 20, np.random.default_rng(0))
        )[0]
        for k in (1, 5)
    ]
    assert scores[1] >= scores[0]


@pytest.mark.parametrize("n", [2, 3])
def test_parity_needs_no_more_units_than_bits(n):
    """XOR is solved by one unit."""
    x, y = parity(n)
    network, errors = ref.cascade_grow(x, y, 9, 1e-3, 9, 8, 300, np.random.default_rng(0))
    assert errors[0] == pytest.approx(1)
    assert errors[-1] <= 1e-3
    assert len(network.units) <= n - (n == 2)
    np.testing.assert_allclose(ref.cascade_predict(x, network), y, atol=0.15)


def test_growth_freezes_units_and_never_raises_the_error():
    """A longer run has the shorter one's units as its first."""
    rng = np.random.default_rng(1)
    x = rng.uniform(-2, 2, size=(60, 2))
    y = np.sin(3 * x[:, :1]) * x[:, 1:]
    few, _ = ref.cascade_grow(x, y, 2, 0.0, 99, 3, 50, np.random.default_rng(0))
    many, errors = ref.cascade_grow(x, y, 5, 0.0, 99, 3, 50, np.random.default_rng(0))
    for short, long in zip(few.units, many.units[:2], strict=True):
        np.testing.assert_array_equal(short, long)
    assert (np.diff(errors) <= 1e-12).all()
    assert errors[-1] < errors[0] / 2
    assert np.mean((ref.cascade_predict(x, many) - y) ** 2) == pytest.approx(errors[-1])
    assert [len(w) for w in many.units] == [3, 4, 5, 6, 7]


def test_a_linear_task_needs_no_unit():
    """The output layer alone is enough."""
    x = np.random.default_rng(0).normal(size=(20, 2))
    network, errors = ref.cascade_grow(
        x, 2 * x[:, :1] - x[:, 1:] + 3, 9, 1e-12, 1, 2, 5, np.random.default_rng(0)
    )
    assert network.units == ()
    np.testing.assert_allclose(network.output, [[3], [2], [-1]], rtol=1e-12)
    assert errors.shape == (1,)


def test_patience_ends_growth_on_noise():
    """Where units hardly help, it stops long before the limit."""
    rng = np.random.default_rng(0)
    x, y = rng.normal(size=(5000, 1)), rng.normal(size=(5000, 1))
    network, _ = ref.cascade_grow(x, y, 50, 0.0, 2, 2, 20, rng)
    assert len(network.units) == 2
    bend = np.tanh(3 * x + 1) + 0.5 * y
    network, errors = ref.cascade_grow(x, bend, 20, 0.0, 1, 4, 50, rng)
    assert errors[1] < 0.9 * errors[0]
    assert len(network.units) < 6


REFUSED = [
    ("cascade_features", {0: np.ones((0, 2))}, "x has shape"),
    ("candidate_correlation", {1: np.ones((5, 3))}, "residuals has shape .5, 3., .* N = 12"),
    ("candidate_correlation", {2: np.ones(4)}, "w has shape .4,., expected .F,. with F = 5"),
    ("best_candidate", {2: 0}, "candidates is 0, expected a whole number >= 1"),
    ("cascade_grow", {3: -1.0}, "tolerance is -1.0"),
    ("cascade_grow", {4: 0}, "patience is 0"),
    ("cascade_grow", {7: None}, "rng is a NoneType"),
]


@pytest.mark.parametrize(("name", "replaced", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(name, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    arguments = [replaced.get(i, value) for i, value in enumerate(calls()[name])]
    with pytest.raises(ValueError, match=message):
        getattr(ref, name)(*arguments)
