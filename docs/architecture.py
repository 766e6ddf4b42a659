"""Draws docs/architecture.png: the journey of one submission through every process.

python docs/architecture.py
"""

from pathlib import Path

import matplotlib.pyplot as plt
from matplotlib.patches import FancyBboxPatch

from autograder.figures import BLUE, GREEN, GREY, ORANGE, use_style

LANES = (
    ("the command\n(classroom)", GREY, "trusted: folders, gradebook, seed"),
    ("a worker\n(submission, judging)", BLUE, "trusted: checks, references, seed"),
    ("warm process and keeper\n(sandbox/keeper)", GREEN, "trusted, knows no secret"),
    ("the sealed process\n(sandbox/inside)", ORANGE, "the learner's: may lie in every word"),
)
STEPS = (
    (0, "1 read files,\none job each"),
    (1, "2 repair; bound\ntime, memory"),
    (2, "3 fork,\nseal"),
    (3, "4 run the\nlearner's cells"),
    (1, "5 put questions,\nall in one\nmessage"),
    (3, "6 call the\nfunctions"),
    (1, "7 admit replies,\njudge, name"),
    (1, "8 receipt,\ntypes only"),
    (0, "9 receipts,\ngradebook,\njournal"),
    (0, "10 pages:\nHTML is made"),
)
WIDTH, HEIGHT = 0.86, 0.56


def main() -> None:
    use_style()
    figure, axes = plt.subplots(figsize=(12, 5.2))
    for lane, (name, colour, trust) in enumerate(LANES):
        axes.axhspan(-lane - 0.45, -lane + 0.45, color=colour, alpha=0.12)
        axes.text(-2.3, -lane + 0.08, name, va="center", weight="bold", fontsize=9)
        axes.text(-2.3, -lane - 0.33, trust, va="center", fontsize=7.5, style="italic")
    axes.axhline(-2.5, color="black", linestyle="--", linewidth=1.2)
    axes.text(9.45, -2.5, "the wall", ha="right", va="bottom", fontsize=8)
    for number, (lane, text) in enumerate(STEPS):
        corner = (number - WIDTH / 2, -lane - HEIGHT / 2)
        style = {"facecolor": "white", "edgecolor": LANES[lane][1], "linewidth": 1.5}
        box = FancyBboxPatch(corner, WIDTH, HEIGHT, boxstyle="round,pad=0.02", **style)
        axes.add_patch(box)
        axes.text(number, -lane, text, ha="center", va="center", fontsize=7)
        if number:
            before = STEPS[number - 1][0]
            start, end = (number - 1 + WIDTH / 2, -before), (number - WIDTH / 2, -lane)
            arrow = {"arrowstyle": "->", "color": "#333333", "shrinkA": 2, "shrinkB": 2}
            axes.annotate("", xy=end, xytext=start, arrowprops=arrow)
    axes.set_xlim(-2.4, len(STEPS) - 0.45)
    axes.set_ylim(-3.5, 0.5)
    axes.set_axis_off()
    place = Path(__file__).with_suffix(".png")
    figure.savefig(place, dpi=110, metadata={"Software": None})


if __name__ == "__main__":
    main()
