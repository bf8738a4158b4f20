"""A warm sandbox, and a submission's process in it, as the examiner sees them.

What comes over a wire is a submission's to choose: here it is only passed on, as plain data.
"""

from __future__ import annotations

import itertools
import json
import os
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import asdict
from types import TracebackType
from typing import Any, Self

from strides_box.confine import Limits
from strides_box.watcher import ENDED, OUT_OF_MEMORY, OUT_OF_TIME
from strides_box.wire import Channel, Message, NoReply, WireError

from .cores import OwnCore
from .sandbox import (
    ONE_THREAD,
    SandboxMissing,
    absolute,
    command,
    environment,
    explain,
    find_bubblewrap,
)

START = 120.0
"""Seconds within which a warm parent has imported everything."""
GRACE = 2.0
"""Seconds that a submission has beyond its limit to say that it was stopped."""
OVERDUE, UNRULY = "out of time", "it broke the rules of the wire to the grader"
WHY = {OUT_OF_MEMORY: "out of memory", OUT_OF_TIME: OVERDUE, ENDED: "ended"}


class Gone(Exception):
    """The submission's process is no more, or is not to be talked with: why."""


class Box:
    """A warm parent in a sandbox (or beside us, where `confined` is False).

    Raises SandboxMissing where the system does not offer one.
    """

    def __init__(self, torch: bool = False, confined: bool = True) -> None:
        self.confined = confined
        self._names = itertools.count()
        self._ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._said = tempfile.TemporaryFile()  # noqa: SIM115  (open as long as the box)
        wrap = command(find_bubblewrap(), torch) if confined else []
        self._core = OwnCore() if confined else None
        core = self._core.number if self._core else None
        options = json.dumps({"torch": torch, "confined": confined, "core": core})
        run = [
            str(absolute(sys.executable)),
            "-I",
            "-B",
            "-m",
            "strides_box.warm",
            str(theirs.fileno()),
            options,
        ]
        self._process = subprocess.Popen(
            [*wrap, *run],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=self._said,
            env=environment() if confined else {**os.environ, **ONE_THREAD},
            start_new_session=True,
        )
        theirs.close()
        self.gone: dict[int, int] = {}
        first = self._heard(time.monotonic() + START)
        if "ready" not in first:
            self._not_started()
        self.threads: int = first["threads"]

    def _not_started(self) -> None:
        self.close()
        self._said.seek(0)
        said = self._said.read().decode("utf-8", "replace")
        if self.confined:
            raise SandboxMissing(explain(said))
        raise RuntimeError(f"expected a warm parent, it said: {said[-2000:]}")

    def _heard(self, until: float) -> dict[str, Any]:
        """The next message of the warm parent; empty where none came or it is gone."""
        self._ours.settimeout(max(0.001, until - time.monotonic()))
        try:
            text = self._ours.recv(65536)
        except (TimeoutError, ConnectionError):
            return {}
        return json.loads(text) if text else {}

    def start(self, limits: Limits) -> Submission:
        """A new submission's process. Raises SandboxMissing where it cannot be confined."""
        ours, theirs = socket.socketpair()
        name = next(self._names)
        request = json.dumps({"start": name, "limits": asdict(limits)}).encode()
        try:
            socket.send_fds(self._ours, [request], [theirs.fileno()])
        finally:
            theirs.close()
        return Submission(self, name, Channel(ours), limits)

    def stop(self, name: int) -> None:
        """End a submission's process and all that it started; returns when it has ended."""
        if self.ended(name, time.monotonic()) is None:
            self._ours.send(json.dumps({"stop": name}).encode())
            self.ended(name, time.monotonic() + 10)

    def ended(self, name: int, until: float) -> int | None:
        """The watcher's exit code, or None where the submission's process goes on."""
        while name not in self.gone:
            message = self._heard(until)
            if "gone" in message:
                self.gone[message["gone"]] = message["why"]
            elif time.monotonic() >= until or self._process.poll() is not None:
                return None
        return self.gone[name]

    @property
    def alive(self) -> bool:
        return self._process.poll() is None

    def close(self) -> None:
        """End the warm parent, and with it everything in the sandbox."""
        self._ours.close()
        try:
            self._process.wait(timeout=2)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        if self._core:
            self._core.release()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()


Answer = Callable[[Message], Message]


class Submission:
    """One submission's process: requests over its wire, each within its time."""

    def __init__(self, box: Box, name: int, channel: Channel, limits: Limits) -> None:
        self.box, self.name, self.channel = box, name, channel
        self.until = time.monotonic() + limits.seconds
        self.numbers = itertools.count()
        try:
            first = channel.receive(time.monotonic() + 10)
        except WireError as problem:
            raise Gone(f"it did not start ({problem})") from problem
        if "failed" in first.body:
            raise SandboxMissing(explain(str(first.body["failed"])))

    def request(
        self, body: dict[str, Any], arrays: list[Any], seconds: float, answer: Answer | None = None
    ) -> Message:
        """The reply to a request; questions that come before it are answered by `answer`.

        Raises Gone, and ends the process, where no proper reply comes in time.
        """
        number = next(self.numbers)
        until = min(time.monotonic() + seconds + GRACE, self.until + GRACE)
        body = body | {"n": number, "seconds": min(seconds, self.until - time.monotonic())}
        try:
            self.channel.send(Message(body, tuple(arrays)), until)
            reply = self.channel.receive(until)
            while "ask" in reply.body and answer:
                self.channel.send(answer(reply), until)
                reply = self.channel.receive(until)
        except NoReply:
            self.end()
            raise Gone(OVERDUE) from None
        except WireError:
            raise Gone(self._why()) from None
        if reply.body.get("re") != number:
            self.end()
            raise Gone(UNRULY)
        return reply

    def _why(self) -> str:
        """Why the wire ended: by itself, or ended by the watcher."""
        code = self.box.ended(self.name, time.monotonic() + 1)
        self.end()
        return WHY.get(code, "ended") if code is not None else UNRULY

    def end(self) -> None:
        """End the process and everything that it started."""
        self.channel.close()
        self.box.stop(self.name)
