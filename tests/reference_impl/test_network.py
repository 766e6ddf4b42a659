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
from reference_impl.backprop import softmax_cross_entropy
from reference_impl.optimizers import adam_step, minibatches, sgd_step

LAYERS = ["dense", "activation", "flatten", "max_pooling", "convolution", "dropout", "batch_norm"]
LAYERS += ["residual", "sequential"]
FUNCTIONS = ["squared_loss", "loss_and_gradients", "training_step", "trainer", "evaluate", "train"]
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


@pytest.mark.parametrize("name", LAYERS)
def test_layers_are_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


@pytest.mark.parametrize("name", FUNCTIONS)
def test_functions_are_documented(name):
    """One sentence, parameters, returns."""
    assert_documented(getattr(ref, name))


def regularised(training=True):
    """A net of every layer there is, and its data; in training its coins always fall the same."""
    inner = ref.sequential([ref.dense(6, 6), ref.batch_norm(6), relu()])
    layers = [ref.convolution(2, 3, 2), ref.batch_norm(3), ref.max_pooling(2, 2), ref.flatten()]
    layers += [ref.residual(inner), ref.dropout(0.4), ref.dense(6, 3)]
    model, rng = ref.sequential(layers), np.random.default_rng(0)
    params = {k: v + 0.1 * rng.random(v.shape) for k, v in model.start(rng).items()}
    coins = (lambda: np.random.default_rng(1)) if training else lambda: None
    return model, params, rng.normal(size=(5, 2, 3, 5)), rng.integers(3, size=5), coins


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize("l2", [0.0, 0.3])
@pytest.mark.parametrize("regression", [True, False])
def test_gradients_of_every_layer_against_scipy(training, l2, regression):
    """In training and in test mode, with and without penalty, for both losses: SciPy's slopes."""
    model, params, x, labels, coins = regularised(training)
    loss = ref.squared_loss if regression else softmax_cross_entropy
    labels = np.random.default_rng(3).normal(size=(5, 3)) if regression else labels
    value_at = lambda p: ref.loss_and_gradients(model, p, x, labels, loss, l2, coins())
    _, grads = value_at(params)
    assert set(params) - set(grads) == {k for k in params if "running" in k}
    for name in grads:
        moved = lambda v, name=name: value_at({**params, name: v.reshape(params[name].shape)})[0]
        slope = optimize.approx_fprime(params[name].ravel(), moved, 1e-7)
        np.testing.assert_allclose(grads[name].ravel(), slope, atol=2e-5)


@pytest.mark.parametrize(
    "layer", [ref.dropout(0.5), ref.batch_norm(3), ref.residual(ref.dense(3, 3))]
)
@pytest.mark.parametrize("training", [True, False])
def test_the_error_goes_through_a_layer(layer, training):
    """dx is SciPy's slope in both modes, and None where it is not wanted."""
    rng = np.random.default_rng(0)
    params, x, weights = layer.start(rng), rng.normal(size=(4, 3)), rng.normal(size=(4, 3))
    params = {name: value + 0.3 for name, value in params.items()}
    out_of = lambda v: layer.forward(
        params, v.reshape(4, 3), np.random.default_rng(1) if training else None
    )
    slope = optimize.approx_fprime(x.ravel(), lambda v: (out_of(v)[0] * weights).sum(), 1e-7)
    dx, _ = layer.backward(weights, out_of(x)[1])
    np.testing.assert_allclose(dx.ravel(), slope, atol=1e-5)
    assert layer.backward(weights, out_of(x)[1], wants_dx=False)[0] is None


def test_dropout_is_only_there_in_training(rng):
    """In test mode all passes; in training about half is 0 and the rest is doubled."""
    layer, x = ref.dropout(0.5), np.ones((100, 100))
    np.testing.assert_array_equal(layer.forward({}, x)[0], x)
    out, _ = layer.forward({}, x, rng)
    assert set(np.unique(out)) == {0, 2}
    assert abs(out.mean() - 1) < 0.05


def test_batch_norm_remembers(rng):
    """Training moves the running statistics as the recursion says, and test mode uses them."""
    layer, x = ref.batch_norm(2, momentum=0.8, eps=0.0), rng.normal(3, 2, size=(50, 2))
    params = layer.start(rng)
    out, cache = layer.forward(params, x, rng)
    np.testing.assert_allclose(out, (x - x.mean(axis=0)) / np.std(x, axis=0))
    new = layer.remember(params, cache)
    np.testing.assert_allclose(new["running_mean"], 0.2 * x.mean(axis=0))
    np.testing.assert_allclose(new["running_var"], 0.8 + 0.2 * np.var(x, axis=0))
    out, _ = layer.forward({**params, **new}, x)
    np.testing.assert_allclose(out, (x - new["running_mean"]) / np.sqrt(new["running_var"]))
    np.testing.assert_allclose(layer.forward(params, x)[0], x)


def test_batch_norm_of_images_is_that_of_their_pixels(rng):
    """A channel's pixels are its examples: the same as for rows, one per pixel."""
    layer, images = ref.batch_norm(3), rng.normal(size=(4, 3, 2, 5))
    pixels = images.transpose(0, 2, 3, 1).reshape(-1, 3)
    out, _ = layer.forward(layer.start(rng), images, rng)
    rows, _ = layer.forward(layer.start(rng), pixels, rng)
    np.testing.assert_array_equal(out.transpose(0, 2, 3, 1).reshape(-1, 3), rows)


def test_running_statistics_after_training(rng):
    """After one epoch of one batch and rate 0 they are one step from 0 and 1 to the batch's."""
    model, x = ref.sequential([ref.batch_norm(5), ref.dense(5, 3)]), rng.normal(2, 3, size=(11, 5))
    still = functools.partial(sgd_step, rate=0.0)
    data = (x, rng.integers(3, size=11))
    trained, _ = ref.train(model, model.start(rng), data, still, 1, 11, rng)
    np.testing.assert_allclose(trained["0.running_mean"], 0.1 * x.mean(axis=0))
    np.testing.assert_allclose(trained["0.running_var"], 0.9 + 0.1 * x.var(axis=0))


def test_deep_residual_stacks_hand_errors_down():
    """Through 40 blocks of tiny weights the error arrives; without a way around it does not."""
    block = lambda: ref.sequential([ref.dense(4, 4, 1e-6), relu()])
    dout = np.ones((2, 4))
    size = {}
    for name, wrap in {"plain": lambda layer: layer, "residual": ref.residual}.items():
        model = ref.sequential([wrap(block()) for _ in range(40)])
        params = model.start(np.random.default_rng(0))
        _, cache = model.forward(params, np.ones((2, 4)))
        size[name] = np.abs(model.backward(dout, cache)[0]).max()
    assert size["plain"] < 1e-50
    assert 0.9 < size["residual"] < 1.1


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


def test_one_step_is_forward_loss_backward_update(rng):
    """`training_step` returns the loss before it, descends, and lets layers remember."""
    model, params, x, labels, coins = regularised()
    loss, grads = ref.loss_and_gradients(model, params, x, labels, l2=0.2, rng=coins())
    moved, state, value = ref.training_step(
        model, params, x, labels, SGD, {"kept": 1}, l2=0.2, rng=coins()
    )
    assert (value, state) == (loss, {"kept": 1})
    for name, grad in grads.items():
        np.testing.assert_array_equal(moved[name], params[name] - 0.1 * grad)
    for name in set(params) - set(grads):
        assert not np.array_equal(moved[name], params[name])
    still, _, _ = ref.training_step(model, params, x, labels, SGD, {})
    np.testing.assert_array_equal(still["1.running_var"], params["1.running_var"])


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


@pytest.mark.parametrize(("inputs", "outputs"), [(0, 3), (3, -1)])
def test_a_layer_needs_units(inputs, outputs):
    """A dense layer of no width is refused."""
    with pytest.raises(ValueError, match="expected a whole number >= 1"):
        ref.dense(inputs, outputs)
