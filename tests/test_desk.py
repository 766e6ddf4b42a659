"""A self-learner's desk: where one stands, what comes next, and gradings that are remembered."""

import json
import os
import shutil
import sys

import nbformat
import pytest
from desks import ANSWERS, CHAPTER, a_desk, fill_in

from autograder.commands import main, watch
from autograder.course.build import Course
from autograder.course.one_file import NotGradable
from autograder.desk.checking import grade, notebooks
from autograder.desk.telling import of_receipt
from autograder.desk.work_folder import all_standings, standing_in, update, write_start_page
from autograder.folder import drawer
from autograder.folder.overview import Overview
from autograder.folder.standing import as_facts, next_step
from autograder.folder.words import of_next, of_standings
from autograder.judging import bank
from autograder.notebook.cells import is_solution
from autograder.submission.session import best_isolation


@pytest.fixture
def desk(course, tmp_path, monkeypatch):
    """A course of one chapter with its work folder, which is the current folder's."""
    found = a_desk(course, tmp_path)
    update(found)
    monkeypatch.chdir(tmp_path)
    return found


@pytest.fixture
def mine(desk):
    """The notebook in the work folder, with a right answer, a slip, and the rest blank."""
    path = desk.root / "work" / f"{CHAPTER}.ipynb"
    fill_in(path, ANSWERS)
    return path


def isolation():
    return best_isolation(allow_none=True)


def states(desk):
    return {s.exercise.slug: s.state for s in standing_in(desk, CHAPTER).steps}


def test_without_grading_one_sees_what_is_begun(desk, mine):
    """Filled in is begun, a saved check that passes is practised, the stub is blank."""
    notebook = nbformat.read(mine, as_version=4)
    table = nbformat.v4.new_output("display_data", {"text/plain": "X · public checks: 4 of 4 pass"})
    next(c for c in notebook.cells if c.id == "one_path_derivative-check").outputs = [table]
    nbformat.write(notebook, mine)
    found = states(desk)
    assert (found["one_path_derivative"], found["half_mse"]) == ("practised", "begun")
    assert set(found.values()) == {"practised", "begun", "blank"}
    assert list(found) == [cell.id for cell in notebook.cells if is_solution(cell)]


def test_grading_says_what_is_done_and_what_is_short(desk, mine):
    """Points and findings hold for the answer that was graded, until it is changed."""
    receipt, new = grade(mine, isolation)
    assert new
    (step,) = [s for s in standing_in(desk, CHAPTER).steps if s.state == "short"]
    assert (step.exercise.slug, step.graded.finding) == ("half_mse", "forgets the half")
    assert standing_in(desk, CHAPTER).earned == receipt.earned > 0
    fill_in(mine, {"half_mse": "return np.sum((y - a) ** 2) / 2 / len(a)"})
    assert states(desk)["half_mse"] == "begun"
    assert states(desk)["one_path_derivative"] == "done"


def test_an_unchanged_notebook_is_not_run_again(mine):
    """The second time nothing is asked of the isolation, which would have to start a process."""

    def nobody():
        raise AssertionError("it was run again")

    first, _ = grade(mine, isolation)
    again, new = grade(mine, nobody)
    assert not new
    assert again.to_json() == first.to_json()
    fill_in(mine, {"half_mse": "return 3.0"})
    with pytest.raises(AssertionError, match="run again"):
        grade(mine, nobody)


@pytest.mark.parametrize(
    "damage", ["", "{", "[]", '{"exercises": {"half_mse": 3}}', '{"exercises": []}']
)
def test_the_progress_file_may_be_damaged_or_deleted(desk, mine, damage):
    """Then nothing is known of gradings, and the next one writes it anew."""
    (mine.parent / drawer.FILE).write_text(damage)
    assert states(desk)["half_mse"] == "begun"
    grade(mine, isolation)
    assert states(desk)["half_mse"] == "short"
    assert len(json.loads((mine.parent / drawer.FILE).read_text())["exercises"]) == len(
        bank.chapter(CHAPTER)
    )


def test_next_is_what_was_begun_then_what_follows(desk, mine):
    """A slip comes before blanks; with `core` only what is on the two-hour path."""
    grade(mine, isolation)
    chapter, step = next_step(all_standings(desk))
    assert (chapter, step.exercise.slug) == (CHAPTER, "half_mse")
    fill_in(mine, {"half_mse": "return np.sum((y - a) ** 2) / 2 / len(a)"})
    grade(mine, isolation)
    assert next_step(all_standings(desk))[1].number == 2
    _, core = next_step(all_standings(desk), core=True)
    assert core.exercise.core
    assert next_step([]) is None


def test_what_is_told_speaks_to_a_learner(desk, mine):
    """Blanks are one line; a finding comes with its hint and the number that the notebook has."""
    receipt, _ = grade(mine, isolation)
    lines = list(of_receipt(receipt))
    assert lines[0] == "  ✓ right: one_path_derivative"
    assert lines[1] == "  → 3. half_mse, 3.5 of 7 points: forgets the half"
    assert lines[2].startswith("      The cost is twice too large")
    assert lines[3] == "  still blank: 2. several_paths_derivative and 15 more"
    table = list(of_standings(all_standings(desk)))
    assert "1/18" in table[0]
    assert any(
        "found: forgets the half." in line for line in of_next(next_step(all_standings(desk)))
    )
    facts = as_facts(all_standings(desk))[CHAPTER]
    assert (facts["done"], facts["exercises"], facts["points"]) == (1, 18, 126)


def test_folders_are_searched_for_chapters(desk, mine):
    """None named is all of work/; backups, reports and notebooks of one's own are passed over."""
    (mine.parent / "backups").mkdir()
    for other in ("scratch.ipynb", f"backups/{CHAPTER}-old.ipynb"):
        (mine.parent / other).write_bytes(mine.read_bytes())
    assert [p.name for p in notebooks(desk, [])] == [mine.name]
    assert [p.name for p in notebooks(desk, [mine.parent, mine])] == [mine.name] * 2
    with pytest.raises(NotGradable, match="no chapter's notebook in"):
        notebooks(desk, [desk.nbgrader_root / "chapters"])


def test_the_start_page_shows_where_one_stands(desk, mine):
    """A table with links to chapters and the next exercise; written once, then the learner's."""
    page = write_start_page(desk)
    assert f"({CHAPTER}.ipynb)" in page.read_text()
    page.write_text("mine")
    assert write_start_page(desk) is None
    assert page.read_text() == "mine"
    shown = Overview(all_standings(desk))._repr_html_()
    assert f'<a href="{CHAPTER}.ipynb">2 backprop</a>' in shown
    assert "<strong>Next:</strong> exercise 1 of" in shown  # begun, and not graded yet


def test_a_start_page_of_the_first_form_goes_on_working(desk):
    """It called a function that is elsewhere now; what the learner wrote around it stays."""
    page = write_start_page(desk)
    today = page.read_text()
    first = today.replace(
        "autograder import status", "autograder.desk.start_page import where_you_stand"
    )
    page.write_text(
        first.replace("status()", "where_you_stand()").replace("# Start here", "# Mine")
    )
    assert page.read_text() != today
    write_start_page(desk)
    assert page.read_text() == today.replace("# Start here", "# Mine")


def test_the_start_page_of_the_whole_course_names_every_text(course, tmp_path):
    """Chapters and projects, as one says them; each link leads to a notebook that is handed out."""
    whole = Course(tmp_path)
    shutil.copytree(course.nbgrader_root / "chapters", whole.nbgrader_root / "chapters")
    shutil.copytree(course.nbgrader_root / "projects", whole.nbgrader_root / "projects")
    text = write_start_page(whole).read_text()
    for name in ("2 backprop](ch02_backprop", "Project 1 digit reader](project1_digit_reader"):
        assert f"[{name}.ipynb)" in text
    assert text.count(".ipynb)") == len(course.texts)


def test_watch_checks_at_a_save(mine, monkeypatch, capsys):
    """It waits for a save, and tells what was found."""
    looked = []

    def a_save_is_seen(seconds):
        looked.append(seconds)
        if len(looked) == 1:  # the learner saves while it waits
            os.utime(mine, (0, 2_000_000_000))

    monkeypatch.setattr(watch.time, "sleep", a_save_is_seen)
    watch.command.callback(notebook=mine, once=True, no_isolation=True)
    out = capsys.readouterr().out
    assert f"watching {mine}" in out
    assert "→ 3. half_mse, 3.5 of 7 points: forgets the half" in out


def test_the_commands_answer_in_json(mine, monkeypatch, capsys):
    """`check` of a folder, `status`, `next` and `update`, as a program reads them."""

    def ask(*arguments):
        monkeypatch.setattr(sys, "argv", ["autograder", *arguments, "--json"])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, json.loads(capsys.readouterr().out)

    code, found = ask("check", "work", "--no-isolation")
    assert (code, found["points"]) == (1, 126)
    assert ask("status")[1][CHAPTER]["done"] == 1
    assert ask("next") == (0, {"chapter": CHAPTER, "exercise": "half_mse"})
    assert ask("update") == (0, {})
