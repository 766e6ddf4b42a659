"""Initialisers against the gains and bounds of torch.nn.init, in float64."""

import math

import numpy as np
import pytest
from oracle import close

from reference_impl import initialization as ref

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


def drawn(torch, name, n_in, n_out, **options):
    """Weights from torch.nn.init, in our layout (PyTorch stores one unit per row)."""
    torch.manual_seed(0)
    W = torch.empty(n_out, n_in, dtype=torch.float64)
    return getattr(torch.nn.init, name)(W, **options).numpy().T


PAIRS = [
    ("xavier_normal", "xavier_normal_", {}),
    ("xavier_uniform", "xavier_uniform_", {}),
    ("he_normal", "kaiming_normal_", {"nonlinearity": "relu"}),
    ("scaled_gaussian", "normal_", {"std": 0.01}),
]


@pytest.mark.parametrize(("ours", "theirs", "options"), PAIRS)
@pytest.mark.parametrize(("n_in", "n_out"), [(500, 200), (200, 500)])
def test_same_spread_as_torch(torch, ours, theirs, options, n_in, n_out):
    """With 100 000 weights each, both spreads agree to 2 %: a swapped fan would be off by 26 %."""
    W = getattr(ref, ours)(np.random.default_rng(0), n_in, n_out)
    expected = drawn(torch, theirs, n_in, n_out, **options)
    assert W.shape == expected.shape
    assert math.isclose(W.std(), expected.std(), rel_tol=0.02)
    assert math.isclose(np.abs(W).max(), np.abs(expected).max(), rel_tol=0.25)


def test_uniform_bound_is_torchs(torch):
    """No weight leaves the bound that torch draws from, and some come within a thousandth of it."""
    ours = np.abs(ref.xavier_uniform(np.random.default_rng(0), 500, 200)).max()
    theirs = np.abs(drawn(torch, "xavier_uniform_", 500, 200)).max()
    assert math.isclose(ours, theirs, rel_tol=1e-3)


@pytest.mark.parametrize("activation", ["tanh", "relu"])
def test_activation_statistics(torch, activation):
    """Means and spreads through three layers are those that PyTorch computes."""
    rng = np.random.default_rng(1)
    weights = ref.initialise_layers([20, 30, 30, 10], lambda i, o: ref.he_normal(rng, i, o))
    x = rng.normal(size=(50, 20))
    expected, a = [], torch.tensor(x)
    for W in weights:
        a = getattr(torch, activation)(a @ torch.tensor(W))
        expected.append((a.mean().item(), a.std(correction=0).item()))
    got = ref.activation_statistics(
        x, weights, lambda z: getattr(torch, activation)(torch.tensor(z)).numpy()
    )
    for ours, theirs in zip(got, np.array(expected).T, strict=True):
        close("activation_statistics", ours, theirs)
