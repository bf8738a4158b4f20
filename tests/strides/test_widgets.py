"""Sliders redraw, carry their names, and leave a static figure for readers without widgets."""

from xml.etree import ElementTree

import pytest

from strides import draw, widgets
from strides.widgets import WIDGET_VIEW, explore, show, slider


def picture_of(height, width=1.0):
    return draw.bars({"size": [height, width]}, ["height", "width"], caption="A box.")


@pytest.fixture
def explorer():
    return explore(
        picture_of,
        height=slider("height h", 0.0, 5.0, value=2.0),
        width=slider("width w", 1.0, 3.0, value=1.0, step=0.5),
    )


def test_moving_a_slider_draws_anew(explorer):
    before = explorer.view.value
    explorer.sliders["height"].value = 3.5
    assert explorer.view.value != before
    assert "height 3.50, width 1.00" in explorer.view.value
    explorer.sliders["width"].value = 2.5
    assert "height 3.50, width 2.50" in explorer.view.value


def test_the_view_is_what_the_function_draws(explorer):
    assert explorer.view.value == picture_of(2.0, 1.0)._repr_html_()


def test_the_picture_in_the_widget_is_named(explorer):
    figure = ElementTree.fromstring(explorer.view.value)
    image = next(part for part in figure.iter() if part.get("role") == "img")
    assert image.get("aria-label") == explorer.picture.alt


def test_one_bundle_reads_with_and_without_widgets(explorer):
    bundle = explorer.bundle()
    assert bundle[WIDGET_VIEW]["model_id"] == explorer.model_id
    assert bundle["text/plain"] == explorer.picture.alt
    ElementTree.fromstring(bundle["text/html"])
    assert "<figure" in bundle["text/html"]
    assert "A box. Run this notebook to move the sliders" in bundle["text/html"]
    assert "height h (0 to 5); width w (1 to 3)" in bundle["text/html"]


def test_the_bundle_shows_where_the_sliders_stand(explorer):
    explorer.sliders["height"].value = 4.0
    assert "height 4.00" in explorer.bundle()["text/html"]


def test_show_displays_the_bundle_and_names_the_sliders(explorer, monkeypatch):
    shown = []
    monkeypatch.setattr(widgets, "display", lambda data, raw: shown.append(data))
    show(explorer)
    script, bundle = shown
    assert "ariaLabel" in script["application/javascript"]
    assert "text/html" not in script  # or an export would prefer it
    assert set(bundle) == {WIDGET_VIEW, "text/html", "text/plain"}


def test_an_explorer_left_at_the_end_of_a_cell_shows_the_same_bundle(explorer):
    assert explorer._repr_mimebundle_() == explorer.bundle()


def test_sliders_are_labelled_and_move_while_dragged():
    one = slider("margin", -2.5, 3.5, value=-1.0, step=0.1)
    assert one.description == "margin"
    assert (one.min, one.max, one.value, one.step) == (-2.5, 3.5, -1.0, 0.1)
    assert one.continuous_update


def test_a_start_outside_the_range_is_refused():
    with pytest.raises(ValueError, match=r"value: expected a number from 0.0 to 1.0; received 2.0"):
        slider("share", 0.0, 1.0, value=2.0)
