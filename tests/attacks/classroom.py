"""One class in which everybody hands in something hostile, broken or odd, graded by theme.

Before and after each theme stands a student who did everything right and who must keep
every point. STRIDES_ATTACKS="name,name" takes only these of a theme, while one works on them.
"""

from __future__ import annotations

import os
import shutil
import signal
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from types import FrameType

import nbformat
import pytest
from nbformat import NotebookNode
from traitlets.config import Config

from examiner.course.course import Course
from examiner.course.record import KEY, is_test, rows_of
from examiner.course.results import Result
from examiner.course.steps import checked
from examiner.course.workers import ProcessWorkers

from . import leaks
from .assignment import ASSIGNMENT, CONFIG, fill_in, make_source
from .attack import ALL, Attack
from .corpus import HONEST, THEMES, named

REPO = Path(__file__).resolve().parents[2]
TOGETHER = ("processes", "bombs", "loops", "wire", "values", "floods")
"""Themes that two workers grade, so that what one submission does is felt beside it, if at all."""
QUICK, SHARED, PATIENT = 3.0, 6.0, 10.0
"""Seconds that a cell has: in hostile notebooks, in themes that keep the cores busy, in honest."""
BUSY = ("processes", "values")
HANGS = 240
"""Seconds after which a theme's grading is given up: a hang of the grader itself."""
MOST_NOTEBOOK, MOST_PAGE = 4_000_000, 6_000_000


@dataclass
class Graded:
    """What grading left of one submission."""

    attack: Attack
    student: str
    result: Result
    notebook: NotebookNode | None
    page: str
    folders: tuple[Path, Path]

    @property
    def said(self) -> str:
        """What the report says: reasons, notes, the messages of checks."""
        cells = self.notebook.cells if self.notebook else []
        messages = [
            str(row.get("message", "")) for cell in cells if is_test(cell) for row in rows_of(cell)
        ]
        return "\n".join([*self.result.reasons, *self.result.notes, *messages])

    @property
    def theme(self) -> str:
        return self.student.partition("-")[0]


def chosen(theme: str) -> list[Attack]:
    """The entries of a theme, or those of them that are asked for."""
    wanted = os.environ.get("STRIDES_ATTACKS", "")
    names = wanted.split(",") if wanted else [attack.name for attack in THEMES[theme]]
    return [attack for attack in THEMES[theme] if attack.name in names]


def cases(*themes: str) -> list[object]:
    """The parameters (theme, name) of a test of every entry."""
    return [
        pytest.param(theme, attack.name, id=f"{theme}-{attack.name}")
        for theme in themes
        for attack in chosen(theme)
    ]


@contextmanager
def given_up(seconds: float) -> Iterator[None]:
    """Turn a hang into a failure. No alarm is used: the grader may need that for itself."""

    def stop(number: int, frame: FrameType | None) -> None:
        raise TimeoutError(f"the grader itself did not end within {seconds:g} s")

    before = signal.signal(signal.SIGUSR1, stop)
    timer = threading.Timer(seconds, os.kill, (os.getpid(), signal.SIGUSR1))
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        signal.signal(signal.SIGUSR1, before)


class Classroom:
    """The course's folder, its canaries, and the themes that were graded so far."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.canary = leaks.new_canary()
        self.own: dict[str, str] = {}
        self.graded: dict[str, dict[str, Graded]] = {}
        folder = root / "solutions" / ASSIGNMENT
        folder.mkdir(parents=True)
        (root / "exchange").mkdir()
        (root / "exchange").chmod(0o777)
        (root / "nbgrader_config.py").write_text(CONFIG)
        (root / "sources").mkdir()
        (root / "sources" / "solutions.py").write_text(f"# {self.canary}\n")
        nbformat.write(make_source(self.canary), folder / f"{ASSIGNMENT}.ipynb")
        os.environ["STRIDES_CANARY"] = self.canary
        self.course = Course(root)
        self.course.release(ASSIGNMENT)
        self.course.enrol("zoe", self.canary, "Neighbour")
        self.blank = nbformat.read(root / "assignments" / ASSIGNMENT / f"{ASSIGNMENT}.ipynb", 4)
        self.paths = {"@COURSE@": str(root), "@REPO@": str(REPO)}

    def theme(self, name: str) -> dict[str, Graded]:
        """What came of each entry of a theme, graded when first asked for."""
        if name not in self.graded:
            self.graded[name] = self._grade(name)
        return self.graded[name]

    def _grade(self, theme: str) -> dict[str, Graded]:
        sentinels = [
            Attack(
                name,
                "nothing",
                {"why_mean": f'why_mean = "c"  # {name}'},
                base="right",
                expects=ALL,
            )
            for name in ("before", "after")
        ]
        everyone = [sentinels[0], *chosen(theme), sentinels[1]]
        students = {f"{theme}-{n:03}-{entry.name}": entry for n, entry in enumerate(everyone)}
        for student, entry in students.items():
            self._hand_in(student, entry)
        with given_up(HANGS):
            course = self._course_of(theme)
            workers = self.workers if theme in TOGETHER else None
            results = course.autograde(ASSIGNMENT, students=list(students), workers=workers)
            # One step for all of them: nbgrader takes a pattern for a student.
            outcome = course.api.generate_feedback(ASSIGNMENT, f"{theme}-*", force=True)
            checked(outcome, f"feedback for {theme}")
        by_student = {result.student: result for result in results}
        return {
            entry.name: self._read(student, entry, by_student[student])
            for student, entry in students.items()
        }

    def _course_of(self, theme: str) -> Course:
        """The course; honest work may take its time, since it would be slow for no attack."""
        overrides = Config()
        quick = SHARED if theme in BUSY else QUICK
        overrides.SafeExecute.timeout = PATIENT if theme in named(*HONEST) else quick
        overrides.SafeExecute.total_seconds = 7 * overrides.SafeExecute.timeout
        return Course(self.root, overrides)

    def _hand_in(self, student: str, entry: Attack) -> None:
        self.own[student] = leaks.new_canary()
        folder = self.course.folder("submitted", student, ASSIGNMENT)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        notebook = fill_in(self.blank, entry, self.paths)
        if entry.name in ("before", "after"):
            notebook.cells[-1].source += f" {self.own[student]}"
        content = nbformat.writes(notebook).encode("utf-8", "surrogatepass")
        if entry.content:
            content = entry.content(content)
        (folder / f"{ASSIGNMENT}.ipynb").write_bytes(content)
        if entry.files:
            entry.files(folder, self.root)

    def _read(self, student: str, entry: Attack, result: Result) -> Graded:
        graded = self.course.folder("autograded", student, ASSIGNMENT)
        feedback = self.course.folder("feedback", student, ASSIGNMENT)
        path, page = graded / f"{ASSIGNMENT}.ipynb", feedback / f"{ASSIGNMENT}.html"
        notebook = nbformat.read(path, 4) if path.is_file() else None
        text = page.read_text(encoding="utf-8") if page.is_file() else ""
        return Graded(entry, student, result, notebook, text, (graded, feedback))

    def leaks_of(self, graded: Graded) -> list[str]:
        """What must not stand in what was written about a submission, and does."""
        own = self.own[graded.student]
        secret = self.root / ".strides" / "secret"
        hashes = (secret.read_bytes().hex(),) if secret.is_file() else ()
        texts = [graded.page, leaks.texts_of(vars(graded.result) | {"pages": []})]
        if graded.notebook:
            texts.append(leaks.written(graded.notebook))
            hashes += (f"{graded.notebook.metadata.get(KEY, {}).get('seed', 'no seed')}",)
        paths = (str(self.root),)
        found = [leak for text in texts for leak in leaks.found_in(text, own, paths, hashes)]
        # A graded notebook may name the files of Python itself; a student's page may not.
        return found + [word for word in (*leaks.HIDDEN_WORDS, str(REPO)) if word in graded.page]

    @cached_property
    def workers(self) -> ProcessWorkers:
        """Two processes that grade."""
        return ProcessWorkers(2)

    def close(self) -> None:
        """End the workers, if any were needed."""
        os.environ.pop("STRIDES_CANARY", None)
        if "workers" in vars(self):
            self.workers.shutdown()


def wrong_with(room: Classroom, graded: Graded) -> list[str]:
    """What is not as it must be with a submission: required of all, and expected of this one."""
    expects, result = graded.attack.expects, graded.result
    low, high = expects.range
    notebook = leaks.written(graded.notebook) if graded.notebook else ""
    ordinary = leaks.active_html(room.theme(graded.theme)["before"].page)
    active = leaks.active_html(graded.page) - ordinary
    reason = result.reasons or result.status in ("graded", "blank")
    hidden = expects.hides and expects.hides in graded.page
    problems = {
        f"points: {result.points}, not {low}..{high}": not low <= result.points <= high,
        f"status: {result.status}, not {expects.status}": result.status not in expects.status,
        "no reason": not reason,
        f"did not say {expects.says!r}": expects.says.lower() not in graded.said.lower(),
        "no page of feedback": not graded.page,
        f"the page does not show {expects.shows!r}": expects.shows not in graded.page,
        f"shows {expects.hides!r}": hidden,
        f"leaks: {str(room.leaks_of(graded))[:600]}": room.leaks_of(graded),
        f"active on the page: {list(active)[:5]}": active,
        f"a page of {len(graded.page)} bytes": len(graded.page) > MOST_PAGE,
        f"a notebook of {len(notebook)} bytes": len(notebook) > MOST_NOTEBOOK,
        "something but plain files": any(leaks.not_plain(folder) for folder in graded.folders),
    }
    return [problem for problem, is_there in problems.items() if is_there]


def verify(room: Classroom, graded: Graded) -> None:
    """Fail with everything that is wrong with a submission's grading."""
    wrong = wrong_with(room, graded)
    result = graded.result
    told = f"{result.points} {result.status} {result.reasons} {result.notes}\n{graded.said[:2000]}"
    assert not wrong, "\n".join([*wrong, told])


def verify_theme(room: Classroom, theme: str) -> None:
    """What is required of a theme as a whole: nothing stays on the machine that graded it."""
    everyone = room.theme(theme)
    for name in ("before", "after"):
        verify(room, everyone[name])
    left = leaks.left_behind()
    assert not left, left
    home, here = Path.home(), Path.cwd()
    folders = [Path("/tmp"), Path("/var/tmp"), Path("/dev/shm"), home, here, REPO, room.root]
    folders += [REPO / "lib" / "strides", *room.root.glob("*ed"), Path("/usr"), Path("/etc")]
    files = leaks.marked_files(*folders)
    files += (room.root / "autograded").rglob(f"*{leaks.MARK}*")
    assert not files, files


def main(themes: list[str]) -> None:
    """Grade themes and print what came of each entry: python -m attacks.classroom (in tests/)."""
    with tempfile.TemporaryDirectory() as folder:
        room = Classroom(Path(folder) / "course")
        for theme in themes:
            began = time.monotonic()
            for name, graded in room.theme(theme).items():
                result = graded.result
                line = f"{theme}-{name} {result.points:g} {result.status} {result.seconds} s"
                wrong = wrong_with(room, graded)
                print("!!" if wrong else "  ", line, *wrong, sep="\n      " if wrong else " ")
                if wrong:
                    print("     ", result.reasons, result.notes, repr(graded.said[:600]))
            print(f"== {theme}: {time.monotonic() - began:.0f} s", flush=True)
            try:
                verify_theme(room, theme)
            except AssertionError as problem:
                print("!!", theme, problem)
        room.close()


if __name__ == "__main__":
    main(sys.argv[1:])
