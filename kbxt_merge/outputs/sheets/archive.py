"""Zip entries as they lie in a file: those that nobody changes are copied without being packed again."""

from __future__ import annotations

import io
import re
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import lru_cache, partial

from kbxt_merge.model.text import allowed_in_xml

_NAME_AND_EXTRA = struct.Struct("<HH")
_LOCAL_HEADER = 30
_COPIED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LEVEL = 2
"""Of our XML the second level makes a fifth more bytes than the sixth, in a quarter of the time."""

_SIGNED = b"PK\x03\x04"
_ODD = 0x1 | 0x20 | 0x40
"""Of an entry's flags those that ask more of who unpacks it: it is locked, or mends another."""
_SMALL, _SMALL_UNPACKED = 1 << 12, 1 << 16
"""Bytes of an entry that is remembered: the same styles, theme and types come in all workbooks of one blank."""

_OWNER_MAY_READ_AND_WRITE = 0o600 << 16
_FIXED_TIME = (1980, 1, 1, 0, 0, 0)
"""The time of entries that are ours: the same workbook makes the same bytes."""


@dataclass(slots=True)
class Entry:
    """An entry: its content, and where it came out of an archive, how it lay there and what unpacks it."""

    name: str
    unpacked: bytes | None
    origin: zipfile.ZipInfo | None = None
    packed: bytes | None = None
    unpack: Callable[[], bytes] = bytes

    @property
    def content(self) -> bytes:
        """Its bytes, unpacked when first asked for, their checksum held; raises what `zipfile` raises."""
        if self.unpacked is None:
            self.unpacked = self.unpack()
        return self.unpacked

    def with_content(self, content: bytes) -> Entry:
        """The same entry, to be packed anew."""
        return Entry(self.name, content, self.origin)


def entries_of(content: bytes) -> list[Entry]:
    """The files in an archive, also several of one name; raises what `zipfile` raises."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    infos = [info for info in archive.infolist() if not info.is_dir()]
    return [_entry(archive, content, each) for each in infos]


def _entry(archive: zipfile.ZipFile, content: bytes, info: zipfile.ZipInfo) -> Entry:
    packed = _packed(content, info)
    if packed is None or not _is_usual(content, info):
        return Entry(info.filename, None, info, packed, partial(archive.read, info))
    return Entry(info.filename, None, info, packed, partial(_unpacked, archive, info, packed))


def _is_usual(content: bytes, info: zipfile.ZipInfo) -> bool:
    """Whether an entry is packed as office programs do, under one name in both of its places."""
    at, name = info.header_offset, info.orig_filename
    begin = at + _LOCAL_HEADER
    return (
        info.compress_type == zipfile.ZIP_DEFLATED
        and not info.flag_bits & _ODD
        and name.isascii()
        and content.startswith(_SIGNED, at)
        and content[begin : begin + _NAME_AND_EXTRA.unpack_from(content, begin - _NAME_AND_EXTRA.size)[0]]
        == name.encode()
    )


def _unpacked(archive: zipfile.ZipFile, info: zipfile.ZipInfo, packed: bytes) -> bytes:
    """What such an entry holds, without what `zipfile` does for any; where something is odd `zipfile` says what."""
    is_small = len(packed) <= _SMALL and info.file_size <= _SMALL_UNPACKED
    found = (_inflated_once if is_small else _inflated)(packed, info.file_size, info.CRC)
    return archive.read(info) if found is None else found


def _inflated(packed: bytes, size: int, checksum: int) -> bytes | None:
    """The bytes, so many and with this checksum; None where they are others."""
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacking.decompress(packed, size + 1)
    except zlib.error:
        return None
    return content if len(content) == size and unpacking.eof and zlib.crc32(content) == checksum else None


_inflated_once = lru_cache(maxsize=512)(_inflated)


def _deflated(content: bytes) -> tuple[int, bytes]:
    """The checksum of an entry's bytes, and they packed."""
    packing = zlib.compressobj(_LEVEL, zlib.DEFLATED, -zlib.MAX_WBITS)
    return zlib.crc32(content), packing.compress(content) + packing.flush()


_deflated_once = lru_cache(maxsize=512)(_deflated)


def _packed(content: bytes, info: zipfile.ZipInfo) -> bytes | None:
    """The bytes of an entry as they lie there; None for ways of packing that office programs don't read."""
    if info.compress_type not in _COPIED:
        return None
    lengths = _NAME_AND_EXTRA.unpack_from(content, info.header_offset + _LOCAL_HEADER - _NAME_AND_EXTRA.size)
    start = info.header_offset + _LOCAL_HEADER + sum(lengths)
    return content[start : start + info.compress_size]


def archive_of(entries: Iterable[Entry]) -> bytes:
    """An archive of these entries, in their order."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in entries:
            _put(archive, out, *_packed_again(entry))
    return out.getvalue()


def _packed_again(entry: Entry) -> tuple[zipfile.ZipInfo, bytes]:
    """An entry's header, and its bytes as they lay; packed anew where it is another than it was."""
    info = zipfile.ZipInfo(entry.name, entry.origin.date_time if entry.origin else _FIXED_TIME)
    info.external_attr = _OWNER_MAY_READ_AND_WRITE
    stored = entry.origin is not None and entry.origin.compress_type == zipfile.ZIP_STORED
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    if entry.origin is not None and entry.packed is not None:
        packed = entry.packed
        info.CRC, info.file_size = entry.origin.CRC, entry.origin.file_size
    else:
        content = entry.content
        info.file_size = len(content)
        if stored:
            info.CRC, packed = zlib.crc32(content), content
        else:
            info.CRC, packed = (_deflated_once if len(content) <= _SMALL_UNPACKED else _deflated)(content)
    info.compress_size = len(packed)
    return info, packed


def _put(archive: zipfile.ZipFile, out: io.BytesIO, info: zipfile.ZipInfo, packed: bytes) -> None:
    """Add an entry that is packed: `zipfile` has no call for it, but lists what lies before `start_dir`."""
    info.header_offset = archive.start_dir
    out.seek(archive.start_dir)
    out.write(info.FileHeader())
    out.write(packed)
    archive.start_dir = out.tell()
    archive.filelist.append(info)
    archive.NameToInfo[info.filename] = info


_AS_IT_IS = re.compile(r"[ -%'-;=?-\ud7ff\ue000-\ufffd]*")
"""What most texts are: without a character that XML forbids or that means something to it."""

_ESCAPES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "\r": "&#13;"})
_IN_ATTRIBUTES = str.maketrans({'"': "&quot;", "\n": "&#10;", "\t": "&#9;"})


def escaped(text: str) -> str:
    r"""The text as the inside of an element, without the characters that XML can't hold.

    >>> escaped("<b>\x01张 & 李")
    '&lt;b&gt;张 &amp; 李'
    """
    return text if _AS_IT_IS.fullmatch(text) else allowed_in_xml(text).translate(_ESCAPES)


def attribute(text: str) -> str:
    """The text between the quotes of an attribute; line breaks and tabs survive there only as numbers."""
    return escaped(text).translate(_IN_ATTRIBUTES)
