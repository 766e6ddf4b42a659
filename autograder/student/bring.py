"""What a project's notebook calls: `bring("relu_forward", …)` fetches the learner's own functions.

The cell that calls it is filled with their source, so that the notebook needs no other when it
is handed in; each part is put to its public checks, and a wrong one is told as such.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

from autograder.judging import bank
from autograder.student.check import headline, public_result
from autograder.student.own_notebooks import Answer, find_answer
from autograder.student.waiting import PartsMissing

AGAIN = "# Brought from other notebooks. To bring it anew, take away the # and run this:\n# {call}"
"""At the cell's end, where what it brings comes after what was brought before."""


class NotBrought(PartsMissing):
    """Some part is not there yet."""


def bring(*slugs: str) -> None:
    """Define the learner's own answers here, and write them into the cell that asks for them.

    Parameters
    ----------
    slugs
        Exercises of earlier chapters, whose notebooks lie beside this one.

    Raises
    ------
    NotBrought
        If one is missing or still blank; the message says which notebook and exercise to do
        first. What is defined here already (borrowed, say) is not missed.
    """
    namespace = sys._getframe(1).f_globals
    found = {slug: _find(slug) for slug in slugs}
    lacking = [slug for slug, answer in found.items() if answer is None or answer.blank]
    if missing := [slug for slug in lacking if not callable(namespace.get(slug))]:
        what_to_do = (_what_to_do(slug, found[slug]) for slug in missing)
        raise NotBrought("\n".join(what_to_do), *missing)
    brought = {slug: a for slug, a in found.items() if a is not None and slug not in lacking}
    text = _text(slugs, brought)
    exec(compile(text, "<brought>", "exec"), namespace)
    for slug in slugs:
        origin = f"from {brought[slug].notebook.name}" if slug in brought else "as defined here"
        print(_told(slug, origin, namespace))
    _fill(text)


def _find(slug: str) -> Answer | None:
    try:
        return find_answer(slug, bank.find(slug).chapter, Path.cwd())
    except SyntaxError as error:
        said = f"Python cannot read your cell of `{slug}` ({error}): mend it there."
        raise NotBrought(said, slug) from None


def _text(slugs: tuple[str, ...], brought: dict[str, Answer]) -> str:
    """The cell: helpers and answers, each once, and how to fetch them anew."""
    parts: dict[str, None] = {}
    for answer in brought.values():
        parts |= dict.fromkeys([*answer.helpers, answer.source.strip()])
    call = f"bring({', '.join(map(repr, slugs))})".replace("'", '"')
    return "\n\n\n".join([*parts, AGAIN.format(call=call)])


def _what_to_do(slug: str, answer: Answer | None) -> str:
    exercise = bank.find(slug)
    if answer is None:
        where = f"{exercise.chapter}.ipynb is not beside this notebook, or has no such cell"
    else:
        where = f"it is still blank in {answer.notebook.name}"
    return f"`{slug}`: {where}. Do “{exercise.title}” of {exercise.chapter} first, or borrow it."


def _told(slug: str, origin: str, namespace: dict[str, Any]) -> str:
    """A line on one part: it passes its public checks, or what is wrong with it."""
    result = public_result(bank.find(slug), namespace.get(slug), namespace)
    if result.passed:
        return f"✓ {slug}, {origin}"
    return f"✗ your {slug} is wrong ({origin}): {headline(result)}"


def _fill(text: str) -> None:
    """Have the notebook put this text into the cell that is running."""
    if "IPython" in sys.modules:
        from IPython import get_ipython

        if (shell := get_ipython()) is not None:
            shell.set_next_input(text, replace=True)
