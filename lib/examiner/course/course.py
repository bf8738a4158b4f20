"""The instructor's steps on one course folder, each a call, on nbgrader's Python API."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator
from functools import cached_property
from pathlib import Path
from typing import Any

import nbformat
from nbgrader.api import Gradebook, MissingEntry
from nbgrader.apps.api import NbGraderAPI
from nbgrader.utils import capture_log, temp_attrs
from traitlets.config import Config

from .arrivals import Arrived, as_they_arrive
from .class_report import ClassReport, class_report
from .errors import CourseError
from .grading import grade_submission
from .interrupt import finish_first
from .jobs import Run, run, takes_results, warmer
from .marks_file import write_marks
from .one_engine import gradebook_kept_open
from .prepare import Preparer
from .reading import fingerprint
from .record import KEY
from .results import Result, read_result
from .settings import load_settings, use_environment
from .steps import checked
from .workforce import Workers


def ignore(_: Result) -> None:
    """Report nothing."""


class Course:
    """A course folder: its assignments, students, submissions and marks.

    Raises CourseError where the folder holds no nbgrader_config.py, and from each step that
    cannot be done, with what was expected and what to do.
    """

    def __init__(self, root: Path | str, overrides: Config | None = None) -> None:
        self.config = load_settings(Path(root).resolve(), overrides)
        self.root = Path(self.config.CourseDirectory.root)
        use_environment()

    @cached_property
    def api(self) -> NbGraderAPI:
        """nbgrader's interface to this course."""
        return NbGraderAPI(config=self.config)

    def gradebook(self) -> Gradebook:
        """The gradebook, to be used as a context manager."""
        return Gradebook(self.api.coursedir.db_url, self.api.coursedir.course_id)

    def folder(self, step: str, student: str, assignment: str) -> Path:
        """The folder of one step, such as "submitted", for a student and an assignment."""
        coursedir = self.api.coursedir
        name = getattr(coursedir, f"{step}_directory")
        return Path(coursedir.format_path(name, student, assignment))

    def exchange_folder(self, name: str) -> Path:
        """The course's folder in the exchange: "inbound", "outbound" or "feedback"."""
        return Path(self.api.exchange_root, self.api.course_id, name)

    def assignments(self) -> list[str]:
        """The assignments there are to release."""
        return sorted(self.api.get_source_assignments())

    def resolve(self, name: str) -> str:
        """The assignment that a name means: its id, or what stands before the first underscore.

        Raises CourseError that lists what exists.
        """
        names = self.assignments()
        found = [full for full in names if name in (full, full.split("_")[0])]
        if len(found) == 1:
            return found[0]
        exist = ", ".join(names) or "none yet: run `strides build`"
        raise CourseError(f"assignment {name!r}: expected one of those that exist ({exist}).")

    def require_release(self, assignment: str) -> list[str]:
        """The names of the notebooks of a released assignment.

        Raises CourseError where the gradebook does not know it.
        """
        with self.gradebook() as gradebook:
            try:
                names = [book.name for book in gradebook.find_assignment(assignment).notebooks]
            except MissingEntry:
                names = []
        released = self.folder("release", ".", assignment)
        if not names or not all((released / f"{name}.ipynb").is_file() for name in names):
            raise CourseError(
                f"{assignment} was never released, so there is nothing to grade it against: "
                f"run `strides release {assignment}` first."
            )
        return names

    def release(self, assignment: str) -> Path:
        """Make the students' version, enter it in the gradebook, put it in the exchange."""
        checked(self.api.generate_assignment(assignment), f"making {assignment}")
        with temp_attrs(self.api.coursedir, assignment_id=assignment):
            step = self.api.exchange.ReleaseAssignment(
                coursedir=self.api.coursedir, authenticator=self.api.authenticator, parent=self.api
            )
            step.force = True
            outcome = capture_log(step)
        checked(outcome, f"releasing {assignment}")
        return self.exchange_folder("outbound") / assignment

    def enrol(self, student: str, first_name: str, last_name: str) -> None:
        """Enter a student's name in the gradebook."""
        with self.gradebook() as gradebook:
            gradebook.update_or_create_student(student, first_name=first_name, last_name=last_name)

    def submit(self, assignment: str, student: str, files: dict[str, bytes]) -> None:
        """Hand in files for a student, as their own `submit` would: for a sample class."""
        with tempfile.TemporaryDirectory() as scratch:
            folder = Path(scratch, assignment)
            folder.mkdir()
            for name, content in files.items():
                (folder / name).write_bytes(content)
            with temp_attrs(self.api.coursedir, assignment_id=assignment, student_id=student):
                step = self.api.exchange.Submit(
                    coursedir=self.api.coursedir,
                    authenticator=self.api.authenticator,
                    parent=self.api,
                    assignment_dir=scratch,
                )
                outcome = capture_log(step)
        checked(outcome, f"handing in {assignment} for {student}")

    def collect(self, assignment: str) -> list[str]:
        """Bring new submissions in from the exchange, if there is one; everyone who has one."""
        self.require_release(assignment)
        if not self.exchange_folder("inbound").is_dir():
            return self.submitted(assignment)
        with temp_attrs(self.api.coursedir, student_id="*"):
            checked(self.api.collect(assignment), f"collecting {assignment}")
        return self.submitted(assignment)

    def submitted(self, assignment: str) -> list[str]:
        """The students who have a submission of an assignment."""
        return sorted(self.api.get_submitted_students(assignment))

    def autograde(
        self,
        assignment: str,
        students: list[str] | None = None,
        force: bool = False,
        report: Callable[[Result], None] = ignore,
        workers: Workers | None = None,
        run: Run = run,
    ) -> list[Result]:
        """Grade submissions and write each down as it is done; `report` gets each result.

        What is graded already and has not changed is left as it is, unless `force`. `run` runs
        a notebook in `workers`; without any, it is run here, one after the other. Ctrl-C takes
        effect once the submission that is being written is written.
        """
        expected = self.require_release(assignment)
        chosen = self.to_grade(assignment, students)
        results: dict[str, Result] = {}

        def finish(student: str) -> None:
            results[student] = self.result(assignment, student)
            report(results[student])

        to_do = []
        for student in chosen:
            if force or not self._is_graded(assignment, student, expected):
                to_do.append(student)
            else:
                finish(student)
        if to_do and workers is None and takes_results(self.config):
            warmer(self.config, assignment)()  # no sandbox: nobody is graded, nobody refused
        with gradebook_kept_open():
            for done in self._arrivals(assignment, to_do, expected, workers, run):
                with finish_first():
                    grade_submission(self.api, assignment, expected, done)
                    finish(done.student)
        return [results[student] for student in chosen]

    def _arrivals(
        self,
        assignment: str,
        students: list[str],
        expected: list[str],
        workers: Workers | None,
        run: Run,
    ) -> Iterator[Arrived]:
        """The submissions to write down; what stops this stops the workers."""
        if workers is None or not takes_results(self.config):
            yield from map(Arrived, students)
            return
        prepare = Preparer(self.api.coursedir, self.config, assignment, expected)
        yield from as_they_arrive(workers, students, prepare, run)

    def to_grade(self, assignment: str, students: list[str] | None = None) -> list[str]:
        """These students, or everyone who has a submission where None are named.

        Raises CourseError where nobody has one, or one of these has none.
        """
        self.require_release(assignment)
        everyone = self.submitted(assignment)
        if not everyone:
            where = self.folder("submitted", "STUDENT", assignment)
            raise CourseError(f"{assignment}: no submission found; expected some in {where}.")
        if unknown := sorted(set(students or []) - set(everyone)):
            raise CourseError(
                f"{assignment}: no submission of {', '.join(unknown)}; "
                f"there are those of {', '.join(everyone)}."
            )
        return everyone if students is None else students

    def _is_graded(self, assignment: str, student: str, expected: list[str]) -> bool:
        """Whether the graded notebooks came from the files that are there now."""
        for name in expected:
            path = self.folder("autograded", student, assignment) / f"{name}.ipynb"
            if not path.is_file():
                return False
            graded = nbformat.read(path, as_version=nbformat.current_nbformat)
            ids = {"assignment": assignment, "student": student}
            now = fingerprint(self.api.coursedir, ids)
            record = graded.metadata.get(KEY, {})
            if record.get("fingerprint") != now or not {"seconds", "refused"} & record.keys():
                return False
        return True

    def result(self, assignment: str, student: str) -> Result:
        """What a student got."""
        with self.gradebook() as gradebook:
            return read_result(self.api.coursedir, gradebook, assignment, student)

    def results(self, assignment: str) -> list[Result]:
        """What everyone got who submitted."""
        self.require_release(assignment)
        with self.gradebook() as gradebook:
            return [
                read_result(self.api.coursedir, gradebook, assignment, student)
                for student in self.submitted(assignment)
            ]

    def report(self, assignment: str) -> ClassReport:
        """How the class did."""
        results = self.results(assignment)
        with self.gradebook() as gradebook:
            return class_report(gradebook, assignment, results)

    def feedback(self, assignment: str) -> list[Path]:
        """Write a page for each graded submission and hand it back; the pages.

        Raises CourseError that names each page that could not be made, once all others are.
        """
        self.require_release(assignment)
        pages: list[Path] = []
        problems: list[str] = []
        for student in self.graded(assignment):
            try:
                pages += self._feedback_for(assignment, student)
            except CourseError as problem:
                problems.append(str(problem))
        if problems:
            raise CourseError("\n".join([f"{len(pages)} pages are written, but:", *problems]))
        return pages

    def graded(self, assignment: str) -> list[str]:
        """The students who have a graded notebook of an assignment."""
        folders = self.folder("autograded", ".", ".").glob(f"*/{assignment}")
        return sorted(path.parent.name for path in folders if any(path.glob("*.ipynb")))

    def _feedback_for(self, assignment: str, student: str) -> list[Path]:
        doing = f"feedback for {student}"
        checked(self.api.generate_feedback(assignment, student, force=True), doing)
        folder = self.folder("feedback", student, assignment)
        if (folder / "submission_secret.txt").is_file():
            checked(self.api.release_feedback(assignment, student), doing)
        return sorted(folder.glob("*.html"))

    def export(self, to: Path, assignment: str | None = None, **options: Any) -> Path:
        """Write everyone's marks as CSV; the file. `options` are those of `MarksFile`.

        Raises CourseError where nothing was released, or the file cannot be written.
        """
        with self.gradebook() as gradebook:
            return write_marks(self.api, gradebook, to, assignment, options)
