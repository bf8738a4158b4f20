"""Honest work in odd forms: every point for what is right."""

from __future__ import annotations

from ..assignment import RIGHT, find
from ..attack import ANY, FULL, GRADED, TIMED_OUT, Attack, Expect, beside, without

LOST = "stopped with"


def answering(name: str, tries: str, first: tuple[str, ...] = (), **answers: str) -> Attack:
    """Right answers, some of them written in another way."""
    return Attack(name, tries, answers, first=first, base="right", expects=Expect(FULL))


def out_of_order(notebook: object) -> None:
    """An answer below its own test stays there; a helper stands below its first use."""
    answer = find(notebook, "predict")
    notebook.cells.remove(answer)
    notebook.cells.insert(2, answer)


RELATIVE = """def relative_error(a, b):
    {body}
    return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))"""
PREDICT = "def predict(w, x):\n    {body}\n    return (x @ w).argmax(axis=1)"

ATTACKS: list[Attack] = [
    answering(
        "warnings",
        "old functions, and warnings on stderr",
        relative_error="import sys, warnings\n"
        + RELATIVE.format(
            body='warnings.warn("old", DeprecationWarning, stacklevel=1); '
            'print("hm", file=sys.stderr)'
        ),
    ),
    answering(
        "prints",
        "prints at every step",
        relative_error=RELATIVE.format(body="print('a', a); print('b', b)"),
        predict=PREDICT.format(body="[print(n, end=' ') for n in range(1000)]"),
    ),
    beside(
        "figures",
        "plots: inline, several, with a legend, with plt.show",
        "%matplotlib inline\nimport matplotlib.pyplot as plt\nfor n in range(3):\n"
        "    plt.figure(figsize=(2, 2))\n    plt.plot([1, n], label='x')\n    plt.legend()\n"
        "plt.show()\nfig, ax = plt.subplots(figsize=(2, 2))\nax.imshow(np.eye(4))",
        expects=Expect(FULL, shows="data:image/png"),
    ),
    answering(
        "figure_in_answer",
        "plots inside an answer",
        ("import matplotlib.pyplot as plt",),
        predict=PREDICT.format(body="plt.plot([1, 2]); plt.show()"),
    ),
    beside(
        "widget_backend",
        "%matplotlib widget, which is not installed",
        "%matplotlib widget\nprint('not reached')",
    ),
    beside("notebook_backend", "%matplotlib notebook", "%matplotlib notebook"),
    beside(
        "progress",
        "a progress bar by carriage returns",
        "for n in range(200):\n    print(f'\\r{n / 2:5.1f} %', end='', flush=True)\nprint()",
    ),
    beside(
        "progress_library",
        "tqdm, which is perhaps not there",
        "try:\n    from tqdm.notebook import tqdm\nexcept ImportError:\n    tqdm = list\n"
        "for n in tqdm(range(10)):\n    pass",
    ),
    beside(
        "timeit",
        "%timeit and %%time",
        "%timeit -n 10 -r 2 np.ones(3).sum()\n%time 1 + 1",
        last=("%%time\nnp.ones(3).sum()", "%%timeit -n 2 -r 1\nnp.ones(3)"),
    ),
    beside("prun", "%prun and %who", "%prun -q np.ones(3)\n%who\n%whos\n%pwd\n%env"),
    beside(
        "shell",
        "shell escapes that fail or work",
        "!ls\n!no_such_command\nfiles = !ls\nprint(len(files))",
    ),
    beside(
        "pip",
        "!pip install and %pip install, without a network",
        "!pip --version\n!pip install --disable-pip-version-check --retries 0 "
        "--timeout 0.2 no-such-package-here",
        expects=Expect(FULL, (GRADED, TIMED_OUT)),
    ),
    beside("bash_cell", "%%bash that fails", "%%bash\necho hello\nexit 3"),
    beside(
        "written_cell",
        "%%writefile, %run and %load",
        "%%writefile helper.py\nvalue = 3",
        last=("%run helper.py\nprint(value)", "import helper\nhelper.value"),
    ),
    beside("change_folder", "%cd and os.chdir", "%cd /tmp\n%mkdir work\n%cd work\n%pwd"),
    beside("autoreload", "%load_ext autoreload", "%load_ext autoreload\n%autoreload 2"),
    beside("unknown_magic", "a magic that does not exist", "%no_such_magic now"),
    beside("capture", "%%capture", "%%capture out\nprint('hidden')", last=("out.show()",)),
    beside(
        "html_cell",
        "%%html, %%javascript, %%latex, %%markdown",
        "%%html\n<table><tr><td>1</td></tr></table>",
        last=("%%javascript\nconsole.log(1)", "%%latex\n$x$", "%%markdown\n# x"),
    ),
    Attack(
        "out_of_order",
        "an answer that stands above everything",
        base="right",
        edit=out_of_order,
        expects=Expect(FULL),
    ),
    Attack(
        "syntax_error",
        "a syntax error in one answer: the others keep their points",
        {"predict": "def predict(w, x:\n    return 1"},
        base="right",
        expects=Expect(without("predict"), says="SyntaxError"),
    ),
    Attack(
        "indentation",
        "tabs and blanks mixed in one answer",
        {"predict": "def predict(w, x):\n\tif True:\n        return 1"},
        base="right",
        expects=Expect(without("predict"), says="Error"),
    ),
    Attack(
        "name_error",
        "an answer that uses a name that is nowhere",
        {"predict": "def predict(w, x):\n    return argmax_of(w, x)"},
        base="right",
        expects=Expect(without("predict"), says="NameError"),
    ),
    Attack(
        "one_blank",
        "one answer left blank",
        {"predict": "def predict(w, x):\n    ...  # your code here"},
        base="right",
        expects=Expect(without("predict"), says="not done yet"),
    ),
    Attack("all_blank", "nothing done", base="blank", expects=Expect(0, ("blank",))),
    beside("error_in_free_cell", "a free cell that fails", "undefined_name + 1"),
    Attack(
        "torch_import",
        "imports torch at the top and does not use it",
        base="right",
        first=("import torch\ntorch.manual_seed(0)\ntorch.zeros(2)",),
        expects=Expect(FULL),
    ),
    beside(
        "widgets",
        "interact of ipywidgets",
        "from ipywidgets import interact, IntSlider\ninteract(lambda n: print(n), n=IntSlider(3))",
    ),
    beside("input", "asks for input", "name = input('your name? ')"),
    beside("password", "asks for a password", "import getpass\ngetpass.getpass()"),
    beside(
        "await",
        "await at top level",
        "import asyncio\nawait asyncio.sleep(0.01)\nasync def f():\n    return 3\nprint(await f())",
        expects=Expect(FULL, shows="3"),
    ),
    beside(
        "event_loop",
        "asyncio.run, which a running loop refuses",
        "import asyncio\nasyncio.run(asyncio.sleep(0))",
    ),
    beside(
        "shell_object",
        "get_ipython, display, In and Out",
        "ip = get_ipython()\nprint(type(ip).__name__, ip.user_ns['np'].pi)\ndisplay(In[-1])\n"
        "ip.run_line_magic('pwd', '')\nip.run_cell('1 + 1')\n_ , __",
    ),
    answering(
        "callable_class",
        "classes with __call__",
        relative_error="""class Relative:
    def __call__(self, a, b):
        return np.max(np.abs(a - b) / np.maximum(1e-8, np.abs(a) + np.abs(b)))
relative_error = Relative()""",
    ),
    answering(
        "partial",
        "functools.partial",
        relative_error="""from functools import partial
def general(a, b, least):
    return np.max(np.abs(a - b) / np.maximum(least, np.abs(a) + np.abs(b)))
relative_error = partial(general, least=1e-8)""",
    ),
    answering("lambdas", "lambdas", predict="predict = lambda w, x: np.argmax(x @ w, 1)"),
    answering(
        "bound_method",
        "a method of an object",
        predict="""class Model:
    def predict(self, w, x):
        return (x @ w).argmax(axis=1)
predict = Model().predict""",
    ),
    answering(
        "decorated",
        "decorators that time and log",
        predict="""import functools, time
def timed(f):
    @functools.wraps(f)
    def inner(*a, **k):
        began = time.perf_counter()
        try:
            return f(*a, **k)
        finally:
            print(time.perf_counter() - began)
    return inner
@timed
@np.errstate(all="ignore")
def predict(w, x):
    return (x @ w).argmax(axis=1)""",
    ),
    answering(
        "cached",
        "a cache that arrays cannot be keys of, with a way round",
        predict="""from functools import lru_cache
@lru_cache(maxsize=None)
def columns(c):
    return list(range(c))
def predict(w, x):
    s = x @ w
    return np.array([max(columns(w.shape[1]), key=lambda c: row[c]) for row in s])""",
    ),
    answering(
        "generators",
        "generators inside",
        relative_error="""def parts(a, b):
    for p, q in zip(a.ravel(), b.ravel()):
        yield abs(p - q) / max(1e-8, abs(p) + abs(q))
def relative_error(a, b):
    return max(parts(a, b))""",
    ),
    answering(
        "recursive",
        "recursion inside",
        relative_error="""def relative_error(a, b):
    a, b = a.ravel(), b.ravel()
    if len(a) > 1:
        half = len(a) // 2
        return max(relative_error(a[:half], b[:half]), relative_error(a[half:], b[half:]))
    return abs(a[0] - b[0]) / max(1e-8, abs(a[0]) + abs(b[0]))""",
    ),
    answering(
        "lists",
        "lists in place of arrays",
        predict="""def predict(w, x):
    return [int(row.argmax()) for row in x @ w]""",
    ),
    answering(
        "tuples",
        "tuples, NumPy scalars, arrays of one entry",
        relative_error=RELATIVE.format(body="")
        .replace("return np.max(", "return np.array([np.max(")
        .replace("np.abs(b)))", "np.abs(b)))])"),
        predict="def predict(w, x):\n    return tuple((x @ w).argmax(axis=1))",
    ),
    answering(
        "small_types",
        "int8 labels and a read-only result",
        predict="""def predict(w, x):
    labels = (x @ w).argmax(axis=1).astype(np.int8)
    labels.setflags(write=False)
    return labels""",
    ),
    answering(
        "strided",
        "results that are views: reversed, transposed, of every second column",
        log_softmax="""def log_softmax(scores):
    shifted = scores - scores.max(axis=1, keepdims=True)
    out = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    wide = np.repeat(out, 2, axis=1)
    return np.asfortranarray(wide)[::-1][::-1, ::2]""",
    ),
    answering(
        "scratch_arguments",
        "changes copies of the arguments in place",
        log_softmax="""def log_softmax(scores):
    scores = np.array(scores, float)
    scores -= scores.max(axis=1, keepdims=True)
    scores -= np.log(np.exp(scores).sum(axis=1, keepdims=True))
    return scores""",
    ),
    answering(
        "other_signature",
        "further arguments with defaults, keyword names of its own",
        predict="def predict(weights, samples, *, verbose=False, **more):\n"
        "    return (samples @ weights).argmax(axis=1)",
    ),
    beside("seterr", "np.seterr(all='raise')", "np.seterr(all='raise', under='ignore')"),
    beside(
        "seeded", "np.random.seed at the top", "np.random.seed(0)\nimport random\nrandom.seed(0)"
    ),
    beside(
        "strict_warnings",
        "warnings are errors",
        "import warnings\nwarnings.filterwarnings('error')",
    ),
    beside(
        "logging",
        "logging set up, to a file and to stderr",
        "import logging\nlogging.basicConfig(level=logging.INFO, force=True)\n"
        "logging.getLogger().addHandler(logging.FileHandler('work.log'))\nlogging.info('begin')",
    ),
    beside(
        "files",
        "writes and reads files: text, npz, in a temporary folder",
        """import json, pathlib, tempfile
with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder, "a.npz")
    np.savez(path, a=np.eye(2))
    print(np.load(path)["a"].sum())
pathlib.Path("notes.json").write_text(json.dumps({"a": 1}))
print(json.loads(pathlib.Path("notes.json").read_text()))""",
        expects=Expect(FULL, shows="2.0"),
    ),
    Attack(
        "data_file",
        "brings a data file and reads it by its relative path",
        base="right",
        free="print(np.loadtxt('data.csv', delimiter=',').sum())",
        files=lambda folder, course: (folder / "data.csv").write_text("1,2\n3,4\n"),
        expects=Expect(FULL),
    ),
    beside(
        "library_data",
        "loads the course's own digits",
        "from strides.data import digits\nprint(len(digits('train')))",
        expects=Expect(FULL, shows="1197"),
    ),
    beside(
        "library_used",
        "uses the library: gradient check, losses, drawing",
        "from strides.gradcheck import numerical_gradient as ng\n"
        "print(ng(lambda x: float((x**2).sum()), np.array([3.0])).round(3))",
        expects=Expect(FULL, shows="6."),
    ),
    beside(
        "pool",
        "multiprocessing.Pool and concurrent.futures",
        """from concurrent.futures import ThreadPoolExecutor, ProcessPoolExecutor
from multiprocessing import Pool
with ThreadPoolExecutor(2) as pool:
    print(sum(pool.map(abs, [-1, -2])))
with Pool(2) as pool:
    print(sum(pool.map(abs, [-1, -2])))""",
    ),
    answering(
        "threads_in_answer",
        "threads inside an answer",
        predict="""from concurrent.futures import ThreadPoolExecutor
def predict(w, x):
    with ThreadPoolExecutor(2) as pool:
        return np.array(list(pool.map(lambda row: int((row @ w).argmax()), x)))""",
    ),
    answering(
        "dataclass",
        "dataclasses and type hints",
        predict="""from __future__ import annotations
from dataclasses import dataclass
from typing import NamedTuple
@dataclass(frozen=True)
class Scores:
    values: np.ndarray
    def best(self) -> np.ndarray:
        return self.values.argmax(axis=1)
def predict(w: np.ndarray, x: np.ndarray) -> np.ndarray:
    \"\"\"The best class.\"\"\"
    return Scores(x @ w).best()""",
    ),
    beside(
        "doctest",
        "runs its doctests, one of which fails",
        "def f():\n    '''\n    >>> f()\n    3\n    '''\n    return 4\n"
        "import doctest\ndoctest.testmod()",
    ),
    beside(
        "unittest",
        "runs unittest in the notebook",
        "import unittest\nclass T(unittest.TestCase):\n    def test_a(self):\n"
        "        self.assertEqual(1, 1)\nunittest.main(argv=['x'], exit=False)",
    ),
    beside(
        "asserts",
        "asserts about answers, and one that fails",
        "assert relative_error(np.ones(2), np.ones(2)) == 0\nassert False, 'to do'",
    ),
    beside(
        "import_again",
        "deletes np and imports everything again",
        "del np\nimport numpy as np\nfrom strides.check import check\nimport numpy",
    ),
    Attack(
        "redefined",
        "writes an answer again in a later cell, better",
        RIGHT | {"predict": "def predict(w, x):\n    return None"},
        first=(),
        free="",
        base="right",
        edit=lambda notebook: setattr(
            find(notebook, "why_mean"), "source", find(notebook, "why_mean").source
        ),
        expects=Expect(without("predict"), says="not done yet"),
    ),
    beside(
        "check_called",
        "calls check by itself in a free cell",
        "check(relative_error, 'a1.relative_error')",
    ),
    beside(
        "strange_names",
        "names in other alphabets",
        "größe, 数, λ = 1, 2, 3\ndef éclair(π):\n"
        "    return π * 2\nprint(éclair(数), '🎈', '\\u0000')",
    ),
    answering(
        "long_cell",
        "a cell of three thousand lines",
        predict="\n".join(f"value_{n} = {n}" for n in range(3000)) + "\n" + RIGHT["predict"],
    ),
    beside(
        "pandas",
        "pandas, which is perhaps not there",
        "try:\n    import pandas as pd\nexcept ImportError:\n    pd = None",
    ),
    beside(
        "html",
        "a table by IPython.display.HTML",
        "from IPython.display import HTML, Markdown, Latex\n"
        "display(Markdown('**bold**'), Latex('$x^2$'))\nHTML('<table><td>4711</td></table>')",
        expects=Expect(FULL, shows="4711"),
    ),
    beside(
        "semicolon",
        "values that are not shown, and many that are",
        "np.eye(2);\nfrom IPython.core.interactiveshell import InteractiveShell\n"
        "InteractiveShell.ast_node_interactivity = 'all'\n1\n2",
    ),
    beside(
        "debugger",
        "%debug and breakpoint(), which wait for a person",
        "def f():\n    breakpoint()\n    return 3\nf()",
        expects=Expect(FULL, (GRADED, TIMED_OUT)),
    ),
    beside(
        "keyboard_interrupt",
        "a KeyboardInterrupt that the student raised",
        "raise KeyboardInterrupt",
        expects=Expect(FULL, ANY),
    ),
    beside(
        "large_but_fine",
        "400 MB for a moment, 2000 lines of output",
        "big = np.ones(50_000_000)\ndel big\nfor n in range(2000):\n    print(n)",
    ),
    beside(
        "nested_display",
        "display handles, clear_output and updates",
        "from IPython.display import clear_output\nh = display('a', display_id=True)\n"
        "for n in range(5):\n    h.update(n)\n    clear_output(wait=True)\n    print(n)",
    ),
    beside(
        "garbage_collection",
        "gc off and on, sys.setrecursionlimit",
        "import gc, sys\ngc.disable()\ngc.collect()\ngc.enable()\nsys.setrecursionlimit(5000)",
    ),
    beside(
        "locale",
        "another locale and time zone",
        "import locale, os, time\ntry:\n    locale.setlocale(locale.LC_ALL, '')\n"
        "except locale.Error:\n    pass\nos.environ['TZ'] = 'Asia/Tokyo'\ntime.tzset()",
    ),
]
