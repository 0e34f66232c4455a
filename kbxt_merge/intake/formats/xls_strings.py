"""The shared strings of an .xls: some programs write a wrong number of them, on which xlrd relies."""

from __future__ import annotations

import struct
from collections.abc import Sequence

SST, CONTINUE = 0x00FC, 0x003C
RECORD = struct.Struct("<HH")
COUNT_AT = 4
"""Where, in the record, the number of different strings stands ([MS-XLS] 2.4.265)."""
HEAD_SIZE = 8
WIDE, PHONETIC, RICH = 0x01, 0x04, 0x08
RUN_SIZE = 4


def with_true_count(stream: bytes) -> bytes:
    """The workbook's stream, which tells as many shared strings as there are; raises one of DAMAGE."""
    at = 0
    while at + RECORD.size <= len(stream):
        number, length = RECORD.unpack_from(stream, at)
        if number == SST:
            told = at + RECORD.size + COUNT_AT
            return stream[:told] + struct.pack("<I", _count(_pieces(stream, at))) + stream[told + 4 :]
        at += RECORD.size + length
    return stream


def _pieces(stream: bytes, at: int) -> list[bytes]:
    """The bodies of the record at this place and of those that continue it."""
    pieces: list[bytes] = []
    while at + RECORD.size <= len(stream):
        number, length = RECORD.unpack_from(stream, at)
        if pieces and number != CONTINUE:
            break
        pieces.append(stream[at + RECORD.size : at + RECORD.size + length])
        at += RECORD.size + length
    return pieces


def _count(pieces: Sequence[bytes]) -> int:
    place = _Place(pieces)
    count = 0
    while place.has(3):
        place.pass_string()
        count += 1
    return count


class _Place:
    """A place in the pieces, from which string after string is passed."""

    def __init__(self, pieces: Sequence[bytes]) -> None:
        self.pieces, self.piece, self.at = pieces, 0, HEAD_SIZE

    def has(self, size: int) -> bool:
        """Whether so many bytes are left before the end; steps to the next piece where this one is used up."""
        while self.piece < len(self.pieces) and self.at >= len(self.pieces[self.piece]):
            self.piece, self.at = self.piece + 1, 0
        return self.piece < len(self.pieces) and self.at + size <= len(self.pieces[self.piece])

    def pass_string(self) -> None:
        """Step over one string, its formatting and its reading."""
        (length,) = self._taken("<H")
        (flags,) = self._taken("<B")
        runs = self._taken("<H")[0] if flags & RICH else 0
        reading = self._taken("<I")[0] if flags & PHONETIC else 0
        self._pass_characters(length, flags)
        self._pass(runs * RUN_SIZE + reading)

    def _taken(self, form: str) -> tuple[int, ...]:
        size = struct.calcsize(form)
        if not self.has(size):
            raise EOFError
        found = struct.unpack_from(form, self.pieces[self.piece], self.at)
        self.at += size
        return found

    def _pass_characters(self, length: int, flags: int) -> None:
        """Step over characters; where they go on in the next piece, its first byte says anew how wide they are."""
        while length:
            width = 2 if flags & WIDE else 1
            here = min(length, (len(self.pieces[self.piece]) - self.at) // width)
            length -= here
            self.at += here * width
            if length:
                self.piece, self.at = self.piece + 1, 0
                (flags,) = self._taken("<B")

    def _pass(self, size: int) -> None:
        while size:
            if not self.has(1):
                raise EOFError
            here = min(size, len(self.pieces[self.piece]) - self.at)
            size -= here
            self.at += here
