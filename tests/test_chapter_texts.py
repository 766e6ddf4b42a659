"""Chapters as a student reads them: task above the stub, core path, links, figures with words."""

import inspect
import re
import shutil

import matplotlib.pyplot as plt
import nbformat
import pytest
from IPython.core.interactiveshell import InteractiveShell
from IPython.utils.capture import capture_output

from autograder.course import build
from autograder.course.chapter import source_notebook
from autograder.course.contract import as_markdown
from autograder.course.core_path import CORE
from autograder.course.handout import handout
from autograder.course.text_audit import page_problems, text_problems
from autograder.figures import clock, play, seconds, show
from autograder.folder.links import apart, linked, side_by_side
from autograder.judging import bank

COURSE = build.locate()
WORDS = re.compile(r"[^\W_]+")


def words(text):
    return sorted(WORDS.findall(text))


@pytest.mark.parametrize("exercise", bank.all_exercises(), ids=lambda e: e.slug)
def test_no_word_of_a_contract_is_lost_in_the_task(exercise):
    """Sections become headings, entries become items; only rules and brackets go."""
    contract = inspect.getdoc(inspect.unwrap(bank.reference(exercise)))
    shown = as_markdown(contract).replace("*Source:*", "References")
    assert words(shown) == words(contract)


def test_a_contract_has_its_sections_as_lists():
    """Names as code, kinds in italics, several names one by one; stars of a product escaped."""
    shown = as_markdown(
        """Scale x by a * b.

        Parameters
        ----------
        x : ndarray (N, D)
            One example
            per row.
        a, b : floats

        Returns
        -------
        ndarray
            *Not* x itself; `x * a` is.

        References
        ----------
        A book.
        """
    )
    assert r"Scale x by a \* b." in shown
    assert "- `x`, *ndarray (N, D)*: One example per row." in shown
    assert "- `a`, `b`, *floats*" in shown
    assert "- *ndarray*: *Not* x itself; `x * a` is." in shown
    assert shown.endswith("*Source:* A book.")


@pytest.mark.parametrize(
    "form",
    [
        "tall   Who is tall?  a) he   b) she,\n       of course",
        "tall: Who is tall? (a) he; (b) she,\n    of course.",
        '- "tall": Who is tall?\n  (a) he · (b) she, of course',
    ],
)
def test_a_question_of_a_quiz_has_its_options_under_it(form):
    """However its author has laid it out."""
    shown = as_markdown(f"Predict.\n\n{form}\n")
    assert shown == "Predict.\n\n- **tall** Who is tall?\n  - a) he\n  - b) she, of course"


@pytest.mark.parametrize("text", COURSE.texts, ids=lambda t: t.stem)
def test_the_task_stands_above_the_hints_and_both_above_the_stub(text):
    """And the stub keeps one paragraph of it; the core path says which exercises are marked."""
    cells = source_notebook(text).cells
    at = {cell.id: k for k, cell in enumerate(cells)}
    path = cells[1].source
    for slug, exercise in bank.chapter(text.stem).items():
        task, stub = cells[at[f"{slug}-task"]].source, cells[at[slug]].source
        assert at[f"{slug}-task"] + 1 == at[slug] == at[f"{slug}-check"] - 1
        assert task.index("**Returns**") < task.index("<summary>Hint 1")
        assert "Returns\n" not in stub
        assert '"""' in stub
        assert (CORE in task) == exercise.core == (f"· {exercise.title}" in path)


@pytest.mark.parametrize("text", COURSE.texts, ids=lambda t: t.stem)
def test_every_chapter_keeps_the_rules_of_texts(text):
    """Beginning, end, core path, hints without code, alternative texts, links."""
    assert list(text_problems(COURSE, text)) == []


@pytest.mark.parametrize("page", COURSE.pages, ids=lambda p: p.stem)
def test_every_page_keeps_the_rules_of_pages(page):
    """What it says that a note got wrong, it shows."""
    assert list(page_problems(page)) == []


def test_the_rules_of_texts_are_felt(tmp_path):
    """A chapter without its parts is told each of them."""
    bare = tmp_path / "course" / "chapters" / "ch08_dropout.py"
    bare.parent.mkdir(parents=True)
    shutil.copy(COURSE.nbgrader_root / "course.toml", bare.parents[1])
    bare.write_text("# %% [markdown]\n# # Dropout\n\n# %% claim=['C-DO-01']\nprint('it holds')\n")
    picture = nbformat.v4.new_output("display_data", {"image/png": "AA=="})
    cell = nbformat.v4.new_code_cell("plt.show()", id="plain", outputs=[picture])
    solution = build.Course(tmp_path).notebook("solutions", "ch08_dropout")
    solution.parent.mkdir(parents=True)
    nbformat.write(nbformat.v4.new_notebook(cells=[cell]), solution)
    told = "\n".join(text_problems(build.Course(tmp_path), bare))
    for part in ("no **Before you start.**", "no **Now you can**", "plain shows a figure"):
        assert part in told
    assert "dropout_mask is in its text 0 times" in told
    assert "the cell of C-DO-01 asserts nothing" in told
    assert list(page_problems(bare)) == ["ch08_dropout.py: the cell of C-DO-01 asserts nothing"]


def test_links_lead_from_folder_to_folder_and_side_by_side():
    """In the course each chapter has a folder; a student has all notebooks in one."""
    there = {"ch08_dropout", "glossary"}
    written = linked("[dropout](ch08_dropout#masks), [words](glossary), [a paper](doi)", there)
    assert "](../ch08_dropout/ch08_dropout.ipynb#masks)" in written
    assert "](../pages/glossary.ipynb)" in written
    assert "](doi)" in written
    assert side_by_side(written, there) == (
        "[dropout](ch08_dropout.ipynb#masks), [words](glossary.ipynb), [a paper](doi)"
    )


@pytest.mark.parametrize("name", ["ch08_dropout", "project2_ten_layers", "glossary"])
def test_links_of_a_students_notebook_are_taken_back_to_the_courses(name):
    """So that an update can tell the course's text from what the learner wrote."""
    written = linked(f"see [there]({name}#part)", {name})
    assert apart(side_by_side(written, {name})) == written


def test_a_link_to_what_is_not_there_becomes_plain_words():
    """A course of some chapters, or a kit of one, has no dead links."""
    assert linked("see [chapter 3](ch03_activations).", {"ch08_dropout"}) == "see chapter 3."
    written = "see [chapter 3](../ch03_activations/ch03_activations.ipynb)."
    assert side_by_side(written, {"ch08_dropout"}) == "see chapter 3."


@pytest.mark.parametrize("chapters", [[text.stem for text in COURSE.texts], ["ch08_dropout"]])
def test_every_link_of_a_students_folder_leads_to_a_file_in_it(chapters):
    """Chapters and pages are handed out together."""
    files = dict(handout(COURSE, chapters))
    found = 0
    for name, text in files.items():
        for target in re.findall(r"\]\((\w+\.ipynb)", text):
            found += 1
            assert target in files, f"{name} links to {target}"
    assert found or len(chapters) == 1


def test_a_figure_carries_its_words():
    """As an image with alternative text, escaped; without words there is no figure."""
    plt = pytest.importorskip("matplotlib.pyplot")
    InteractiveShell.instance()
    with capture_output() as captured:
        plt.plot([1, 2])
        show('A line "up", from 1 < 2')
    (shown,) = captured.outputs
    assert 'alt="A line &quot;up&quot;, from 1 &lt; 2"' in shown.data["text/html"]
    assert shown.data["text/plain"] == 'A line "up", from 1 < 2'
    assert plt.get_fignums() == []
    with pytest.raises(ValueError, match="alternative text"):
        show("  ")


def test_an_animation_has_a_still_for_print():
    """Its last frame, for paper and for notebooks in which nothing may move."""
    plt = pytest.importorskip("matplotlib.pyplot")
    InteractiveShell.instance()
    figure, axes = plt.subplots(figsize=(2, 1.5))
    drawn = []
    with capture_output() as captured:
        play(figure, lambda k: (drawn.append(k), axes.plot([0, k])), 3, "It moves")
    page = captured.outputs[0].data["text/html"]
    assert re.search(r'<div id="(moving-\w+)-still"><img src="data:image/png', page)
    assert 'alt="It moves"' in page
    assert {0, 1, 2} <= set(drawn)
    assert drawn[-1] == 2


def test_the_same_animation_is_the_same_output():
    """Nothing in it is named by chance: a rebuild changes nothing."""
    plt = pytest.importorskip("matplotlib.pyplot")
    InteractiveShell.instance()
    pages = []
    for _ in range(2):
        figure, axes = plt.subplots(figsize=(2, 1.5))
        with capture_output() as captured:
            play(figure, lambda k, axes=axes: axes.plot([0, k]), 2, "It moves")
        pages.append(captured.outputs[0].data["text/html"])
    assert pages[0] == pages[1]


def test_a_term_leads_to_the_glossary_the_first_time():
    """Bold and in the glossary, however it is written; later mentions and other words stay."""
    from autograder.course.glossary import with_terms

    left = {"fan-in": "fan-in", "mean square": "mean-square"}
    text = with_terms("**Fan-in** and **other**; **fan-in** again.", left)
    assert text == "**[Fan-in](glossary#fan-in)** and **other**; **fan-in** again."
    assert left == {"mean square": "mean-square"}


def test_the_glossary_is_in_order_and_each_term_has_a_home():
    """Alphabetical, one entry per term, each with a link to a chapter."""
    page = (COURSE.root / "course" / "pages" / "glossary.py").read_text(encoding="utf-8")
    entries = page.split("# ### ")[1:]
    names = [entry.splitlines()[0].lower() for entry in entries]
    assert names == sorted(set(names))
    assert all(re.search(r"\[Chapter \d+\]\(ch\d\d_\w+\)", entry) for entry in entries)


def test_an_animation_asks_no_other_machine(capsys):
    """Icons of the player are characters, not a font that a notebook would fetch."""
    figure, axes = plt.subplots()
    (line,) = axes.plot([0, 1])
    with capture_output() as shown:
        play(figure, lambda k: line.set_ydata([0, k]), 3, "a line that rises")
    page = shown.outputs[0].data["text/html"]
    assert "maxcdn" not in page
    assert "fa-" not in page
    assert page.count("▶") == page.count("◀") == 1


def test_seconds_by_a_clock_that_goes_in_steps(monkeypatch):
    """A call takes a microsecond, and the clock shows milliseconds."""
    now = [0]

    def work():
        now[0] += 1

    monkeypatch.setattr(clock.time, "perf_counter", lambda: now[0] // 1000 / 1000)
    assert 0.9e-6 < seconds(work) < 1.1e-6
