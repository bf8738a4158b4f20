"""Lecture 03 as a student meets it: in JupyterLab, in a browser, with a mouse and a keyboard."""

import re
import statistics

import pytest

from browser.axe import grave_findings

NAME = "03_softmax_and_likelihood"
SLIDERS = {
    "margin y·s": "At margin m = y·s {}:",
    "temperature T": "T = {},",
    "shift c": "c = {}",
}
MOVES = 30
MOST_MILLISECONDS = 150

# From a key's press to the frame after the one in which the new picture was put in its place.
WATCH = """view => {
  window.stridesStopWatching?.();
  window.stridesLatencies = [];
  let pressed = null;
  const note = event => {
    if (event.key.startsWith("Arrow")) pressed = performance.now();
  };
  document.addEventListener("keydown", note, true);
  const observer = new MutationObserver(() => {
    if (pressed === null) return;
    const began = pressed;
    pressed = null;
    requestAnimationFrame(() => setTimeout(
      () => window.stridesLatencies.push(performance.now() - began)));
  });
  observer.observe(view, { childList: true, subtree: true, characterData: true });
  window.stridesStopWatching = () => {
    observer.disconnect();
    document.removeEventListener("keydown", note, true);
  };
}"""


class Slider:
    """A slider found by its accessible name, with its readout and the picture that it drives."""

    def __init__(self, page, name: str) -> None:
        self.page = page
        self.handle = page.get_by_role("slider", name=name, exact=True)
        self.readout = page.get_by_role("textbox", name=f"{name}, value", exact=True)
        self.view = page.locator(".widget-vbox", has=self.handle).locator(".widget-html-content")
        self.sentence = SLIDERS[name]

    def value(self) -> str:
        return self.readout.inner_text().replace("−", "-")

    def picture(self) -> str:
        return self.view.inner_html()

    def move(self, action) -> None:
        """Do what moves the slider, then wait until its readout and the picture have followed."""
        before = self.readout.inner_text()
        action()
        self.page.wait_for_function(
            """([readout, before, view, sentence]) => {
              const now = readout.innerText;
              return now !== before
                && view.innerHTML.includes(sentence.replace("{}", now.replace("−", "-")));
            }""",
            arg=[self.readout.element_handle(), before, self.view.element_handle(), self.sentence],
            timeout=15_000,
        )

    def press(self, key: str) -> None:
        """Press a key on the handle."""
        self.move(lambda: self.handle.press(key))

    def drag(self, share: float) -> None:
        """Pull the handle with the mouse to another place: a share of the way to the right."""
        self.move(lambda: self._pull(share))

    def _pull(self, share: float) -> None:
        track = self.handle.locator("xpath=ancestor::*[contains(@class, 'noUi-base')]")
        track.scroll_into_view_if_needed()
        box, grip = track.bounding_box(), self.handle.bounding_box()
        self.page.mouse.move(grip["x"] + grip["width"] / 2, grip["y"] + grip["height"] / 2)
        self.page.mouse.down()
        self.page.mouse.move(
            box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=10
        )
        self.page.mouse.up()


@pytest.fixture(scope="module")
def lecture(open_lecture):
    """The lecture, open and run from top to bottom."""
    notebook = open_lecture(NAME)
    notebook.run_all()
    return notebook


def test_it_runs_without_a_complaint(lecture, screenshots):
    lecture.page.screenshot(path=screenshots / f"{NAME}_ran.png")
    assert lecture.errors() == []
    assert lecture.problems == []


def test_it_asks_nothing_of_the_network(lecture):
    assert lecture.outside == []


def test_every_figure_has_words(lecture):
    bare = lecture.page.locator(".jp-OutputArea figure :is(svg:not([aria-label]), img:not([alt]))")
    assert lecture.page.locator(".jp-OutputArea figure svg[role=img]").count() >= 8
    assert bare.count() == 0


def test_axe_finds_nothing_grave_in_widgets_and_figures(lecture):
    for one in (".strides-explorer", ".jp-OutputArea-output .strides-figure"):
        lecture.page.locator(one).first.scroll_into_view_if_needed()
        assert grave_findings(lecture.page, [one]) == []


@pytest.mark.parametrize("name", SLIDERS)
def test_a_key_moves_the_picture(lecture, name):
    slider = Slider(lecture.page, name)
    slider.handle.focus()
    value, picture = slider.value(), slider.picture()
    slider.press("ArrowRight")
    assert float(slider.value()) > float(value)
    assert slider.picture() != picture


@pytest.mark.parametrize("name", SLIDERS)
def test_the_mouse_moves_the_picture(lecture, name, screenshots):
    slider = Slider(lecture.page, name)
    for share in (0.9, 0.25):
        value, picture = slider.value(), slider.picture()
        slider.drag(share)
        assert slider.value() != value
        assert slider.picture() != picture
    file_name = f"{NAME}_{re.sub('[^a-z]+', '_', name.lower())}.png"
    lecture.page.screenshot(path=screenshots / file_name)


@pytest.mark.parametrize("name", SLIDERS)
def test_the_picture_follows_quickly(lecture, name, measured):
    slider = Slider(lecture.page, name)
    slider.drag(0.4)
    slider.view.evaluate(WATCH)
    slider.handle.focus()
    for move in range(MOVES):
        slider.press("ArrowRight" if move % 10 < 5 else "ArrowLeft")
        lecture.page.wait_for_function("n => window.stridesLatencies.length > n", arg=move)
    latencies = lecture.page.evaluate("() => window.stridesLatencies")
    median = statistics.median(latencies)
    measured(f"{name}, key to pixels, median of {len(latencies)} moves", median, "ms")
    assert len(latencies) == MOVES
    assert median < MOST_MILLISECONDS


def test_the_shift_changes_no_probability(lecture):
    slider = Slider(lecture.page, "shift c")
    slider.drag(0.2)
    before = re.search(r"probabilities: [^.]*(?:\.\d[^.]*)+", slider.picture())[0]
    slider.drag(0.8)
    assert before in slider.picture()


def test_an_option_opens_and_says_why(lecture):
    option = lecture.page.locator("summary", has_text="They are multiplied by about 7.4.")
    option.scroll_into_view_if_needed()
    reason = lecture.page.locator("details p", has_text="Yes: adding 2 to a logarithm")
    assert not reason.is_visible()
    option.click()
    assert reason.is_visible()


def test_a_hidden_answer_shows_its_table(lecture, screenshots):
    answer = lecture.page.locator("details", has_text="What you should see")
    table = answer.locator("table")
    answer.locator("summary").scroll_into_view_if_needed()
    assert not table.is_visible()
    answer.locator("summary").click()
    assert table.is_visible()
    assert table.locator("tbody tr").count() == 4
    lecture.page.screenshot(path=screenshots / f"{NAME}_hidden_answer.png")


def test_nothing_went_wrong_meanwhile(lecture):
    assert lecture.problems == []
    assert lecture.outside == []
