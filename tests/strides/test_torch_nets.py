"""The published nets: counted to the last parameter, sent real images, built as their papers say.

Large nets are built on the meta device, where nothing is stored and nothing is computed.
"""

import numpy as np
import pytest
import torch
from torch import nn

from strides import torch_nets
from strides.torch_nets import alexnet, cifar_resnet, googlenet, lenet5, resnet, vgg
from strides.torch_nets.lenet import C3_INPUTS, Codes, PartlyConnected, ScaledTanh, SubSampling
from strides.torch_nets.parts import response_norm
from strides.torch_nets.resnet import Block, PaddedIdentity
from strides.torch_nets.vgg import TABLE as VGG_TABLE

torch.set_num_threads(1)


def on_meta(build, *args, **kwargs):
    with torch.device("meta"):
        return build(*args, **kwargs)


def convolutions(net):
    return [module for module in net.modules() if isinstance(module, nn.Conv2d)]


# ---- counted ----


@pytest.mark.parametrize(
    ("build", "args", "expected"),
    [
        (lenet5, {}, 61_706),
        (lenet5, {"as_published": True}, 60_000),
        (alexnet, {}, 60_965_224),
        (alexnet, {"as_published": False}, 61_100_840),
        (vgg, {"column": "A"}, 132_863_336),
        (vgg, {"column": "A-LRN"}, 132_863_336),
        (vgg, {"column": "B"}, 133_047_848),
        (vgg, {"column": "C"}, 133_638_952),
        (vgg, {"column": "D"}, 138_357_544),
        (vgg, {"column": "E"}, 143_667_240),
        (googlenet, {}, 6_998_552),
        (googlenet, {"auxiliary": True}, 6_998_552 + 3_188_840 + 3_190_888),
        (resnet, {"depth": 18}, 11_689_512),
        (resnet, {"depth": 34}, 21_797_672),
        (resnet, {"depth": 50}, 25_557_032),
        (resnet, {"depth": 101}, 44_549_160),
        (resnet, {"depth": 152}, 60_192_808),
        (cifar_resnet, {"depth": 20}, 269_722),
        (cifar_resnet, {"depth": 32}, 464_154),
        (cifar_resnet, {"depth": 44}, 658_586),
        (cifar_resnet, {"depth": 56}, 853_018),
        (cifar_resnet, {"depth": 110}, 1_727_962),
    ],
)
def test_parameters_are_as_published(build, args, expected):
    assert torch_nets.parameters(on_meta(build, **args)) == expected


@pytest.mark.parametrize(
    ("build", "args", "expected"),
    [
        (alexnet, {}, 0.724),
        (vgg, {"column": "D"}, 15.470),
        (vgg, {"column": "E"}, 19.632),
        (googlenet, {}, 1.583),
        (resnet, {"depth": 18}, 1.814),
        (resnet, {"depth": 152}, 11.514),
        (resnet, {"depth": 152, "stride_on": "1x1"}, 11.282),
    ],
)
def test_multiply_accumulates_at_224(build, args, expected):
    assert torch_nets.macs(on_meta(build, **args)) / 1e9 == pytest.approx(expected, abs=5e-4)


def test_152_layers_compute_less_than_vgg_16():
    assert torch_nets.macs(on_meta(resnet, 152)) < torch_nets.macs(on_meta(vgg, "D"))


def test_alexnets_neurons():
    layers = torch_nets.summary(on_meta(alexnet)).layers
    counts = [layer.activations for layer in layers if layer.parameters]
    assert counts == [290_400, 186_624, 64_896, 64_896, 43_264, 4096, 4096, 1000]


def test_lenets_connections_add_up_to_those_of_the_paper():
    # a connection is a product with a weight or a bias added; S2 and S4 see each input once
    layers = torch_nets.summary(lenet5(as_published=True), (1, 32, 32)).layers
    total = 0
    for layer in layers:
        if layer.kind in ("Conv2d", "Linear"):
            total += layer.macs + layer.activations
        elif layer.kind == "SubSampling":
            total += 5 * layer.activations
        elif layer.kind == "Codes":
            total += 84 * layer.activations
    assert total == 340_908


@pytest.mark.parametrize(("depth", "convs"), [(20, 19), (56, 55)])
def test_cifar_resnets_have_as_many_layers_as_their_name_says(depth, convs):
    # option A: nothing but 3x3 convolutions, and one affine layer
    found = convolutions(on_meta(cifar_resnet, depth))
    assert len(found) == convs
    assert {conv.kernel_size for conv in found} == {(3, 3)}


@pytest.mark.parametrize("depth", [18, 34, 50, 101, 152])
def test_resnets_have_as_many_layers_as_their_name_says(depth):
    net = on_meta(resnet, depth)
    in_branches = [name for name, module in net.named_modules() if isinstance(module, nn.Conv2d)]
    in_branches = [name for name in in_branches if "shortcut" not in name]
    assert len(in_branches) + 1 == depth


@pytest.mark.parametrize(
    ("column", "weights"), [("A", 11), ("A-LRN", 11), ("B", 13), ("C", 16), ("D", 16), ("E", 19)]
)
def test_vgg_columns_have_as_many_weight_layers_as_table_1_says(column, weights):
    net = on_meta(vgg, column)
    affine = [module for module in net.modules() if isinstance(module, nn.Linear)]
    assert len(convolutions(net)) + len(affine) == weights
    assert sum(isinstance(module, nn.MaxPool2d) for module in net.modules()) == 5
    assert any(isinstance(m, nn.LocalResponseNorm) for m in net.modules()) == (column == "A-LRN")


def test_vggs_layers_go_by_the_papers_names():
    names = [name for name, _ in on_meta(vgg, "C").features.named_children()]
    assert names[4:8] == ["conv2_2", "pool2", "conv3_1", "conv3_2"]
    assert len(VGG_TABLE) == 6


# ---- summary ----


def test_summary_counts_layer_by_layer_and_prints_as_a_table():
    net = nn.Sequential(nn.Conv2d(3, 10, 5, padding=2), nn.ReLU(), nn.Flatten(), nn.Linear(640, 4))
    found = torch_nets.summary(net, (3, 8, 8))
    conv, relu, _, affine = found.layers
    assert (conv.shape, conv.parameters, conv.macs) == ((10, 8, 8), 760, 10 * 64 * 75)
    assert (relu.activations, relu.parameters, relu.macs) == (640, 0, 0)
    assert (affine.shape, affine.parameters, affine.macs) == ((4,), 2564, 2560)
    assert found.parameters == torch_nets.parameters(net) == 3324
    assert found.macs == torch_nets.macs(net, (3, 8, 8)) == 48_000 + 2560
    assert found.activations == 640 * 3 + 4
    lines = str(found).splitlines()
    assert len(lines) == 6
    assert "10x8x8" in lines[1]
    assert lines[1].endswith("48,000")
    assert lines[-1].startswith("total")
    assert len({len(line) for line in lines}) == 1


def test_grouped_convolutions_cost_their_share():
    whole, halves = nn.Conv2d(8, 16, 3), nn.Conv2d(8, 16, 3, groups=2)
    assert torch_nets.macs(whole, (8, 5, 5)) == 2 * torch_nets.macs(halves, (8, 5, 5))


def test_summary_leaves_the_net_as_it_was():
    net = cifar_resnet(8)
    net.conv2_x.eval()
    modes = [module.training for module in net.modules()]
    before = {name: value.clone() for name, value in net.state_dict().items()}
    torch_nets.summary(net, (3, 32, 32))
    with pytest.raises(RuntimeError):
        torch_nets.summary(net, (1, 32, 32))
    assert [module.training for module in net.modules()] == modes
    assert all(torch.equal(value, before[name]) for name, value in net.state_dict().items())
    assert not any(module._forward_hooks for module in net.modules())


# ---- sent real images ----


@pytest.mark.parametrize(
    ("build", "args", "shape"),
    [
        (lenet5, {}, (2, 1, 32, 32)),
        (lenet5, {"as_published": True, "classes": 4}, (2, 1, 32, 32)),
        (alexnet, {"classes": 4, "side": 67, "hidden": 8}, (2, 3, 67, 67)),
        (
            alexnet,
            {"classes": 4, "side": 67, "hidden": 8, "as_published": False, "channels": 1},
            (2, 1, 67, 67),
        ),
        (vgg, {"column": "A-LRN", "classes": 4, "side": 32, "hidden": 8}, (2, 3, 32, 32)),
        (
            vgg,
            {"column": "C", "classes": 4, "side": 32, "hidden": 8, "batch_norm": True},
            (2, 3, 32, 32),
        ),
        (googlenet, {"classes": 4, "channels": 1}, (2, 1, 64, 64)),
        (googlenet, {"classes": 4, "batch_norm": True}, (2, 3, 64, 64)),
        (resnet, {"depth": 18, "classes": 4}, (2, 3, 64, 64)),
        (resnet, {"depth": 50, "classes": 4, "channels": 1}, (2, 1, 64, 64)),
        (cifar_resnet, {"depth": 20}, (2, 3, 32, 32)),
        (cifar_resnet, {"depth": 14, "residual": False, "classes": 4}, (3, 3, 24, 24)),
    ],
)
def test_images_become_scores_and_every_parameter_gets_a_gradient(build, args, shape):
    torch.manual_seed(0)
    net = build(**args)
    classes = args.get("classes", 10)
    scores = net(torch.rand(shape))
    assert scores.shape == (shape[0], classes)
    nn.functional.cross_entropy(scores, torch.arange(shape[0]) % classes).backward()
    for name, parameter in net.named_parameters():
        assert parameter.grad is not None, name
        assert torch.isfinite(parameter.grad).all(), name
    assert net.eval()(torch.rand(1, *shape[1:])).shape == (1, classes)


def test_googlenets_heads_speak_only_while_it_trains():
    torch.manual_seed(0)
    net = googlenet(classes=3, auxiliary=True)
    assert list(net.heads) == ["4a", "4d"]
    x = torch.rand(1, 3, 224, 224)
    with torch.no_grad():
        assert [tuple(scores.shape) for scores in net.train()(x)] == [(1, 3)] * 3
        assert net.eval()(x).shape == (1, 3)


# ---- built as the papers say ----


def test_alexnets_towers_do_not_see_each_other_in_conv2():
    net = alexnet(classes=2, side=67, hidden=4)
    conv = net.features.conv2.conv
    x = torch.rand(1, 96, 7, 7)
    changed = x.clone()
    changed[:, 48:] += 1
    first, second = conv(x), conv(changed)
    assert torch.equal(first[:, :128], second[:, :128])
    assert not torch.equal(first[:, 128:], second[:, 128:])
    assert [conv.groups for conv in convolutions(net)] == [1, 2, 1, 2, 2]
    assert net.features.conv2.conv.bias.unique().tolist() == [1.0]
    assert net.features.conv3.conv.bias.unique().tolist() == [0.0]
    assert net.fc6.weight.std().item() == pytest.approx(0.01, rel=0.1)


def test_response_norm_is_the_papers_formula():
    a = 40 * np.random.default_rng(0).standard_normal((2, 11, 3, 4))
    expected = np.empty_like(a)
    for i in range(11):
        near = a[:, max(0, i - 2) : min(10, i + 2) + 1]
        expected[:, i] = a[:, i] / (2 + 1e-4 * (near**2).sum(axis=1)) ** 0.75
    found = response_norm()(torch.from_numpy(a)).numpy()
    assert np.allclose(found, expected, rtol=1e-10)


def test_lenets_squashing_function_maps_one_to_one():
    found = ScaledTanh()(torch.tensor([-1.0, 0.0, 1.0]))
    assert torch.allclose(found, torch.tensor([-1.0, 0.0, 1.0]), atol=1e-4)


def test_sub_sampling_sums_windows_and_scales_each_map():
    layer = SubSampling(2)
    with torch.no_grad():
        layer.weight.copy_(torch.tensor([1.0, 2.0]))
        layer.bias.copy_(torch.tensor([0.0, 5.0]))
    x = torch.arange(16.0).reshape(1, 1, 4, 4).expand(1, 2, 4, 4)
    sums = torch.tensor([[10.0, 18.0], [42.0, 50.0]])
    assert torch.allclose(layer(x)[0, 0], sums)
    assert torch.allclose(layer(x)[0, 1], 2 * sums + 5)


def test_c3_sees_only_the_maps_of_table_1():
    assert [len(inputs) for inputs in C3_INPUTS] == [3] * 6 + [4] * 9 + [6]
    assert len(set(C3_INPUTS)) == 16
    layer = PartlyConnected(C3_INPUTS)
    x = torch.rand(1, 6, 14, 14)
    base = layer(x)
    for source in range(6):
        changed = x.clone()
        changed[:, source] += 1
        moved = (layer(changed) != base).flatten(2).any(dim=2)[0].tolist()
        assert moved == [source in inputs for inputs in C3_INPUTS]


def test_codes_score_the_nearest_class_highest_and_are_always_the_same():
    layer = Codes(84, 10)
    assert torch.equal(layer.codes.abs(), torch.ones(10, 84))
    assert len(layer.codes.unique(dim=0)) == 10
    scores = layer(layer.codes + 0.3)
    assert scores.argmax(dim=1).tolist() == list(range(10))
    assert torch.equal(layer.codes, Codes(84, 10).codes)


def test_blocks_add_their_input_unless_the_net_is_plain():
    x = torch.randn(2, 3, 4, 4)
    branch = nn.Conv2d(3, 3, 1)
    assert torch.allclose(Block(branch, nn.Identity())(x), torch.relu(branch(x) + x))
    assert torch.allclose(Block(branch, None)(x), torch.relu(branch(x)))
    with_shortcuts, plain = on_meta(cifar_resnet, 20), on_meta(cifar_resnet, 20, residual=False)
    shapes = [[p.shape for p in net.parameters()] for net in (with_shortcuts, plain)]
    assert shapes[0] == shapes[1]


def test_a_padded_identity_takes_every_second_pixel_and_adds_empty_maps():
    x = torch.randn(2, 3, 5, 6)
    out = PaddedIdentity(3, 7, 2)(x)
    assert out.shape == (2, 7, 3, 3)
    assert torch.equal(out[:, :3], x[:, :, ::2, ::2])
    assert not out[:, 3:].any()


def test_the_stride_of_a_bottleneck_stands_where_it_was_asked_for():
    for place, strides in (("3x3", [1, 2, 1]), ("1x1", [2, 1, 1])):
        branch = on_meta(resnet, 50, stride_on=place).conv3_x[0].branch
        assert [conv.stride[0] for conv in convolutions(branch)] == strides


def test_the_start_is_hes():
    torch.manual_seed(0)
    net = resnet(18, classes=10)
    for conv in convolutions(net):
        fan_in = conv.weight[0].numel()
        assert conv.weight.std().item() == pytest.approx((2 / fan_in) ** 0.5, rel=0.06)


# ---- refused ----


@pytest.mark.parametrize(
    ("build", "args", "message"),
    [
        (vgg, {"column": "F"}, "column: expected one of 'A', 'A-LRN'.*received 'F'"),
        (vgg, {"side": 16}, "side: expected images large enough.*received 16x16; try 224"),
        (alexnet, {"side": 32}, "side: expected images large enough.*received 32x32"),
        (resnet, {"depth": 20}, "depth: expected one of 18, 34, 50, 101, 152; received 20"),
        (resnet, {"stride_on": "5x5"}, "stride_on: expected one of '1x1', '3x3'; received '5x5'"),
        (cifar_resnet, {"depth": 21}, r"expected 6n \+ 2 layers.*received 21; try 20 or 26"),
        (cifar_resnet, {"depth": 2}, r"expected 6n \+ 2 layers.*received 2; try 8 or 14"),
    ],
)
def test_what_does_not_exist_is_refused(build, args, message):
    with pytest.raises(ValueError, match=message):
        on_meta(build, **args)
