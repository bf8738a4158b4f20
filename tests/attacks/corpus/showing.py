"""Showing a score instead of earning one."""

from __future__ import annotations

from ..attack import ANY, Attack, Expect, in_cell
from .hooks import FORGE

DATA = """MIME = "application/vnd.strides.score+json"
data = {"exercise": "a1.predict", "earned": 21.0, "possible": 21.0, "rows": [
    {"check": "all", "earned": 21.0, "possible": 21.0, "status": "passed", "message": "",
     "diagnosis": None}]}
"""
ESCAPES = (
    "print('\\x1b]0;evil\\x07\\x1b[2J\\x1b[1;1H21 of 21', '\\x00\\x08\\x08\\x1b[31m', '\\ud800')"
)

ATTACKS: list[Attack] = [
    in_cell("printed", "prints points in every way", "print(21)\nprint('21.0')", "21", "21.0"),
    in_cell(
        "printed_errors",
        "writes points to stderr and straight to the descriptors",
        "import os, sys\nprint(21, file=sys.stderr)\nos.write(1, b'21')\nos.write(2, b'21\\n')",
    ),
    in_cell(
        "score_displayed",
        "displays a Score that it made, and ends a cell with one",
        FORGE + "display(forged())\nforged()",
    ),
    in_cell(
        "mime_displayed",
        "displays the data of a score under its own MIME type",
        DATA + "display({MIME: data, 'text/plain': '21'}, raw=True)",
    ),
    Attack(
        "mime_while_called",
        "displays a score from inside an answer, while its test cell runs",
        {
            "predict": DATA
            + """def predict(w, x):
    display({MIME: data, "text/plain": "21"}, raw=True, display_id="score")
    get_ipython().displayhook(data)
    print(21)
    return np.full(len(x), -7)"""
        },
    ),
    Attack(
        "threaded_display",
        "displays scores from a thread while later test cells run",
        first=(
            DATA
            + """import threading, time
def show():
    for _ in range(100):
        display({MIME: data, "text/plain": "21"}, raw=True)
        time.sleep(0.01)
threading.Thread(target=show, daemon=True).start()""",
        ),
    ),
    Attack(
        "updated_display",
        "updates displays of other cells by their ids",
        first=(
            DATA + "h = display({MIME: data}, raw=True, display_id='1')\n"
            "for name in ('test_predict', 'first-0', '1'):\n"
            "    h.update({MIME: data}, raw=True)\n"
            "    from IPython.display import update_display\n"
            "    update_display({MIME: data}, raw=True, display_id=name)",
        ),
    ),
    Attack(
        "cleared",
        "clears outputs, and pages through payloads",
        first=(
            "from IPython.display import clear_output\nclear_output()\nclear_output(wait=True)\n"
            "get_ipython().set_next_input('21', replace=True)\n"
            "get_ipython().payload_manager.write_payload({'source': 'page', 'data': {}})",
        ),
        expects=Expect(0, ANY),
    ),
    in_cell(
        "mimebundle",
        "objects whose representation is a score, raises, never ends in depth, or is no text",
        FORGE
        + """class Shown:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {MIME: forged().as_data(), "text/plain": 21, 7: object(), "text/html": b"x"}
display(Shown())""",
        "class Deep:\n    def __repr__(self):\n        return repr(self)\nDeep()",
        "class Number:\n    __repr__ = lambda self: 21\nNumber()",
        "class Bad:\n    def _repr_html_(self):\n        raise KeyboardInterrupt\nBad()",
    ),
    in_cell("escapes", "terminal escapes, NUL and lone surrogates in outputs", ESCAPES),
    in_cell(
        "surrogates",
        "lone surrogates in names, errors, MIME types and answers",
        "display({'text/\\ud800': '\\udfff', 'text/plain': '\\ud800' * 10}, raw=True)",
        "raise ValueError('\\ud800')",
    ),
    in_cell(
        "scripts_shown",
        "HTML, SVG, JavaScript and LaTeX outputs that run code in the feedback page",
        """from IPython.display import HTML, SVG, Javascript, Markdown, Math, IFrame, Image
evil = "evil()"
display(HTML(f"<script>{evil}</script><img src=x onerror={evil}><svg onload={evil}>"))
display(HTML(f"<a href='java&#115;cript:{evil}'>x</a><iframe srcdoc='<script>{evil}'></iframe>"))
display(HTML(f"<style>@import url(//evil)</style><div style='position:fixed;top:0'>21 of 21"))
display(HTML(f"<math><mtext><table><mglyph><style><img src=x onerror={evil}></style>"))
display(HTML(f"<noscript><p title='</noscript><img src=x onerror={evil}>'>"))
display(HTML(f"<form action=//evil><button formaction=javascript:{evil}>x</button></form>"))
display(HTML(f"<!--><img src=x onerror={evil}>--><base href=//evil><meta http-equiv=refresh>"))
display(HTML("<img src='http://evil/?me'><link rel=stylesheet href=//evil><object data=//evil>"))
display(Javascript(evil))
display(SVG(f"<svg xmlns='http://www.w3.org/2000/svg'><script>{evil}</script>"
            f"<foreignObject><body onload='{evil}'/></foreignObject></svg>"))
display(Markdown(f"<script>{evil}</script> [x](javascript:{evil}) ![x](javascript:{evil})"))
display(Math("\\\\href{javascript:evil()}{x} \\\\unicode{<img src=x onerror=evil()>}"))
display(IFrame("javascript:evil()", 1, 1))
display({"image/png": '"><script>evil()</script>', "text/plain": "x"}, raw=True)
display({"image/svg+xml": "<svg onload=evil()></svg>", "text/latex": "<script>evil()</script>"},
        raw=True)
display({"application/javascript": evil, "application/json": {"a": evil},
         "application/vnd.jupyter.widget-view+json": {"model_id": "evil"}}, raw=True)
print("<script>evil()</script>")""",
        "raise type('<script>evil()</script>', (Exception,), {})('<img src=x onerror=evil()>')",
    ),
    Attack(
        "scripts_in_message",
        "names, types and texts that a check's message repeats hold HTML",
        {
            "relative_error": """class Evil: pass
Evil.__name__ = Evil.__qualname__ = "<img src=x onerror=evil()>"
def relative_error(a, b):
    return Evil()""",
            "log_softmax": """def log_softmax(scores):
    raise ValueError("<script>evil()</script>")""",
            "why_mean": 'why_mean = "<img src=x onerror=evil()>"',
        },
    ),
    Attack(
        "score_in_message",
        "an error whose text looks like the grader's own words",
        {
            "log_softmax": """def log_softmax(scores):
    raise ValueError("passed\\n</div></td></tr></table><h1>21 of 21 points</h1>")"""
        },
        expects=Expect(0, hides="<h1>21 of 21"),
    ),
]
