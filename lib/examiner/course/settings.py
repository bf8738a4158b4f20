"""What the course changes in nbgrader, as nbgrader configuration."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from .errors import CourseError
from .intake_settings import intake_settings

CONFIG_FILE = "nbgrader_config.py"
EXECUTE = "examiner.safe.execute.SafeExecute"
IN_A_KERNEL = "examiner.course.execution.ExecuteSubmission"


def grading_settings(execute: str = EXECUTE) -> Config:
    """How submissions are read, mended, run and marked, and how feedback is cleaned.

    `nbgrader_config.py` merges this, so that `nbgrader autograde` and Formgrader's button
    do what `strides grade` does. `execute` names the preprocessor that runs a notebook.
    """
    config = Config()
    config.Autograde.exporter_class = "examiner.course.reading.SubmissionExporter"
    config.Autograde.sanitize_preprocessors = [
        "nbgrader.preprocessors.ClearOutput",
        "examiner.course.restore.RestoreCells",
        "nbgrader.preprocessors.OverwriteKernelspec",
        "nbgrader.preprocessors.OverwriteCells",
        "nbgrader.preprocessors.CheckCellMetadata",
    ]
    config.Autograde.autograde_preprocessors = [
        execute,
        "nbgrader.preprocessors.LimitOutput",
        "examiner.course.marks.SaveScores",
        "nbgrader.preprocessors.AssignLatePenalties",
    ]
    config.GenerateFeedback.exporter_class = "examiner.page.OfflineHTMLExporter"
    config.GenerateFeedback.preprocessors = [
        "nbgrader.preprocessors.GetGrades",
        "nbconvert.preprocessors.CSSHTMLHeaderPreprocessor",
        "examiner.feedback.CleanFeedback",
    ]
    config.merge(intake_settings())
    return config


def require_course(root: Path) -> Path:
    """The root; raises CourseError where it holds no nbgrader_config.py."""
    if not (root / CONFIG_FILE).is_file():
        raise CourseError(
            f"{root}: expected a course folder with {CONFIG_FILE}, found none. "
            "Run strides in the course's folder, or name it with --course."
        )
    return root


def load_settings(root: Path, overrides: Config | None = None) -> Config:
    """The course's nbgrader configuration: the root's file, our settings, then `overrides`.

    Raises CourseError where the root holds no nbgrader_config.py.
    """
    loaded = PyFileConfigLoader(CONFIG_FILE, path=str(require_course(root))).load_config()
    config = Config(loaded)
    for section, values in grading_settings().items():
        for name, value in values.items():
            config[section].setdefault(name, value)
    config.CourseDirectory.root = str(root)
    if overrides is not None:
        config.merge(overrides)
    return config


def use_environment() -> None:
    """Let nbgrader find the programs it calls (alembic) in this Python's environment."""
    folder = str(Path(sys.executable).parent)
    paths = os.environ.get("PATH", "").split(os.pathsep)
    if folder not in paths:
        os.environ["PATH"] = os.pathsep.join([folder, *paths])
