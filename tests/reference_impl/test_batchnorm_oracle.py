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
    if name == "batchnorm":
        out, cache = ref.batchnorm_forward(x, gamma, beta, eps)
        new_mean, new_var = ref.running_statistics(x, mean, var, 0.7)
    else:
        out, cache, new_mean, new_var = ref.spatial_batchnorm_forward(
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
    if name == "batchnorm":
        close(
            "batchnorm_inference",
            ref.batchnorm_inference(x, gamma, beta, mean, var, 0.01),
            expected,
        )
    else:
        out = ref.spatial_batchnorm_forward(x, gamma, beta, mean, var, False, eps=0.01)[0]
        close("spatial_batchnorm_forward", out, expected)


def test_identity_and_dataset_statistics(torch, rng):
    """γ and β that undo the layer, and the statistics of all rows, by torch.var_mean."""
    batches = [rng.normal(3, 2, size=(n, 5)) for n in (4, 1, 7, 2)]
    var, mean = torch.var_mean(torch.tensor(batches[0]), dim=0, correction=0)
    gamma, beta = ref.identity_parameters(batches[0], 0.01)
    close("identity_parameters", gamma, (var + 0.01).sqrt())
    close("identity_parameters", beta, mean)
    var, mean = torch.var_mean(torch.tensor(np.vstack(batches)), dim=0, correction=0)
    got_mean, got_var = ref.dataset_statistics(batches)
    close("dataset_statistics", got_mean, mean)
    close("dataset_statistics", got_var, var)


def test_folding(torch, rng):
    """PyTorch's own fusion of a linear layer with its normalisation gives the same weights."""
    W, b = rng.normal(size=(3, 5)), rng.normal(size=5)
    gamma, beta, mean, var = rng.uniform(0.5, 2, size=(4, 5))
    arrays = (torch.tensor(a) for a in (W.T.copy(), b, mean, var))
    expected = torch.nn.utils.fuse_linear_bn_weights(
        *arrays, 0.01, torch.tensor(gamma), torch.tensor(beta)
    )
    got_W, got_b = ref.fold_batchnorm(W, b, gamma, beta, mean, var, 0.01)
    close("fold_batchnorm", got_W, expected[0].T)
    close("fold_batchnorm", got_b, expected[1])
