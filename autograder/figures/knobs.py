"""Figures with knobs: sliders where a notebook is alive, the still everywhere else."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from typing import Any

from IPython.core.getipython import get_ipython
from IPython.display import display

from autograder.figures.showing import drawn

STILLS_ONLY = "CHAINRULE_STILLS_ONLY"
"""Set where notebooks are executed for others to read: a knob that nobody can turn is left out."""


def with_knobs(draw: Callable[..., str], **knobs: Sequence[float]) -> None:
    """Display a figure that has a knob for each argument of `draw`.

    Parameters
    ----------
    draw : callable
        Draws the current figure for one value of each knob, given by name, and returns the
        alternative text: what one sees.
    **knobs : sequences of numbers
        The values that a knob can take, in order. It starts in the middle: that is the still.
    """
    values = {name: list(places)[len(places) // 2] for name, places in knobs.items()}
    sliders = _sliders(knobs, values) if _alive() else {}
    if sliders:
        display(_box(list(sliders.values())))
    picture = display(drawn(draw(**values)), raw=True, display_id=True)

    def redraw(_: Any) -> None:
        picture.update(drawn(draw(**{n: s.value for n, s in sliders.items()})), raw=True)

    for slider in sliders.values():
        slider.observe(redraw, "value")


def _alive() -> bool:
    """Whether a kernel runs this that somebody may look at, and sliders can be had."""
    if STILLS_ONLY in os.environ or getattr(get_ipython(), "kernel", None) is None:
        return False
    try:
        import ipywidgets  # noqa: F401
    except ImportError:
        return False
    return True


def _sliders(knobs: dict[str, Sequence[float]], values: dict[str, float]) -> dict[str, Any]:
    from ipywidgets import SelectionSlider

    return {
        name: SelectionSlider(
            options=[(f"{place:g}", place) for place in places],
            value=values[name],
            description=name.replace("_", " "),
            continuous_update=False,
            style={"description_width": "initial"},
        )
        for name, places in knobs.items()
    }


def _box(sliders: list[Any]) -> Any:
    from ipywidgets import VBox

    return VBox(sliders)
