"""The optimizers against torch.optim, in float64."""

import functools

import numpy as np
import pytest
from oracle import close, leaf

from reference_impl import optimizers as ref

pytestmark = pytest.mark.oracle


@pytest.fixture(scope="module")
def torch():
    """PyTorch, imported only when these tests run: without it they fail, they do not hide."""
    import torch

    return torch


PAIRS = [
    ("sgd_step", {"rate": 0.03}, "SGD", {"lr": 0.03}),
    ("adagrad_step", {"rate": 0.03, "epsilon": 0.01}, "Adagrad", {"lr": 0.03, "eps": 0.01}),
    (
        "rmsprop_step",
        {"rate": 0.03, "decay": 0.6, "epsilon": 0.01},
        "RMSprop",
        {"lr": 0.03, "alpha": 0.6, "eps": 0.01},
    ),
    (
        "adam_step",
        {"rate": 0.03, "beta1": 0.5, "beta2": 0.8, "epsilon": 0.01},
        "Adam",
        {"lr": 0.03, "betas": (0.5, 0.8), "eps": 0.01},
    ),
    ("momentum_step", {"rate": 0.03, "momentum": 0.6}, "SGD", {"lr": 0.03, "momentum": 0.6}),
    (
        "nesterov_rewritten_step",
        {"rate": 0.03, "momentum": 0.6},
        "SGD",
        {"lr": 0.03, "momentum": 0.6, "nesterov": True},
    ),
]


@pytest.mark.parametrize("seed", range(3))
@pytest.mark.parametrize(("name", "options", "theirs", "settings"), PAIRS)
def test_twenty_steps(torch, seed, name, options, theirs, settings):
    """Twenty steps with random gradients end where torch.optim's do."""
    rng = np.random.default_rng(seed)
    params = {"W": rng.normal(size=(5, 3)), "b": rng.normal(size=7)}
    leaves = {key: leaf(torch, value) for key, value in params.items()}
    optimizer = getattr(torch.optim, theirs)(list(leaves.values()), **settings)
    step, state = functools.partial(getattr(ref, name), **options), {}
    for t in range(20):
        grads = {key: (1 + t % 3) * rng.normal(size=p.shape) for key, p in params.items()}
        for key, tensor in leaves.items():
            tensor.grad = torch.tensor(grads[key])
        optimizer.step()
        params, state = step(params, grads, state)
    for key, tensor in leaves.items():
        close(name, params[key], tensor)


def test_schedules(torch):
    """Step decay and exponential decay are torch's StepLR and ExponentialLR."""
    optimizer = torch.optim.SGD([leaf(torch, [1.0])], lr=0.3)
    levels = torch.optim.lr_scheduler.StepLR(optimizer, step_size=4, gamma=0.3)
    got, expected = [], []
    for t in range(13):
        got.append(ref.step_decay(0.3, t, 4, 0.3))
        expected.append(levels.get_last_lr()[0])
        optimizer.step()
        levels.step()
    close("step_decay", got, expected)
    optimizer = torch.optim.SGD([leaf(torch, [1.0])], lr=0.3)
    smooth = torch.optim.lr_scheduler.ExponentialLR(optimizer, gamma=float(np.exp(-0.2)))
    for t in range(13):
        close("exponential_decay", ref.exponential_decay(0.3, t, 0.2), smooth.get_last_lr()[0])
        optimizer.step()
        smooth.step()
