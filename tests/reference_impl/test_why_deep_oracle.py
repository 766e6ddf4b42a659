"""Universality and linear pieces against PyTorch, in float64."""

import itertools

import numpy as np
import pytest
from oracle import close

from reference_impl import why_deep as ref

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


def sequential(torch, weights, biases):
    """The same ReLU network in PyTorch."""
    net = torch.nn.Sequential()
    for i, (W, b) in enumerate(zip(weights, biases, strict=True)):
        layer = torch.nn.Linear(*W.shape, dtype=torch.float64)
        layer.weight.data, layer.bias.data = torch.tensor(W.T), torch.tensor(b)
        net.extend([torch.nn.ReLU(), layer] if i else [layer])
    return net


def test_steps(torch, rng):
    """Sigmoid and step layers by torch.sigmoid and torch.heaviside."""
    x, edges, jumps = rng.normal(size=20), rng.normal(size=6), rng.normal(size=6)
    offsets = torch.tensor(x)[:, None] - torch.tensor(edges)
    smooth = torch.sigmoid(7.0 * offsets)
    J = torch.tensor(jumps)
    close("smooth_step", ref.smooth_step(x, edges[0], 7.0), smooth[:, 0])
    close("sigmoid_network", ref.sigmoid_network(x, edges, jumps, 7.0), smooth @ J)
    hard = torch.heaviside(offsets, torch.ones(1).double())
    close("step_network", ref.step_network(x, edges, jumps), hard @ J)
    left, right = np.sort(edges[:2])
    tower = torch.sigmoid(7.0 * (torch.tensor(x) - left))
    tower = 1.5 * (tower - torch.sigmoid(7.0 * (torch.tensor(x) - right)))
    close("bump", ref.bump(x, left, right, 1.5, 7.0), tower)


@pytest.mark.parametrize("sizes", [[1, 9, 1], [1, 6, 6, 1], [1, 5, 5, 5, 1]])
def test_pieces(torch, rng, sizes):
    """Autograd's slope is one number within each piece and another one in the next."""
    weights = [rng.normal(size=pair) for pair in itertools.pairwise(sizes)]
    biases = [rng.normal(size=n) for n in sizes[1:]]
    net = sequential(torch, weights, biases)
    x = rng.uniform(-5, 5, size=30)
    close("relu_network", ref.relu_network(x, weights, biases), net(torch.tensor(x)[:, None]))
    knots = np.concatenate([[-5.0], ref.breakpoints(weights, biases, -5.0, 5.0), [5.0]])
    shares = np.array([0.01, 0.5, 0.99])
    inside = knots[:-1, None] + np.diff(knots)[:, None] * shares
    X = torch.tensor(inside.ravel(), requires_grad=True)
    net(X[:, None]).sum().backward()
    slopes = X.grad.numpy().reshape(-1, 3)
    close("breakpoints", slopes[:, 0], slopes[:, 1])
    close("breakpoints", slopes[:, 2], slopes[:, 1])
    assert (np.abs(np.diff(slopes[:, 1])) > 0).all()
    ends = ref.relu_network(knots, weights, biases)[:, 0]
    close("breakpoints", np.diff(ends), slopes[:, 1] * np.diff(knots))


@pytest.mark.parametrize("depth", [1, 4, 7])
def test_sawtooth(torch, depth):
    """The tent map composed with itself."""
    x = np.random.default_rng(depth).uniform(size=50)
    y = torch.tensor(x)
    for _ in range(depth):
        y = 1 - (2 * y - 1).abs()
    close("sawtooth_network", ref.relu_network(x, *ref.sawtooth_network(depth))[:, 0], y)


def test_the_direct_classifier(torch, rng):
    """Softmax regression from zeros by torch.optim.SGD predicts the same combinations."""
    x, unseen = rng.normal(size=(40, 5)), rng.normal(size=(60, 5))
    first, second = (x[:, 0] > 0).astype(int), (x[:, 1] > 0).astype(int)
    predicted = {}
    for name, labels, classes in (
        ("pair", 2 * first + second, 4),
        ("a", first, 2),
        ("b", second, 2),
    ):
        layer = torch.nn.Linear(5, classes, dtype=torch.float64)
        torch.nn.init.zeros_(layer.weight)
        torch.nn.init.zeros_(layer.bias)
        optimizer = torch.optim.SGD(layer.parameters(), lr=0.5)
        for _ in range(30):
            optimizer.zero_grad()
            target = torch.tensor(labels.astype(np.int64))
            torch.nn.functional.cross_entropy(layer(torch.tensor(x)), target).backward()
            optimizer.step()
        predicted[name] = layer(torch.tensor(unseen)).argmax(1).numpy()
    given = (x, first, second, unseen, 0.5, 30)
    assert (ref.direct_prediction(*given) == predicted["pair"]).all()
    assert (ref.modular_prediction(*given) == 2 * predicted["a"] + predicted["b"]).all()
