"""The course's own cells of an assignment: tests and locked ones, as the gradebook keeps them.

They run in the grader itself, so their source is taken from here and never from a submission.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

from nbgrader.api import Gradebook
from nbgrader.coursedir import CourseDirectory


def own_cells(coursedir: CourseDirectory, ids: Mapping[str, str]) -> dict[str, str]:
    """The sources of a notebook's locked cells by grade id, hidden tests included."""
    folder = coursedir.format_path(coursedir.release_directory, ".", ids["assignment"])
    released = Path(folder, f"{ids['notebook']}.ipynb")
    made = released.stat().st_mtime_ns if released.is_file() else 0
    place = (coursedir.db_url, coursedir.course_id, ids["assignment"], ids["notebook"])
    return dict(_read(*place, made))


@lru_cache(maxsize=32)
def _read(db_url: str, course: str, assignment: str, notebook: str, made: int) -> Mapping[str, str]:
    """What the gradebook holds for a notebook that was released at `made`."""
    with Gradebook(db_url, course) as gradebook:
        cells = gradebook.find_notebook(notebook, assignment).source_cells
        return {cell.name: cell.source for cell in cells if cell.locked}
