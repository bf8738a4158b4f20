"""The names of a submission's notebook, as the examiner sees them: stand-ins and plain data.

A stand-in sends what it is called with and takes back what came of it. Whatever comes back was
chosen by the submission: it is put together from plain data here, and nothing of it is run.
"""

from __future__ import annotations

import builtins
import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np

from strides.check import AnswerRaised, BrokenContract, Foreign, OutOfTime, Problem, StandIn
from strides_box.plain import NotPlain, Packer, Unpacker, shown_name
from strides_box.wire import Message

from .box import OVERDUE, UNRULY, Gone, Submission

MOST_RECEIVED = 1_000_000_000
"""Bytes of arrays that a submission may send in one case."""
MOST_ASKED = 100_000
"""Bytes that the arguments of one of our functions may have, beside 8 times what was sent."""
DIED = "Python itself ended while it ran"


@dataclass(frozen=True)
class RemoteObject(Foreign):
    """An object of the submission that is no plain data, known by a number."""

    number: int


@dataclass
class Ran:
    """What became of a cell: its outputs as they came, its number, whether its time was up."""

    outputs: Any
    count: int
    late: bool


class RemoteFunction(StandIn):
    """A function of the submission."""

    def __init__(self, remote: Remote, number: int) -> None:
        self._remote, self.number = remote, number

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        return self._remote.call(self.number, args, kwargs)

    def __repr__(self) -> str:
        return "a function"

    def case(
        self, seconds: float, forbidden: tuple[str, ...]
    ) -> contextlib.AbstractContextManager[None]:
        return self._remote.case(seconds, forbidden)


class Remote:
    """A submission's notebook: runs its cells, looks up its names, calls its functions."""

    def __init__(self, submission: Submission) -> None:
        self.submission = submission
        self.gone = ""
        self._until = self._limit = 0.0
        self._forbidden: tuple[str, ...] = ()
        self._forget()

    def _forget(self) -> None:
        """Forget what was exchanged in the case before."""
        self._asked: list[Any] = []
        self._keys: dict[int, int] = {}
        self._sent: list[np.ndarray] = []
        self._received = 0
        self._new = True

    def run(self, source: str, seconds: float, silent: bool = False) -> Ran:
        """Run a cell, or where `silent` what is none of the notebook's and counts as no cell.

        Raises Gone where the submission's process did not outlive it.
        """
        reply = self._request({"op": "run", "source": source, "silent": silent}, [], seconds)
        count = reply.body.get("count")
        number = count if type(count) is int and 0 <= count < 10**6 else 0
        return Ran(reply.body.get("outputs"), number, reply.body.get("late") is True)

    def look(self, name: str, seconds: float = 5.0) -> Any:
        """The value of a name. Raises NameError where the notebook has none, and Gone."""
        reply = self._request({"op": "look", "name": name}, [], seconds)
        if "value" not in reply.body:
            raise NameError(f"name '{name}' is not defined")
        return self._value(reply)

    @contextlib.contextmanager
    def case(self, seconds: float, forbidden: tuple[str, ...]) -> Iterator[None]:
        """The calls of one case: their time together, and what they may not use.

        A case within another has no more time than that one has left.
        """
        before = self._until, self._limit, self._forbidden
        until = time.monotonic() + seconds
        self._forget()
        if not self._until or until < self._until:
            self._until, self._limit = until, seconds
        self._forbidden = forbidden
        try:
            yield
        finally:
            self._until, self._limit, self._forbidden = before

    def call(self, number: int, args: tuple, kwargs: dict[str, Any]) -> Any:
        """What a function of the submission returns, or raises."""
        left = self._until - time.monotonic()
        if left <= 0:
            raise OutOfTime(self._limit)
        packer = Packer(self._keep, self._key_of)
        body = {
            "op": "call",
            "id": number,
            "case": self._new,
            "args": packer.pack(args),
            "kwargs": packer.pack(kwargs),
            "forbidden": list(self._forbidden),
        }
        with self._as_an_answer():
            self._new = False
            reply = self._request(body, packer.arrays, left)
            self._change(reply)
            if reply.body.get("late"):
                raise OutOfTime(self._limit)
            _raise_what_it_raised(reply.body)
            return self._value(reply)

    @contextlib.contextmanager
    def _as_an_answer(self) -> Iterator[None]:
        """A submission that is gone, or makes no sense, is an answer that failed."""
        try:
            yield
        except Gone as gone:
            if str(gone) == OVERDUE:
                raise OutOfTime(self._limit) from None
            if str(gone) == UNRULY:
                raise AnswerRaised("Stopped", f"the grader stopped it: {gone}") from None
            raise AnswerRaised("KernelDied", f"{DIED} ({gone})") from None
        except NotPlain as problem:
            raise AnswerRaised("TypeError", f"What came back cannot be read: {problem}.") from None

    def _request(self, body: dict[str, Any], arrays: list[Any], seconds: float) -> Message:
        if self.gone:
            raise Gone(self.gone)
        try:
            reply = self.submission.request(body, arrays, seconds, self._answer)
            self._count(reply)
        except Gone as gone:
            self.gone = str(gone)
            raise
        return reply

    def _weigh(self, question: Message) -> None:
        """Our functions compute on what the submission gives them: no more than they need."""
        sent = max((array.nbytes for array in self._sent), default=0)
        if sum(len(array) for array in question.arrays) > MOST_ASKED + 8 * sent:
            raise NotPlain("expected arguments about as large as those that were given")

    def _count(self, message: Message) -> None:
        self._received += sum(len(array) for array in message.arrays)
        if self._received > MOST_RECEIVED:
            self.submission.end()
            raise Gone(UNRULY)

    def _value(self, reply: Message) -> Any:
        return Unpacker(reply.arrays, self._find).unpack(reply.body.get("value"))

    def _find(self, tree: dict[str, Any]) -> Any:
        """What a tree of the submission stands for: a stand-in, or a function of ours."""
        number = tree.get("id")
        if type(number) is not int or number < 0:
            raise NotPlain("expected the number of a function")
        if tree.get("t") == "function":
            return RemoteFunction(self, number)
        if tree.get("t") == "object":
            module, name = shown_name(tree.get("module")), shown_name(tree.get("name"))
            return RemoteObject(module, name, number)
        if tree.get("t") == "yours" and number < len(self._asked):
            return self._asked[number]
        raise NotPlain("expected plain data or the number of a function")

    def _keep(self, value: Any) -> dict[str, Any]:
        """The number of a function of ours; a stand-in goes back as what it stands for."""
        if isinstance(value, RemoteFunction | RemoteObject):
            return {"t": "yours", "id": value.number}
        if not callable(value):
            raise TypeError(f"expected plain data to send, received a {type(value).__name__}")
        self._asked.append(value)
        return {"t": "function", "id": len(self._asked) - 1}

    def _key_of(self, array: np.ndarray) -> int:
        """The number of an array within a case: the submission sees the same one each time."""
        if id(array) not in self._keys:
            self._keys[id(array)] = len(self._sent)
            self._sent.append(array)
        return self._keys[id(array)]

    def _change(self, reply: Message) -> None:
        """Change the arguments that the submission says it changed."""
        changed = reply.body.get("changed")
        for pair in changed if isinstance(changed, list) else []:
            if not isinstance(pair, list) or len(pair) != 2 or type(pair[0]) is not int:
                raise NotPlain("expected the arguments that were changed")
            now = Unpacker(reply.arrays, self._find).unpack(pair[1])
            if not 0 <= pair[0] < len(self._sent) or not isinstance(now, np.ndarray):
                raise NotPlain("expected an argument that was sent")
            _overwrite(self._sent[pair[0]], now)

    def _answer(self, question: Message) -> Message:
        """What one of our functions gives for arguments of the submission."""
        self._count(question)
        packer = Packer(self._keep)
        try:
            number = question.body["ask"]
            if type(number) is not int or not 0 <= number < len(self._asked):
                raise NotPlain("expected the number of a function that was sent")
            self._weigh(question)
            unpacker = Unpacker(question.arrays, self._find)
            args = unpacker.unpack(question.body.get("args"))
            kwargs = unpacker.unpack(question.body.get("kwargs"))
            if not isinstance(args, tuple) or not isinstance(kwargs, dict):
                raise NotPlain("expected arguments")
            value = self._asked[number](*args, **kwargs)
            return Message({"answer": packer.pack(value)}, tuple(packer.arrays))
        except Exception as error:
            kind = next(k for k in type(error).__mro__ if k.__module__ == "builtins")
            return Message({"raise": [kind.__name__, str(error)[:500]]})


def _overwrite(array: np.ndarray, now: np.ndarray) -> None:
    """Give an array other numbers, and another shape where it has room for it."""
    if array.size != now.size:
        raise NotPlain("expected as many numbers as were sent")
    if array.shape != now.shape:
        array.shape = now.shape
    array[...] = now.astype(array.dtype)


def _raise_what_it_raised(body: dict[str, Any]) -> None:
    """Raise what the answer raised, as an error of the same built-in kind."""
    if "refused" in body:
        text, sign = str(body["refused"])[:500], str(body.get("sign"))[:200]
        raise BrokenContract(Problem("type", text, sign))
    error = body.get("error")
    if isinstance(error, dict):
        kind = getattr(builtins, str(error.get("kind")), Exception)
        if not (isinstance(kind, type) and issubclass(kind, Exception)):
            kind = Exception
        name, said, line = (str(error.get(key, ""))[:1000] for key in ("name", "said", "line"))
        name = name if name.isidentifier() else "Exception"
        raise _raised_as(kind)(name, said, line[:120])


def _raised_as(kind: type[Exception]) -> type[AnswerRaised]:
    """AnswerRaised that an `except` for this built-in kind catches too."""
    if kind is Exception or issubclass(kind, UnicodeError):
        return AnswerRaised
    return type("AnswerRaised", (AnswerRaised, kind), {})
