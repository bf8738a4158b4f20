"""Lecture 03 runs from top to bottom, and the facts of the course map come out of its code."""

import re
from pathlib import Path

import numpy as np
import pytest
from scipy import special

from notebooks.executing import execute, numbers, output_of
from notebooks.lecture_style import output_breaches
from strides.losses import logistic_loss, zero_one_loss

SOURCE = Path(__file__).parents[2] / "sources" / "lectures" / "03_softmax_and_likelihood.py"


@pytest.fixture(scope="module")
def lecture(tmp_path_factory):
    return execute(SOURCE, tmp_path_factory.mktemp("lecture"))


def line_of(text, start):
    """The numbers behind the start of a line."""
    line = next(line for line in text.splitlines() if line.startswith(start))
    return numbers(line.removeprefix(start))


def cell_with(lecture, snippet):
    """The source of the one cell that contains a snippet."""
    cells = [cell.source for cell in lecture.cells if snippet in cell.source]
    assert len(cells) == 1, f"{len(cells)} cells contain {snippet!r}"
    return cells[0]


def test_outputs_are_clean_and_figures_have_words(lecture):
    assert output_breaches(lecture) == []


def test_every_code_cell_ran(lecture):
    assert all(cell.execution_count for cell in lecture.cells if cell.cell_type == "code")


def test_softmax_of_the_course_map(lecture):
    text = output_of(lecture, "exps = np.exp(scores)  # (3,), all positive")
    exps, probs = line_of(text, "exps"), line_of(text, "probs")[:3]
    np.testing.assert_allclose(exps, np.exp([1, -2, 0]), atol=5e-5)
    np.testing.assert_allclose(probs, special.softmax([1, -2, 0]), atol=5e-5)
    assert np.floor(exps[0] * 100) / 100 == 2.71  # as printed in the source, cut off
    assert [round(e, 2) for e in exps] == [2.72, 0.14, 1.0]
    assert (round(probs[0], 1), round(probs[1], 2), round(probs[2], 2)) == (0.7, 0.04, 0.26)


def test_it_says_which_lectures_are_missing_until_they_are_there(lecture):
    missing = [n for n in ("01", "02") if not any(SOURCE.parent.glob(f"{n}_*.py"))]
    opening = "\n".join(cell.source for cell in lecture.cells[:5])
    assert ("still to come" in opening) == bool(missing), f"lectures without a source: {missing}"


def test_every_your_turn_has_an_answer(lecture):
    turns = [cell.source for cell in lecture.cells if "**Your turn.**" in cell.source]
    assert len(turns) == 5
    for turn in turns:
        assert "<details>" in turn.split("**Your turn.**")[1], turn


def test_the_smallest_float(lecture):
    said = re.search(
        r"about \$(\d) \\cdot 10\^\{(-\d+)\}\$", cell_with(lecture, "*underflows* to 0")
    )
    assert float(f"{said[1]}e{said[2]}") == np.nextafter(0, 1) > 0


def test_the_flipped_label(lecture):
    before, after = numbers(cell_with(lecture, "Flip the third label").split("goes")[1])[:2]
    p_true = line_of(output_of(lecture, "p_true = sigmoid(y * scores)"), "p_true")
    assert before == pytest.approx(p_true[2], abs=5e-4)
    assert after == pytest.approx(special.expit(2.45), abs=5e-4)


def test_the_bowl_gets_deeper_and_stays_where_it_is(lecture):
    x, biases = np.array([-2.0, -1.0, -0.4, 0.5, 1.5, 3.0]), np.linspace(-5, 5, 2001)
    lowest = []
    for y in ([-1, -1, 1, -1, 1, 1], [-1, -1, -1, 1, 1, 1], [-1, -1, -1, -1, 1, 1]):
        losses = [logistic_loss(2 * x + b, y)[0] for b in biases]
        b = biases[np.argmin(losses)]
        lowest.append((b, min(losses), zero_one_loss(2 * x + b, y)))
        assert special.expit(2 * x + b).sum() == pytest.approx(y.count(1), abs=0.01)
    (b, depth, wrong), (b_swapped, depth_swapped, wrong_swapped), (b_fewer, _, _) = lowest
    text = cell_with(lecture, "Swap the third and the fourth label")
    assert (wrong, wrong_swapped) == (pytest.approx(2 / 6), 0)
    assert b == pytest.approx(b_swapped, abs=0.011)
    assert f"from {depth:.2f} to {depth_swapped:.2f}" in text
    assert f"stays at $b = {b:.1f}$" in text
    assert f"goes to ${b_fewer:.1f}$" in text


def test_the_slide_is_wrong_for_a_negative_label(lecture):
    text = output_of(lecture, "ours = -(1 - sigmoid(y_n * s)) * y_n * x_n")
    h = 1e-6  # d/dw of ln(1 + exp(-y w x)) at w = 0.5, x = 3, y = -1
    measured = (np.log1p(np.exp(3 * (0.5 + h))) - np.log1p(np.exp(3 * (0.5 - h)))) / (2 * h)
    ours, slide = numbers(text)
    assert ours == pytest.approx(measured, abs=5e-4)
    assert slide == pytest.approx(3 * special.expit(-1.5), abs=5e-4)
    assert abs(slide - measured) > 1


def test_the_gradient_is_measured(lecture):
    text = output_of(lecture, "measured = numerical_gradient(lambda w: logistic_loss")
    rows = {row: numbers(text.split(f"gradient {row}:")[1].split(". ")[0].replace("w1", "")
            .replace("w2", "")) for row in ("measured", "ours", "slide")}  # fmt: skip
    assert len(rows["measured"]) == 3
    np.testing.assert_allclose(rows["ours"], rows["measured"], atol=2e-6)
    assert np.abs(np.subtract(rows["slide"], rows["measured"])).max() > 0.01


def test_descent_with_the_slide_loses_the_loss_and_keeps_the_accuracy(lecture):
    text = output_of(lecture, "def descend(")
    (loss, mistakes), (slide_loss, slide_mistakes) = line_of(text, "ours"), line_of(text, "slide")
    assert loss < 0.35
    assert slide_loss > 2
    assert slide_mistakes == pytest.approx(mistakes, abs=0.03)


def test_hinge_and_softmax_of_the_one_datapoint(lecture):
    text = output_of(lecture, "hinge_loss([cone], [2])")
    assert line_of(text, "hinge") == [1.58]
    assert line_of(text, "softmax") == [1.04]
    assert -np.log(special.softmax([-2.85, 0.86, 0.28])[2]) == pytest.approx(1.04, abs=5e-3)


def test_the_gradient_of_the_hinge_loss(lecture):
    text = output_of(lecture, "loss_of([cone], [2])[1]()")
    assert line_of(text, "hinge") == line_of(text, "measured") == [0, 1, -1]
    assert line_of(text, "two pay") == [-2, 1, 1]
    softmax_row = special.softmax([-2.85, 0.86, 0.28]) - [0, 0, 1]
    np.testing.assert_allclose(line_of(text, "softmax"), softmax_row, atol=5e-5)
    prose = cell_with(lecture, "**The gradient of the hinge loss.**")
    assert "is (0, 1, -1)" in prose
    assert "(-2, 1, 1)" in prose


def test_pairs_of_indices_pick_one_entry_in_each_row(lecture):
    text = output_of(lecture, "rows, y = np.arange(3)")
    assert line_of(text, "pairs")[:3] == [2, 10, 23]
    assert text.splitlines()[0].endswith("(3, 3)")
    assert numbers(text.split("\n", 1)[1]) == [0, 1, 1, 3, 9, 11, 12, 13, 20, 21, 22, 22]


def test_one_loss_with_three_names(lecture):
    text = output_of(lecture, "KL divergence")
    names = ("NLL", "cross-entropy", "KL divergence", "softmax_loss")
    values = [line_of(text, name)[0] for name in names]
    np.testing.assert_allclose(values, -special.log_softmax([1, -2, 0])[2], atol=5e-7)


def test_cross_entropy_less_kl_is_the_entropy_of_the_target(lecture):
    text = output_of(lecture, "cross_entropy - kl")
    target = np.array([0, 1 / 3, 2 / 3])
    last = [numbers(line)[-1] for line in text.strip().splitlines()]
    np.testing.assert_allclose(last, special.entr(target).sum(), atol=5e-5)


def test_naive_softmax_overflows_and_the_mended_one_does_not(lecture):
    assert "[nan nan nan]" in output_of(lecture, "def naive_softmax")
    mended = numbers(output_of(lecture, "def stable_softmax"))
    np.testing.assert_allclose(mended[:3], special.softmax([0, -2, -1]), atol=5e-5)
    assert "inf" in output_of(lecture, "hopeless = ")
    assert numbers(output_of(lecture, "def stable_log_softmax")) == [1000.0]


def test_the_patch_saturates(lecture):
    text = output_of(lecture, "patched = ")
    assert [line_of(line, "gap")[1] for line in text.strip().splitlines()] == [10, 18.421, 18.421]


def test_the_shape_error_is_shown_and_mended(lecture):
    assert "ValueError: operands could not be broadcast" in output_of(lecture, "except ValueError")
    assert numbers(output_of(lecture, "keepdims=True)  # (5, 3)"))[2:] == [1] * 5


def test_penalty_and_prior_differ_by_a_constant(lecture):
    reg, low, high = line_of(output_of(lecture, "norm.logpdf"), "reg")
    assert reg == pytest.approx(1 / 12, abs=5e-5)
    assert low == high == pytest.approx(np.log(np.sqrt(2 * np.pi)) / 6, abs=1e-6)


def test_the_places_that_two_other_beliefs_lead_to(lecture):
    x, y = np.array([-2.0, -1.5, -1.0, 1.0, 1.5, 2.0]), np.array([-1, -1, -1, 1, 1, 1])
    weights = np.linspace(-1, 8, 901)
    loss = np.array([logistic_loss(w * x, y)[0] for w in weights])
    best = {tau: weights[(loss + weights**2 / (12 * tau**2)).argmin()] for tau in (0.3, 1, 10)}
    text = cell_with(lecture, "**Your turn.** Set `tau = 0.3`")
    assert f"pulls it to {best[0.3]:.1f}, and a weak one lets it go to {best[10]:.1f}" in text
    assert f"at {best[1]:.1f}" in text


def test_the_penalty_of_a_whole_matrix(lecture):
    text = output_of(lecture, "dW = X.T @ backward() + 2 * reg * W")
    assert line_of(text, "largest difference")[0] < 1e-8
    rng = np.random.default_rng(4)
    _, W = rng.normal(size=(5, 4)), rng.normal(size=(4, 3))
    data, total = numbers(text.splitlines()[0])
    assert total - data == pytest.approx(0.1 * np.sum(W * W), abs=1e-3)
    forgotten = line_of(text, "without the second path")[0]
    assert forgotten == pytest.approx(np.abs(2 * 0.1 * W).max(), abs=5e-3)


def test_multi_label_loss(lecture):
    text = output_of(lecture, "bce_with_logits_loss(both[[row]], targets[[row]])")
    scores, targets = np.array([3.0, -2.0, 2.0]), np.array([[1, 0, 1], [0, 1, 0]])
    entries = -np.log(special.expit(np.where(targets == 1, scores, -scores)))
    found = [numbers(line)[-1] for line in text.strip().splitlines()]
    np.testing.assert_allclose(found[1:], entries.mean(axis=1), atol=5e-4)


def test_training_and_temperature(lecture):
    first, last, accuracy = numbers(output_of(lecture, "first loss {history[0]"))
    assert first == pytest.approx(np.log(10), abs=5e-4)
    assert last < 0.3
    assert accuracy > 0.9
    lines = output_of(lecture, "val_scores = ").strip().splitlines()
    (_, loss, before), (temperature, cooler, after) = map(numbers, lines)
    assert temperature < 1
    assert cooler < loss
    assert before == after


@pytest.fixture(scope="module")
def section_12(lecture):
    """The names that the training cells of the lecture leave behind."""
    from strides import draw
    from strides.losses import softmax, softmax_loss

    names = {"np": np, "draw": draw, "softmax": softmax, "softmax_loss": softmax_loss}
    for snippet in ("def flat(", "def fit("):
        exec(cell_with(lecture, snippet), names)
    return names


@pytest.mark.parametrize(
    ("claimed", "steps", "rate"),
    [(200, 200, 1.0), (5_000, 5_000, 1.0), (20_000, 5_000, 4.0), (40_000, 10_000, 4.0)],
)
def test_longer_training_needs_a_higher_temperature(lecture, section_12, claimed, steps, rate):
    """The table under "What you should see"; at four times the rate a quarter of the steps do."""
    text = cell_with(lecture, "can it pass 1?")
    row = next(line for line in text.splitlines() if line.startswith(f"| {claimed:,} |"))
    temperature, share = numbers(row.replace(",", ""))[1:]
    names = dict(section_12)
    names["W"], names["b"], _ = names["fit"](steps, rate)
    for snippet in ("test_scores = X_test", "val_scores = X_val"):
        exec(cell_with(lecture, snippet), names)
    right = (names["X"] @ names["W"] + names["b"]).argmax(axis=1) == names["y"]
    assert names["T"] == pytest.approx(temperature, abs=0.021)  # a step of the lecture's grid
    assert 100 * right.mean() == pytest.approx(share, abs=0.06)
    assert (share == 100) == right.all()


def test_widgets_stand_beside_their_static_figures(lecture):
    bundles = [
        output.data
        for cell in lecture.cells
        if cell.cell_type == "code"
        for output in cell.outputs
        if "application/vnd.jupyter.widget-view+json" in output.get("data", {})
    ]
    assert len(bundles) == 2
    assert all("Run this notebook to move the sliders" in data["text/html"] for data in bundles)
    assert "logistic 1.31" in bundles[0]["text/plain"]
    assert "cone 0.35" in bundles[1]["text/plain"]
