"""Zip files, opened only after their directory has been held against the limits."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Collection, Iterator
from contextlib import suppress
from itertools import pairwise
from typing import IO

from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.formats.zip_names import by_true_names
from kbxt_merge.model.limits import Limits

LOCAL_HEADER = b"PK\x03\x04"
END_RECORD = b"PK\x05\x06"
END_RECORD_SIZE = 22
LOCAL_HEADER_SIZE = 30
DEFLATE_BEST = 1032
"""The most that deflate can inflate one byte to."""
ENTRY_DIRECTORY_BYTES = 1024
"""More than a directory entry with a long name needs."""


def open_zip(source: IO[bytes], limits: Limits, most: int | None = None) -> zipfile.ZipFile:
    """The zip in `source`, its directory checked: entries, overlaps, declared sizes and ratios; raises Unreadable.

    `most` is how many entries it may have; a workbook's limit unless said.
    """
    most = limits.entries if most is None else most
    check_directory_size(source, most)
    try:
        archive = by_true_names(source)
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "truncated") from error
    check_entries(archive, most)
    return archive


def check_directory_size(source: IO[bytes], most: int) -> None:
    """Refuse a directory too large to be parsed: its size stands in the end record, before anything is read."""
    end = source.seek(0, io.SEEK_END)
    source.seek(max(0, end - END_RECORD_SIZE - 65535))
    tail = source.read()
    at = tail.rfind(END_RECORD)
    if at < 0 or len(tail) - at < END_RECORD_SIZE:
        raise Unreadable("file-unreadable", "truncated")
    size = int.from_bytes(tail[at + 12 : at + 16], "little")
    # 0xFFFFFFFF stands for a zip64 record; such a directory is bounded by the file itself
    found = min(size, end) // ENTRY_DIRECTORY_BYTES
    if found > most:
        raise Unreadable("file-unsafe", "too-many-entries", limit=most, found=f">{most}")


def check_entries(archive: zipfile.ZipFile, most: int) -> None:
    """Refuse more entries than `most`, and entries that share bytes."""
    entries = archive.infolist()
    if len(entries) > most:
        raise Unreadable("file-unsafe", "too-many-entries", limit=most, found=len(entries))
    extents = sorted((entry.header_offset, entry.header_offset + _least_size(entry)) for entry in entries)
    if any(second[0] < first[1] for first, second in pairwise(extents)):
        raise Unreadable("file-unsafe", "overlapping-entries")


def _least_size(entry: zipfile.ZipInfo) -> int:
    return LOCAL_HEADER_SIZE + len(entry.orig_filename) + entry.compress_size


def check_inflated(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what inflates past the limits; an entry that could lie about it is inflated to see."""
    check_declared(archive, limits)
    check_lies(archive, limits)


def check_declared(archive: zipfile.ZipFile, limits: Limits) -> None:
    """Refuse what inflates past the limits, by what the directory says: `zipfile` inflates no more than that."""
    entries = archive.infolist()
    declared = sum(entry.file_size for entry in entries)
    if declared > limits.inflated_bytes:
        raise Unreadable("file-unsafe", "inflated-size", limit=limits.inflated_bytes, found=declared)
    for entry in entries:
        limits.check_ratio(entry.file_size, entry.compress_size)


def check_lies(archive: zipfile.ZipFile, limits: Limits, unread: Collection[str] = ()) -> None:
    """Refuse an entry that inflates to more than the directory says, for readers that would; not of those unread."""
    entries = [entry for entry in archive.infolist() if entry.filename not in unread]
    if sum(entry.compress_size for entry in entries) * DEFLATE_BEST > limits.inflated_bytes:
        for entry in entries:
            check_declared_size(archive, entry)


def check_declared_size(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> None:
    """Refuse an entry that inflates past the size its directory entry declares."""
    size = sum(map(len, inflated(archive, entry)))
    if size > entry.file_size:
        raise Unreadable("file-unsafe", "size-lie", limit=entry.file_size, found=f">{entry.file_size}")


def inflated(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, step: int = 1 << 16) -> Iterator[bytes]:
    """The entry's bytes in pieces, each of so many packed ones at most, up to the first past its declared size."""
    if entry.compress_type != zipfile.ZIP_DEFLATED or archive.fp is None:
        return
    archive.fp.seek(entry.header_offset)
    header = archive.fp.read(LOCAL_HEADER_SIZE)
    skip = int.from_bytes(header[26:28], "little") + int.from_bytes(header[28:30], "little")
    archive.fp.seek(skip, io.SEEK_CUR)
    inflater = zlib.decompressobj(-15)
    left, size = entry.compress_size, 0
    while (left > 0 or inflater.unconsumed_tail) and size <= entry.file_size and not inflater.eof:
        raw = inflater.unconsumed_tail or archive.fp.read(min(left, step))
        left -= 0 if inflater.unconsumed_tail else len(raw)
        if not raw:
            return
        try:
            piece = inflater.decompress(raw, 1 << 20)
        except zlib.error as error:
            raise Unreadable("file-unreadable", "truncated") from error
        size += len(piece)
        yield piece


def bytes_of(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes; raises what `zipfile` raises, which is slower, and is asked wherever anything is odd."""
    if entry.compress_type == zipfile.ZIP_DEFLATED and archive.fp is not None:
        archive.fp.seek(entry.header_offset)
        header = archive.fp.read(LOCAL_HEADER_SIZE)
        name = archive.fp.read(int.from_bytes(header[26:28], "little"))
        archive.fp.seek(int.from_bytes(header[28:30], "little"), io.SEEK_CUR)
        inflater = zlib.decompressobj(-15)
        with suppress(zlib.error):
            content = inflater.decompress(archive.fp.read(entry.compress_size), entry.file_size + 1)
            is_whole = inflater.eof and len(content) == entry.file_size and zlib.crc32(content) == entry.CRC
            if is_whole and header.startswith(LOCAL_HEADER) and name.isascii() and name == entry.orig_filename.encode():
                return content
    return archive.read(entry)
