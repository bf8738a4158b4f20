"""Ctrl-C waits for the end of a block, and a second one does not."""

from __future__ import annotations

import os
import signal
import threading

import pytest

from examiner.course.interrupt import finish_first


def ctrl_c():
    os.kill(os.getpid(), signal.SIGINT)


def interrupted(times, steps):
    with finish_first():
        for _ in range(times):
            ctrl_c()
        steps.append("went on")


def test_the_block_ends_first():
    steps = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(1, steps)
    assert steps == ["went on"]
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_a_second_one_ends_it_at_once():
    steps = []
    with pytest.raises(KeyboardInterrupt):
        interrupted(2, steps)
    assert steps == []


def test_without_it_nothing_happens_and_errors_pass():
    with finish_first():
        pass
    with pytest.raises(LookupError), finish_first():
        raise LookupError
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler


def test_in_another_thread_signals_are_left_alone():
    seen = []

    def work():
        with finish_first():
            seen.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=work)
    thread.start()
    thread.join()
    assert seen == [signal.default_int_handler]
