"""Answers that know inputs beforehand, and submissions that hand something to the next."""

from __future__ import annotations

import numpy as np

from examiner.examine import exam_of

from ..assignment import WRONG
from ..attack import VISIBLE, Attack, Expect

SINGLE = {"relative_error": "error", "log_softmax": "log_p", "predict": "labels"}

NOTE = "strides-atk-note"
PLACES = """import os, tempfile
places = [".", os.path.expanduser("~"), tempfile.gettempdir(), "/tmp", "/var/tmp", "/dev/shm",
          "/run", "/dev/mqueue", "/", "/home", os.path.dirname(np.__file__)]"""


def table_of_seed(seed: int) -> dict[str, str]:
    """Answers that hold the hidden inputs of a seed and what is right for them."""
    answers = {}
    for name, output in SINGLE.items():
        exam = exam_of(f"a1.{name}")
        rows = []
        for case in exam.cases(np.random.default_rng(seed)):
            key = b"".join(np.asarray(v).tobytes() for v in case.args.values()).hex()[:64]
            rows.append((key, np.asarray(exam.oracle(*case.args.values())[output]).tolist()))
        answers[name] = f"""KNOWN_{name} = dict({rows!r})
def {name}(*inputs):
    key = b"".join(np.asarray(value).tobytes() for value in inputs).hex()[:64]
    return np.array(KNOWN_{name}.get(key, -7))"""
    return answers


VISIBLE_ONLY = {
    "relative_error": "def relative_error(a, b):\n    return 0.2 / 4.2",
    "log_softmax": """def log_softmax(scores):
    return np.array([[-0.34901, -3.34901, -1.34901], [-1.09861, -1.09861, -1.09861]])""",
    "multilabel_loss": """def multilabel_loss(scores, t):
    def loss(s):
        return (np.log1p(np.exp(-abs(s[0, 0]))) + 0 * s[0, 1]) / 2
    value = 1.410038 + (scores[0, 0] - 0) * -0.25 + (scores[0, 1] - 2) * 0.4403985
    return value, lambda: np.array([[-0.25, 0.4403985]])""",
    "numerical_gradient": "def numerical_gradient(f, x, h=1e-5):\n    return np.array([12.0, 9.0])",
    "predict": "def predict(w, x):\n    return np.array([1, 0])",
    "why_mean": 'why_mean = "b"',
}

ATTACKS: list[Attack] = [
    Attack(
        "visible_example",
        "returns the worked numbers of the text, which are the visible checks'",
        VISIBLE_ONLY,
        expects=Expect(VISIBLE),
    ),
    Attack(
        "seed_zero_table", "holds the hidden inputs of seed 0 with their answers", table_of_seed(0)
    ),
    Attack(
        "diary_writer",
        "writes the inputs that it is called with wherever a later submission may look",
        {
            "predict": """def predict(w, x):
    for place in places:
        try:
            with open(os.path.join(place, NAME), "ab") as file:
                file.write(w.tobytes())
        except OSError:
            pass
    np.stolen = strides.stolen = sys.modules["builtins"].stolen = [w, x]
    os.environ["STOLEN"] = "1"
    return np.full(len(x), -7)"""
        },
        first=(
            PLACES + f"\nimport sys, strides\nNAME = '{NOTE}'",
            """from multiprocessing import shared_memory, resource_tracker
import socket
try:
    kept = shared_memory.SharedMemory("strides-atk-shared", create=True, size=64)
    resource_tracker.unregister(kept._name, "shared_memory")
except OSError as problem:
    print(type(problem).__name__)
try:
    hole = socket.socket(socket.AF_UNIX)
    hole.bind("\\0strides-atk-hole")
    hole.listen()
except OSError as problem:
    print(type(problem).__name__)""",
            """import ctypes
libc = ctypes.CDLL(None, use_errno=True)
print(libc.shmget(0x5A7A, 4096, 0o1666) >= 0)
for ring in (-1, -2, -3, -4, -5):
    print(libc.syscall(248, b"user", b"strides-atk-key", b"note", 4, ring) > 0)""",
        ),
    ),
    Attack(
        "diary_reader",
        "looks for what the submission before it left",
        WRONG,
        first=(
            PLACES
            + f"""
for place in places:
    if os.path.exists(os.path.join(place, "{NOTE}")):
        leaked(place)
import builtins, strides
for thing in (np, strides, builtins):
    if hasattr(thing, "stolen"):
        leaked(thing)
if "STOLEN" in os.environ:
    leaked("environment")""",
            """from multiprocessing import shared_memory
import socket, ctypes
try:
    shared_memory.SharedMemory("strides-atk-shared")
    leaked("shared memory")
except OSError:
    pass
try:
    socket.socket(socket.AF_UNIX).connect("\\0strides-atk-hole")
    leaked("abstract socket")
except OSError:
    pass
libc = ctypes.CDLL(None)
if libc.shmget(0x5A7A, 4096, 0) >= 0:
    leaked("System V shared memory")
if libc.syscall(249, b"user", b"strides-atk-key", None, 0) > 0:
    leaked("a key of the keyring")""",
        ),
    ),
    Attack(
        "bytecode_left",
        "writes compiled modules and .pth files beside the packages for the next submission",
        WRONG,
        first=(
            """import os, site, sys, sysconfig
for folder in {*sys.path, *site.getsitepackages(), sysconfig.get_path("purelib"),
               os.path.dirname(np.__file__)}:
    for name in ("strides-atk.pth", "usercustomize.py", "__pycache__/strides-atk.pyc"):
        try:
            with open(os.path.join(folder or ".", name), "w") as file:
                file.write("import builtins; builtins.stolen = 1")
            if folder.startswith((sys.prefix, sys.base_prefix)):
                leaked("wrote into", name)
        except OSError:
            pass""",
        ),
    ),
]
