"""Modules of the student's own in the places of the course's and the system's."""

from __future__ import annotations

from pathlib import Path

from ..attack import ANY, FULL, Attack, Expect, in_cell

PWNED = """import os
for place in (os.getcwd(), os.path.dirname(__file__)):
    try:
        with open(os.path.join(place, "strides-atk-shadow"), "w") as file:
            file.write("x")
    except OSError:
        pass
def __getattr__(name):
    return lambda *a, **k: 100.0
"""
SITE = "import builtins\nbuiltins.stolen = True\n" + PWNED
NAMES = (
    *("numpy.py", "ipykernel_launcher.py", "sitecustomize.py", "usercustomize.py", "examiner.py"),
    *(
        "json.py",
        "socket.py",
        "struct.py",
        "matplotlib.py",
        "torch.py",
        "IPython.py",
        "conftest.py",
    ),
    *("strides/__init__.py", "strides/check/__init__.py", "strides_box/__init__.py"),
    *("examiner/__init__.py", "nbgrader_config.py", "jupyter_config.py", "nbconvert/__init__.py"),
    *(
        "sqlite3.py",
        "alembic.py",
        "lib/strides/check/__init__.py",
        "gradebook.db",
        ".strides/secret",
    ),
    *("strides-atk.pth", "pyvenv.cfg", ".ipython/profile_default/startup/00.py", "pytest.ini"),
)


def put_modules(folder: Path, course: Path) -> None:
    """Lay modules beside the notebook that shadow those of the grader."""
    for name in NAMES:
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(SITE)


ATTACKS: list[Attack] = [
    Attack(
        "modules_beside",
        "hands in numpy.py, sitecustomize.py, strides/ and others beside the notebook",
        files=put_modules,
        first=("import builtins\nprint(hasattr(builtins, 'stolen'))",),
    ),
    Attack(
        "modules_beside_right",
        "the same beside right answers: they keep their points",
        files=put_modules,
        base="right",
        expects=Expect(FULL, ANY),
    ),
    in_cell(
        "modules_written",
        "writes those modules into its working folder and puts that first on the path",
        f"""import importlib, os, sys
for name in {NAMES!r}:
    os.makedirs(os.path.dirname(name) or ".", exist_ok=True)
    with open(name, "w") as file:
        file.write({SITE!r})
sys.path.insert(0, os.getcwd())
for name in ("examiner", "json", "socket", "strides", "strides.check", "strides_box"):
    sys.modules.pop(name, None)
importlib.invalidate_caches()""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "reloaded",
        "reloads every module of the course from a folder of its own",
        f"""import importlib, os, sys
os.makedirs("strides/check", exist_ok=True)
for name in ("strides/__init__.py", "strides/check/__init__.py"):
    with open(name, "w") as file:
        file.write({SITE!r})
sys.path[:] = [os.getcwd(), *sys.path]
for name in [n for n in sys.modules if n.startswith("strides")]:
    del sys.modules[name]
try:
    import strides.check
    check = strides.check.check
except Exception as problem:
    print(type(problem).__name__)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "startup_files",
        "writes start-up files for the next kernel",
        """import os
for place in (os.path.expanduser("~/.ipython/profile_default/startup"), ".ipython/startup",
              os.path.expanduser("~/.config/matplotlib"), os.path.expanduser("~/.jupyter")):
    try:
        os.makedirs(place, exist_ok=True)
        with open(os.path.join(place, "00-strides-atk.py"), "w") as file:
            file.write("import builtins; builtins.stolen = True")
    except OSError:
        pass""",
    ),
    in_cell(
        "startup_read",
        "looks whether the start-up file before had an effect",
        "import builtins\nif hasattr(builtins, 'stolen'):\n    leaked('a start-up file')",
    ),
]
