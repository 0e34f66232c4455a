"""What a name promises, and what is said of files that are no workbooks: each by what it is, with what to do."""

from __future__ import annotations

import io
import struct
import zlib
from pathlib import Path

import docx
import pytest
from made_workbooks import written, xlsx, xlsx_parts, zipped
from test_read_file import READ

from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.model.file_names import ENDINGS, finished_name
from kbxt_merge.model.limits import Limits
from kbxt_merge.rules.checks.reasons import advice, reason

FORK = b"\0\x05\x16\x07\0\2\0\0Mac OS X        " + bytes(40)
SPLIT_END = b"PK\x05\x06" + struct.pack("<HHHHIIH", 1, 1, 0, 1, 50, 0, 0)


def png() -> bytes:
    """A picture of one white point."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(b"\0\xff")) + chunk(b"IEND", b"")


EMPTY_SHEET = '<worksheet xmlns="x"><sheetData/></worksheet>'
WEB_LOCATION = b"bplist00\xd1\1\2SURL_\x10\x1ahttps://docs.qq.com/sheet/a" + bytes(8)
FILES: dict[str, tuple[bytes, str]] = {
    "附件1-2.url": (b"[InternetShortcut]\r\nURL=https://www.kdocs.cn/l/abc\r\n", "file-unreadable: shortcut"),
    "附件3.xlsx.lnk": (b"L\0\0\0\x01\x14\x02\0" + bytes(90), "file-unreadable: shortcut"),
    "附件3.webloc": (WEB_LOCATION, "file-unreadable: shortcut"),
    "附件.txt": ("腾讯文档链接 https://docs.qq.com/sheet/abc".encode(), "file-unreadable: shortcut"),
    "说明.txt": ("请看 https://a.example 的\n第二段，另见其他。\n".encode(), "file-other: text"),
    "打包.zip": ("文件不存在或已过期".encode(), "file-unreadable: text"),
    "附件3.xlsx.crdownload": (xlsx("")[:300], "file-unreadable: half-download"),
    "未确认 4711.crdownload": (xlsx("")[:300], "file-unreadable: half-download"),
    "照片.jpg.crdownload": (b"", "file-ignored: passing"),
    "附件3.xlsx.baiduyun.p.downloading": (b"", "file-unreadable: half-download"),
    "附件4.xlsx.part": (b"", "file-ignored: passing"),
    "附件4.xlsx": (xlsx(""), ""),
    "~WRL0001.tmp": (xlsx(""), "file-ignored: passing"),
    "材料.z01": (b"PK\x07\x08PK\x03\x04" + bytes(90), "file-unreadable: volume"),
    "材料.zip": (bytes(60) + SPLIT_END, "file-unreadable: volume"),
    "卷二.zip": (b"PK\x03\x04" + bytes(60) + SPLIT_END, "file-unreadable: volume"),
    "材料.7z.001": (b"7z\xbc\xaf\x27\x1c" + bytes(90), "file-unreadable: volume"),
    "材料.part1.rar": (b"Rar!\x1a\x07\1\0" + bytes(90), "file-unreadable: volume"),
    "附件3.numbers": (zipped({"Index/Document.iwa": b"x", "preview.jpg": b"x"}), "file-unreadable: iwork"),
    "smime.p7s": (b"\x30\x82\1\1" + bytes(range(256)), "file-other: signature"),
    "smime.p7m": (b"\x30\x82\1\1" + bytes(range(256)), "file-unreadable: sealed-mail"),
    "ATT00001.htm": (b"<html><body><br></body></html>", "file-other: mail-text"),
    "ATT00002.txt": (b"", "file-other: mail-text"),
    "a.mp4": (b"\0\0\0\x18ftypmp42" + bytes(90), "file-other: media"),
    "家访.mov": (bytes(range(256)), "file-other: media"),
    "王五.vcf": (b"BEGIN:VCARD\r\nFN:x\r\nEND:VCARD\r\n", "file-other: contact"),
    "会议.ics": (b"BEGIN:VCALENDAR\r\nEND:VCALENDAR\r\n", "file-other: contact"),
    "a.ofd.exe": (b"MZ\0\0" + bytes(90), "file-other: program"),
    "名单.xlsx": (FORK, "file-ignored: resource-fork"),
    "附件1-2.slk": (b"ID;PWXL;N;E\r\nC;Y1;X1;K\"a\"\r\nE\r\n", "file-unreadable: sylk"),
    "附件5.xlsx": (zipped(xlsx_parts({"a": EMPTY_SHEET}) | {"xl/media/1.png": png()}), "file-unreadable: picture-only"),
}  # fmt: skip


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> dict[str, str]:
    """Of each file of one inbox why it was not read."""
    folder = tmp_path_factory.mktemp("inbox")
    for name, (data, _) in FILES.items():
        written(folder, name, data)
    readings = [READ(file) for file in walk(folder, Limits(), jobs=0)]
    problems = {reading.file.path: reading.problem for reading in readings}
    return {path: f"{each.slug}: {each.facts['what']}" if each else "" for path, each in problems.items()}


@pytest.mark.parametrize("name", FILES)
def test_each_file_is_told_by_what_it_is(name: str, told: dict[str, str]) -> None:
    assert told[name] == FILES[name][1]


def test_no_file_of_the_inbox_lacks_its_verdict(told: dict[str, str]) -> None:
    assert set(told) == set(FILES)


def test_a_fault_that_saving_anew_cannot_mend_says_what_to_do(tmp_path: Path) -> None:
    said = set()
    for name in ("附件1-2.url", "附件3.xlsx.crdownload", "材料.z01", "附件3.numbers", "smime.p7m", "附件5.xlsx"):
        written(tmp_path, name, FILES[name][0])
    for reading in (READ(file) for file in walk(tmp_path, Limits(), jobs=0)):
        assert reading.problem
        said.add((reason(reading.problem), advice(reading.problem)))
    assert len(said) == len({do for _, do in said}) == 6


@pytest.mark.parametrize(("name", "slug"), [("附件3.docx", "file-unreadable"), ("家访照片.docx", "file-other")])
def test_a_picture_in_a_word_file_is_a_fault_where_a_form_is_due(name: str, slug: str, tmp_path: Path) -> None:
    document = docx.Document()
    document.add_picture(io.BytesIO(png()))
    (tmp_path / "in").mkdir()
    document.save(str(tmp_path / "in" / name))
    (reading,) = (READ(file) for file in walk(tmp_path / "in", Limits()))
    assert reading.problem
    assert (reading.problem.slug, reading.problem.facts["what"]) == (slug, "picture-only")


def test_a_half_download_is_known_by_the_name_it_will_have() -> None:
    assert finished_name("甲/附件3.xlsx.baiduyun.p.downloading") == "甲/附件3.xlsx"
    assert finished_name("甲.part/附件3.xlsx") == "甲.part/附件3.xlsx"


def test_no_ending_promises_two_things() -> None:
    endings = " ".join(ENDINGS.values()).split()
    assert len(endings) == len(set(endings))
