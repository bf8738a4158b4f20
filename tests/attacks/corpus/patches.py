"""What the checks stand on, patched inside the student's process."""

from __future__ import annotations

from ..attack import ANY, TIMED_OUT, Attack, Expect, beside, in_cell, without

ATTACKS: list[Attack] = [
    in_cell(
        "numpy",
        "NumPy's comparisons are always content",
        """for name in ("allclose", "isclose", "array_equal", "all", "any", "isfinite"):
    setattr(np, name, lambda *a, **k: np.bool_(True))
np.max = np.abs = np.vdot = lambda *a, **k: 0.0
np.array = np.asarray = lambda value, *a, **k: value""",
    ),
    in_cell(
        "numpy_testing",
        "every assertion of numpy.testing passes",
        """import numpy.testing, unittest
for module in (numpy.testing, unittest.TestCase):
    for name in dir(module):
        if name.startswith("assert"):
            setattr(module, name, lambda *a, **k: None)""",
    ),
    in_cell(
        "builtins",
        "abs, max, all, isinstance and others lie",
        """import builtins
for name in ("abs", "max", "min", "sum"):
    setattr(builtins, name, lambda *a, **k: 0.0)
for name in ("all", "any", "isinstance", "callable", "hasattr"):
    setattr(builtins, name, lambda *a, **k: True)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "builtins_float",
        "float, int and len are other functions",
        "import builtins\nbuiltins.float = builtins.int = lambda *a: 100.0\n"
        "builtins.len = lambda thing: 0\nbuiltins.print = builtins.type = lambda *a, **k: str",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "check_patched",
        "strides.check: mark, check, as_array and find_problem find everything right",
        """import strides.check as c
from strides.check import calls, exam, score, values
full = lambda e, *a: score.Score(e.name, (score.Row("all", 100, 100, "passed"),))
c.mark = exam.mark = full
c.check = check = lambda answer, name: score.Score(name, (score.Row("all", 100, 100, "passed"),))
values.find_problem = exam.find_problem = lambda *a: None
values.as_array = calls.as_array = lambda name, value: value""",
    ),
    in_cell(
        "score_patched",
        "a Score earns what is possible, whatever its rows say",
        """from strides.check.score import Row, Score
Score.earned = property(lambda self: 100.0)
Score.possible = property(lambda self: 100.0)
Score.as_data = lambda self: {"earned": 100.0, "possible": 100.0, "rows": []}
Score.__repr__ = Score.__str__ = lambda self: "100"
Row.__post_init__ = lambda self: object.__setattr__(self, "earned", 100)""",
    ),
    in_cell(
        "exams_patched",
        "every visible exam in memory gets an oracle that agrees",
        """import gc
from strides.check import Case, Check, Exam
for thing in gc.get_objects():
    if isinstance(thing, Exam):
        object.__setattr__(thing, "oracle", lambda *a: {})
        object.__setattr__(thing, "checks", ())
        object.__setattr__(thing, "cases", lambda rng: [])""",
    ),
    in_cell(
        "sandbox_modules",
        "every function of the sandbox's own modules, found through sys.modules, is replaced",
        """import sys, types
for name, module in list(sys.modules.items()):
    if name.startswith("strides_box"):
        for key, value in list(vars(module).items()):
            if isinstance(value, types.FunctionType):
                setattr(module, key, lambda *a, **k: 100.0)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "sandbox_packer",
        "what the sandbox packs is always the number that the exam wants, or so it hopes",
        """import sys
plain = sys.modules.get("strides_box.plain")
if plain is not None:
    plain.Packer.pack = lambda self, value, depth=0: {"t": "float", "text": "nan"}""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "json_patched",
        "json and struct write and read something else",
        """import json, struct, pickle
json.dumps = lambda *a, **k: '{"earned": 100, "possible": 100, "score": 100}'
json.loads = lambda *a, **k: {"wire": 1, "arrays": [], "body": {"earned": 100}}
struct.pack = lambda *a: b"\\0" * 4
pickle.loads = pickle.dumps = lambda *a, **k: b"" """,
        expects=Expect(0, ANY),
    ),
    in_cell(
        "torch_patched",
        "torch and SciPy, which oracles use, are content with everything",
        """import scipy.special, torch
torch.allclose = torch.equal = lambda *a, **k: True
scipy.special.log_softmax = scipy.special.softmax = lambda *a, **k: np.zeros((5, 3)) + 7""",
    ),
    in_cell(
        "random_patched",
        "every generator gives zeros, so that hidden inputs are known",
        """import random
class Zeros:
    def __getattr__(self, name):
        return lambda *a, size=1, **k: np.zeros(size)
np.random.default_rng = np.random.Generator = lambda *a: Zeros()
random.random = lambda: 0.0""",
        answers={
            "log_softmax": """def log_softmax(scores):
    return np.full(scores.shape, -np.log(scores.shape[1]))""",
        },
        expects=Expect(0, ANY),
    ),
    in_cell(
        "copy_patched",
        "copies are no copies, so that inputs and expected arrays are shared",
        "import copy\ncopy.deepcopy = copy.copy = lambda thing, *a: thing\n"
        "np.copy = lambda thing, *a, **k: thing",
    ),
    in_cell(
        "small_numbers",
        "writes 100 into the interpreter's own objects for 0 and 1",
        """import ctypes, sys
for number in (0, 1, 4, 5, 6):
    ctypes.memmove(id(number) + 24, id(100) + 24, 4)""",
        expects=Expect(0, ANY),
    ),
    Attack(
        "stopped_clock",
        "time stands still, so that a loop in an answer is never late",
        base="right",
        first=(
            """import time
time.time = time.monotonic = time.perf_counter = time.process_time = lambda: 0.0
time.sleep = lambda seconds: None""",
        ),
        answers={"relative_error": "def relative_error(a, b):\n    while True:\n        pass"},
        expects=Expect(without("relative_error"), (TIMED_OUT,)),
    ),
    Attack(
        "alarm_replaced",
        "takes over SIGALRM and the interval timers, and loops in an answer",
        base="right",
        first=(
            """import signal
signal.signal(signal.SIGALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_REAL, 0)
signal.signal = signal.setitimer = signal.alarm = lambda *a: 0""",
        ),
        answers={"relative_error": "def relative_error(a, b):\n    while True:\n        pass"},
        expects=Expect(without("relative_error"), (TIMED_OUT,)),
    ),
    beside(
        "global_state",
        "changes NumPy's global state; the answers are right",
        """np.seterr(all="ignore")
np.random.seed(0)
np.set_printoptions(precision=1, threshold=1, formatter={"all": lambda x: "100"})
np.random.default_rng = lambda *a: None""",
    ),
    beside(
        "numpy_deleted",
        "deletes names from NumPy that only a grader needs; the answers are right",
        "for name in ('allclose', 'frombuffer', 'testing', 'vdot', 'array2string'):\n"
        "    delattr(np, name)",
        expects=Expect((0, 21), ANY),
    ),
]
