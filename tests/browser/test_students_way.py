"""From the bundle to the feedback page, with every click: a student, an instructor, a student.

The student has unpacked the bundle and reaches the course's exchange, as on a shared server.
"""

from __future__ import annotations

import getpass
import os
import re
import shutil
import zipfile
from pathlib import Path

import pytest

from browser.lab import LabNotebook, jupyterlab
from examiner.build import build
from examiner.bundle import FOLDER, make_bundle
from examiner.course.course import Course

ROOT = Path(__file__).resolve().parents[2]
A5 = "a5_convolution"
PATIENCE = 60_000
STUB = "# your code here"
RIGHT = [
    'if window > n + 2 * pad: raise ValueError("too large")',
    "return (n + 2 * pad - window) // stride + 1",
]
MISTAKEN = ["return (n + 2 * pad - window) % stride == 0"]
MESSAGE = "A window larger than its input does not fit: the rest must be 0 or more."
STUDENTS_CONFIG = """
c = get_config()
c.CourseDirectory.course_id = "strides"
c.Exchange.root = {exchange!r}
c.Exchange.cache = {cache!r}
c.Exchange.assignment_dir = {assignments!r}
"""


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """An instructor's course whose only assignment is released."""
    root = tmp_path_factory.mktemp("course")
    shutil.copytree(ROOT / "sources" / "assignments" / A5, root / "sources" / "assignments" / A5)
    shutil.copy(ROOT / "nbgrader_config.py", root)
    build(root)
    Course(root).release(A5)
    return root


@pytest.fixture(scope="module")
def student(tmp_path_factory, course):
    """The folder of a student who has unpacked the bundle, and the address of their JupyterLab."""
    home = tmp_path_factory.mktemp("student")
    with zipfile.ZipFile(make_bundle(ROOT, home).path) as bundle:
        bundle.extractall(home)
    folder, config = home / FOLDER, home / "config"
    config.mkdir()
    settings = {
        "exchange": course / "build" / "exchange",
        "cache": home / "cache",
        "assignments": folder / "assignments",
    }
    (config / "nbgrader_config.py").write_text(
        STUDENTS_CONFIG.format(**{name: str(path) for name, path in settings.items()})
    )
    environment = {"JUPYTER_CONFIG_DIR": str(config), "PYTHONPATH": str(folder / "lib")}
    with jupyterlab(folder, home / "lab", environment) as address:
        yield folder, address


@pytest.fixture(scope="module")
def formgrader(tmp_path_factory, course):
    """The address of the instructor's Formgrader."""
    home = tmp_path_factory.mktemp("instructor")
    with jupyterlab(course, home, {"JUPYTER_CONFIG_DIR": str(home / "config")}) as address:
        yield f"{address}/formgrader"


@pytest.fixture
def picture(screenshots):
    """Keep a step's screenshot, numbered, for people to look at."""
    steps = iter(range(1, 100))

    def take(page, name: str) -> None:
        page.screenshot(path=screenshots / f"students_way_{next(steps):02}_{name}.png")

    return take


class Desk(LabNotebook):
    """A student at JupyterLab: cells are found by what stands in them."""

    def cell(self, text: str):
        return self.page.locator(".jp-CodeCell", has_text=text).first

    def type_answer(self, text: str, lines: list[str]) -> None:
        """Put the caret behind a cell's stub, select it, and type key by key."""
        stub = self.cell(text).locator(".cm-line", has_text=STUB)
        stub.click()
        self.page.keyboard.press("End")
        self.page.keyboard.press("Shift+Home")
        for number, line in enumerate(lines):
            if number:
                self.page.keyboard.press("Enter")
            self.page.keyboard.type(line)

    def run(self, text: str, most_seconds: float = 60):
        """Run a cell with Shift+Enter and wait until it has; returns the cell."""
        cell = self.cell(text)
        cell.locator(".cm-content").click()
        self.page.keyboard.press("Shift+Enter")
        self.page.wait_for_function(
            "cell => /\\[\\d+\\]/.test(cell.querySelector('.jp-InputPrompt').textContent)",
            arg=cell.element_handle(),
            timeout=1000 * most_seconds,
        )
        return cell

    def open_assignments(self):
        """Open nbgrader's Assignment List from the menu."""
        self.page.get_by_role("menuitem", name="Nbgrader").click()
        self.page.get_by_role("menuitem", name="Assignment List").click()
        listed = self.page.locator("#nbgrader-assignment-list")
        listed.locator("#fetched_assignments_list", has_text=A5).wait_for()
        return listed


def test_from_the_bundle_to_the_feedback(chromium, student, formgrader, picture):
    folder, address = student
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    desk = Desk(page)

    answer_two_exercises(desk, address, picture)
    validate(desk, picture)
    assignments = submit(desk, picture)
    teach(chromium, formgrader, picture)
    read_feedback(desk, assignments, folder, picture)

    assert desk.outside == []
    assert [problem for problem in desk.problems if not is_expected(problem)] == []
    page.close()


def is_expected(problem: str) -> bool:
    """Lab's warnings, and fonts of nbgrader's style, which the feedback page's policy refuses."""
    return problem.startswith("warning") or "glyphicons" in problem


def answer_two_exercises(desk: Desk, address: str, picture) -> None:
    desk.open(address, f"assignments/{A5}/{A5}.ipynb")
    picture(desk.page, "opened")
    desk.run("from strides.check import check")
    desk.type_answer("def output_size(", RIGHT)
    desk.run("def output_size(")
    right = desk.run('check(output_size, "a5.output_size")')
    right.locator("table.strides-score").wait_for()
    assert "passed" in right.inner_text()
    desk.type_answer("def fits(", MISTAKEN)
    desk.run("def fits(")
    wrong = desk.run('check(fits, "a5.fits")')
    wrong.locator("table.strides-score").wait_for()
    wrong.scroll_into_view_if_needed()
    picture(desk.page, "answered")
    assert desk.errors() == []


def validate(desk: Desk, picture) -> None:
    desk.page.locator(".validate-button button, button.validate-button").first.click()
    results = desk.page.locator(".jp-Dialog", has_text="Validation Results")
    results.wait_for()
    picture(desk.page, "validated")
    assert 'check(conv1d, "a5.conv1d")' in results.inner_text()
    results.get_by_role("button", name="OK").click()


def submit(desk: Desk, picture):
    assignments = desk.open_assignments()
    row = assignments.locator("#fetched_assignments_list > .list_item", has_text=A5)
    row.get_by_role("button", name="Submit").click()
    assignments.locator("#submitted_assignments_list > .list_item", has_text=A5).wait_for()
    picture(desk.page, "submitted")
    return assignments


def teach(chromium, formgrader: str, picture) -> None:
    """Collect, autograde, generate and release feedback, each with Formgrader's button."""
    page = chromium.new_page(viewport={"width": 1280, "height": 900})
    page.set_default_timeout(PATIENCE)
    student = getpass.getuser()

    def press(place: str, button: str, said: str) -> None:
        page.goto(f"{formgrader}/{place}")
        page.locator(f"{button} a").first.click()
        page.wait_for_selector(f"text={said}")

    press("manage_assignments", ".collect", f"Successfully collected submissions of '{A5}'")
    picture(page, "collected")
    graded = f"Successfully autograded '{A5}' for student '{student}'"
    press(f"manage_submissions/{A5}", ".autograde", graded)
    picture(page, "autograded")
    page.goto(f"{formgrader}/manage_submissions/{A5}")
    row = page.locator("tr", has=page.locator(".autograde a")).inner_text()
    points, most = map(float, re.search(r"([\d.]+) / ([\d.]+)", row).groups())
    assert (points, most) == (4, 70)
    press("manage_assignments", ".generate-feedback", "Successfully generated feedback")
    press("manage_assignments", ".release-feedback", "Successfully released feedback")
    picture(page, "released")
    page.close()


def read_feedback(desk: Desk, assignments, folder: Path, picture) -> None:
    page = desk.page
    page.locator("#refresh_assignments_list").click()
    row = assignments.locator("#submitted_assignments_list > .list_item", has_text=A5)
    row.locator("text=(feedback available to fetch)").wait_for()
    row.get_by_role("button", name="Fetch Feedback").click()
    row.locator("text=(view feedback)").wait_for()
    picture(page, "fetched")
    row.locator("text=(view feedback)").click()
    page.locator(".jp-DirListing-item", has_text=f"{A5}.html").dblclick()
    frame = page.frame_locator(".jp-HTMLViewer iframe, .jp-IFrame iframe")
    message = frame.locator("table.strides-score", has_text=MESSAGE)
    message.scroll_into_view_if_needed()
    picture(page, "feedback")
    pages = list((folder / "assignments" / A5 / "feedback").glob("*/*.html"))
    assert len(pages) == 1
    html = pages[0].read_text(encoding="utf-8")
    assert MESSAGE in html
    assert "examine(" not in html
    assert os.fspath(folder) not in html
