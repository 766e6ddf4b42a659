"""The verdict table: what a learner sees of one exercise, as HTML and as plain text.

JupyterLab strips `<style>`, `<svg>` and CSS variables from untrusted notebooks, so every style is
inline and literal; the card brings its own light background to read well in a dark theme. It also
has styles of its own for tables (equal columns, small type, white ink in a dark theme), which the
styles here take back cell by cell.
"""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator
from html import escape
from typing import Any

import numpy as np

from autograder.judging.compare import Array, Mismatch
from autograder.judging.verdicts import BORROWED, CheckResult, ExerciseResult, Verdict

INK = {
    Verdict.PASS: ("#0b6b3a", "#e3f4ea", "✓"),
    Verdict.FAIL: ("#a3241b", "#fbe6e4", "✗"),
    Verdict.SKIPPED: ("#5c5c5c", "#eeeeee", "–"),
    Verdict.GRADER_ERROR: ("#7a5200", "#fff1d6", "!"),
}
CARD = (
    "font-family:system-ui,sans-serif;font-size:14px;line-height:1.45;color:#1c1c1c;"
    "background:#ffffff;border:1px solid #d0d0d0;border-radius:6px;padding:12px 14px;"
    "max-width:820px"
)
TABLE = "table-layout:auto;border-collapse:collapse;width:100%;margin:0;font-size:14px"
PICTURE = "width:100%;max-width:600px;margin:6px 0 2px 0"
CELL = (
    "text-align:left;vertical-align:top;padding:5px 10px 5px 0;line-height:1.45;"
    "color:#1c1c1c;background:#ffffff;border:none"
)


class Table:
    """One exercise's verdicts; `public` says that only the public checks were run."""

    def __init__(self, result: ExerciseResult, public: bool = False) -> None:
        self.result = result
        self.public = public

    def _repr_html_(self) -> str:
        rows = "".join(_row(check, self._worth(check)) for check in self.result.checks)
        heading = f"<strong>{escape(self.result.title)}</strong> · {escape(self.summary())}"
        return (
            f'<div style="{CARD}"><div style="margin-bottom:6px">{heading}</div>'
            f'<table style="{TABLE}">{rows}</table>'
            f"{self._mistakes()}</div>"
        )

    def __repr__(self) -> str:
        lines = [f"{self.result.title} · {self.summary()}"]
        for check in self.result.checks:
            lines.append(f"  {INK[check.verdict][2]} {check.verdict:<7} {check.sentence}")
            if check.message:
                lines.append(f"            {check.message}")
        lines += [f"  {m.said}. {m.hint}" for m in self.result.mistakes]
        lines += [f"  {self.cost()}"] if self.cost() else []
        return "\n".join(lines)

    def summary(self) -> str:
        """How it went, in words; never "all passed" when only public checks were run."""
        if BORROWED in self.result.mistakes:
            return f"{BORROWED.name}: worth nothing"
        if self.public:
            passed = sum(check.verdict is Verdict.PASS for check in self.result.checks)
            return f"public checks: {passed} of {len(self.result.checks)} pass"
        said = f"{self.result.earned:g} of {self.result.points:g} points"
        slip = next((m.name for m in self.result.mistakes if m.keeps), "")
        return f"{said}: {slip}" if self.result.kept and slip else said

    def _worth(self, check: CheckResult) -> str:
        """The last column: points; nothing where only public checks were run, worth none."""
        if self.public:
            return ""
        return f"{check.earned:g}/{check.points:g}" if check.points else "practice"

    def cost(self) -> str:
        """What the recognised mistakes cost, as a sentence; nothing where no points are given."""
        lost = self.result.points - self.result.earned
        if self.public or not self.result.mistakes or lost <= 0:
            return ""
        they = "It costs" if len(self.result.mistakes) == 1 else "Together they cost"
        return f"{they} {lost:g} of {self.result.points:g} points."

    def _mistakes(self) -> str:
        cost = f'<div style="margin-top:6px;color:#5c5c5c">{self.cost()}</div>'
        return "".join(self._boxes()) + (cost if self.cost() else "")

    def _boxes(self) -> Iterator[str]:
        """Each mistake in a box of its own."""
        return (
            '<div style="margin-top:8px;padding:8px 10px;background:#fff7dd;color:#1c1c1c;'
            'border-left:4px solid #c98a00">'
            f"<strong>{escape(m.said)}.</strong> {marked(m.hint)}</div>"
            for m in self.result.mistakes
        )


CODE = r'<code style="color:#1c1c1c;background:#ececec">\1</code>'


def marked(text: str) -> str:
    """An author's sentence as HTML: `code` and *stressed* words shown as such, the rest escaped."""
    code = re.sub(r"`([^`]+)`", CODE, escape(text))
    return re.sub(r"(?<![\w)])\*(\w[\w ]*)\*(?!\w)", r"<em>\1</em>", code)


def _row(check: CheckResult, worth: str) -> str:
    ink, paper, mark = INK[check.verdict]
    badge = (
        f'<span style="color:{ink};background:{paper};border-radius:4px;padding:1px 7px;'
        f'white-space:nowrap">{mark} {check.verdict}</span>'
    )
    message = f'<div style="color:{ink}">{escape(check.message)}</div>' if check.message else ""
    return (
        f'<tr style="background:#ffffff"><td style="{CELL};width:1%">{badge}</td>'
        f'<td style="{CELL}">{marked(check.sentence)}{message}{_heat_map(check.mismatch)}</td>'
        f'<td style="{CELL};width:1%;white-space:nowrap;color:#5c5c5c">{worth}</td></tr>'
    )


def _heat_map(mismatch: Mismatch | None) -> str:
    """A picture of where a matrix is wrong: what came back, what was expected, the error."""
    if mismatch is None or not mismatch.drawable:
        return ""
    with np.errstate(all="ignore"):
        got = np.nan_to_num(np.real(mismatch.got).astype(float), posinf=0.0, neginf=0.0)
        expected = np.real(mismatch.expected).astype(float)
    truth = "measured slope" if mismatch.kind == "gradient" else "expected"
    png = _picture({"yours": got, truth: expected, "difference": got - expected})
    alt = escape(f"heat map of {mismatch.what}: yours, {truth}, difference")
    source = f"data:image/png;base64,{base64.b64encode(png).decode()}"
    return f'<img alt="{alt}" src="{source}" style="display:block;{PICTURE}">'


def _picture(panels: dict[str, Array]) -> bytes:
    """The matrices side by side on one colour scale, as PNG; small ones with their numbers."""
    import matplotlib.style
    from matplotlib.figure import Figure

    limit = max(float(np.abs(values).max()) for values in list(panels.values())[:2]) or 1.0
    # The learner's own settings of matplotlib must not change the picture.
    with matplotlib.style.context("default"):
        figure = Figure(figsize=(6.0, 1.9), layout="constrained")
        for axes, (title, values) in zip(figure.subplots(1, 3), panels.items(), strict=True):
            image = axes.imshow(values, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
            axes.set_title(title, fontsize=9)
            axes.set_axis_off()
            _write_numbers(axes, values, limit)
        figure.colorbar(image, ax=figure.axes, shrink=0.9).ax.tick_params(labelsize=7)
        buffer = io.BytesIO()
        figure.savefig(buffer, format="png", dpi=180, metadata={"Software": None})
    return buffer.getvalue()


def _write_numbers(axes: Any, values: Array, limit: float) -> None:
    """Each entry's number in its field, where there is room for it."""
    rows, columns = values.shape
    if rows > 8 or columns > 4:
        return
    for (row, column), value in np.ndenumerate(values):
        colour = "white" if abs(value) > 0.6 * limit else "black"
        axes.text(column, row, f"{value:.3g}", ha="center", va="center", fontsize=8, color=colour)
