"""What is at a URL is listed, named and read as on disk; a clerk's slips in a URL are told, its password never."""

from __future__ import annotations

import re
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import fsspec
import pytest
from made_workbooks import xlsx, zipped

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.inbox import remote
from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.inbox.storage import storage_of
from kbxt_merge.model.inbox import Inbox, RemoteInbox, beside, folder_of, parse_inbox
from kbxt_merge.model.limits import Limits

BOOK = xlsx("")
LIMITS = Limits()
INBOX = RemoteInbox("memory://returned/2021")


@pytest.fixture
def memory() -> Iterator[fsspec.AbstractFileSystem]:
    """A server in this process's memory, empty before and after."""
    files = fsspec.filesystem("memory")
    files.store.clear()
    yield files
    files.store.clear()


def put(memory: fsspec.AbstractFileSystem, name: str, data: bytes = BOOK) -> None:
    memory.pipe_file(f"/returned/2021/{name}", data)


def paths(inbox: Inbox = INBOX) -> list[str]:
    return [file.path for file in walk(inbox, jobs=0)]


def test_files_are_named_below_the_url_and_archives_opened(memory: fsspec.AbstractFileSystem) -> None:
    inner = zipped({"附件3.xlsx": BOOK, "b.zip": zipped({"c.xlsx": BOOK})})
    for name, data in {"梅林小学/附件1-1.xlsx": BOOK, "a.xlsx": BOOK, "~$a.xlsx": b"", "梅林.zip": inner}.items():
        put(memory, name, data)
    assert paths() == [
        "a.xlsx",
        "~$a.xlsx",
        "梅林.zip",
        "梅林.zip/b.zip",
        "梅林.zip/b.zip/c.xlsx",
        "梅林.zip/附件3.xlsx",
        "梅林小学/附件1-1.xlsx",
    ]
    books = [
        content(file, LIMITS) for file in walk(INBOX, jobs=0) if file.path.endswith(("3.xlsx", "1.xlsx", "c.xlsx"))
    ]
    assert books == [BOOK] * 3


def test_a_single_file_is_an_inbox(memory: fsspec.AbstractFileSystem) -> None:
    put(memory, "a.xlsx")
    put(memory, "b.xlsx")
    assert paths(RemoteInbox("memory://returned/2021/a.xlsx")) == ["a.xlsx"]


def test_no_name_on_a_server_leads_out_of_the_inbox_or_hides_another_file(memory: fsspec.AbstractFileSystem) -> None:
    for name in ("a.xlsx", "x/../a.xlsx", "./a.xlsx"):
        memory.store[f"/returned/2021/{name}"] = memory.open(f"/returned/2021/{name}", "wb")
    assert paths() == ["a.xlsx", "a.xlsx (2)", "x/a.xlsx"]


def test_two_files_of_one_name_from_two_urls_are_both_read(memory: fsspec.AbstractFileSystem) -> None:
    for folder in ("one", "two"):
        memory.pipe_file(f"/{folder}/a.xlsx", folder.encode())
    files = walk([RemoteInbox("memory://one/a.xlsx"), RemoteInbox("memory://two/a.xlsx")])
    assert {content(file, LIMITS) for file in files} == {b"one", b"two"}


def test_a_file_past_the_limit_is_not_fetched(memory: fsspec.AbstractFileSystem) -> None:
    put(memory, "a.xlsx", b"x" * 101)
    with pytest.raises(Unreadable) as caught:
        content(walk(INBOX)[0], Limits(file_bytes=100))
    assert (caught.value.problem.slug, caught.value.problem.facts["what"]) == ("file-unsafe", "file-size")


@pytest.mark.parametrize(("changes", "outcome"), [(1, b"later"), (2, "changing")])
def test_a_file_that_changes_while_it_is_read_is_read_again_and_then_reported(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch, changes: int, outcome: bytes | str
) -> None:
    put(memory, "a.xlsx", b"first")
    file, fetch, left = walk(INBOX)[0], remote._first, [b"later", b"later still"][:changes]

    def changed_meanwhile(*arguments: object) -> bytes:
        data = fetch(*arguments)
        if left:
            put(memory, "a.xlsx", left.pop(0))
        return data

    monkeypatch.setattr(remote, "_first", changed_meanwhile)
    try:
        found: bytes | str = content(file, LIMITS)
    except Unreadable as error:
        found = error.problem.facts["what"]
    assert found == outcome


def test_a_file_that_is_gone_meanwhile_is_a_fault_of_that_file(memory: fsspec.AbstractFileSystem) -> None:
    put(memory, "a.xlsx")
    file = walk(INBOX)[0]
    memory.store.clear()
    with pytest.raises(Unreadable) as caught:
        content(file, LIMITS)
    assert caught.value.problem.facts["what"] == "cannot-open"


def test_a_server_that_does_not_answer_in_time_ends_the_run_and_is_no_fault_of_a_file(
    memory: fsspec.AbstractFileSystem, monkeypatch: pytest.MonkeyPatch
) -> None:
    put(memory, "a.xlsx")
    file = walk(INBOX)[0]
    monkeypatch.setattr(remote, "_first", lambda *arguments: time.sleep(0.5))
    with pytest.raises(InboxError, match=r"limits\.seconds"):
        content(file, Limits(seconds=0.1))


def test_bytes_without_a_server_s_mark_are_never_taken_for_known(memory: fsspec.AbstractFileSystem) -> None:
    put(memory, "a.xlsx")
    file = walk(INBOX)[0]
    assert storage_of(file.location).identity(file, LIMITS) is None


@pytest.mark.parametrize(
    ("url", "word"),
    [
        ("s4://bucket/inbox", "s4://"),
        ("gs://bucket/inbox", "gcsfs"),
        ("simplecache::s3://bucket", "not supported"),
        ("memory://nowhere", "memory://nowhere"),
    ],
)
def test_a_slip_in_a_url_is_told_to_the_operator(url: str, word: str) -> None:
    with pytest.raises(InboxError) as caught:
        walk(RemoteInbox(url))
    assert word in caught.value.sentence("en")
    assert caught.value.sentence("zh") != caught.value.sentence("en")


@pytest.mark.parametrize(
    ("text", "inbox"),
    [
        ("收件", Path("收件")),
        ("/srv/a:b/收件", Path("/srv/a:b/收件")),
        ("file:///srv/%E6%94%B6%E4%BB%B6", Path("/srv/收件")),
        ("zip://returned.zip", Path("returned.zip")),
        ("zip://::returned.zip", Path("returned.zip")),
        ("zip:///梅林/::/srv/a.zip", RemoteInbox("file:///srv/a.zip", "梅林")),
        ("zip://梅林::s3://bucket/a.zip", RemoteInbox("s3://bucket/a.zip", "梅林")),
        ("s3://bucket/收件", RemoteInbox("s3://bucket/收件")),
    ],
)
def test_an_inbox_is_named_by_a_path_or_a_url(text: str, inbox: Inbox) -> None:
    assert parse_inbox(text) == inbox


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("sftp://clerk:se:cret@host:22/收件", "sftp://host:22/收件"),
        ("sftp://clerk:se@cret@host/收件", "sftp://host/收件"),
        ("https://host/a.zip?signature=secret", "https://host/a.zip"),
        ("az://store?sig=secret", "az://store"),
        ("S3://bucket/a#secret", "s3://bucket/a"),
    ],
)
def test_a_url_is_shown_without_what_is_secret_in_it(url: str, shown: str) -> None:
    inbox = RemoteInbox(url)
    assert str(inbox) == shown
    assert not re.search("se.?cret", f"{inbox} {inbox!r}")


def test_what_lies_beside_an_inbox_is_looked_for_at_its_host_and_settings_here(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert beside(RemoteInbox("s3://bucket/收件/"), "名册.csv") == RemoteInbox("s3://bucket/名册.csv")
    assert beside(RemoteInbox("s3://bucket"), "名册.csv") is None
    assert folder_of(RemoteInbox("s3://bucket/收件")) == tmp_path
    assert folder_of(RemoteInbox("file:///srv/a.zip", "梅林")) == Path("/srv")


def test_who_has_no_url_need_not_wait_for_drivers(tmp_path: Path) -> None:
    (tmp_path / "a.xlsx").write_bytes(BOOK)
    code = (
        "import sys; from pathlib import Path; from kbxt_merge.intake.inbox.listing import walk; "
        f"walk(Path({str(tmp_path)!r})); print('fsspec' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "False\n"


def test_a_watch_takes_no_url_and_says_what_to_do_instead(tmp_path: Path) -> None:
    from kbxt_merge.watch import watched_folder

    assert watched_folder(tmp_path) == tmp_path
    with pytest.raises(InboxError, match="kbxt merge"):
        watched_folder(INBOX)
