"""The statistics behind the checks of random answers: a right drawer passes, a wrong one does not.

How rarely a right drawer fails is worked out from SciPy's exact distributions.
"""

import numpy as np
import pytest
from scipy import stats

from autograder.judging_hidden import chance

UNIFORM_ENDS = 3**0.5


def normal(seed, *shape):
    return np.random.default_rng(seed).normal(size=shape)


def coins(seed, *shape):
    return np.random.default_rng(seed).random(shape) < 0.5


def accepted(question, numbers):
    """The least and the greatest of some numbers to which a question says yes."""
    passed = [number for number in numbers if question(number)]
    return min(passed), max(passed)


@pytest.mark.parametrize("n", [1, 35, 400, 30_000])
@pytest.mark.parametrize("p", [0.01, 0.3, 0.5, 0.98])
def test_a_fair_share_of_successes_is_rarely_refused(n, p):
    """By the exact binomial distribution."""
    low, high = accepted(lambda hits: chance.shares_are(hits, n, p), range(n + 1))
    missed = stats.binom.cdf(low - 1, n, p) + stats.binom.sf(high, n, p)
    assert missed < chance.RARE
    many = [chance.shares_are([hits] * 500, n, p) for hits in (low, high)]
    assert all(many), "500 comparisons leave each more room than one"


def test_a_share_that_is_off_by_a_twentieth_is_refused():
    """Of 30,000 coins with chance 0.3, so many as chance 0.315 would give are too many."""
    assert chance.shares_are(9_000, 30_000, 0.3)
    assert not chance.shares_are(round(30_000 * 0.325), 30_000, 0.3)
    assert not chance.fair(np.random.default_rng(1).random(40_000) < 0.54)


@pytest.mark.parametrize("n", [1, 20, 300, 500_000])
@pytest.mark.parametrize("lines", [1, 800])
def test_sums_and_squares_of_normal_numbers_are_rarely_refused(n, lines):
    """By the exact normal and χ² distributions."""
    sums = np.linspace(0, 40, 4001) * n**0.5
    _, most = accepted(lambda s: chance.sums_fit([s] * lines, n), sums)
    assert 2 * lines * stats.norm.sf((most + sums[1]) / n**0.5) < chance.RARE
    squares = n + np.linspace(-40, 200, 24_001) * (2 * n) ** 0.5
    low, high = accepted(lambda s: chance.squares_fit([s] * lines, n), squares)
    step = squares[1] - squares[0]
    missed = stats.chi2.cdf(low - step, n) + stats.chi2.sf(high + step, n)
    assert lines * missed < chance.RARE


def test_a_variance_two_per_cent_off_shows_in_half_a_million_numbers():
    """And a mean of a hundredth of the spread."""
    u = normal(2, 500_000)
    assert chance.squares_fit(u @ u, u.size)
    assert chance.sums_fit(u.sum(), u.size)
    assert not chance.squares_fit(1.0202 * (u @ u), u.size)
    assert not chance.sums_fit((u + 0.012).sum(), u.size)


def test_a_law_is_told_from_others_of_the_same_spread():
    """Normal numbers pass; uniform, clipped, rounded and stratified ones do not."""
    u, edges = normal(3, 125_000), np.linspace(-3.5, 3.5, 141)
    assert chance.fits(u, edges, stats.norm.cdf)
    even = stats.norm.ppf((np.arange(u.size) + 0.5) / u.size)
    laplace = np.random.default_rng(4).laplace(size=u.size) / 2**0.5
    uniform = np.random.default_rng(5).uniform(-UNIFORM_ENDS, UNIFORM_ENDS, u.size)
    for wrong in (uniform, laplace, np.clip(u, -2.7, 2.7), np.round(u, 1), u + 0.04, even):
        assert not chance.fits(wrong, edges, stats.norm.cdf)


def test_the_largest_distance_from_uniform_is_rarely_refused():
    """By the exact distribution of Kolmogorov's statistic, at the limit that `uneven` uses."""
    for n in (5, 100, 3000):
        limit = np.sqrt(chance.nats() / (2 * n))
        assert stats.kstwo.sf(min(limit, 1), n) < chance.RARE
    places = np.random.default_rng(6).random(3000)
    assert not chance.uneven(places)
    assert chance.uneven(places**1.3)


def test_coins_that_hang_together_at_any_distance_are_found():
    """Reused, negated, mirrored or shifted: found; independent coins: not."""
    fair = coins(7, 150, 200)
    assert chance.unrelated_places(fair)
    half = fair[:75]
    for wrong in (
        np.vstack([half, half]),
        np.vstack([half, ~half]),
        np.vstack([half, half[::-1, ::-1]]),
        np.resize(fair.ravel()[:1237], fair.shape),
    ):
        assert not chance.unrelated_places(wrong)


def test_limits_for_coins_at_a_distance_hold_exactly():
    """The sum of m products of coins is binomial: the limit used there is passed that rarely."""
    n = 31_243
    x = chance.nats(3 * n)
    for m in (1, 50, 1000, n - 1):
        heads = np.ceil((m + np.sqrt(2 * x * m)) / 2)
        assert 2 * 3 * n * stats.binom.sf(heads - 1, m, 0.5) <= chance.RARE


@pytest.mark.parametrize("law", ["normal", "uniform", "coins"])
def test_rows_that_resemble_each_other_are_found(law):
    """A row that comes twice, or rows all at right angles, for each of the three laws."""
    u = {
        "normal": normal(8, 150, 200),
        "uniform": np.random.default_rng(8).uniform(-UNIFORM_ENDS, UNIFORM_ENDS, (150, 200)),
        "coins": np.where(coins(8, 150, 200), 1.0, -1.0),
    }[law]
    assert chance.unrelated_lines(u)
    assert chance.wavers(u)
    twice = np.vstack([u, -u[17:18]])
    assert not chance.unrelated_lines(twice)
    assert not chance.unrelated_lines(np.linalg.qr(u.T)[0].T * 200**0.5)


def test_sums_of_rows_vary_as_chance_has_it():
    """Limits by the exact χ² and binomial distributions; tidied and shared rows are refused."""
    for m in (70, 150, 600):
        x = chance.nats()
        assert stats.chi2.sf(m + 2 * (m * x) ** 0.5 + 2 * x, m) < chance.RARE
        assert stats.chi2.cdf(m / 5, m) < chance.RARE
        heads = np.arange(101)  # Chernoff's bound for the sums of a hundred coins, with factor 2
        mean = np.sum(stats.binom.pmf(heads, 100, 0.5) * np.exp(-2 * (heads - 50.0) ** 2 / 25))
        assert mean**m * np.exp(2 * m / 5) < chance.RARE
    u, signs = normal(9, 200, 300), np.where(coins(9, 200, 300), 1.0, -1.0)
    assert chance.wavers(u)
    assert chance.wavers(signs)
    assert not chance.wavers(u - u.mean(axis=1, keepdims=True))
    assert not chance.wavers(0.95 * u + 0.31 * normal(10, 200, 1))
    assert not chance.wavers(np.sort(signs, axis=None).reshape(300, 200).T)


def test_a_right_drawer_passes_every_question_on_many_seeds():
    """Three hundred matrices, seven questions each, no refusal."""
    edges = np.linspace(-3.5, 3.5, 141)
    for seed in range(300):
        u = normal(1000 + seed, 61, 83)
        assert chance.sums_fit(u.sum(axis=0), 61)
        assert chance.squares_fit((u**2).sum(axis=1), 83)
        assert chance.fits(u, edges, stats.norm.cdf)
        assert chance.unrelated_places(u > 0)
        assert chance.unrelated_lines(u)
        assert chance.wavers(u)
        assert not chance.uneven(stats.norm.cdf(u.ravel()))
