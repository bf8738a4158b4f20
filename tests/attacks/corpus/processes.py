"""Threads, processes and signals that outlive a cell or end what runs it."""

from __future__ import annotations

from ..attack import ANY, DIED, FULL, GRADED, TIMED_OUT, Attack, Expect, beside, in_cell, without

NAMED = """import ctypes, os, signal, sys, threading, time
def mark():
    ctypes.CDLL(None).prctl(15, b"strides-atk", 0, 0, 0)
"""
ENDED = Expect(FULL, (DIED, GRADED))
EITHER = Expect((0, FULL), ANY)

ATTACKS: list[Attack] = [
    beside(
        "daemon_thread",
        "threads that run for ever, daemons and others",
        NAMED
        + """def work():
    while True:
        time.sleep(0.01)
for daemon in (True, False):
    threading.Thread(target=work, daemon=daemon).start()""",
    ),
    beside(
        "child",
        "a child process that sleeps for an hour",
        "import subprocess, sys\nsubprocess.Popen([sys.executable, '-c', "
        "'import time; time.sleep(3600) # strides-atk'])",
    ),
    beside(
        "shell_background",
        "a command in the background of a shell, with nohup",
        "!nohup sh -c 'exec -a strides-atk sleep 3600; sleep 3600 # strides-atk' >/dev/null 2>&1 &",
    ),
    beside(
        "double_fork",
        "forks twice, leaves its session, closes everything and waits",
        NAMED
        + """if os.fork() == 0:
    os.setsid()
    if os.fork() == 0:
        mark()
        os.closerange(0, 4096)
        while True:
            time.sleep(1)
    os._exit(0)""",
    ),
    beside(
        "respawner",
        "two processes that start each other again when one ends, deaf to signals",
        NAMED
        + """def guard():
    os.setsid()
    mark()
    for number in range(1, 32):
        try:
            signal.signal(number, signal.SIG_IGN)
        except (OSError, ValueError):
            pass
    os.closerange(0, 4096)
    while True:
        if os.fork() == 0:
            time.sleep(1)
            os._exit(0)
        os.wait()
for _ in range(2):
    if os.fork() == 0:
        guard()""",
        expects=EITHER,
    ),
    beside(
        "fork_continues",
        "forks in a cell: both parent and child go on as the kernel",
        NAMED + "if os.fork() == 0:\n    mark()",
        expects=EITHER,
    ),
    Attack(
        "fork_in_answer",
        "forks at each call of an answer, and the child waits",
        {
            "predict": NAMED
            + """def predict(w, x):
    if os.fork() == 0:
        mark()
        time.sleep(3600)
    return (x @ w).argmax(axis=1)"""
        },
        base="right",
        expects=Expect((without("predict"), FULL), ANY),
    ),
    beside(
        "atexit",
        "functions at exit that loop, fork and print",
        NAMED
        + """import atexit
def never():
    mark()
    os.fork()
    while True:
        time.sleep(0.1)
atexit.register(never)
atexit.register(lambda: print("21 of 21"))
threading._register_atexit(never) if hasattr(threading, "_register_atexit") else None""",
    ),
    beside("hard_exit", "os._exit in a free cell", "import os\nos._exit(0)", expects=ENDED),
    beside(
        "system_exit",
        "sys.exit in a free cell",
        "import sys\nsys.exit(0)",
        expects=Expect(FULL, (GRADED, DIED)),
    ),
    Attack(
        "exit_in_answer",
        "os._exit(0) inside an answer, as if all had gone well",
        {"predict": "import os\ndef predict(w, x):\n    os._exit(0)"},
        base="right",
        expects=Expect(without("predict"), (DIED,)),
    ),
    beside(
        "exit_later",
        "a thread that ends the process a little later, while an answer runs",
        "import os, threading\nthreading.Timer(0.05, os._exit, (0,)).start()",
        expects=EITHER,
    ),
    beside(
        "segmentation_fault",
        "reads address 0",
        "import ctypes\nctypes.string_at(0)",
        expects=ENDED,
    ),
    beside("abort", "aborts, and writes a core file", "import os\nos.abort()", expects=ENDED),
    beside("kill_self", "SIGKILL to itself", "import os\nos.kill(os.getpid(), 9)", expects=ENDED),
    in_cell(
        "kill_parent",
        "signals to its parent and to its group",
        """import os, signal
for number in (signal.SIGTERM, signal.SIGKILL, signal.SIGSTOP):
    for target in (os.getppid(), 1, 2, 3):
        if target not in (0, os.getpid()):
            try:
                os.kill(target, number)
            except OSError as problem:
                print(problem.strerror)
os.killpg(0, signal.SIGUSR1) if os.getpgrp() not in (0, os.getpid()) else None""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "kill_all",
        "signals to every process that it may signal",
        "import os\nos.kill(-1, 15)\nos.kill(-1, 9)",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "kill_numbers",
        "signals to every process number there may be",
        """import os, signal
for target in range(2, 33000):
    if target != os.getpid():
        try:
            os.kill(target, signal.SIGKILL)
        except OSError:
            pass""",
        expects=Expect(0, ANY),
    ),
    beside(
        "stop_self",
        "stops itself by SIGSTOP, so that nothing ever comes",
        "import os, signal\nos.kill(os.getpid(), signal.SIGSTOP)",
        expects=Expect(FULL, (GRADED, TIMED_OUT, DIED)),
    ),
    Attack(
        "stop_in_answer",
        "stops itself while an answer is awaited",
        {"predict": "import os\ndef predict(w, x):\n    os.kill(os.getpid(), 19)"},
        base="right",
        expects=Expect(without("predict"), (GRADED, TIMED_OUT, DIED)),
    ),
    beside(
        "signals_ignored",
        "ignores every signal and blocks the rest",
        """import signal
for number in signal.valid_signals():
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
signal.pthread_sigmask(signal.SIG_BLOCK, signal.valid_signals())""",
    ),
    beside(
        "busy_children",
        "twenty processes that compute for ever, beside everybody's time limits",
        NAMED
        + """for _ in range(20):
    if os.fork() == 0:
        mark()
        os.setsid()
        while True:
            pass
time.sleep(1)""",
        expects=EITHER,
    ),
    beside(
        "niceness",
        "asks for the best priority and every processor",
        """import os
for what in (lambda: os.nice(-20), lambda: os.setpriority(os.PRIO_PROCESS, 0, -20),
             lambda: os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(99)),
             lambda: os.sched_setaffinity(0, range(os.cpu_count()))):
    try:
        what()
    except OSError as problem:
        print(problem.strerror)""",
    ),
]
