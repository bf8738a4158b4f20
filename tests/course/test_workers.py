"""Workers that die, that fail, that are stopped; and none left behind."""

from __future__ import annotations

import multiprocessing
import os
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import CancelledError, wait
from functools import partial
from pathlib import Path

import pytest

from examiner.course.jobs import warm_up
from examiner.course.workers import ProcessWorkers, WorkerDied
from examiner.safe import job
from examiner.safe.sandbox import SandboxMissing

PATIENCE = 60
HOLD = """
import os, sys, time
from examiner.course.workers import ProcessWorkers
if __name__ == "__main__":
    workers = ProcessWorkers(2)
    for future in [workers.submit(os.getpid) for _ in range(4)]:
        print(future.result(), flush=True)
    running = [workers.submit(time.sleep, 600) for _ in range(2)]
    print("ready", flush=True)
    sys.stdin.read()
"""


@pytest.fixture
def workers():
    pair = ProcessWorkers(2)
    yield pair
    pair.stop()


def kill(pid):
    os.kill(pid, signal.SIGKILL)


def die():
    kill(os.getpid())


def die_unless(path):
    """Ends its process the first time."""
    if not path.exists():
        path.write_text("")
        die()
    return "at last"


def fail():
    raise LookupError("an odd submission")


def gone(pids):
    """Whether these processes end, looking again until they had the time to."""
    end = time.monotonic() + PATIENCE
    while any(alive(pid) for pid in pids):
        if time.monotonic() > end:
            return False
        time.sleep(0.05)
    return True


def alive(pid):
    """Whether a process runs; one that has ended and is not yet reaped does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_results_and_exceptions_come_back(workers):
    futures = [workers.submit(divmod, number, 7) for number in range(20)]
    assert [future.result() for future in futures] == [divmod(number, 7) for number in range(20)]
    with pytest.raises(LookupError, match="an odd submission"):
        workers.submit(fail).result()
    assert workers.submit(int, "12", base=8).result() == 10


def test_so_many_processes_work_at_once(workers):
    pids = {workers.submit(os.getpid).result() for _ in range(4)}
    assert os.getpid() not in pids
    both = [workers.submit(time.sleep, 0.2) for _ in range(2)]
    assert all(future.running() for future in both)
    assert not workers.submit(os.getpid).running()


def test_workers_compute_on_one_thread(workers):
    names = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
    assert [workers.submit(os.getenv, name).result() for name in names] == ["1", "1", "1"]


def test_a_job_that_ends_its_worker_is_tried_again(workers, tmp_path):
    others = [workers.submit(abs, -number) for number in range(5)]
    assert workers.submit(die_unless, tmp_path / "died").result() == "at last"
    assert [future.result() for future in others] == list(range(5))


def test_a_job_that_ends_its_worker_twice_is_given_up_and_costs_no_other(workers):
    before = [workers.submit(abs, -number) for number in range(5)]
    deadly = workers.submit(die)
    after = [workers.submit(abs, -number) for number in range(5)]
    with pytest.raises(WorkerDied, match="it ended the process that graded it, 2 times"):
        deadly.result()
    assert [future.result() for future in before + after] == 2 * list(range(5))


def test_an_idle_worker_that_was_killed_is_replaced(workers):
    pids = {future.result() for future in [workers.submit(os.getpid) for _ in range(8)]}
    for pid in pids:
        kill(pid)
    assert gone(pids)
    assert workers.submit(abs, -3).result() == 3


def test_stop_ends_what_runs_and_drops_what_waits():
    workers = ProcessWorkers(2)
    pids = {future.result() for future in [workers.submit(os.getpid) for _ in range(8)]}
    running = [workers.submit(time.sleep, 600) for _ in range(2)]
    waiting = workers.submit(abs, -1)
    workers.stop()
    assert gone(pids)
    for future in running:
        with pytest.raises(WorkerDied, match="once"):
            future.result()
    with pytest.raises(CancelledError):
        waiting.result()
    with pytest.raises(RuntimeError, match="shut down"):
        workers.submit(abs, -1)


@pytest.mark.parametrize("at_once", [True, False])
def test_shutdown_lets_everything_end_first(at_once):
    workers = ProcessWorkers(1)
    futures = [workers.submit(os.getpid) for _ in range(5)]
    workers.shutdown(wait=at_once)
    pids = {future.result() for future in futures}
    assert len(pids) == 1
    assert gone(pids)


def test_a_job_cancelled_while_it_waits_is_not_run(workers, tmp_path):
    running = [workers.submit(time.sleep, 0.2) for _ in range(2)]
    waiting = workers.submit((tmp_path / "ran").write_text, "x")
    assert waiting.cancel()
    wait([*running, workers.submit(abs, 1)])
    assert not (tmp_path / "ran").exists()


def test_each_worker_warms_up_before_its_first_job_a_new_one_too(tmp_path):
    workers = ProcessWorkers(1, partial(leave_a_mark, tmp_path))
    first = workers.submit(os.getpid).result()
    assert (tmp_path / str(first)).is_file()
    kill(first)
    assert gone([first])
    second = workers.submit(os.getpid).result()
    assert (tmp_path / str(second)).is_file()
    workers.stop()
    assert gone([second])
    assert len(list(tmp_path.iterdir())) == 2


def leave_a_mark(folder):
    (folder / str(os.getpid())).write_text("")


def test_what_warming_up_raises_is_no_end_of_a_worker():
    workers = ProcessWorkers(1, fail)
    assert workers.submit(abs, -2).result() == 2
    workers.shutdown()


def test_a_sandbox_is_warm_before_the_first_job():
    workers = ProcessWorkers(1)
    warm = workers.submit(warm_up, "a1_classifiers", False)
    if isinstance(warm.exception(), SandboxMissing):
        pytest.skip(str(warm.exception()))
    assert warm.result() is None
    assert [confined for _, confined in workers.submit(boxes).result()] == [True]
    workers.shutdown()


def boxes():
    """The sandboxes of this process, by whether they have torch and are confined."""
    return list(job._boxes)


def test_nothing_to_do_starts_nothing():
    before = set(multiprocessing.active_children())
    workers = ProcessWorkers(4)
    assert set(multiprocessing.active_children()) == before
    workers.shutdown()


def test_no_workers_at_all():
    with pytest.raises(ValueError, match="expected at least 1, received 0"):
        ProcessWorkers(0)


def test_workers_end_with_the_process_that_started_them(tmp_path):
    script = tmp_path / "hold.py"
    script.write_text(HOLD)
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen([sys.executable, script], **pipes) as process:
        said = iter(process.stdout.readline, "ready\n")
        pids = {int(line) for line in said}
        assert all(alive(pid) for pid in pids)
        process.kill()
    assert gone(pids)


def test_ctrl_c_is_left_to_the_main_process(workers):
    pids = {workers.submit(os.getpid).result() for _ in range(4)}
    slow = workers.submit(time.sleep, 0.5)
    for pid in pids:
        os.kill(pid, signal.SIGINT)
    assert slow.result() is None
    assert {workers.submit(os.getpid).result() for _ in range(4)} <= pids
    assert workers.submit(_handler_is_a_function).result()


def _handler_is_a_function():
    return callable(signal.getsignal(signal.SIGINT)) and threading.current_thread() is (
        threading.main_thread()
    )
