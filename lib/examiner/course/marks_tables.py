"""Tables of marks as learning-management systems read them.

Moodle asks at the import which column names the student and which one holds which grade
(https://docs.moodle.org/en/Grade_import). Canvas wants "Student", "ID", its SIS columns and
"Section" first, and knows a row that begins with "Points Possible" (canvas-lms,
lib/gradebook_importer.rb); it finds a student by the login where "ID" is empty. Both take a row
for each student and a column for each assignment.
"""

from __future__ import annotations

from collections.abc import Callable

from .results import NOT_GRADED

Row = dict[str, object]
Table = list[list[object]]

PLAIN, MOODLE, CANVAS = "plain", "moodle", "canvas"


def moodle(rows: list[Row]) -> Table:
    """Marks for Moodle: map "Username" to the user, and each assignment to its grade item."""
    people = ("student", "first_name", "last_name", "email")
    header = ["Username", "First name", "Last name", "Email address", *_assignments(rows)]
    return [
        header,
        *(
            [*(student[0][name] for name in people), *_scores(rows, student)]
            for student in _students(rows)
        ),
    ]


def canvas(rows: list[Row]) -> Table:
    """Marks for Canvas: a student is found by SIS Login ID; a new column is a new assignment."""
    names = _assignments(rows)
    most = {row["assignment"]: row["max_score"] for row in rows}
    header = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *names]
    table: Table = [header, ["Points Possible", "", "", "", "", *(most[name] for name in names)]]
    for student in _students(rows):
        first = student[0]
        name = ", ".join(str(first[part]) for part in ("last_name", "first_name") if first[part])
        login = first["student"]
        table.append([name or login, "", "", login, "", *_scores(rows, student)])
    return table


def _assignments(rows: list[Row]) -> list[object]:
    return list(dict.fromkeys(row["assignment"] for row in rows))


def _students(rows: list[Row]) -> list[list[Row]]:
    """The rows of each student."""
    found: dict[object, list[Row]] = {}
    for row in rows:
        found.setdefault(row["student"], []).append(row)
    return list(found.values())


def _scores(rows: list[Row], student: list[Row]) -> list[object]:
    """A student's score in each assignment; nothing where it is not graded yet."""
    scores = {
        row["assignment"]: "" if str(row["status"]) == NOT_GRADED else row["score"]
        for row in student
    }
    return [scores.get(name, "") for name in _assignments(rows)]


SYSTEMS: dict[str, Callable[[list[Row]], Table]] = {MOODLE: moodle, CANVAS: canvas}
