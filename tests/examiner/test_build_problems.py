"""What is wrong with a source is said with its file, its line, and what to do."""

import re

import pytest

from examiner.build import BuildError, build
from small_course import (
    ASSIGNMENT,
    ASSIGNMENT_FILE,
    HEADER,
    LECTURE,
    LECTURE_FILE,
    make_small_course,
    snapshot,
    write,
)

TEST_CELL = '# %% test="double" points=4'
SOLUTION_CELL = '# %% solution="double"'


def line_of(text, part):
    return text[: text.index(part)].count("\n") + 1


PROBLEMS = {
    "unknown marker": (TEST_CELL, f"{TEST_CELL} hard=1", "unknown marker 'hard'"),
    "marker typo": (SOLUTION_CELL, '# %% soluton="double"', "did you mean solution=...?"),
    "no equals sign": (SOLUTION_CELL, '# %% solution "double"', "did you mean solution=...?"),
    "no quotes": (SOLUTION_CELL, "# %% solution=double", "names stand in double quotes"),
    "no space": (SOLUTION_CELL, '# %%solution="double"', "expected a cell line like"),
    "bad name": (SOLUTION_CELL, '# %% solution="Double it"', "in lower case, digits and _"),
    "two roles": (TEST_CELL, f'{TEST_CELL} locked="x"', "expected one role"),
    "duplicate id": ('locked="setup"', 'locked="double"', "the id 'double' is taken"),
    "no points": (TEST_CELL, '# %% test="double"', "test 'double' has no points"),
    "points in words": ("points=4", 'points="four"', "expected points=5, say"),
    "negative points": ("points=4", "points=-4", "expected points=5, say"),
    "points without a test": (SOLUTION_CELL, f"{SOLUTION_CELL} points=2", "points belong to"),
    "bad tags": ('locked="setup"', 'locked="setup" tags="x"', "expected tags like"),
    "test in markdown": (TEST_CELL, TEST_CELL.replace("%% ", "%% [markdown] "), "is a code cell"),
    "answer in code": ("[markdown] answer", "answer", "is a markdown cell"),
    "no region": ("    ### BEGIN SOLUTION", "    # the answer", "solution cell without"),
    "unclosed region": ("    ### END SOLUTION\n", "", "has no '### END SOLUTION'"),
    "unclosed hidden test": ("### END HIDDEN TESTS\n", "", "has no '### END HIDDEN TESTS'"),
    "region typo": ("### BEGIN HIDDEN TESTS", "### BEGIN HIDDEN TEST", "is no region line"),
    "region misspelt": ("### BEGIN HIDDEN", "### BEGN HIDEN", "is no region line"),
    "region in lower case": ("### END SOLUTION", "### end solution", "is no region line"),
    "nested region": ("    the_secret", "    ### BEGIN SOLUTION\n    the_secret", "inside the"),
    "crossed regions": ("    ### END SOLUTION", "### END HIDDEN TESTS", "without '### BEGIN HID"),
    "solution outside": ("# Try it here.", "### BEGIN SOLUTION\n### END SOLUTION", "not marked"),
    "hidden outside": ("# Try it here.", "### BEGIN HIDDEN TESTS\n### END HIDDEN TESTS", "not ma"),
    "import outside": ("# Try it here.", "from examiner import examine", "outside '### BEGIN HID"),
    "call outside": ("score\n", 'examine(double, "x")\n', "students would receive it"),
    "another kernel": ("name: python3\n", "name: conda-env\n", "expected the kernel 'python3'"),
}


@pytest.fixture
def course(tmp_path):
    return make_small_course(tmp_path)


@pytest.mark.parametrize("name", PROBLEMS)
def test_a_problem_in_an_assignment(course, name):
    right, wrong, message = PROBLEMS[name]
    assert right in ASSIGNMENT, "the case must change something"
    write(course, ASSIGNMENT_FILE, ASSIGNMENT.replace(right, wrong, 1))
    before = snapshot(course)
    with pytest.raises(BuildError, match=re.escape(message)) as raised:
        build(course)
    assert all(
        problem.file == ASSIGNMENT_FILE and problem.line for problem in raised.value.problems
    )
    assert snapshot(course) == before, "nothing is built from sources that have problems"


def test_the_line_is_the_one_to_mend(course):
    text = ASSIGNMENT.replace(TEST_CELL, '# %% test="double"').replace(
        "# Try it here.", "from examiner import examine"
    )
    write(course, ASSIGNMENT_FILE, text)
    with pytest.raises(BuildError) as raised:
        build(course)
    assert [problem.line for problem in raised.value.problems] == [
        line_of(text, "\nfrom examiner") + 1,
        line_of(text, '# %% test="double"'),
    ]


def test_every_source_is_reported_at_once(course):
    write(course, LECTURE_FILE, LECTURE.replace("tags=", "tag="))
    write(course, ASSIGNMENT_FILE, ASSIGNMENT.replace("points=4", ""))
    with pytest.raises(BuildError) as raised:
        build(course)
    assert [problem.file for problem in raised.value.problems] == [ASSIGNMENT_FILE, LECTURE_FILE]
    assert str(raised.value).count("\n") == 1


@pytest.mark.parametrize(
    ("cell", "message"),
    [
        ('# %% solution="x"\nx = 1', "a lecture has no graded or locked cells"),
        ("# %%\nfrom examiner import examine", "outside '### BEGIN HIDDEN TESTS'"),
        ("# %%\n### BEGIN SOLUTION\n### END SOLUTION", "not marked as a solution"),
    ],
)
def test_a_problem_in_a_lecture(course, cell, message):
    write(course, LECTURE_FILE, f"{LECTURE}\n{cell}\n")
    with pytest.raises(BuildError, match=re.escape(message)):
        build(course)


@pytest.mark.parametrize(
    ("text", "line"),
    [("", 1), ("x = 1\n", 1), (f"{HEADER}x = 1\n\n# %%\ny = 1\n", 13)],
    ids=["empty", "no header", "text before the first cell"],
)
def test_a_source_that_is_no_notebook(course, text, line):
    write(course, LECTURE_FILE, text)
    with pytest.raises(BuildError) as raised:
        build(course)
    assert [problem.line for problem in raised.value.problems] == [line]


def test_a_source_that_is_no_text(course):
    (course / LECTURE_FILE).write_bytes(LECTURE.encode("utf-16"))
    with pytest.raises(BuildError, match=r"01_doubling\.py: expected UTF-8 text"):
        build(course)


def test_a_cell_line_inside_a_string_is_refused(course):
    write(course, LECTURE_FILE, f'{LECTURE}\n# %%\nx = """\n# %%\n"""\n')
    with pytest.raises(BuildError, match="stands inside a string"):
        build(course)


def test_prose_about_beginnings_is_no_region(course):
    prose = "# ## Begin with numbers\n#\n# ### SVM AND SOFTMAX\n#\n# In the end, solve it.\n"
    write(course, LECTURE_FILE, f"{LECTURE}\n# %% [markdown]\n{prose}")
    assert build(course).total == 3
