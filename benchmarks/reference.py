"""The reference implementation's time over PyTorch eager's, same machine, threads and run.

A pair is one measurement of each, taken in turn; the figure is the median of the pairs' ratios.
One JSON line per figure: whole training steps in float32, their geometric mean, and convolution
with pooling, forward and backward.
"""

from __future__ import annotations

import functools
import itertools
import json
import math
import os
import statistics
import time
import tracemalloc
from collections.abc import Callable

THREADS = int(os.environ.get("CHAINRULE_THREADS", os.cpu_count() or 1))
os.environ["OPENBLAS_NUM_THREADS"] = str(THREADS)  # read when NumPy is imported

import numpy as np  # noqa: E402
import torch  # noqa: E402

torch.set_num_threads(THREADS)

from reference_impl.activations import relu_backward, relu_forward  # noqa: E402
from reference_impl.convolution import (  # noqa: E402
    conv2d_backward,
    conv2d_forward,
    max_pool_backward,
    max_pool_forward,
)
from reference_impl.network import activation, dense, loss_and_gradients, sequential  # noqa: E402
from reference_impl.optimizers import adam_step  # noqa: E402

NETS = [
    ((64, 100, 10), 100),
    ((64, 100, 100, 10), 100),
    ((784, 16, 10), 100),
    ((784, 100, 100, 10), 100),
    ((784, 256, 256, 10), 256),
]
PAIRS = 31
SECONDS = 0.02  # per measurement: many steps for a small net, a few for a large one


def our_step(sizes: tuple[int, ...], x: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    """One training step through the public functions, called again and again."""
    layers = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [
            dense(inputs, outputs, dtype=np.float32),
            activation(relu_forward, relu_backward),
        ]
    model = sequential(layers[:-1])
    params, state = model.start(np.random.default_rng(0)), {}
    step = functools.partial(adam_step, rate=0.001)

    def run() -> None:
        nonlocal params, state
        _, grads = loss_and_gradients(model, params, x, labels)
        params, state = step(params, grads, state)

    return run


def torch_step(sizes: tuple[int, ...], x: np.ndarray, labels: np.ndarray) -> Callable[[], object]:
    """The same step as PyTorch's users write it."""
    layers: list[torch.nn.Module] = []
    for inputs, outputs in itertools.pairwise(sizes):
        layers += [torch.nn.Linear(inputs, outputs), torch.nn.ReLU()]
    model = torch.nn.Sequential(*layers[:-1])
    optimizer = torch.optim.Adam(model.parameters(), lr=0.001)
    inputs, classes = torch.tensor(x), torch.tensor(labels)

    def run() -> None:
        optimizer.zero_grad()
        torch.nn.functional.cross_entropy(model(inputs), classes).backward()
        optimizer.step()

    return run


def our_convolution(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> Callable[[], object]:
    def run() -> None:
        maps, cache = conv2d_forward(x, W, b)
        pooled, pool_cache = max_pool_forward(maps, 2, 2)
        conv2d_backward(max_pool_backward(np.ones_like(pooled), pool_cache), cache)

    return run


def torch_convolution(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> Callable[[], object]:
    leaves = [torch.tensor(value, requires_grad=True) for value in (x, W, b)]

    def run() -> None:
        for leaf in leaves:
            leaf.grad = None
        maps = torch.nn.functional.conv2d(*leaves)
        torch.nn.functional.max_pool2d(maps, 2).sum().backward()

    return run


def seconds(run: Callable[[], object], calls: int) -> float:
    start = time.perf_counter()
    for _ in range(calls):
        run()
    return (time.perf_counter() - start) / calls


def compare(
    ours: Callable[[], object], theirs: Callable[[], object], pairs: int = PAIRS
) -> dict[str, float]:
    """Median ratio of interleaved pairs, after a warm-up, and both median times."""
    once = min(seconds(run, 5) for run in (ours, theirs) for _ in range(2))
    calls = max(1, int(SECONDS / once))
    times = [(seconds(ours, calls), seconds(theirs, calls)) for _ in range(pairs)]
    return {
        "ratio": round(statistics.median(a / b for a, b in times), 3),
        "ours_microseconds": round(1e6 * statistics.median(a for a, _ in times), 1),
        "torch_microseconds": round(1e6 * statistics.median(b for _, b in times), 1),
    }


def peak_bytes(run: Callable[[], object]) -> int:
    """The most memory that NumPy's arrays take at one time during a call, above what was there."""
    run()
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def main() -> None:
    rng = np.random.default_rng(0)
    ratios = []
    for sizes, size in NETS:
        x = rng.normal(size=(size, sizes[0])).astype(np.float32)
        labels = rng.integers(sizes[-1], size=size)
        figures = compare(our_step(sizes, x, labels), torch_step(sizes, x, labels))
        ratios.append(figures["ratio"])
        print(
            json.dumps({"name": f"train_step {'-'.join(map(str, sizes))}", **figures}), flush=True
        )
    mean = math.exp(statistics.fmean(map(math.log, ratios)))
    print(json.dumps({"name": "train_step geometric mean", "ratio": round(mean, 3)}))
    x, W, b = (rng.normal(size=s).astype(np.float32) for s in [(32, 3, 32, 32), (16, 3, 5, 5), 16])
    figures = compare(our_convolution(x, W, b), torch_convolution(x, W, b))
    print(json.dumps({"name": "conv_pool 32x3x32x32, 16 of 5x5", **figures}))
    columns = 32 * 28 * 28 * 3 * 5 * 5 * x.itemsize  # the im2col matrix: a window per output pixel
    memory = peak_bytes(our_convolution(x, W, b)) / columns
    print(json.dumps({"name": "conv_pool memory over im2col", "ratio": round(memory, 3)}))


if __name__ == "__main__":
    main()
