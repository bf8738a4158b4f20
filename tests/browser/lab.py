"""JupyterLab on loopback, and a notebook of it in a real Chromium."""

import json
import os
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

LOOPBACK = {"127.0.0.1", "localhost", "::1"}
QUIET = {"fetchNews": "false", "checkForUpdates": False, "doNotDisturbMode": True}


@contextmanager
def jupyterlab(
    root: Path, home: Path, environment: Mapping[str, str] | None = None
) -> Iterator[str]:
    """Serve `root` on a free port, with settings and state in `home`; yields the address.

    With an `environment` of its own the server also starts inside `root`, as a person would.
    """
    settings = home / "settings" / "@jupyterlab" / "apputils-extension"
    settings.mkdir(parents=True)
    (settings / "notification.jupyterlab-settings").write_text(json.dumps(QUIET))
    address = f"http://127.0.0.1:{free_port()}"
    command = [
        *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
        *("--ip=127.0.0.1", f"--port={urlsplit(address).port}", "--ServerApp.port_retries=0"),
        *("--IdentityProvider.token=", "--ServerApp.password=", f"--ServerApp.root_dir={root}"),
        *(f"--LabApp.user_settings_dir={home / 'settings'}", "--expose-app-in-browser"),
        f"--LabApp.workspaces_dir={home / 'workspaces'}",
    ]
    log = home / "jupyterlab.log"
    place = {"cwd": root, "env": {**os.environ, **environment}} if environment else {}
    with log.open("w") as out, subprocess.Popen(command, stdout=out, stderr=out, **place) as server:
        try:
            wait_until_up(address, server, log)
            yield address
        finally:
            server.terminate()
            server.wait(timeout=30)


def free_port() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_until_up(address: str, server: subprocess.Popen, log: Path, seconds: float = 90) -> None:
    """Poll the server's status page; raises RuntimeError with its log where it does not answer."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            with urllib.request.urlopen(f"{address}/api/status", timeout=5):
                return
        except OSError:
            time.sleep(0.2)
    raise RuntimeError(f"JupyterLab did not answer at {address}; its log:\n{log.read_text()}")


class LabNotebook:
    """One notebook, open in a page of a browser; notes what the page logs and asks for."""

    def __init__(self, page) -> None:
        self.page = page
        self.problems: list[str] = []
        self.outside: list[str] = []
        page.on("console", self._note_console)
        page.on("pageerror", lambda error: self.problems.append(f"page error: {error}"))
        page.on("request", self._note_request)
        page.route(lambda url: not is_local(url), lambda route: route.abort())

    def _note_console(self, message) -> None:
        if message.type in ("error", "warning"):
            self.problems.append(f"{message.type}: {message.text}")

    def _note_request(self, request) -> None:
        if not is_local(request.url):
            self.outside.append(request.url)

    def open(self, address: str, path: str) -> None:
        """Open a notebook and wait until its kernel is connected and idle."""
        self.page.goto(f"{address}/lab/tree/{path}?reset")
        self.page.wait_for_selector(".jp-Notebook .jp-Cell", timeout=60_000)
        self.page.wait_for_function(KERNEL_IS_READY, timeout=60_000)

    def run_all(self, seconds: float = 120) -> None:
        """Run every cell and wait until the last one is done."""
        self.page.evaluate("() => window.jupyterapp.commands.execute('notebook:run-all-cells')")
        self.page.wait_for_function(ALL_CELLS_RAN, timeout=1000 * seconds)

    def errors(self) -> list[str]:
        """What cells raised."""
        return self.page.evaluate(CELL_ERRORS)


def is_local(url: str) -> bool:
    """Whether a request stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in ("data", "blob") or parts.hostname in LOOPBACK


KERNEL_IS_READY = """() => {
  const kernel = window.jupyterapp?.shell.currentWidget?.sessionContext?.session?.kernel;
  return kernel?.connectionStatus === "connected" && kernel.status === "idle";
}"""

ALL_CELLS_RAN = """() => {
  const panel = window.jupyterapp.shell.currentWidget;
  const code = panel.content.widgets.filter(cell => cell.model.type === "code"
    && cell.model.sharedModel.source.trim());
  return code.every(cell => cell.model.executionCount !== null)
    && panel.sessionContext.session.kernel.status === "idle";
}"""

CELL_ERRORS = """() => window.jupyterapp.shell.currentWidget.content.widgets
  .filter(cell => cell.model.type === "code")
  .flatMap(cell => cell.model.outputs.toJSON())
  .filter(output => output.output_type === "error")
  .map(output => `${output.ename}: ${output.evalue}`)"""
