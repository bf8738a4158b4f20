"""Each student's own numbers in a quiz: the course's key for them, and the file that carries it.

The key of a quiz is drawn from the course's secret, and the numbers of a student from the key and
their id. The key goes to the students with the quiz, so that they see their numbers without
asking anybody. It tells nothing of the secret, and a table of the class is not needed: whoever
joins late has numbers, too. Whoever replaces the secret while a quiz is out gives everybody other
numbers: keep a copy of it.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from nbformat import NotebookNode
from nbgrader.preprocessors import NbGraderPreprocessor

from strides.quiz import FILE, quiz_of, seed_of

from .secret import course_secret, seed_for

KEY = "numbers"


def student_seed(root: Path, assignment: str, student: str) -> int:
    """The seed of a student's own numbers in an assignment; 0 where it has none."""
    if not quiz_of(assignment):
        return 0
    return seed_of(_key(root, assignment), student)


def files_beside(root: Path, assignment: str) -> dict[str, str]:
    """What the course puts beside the notebook of an assignment: numbers.json, or nothing."""
    quiz = quiz_of(assignment)
    return {FILE: json.dumps({quiz: _key(root, assignment)}) + "\n"} if quiz else {}


def _key(root: Path, assignment: str) -> str:
    """The course's key for a quiz; its name without what stands after the underscore."""
    return f"{seed_for(course_secret(root), KEY, quiz_of(assignment)):016x}"


def files_for(root: Path, folder: str, assignments: Iterable[str]) -> dict[str, bytes]:
    """These files for some assignments, by their path below a folder of assignments."""
    return {
        f"{folder}/{assignment}/{name}": text.encode()
        for assignment in assignments
        for name, text in files_beside(root, assignment).items()
    }


class WriteNumbers(NbGraderPreprocessor):
    """Lets generate_assignment put the file beside each notebook that needs it."""

    def preprocess(self, nb: NotebookNode, resources: Any) -> tuple[NotebookNode, Any]:
        """Add the file to what is written with the notebook."""
        converter = self.parent.parent
        for name, text in files_beside(
            Path(converter.coursedir.root), resources["nbgrader"]["assignment"]
        ).items():
            resources.setdefault("outputs", {})[name] = text.encode()
        return nb, resources
