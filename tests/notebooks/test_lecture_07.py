"""Lecture 07 runs from top to bottom, and the facts of the course map come out of its code."""

from pathlib import Path

import numpy as np
import pytest
from scipy import signal

from notebooks.executing import execute, numbers, output_of
from notebooks.lecture_style import output_breaches

SOURCE = Path(__file__).parents[2] / "sources" / "lectures" / "07_convolution.py"


@pytest.fixture(scope="module")
def lecture(tmp_path_factory):
    return execute(SOURCE, tmp_path_factory.mktemp("lecture"), seconds=300)


def lines_of(text):
    return text.strip().splitlines()


def test_outputs_are_clean_and_figures_have_words(lecture):
    assert output_breaches(lecture) == []


def test_every_code_cell_ran(lecture):
    assert all(cell.execution_count for cell in lecture.cells if cell.cell_type == "code")


def test_weights_of_a_fully_connected_layer(lecture):
    text = output_of(lecture, "Affine(1000, bias=False)")
    assert text.startswith(f"{3 * 256 * 256 * 1000:,} weights")
    assert "196,608,000 weights, 786 MB" in text


def test_a_fully_connected_net_fails_on_moved_solids(lecture):
    train, test, shifted = numbers(output_of(lecture, 'results = {"fully connected"'))
    assert train > 0.95
    assert test > 0.55
    assert shifted < 0.4
    shuffled = numbers(output_of(lecture, "mixed = [(x.reshape"))
    assert shuffled[1] == pytest.approx(test, abs=0.08)


def test_correlation_and_convolution_in_one_dimension(lecture):
    ours = numbers(output_of(lecture, "def cross_correlate(x, w)"))
    x, w = [0, 0, 1, 1, 1, 0, 0], [-1, 0, 1]
    assert ours == signal.correlate(x, w, "valid").tolist() == [1, 1, 0, -1, -1]
    correlate, convolve, flipped = lines_of(output_of(lecture, 'print("np.correlate"'))
    assert numbers(correlate) == ours
    assert numbers(convolve) == numbers(flipped) == signal.convolve(x, w, "valid").tolist()
    first, second = lines_of(output_of(lecture, "impulse = "))
    assert numbers(first) == [3, 2, 1]
    assert numbers(second) == [1, 2, 3]
    assert numbers(output_of(lecture, "import conv1d"))[3:] == ours


def test_the_library_computes_the_cross_correlation(lecture):
    assert numbers(output_of(lecture, "def cross_correlate_2d")) == [4]
    correlate, convolve = lines_of(output_of(lecture, "import convolve2d, correlate2d"))
    assert numbers(correlate.split("conv2d", 1)[1])[0] == 0
    assert numbers(convolve.split("minus conv2d")[1])[0] == 0
    assert numbers(convolve.split("conv2d ", 1)[1])[0] > 1


def test_a_filter_is_as_deep_as_its_input(lecture):
    text = output_of(lecture, "white patch")
    assert "[[[[3.2]]]]" in text
    assert "ValueError: w: expected filters of 3 channels" in text
    assert "(1, 3, 106, 160) -> (1, 4, 104, 158)" in output_of(lecture, "red minus blue")
    products, total, _, conv2d = numbers(output_of(lecture, "products = patch * w[1]"))
    assert products == 27
    assert total == conv2d


def test_parameters_side_by_side(lecture):
    text = output_of(lecture, "side_by_side = {")
    for layer, count in (
        ("fully connected", (3 * 32 * 32 + 1) * 10 * 32 * 32),
        ("locally connected", 76 * 10 * 32 * 32),
        ("convolution", 760),
    ):
        assert f"layer {layer}: parameters {count:,}." in text


def test_convolution_moves_with_the_picture(lecture):
    shared, local = lines_of(output_of(lecture, "import locally_connected2d"))
    assert numbers(shared) == [0]
    assert numbers(local)[0] > 1


def test_output_sizes_of_the_course_map(lecture):
    lines = lines_of(output_of(lecture, "explain_size(7, 3, stride, pad)"))
    assert [line.split(" = ")[1] for line in lines] == [
        "5: fits",
        "3: fits",
        "2.33: does not fit; 2 positions, the last 1 of the input unseen",
        "7: fits",
    ]
    text = output_of(lecture, "sizes.append(output_size(sizes[-1], 5))")
    assert text.startswith("[32, 28, 24] and six such filters make (6, 28, 28)")


def test_same_size_padding(lecture):
    text = output_of(lecture, "import same_padding")
    for window, pad in ((3, 1), (5, 2), (7, 3)):
        assert f"F = {window}: pad {pad}, 32 -> 32" in text
    assert "ValueError: window: expected an odd number; received 4" in text


def test_the_layer_of_760_parameters(lecture):
    text = output_of(lecture, "import mac_count")
    assert "output (10, 32, 32) parameters 760" in text
    assert f"{32 * 32 * 10 * 75:,} multiplications" in text


def test_the_receptive_field_is_measured(lecture):
    text = output_of(lecture, "stack = [Conv(8, 3, stride=stride)] * 3")
    assert "stride 1: sees (7, 7)" in text
    assert "stride 2: sees (15, 15)" in text
    assert numbers(output_of(lecture, "gradient[0, 0, 1, 1] = 1")) == [15]


def test_one_by_one_is_a_matrix_at_every_pixel(lecture):
    text = output_of(lecture, "by_matrix = ")
    assert "(2, 16, 5, 7) gap 0.000000, parameters 1,040" in text
    direct = 25 * 64 * 64 * 32 * 32
    through = (64 * 16 + 25 * 16 * 64) * 32 * 32
    text = output_of(lecture, "through = [Conv(16, 1)")
    assert f"{direct:,} against {through:,}: {direct / through:.1f} times" in text


def test_pooling_of_the_course_map(lecture):
    text = output_of(lecture, "import avg_pool2d, max_pool2d")
    assert numbers(text)[:8] == [6, 8, 3, 4, 3.25, 5.25, 2, 2]
    dx = numbers(output_of(lecture, "dx = backward("))
    assert np.flatnonzero(dx).tolist() == [5, 7, 8, 15]
    outs = [line.split(": ")[1] for line in lines_of(output_of(lecture, "row[np.arange(8)"))]
    assert outs[0] == outs[1] != outs[2] == outs[3]


def test_what_follows_the_convolutions_decides(lecture):
    text = output_of(lecture, 'results["conv, places kept"]')
    full, kept, pooled = (numbers(row.split(": ")[1]) for row in text.split("net ")[1:])
    assert "keep 35,594, pool 15,434" in output_of(lecture, "keep = Sequential(")
    assert kept[1] > full[1]
    assert kept[2] < kept[1] - 0.2
    assert pooled[2] > kept[2] + 0.15
    assert pooled[2] > pooled[1] - 0.15


def test_widgets_stand_beside_their_static_figures(lecture):
    bundles = [
        output.data
        for cell in lecture.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert len(bundles) == 4
    assert all("Run this notebook to" in data["text/html"] for data in bundles)
    lab, arithmetic, stack, pooling = (data["text/plain"] for data in bundles)
    assert "a kernel (-1 0 1; -2 0 2; -1 0 1)" in lab
    assert "Does not fit: 2 × 2 positions" in arithmetic
    assert "Receptive field 1 + 2 + 2 = 5." in stack
    assert "The winners stand at" in pooling


def test_the_way_back_is_the_one_worked_by_hand_and_the_librarys(lecture):
    ours, library = lines_of(output_of(lecture, "def way_back(d, x, w)"))
    assert numbers(ours) == [-1, 0, -1, 0, 2, 0, 0, 2, 2, 3, 3]
    assert numbers(library) == numbers(ours)
