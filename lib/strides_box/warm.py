"""The warm parent: imports once, then gives each submission a process of its own.

    python -m strides_box.warm CONTROL_FD {"torch": false, "confined": true, "core": 0}

It runs no student code. Over the control socket it is asked to `start` a submission, with one
end of a wire, or to `stop` it; it tells when a submission is `gone` and why.
"""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import socket
import sys
from typing import Any

import numpy as np

from strides.check.refuse import refusals_of

from . import confine, no_torch
from .confine import Limits
from .kernel import Kernel
from .shell import Shell, capturing, make_shell
from .watcher import WAKE, watch
from .wire import Channel, Message, WireError

FIRST_CELL = """
import numpy as np
import matplotlib.pyplot as plt
plt.plot([0, 1])
plt.title("$x$")
plt.show()
plt.close("all")
del plt, np
"""
FIRST_ERROR = "1 / 0"
OPERATIONS = (
    *("strides.activations", "strides.autograd", "strides.conv", "strides.data"),
    *("strides.gradcheck", "strides.knn", "strides.layers", "strides.losses", "strides.nets"),
    *("strides.optim", "strides.scalar", "strides.slopes", "strides.training"),
)
"""What exercises forbid; the functions are found before a submission can meddle with them."""


def warm_up(torch: bool) -> Shell:
    """A shell that has shown a figure; torch imported, or out of reach."""
    if torch:
        import torch as imported

        imported.set_num_threads(1)
    else:
        no_torch.install()
    shell = make_shell()
    with capturing(shell) as shown:
        shell.run_cell(FIRST_CELL, silent=True)
    if any(output["output_type"] == "error" for output in shown.outputs):
        raise RuntimeError(f"expected a shell that runs, it showed {shown.outputs}")
    with capturing(shell):
        shell.run_cell(FIRST_ERROR, silent=True)
    shell.reset(new_session=True)
    for name in OPERATIONS:
        refusals_of(name)
    return shell


class Parent:
    """Starts and stops submissions as the control socket asks."""

    def __init__(self, control: socket.socket, shell: Shell, confined: bool) -> None:
        self.control, self.shell, self.confined = control, shell, confined
        self.watchers: dict[int, int] = {}

    def serve(self) -> None:
        """Go on until the control socket ends."""
        woken, wake = os.pipe2(os.O_NONBLOCK | os.O_CLOEXEC)
        signal.set_wakeup_fd(wake, warn_on_full_buffer=False)
        signal.signal(signal.SIGCHLD, lambda number, frame: None)
        self.tell({"ready": os.getpid(), "threads": len(os.listdir("/proc/self/task"))})
        while True:
            ready = select.select([self.control.fileno(), woken], [], [])[0]
            if woken in ready:
                os.read(woken, 4096)
                self.reap()
            if self.control.fileno() in ready and not self.asked():
                return

    def tell(self, message: dict[str, Any]) -> None:
        self.control.send(json.dumps(message).encode())

    def asked(self) -> bool:
        """Do what was asked; False where the control socket has ended."""
        text, files, _, _ = socket.recv_fds(self.control, 65536, 1)
        if not text:
            return False
        request = json.loads(text)
        if "start" in request:
            self.start(request["start"], files[0], Limits(**request["limits"]))
            os.close(files[0])
        else:
            self.stop(request["stop"])
        return True

    def start(self, name: int, wire: int, limits: Limits) -> None:
        """Fork a watcher, which forks the submission's process."""
        watcher = os.fork()
        if watcher:
            self.watchers[watcher] = name
            return
        code = 1
        try:
            signal.set_wakeup_fd(-1)
            self.control.close()
            code = self.submission(wire, limits)
        finally:
            os._exit(code)

    def submission(self, wire: int, limits: Limits) -> int:
        """Be the watcher, with the submission's process as its child; why that one ended."""
        signal.pthread_sigmask(signal.SIG_BLOCK, WAKE)
        processes = os.open("/proc", os.O_RDONLY | os.O_DIRECTORY)
        if self.confined:
            confine.new_namespaces()
            confine.no_further_namespaces()
        child = os.fork()
        if child:
            os.close(wire)
            return watch(child, limits, processes)
        try:
            self.process_one(Channel(socket.socket(fileno=wire)), wire, limits)
        finally:
            os._exit(0)

    def process_one(self, channel: Channel, wire: int, limits: Limits) -> None:
        """Be the submission's process: shut the doors, say so, and serve."""
        try:
            if self.confined:
                confine.process_one(limits, wire)
            else:
                confine.close_files(wire)
        except OSError as problem:
            channel.send(Message({"failed": str(problem)}))
            return
        signal.signal(signal.SIGCHLD, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, WAKE)
        sys.path.append("")
        np.random.seed()  # noqa: NPY002  (the one that students may use)
        random.seed()
        channel.send(Message({"confined": self.confined, "landlock": confine.landlock_version()}))
        with contextlib.suppress(WireError):  # the examiner hangs up when it is done
            Kernel(channel, self.shell).serve()

    def stop(self, name: int) -> None:
        for watcher, known in self.watchers.items():
            if known == name:
                os.kill(watcher, signal.SIGTERM)

    def reap(self) -> None:
        """Tell of each watcher that has ended."""
        for watcher in list(self.watchers):
            ended, status = os.waitpid(watcher, os.WNOHANG)
            if ended:
                why = os.waitstatus_to_exitcode(status)
                self.tell({"gone": self.watchers.pop(watcher), "why": why})


def main(arguments: list[str]) -> None:
    control = socket.socket(fileno=int(arguments[0]))
    options = json.loads(arguments[1])
    if options["core"] is not None:
        os.sched_setaffinity(0, {options["core"]})
    if options["confined"]:
        confine.drop_root()
    shell = warm_up(options["torch"])
    Parent(control, shell, options["confined"]).serve()


if __name__ == "__main__":
    main(sys.argv[1:])
