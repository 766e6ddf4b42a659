"""The reference implementation's time over its peers', same machine, threads and run.

A pair is one measurement of each, taken in turn; a figure is the median of the pairs' ratios, ours
over theirs, so less than 1 is faster. One JSON line per figure: whole training steps in float32
and their geometric mean, convolution with pooling forward and backward, and how close to the
floor it is, the matrix products alone. On one thread processor time is measured, which other
programs of the machine do not count in; on more, the clock's.
"""

from __future__ import annotations

import json
import math
import os
import statistics
import subprocess
import sys
import time
import tracemalloc
from collections.abc import Callable

# First of all: it sets the number of threads, which NumPy reads when it is imported.
import steps
from steps import THREADS, Run, jax, jnp, np, our_step, torch, torch_step

from reference_impl.network import convolution, max_pooling, sequential

NETS = [
    ((64, 100, 10), 100),
    ((64, 100, 100, 10), 100),
    ((784, 16, 10), 100),
    ((784, 100, 100, 10), 100),
    ((784, 256, 256, 10), 256),
]
PEERS: dict[str, Callable[..., Run]] = {
    "torch eager": torch_step,
    "torch fused": lambda *net: torch_step(*net, fused=True),
    "torch compile": lambda *net: torch_step(*net, fused=True, built=True),
    "jax jit": steps.jax_step,
    "plain numpy": steps.numpy_step,
    "matmuls alone": steps.matmuls,
}
IMAGES, KERNELS = (32, 3, 32, 32), (16, 3, 5, 5)
PAIRS = 31
SECONDS = 0.02  # per measurement: many steps for a small net, a few for a large one
clock = time.process_time if THREADS == 1 else time.perf_counter


def our_convolution(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> Run:
    """Forward and backward, the error of the images included, through the layers of `network`."""
    model = sequential([convolution(3, 16, 5), max_pooling(2, 2)])
    params = {"0.W": W, "0.b": b}

    def run() -> None:
        pooled, cache = model.forward(params, x)
        model.backward(np.ones_like(pooled), cache)

    return run


def torch_convolution(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> Run:
    leaves = [torch.tensor(value, requires_grad=True) for value in (x, W, b)]

    def run() -> None:
        for leaf in leaves:
            leaf.grad = None
        maps = torch.nn.functional.conv2d(*leaves)
        torch.nn.functional.max_pool2d(maps, 2).sum().backward()

    return run


def jax_convolution(x: np.ndarray, W: np.ndarray, b: np.ndarray) -> Run:
    def total(x, W, b):
        maps = jax.lax.conv(x, W, (1, 1), "VALID") + b[:, None, None]
        window = (1, 1, 2, 2)
        return jax.lax.reduce_window(maps, -jnp.inf, jax.lax.max, window, window, "VALID").sum()

    gradients, leaves = jax.jit(jax.grad(total, (0, 1, 2))), [jnp.asarray(v) for v in (x, W, b)]
    return lambda: jax.block_until_ready(gradients(*leaves))


def seconds(run: Run, calls: int) -> float:
    start = clock()
    for _ in range(calls):
        run()
    return (clock() - start) / calls


def compare(ours: Run, theirs: Run, pairs: int = PAIRS) -> dict[str, float]:
    """Median ratio of interleaved pairs, after a warm-up, and both median times."""
    once = min(seconds(run, 5) for run in (ours, theirs) for _ in range(2))
    calls = max(1, int(SECONDS / once))
    times = [(seconds(ours, calls), seconds(theirs, calls)) for _ in range(pairs)]
    return {
        "ratio": round(statistics.median(a / b for a, b in times), 3),
        "ours_microseconds": round(1e6 * statistics.median(a for a, _ in times), 1),
        "their_microseconds": round(1e6 * statistics.median(b for _, b in times), 1),
    }


def report(name: str, peer: str, **figures: float) -> None:
    print(json.dumps({"name": name, "peer": peer, "threads": THREADS, **figures}), flush=True)


def peak_bytes(run: Run) -> int:
    """The most memory that NumPy's arrays take at one time during a call, above what was there."""
    run()
    tracemalloc.start()
    run()
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    return peak


def measure_steps(peer: str) -> None:
    rng, ratios = np.random.default_rng(0), []
    for sizes, size in NETS:
        x = rng.normal(size=(size, sizes[0])).astype(np.float32)
        net = sizes, x, rng.integers(sizes[-1], size=size)
        try:
            theirs = PEERS[peer](*net)
            theirs()
        except Exception as problem:  # a compiler that is not there, or does not build
            print(f"{peer} left out: {str(problem).splitlines()[0]}", file=sys.stderr)
            return
        figures = compare(our_step(*net), theirs)
        ratios.append(figures["ratio"])
        report(f"train_step {'-'.join(map(str, sizes))}", peer, **figures)
    report("train_step geometric mean", peer, ratio=round(statistics.geometric_mean(ratios), 3))


def measure_convolution() -> None:
    rng = np.random.default_rng(0)
    data = [rng.normal(size=s).astype(np.float32) for s in (IMAGES, KERNELS, KERNELS[0])]
    for peer, theirs in (("torch eager", torch_convolution), ("jax jit", jax_convolution)):
        figures = compare(our_convolution(*data), theirs(*data))
        report("conv_pool 32x3x32x32, 16 of 5x5", peer, **figures)
    columns = 32 * 28 * 28 * math.prod(KERNELS[1:]) * data[0].itemsize  # a window per output pixel
    memory = peak_bytes(our_convolution(*data)) / columns
    report("conv_pool memory", "im2col matrix", ratio=round(memory, 3))


def main() -> None:
    if "CHAINRULE_THREADS" in os.environ:
        for peer in PEERS:
            measure_steps(peer)
        measure_convolution()
        return
    for threads in range(1, min(2, os.cpu_count() or 1) + 1):
        environment = {**os.environ, "CHAINRULE_THREADS": str(threads)}
        subprocess.run([sys.executable, __file__], env=environment, check=True)


if __name__ == "__main__":
    main()
