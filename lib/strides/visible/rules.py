"""What the answers of each exercise may not use, besides what they may leave out.

The visible checks and the exams hold to the same rules. "torch" means: done in NumPy.
"""

from __future__ import annotations

DERIVED = (
    "strides.losses",
    "strides.activations",
    "strides.layers",
    "strides.autograd",
    "strides.tensor_ops",
    "strides.scalar",
    "strides.nets",
    "strides.training",
)
"""What has a loss or a gradient ready."""
MEASURED = ("strides.gradcheck", "strides.slopes")
TRAINED = ("strides.training", "strides.optim", "strides.nets", "strides.data.dataset")
CONVOLVED = ("strides.conv", "strides.nets", "strides.autograd", "strides.tensor_ops", *MEASURED)
OPERATIONS = tuple(
    f"strides.conv.{module}"
    for module in ("filters", "shifted", "naive", "columns", "transposed", "local", "pooling")
)
"""Convolutions and pools; sizes and counts are not among them."""

FORBIDDEN: dict[str, tuple[str, ...]] = {
    exercise: ("torch", *names)
    for exercise, names in {
        "a1.pairwise_distances": ("strides.knn",),
        "a1.knn_predict": ("strides.knn",),
        "a1.standardise": ("strides.data.dataset", "strides.data.augment", "strides.norm"),
        "a1.numerical_gradient": MEASURED,
        "a1.relative_error": MEASURED,
        "a1.svm_loss": DERIVED,
        "a1.log_softmax": DERIVED,
        "a1.softmax_loss": DERIVED,
        "a1.multilabel_loss": DERIVED,
        "a1.train": TRAINED,
        "a1.predict": (*DERIVED, "strides.knn"),
        "a5.output_size": ("strides.conv",),
        "a5.fits": ("strides.conv",),
        "a5.conv1d": CONVOLVED,
        "a5.conv2d": CONVOLVED,
        "a5.mended_conv2d": CONVOLVED,
        "a5.max_pool2d": CONVOLVED,
        "a5.avg_pool2d": CONVOLVED,
        "a5.im2col": CONVOLVED,
        "a5.col2im": CONVOLVED,
        "a5.receptive_field": ("strides.conv",),
        "a5.parameter_count": ("strides.conv",),
        "a5.classify_solids": OPERATIONS,
    }.items()
}
"""By exercise; those whose answer is a plain value have no entry."""
