"""Chainrule inside nbgrader: the only package that imports it.

Named in `nbgrader_config.py`, these pieces make nbgrader's own commands and Formgrader read any
submission, judge it outside the learner's process, and keep hidden tests out of feedback.
"""

from autograder.nbgrader_plugin.course import Nbgrader, NbgraderFailed
from autograder.nbgrader_plugin.feedback import FeedbackExporter, FeedbackSummary
from autograder.nbgrader_plugin.release import release
from autograder.nbgrader_plugin.steps import (
    IsolatedExecute,
    JudgeCells,
    RepairingExporter,
)

__all__ = [
    "FeedbackExporter",
    "FeedbackSummary",
    "IsolatedExecute",
    "JudgeCells",
    "Nbgrader",
    "NbgraderFailed",
    "RepairingExporter",
    "release",
]
