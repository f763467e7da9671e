"""Numbers of listings, packed: thousands of them take a few kilobytes and one row."""

from __future__ import annotations

import zlib
from collections.abc import Iterable

import numpy as np


def packed(numbers: Iterable[int]) -> bytes:
    """The set of these numbers (0 to 2^63): the steps from one to the next, compressed."""
    ordered = np.array(sorted(set(numbers)), dtype="<i8")
    return zlib.compress(np.diff(ordered, prepend=ordered.dtype.type(0)).tobytes())


def unpacked(data: bytes) -> set[int]:
    """The set that ``packed`` was given."""
    steps = np.frombuffer(zlib.decompress(bytes(data)), dtype="<i8")
    return set(np.cumsum(steps).tolist())
