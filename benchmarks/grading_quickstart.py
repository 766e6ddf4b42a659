"""nbgrader's own example course, 200 mixed submissions, two workers, against stock nbgrader.

Unless run with --full, nbgrader grades only the first 20 of the 200; the line says so ("stock").
"""

from __future__ import annotations

from pathlib import Path

from common import mode, student
from quickstart import ANSWERS, hand_in, make_course
from versus import Sizes, compare

NAMED = {"late", "late_and_wrong", "one_notebook"}
"""Kinds that quickstart.py tells by the student's name."""
KINDS = [answers for kind, answers in ANSWERS.items() if kind not in NAMED]


def make(root: Path, for_us: bool, count: int) -> Path:
    make_course(root)
    for number in range(count):
        hand_in(root, student(number), KINDS[number % len(KINDS)])
    return root


def main() -> None:
    chosen = mode()
    sizes = Sizes(
        ours=chosen.pick(20, 200), stock=chosen.pick(4, 20, 200), rounds=chosen.pick(1, 3, 1)
    )
    compare("grading_quickstart_vs_nbgrader", make, "ps1", sizes)


if __name__ == "__main__":
    main()
