"""Answers that return something other than it seems: it must end at the wire."""

from __future__ import annotations

from ..attack import ANY, GRADED, STOPPED, Attack, Expect, only, without

FUNCTIONS = ("relative_error", "log_softmax", "multilabel_loss", "numerical_gradient", "predict")
LATE = (GRADED, *STOPPED)


def every(value: str, setup: str = "", why: str = '"a"') -> dict[str, str]:
    """Answers that all return one value; `multilabel_loss` also through its backward."""
    answers = {name: f"def {name}(*inputs, **more):\n    return {value}" for name in FUNCTIONS}
    answers["multilabel_loss"] = (
        f"def multilabel_loss(*inputs):\n    return ({value}), (lambda *a: ({value}))"
    )
    answers["relative_error"] = f"{setup}\n{answers['relative_error']}"
    return answers | {"why_mean": f"why_mean = {why}"}


def returning(
    name: str,
    tries: str,
    value: str,
    setup: str = "",
    why: str = '"a"',
    expects: Expect = Expect(0),  # noqa: B008  (frozen)
    exercises: tuple[str, ...] = FUNCTIONS,
) -> Attack:
    """An attack whose answers, every one or some, return one value."""
    answers = every(value, setup, why)
    answers = {name: answers[name] for name in (*exercises, "why_mean")}
    if "relative_error" not in exercises:
        answers[exercises[0]] = f"{setup}\n{answers[exercises[0]]}"
    return Attack(name, tries, answers, expects=expects)


EQUAL = """class Equal:
    __array_priority__ = 1e9
    shape, size, ndim, dtype = (), 1, 0, np.dtype(float)
    def yes(self, *a, **k):
        return True
    def same(self, *a, **k):
        return self
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = __bool__ = __contains__ = all = any = yes
    __sub__ = __rsub__ = __abs__ = __add__ = __mul__ = astype = reshape = __getitem__ = same
    __hash__ = lambda self: 0
    __len__ = lambda self: 2
    __float__ = lambda self: 0.0
    __iter__ = lambda self: iter((self, self))"""
ARRAY = """class Agreeable(np.ndarray):
    def __array_function__(self, function, types, arguments, options):
        return True
    def __array_ufunc__(self, function, method, *inputs, **options):
        return np.zeros(()) if function is not np.less_equal else np.bool_(True)
    def __array_finalize__(self, other):
        pass
    __eq__ = __le__ = __lt__ = lambda self, other: True
    all = any = lambda self, *a, **k: True
    max = min = lambda self, *a, **k: 0.0
    def astype(self, *a, **k):
        return self
    reshape = copy = astype
    def __array__(self, *a, **k):
        raise MemoryError("never")"""
LAZY = """class Lazy:
    asked = 0
    def __array__(self, dtype=None, copy=None):
        Lazy.asked += 1
        return np.full(Lazy.asked % 3 + 1, np.nan)
    def __float__(self):
        return float(Lazy.asked)"""
NUMBER = """class Number(float):
    __eq__ = __le__ = __lt__ = __ge__ = __gt__ = lambda self, other: True
    __sub__ = __rsub__ = __abs__ = __add__ = __mul__ = lambda self, *a: Number(0)
    __hash__ = lambda self: 0
    __array__ = lambda self, *a, **k: np.zeros(())
class Whole(int):
    __eq__ = __le__ = __lt__ = lambda self, other: True
    __index__ = lambda self: 2
    __hash__ = lambda self: 0"""
TEXT = """class Text(str):
    def strip(self, *a):
        return self
    lower = strip
    __eq__ = __contains__ = lambda self, other: True
    __ne__ = lambda self, other: False
    __len__ = lambda self: 1
    __hash__ = lambda self: hash("c")
    __str__ = __repr__ = __format__ = lambda self, *a: "c" """
CONTAINERS = """class Endless(list):
    def __len__(self):
        return 2
    def __iter__(self):
        while True:
            yield 1.0
    def __getitem__(self, place):
        return Endless()
class Book(dict):
    def items(self):
        while True:
            yield "a", Book()
    keys = values = __iter__ = items"""

ATTACKS: list[Attack] = [
    returning("always_equal", "an object equal to everything", "Equal()", EQUAL, "Equal()"),
    returning("array_subclass", "an array that agrees", "np.zeros(3).view(Agreeable)", ARRAY),
    returning("lazy_array", "another array each time it is asked", "Lazy()", LAZY, "Lazy()"),
    returning("number_subclass", "a float equal to everything", "Number(7)", NUMBER, "Whole(2)"),
    returning("text_subclass", "a string that is every letter", 'Text("z")', TEXT, 'Text("z")'),
    returning(
        "endless_list",
        "a list of two parts that never ends",
        "Endless()",
        CONTAINERS,
        "Endless()",
        Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "endless_dict",
        "a dictionary that never ends",
        "Book(a=1)",
        CONTAINERS,
        "Book(a=1)",
        Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "generator",
        "a generator, an iterator without end, a map",
        "(itertools.repeat(1.0), (x for x in itertools.count()))",
        "import itertools",
    ),
    returning(
        "false_class",
        "an object that says its class is ndarray",
        "False_()",
        """class False_:
    __class__ = property(lambda self: np.ndarray)
    __module__ = "numpy"
    __array_interface__ = {"shape": (1,), "typestr": "<f8", "data": (0, False), "version": 3}""",
        expects=Expect(0, ANY),
    ),
    returning(
        "wild_pointer",
        "an array whose memory is somewhere else",
        "np.lib.stride_tricks.as_strided(np.zeros(1), (2**20, 2**8), (2**30, 8))",
        expects=Expect(0, ANY),
    ),
    returning("not_a_number", "nan and infinity", "np.array([np.nan, np.inf])", why='float("nan")'),
    returning(
        "masked",
        "a masked array, whose comparisons are masked and not false",
        "np.ma.masked_all(np.shape(inputs[0]))",
        why="np.ma.masked",
    ),
    returning("empty", "arrays without an entry, in which all is true", "np.zeros((0, 3))"),
    returning(
        "matrix",
        "np.matrix and object arrays",
        "[np.matrix([[7]]), objects]",
        EQUAL + "\nobjects = np.empty(1, object)\nobjects[0] = Equal()",
    ),
    returning(
        "strange_dtypes",
        "records, dates, text, longdouble and complex numbers",
        "[np.zeros(2, 'i4,f8'), np.array(['2026-01-01'], 'M8[D]'), np.array(['7']), 7j]",
    ),
    returning("huge_whole", "10 to the power 5000", "10**5000", why="10**5000"),
    returning(
        "huge_array",
        "a broadcast array of 10^18 entries that takes no memory here",
        "np.broadcast_to(7.0, (10**9, 10**9))",
        expects=Expect(0, LATE),
    ),
    returning(
        "large_array",
        "an array of 1 GB in each answer",
        "np.zeros(125_000_000)",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "deep",
        "a list nested a hundred thousand times",
        "deep",
        """deep = []
for _ in range(100_000):
    deep = [deep]""",
    ),
    returning(
        "in_itself",
        "a list that contains itself twice",
        "loop",
        """loop = []
loop += [loop, loop]
loop.append({"a": loop})""",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "many_parts",
        "a list of five million parts",
        "[0.5, None] * 2_500_000",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "many_arrays",
        "two hundred thousand arrays of one entry",
        "[np.zeros(1)] * 200_000",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "one_array_often",
        "one array of 50 MB named a thousand times",
        "[big] * 1000",
        "big = np.zeros(6_250_000)",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning("many_axes", "an array of 64 axes", "np.zeros((1,) * 64)"),
    returning(
        "coroutine",
        "a coroutine that nobody awaits",
        "wait()",
        """import warnings
warnings.simplefilter("ignore")
async def wait():
    return 7.0""",
        "wait()",
    ),
    returning(
        "reduce",
        "an object whose pickle runs a command where it is read",
        "Pickled()",
        """import os
class Pickled:
    def __reduce__(self):
        return os.system, ("touch " + @COURSE@ + "/strides-atk-pickled",)
    __reduce_ex__ = lambda self, version: self.__reduce__()
    __getstate__ = __reduce__""",
        "Pickled()",
    ),
    returning(
        "modules",
        "modules, classes, frames and the shell itself",
        "[np, type, __import__('sys')._getframe(), get_ipython()]",
        why="get_ipython",
        expects=Expect(0, hides="examiner.safe"),
    ),
    returning(
        "memory_map",
        "a file in memory that changes after it was returned",
        "changing()",
        """import mmap, threading
region = mmap.mmap(-1, 4096)
shared = np.frombuffer(region, np.float64)
def changing():
    threading.Timer(0.001, lambda: shared.fill(0.0)).start()
    return shared[:3]""",
    ),
    returning("torch_tensor", "tensors of torch", "torch.zeros(3)", "import torch"),
    returning(
        "raises_badly",
        "errors whose text, name and class go wrong when somebody looks at them",
        "fail()",
        """class Bad(Exception):
    def __str__(self):
        raise Bad
    __repr__ = __str__
    args = property(__str__)
Bad.__name__ = Bad.__qualname__ = "<script>evil()</script>" * 100
def fail():
    raise Bad""",
        expects=Expect(0, ANY),
    ),
    returning(
        "raises_much",
        "an error with a text of 100 MB",
        "fail()",
        """def fail():
    raise ValueError("x" * 100_000_000)""",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    returning(
        "raises_contract",
        "the engine's own exceptions, with a verdict of its own",
        "fail()",
        """from strides.check import BrokenContract, Problem
from strides.check.calls import AnswerRaised, OutOfTime
turn = []
def fail():
    turn.append(1)
    raise (BrokenContract(Problem("passed", "All is right.")), OutOfTime(),
           AnswerRaised("passed", "All is right."))[len(turn) % 3]""",
        expects=Expect(0, ANY),
    ),
    returning(
        "raises_signals",
        "KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration",
        "fail()",
        """turn = []
def fail():
    turn.append(1)
    raise (KeyboardInterrupt, SystemExit, GeneratorExit, StopIteration)[len(turn) % 4]""",
        expects=Expect(0, ANY),
    ),
    returning(
        "raises_recursion",
        "a chain of errors that is its own cause",
        "fail()",
        """def fail():
    first, second = ValueError("first"), KeyError("second")
    first.__cause__, second.__cause__ = second, first
    raise first""",
    ),
    returning(
        "raises_groups",
        "exception groups, deep in each other",
        "fail()",
        """def fail():
    group = ValueError("inner")
    for _ in range(500):
        group = ExceptionGroup("x", [group, group])
    raise group""",
        expects=Expect(0, LATE),
        exercises=("log_softmax",),
    ),
    Attack(
        "backward_object",
        "a backward that returns another backward, and an object that calls itself",
        {
            "multilabel_loss": """class Again:
    def __call__(self, *a):
        return Again()
    def __getattr__(self, name):
        return Again()
def multilabel_loss(scores, t):
    return Again(), Again()"""
        },
        base="right",
        expects=Expect(without("multilabel_loss")),
    ),
    Attack(
        "backward_late",
        "a backward that never returns; the loss is right",
        {
            "multilabel_loss": """def multilabel_loss(scores, t):
    loss = np.mean(np.maximum(scores, 0) - scores * t + np.log1p(np.exp(-np.abs(scores))))
    def backward():
        while True:
            pass
    return loss, backward"""
        },
        base="right",
        expects=Expect(
            (without("multilabel_loss"), without("multilabel_loss") + 2), ("timed out",)
        ),
    ),
    Attack(
        "inputs_restored",
        "changes its argument and puts it back from a thread after it has returned",
        {
            "log_softmax": """import threading
def log_softmax(scores):
    before = scores.copy()
    threading.Timer(0.05, lambda: scores.__setitem__(..., before)).start()
    scores -= scores.max(axis=1, keepdims=True).astype(scores.dtype)
    return scores - np.log(np.exp(scores).sum(axis=1, keepdims=True))"""
        },
        base="right",
        expects=Expect((without("log_softmax"), without("log_softmax") + 2)),
    ),
    Attack(
        "inputs_returned",
        "returns its argument, then changes it from a thread",
        {
            "log_softmax": """import threading
def log_softmax(scores):
    threading.Timer(0.0, lambda: scores.fill(0)).start()
    return scores""",
            "predict": "def predict(w, x):\n    w[...] = x[...] = 0\n    return x",
        },
        base="right",
        expects=Expect(without("log_softmax", "predict")),
    ),
    Attack(
        "callback_abused",
        "calls the f that it is given with everything but an array, and after its time",
        {
            "numerical_gradient": """kept = []
def numerical_gradient(f, x, h=1e-5):
    kept.append(f)
    for odd in ("text", None, f, np.zeros((0,)), [[1], [2, 3]], {"a": f}, object(), 10**400,
                np.zeros(10), np.array([object()]), np.full(x.shape, np.nan)):
        for call in kept:
            try:
                call(odd)
                call(odd, odd, more=odd)
            except Exception as problem:
                text = str(problem) + repr(vars(problem))
                if "/lib/" in text or "examiner" in text or "site-packages" in text:
                    leaked(text)
    for name in dir(f):
        if name in ("a", "b", "c", "gradient", "__closure__", "__globals__"):
            try:
                if isinstance(getattr(f, name), np.ndarray):
                    leaked("the coefficients of f")
            except Exception:
                pass
    return np.zeros(np.shape(x)) - 7""",
        },
        base="right",
        last=(
            "for call in kept[:3]:\n    try:\n        print(call(np.zeros(5)))\n"
            "    except Exception as problem:\n        print(type(problem).__name__)",
        ),
        expects=Expect(without("numerical_gradient"), LATE),
    ),
    Attack(
        "callback_broadcast",
        "calls f with arrays that broadcast to tens of GB where f is computed",
        {
            "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    for shape in ((20_000_000, 1, 1, 1), (4_000_000, *[1] * x.ndim), (3_000, 3_000, *x.shape)):
        for dtype in (np.uint8, np.float64):
            try:
                f(np.ones(shape, dtype))
            except Exception as problem:
                print(type(problem).__name__)
    return np.zeros(np.shape(x)) - 7"""
        },
        base="right",
        expects=Expect(without("numerical_gradient"), LATE),
    ),
    Attack(
        "callback_numbers",
        "calls f with whole numbers of thousands of digits, and with text",
        {
            "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    for odd in (10**4000, -(10**4000), [10**4000], 1e308, float("nan"), "9" * 10**6, b"9", 1j):
        try:
            f(odd)
        except Exception as problem:
            print(type(problem).__name__)
    return np.zeros(np.shape(x)) - 7"""
        },
        base="right",
        expects=Expect(without("numerical_gradient"), LATE),
    ),
    Attack(
        "callback_late",
        "keeps f, and calls it from a thread while other answers are awaited",
        {
            "numerical_gradient": """import threading
def numerical_gradient(f, x, h=1e-5):
    def later():
        while True:
            try:
                f(x)
            except Exception:
                pass
    threading.Thread(target=later, daemon=True).start()
    return np.zeros(np.shape(x)) - 7"""
        },
        base="right",
        expects=Expect((0, without("numerical_gradient")), ANY),
    ),
    Attack(
        "callback_flood",
        "calls the f that it is given without end",
        {
            "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    while True:
        try:
            f(x)
        except BaseException:
            pass"""
        },
        base="right",
        expects=Expect(without("numerical_gradient"), ("timed out",)),
    ),
    Attack(
        "callback_recursion",
        "gives f an answer's own function and calls itself through it",
        {
            "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    return f(lambda *a: numerical_gradient(f, x))""",
            "predict": "def predict(w, x):\n    return predict(w, x)",
        },
        base="right",
        expects=Expect(without("numerical_gradient", "predict"), LATE),
    ),
    Attack(
        "callback_gradient",
        "takes what f's class knows of its own gradient",
        {
            "numerical_gradient": """def numerical_gradient(f, x, h=1e-5):
    return f.gradient(x)"""
        },
        base="right",
        expects=Expect(without("numerical_gradient")),
    ),
    Attack(
        "names_are_not_functions",
        "answers that are no functions: a module, a number, a class that fails, a property",
        {
            "relative_error": "relative_error = np",
            "log_softmax": "log_softmax = 3.0",
            "multilabel_loss": "class multilabel_loss:\n    __new__ = lambda cls, *a: cls",
            "numerical_gradient": "numerical_gradient = property(lambda self: 1)",
            "predict": "predict = type",
        },
        expects=Expect(0, ANY),
    ),
    Attack(
        "name_is_a_score",
        "an answer's name holds a Score, and a function that returns one",
        {
            "relative_error": """from strides.check.score import Row, Score
full = Score("a1.relative_error", (Row("all", 3, 3, "passed"),))
def relative_error(a, b):
    return full""",
            "predict": "predict = full",
            "why_mean": "why_mean = full",
        },
        expects=Expect(0, ANY),
    ),
    Attack(
        "right_without_cheating",
        "nothing: a check of this corpus, that half of the answers earn their points alone",
        {
            "relative_error": "import math\ndef relative_error(a, b):\n    return max(\n"
            "        abs(p - q) / max(1e-8, abs(p) + abs(q))\n"
            "        for p, q in zip(a.ravel().tolist(), b.ravel().tolist()))"
        },
        expects=Expect(only("relative_error")),
    ),
]
