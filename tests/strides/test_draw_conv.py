"""Pictures of convolution and pooling: what they say agrees with what the library computes."""

import re
from itertools import product
from xml.etree import ElementTree

import numpy as np
import pytest

from strides import draw
from strides.conv import (
    Conv,
    avg_pool2d,
    conv2d,
    explain_size,
    fits,
    max_pool2d,
    output_size,
    receptive_field,
)

SVG = "{http://www.w3.org/2000/svg}"
BOARD = np.random.default_rng(0).integers(-3, 9, (9, 9))
SOBEL = np.array([[-1, 0, 1], [-2, 0, 2], [-1, 0, 1]])
SMALL = [[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]
PHOTO = np.random.default_rng(1).random((12, 20))


def texts(picture):
    root = ElementTree.fromstring(picture.body)
    return ["".join(text.itertext()) for text in root.iter(f"{SVG}text")]


def plain(text):
    return text.replace("−", "-")


PICTURES = {
    "arithmetic": draw.arithmetic(BOARD, SOBEL, pad=1, stride=2, caption="A case."),
    "larger filter": draw.arithmetic(BOARD[:2, :2], SOBEL),
    "pooling": draw.pooling(SMALL),
    "average": draw.pooling(SMALL, kind="average"),
    "receptive": draw.receptive([(3, 1, 1), (3, 2, 1)]),
    "filtered": draw.filtered(PHOTO, SOBEL, PHOTO - 0.5),
    "large kernel": draw.filtered(PHOTO, np.eye(9), PHOTO, signed=False),
    "maps": draw.maps(np.stack([PHOTO, -PHOTO]), ["up", "down"], what="Two maps"),
}


@pytest.mark.parametrize("name", PICTURES)
def test_a_picture_is_a_named_image_on_white(name):
    picture = PICTURES[name]
    root = ElementTree.fromstring(picture.body)
    assert root.get("role") == "img"
    assert root.get("aria-label") == picture.alt
    assert len(picture.alt) > 40
    assert root[0].get("fill") == "#FFFFFF"
    assert "nan" not in picture.body


def test_what_only_a_pointer_shows_is_hidden_without_the_style():
    for name in ("arithmetic", "pooling"):
        root = ElementTree.fromstring(PICTURES[name].body)
        seen = [g for g in root.iter(f"{SVG}g") if g.get("class") == "strides-seen"]
        assert seen
        assert all(g.get("visibility") == "hidden" for g in seen)
        assert all(g.get("pointer-events") == "none" for g in seen)
        chosen = [g for g in root.iter(f"{SVG}g") if g.get("class") == "strides-chosen"]
        assert len(chosen) == 1


@pytest.mark.parametrize(
    ("options", "answer"),
    [
        ({"stride": 1}, "(7 + 2·0 − 3)/1 + 1 = 5"),
        ({"stride": 2}, "(7 + 2·0 − 3)/2 + 1 = 3"),
        ({"stride": 3}, "(7 + 2·0 − 3)/3 + 1 = 2.33"),
        ({"pad": 1}, "(7 + 2·1 − 3)/1 + 1 = 7"),
        ({"dilation": 2}, "F reaches over 2·(3 − 1) + 1 = 5;  (7 + 2·0 − 5)/1 + 1 = 3"),
    ],
)
def test_the_formula_of_the_course_map_fills_in(options, answer):
    assert answer in texts(draw.arithmetic(BOARD[:7, :7], SOBEL, **options))


def test_it_says_in_words_when_the_filter_does_not_fit():
    said = texts(draw.arithmetic(BOARD[:7, :7], SOBEL, stride=3))
    assert "Does not fit: 2 × 2 positions, the last row and column unseen." in said
    said = texts(draw.arithmetic(BOARD[:3, :3], np.ones((5, 5))))
    assert "Does not fit: the filter needs 5, the padded input has 3." in said
    assert "It fits: the output is 5 × 5." in texts(draw.arithmetic(BOARD[:7, :7], SOBEL))


@pytest.mark.parametrize("n", [3, 6, 7])
def test_sizes_and_outputs_are_those_of_the_library(n):
    for window, stride, pad, dilation in product((1, 2, 3), (1, 2, 3), (0, 2), (1, 2)):
        if dilation * (window - 1) + 1 > n + 2 * pad:
            continue
        kernel = BOARD[:window, :window]
        size = output_size(n, window, stride, pad, dilation)
        cell = (size - 1, size // 2)
        options = {"stride": stride, "pad": pad, "dilation": dilation}
        picture = draw.arithmetic(BOARD[:n, :n], kernel, row=cell[0], column=cell[1], **options)
        x, w = BOARD[None, None, :n, :n] * 1.0, kernel[None, None] * 1.0
        expected = conv2d(x, w, np.zeros(1), **options)[0][0, 0]
        assert f"output {size} × {size}" in texts(picture)
        terms, total = plain(picture.alt).split(": ")[-1].rstrip(".").split(" = ")
        assert float(total) == expected[cell]
        pairs = [term.split("·") for term in terms.split(" + ")]
        assert sum(float(a) * float(b) for a, b in pairs) == expected[cell]
        fit = fits(n, window, stride, pad, dilation)
        assert ("It fits" in picture.alt) == fit
        assert ("Does not fit" in picture.alt) == (
            "does not fit" in explain_size(n, window, **options)
        )


def test_every_output_cell_can_be_pointed_at():
    picture = draw.arithmetic(BOARD[:7, :7], SOBEL, stride=2, row=2)
    assert picture.body.count('class="strides-cell"') == 9
    assert sum("row 2, column 3 of the output:" in text for text in texts(picture)) == 1


def test_arithmetic_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match=r"w: expected a square of numbers; received \(1, 3\)"):
        draw.arithmetic(BOARD, np.ones((1, 3)))
    with pytest.raises(ValueError, match="expected numbers from 0 to 4; received 5, 0"):
        draw.arithmetic(BOARD[:7, :7], SOBEL, row=5)


@pytest.mark.parametrize(("kind", "pool"), [("max", max_pool2d), ("average", avg_pool2d)])
@pytest.mark.parametrize(("window", "stride"), [(2, 2), (3, 1), (2, 3)])
def test_pooling_says_what_the_library_computes(kind, pool, window, stride):
    picture = draw.pooling(BOARD, kind=kind, window=window, stride=stride)
    out = pool(BOARD[None, None] * 1.0, window, stride)[0][0, 0]
    said = re.search(r"row by row: (.+?)\. ", plain(picture.alt))[1]
    found = [[float(v) for v in row.split()] for row in said.split("; ")]
    np.testing.assert_allclose(found, out, atol=0.00501)


def test_the_winners_are_where_the_gradient_goes():
    x = np.random.default_rng(3).permutation(36).reshape(6, 6)  # no ties
    picture = draw.pooling(x, window=3, stride=1)
    _, backward = max_pool2d(x[None, None] * 1.0, 3, 1)
    places = np.argwhere(backward(np.ones((1, 1, 4, 4)))[0, 0]) + 1
    said = re.findall(r"\((\d), (\d)\)", picture.alt.split("winners stand")[1])
    assert [tuple(map(int, place)) for place in said] == [tuple(place) for place in places]
    assert picture.body.count("<circle") == len(places)


def test_pooling_of_the_course_map():
    assert "Output, row by row: 6 8; 3 4." in draw.pooling(SMALL).alt
    assert "<circle" not in draw.pooling(SMALL, kind="average").body


def test_pooling_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match="kind: expected 'max' or 'average'; received 'min'"):
        draw.pooling(SMALL, kind="min")
    with pytest.raises(ValueError, match="window: expected at most"):
        draw.pooling(SMALL, window=5)
    with pytest.raises(ValueError, match="row, column: expected a cell of"):
        draw.pooling(SMALL, row=2)


@pytest.mark.parametrize("window", [2, 3, 5])
@pytest.mark.parametrize("stride", [1, 2])
@pytest.mark.parametrize("dilation", [1, 2])
@pytest.mark.parametrize("count", [1, 2, 3])
def test_the_field_is_that_of_the_library(window, stride, dilation, count):
    picture = draw.receptive([(window, stride, dilation)] * count, size=65)
    layers = [Conv(1, window, stride=stride, dilation=dilation)] * count
    assert re.search(r"Receptive field [^=]+= (\d+)\.", picture.alt)[1] == str(
        receptive_field(layers)[0]
    )


@pytest.mark.parametrize("layers", [[(3, 1, 1)] * 3, [(3, 2, 1)] * 2, [(3, 1, 2), (5, 2, 1)]])
def test_the_lit_numbers_are_those_with_a_gradient(layers):
    picture = draw.receptive(layers, size=33)
    x = np.random.default_rng(0).normal(size=(1, 1, 1, 33))
    backwards, out = [], x
    for window, stride, dilation in layers:
        w = np.random.default_rng(window).uniform(1, 2, size=(1, 1, 1, window))
        pad = (0, dilation * (window - 1) // 2)
        options = {"stride": (1, stride), "pad": pad, "dilation": (1, dilation)}
        out, backward = conv2d(out, w, np.zeros(1), **options)
        backwards.append(backward)
    gradient = np.zeros_like(out)
    gradient[..., (out.shape[-1] - 1) // 2] = 1
    for backward in reversed(backwards):
        gradient, *_ = backward(gradient)
    lit = np.flatnonzero(gradient[0, 0, 0])
    assert f"sees numbers {lit[0] + 1} to {lit[-1] + 1} of 33" in picture.alt
    rects = list(ElementTree.fromstring(picture.body).iter(f"{SVG}rect"))
    bottom = max(float(rect.get("y", 0)) for rect in rects)
    fills = [rect.get("fill") for rect in rects if float(rect.get("y", 0)) == bottom]
    assert len(fills) == 33
    assert [n for n, fill in enumerate(fills) if fill != "#FFFFFF"] == lit.tolist()


def test_a_field_that_reaches_over_the_border_says_so():
    assert "some of them in the padding" in draw.receptive([(5, 1, 1)] * 3, unit=0).alt


def test_room_keeps_the_height():
    def height(count):
        picture = draw.receptive([(3, 1, 1)] * count, room=4)
        return ElementTree.fromstring(picture.body).get("viewBox")

    assert height(1) == height(4)


def test_receptive_refuses_what_it_cannot_draw():
    with pytest.raises(ValueError, match="layers: expected 1 to 6; received 0"):
        draw.receptive([])
    with pytest.raises(ValueError, match="unit: expected 0 to 32; received 33"):
        draw.receptive([(3, 1, 1)], unit=33)
    with pytest.raises(ValueError, match="windows that leave some output"):
        draw.receptive([(4, 3, 1)] * 6, size=2)


def test_a_filtered_picture_prints_kernel_and_range():
    picture = draw.filtered(PHOTO, SOBEL, np.array([[-2.0, 1.0], [0.0, 0.5]]))
    assert "from -2.00 to 1.00" in texts(picture)
    assert "a kernel (-1 0 1; -2 0 2; -1 0 1)" in picture.alt
    assert picture.body.count("<image") == 2
    assert "9 by 9 numbers" in PICTURES["large kernel"].alt
    assert PICTURES["large kernel"].body.count("<image") == 3


def test_a_flat_response_can_be_drawn():
    assert "from 0.00 to 0.00" in texts(draw.filtered(PHOTO, SOBEL, np.zeros((4, 4))))


def test_filtered_and_maps_refuse_what_they_cannot_draw():
    with pytest.raises(ValueError, match=r"kernel: expected an array \(H, W\); received \(3,\)"):
        draw.filtered(PHOTO, [1, 2, 3], PHOTO)
    with pytest.raises(ValueError, match="expected 1 maps, one for each title"):
        draw.maps(np.stack([PHOTO, PHOTO]), ["one"], what="Maps")


def test_maps_say_each_range():
    assert "up from 0.0" in PICTURES["maps"].alt
    assert "orange: above 0, white: 0, purple: below 0" in texts(PICTURES["maps"])
