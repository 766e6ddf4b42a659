"""Activations against PyTorch's, forward and backward, in float64."""

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import activations as ref

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


PAIRS = {
    "sigmoid": ((), lambda F, x: F.sigmoid(x)),
    "tanh": ((), lambda F, x: F.tanh(x)),
    "relu": ((), lambda F, x: F.relu(x)),
    "leaky_relu": ((0.07,), lambda F, x: F.leaky_relu(x, 0.07)),
    "elu": ((0.6,), lambda F, x: F.elu(x, 0.6)),
    "softplus": ((), lambda F, x: x.logaddexp(0 * x)),
}


@pytest.mark.parametrize("name", PAIRS)
@pytest.mark.parametrize("scale", [1, 5, 300])
@pytest.mark.parametrize("shape", [(7, 5), (2, 3, 5, 1)])
def test_elementwise(torch, rng, name, scale, shape):
    """Output and gradient are PyTorch's, for ordinary and for extreme inputs."""
    options, theirs = PAIRS[name]
    x, dout = scale * rng.normal(size=shape), rng.normal(size=shape)
    x.flat[0] = 0.1  # a slope that is not saturated sets the scale of the errors
    X = leaf(torch, x)
    expected = theirs(torch.nn.functional, X)
    expected.backward(torch.tensor(dout))
    out, cache = getattr(ref, f"{name}_forward")(x, *options)
    close(f"{name}_forward", out, expected)
    close(f"{name}_backward", getattr(ref, f"{name}_backward")(dout, cache), X.grad)


def test_step(torch, rng):
    """The step is torch.heaviside with 0 at 0."""
    x = rng.integers(-2, 3, size=(7, 5)).astype(float)
    expected = torch.heaviside(torch.tensor(x), torch.zeros(1, dtype=torch.float64))
    close("step_forward", ref.step_forward(x), expected)


@pytest.mark.parametrize("shape", [(7, 3), (4, 3, 5, 2)])
@pytest.mark.parametrize("shared", [True, False])
def test_prelu(torch, rng, shape, shared):
    """Output and both gradients are PyTorch's, for one slope and for one per channel."""
    x, dout = rng.normal(size=(2, *shape))
    slope = 0.25 if shared else rng.uniform(size=3)
    X, A = leaf(torch, x), leaf(torch, np.atleast_1d(slope))
    expected = torch.nn.functional.prelu(X, A)
    expected.backward(torch.tensor(dout))
    out, cache = ref.prelu_forward(x, slope)
    dx, dslope = ref.prelu_backward(dout, cache)
    close("prelu_forward", out, expected)
    close("prelu_backward", dx, X.grad)
    close("prelu_backward", np.atleast_1d(dslope), A.grad)


@pytest.mark.parametrize("k", [1, 2, 5])
def test_maxout(torch, rng, k):
    """Output and all three gradients are autograd's of a maximum over K linear layers."""
    x, W, b = rng.normal(size=(11, 5)), rng.normal(size=(k, 5, 3)), rng.normal(size=(k, 3))
    X, V, B = (leaf(torch, a) for a in (x, W, b))
    expected = (X @ V + B[:, None]).amax(dim=0)
    out, cache = ref.maxout_forward(x, W, b)
    dout = rng.normal(size=out.shape)
    expected.backward(torch.tensor(dout))
    close("maxout_forward", out, expected)
    for got, tensor in zip(ref.maxout_backward(dout, cache), (X, V, B), strict=True):
        close("maxout_backward", got, tensor.grad)


def test_maxout_thin_layer(torch, rng):
    """The thin layer's weights are the Jacobian of the maxout layer at that input."""
    x, W, b = rng.normal(size=5), rng.normal(size=(4, 5, 3)), rng.normal(size=(4, 3))
    V, B = torch.tensor(W), torch.tensor(b)
    jacobian = torch.autograd.functional.jacobian(
        lambda X: (X @ V + B).amax(dim=0), torch.tensor(x)
    )
    close("maxout_thin_layer", ref.maxout_thin_layer(x, W, b)[0], jacobian.T)


@pytest.mark.parametrize("name", ["sigmoid", "tanh", "relu"])
def test_gradient_norms(torch, rng, name):
    """The norms at every depth are those of autograd's gradients."""
    sizes = [(5, 7), (7, 4), (4, 3)]
    weights = [rng.normal(size=size) for size in sizes]
    biases = [rng.normal(size=size[1]) for size in sizes]
    x, dout = rng.normal(size=(11, 5)), rng.normal(size=(11, 3))
    Ws = [leaf(torch, W) for W in weights]
    activations = [leaf(torch, x)]
    for W, b in zip(Ws, biases, strict=True):
        a = getattr(torch, name)(activations[-1] @ W + torch.tensor(b))
        a.retain_grad()
        activations.append(a)
    activations[-1].backward(torch.tensor(dout))
    forward, backward = getattr(ref, f"{name}_forward"), getattr(ref, f"{name}_backward")
    norms = ref.gradient_norms(x, weights, biases, dout, forward, backward)
    close("gradient_norms", norms[0], np.array([W.grad.norm().item() for W in Ws]))
    close("gradient_norms", norms[1], np.array([a.grad.norm().item() for a in activations]))
