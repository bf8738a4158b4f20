"""Every lecture keeps the rules of design 6, and the rules can tell when one does not."""

from pathlib import Path

import jupytext
import nbformat.v4 as nb
import pytest

from notebooks.lecture_style import output_breaches, style_breaches, visible_words

ROOT = Path(__file__).resolve().parents[2]
LECTURES = sorted((ROOT / "sources" / "lectures").glob("[0-9]*.py"))
MODEL = ROOT / "sources" / "lectures" / "03_softmax_and_likelihood.py"


@pytest.mark.parametrize("path", LECTURES, ids=lambda path: path.stem)
def test_lecture_keeps_the_rules(path):
    assert style_breaches(jupytext.read(path)) == []


def test_there_are_lectures():
    assert MODEL in LECTURES


@pytest.fixture
def lecture():
    return jupytext.read(MODEL)


def wrong_option(letter):
    return f"<details><summary>{letter}. x</summary>\n\nNo: because it is not.\n\n</details>\n"


def with_markdown(notebook, source):
    notebook.cells.insert(8, nb.new_markdown_cell(source))
    return "\n".join(style_breaches(notebook))


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ("word " * 121, "121 words"),
        ("This is simply true.", "the word 'simply'"),
        ("Just look.", "the word 'just'"),
        ("One sentence. Another one.", "more than one sentence on a line"),
        ("A sentence that\nruns on.", "runs over two lines"),
        ("## 99. Long · 35 min", "1 checks in 35 min"),
        ("**Check yourself.** Why?\n", "0 options"),
        (
            "**Check yourself.** Why?\n\n" + "".join(map(wrong_option, "ABC")),
            "needs one right option",
        ),
    ],
)
def test_rules_on_text(lecture, source, complaint):
    assert complaint in with_markdown(lecture, source)


def test_rules_on_code(lecture):
    for _ in range(6):
        lecture.cells.insert(9, nb.new_code_cell("x = 1\n" * 21))
    lecture.cells.append(nb.new_code_cell("show(thing)"))
    complaints = "\n".join(style_breaches(lecture))
    assert "21 lines of code" in complaints
    assert "without something to answer or change" in complaints
    assert "a widget that no prediction comes before" in complaints


def test_rules_on_opening_and_closing():
    nearly_empty = nb.new_notebook(cells=[nb.new_markdown_cell("# Hi")])
    complaints = "\n".join(style_breaches(nearly_empty))
    for expected in (
        "not a question",
        "three objectives",
        "what it builds on",
        "Recall 2",
        "Exercises",
    ):
        assert expected in complaints


def test_words_as_a_reader_counts_them():
    assert visible_words("**Two** words") == 2
    assert visible_words(r"With $\frac{1}{N} \sum_n x_n$ and `a + b`.") == 4
    assert visible_words("<details><summary>Answer</summary>\n\nIt is 3.\n\n</details>") == 4
    assert visible_words("| a | b |\n|---|---|\n| 1 | 2 |") == 4


@pytest.mark.parametrize(
    ("output", "complaint"),
    [
        (nb.new_output("error", ename="KeyError", evalue="'x'", traceback=[]), "raises KeyError"),
        (nb.new_output("stream", name="stderr", text="Warning!"), "writes to stderr"),
        (nb.new_output("display_data", {"image/png": "aGk="}), "loses its alt text"),
        (nb.new_output("display_data", {"text/html": "<svg>...</svg>"}), "without aria-label"),
        (nb.new_output("display_data", {"text/html": '<img alt="a" src="x">'}), "without alt"),
        (
            nb.new_output("display_data", {"application/vnd.jupyter.widget-view+json": {}}),
            "without a static figure",
        ),
    ],
)
def test_rules_on_outputs(output, complaint):
    cell = nb.new_code_cell("x", outputs=[output])
    assert complaint in "\n".join(output_breaches(nb.new_notebook(cells=[cell])))
