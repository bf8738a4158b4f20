"""The wire between the examiner and a sandbox: plain data in frames of limited size.

A message is a length, one JSON text, and the bytes of the arrays that the text announces, over a
Unix stream socket; nothing is ever pickled. Both ends use this module, and each end takes what
comes from the other for hostile.
"""

from __future__ import annotations

import itertools
import json
import socket
import struct
import time
from dataclasses import dataclass
from typing import Any

VERSION = 1
MOST_TEXT = 8_000_000
"""Bytes of a message's JSON text."""
MOST_BYTES = 256_000_000
"""Bytes of a message's arrays."""
MOST_ARRAYS = 10_000
LENGTH = struct.Struct("!I")
FOREVER = 1e9
SMALL = 65_536
"""Bytes up to which a message is sent, and read, in one piece."""
LARGE = 8_000_000
"""Bytes for which room is made at once."""


class WireError(Exception):
    """The other end is gone, or sent what is no message."""


class TooLarge(WireError):
    """A message that is not sent, since it is larger than messages are."""


class NoReply(WireError):
    """The other end sent nothing within the time there was."""


@dataclass(frozen=True)
class Message:
    """One message: a JSON object and the arrays' bytes it speaks of."""

    body: dict[str, Any]
    arrays: tuple[bytearray | memoryview, ...] = ()


class Channel:
    """One end of the wire. Raises WireError where the other end is gone or breaks the rules."""

    def __init__(self, end: socket.socket) -> None:
        for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
            end.setsockopt(socket.SOL_SOCKET, option, 2_000_000)
        self._end = end
        self._ahead = bytearray()

    def close(self) -> None:
        """Hang up; the other end sees the end of the wire."""
        self._end.close()

    def send(self, message: Message, until: float | None = None) -> None:
        """Send a message. Raises NoReply where it was not taken by `until` (of time.monotonic)."""
        sizes = [memoryview(array).nbytes for array in message.arrays]
        envelope = {"wire": VERSION, "arrays": sizes, "body": message.body}
        text = json.dumps(envelope).encode("utf-8", "backslashreplace")
        if len(text) > MOST_TEXT or sum(sizes) > MOST_BYTES:
            raise TooLarge(f"a message has at most {MOST_TEXT:,} + {MOST_BYTES:,} bytes")
        parts: list[bytes | bytearray | memoryview] = [LENGTH.pack(len(text)), text]
        parts += message.arrays
        if sum(sizes) < SMALL:
            parts = [b"".join(parts)]
        try:
            for part in parts:
                self._end.settimeout(_left(until))
                self._end.sendall(part)
        except TimeoutError:
            raise NoReply("the message was not taken in time") from None
        except (OSError, ValueError) as problem:
            raise WireError(f"the other end takes no messages ({problem})") from problem

    def receive(self, until: float | None = None) -> Message:
        """The next message. Raises NoReply where it was not there by `until`."""
        (length,) = LENGTH.unpack(self._bytes(LENGTH.size, until))
        if length > MOST_TEXT:
            raise WireError(f"expected a text of at most {MOST_TEXT:,} bytes, received {length:,}")
        body, sizes = _opened(self._bytes(length, until))
        everything = memoryview(self._bytes(sum(sizes), until))
        ends = list(itertools.accumulate(sizes, initial=0))
        return Message(body, tuple(everything[a:b] for a, b in itertools.pairwise(ends)))

    def _bytes(self, count: int, until: float | None) -> bytearray:
        """The next bytes: few out of what was read ahead, many into a place of their own."""
        if count > SMALL:
            return self._many_bytes(count, until)
        while len(self._ahead) < count:
            room = bytearray(SMALL)
            del room[self._receive_into(room, until) :]
            self._ahead += room
        data = self._ahead[:count]
        del self._ahead[:count]
        return data

    def _many_bytes(self, count: int, until: float | None) -> bytearray:
        """The next bytes; room is made as they come, since a length alone proves nothing."""
        data = bytearray(min(count, LARGE))
        done = min(len(self._ahead), count)
        data[:done] = self._ahead[:done]
        del self._ahead[:done]
        while done < count:
            if done == len(data):
                data.extend(bytes(min(count - done, LARGE)))
            done += self._receive_into(memoryview(data)[done:], until)
        return data

    def _receive_into(self, room: bytearray | memoryview, until: float | None) -> int:
        """Read what comes next, as far as there is room; the number of bytes."""
        try:
            self._end.settimeout(_left(until))
            received = self._end.recv_into(room)
        except TimeoutError:
            raise NoReply("no whole message came in time") from None
        except (OSError, ValueError) as problem:
            raise WireError(f"the other end is gone ({problem})") from problem
        if not received:
            raise WireError("the other end is gone")
        return received


def _left(until: float | None) -> float:
    """The seconds there are until then; raises TimeoutError where there are none."""
    if until is None:
        return FOREVER
    left = until - time.monotonic()
    if left <= 0:
        raise TimeoutError
    return left


def _opened(text: bytearray) -> tuple[dict[str, Any], list[int]]:
    """The body of a message and the sizes of its arrays."""
    try:
        envelope = json.loads(text)
        version, sizes, body = envelope["wire"], envelope["arrays"], envelope["body"]
    except (ValueError, KeyError, TypeError, RecursionError) as problem:
        raise WireError("expected a message, received something else") from problem
    if version != VERSION or not isinstance(body, dict) or not isinstance(sizes, list):
        raise WireError(f"expected a message of version {VERSION}")
    numbers = all(type(size) is int and size >= 0 for size in sizes)
    if not numbers or len(sizes) > MOST_ARRAYS or sum(sizes) > MOST_BYTES:
        raise WireError(f"expected at most {MOST_ARRAYS:,} arrays and {MOST_BYTES:,} bytes")
    return body, sizes
