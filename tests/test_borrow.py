"""What is borrowed works, is worth nothing, and ships only when the instructor says so."""

import datetime
import json
import marshal
import shutil
import types

import nbformat
import numpy as np
import pytest
from desks import say_where_content_is
from kernels import errors, run_cells, said
from kits import alone, unpacked

from autograder.course import student_kit as kit
from autograder.course.build import Course
from autograder.course.lending import lent_files
from autograder.course.one_file import grade_file
from autograder.judging import bank
from autograder.judging.judge import judge
from autograder.judging.learner import LocalFunction
from autograder.student import lent
from autograder.submission.in_kernel import grade
from autograder.submission.session import best_isolation
from autograder.submission.settings import BadSettings

CHAPTER = "ch02_backprop"
DAY = datetime.date(2026, 10, 12)
LENDABLE = [e for e in bank.all_exercises() if not e.asks_for_one_answer]
STUB = "def half_mse(a, y):\n    raise NotImplementedError()"
SHOW = 'print(half_mse(np.ones((2, 1)), np.zeros((2, 1))))\ncheck("half_mse")'


def settings(folder, *lines):
    (folder / "course.toml").write_text("\n".join(["[lending]", *lines]))
    return folder


def lends(course, day=DAY, chapter=CHAPTER):
    """The functions that a kit written on that day would lend for this version of Python."""
    files = dict(lent_files(course, chapter, day))
    return (
        marshal.loads(files[lent.LENT.format(version=lent.VERSION)])["exercises"] if files else {}
    )


def test_nothing_is_lent_by_default(tmp_path):
    """An instructor has to free what is no longer due."""
    assert lends(tmp_path) == {}


def test_a_chapter_is_lent_from_its_day_on(tmp_path):
    """The day before it is not; quizzes and hunts never are."""
    course = settings(tmp_path, f"{CHAPTER} = {DAY}")
    assert lends(course, DAY - datetime.timedelta(days=1)) == {}
    wanted = {e.slug for e in LENDABLE if e.chapter == CHAPTER}
    assert set(lends(course)) == wanted < set(bank.chapter(CHAPTER))


def test_one_exercise_can_be_lent_alone(tmp_path):
    assert set(lends(settings(tmp_path, "half_mse = true", "relative_error = false"))) == {
        "half_mse"
    }


def test_what_would_give_away_another_answer_is_refused(tmp_path):
    """The code of train_network holds that of softmax_cross_entropy."""
    with pytest.raises(BadSettings, match="calls softmax_cross_entropy, and does not lend that"):
        lends(settings(tmp_path, "train_network = true"))


@pytest.mark.parametrize(
    ("line", "error"),
    [("half_mes = true", bank.UnknownExercise), ('half_mse = "soon"', BadSettings)],
)
def test_a_wrong_setting_is_told(tmp_path, line, error):
    with pytest.raises(error, match="half_m"):
        lends(settings(tmp_path, line))


@pytest.fixture(scope="module")
def everything(tmp_path_factory):
    """All that could be lent, as the kit's files hold it: bytes, by chapter."""
    course = settings(tmp_path_factory.mktemp("all"), *(f"{n} = true" for n in bank.chapters()))
    name = lent.LENT.format(version=lent.VERSION)
    return {chapter: dict(lent_files(course, chapter, DAY))[name] for chapter in bank.chapters()}


@pytest.mark.parametrize("chapter", bank.chapters())
def test_what_is_lent_works(everything, chapter, tmp_path):
    """It passes the gate of its exercise (the first graded check), which the learner's would."""
    path = tmp_path / "lent.bin"
    path.write_bytes(everything[chapter])
    functions = lent._bundle(path)
    for exercise in (e for e in LENDABLE if e.chapter == chapter):
        f, reference = LocalFunction(functions[exercise.slug]), bank.reference(exercise)
        results = judge(exercise, f, seed=1, reference=reference)
        first = next(result for result in results if result.points)
        assert first.verdict == "pass", (exercise.slug, first.message)


def codes(code):
    yield code
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from codes(constant)


def test_what_is_lent_is_no_text(everything):
    """No docstring, comment, line number or local name is left, and no way to this machine."""
    for chapter, content in everything.items():
        assert b"reference_impl" not in content
        assert str(kit.ROOMS.parent).encode() not in content
        for function in marshal.loads(content)["functions"].values():
            for code in codes(function):
                assert {line for *_, line in code.co_lines()} <= {1}
                assert not any("\n" in c for c in code.co_consts if isinstance(c, str)), chapter
                given = code.co_argcount + code.co_kwonlyargcount
                local = [n for n in code.co_varnames[given:] if n not in code.co_cellvars]
                assert all(n.startswith(("_", ".")) for n in local if n not in ("args", "kwargs"))


def test_another_python_is_told_which_to_take(everything, tmp_path, monkeypatch):
    """The compiled form belongs to a version."""
    exercise = bank.find("half_mse")
    (tmp_path / "lent-3.9.bin").write_bytes(everything[CHAPTER])
    monkeypatch.setattr(bank, "source_file", lambda exercise: tmp_path / "half_mse.py")
    monkeypatch.setattr(bank, "have_references", lambda: False)
    with pytest.raises(
        lent.NotLent, match=r"lends for Python 3\.9, and this is .*uv venv --python 3\.9"
    ):
        lent._lent(exercise)


@pytest.fixture(scope="module")
def course_that_lends(course, tmp_path_factory):
    """A copy of the course, as far as a kit of chapter 2 needs it, that lends one exercise."""
    copy = Course(tmp_path_factory.mktemp("course"))
    for path in [*course.texts, *course.pages, course.notebook("release", CHAPTER)]:
        place = copy.root / path.relative_to(course.root)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, place)
    for page in course.pages:
        copy.page(page.stem).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(course.page(page.stem), copy.page(page.stem))
    settings(copy.nbgrader_root, "half_mse = true")
    say_where_content_is(course, copy.root)
    return copy


@pytest.fixture(scope="module")
def run(course_that_lends, tmp_path_factory):
    """Run cells in a kernel that has the kit of that course and nothing else of ours."""
    folder = kit.write_kit(course_that_lends, tmp_path_factory.mktemp("kit") / "kit", [CHAPTER])
    site = unpacked(folder, tmp_path_factory.mktemp("site"))
    begin = (
        "import sys; sys.modules['reference_impl'] = None\nimport numpy as np\n"
        "from autograder import borrow, check"
    )
    return lambda *cells: run_cells(begin, *cells, environment=alone(site))[1:]


def test_a_borrowed_part_runs_and_is_worth_nothing(run):
    """Cells that need it run; its check says so without failing, and one's own takes its place."""
    own = "def half_mse(a, y):\n    return float(np.sum((y - a) ** 2) / 2 / len(a))"
    _, note, shown, _, again, _, mine = map(
        said, run(STUB, 'borrow("half_mse")', SHOW, STUB, SHOW, own, SHOW)
    )
    assert note.startswith("`half_mse` is borrowed until the kernel restarts, and worth nothing.")
    assert shown.startswith("0.5\n")
    assert "The quadratic cost · borrowed: worth nothing" in shown
    assert again == shown  # a blank stub that was run again does not take it away
    assert "2 of 2 pass" in mine


def test_what_is_not_lent_says_so(run):
    """In one line, with the way on."""
    (found,) = run('borrow("relative_error")')
    assert errors(found) == [
        "relative_error is not lent yet: ask your instructor, or go on with exercises that do not "
        "need it; each is graded on its own"
    ]
    assert len(found[0].traceback) <= 3


def test_a_self_learner_may_always_borrow(capsys):
    """A clone has the answers anyway; those of quizzes stay one's own to find."""
    lent.borrow("half_mse")
    assert globals()["half_mse"](np.ones((2, 1)), np.zeros((2, 1))) == 0.5
    with pytest.raises(lent.NotLent, match="asks for your own answer"):
        lent.borrow("backprop_predictions")


def test_a_borrowed_answer_earns_nothing_in_the_kernel(monkeypatch):
    """Neither when it was borrowed before, nor while nbgrader grades."""
    lent.borrow("half_mse")
    assert grade("half_mse") == 0
    monkeypatch.setenv("NBGRADER_EXECUTION", "autograde")
    globals()["half_mse"] = None
    lent.borrow("half_mse")
    assert globals()["half_mse"] is None


def test_a_borrowed_answer_is_not_attempted_when_graded(course, tmp_path):
    """Sealed grading lends nothing: that exercise earns nothing, the next one what it is worth."""
    notebook = nbformat.read(course.notebook("release", CHAPTER), as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "half_mse")
    lending = nbformat.v4.new_code_cell('borrow("half_mse")\nhint("half_mse")')
    notebook.cells.insert(place + 1, lending)
    own = next(cell for cell in notebook.cells if cell.id == "one_path_derivative")
    own.source = own.source.replace(
        "raise NotImplementedError()", "return w * (1 - np.tanh(w * x + b) ** 2)"
    )
    path = tmp_path / f"{CHAPTER}.ipynb"
    path.write_text(json.dumps(notebook))
    receipt = grade_file(path, isolation=best_isolation(allow_none=True))
    assert receipt.exercises["half_mse"].earned == 0
    assert [m.name for m in receipt.exercises["half_mse"].mistakes] == ["not attempted"]
    own = receipt.exercises["one_path_derivative"]
    assert own.earned == own.points
