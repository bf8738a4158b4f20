"""Feedback pages: readable, and without what students shall not see.

Comes after nbgrader's GetGrades and nbconvert's CSSHTMLHeaderPreprocessor in
`c.GenerateFeedback.preprocessors` (see `examiner.course.settings`).
"""

from __future__ import annotations

import re
from html import escape

from nbconvert.exporters.exporter import ResourcesDict
from nbformat import NotebookNode
from nbformat.v4 import new_markdown_cell
from nbgrader.preprocessors import NbGraderPreprocessor

from examiner.course.marks import stopped_cells
from examiner.course.record import KEY, grade_id, is_test, rows_of
from examiner.course.scrub import clean_text
from examiner.markdown import TRUSTED
from examiner.page import CleanView

HIDDEN = re.compile(
    r"^.*BEGIN HIDDEN TESTS.*\n(?:.*\n)*?.*END HIDDEN TESTS.*\n?", flags=re.MULTILINE
)
ANSI = re.compile(r"\x1b\[[0-9;]*m")
HAND_IN_AGAIN = "Open the notebook in JupyterLab, save it, and submit it again."
STYLE = """
body { color: #1a1a1a; }
#toc { display: none; }
.anchor-link { display: none; }
div.output_area pre, div.input_area pre { white-space: pre-wrap; overflow-wrap: anywhere; }
table.strides-score { border-collapse: collapse; width: 100%; margin: 0.6em 0 1.6em; }
table.strides-score caption { color: #1a1a1a; font-size: 1.1em; padding: 0.3em 0; }
table.strides-score th, table.strides-score td { border-bottom: 1px solid #ccc; }
table.strides-score th:first-child { min-width: 11em; }
table.strides-score td:nth-child(2), table.strides-score td:nth-child(3) { white-space: nowrap; }
summary { display: list-item; cursor: pointer; }
.rendered_html table td, .rendered_html table th { padding: 0.2em 1em 0.2em 0; text-align: left; }
.rendered_html table { margin: 0.5em 0 1em; }
.strides-summary { border-left: 4px solid #0072B2; padding: 0.2em 1em; margin: 1em 0 2em; }
.strides-summary .refused { color: #a03c00; font-weight: bold; }
"""


def without_hidden_tests(source: str) -> str:
    """A test cell's source as the student knows it."""
    return HIDDEN.sub("", source)


def clean_traceback(output: NotebookNode, in_test: bool) -> list[str]:
    """What a student may read of an error: its message, and the frames of their own cells."""
    message = clean_text(f"{output.ename}: {output.evalue}")
    plain = [ANSI.sub("", frame) for frame in output.traceback]
    if output.ename in ("TimeLimit", "KernelDied"):
        return plain
    frames = [frame for frame in plain if frame.lstrip().startswith("Cell In")]
    if in_test or not frames:
        return [message]
    return [clean_text(frame.rstrip()) for frame in frames] + ["", message]


def clean_output(output: NotebookNode, in_test: bool) -> NotebookNode:
    """A harmless output (see `examiner.page`) without machine paths and foreign frames."""
    if output.output_type == "stream":
        output.text = clean_text(output.text)
    elif output.output_type == "error":
        output.traceback = clean_traceback(output, in_test)
    elif "text/plain" in output.data:
        output.data["text/plain"] = clean_text(output.data["text/plain"])
    return output


def summary(notebook: NotebookNode) -> str:
    """The page's first lines: points by exercise, what was stopped, what was changed."""
    record = notebook.metadata.get(KEY, {})
    rows = [_summary_row(cell) for cell in notebook.cells if "points" in _role(cell)]
    lines = [f"<tr><th>exercise</th><th>points</th><th></th></tr>{''.join(rows)}"]
    parts = [f"<table>{''.join(lines)}</table>"]
    if reason := record.get("refused"):
        advice = f"{escape(clean_text(reason))} {HAND_IN_AGAIN}"
        parts.insert(0, f'<p class="refused">This submission was not graded. {advice}</p>')
    notes = stopped_cells(notebook) + list(record.get("notes", []))
    if notes:
        items = "".join(f"<li>{escape(clean_text(note))}</li>" for note in notes)
        parts.append(f"<p>What grading met in this notebook:</p><ul>{items}</ul>")
    return f'<div class="strides-summary">{"".join(parts)}</div>'


def _role(cell: NotebookNode) -> NotebookNode:
    role = cell.metadata.get("nbgrader", NotebookNode())
    return role if role.get("grade") else NotebookNode()


def _summary_row(cell: NotebookNode) -> str:
    role = _role(cell)
    name = grade_id(cell)
    score = role.get("score")
    points = "to be read" if score is None else f"{score:g} of {role['points']:g}"
    reason = escape(clean_text(cell.metadata.get(KEY, {}).get("reason", "") or _passed(cell)))
    link = f'<a href="#{name}">{name.removeprefix("test_")}</a>'
    return f"<tr><td>{link}</td><td>{points}</td><td>{reason}</td></tr>"


def _passed(cell: NotebookNode) -> str:
    """How many checks passed, where not all did."""
    rows = rows_of(cell) if is_test(cell) else []
    passed = sum(row.get("status") == "passed" for row in rows)
    return "" if passed == len(rows) else f"{passed} of {len(rows)} checks passed"


class CleanFeedback(NbGraderPreprocessor):
    """Cleans a graded notebook for its student and puts a summary at its head."""

    def preprocess(
        self, nb: NotebookNode, resources: ResourcesDict
    ) -> tuple[NotebookNode, ResourcesDict]:
        nb, resources = CleanView().preprocess(nb, resources)
        head = new_markdown_cell(summary(nb), metadata={TRUSTED: True})
        if nb.metadata.get(KEY, {}).get("refused"):
            nb.cells = []
        for cell in nb.cells:
            self._clean(cell)
        nb.cells.insert(0, head)
        resources["inlining"]["css"].append(STYLE)
        return nb, resources

    def _clean(self, cell: NotebookNode) -> None:
        if cell.cell_type == "code":
            if is_test(cell):
                cell.source = without_hidden_tests(cell.source)
            cell.outputs = [clean_output(output, is_test(cell)) for output in cell.outputs]
