"""The course's secret, and the seeds drawn from it: the same each time, and not to be guessed."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from pathlib import Path

from .errors import CourseError

SECRET = Path(".strides", "secret")
BYTES = 32
SEED_BITS = 63


def course_secret(root: Path) -> bytes:
    """The course's secret of 32 bytes, made at the first use and only readable by its owner.

    It stands in ROOT/.strides/secret, which git ignores and no bundle takes. Two processes that
    make it at once get the same. Raises CourseError where it cannot be kept there.
    """
    path = root / SECRET
    try:
        if not path.exists():
            _make(path)
        secret = path.read_bytes()
    except OSError as problem:
        raise CourseError(
            f"{path}: expected a place for the course's secret ({problem.strerror}); "
            "make the folder writable."
        ) from None
    if len(secret) != BYTES:
        raise CourseError(
            f"{path}: expected {BYTES} bytes, found {len(secret)}; put back a copy of it, or "
            "delete it for a new one, which draws other hidden inputs from now on."
        )
    return secret


def _make(path: Path) -> None:
    """Write a new secret in one step, unless another process was first."""
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(secrets.token_bytes(BYTES))
            file.flush()
            os.fsync(file.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            return
    finally:
        fresh.unlink()


def seed_for(secret: bytes, *names: str) -> int:
    """A seed from 0 to 2**63 - 1 for these names: HMAC-SHA256 of them, cut (RFC 2104)."""
    message = b"".join(len(part).to_bytes(8, "big") + part for part in map(str.encode, names))
    digest = hmac.new(secret, message, hashlib.sha256).digest()
    return int.from_bytes(digest[:8], "big") >> (64 - SEED_BITS)
