"""How the course's figures look: one palette and one style; and a bar for slow experiments."""

from pathlib import Path

import matplotlib.pyplot as plt

from autograder.figures.clock import seconds as seconds
from autograder.figures.graphs import computation_graph as computation_graph
from autograder.figures.knobs import with_knobs as with_knobs
from autograder.figures.showing import play as play
from autograder.figures.showing import show as show

STYLE = Path(__file__).parent / "chainrule.mplstyle"

# The Okabe-Ito colours can be told apart with every kind of colour vision.
BLUE, ORANGE, GREEN = "#0072B2", "#D55E00", "#009E73"
PURPLE, SKY, GREY = "#CC79A7", "#56B4E9", "#777777"


def use_style() -> None:
    """Draw all figures from now on in the course's style."""
    plt.style.use(STYLE)


def progress(done: int, total: int, what: str) -> None:
    """Draw a bar on one line of text: `done` of `total`."""
    filled = round(24 * done / total)
    bar = "#" * filled + "." * (24 - filled)
    print(f"\r{what} [{bar}] {done}/{total}", end="\n" if done == total else "")
