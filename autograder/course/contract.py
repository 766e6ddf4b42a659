"""A contract in two forms: as the task's text in Markdown, and as the stub's short docstring.

A contract is a reference function's docstring, in the sections of numpydoc.
"""

from __future__ import annotations

import inspect
import re
from collections.abc import Iterator

SECTION = re.compile(r"^(\w[\w ]*)\n-{3,}$", re.MULTILINE)
CODE = re.compile(r"(``?[^`]+``?)")
SPECIAL = re.compile(r"(?<!\w)\*\w[^*\n]*\w\*(?!\w)|[*$<]")
QUESTION = re.compile(r'(?:- )?"?(?P<name>\w+)"?(?:: | {2,})(?=\S)')
"""How a quiz's docstring begins a question: by its name."""
OPTION = re.compile(r"(?:(?<=\s)|^)\(?([a-z])\) +")
ENTRY = re.compile(r"^(?P<names>[^:\n]+?) : (?P<kind>.+)$")


def as_markdown(docstring: str) -> str:
    """The whole contract as it stands above the stub."""
    summary, sections = _sections(docstring)
    parts = [_paragraph(paragraph) for paragraph in summary.split("\n\n")]
    for title, body in sections:
        if title == "References":
            parts.append(f"*Source:* {_escaped(' '.join(body.split()))}")
        else:
            parts.append("\n".join([f"**{title}**", "", *_entries(body)]))
    return "\n\n".join(parts)


def summary_of(docstring: str) -> str:
    """A contract's first paragraph, as its lines stand."""
    return inspect.cleandoc(docstring).split("\n\n")[0]


def _sections(docstring: str) -> tuple[str, list[tuple[str, str]]]:
    """The text before the first section; title and body of each section."""
    summary, *rest = SECTION.split(inspect.cleandoc(docstring))
    return summary.strip(), [(title, body.strip("\n")) for title, body in zip(*[iter(rest)] * 2)]


def _paragraph(text: str) -> str:
    """A paragraph; questions of a quiz as a list, cases of a rule on lines of their own."""
    if OPTION.search(text) and QUESTION.match(text):
        return "\n".join(map(_question, re.split(r"\n(?=\S)", text)))
    if OPTION.match(text):
        return re.sub(r"^", "- ", _escaped(text), flags=re.MULTILINE)
    return re.sub(r'\n(?=")', "  \n", _escaped(text))


def _question(text: str) -> str:
    """A question's name, what it asks, and each option as an item under it."""
    flat = " ".join(text.split())
    named = QUESTION.match(text)
    if named is None:
        return _escaped(flat)
    asked, *options = OPTION.split(flat[len(" ".join(named[0].split())) :])
    items = [f"- **{named['name']}** {_escaped(asked.strip())}"]
    for letter, option in zip(options[::2], options[1::2], strict=True):
        items.append(f"  - {letter}) {_escaped(option.strip(' ;·.'))}")
    return "\n".join(items)


def _entries(body: str) -> Iterator[str]:
    """Each entry of a section as an item of a list; what is indented under it explains it."""
    for entry in re.split(r"\n(?=\S)", body):
        head, *explained = entry.splitlines()
        text = _escaped(" ".join(" ".join(explained).split()))
        yield f"- {_head(head)}{': ' if text else ''}{text}"


def _head(line: str) -> str:
    """`names : kind`, or the kind alone, as numpydoc has it for what is returned."""
    named = ENTRY.match(line)
    if named is None:
        return f"*{_escaped(line)}*"
    names = ", ".join(f"`{name.strip()}`" for name in named["names"].split(","))
    return f"{names}, *{_escaped(named['kind'])}*"


def _escaped(text: str) -> str:
    """The text with nothing in it that Markdown would take for mathematics, tags or a product's stars."""
    pieces = CODE.split(text)
    return "".join(p if CODE.fullmatch(p) else SPECIAL.sub(_one_escaped, p) for p in pieces)


def _one_escaped(found: re.Match[str]) -> str:
    """A special character behind a backslash; *a word* stays emphasised."""
    return found[0] if len(found[0]) > 1 else f"\\{found[0]}"
