"""Neurons and dense layers against PyTorch's autograd, in float64."""

import itertools

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import neurons as ref

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


@pytest.fixture(params=range(5))
def rng(request):
    """A fresh generator for each of several seeds."""
    return np.random.default_rng(request.param)


def test_sigmoid_neuron(torch, rng):
    """The smooth neuron is torch.sigmoid of a linear map."""
    x, w, b = 5 * rng.normal(size=(7, 3)), rng.normal(size=3), rng.normal()
    expected = torch.sigmoid(torch.tensor(x) @ torch.tensor(w) + b)
    close("sigmoid_neuron", ref.sigmoid_neuron(x, w, b), expected)


def test_linearised_change(torch, rng):
    """The first-order change is PyTorch's Jacobian times the move."""
    x, w, dw = rng.normal(size=(7, 3)), rng.normal(size=3), rng.normal(size=3)
    X = torch.tensor(x)
    theta, move = (torch.tensor(w), torch.tensor(0.3)), (torch.tensor(dw), torch.tensor(0.1))
    theta, move = [t.double() for t in theta], [t.double() for t in move]
    _, expected = torch.func.jvp(lambda w, b: torch.sigmoid(X @ w + b), tuple(theta), tuple(move))
    got = ref.linearised_change(x, w, theta[1].item(), dw, move[1].item())
    close("linearised_change", got, expected)


@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_logistic_loss(torch, rng, scale):
    """Loss and gradient are PyTorch's binary cross-entropy with logits."""
    x, labels = scale * rng.normal(size=(11, 5)), rng.integers(2, size=11)
    w, b = rng.normal(size=5), rng.normal()
    W, B = leaf(torch, w), leaf(torch, b)
    expected = torch.nn.functional.binary_cross_entropy_with_logits(
        torch.tensor(x) @ W + B, torch.tensor(labels, dtype=torch.float64)
    )
    expected.backward()
    loss, dw, db = ref.logistic_loss(x, labels, w, b)
    close("logistic_loss", loss, expected)
    close("logistic_loss", dw, W.grad)
    close("logistic_loss", db, B.grad)


def test_logistic_fit(torch, rng):
    """Twenty steps end at the parameters of torch.optim.SGD."""
    x, labels = rng.normal(size=(11, 5)), rng.integers(2, size=11)
    w = rng.normal(size=5)
    W, B = leaf(torch, w), leaf(torch, 0.2)
    optimizer = torch.optim.SGD([W, B], lr=0.7)
    for _ in range(20):
        optimizer.zero_grad()
        torch.nn.functional.binary_cross_entropy_with_logits(
            torch.tensor(x) @ W + B, torch.tensor(labels, dtype=torch.float64)
        ).backward()
        optimizer.step()
    got_w, got_b, _ = ref.logistic_fit(x, labels, w, 0.2, 0.7, 20)
    close("logistic_fit", got_w, W)
    close("logistic_fit", got_b, B)


def test_three_unit_net(torch, rng):
    """The bias-free net is two torch.sigmoid layers."""
    x, (W, v) = rng.normal(size=(7, 2)), ref.xor_weights()
    hidden = torch.sigmoid(torch.tensor(x) @ torch.tensor(W))
    got = ref.three_unit_net(x, W, v)
    close("three_unit_net", got[0], hidden)
    close("three_unit_net", got[1], torch.sigmoid(hidden @ torch.tensor(v)))


@pytest.mark.parametrize("shape", [(1, 30), (7, 30), (7, 2, 3, 5)])
def test_dense_layer(torch, rng, shape):
    """Output and all three gradients are those of torch.nn.functional.linear."""
    x, W, b = rng.normal(size=shape), rng.normal(size=(30, 4)), rng.normal(size=4)
    X, V, B = (leaf(torch, a) for a in (x, W, b))
    expected = torch.nn.functional.linear(X.flatten(1), V.T, B)
    out, cache = ref.dense_forward(x, W, b)
    dout = rng.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close("dense_forward", out, expected)
    for got, tensor in zip(ref.dense_backward(dout, cache), (X, V, B), strict=True):
        close("dense_backward", got, tensor.grad)


@pytest.mark.parametrize("activation", ["Tanh", "Sigmoid", "ReLU"])
def test_network_forward(torch, rng, activation):
    """A deep net computes what PyTorch's layers do, and without activation it collapses."""
    sizes = [5, 7, 3, 2]
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    x = rng.normal(size=(11, 5))
    function = getattr(torch.nn, activation)()
    _, activations = ref.network_forward(
        x, weights, biases, lambda z: function(torch.tensor(z)).numpy()
    )
    net = torch.nn.Sequential()
    linear = torch.nn.Sequential()
    for W, b in zip(weights, biases, strict=True):
        layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
        net.extend([layer, function])
        linear.append(layer)
    close("network_forward", activations[-1], net(torch.tensor(x)))
    W, b = ref.collapse_linear(weights, biases)
    close("collapse_linear", x @ W + b, linear(torch.tensor(x)))
    assert ref.parameter_count(sizes) == sum(p.numel() for p in linear.parameters())
