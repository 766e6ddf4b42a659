"""The answers to exercises, on a page of their own and folded: nobody reads them by chance."""

from __future__ import annotations

from nbformat import NotebookNode

PREFIX = "answers_"
PAGE = """---
orphan: true
nosearch: true
---

# Answers · {title}

Each answer is one of several right ones. Try it yourself first: the checks tell you what is
wrong, and `hint("…")` gives one hint at a time. Back to [the text]({name}.ipynb).

{answers}
"""
ANSWER = """## {title}

<details class="answer"><summary>Show the answer</summary>

```python
{code}
```

</details>
"""
END = """---

All done, or stuck for good? The [answers to the exercises]({page}.md) stand on a page of their own,
folded."""


def answers_page(name: str, solved: NotebookNode) -> str:
    """The page of one chapter or project, in MyST's Markdown."""
    sources = {cell.id: cell.source for cell in solved.cells}
    answers = (
        ANSWER.format(title=_heading(sources[f"{cell.id}-task"]), code=cell.source)
        for cell in solved.cells
        if cell.metadata.get("nbgrader", {}).get("solution")
    )
    title = _heading(solved.cells[0].source)
    return PAGE.format(title=title, name=name, answers="\n".join(answers))


def end_of(name: str) -> str:
    """What a chapter's page ends with: the way to its answers."""
    return END.format(page=PREFIX + name)


def _heading(prose: str) -> str:
    """What a cell of prose begins with, e.g. `Exercise 3 · The quadratic cost`."""
    return prose.partition("\n")[0].lstrip("# ")
