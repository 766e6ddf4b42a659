"""The verdict table: what a learner sees of one exercise, as HTML and as plain text.

JupyterLab strips `<style>`, `<svg>` and CSS variables from untrusted notebooks, so every style is
inline and literal; the card brings its own light background to read well in a dark theme.
"""

from __future__ import annotations

import base64
import io
from html import escape

import numpy as np

from autograder.compare import Mismatch
from autograder.judge import CheckResult, ExerciseResult, Verdict

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
CELL = "text-align:left;vertical-align:top;padding:5px 10px 5px 0;background:#ffffff;border:none"


class Table:
    """One exercise's verdicts; `public` says that only the public checks were run."""

    def __init__(self, result: ExerciseResult, public: bool = False) -> None:
        self.result = result
        self.public = public

    def _repr_html_(self) -> str:
        rows = "".join(map(_row, self.result.checks))
        heading = f"<strong>{escape(self.result.title)}</strong> · {escape(self.summary())}"
        return (
            f'<div style="{CARD}"><div style="margin-bottom:6px">{heading}</div>'
            f'<table style="border-collapse:collapse;width:100%;margin:0">{rows}</table>'
            f"{self._mistakes()}</div>"
        )

    def __repr__(self) -> str:
        lines = [f"{self.result.title} · {self.summary()}"]
        for check in self.result.checks:
            lines.append(f"  {INK[check.verdict][2]} {check.verdict:<7} {check.sentence}")
            if check.message:
                lines.append(f"            {check.message}")
        lines += [f"  mistake: {m.name}. {m.hint}" for m in self.result.mistakes]
        return "\n".join(lines)

    def summary(self) -> str:
        """How it went, in words; never "all passed" when only public checks were run."""
        if self.public:
            passed = sum(check.verdict is Verdict.PASS for check in self.result.checks)
            return f"public checks: {passed} of {len(self.result.checks)} pass"
        return f"{self.result.earned:g} of {self.result.points:g} points"

    def _mistakes(self) -> str:
        return "".join(
            '<div style="margin-top:8px;padding:8px 10px;background:#fff7dd;color:#1c1c1c;'
            'border-left:4px solid #c98a00">'
            f"<strong>Looks like: {escape(m.name)}.</strong> {escape(m.hint)}</div>"
            for m in self.result.mistakes
        )


def _row(check: CheckResult) -> str:
    ink, paper, mark = INK[check.verdict]
    badge = (
        f'<span style="color:{ink};background:{paper};border-radius:4px;padding:1px 7px;'
        f'white-space:nowrap">{mark} {check.verdict}</span>'
    )
    message = f'<div style="color:{ink}">{escape(check.message)}</div>' if check.message else ""
    points = f"{check.earned:g}/{check.points:g}" if check.points else "practice"
    return (
        f'<tr style="background:#ffffff"><td style="{CELL};width:1%">{badge}</td>'
        f'<td style="{CELL}">{escape(check.sentence)}{message}{_heat_map(check.mismatch)}</td>'
        f'<td style="{CELL};width:1%;white-space:nowrap;color:#5c5c5c">{points}</td></tr>'
    )


def _heat_map(mismatch: Mismatch | None) -> str:
    """A picture of where a matrix is wrong: what came back, what was expected, the error."""
    if mismatch is None or mismatch.got.ndim != 2 or not 1 < mismatch.got.size <= 4096:
        return ""
    from matplotlib.figure import Figure

    with np.errstate(all="ignore"):
        got = np.nan_to_num(np.real(mismatch.got).astype(float), posinf=0.0, neginf=0.0)
        expected = np.real(mismatch.expected).astype(float)
    limit = float(max(np.abs(got).max(), np.abs(expected).max())) or 1.0
    figure = Figure(figsize=(6.0, 1.9), layout="constrained")
    truth = "measured slope" if mismatch.kind == "gradient" else "expected"
    panels = {"yours": got, truth: expected, "difference": got - expected}
    for axes, (title, values) in zip(figure.subplots(1, 3), panels.items(), strict=True):
        image = axes.imshow(values, cmap="RdBu_r", vmin=-limit, vmax=limit, aspect="auto")
        axes.set_title(title, fontsize=9)
        axes.set_xticks([])
        axes.set_yticks([])
    figure.colorbar(image, ax=figure.axes, shrink=0.9).ax.tick_params(labelsize=7)
    buffer = io.BytesIO()
    figure.savefig(buffer, format="png", dpi=100, metadata={"Software": None})
    data = base64.b64encode(buffer.getvalue()).decode()
    alt = f"heat map of {mismatch.what}: yours, {truth}, difference"
    return f'<img alt="{escape(alt)}" src="data:image/png;base64,{data}" style="max-width:600px">'
