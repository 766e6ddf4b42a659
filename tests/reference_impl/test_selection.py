"""What is chosen and when to stop: NaN never wins, and patience means one thing everywhere."""

import functools
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from reference_impl import network, optimizers, regularization, tuning
from reference_impl.classic_networks import cascade_correlation

CURVE = st.lists(st.sampled_from([0.0, 1.0, 2.0, 3.0, math.nan, math.inf]), min_size=1, max_size=20)


@given(CURVE, st.integers(1, 5))
def test_patience_means_one_thing(curve, patience):
    """A list as `train` returns it, `stopping_epoch` without a margin, and a count as in Keras."""
    got = regularization.early_stopping(curve, patience)
    assert got == tuning.stopping_epoch(curve, patience)
    waited, best, lowest = 0, 0, math.inf
    for epoch, loss in enumerate(curve):
        waited += epoch > 0
        if loss < lowest:
            waited, best, lowest = 0, epoch, loss
        if waited >= patience:
            break
    assert got == (best, epoch)


def test_early_stopping_takes_what_training_returns():
    """The validation losses of a real training, and where the lowest of them is."""
    rng = np.random.default_rng(0)
    model = network.sequential([network.dense(4, 3)])
    data, seen = [(rng.normal(size=(30, 4)), rng.integers(3, size=30)) for _ in range(2)]
    step = functools.partial(optimizers.sgd_step, rate=0.5)
    _, history = network.train(model, model.start(rng), data, step, 30, 10, rng, seen)
    losses = history["validation_loss"]
    assert isinstance(losses, list)
    best, stop = regularization.early_stopping(losses, 3)
    assert losses[best] == min(losses[: stop + 1])


@pytest.mark.parametrize("place", [0, 1, 2])
def test_cross_validation_never_chooses_what_ended_in_nan(place):
    """One fold of NaN is enough to rule a λ out, wherever it stands and whatever the others are."""
    errors = [3.0, 2.0]
    errors.insert(place, math.nan)
    strengths = np.array([0.1, 0.2, 0.3])
    folds = regularization.k_folds(np.random.default_rng(0), 6, 2)
    seen = []

    def error(strength, rows, _):
        seen.append(strength)
        first = seen.count(strength) == 1
        value = errors[int(np.flatnonzero(strengths == strength)[0])]
        return 0.0 if first and math.isnan(value) else value

    best, means = regularization.cross_validate(
        np.ones((6, 1)), np.ones(6), strengths, folds, lambda x, y, strength: strength, error
    )
    assert best == strengths[errors.index(2.0)]
    np.testing.assert_array_equal(means, errors)


@pytest.mark.parametrize("place", [0, 1, 2])
def test_a_candidate_that_came_to_nothing_is_never_the_best(place, monkeypatch):
    """A score of NaN loses to every number, wherever it is in the pool; 0 is a number."""
    scores = [0.0, 0.0]
    scores.insert(place, math.nan)
    trained = iter([(np.full(5, i), np.array([1.0, s])) for i, s in enumerate(scores)])
    monkeypatch.setattr(cascade_correlation, "train_candidate", lambda *_: next(trained))
    features, y = np.ones((4, 5)), np.ones((4, 1))
    best = cascade_correlation.best_candidate(features, y, 3, 1, np.random.default_rng(0))
    assert best[0] == (1 if place == 0 else 0)
