"""Dropout against PyTorch: scale, gradient and the average over sampled masks, in float64."""

import itertools

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import dropout as ref

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


@pytest.mark.parametrize("p", [0.0, 0.2, 0.5, 0.9])
def test_drop_rate_and_scale(torch, rng, p):
    """PyTorch's dropout has the same values, 0 and 1/(1 − p), in the same proportions."""
    torch.manual_seed(0)
    theirs = torch.nn.functional.dropout(torch.ones(100_000, dtype=torch.float64), p).numpy()
    ours, _ = ref.dropout_forward(np.ones(100_000), p, rng, True)
    np.testing.assert_allclose(np.unique(ours), np.unique(theirs), rtol=1e-15)
    assert abs(np.mean(ours == 0) - np.mean(theirs == 0)) < 0.015


@pytest.mark.parametrize("name", ["dropout_forward", "plain_dropout_forward"])
@pytest.mark.parametrize("training", [True, False])
def test_forward_and_backward(torch, rng, name, training):
    """With the mask that was drawn, output and gradient are autograd's of the formula."""
    x, dout, p = rng.normal(size=(7, 5)), rng.normal(size=(7, 5)), 0.3
    out, mask = getattr(ref, name)(x, p, rng, training)
    kept = torch.tensor((mask != 0).astype(float))
    X = leaf(torch, x)
    if name == "dropout_forward":
        expected = X * kept / (1 - p) if training else torch.nn.functional.dropout(X, p, False)
    else:
        expected = X * kept if training else X * (1 - p)
    expected.backward(torch.tensor(dout))
    close(name, out, expected)
    close("dropout_backward", ref.dropout_backward(dout, mask), X.grad)


def test_ensembles(torch, rng):
    """Both averages are those of a PyTorch network run once for each mask, one by one."""
    x, W, v, p = rng.normal(size=6), rng.normal(size=(6, 4)), rng.normal(size=4), 0.3
    net = torch.nn.Sequential(
        torch.nn.Linear(6, 4, bias=False), torch.nn.Tanh(), torch.nn.Linear(4, 1, bias=False)
    ).double()
    net[0].weight.data, net[2].weight.data = torch.tensor(W.T), torch.tensor(v[None])
    average, yes, no = 0.0, 0.0, 0.0
    with torch.no_grad():
        for mask in itertools.product([0.0, 1.0], repeat=6):
            out = torch.sigmoid(net(torch.tensor(x) * torch.tensor(mask, dtype=torch.float64)))
            weight = (1 - p) ** sum(mask) * p ** (6 - sum(mask))
            average = average + weight * out
            yes, no = yes + weight * out.log(), no + weight * (1 - out).log()

    def f(h):
        return 1 / (1 + np.exp(-(np.tanh(h @ W) @ v)))

    close("ensemble_average", ref.ensemble_average(f, x, p), average[0])
    geometric = yes.exp() / (yes.exp() + no.exp())
    close("geometric_ensemble", ref.geometric_ensemble(f, x, p), geometric[0])
    masks = ref.all_masks(6)
    assert len(np.unique(masks, axis=0)) == 64
    counts = torch.distributions.Binomial(6, probs=torch.tensor(0.7, dtype=torch.float64))
    kept = torch.arange(7, dtype=torch.float64)
    totals = np.bincount(masks.sum(axis=1).astype(int), ref.mask_probabilities(masks, p))
    close("mask_probabilities", totals, counts.log_prob(kept).exp())


def test_weights_at_test_time(torch, rng):
    """Scaling the weights of a linear layer does what scaling its inputs does."""
    x, W = rng.normal(size=(7, 5)), rng.normal(size=(5, 3))
    expected = torch.nn.functional.linear(torch.tensor(0.6 * x), torch.tensor(W.T))
    close("weights_at_test_time", x @ ref.weights_at_test_time(W, 0.4), expected)
