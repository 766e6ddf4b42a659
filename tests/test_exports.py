"""Exports: what Canvas and Moodle read back is what was graded; in doubt nothing is written.

The readers here follow the importers' own rules (canvas-lms, lib/gradebook_importer.rb; Moodle,
grade/import/xml), not our writers.
"""

import csv
import io
from xml.dom import minidom

import pytest

from autograder.exports.canvas import fill
from autograder.exports.grade import Grade, NotExported
from autograder.exports.moodle import moodle_xml
from autograder.exports.roster import named, read_roster
from autograder.exports.spreadsheet import spreadsheet

EXPORTED = """\
Student,ID,SIS User ID,SIS Login ID,Section,Backprop (101),Dropout (102),Current Score
,,,,,Manual Posting,,
    Points Possible,,,,,20.0,10.0,(read only)
"Lovelace, Ada",9001,u1,ada,"A, early",,7.5,71.2
"Babbage, Charles",9002,u2,cb1791,B,3,,
"Noether, Emmy",9003,u3,emmy,B,12.25,9,88.8
"Student, Test",9999,,,B,,,
"""
GRADES = [Grade("ada", 17.5, 20.0), Grade("cb1791", 20.0, 20.0, penalty=2.0)]
HEADER = ("Student", "ID", "SIS User ID", "SIS Login ID", "Section")


def read_by_canvas(text):
    """{SIS login: {assignment: score}}, as Canvas's importer takes it."""
    delimiter = ";" if text.split("\n")[0].count(";") > text.split("\n")[0].count(",") else ","
    header, *rows = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter)
    assert tuple(header[:5]) == HEADER
    scores = {}
    for row in rows:
        if row[0].strip() in ("", "Points Possible"):
            continue
        marks = {name: value for name, value in zip(header, row, strict=True) if name[-1] == ")"}
        scores[row[3]] = {name: float(v) for name, v in marks.items() if v}
    return scores


@pytest.fixture
def exported(tmp_path):
    """A file as Canvas exports it, written anew with other contents on demand."""

    def write(text=EXPORTED, encoding="utf-8"):
        path = tmp_path / "canvas.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return write


def test_canvas_reads_the_scores_and_all_else_as_before(exported):
    """One column changes, for those who were graded."""
    found = fill(exported(), "Backprop", GRADES, {})
    assert read_by_canvas(found.text) == {
        "ada": {"Backprop (101)": 17.5, "Dropout (102)": 7.5},
        "cb1791": {"Backprop (101)": 18.0},
        "emmy": {"Backprop (101)": 12.25, "Dropout (102)": 9.0},
        "": {},
    }
    assert (found.written, found.unknown, found.missing) == (2, [], ["Noether, Emmy"])
    changed = [
        (a, b)
        for a, b in zip(EXPORTED.splitlines(), found.text.splitlines(), strict=True)
        if a != b
    ]
    assert len(changed) == 2


def test_filling_twice_changes_nothing(exported):
    """It may be run after every regrade."""
    once = fill(exported(), "Backprop", GRADES, {}).text
    assert fill(exported(once), "Backprop", GRADES, {}).text == once


@pytest.mark.parametrize("end", ["\n", "\r\n"])
def test_semicolons_a_mark_and_windows_lines_stay(exported, end):
    """Canvas guesses the delimiter; spreadsheets begin with a byte order mark."""
    rows = csv.reader(io.StringIO(EXPORTED))
    out = io.StringIO()
    csv.writer(out, delimiter=";", lineterminator=end).writerows(rows)
    found = fill(exported(out.getvalue(), "utf-8-sig"), "Backprop (101)", GRADES, {})
    assert read_by_canvas(found.text)["ada"]["Backprop (101)"] == 17.5
    assert found.text.count(end) == 7


def test_a_roster_says_who_has_which_number(exported, tmp_path):
    """The gradebook knows logins, Canvas perhaps only the university's numbers."""
    roster = tmp_path / "roster.csv"
    roster.write_text("ID, Login ,email,name,section\nu1,a.lovelace,ada@x.org,Ada Lovelace,A\n")
    found = fill(exported(), "Backprop", [Grade("a.lovelace", 9.0, 20.0)], read_roster(roster))
    assert read_by_canvas(found.text)["ada"]["Backprop (101)"] == 9.0


def test_who_is_not_in_canvas_is_named_and_who_handed_in_nothing_keeps_the_field(exported):
    """Nobody gets a 0 by accident, and nobody's grade is lost without a word."""
    grades = [*GRADES, Grade("zoe", 1.0, 20.0), Grade("emmy", 0.0, 20.0, handed_in=False)]
    found = fill(exported(), "Backprop", grades, {})
    assert found.unknown == ["zoe"]
    assert read_by_canvas(found.text)["emmy"]["Backprop (101)"] == 12.25


@pytest.mark.parametrize(
    ("text", "column", "part"),
    [
        ("name,points\nada,3\n", "Backprop", "not what Canvas exports"),
        ("", "Backprop", "not what Canvas exports"),
        (
            EXPORTED,
            "Backpropagation",
            "no column called Backpropagation.*Backprop \\(101\\); Dropout",
        ),
        (EXPORTED.replace("Dropout", "Backprop"), "Backprop", "more than one column"),
        (EXPORTED.replace("20.0", "25.0"), "Backprop", "gives 25.0 points in Canvas, 20 here"),
        (
            EXPORTED.replace("u1,ada", "cb1791,ada"),
            "Backprop",
            "ids are those of ada and cb1791",
        ),
        (EXPORTED.replace("emmy", "ada"), "Backprop", "Another line is ada's, too"),
    ],
)
def test_in_doubt_nothing_is_written(exported, text, column, part):
    """The sentence says what to do."""
    with pytest.raises(NotExported, match=part):
        fill(exported(text), "ch02", GRADES, {}, column)


def test_a_file_that_is_not_utf8_is_said(exported):
    """Spreadsheets save so where they are not told otherwise."""
    with pytest.raises(NotExported, match="CSV UTF-8"):
        fill(exported(EXPORTED.replace("Emmy", "Zoë"), "latin-1"), "Backprop", GRADES, {})


def test_moodle_reads_each_score_by_idnumbers(tmp_path):
    """What is special in XML stays text."""
    roster = tmp_path / "roster.csv"
    roster.write_text('id,login\nA&1,ada\n"<2>",cb1791\n')
    text = moodle_xml("bp & co", GRADES, read_roster(roster))
    results = minidom.parseString(text).getElementsByTagName("result")
    found = [
        {c.tagName: c.firstChild.data for c in r.childNodes if c.nodeType == 1} for r in results
    ]
    assert found == [
        {"assignment": "bp & co", "student": "A&1", "score": "17.5"},
        {"assignment": "bp & co", "student": "<2>", "score": "18"},
    ]


def test_moodle_wants_everybody(tmp_path):
    """One unknown id would have it refuse the whole file; who handed in nothing is left out."""
    roster = tmp_path / "roster.csv"
    roster.write_text("id,login\n1,ada\n")
    people = read_roster(roster)
    with pytest.raises(NotExported, match="no id for cb1791"):
        moodle_xml("bp", GRADES, people)
    absent = Grade("cb1791", 0.0, 20.0, handed_in=False)
    assert moodle_xml("bp", [GRADES[0], absent], people).count("<result>") == 1


@pytest.mark.parametrize(
    ("text", "part"),
    [
        ("name,mark\nada,1\n", "it has: mark, name"),
        ("", "it has: none"),
        ("id,login\n1,ada\n1,ben\n", "more than one line with the id 1"),
        ("id,login\n1,ada\n2,ada\n", "more than one line with the login ada"),
    ],
)
def test_a_roster_that_is_none_is_told_so(tmp_path, text, part):
    """With what is wrong in it."""
    path = tmp_path / "roster.csv"
    path.write_text(text)
    with pytest.raises(NotExported, match=part):
        read_roster(path)


def test_names_that_are_formulas_stay_names_in_a_spreadsheet(tmp_path):
    """A student chose the name, the instructor opens the file."""
    roster = tmp_path / "roster.csv"
    roster.write_text('id,login,name\n1,ada,"=HYPERLINK(""http://x"") Lovelace"\n')
    grades = named([Grade("ada", 1.0, 2.0, email="@sum(1)")], read_roster(roster))
    (row,) = csv.DictReader(io.StringIO(spreadsheet("ps1", "", grades)))
    assert row["first_name"] == '\'=HYPERLINK("http://x")'
    assert row["email"] == "'@sum(1)"
    assert (row["last_name"], row["score"]) == ("Lovelace", "1")
