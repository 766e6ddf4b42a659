"""Preprocessing against torch.linalg, in float64."""

import numpy as np
import pytest
from oracle import close

from reference_impl import preprocessing as ref

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


@pytest.fixture(params=range(3))
def x(request):
    """Correlated data for each of several seeds."""
    rng = np.random.default_rng(request.param)
    return rng.normal(size=(40, 5)) @ rng.normal(size=(5, 5)) + rng.normal(size=5)


def test_standardise(torch, x):
    """Mean and standard deviation are PyTorch's."""
    t = torch.tensor(x)
    mean, std = ref.standardise_fit(x)
    close("standardise_fit", std, t.std(dim=0, correction=0))
    expected = (t - t.mean(dim=0)) / t.std(dim=0, correction=0)
    close("standardise", ref.standardise(x, mean, std), expected)
    low, high = t.amin(dim=0), t.amax(dim=0)
    close("min_max", ref.min_max(x, *ref.min_max_fit(x)), 2 * (t - low) / (high - low) - 1)


def test_pca(torch, x):
    """Projection and reconstruction with two components are those of PyTorch's SVD."""
    t = torch.tensor(x)
    mean, components, variances = ref.pca_fit(x)
    _, s, vt = torch.linalg.svd(t - t.mean(dim=0), full_matrices=False)
    close("covariance", ref.covariance(x), torch.cov(t.T, correction=0))
    close("pca_fit", variances, s**2 / 40)
    close("pca_fit", components @ np.diag(variances) @ components.T, torch.cov(t.T, correction=0))
    z = ref.pca_project(x, mean, components[:, :2])
    expected = (t - t.mean(dim=0)) @ vt[:2].T @ vt[:2] + t.mean(dim=0)
    close("pca_project", ref.pca_reconstruct(z, mean, components[:, :2]), expected)


def test_whitening(torch, x):
    """ZCA multiplies by the inverse root of the covariance."""
    t = torch.tensor(x)
    values, vectors = torch.linalg.eigh(torch.cov(t.T, correction=0) + 0.01 * torch.eye(5).double())
    root = vectors @ torch.diag(values**-0.5) @ vectors.T
    close("whiten", ref.whiten(x, *ref.pca_fit(x), 0.01, True), (t - t.mean(dim=0)) @ root)


def test_fisher_direction(torch, x):
    """The two-class direction solves PyTorch's linear system."""
    a, b = torch.tensor(x[:25]), torch.tensor(x[25:])
    within = 25 * torch.cov(a.T, correction=0) + 15 * torch.cov(b.T, correction=0)
    w = torch.linalg.solve(within, b.mean(dim=0) - a.mean(dim=0))
    close("fisher_direction", ref.fisher_direction(x[:25], x[25:]), w / torch.linalg.norm(w))


def test_discriminants(torch, x):
    """With S_w = L Lᵀ the ratios are the eigenvalues of L⁻¹ S_b L⁻ᵀ, and S_b w = r S_w w."""
    within, between = ref.scatter(x, np.arange(40) % 4)
    w, ratios = ref.discriminants(within, between, 3)
    S_w, S_b = torch.tensor(within), torch.tensor(between)
    L = torch.linalg.cholesky(S_w)
    inside = torch.linalg.solve(L, torch.linalg.solve(L, S_b).T)
    close("discriminants", ratios, torch.linalg.eigvalsh(inside).flip(0)[:3])
    close("discriminants", between @ w, S_w @ torch.tensor(w * ratios))
