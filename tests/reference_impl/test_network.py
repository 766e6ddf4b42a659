"""The small model API: its gradients are measured, its training loop is followed step by step."""

import functools
import math

import numpy as np
import pytest
from contract_laws import assert_documented
from scipy import optimize, special

from autograder.data import load_digits
from reference_impl import network as ref
from reference_impl.activations import relu_backward, relu_forward, tanh_backward, tanh_forward
from reference_impl.optimizers import adam_step, minibatches, sgd_step

SGD = functools.partial(sgd_step, rate=0.1)
ADAM = functools.partial(adam_step, rate=0.003)


@pytest.fixture
def rng():
    """A generator with a fixed seed."""
    return np.random.default_rng(20261121)


def relu():
    """The ReLU layer."""
    return ref.activation(relu_forward, relu_backward)


def small(dtype=np.float64):
    """A net of two dense layers and its data."""
    tanh = ref.activation(tanh_forward, tanh_backward)
    model = ref.sequential([ref.dense(5, 7, 1.0, dtype), tanh, ref.dense(7, 3, 1.0, dtype)])
    rng = np.random.default_rng(0)
    return model, model.start(rng), rng.normal(size=(11, 5)).astype(dtype), rng.integers(3, size=11)


def convolutional():
    """A small convolutional net and its data."""
    layers = [ref.convolution(2, 3, 3, 1, 1), relu(), ref.max_pooling(2, 2), ref.flatten()]
    model = ref.sequential([*layers, ref.dense(12, 3)])
    rng = np.random.default_rng(0)
    return model, model.start(rng), rng.normal(size=(4, 2, 4, 5)), rng.integers(3, size=4)


@pytest.mark.parametrize("name", ["dense", "activation", "flatten", "max_pooling", "convolution"])
def test_layers_are_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


@pytest.mark.parametrize("name", ["sequential", "loss_and_gradients", "evaluate", "train"])
def test_functions_are_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


@pytest.mark.parametrize("build", [small, convolutional])
def test_gradients_against_scipy(build):
    """Every parameter's gradient is the slope that SciPy measures."""
    model, params, x, labels = build()
    _, grads = ref.loss_and_gradients(model, params, x, labels)
    assert grads.keys() == params.keys() == set(model.names)
    for name, value in params.items():

        def loss(v, name=name, shape=value.shape):
            moved = {**params, name: v.reshape(shape)}
            return ref.loss_and_gradients(model, moved, x, labels)[0]

        slope = optimize.approx_fprime(value.ravel(), loss, 1e-7)
        np.testing.assert_allclose(grads[name].ravel(), slope, atol=1e-5)


def test_the_input_has_a_gradient_if_it_is_wanted():
    """A stack inside a stack passes its error on, as one flat stack does."""
    model, params, x, _ = small()
    out, cache = model.forward(params, x)
    dx, _ = model.backward(np.ones_like(out), cache)
    outer = ref.sequential([model])
    nested = {f"0.{name}": value for name, value in params.items()}
    out, cache = outer.forward(nested, x)
    np.testing.assert_array_equal(outer.backward(np.ones_like(out), cache)[0], dx)
    loss = lambda v: float(model.forward(params, v.reshape(x.shape))[0].sum())
    slope = optimize.approx_fprime(x.ravel(), loss, 1e-7).reshape(x.shape)
    np.testing.assert_allclose(dx, slope, atol=1e-5)
    assert model.backward(np.ones_like(out), cache[0], wants_dx=False)[0] is None


def test_dense_start_has_the_asked_spread(rng):
    """Weights start with variance gain / inputs, biases at 0."""
    params = ref.dense(400, 300, 2.0).start(rng)
    assert math.isclose(params["W"].var(), 2 / 400, rel_tol=0.02)
    assert not params["b"].any()


def test_loss_is_scipys():
    """The loss is the mean negative log-softmax of the scores, and accuracy counts the hits."""
    model, params, x, labels = small()
    scores = np.tanh(x @ params["0.W"] + params["0.b"]) @ params["2.W"] + params["2.b"]
    expected = -special.log_softmax(scores, axis=1)[np.arange(11), labels].mean()
    assert math.isclose(ref.loss_and_gradients(model, params, x, labels)[0], expected)
    loss, accuracy = ref.evaluate(model, params, x, labels)
    assert math.isclose(loss, expected)
    assert accuracy == np.mean(scores.argmax(axis=1) == labels)


def test_train_follows_the_batches():
    """Training is one step per shuffled batch, and the history weights batches by their size."""
    model, params, x, labels = small()
    trained, history = ref.train(model, params, (x, labels), SGD, 2, 4, np.random.default_rng(5))
    rng, expected = np.random.default_rng(5), []
    for _ in range(2):
        losses = []
        for rows in minibatches(rng, 11, 4):
            loss, grads = ref.loss_and_gradients(model, params, x[rows], labels[rows])
            losses += [loss] * len(rows)
            params = {name: value - 0.1 * grads[name] for name, value in params.items()}
        expected.append(np.mean(losses))
    np.testing.assert_allclose(history["loss"], expected, rtol=1e-12)
    for name, value in params.items():
        np.testing.assert_allclose(trained[name], value, rtol=1e-12)


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
    assert len(losses) == int(np.argmin(losses)) + 5 < 50
    assert ref.evaluate(model, best, x, labels)[0] == min(losses)
    assert len(history["validation_accuracy"]) == len(losses)


def test_no_epochs(rng):
    """No epochs return the start and an empty history."""
    model, params, x, labels = small()
    trained, history = ref.train(model, params, (x, labels), SGD, 0, 4, rng)
    assert trained is params
    assert history == {"loss": []}


def test_digits_are_learnt():
    """A 64-100-10 net in float32 reads more than 95 % of unseen digits after ten epochs."""
    x, labels = load_digits()
    x = x.astype(np.float32)
    layers = [ref.dense(64, 100, dtype=np.float32), relu(), ref.dense(100, 10, dtype=np.float32)]
    model, rng = ref.sequential(layers), np.random.default_rng(0)
    rows = rng.permutation(len(x))
    seen, unseen = rows[:1400], rows[1400:]
    params, history = ref.train(model, model.start(rng), (x[seen], labels[seen]), ADAM, 10, 50, rng)
    assert history["loss"][-1] < history["loss"][0] / 5
    assert ref.evaluate(model, params, x[unseen], labels[unseen])[1] > 0.95


def test_extreme_inputs_stay_finite():
    """Inputs of ±1000 give finite losses and gradients."""
    model, params, x, labels = small()
    loss, grads = ref.loss_and_gradients(model, params, 1000 * np.sign(x), labels)
    assert np.isfinite(loss)
    assert all(np.isfinite(g).all() for g in grads.values())


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
        ({"patience": -1}, "patience is -1"),
        ({"rng": 3}, "rng is a int"),
    ],
)
def test_what_breaks_the_contract_is_refused(rng, replaced, message):
    """A ValueError names the argument, what was given and what was expected."""
    model, params, x, labels = small()
    usual = {"data": (x, labels), "step": SGD, "epochs": 1, "batch_size": 4, "rng": rng}
    with pytest.raises(ValueError, match=message):
        ref.train(model, params, **{**usual, **replaced})


@pytest.mark.parametrize(("inputs", "outputs"), [(0, 3), (3, -1)])
def test_a_layer_needs_units(inputs, outputs):
    """A dense layer of no width is refused."""
    with pytest.raises(ValueError, match="expected a whole number >= 1"):
        ref.dense(inputs, outputs)
