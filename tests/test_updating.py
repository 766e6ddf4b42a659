"""An update of work/ keeps every answer, takes what the course has changed, and tells conflicts."""

import datetime

import nbformat
import pytest
from desks import ANSWERS, CHAPTER, STUB, a_desk, fill_in

from autograder.desk.work_folder import update
from autograder.folder.updating import BACKUPS, STAMP
from autograder.notebook.cells import content_id, is_solution

WHEN = datetime.datetime(2026, 10, 12, 8, 30)


@pytest.fixture
def desk(course, tmp_path):
    return a_desk(course, tmp_path)


def released(desk):
    return nbformat.read(desk.notebook("release", CHAPTER), as_version=4)


def release(desk, notebook):
    nbformat.write(notebook, desk.notebook("release", CHAPTER))


def mine(desk):
    return desk.root / "work" / f"{CHAPTER}.ipynb"


def read(desk):
    return {cell.id: cell for cell in nbformat.read(mine(desk), as_version=4).cells}


def experiments(notebook):
    return [cell for cell in notebook.cells if cell.metadata.get("tags") == ["experiment"]]


def said_again(cell, source):
    """What a build makes of a changed text or experiment: another id."""
    cell.source, cell.id = source, content_id(cell.id.partition("-")[0], source)


@pytest.fixture
def older(desk):
    """The desk with a copy of an older course: one exercise fewer, other words, some work in it."""
    now = released(desk)
    before = released(desk)
    before.cells = [c for c in before.cells if not c.id.startswith("relative_error")]
    text = next(c for c in before.cells if c.id.startswith("text-"))
    said_again(text, "# The course of yesterday")
    said_again(experiments(before)[0], "print('an experiment of yesterday')")
    release(desk, before)
    update(desk, WHEN)
    fill_in(mine(desk), ANSWERS)
    release(desk, now)
    return desk


def changes(updated):
    (found,) = updated
    return " · ".join(found.changes)


def test_what_is_missing_is_copied_once(desk):
    """A new folder gets everything; the second time there is nothing to do."""
    (first,) = update(desk, WHEN)
    assert first.new
    assert update(desk, WHEN) == []


def test_answers_stay_and_the_course_is_new(older):
    """Cells are those of the new course, in its order, with the learner's answers in them."""
    found = update(older, WHEN)
    cells = read(older)
    assert list(cells) == [cell.id for cell in released(older).cells]
    for slug, line in ANSWERS.items():
        assert cells[slug].source.endswith(line)
    assert STUB in cells["relative_error"].source
    assert "2 answers kept, word for word" in changes(found)
    assert "new exercises: relative_error" in changes(found)
    assert update(older, WHEN) == []


def test_a_backup_is_the_file_as_it_was(older):
    before = mine(older).read_bytes()
    (found,) = update(older, WHEN)
    assert found.backup == mine(older).parent / BACKUPS / f"{CHAPTER}-2026-10-12-083000.ipynb"
    assert found.backup.read_bytes() == before


@pytest.mark.parametrize("older_still", ["no stamp", "no ids", "no metadata"])
def test_copies_of_other_ages_keep_their_answers(older, older_still):
    """Made before copies were stamped, before cells had ids, or stripped by some tool."""
    notebook = nbformat.read(mine(older), as_version=4)
    del notebook.metadata.chainrule[STAMP]
    for cell in notebook.cells:
        if older_still == "no ids":
            del cell["id"]
        if older_still == "no metadata":
            cell.metadata = {}
    if older_still == "no ids":
        notebook.nbformat_minor = 4
    nbformat.write(notebook, mine(older))
    update(older, WHEN)
    cells = read(older)
    for slug, line in ANSWERS.items():
        assert cells[slug].source.endswith(line)
    assert update(older, WHEN) == []


def test_reordered_and_renamed_cells_are_found(older):
    """The order is the course's again; an answer in a cell of another name is still there."""
    notebook = nbformat.read(mine(older), as_version=4)
    notebook.cells.reverse()
    answer = next(cell for cell in notebook.cells if cell.id == "half_mse")
    answer.id, answer.metadata = "renamed", {}
    nbformat.write(notebook, mine(older))
    update(older, WHEN)
    cells = read(older)
    assert [name for name in cells if not name.startswith("extra")] == [
        cell.id for cell in released(older).cells
    ]
    assert any(cell.source.endswith(ANSWERS["half_mse"]) for cell in cells.values())
    assert cells["one_path_derivative"].source.endswith(ANSWERS["one_path_derivative"])


def test_ones_own_cells_stay_behind_what_they_followed(older):
    """Scratch cells, and notes that were written into a text of the course."""
    notebook = nbformat.read(mine(older), as_version=4)
    place = next(i for i, cell in enumerate(notebook.cells) if cell.id == "half_mse")
    notebook.cells.insert(place + 1, nbformat.v4.new_code_cell("my_scratch = 1"))
    known = {cell.id for cell in released(older).cells}
    text = next(c for c in notebook.cells if c.id.startswith("text-") and c.id in known)
    text.source += "\n\nMy own note."
    nbformat.write(notebook, mine(older))
    update(older, WHEN)
    sources = [cell.source for cell in read(older).values()]
    answer = next(i for i, s in enumerate(sources) if s.endswith(ANSWERS["half_mse"]))
    assert sources[answer + 1] == "my_scratch = 1"
    assert any(source.endswith("My own note.") for source in sources)


def test_outputs_stay_with_what_gave_them(older):
    notebook = nbformat.read(mine(older), as_version=4)
    answer = next(cell for cell in notebook.cells if cell.id == "half_mse-check")
    answer.outputs = [nbformat.v4.new_output("stream", text="seen")]
    nbformat.write(notebook, mine(older))
    update(older, WHEN)
    assert read(older)["half_mse-check"].outputs[0].text == "seen"


def test_a_conflict_is_told_and_both_are_there(older):
    """The learner and the course have changed one experiment: neither is lost."""
    notebook = nbformat.read(mine(older), as_version=4)
    edited = next(c for c in notebook.cells if "of yesterday')" in c.source)
    edited.source += "\nprint('and mine')"
    nbformat.write(notebook, mine(older))
    found = update(older, WHEN)
    assert "both you and the course changed an experiment (`print('an experiment" in changes(found)
    sources = [cell.source for cell in read(older).values()]
    assert edited.source in sources
    assert experiments(released(older))[0].source in sources


def test_an_answer_that_is_no_longer_asked_for_stays(older):
    """An exercise that the course has dropped: the work is kept and said to be."""
    notebook = released(older)
    notebook.cells = [c for c in notebook.cells if not c.id.startswith("half_mse")]
    release(older, notebook)
    found = update(older, WHEN)
    assert "`half_mse` is no longer asked for: your answer stands where it was" in changes(found)
    assert any(cell.source.endswith(ANSWERS["half_mse"]) for cell in read(older).values())


def test_a_file_that_cannot_be_read_is_left_alone(desk):
    update(desk, WHEN)
    mine(desk).write_text("{")
    (found,) = update(desk, WHEN)
    assert "left as it is" in changes([found])
    assert mine(desk).read_text() == "{"


def test_solutions_are_never_mixed_in(older):
    """What was blank is blank afterwards."""
    update(older, WHEN)
    blank = [c for c in read(older).values() if is_solution(c) and c.id not in ANSWERS]
    assert all(STUB in cell.source for cell in blank)


def test_an_old_stub_is_replaced_and_a_begun_one_is_not(older):
    """A blank exercise gets the new contract; a plan in a comment or a `raise` left in stays."""
    notebook = nbformat.read(mine(older), as_version=4)
    old = "def {}(*given):\n    # YOUR CODE HERE\n    raise NotImplementedError()"
    plans = {
        "backprop": "",
        "gradient_check": "\n    # my plan: measure, then compare",
        "train_network": "\n    return 'unreachable'",
    }
    for cell in notebook.cells:
        if cell.id in plans:
            cell.source = old.format(cell.id) + plans[cell.id]
    nbformat.write(notebook, mine(older))
    found = update(older, WHEN)
    cells = read(older)
    asked = {cell.id: cell.source for cell in released(older).cells}
    assert cells["backprop"].source == asked["backprop"]
    assert cells["gradient_check"].source.endswith("my plan: measure, then compare")
    assert cells["train_network"].source.endswith("'unreachable'")
    assert "4 answers kept" in changes(found)
