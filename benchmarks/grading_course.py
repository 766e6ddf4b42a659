"""Submissions per minute on our own chapter, solved: `autograder grade` against stock nbgrader.

nbgrader grades few copies and we many, because only the rates are compared; it runs the same hidden
checks, in the kernel. All copies are the same, so their answers are judged once; where answers
differ, an exercise takes some 3 ms longer.
"""

from __future__ import annotations

from pathlib import Path

from common import PLAIN, mode, student
from versus import Sizes, compare

from autograder.course import build
from autograder.course.sample_class import CHAPTER
from autograder.nbgrader_plugin import Nbgrader


def make(folder: Path, for_us: bool, count: int) -> Path:
    """A course whose class handed in copies of the solved notebook."""
    repository = build.locate(Path(__file__).parent)
    root = build.Course(folder).nbgrader_root
    solved = repository.notebook("solutions", CHAPTER).read_text()
    config = (repository.nbgrader_root / "nbgrader_config.py").read_text() if for_us else PLAIN
    text = f"chapters/{CHAPTER}.py"
    files = {
        text: (repository.nbgrader_root / text).read_text(),
        "nbgrader_config.py": config,
        f"release/{CHAPTER}/{CHAPTER}.ipynb": repository.notebook("release", CHAPTER).read_text(),
    }
    for number in range(count):
        files[f"submitted/{student(number)}/{CHAPTER}/{CHAPTER}.ipynb"] = solved
    for name, content in files.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(content)
    build.write_source(build.Course(folder), root / text)
    Nbgrader(root).generate_assignment(CHAPTER)
    return root


def main() -> None:
    chosen = mode()
    sizes = Sizes(ours=chosen.pick(6, 300), stock=chosen.pick(4, 4, 8), rounds=chosen.pick(1, 3))
    compare("grading_course_vs_nbgrader", make, CHAPTER, sizes)


if __name__ == "__main__":
    main()
