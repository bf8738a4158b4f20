"""The training loop: history, validation, early stopping, checkpoints, callbacks, bad input."""

import json
import math
import signal
import subprocess
import sys
from typing import Any

import numpy as np
import pytest
import torch

from strides import activations, layers, losses, optim, schedules
from strides.data import DamagedData, cache
from strides.data import progress as progress_line
from strides.nets import BatchNorm, Dropout, Linear, Sequential
from strides.training import History, Trainer, accuracy

torch.set_num_threads(1)

N, D, C = 50, 6, 3


def problem(seed: int = 0, dtype: Any = np.float32) -> tuple[np.ndarray, np.ndarray]:
    """Three clouds of points that hardly overlap; the clouds are the same for every seed."""
    centres = 3 * np.random.default_rng(100).standard_normal((C, D))
    rng = np.random.default_rng(seed)
    y = rng.integers(0, C, N)
    return (centres[y] + rng.standard_normal((N, D))).astype(dtype), y


def small_net(seed: int = 0, dtype: Any = np.float32) -> Sequential:
    """A net with all that a state must hold: weights, statistics, and a generator that draws."""
    rng = np.random.default_rng(seed)
    return Sequential(
        *(Linear(D, 8, rng, dtype=dtype), BatchNorm(8, dtype=dtype), activations.relu),
        *(Dropout(0.2, rng), Linear(8, C, rng, dtype=dtype)),
    )


def noise(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    return x + 0.1 * rng.standard_normal(x.shape, dtype=np.float32)


def trainer(**changes: Any) -> Trainer:
    settings: dict[str, Any] = {
        "batch_size": 16,
        "schedule": schedules.cosine(0.05, 40),
        "augment": noise,
        "reg": 1e-3,
        "clip": 1.0,
        "seed": 5,
        **changes,
    }
    return Trainer(settings.pop("net", small_net()), optim.Adam(), **settings)


def assert_same_state(a: Trainer, b: Trainer) -> None:
    for ours, theirs in ((a.net, b.net), (a.optimizer, b.optimizer)):
        first, second = ours.state(), theirs.state()
        assert first.keys() == second.keys()
        for name, array in first.items():
            np.testing.assert_array_equal(array, second[name], err_msg=name)
    assert a.history.losses == b.history.losses
    assert a.history.learning_rates == b.history.learning_rates
    assert a.history.column("val_score") == b.history.column("val_score")


# The loop.


def test_training_learns_and_writes_down_what_it_did():
    run = trainer()
    before, _ = run.evaluate(*problem(1))
    history = run.fit(*problem(), epochs=8, val=problem(1))
    assert len(history.losses) == len(history.learning_rates) == 8 * 4
    assert [epoch.number for epoch in history.epochs] == list(range(1, 9))
    first, last = history.epochs[0], history.epochs[-1]
    assert first.train_loss == pytest.approx(np.mean(history.losses[:4]))
    assert last.train_loss < first.train_loss
    assert (last.val_loss, last.val_score) == run.evaluate(*problem(1))
    assert last.val_loss < before
    assert last.val_score > 0.8
    assert history.learning_rates == [schedules.cosine(0.05, 40)(t) for t in range(32)]
    assert last.learning_rate == history.learning_rates[-1]
    assert history.stopped == "done"
    assert "  0." in str(history).splitlines()[1]


def test_a_step_equals_torch_with_penalty_and_clipping():
    x, y = problem(dtype=np.float64)
    net = Sequential(Linear(D, 4, np.random.default_rng(0), dtype=np.float64), activations.relu)
    net.children.append(Linear(4, C, np.random.default_rng(1), dtype=np.float64))
    w1, b1, w2, b2 = tensors = [torch.tensor(w, requires_grad=True) for w in net.params()]
    run = Trainer(net, optim.SGD(0.5), batch_size=N, reg=0.05, clip=0.3)
    for _ in range(3):
        tx, ty = torch.tensor(x), torch.tensor(y)
        scores = torch.relu(tx @ w1 + b1) @ w2 + b2
        penalty = 0.05 * ((w1**2).sum() + (w2**2).sum())
        loss = torch.nn.functional.cross_entropy(scores, ty) + penalty
        grads = torch.autograd.grad(loss, tensors)
        norm = math.sqrt(sum(float((g**2).sum()) for g in grads))
        assert norm > 0.3
        assert run.step(x, y) == pytest.approx(loss.item(), rel=1e-10)
        with torch.no_grad():
            for tensor, grad in zip(tensors, grads, strict=True):
                tensor -= 0.5 * grad * 0.3 / norm
    for w, tensor in zip(net.params(), tensors, strict=True):
        np.testing.assert_allclose(w, tensor.detach(), rtol=1e-9, atol=1e-12)


def test_the_same_seed_gives_the_same_run_and_another_does_not():
    runs = [trainer(net=small_net()), trainer(net=small_net()), trainer(net=small_net(), seed=6)]
    for run in runs:
        run.fit(*problem(), epochs=2)
    assert_same_state(runs[0], runs[1])
    assert runs[0].history.losses != runs[2].history.losses


def test_training_leaves_the_data_alone():
    x, y = problem()
    x.flags.writeable = y.flags.writeable = False
    trainer().fit(x, y, epochs=1, val=(x, y))


def test_float32_stays_float32():
    run = trainer()
    run.fit(*problem(), epochs=1)
    assert {w.dtype for w in run.net.params()} == {np.dtype(np.float32)}


def test_every_epoch_sees_every_row_once_in_another_order():
    seen: list[int] = []

    def look(x: np.ndarray, rng: np.random.Generator) -> np.ndarray:
        seen.extend(x[:, 0].astype(int).tolist())
        return x

    x = np.repeat(np.arange(N, dtype=np.float32)[:, None], D, axis=1)
    trainer(augment=look).fit(x, problem()[1], epochs=2)
    first, second = seen[:N], seen[N:]
    assert sorted(first) == sorted(second) == list(range(N))
    assert first != second


def test_fit_again_goes_on_to_more_epochs():
    once, twice = trainer(net=small_net()), trainer(net=small_net())
    once.fit(*problem(), epochs=4, val=problem(1))
    twice.fit(*problem(), epochs=2, val=problem(1))
    twice.fit(*problem(), epochs=4, val=problem(1))
    assert_same_state(once, twice)
    losses_before = list(twice.history.losses)
    twice.fit(*problem(), epochs=4, val=problem(1))
    assert twice.history.losses == losses_before


def test_other_losses_and_metrics():
    x, y = problem()
    targets = np.eye(C, dtype=np.float32)[y]
    net = Sequential(Linear(D, C, np.random.default_rng(0)))
    run = Trainer(net, optim.Adam(0.05), losses.bce_with_logits_loss, metric=None)
    history = run.fit(x, targets, epochs=3, val=(x, targets))
    assert history.column("val_score") == [None] * 3
    assert history.epochs[-1].val_loss < history.epochs[0].val_loss
    assert run.best_epoch == 3


def test_accuracy_by_hand():
    scores = np.array([[1.0, 2.0], [3.0, 0.0], [0.0, 1.0]])
    assert accuracy(scores, np.array([1, 0, 0])) == pytest.approx(2 / 3)


# Stopping.


def scripted(values: list[float]) -> Any:
    """A metric that says what it was told, one value an epoch."""
    left = iter(values)
    return lambda scores, y: next(left)


def test_early_stopping_puts_the_best_weights_back():
    states = []
    run = trainer(
        metric=scripted([0.5, 0.7, 0.6, 0.7, 0.9]),
        patience=2,
        after_epoch=[lambda t: states.append(t.net.state())],
    )
    history = run.fit(*problem(), epochs=10, val=problem(1))
    assert history.column("val_score") == [0.5, 0.7, 0.6, 0.7]
    assert history.stopped == "early"
    assert (run.best_epoch, run.best_score) == (2, 0.7)
    for name, array in run.net.state().items():
        np.testing.assert_array_equal(array, states[1][name])
    run.fit(*problem(), epochs=10, val=problem(1))
    assert len(history.epochs) == 4


def test_without_patience_the_last_weights_stay():
    run = trainer(metric=scripted([0.9, 0.1]))
    run.fit(*problem(), epochs=2, val=problem(1))
    assert run.best_epoch == 1
    assert not np.array_equal(run.net.state()["0.w"], run.best["0.w"])


def test_a_callback_may_stop_and_change_the_learning_rate():
    def slow_down_then_stop(t: Trainer) -> None:
        t.optimizer.learning_rate = 0.001
        if len(t.history.losses) == 6:
            t.stop("seen enough")

    run = trainer(schedule=None, after_step=[slow_down_then_stop])
    history = run.fit(*problem(), epochs=5)
    assert len(history.losses) == 6
    assert len(history.epochs) == 1
    assert history.learning_rates[:2] == [0.001, 0.001]
    assert history.stopped == "seen enough"


def test_callbacks_see_every_step_and_every_epoch():
    steps, epochs = [], []
    run = trainer(
        after_step=[lambda t: steps.append(t.history.losses[-1])],
        after_epoch=[lambda t: epochs.append(t.history.epochs[-1].number)],
    )
    run.fit(*problem(), epochs=3)
    assert steps == run.history.losses
    assert epochs == [1, 2, 3]


def test_an_interrupt_ends_the_run_with_what_it_has(capsys):
    def press_stop(t: Trainer) -> None:
        if len(t.history.losses) == 6 and not t.history.stopped:
            raise KeyboardInterrupt

    run = trainer(after_step=[press_stop])
    history = run.fit(*problem(), epochs=5)
    assert history.stopped == "interrupted"
    assert len(history.epochs) == 1
    assert "interrupted after 1 of 5 epochs" in capsys.readouterr().err
    run.after_step = []
    assert run.fit(*problem(), epochs=2).stopped == "done"


# Checkpoints.


def test_resume_is_bit_for_bit(tmp_path):
    path = tmp_path / "runs" / "net.npz"
    whole = trainer(net=small_net(), patience=9)
    whole.fit(*problem(), epochs=6, val=problem(1))
    first = trainer(net=small_net(), patience=9)
    first.fit(*problem(), epochs=3, val=problem(1), checkpoint=path)
    second = trainer(net=small_net(seed=9), patience=9)
    second.load(path)
    assert_same_state(first, second)
    second.fit(*problem(), epochs=6, val=problem(1), checkpoint=path)
    assert_same_state(whole, second)
    assert (second.best_epoch, second.best_score) == (whole.best_epoch, whole.best_score)
    for name, array in whole.best.items():
        np.testing.assert_array_equal(array, second.best[name])
    assert [file.name for file in path.parent.iterdir()] == ["net.npz"]


def test_a_run_that_stopped_early_is_not_taken_further_after_load(tmp_path):
    path = tmp_path / "net.npz"
    run = trainer(metric=scripted([0.9, 0.1, 0.1]), patience=2)
    run.fit(*problem(), epochs=9, val=problem(1), checkpoint=path)
    again = trainer(net=small_net(3), metric=scripted([]), patience=2)
    again.load(path)
    assert again.fit(*problem(), epochs=9, val=problem(1)).stopped == "early"
    np.testing.assert_array_equal(again.net.state()["0.w"], run.net.state()["0.w"])


KILLED = """
import os, signal, sys
from test_training import problem, trainer

def kill(t):
    if len(t.history.losses) == 4 * 2 + 3:
        os.kill(os.getpid(), signal.SIGKILL)

trainer(after_step=[kill]).fit(*problem(), epochs=5, val=problem(1), checkpoint=sys.argv[1])
"""


def test_a_run_that_is_killed_loses_the_epoch_in_hand_and_no_more(tmp_path):
    path = tmp_path / "net.npz"
    here = str(__import__("pathlib").Path(__file__).parent)
    code = f"import sys; sys.path.insert(0, {here!r})\n{KILLED}"
    ended = subprocess.run([sys.executable, "-c", code, str(path)], check=False, timeout=120)
    assert ended.returncode == -signal.SIGKILL
    again, whole = trainer(net=small_net(7)), trainer(net=small_net())
    again.load(path)
    assert len(again.history.epochs) == 2
    again.fit(*problem(), epochs=5, val=problem(1))
    whole.fit(*problem(), epochs=5, val=problem(1))
    assert_same_state(whole, again)


def test_a_checkpoint_that_cannot_be_written_leaves_the_old_one(tmp_path, monkeypatch):
    path = tmp_path / "net.npz"
    run = trainer()
    run.fit(*problem(), epochs=1, checkpoint=path)
    before = path.read_bytes()

    def full(*args: Any, **arrays: Any) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr(cache.np, "savez", full)
    with pytest.raises(OSError, match="No space left"):
        run.fit(*problem(), epochs=2, checkpoint=path)
    assert path.read_bytes() == before
    assert [file.name for file in tmp_path.iterdir()] == ["net.npz"]


def test_a_damaged_checkpoint_is_refused(tmp_path):
    path = tmp_path / "net.npz"
    trainer().save(path)
    path.write_bytes(path.read_bytes()[:-200])
    with pytest.raises(DamagedData):
        trainer().load(path)
    with pytest.raises(FileNotFoundError):
        trainer().load(tmp_path / "none.npz")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"seed": 6}, r"seed: expected 5, as in .*net.npz; received 6"),
        ({"batch_size": 8}, "batch_size: expected 16, .* received 8"),
        ({"net": Sequential(Linear(D, C, np.random.default_rng(0)))}, "state: expected the 2 arr"),
    ],
)
def test_a_checkpoint_of_another_run_is_refused(tmp_path, changes, message):
    trainer().save(tmp_path / "net.npz")
    with pytest.raises(ValueError, match=message):
        trainer(**changes).load(tmp_path / "net.npz")


def test_a_checkpoint_of_another_optimizer_is_refused(tmp_path):
    trainer().save(tmp_path / "net.npz")
    other = Trainer(small_net(), optim.AdamW(), batch_size=16, seed=5)
    with pytest.raises(ValueError, match=r"optimizer: expected Adam, .* received AdamW"):
        other.load(tmp_path / "net.npz")


def test_history_goes_through_json():
    run = trainer()
    run.fit(*problem(), epochs=2, val=problem(1))
    text = json.dumps(run.history.as_dict())
    assert History.from_dict(json.loads(text)) == run.history


# The progress line.


def test_the_progress_line_is_on_stderr(monkeypatch, capsys):
    monkeypatch.setattr(progress_line, "QUIET_SECONDS", 0.0)
    monkeypatch.setattr(progress_line, "SECONDS_BETWEEN_LINES", 0.0)
    trainer().fit(*problem(), epochs=2)
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "epoch   2 of 2, loss" in shown.err
    assert "8 of 8" in shown.err
    trainer(progress=False).fit(*problem(), epochs=2)
    assert capsys.readouterr().err == ""


# Bad input.


@pytest.mark.parametrize(
    ("x", "y", "options", "error", "message"),
    [
        (np.ones((3, D), np.uint8), np.zeros(3, int), {}, TypeError, "x: .* received dtype uint8"),
        (np.ones((3, D)), np.zeros(2, int), {}, ValueError, "received 3 rows and 2 labels"),
        (np.ones((0, D)), np.zeros(0, int), {}, ValueError, "received 0 rows"),
        (np.ones((3, D)), np.full(3, 9), {}, ValueError, "y: expected labels from 0 to 2"),
        (np.full((3, D), np.nan), np.zeros(3, int), {}, ValueError, "x: expected finite numbers"),
        (np.ones((3, D)), np.zeros(3, int), {"patience": 2}, ValueError, "val: expected"),
        (np.ones((3, D)), np.zeros(3, int), {"batch_size": 0}, ValueError, "batch_size: expected"),
        (np.ones((3, D + 1)), np.zeros(3, int), {}, ValueError, "w: expected shape"),
    ],
)
def test_data_and_settings_that_do_not_fit(x, y, options, error, message):
    with pytest.raises(error, match=message):
        trainer(augment=None, **options).fit(x, y, epochs=1)


def test_validation_data_that_does_not_fit():
    with pytest.raises(ValueError, match=r"val: .* received 50 rows and 3 labels"):
        trainer().fit(*problem(), epochs=1, val=(problem()[0], np.zeros(3, int)))


def test_a_loss_that_explodes_says_when_and_what_to_try():
    def explode(scores, y):
        loss, backward = losses.softmax_loss(scores, y)
        return (loss if len(run.history.losses) < 5 else np.inf), backward

    run = Trainer(small_net(), optim.SGD(0.1), explode, batch_size=16)
    with pytest.raises(ValueError, match="loss: expected a finite number; received inf") as caught:
        run.fit(*problem(), epochs=3)
    assert caught.value.__notes__ == ["at step 2 of epoch 2"]
    assert len(run.history.losses) == 5


@pytest.mark.parametrize("rate", [1e2, 1e6, 1e20, 1e38])
def test_a_learning_rate_far_too_high_says_what_to_try(rate):
    parts = [Linear(D, 8, np.random.default_rng(0)), activations.relu]
    net = Sequential(*parts, Linear(8, C, np.random.default_rng(1)))
    with pytest.raises(ValueError, match=r"expected (a )?finite number.*lower learning") as caught:
        Trainer(net, optim.SGD(rate), batch_size=16).fit(*problem(), epochs=40)
    assert caught.value.__notes__[-1].startswith("at step ")


def test_flatten_can_stand_first():
    x, y = problem()
    net = Sequential(layers.flatten, Linear(D, C, np.random.default_rng(0)))
    history = Trainer(net, optim.SGD(0.1)).fit(x.reshape(N, 2, 3), y, epochs=2)
    assert history.losses[1] < history.losses[0]
