"""An archive is held to limits as a whole, archives in it included; what was not looked at is counted and told."""

from __future__ import annotations

import io
import time
import warnings
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest
from growth import is_a_square
from made_workbooks import seven_zip, written, xlsx, zipped
from py7zr import archiveinfo

from kbxt_merge.intake.inbox.archives import member_files
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.reading.read_file import is_opened
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import SourceFile

BOOK = xlsx("")
Told = Mapping[str, str]


def listed(inbox: Path, limits: Limits, jobs: int = 0) -> Sequence[tuple[str, Told | None]]:
    """Each path below the inbox, and why nothing in it was looked at."""
    files = walk(inbox, limits, jobs)
    assert all(is_opened(file) is (file.refused is None) for file in files)
    return [(file.path, file.refused.facts if file.refused else None) for file in files]


def of_one_name(count: int) -> bytes:
    """A zip of empty members which are all called alike."""
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w") as archive:
        for _ in range(count):
            archive.writestr("a", b"")
    return buffer.getvalue()


def test_the_members_of_all_archives_in_one_are_counted_together(tmp_path: Path) -> None:
    four, three, one = (zipped({f"{number}.xlsx": b"" for number in range(count)}) for count in (4, 3, 1))
    written(tmp_path, "各校.zip", zipped({"甲.zip": three, "乙.zip": four, "丙.zip": one, "丁.xlsx": BOOK}))
    written(tmp_path, "另.zip", four)
    files = listed(tmp_path, Limits(members=8))
    assert [each for each in files if each[1]] == [
        ("各校.zip/乙.zip", {"what": "whole-members", "count": "4", "found": "11", "limit": "8"})
    ]
    assert [path for path, _ in files if path.startswith("各校.zip/")] == [
        "各校.zip/丁.xlsx", "各校.zip/丙.zip", "各校.zip/丙.zip/0.xlsx", "各校.zip/乙.zip", "各校.zip/甲.zip",
        "各校.zip/甲.zip/0.xlsx", "各校.zip/甲.zip/1.xlsx", "各校.zip/甲.zip/2.xlsx",
    ]  # fmt: skip
    assert len([path for path, _ in files if path.startswith("另.zip/")]) == 4


def test_what_an_archive_inflates_to_is_counted_beyond_its_own_size(tmp_path: Path) -> None:
    bomb, photo = zipped({f"{number}.xlsx": bytes(40_000) for number in range(3)}), b"\xff\xd8" + BOOK * 50
    stored = io.BytesIO()
    with zipfile.ZipFile(stored, "w") as archive:
        archive.writestr("照片.jpg", photo)
    written(tmp_path, "a.zip", zipped({"b.zip": bomb, "c.xlsx": BOOK}))
    written(tmp_path, "d.zip", stored.getvalue())
    size = (tmp_path / "a.zip").stat().st_size
    assert len(photo) > 50_000
    files = dict(listed(tmp_path, Limits(archive_bytes=50_000)))
    found = len(bomb) + len(BOOK) + 120_000
    assert files == {
        "a.zip": None,
        "a.zip/b.zip": {"what": "whole-bytes", "count": "3", "found": str(found), "limit": str(size + 50_000)},
        "a.zip/c.xlsx": None,
        "d.zip": None,
        "d.zip/照片.jpg": None,
    }


@pytest.mark.parametrize("made", [zipped, seven_zip])
def test_an_archive_with_too_many_members_is_told_with_their_number(made: object, tmp_path: Path) -> None:
    written(tmp_path, "a.zip", made({f"{number}.xlsx": BOOK for number in range(9)}))  # type: ignore[operator]
    assert listed(tmp_path, Limits(members=8)) == [
        ("a.zip", {"what": "whole-members", "count": "9", "found": "9", "limit": "8"})
    ]


def test_no_name_of_a_7z_with_too_many_members_is_looked_at(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data = seven_zip({f"{number}.xlsx": BOOK for number in range(9)})

    looked_at: list[str] = []
    read = archiveinfo.read_utf16
    monkeypatch.setattr(archiveinfo, "read_utf16", lambda stream: looked_at.append(read(stream)) or looked_at[-1])
    written(tmp_path, "a.7z", data)
    assert listed(tmp_path, Limits(members=8)) == [
        ("a.7z", {"what": "whole-members", "count": "9", "found": "9", "limit": "8"})
    ]
    assert looked_at == []
    assert len(listed(tmp_path, Limits(members=9))) == 10
    assert len(looked_at) == 9


def test_listing_that_takes_too_long_or_too_much_costs_its_archive_only(tmp_path: Path) -> None:
    written(tmp_path, "a.zip", of_one_name(30_000))
    written(tmp_path, "b.7z", seven_zip({"1.xlsx": BOOK}))
    began = time.monotonic()
    assert listed(tmp_path, Limits(members=100_000, archive_seconds=0.05), jobs=2)[0] == (
        "a.zip",
        {"what": "list-time", "limit": "0.05"},
    )
    assert time.monotonic() - began < 20


def test_an_inbox_that_is_an_archive_past_a_limit_is_told_itself(tmp_path: Path) -> None:
    archive = written(tmp_path, "各校.zip", zipped({f"{number}.xlsx": BOOK for number in range(3)}))
    assert [path for path, _ in listed(archive, Limits(members=2))] == ["各校.zip"]
    assert len(listed(archive, Limits(members=3))) == 3


def test_twice_the_members_of_one_name_cost_twice_the_time(tmp_path: Path) -> None:
    def listing(count: int) -> Callable[[], None]:
        path = written(tmp_path, f"{count}.zip", of_one_name(count))
        file = SourceFile(path.name, str(path), path.stat().st_size, 0.0)

        def work() -> None:
            assert len({each.path for each in member_files(file, Limits(members=20_000))}) == count

        return work

    assert not is_a_square(listing(5_000), listing(20_000))
