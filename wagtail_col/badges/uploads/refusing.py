from __future__ import annotations


class NotAPicture(Exception):
    """This file cannot be a badge's picture. ``code`` is for programs, the message for people.

    Codes: ``unknown-type``, ``too-large`` (bytes), ``too-many-pixels``, ``damaged``, ``declares``
    (a document type or entities), ``too-complex``, ``no-size``, ``empty``.
    """

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code
        self.message = message
