"""Building the notebooks from their sources, and carrying edits back.

The command line calls three functions, each with the course's root (`find_root()`):

    build(root)                      strides build            -> BuildReport, str() is readable
    build(root, check=True)          strides build --check    -> exit 1 unless report.in_step
    build(root, missing_only=True)   strides lab, demo        -> writes only what is not there
    build(root, force=True)          strides build --force    -> edited notebooks are set aside
    carry_back(notebook, root)       strides sync NOTEBOOK    -> True if the source changed;
                                                                 then call build(root)

BuildError and CarryBackError carry a message that is ready to print.
"""

from pathlib import Path

from examiner.build.carry import carry_back
from examiner.build.problems import BuildError, CarryBackError, Problem
from examiner.build.release import CONFIG_FILE
from examiner.build.trees import BuildReport, Change, build, plan

__all__ = [
    "BuildError",
    "BuildReport",
    "CarryBackError",
    "Change",
    "Problem",
    "build",
    "carry_back",
    "find_root",
    "plan",
]


def find_root(start: Path | None = None) -> Path:
    """The course's root: the nearest folder at or above ``start`` with nbgrader_config.py.

    Raises BuildError where there is none.
    """
    start = (start or Path.cwd()).resolve()
    for folder in (start, *start.parents):
        if (folder / CONFIG_FILE).is_file():
            return folder
    message = f"not found in {start} or above; run this inside the course's folder"
    raise BuildError([Problem(CONFIG_FILE, 0, message)])
