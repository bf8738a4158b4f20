"""Loops without end, in cells and in answers, in Python and in C, deaf to interrupts."""

from __future__ import annotations

from ..attack import ANY, DIED, FULL, TIMED_OUT, Attack, Expect, beside, without

LATE = Expect(FULL, (TIMED_OUT,), says="stopped")
DEAF = """while True:
    try:
        while True:
            pass
    except BaseException:
        pass"""


def late_answer(name: str, tries: str, source: str, exercise: str = "relative_error") -> Attack:
    """An answer that never returns: it costs its exercise, and no other."""
    expects = Expect(without(exercise), (TIMED_OUT,))
    return Attack(name, tries, {exercise: source}, base="right", expects=expects)


ATTACKS: list[Attack] = [
    beside("endless", "a loop without end in a free cell", "while True:\n    pass", expects=LATE),
    beside("endless_deaf", "a loop that swallows every exception", DEAF, expects=LATE),
    beside(
        "endless_finally",
        "a loop that begins anew in finally, and in a handler of SIGINT",
        """import signal
def again(*about):
    while True:
        pass
signal.signal(signal.SIGINT, again)
try:
    again()
finally:
    again()""",
        expects=LATE,
    ),
    beside("endless_power", "10**10**8 in C", "len(str(10**10**8))", expects=LATE),
    beside("endless_sum", "a sum in C of 10^12 numbers", "sum(range(10**12))", expects=LATE),
    beside(
        "endless_pattern",
        "a regular expression that tries everything",
        "import re\nre.match(r'(a+)+$', 'a' * 40 + 'b')",
        expects=LATE,
    ),
    beside("sleeps", "sleeps for an hour", "import time\ntime.sleep(3600)", expects=LATE),
    beside(
        "waits",
        "waits for a lock that nobody gives, and for input on a pipe",
        "import threading\nthreading.Lock().acquire() and threading.Event().wait()",
        expects=LATE,
    ),
    beside(
        "sub_process_hangs",
        "waits for a child that never ends",
        "import subprocess\nsubprocess.run(['sleep', '3600'])",
        expects=LATE,
    ),
    beside("shell_hangs", "a shell escape that never ends", "!sleep 3600", expects=LATE),
    beside(
        "loop_in_representation",
        "a last value whose representation never ends",
        "class Slow:\n    def __repr__(self):\n        while True:\n            pass\nSlow()",
        expects=LATE,
    ),
    beside(
        "loop_in_syntax",
        "source that takes the compiler for ever",
        "x = (" * 90 + "1" + ")" * 90 + "\ny = " + "-" * 20_000 + "1\n(1,) * 10**10",
        expects=Expect(FULL, ("graded", TIMED_OUT, DIED)),
    ),
    beside(
        "constant_folding",
        "a constant that the compiler computes",
        "def f():\n    return " + "9**9**9**9" + "\nf()",
        expects=LATE,
    ),
    beside(
        "await_forever",
        "awaits something that never comes, in an event loop",
        "import asyncio\nawait asyncio.Event().wait()",
        expects=LATE,
    ),
    late_answer(
        "answer_loops", "an answer that loops", "def relative_error(a, b):\n    while True: pass"
    ),
    late_answer(
        "answer_loops_deaf",
        "an answer that swallows every exception",
        "def relative_error(a, b):\n" + "\n".join("    " + line for line in DEAF.splitlines()),
    ),
    late_answer(
        "answer_in_c",
        "an answer that hangs in C",
        "def relative_error(a, b):\n    return 10 ** 10 ** 9",
    ),
    late_answer(
        "answer_hides_result",
        "an object that never stops to be packed",
        """class Slow(list):
    def __len__(self, *a):
        while True: pass
    __iter__ = __getitem__ = __array__ = __len__
def predict(w, x):
    return Slow([1])""",
        "predict",
    ),
    Attack(
        "every_answer_loops",
        "all answers loop: the whole must still end",
        {
            name: f"def {name}(*inputs):\n    while True:\n        pass"
            for name in ("relative_error", "log_softmax", "predict")
        },
        expects=Expect(0, (TIMED_OUT,)),
    ),
    Attack(
        "many_slow_cells",
        "twelve cells that each stay a little below a cell's limit",
        first=("import time\ntime.sleep(1.5)",) * 12,
        base="right",
        expects=Expect((0, FULL), ANY),
    ),
]
