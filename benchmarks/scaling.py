"""How a training step's time grows with batch size, width and depth, beside PyTorch's.

Draws benchmarks/scaling.png. Same machine, threads and run; medians of interleaved pairs.
"""

from __future__ import annotations

import json
from pathlib import Path

# First of all: it sets the number of threads, which NumPy reads when it is imported.
from reference import compare, our_step, torch, torch_step

import numpy as np  # isort: skip

FIGURE = Path(__file__).with_name("scaling.png")
BLUE, ORANGE = "#0072B2", "#D55E00"
SWEEPS = {
    "batch size (784-100-10)": [(n, (784, 100, 10), n) for n in (1, 8, 32, 128, 512, 2048)],
    "width w (64-w-w-10, batch 100)": [(w, (64, w, w, 10), 100) for w in (16, 64, 256, 1024)],
    "hidden layers (64-100-…-10, batch 100)": [
        (d, (64, *[100] * d, 10), 100) for d in (1, 2, 4, 8, 16)
    ],
}


def step_times(sizes: tuple[int, ...], batch: int) -> tuple[float, float]:
    """Milliseconds per step: ours, PyTorch's."""
    rng = np.random.default_rng(0)
    x = rng.normal(size=(batch, sizes[0])).astype(np.float32)
    labels = rng.integers(sizes[-1], size=batch)
    found = compare(our_step(sizes, x, labels), torch_step(sizes, x, labels), pairs=11)
    return found["ours_microseconds"] / 1e3, found["torch_microseconds"] / 1e3


def main() -> None:
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure, panels = plt.subplots(1, 3, figsize=(11, 3.6), sharey=True, layout="constrained")
    for axes, (label, cases) in zip(panels, SWEEPS.items(), strict=True):
        times = [step_times(sizes, batch) for _, sizes, batch in cases]
        at = [value for value, *_ in cases]
        axes.loglog(at, [ours for ours, _ in times], "o-", color=BLUE, label="Chainrule (NumPy)")
        axes.loglog(at, [theirs for _, theirs in times], "s--", color=ORANGE, label="PyTorch eager")
        axes.set(xlabel=label, xticks=at, xticklabels=[f"{value:,}" for value in at])
        axes.minorticks_off()
        axes.grid(alpha=0.3)
        ratios = {value: round(a / b, 3) for value, (a, b) in zip(at, times, strict=True)}
        print(json.dumps({"name": f"scaling by {label}", "ratios": ratios}), flush=True)
    panels[0].set_ylabel("milliseconds per training step")
    panels[0].legend(frameon=False)
    figure.suptitle(f"A training step, {torch.get_num_threads()} thread(s), float32")
    figure.savefig(FIGURE, dpi=110)


if __name__ == "__main__":
    main()
