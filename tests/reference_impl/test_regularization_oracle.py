"""Penalties, their steps and penalised fits against PyTorch, in float64."""

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import regularization as ref

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


@pytest.mark.parametrize("name", ["l1_penalty", "l2_penalty"])
def test_penalties(torch, rng, name):
    """Penalty and gradients are autograd's of the sum over all layers."""
    weights = [rng.normal(size=(5, 7)), rng.normal(size=(7, 3))]
    weights[0][0, 0] = 0
    leaves = [leaf(torch, W) for W in weights]
    terms = {"l1_penalty": lambda W: W.abs().sum(), "l2_penalty": lambda W: W.square().sum() / 2}
    expected = 0.3 * sum(terms[name](W) for W in leaves)
    expected.backward()
    penalty, grads = getattr(ref, name)(weights, 0.3)
    close(name, penalty, expected)
    for got, W in zip(grads, leaves, strict=True):
        close(name, got, W.grad)
    if name == "l2_penalty":
        shared = 0.8 * 2.0 + 0.2 * sum(W.square().sum() for W in leaves)
        close("shared_cost", ref.shared_cost(2.0, weights, 0.8), shared)


def test_weight_decay_step(torch, rng):
    """A step with decay is torch.optim.SGD's with weight_decay."""
    w, grad = rng.normal(size=(2, 5, 3))
    W = leaf(torch, w)
    W.grad = torch.tensor(grad)
    torch.optim.SGD([W], lr=0.2, weight_decay=0.7).step()
    close("weight_decay_step", ref.weight_decay_step(w, grad, 0.2, 0.7), W)


def test_l1_steps(torch, rng):
    """The slope step is SGD on the penalised loss, the proximal one torch's soft shrinkage."""
    w, grad = rng.normal(size=(2, 5, 3))
    W = leaf(torch, w)
    ((W * torch.tensor(grad)).sum() + 0.7 * W.abs().sum()).backward()
    torch.optim.SGD([W], lr=0.2).step()
    close("l1_step", ref.l1_step(w, grad, 0.2, 0.7), W)
    expected = torch.nn.functional.softshrink(torch.tensor(w - 0.2 * grad), 0.2 * 0.7)
    close("proximal_l1_step", ref.proximal_l1_step(w, grad, 0.2, 0.7), expected)


@pytest.mark.parametrize("strength", [0.0, 0.01, 10.0])
def test_ridge(torch, rng, strength):
    """The fit solves the normal equations as torch.linalg does; the error is torch's."""
    x, y = rng.normal(size=(20, 5)), rng.normal(size=20)
    X, Y = torch.tensor(x), torch.tensor(y)
    expected = torch.linalg.solve(X.T @ X + strength * torch.eye(5, dtype=torch.float64), X.T @ Y)
    w = ref.ridge_fit(x, y, strength)
    close("ridge_fit", w, expected)
    error = torch.nn.functional.mse_loss(X @ expected, Y)
    close("mean_squared_error", ref.mean_squared_error(w, x, y), error)


def test_softmax_regression(torch, rng):
    """Thirty steps end at the parameters of torch.optim.SGD with decay on W alone."""
    x, labels = rng.normal(size=(11, 5)), rng.integers(3, size=11)
    W, b = leaf(torch, np.zeros((5, 3))), leaf(torch, np.zeros(3))
    optimizer = torch.optim.SGD([{"params": [W], "weight_decay": 0.1}, {"params": [b]}], lr=0.5)
    for _ in range(30):
        optimizer.zero_grad()
        logits = torch.tensor(x) @ W + b
        torch.nn.functional.cross_entropy(logits, torch.tensor(labels)).backward()
        optimizer.step()
    got = ref.softmax_regression_fit(x, labels, 3, 0.1, 0.5, 30)
    close("softmax_regression_fit", got[0], W)
    close("softmax_regression_fit", got[1], b)


def test_cross_validation(torch, rng):
    """Mean validation errors are those of ridge fits by torch.linalg on the same folds."""
    x, y = rng.normal(size=(23, 4)), rng.normal(size=23)
    folds, strengths = ref.k_folds(rng, 23, 4), np.array([0.1, 1.0, 5.0])
    expected = []
    for strength in strengths:
        errors = []
        for train, held_out in folds:
            X, Y = torch.tensor(x[train]), torch.tensor(y[train])
            w = torch.linalg.solve(X.T @ X + strength * torch.eye(4, dtype=torch.float64), X.T @ Y)
            miss = torch.tensor(x[held_out]) @ w - torch.tensor(y[held_out])
            errors.append(miss.square().mean().item())
        expected.append(np.mean(errors))
    best, got = ref.cross_validate(x, y, strengths, folds, ref.ridge_fit, ref.mean_squared_error)
    close("cross_validate", got, np.array(expected))
    assert best == strengths[np.argmin(expected)]


@pytest.mark.parametrize("skips", [False, True])
def test_stacks(torch, rng, skips):
    """Outputs and gradients of deep stacks, plain and residual, are autograd's."""
    x, dout = rng.normal(size=(11, 5)), rng.normal(size=(11, 5))
    weights = [0.6 * rng.normal(size=(5, 5)) for _ in range(7)]
    leaves, out = [leaf(torch, W) for W in weights], torch.tensor(x)
    for W in leaves:
        out = torch.relu(out @ W) + (out if skips else 0)
    out.backward(torch.tensor(dout))
    layers = ref.stack_forward(x, weights, skips)
    close("stack_forward", layers[-1], out)
    grads = ref.stack_backward(dout, layers, weights, skips)
    for got, expected in zip(grads, leaves, strict=True):
        close("stack_backward", got, expected.grad)
