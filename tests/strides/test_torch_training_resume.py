"""A run that is killed, interrupted or damaged: nothing is lost but what the design says is lost.

Every comparison is bit for bit, over everything that the last checkpoint holds. Run as a script,
this file trains in a process of its own and kills that process where it is told to.
"""

import os
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import nn

from strides.torch_training import (
    Augment,
    CheckpointMismatch,
    DamagedCheckpoint,
    Recipe,
    Trainer,
    load_checkpoint,
    newest_checkpoint,
)

torch.set_num_threads(1)

# everything that has a state: momenta, schedule, moving average, dropout, running statistics
RECIPE = Recipe(
    epochs=3,
    batch_size=16,
    learning_rate=0.05,
    optimizer="nesterov",
    schedule="cosine",
    warm_up=0.3,
    label_smoothing=0.1,
    clip=1.0,
    average=0.9,
    augment=Augment(flip=True, crop=1, colour=0.2, cutout=2, mixup=0.3),
    precision="float32",
    seed=7,
)
BATCHES = 5


def images_and_labels(count=70):
    generator = np.random.default_rng(0)
    images = generator.integers(0, 256, (count, 3, 6, 6)).astype(np.uint8)
    return images, generator.integers(0, 3, count)


def small_net(classes=3):
    torch.manual_seed(11)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Dropout(0.3),
        nn.Flatten(),
        nn.Linear(4 * 36, classes),
    )


def trainer(folder, recipe=RECIPE, net=None, **options):
    net = small_net() if net is None else net
    return Trainer(net, recipe, device="cpu", folder=folder, progress=False, **options)


def fit(folder, **options):
    images, labels = images_and_labels()
    trainer(folder, **options).fit((images, labels), (images[:20], labels[:20]))


def final(folder):
    """All that the newest checkpoint holds, without how long it took."""
    state = load_checkpoint(newest_checkpoint(folder))
    for epoch in state["history"]["epochs"]:
        del epoch["seconds"], epoch["images_per_second"]
    return state


def differences(a, b, where=""):
    """Where two states differ in type or in a single bit."""
    if type(a) is not type(b):
        return [f"{where}: {type(a)} and {type(b)}"]
    if isinstance(a, torch.Tensor):
        same = a.dtype == b.dtype and a.shape == b.shape and torch.equal(a, b)
        return [] if same else [where]
    if isinstance(a, dict):
        if a.keys() != b.keys():
            return [f"{where}: {sorted(a.keys() ^ b.keys())}"]
        return [line for key in a for line in differences(a[key], b[key], f"{where}/{key}")]
    if isinstance(a, list | tuple):
        if len(a) != len(b):
            return [f"{where}: {len(a)} and {len(b)} entries"]
        pairs = enumerate(zip(a, b, strict=True))
        return [line for i, (x, y) in pairs for line in differences(x, y, f"{where}/{i}")]
    return [] if a == b else [f"{where}: {a} and {b}"]


@pytest.fixture(scope="module")
def uninterrupted(tmp_path_factory):
    """The folder and the final state of a run that nothing happened to, every batch kept."""
    folder = tmp_path_factory.mktemp("whole")
    fit(folder, save_every=1, keep=100)
    return folder, final(folder)


def test_the_comparison_sees_a_single_bit():
    weights = torch.zeros(3)
    other = torch.tensor([0.0, 0.0, torch.finfo(torch.float32).smallest_normal])
    assert differences({"a": [weights, 1.0]}, {"a": [weights.clone(), 1.0]}) == []
    assert differences({"a": [weights]}, {"a": [other]}) == ["/a/0"]
    assert differences({"a": (1,)}, {"a": (1, 2)}) == ["/a: 1 and 2 entries"]
    assert differences({"a": 1}, {"b": 1}) == [": ['a', 'b']"]
    assert differences(1.0, 1) != []


def test_a_run_is_the_same_twice_and_another_seed_is_another_run(tmp_path, uninterrupted):
    fit(tmp_path / "again")
    assert differences(final(tmp_path / "again"), uninterrupted[1]) == []
    fit(tmp_path / "other", recipe=replace(RECIPE, seed=8))
    assert any("/net/" in line for line in differences(final(tmp_path / "other"), uninterrupted[1]))


# ---- killed ----


def kill_this_process(*_):
    os.kill(os.getpid(), signal.SIGKILL)


def train_and_be_killed(folder, moment):
    """Train in this process until the moment comes."""

    def at_batch_eight(report):
        if report.step == 8:
            kill_this_process()

    def in_the_second_writing(source, target):
        if Path(target).name == "step-00000010.pt":
            kill_this_process()
        real_replace(source, target)

    real_replace = os.replace
    if moment == "while writing":
        os.replace = in_the_second_writing
        fit(folder)
    else:
        fit(folder, callbacks=[at_batch_eight], report_every=1)


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="needs SIGKILL")
@pytest.mark.parametrize("moment", ["in mid epoch", "while writing"])
def test_a_killed_run_loses_the_epoch_in_hand_and_no_more(tmp_path, uninterrupted, moment):
    environment = {**os.environ, "OMP_NUM_THREADS": "1"}
    command = [sys.executable, __file__, str(tmp_path), moment]
    killed = subprocess.run(command, capture_output=True, text=True, env=environment, check=False)
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    assert [path.name for path in tmp_path.glob("step-*")] == ["step-00000005.pt"]
    assert len(list(tmp_path.iterdir())) == (2 if moment == "while writing" else 1)
    assert load_checkpoint(newest_checkpoint(tmp_path))["epoch"] == 1
    fit(tmp_path)
    assert differences(final(tmp_path), uninterrupted[1]) == []
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == ["step-00000010.pt", "step-00000015.pt"]


@pytest.mark.parametrize("step", [1, 4, 5, 7, 14, 15])
def test_going_on_from_any_batch_gives_the_same_run(tmp_path, uninterrupted, step):
    folder, expected = uninterrupted
    images, labels = images_and_labels()
    again = trainer(tmp_path)
    before = again.fit(
        (images, labels), (images[:20], labels[:20]), resume=folder / f"step-{step:08d}.pt"
    )
    assert len(before.losses) == len(before.learning_rates) == 3 * BATCHES
    if step < 3 * BATCHES:
        assert differences(final(tmp_path), expected) == []


def test_scaled_adam_in_fp16_goes_on_bit_for_bit(tmp_path):
    recipe = replace(RECIPE, optimizer="adamw", learning_rate=1e-3, precision="fp16", clip=None)
    fit(tmp_path / "whole", recipe=recipe, save_every=1, keep=100)
    images, labels = images_and_labels()
    again = trainer(tmp_path / "again", recipe)
    again.fit(
        (images, labels),
        (images[:20], labels[:20]),
        resume=tmp_path / "whole" / "step-00000008.pt",
    )
    state = final(tmp_path / "whole")
    assert state["scaler"]["scale"] > 0
    assert differences(final(tmp_path / "again"), state) == []


# ---- interrupted ----


@pytest.mark.parametrize("in_memory", [True, False])
def test_ctrl_c_finishes_the_batch_and_the_run_goes_on_where_it_was(
    tmp_path, uninterrupted, in_memory
):
    def press(report):
        if report.step in (7, 10):
            os.kill(os.getpid(), signal.SIGINT)

    images, labels = images_and_labels()
    data, held_out = (images, labels), (images[:20], labels[:20])
    before = signal.getsignal(signal.SIGINT)
    first = trainer(tmp_path, callbacks=[press], report_every=1)
    with pytest.raises(KeyboardInterrupt, match="stopped after batch 3 of 5"):
        first.fit(data, held_out)
    assert signal.getsignal(signal.SIGINT) is before
    # pressed after batch 7, which was kept already: the batch in hand is 8
    assert load_checkpoint(newest_checkpoint(tmp_path))["step"] == 8
    if in_memory:
        with pytest.raises(KeyboardInterrupt, match="stopped after batch 1 of 5"):
            first.fit(data, held_out)
        first.fit(data, held_out)
    else:
        trainer(tmp_path).fit(data, held_out)
    assert differences(final(tmp_path), uninterrupted[1]) == []


def test_a_second_ctrl_c_is_immediate(tmp_path):
    def press_twice(report):
        os.kill(os.getpid(), signal.SIGINT)
        os.kill(os.getpid(), signal.SIGINT)

    images, labels = images_and_labels()
    with pytest.raises(KeyboardInterrupt):
        trainer(tmp_path, callbacks=[press_twice], report_every=2).fit((images, labels))
    assert newest_checkpoint(tmp_path) is None


def test_a_run_in_another_thread_hears_no_ctrl_c_and_trains(uninterrupted, tmp_path):
    with ThreadPoolExecutor(1) as pool:
        pool.submit(fit, tmp_path).result()
    assert differences(final(tmp_path), uninterrupted[1]) == []


def test_a_finished_run_has_nothing_left_to_do(uninterrupted):
    folder, _ = uninterrupted
    images, labels = images_and_labels()
    again = trainer(folder, net=small_net())
    history = again.fit((images, labels))
    assert [epoch.number for epoch in history.epochs] == [1, 2, 3]
    assert again.predict(images[:4]).shape == (4, 3)


# ---- damaged ----


def damaged_copy(source, folder, change):
    """Two checkpoints in a folder, the newest with its bytes changed."""
    folder.mkdir(exist_ok=True)
    older, newest = folder / "step-00000005.pt", folder / "step-00000010.pt"
    older.write_bytes((source / older.name).read_bytes())
    newest.write_bytes(change((source / newest.name).read_bytes()))
    return older, newest


def one_byte_of_a_weight(content):
    place = content.index(b"data/0") + 200  # past the header and its padding
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


@pytest.mark.parametrize(
    "change",
    [
        one_byte_of_a_weight,
        lambda content: content[: len(content) // 2],
        lambda content: content[:-1],
        lambda content: b"",
        lambda content: b"no checkpoint at all" * 50,
    ],
    ids=["a byte", "half", "the end", "empty", "other"],
)
def test_a_damaged_checkpoint_is_named_and_the_one_before_it_serves(
    tmp_path, uninterrupted, change
):
    folder, expected = uninterrupted
    older, newest = damaged_copy(folder, tmp_path, change)
    content = older.read_bytes()
    images, labels = images_and_labels()
    data, held_out = (images, labels), (images[:20], labels[:20])
    with pytest.raises(DamagedCheckpoint, match=r"step-00000010.pt: expected .* as it was") as info:
        trainer(tmp_path).fit(data, held_out)
    assert f"try resume={str(older)!r}, the one before it" in str(info.value)
    assert older.read_bytes() == content
    assert newest.exists()
    trainer(tmp_path).fit(data, held_out, resume=older)
    assert differences(final(tmp_path), expected) == []


def test_no_damage_passes_unseen(tmp_path, uninterrupted):
    # one changed byte anywhere: either it is refused, or it stood in padding and changed nothing
    folder, _ = uninterrupted
    original = load_checkpoint(folder / "step-00000010.pt")
    size = (folder / "step-00000010.pt").stat().st_size
    refused = 0
    for place in np.random.default_rng(0).integers(0, size, 60).tolist():

        def flip(content, place=place):
            return content[:place] + bytes([content[place] ^ 0x55]) + content[place + 1 :]

        _, newest = damaged_copy(folder, tmp_path, flip)
        try:
            state = load_checkpoint(newest)
        except DamagedCheckpoint:
            refused += 1
        else:
            assert differences(state, original) == []
    assert refused > 20


def test_a_damaged_checkpoint_without_an_older_one_says_so(tmp_path):
    (tmp_path / "step-00000005.pt").write_bytes(b"")
    with pytest.raises(DamagedCheckpoint, match="try another folder"):
        fit(tmp_path)


class Malice:
    def __reduce__(self):
        return print, ("code in a checkpoint ran",)


@pytest.mark.parametrize("content", [{"format": 1, "net": Malice()}, {"format": 99}, [1, 2]])
def test_a_file_that_is_no_checkpoint_is_refused_and_runs_no_code(tmp_path, capsys, content):
    torch.save(content, tmp_path / "step-00000001.pt")
    with pytest.raises(DamagedCheckpoint):
        load_checkpoint(tmp_path / "step-00000001.pt")
    assert capsys.readouterr().out == ""


def test_a_checkpoint_that_is_not_there(tmp_path):
    images, labels = images_and_labels()
    with pytest.raises(FileNotFoundError):
        trainer(tmp_path).fit((images, labels), resume=tmp_path / "step-00000001.pt")


def test_a_full_disk_leaves_what_there_was(tmp_path, monkeypatch):
    fit(tmp_path, recipe=replace(RECIPE, epochs=1))
    before = {path: path.read_bytes() for path in tmp_path.iterdir()}
    state = load_checkpoint(newest_checkpoint(tmp_path))

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    from strides.torch_training.checkpoints import save_checkpoint

    with pytest.raises(OSError, match="No space left"):
        save_checkpoint(tmp_path, 99, state, keep=1)
    assert {path: path.read_bytes() for path in tmp_path.iterdir()} == before


# ---- another run ----


def test_a_folder_that_holds_another_run_is_refused(uninterrupted):
    folder, _ = uninterrupted
    images, labels = images_and_labels()
    data = (images, labels)
    with pytest.raises(
        CheckpointMismatch, match=r"learning_rate: expected 0.05.*received 0.1; try"
    ):
        trainer(folder, replace(RECIPE, learning_rate=0.1)).fit(data)
    with pytest.raises(CheckpointMismatch, match="augment: expected"):
        trainer(folder, replace(RECIPE, augment=Augment(flip=True))).fit(data)
    with pytest.raises(CheckpointMismatch, match="train: expected the data"):
        trainer(folder).fit((images, (labels + 1) % 3))
    net = small_net(classes=4)
    before = [parameter.clone() for parameter in net.parameters()]
    with pytest.raises(CheckpointMismatch, match=r"net: expected 5.weight with shape \(3, 144\)"):
        trainer(folder, net=net).fit(data)
    assert all(map(torch.equal, before, net.parameters()))
    with pytest.raises(FileExistsError, match="expected no checkpoint in"):
        trainer(folder).fit(data, resume=False)


def test_a_trainer_does_not_change_data_in_mid_run():
    images, labels = images_and_labels()
    one = Trainer(small_net(), replace(RECIPE, epochs=1), device="cpu", progress=False)
    one.fit((images, labels))
    with pytest.raises(ValueError, match="train: expected the data that this run began with"):
        one.fit((images[:-1], labels[:-1]))


def test_only_the_newest_checkpoints_are_kept(tmp_path):
    fit(tmp_path, save_every=2, keep=3)
    names = sorted(path.name for path in tmp_path.iterdir())
    assert names == [f"step-{step:08d}.pt" for step in (12, 14, 15)]


if __name__ == "__main__":
    train_and_be_killed(Path(sys.argv[1]), sys.argv[2])
