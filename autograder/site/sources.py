"""What Sphinx reads: chapters, their answers, pages that belong to all, and documents."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import nbformat
from jinja2 import Environment, PackageLoader, StrictUndefined, Template
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell

from autograder.course.build import Course
from autograder.folder.kinds import CHAPTER, kind_of, label_of
from autograder.site.answer_pages import PREFIX, answers_page, end_of
from autograder.site.buttons import buttons
from autograder.site.for_readers import for_readers
from autograder.site.named_mistake import WRONG_ANSWER, named_mistake
from autograder.site.public_names import functions, words

DOCUMENTS = {"start": "README.md", "contributing": "CONTRIBUTING.md"}
"""Pages made from files beside `docs/`, whose files keep their names."""
TO_TEACH = ("instructors", "security", "large-classes", "jupyterhub", "web")
"""Of the pages in `docs/`, those for instructors; all others are for authors."""
MATHJAX = ("tex-mml-chtml.js", "output/chtml", "input/tex", "a11y", "ui")
"""Of MathJax what a page may come to ask for: not its other ways out, nor speech."""
_LINK = re.compile(r"\]\((?P<path>[\w./-]+)(?P<anchor>#[\w-]+)?\)")


@dataclass(frozen=True)
class Sources:
    """Where the sources of a site are written, and of which chapters and projects they are."""

    course: Course
    folder: Path
    names: tuple[str, ...]
    repository: str = ""

    @property
    def pages(self) -> list[str]:
        return [text.stem for text in self.course.pages]

    def write(self) -> None:
        """Write everything, into an emptied folder."""
        shutil.rmtree(self.folder, ignore_errors=True)
        for name in self.names:
            self._chapter(name)
        for name in self.pages:
            self._page(name)
        self._documents()
        self._statics()
        self._text("index.md", _template("index.md").render(**self._facts()))
        self._text("words.md", _template("words.md").render(parts=words()))
        self._text("functions.md", _template("functions.md").render(modules=functions()))

    def keep(self, name: str, content: bytes) -> None:
        """Write a file unless it is there: names of figures are digests."""
        path = self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            path.write_bytes(content)

    def _chapter(self, name: str) -> None:
        solved = _read(self.course.notebook("solutions", name))
        released = _read(self.course.notebook("release", name))
        shown = for_readers(solved, released, self._linked, self.keep)
        head, *rest = shown.cells
        title, _, opening = head.source.partition("\n")
        if kind_of(name) is CHAPTER:
            title = title.replace("# ", f"# {label_of(name)} · ", 1)
        head.source = f"{title}\n\n{buttons(name, self.repository)}\n\n{opening}"
        shown.cells = [head, *rest, new_markdown_cell(end_of(name), id="answers")]
        self._text(f"{name}.ipynb", nbformat.writes(shown))
        self._text(f"{PREFIX}{name}.md", answers_page(name, solved))

    def _page(self, name: str) -> None:
        solved = _read(self.course.page(name))
        shown = for_readers(solved, solved, self._linked, self.keep)
        self._text(f"{name}.ipynb", nbformat.writes(shown))

    def _documents(self) -> None:
        beside = {name: self.course.root / file for name, file in DOCUMENTS.items()}
        for name, path in {**beside, **{path.stem: path for path in self._docs}}.items():
            text = as_page(path.read_text("utf-8"))
            self._text(f"{name}.md", text.replace("# Chainrule\n", "# Getting started\n", 1))
        for picture in (self.course.root / "docs").glob("*.png"):
            self.keep(picture.name, picture.read_bytes())
        licence = (self.course.root / "LICENSE").read_text("utf-8")
        self._text("license.md", f"# License\n\n```text\n{licence}```\n")

    def _statics(self) -> None:
        for name in ("site.css", "favicon.svg"):
            self.keep(f"_static/{name}", files(__package__).joinpath("texts", name).read_bytes())
        mathjax = Path(str(files("mathjax"))) / "static" / "mathjax" / "es5"
        for part in MATHJAX:
            for path in sorted((mathjax / part).rglob("*.*")) or [mathjax / part]:
                self.keep(f"_static/mathjax/{path.relative_to(mathjax)}", path.read_bytes())

    @property
    def _docs(self) -> list[Path]:
        return sorted((self.course.root / "docs").glob("*.md"))

    @property
    def _linked(self) -> Collection[str]:
        return {*self.names, *self.pages}

    def _facts(self) -> dict[str, object]:
        chapters = [name for name in self.names if kind_of(name) is CHAPTER]
        return {
            "chapters": chapters,
            "projects": [name for name in self.names if name not in chapters],
            "to_write": [p.stem for p in self._docs if p.stem not in TO_TEACH],
            "to_teach": TO_TEACH,
            "table": named_mistake(),
            "wrong_answer": WRONG_ANSWER,
        }

    def _text(self, name: str, text: str) -> None:
        self.keep(name, text.encode())


def as_page(text: str) -> str:
    """A document of the repository with links as they lead where all lie side by side."""
    names = {file: f"{name}.md" for name, file in DOCUMENTS.items()}
    names |= {"LICENSE": "license.md", "solutions/": "index.md"}

    def link(found: re.Match[str]) -> str:
        path = found["path"].removeprefix("../").removeprefix("docs/")
        return f"]({names.get(path, path)}{found['anchor'] or ''})"

    return _LINK.sub(link, text)


def _read(path: Path) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def _template(name: str) -> Template:
    """A template of Markdown, filled with names of our own: nothing to escape."""
    texts = PackageLoader("autograder.site", "texts")
    environment = Environment(loader=texts, undefined=StrictUndefined, trim_blocks=True)
    return environment.get_template(f"{name}.j2")
