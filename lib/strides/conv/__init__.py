"""Convolution and pooling: `from strides.conv import conv2d, max_pool2d`.

| module | holds |
|---|---|
| arithmetic | output sizes, padding, when a filter fits |
| counts | parameters, multiplications and receptive fields of a layer and of a net |
| naive | conv2d and max pooling as loops that read like their definitions |
| columns | im2col and col2im |
| blocks | batches cut to what a cache holds |
| shifted | the form in which the fast convolution holds images |
| filters, transposed, local | the layers with filters |
| pooling | max, average and global average pooling |
"""

from strides.conv.arithmetic import (
    exact_size,
    explain_size,
    fits,
    output_size,
    same_padding,
    transposed_size,
)
from strides.conv.columns import col2im, im2col
from strides.conv.counts import (
    Affine,
    BatchNorm,
    Conv,
    Cost,
    GlobalPool,
    Local,
    Pool,
    costs,
    mac_count,
    parameter_count,
    receptive_field,
    seen_by,
)
from strides.conv.filters import conv1d, conv2d
from strides.conv.local import locally_connected2d
from strides.conv.naive import conv2d_naive, max_pool2d_naive
from strides.conv.pooling import avg_pool2d, global_avg_pool2d, max_pool2d
from strides.conv.transposed import conv_transpose2d

__all__ = [
    "Affine",
    "BatchNorm",
    "Conv",
    "Cost",
    "GlobalPool",
    "Local",
    "Pool",
    "avg_pool2d",
    "col2im",
    "conv1d",
    "conv2d",
    "conv2d_naive",
    "conv_transpose2d",
    "costs",
    "exact_size",
    "explain_size",
    "fits",
    "global_avg_pool2d",
    "im2col",
    "locally_connected2d",
    "mac_count",
    "max_pool2d",
    "max_pool2d_naive",
    "output_size",
    "parameter_count",
    "receptive_field",
    "same_padding",
    "seen_by",
    "transposed_size",
]
