"""How a training step's time grows with batch size, width and depth, beside PyTorch's and JAX's.

Draws benchmarks/scaling.png. Same machine, threads and run; medians of interleaved pairs.
"""

from __future__ import annotations

import json
from pathlib import Path

# First of all: it sets the number of threads, which NumPy reads when it is imported.
from reference import compare
from steps import THREADS, jax_step, our_step, torch_step

import numpy as np  # isort: skip

FIGURE = Path(__file__).with_name("scaling.png")
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
SWEEPS = {
    "batch size (784-100-10)": [(n, (784, 100, 10), n) for n in (1, 8, 32, 128, 512, 2048)],
    "width w (64-w-w-10, batch 100)": [(w, (64, w, w, 10), 100) for w in (16, 64, 256, 1024)],
    "hidden layers (64-100-…-10, batch 100)": [
        (d, (64, *[100] * d, 10), 100) for d in (1, 2, 4, 8, 16)
    ],
}


def step_times(sizes: tuple[int, ...], batch: int) -> tuple[float, float, float]:
    """Milliseconds per step: ours, PyTorch's, JAX's."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, sizes[0])).astype(np.float32)
    net = sizes, x, rng.integers(sizes[-1], size=batch)
    found = [compare(our_step(*net), peer(*net), pairs=11) for peer in (torch_step, jax_step)]
    ours = min(figures["ours_microseconds"] for figures in found)
    return ours / 1e3, *(figures["their_microseconds"] / 1e3 for figures in found)


def main() -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 3, figsize=(11, 3.6), sharey=True, layout="constrained")
    for axes, (label, cases) in zip(panels, SWEEPS.items(), strict=True):
        times = [step_times(sizes, batch) for _, sizes, batch in cases]
        at = [value for value, *_ in cases]
        ours, torch, jax = zip(*times, strict=True)
        axes.loglog(at, ours, "o-", color=BLUE, label="Chainrule (NumPy)")
        axes.loglog(at, torch, "s--", color=ORANGE, label="PyTorch eager")
        axes.loglog(at, jax, "^:", color=GREEN, label="JAX jit")
        axes.set(xlabel=label, xticks=at, xticklabels=[f"{value:,}" for value in at])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
        for peer, theirs in (("torch eager", torch), ("jax jit", jax)):
            ratios = {n: round(a / b, 3) for n, a, b in zip(at, ours, theirs, strict=True)}
            print(json.dumps({"name": f"scaling by {label}", "peer": peer, "ratios": ratios}))
    panels[0].set_ylabel("milliseconds per training step")
    panels[0].legend(frameon=False)
    figure.suptitle(f"A training step, {THREADS} thread(s), float32")
    figure.savefig(FIGURE, dpi=110)


if __name__ == "__main__":
    main()
