"""Feedback pages: nbgrader's, with a summary on top, written three times as fast.

Its list of contents says what each exercise is called, set-up cells are folded, and formulas need
no script.
"""

from __future__ import annotations

import re
from html import escape, unescape
from pathlib import Path
from typing import Any, cast

import nbformat
from jinja2 import pass_context
from jinja2.runtime import Context
from nbconvert.exporters import HTMLExporter, TemplateExporter
from nbconvert.filters import Highlight2HTML
from nbconvert.filters.widgetsdatatypefilter import WidgetsDataTypeFilter
from nbformat import NotebookNode
from nbgrader import utils
from nbgrader.preprocessors import NbGraderPreprocessor

from autograder.nbgrader_plugin.offline_math import rendered, without_mathjax
from autograder.pages.report import summary_html
from autograder.submission.receipt import Receipt, load_receipt, receipt_path

ENTRY = re.compile(r'<a href="#(?P<id>[^"]+)">(?P<what>Test cell|Coding free-response)</a>')
HEADING = re.compile(r'<span class="nbgrader-label">Grade cell: <code>(?P<id>[^<]+)</code></span>')
NO_ALT = re.compile(r"<img(?![^>]*\balt=)")
READABLE = """<style>
a { text-decoration: underline }
.panel a { color: #1d5a94 }
.panel-primary > .panel-heading a { color: #fff !important }
.highlight .ow { color: #7d0fcf }
.highlight :is(.c, .c1, .ch, .cm) { color: #2c6464 }
.highlight .ne, .ansi-red-fg { color: #b02a24 }
</style>
</head>"""
"""Contrasts of 4.5 and links that are told apart by more than colour, as WCAG asks."""


class FeedbackSummary(NbGraderPreprocessor):  # type: ignore[misc]
    """Puts a summary on top of a feedback page."""

    def preprocess(
        self, nb: NotebookNode, resources: dict[str, Any]
    ) -> tuple[NotebookNode, dict[str, Any]]:
        facts = resources["nbgrader"]
        path = receipt_path(Path.cwd(), facts["student"], facts["assignment"], facts["notebook"])
        receipt = load_receipt(path)
        nb.cells = [_folded(cell) for cell in nb.cells]
        facts["names"] = _names(nb, receipt)
        if receipt is not None and not receipt.forgeable:
            card = " ".join(summary_html(receipt).split("\n"))  # a blank line would end the HTML
            nb.cells.insert(0, nbformat.v4.new_markdown_cell(card, id="chainrule-summary"))
        return nb, resources


def _folded(cell: NotebookNode) -> NotebookNode:
    """A set-up cell that shows nothing, as text that opens on a click."""
    if "setup" not in cell.metadata.get("tags", ()) or cell.get("outputs"):
        return cell
    fence = "~" * max(3, *(len(tildes) + 1 for tildes in re.findall("~+", cell.source)), 3)
    head = '<summary style="display:list-item">Set-up</summary>'  # nbgrader's style hides the mark
    code = f"<details>{head}\n\n{fence}python\n{cell.source}\n{fence}\n\n</details>"
    return nbformat.v4.new_markdown_cell(code, id=cell.id)


def _names(nb: NotebookNode, receipt: Receipt | None) -> dict[str, str]:
    """What graded cells are called: by the exercise's title, else by the cell's own name."""
    ids = [str(cell.metadata.nbgrader.grade_id) for cell in nb.cells if utils.is_grade(cell)]
    titles = {slug: e.title for slug, e in receipt.exercises.items()} if receipt else {}
    return {name: titles.get(name.removesuffix("-check"), name) for name in ids}


def _named(page: str, names: dict[str, str]) -> str:
    """The page with names where all entries of its contents would be called the same."""

    def entry(match: re.Match[str]) -> str:
        name = names.get(unescape(match["id"]), match["what"])
        return f'<a href="#{match["id"]}">{escape(name)}</a>'

    def heading(match: re.Match[str]) -> str:
        name = names.get(unescape(match["id"]))
        return f'<span class="nbgrader-label">{escape(name)}</span>' if name else match[0]

    return HEADING.sub(heading, ENTRY.sub(entry, page))


class FeedbackExporter(HTMLExporter):  # type: ignore[misc]
    """nbconvert's HTML exporter, but for parsing the finished page all over again."""

    @pass_context
    def markdown2html(self, context: Context, source: str) -> str:
        """nbconvert's, with formulas that need no script."""
        html = rendered(
            source,
            escape=False,
            attachments=context.get("cell", {}).get("attachments", {}),
            exclude_anchor_links=self.exclude_anchor_links,
            anchor_link_text=self.anchor_link_text,
        )
        self._texts.append(html)
        return html

    def from_notebook_node(
        self, nb: NotebookNode, resources: dict[str, Any] | None = None, **options: Any
    ) -> tuple[str, dict[str, Any]]:
        resources = self._init_resources(resources)
        self._texts: list[str] = []
        filters = {
            "highlight_code": Highlight2HTML(pygments_lexer="ipython3", parent=self),
            "filter_data_type": WidgetsDataTypeFilter(
                notebook_metadata=self._nb_metadata, parent=self, resources=resources
            ),
        }
        for name, function in filters.items():
            self.register_filter(name, function)
        html, resources = TemplateExporter.from_notebook_node(self, nb, resources, **options)
        html = _named(NO_ALT.sub('<img alt="figure"', html), resources["nbgrader"].get("names", {}))
        html = without_mathjax(html, "".join(self._texts))
        html = html.replace("<html>", '<html lang="en">', 1).replace("</head>", READABLE, 1)
        html = html.replace("<pre>", '<pre tabindex="0">')  # what scrolls can be reached by keys
        return html, cast(dict[str, Any], resources)
