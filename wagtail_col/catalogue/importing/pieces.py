"""An uploaded file between looking and importing: in pieces in the database, as a file again."""

from __future__ import annotations

import io
from typing import BinaryIO

from wagtail_col.catalogue.importing.sniffing import PIECE
from wagtail_col.catalogue.models import ImportPiece, ImportRun


def keep(run: ImportRun, file: BinaryIO) -> None:
    """Store a file for a run."""
    file.seek(0)
    number = 0
    while data := file.read(PIECE):
        ImportPiece.objects.create(run=run, number=number, data=data)
        number += 1


def kept(run: ImportRun) -> BinaryIO:
    """The file of a run; only the piece that is being read is in memory."""
    return io.BufferedReader(_Pieces(run), PIECE)


class _Pieces(io.RawIOBase):
    def __init__(self, run: ImportRun) -> None:
        super().__init__()
        self._run = run
        self._at = 0
        self._number, self._data = -1, b""

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        start = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._run.size}[whence]
        self._at = max(0, start + offset)
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer) -> int:
        number, start = divmod(self._at, PIECE)
        if number != self._number:
            found = self._run.pieces.filter(number=number).values_list("data", flat=True).first()
            self._number, self._data = number, bytes(found or b"")
        some = self._data[start : start + len(buffer)]
        buffer[: len(some)] = some
        self._at += len(some)
        return len(some)
