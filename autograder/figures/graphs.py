"""Computation graphs: what is computed from what, with the slope written on each arrow."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import matplotlib.pyplot as plt
from matplotlib.axes import Axes

PAPER, INK, SLOPE = "#eef4fa", "#1c1c1c", "#D55E00"


def computation_graph(
    places: Mapping[str, tuple[float, float]],
    arrows: Sequence[tuple[str, str, str]],
    figsize: tuple[float, float] = (7.0, 2.6),
) -> Axes:
    """Draw nodes and the arrows between them.

    Parameters
    ----------
    places : dict
        The text of each node and where it stands.
    arrows : list of (from, to, slope)
        The slope stands beside the arrow; it may be empty.

    Returns
    -------
    Axes
    """
    axes: Axes = plt.subplots(figsize=figsize)[1]
    box = {"boxstyle": "round,pad=0.35", "facecolor": PAPER, "edgecolor": INK}
    boxes = {
        text: axes.text(*place, text, ha="center", va="center", bbox=box, zorder=3).get_bbox_patch()
        for text, place in places.items()
    }
    for start, end, slope in arrows:
        (x0, y0), (x1, y1) = places[start], places[end]
        style = {"arrowstyle": "-|>", "color": INK, "patchA": boxes[start], "patchB": boxes[end]}
        axes.annotate("", (x1, y1), (x0, y0), arrowprops=style, zorder=1)
        middle = (x0 + x1) / 2, (y0 + y1) / 2
        paper = {"facecolor": "white", "edgecolor": "none", "pad": 1.5}
        axes.text(*middle, slope, color=SLOPE, ha="center", va="center", bbox=paper, zorder=2)
    across, down = zip(*places.values(), strict=True)
    axes.set(xlim=(min(across) - 0.5, max(across) + 0.5), ylim=(min(down) - 0.4, max(down) + 0.4))
    axes.set_axis_off()
    return axes
