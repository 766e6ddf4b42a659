"""Batch normalisation against PyTorch's, forward and backward, in float64."""

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import batchnorm as ref

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


CASES = [
    ("batchnorm", (11, 5)),
    ("batchnorm", (2, 5)),
    ("spatial_batchnorm", (4, 5, 3, 2)),
    ("spatial_batchnorm", (1, 5, 3, 2)),
]


@pytest.mark.parametrize(("name", "shape"), CASES)
@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_training(torch, rng, name, shape, eps):
    """Output, gradients and running statistics are PyTorch's, whose momentum is 1 minus ours."""
    x, dout = rng.normal(3, 2, size=shape), rng.normal(size=shape)
    gamma, beta, mean, var = rng.uniform(0.5, 2, size=(4, 5))
    X, G, B = (leaf(torch, a) for a in (x, gamma, beta))
    torch_mean, torch_var = torch.tensor(mean), torch.tensor(var)
    expected = torch.nn.functional.batch_norm(
        X, torch_mean, torch_var, G, B, training=True, momentum=0.3, eps=eps
    )
    expected.backward(torch.tensor(dout))
    out, cache, new_mean, new_var = getattr(ref, f"{name}_forward")(
        x, gamma, beta, mean, var, True, 0.7, eps
    )
    close(f"{name}_forward", out, expected)
    close(f"{name}_forward", new_mean, torch_mean)
    # PyTorch remembers the unbiased variance: divided by M - 1 where we divide by M.
    M = x.size // 5
    close(f"{name}_forward", 0.7 * var + (new_var - 0.7 * var) * M / (M - 1), torch_var)
    got = getattr(ref, f"{name}_backward")(dout, cache)
    for ours, tensor in zip(got, (X, G, B), strict=True):
        close(f"{name}_backward", ours, tensor.grad)


@pytest.mark.parametrize("eps", [1e-5, 0.1])
def test_backward_steps(torch, rng, eps):
    """Every intermediate gradient is autograd's for that same step."""
    x, dout = rng.normal(3, 2, size=(7, 5)), rng.normal(size=(7, 5))
    gamma, beta = rng.uniform(0.5, 2, size=(2, 5))
    X, G, B = (leaf(torch, a) for a in (x, gamma, beta))
    named = {"mean": X.mean(dim=0)}
    named["centred"] = X - named["mean"]
    named["var"] = (named["centred"] ** 2).mean(dim=0)
    named["std"] = (named["var"] + eps).sqrt()
    named["xhat"] = named["centred"] / named["std"]
    for tensor in named.values():
        tensor.retain_grad()
    (G * named["xhat"] + B).backward(torch.tensor(dout))
    cache = (named["centred"].detach().numpy(), named["std"].detach().numpy(), gamma)
    got = ref.batchnorm_backward_steps(dout, cache)
    expected = {f"d{name}": tensor.grad for name, tensor in named.items()}
    expected |= {"dx": X.grad, "dgamma": G.grad, "dbeta": B.grad}
    assert set(got) == set(expected)
    for name, gradient in expected.items():
        close("batchnorm_backward_steps", got[name], gradient)


@pytest.mark.parametrize(("name", "shape"), [*CASES, ("batchnorm", (1, 5))])
def test_test_mode(torch, rng, name, shape):
    """The output in test mode is PyTorch's in evaluation mode, also for a batch of one."""
    x = rng.normal(3, 2, size=shape)
    gamma, beta, mean, var = rng.uniform(0.5, 2, size=(4, 5))
    expected = torch.nn.functional.batch_norm(
        *(torch.tensor(a) for a in (x, mean, var, gamma, beta)), training=False, eps=0.01
    )
    out = getattr(ref, f"{name}_forward")(x, gamma, beta, mean, var, False, eps=0.01)[0]
    close(f"{name}_forward", out, expected)


def test_identity_and_dataset_statistics(torch, rng):
    """γ and β that undo the layer, and the statistics of Ioffe and Szegedy, by torch.var_mean."""
    batches = list(rng.normal(3, 2, size=(6, 4, 5)))
    var, mean = torch.var_mean(torch.tensor(batches[0]), dim=0, correction=0)
    gamma, beta = ref.identity_parameters(batches[0], 0.01)
    close("identity_parameters", gamma, (var + 0.01).sqrt())
    close("identity_parameters", beta, mean)
    var, mean = torch.var_mean(torch.tensor(np.array(batches)), dim=1, correction=1)
    got_mean, got_var = ref.dataset_statistics(batches)
    close("dataset_statistics", got_mean, mean.mean(dim=0))
    close("dataset_statistics", got_var, var.mean(dim=0))
