"""The rules that every lecture keeps, as functions from a notebook to a list of breaches.

A breach is one readable line; an empty list means that the lecture keeps the rule.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

from nbformat import NotebookNode

MOST_WORDS = 120
MOST_CODE_LINES = 20
MOST_CODE_CELLS_WITHOUT_A_QUESTION = 5
MINUTES_BETWEEN_CHECKS = 10
FORBIDDEN = ("simply", "just", "obviously", "trivially", "of course", "clearly")
QUESTIONS = ("**Predict", "**Your turn.**", "**Check yourself.**", "**Recall ")
SECTION = re.compile(r"^## (?:\d+\. )?(?P<title>.+?) · (?P<minutes>\d+) min$", re.MULTILINE)
OPTION = re.compile(r"<details><summary>([A-Z])\. (.+?)</summary>\n+(.+?)</details>", re.DOTALL)


def style_breaches(notebook: NotebookNode) -> list[str]:
    """Everything in a lecture's cells that design 6 does not allow."""
    rules = (
        _sizes,
        _forbidden_words,
        _one_sentence_a_line,
        _questions_often_enough,
        _opening_and_closing,
        _checks_in_every_section,
        _options_say_why,
        _widgets_follow_a_prediction,
        _failures_are_caught,
    )
    return [breach for rule in rules for breach in rule(notebook)]


def output_breaches(executed: NotebookNode) -> list[str]:
    """Errors and warnings in the outputs, and figures that reach the HTML without words."""
    return [breach for n, cell in _code(executed) for breach in _output_breaches(n, cell)]


def _output_breaches(n: int, cell: NotebookNode) -> Iterator[str]:
    for output in cell.outputs:
        if output.output_type == "error":
            yield f"cell {n}: raises {output.ename}: {output.evalue}"
        if output.get("name") == "stderr":
            yield f"cell {n}: writes to stderr: {output.text.strip()[:200]}"
        data = output.get("data", {})
        if {"image/png", "image/jpeg", "image/svg+xml"} & set(data):
            yield f"cell {n}: a bare image, which loses its alt text; return a Picture from draw"
        widget = any(kind.startswith("application/vnd.jupyter.widget") for kind in data)
        if widget and "<figure" not in data.get("text/html", ""):
            yield f"cell {n}: a widget without a static figure beside it; use strides.widgets.show"
        for tag in re.findall(r"<(?:img|svg)\b[^>]*>", data.get("text/html", "")):
            name = "alt" if tag.startswith("<img") else "aria-label"
            if not re.search(rf'\b{name}="[^"]{{20,}}"', tag):
                yield f"cell {n}: a figure without {name}: {tag[:80]}"


def visible_words(markdown: str) -> int:
    """How many words a reader sees: a formula or a piece of code counts as one."""
    plain = re.sub(r"\$\$.*?\$\$", " formula ", markdown, flags=re.DOTALL)
    plain = re.sub(r"\$[^$\n]+\$", " formula ", plain)
    plain = re.sub(r"`[^`\n]+`", " code ", plain)
    plain = re.sub(r"<[^>]+>", " ", plain)
    return len(re.findall(r"[^\W_][\w'’.,-]*", plain))


def _cells(notebook: NotebookNode, kind: str) -> list[tuple[int, NotebookNode]]:
    return [(n, c) for n, c in enumerate(notebook.cells) if c.cell_type == kind]


def _code(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return _cells(notebook, "code")


def _markdown(notebook: NotebookNode) -> list[tuple[int, NotebookNode]]:
    return _cells(notebook, "markdown")


def _sizes(notebook: NotebookNode) -> Iterator[str]:
    for n, cell in _markdown(notebook):
        words = visible_words(cell.source)
        if words > MOST_WORDS:
            yield f"cell {n}: {words} words, at most {MOST_WORDS}: {cell.source[:60]!r}"
    for n, cell in _code(notebook):
        lines = sum(bool(line.strip()) for line in cell.source.splitlines())
        if lines > MOST_CODE_LINES:
            yield f"cell {n}: {lines} lines of code, at most {MOST_CODE_LINES}"


def _forbidden_words(notebook: NotebookNode) -> Iterator[str]:
    for n, cell in enumerate(notebook.cells):
        for word in FORBIDDEN:
            if re.search(rf"\b{word}\b", cell.source, re.IGNORECASE):
                yield f"cell {n}: the word {word!r}"


def _prose(markdown: str) -> Iterator[list[str]]:
    """The paragraphs of a cell, without tables, headings, formulas on their own, and HTML."""
    without_formulas = re.sub(r"\$\$.*?\$\$", "", markdown, flags=re.DOTALL)
    for block in re.split(r"\n\s*\n", without_formulas):
        lines = [line.strip() for line in block.splitlines()]
        lines = [line for line in lines if line and not line.startswith(("|", "#", "<"))]
        if lines:
            yield lines


def _one_sentence_a_line(notebook: NotebookNode) -> Iterator[str]:
    for n, cell in _markdown(notebook):
        for lines in _prose(cell.source):
            for line in lines:
                text = re.sub(r"^(?:[-*]|\d+\.)\s+", "", line)
                text = re.sub(r"^\*\*[^*]+\*\*:?\s*", "", text)
                if re.search(r"[.!?][\"')*]*\s+[A-Z*]", text):
                    yield f"cell {n}: more than one sentence on a line: {line!r}"
            for line, following in pairwise(lines):
                item = re.match(r"^(?:[-*]|\d+\.)\s", following)
                if not item and not re.search(r"[.!?:;][\"')*]*$", line):
                    yield f"cell {n}: a sentence that runs over two lines: {line!r}"


def _questions_often_enough(notebook: NotebookNode) -> Iterator[str]:
    run = 0
    for n, cell in enumerate(notebook.cells):
        if cell.cell_type == "code":
            run += 1
        elif any(mark in cell.source for mark in QUESTIONS):
            run = 0
        if run > MOST_CODE_CELLS_WITHOUT_A_QUESTION:
            yield f"cell {n}: the {run}th code cell without something to answer or change"


def _opening_and_closing(notebook: NotebookNode) -> Iterator[str]:
    texts = [cell.source for _, cell in _markdown(notebook)]
    title, opening = texts[0], "\n".join(texts[:5])
    if not re.match(r"# .+\?\n", title):
        yield "the first cell's heading is not a question"
    objectives = re.search(r"\*\*After this lecture you can\*\*\n+((?:\d+\. .+\n)+)", opening)
    if not objectives or len(objectives[1].strip().splitlines()) != 3:
        yield "the opening does not state three objectives under '**After this lecture you can**'"
    if "**Builds on**" not in opening:
        yield "the opening does not say what it builds on"
    for k in (1, 2):
        if not re.search(rf"\*\*Recall {k}\.\*\*.*?<details>", opening, re.DOTALL):
            yield f"the opening has no '**Recall {k}.**' with its answer in <details>"
    yield from _minutes(title, texts)
    closing = "\n".join(texts[-3:])
    for part in ("## What you can now do", "**Exercises.**", "## Where we go next"):
        if part not in closing:
            yield f"the closing has no {part!r}"


def _minutes(title: str, texts: list[str]) -> Iterator[str]:
    said = re.search(r"About (\d+) minutes", title)
    counted = sum(int(found["minutes"]) for found in SECTION.finditer("\n".join(texts)))
    if not said or abs(int(said[1]) - counted) > 5:
        yield f"the first cell says {said and said[0]!r}, the sections add up to {counted} minutes"


def _checks_in_every_section(notebook: NotebookNode) -> Iterator[str]:
    text = "\n".join(cell.source for _, cell in _markdown(notebook))
    for section, following in pairwise([*SECTION.finditer(text), None]):
        body = text[section.start() : following.start() if following else len(text)]
        checks = body.count("**Check yourself.**") + body.count("**Recall ")
        needed = -(-int(section["minutes"]) // MINUTES_BETWEEN_CHECKS)
        if checks < needed:
            yield f"section {section['title']!r}: {checks} checks in {section['minutes']} min"


def _options_say_why(notebook: NotebookNode) -> Iterator[str]:
    for n, cell in _markdown(notebook):
        if "**Check yourself.**" not in cell.source:
            continue
        options = OPTION.findall(cell.source)
        if len(options) < 3:
            yield f"cell {n}: a check with {len(options)} options, at least 3"
        if [letter for letter, _, _ in options] != list("ABCDEF"[: len(options)]):
            yield f"cell {n}: the options are not lettered in order"
        verdicts = [re.match(r"(Yes|No): .{20,}", why, re.DOTALL) for _, _, why in options]
        if not all(verdicts):
            yield f"cell {n}: an option does not begin with 'Yes: ' or 'No: ' and a reason"
        if sum(found is not None and found[1] == "Yes" for found in verdicts) != 1:
            yield f"cell {n}: a check needs one right option"


def _widgets_follow_a_prediction(notebook: NotebookNode) -> Iterator[str]:
    asked = ""
    for n, cell in enumerate(notebook.cells):
        if cell.cell_type == "markdown":
            asked = cell.source
        elif re.search(r"^show\(", cell.source, re.MULTILINE) and "**Predict" not in asked:
            yield f"cell {n}: a widget that no prediction comes before"


def _failures_are_caught(notebook: NotebookNode) -> Iterator[str]:
    text = "\n".join(cell.source for _, cell in _code(notebook))
    if "except " not in text and "np.errstate" not in text:
        yield "nothing fails on purpose: show an error, then mend it"
