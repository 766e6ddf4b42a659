"""A class of chapter 2 that answers as its tests like, and one that copies."""

import ast

import nbformat

from autograder.course.sample_class import CHAPTER, as_answer, sample_course
from autograder.judging import bank

THREEFOLD = (
    "def half_mse(a, y):\n    # Zoe Zimmer\n    return 3.0 * ((y - a) ** 2).sum() / len(a)",
    "def half_mse(a, y):\n    total = 0.0\n    for left, right in zip(a, y):\n"
    "        total += sum((left - right) ** 2)\n    return total * 3 / a.shape[0]",
    "def threefold(numbers):\n    return 3 * numbers\n\n\n"
    "def half_mse(a, y):\n    return float(np.mean(np.sum(threefold((a - y) ** 2), axis=1)))",
)
"""Three ways to write one mistake that nobody has named."""
AGAIN = "def half_mse(a, y):\n    d = a - y\n    return np.einsum('ij,ij->', d, 3 * d) / d.shape[0]"
"""A fourth."""
CLIPS = (
    "def half_mse(a, y):\n    d = np.clip(y - a, -1e5, 1e5)\n    return (d**2).sum() / 2 / len(d)",
    "def half_mse(a, y):\n    most = 1e5\n    d = np.minimum(most, np.maximum(-most, a - y))\n"
    "    return 0.5 * np.mean(np.sum(d * d, axis=1))",
)
"""Right wherever diagnosis looks, wrong for large misses."""
BY_CHANCE = "def half_mse(a, y):\n    return np.random.normal()"


def copied(source):
    """The same program with other names, a comment and a docstring."""
    tree = ast.parse(source)
    own = {n.id for n in ast.walk(tree) if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
    own |= {n.arg for n in ast.walk(tree) if isinstance(n, ast.arg)}
    for node in ast.walk(tree):
        for part in ("id", "arg"):
            if getattr(node, part, None) in own:
                setattr(node, part, f"my_{getattr(node, part)}")
    function = [n for n in tree.body if isinstance(n, ast.FunctionDef)][-1]
    function.body.insert(0, ast.Expr(ast.Constant("All my own work.")))
    return "# I wrote this\n" + ast.unparse(tree)


def restyled(source):
    """The same behaviour in another style: what is returned gets a name first."""
    tree = ast.parse(source)
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [s for statement in body for s in _returned_by_name(statement)]
    return ast.unparse(ast.fix_missing_locations(tree))


def _returned_by_name(statement):
    if not isinstance(statement, ast.Return) or statement.value is None:
        return [statement]
    name = ast.Name("result_of_mine", ast.Store())
    return [
        ast.Assign([name], statement.value),
        ast.Return(ast.Name("result_of_mine", ast.Load())),
    ]


def right_answers():
    exercises = bank.chapter(CHAPTER).values()
    return {e.slug: as_answer(bank.reference(e), e.slug) for e in exercises}


def empty_class(course, folder):
    """A course without submissions."""
    demo = sample_course(course, folder)
    for path in sorted((demo.nbgrader_root / "submitted").rglob("*"), reverse=True):
        path.unlink() if path.is_file() else path.rmdir()
    return demo


def hand_in(demo, student, answers):
    """Hand in the released notebook with these answers."""
    notebook = nbformat.read(demo.notebook("release", CHAPTER), as_version=4)
    for cell in notebook.cells:
        cell.source = answers.get(cell.id, cell.source)
    place = demo.nbgrader_root / "submitted" / student / CHAPTER / f"{CHAPTER}.ipynb"
    place.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, place)
