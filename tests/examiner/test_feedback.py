"""What a feedback page shows and what it leaves out."""

from __future__ import annotations

from nbformat import from_dict
from nbformat.v4 import new_code_cell, new_notebook, new_output

from examiner.feedback import CleanFeedback, summary, without_hidden_tests

TEST = """score = check(f, "a1.f")
### BEGIN HIDDEN TESTS
from examiner import examine
score += examine(f, "a1.f")
### END HIDDEN TESTS
score"""
FRAMES = [
    "-----",
    "NameError    Traceback (most recent call last)",
    "\x1b[36mCell\x1b[39m\x1b[36m In[3]\x1b[39m, line 4\n----> 4 examine(f)",
    "File \x1b[32m/srv/lib/examiner/examine.py:20\x1b[39m, in examine(answer)\n---> 20 oracle(x)",
    "NameError: name 'f' is not defined in /srv/lib/examiner/x.py",
]


def graded(source, outputs, name="test_f", **record):
    role = {"grade_id": name, "grade": True, "solution": False, "points": 5, "score": 2.5}
    cell = new_code_cell(source, outputs=outputs)
    cell.metadata = from_dict({"nbgrader": role, "strides_grading": record})
    return cell


def cleaned(*cells, **record):
    notebook = new_notebook(cells=[*cells])
    notebook.metadata["strides_grading"] = from_dict(record)
    resources = {"inlining": {"css": []}}
    notebook, resources = CleanFeedback().preprocess(notebook, resources)
    return notebook, resources


def error(frames=FRAMES):
    return new_output("error", ename="NameError", evalue="no f at /srv/a/b.py", traceback=frames)


def test_hidden_tests_are_left_out():
    assert without_hidden_tests(TEST) == 'score = check(f, "a1.f")\nscore'
    assert without_hidden_tests("score") == "score"


def test_an_error_in_a_test_shows_its_message_alone():
    notebook, _ = cleaned(graded(TEST, [error()]))
    assert notebook.cells[1].source == 'score = check(f, "a1.f")\nscore'
    assert notebook.cells[1].outputs[0].traceback == ["NameError: no f at b.py"]


def test_an_error_in_an_answer_shows_the_students_own_frames():
    cell = new_code_cell("f()", outputs=[error()])
    notebook, _ = cleaned(cell)
    text = "\n".join(notebook.cells[1].outputs[0].traceback)
    assert text.startswith("Cell In[3], line 4")
    assert "oracle" not in text
    assert "/srv" not in text


def test_outputs_keep_pictures_and_text_and_lose_scripts():
    bundle = {
        "text/plain": "at /srv/a/b",
        "text/html": "<b>x</b><script>evil()</script>",
        "image/png": "AAAA",
        "application/javascript": "evil()",
        "application/vnd.jupyter.widget-view+json": {"model_id": "1"},
    }
    outputs = [
        new_output("display_data", bundle),
        new_output("stream", name="stderr", text="/tmp/ipykernel_1/2.py:1: Warning"),
    ]
    notebook, _ = cleaned(new_code_cell("f()", outputs=outputs))
    shown, stream = notebook.cells[1].outputs
    assert shown.data == {"text/plain": "at b", "text/html": "<b>x</b>", "image/png": "AAAA"}
    assert stream.text == "this cell:1: Warning"


def test_the_summary_names_points_and_what_grading_met():
    notebook = new_notebook(cells=[graded(TEST, [], reason="no score at /srv/x/y")])
    notebook.metadata["strides_grading"] = {"notes": ["Cell 'g' was <put> back."]}
    text = summary(notebook)
    assert '<a href="#test_f">f</a></td><td>2.5 of 5</td><td>no score at y</td>' in text
    assert "Cell &#x27;g&#x27; was &lt;put&gt; back." in text


def test_a_refused_submission_shows_the_reason_and_no_empty_answers():
    notebook, resources = cleaned(graded(TEST, []), refused="The file is <empty>.")
    assert len(notebook.cells) == 1
    assert "not graded. The file is &lt;empty&gt;." in notebook.cells[0].source
    assert "strides-summary" in resources["inlining"]["css"][0]


def test_long_code_and_output_are_cut_and_not_coloured():
    stream = new_output("stream", name="stdout", text="y" * 300_000)
    notebook, _ = cleaned(new_code_cell("a." * 100_000, outputs=[stream]), new_code_cell("x = 1"))
    long, short = notebook.cells[1:]
    assert "(200,000 characters, the first 60,000 are shown)" in long.source
    assert long.metadata.magics_language == "text"
    assert "(300,000 characters, the first 100,000 are shown)" in long.outputs[0].text
    assert short.metadata == {}


def test_a_refusal_names_no_path():
    notebook, _ = cleaned(refused="It stopped the grader: no file /srv/course/lib/x.py.")
    assert "no file x.py" in notebook.cells[0].source
    assert "/srv" not in notebook.cells[0].source
