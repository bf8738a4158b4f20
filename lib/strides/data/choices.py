"""Splits and sizes that a caller asks for, shared by all data sets."""

import numbers

SPLITS = ("train", "val", "test")


def check_split(split: str) -> None:
    """Raise ValueError unless split is one of SPLITS."""
    if split not in SPLITS:
        raise ValueError(
            f"split: expected one of {', '.join(map(repr, SPLITS))}; received {split!r}; "
            f"try 'train'"
        )


def check_seed(seed: int) -> None:
    """Raise ValueError unless seed is a whole number, 0 or more."""
    if not isinstance(seed, numbers.Integral) or seed < 0:
        raise ValueError(f"seed: expected a whole number, 0 or more; received {seed!r}; try 0")


def check_size(size: int | None, most: int | None = None) -> None:
    """Raise ValueError unless size is None or a whole number from 1 to most."""
    if size is None:
        return
    whole = isinstance(size, numbers.Integral) and not isinstance(size, bool)
    if not whole or size < 1:
        raise ValueError(
            f"size: expected a whole number of images, 1 or more; received {size!r}; try 1000"
        )
    if most is not None and size > most:
        raise ValueError(
            f"size: expected at most {most:,}, all there are; received {size:,}; try leaving it out"
        )


def rows_of(split: str, validation: int) -> slice:
    """Rows of a split in the published images: "val" is the last `validation` of the training set.

    "test" is all of the published test set.
    """
    if split == "train":
        return slice(None, -validation)
    if split == "val":
        return slice(-validation, None)
    return slice(None)
