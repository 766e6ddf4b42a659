"""nbgrader's settings for this course; `nbgrader ...` and Formgrader read them from here."""

from pathlib import Path

HERE = Path(__file__).resolve().parent

c = get_config()  # noqa: F821  (nbgrader provides it)

c.CourseDirectory.course_id = "chainrule"
c.CourseDirectory.root = str(HERE)
c.Exchange.root = str(HERE / "exchange")

# Submissions are read in any state, and judged from outside the learner's process.
# Without these two settings the same notebooks grade to the same points, in the kernel.
c.Autograde.exporter_class = "autograder.nbgrader_plugin.RepairingExporter"
c.Autograde.autograde_preprocessors = [
    "autograder.nbgrader_plugin.JudgeCells",
    "nbgrader.preprocessors.LimitOutput",
    "nbgrader.preprocessors.SaveAutoGrades",
    "nbgrader.preprocessors.AssignLatePenalties",
    "nbgrader.preprocessors.CheckCellMetadata",
]

# Hidden tests stay hidden in feedback, and a summary stands on top.
c.GenerateFeedback.exporter_class = "autograder.nbgrader_plugin.FeedbackExporter"
c.GenerateFeedback.preprocessors = [
    "nbgrader.preprocessors.GetGrades",
    "autograder.nbgrader_plugin.FeedbackSummary",
    "nbgrader.preprocessors.ClearHiddenTests",
    "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
]

# The verdict tables carry pictures; nbgrader's default would cut them.
c.LimitOutput.max_lines = 1000
c.LimitOutput.max_traceback = 100

# Formgrader's debug panel would print the server's token.
c.FormgradeExtension.debug = False
