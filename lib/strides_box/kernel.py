"""The kernel of one submission: runs its cells, and calls its functions for the examiner.

It answers a short closed list of requests, one at a time: `run` a cell, `look` up a name, `call`
a function, `get` an attribute. Values cross as plain data; a function or an
object of the submission stays here and is known by a number.
"""

from __future__ import annotations

import builtins
import contextlib
import json
import os
import signal
import sys
import types
import warnings
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np

from strides.check import BrokenContract, OutOfTime
from strides.check.calls import line_of_answer
from strides.check.refuse import refusing

from .plain import NotPlain, Packer, Unpacker, is_torch
from .shell import Shell, Shown, capturing, showing_in
from .wire import Channel, Message, TooLarge

AGAIN = 0.5
"""Seconds after which a call that goes on past its time is told again."""


class Clock:
    """Tells the code that runs now when its time is up; never in the middle of a message."""

    def __init__(self) -> None:
        self.on_the_wire = self.late = False

    @contextlib.contextmanager
    def limit(self, seconds: float) -> Iterator[None]:
        """Raise OutOfTime in the block once `seconds` are over, and again while it goes on."""
        self.late = False
        signal.signal(signal.SIGALRM, self._ring)
        signal.setitimer(signal.ITIMER_REAL, max(seconds, 0.001), AGAIN)
        try:
            yield
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)

    def _ring(self, number: int, frame: types.FrameType | None) -> None:
        self.late = True
        if not self.on_the_wire:
            raise OutOfTime

    @contextlib.contextmanager
    def message(self) -> Iterator[None]:
        """Finish the messages of the block before the time is up."""
        self.on_the_wire = True
        try:
            yield
        finally:
            self.on_the_wire = False
        if self.late:
            raise OutOfTime


class Kernel:
    """One submission's shell and the functions of it that the examiner holds."""

    def __init__(self, channel: Channel, shell: Shell) -> None:
        self.channel, self.shell = channel, shell
        self.clock = Clock()
        self.process = os.getpid()
        self.kept: list[Any] = []
        self.lasting = 0
        self.asked: dict[Callable[..., Any], int] = {}
        self.given: dict[int, tuple[np.ndarray, np.ndarray]] = {}

    def serve(self) -> None:
        """Answer requests until the wire ends."""
        actions: dict[str, Callable[[Message, Packer], dict[str, Any]]] = {
            "run": self.run,
            "look": self.look,
            "call": self.call,
            "get": self.get,
        }
        while True:
            request = self.channel.receive()
            packer = self.packer()
            try:
                reply = actions[request.body["op"]](request, packer)
            except (NotPlain, KeyError, IndexError) as problem:
                reply = {"error": {"name": type(problem).__name__, "said": str(problem)}}
            if os.getpid() != self.process:
                os._exit(0)  # a copy of this process that the submission made
            self.reply(request, reply, packer)

    def reply(self, request: Message, reply: dict[str, Any], packer: Packer) -> None:
        """Send the reply to a request, or say that it is larger than replies are."""
        number = {"re": request.body.get("n")}
        try:
            self.channel.send(Message(reply | number, tuple(packer.arrays)))
        except TooLarge as problem:
            error = {"name": "MemoryError", "kind": "MemoryError", "said": str(problem)}
            self.channel.send(Message({"error": error} | number))

    def packer(self) -> Packer:
        return Packer(self.keep)

    def keep(self, value: Any) -> dict[str, Any]:
        """The number that stands for a function or object; the examiner's own goes back."""
        if isinstance(value, types.FunctionType) and value in self.asked:
            return {"t": "yours", "id": self.asked[value]}
        kind = type(value)
        tree = {"module": str(kind.__module__), "name": str(kind.__name__)}
        if is_torch(value) and not callable(value):
            return {"t": "foreign", **tree}
        self.kept.append(value)
        return {"t": "function" if callable(value) else "object", "id": len(self.kept) - 1, **tree}

    def find(self, tree: dict[str, Any]) -> Any:
        """What a tree of the examiner stands for."""
        if tree.get("t") == "yours":
            return self.kept[tree["id"]]
        if tree.get("t") == "function":
            return self.asked_for(tree["id"])
        raise NotPlain(f"expected a value, received {tree.get('t')}")

    def asked_for(self, number: int) -> Callable[..., Any]:
        """A function of the examiner, such as a loss to be minimised: calling it asks."""

        def function(*args: Any, **kwargs: Any) -> Any:
            return self.ask(number, args, kwargs)

        self.asked[function] = number
        return function

    def place(self, key: int | None, array: np.ndarray) -> np.ndarray:
        """An argument: the array that was given under this key before, with today's numbers."""
        if key is None:
            return array
        before = self.given.get(key)
        own = array.copy(order="K")
        if before and before[0].shape == array.shape and before[0].dtype == array.dtype:
            with contextlib.suppress(ValueError):  # the submission made it read-only
                before[0][...] = array
                own = before[0]
        self.given[key] = own, array
        return own

    def unpack(self, tree: Any, message: Message) -> Any:
        return Unpacker(message.arrays, self.find, self.place).unpack(tree)

    def run(self, request: Message, packer: Packer) -> dict[str, Any]:
        """Run a cell; what it showed, and whether it ran out of time."""
        late = False
        with capturing(self.shell) as shown:
            try:
                with self.clock.limit(request.body["seconds"]):
                    silent = request.body.get("silent") is True
                    self.shell.run_cell(request.body["source"], store_history=True, silent=silent)
            except OutOfTime:
                late = True
        late = late or self.clock.late
        if late and "matplotlib.pyplot" in sys.modules:
            sys.modules["matplotlib.pyplot"].close("all")  # or every later cell draws them
        outputs = json.loads(json.dumps(shown.outputs, default=str, skipkeys=True))
        return {"outputs": outputs, "late": late, "count": self.shell.execution_count - 1}

    def look(self, request: Message, packer: Packer) -> dict[str, Any]:
        """The value of a name in the notebook."""
        name = request.body["name"]
        if name not in self.shell.user_ns:
            return {"missing": True}
        tree = packer.pack(self.shell.user_ns[name])
        self.lasting = len(self.kept)
        return {"value": tree}

    def new_case(self) -> None:
        """Forget the functions and arguments of the case before."""
        del self.kept[self.lasting :]
        self.given.clear()
        self.asked.clear()

    def get(self, request: Message, packer: Packer) -> dict[str, Any]:
        """An attribute of an object of the submission; names of its inside are not told."""
        name = request.body["name"]
        if name.startswith("_"):
            return {"error": {"name": "AttributeError", "said": name}}
        return self._within(request, packer, lambda: getattr(self.kept[request.body["id"]], name))

    def call(self, request: Message, packer: Packer) -> dict[str, Any]:
        """What a function of the submission returns or raises, and which arguments it changed."""
        body = request.body
        if body["case"]:
            self.new_case()
        function = self.kept[body["id"]]
        args = self.unpack(body["args"], request)
        kwargs = self.unpack(body["kwargs"], request)
        return self._within(request, packer, lambda: function(*args, **kwargs))

    def _within(
        self, request: Message, packer: Packer, action: Callable[[], Any]
    ) -> dict[str, Any]:
        """The reply to an action that runs the submission's code."""
        body = request.body
        try:
            with (
                refusing(tuple(body["forbidden"])),
                silently(self.shell),
                self.clock.limit(body["seconds"]),
            ):
                reply = {"value": packer.pack(action())}
        except OutOfTime:
            reply = {"late": True}
        except BrokenContract as broken:
            reply = {"refused": broken.problem.text, "sign": broken.problem.sign}
        except BaseException as error:
            reply = {"error": described(error)}
        reply["changed"] = [
            [key, packer.pack(own)]
            for key, (own, before) in self.given.items()
            if own.shape != before.shape or own.tobytes() != before.tobytes()
        ]
        return reply

    def ask(self, number: int, args: tuple, kwargs: dict[str, Any]) -> Any:
        """The value of one of the examiner's functions."""
        packer = self.packer()
        body = {"ask": number, "args": packer.pack(args), "kwargs": packer.pack(kwargs)}
        with self.clock.message():
            self.channel.send(Message(body, tuple(packer.arrays)))
            answer = self.channel.receive()
        if "raise" in answer.body:
            name, said = answer.body["raise"]
            raise getattr(builtins, name)(said)
        return self.unpack(answer.body["answer"], answer)


def described(error: BaseException) -> dict[str, Any]:
    """An error in plain words: its name, its nearest built-in kind, its text, the line."""
    kinds = [kind.__name__ for kind in type(error).__mro__ if kind.__module__ == "builtins"]
    try:
        said = str(error)[:1000]
    except Exception:
        said = "its text cannot be made"
    return {
        "name": type(error).__name__,
        "kind": kinds[0],
        "said": said,
        "line": line_of_answer(error),
    }


@contextlib.contextmanager
def silently(shell: Shell) -> Iterator[None]:
    """Prints and warnings of an answer are its own business."""
    with showing_in(shell, Shown(most=0)), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        yield
