"""Controls besides sliders: choosing, ticking, typing; a slider whose end follows the others."""

import pytest

from strides import draw
from strides.widgets import choice, entry, explore, matrix, read_matrix, switch, whole


def row_of(**values):
    return draw.bars(
        {"values": [float(v) for v in values.values()]}, list(values), caption="A row."
    )


def cells(size, step):
    return size // step


@pytest.fixture
def walk():
    return explore(
        row_of,
        most={"cell": cells},
        size=whole("size", 2, 9, value=8),
        step=whole("step", 1, 4, value=1),
        cell=whole("cell", 1, 9, value=7),
    )


def test_whole_numbers_stay_whole():
    one = whole("layers", 1, 4, value=2)
    assert (one.min, one.max, one.value, one.step) == (1, 4, 2, 1)
    with pytest.raises(ValueError, match="value: expected a number from 1 to 4; received 5"):
        whole("layers", 1, 4, value=5)


def test_a_slider_ends_where_the_others_say(walk):
    assert walk.controls["cell"].max == 8
    walk.controls["step"].value = 2
    assert (walk.controls["cell"].max, walk.controls["cell"].value) == (4, 4)
    assert "cell 4.00" in walk.view.value
    walk.controls["size"].value = 9
    assert walk.controls["cell"].max == 4


def test_one_place_switches_the_slider_off_and_more_switch_it_on(walk):
    walk.controls["step"].value = 4
    walk.controls["size"].value = 4
    cell = walk.controls["cell"]
    assert (cell.value, cell.disabled) == (1, True)
    assert cell.max > cell.min  # the browser refuses a slider of one place
    walk.controls["size"].value = 9
    assert (cell.max, cell.disabled) == (2, False)


def test_each_move_draws_once(walk, monkeypatch):
    drawn = []
    monkeypatch.setattr(
        walk, "picture_of", lambda **values: drawn.append(values) or row_of(**values)
    )
    walk.controls["step"].value = 2
    assert drawn == [{"size": 8, "step": 2, "cell": 4}]


def numbers_of(kernel, flip):
    return draw.bars({"kernel": kernel[0][::-1] if flip else kernel[0]}, ["a", "b"])


@pytest.fixture
def lab():
    typed = matrix("kernel", "1 2", 1, 2)
    pick = choice("pick", {"up": "1 2", "down": "4 3"}, fills=typed)
    return explore(numbers_of, pick, kernel=typed, flip=switch("flip it"))


def test_a_choice_fills_the_entry(lab):
    lab.above[0].value = "4 3"
    assert lab.controls["kernel"].value == "4 3"
    assert "a 4.00, b 3.00" in lab.view.value


def test_typing_and_ticking_draw_anew(lab):
    lab.controls["kernel"].value = "5 6.5"
    assert "a 5.00, b 6.50" in lab.view.value
    lab.controls["flip"].value = True
    assert "a 6.50, b 5.00" in lab.view.value


def test_a_text_without_a_value_says_why_and_keeps_the_picture(lab):
    before = lab.view.value
    lab.controls["kernel"].value = "5"
    assert 'role="status"' in lab.note.value
    assert "expected 1 rows of 2 numbers" in lab.note.value
    assert lab.view.value == before
    lab.controls["kernel"].value = "5 7"
    assert lab.note.value == ""
    assert "b 7.00" in lab.view.value


def test_an_error_of_the_drawing_is_not_hidden():
    def broken(flip):
        if flip:
            raise ValueError("the drawing is at fault")
        return row_of(flip=flip)

    explore(broken, flip=switch("flip it"))
    with pytest.raises(ValueError, match="the drawing is at fault"):
        explore(broken, flip=switch("flip it", value=True))


def test_what_was_typed_is_shown_as_text(lab):
    lab.controls["kernel"].value = "<b> 1"
    assert "&lt;b&gt;" in lab.note.value
    assert "<b>" not in lab.note.value


def test_the_static_figure_names_every_control(lab):
    note = "Run this notebook to use the controls: pick; kernel; flip it."
    assert note in lab.bundle()["text/html"]


def test_a_list_is_chosen_from_by_name():
    assert choice("pooling", ["max", "average"]).value == "max"


def test_a_matrix_is_read_row_by_row():
    assert read_matrix("1 0 / -2.5 −3", 2, 2) == [[1, 0], [-2.5, -3]]


@pytest.mark.parametrize(
    ("text", "received"),
    [
        ("1 0 / 1", "received rows of 2, 1"),
        ("1 0", "received rows of 2"),
        ("1 0 / 1 x", "received '1 0 / 1 x'"),
        ("1 0 / 1 inf", "all finite; received '1 0 / 1 inf'"),
    ],
)
def test_a_matrix_that_cannot_be_read_says_what_came(text, received):
    with pytest.raises(ValueError, match="expected 2 rows of 2 numbers") as raised:
        read_matrix(text, 2, 2)
    assert received in str(raised.value)


def test_an_entry_must_start_with_a_value():
    with pytest.raises(ValueError, match="could not convert"):
        entry("number", "x", float)
