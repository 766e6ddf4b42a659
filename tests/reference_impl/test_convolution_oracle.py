"""Convolution and pooling against torch.nn.functional, in float64."""

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import convolution as ref

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


@pytest.fixture(params=range(3))
def rng(request):
    """A fresh generator for each of several seeds."""
    return np.random.default_rng(request.param)


@pytest.mark.parametrize(("stride", "padding"), [(1, 0), (1, 2), (2, 0), (2, 1), (3, 1)])
def test_convolution(torch, rng, stride, padding):
    """Output and all three gradients are PyTorch's."""
    x, W, b = (rng.normal(size=s) for s in [(3, 2, 9, 8), (4, 2, 3, 5), 4])
    leaves = [leaf(torch, value) for value in (x, W, b)]
    expected = torch.nn.functional.conv2d(*leaves, stride=stride, padding=padding)
    out, cache = ref.conv2d_forward(x, W, b, stride, padding)
    close("conv2d_forward", out, expected)
    dout = rng.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    for got, tensor in zip(ref.conv2d_backward(dout, cache), leaves, strict=True):
        close("conv2d_backward", got, tensor.grad)
    slow = ref.conv2d_backward_by_loops(dout, x, W, stride, padding)
    for got, tensor in zip(slow, leaves, strict=False):
        close("conv2d_backward_by_loops", got, tensor.grad)


@pytest.mark.parametrize(("size", "stride"), [(2, 2), (3, 1), (3, 2), (2, 3)])
@pytest.mark.parametrize("kind", ["max", "mean"])
@pytest.mark.parametrize("ties", [False, True])
def test_pooling(torch, rng, size, stride, kind, ties):
    """Output and gradient are PyTorch's, with overlap, gaps and (for both) ties."""
    x = rng.normal(size=(3, 2, 9, 8))
    x = x.round() if ties else x
    tensor = leaf(torch, x)
    theirs = {"max": torch.nn.functional.max_pool2d, "mean": torch.nn.functional.avg_pool2d}
    expected = theirs[kind](tensor, size, stride)
    out, cache = getattr(ref, f"{kind}_pool_forward")(x, size, stride)
    close(f"{kind}_pool_forward", out, expected)
    dout = rng.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close(f"{kind}_pool_backward", getattr(ref, f"{kind}_pool_backward")(dout, cache), tensor.grad)
