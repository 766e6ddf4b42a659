"""Training steps in float32, ours and those of peers, each as its users write it.

Imported first of all: the number of threads is set before NumPy, PyTorch and JAX look at it.
"""

from __future__ import annotations

import functools
import itertools
import os
from collections.abc import Callable

THREADS = int(os.environ.get("CHAINRULE_THREADS", os.cpu_count() or 1))
os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = str(THREADS)
os.environ["JAX_PLATFORMS"] = "cpu"
if hasattr(os, "sched_setaffinity"):  # JAX takes as many threads as it sees processors
    os.sched_setaffinity(0, sorted(os.sched_getaffinity(0))[-THREADS:])

import jax  # noqa: E402
import jax.numpy as jnp  # noqa: E402
import numpy as np  # noqa: E402
import torch  # noqa: E402

torch.set_num_threads(THREADS)

from reference_impl.activations import relu_backward, relu_forward  # noqa: E402
from reference_impl.network import activation, dense, sequential, trainer  # noqa: E402
from reference_impl.optimizers import adam_step  # noqa: E402

Run = Callable[[], object]
RATE = 0.001


def our_step(sizes: tuple[int, ...], x: np.ndarray, labels: np.ndarray) -> Run:
    """One training step through the public functions, called again and again."""
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [
            dense(inputs, outputs, dtype=np.float32),
            activation(relu_forward, relu_backward),
        ]
    model, rng = sequential(layers[:-1]), np.random.default_rng(0)
    step = functools.partial(adam_step, rate=RATE)
    training = trainer(model, model.start(rng), (x, labels), step)
    return lambda: training.advance(x, labels, rng)


def matmuls(sizes: tuple[int, ...], x: np.ndarray, labels: np.ndarray) -> Run:
    """The matrix products of a step and nothing else: the floor for NumPy."""
    rng = np.random.default_rng(0)
    draw = lambda shape: rng.normal(size=shape).astype(np.float32)  # noqa: E731
    inputs = [x, *[draw((len(x), width)) for width in sizes[1:-1]]]
    outputs = [draw((len(x), width)) for width in sizes[1:]]
    weights = [draw(pair) for pair in itertools.pairwise(sizes)]
    rooms = [(np.empty_like(z), np.empty_like(W), np.empty_like(a))
             for z, W, a in zip(outputs, weights, inputs, strict=True)]  # fmt: skip

    def run() -> None:
        for a, W, (z, _, _) in zip(inputs, weights, rooms, strict=True):
            np.matmul(a, W, out=z)
        for i in reversed(range(len(weights))):
            np.matmul(inputs[i].T, outputs[i], out=rooms[i][1])
            if i:
                np.matmul(outputs[i], weights[i].T, out=rooms[i][2])

    return run


def numpy_step(sizes: tuple[int, ...], x: np.ndarray, labels: np.ndarray) -> Run:
    """The step in plain NumPy, without a thought of speed."""
    rng, rows = np.random.default_rng(0), np.arange(len(x))
    params = [p for n, m in itertools.pairwise(sizes)
              for p in (rng.normal(0, (2 / n) ** 0.5, (n, m)).astype(np.float32),
                        np.zeros(m, np.float32))]  # fmt: skip
    m, v = [np.zeros_like(p) for p in params], [np.zeros_like(p) for p in params]
    t = 0

    def run() -> None:
        nonlocal t
        t += 1
        activations = [x]
        for W, b in zip(params[:-2:2], params[1:-2:2], strict=True):
            activations.append(np.maximum(activations[-1] @ W + b, 0))
        scores = activations[-1] @ params[-2] + params[-1]
        p = np.exp(scores - scores.max(axis=1, keepdims=True))
        p /= p.sum(axis=1, keepdims=True)
        -np.log(p[rows, labels]).mean()
        p[rows, labels] -= 1
        delta, grads = p / len(x), []
        for i in reversed(range(len(activations))):
            grads = [activations[i].T @ delta, delta.sum(axis=0), *grads]
            if i:
                delta = delta @ params[2 * i].T * (activations[i] > 0)
        for i, g in enumerate(grads):
            m[i] = 0.9 * m[i] + 0.1 * g
            v[i] = 0.999 * v[i] + 0.001 * g**2
            change = m[i] / (1 - 0.9**t) / (np.sqrt(v[i] / (1 - 0.999**t)) + 1e-8)
            params[i] = params[i] - RATE * change

    return run


def torch_step(
    sizes: tuple[int, ...],
    x: np.ndarray,
    labels: np.ndarray,
    fused: bool = False,
    built: bool = False,
) -> Run:
    """The step as PyTorch's users write it; `fused` Adam, or `built` by its compiler."""
    layers: list[torch.nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), lr=RATE, fused=fused)
    data = torch.tensor(x), torch.tensor(labels)
    loss = lambda a, y: torch.nn.functional.cross_entropy(model(a), y)  # noqa: E731
    loss = torch.compile(loss) if built else loss

    def run() -> None:
        optimizer.zero_grad()
        loss(*data).backward()
        optimizer.step()

    return run


def jax_step(sizes: tuple[int, ...], x: np.ndarray, labels: np.ndarray) -> Run:
    """The whole step, Adam included, compiled by JAX, with its buffers donated."""
    rng = np.random.default_rng(0)
    params = [(jnp.asarray(rng.normal(0, (2 / n) ** 0.5, (n, m)), jnp.float32), jnp.zeros(m))
              for n, m in itertools.pairwise(sizes)]  # fmt: skip

    def loss(params, a, y):
        for W, b in params[:-1]:
            a = jax.nn.relu(a @ W + b)
        scores = jax.nn.log_softmax(a @ params[-1][0] + params[-1][1])
        return -jnp.take_along_axis(scores, y[:, None], axis=1).mean()

    @functools.partial(jax.jit, donate_argnums=(0, 1, 2, 3))
    def step(params, m, v, t, a, y):
        value, grads = jax.value_and_grad(loss)(params, a, y)
        t = t + 1
        m = jax.tree.map(lambda m, g: 0.9 * m + 0.1 * g, m, grads)
        v = jax.tree.map(lambda v, g: 0.999 * v + 0.001 * g * g, v, grads)
        root, rate = jnp.sqrt(1 - 0.999**t), RATE / (1 - 0.9**t)
        moved = lambda p, m, v: p - rate * root * m / (jnp.sqrt(v) + 1e-8 * root)  # noqa: E731
        return jax.tree.map(moved, params, m, v), m, v, t, value

    zeros = lambda: jax.tree.map(jnp.zeros_like, params)  # noqa: E731
    state = [params, zeros(), zeros(), jnp.float32(0)]
    data = jnp.asarray(x), jnp.asarray(labels)

    def run() -> object:
        *state[:], value = step(*state, *data)
        return value.block_until_ready()

    return run
