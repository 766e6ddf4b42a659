"""The small model API against torch.nn and torch.optim, in float64."""

import functools

import numpy as np
import pytest
from oracle import close

from reference_impl import network as ref
from reference_impl.activations import relu_backward, relu_forward
from reference_impl.optimizers import adam_step

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


def test_a_convolutional_net_trains_as_in_pytorch(torch):
    """After three full-batch Adam epochs parameters and losses are those of torch.nn."""
    relu = ref.activation(relu_forward, relu_backward)
    layers = [ref.convolution(2, 3, 3, 1, 1), relu, ref.max_pooling(2, 2), ref.flatten()]
    model = ref.sequential([*layers, ref.dense(12, 7), relu, ref.dense(7, 3)])
    rng = np.random.default_rng(0)
    params, x, labels = model.start(rng), rng.normal(size=(6, 2, 4, 5)), rng.integers(3, size=6)
    nn = torch.nn
    theirs = nn.Sequential(
        *[nn.Conv2d(2, 3, 3, padding=1), nn.ReLU(), nn.MaxPool2d(2), nn.Flatten()],
        *[nn.Linear(12, 7), nn.ReLU(), nn.Linear(7, 3)],
    ).double()
    leaves = dict(zip(model.names, theirs.parameters(), strict=True))
    with torch.no_grad():
        for name, leaf in leaves.items():
            leaf.copy_(torch.tensor(params[name].T if params[name].ndim == 2 else params[name]))
    _, grads = ref.loss_and_gradients(model, params, x, labels)
    optimizer, losses = torch.optim.Adam(theirs.parameters(), lr=0.01), []
    for epoch in range(3):
        optimizer.zero_grad()
        loss = nn.functional.cross_entropy(theirs(torch.tensor(x)), torch.tensor(labels))
        loss.backward()
        if epoch == 0:
            for name, leaf in leaves.items():
                close(
                    "loss_and_gradients", grads[name], leaf.grad.T if leaf.ndim == 2 else leaf.grad
                )
        losses.append(loss.item())
        optimizer.step()
    step = functools.partial(adam_step, rate=0.01)
    trained, history = ref.train(model, params, (x, labels), step, 3, 6, rng)
    close("train", history["loss"], losses)
    for name, leaf in leaves.items():
        close("train", trained[name], leaf.T if leaf.ndim == 2 else leaf)
