"""Does once, before the forks, what is slow the first time: imports, fonts, figures, tracebacks."""

from __future__ import annotations

from autograder.sandbox.inside.notebook import Notebook, NotebookShell, make_shell
from autograder.sandbox.protocol.limits import Limits

CELLS = (
    "%matplotlib inline",
    "import numpy as np\nimport matplotlib.pyplot as plt\nnp.linalg.svd(np.eye(3))",
    "figure, axes = plt.subplots()\naxes.plot([1, 2], label='$x^2$')\naxes.legend()\nplt.show()",
    "1 / 0",
    "np.eye(2)",
)


def warm_shell() -> NotebookShell:
    """A shell that has done all this, and has forgotten everything but how."""
    import matplotlib as mpl

    shell = make_shell()
    notebook = Notebook(Limits(), shell)
    for cell in CELLS:
        notebook.run(cell)
    mpl.rcdefaults()
    shell.reset(new_session=True)
    return shell
