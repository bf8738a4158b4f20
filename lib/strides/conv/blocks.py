"""Batches in blocks of images, so that what is made of a block is still in the cache when used."""

from collections.abc import Iterator

BLOCK_BYTES = 2**20  # the cache that a core has to itself


def blocks(images: int, bytes_each: int, weights: int = 0) -> Iterator[slice]:
    """Cut a number of images into blocks that need BLOCK_BYTES at most, one image at least.

    Where the bytes of the weights that meet each block are more, so may be those of the block.
    """
    size = max(1, max(BLOCK_BYTES, weights) // max(1, bytes_each))
    for start in range(0, images, size):
        yield slice(start, min(start + size, images))
