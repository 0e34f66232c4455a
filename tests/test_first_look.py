"""A file that came is looked at by itself before the district is judged: what it needs no other file to be told."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pytest
from cast import listed

from kbxt_merge.merging import MOST_LOOKED_AT, Progress, merge
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.compact import records as compact_records
from kbxt_merge.model.first_look import FirstLook
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings

SETTINGS = Settings(jobs=0, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))
CLEAN = """
| 姓名   |
| 赖小满 |
| 钟立秋 |
"""
WRONG_AGE = """
| 姓名   | 年龄 |
| 赖小满 | 13   |
| 钟立秋 |      |
"""


def save(path: Path, text: str, school: str) -> None:
    book = openpyxl.Workbook()
    for row in listed("3", text, school=school).rows:
        book.worksheets[0].append(row)
    path.parent.mkdir(exist_ok=True)
    book.save(path)


def looks_of(folder: Path, at_hand: AtHand) -> list[FirstLook]:
    """What a merge tells of single files, before it tells of the district."""
    told: list[FirstLook] = []
    progress = Progress(on_looked=told.append, on_checked=lambda _: told.append(DISTRICT))
    merge(folder / "收件夹", folder / "结果", SETTINGS, progress, at_hand=at_hand)
    assert told.pop() is DISTRICT
    return told


DISTRICT = FirstLook("", 0, 0, 0)


def test_a_file_is_looked_at_when_it_comes_and_again_when_it_is_another(tmp_path: Path) -> None:
    inbox = tmp_path / "收件夹"
    at_hand = AtHand()
    save(inbox / "甲.xlsx", CLEAN, "赣县区甲小学")
    save(inbox / "乙.xlsx", CLEAN, "赣县区乙小学")  # the same two children as in the other school: not its own affair
    (inbox / "丙.xlsx").write_bytes(b"no workbook")
    assert looks_of(tmp_path, at_hand) == [FirstLook("乙.xlsx", 2, 0, 0), FirstLook("甲.xlsx", 2, 0, 0)]
    save(inbox / "乙.xlsx", WRONG_AGE, "赣县区乙小学")
    assert looks_of(tmp_path, at_hand) == [FirstLook("乙.xlsx", 2, 1, 1)]
    assert looks_of(tmp_path, at_hand) == []


def test_a_file_of_very_many_records_is_looked_at_and_merged(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Sheets of so many let go of their cells once rows were made: those of the look are not the district's."""
    monkeypatch.setattr(compact_records, "MOST_WHOLE", 1)
    save(tmp_path / "收件夹" / "甲.xlsx", CLEAN, "赣县区甲小学")
    at_hand = AtHand()
    assert looks_of(tmp_path, at_hand) == [FirstLook("甲.xlsx", 2, 0, 0)]
    assert len(at_hand.records["3"]) == 2


def test_what_is_read_again_as_it_was_takes_nobodys_look(tmp_path: Path) -> None:
    """A store that knows none of them any more: the one that was corrected is looked at all the same."""
    inbox, at_hand = tmp_path / "收件夹", AtHand()
    for number in range(MOST_LOOKED_AT + 1):
        save(inbox / f"{number}.xlsx", CLEAN, f"赣县区第{number}小学")
    assert looks_of(tmp_path, at_hand) == []
    (tmp_path / ".结果.kept").unlink()
    at_hand.readings.clear()
    save(inbox / "0.xlsx", WRONG_AGE, "赣县区第0小学")
    assert looks_of(tmp_path, at_hand) == [FirstLook("0.xlsx", 2, 1, 1)]


def test_of_many_files_at_once_the_district_is_told_sooner(tmp_path: Path) -> None:
    for number in range(MOST_LOOKED_AT + 1):
        save(tmp_path / "收件夹" / f"{number}.xlsx", CLEAN, f"赣县区第{number}小学")
    assert looks_of(tmp_path, AtHand()) == []
