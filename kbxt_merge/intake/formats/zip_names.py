"""The names in a zip: packers write them in UTF-8 or in their own code page, and may say the wrong one."""

from __future__ import annotations

import io
import struct
import zipfile
from typing import IO

ENTRY, END = b"PK\x01\x02", b"PK\x05\x06"
ENTRY_SIZE = 46
LENGTHS = struct.Struct("<HHH")
"""Of an entry's name, of its further fields, of its remark."""
FLAGS_AT, LENGTHS_AT, HEADER_AT, FLAGS_OF_HEADER_AT = 8, 28, 42, 6
PLACE = struct.Struct("<I")
DIRECTORY_AT = 16
"""Where the end record tells where the first entry stands."""
IN_UTF_8 = 0x800


def member_name(entry: zipfile.ZipInfo) -> str:
    """The entry's name as its writer meant it: UTF-8 where flagged or valid, else GBK, else as it stands."""
    if entry.flag_bits & IN_UTF_8:
        return entry.filename
    raw = entry.orig_filename.encode("cp437", "replace")
    for encoding in ("utf-8", "gb18030"):
        try:
            return raw.decode(encoding)
        except UnicodeDecodeError:
            continue
    return entry.filename


def by_true_names(source: IO[bytes]) -> zipfile.ZipFile:
    """The zip, whatever code page its names are in and said to be in; raises one of DAMAGE for one that is damaged."""
    try:
        return zipfile.ZipFile(source)
    except UnicodeDecodeError:  # or one name would cost the whole archive
        return zipfile.ZipFile(_with_true_flags(source))


def _with_true_flags(source: IO[bytes]) -> IO[bytes]:
    """The zip, in which no name is said to be UTF-8 that is not."""
    source.seek(0)
    data = bytearray(source.read())
    (at,) = PLACE.unpack_from(data, data.rfind(END) + DIRECTORY_AT)
    while data[at : at + len(ENTRY)] == ENTRY:
        name, *others = LENGTHS.unpack_from(data, at + LENGTHS_AT)
        if not _is_utf_8(data[at + ENTRY_SIZE : at + ENTRY_SIZE + name]):
            (header,) = PLACE.unpack_from(data, at + HEADER_AT)
            for flags in (at + FLAGS_AT, header + FLAGS_OF_HEADER_AT):
                data[flags + 1] &= ~(IN_UTF_8 >> 8) & 0xFF
        at += ENTRY_SIZE + name + sum(others)
    return io.BytesIO(data)


def _is_utf_8(name: bytearray) -> bool:
    try:
        name.decode()
    except UnicodeDecodeError:
        return False
    return True
