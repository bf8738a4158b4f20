"""Batches in blocks of images, so that what is made of a block is still in the cache when used."""

from collections.abc import Iterator

BLOCK_BYTES = 2**20  # the cache that a core has to itself


def blocks(images: int, bytes_each: int) -> Iterator[slice]:
    """Cut a number of images into blocks that need BLOCK_BYTES at most, one image at least."""
    size = max(1, BLOCK_BYTES // max(1, bytes_each))
    for start in range(0, images, size):
        yield slice(start, min(start + size, images))
