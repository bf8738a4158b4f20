"""Lecture 07 as a student meets it: four widgets, moved with a mouse and with a keyboard."""

import re
import statistics

import pytest

from browser.axe import grave_findings
from browser.test_lecture_03 import WATCH

NAME = "07_convolution"
LAB, ARITHMETIC, STACK, POOLING = range(4)
WIDGETS = {LAB: "kernel_lab", ARITHMETIC: "arithmetic", STACK: "stack", POOLING: "pooling"}
SLIDERS = [
    (ARITHMETIC, "input side N"),
    (ARITHMETIC, "filter side F"),
    (ARITHMETIC, "stride S"),
    (ARITHMETIC, "padding P"),
    (ARITHMETIC, "dilation D"),
    (ARITHMETIC, "output row"),
    (ARITHMETIC, "output column"),
    (STACK, "layers"),
    (STACK, "filter side F"),
    (STACK, "stride S"),
    (STACK, "dilation D"),
    (STACK, "unit"),
    (POOLING, "window"),
    (POOLING, "stride"),
    (POOLING, "output row"),
    (POOLING, "output column"),
]
MOVES = 30
MOST_MILLISECONDS = 150


class Widget:
    """One explorer of the page: its controls by name, and the picture that they drive."""

    def __init__(self, page, place: int) -> None:
        self.page = page
        self.box = page.locator(".strides-explorer").nth(place)
        self.view = self.box.locator(".widget-html-content", has=page.locator("figure"))
        self.box.scroll_into_view_if_needed()  # Lab renders what is near the window

    def picture(self) -> str:
        return self.view.inner_html()

    def control(self, role: str, name: str):
        return self.box.get_by_role(role, name=name, exact=True)

    def slider(self, name: str):
        return self.control("slider", name)

    def value(self, name: str) -> int:
        readout = self.control("textbox", f"{name}, value")
        return int(readout.text_content())

    def does(self, action) -> None:
        """Do something, then wait until another picture is shown."""
        before = self.picture()
        action()
        self.page.wait_for_function(
            "([view, before]) => view.innerHTML !== before",
            arg=[self.view.element_handle(), before],
            timeout=15_000,
        )

    def shows(self, words: str) -> None:
        """Wait until the picture holds these words: a drag passes others on its way."""
        self.page.wait_for_function(
            "([view, words]) => view.innerHTML.includes(words)",
            arg=[self.view.element_handle(), words],
            timeout=15_000,
        )

    def press(self, name: str, key: str) -> None:
        """Press a key on a slider's handle."""
        self.does(lambda: self.slider(name).press(key))

    def back_to(self, name: str, value: int) -> None:
        """Return a slider to a value with the arrow keys."""
        while (now := self.value(name)) != value:
            self.press(name, "ArrowRight" if now < value else "ArrowLeft")

    def drag(self, name: str, share: float) -> None:
        """Pull a handle with the mouse to a share of the way to the right."""
        handle = self.slider(name)
        track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]")
        track.scroll_into_view_if_needed()
        box, grip = track.bounding_box(), handle.bounding_box()
        mouse = self.page.mouse
        mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        mouse.down()
        mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=10)
        mouse.up()


@pytest.fixture(scope="module")
def lecture(open_lecture):
    """The lecture, open and run from top to bottom."""
    notebook = open_lecture(NAME, height=1600)
    notebook.run_all(seconds=300)
    return notebook


@pytest.fixture
def widget(lecture):
    """Find a widget by its place among the four."""
    return lambda place: Widget(lecture.page, place)


def test_it_runs_without_a_complaint(lecture):
    assert lecture.errors() == []
    assert lecture.problems == []
    assert lecture.page.locator(".strides-explorer").count() == len(WIDGETS)


def test_it_asks_nothing_of_the_network(lecture):
    assert lecture.outside == []


def test_every_figure_has_words(lecture):
    bare = lecture.page.locator(".jp-OutputArea figure :is(svg:not([aria-label]), img:not([alt]))")
    assert lecture.page.locator(".jp-OutputArea figure svg[role=img]").count() >= 8
    assert bare.count() == 0


def test_axe_finds_nothing_grave_in_figures(lecture):
    assert grave_findings(lecture.page, [".jp-OutputArea-output .strides-figure"]) == []


@pytest.mark.parametrize("place", WIDGETS)
def test_axe_finds_nothing_grave_in_a_widget(widget, lecture, place):
    widget(place).box.evaluate("(box, place) => { box.dataset.widget = place; }", place)
    assert grave_findings(lecture.page, [f".strides-explorer[data-widget='{place}']"]) == []


@pytest.mark.parametrize(("place", "name"), SLIDERS)
def test_a_key_moves_the_picture(widget, place, name):
    one = widget(place)
    start = one.value(name)
    key = "ArrowRight" if name != "unit" else "ArrowLeft"
    one.press(name, key)
    assert one.value(name) == start + (1 if key == "ArrowRight" else -1)
    one.back_to(name, start)


@pytest.mark.parametrize(("place", "name"), SLIDERS)
def test_the_mouse_moves_the_picture(widget, place, name):
    one = widget(place)
    start = one.value(name)
    least = int(float(one.slider(name).get_attribute("aria-valuemin")))
    far = 0.02 if start > least else 0.98
    one.does(lambda: one.drag(name, far))
    assert one.value(name) != start
    one.back_to(name, start)


def test_a_cell_under_the_pointer_lights_its_receptive_field(widget):
    one = widget(ARITHMETIC)
    one.view.scroll_into_view_if_needed()
    cell = one.view.locator(".strides-cell").last
    seen = cell.locator(".strides-seen")
    chosen = one.view.locator(".strides-chosen")
    assert not seen.is_visible()
    cell.locator(":scope > rect").hover()
    assert seen.is_visible()
    assert not chosen.locator("rect").first.is_visible()
    assert "row 2, column 2 of the output" in seen.text_content()
    one.page.mouse.move(5, 5)
    assert chosen.locator("rect").first.is_visible()


def test_arrow_keys_walk_over_the_output(widget):
    one = widget(ARITHMETIC)
    one.back_to("stride S", 1)
    for column in range(2, 6):
        one.press("output column", "ArrowRight")
        assert f"row 1, column {column} of the output" in one.view.locator("svg").text_content()
    assert one.value("output column") == 5
    one.slider("output column").press("ArrowRight")
    assert one.value("output column") == 5  # the output ends there
    one.back_to("output column", 1)
    one.back_to("stride S", 3)


def test_a_filter_that_does_not_fit_is_said_in_words(widget, lecture, screenshots):
    one = widget(ARITHMETIC)
    assert "2.33" in one.picture()
    assert "Does not fit: 2 × 2 positions" in one.picture()
    one.view.scroll_into_view_if_needed()
    lecture.page.screenshot(path=screenshots / f"{NAME}_arithmetic.png")
    one.back_to("stride S", 2)
    assert "It fits: the output is 3 × 3." in one.picture()
    one.back_to("stride S", 3)


def test_a_larger_filter_than_input_draws_no_output(widget):
    one = widget(ARITHMETIC)
    one.back_to("input side N", 3)
    one.back_to("filter side F", 5)
    assert "the filter needs 5, the padded input has 3" in one.picture()
    one.back_to("padding P", 1)
    assert "output 1 × 1" in one.picture()
    one.back_to("padding P", 0)
    one.back_to("filter side F", 3)
    one.back_to("input side N", 7)


def test_kernels_are_picked_with_the_keyboard(widget, lecture, screenshots):
    one = widget(LAB)
    pick = one.slider("pick a kernel")
    one.press("pick a kernel", "ArrowRight")
    assert pick.get_attribute("aria-valuetext") == "horizontal edges"
    assert "a kernel (-1 -2 -1; 0 0 0; 1 2 1)" in one.picture()
    assert one.control("textbox", "kernel").input_value() == "-1 -2 -1 / 0 0 0 / 1 2 1"
    one.drag("pick a kernel", 0.98)
    one.shows("a kernel (0 0 0; 0 1 0; 0 0 0)")
    one.drag("pick a kernel", 0.2)
    one.shows("a kernel (-1 -2 -1; 0 0 0; 1 2 1)")
    lecture.page.screenshot(path=screenshots / f"{NAME}_kernel_lab.png")


def test_a_kernel_is_flipped_by_key_and_by_click(widget):
    one = widget(LAB)
    flip = one.control("checkbox", "flip it (true convolution)")
    one.does(lambda: flip.press(" "))
    assert "a kernel (1 2 1; 0 0 0; -1 -2 -1)" in one.picture()
    one.does(flip.click)
    assert "a kernel (-1 -2 -1; 0 0 0; 1 2 1)" in one.picture()


def test_a_kernel_is_typed_and_a_slip_is_named(widget):
    one = widget(LAB)
    text, status = one.control("textbox", "kernel"), one.box.get_by_role("status")
    one.does(lambda: text.fill("0 0 0 / 0 2 0 / 0 0 0"))
    assert "a kernel (0 0 0; 0 2 0; 0 0 0)" in one.picture()
    before = one.picture()
    text.fill("0 0 0 / 0 2")
    status.wait_for()
    assert "expected 3 rows of 3 numbers" in status.inner_text()
    assert one.picture() == before
    one.does(lambda: text.fill("0 0 0 / 0 3 0 / 0 0 0"))
    assert status.count() == 0


def test_pooling_is_chosen_with_the_keyboard(widget, lecture, screenshots):
    one = widget(POOLING)
    assert "<circle" in one.picture()
    one.press("pooling", "ArrowRight")
    assert "<circle" not in one.picture()
    assert "Average pooling" in one.picture()
    one.does(lambda: one.drag("pooling", 0.02))
    assert "<circle" in one.picture()
    one.view.scroll_into_view_if_needed()
    lecture.page.screenshot(path=screenshots / f"{NAME}_pooling.png")


def test_the_stack_of_layers(widget, lecture, screenshots):
    one = widget(STACK)
    one.back_to("layers", 3)
    assert "Receptive field 1 + 2 + 2 + 2 = 7." in one.picture()
    one.back_to("stride S", 2)
    assert "Receptive field 1 + 2 + 2·2 + 2·4 = 15." in one.picture()
    assert one.value("unit") == 5  # the last of those that are left
    one.view.scroll_into_view_if_needed()
    lecture.page.screenshot(path=screenshots / f"{NAME}_stack.png")
    one.back_to("stride S", 1)
    one.back_to("layers", 2)


@pytest.mark.parametrize(
    ("place", "name", "setting"),
    [
        (ARITHMETIC, "output column", {"stride S": 1}),
        (ARITHMETIC, "padding P", {"input side N": 9, "filter side F": 5}),
        (STACK, "unit", {"layers": 4}),
        (POOLING, "stride", {}),
        (LAB, "pick a kernel", {}),
    ],
)
def test_the_picture_follows_quickly(widget, lecture, measured, place, name, setting):
    one = widget(place)
    for other, value in setting.items():
        one.back_to(other, value)
    keys = ("ArrowRight", "ArrowLeft")
    if name == "unit":
        one.back_to(name, 10)
    one.view.evaluate(WATCH)
    handle = one.slider(name)
    handle.focus()
    for move in range(MOVES):
        one.does(lambda key=keys[move % 2]: handle.press(key))
        lecture.page.wait_for_function("n => window.stridesLatencies.length > n", arg=move)
    latencies = lecture.page.evaluate("() => window.stridesLatencies")
    median = statistics.median(latencies)
    title = f"{WIDGETS[place]}, {name}"
    measured(f"{title}, key to pixels, median of {len(latencies)} moves", median, "ms")
    assert len(latencies) == MOVES
    assert median < MOST_MILLISECONDS


def test_an_option_opens_and_says_why(lecture):
    option = lecture.page.locator("summary", has_text=re.compile(r"^B\. 55$"))
    option.scroll_into_view_if_needed()
    reason = lecture.page.locator("details p", has_text="It is the first layer of AlexNet")
    assert not reason.is_visible()
    option.click()
    assert reason.is_visible()


def test_nothing_went_wrong_meanwhile(lecture):
    assert lecture.errors() == []
    assert lecture.problems == []
    assert lecture.outside == []
