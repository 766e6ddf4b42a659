"""What penalties do to fits: zeros, tame polynomials, and the choice of λ for a classifier."""

import numpy as np
import pytest
from scipy import special

from reference_impl import regularization as ref


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


def lasso(step, strength, steps):
    """Weights of 50 inputs, 5 of them of use, after `steps` steps."""
    rng = np.random.default_rng(0)
    x, truth = rng.normal(size=(100, 50)), np.zeros(50)
    truth[:5] = [3, -2, 2, -1.5, 1]
    y = x @ truth + 0.1 * rng.normal(size=100)
    w, rate = np.zeros(50), 1 / np.linalg.eigvalsh(x.T @ x / 100).max()
    for _ in range(steps):
        w = step(w, x.T @ (x @ w - y) / 100, rate, strength)
    return x, y, w


def test_only_the_proximal_step_makes_zeros():
    """On 50 inputs, 5 of use, the proximal step zeroes most, slope steps and L2 none."""
    assert np.count_nonzero(lasso(ref.l1_step, 0.1, 2000)[2]) == 50
    assert np.count_nonzero(lasso(ref.weight_decay_step, 0.1, 2000)[2]) == 50
    w = lasso(ref.proximal_l1_step, 0.1, 2000)[2]
    assert np.count_nonzero(w) < 15
    assert np.all(w[:5] != 0)


def test_proximal_descent_ends_at_the_lasso():
    """The end point meets the optimality conditions: |slope| ≤ λ, and = −λ·sign(w) off zero."""
    x, y, w = lasso(ref.proximal_l1_step, 0.1, 20_000)
    slope = x.T @ (x @ w - y) / 100
    assert np.abs(slope).max() <= 0.1 + 1e-9
    np.testing.assert_allclose(slope[w != 0], -0.1 * np.sign(w[w != 0]), atol=1e-9)


def test_ridge_tames_an_overfitted_polynomial():
    """Degree 11 through 12 points: coefficients of thousands shrink to single figures."""
    rng, t = np.random.default_rng(1), np.linspace(-1, 1, 12)
    x, y = t[:, None] ** np.arange(12), np.sin(3 * t) + 0.3 * rng.normal(size=12)
    sizes = [np.abs(ref.ridge_fit(x, y, strength)).max() for strength in (0, 1e-4, 1e-2, 1)]
    assert sizes[0] > 500
    assert sizes[0] > sizes[1] > sizes[2] > sizes[3]
    assert sizes[2] < 10


def test_cross_validation_of_softmax_regression(rng):
    """The same loop chooses λ for a classifier; pure noise asks for a strong penalty."""
    x, labels = rng.normal(size=(40, 10)), rng.integers(2, size=40)

    def fit(rows, classes, strength):
        return ref.softmax_regression_fit(rows, classes, 2, strength, 0.5, 100)

    def error(model, rows, classes):
        log_p = special.log_softmax(rows @ model[0] + model[1], axis=1)
        return -log_p[np.arange(len(rows)), classes].mean()

    best, errors = ref.cross_validate(
        x, labels, np.array([0.0, 1.0]), ref.k_folds(rng, 40, 5), fit, error
    )
    assert best == 1
    assert errors[1] < errors[0]
