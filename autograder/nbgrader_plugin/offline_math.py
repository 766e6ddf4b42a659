"""Formulas of feedback pages as MathML, which browsers draw without a script or a network."""

from __future__ import annotations

import functools
import re

from latex2mathml.converter import convert
from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

FORMULAS = 4096
"""The course's own are the same on every page that a worker writes."""
LOADS_MATHJAX = re.compile(
    r"<!-- Load(?:ing)? mathjax.*?<!-- End of mathjax configuration -->", re.DOTALL
)
NOT_TEXT = re.compile(r"<(math|pre|code)\b.*?</\1>", re.DOTALL)
LEFT = re.compile(r"&#36;|\\\(|\\\[|\\begin\{|\$")
"""Signs of a formula that is still text: a learner's own, or one that could not be read."""


class MathMLRenderer(IPythonRenderer):  # type: ignore[misc]
    """nbconvert's, but for formulas; what cannot be read stays as it was written."""

    def block_math(self, body: str) -> str:
        return mathml(body, "block") or str(super().block_math(body))

    def inline_math(self, body: str) -> str:
        return mathml(body, "inline") or str(super().inline_math(body))

    def latex_environment(self, name: str, body: str) -> str:
        whole = f"\\begin{{{name}}}{body}\\end{{{name}}}"
        return mathml(whole, "block") or str(super().latex_environment(name, body))


@functools.lru_cache(FORMULAS)
def mathml(tex: str, display: str) -> str:
    """A formula as MathML; "" if it cannot be read."""
    plain = tex.strip().replace("\\\n", "\\ ").replace("\\arg\\", "\\operatorname{arg}\\")
    try:
        return str(convert(plain, display=display))
    except Exception:  # whatever its parser stumbles over
        return ""


def rendered(markdown: str, **how: object) -> str:
    """The HTML of the instructor's Markdown."""
    return str(MarkdownWithMath(renderer=MathMLRenderer(**how)).render(markdown))


def without_mathjax(page: str, texts: str) -> str:
    """The page without the script that would be loaded from elsewhere, unless a formula is left.

    Parameters
    ----------
    texts : str
        The HTML of the page's text cells.
    """
    left = LEFT.search(NOT_TEXT.sub("", texts))
    return page if left else LOADS_MATHJAX.sub("", page)
