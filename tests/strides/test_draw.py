"""What the drawings say and how they are built, without looking at pixels."""

import base64
import re
from xml.etree import ElementTree

import numpy as np
import pytest
from matplotlib.figure import Figure

from strides import draw
from strides.draw import svg

X = np.linspace(-2, 2, 41)
SVG = "{http://www.w3.org/2000/svg}"


def valley(**options):
    ys = {"valley": X**2, "slope": X}
    return draw.curves(X, ys, xlabel="place", ylabel="height", **options)


def three_bars(**options):
    return draw.bars({"scores": [1.0, -2.0, 0.25]}, ["ball", "cube", "cone"], **options)


def parse(picture):
    return ElementTree.fromstring(picture.body)


@pytest.mark.parametrize("picture", [valley(), valley(at=0.5), valley(dots=True), three_bars()])
def test_svg_is_valid_named_and_on_a_ground_of_its_own(picture):
    root = parse(picture)
    assert root.tag == f"{SVG}svg"
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.alt
    assert root[0].get("fill") == "#FFFFFF"  # readable on a dark page too
    assert "width:100%" in root.get("style")


def test_same_numbers_same_picture():
    assert valley(at=0.5) == valley(at=0.5)
    assert valley(at=0.5).body != valley(at=0.6).body


def test_ids_differ_between_pictures_on_one_page():
    ids = [re.findall(r'id="([^"]+)"', picture.body) for picture in (valley(), valley(at=1.0))]
    assert all(len(found) == 1 for found in ids)
    assert ids[0] != ids[1]


def test_curves_say_where_they_start_end_and_dip():
    alt = valley().alt
    assert alt.startswith("Line plot of height against place.")
    assert "valley: 4.00 at -2, lowest 0.00 at 0, 4.00 at 2." in alt
    assert "slope: -2.00 at -2, 2.00 at 2." in alt


def test_curves_read_off_at_a_place():
    picture = valley(at=0.5)
    assert "At place 0.50: valley 0.25, slope 0.50." in picture.alt
    texts = [text.text for text in parse(picture).iter(f"{SVG}text")]
    assert {"valley = 0.25", "slope = 0.50", "place", "height"} <= set(texts)


def test_the_reading_never_moves_the_legend():
    def legend(at):
        found = parse(valley(at=at, ylim=(-100, 100))).iter(f"{SVG}text")
        return [(text.get("x"), text.get("y")) for text in found if " = " in text.text]

    assert legend(0.0) == legend(1.9)


def test_curves_differ_by_more_than_colour():
    ys = {f"curve {k}": X + k for k in range(5)}
    root = parse(draw.curves(X, ys, xlabel="x", ylabel="y"))
    lines = [path for path in root.iter(f"{SVG}path") if path.get("fill") == "none"]
    styles = [(path.get("stroke"), path.get("stroke-dasharray")) for path in lines[:5]]
    assert len({colour for colour, _ in styles}) == 5
    assert len(set(zip(svg.DASHES[:7], svg.MARKERS[:7], strict=True))) == 7


def test_a_gap_stays_a_gap():
    y = np.where(np.arange(41) == 20, np.nan, X)
    picture = draw.curves(X, {"broken": y}, xlabel="x", ylabel="y")
    path = next(p.get("d") for p in parse(picture).iter(f"{SVG}path"))
    assert path.count("M") == 2
    assert "nan" not in picture.body


@pytest.mark.parametrize("most", [1e200, 1.7e308, np.inf])
def test_values_beyond_the_axes_are_cut_and_finite(most):
    steep = np.minimum(np.exp(np.minimum(X * 400, 709)), most)
    steep[-3:] = most
    picture = draw.curves(X, {"steep": steep}, xlabel="x", ylabel="y", ylim=(0, 1), at=2.0)
    path = next(p.get("d") for p in parse(picture).iter(f"{SVG}path"))
    assert "clip-path" in picture.body
    assert "inf" not in path
    assert "nan" not in picture.body
    assert max(abs(float(v)) for v in re.findall(r"-?[\d.]+", path)) < 1e4


def test_curves_refuse_what_does_not_fit():
    with pytest.raises(
        ValueError, match=r"short: expected .* shape \(41,\); received shape \(3,\)"
    ):
        draw.curves(X, {"short": [1, 2, 3]}, xlabel="x", ylabel="y")
    with pytest.raises(ValueError, match="finite values; received none"):
        draw.curves(X, {"empty": np.full(41, np.nan)}, xlabel="x", ylabel="y")


def test_bars_print_and_say_every_value():
    picture = three_bars(marked=2, caption="Scores of one picture")
    assert picture.alt == (
        "Bar chart. scores: ball 1.00, cube -2.00, cone 0.25. The star marks cone."
    )
    texts = [text.text for text in parse(picture).iter(f"{SVG}text")]
    assert {"1.00", "-2.00", "0.25", "ball", "cube", "cone", "★"} <= set(texts)
    assert "<figcaption>Scores of one picture</figcaption>" in picture._repr_html_()


def test_bars_are_as_long_as_their_values():
    bars = list(parse(three_bars()).iter(f"{SVG}rect"))[1:]
    heights = np.array([float(bar.get("height")) for bar in bars])
    np.testing.assert_allclose(heights / heights[0], [1.0, 2.0, 0.25], rtol=1e-3)


def test_a_bar_beyond_its_limits_is_cut_but_keeps_its_number():
    picture = draw.bars({"p": [5.0, 1.0]}, ["a", "b"], limits={"p": (0.0, 2.0)})
    bars = list(parse(picture).iter(f"{SVG}rect"))[1:]
    assert float(bars[0].get("height")) == pytest.approx(2 * float(bars[1].get("height")), rel=1e-3)
    assert "a 5.00" in picture.alt


@pytest.mark.parametrize("values", [[1.0, 2.0], [1.0, np.nan, 0.0]])
def test_bars_refuse_what_does_not_fit(values):
    with pytest.raises(ValueError, match="p: expected 3 finite numbers"):
        draw.bars({"p": values}, ["a", "b", "c"])


def test_table_has_header_cells_and_words():
    picture = draw.table({"margin": [-2.0, 3.0], "squared": [9.0, 4.0]}, digits=1)
    root = ElementTree.fromstring(picture.body)
    assert [th.text for th in root.iter("th")] == ["margin", "squared", "-2.0", "3.0"]
    assert {th.get("scope") for th in root.iter("th")} == {"col", "row"}
    assert picture.alt == (
        "Table of margin, squared. margin -2.0: squared 9.0. margin 3.0: squared 4.0."
    )


def test_table_refuses_ragged_columns():
    with pytest.raises(ValueError, match="columns of one length"):
        draw.table({"a": [1.0], "b": [1.0, 2.0]})


def test_text_is_escaped():
    picture = draw.bars({"a < b & c": [1.0]}, ["<i>"], caption="x < y")
    assert "a < b" not in picture.body
    assert next(t.text for t in parse(picture).iter(f"{SVG}text")) == "a < b & c"
    assert "x &lt; y" in picture._repr_html_()


def test_images_are_a_png_with_words():
    weights = np.array([[[-1.5, 0.0], [0.5, 1.0]], [[0.0, 0.0], [0.0, 2.0]]])
    picture = draw.images(weights, ["zero", "is 1\nsays 7"], what="Templates", signed=True)
    image = ElementTree.fromstring(picture.body.replace("\n", " ").replace('">', '"/>'))
    assert image.get("alt") == picture.alt
    assert picture.alt == (
        "Templates: 2 images of 2 by 2 pixels, titled zero, is 1 says 7. "
        "Weights from -1.50 to 2.00."
    )
    kind, data = image.get("src").split(",")
    assert kind == "data:image/png;base64"
    assert base64.b64decode(data).startswith(b"\x89PNG")


def test_images_refuse_wrong_titles():
    with pytest.raises(ValueError, match=r"expected 1 images.*received \(2, 4, 4\)"):
        draw.images(np.zeros((2, 4, 4)), ["only one"], what="Pictures")


def test_a_figure_needs_words():
    with pytest.raises(ValueError, match="alt: expected a sentence"):
        draw.from_figure(Figure(), "  ")


def test_a_figure_is_the_same_each_time():
    def draw_it():
        figure = Figure(figsize=(2, 1))
        figure.subplots().plot([1, 2])
        return draw.from_figure(figure, "A line.")

    assert draw_it() == draw_it()


@pytest.mark.parametrize(("low", "high"), [(0, 1), (-2.5, 3.5), (0, 2.97), (1e-4, 9e-4), (-5, 500)])
def test_ticks_are_round_few_and_inside(low, high):
    places = svg.ticks(low, high)
    assert 2 <= len(places) <= 6
    assert min(places) >= low - 1e-12
    assert max(places) <= high + 1e-12
    steps = np.diff(places)
    np.testing.assert_allclose(steps, steps[0])
    assert f"{steps[0]:.0e}"[0] in "125"


def test_a_plain_display_shows_the_words():
    assert repr(three_bars()) == three_bars().alt
