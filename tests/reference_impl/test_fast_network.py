"""Training in place against training on the whiteboard: every rule, layer, loss and precision."""

import functools

import numpy as np
import pytest

from reference_impl import network as ref
from reference_impl import optimizers
from reference_impl.activations import relu_backward, relu_forward, tanh_backward, tanh_forward
from reference_impl.backprop import softmax_cross_entropy
from reference_impl.network.fast import rules
from reference_impl.network.fast.trainer import Trainer
from reference_impl.network.training import Steps

RULES = {
    "sgd": functools.partial(optimizers.sgd_step, rate=0.1),
    "momentum": functools.partial(optimizers.momentum_step, rate=0.05, momentum=0.8),
    "nesterov": functools.partial(optimizers.nesterov_rewritten_step, rate=0.05),
    "adagrad": functools.partial(optimizers.adagrad_step, rate=0.05),
    "adagrad as it is": optimizers.adagrad_step,
    "rmsprop": functools.partial(optimizers.rmsprop_step, rate=0.01, decay=0.7, epsilon=1e-3),
    "adam": functools.partial(optimizers.adam_step, rate=0.01),
    "adam as it is": optimizers.adam_step,
    "adam uncorrected": functools.partial(
        optimizers.adam_step, beta1=0.5, beta2=0.9, epsilon=1e-4, bias_correction=False
    ),
}
NETS = {
    "one dense layer": lambda kind: [ref.dense(6, 3, dtype=kind)],
    "relu": lambda kind: [ref.dense(6, 9, dtype=kind), relu(), ref.dense(9, 3, dtype=kind)],
    "relu at both ends": lambda kind: [relu(), ref.dense(6, 3, dtype=kind), relu()],
    "tanh": lambda kind: [ref.dense(6, 9, 1.0, kind), tanh(), ref.dense(9, 3, 1.0, kind)],
    "two relus": lambda kind: [
        ref.dense(6, 4, dtype=kind),
        relu(),
        relu(),
        ref.dense(4, 3, dtype=kind),
    ],
    "stacks in stacks": lambda kind: [
        ref.sequential([ref.sequential([ref.dense(6, 5, dtype=kind)]), relu()]),
        ref.dense(5, 3, dtype=kind),
    ],
    "residual": lambda kind: [
        ref.residual(ref.sequential([ref.batch_norm(6, dtype=kind), ref.dense(6, 6, dtype=kind)])),
        ref.dropout(0.3),
        ref.dense(6, 3, dtype=kind),
    ],
    "images": lambda kind: [
        ref.activation(lambda x: (x.reshape(-1, 1, 2, 3), x.shape), lambda d, s: d.reshape(s)),
        ref.convolution(1, 4, 2, dtype=kind),
        ref.batch_norm(4, dtype=kind),
        relu(),
        ref.max_pooling(1, 1),
        ref.flatten(),
        ref.dense(8, 3, dtype=kind),
    ],
}


def relu():
    """The ReLU layer."""
    return ref.activation(relu_forward, relu_backward)


def tanh():
    """The tanh layer."""
    return ref.activation(tanh_forward, tanh_backward)


def assert_same(model, kind, step, loss=softmax_cross_entropy, l2=0.0):
    """Both forms take the same six steps, on batches of several sizes."""
    rng = np.random.default_rng(4)
    params, x = model.start(rng), rng.normal(size=(20, 6)).astype(kind)
    labels = rng.integers(3, size=20)
    if loss is not softmax_cross_entropy:
        labels = rng.normal(size=(20, 3)).astype(kind)
    quick = ref.trainer(model, params, (x, labels), step, loss, l2)
    slow = Steps(model, params, step, loss, l2)
    assert isinstance(quick, Trainer)
    coins = [np.random.default_rng(7), np.random.default_rng(7)]
    accuracy = 3e-6 if kind == np.float32 else 1e-12
    for size in (8, 8, 5, 20, 1 if "running" not in str(model.names) else 7, 8):
        rows = rng.permutation(20)[:size]
        values = [
            t.advance(x[rows], labels[rows], c) for t, c in zip((quick, slow), coins, strict=True)
        ]
        assert values[0] == pytest.approx(values[1], rel=accuracy, abs=accuracy)
    got = quick.params
    assert list(got) == list(slow.params)
    for name, value in slow.params.items():
        assert got[name].dtype == value.dtype == kind
        np.testing.assert_allclose(got[name], value, rtol=accuracy, atol=accuracy)
    assert any(not np.array_equal(got[name], params[name]) for name in params)


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("rule", RULES)
def test_every_rule(rule, kind):
    """A small ReLU net under each rule of `optimizers`, with its own settings or as it is."""
    assert_same(ref.sequential(NETS["relu"](kind)), kind, RULES[rule])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("net", NETS)
@pytest.mark.parametrize("rule", ["sgd", "adam"])
def test_every_layer(net, kind, rule):
    """Every layer, alone, stacked, and where its input must not be written to."""
    if (net, rule) == ("images", "adam"):
        # A bias before a batch normalisation has the gradient 0 but for rounding, which Adam
        # would blow up to whole steps: a larger ε keeps it out.
        assert_same(
            ref.sequential(NETS[net](kind)), kind, functools.partial(RULES[rule], epsilon=0.1)
        )
    else:
        assert_same(ref.sequential(NETS[net](kind)), kind, RULES[rule])


@pytest.mark.parametrize("kind", [np.float32, np.float64])
@pytest.mark.parametrize("l2", [0.0, 0.2])
def test_every_loss(kind, l2):
    """Classes and numbers, with and without a penalty, from a bare layer too."""
    for model in (ref.dense(6, 3, dtype=kind), ref.sequential(NETS["tanh"](kind))):
        for loss in (softmax_cross_entropy, ref.squared_loss):
            assert_same(model, kind, RULES["momentum"], loss, l2)


def test_many_numbers_are_updated_in_chunks():
    """More weights than go at a time: each is updated once."""
    model = ref.dense(6, 2 * rules.CHUNK // 6, dtype=np.float64)
    x, rng = np.ones((2, 6)), np.random.default_rng(0)
    y = rng.normal(size=(2, 2 * rules.CHUNK // 6))
    params = model.start(rng)
    quick = ref.trainer(model, params, (x, y), RULES["adam"], ref.squared_loss)
    slow = Steps(model, params, RULES["adam"], ref.squared_loss, 0.0)
    for t in (quick, slow):
        t.advance(x, y, rng)
        t.advance(x, y, rng)
    for name, value in slow.params.items():
        np.testing.assert_allclose(quick.params[name], value, rtol=1e-12, atol=1e-15)


def test_nothing_given_or_handed_out_is_written_to():
    """Start, data and the parameters of an earlier moment stay as they were."""
    model, rng = ref.sequential(NETS["relu at both ends"](np.float64)), np.random.default_rng(0)
    params, x, labels = model.start(rng), rng.normal(size=(9, 6)), rng.integers(3, size=9)
    for array in (*params.values(), x, labels):
        array.setflags(write=False)
    quick = ref.trainer(model, params, (x, labels), RULES["adam"])
    quick.advance(x, labels, rng)
    before = quick.params
    copies = {name: value.copy() for name, value in before.items()}
    quick.advance(x, labels, rng)
    for name, value in before.items():
        np.testing.assert_array_equal(value, copies[name])
        assert not np.array_equal(value, quick.params[name])


@pytest.mark.parametrize(
    "change",
    [
        {"step": lambda params, grads, state: (params, state)},
        {"step": optimizers.scheduled(optimizers.sgd_step, lambda t: 0.1)},
        {"params": lambda p: {**p, "W": p["W"].astype(np.float32)}},
        {"params": lambda p: {name: value.astype(np.float16) for name, value in p.items()}},
        {"params": lambda p: {**p, "unused": np.ones(2)}},
        {"x": lambda x: x.astype(np.float32)},
    ],
)
def test_what_has_no_fast_form_is_trained_all_the_same(change):
    """A rule of one's own, mixed precisions, whole schedules: as on the whiteboard."""
    model, rng = ref.dense(6, 3), np.random.default_rng(0)
    params = change.get("params", lambda p: p)(model.start(rng))
    x = change.get("x", lambda x: x)(rng.normal(size=(9, 6)))
    step = change.get("step", RULES["sgd"])
    assert isinstance(ref.trainer(model, params, (x, np.zeros(9, int)), step), Steps)


@pytest.mark.parametrize(
    ("name", "value"), [("rate", -1.0), ("beta1", 1.0), ("bias_correction", 3)]
)
def test_wrong_settings_are_refused(name, value):
    """The rule's own words, before the first step."""
    model = ref.dense(6, 3)
    step, data = (
        functools.partial(optimizers.adam_step, **{name: value}),
        (np.ones((2, 6)), np.zeros(2, int)),
    )
    with pytest.raises(ValueError, match=f"adam_step: {name} is {value}"):
        ref.trainer(model, model.start(np.random.default_rng(0)), data, step)


@pytest.mark.parametrize("labels", [[0, 3], [-1, 0], [0, -(2**62)]])
@pytest.mark.parametrize("kind", [np.int64, np.float64, np.int32])
def test_labels_beyond_the_classes_are_refused(labels, kind):
    """As by `softmax_cross_entropy`, which names what it got."""
    model = ref.dense(6, 3)
    data = np.ones((2, 6)), np.clip(labels, -(2**31), None).astype(kind)
    rng = np.random.default_rng(0)
    quick = ref.trainer(model, model.start(rng), data, RULES["sgd"])
    assert isinstance(quick, Trainer)
    with pytest.raises(ValueError, match="labels"):
        quick.advance(*data, rng)


def test_scores_of_any_size_stay_finite():
    """Scores of ±1000 give the loss that the whiteboard gives."""
    model, rng = ref.dense(6, 3), np.random.default_rng(0)
    x, labels = 1000 * np.sign(rng.normal(size=(9, 6))), rng.integers(3, size=9)
    params = model.start(rng)
    quick = ref.trainer(model, params, (x, labels), RULES["sgd"])
    expected, _ = ref.loss_and_gradients(model, params, x, labels)
    assert quick.advance(x, labels, rng) == pytest.approx(expected, rel=1e-12)
    assert all(np.isfinite(value).all() for value in quick.params.values())


def test_what_a_dead_unit_remembers_is_forgotten():
    """No number too small to be a normal one stays: arithmetic with such is slow."""
    model, rng = ref.sequential(NETS["relu"](np.float32)), np.random.default_rng(0)
    params, x = model.start(rng), rng.normal(size=(9, 6)).astype(np.float32)
    labels = rng.integers(3, size=9)
    quick = ref.trainer(model, params, (x, labels), RULES["adam"])
    quick.advance(x, labels, rng)
    quick._params["0.b"][:4] = -100  # never again will these four fire
    for _ in range(63 + 14 * 64):
        quick.advance(x, labels, rng)
    momentum = np.abs(quick._rule.memories[0])
    assert (momentum[:54].reshape(6, 9)[:, :4] == 0).all()
    assert (momentum[momentum > 0] > np.finfo(np.float32).tiny).all()
