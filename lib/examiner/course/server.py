"""Start JupyterLab on the course, with lecture, assignment and Formgrader open."""

from __future__ import annotations

import json
import os
import secrets
import socket
import sys
from pathlib import Path

from jupyterlab_server.workspaces_handler import WorkspacesManager
from rich.console import Console

from .errors import CourseError
from .lab import CLASS, FOLDER
from .settings import use_environment

WORKSPACE = "strides"
PORTS_TRIED = 100
QUIET = {
    "@jupyterlab/apputils-extension:notification": {
        "fetchNews": "false",
        "checkForUpdates": False,
        "doNotDisturbMode": True,
    }
}
CLICKS = """
JupyterLab: [link={url}]{url}[/link]

  To learn   the tab [bold]{lecture}[/bold]: Run > Run All Cells, and read.
             The tab [bold]{assignment}[/bold]: fill in an answer, run the test cell below it.
  To teach   the tab [bold]Formgrader[/bold] (or the menu Nbgrader > Formgrader):
             in the row [bold]{assignment}[/bold] the cloud under "Collect", then the number
             under "# Submissions", then the bolt under "Autograde" for each student.
             "Manual Grading" shows their work and marks.
             {whose}

Stop it with Ctrl-C here.
"""
SAMPLE = """It shows a sample class, kept in {folder}. Your own class is not touched;
             strides lab --without-class shows that one.
             (An owner who is root or you, not the student, is expected for a sample class.)"""
OWN = "It shows your own class: the submissions and marks of {folder}."


def start_server(
    root: Path, console: Console, first_port: int, browser: bool, sample_class: bool = True
) -> None:
    """Replace this process by JupyterLab, with Formgrader on the sample class or the own one.

    Raises CourseError where no port is free.
    """
    use_environment()
    silence_news(Path(sys.prefix), console)
    notebooks = first_notebooks(root)
    write_workspace(root, notebooks)
    port = free_port(first_port, console)
    token = secrets.token_hex(16)
    url = f"http://127.0.0.1:{port}/lab/workspaces/{WORKSPACE}?token={token}"
    lecture, assignment = (Path(path).stem for path in notebooks)
    whose = SAMPLE.format(folder=CLASS) if sample_class else OWN.format(folder=root)
    console.print(
        CLICKS.format(url=url, lecture=lecture, assignment=assignment, whose=whose), soft_wrap=True
    )
    command = server_command(root, port, browser)
    environment = {
        **os.environ,
        "JUPYTER_TOKEN": token,
        "JUPYTERLAB_WORKSPACES_DIR": str(root / FOLDER / "workspaces"),
    }
    # Formgrader takes its settings from the nbgrader_config.py of this folder.
    os.chdir(root / CLASS if sample_class else root)
    os.execve(command[0], command, environment)


def server_command(root: Path, port: int, browser: bool) -> list[str]:
    """JupyterLab's command line for the course."""
    command = [
        *(sys.executable, "-m", "jupyterlab"),
        f"--ServerApp.root_dir={root}",
        f"--ServerApp.port={port}",
        "--ServerApp.ip=127.0.0.1",
        "--ServerApp.port_retries=0",
        f"--LabApp.default_url=/lab/workspaces/{WORKSPACE}",
        "--log-level=WARN",
    ]
    if not browser:
        command.append("--no-browser")
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        command.append("--allow-root")
    return command


def free_port(first: int, console: Console) -> int:
    """The first port from `first` on that nobody listens at; says so where it is another one."""
    for port in range(first, min(first + PORTS_TRIED, 65536)):
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
            except OSError:
                continue
        if port != first:
            console.print(f"Port {first} is in use; taking {port}.")
        return port
    raise CourseError(
        f"ports {first} to {first + PORTS_TRIED - 1}: expected a free one, all are in use. "
        "Name another with --port."
    )


def silence_news(prefix: Path, console: Console) -> None:
    """Keep JupyterLab's news pop-up away in this environment, other overrides as they are."""
    path = prefix / "share" / "jupyter" / "lab" / "settings" / "overrides.json"
    try:
        settings = json.loads(path.read_text(encoding="utf-8")) if path.is_file() else {}
        if QUIET.items() <= settings.items():
            return
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({**settings, **QUIET}, indent=1) + "\n", encoding="utf-8")
    except (OSError, ValueError) as problem:
        console.print(f"{path}: left as it is ({problem}); JupyterLab may ask about news.")


def first_notebooks(root: Path) -> tuple[str, str]:
    """The lecture and the assignment to open first, relative to the root.

    Raises CourseError where the course has none.
    """
    found = []
    for pattern in ("lectures/*.ipynb", "assignments/*/*.ipynb"):
        paths = sorted(root.glob(pattern))
        if not paths:
            raise CourseError(f"{root / pattern}: expected a notebook, found none; strides build.")
        found.append(paths[0].relative_to(root).as_posix())
    return found[0], found[1]


def write_workspace(root: Path, notebooks: tuple[str, str]) -> None:
    """Lay out the tabs on the first start; later the layout is the person's own."""
    manager = WorkspacesManager(str(root / FOLDER / "workspaces"))
    if manager.load(WORKSPACE)["data"]:
        return
    tabs = [f"notebook:{path}" for path in notebooks]
    formgrader = "nbgrader-formgrader:nbgrader-formgrader"
    dock = {"type": "tab-area", "currentIndex": 0, "widgets": [*tabs, formgrader]}
    data: dict[str, object] = {
        tab: {"data": {"path": path, "factory": "Notebook"}}
        for tab, path in zip(tabs, notebooks, strict=True)
    }
    data[formgrader] = {"data": {}}
    data["layout-restorer:data"] = {
        "main": {"dock": dock, "current": tabs[0]},
        "left": {"collapsed": False, "visible": True, "current": "filebrowser"},
        "relativeSizes": [0.15, 0.85, 0],
    }
    raw = json.dumps({"data": data, "metadata": {"id": WORKSPACE}})
    manager.save(WORKSPACE, raw)
