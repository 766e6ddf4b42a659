"""Figures and small animations, each with a sentence for readers who cannot see them."""

from __future__ import annotations

import base64
import hashlib
import html
import io
import re
from collections.abc import Callable
from typing import Any

import matplotlib.pyplot as plt
from IPython.display import display
from matplotlib.animation import FuncAnimation
from matplotlib.figure import Figure

PLAYED_DPI = 72
"""An animation carries all its frames with it: fewer pixels than a figure."""
SIGNS = {
    "minus": "−",
    "fast-backward": "⏮",
    "step-backward": "‹",
    "play fa-flip-horizontal": "◀",
    "pause": "⏸",
    "play": "▶",
    "step-forward": "›",
    "fast-forward": "⏭",
    "plus": "+",
}
"""What stands on a player's buttons; each has its title, too."""
MOVING = """<div id="{name}-still">{picture}</div>
<div id="{name}" role="group" aria-label="{alt}" style="display:none">{player}</div>
<script>
document.getElementById("{name}").style.display = "block";
document.getElementById("{name}-still").style.display = "none";
</script>
<style>@media print {{
  #{name} {{ display: none !important }}
  #{name}-still {{ display: block !important }}
}}</style>"""
"""In print, and where no script runs (a notebook that is not trusted), one sees the still."""


def show(alt: str) -> None:
    """Display the current figure, and close it.

    Parameters
    ----------
    alt : str
        The alternative text: what one sees, in one or two sentences.

    Notes
    -----
    JupyterLab gives pictures of type image/png no alternative text; an HTML `img` has one.
    """
    display(drawn(alt), raw=True)


def drawn(alt: str) -> dict[str, str]:
    """The current figure, closed, as a display's data: a picture and what it says."""
    figure = plt.gcf()
    data = _data(_picture(figure, alt), alt)
    plt.close(figure)
    return data


def play(figure: Figure, draw: Callable[[int], object], frames: int, alt: str) -> None:
    """Display an animation with buttons, and as a still, its last frame, where nothing can move.

    Parameters
    ----------
    draw : callable
        `draw(k)` brings the figure to frame `k`, for `k` from 0 to `frames - 1`.
    alt : str
        The alternative text: what moves, and where it ends.
    """
    moving = FuncAnimation(figure, _nothing_back(draw), frames=frames, interval=200, blit=False)
    with plt.rc_context({"savefig.dpi": PLAYED_DPI}):
        player = _at_home(moving.to_jshtml(default_mode="once"))
    draw(frames - 1)
    player, digest = _steady(player)
    name = f"moving-{digest[:12]}"
    picture = _picture(figure, alt)
    page = MOVING.format(name=name, picture=picture, player=player, alt=html.escape(alt))
    display(_data(page, alt), raw=True)
    plt.close(figure)


def _nothing_back(draw: Callable[[int], object]) -> Callable[[int], Any]:
    """The same drawing, without what it returns: matplotlib would take it for artists."""

    def drawn(frame: int) -> Any:
        draw(frame)
        return ()

    return drawn


def _at_home(player: str) -> str:
    """The player without the icons of another machine: its buttons carry characters.

    Who cannot see it hears what its parts are; the whole says what the picture shows.
    """
    player = re.sub(r"<link[^>]*>", "", player)
    player = re.sub(r'(?=id="_anim_img)', 'alt="" ', player)
    player = re.sub(r'(?=id="_anim_slider)', 'aria-label="Frame" ', player)
    return re.sub(r'<i class="fa fa-([\w -]+)"></i>', lambda found: SIGNS[found[1]], player)


def _steady(player: str) -> tuple[str, str]:
    """The player under a name that follows from its frames, not from chance; and that name."""
    found = re.search(r"_anim_img([0-9a-f]{32})", player)
    chance = found[1] if found else ""
    digest = hashlib.sha256(player.replace(chance, "").encode()).hexdigest()[:32]
    return (player.replace(chance, digest) if chance else player), digest


def _picture(figure: Figure, alt: str) -> str:
    """The figure as an HTML image that carries its pixels with it."""
    png = io.BytesIO()
    figure.savefig(png, format="png", bbox_inches="tight")
    pixels = base64.b64encode(png.getvalue()).decode()
    return f'<img src="data:image/png;base64,{pixels}" alt="{html.escape(alt)}">'


def _data(source: str, alt: str) -> dict[str, str]:
    if not alt.strip():
        raise ValueError("a figure needs its alternative text: show('what one sees')")
    return {"text/html": source, "text/plain": alt}
