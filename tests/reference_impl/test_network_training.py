"""The training loop: what it returns, remembers, stops at and refuses."""

import functools
import math

import numpy as np
import pytest

from reference_impl import network as ref
from reference_impl.activations import tanh_backward, tanh_forward
from reference_impl.optimizers import adam_step, scheduled, sgd_step, step_decay
from reference_impl.regularization import early_stopping

SGD = functools.partial(sgd_step, rate=0.1)
ADAM = functools.partial(adam_step, rate=0.003)


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


def small(dtype=np.float64):
    """A net of two dense layers and its data."""
    tanh = ref.activation(tanh_forward, tanh_backward)
    model = ref.sequential([ref.dense(5, 7, 1.0, dtype), tanh, ref.dense(7, 3, 1.0, dtype)])
    rng = np.random.default_rng(0)
    return model, model.start(rng), rng.normal(size=(11, 5)).astype(dtype), rng.integers(3, size=11)


def test_a_penalty_shrinks_weights_only(rng):
    """Where the data pull nowhere (all inputs 0), each step takes the share rate · λ of W alone."""
    model, rows = ref.dense(4, 2), np.zeros((6, 4))
    params = {"W": rng.normal(size=(4, 2)), "b": np.ones(2)}
    data = (rows, np.ones((6, 2)))
    trained, history = ref.train(model, params, data, SGD, 3, 6, rng, loss=ref.squared_loss, l2=0.5)
    np.testing.assert_allclose(trained["W"], 0.95**3 * params["W"])
    np.testing.assert_array_equal(trained["b"], params["b"])
    squares = [np.sum((0.95**t * params["W"]) ** 2) for t in range(3)]
    np.testing.assert_allclose(history["loss"], 0.25 * np.array(squares))


def test_regression_reaches_least_squares(rng):
    """A linear net under the squared loss ends at the solution of the normal equations."""
    x, y = rng.normal(size=(40, 3)), rng.normal(size=(40, 2))
    model = ref.dense(3, 2)
    data, full = (x, y), functools.partial(sgd_step, rate=0.5)
    params, history = ref.train(
        model, model.start(rng), data, full, 300, 40, rng, data, loss=ref.squared_loss
    )
    expected = np.linalg.lstsq(np.c_[x, np.ones(40)], y, rcond=None)[0]
    np.testing.assert_allclose(np.r_[params["W"], params["b"][None]], expected, atol=1e-10)
    residuals = np.c_[x, np.ones(40)] @ expected - y
    assert math.isclose(history["validation_loss"][-1], (residuals**2).sum() / 80)
    assert np.isnan(history["validation_accuracy"]).all()


def test_a_schedule_sets_the_rate(rng):
    """With a rate that halves after every second step, training is descent by those rates."""
    model, params, x, labels = small()
    step = scheduled(sgd_step, lambda t: step_decay(0.4, t, 2))
    trained, _ = ref.train(model, params, (x, labels), step, 4, 11, rng)
    for rate in (0.4, 0.4, 0.2, 0.2):
        _, grads = ref.loss_and_gradients(model, params, x, labels)
        params = {name: params[name] - rate * grads[name] for name in params}
    for name, value in params.items():
        np.testing.assert_allclose(trained[name], value, rtol=1e-9)


def test_nothing_passed_in_is_changed(rng):
    """The start, the data and the labels are the same after training."""
    model, params, x, labels = small()
    before = [value.copy() for value in (*params.values(), x, labels)]
    ref.train(model, params, (x, labels), ADAM, 2, 4, rng)
    for was, value in zip(before, (*params.values(), x, labels), strict=True):
        np.testing.assert_array_equal(was, value)


def test_single_precision_stays_single(rng):
    """A float32 network on float32 data has float32 parameters after training."""
    model, params, x, labels = small(np.float32)
    trained, _ = ref.train(model, params, (x, labels), ADAM, 1, 4, rng)
    assert {value.dtype.type for value in trained.values()} == {np.float32}


def test_early_stopping_returns_the_best(rng):
    """A rate that is far too high: training stops after the patience, with the best parameters."""
    model, params, x, labels = small()
    wild = functools.partial(sgd_step, rate=30.0)
    data = (x, labels)
    best, history = ref.train(model, params, data, wild, 50, 4, rng, validation=data, patience=3)
    losses = history["validation_loss"]
    assert len(losses) == int(np.argmin(losses)) + 4 < 50
    assert ref.evaluate(model, best, x, labels)[0] == min(losses)
    assert len(history["validation_accuracy"]) == len(losses)


@pytest.mark.parametrize("patience", [1, 2, 5])
@pytest.mark.parametrize("rate", [0.1, 10.0, 30.0, 1e200])
def test_patience_means_what_early_stopping_means(patience, rate):
    """Epochs run and parameters given back are those that `early_stopping` decides for."""
    model, params, x, labels = small()
    data, step = (x, labels), functools.partial(sgd_step, rate=rate)
    run = lambda epochs, **kwargs: ref.train(
        model, params, data, step, epochs, 4, np.random.default_rng(5), data, **kwargs
    )
    with np.errstate(all="ignore"):
        _, whole = run(12)
        stopped, history = run(12, patience=patience)
        best, stop = early_stopping(np.array(whole["validation_loss"]), patience)
        expected, _ = run(best + 1)
    np.testing.assert_equal(history["validation_loss"], whole["validation_loss"][: stop + 1])
    for name, value in expected.items():
        np.testing.assert_array_equal(stopped[name], value)


def test_patience_without_validation_gives_back_what_was_trained():
    """There is nothing to be patient about, and the training counts."""
    model, params, x, labels = small()
    run = lambda **kwargs: ref.train(
        model, params, (x, labels), SGD, 3, 4, np.random.default_rng(5), **kwargs
    )[0]
    patient, plain = run(patience=1), run()
    for name, value in plain.items():
        np.testing.assert_array_equal(patient[name], value)
        assert not np.array_equal(value, params[name])


def test_no_epochs(rng):
    """No epochs return the start and an empty history."""
    model, params, x, labels = small()
    trained, history = ref.train(model, params, (x, labels), SGD, 0, 4, rng)
    assert trained is params
    assert history == {"loss": []}


@pytest.mark.parametrize(
    ("replaced", "message"),
    [
        ({"batch_size": 0}, "batch_size is 0, expected a whole number >= 1"),
        ({"epochs": -1}, "epochs is -1"),
        (
            {"data": (np.ones((3, 5)), np.ones(4, dtype=int))},
            r"data\[1\] has shape \(4,\), .* N = 3",
        ),
        ({"data": (np.ones((0, 5)), np.ones(0, dtype=int))}, "expected .* and none empty"),
        ({"data": (np.ones((2, 5)), np.array([0, 3]))}, "labels runs from 0 to 3, expected 0 to 2"),
        ({"validation": (np.ones((2, 5)),)}, "validation has 1 parts, expected 2"),
        ({"patience": 0}, "patience is 0, expected a whole number >= 1"),
        ({"l2": -0.1}, "l2 is -0.1"),
        ({"rng": 3}, "rng is a int"),
    ],
)
def test_what_breaks_the_contract_is_refused(rng, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    model, params, x, labels = small()
    usual = {"data": (x, labels), "step": SGD, "epochs": 1, "batch_size": 4, "rng": rng}
    with pytest.raises(ValueError, match=message):
        ref.train(model, params, **{**usual, **replaced})
