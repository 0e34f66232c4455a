"""Zip entries as they lie in a file: those that nobody changes are copied without being packed again."""

from __future__ import annotations

import io
import re
import struct
import zipfile
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial

from kbxt_merge.model.text import allowed_in_xml

_NAME_AND_EXTRA = struct.Struct("<HH")
_LOCAL_HEADER = 30
_COPIED = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
_LEVEL = 2
"""Of our XML the second level makes a fifth more bytes than the sixth, in a quarter of the time."""

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
    return [Entry(each.filename, None, each, _packed(content, each), partial(archive.read, each)) for each in infos]


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
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED, compresslevel=_LEVEL) as archive:
        for entry in entries:
            if entry.origin is None or entry.packed is None:
                archive.writestr(_info(entry), entry.content, compresslevel=_LEVEL)
            else:
                _copy(archive, out, _info(entry), entry.origin, entry.packed)
    return out.getvalue()


def _info(entry: Entry) -> zipfile.ZipInfo:
    """The header of an entry; one that lay unpacked in its archive is left so."""
    info = zipfile.ZipInfo(entry.name, entry.origin.date_time if entry.origin else _FIXED_TIME)
    stored = entry.origin is not None and entry.origin.compress_type == zipfile.ZIP_STORED
    info.compress_type = zipfile.ZIP_STORED if stored else zipfile.ZIP_DEFLATED
    info.external_attr = _OWNER_MAY_READ_AND_WRITE
    return info


def _copy(
    archive: zipfile.ZipFile, out: io.BytesIO, info: zipfile.ZipInfo, origin: zipfile.ZipInfo, packed: bytes
) -> None:
    """Add an entry as it lay in its archive: `zipfile` has no call for it, but lists what lies before `start_dir`."""
    info.CRC, info.file_size, info.compress_size = origin.CRC, origin.file_size, origin.compress_size
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
