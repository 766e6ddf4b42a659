"""Take the README's picture: a wrong answer in JupyterLab, and the check that names its mistake.

`.venv/bin/python tests/browser/picture.py` writes docs/failed-check.png.
"""

import tempfile
from pathlib import Path

from driving import CHAPTER, Notebook, chromium, course_folder, jupyter_lab

from autograder.course.build import locate

PICTURE = Path(__file__).resolve().parents[2] / "docs" / "failed-check.png"
SLUG = "two_layer_gradients"
ANSWER = '''\
def two_layer_gradients(x, y, W1, b1, W2, b2):
    """Gradients of ½‖a2 − y‖² for one example, by back-propagation."""
    a1 = sigmoid(x @ W1 + b1)
    a2 = sigmoid(a1 @ W2 + b2)
    delta2 = (a2 - y) * a2 * (1 - a2)
    delta1 = (delta2 @ W2) * a1 * (1 - a1)
    return np.outer(x, delta1), delta1, np.outer(a1, delta2), delta2'''
MARGIN = 3


def main() -> None:
    """Answer the exercise wrongly, check, and keep what the learner then sees."""
    with tempfile.TemporaryDirectory() as folder:
        course = course_folder(locate(), Path(folder))
        private = Path(folder, "private")
        private.mkdir()
        with jupyter_lab(course.nbgrader_root, private) as server, chromium() as browser:
            page = browser.new_page(viewport={"width": 1180, "height": 1200}, device_scale_factor=2)
            notebook = Notebook(page, server, f"release/{CHAPTER}/{CHAPTER}.ipynb")
            for name in ("given-1", "given-2"):
                notebook.run(name)
            notebook.replace(SLUG, ANSWER)
            notebook.run(SLUG)
            notebook.run(f"{SLUG}-check")
            for key in ("Escape", "ArrowUp", "ArrowUp", "ArrowUp"):
                page.keyboard.press(key)  # away from both cells: no frame, no buttons
            page.wait_for_timeout(500)
            page.screenshot(path=PICTURE, clip=both(notebook))


def both(notebook: Notebook) -> dict[str, float]:
    """The part of the page with the answer and the check below it."""
    check = notebook.cell(f"{SLUG}-check").bounding_box()
    answer = notebook.cell(SLUG).bounding_box()
    assert answer is not None
    assert check is not None
    top, bottom = answer["y"] - MARGIN, check["y"] + check["height"] + MARGIN
    return {"x": answer["x"], "y": top, "width": answer["width"], "height": bottom - top}


if __name__ == "__main__":
    main()
