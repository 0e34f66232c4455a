"""Locked workbooks: Excel's own password and the bureau's open them; others are told as locked."""

from __future__ import annotations

import hashlib
import io
import struct

import msoffcrypto.format.ooxml
import pytest
from made_workbooks import (
    LIMITS,
    biff8_label,
    biff_book,
    cells_of,
    ole,
    problem_of,
    record,
    sheet_xml,
    text_cell,
    workbook_of,
    xlsx_parts,
    zipped,
)
from msoffcrypto.method.rc4 import DocumentRC4

from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.returns import Kind

PLAIN = zipped(xlsx_parts({"附件1-2": sheet_xml(f'<row r="1">{text_cell("A1", "姓名")}</row>' + " " * 8000)}), method=0)

FILLER = record(0x7FFF, bytes(5000))
"""Makes the stream long enough to end where its last record does."""


def locked_xlsx(password: str) -> bytes:
    buffer = io.BytesIO()
    msoffcrypto.format.ooxml.OOXMLFile(io.BytesIO(PLAIN)).encrypt(password, buffer)
    return buffer.getvalue()


def locked_xls(password: str) -> bytes:
    """RC4 of [MS-XLS] 2.2.10: everything is locked but record headers, BOF, FILEPASS and a sheet's position."""
    salt, verifier = b"0123456789abcdef", b"fedcba9876543210"

    def stream(length: int) -> bytes:
        return bytes(DocumentRC4.decrypt(password, salt, io.BytesIO(bytes(length)), blocksize=1024).read())

    proof = bytes(a ^ b for a, b in zip(verifier + hashlib.md5(verifier).digest(), stream(32), strict=True))
    head = record(0x2F, struct.pack("<HHH", 1, 1, 1) + salt + proof)
    book = bytearray(
        biff_book(0x600, b"\x03\x01" + "附件二".encode("utf-16-le"), biff8_label(0, 0, "姓名") + FILLER, head=head)
    )
    keys, at = stream(len(book)), 0
    while at < len(book):
        number, length = struct.unpack_from("<HH", book, at)
        open_bytes = {0x809: length, 0x2F: length, 0x85: 4}.get(number, 0)
        for place in range(at + 4 + open_bytes, at + 4 + length):
            book[place] ^= keys[place]
        at += 4 + length
    return ole(bytes(book))


LOCKED = {"OOXML": (locked_xlsx, Kind.ENCRYPTED), "Excel 97": (locked_xls, Kind.XLS)}


@pytest.mark.parametrize(("lock", "kind"), LOCKED.values(), ids=LOCKED)
def test_excels_own_password_is_tried_first(lock, kind) -> None:  # type: ignore[no-untyped-def]
    data = lock("VelvetSweatshop")
    assert kind_of(data, "a.xlsx") is kind
    assert cells_of(workbook_of(data)) == {(0, 0): "姓名"}


@pytest.mark.parametrize(("lock", "kind"), LOCKED.values(), ids=LOCKED)
def test_the_bureaus_passwords_are_tried_in_turn(lock, kind) -> None:  # type: ignore[no-untyped-def]
    data = lock("ganxian")
    assert problem_of(data) == ("file-encrypted", "password")
    assert cells_of(read_workbook(data, kind, LIMITS, ["kbxt", "ganxian"])) == {(0, 0): "姓名"}


def test_a_locked_file_that_is_damaged_is_still_told_as_locked() -> None:
    assert problem_of(ole(b"", "EncryptedPackage")) == ("file-encrypted", "password")
