"""Ports, layout and settings of the JupyterLab that `strides lab` starts."""

from __future__ import annotations

import io
import json
import socket

import pytest
from rich.console import Console

from examiner.course.errors import CourseError
from examiner.course.server import (
    first_notebooks,
    free_port,
    server_command,
    silence_news,
    write_workspace,
)


@pytest.fixture
def console():
    return Console(file=io.StringIO(), width=200)


def said(console):
    return console.file.getvalue()


@pytest.fixture
def course(tmp_path):
    for name in ("lectures/03_x.ipynb", "lectures/04_y.ipynb", "assignments/a1_z/a1_z.ipynb"):
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text("{}")
    return tmp_path


def test_a_used_port_gives_way_to_the_next_free_one(console):
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        used = taken.getsockname()[1]
        port = free_port(used, console)
        assert port > used
        assert said(console) == f"Port {used} is in use; taking {port}.\n"


def test_a_free_port_is_taken_in_silence(console):
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        free = probe.getsockname()[1]
    assert free_port(free, console) >= free


def test_no_port_at_all(console):
    with pytest.raises(CourseError, match=r"expected a free one.*--port"):
        free_port(65536, console)


def test_news_are_silenced_and_other_overrides_kept(tmp_path, console):
    path = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    path.parent.mkdir(parents=True)
    path.write_text('{"@jupyterlab/x:y": {"a": 1}}')
    silence_news(tmp_path, console)
    settings = json.loads(path.read_text())
    assert settings["@jupyterlab/x:y"] == {"a": 1}
    assert settings["@jupyterlab/apputils-extension:notification"]["fetchNews"] == "false"
    written = path.stat().st_mtime_ns
    silence_news(tmp_path, console)
    assert path.stat().st_mtime_ns == written
    assert said(console) == ""


def test_damaged_overrides_are_left_alone_and_said(tmp_path, console):
    path = tmp_path / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    path.parent.mkdir(parents=True)
    path.write_text("{")
    silence_news(tmp_path, console)
    assert path.read_text() == "{"
    assert "left as it is" in said(console)


def test_the_layout_is_written_once(course):
    notebooks = first_notebooks(course)
    assert notebooks == ("lectures/03_x.ipynb", "assignments/a1_z/a1_z.ipynb")
    write_workspace(course, notebooks)
    (path,) = (course / "build" / "lab" / "workspaces").iterdir()
    layout = json.loads(path.read_text())
    assert layout["data"]["layout-restorer:data"]["main"]["dock"]["widgets"] == [
        "notebook:lectures/03_x.ipynb",
        "notebook:assignments/a1_z/a1_z.ipynb",
        "nbgrader-formgrader:nbgrader-formgrader",
    ]
    layout["data"]["mine"] = 1
    path.write_text(json.dumps(layout))
    write_workspace(course, notebooks)
    assert json.loads(path.read_text()) == layout


def test_a_course_without_notebooks(tmp_path):
    with pytest.raises(CourseError, match=r"expected a notebook.*strides build"):
        first_notebooks(tmp_path)


def test_the_command_line(course, monkeypatch):
    monkeypatch.setattr("os.geteuid", lambda: 1000, raising=False)
    command = server_command(course, 8899, browser=True)
    assert "--ServerApp.port=8899" in command
    assert "--no-browser" not in command
    assert "--allow-root" not in command
    monkeypatch.setattr("os.geteuid", lambda: 0, raising=False)
    command = server_command(course, 8899, browser=False)
    assert {"--no-browser", "--allow-root"} <= set(command)
