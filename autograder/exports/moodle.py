"""Moodle: its XML of grades, which knows students and the assignment by their *idnumbers*.

One unknown idnumber makes Moodle refuse the whole file, so everybody is looked up before.
"""

from __future__ import annotations

from collections.abc import Sequence
from xml.etree import ElementTree as ET

from autograder.exports.grade import Grade, NotExported, short
from autograder.exports.roster import Person


def moodle_xml(assignment: str, grades: Sequence[Grade], roster: dict[str, Person]) -> str:
    """The file for Moodle's "Import, XML file" of everybody who handed in.

    Parameters
    ----------
    assignment : str
        The activity's idnumber in Moodle.

    Raises
    ------
    NotExported
        If somebody has no idnumber in the roster.
    """
    handed_in = [grade for grade in grades if grade.handed_in]
    unknown = sorted(g.student for g in handed_in if not _idnumber(g, roster))
    if unknown:
        raise NotExported(
            f"no id for {', '.join(unknown)}: Moodle would refuse the whole file. Give a roster "
            "(--roster FILE.csv with the columns id and login) that has everybody"
        )
    results = ET.Element("results")
    for grade in handed_in:
        result = ET.SubElement(results, "result")
        ET.SubElement(result, "assignment").text = assignment
        ET.SubElement(result, "student").text = _idnumber(grade, roster)
        ET.SubElement(result, "score").text = short(grade.score)
    ET.indent(results)
    return ET.tostring(results, encoding="unicode", xml_declaration=True) + "\n"


def _idnumber(grade: Grade, roster: dict[str, Person]) -> str:
    person = roster.get(grade.student)
    return person.id if person else ""
