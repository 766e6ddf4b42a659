"""Chainrule inside nbgrader: the only package that imports it.

Named in `nbgrader_config.py`, these pieces make nbgrader's own commands and Formgrader read any
submission, judge it outside the learner's process, and keep hidden tests out of feedback.
"""

from .course import Nbgrader, NbgraderFailed
from .feedback import FeedbackExporter, FeedbackSummary
from .release import release
from .steps import IsolatedExecute, JudgeCells, RepairingExporter, receipt_path

__all__ = [
    "FeedbackExporter",
    "FeedbackSummary",
    "IsolatedExecute",
    "JudgeCells",
    "Nbgrader",
    "NbgraderFailed",
    "RepairingExporter",
    "receipt_path",
    "release",
]
