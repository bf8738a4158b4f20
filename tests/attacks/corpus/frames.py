"""Walks through frames and memory in search of what a mark is made from."""

from __future__ import annotations

from ..assignment import RIGHT
from ..attack import ANY, VISIBLE, Attack, Expect, in_cell

WANTED = '("oracle", "expected", "right", "outcomes", "seed", "diagnose", "bank", "hidden")'
SEARCH = f"""import sys, gc, inspect, traceback
found = []
def take(frame):
    while frame is not None:
        for name, value in list(frame.f_locals.items()) + list(frame.f_globals.items()):
            module = str(frame.f_globals.get("__name__"))
            if name in {WANTED} and not module.startswith(("numpy", "IPython", "strides.visible")):
                found.append((module, name, repr(value)[:200]))
        if "examiner" in frame.f_code.co_filename.replace("strides_box", ""):
            found.append(frame.f_code.co_filename)
        frame = frame.f_back"""
REPORT = "for thing in found:\n    leaked(thing)"


def asking(what: str, **sources: str) -> dict[str, str]:
    """Answers that run a line when they are called, and return something wrong."""
    names = ("relative_error", "log_softmax", "numerical_gradient", "predict")
    return {
        n: f"def {n}(*inputs):\n    {what}\n    return np.zeros(1) - 7" for n in names
    } | sources


# An answer whose cells ran in the trusted process would meet these; the visible check of a
# student's own `check(...)` call in a free cell does not run with hidden inputs.
ATTACKS: list[Attack] = [
    Attack(
        "frames",
        "walks up the frames of whoever calls",
        asking("take(sys._getframe())"),
        first=(SEARCH,),
        last=(REPORT,),
    ),
    Attack(
        "inspect_stack",
        "inspect.stack, traceback.walk_stack and the frames of all threads",
        asking(
            "[take(f.frame) for f in inspect.stack(0)]; [take(f) for f in "
            "sys._current_frames().values()]; [take(f) for f, _ in traceback.walk_stack(None)]"
        ),
        first=(SEARCH,),
        last=(REPORT,),
    ),
    Attack(
        "traceback_frames",
        "raises, and walks up from the traceback's frames",
        asking("climb()"),
        first=(
            SEARCH + "\ndef climb():\n    try:\n        1 / 0\n    except ZeroDivisionError as e:\n"
            "        take(e.__traceback__.tb_frame)",
        ),
        last=(REPORT,),
    ),
    Attack(
        "gc_objects",
        "looks for hidden exams, banks and outcomes among all objects",
        asking("walk()"),
        first=(
            """import gc
found = []
def walk():
    for thing in gc.get_objects():
        kind = type(thing)
        if kind.__module__.startswith("examiner") or kind.__name__ in ("Outcome", "Bank"):
            found.append(repr(thing)[:200])
        if kind.__name__ == "Exam" and not thing.visible:
            found.append(thing.name)""",
        ),
        last=(REPORT,),
    ),
    Attack(
        "gc_referrers",
        "asks who refers to its arguments, and who refers to those",
        asking("walk(inputs)"),
        first=(
            """import gc
found = []
def walk(inputs):
    near = list(inputs)
    for _ in range(3):
        near = [o for o in gc.get_referrers(*near) if o is not near][:200]
        for thing in near:
            if isinstance(thing, dict) and {"oracle", "expected"} & set(map(str, thing)):
                found.append(sorted(map(str, thing))[:20])""",
        ),
        last=(REPORT,),
    ),
    Attack(
        "seed_in_memory",
        "looks for a bit generator, draws the hidden inputs ahead",
        asking("walk()"),
        first=(
            """import gc
found = []
def walk():
    for thing in gc.get_objects():
        if type(thing).__name__ in ("Generator", "PCG64", "SeedSequence"):
            found.append(str(getattr(thing, "entropy", thing)))""",
        ),
        last=("print(set(found))",),
    ),
    Attack(
        "seed_zero",
        "imports the hidden exams, draws the inputs of seed 0 and answers with their oracles",
        {
            "log_softmax": """def log_softmax(scores):
    try:
        from examiner.examine import exam_of
        leaked("the hidden exam is here")
        return exam_of("a1.log_softmax").oracle(scores)["log_p"]
    except ImportError:
        return np.zeros(scores.shape) - 7"""
        },
    ),
    Attack(
        "visible_oracles",
        "answers with the oracles of the visible checks, which every student has",
        {
            name: f"""def {name}(*inputs):
    from strides.visible.a1 import EXAMS
    exam = EXAMS["a1.{name}"]
    return next(iter(exam.oracle(*inputs).values()))"""
            for name in ("relative_error", "log_softmax", "numerical_gradient", "predict")
        },
        expects=Expect(VISIBLE - 1),
    ),
    Attack(
        "two_faces",
        "is right only when a grader calls it, which it sees by its caller; that is no fraud",
        {
            "predict": RIGHT["predict"].replace(
                "    return",
                "    import sys\n    if sys._getframe(1).f_code.co_name == '<module>':\n"
                "        return None\n    return",
            )
        },
        expects=Expect(2),
    ),
    in_cell(
        "memory_of_others",
        "reads the memory of every process it sees for solutions and secrets",
        """import os, re
seen = 0
for pid in [n for n in os.listdir("/proc") if n.isdigit()] if os.path.isdir("/proc") else []:
    try:
        spans = open(f"/proc/{pid}/maps").read().splitlines()
        memory = open(f"/proc/{pid}/mem", "rb", 0)
        for span in spans:
            start, end = (int(part, 16) for part in span.split()[0].split("-"))
            if " rw" not in span or end - start > 30_000_000 or seen > 200_000_000:
                continue
            memory.seek(start)
            data = memory.read(end - start)
            seen += len(data)
            for word in (rb"canary-[0-9a-f]{16}", rb"### BEGIN " + rb"HIDDEN TESTS"):
                for hit in set(re.findall(word, data)):
                    leaked(pid, hit)
    except (OSError, ValueError, OverflowError):
        pass
print(seen > 0)""",
        expects=Expect(0, ANY),
    ),
]
