"""The back-propagation reference against PyTorch's autograd, in float64."""

import itertools

import numpy as np
import pytest
from oracle import close, leaf

from autograder.data import load_digits
from reference_impl import backprop as ref

pytestmark = pytest.mark.oracle

SEEDS = range(5)


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


@pytest.fixture(params=SEEDS)
def rng(request):
    """A fresh generator for each of several seeds."""
    return np.random.default_rng(request.param)


def network(rng, sizes=(5, 7, 2, 3)):
    """Random weights and biases of a small network."""
    pairs = list(itertools.pairwise(sizes))
    return [rng.normal(size=p) for p in pairs], [rng.normal(size=p[1]) for p in pairs]


def test_sigmoid_and_its_derivative(torch, rng):
    """The sigmoid and its slope are PyTorch's, from −50 to 50."""
    z = rng.uniform(-50, 50, size=(7, 5))
    tensor = leaf(torch, z)
    out = torch.sigmoid(tensor)
    out.sum().backward()
    close("sigmoid", ref.sigmoid(z), out)
    close("sigmoid_derivative", ref.sigmoid_derivative(z), tensor.grad)


def test_one_path_derivative(torch, rng):
    """dz/dx of z = tanh(w·x + b) is autograd's."""
    x, w, b = rng.normal(size=(3, 5)), 1.7, -0.4
    tensor = leaf(torch, x)
    torch.tanh(w * tensor + b).sum().backward()
    close("one_path_derivative", ref.one_path_derivative(x, w, b), tensor.grad)


def test_several_paths_derivative(torch, rng):
    """dz/ds adds both paths, as autograd does along x(s) = sin s and y(s) = s²."""
    s = rng.normal(size=(3, 5))
    tensor = leaf(torch, s)
    x, y = torch.sin(tensor), tensor**2
    (x * y + x**3).sum().backward()
    got = ref.several_paths_derivative(np.sin(s), s**2, np.cos(s), 2 * s)
    close("several_paths_derivative", got, tensor.grad)


def test_half_mse(torch, rng):
    """The quadratic cost is PyTorch's summed squared error over 2N."""
    a, y = rng.normal(size=(2, 7, 3))
    expected = torch.nn.functional.mse_loss(torch.tensor(a), torch.tensor(y), reduction="sum")
    close("half_mse", ref.half_mse(a, y), expected / (2 * 7))


@pytest.mark.parametrize("scale", [1, 30, 1000])
def test_softmax_cross_entropy(torch, rng, scale):
    """Loss and gradient are PyTorch's for small, large and huge logits."""
    logits, labels = scale * rng.normal(size=(7, 5)), rng.integers(5, size=7)
    tensor = leaf(torch, logits)
    expected = torch.nn.functional.cross_entropy(tensor, torch.tensor(labels))
    expected.backward()
    loss, dlogits = ref.softmax_cross_entropy(logits, labels)
    close("softmax_cross_entropy", loss, expected)
    close("softmax_cross_entropy", dlogits, tensor.grad)


def test_gradient_descent(torch, rng):
    """The path is that of torch.optim.SGD on a quadratic bowl."""
    bowl, start = np.diag(rng.uniform(1, 10, size=5)), rng.normal(size=5)
    tensor = leaf(torch, start)
    optimizer = torch.optim.SGD([tensor], lr=0.07)
    path = [start]
    for _ in range(20):
        optimizer.zero_grad()
        (tensor @ torch.tensor(bowl) @ tensor / 2).backward()
        optimizer.step()
        path.append(tensor.detach().numpy().copy())
    got = ref.gradient_descent(lambda theta: bowl @ theta, start, 0.07, 20)
    close("gradient_descent", got, np.array(path))


def test_forward_pass_and_backprop(torch, rng):
    """Every activation and every gradient of a three-layer network is autograd's."""
    weights, biases = network(rng)
    x, y = rng.normal(size=(11, 5)), rng.normal(size=(11, 3))
    tensors = [(leaf(torch, W), leaf(torch, b)) for W, b in zip(weights, biases, strict=True)]
    activations = [torch.tensor(x)]
    for W, b in tensors:
        activations.append(torch.sigmoid(activations[-1] @ W + b))
    (((activations[-1] - torch.tensor(y)) ** 2).sum() / (2 * 11)).backward()
    _, got = ref.forward_pass(x, weights, biases)
    weight_grads, bias_grads = ref.backprop(x, y, weights, biases)
    for ours, theirs in zip(got, activations, strict=True):
        close("forward_pass", ours, theirs)
    for dW, db, (W, b) in zip(weight_grads, bias_grads, tensors, strict=True):
        close("backprop", dW, W.grad)
        close("backprop", db, b.grad)


def test_errors_of_both_layers(torch, rng):
    """BP1, BP2 and BP3/BP4 each give autograd's gradient of their own tensor."""
    x, y = rng.normal(size=(11, 5)), rng.normal(size=(11, 3))
    (W1, W2), (b1, b2) = network(rng, (5, 7, 3))
    z1 = leaf(torch, x @ W1 + b1)
    z2 = torch.sigmoid(z1) @ torch.tensor(W2) + torch.tensor(b2)
    z2.retain_grad()
    a2 = torch.sigmoid(z2)
    (((a2 - torch.tensor(y)) ** 2).sum() / 22).backward()
    delta2 = ref.output_error(a2.detach().numpy(), y, z2.detach().numpy())
    delta1 = ref.hidden_error(delta2, W2, z1.detach().numpy())
    close("output_error", delta2, z2.grad)
    close("hidden_error", delta1, z1.grad)
    W = leaf(torch, W1)
    b = leaf(torch, b1)
    (torch.tensor(delta1) * (torch.tensor(x) @ W + b)).sum().backward()
    dW, db = ref.layer_gradients(x, delta1)
    close("layer_gradients", dW, W.grad)
    close("layer_gradients", db, b.grad)


def test_two_layer_gradients(torch, rng):
    """The hand-worked network's four gradients are autograd's."""
    x, y = rng.normal(size=5), rng.normal(size=3)
    (W1, W2), (b1, b2) = network(rng, (5, 7, 3))
    tensors = [leaf(torch, p) for p in (W1, b1, W2, b2)]
    hidden = torch.sigmoid(torch.tensor(x) @ tensors[0] + tensors[1])
    out = torch.sigmoid(hidden @ tensors[2] + tensors[3])
    (((out - torch.tensor(y)) ** 2).sum() / 2).backward()
    for got, tensor in zip(ref.two_layer_gradients(x, y, W1, b1, W2, b2), tensors, strict=True):
        close("two_layer_gradients", got, tensor.grad)


def test_train_network_on_digits(torch):
    """Ten steps on the digits end at PyTorch's parameters, with PyTorch's losses."""
    x, labels = load_digits()
    (W1, W2), (b1, b2) = network(np.random.default_rng(3), (64, 32, 10))
    start = (0.1 * W1, b1, 0.1 * W2, b2)
    tensors = [leaf(torch, p) for p in start]
    optimizer = torch.optim.SGD(tensors, lr=0.5)
    expected = []
    for _ in range(10):
        optimizer.zero_grad()
        hidden = torch.sigmoid(torch.tensor(x) @ tensors[0] + tensors[1])
        logits = hidden @ tensors[2] + tensors[3]
        loss = torch.nn.functional.cross_entropy(logits, torch.tensor(labels))
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    params, losses = ref.train_network(x, labels, *start, 0.5, 10)
    close("train_network", losses, np.array(expected))
    for got, tensor in zip(params, tensors, strict=True):
        close("train_network", got, tensor)
