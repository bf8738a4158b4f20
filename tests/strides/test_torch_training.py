"""The trainer: that it learns, does what its recipe says, and says what it did."""

import warnings
from dataclasses import replace

import numpy as np
import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from strides import data
from strides.torch_nets import lenet5
from strides.torch_training import (
    Augment,
    CompileWarning,
    MovingAverage,
    Recipe,
    Trainer,
    TrainingDiverged,
    choose_device,
    choose_precision,
    compiled,
    numerics,
)
from strides.torch_training.augment import Blend
from strides.torch_training.images import Batch, LabelledImages, Normalisation
from strides.torch_training.objective import Objective, correct

torch.set_num_threads(1)

CPU = torch.device("cpu")
PLAIN = Recipe(
    epochs=2,
    batch_size=8,
    learning_rate=0.1,
    optimizer="sgd",
    momentum=0.0,
    weight_decay=0.0,
    schedule="constant",
    warm_up=0.0,
    precision="float32",
)


def images_and_labels(count=30, classes=3):
    generator = np.random.default_rng(1)
    images = generator.integers(0, 256, (count, 3, 5, 4)).astype(np.uint8)
    return images, generator.integers(0, classes, count)


def small_net(classes=3):
    torch.manual_seed(5)
    return nn.Sequential(
        nn.Conv2d(3, 4, 3, padding=1),
        nn.BatchNorm2d(4),
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(80, classes),
    )


def affine_net(features, classes=3):
    torch.manual_seed(5)
    return nn.Sequential(nn.Flatten(), nn.Linear(features, classes))


def trainer(net=None, recipe=PLAIN, **options):
    options = {"device": "cpu", "progress": False, **options}
    return Trainer(small_net() if net is None else net, recipe, **options)


def weights(net):
    return [parameter.detach().clone() for parameter in net.parameters()]


# ---- it learns ----


def test_it_learns_the_digits():
    train, test = data.digits("train"), data.digits("test")
    torch.manual_seed(0)
    net = nn.Sequential(
        nn.Conv2d(1, 16, 3, padding=1, bias=False),
        nn.BatchNorm2d(16),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Flatten(),
        nn.Linear(16 * 4 * 4, 10),
    )
    recipe = Recipe(epochs=6, batch_size=64, learning_rate=0.1, average=0.95, label_smoothing=0.1)
    one = Trainer(net, recipe, device="cpu", progress=False)
    history = one.fit(train, test)
    last = history.epochs[-1]
    assert last.val_accuracy > 0.95
    assert last.train_loss < history.epochs[0].train_loss
    score = one.evaluate(*test)
    assert score.accuracy == last.val_accuracy
    named = one.predict(test.images).argmax(dim=1).numpy()
    assert (named == test.labels).mean() == pytest.approx(score.accuracy)


def test_a_step_is_the_step_of_the_formula():
    images, labels = images_and_labels(8)
    x = images.astype(np.float32)
    net = affine_net(60)
    expected = affine_net(60)
    loss = cross_entropy(expected(torch.from_numpy(x)), torch.from_numpy(labels))
    loss.backward()
    one = trainer(net, replace(PLAIN, epochs=1, learning_rate=1e-4))
    history = one.fit((x, labels))
    assert history.losses == [pytest.approx(loss.item(), rel=1e-6)]
    for found, start in zip(net.parameters(), expected.parameters(), strict=True):
        assert torch.allclose(found, start - 1e-4 * start.grad, rtol=1e-5, atol=1e-7)


def test_batches_cover_every_image_once_an_epoch_in_another_order():
    seen = []

    class Watch(nn.Module):
        def forward(self, x):
            if self.training:
                seen.append(x[:, 0, 0, 0].tolist())
            return x

    images = np.zeros((10, 3, 5, 4), np.float32)
    images[:, 0, 0, 0] = np.arange(10)
    net = nn.Sequential(Watch(), affine_net(60))
    trainer(net, replace(PLAIN, batch_size=4, learning_rate=1e-6)).fit((images, np.zeros(10, int)))
    assert [len(batch) for batch in seen] == [4, 4, 2, 4, 4, 2]
    epochs = [sum(seen[:3], []), sum(seen[3:], [])]  # noqa: RUF017
    assert all(sorted(epoch) == list(range(10)) for epoch in epochs)
    assert epochs[0] != epochs[1]
    assert list(range(10)) not in epochs


def test_augmentation_differs_from_batch_to_batch_and_from_epoch_to_epoch():
    seen = []

    class Watch(nn.Module):
        def forward(self, x):
            seen.append(x[:, 0, 4].argmax(dim=1).tolist())  # where the bright column is
            return x

    images = np.zeros((24, 1, 9, 9), np.uint8)
    images[..., 4] = 255
    net = nn.Sequential(Watch(), affine_net(81))
    recipe = replace(PLAIN, augment=Augment(crop=3))
    trainer(net, recipe).fit((images, np.zeros(24, int)))
    assert len(seen) == 6
    assert len({tuple(shifts) for shifts in seen}) == 6


# ---- the recipe ----


def test_schedules_follow_torchs():
    steps, rate = 40, 0.3
    parameter = nn.Parameter(torch.zeros(2, 2))
    ours = replace(PLAIN, learning_rate=rate, schedule="cosine")
    reference = torch.optim.SGD([parameter], lr=rate)
    cosine = torch.optim.lr_scheduler.CosineAnnealingLR(reference, steps)
    for step in range(steps):
        assert rate * ours.share(step, steps) == pytest.approx(cosine.get_last_lr()[0])
        reference.step()
        cosine.step()


def test_schedules_climb_and_fall():
    def shares(schedule, warm_up):
        recipe = replace(PLAIN, schedule=schedule, warm_up=warm_up)
        return [recipe.share(step, 100) for step in range(100)]

    cycle = shares("linear", 0.25)
    assert np.all(np.diff(cycle[:25]) > 0)
    assert cycle[25] == max(cycle) == 1.0
    assert np.all(np.diff(cycle[25:]) < 0)
    assert 0 < cycle[-1] < 0.02
    assert 0 < cycle[0] < 0.05
    drops = shares("step", 0.0)
    assert [drops.count(share) for share in (1.0, 0.1, 0.01)] == [50, 25, 25]
    assert set(shares("constant", 0.0)) == {1.0}
    assert all(0 <= share <= 1 for share in shares("cosine", 1.0))


def test_the_schedule_is_what_the_steps_used():
    images, labels = images_and_labels(24)
    recipe = replace(PLAIN, schedule="linear", warm_up=0.5)
    history = trainer(recipe=recipe).fit((images, labels))
    assert history.learning_rates == pytest.approx([0.1 * recipe.share(s, 6) for s in range(6)])


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("sgd", torch.optim.SGD),
        ("nesterov", torch.optim.SGD),
        ("adam", torch.optim.Adam),
        ("adamw", torch.optim.AdamW),
    ],
)
def test_optimizers_leave_vectors_undecayed_and_frozen_parameters_out(name, kind):
    net = small_net()
    net[0].requires_grad_(False)
    recipe = replace(PLAIN, optimizer=name, momentum=0.8, weight_decay=0.1, learning_rate=0.2)
    optimizer = recipe.make_optimizer(net)
    assert type(optimizer) is kind
    matrices, vectors = optimizer.param_groups
    assert [p.shape for p in matrices["params"]] == [(3, 80)]
    assert [p.shape for p in vectors["params"]] == [(4,), (4,), (3,)]
    assert (matrices["weight_decay"], vectors["weight_decay"]) == (0.1, 0.0)
    assert matrices["lr"] == 0.2
    assert matrices.get("nesterov", False) == (name == "nesterov")
    assert matrices.get("momentum", 0.8) == 0.8


def test_clipping_bounds_the_step():
    images, labels = images_and_labels(8)
    x = images.astype(np.float32)  # not normalised: the gradient is large
    net = affine_net(60)
    before = weights(net)
    trainer(net, replace(PLAIN, epochs=1, clip=0.5)).fit((x, labels))
    moved = [now - start for now, start in zip(weights(net), before, strict=True)]
    norm = sum((step**2).sum() for step in moved).sqrt().item()
    assert norm == pytest.approx(0.1 * 0.5, rel=1e-4)


def test_clipping_sees_the_gradient_without_fp16s_scale():
    images, labels = images_and_labels(8)
    moved = {}
    for precision in ("float32", "fp16"):
        net = affine_net(60)
        before = weights(net)
        recipe = replace(PLAIN, epochs=1, clip=5.0, precision=precision)
        trainer(net, recipe).fit((images, labels))
        moved[precision] = torch.cat(
            [(now - start).flatten() for now, start in zip(weights(net), before, strict=True)]
        )
    assert torch.allclose(moved["fp16"], moved["float32"], rtol=0.05, atol=1e-3)
    assert moved["float32"].norm() < 0.1 * 5.0  # the gradient is shorter than the bound


def test_label_smoothing_trains_and_is_left_out_of_evaluation():
    images, labels = images_and_labels(8)
    x = images / np.float32(255)
    net = affine_net(60)
    scores = net(torch.from_numpy(x)).detach()
    smoothed = cross_entropy(scores, torch.from_numpy(labels), label_smoothing=0.2).item()
    plain = cross_entropy(scores, torch.from_numpy(labels)).item()
    one = trainer(net, replace(PLAIN, epochs=1, label_smoothing=0.2, learning_rate=1e-9))
    assert one.evaluate(x, labels).loss == pytest.approx(plain)
    assert one.fit((x, labels)).losses == [pytest.approx(smoothed)]
    assert smoothed != pytest.approx(plain)


def test_a_moving_average_follows_the_net():
    net = nn.Sequential(nn.Linear(2, 2), nn.BatchNorm1d(2))
    average = MovingAverage(net, decay=0.9)
    start, count = weights(net), 0
    expected = [value.double() for value in start]
    for step in range(30):
        with torch.no_grad():
            for parameter in net.parameters():
                parameter.add_(torch.randn_like(parameter))
        net(torch.randn(4, 2))
        count += 1
        average.update(net)
        decay = min(0.9, (1 + step) / (10 + step))
        expected = [
            decay * value + (1 - decay) * now
            for value, now in zip(expected, weights(net), strict=True)
        ]
    for found, value in zip(average.net.parameters(), expected, strict=True):
        assert torch.allclose(found.double(), value, atol=1e-5)
        assert not found.requires_grad
    assert average.net[1].num_batches_tracked == count
    assert not average.net.training
    assert average.net[1].running_mean.abs().sum() > 0


def test_the_average_is_what_predicts():
    images, labels = images_and_labels()
    net = small_net()
    one = trainer(net, replace(PLAIN, average=0.99))
    one.fit((images, labels))
    assert one.net is not net
    normal = Normalisation.measure(torch.from_numpy(images))
    with torch.no_grad():
        expected = one.net(normal(torch.from_numpy(images)))
        other = net.eval()(normal(torch.from_numpy(images)))
    found = one.predict(images)
    assert torch.allclose(found, expected, atol=1e-6)
    assert not torch.allclose(found, other, atol=1e-3)


@pytest.mark.parametrize(
    ("field", "value", "message"),
    [
        ("epochs", 0, "epochs: expected 1 or more; received 0"),
        ("batch_size", 0, "batch_size: expected 1 image or more"),
        ("learning_rate", 0.0, "learning_rate: expected a positive number"),
        ("momentum", 1.0, "momentum: expected 0 or more and less than 1"),
        ("weight_decay", -1.0, "weight_decay: expected 0 or more"),
        ("warm_up", 2.0, "warm_up: expected 0 to 1"),
        ("label_smoothing", 1.0, "label_smoothing: expected"),
        ("clip", 0.0, "clip: expected a positive number or None"),
        ("average", 1.0, "average: expected 0 or more and less than 1, or None"),
        ("optimizer", "lion", "optimizer: expected one of sgd, nesterov.*received 'lion'"),
        ("schedule", "zigzag", "schedule: expected one of constant, step.*received 'zigzag'"),
        ("precision", "fp8", "precision: expected one of auto, float32.*received 'fp8'"),
        ("seed", 0.5, "seed: expected a whole number"),
    ],
)
def test_a_recipe_out_of_range_is_refused(field, value, message):
    with pytest.raises(ValueError, match=message):
        replace(PLAIN, **{field: value})


# ---- what is computed from the outputs ----


def test_blended_images_owe_both_labels_their_share():
    torch.manual_seed(0)
    scores, labels = torch.randn(5, 3), torch.tensor([0, 1, 2, 1, 0])
    blend = Blend(torch.tensor([1.0, 0.0, 0.5, 0.3, 0.8]), torch.tensor([4, 3, 1, 0, 2]))
    targets = torch.zeros(5, 3)
    targets[range(5), labels] += blend.share
    targets[range(5), labels[blend.partners]] += 1 - blend.share
    found = Objective(None, 0.1)(scores, Batch(torch.empty(5, 1), labels, blend))
    assert found.item() == pytest.approx(
        cross_entropy(scores, targets, label_smoothing=0.1).item(), rel=1e-5
    )


def test_auxiliary_heads_count_three_tenths():
    torch.manual_seed(0)
    scores, labels = torch.randn(3, 5, 4), torch.tensor([0, 1, 2, 3, 0])
    found = Objective(None, 0.0)(tuple(scores), Batch(torch.empty(5, 1), labels))
    losses = [cross_entropy(head, labels).item() for head in scores]
    assert found.item() == pytest.approx(losses[0] + 0.3 * losses[1] + 0.3 * losses[2], rel=1e-6)


def test_a_net_with_auxiliary_heads_trains_and_predicts():
    class TwoHeads(nn.Module):
        def __init__(self):
            super().__init__()
            self.one, self.two = affine_net(60), affine_net(60)

        def forward(self, x):
            return (self.one(x), self.two(x)) if self.training else self.one(x)

    images, labels = images_and_labels()
    net = TwoHeads()
    before = weights(net)
    one = trainer(net)
    one.fit((images, labels), (images, labels))
    assert all(not torch.equal(a, b) for a, b in zip(before, weights(net), strict=True))
    assert one.predict(images).shape == (30, 3)


def test_several_labels_an_image_with_a_loss_of_ones_own():
    def sums(scores, targets):
        losses = nn.functional.binary_cross_entropy_with_logits(scores, targets, reduction="none")
        return losses.mean(dim=1)

    images, _ = images_and_labels(40)
    targets = np.stack([images[:, 0].mean((1, 2)) > 127, images[:, 1].mean((1, 2)) > 127], axis=1)
    one = trainer(small_net(2), replace(PLAIN, epochs=15), loss=sums)
    history = one.fit((images, targets.astype(np.float32)))
    assert history.epochs[-1].train_accuracy > history.epochs[0].train_accuracy
    assert one.evaluate(images, targets.astype(np.float32)).accuracy > 0.8
    with pytest.raises(ValueError, match="label_smoothing: expected 0 with a loss of your own"):
        trainer(recipe=replace(PLAIN, label_smoothing=0.1), loss=sums)
    with pytest.raises(ValueError, match=r"loss: expected one number an image, shape \(8,\)"):
        trainer(small_net(2), loss=lambda scores, t: scores - t).fit((images, targets))


def test_correct_counts_images_or_shares_of_labels():
    scores = torch.tensor([[2.0, 1.0], [0.0, 3.0], [1.0, 0.0]])
    assert correct(scores, torch.tensor([0, 1, 1])) == 2
    assert correct(scores, torch.tensor([[1.0, 1.0], [1.0, 1.0], [0.0, 1.0]])) == 1.5


# ---- precision, layout, compilation, determinism ----


@pytest.mark.parametrize("precision", ["bf16", "fp16"])
def test_mixed_precision_computes_in_16_bits_and_keeps_weights_in_32(precision):
    seen = []
    net = small_net()
    net[4].register_forward_hook(lambda module, x, scores: seen.append(scores.dtype))
    images, labels = images_and_labels()
    recipe = replace(PLAIN, epochs=8, precision=precision)
    history = trainer(net, recipe).fit((images, labels))
    assert set(seen) == {torch.bfloat16 if precision == "bf16" else torch.float16}
    assert {parameter.dtype for parameter in net.parameters()} == {torch.float32}
    assert history.epochs[-1].train_loss < 0.8 * history.epochs[0].train_loss
    exact = trainer(recipe=replace(recipe, precision="float32")).fit((images, labels))
    assert history.losses[:4] == pytest.approx(exact.losses[:4], rel=0.05)


def test_fp16_leaves_out_steps_whose_gradient_overflows():
    images, labels = images_and_labels(8)
    net = affine_net(60)
    before = weights(net)
    recipe = replace(PLAIN, epochs=1, precision="fp16", average=0.5, schedule="linear")
    one = trainer(net, recipe, loss=lambda s, y: 1e4 * cross_entropy(s, y, reduction="none"))
    scale = one.learner.scaler.get_scale()
    one.fit((images, labels))
    assert all(map(torch.equal, before, weights(net)))
    assert one.learner.scaler.get_scale() == scale / 2
    assert one.learner.average.steps == 0
    assert one.learner.schedule.last_epoch == 0


def test_channels_last_changes_the_layout_and_not_the_numbers():
    images, labels = images_and_labels()
    seen = []
    net = small_net()
    net[0].register_forward_hook(
        lambda module, x, out: seen.append(x[0].is_contiguous(memory_format=torch.channels_last))
    )
    one = trainer(net, channels_last=True).fit((images, labels))
    two = trainer(channels_last=False).fit((images, labels))
    assert seen == [True] * 8
    assert net[0].weight.is_contiguous(memory_format=torch.channels_last)
    assert one.losses == pytest.approx(two.losses, rel=1e-4)


def test_compilation_leaves_the_numbers_alone():
    images, labels = images_and_labels()
    with warnings.catch_warnings():
        warnings.simplefilter("error", CompileWarning)
        one = trainer(compile="eager").fit((images, labels))
    two = trainer().fit((images, labels))
    assert one.losses == pytest.approx(two.losses, rel=1e-5)


def test_where_compilation_fails_the_reason_is_said_and_training_goes_on():
    images, labels = images_and_labels()
    with pytest.warns(CompileWarning, match=r"compile: .*no_such_backend.*try compile=False"):
        one = trainer(compile="no_such_backend").fit((images, labels))
    assert one.losses == trainer().fit((images, labels)).losses


def test_a_trial_compilation_changes_nothing_in_the_net():
    net = nn.Sequential(nn.Dropout(0.5), small_net())
    before = {name: value.clone() for name, value in net.state_dict().items()}
    x = torch.rand(4, 3, 5, 4)
    state = torch.get_rng_state()
    fast, reason = compiled(net, x, backend="eager")
    assert reason is None
    assert fast is not net
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert all(parameter.grad is None for parameter in net.parameters())
    assert torch.equal(torch.get_rng_state(), state)


@pytest.mark.parametrize("deterministic", [True, False])
def test_numerics_sets_and_puts_back(deterministic):
    before = torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark
    with numerics(deterministic):
        assert torch.are_deterministic_algorithms_enabled() == (before[0] or deterministic)
        assert torch.backends.cudnn.benchmark != deterministic
    assert (torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark) == before
    with pytest.raises(ZeroDivisionError), numerics(deterministic):
        raise ZeroDivisionError
    assert (torch.are_deterministic_algorithms_enabled(), torch.backends.cudnn.benchmark) == before


def test_deterministic_runs_agree_in_every_bit_with_all_augmentation():
    images, labels = images_and_labels()
    augment = Augment(flip=True, crop=1, colour=0.3, cutout=2, mixup=0.4)
    recipe = replace(PLAIN, augment=augment, average=0.9)
    nets = []
    for _ in range(2):
        one = trainer(recipe=recipe, deterministic=True)
        one.fit((images, labels))
        nets.append(one.net)
    assert all(map(torch.equal, weights(nets[0]), weights(nets[1])))


def test_devices_and_precisions_are_chosen_by_name():
    assert choose_device("cpu") == CPU
    fastest = choose_device()
    assert fastest.type in ("cuda", "mps", "cpu")
    with pytest.raises(ValueError, match=r"device: expected one that torch finds here.*xpu"):
        choose_device("xpu")
    assert choose_precision("auto", CPU) == "float32"
    assert choose_precision("bf16", CPU) == "bf16"
    with pytest.raises(ValueError, match="precision: expected one of auto, float32, bf16, fp16"):
        choose_precision("int8", CPU)


# ---- watching it ----


def test_a_monitor_sees_every_few_batches_and_every_epoch():
    reports = []
    images, labels = images_and_labels(40)
    one = trainer(callbacks=[reports.append], report_every=2)
    history = one.fit((images, labels), (images, labels))
    assert [(r.epoch, r.batch) for r in reports] == [(1, 2), (1, 4), (1, 5), (2, 1), (2, 3), (2, 5)]
    assert [r.ends_epoch for r in reports] == [False, False, True] * 2
    assert {(r.epochs, r.batches) for r in reports} == {(2, 5)}
    assert reports[0].loss == pytest.approx(np.mean(history.losses[:2]))
    assert reports[2].loss == pytest.approx(history.losses[4])
    assert all(r.images_per_second > 0 for r in reports)
    assert reports[-1].history is history
    assert [epoch.number for epoch in history.epochs] == [1, 2]
    assert history.epochs[0].train_loss == pytest.approx(np.mean(history.losses[:5]))
    assert len(str(history).splitlines()) == 2


def test_a_monitor_that_evaluates_does_not_disturb_training():
    images, labels = images_and_labels()
    calm = trainer().fit((images, labels)).losses
    one = trainer(report_every=1)
    one.callbacks.append(lambda report: one.evaluate(images, labels))
    assert one.fit((images, labels)).losses == calm


def test_epochs_are_told_on_stderr_where_progress_is_wanted(capsys, tmp_path):
    images, labels = images_and_labels()
    trainer(progress=True, folder=tmp_path).fit((images, labels), (images, labels))
    lines = capsys.readouterr().err.splitlines()
    assert [line.partition(":")[0] for line in lines] == ["epoch 1", "epoch 2"]
    assert "validation" in lines[0]
    trainer(progress=True, folder=tmp_path).fit((images, labels))
    assert "2 of 2 epochs and 0 batches are done" in capsys.readouterr().err
    trainer().fit((images, labels))
    out = capsys.readouterr()
    assert out.out == out.err == ""


def test_a_loss_that_is_no_number_stops_the_run_before_a_checkpoint(tmp_path):
    images, labels = images_and_labels()
    x = images.astype(np.float32)
    x[3] = np.nan
    one = trainer(folder=tmp_path)
    with pytest.raises(TrainingDiverged, match=r"received nan in step \d+ \(epoch 1\); try"):
        one.fit((x, labels))
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(TrainingDiverged):
        one.fit((x, labels))


def test_frozen_batch_norm_stays_frozen():
    net = small_net()
    net[1].eval().requires_grad_(False)
    before = net[1].running_mean.clone()
    images, labels = images_and_labels()
    one = trainer(net, report_every=1)
    one.callbacks.append(lambda report: one.predict(images))
    one.fit((images, labels), (images, labels))
    assert torch.equal(net[1].running_mean, before)
    assert torch.equal(net[1].weight, torch.ones(4))
    other = small_net().eval()  # a whole net in evaluation mode is merely not yet in training
    trainer(other).fit((images, labels))
    assert not torch.equal(other[1].running_mean, before)


def test_an_optimizer_and_a_schedule_of_ones_own():
    images, labels = images_and_labels(16)
    net = small_net()

    def last_layer_faster(net):
        groups = [{"params": net[0].parameters()}, {"params": net[4].parameters(), "lr": 1.0}]
        return torch.optim.SGD(groups, lr=0.0)

    def halving(optimizer, steps):
        assert steps == 4
        return torch.optim.lr_scheduler.ExponentialLR(optimizer, 0.5)

    before = weights(net)
    one = trainer(net, optimizer=last_layer_faster, schedule=halving)
    one.fit((images, labels))
    same = [torch.equal(a, b) for a, b in zip(before, weights(net), strict=True)]
    assert same == [True, True, True, True, False, False]
    assert one.learner.optimizer.param_groups[1]["lr"] == 1.0 / 16


def test_lenet_trains_on_tensors_too():
    torch.manual_seed(0)
    images, labels = torch.rand(8, 1, 32, 32), torch.arange(8)
    one = trainer(lenet5(), replace(PLAIN, epochs=3))
    history = one.fit((images, labels))
    assert history.losses[-1] < history.losses[0]


# ---- data ----


def test_normalisation_is_that_of_the_data_module():
    images, _ = images_and_labels()
    images[:, 2] = 9
    mean, std = data.mean_and_std(images)
    normal = Normalisation.measure(torch.from_numpy(images))
    found = normal(torch.from_numpy(images)).numpy()
    assert np.allclose(found, data.normalise(images, mean, std), atol=1e-5)
    assert not found[:, 2].any()
    assert Normalisation.measure(torch.from_numpy(images).float()) is None


def test_data_from_tensors_arrays_and_views_is_the_same_data():
    images, labels = images_and_labels()
    ways = [
        (images, labels),
        (torch.from_numpy(images), torch.from_numpy(labels)),
        (torch.from_numpy(images).contiguous(memory_format=torch.channels_last), labels),
        (np.asfortranarray(images), labels.astype(np.int32)),
        (images[::-1][::-1], labels.tolist()),
    ]
    assert len({LabelledImages(x, y, CPU).fingerprint for x, y in ways}) == 1
    changed = images.copy()
    changed[3, 1, 2, 0] ^= 1
    assert (
        LabelledImages(changed, labels, CPU).fingerprint
        != LabelledImages(images, labels, CPU).fingerprint
    )


IMAGES, LABELS = images_and_labels()


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (IMAGES[0], LABELS, r"images: expected shape \(N, C, H, W\); received \(3, 5, 4\)"),
        (IMAGES, LABELS[:-1], r"labels: expected one for each image.*received \(29,\)"),
        (IMAGES[:0], LABELS[:0], "labels: expected one for each image, and at least one"),
        (IMAGES.astype(int), LABELS, "images: expected uint8 or floats; received torch.int64"),
        (IMAGES, LABELS / 2, r"labels: expected integers \(N,\), or targets"),
    ],
)
def test_data_that_does_not_fit_is_refused(images, labels, message):
    with pytest.raises(ValueError, match=message):
        trainer().fit((images, labels))


def test_other_misuse_is_refused():
    with pytest.raises(ValueError, match=r"images: expected floats.*try fit"):
        trainer().predict(IMAGES)
    with pytest.raises(ValueError, match="colour: expected uint8 images"):
        trainer(recipe=replace(PLAIN, augment=Augment(colour=0.1))).fit(
            (IMAGES.astype(np.float32), LABELS)
        )
    for name in ("keep", "save_every", "report_every"):
        with pytest.raises(ValueError, match=f"{name}: expected 1 or more; received 0"):
            trainer(**{name: 0})
    with pytest.raises(ValueError, match="net: expected a parameter that requires a gradient"):
        trainer(small_net().requires_grad_(False))
