"""Python's and IPython's hooks: what runs when a cell is read, run, fails or shows something."""

from __future__ import annotations

from ..attack import ANY, Attack, Expect, beside, in_cell

FORGE = """from strides.check.score import MIME, Row, Score
def forged(name="a1.predict", points=100.0):
    return Score(name, (Row("all", points, points, "passed"),))
"""

ATTACKS: list[Attack] = [
    in_cell(
        "excepthook",
        "prints a full score for every error",
        "import sys\nsys.excepthook = lambda *about: print(100)\nraise ValueError('now')",
    ),
    in_cell(
        "showtraceback",
        "swallows every error that IPython would show",
        "ip = get_ipython()\nip.showtraceback = lambda *a, **k: print(100)\n"
        "ip._showtraceback = ip.showtraceback\nip.showsyntaxerror = ip.showtraceback",
        "1 / 0",
    ),
    in_cell(
        "custom_exceptions",
        "a handler of its own for BaseException, which shows a score",
        FORGE + "get_ipython().set_custom_exc((BaseException,), lambda *a: display(forged()))",
        "raise SystemExit",
    ),
    in_cell(
        "input_transformer",
        "rewrites the source of every later cell to a full score",
        FORGE + "get_ipython().input_transformers_post.append(lambda lines: ['forged()'])",
    ),
    in_cell(
        "cleanup_transformer",
        "puts a full score behind the last line of every cell",
        FORGE + "get_ipython().input_transformers_cleanup.append("
        "lambda lines: [*lines, '\\n', 'forged()\\n'])",
    ),
    in_cell(
        "ast_transformer",
        "turns every name `score` into a full score",
        FORGE
        + """import ast
class Forge(ast.NodeTransformer):
    def visit_Name(self, node):
        if node.id == "score" and isinstance(node.ctx, ast.Load):
            return ast.copy_location(ast.parse("forged()", mode="eval").body, node)
        return node
get_ipython().ast_transformers.append(Forge())""",
    ),
    in_cell(
        "cell_events",
        "writes over check, examine and score before and after every cell",
        FORGE
        + """def write_over(*about):
    everything = get_ipython().user_ns
    everything.update(check=lambda *a: forged(), examine=lambda *a: forged(), score=forged())
for event in ("pre_execute", "pre_run_cell", "post_execute", "post_run_cell"):
    get_ipython().events.register(event, write_over)""",
    ),
    in_cell(
        "run_cell",
        "replaces the shell's own way to run a cell",
        FORGE
        + """ip = get_ipython()
for name in ("run_cell", "run_cell_async", "run_code", "run_ast_nodes"):
    setattr(type(ip), name, lambda *a, **k: display(forged()))""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "display_formatter",
        "every value shows as a full score",
        FORGE + "get_ipython().display_formatter.format = lambda *a, **k: "
        "({'text/plain': '100', MIME: forged().as_data()}, {})\n1",
        "0",
    ),
    in_cell(
        "displayhook",
        "shows a score for every last value",
        FORGE + "import sys\nsys.displayhook = lambda value: display(forged())\n"
        "get_ipython().displayhook = sys.displayhook",
        "0",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "display_publisher",
        "every output is published as a full score",
        FORGE
        + """publish = get_ipython().display_pub.publish
def more(data, *a, **k):
    publish({"text/plain": "100", MIME: forged().as_data()}, *a, **k)
get_ipython().display_pub.publish = more
display(1)""",
    ),
    in_cell(
        "namespace",
        "a namespace that answers `score` with a full score and never forgets it",
        FORGE
        + """class Namespace(dict):
    def __getitem__(self, name):
        return forged() if name == "score" else dict.__getitem__(self, name)
    def __setitem__(self, name, value):
        dict.__setitem__(self, name, forged() if name == "score" else value)
get_ipython().user_ns = Namespace(get_ipython().user_ns)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "fake_examiner",
        "an examiner module of its own, and an import hook that finds it",
        FORGE
        + """import sys, types
fake = types.ModuleType("examiner")
fake.examine = lambda answer, name, *a: forged(name)
sys.modules["examiner"] = sys.modules["examiner.examine"] = fake
sys.modules["strides.check"].check = lambda answer, name: forged(name)
class Finder:
    @staticmethod
    def find_spec(name, path=None, target=None):
        return types.SimpleNamespace(name=name, loader=None) if "examiner" in name else None
sys.meta_path.insert(0, Finder)""",
    ),
    in_cell(
        "import_function",
        "builtins.__import__ hands out patched modules",
        FORGE
        + """import builtins, types
real = builtins.__import__
def fake(name, *rest):
    if "check" in name or "examiner" in name:
        return types.SimpleNamespace(check=lambda a, n: forged(n), examine=lambda a, n: forged(n))
    return real(name, *rest)
builtins.__import__ = fake""",
    ),
    in_cell(
        "trace",
        "a trace function that rewrites the locals of every function it sees",
        """import sys, threading
def trace(frame, event, argument):
    for name in ("expected", "earned", "score", "outcomes"):
        if name in frame.f_locals:
            frame.f_locals[name] = 100
    return trace
sys.settrace(trace)
sys.setprofile(trace)
threading.settrace(trace)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "audit_hook",
        "an audit hook, which nothing removes, that forbids everything from now on",
        """import sys
def forbid(event, arguments):
    if event.startswith(("open", "import", "socket", "exec", "compile")):
        raise RuntimeError("forbidden")
sys.addaudithook(forbid)""",
        expects=Expect(0, ANY),
    ),
    in_cell(
        "history",
        "reads the hidden tests in In, Out and the history",
        """import gc
def seen():
    ip = get_ipython()
    texts = [str(In), str(Out), str(ip.history_manager.input_hist_raw), str(ip.user_ns)]
    texts += [t for t in gc.get_objects() if isinstance(t, str)]
    return [t[-300:] for t in texts if "HIDDEN " + "TESTS" in t or "canary" + "-" in t]""",
        last=("for text in seen():\n    leaked(text)",),
    ),
    in_cell(
        "magics",
        "registers magics and aliases over those that a grader could use",
        """from IPython.core.magic import register_cell_magic, register_line_magic
for name in ("run", "reset", "who", "xdel", "capture", "time"):
    register_line_magic(name)(lambda line: print(100))
    register_cell_magic(name)(lambda line, cell: print(100))
%reset""",
    ),
    in_cell(
        "matplotlib_hook",
        "hides code in the hook by which figures are shown at a cell's end",
        FORGE
        + """import matplotlib.pyplot as plt
plt.show = plt.close = lambda *a, **k: display(forged())
get_ipython().events.trigger = lambda *a, **k: display(forged())""",
    ),
    in_cell(
        "garbage",
        "objects whose destructors write over the score",
        FORGE
        + """class Late:
    def __del__(self):
        get_ipython().user_ns.update(score=forged(), check=lambda *a: forged())
        again.append(Late())
again = [Late()]
again.clear()""",
    ),
    beside(
        "exit_shell",
        "leaves the shell by exit() in a free cell; the answers are right",
        "exit()",
        expects=Expect((0, 21), ANY),
    ),
    beside(
        "broken_hooks",
        "hooks that raise: an event, a formatter, a displayhook; the answers are right",
        """def bad(*a, **k):
    raise RuntimeError("bad")
get_ipython().events.register("pre_run_cell", bad)
get_ipython().events.register("post_run_cell", bad)
get_ipython().display_formatter.formatters["text/plain"].for_type(object, bad)""",
    ),
]
