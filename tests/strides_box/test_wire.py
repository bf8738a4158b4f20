"""Frames of limited size and time, from an other end that does what it likes."""

from __future__ import annotations

import json
import socket
import struct
import threading
import time

import pytest

from strides_box.wire import MOST_TEXT, Channel, Message, NoReply, WireError


@pytest.fixture
def ends():
    ours, theirs = socket.socketpair()
    channel = Channel(ours)
    yield channel, theirs
    channel.close()
    theirs.close()


def frame(text: bytes) -> bytes:
    return struct.pack("!I", len(text)) + text


def soon(seconds: float = 0.2) -> float:
    return time.monotonic() + seconds


def test_messages_come_over_with_their_arrays():
    ours, theirs = map(Channel, socket.socketpair())
    big = bytes(range(256)) * 20_000
    sender = threading.Thread(target=ours.send, args=(Message({"a": 1}, (memoryview(big), b"xy")),))
    sender.start()
    came = theirs.receive(soon(5))
    sender.join()
    assert came.body == {"a": 1}
    assert [bytes(array) for array in came.arrays] == [big, b"xy"]


@pytest.mark.parametrize(
    "text",
    [
        b"no json",
        b"[1]",
        b"null",
        b'{"wire": 2, "arrays": [], "body": {}}',
        b'{"wire": 1, "arrays": [], "body": 3}',
        b'{"wire": 1, "arrays": {}, "body": {}}',
        b'{"wire": 1, "arrays": [-1], "body": {}}',
        b'{"wire": 1, "arrays": [true], "body": {}}',
        b'{"wire": 1, "arrays": [1e3], "body": {}}',
        b'{"wire": 1, "arrays": [99999999999], "body": {}}',
        b'{"wire": 1, "body": {}}',
        b"[" * 100_000,
        b"9" * 10_000,
        b"\xff\xfe",
    ],
    ids=lambda text: text[:24].decode("latin-1"),
)
def test_what_is_no_message_is_refused(ends, text):
    channel, theirs = ends
    theirs.sendall(frame(text))
    with pytest.raises(WireError):
        channel.receive(soon())


def test_a_length_beyond_the_limit_is_refused_before_anything_is_read(ends):
    channel, theirs = ends
    theirs.sendall(struct.pack("!I", MOST_TEXT + 1))
    with pytest.raises(WireError, match="at most"):
        channel.receive(soon())


def test_a_frame_that_stops_in_the_middle_is_given_up(ends):
    channel, theirs = ends
    theirs.sendall(frame(json.dumps({"wire": 1, "arrays": [1000], "body": {}}).encode()) + b"abc")
    with pytest.raises(NoReply):
        channel.receive(soon(0.05))


def test_a_frame_that_drips_does_not_last_longer_than_its_time(ends):
    channel, theirs = ends
    stop = threading.Event()

    def drip() -> None:
        theirs.sendall(struct.pack("!I", 1000))
        while not stop.wait(0.01):
            theirs.sendall(b" ")

    dripping = threading.Thread(target=drip)
    dripping.start()
    try:
        with pytest.raises(NoReply):
            channel.receive(soon(0.1))
    finally:
        stop.set()
        dripping.join()


def test_an_end_that_hangs_up_or_takes_nothing_is_said(ends):
    channel, theirs = ends
    with pytest.raises(NoReply):
        channel.send(Message({}, (bytes(50_000_000),)), soon(0.1))
    theirs.close()
    with pytest.raises(WireError):
        channel.receive(soon())
    with pytest.raises(WireError):
        channel.send(Message({"x": 1}))


def test_a_message_larger_than_the_limit_is_not_sent(ends):
    with pytest.raises(WireError, match="at most"):
        ends[0].send(Message({"x": "a" * (MOST_TEXT + 1)}))
