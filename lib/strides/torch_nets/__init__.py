"""Five generations of ConvNets, each built from a table that can be read beside its paper.

`vgg("D")`, `resnet(50)` and the others return an ordinary torch module that maps images
(N, C, H, W) to scores (N, classes). `summary` lists the layers with their shapes, parameters and
multiply-accumulates. To count a large net without filling memory, build it on the meta device:

    with torch.device("meta"):
        net = resnet(152)
    print(parameters(net), macs(net))
"""

from strides.torch_nets.alexnet import alexnet
from strides.torch_nets.counting import Layer, Summary, macs, parameters, summary
from strides.torch_nets.googlenet import GoogLeNet, googlenet
from strides.torch_nets.lenet import lenet5
from strides.torch_nets.resnet import cifar_resnet, resnet
from strides.torch_nets.vgg import vgg

__all__ = [
    "GoogLeNet",
    "Layer",
    "Summary",
    "alexnet",
    "cifar_resnet",
    "googlenet",
    "lenet5",
    "macs",
    "parameters",
    "resnet",
    "summary",
    "vgg",
]
