"""The small model API against torch.nn and torch.optim, in float64."""

import functools

import numpy as np
import pytest
from oracle import close

from reference_impl import network as ref
from reference_impl.activations import relu_backward, relu_forward
from reference_impl.optimizers import adam_step, sgd_step

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


def test_a_residual_net_with_batch_norm_trains_as_in_pytorch(torch):
    """Losses, parameters, running statistics and the test mode after three decayed SGD epochs."""
    relu, nn = ref.activation(relu_forward, relu_backward), torch.nn
    block = ref.residual(ref.sequential([ref.batch_norm(5), relu, ref.dense(5, 5)]))
    model = ref.sequential([ref.batch_norm(4), ref.dense(4, 5), block, ref.dense(5, 2)])
    rng = np.random.default_rng(0)
    params, x, y = model.start(rng), rng.normal(size=(9, 4)), rng.normal(size=(9, 2))

    class Block(nn.Module):
        def __init__(self):
            super().__init__()
            self.inner = nn.Sequential(nn.BatchNorm1d(5), nn.ReLU(), nn.Linear(5, 5))

        def forward(self, inputs):
            return inputs + self.inner(inputs)

    theirs = nn.Sequential(nn.BatchNorm1d(4), nn.Linear(4, 5), Block(), nn.Linear(5, 2)).double()
    learned = [name for name in model.names if "running" not in name]
    leaves = dict(zip(learned, theirs.parameters(), strict=True))
    with torch.no_grad():
        for name, leaf in leaves.items():
            leaf.copy_(torch.tensor(params[name].T))
    decayed = [
        {"params": [leaf], "weight_decay": 0.1 * (leaf.ndim > 1)} for leaf in leaves.values()
    ]
    optimizer, losses = torch.optim.SGD(decayed, lr=0.2), []
    for _ in range(3):
        optimizer.zero_grad()
        loss = ((theirs(torch.tensor(x)) - torch.tensor(y)) ** 2).sum() / 18
        weights = sum((leaf**2).sum().item() for leaf in leaves.values() if leaf.ndim > 1)
        losses.append(loss.item() + 0.05 * weights)
        loss.backward()
        optimizer.step()
    step = functools.partial(sgd_step, rate=0.2)
    trained, history = ref.train(
        model, params, (x, y), step, 3, 9, rng, loss=ref.squared_loss, l2=0.1
    )
    close("train", history["loss"], losses)
    for name, leaf in leaves.items():
        close("train", trained[name], leaf.T if leaf.ndim == 2 else leaf)
    close("batch_norm", trained["0.running_mean"], theirs[0].running_mean)
    # PyTorch remembers the variance divided by N − 1, the layer that divided by N.
    per_n = (theirs[0].running_var - 0.9**3) * 8 / 9 + 0.9**3
    close("batch_norm", trained["0.running_var"], per_n)
    with torch.no_grad():
        for number, place in (("0", theirs[0]), ("2.0", theirs[2].inner[0])):
            place.running_var.copy_(torch.tensor(trained[f"{number}.running_var"]))
    close("residual", model.forward(trained, x)[0], theirs.eval()(torch.tensor(x)))
