"""Tuning helpers on curves, losses and draws whose answers are known."""

import functools
import math

import numpy as np
import pytest
from contract_laws import assert_documented
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from reference_impl import tuning as ref
from reference_impl.optimizers import sgd_step
from reference_impl.regularization import early_stopping

NAN = math.nan
PUBLIC = ["expected_initial_loss", "initial_loss_is_plausible", "overfits_tiny_subset", "triage"]
PUBLIC += ["update_to_weight_ratio", "log_uniform", "grid", "random_configurations", "ranking"]
PUBLIC += ["best_configuration", "coarse_to_fine", "successive_halving"]
PUBLIC += ["stopping_epoch", "honest_standardise", "leaked_rows"]


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


@pytest.mark.parametrize("name", PUBLIC)
def test_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


def test_initial_loss_of_ten_classes():
    """Ten classes cost ln 10 at the start; 2.426 (too large weights) is no longer about that."""
    assert ref.expected_initial_loss(10) == pytest.approx(2.302585092994046, rel=1e-15)
    assert ref.initial_loss_is_plausible(2.304, 10)
    assert not ref.initial_loss_is_plausible(2.426, 10)
    assert not ref.initial_loss_is_plausible(1.9, 10)


def test_a_working_model_overfits_and_a_broken_one_does_not():
    """Right gradients reach a loss of about zero, flipped ones do not."""
    right = lambda p: (float(np.sum(p["w"] ** 2)), {"w": 2 * p["w"]})
    wrong = lambda p: (float(np.sum(p["w"] ** 2)), {"w": -2 * p["w"]})
    step, start = functools.partial(sgd_step, rate=0.1), {"w": np.ones(3)}
    passed, losses = ref.overfits_tiny_subset(right, start, step, 50)
    assert passed
    np.testing.assert_allclose(losses, 3 * 0.64 ** np.arange(51), rtol=1e-10)
    assert not ref.overfits_tiny_subset(wrong, start, step, 50)[0]


T = np.arange(200)
CURVES = {
    "diverged": [[2.3, 2.2, NAN, NAN], [2.3, 5, 40, math.inf], list(2.3 * 1.1**T)],
    "too high": [list(2.0 + np.sin(T)), list(1.5 + 0.8 * (-1.0) ** T * np.exp(-T / 300))],
    "too low": [[2.3] * 50, list(2.3 - 0.005 * T), list(2.3 * np.exp(-T / 1e5))],
    "good": [list(2.3 * np.exp(-T / 20)), list(2.3 / (1 + T))],
}


@pytest.mark.parametrize(("verdict", "curves"), CURVES.items())
def test_triage(verdict, curves):
    """Textbook curves get their textbook diagnosis."""
    assert [ref.triage(curve) for curve in curves] == [verdict] * len(curves)


def test_triage_of_descent_on_a_bowl():
    """On ½·k·w² with k = 1 the verdicts follow the rate: too low, good, bouncing out."""
    curve = lambda rate: [0.5 * (1 - rate) ** (2 * t) for t in range(60)]
    verdicts = [ref.triage(curve(rate)) for rate in (1e-4, 0.2, 2.1)]
    assert verdicts == ["too low", "good", "diverged"]


def test_update_to_weight_ratio():
    """1e-7 for 1e-2 is 1e-5, not 1e-3; zeros that move are infinitely far."""
    before = {"W": np.array([[6e-3, 8e-3]]), "b": np.zeros(2), "c": np.zeros(2)}
    after = {"W": before["W"] + [[6e-8, 8e-8]], "b": np.ones(2), "c": np.zeros(2)}
    ratios = ref.update_to_weight_ratio(before, after)
    assert ratios["W"] == pytest.approx(1e-5, rel=1e-6)
    assert (ratios["b"], ratios["c"]) == (math.inf, 0)


def test_log_uniform_fills_every_decade(rng):
    """The logarithm of the draws is uniform (Kolmogorov-Smirnov), within the range."""
    drawn = ref.log_uniform(rng, 1e-6, 1e-1, 20_000)
    assert drawn.min() >= 1e-6
    assert drawn.max() <= 1e-1
    assert stats.kstest(np.log10(drawn), stats.uniform(-6, 5).cdf).pvalue > 0.001
    shares = np.histogram(np.log10(drawn), bins=5, range=(-6, -1))[0] / 20_000
    np.testing.assert_allclose(shares, 0.2, atol=0.015)


def test_grid():
    """All combinations, once each, the last name fastest."""
    got = ref.grid({"rate": [0.1, 0.01], "decay": [0, 1, 2]})
    assert got[:2] == [{"rate": 0.1, "decay": 0}, {"rate": 0.1, "decay": 1}]
    assert len({tuple(c.items()) for c in got}) == len(got) == 6


@given(st.integers(0, 20), st.booleans(), st.integers(0, 99))
def test_random_configurations(trials, logarithmic, seed):
    """All different, all inside; a second call draws anew."""
    rng, ranges = np.random.default_rng(seed), {"rate": (1e-4, 1.0), "decay": (0.5, 2.0)}
    got = ref.random_configurations(rng, ranges, trials, logarithmic)
    more = ref.random_configurations(rng, ranges, trials, logarithmic)
    assert len({c["rate"] for c in got + more}) == 2 * trials
    assert all(1e-4 <= c["rate"] <= 1 and 0.5 <= c["decay"] <= 2 for c in got)


@given(st.permutations([NAN, 3.0, 1.0, math.inf, NAN, 2.0]))
def test_nan_never_wins(losses):
    """The lowest loss wins wherever the NaNs are, also in front."""
    configurations = [{"run": i} for i in range(6)]
    best, loss = ref.best_configuration(configurations, losses)
    assert loss == 1
    assert best == {"run": losses.index(1.0)}
    assert [losses[i] for i in ref.ranking(losses)] == [1, 2, 3, math.inf]


def test_coarse_to_fine_narrows(rng):
    """The second round stays inside what the best runs of the first span, and all are good."""
    score = lambda c: NAN if c["rate"] > 0.5 else (math.log10(c["rate"]) + 3) ** 2
    tried, losses = ref.coarse_to_fine(rng, score, {"rate": (1e-6, 1.0)}, 30, 2, 3)
    coarse = [c["rate"] for c in tried[:30]]
    best = [coarse[i] for i in ref.ranking(losses[:30])[:3]]
    assert all(min(best) <= c["rate"] <= max(best) for c in tried[30:])
    assert losses.shape == (60,)
    assert losses[30:].max() < np.nanmedian(losses[:30])


def test_coarse_to_fine_beats_coarse_only():
    """Over 40 seeds, 30 + 30 trials end closer to the optimum than 60 coarse ones."""
    score = lambda c: (math.log10(c["a"]) + 3) ** 2 + (math.log10(c["b"]) + 2) ** 2
    ranges, gaps = {"a": (1e-6, 1.0), "b": (1e-6, 1.0)}, []
    for seed in range(40):
        pair = [
            ref.coarse_to_fine(np.random.default_rng(seed), score, ranges, 60 // rounds, rounds)
            for rounds in (1, 2)
        ]
        gaps.append([losses.min() for _, losses in pair])
    assert np.mean(gaps, axis=0)[1] < np.mean(gaps, axis=0)[0]


def test_random_beats_grid_only_if_importance_is_unequal(rng):
    """Nine trials: random search finds a peak in one of two axes better, an isotropic one worse."""
    means = {}
    for name, score in {
        "unequal": lambda c, p: math.exp(-((c["x"] - p[0]) ** 2) / 0.005),
        "equal": lambda c, p: math.exp(-((c["x"] - p[0]) ** 2 + (c["y"] - p[1]) ** 2) / 0.1),
    }.items():
        scores = []
        for _ in range(300):
            p = rng.uniform(size=2)
            thirds = [1 / 6, 1 / 2, 5 / 6]
            tried = ref.random_configurations(rng, {"x": (0, 1), "y": (0, 1)}, 9, False)
            lattice = ref.grid({"x": thirds, "y": thirds})
            scores.append([max(score(c, p) for c in some) for some in (lattice, tried)])
        means[name] = np.mean(scores, axis=0)
    assert means["unequal"][1] > means["unequal"][0]
    assert means["equal"][1] < means["equal"][0]


def test_successive_halving_keeps_the_better_half():
    """Of eight runs 8, 4, 2 take part, with doubled steps; the best survives, NaN does not."""
    asked = []

    def score(configuration, steps):
        asked.append(steps)
        return NAN if configuration["run"] == 0 else abs(configuration["run"] - 5) + 1 / steps

    winner, survivors = ref.successive_halving([{"run": i} for i in range(8)], score, 10)
    assert winner == {"run": 5}
    assert survivors == [8, 4, 2]
    assert asked == [10] * 8 + [20] * 4 + [40] * 2


STOPS = [
    ([5, 4, 3, 4, 5, 6, 1], 2, 0.0, (2, 4)),
    ([5, 4, 3, 4, 5, 6, 1], 4, 0.0, (6, 6)),
    ([5, 4, 3.9, 3.95, 3.97], 2, 0.5, (1, 3)),
    ([4, 3, 2, 1, 0, -1, -2, -3], 3, 2.0, (6, 7)),
    ([NAN, NAN, 2, NAN, 1, 3, 3], 3, 0.0, (4, 6)),
    ([NAN] * 5, 2, 0.0, (0, 2)),
    ([2.0], 1, 0.0, (0, 0)),
]


@pytest.mark.parametrize(("losses", "patience", "margin", "expected"), STOPS)
def test_stopping_epoch(losses, patience, margin, expected):
    """Curves decided by hand; improvements within the margin add up but do not count alone."""
    assert ref.stopping_epoch(losses, patience, margin) == expected


@given(st.lists(st.floats(-9, 9) | st.just(NAN), min_size=1, max_size=40), st.integers(1, 6))
def test_stopping_without_margin_is_early_stopping(losses, patience):
    """With a margin of 0 it agrees with the regularization chapter's function."""
    assert ref.stopping_epoch(losses, patience) == early_stopping(np.array(losses), patience)


def test_honest_standardise(rng):
    """Training features get mean 0 and variance 1; validation moves along, without a say."""
    train, validation = rng.normal(5, 3, size=(11, 3)), rng.normal(size=(7, 3))
    train[:, 1] = 0.1
    a, b = ref.honest_standardise(train, validation)
    np.testing.assert_allclose(a.mean(axis=0), 0, atol=1e-12)
    np.testing.assert_allclose(a.std(axis=0), [1, 0, 1], atol=1e-12)
    np.testing.assert_allclose(b[:, 1], validation[:, 1] - 0.1)
    np.testing.assert_allclose(ref.honest_standardise(train, validation[:1])[1], b[:1])
    np.testing.assert_allclose(ref.honest_standardise(train, train)[1], a)


def test_leaked_rows(rng):
    """Copies are found wherever they are, near misses are not."""
    train = rng.normal(size=(5, 3))
    validation = np.vstack([train + 1e-12, train[[3, 0]], train[:, ::-1], train[[3]]])
    assert ref.leaked_rows(train, validation) == [5, 6, 12]
    brute = [i for i, row in enumerate(validation) if any(np.array_equal(row, t) for t in train)]
    assert ref.leaked_rows(train, validation) == brute


RNG = np.random.default_rng(0)
REFUSED = [
    (ref.stopping_epoch, ([1.0], 0), "patience is 0"),
    (ref.stopping_epoch, ([], 1), "validation has 0 numbers"),
    (ref.honest_standardise, (np.ones((2, 3)), np.ones((2, 2))), "validation has shape"),
    (ref.leaked_rows, (np.ones((2, 3)), np.ones(3)), "validation has shape"),
    (ref.expected_initial_loss, (1,), "classes is 1, expected a whole number >= 2"),
    (ref.triage, ([1.0, 2.0],), "losses has 2 numbers, expected 4 or more"),
    (ref.best_configuration, ([{}, {}], [NAN, NAN]), "losses is all NaN"),
    (ref.best_configuration, ([], []), "losses has 0 numbers"),
    (ref.best_configuration, ([{}], [1.0, 2.0]), "configurations has 1 entries, expected 2"),
    (ref.log_uniform, (RNG, 2.0, 1.0, 3), "high is 1.0, expected no less than low = 2.0"),
    (
        ref.random_configurations,
        (RNG, {"rate": (0.0, 1.0)}, 3),
        r"\['rate'\]\[0\] is 0.0, .* > 0",
    ),
    (
        ref.random_configurations,
        (RNG, {"rate": 1.0}, 3),
        r"is 1.0, expected \(low, high\)",
    ),
    (
        ref.random_configurations,
        (RNG, {"rate": (-1.0, -2.0)}, 3, False),
        r"ranges\['rate'\]\[1\] is -2.0, expected no less than low = -1.0",
    ),
    (ref.successive_halving, ([], len, 3), "configurations has 0 entries, expected 1 or more"),
    (ref.log_uniform, (np.random.default_rng(), 0.0, 1.0, 3), "low is 0.0, expected a number > 0"),
    (ref.log_uniform, (3, 0.1, 1.0, 3), "rng is a int"),
    (ref.update_to_weight_ratio, ({"W": np.ones(3)}, {}), "after has no 'W'"),
    (ref.successive_halving, ([{}], lambda c, s: 0, 0), "budget is 0"),
]


@pytest.mark.parametrize(("function", "arguments", "message"), REFUSED)
def test_what_breaks_the_contract_is_refused(function, arguments, message):
    """A ValueError names the argument, what was given and what was expected."""
    with pytest.raises(ValueError, match=message):
        function(*arguments)
