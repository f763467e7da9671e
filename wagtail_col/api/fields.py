"""A secret of which the database holds the hash alone."""

from __future__ import annotations

import hashlib
from typing import Any

from django.db import models


class Hashed(str):
    """What was read from the database: hashed already."""

    __slots__ = ()


def hashed(secret: str) -> Hashed:
    """SHA-256 in hex. Only for random secrets, which nobody can guess from it."""
    return Hashed(hashlib.sha256(secret.encode()).hexdigest())


class HashedField(models.CharField):
    """Stores and looks up the hash of what it is given; nothing can be read back."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **{**kwargs, "max_length": 64, "editable": False})

    def deconstruct(self) -> tuple:
        name, path, args, kwargs = super().deconstruct()
        for fixed in ("max_length", "editable"):
            kwargs.pop(fixed, None)
        return name, path, args, kwargs

    def get_prep_value(self, value: Any) -> Any:
        value = super().get_prep_value(value)
        if value is None or isinstance(value, Hashed):
            return value
        return hashed(value)

    def to_python(self, value: Any) -> Any:
        return value if value is None or isinstance(value, str) else str(value)

    def from_db_value(self, value: Any, expression: Any, connection: Any) -> Hashed | None:
        return None if value is None else Hashed(value)
