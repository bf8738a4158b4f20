"""Formgrader and `nbgrader autograde` grade as `strides grade` does, by configuration."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from traitlets.config import Config
from traitlets.config.loader import PyFileConfigLoader

from examiner.course.settings import grading_settings, load_settings, use_environment

ROOT = Path(__file__).parents[2]
A = "t1_tiny"


def test_the_courses_own_configuration_holds_the_grading_settings():
    config = PyFileConfigLoader("nbgrader_config.py", path=str(ROOT)).load_config()
    for section, values in grading_settings().items():
        for name, value in values.items():
            assert config[section][name] == value, f"{section}.{name}"


def test_a_file_wins_over_ours_and_an_override_over_both(tmp_path):
    (tmp_path / "nbgrader_config.py").write_text(
        "c = get_config()\nc.Autograde.exporter_class = 'mine'\nc.Execute.timeout = 7\n"
    )
    overrides = Config({"Execute": {"timeout": 9}})
    config = load_settings(tmp_path, overrides)
    assert config.Autograde.exporter_class == "mine"
    assert config.Execute.timeout == 9
    assert config.CourseDirectory.root == str(tmp_path)
    assert "examiner.feedback.CleanFeedback" in config.GenerateFeedback.preprocessors


def test_another_way_to_run_notebooks_can_be_named():
    steps = grading_settings(execute="somewhere.Safe").Autograde.autograde_preprocessors
    assert steps[0] == "somewhere.Safe"


def test_alembic_is_found(monkeypatch):
    monkeypatch.setenv("PATH", "/nowhere")
    use_environment()
    use_environment()
    folder = str(Path(sys.executable).parent)
    assert os.environ["PATH"].split(os.pathsep) == [folder, "/nowhere"]


@pytest.mark.course
def test_nbgraders_own_autograde_grades_and_refuses_as_ours(tiny):
    tiny.hand_in("ada", tiny.right())
    tiny.hand_in("cut", b'{"cells": [')
    for student in ("ada", "cut"):
        outcome = tiny.course.api.autograde(A, student)
        assert outcome["success"], outcome
    ours = {result.student: result for result in tiny.course.results(A)}
    assert (ours["ada"].points, ours["ada"].status) == (12, "graded")
    assert (ours["cut"].points, ours["cut"].status) == (0, "refused")
