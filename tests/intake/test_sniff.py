"""What a file is, is told by its bytes, whatever its name says."""

from __future__ import annotations

import io

import py7zr
import pytest
from made_workbooks import (
    MAIN,
    biff8_label,
    biff_book,
    biff_label,
    ods,
    ole,
    record,
    sheet_xml,
    xlsx,
    xlsx_parts,
    zipped,
)

from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.returns import Kind

TABLE = "序号,姓名,性别\n1,张三,男\n2,李四,女\n"
PAGE = "<html><body><table><tr><td>姓名</td></tr></table></body></html>"
XML_2003 = (
    '<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet">'
    '<Worksheet xmlns:ss="urn:schemas-microsoft-com:office:spreadsheet" ss:Name="a"/></Workbook>'
)


def seven_zip() -> bytes:
    buffer = io.BytesIO()
    with py7zr.SevenZipFile(buffer, "w") as archive:
        archive.writestr(b"x", "a.txt")
    return buffer.getvalue()


KINDS: dict[str, tuple[bytes, Kind]] = {
    "a workbook": (xlsx(""), Kind.XLSX),
    "a workbook cut off before its directory": (zipped(xlsx_parts({"a": sheet_xml("")}))[:600], Kind.XLSX),
    "a binary workbook": (zipped({"[Content_Types].xml": "", "xl/workbook.bin": b""}), Kind.XLSB),
    "an OpenDocument sheet": (ods(""), Kind.ODS),
    "an OpenDocument text": (zipped({"mimetype": "application/vnd.oasis.opendocument.text"}), Kind.UNKNOWN),
    "a Word file": (zipped({"[Content_Types].xml": "", "word/document.xml": ""}), Kind.DOCX),
    "a page of OFD": (zipped({"OFD.xml": ""}), Kind.PDF),
    "a zip of workbooks": (zipped({"a.xlsx": xlsx(""), "b.xlsx": xlsx("")}), Kind.ZIP),
    "an empty zip": (zipped({}), Kind.ZIP),
    "a 7z": (seven_zip(), Kind.SEVEN_ZIP),
    "a rar": (b"Rar!\x1a\x07\x01\0", Kind.RAR),
    "Excel 97": (ole(biff_book(0x600, b"\x01\0a", biff8_label(0, 0, "姓名"))), Kind.XLS),
    "Excel 95": (ole(biff_book(0x500, b"\x01a", b""), "Book"), Kind.XLS),
    "a stream without its file": (biff_book(0x500, b"\x01a", biff_label(0, 0, b"a")), Kind.BIFF),
    "a stream of a PHP export": (record(0x809, bytes.fromhex("0000100000000000")) + record(0x0A), Kind.BIFF),
    "Word 97": (ole(b"", "WordDocument"), Kind.DOC),
    "rich text": (b"{\\rtf1 x}", Kind.RTF),
    "a locked workbook": (ole(b"", "EncryptedPackage"), Kind.ENCRYPTED),
    "another OLE file": (ole(b"", "PowerPoint Document"), Kind.UNKNOWN),
    "SpreadsheetML": (XML_2003.encode(), Kind.XML2003),
    "SpreadsheetML after a mark": (b"\xef\xbb\xbf" + XML_2003.encode(), Kind.XML2003),
    "a web page": (PAGE.encode("gb18030"), Kind.HTML),
    "a web archive": (b"MIME-Version: 1.0\r\nContent-Type: text/html\r\n\r\n" + PAGE.encode(), Kind.HTML),
    "a table in UTF-8": (TABLE.encode(), Kind.CSV),
    "a table in GB18030": (TABLE.encode("gb18030"), Kind.CSV),
    "a table in UTF-16": (TABLE.replace(",", "\t").encode("utf-16"), Kind.CSV),
    "a table in UTF-16 without a mark": (TABLE.encode("utf-16-le"), Kind.CSV),
    "a letter": ("各位老师：\n请于周五前上报。谢谢，辛苦了。\n教育局\n".encode(), Kind.TEXT),
    "a PDF": (b"%PDF-1.7\n1 0 obj", Kind.PDF),
    "a PDF after some bytes": (b"\n\n%PDF-1.7", Kind.PDF),
    "a PNG": (b"\x89PNG\r\n\x1a\n" + bytes(20), Kind.IMAGE),
    "a JPEG": (b"\xff\xd8\xff\xe0" + bytes(20), Kind.IMAGE),
    "a picture of a telephone": (b"\0\0\0\x18ftypheic" + bytes(20), Kind.IMAGE),
    "nothing": (b"", Kind.EMPTY),
    "white space": (b" \r\n\t\r\n", Kind.EMPTY),
    "zeros": (bytes(512), Kind.UNKNOWN),
    "noise": (bytes(range(256)) * 4, Kind.UNKNOWN),
}


@pytest.mark.parametrize(("data", "kind"), KINDS.values(), ids=KINDS)
def test_the_bytes_tell_the_kind_under_any_name(data: bytes, kind: Kind) -> None:
    assert {kind_of(data, name) for name in ("附件1-2.xlsx", "a.xls", "b")} == {kind}


def test_the_name_decides_that_text_is_a_table() -> None:
    text = "姓名\n张三\n".encode()
    assert (kind_of(text, "名单.csv"), kind_of(text, "名单.txt")) == (Kind.CSV, Kind.TEXT)


def test_a_workbook_that_names_its_parts_in_capitals_is_one() -> None:
    assert kind_of(zipped({"[CONTENT_TYPES].XML": "", "XL/WORKBOOK.XML": MAIN}), "a") is Kind.XLSX
