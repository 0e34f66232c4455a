"""Every file below the inbox is listed once, under one name, and only regular files are opened."""

from __future__ import annotations

import base64
import errno
import io
import lzma
import os
import struct
import sys
import tempfile
import threading
import warnings
import zipfile
from dataclasses import replace
from pathlib import Path

import py7zr
import pytest
from made_workbooks import rar, seven_zip, written, xlsx, zipped

from kbxt_merge.intake.formats.containers import CONTAINERS
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox import archives, local
from kbxt_merge.intake.inbox.archives import check_archive, free_name
from kbxt_merge.intake.inbox.listing import content, is_ignored, walk
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Kind, Workbook
from kbxt_merge.model.school import Roster, School

BOOK = xlsx("")
LIMITS = Limits()


def paths(*inbox: Path) -> list[str]:
    return [file.path for file in walk(inbox[0] if len(inbox) == 1 else inbox)]


def problem(inbox: Path, path: str, limits: Limits = LIMITS) -> tuple[str, str]:
    """Slug and machine word of why the file at this path cannot be had."""
    file = next(file for file in walk(inbox) if file.path == path)
    try:
        data = content(file, limits)
        kind = kind_of(data, path)
        if kind in CONTAINERS:
            check_archive(file, data, kind, limits)
        else:
            read_workbook(data, kind, limits, name=path)
    except Unreadable as error:
        return error.problem.slug, error.problem.facts["what"]
    return "", ""


def gbk_zip(files: dict[str, bytes]) -> bytes:
    """As Windows in China writes it: names in GBK, and no sign that they are."""
    utf8 = zipped({f"{number:04}": data for number, data in enumerate(files.values())})
    for number, name in enumerate(files):
        raw = name.encode("gb18030")
        assert len(raw) == 4
        utf8 = utf8.replace(f"{number:04}".encode(), raw)
    return utf8


@pytest.mark.skipif(not Path("/proc/self/mem").exists(), reason="a file that opens and can't be read is Linux' own")
def test_a_file_that_opens_and_cannot_be_read_is_its_own_fault() -> None:
    with pytest.raises(Unreadable) as refused:
        local.steady("/proc/self/mem", LIMITS)
    assert (refused.value.problem.slug, refused.value.problem.facts["what"]) == ("file-unreadable", "cannot-open")


def test_a_folder_is_walked_to_its_end_in_the_order_of_paths(tmp_path: Path) -> None:
    for name in ("b.xlsx", "梅林小学/附件1-1.xlsx", "梅林小学/补/a.xls", "a.pdf", "~$b.xlsx"):
        written(tmp_path, name, BOOK)
    assert paths(tmp_path) == ["a.pdf", "b.xlsx", "~$b.xlsx", "梅林小学/补/a.xls", "梅林小学/附件1-1.xlsx"]


@pytest.mark.skipif(sys.platform != "linux", reason="PATH_MAX")
def test_a_folder_deeper_than_any_path_reaches_is_told_and_the_others_are_listed(tmp_path: Path) -> None:
    written(tmp_path, "梅林小学/a.xlsx", BOOK)
    at = os.open(tmp_path, os.O_RDONLY)
    for _ in range(18):
        os.mkdir("深" * 83, dir_fd=at)
        before, at = at, os.open("深" * 83, os.O_RDONLY, dir_fd=at)
        os.close(before)
    os.close(os.open("b.xlsx", os.O_CREAT | os.O_WRONLY, dir_fd=at))
    os.close(at)
    listed, deep = sorted(walk(tmp_path), key=lambda file: len(file.path))
    assert listed.path == "梅林小学/a.xlsx"
    assert set(deep.path.split("/")) == {"深" * 83}
    with pytest.raises(Unreadable) as caught:
        content(deep, LIMITS)
    assert (caught.value.problem.slug, caught.value.problem.facts["what"]) == ("file-unreadable", "cannot-open")


def test_a_file_that_goes_while_the_folder_is_listed_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As lock files and a browser's downloads do."""
    written(tmp_path, "a.xlsx", BOOK)
    going = written(tmp_path, "~$a.xlsx", b"lock")
    look = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path == going:
            path.unlink(missing_ok=True)
        return look(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    assert paths(tmp_path) == ["a.xlsx"]


def test_a_file_that_is_there_and_can_not_be_looked_at_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some shares list names by which they then know nothing."""
    written(tmp_path, "a.xlsx", BOOK)
    odd = written(tmp_path, "b.xlsx", BOOK)
    look = Path.lstat

    def lstat(path: Path) -> os.stat_result:
        if path == odd:
            raise FileNotFoundError(errno.ENOENT, "No such file or directory")
        return look(path)

    monkeypatch.setattr(Path, "lstat", lstat)
    monkeypatch.setattr(local, "OPEN_FLAGS", os.O_RDONLY | os.O_DIRECTORY)  # so that it can't be opened either
    assert paths(tmp_path) == ["a.xlsx", "b.xlsx"]
    assert problem(tmp_path, "b.xlsx") == ("file-unreadable", "cannot-open")


def test_a_broken_lzma_stream_costs_its_own_file_alone(tmp_path: Path) -> None:
    packed = bytearray(zipped({"补充.zip": zipped({"b.xlsx": BOOK})}, zipfile.ZIP_LZMA))
    packed[60:90] = bytes(30)
    with zipfile.ZipFile(io.BytesIO(packed)) as archive, pytest.raises(lzma.LZMAError):
        archive.read("补充.zip")
    written(tmp_path, "各校.zip", _with_member(packed, "a.xlsx"))
    assert {path: problem(tmp_path, path)[0] for path in paths(tmp_path)} == {
        "各校.zip": "",
        "各校.zip/a.xlsx": "",
        "各校.zip/补充.zip": "file-unreadable",
    }


def _with_member(archive: bytes, name: str) -> bytes:
    buffer = io.BytesIO(archive)
    with zipfile.ZipFile(buffer, "a") as opened:
        opened.writestr(name, BOOK)
    return buffer.getvalue()


def test_a_file_knows_its_size_and_time(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xlsx", BOOK)
    os.utime(path, (1615530000, 1615530000))
    (file,) = walk(tmp_path)
    assert (file.size, file.modified, content(file, LIMITS)) == (len(BOOK), 1615530000, BOOK)


def test_one_workbook_goes_by_its_name(tmp_path: Path) -> None:
    assert paths(written(tmp_path, "梅林小学/a.xlsx", BOOK)) == ["a.xlsx"]


def test_several_workbooks_go_by_their_paths_below_their_common_folder(tmp_path: Path) -> None:
    first, second = written(tmp_path, "甲/a.xlsx", BOOK), written(tmp_path, "乙/a.xlsx", BOOK)
    assert paths(first, second) == ["乙/a.xlsx", "甲/a.xlsx"]


def test_a_zip_in_the_inbox_is_listed_and_its_members_below_it(tmp_path: Path) -> None:
    written(tmp_path, "返回.zip", zipped({"梅林小学/附件1-1.xlsx": BOOK, "梅林小学/": b"", "a.xlsx": b"x"}))
    assert paths(tmp_path) == ["返回.zip", "返回.zip/a.xlsx", "返回.zip/梅林小学/附件1-1.xlsx"]
    files = walk(tmp_path)
    assert (content(files[1], LIMITS), content(files[2], LIMITS)) == (b"x", BOOK)
    assert read_workbook(content(files[0], LIMITS), Kind.ZIP, LIMITS) == Workbook([])


def test_an_inbox_that_is_a_zip_is_only_its_members(tmp_path: Path) -> None:
    assert paths(written(tmp_path, "返回.zip", zipped({"甲/a.xlsx": BOOK}))) == ["返回.zip/甲/a.xlsx"]


def test_a_workbook_is_no_zip_and_a_zip_named_as_a_workbook_is_one(tmp_path: Path) -> None:
    written(tmp_path, "a.zip", BOOK)
    written(tmp_path, "b.xlsx", zipped({"甲.xlsx": BOOK}))
    assert paths(tmp_path) == ["a.zip", "b.xlsx", "b.xlsx/甲.xlsx"]


def test_names_in_gbk_are_read(tmp_path: Path) -> None:
    written(tmp_path, "a.zip", gbk_zip({"梅林": BOOK, "茅店": b"x"}))
    assert paths(tmp_path) == ["a.zip", "a.zip/梅林", "a.zip/茅店"]
    assert content(walk(tmp_path)[2], LIMITS) == b"x"


@pytest.mark.parametrize("remark", [b"", b"remark"])
def test_names_in_gbk_that_are_said_to_be_utf_8_are_guessed(tmp_path: Path, remark: bytes) -> None:
    """Or one wrong flag would cost the whole archive; the names that are as they say stay so."""
    data = gbk_zip({"梅林": BOOK, "茅店": b"x"})
    flags = [
        at + (8 if head[2] == 1 else 6)
        for at in range(len(data))
        if (head := data[at : at + 4])[:2] == b"PK" and head[2] in (1, 3)
    ]
    said = bytearray(data)
    for at in flags:
        said[at + 1] |= 0x08
    said[-2:] = struct.pack("<H", len(remark))
    written(tmp_path, "a.zip", bytes(said) + remark)
    assert paths(tmp_path) == ["a.zip", "a.zip/梅林", "a.zip/茅店"]
    assert [content(file, LIMITS) for file in walk(tmp_path)[1:]] == [BOOK, b"x"]


def test_no_name_in_an_archive_leads_out_of_it(tmp_path: Path) -> None:
    names = ["../../etc/passwd", "/root/a.xlsx", "C:\\Windows\\b.xlsx", "甲/../乙.xlsx", ".."]
    written(tmp_path, "a.zip", zipped({name: name for name in names}))
    listed = ["Windows/b.xlsx", "_", "etc/passwd", "root/a.xlsx", "甲/乙.xlsx"]
    assert paths(tmp_path) == ["a.zip", *(f"a.zip/{name}" for name in listed)]


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_members_of_one_name_are_all_listed(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.xlsx", b"1")
        archive.writestr("a.xlsx", b"2")
    written(tmp_path, "a.zip", buffer.getvalue())
    assert paths(tmp_path) == ["a.zip", "a.zip/a.xlsx", "a.zip/a.xlsx (2)"]
    assert [content(file, LIMITS) for file in walk(tmp_path)[1:]] == [b"1", b"2"]


def test_a_zip_in_a_zip_is_opened_and_one_in_that_is_told(tmp_path: Path) -> None:
    inner = zipped({"a.xlsx": BOOK, "深.zip": zipped({"b.xlsx": BOOK})})
    written(tmp_path, "外.zip", zipped({"内.zip": inner}))
    assert paths(tmp_path) == ["外.zip", "外.zip/内.zip", "外.zip/内.zip/a.xlsx", "外.zip/内.zip/深.zip"]
    assert problem(tmp_path, "外.zip/内.zip") == ("", "")
    assert problem(tmp_path, "外.zip/内.zip/a.xlsx") == ("", "")
    assert problem(tmp_path, "外.zip/内.zip/深.zip") == ("file-unreadable", "archive-in-archive")


def test_a_zip_in_an_archive_that_is_larger_than_any_in_it_may_be_is_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inner = zipped({"a.xlsx": BOOK})
    monkeypatch.setattr(archives, "NESTED_BYTES", len(inner))
    written(tmp_path, "外.zip", zipped({"内.zip": inner, "扫描件.pdf": os.urandom(len(inner))}))
    assert problem(tmp_path, "外.zip/内.zip/a.xlsx") == ("", "")


def test_an_archive_that_was_put_in_the_place_of_one_of_its_size_and_time_is_read_itself(tmp_path: Path) -> None:
    inbox = written(tmp_path, "inbox/各校.zip", zipped({"a.xlsx": b"1"})).parent
    other = written(tmp_path, "各校.zip", zipped({"a.xlsx": b"2"}))
    for path in (inbox / "各校.zip", other):
        os.utime(path, (1_600_000_000, 1_600_000_000))
    assert content(walk(inbox)[1], LIMITS) == b"1"
    other.replace(inbox / "各校.zip")
    assert content(walk(inbox)[1], LIMITS) == b"2"


def test_a_7z_is_opened(tmp_path: Path) -> None:
    written(tmp_path, "a.7z", seven_zip({"梅林小学/a.xlsx": BOOK, "b.xlsx": b"x"}))
    assert paths(tmp_path) == ["a.7z", "a.7z/b.xlsx", "a.7z/梅林小学/a.xlsx"]
    assert [content(file, LIMITS) for file in walk(tmp_path)[1:]] == [b"x", BOOK]


def test_of_two_members_of_a_7z_with_one_name_each_is_read(tmp_path: Path) -> None:
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), py7zr.SevenZipFile(buffer, "w") as archive:
        for name, data in (("a.xlsx", b"1"), ("夹/a.xlsx", b"2"), ("a.xlsx", b"3"), ("a.xlsx", b"4")):
            archive.writestr(data, name)
    written(tmp_path, "a.7z", buffer.getvalue())
    files = {file.path: content(file, LIMITS) for file in walk(tmp_path)[1:]}
    assert sorted(files.values()) == [b"1", b"2", b"3", b"4"]
    assert files["a.7z/夹/a.xlsx"] == b"2"


def test_a_rar_is_opened(tmp_path: Path) -> None:
    written(tmp_path, "a.rar", rar("a.xlsx", BOOK))
    assert paths(tmp_path) == ["a.rar", "a.rar/a.xlsx"]
    assert content(walk(tmp_path)[1], LIMITS) == BOOK


def test_a_rar_that_needs_an_unpacker_is_told_where_there_is_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox, temporary = tmp_path / "inbox", tmp_path / "temporary"
    inbox.mkdir()
    temporary.mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    monkeypatch.setattr(tempfile, "tempdir", str(temporary))
    written(inbox, "a.rar", rar("a.xlsx", BOOK, method=0x33))
    assert problem(inbox, "a.rar/a.xlsx") == ("file-unreadable", "rar-unpacker")
    assert list(temporary.iterdir()) == []  # what schools return lies nowhere else than where it was put


@pytest.mark.parametrize("name", ["a.zip", "a.7z", "a.rar"])
def test_a_broken_archive_is_listed_and_told(tmp_path: Path, name: str) -> None:
    whole = {"a.zip": zipped({"a.xlsx": BOOK}), "a.7z": seven_zip({"a": BOOK}), "a.rar": rar("a", BOOK)}[name]
    written(tmp_path, name, whole[:-40] if name != "a.rar" else whole[:12])
    assert paths(tmp_path) == [name]
    assert problem(tmp_path, name) == ("file-unreadable", "truncated")


def test_a_locked_7z_opens_with_the_bureaus_password(tmp_path: Path) -> None:
    written(tmp_path, "a.7z", seven_zip({"a.xlsx": BOOK}, "kbxt"))
    assert problem(tmp_path, "a.7z/a.xlsx") == ("file-encrypted", "archive-password")
    assert content(walk(tmp_path)[1], LIMITS, ["x", "kbxt"]) == BOOK


def test_a_7z_that_hides_its_names_is_listed_and_read_with_the_password_of_the_school_that_its_folder_names(
    tmp_path: Path,
) -> None:
    written(tmp_path, "梅林小学/a.7z", seven_zip({"a.xlsx": BOOK}, "mei-2021", names=True))
    assert problem(tmp_path, "梅林小学/a.7z") == ("file-encrypted", "archive-password")
    school = School("", "赣县区梅林小学", password="mei-2021")
    for roster, inside in (((school,), ["梅林小学/a.7z/a.xlsx"]), ((replace(school, password="x"),), [])):
        passwords = Passwords(("y",), (), Roster(roster, ("赣州市", "赣县区")))
        files = walk(tmp_path, LIMITS, 0, passwords)
        assert [file.path for file in files] == ["梅林小学/a.7z", *inside]
    (_, member) = walk(tmp_path, LIMITS, 0, Passwords(("y", "mei-2021")))
    assert content(member, LIMITS, ["y", "mei-2021"]) == BOOK
    check_archive(files[0], content(files[0], LIMITS), Kind.SEVEN_ZIP, LIMITS, ["y", "mei-2021"])
    with pytest.raises(Unreadable):
        content(member, LIMITS, ["y"])


def test_a_locked_member_of_a_zip_is_told(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.xlsx": BOOK}))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    written(tmp_path, "a.zip", bytes(data))
    assert problem(tmp_path, "a.zip/a.xlsx") == ("file-encrypted", "archive-password")


def test_a_zip_locked_in_a_way_that_no_password_helps_with_says_so(tmp_path: Path) -> None:
    data = bytearray(zipped({"a.xlsx": BOOK}))
    for at, flag, method in ((0, 6, 8), (data.index(b"PK\x01\x02"), 8, 10)):
        data[at + flag] |= 1
        data[at + method] = 99
    written(tmp_path, "a.zip", bytes(data))
    assert problem(tmp_path, "a.zip/a.xlsx") == ("file-encrypted", "archive-cipher")
    with pytest.raises(Unreadable) as told:
        content(walk(tmp_path)[1], LIMITS, ["kbxt"])
    assert told.value.problem.facts["what"] == "archive-cipher"


LOCKED_ZIP = (
    "UEsDBAoACQAAADcVfF3CQSQ1DwAAAAMAAAAGAAAAYS54bHN4UPqNWsfXrrJ/zKLYuCHbUEsHCMJBJDUPAAAAAwAAAFBLAQIeAwoA"
    "CQAAADcVfF3CQSQ1DwAAAAMAAAAGAAAAAAAAAAEAAACkgQAAAABhLnhsc3hQSwUGAAAAAAEAAQA0AAAAQwAAAAAA"
    ""
)
"""What `zip -P kbxt-1` makes of a file a.xlsx that holds abc."""


def test_a_zip_locked_as_7_zip_and_360_do_opens_with_its_password(tmp_path: Path) -> None:
    written(tmp_path, "a.zip", base64.b64decode(LOCKED_ZIP))
    assert problem(tmp_path, "a.zip/a.xlsx") == ("file-encrypted", "archive-password")
    assert content(walk(tmp_path)[1], LIMITS, ["x", "kbxt-1"]) == b"abc"


def test_a_member_that_is_a_bomb_is_told(tmp_path: Path) -> None:
    written(tmp_path, "a.zip", zipped({"a.xlsx": bytes(40 << 20), "b.xlsx": BOOK}))
    assert problem(tmp_path, "a.zip/a.xlsx") == ("file-unsafe", "inflated-ratio")
    assert problem(tmp_path, "a.zip/b.xlsx") == ("", "")


def test_nothing_but_regular_files_is_opened(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    (tmp_path / "secret.xlsx").write_bytes(BOOK)
    (tmp_path / "out").mkdir()
    (tmp_path / "out/a.xlsx").write_bytes(BOOK)
    os.mkfifo(inbox / "pipe.xlsx")
    (inbox / "link.xlsx").symlink_to(tmp_path / "secret.xlsx")
    (inbox / "folder").symlink_to(tmp_path / "out")
    (inbox / "nowhere.xlsx").symlink_to(tmp_path / "gone")
    assert paths(inbox) == ["folder", "link.xlsx", "nowhere.xlsx", "pipe.xlsx"]
    assert {problem(inbox, path) for path in paths(inbox)} == {("file-other", "link"), ("file-other", "not-a-file")}


def test_names_of_any_bytes_are_fine(tmp_path: Path) -> None:
    raw = os.fsencode(tmp_path)
    for name in (
        b"-rf.xlsx",
        "😀.xlsx".encode(),
        "梅林.xlsx".encode("gb18030"),
        b"\xff\xfe.xlsx",
        b"a\nb.xlsx",
        b"x" * 250,
    ):
        with open(os.path.join(raw, name), "wb") as stream:
            stream.write(BOOK)
    assert paths(tmp_path) == ["-rf.xlsx", "\\xff\\xfe.xlsx", "a\nb.xlsx", "x" * 250, "梅林.xlsx", "😀.xlsx"]
    assert {content(file, LIMITS) for file in walk(tmp_path)} == {BOOK}
    assert all(path.encode() for path in paths(tmp_path))


def test_a_file_that_changes_while_it_is_read_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xlsx", bytes(64 << 20))
    (file,) = walk(tmp_path)
    done = threading.Event()

    def grow() -> None:
        with path.open("ab") as stream:
            while not done.is_set():
                stream.write(b"x")
                stream.flush()

    writer = threading.Thread(target=grow)
    writer.start()
    try:
        with pytest.raises(Unreadable) as caught:
            content(file, LIMITS)
    finally:
        done.set()
        writer.join()
    assert caught.value.problem.facts["what"] == "changing"


def test_a_file_larger_than_the_limit_is_not_read(tmp_path: Path) -> None:
    written(tmp_path, "a.xlsx", BOOK)
    assert problem(tmp_path, "a.xlsx", Limits(file_bytes=100)) == ("file-unsafe", "file-size")


def test_a_file_that_is_gone_is_told(tmp_path: Path) -> None:
    path = written(tmp_path, "a.xlsx", BOOK)
    (file,) = walk(tmp_path)
    path.unlink()
    with pytest.raises(Unreadable) as caught:
        content(file, LIMITS)
    assert caught.value.problem.facts["what"] == "cannot-open"


@pytest.mark.parametrize(
    "path",
    ["~$附件.xlsx", "甲/.DS_Store", "Thumbs.db", "desktop.ini", "a.tmp", "a.zip/__MACOSX/._a.xlsx", ".~附件.xlsx"],
)
def test_what_is_no_return_is_ignored(path: str) -> None:
    assert is_ignored(path)


@pytest.mark.parametrize("path", ["附件.xlsx", "甲~$乙.xlsx", "tmp/附件.xlsx", "a.zip", "Thumbs.xlsx"])
def test_what_may_be_a_return_is_not(path: str) -> None:
    assert not is_ignored(path)


def test_of_many_files_with_one_name_each_has_its_own_and_few_are_asked_for() -> None:
    class Counted(set[str]):
        asked = 0

        def __contains__(self, name: object) -> bool:
            self.asked += 1
            return super().__contains__(name)

    taken = Counted({"甲/表.xlsx (3)"})
    names = [free_name("甲/表.xlsx", taken) for _ in range(2000)]
    assert names[:3] == ["甲/表.xlsx", "甲/表.xlsx (2)", "甲/表.xlsx (4)"]
    assert len(set(names)) == 2000
    assert taken.asked < 2000 * 25
