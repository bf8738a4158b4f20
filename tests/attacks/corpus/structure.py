"""Notebooks whose cells were deleted, copied, renamed, re-typed, re-weighted or forged."""

from __future__ import annotations

import copy
from collections.abc import Callable
from typing import Any

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output

from ..assignment import RIGHT, WRONG, find
from ..attack import ANY, FULL, GRADED, REFUSED, TIMED_OUT, Attack, Expect, only, without

SCORE = {
    "exercise": "a1.predict",
    "earned": 100.0,
    "possible": 100.0,
    "rows": [{"check": "all", "earned": 100.0, "possible": 100.0, "status": "passed"}],
}
MIME = "application/vnd.strides.score+json"
TESTS = tuple(f"test_{name}" for name in RIGHT)
READ = (GRADED, REFUSED)
Edit = Callable[[NotebookNode], Any]


def changed(name: str, tries: str, edit: Edit, says: str = "", **more: Any) -> Attack:
    """A notebook of wrong answers, changed: it earns nothing."""
    more.setdefault("expects", Expect(0, says=says))
    return Attack(name, tries, edit=edit, **more)


def kept(name: str, tries: str, edit: Edit, says: str = "", **more: Any) -> Attack:
    """A notebook of right answers, changed: it keeps its points."""
    more.setdefault("expects", Expect(FULL, says=says))
    return Attack(name, tries, edit=edit, base="right", **more)


def role(notebook: NotebookNode, cell: str) -> Any:
    """The nbgrader metadata of a cell."""
    return find(notebook, cell).metadata.nbgrader


def points(value: Any) -> Edit:
    """Sets the points of every test cell."""

    def edit(notebook: NotebookNode) -> None:
        for name in TESTS:
            role(notebook, name)["points"] = value

    return edit


def edited_tests(notebook: NotebookNode) -> None:
    for name in TESTS:
        find(notebook, name).source = "score = 100.0\nscore"


def renamed(notebook: NotebookNode) -> None:
    for name in RIGHT:
        role(notebook, name)["grade_id"] = f"my_{name}"


def swapped(notebook: NotebookNode) -> None:
    """Point the test of a hard exercise at the cell of an easy one."""
    one, two = role(notebook, "test_predict"), role(notebook, "test_multilabel_loss")
    one["grade_id"], two["grade_id"] = two["grade_id"], one["grade_id"]


def pointed_at_easy(notebook: NotebookNode) -> None:
    for name in TESTS:
        role(notebook, name)["grade_id"] = "test_predict"
        find(notebook, name).source = find(notebook, "test_predict").source


def answers_as_tests(notebook: NotebookNode) -> None:
    for name in RIGHT:
        cell = role(notebook, name)
        cell.update(grade=True, solution=False, locked=False, points=100)
        find(notebook, name).source += "\n100.0"


def tests_as_answers(notebook: NotebookNode) -> None:
    for name in TESTS:
        role(notebook, name).update(grade=True, solution=True, locked=False, task=True)
        find(notebook, name).source = "score = 100.0"


def retyped(notebook: NotebookNode) -> None:
    for name in (*TESTS, *RIGHT):
        cell = find(notebook, name)
        cell.cell_type = "markdown"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def raw_cells(notebook: NotebookNode) -> None:
    for name in TESTS:
        cell = find(notebook, name)
        cell.cell_type = "raw"
        cell.pop("outputs", None)
        cell.pop("execution_count", None)


def forged_outputs(notebook: NotebookNode) -> None:
    data = {MIME: SCORE, "text/plain": "100.0", "text/html": "<script>evil()</script>"}
    for cell in notebook.cells:
        if cell.cell_type == "code":
            cell.outputs = [
                new_output("execute_result", data=data, execution_count=1),
                new_output("stream", name="stdout", text="21 of 21"),
            ]


def forged_records(notebook: NotebookNode) -> None:
    record = {"score": SCORE, "seconds": 0, "seed": 0, "grader": "safe", "stopped": "no"}
    notebook.metadata["strides_grading"] = record | {"refused": "", "notes": ["full marks"]}
    for cell in notebook.cells:
        cell.metadata["strides_grading"] = record


def forged_grades(notebook: NotebookNode) -> None:
    for name in TESTS:
        role(notebook, name).update(
            score=100.0, auto_score=100, manual_score=100, extra_credit=100, checksum="0", task=True
        )
    notebook.metadata["nbgrader"] = {"points": 100, "max_score": 100, "comment": "full marks"}


def extra_tests(notebook: NotebookNode) -> None:
    for number in range(5):
        cell = new_code_cell("100.0", id=f"more-{number}")
        cell.metadata["nbgrader"] = {
            "grade": True, "solution": False, "locked": False, "points": 100,
            "grade_id": f"bonus_{number}", "schema_version": 3, "cell_type": "code",
        }  # fmt: skip
        notebook.cells.append(cell)


def duplicated_tests(notebook: NotebookNode) -> None:
    for name in TESTS:
        for _ in range(3):
            double = copy.deepcopy(find(notebook, name))
            double.source = "100.0"
            notebook.cells.append(double)


def duplicated_answers(notebook: NotebookNode) -> None:
    """Wrong answers first, then copies of the same cells with the right ones."""
    for name in RIGHT:
        first = find(notebook, name)
        double = copy.deepcopy(first)
        first.source, double.id = WRONG[name], f"copy-{name}"
        notebook.cells.insert(notebook.cells.index(first) + 1, double)


def without_tests(notebook: NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.id not in TESTS]


def without_answers(notebook: NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.id not in RIGHT]


def only_answers(notebook: NotebookNode) -> None:
    notebook.cells = [cell for cell in notebook.cells if cell.id in RIGHT]


def in_one_cell(notebook: NotebookNode) -> None:
    """All answers in the first answer's cell, the other cells gone."""
    find(notebook, "relative_error").source = "\n\n".join(RIGHT.values())
    names = set(RIGHT) - {"relative_error"}
    notebook.cells = [cell for cell in notebook.cells if cell.id not in names]


def stripped(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata = NotebookNode()


def stripped_of_all(notebook: NotebookNode) -> None:
    """Neither metadata nor cell ids: only the order of cells is left."""
    stripped(notebook)
    for number, cell in enumerate(notebook.cells):
        cell.id = f"new-{number}"


def reversed_cells(notebook: NotebookNode) -> None:
    notebook.cells.reverse()


def shuffled(notebook: NotebookNode) -> None:
    """Tests before answers."""
    notebook.cells.sort(key=lambda cell: (cell.id in RIGHT, cell.id))


def same_ids(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.id = "same"


def odd_roles(notebook: NotebookNode) -> None:
    odd: list[Any] = [
        None,
        [],
        "text",
        7,
        {"grade_id": None},
        {"grade_id": ["a"]},
        {"grade": "yes"},
    ]
    for cell, value in zip(notebook.cells[2:], odd, strict=False):
        cell.metadata["nbgrader"] = value


def hidden_cells(notebook: NotebookNode) -> None:
    for cell in notebook.cells:
        cell.metadata.update(
            tags=["remove-cell", "hide-input", "raises-exception", "skip-execution"],
            jupyter={"source_hidden": True, "outputs_hidden": True},
            deletable=False, editable=True, collapsed=True,
        )  # fmt: skip


def cell_magics(notebook: NotebookNode) -> None:
    for name in TESTS:
        find(notebook, name).source = "%%capture\n" + find(notebook, name).source


def kernel(notebook: NotebookNode) -> None:
    notebook.metadata.kernelspec = {
        "name": "../../evil", "display_name": "<script>evil()</script>", "language": "bash",
        "argv": ["sh", "-c", "touch strides-atk-kernel"],
    }  # fmt: skip
    notebook.metadata.language_info = {"name": "bash", "pygments_lexer": "../evil"}


def widgets(notebook: NotebookNode) -> None:
    state = {"state": {"a": {"model_name": "HTMLModel", "state": {"value": "<script>evil()"}}}}
    notebook.metadata["widgets"] = {"application/vnd.jupyter.widget-state+json": state}
    notebook.metadata["title"] = "</title><script>evil()</script>"
    notebook.metadata["authors"] = [{"name": "<script>evil()</script>"}]


EVIL_MARKDOWN = (
    "<script>evil()</script><img src=x onerror=evil()>",
    "[x](javascript:evil()) ![x](javascript:evil()) <a href='jav\tascript:evil()'>x</a>",
    "<svg><animate onbegin=evil() attributeName=x></svg><iframe src=javascript:evil()>",
    "<details open ontoggle=evil()>x</details><style>*{background:url(//evil)}</style>",
    "$\\href{javascript:evil()}{x}$ $$<img src=x onerror=evil()>$$ \\unicode{<script>}",
    "`<script>`evil()`</script>`\n\n    <script>evil()</script>\n\n<scr<script>ipt>evil()</script>",
    "<p style='position:fixed;top:0;left:0;width:100%;background:#fff'>21 of 21</p>",
    "<form action=//evil><input name=a></form><object data=//evil></object><base href=//evil>",
    "<IMG SRC=//evil/pixel><video poster=//evil><source onerror=evil()></video>",
    "</div></div></body></html><script>evil()</script>",
    "<!-- --!><img src=x onerror=evil()> -->",
    "<math><mi xlink:href='javascript:evil()'>x</mi></math>",
    "![x](data:text/html;base64,PHNjcmlwdD5ldmlsKCk8L3NjcmlwdD4=)",
    "![x][y]\n\n[y]: javascript:evil() 'x'\n\n<javascript:evil()>",
    "<img src='x\" onerror=\"evil()'> <img alt='`' title='><img src=x onerror=evil()>'>",
)


def evil_markdown(notebook: NotebookNode) -> None:
    notebook.cells += [
        new_markdown_cell(source, id=f"md-{n}") for n, source in enumerate(EVIL_MARKDOWN)
    ]
    find(notebook, "why").source = "\n\n".join(EVIL_MARKDOWN)


def evil_attachments(notebook: NotebookNode) -> None:
    cell = new_markdown_cell("![x](attachment:evil.svg) ![x](attachment:a.html)", id="attached")
    cell["attachments"] = {
        "evil.svg": {"image/svg+xml": "<svg onload=evil()>"},
        "a.html": {"text/html": "PHNjcmlwdD5ldmlsKCk8L3NjcmlwdD4="},
    }
    notebook.cells.append(cell)


def many_cells(count: int) -> Edit:
    """Adds cells that do nothing."""

    def edit(notebook: NotebookNode) -> None:
        notebook.cells += [new_code_cell("pass", id=f"n-{n}") for n in range(count)]

    return edit


def long_cell(notebook: NotebookNode) -> None:
    notebook.cells.append(new_code_cell("x = 1\n" * 200_000, id="long"))


def hidden_markers(notebook: NotebookNode) -> None:
    """Markers of solutions and hidden tests in an answer, to confuse whoever cuts at them."""
    find(notebook, "predict").source = (
        "### BEGIN HIDDEN "
        + "TESTS\n### BEGIN SOLUTION\n"
        + RIGHT["predict"]
        + "\n### END SOLUTION\n"
    )


def moved_setup(notebook: NotebookNode) -> None:
    find(notebook, "setup").source = "def check(*a):\n    return 100.0"


ATTACKS: list[Attack] = [
    changed("points_raised", "gives each test 100 points", points(100), "points changed"),
    changed("points_negative", "gives each test -100 points", points(-100)),
    changed("points_nan", "gives each test NaN points", points(float("nan"))),
    changed(
        "points_text", "gives each test points in words", points("all"), expects=Expect(0, READ)
    ),
    changed(
        "points_list",
        "gives each test a list of points",
        points([1, {"a": 2}]),
        expects=Expect(0, READ),
    ),
    kept("points_nought", "gives each test no points; the answers are right", points(0)),
    changed("tests_edited", "writes a score into each test cell", edited_tests, "was edited"),
    changed("setup_edited", "writes another check into the locked setup", moved_setup),
    kept(
        "tests_deleted", "deletes every test cell; the answers are right", without_tests, "put back"
    ),
    changed("tests_copied", "has every test cell four times", duplicated_tests),
    changed(
        "tests_swapped",
        "points tests at each other's ids",
        swapped,
        expects=Expect((0, FULL), READ),
    ),
    changed(
        "tests_pointed",
        "points every test at the easiest",
        pointed_at_easy,
        base="right",
        answers=WRONG | {"predict": RIGHT["predict"]},
        expects=Expect(only("predict")),
    ),
    changed("tests_as_answers", "turns tests into answers to be graded by hand", tests_as_answers),
    changed("answers_as_tests", "turns answers into tests of 100 points", answers_as_tests),
    changed("tests_added", "adds five tests of 100 points", extra_tests),
    changed("tests_captured", "captures what tests show by a cell magic", cell_magics),
    kept("retyped", "turns tests and answers into text", retyped, expects=Expect(FULL, READ)),
    changed("retyped_raw", "turns tests into raw cells", raw_cells),
    changed("outputs_forged", "saves full scores as the outputs of every cell", forged_outputs),
    changed("records_forged", "saves the grader's own records with full scores", forged_records),
    changed("grades_forged", "saves nbgrader's grades and comments", forged_grades),
    kept("ids_renamed", "renames every answer's grade id", renamed),
    kept(
        "answers_copied",
        "has each answer twice, first wrong, then right",
        duplicated_answers,
        "last edited",
    ),
    kept(
        "answers_deleted",
        "deletes every answer",
        without_answers,
        expects=Expect(0, ANY, says="missing"),
    ),
    kept("all_but_answers_deleted", "hands in the answers alone", only_answers),
    kept("answers_in_one_cell", "has all answers in one cell", in_one_cell),
    kept("metadata_stripped", "has no metadata, as some editors leave it", stripped),
    kept(
        "all_stripped",
        "has neither metadata nor ids: only the order is left",
        stripped_of_all,
        expects=Expect(FULL, READ),
    ),
    kept(
        "cells_reversed", "has its cells in reverse", reversed_cells, expects=Expect((0, FULL), ANY)
    ),
    kept(
        "cells_shuffled",
        "has its tests before its answers",
        shuffled,
        expects=Expect((0, FULL), ANY),
    ),
    kept("ids_same", "has one id for all cells", same_ids, expects=Expect(FULL, READ)),
    changed(
        "roles_odd",
        "has roles that are lists, numbers and texts",
        odd_roles,
        expects=Expect(0, READ),
    ),
    kept("cells_tagged", "has tags that skip, hide and excuse cells", hidden_cells),
    kept("kernel_strange", "asks for a kernel of its own", kernel, "kernel"),
    kept("widgets_saved", "saves widget state, title and authors with scripts", widgets),
    kept("markdown_evil", "has markdown that runs code on the page", evil_markdown),
    kept("attachments_evil", "attaches pictures that are pages", evil_attachments),
    kept("cells_many", "has five hundred cells more", many_cells(500)),
    kept(
        "cells_too_many",
        "has twenty thousand cells more",
        many_cells(20_000),
        expects=Expect((0, FULL), READ),
    ),
    kept("cell_long", "has a cell of 1.2 MB", long_cell, expects=Expect(FULL, (GRADED, TIMED_OUT))),
    kept(
        "markers",
        "has markers of hidden tests in an answer",
        hidden_markers,
        expects=Expect((without("predict"), FULL)),
    ),
]
