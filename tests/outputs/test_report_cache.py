"""A school's report is made again only when something on it is new, and tells what one made anew would."""

from __future__ import annotations

import datetime as dt
import re
import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import openpyxl
import pytest
from cast import CAST, listed
from report_catalogue import CATALOGUE
from report_district import ReportDistrict

from kbxt_merge.merging import merge
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.publish.result_store import ResultStore, store_file
from kbxt_merge.outputs.report import Reports
from kbxt_merge.outputs.report.cache import ReportCache
from kbxt_merge.settings import Settings

SETTINGS = Settings(jobs=0, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))
SLIP = CAST["赖小满"].id_number[:-1] + "0"
LIST = f"""
| 姓名   | 身份证号码 | 年龄 |
| 赖小满 | {SLIP}     |      |
"""
OTHER = LIST.replace("赖小满", "钟立秋")
HERE, THERE, ELSEWHERE = "赣县区甲小学", "赣县区乙小学", "赣县区丙小学"
MOMENT = re.compile(rb"20\d\d-\d\d-\d\d \d\d:\d\d")


def save(path: Path, text: str, school: str) -> None:
    book = openpyxl.Workbook()
    for row in listed("3", text, school=school).rows:
        book.worksheets[0].append(row)
    book.save(path)


def pages(out: Path) -> dict[str, bytes]:
    return {each.parent.name: each.read_bytes() for each in (out / "退回").rglob("*.html")}


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The schools whose reports were made, since it was last cleared."""
    schools: list[str] = []
    write: Callable[[Reports, str, Path], None] = Reports.write_school

    def told(self: Reports, school: str, path: Path) -> None:
        schools.append(school)
        write(self, school, path)

    monkeypatch.setattr(Reports, "write_school", told)
    return schools


def test_a_report_is_made_when_something_on_it_is_new(made: list[str], tmp_path: Path) -> None:
    inbox, out, fresh = tmp_path / "收件夹", tmp_path / "结果", tmp_path / "另"
    inbox.mkdir()
    for name, school in (("甲", HERE), ("乙", THERE)):
        save(inbox / f"{name}.xlsx", LIST, school)

    def merged() -> list[str]:
        made.clear()
        merge(inbox, out, SETTINGS)
        return sorted(made)

    assert merged() == sorted([HERE, THERE])
    assert merged() == []  # nothing changed: it is the same round
    save(inbox / "丙.xlsx", LIST, ELSEWHERE)
    assert merged() == sorted([HERE, THERE, ELSEWHERE])  # what was new there is still open
    save(inbox / "丙.xlsx", OTHER, ELSEWHERE)
    shutil.copytree(out, fresh)  # the same ledger to look back on, and nothing that was kept
    assert merged() == [ELSEWHERE]
    kept = pages(out)
    merge(inbox, fresh, SETTINGS)
    assert {school: MOMENT.sub(b"", page) for school, page in kept.items()} == {
        school: MOMENT.sub(b"", page) for school, page in pages(fresh).items()
    }
    assert all(MOMENT.search(page) for page in kept.values())
    assert kept[HERE].count(b"<style>") == 1
    assert len(kept[HERE]) > 20_000


def test_what_is_kept_of_a_report_holds_no_style_and_no_moment(made: list[str], tmp_path: Path) -> None:
    inbox, out = tmp_path / "收件夹", tmp_path / "结果"
    inbox.mkdir()
    save(inbox / "甲.xlsx", LIST, HERE)
    merge(inbox, out, SETTINGS)
    kept = store_file(out).read_bytes()
    (page,) = pages(out).values()
    (moment,) = MOMENT.findall(page)
    assert b"<style></style>" in kept
    assert b"<script></script>" in kept
    assert b"<time></time>" in kept
    assert moment not in kept


def reports(row: int, lists_before: int = 0, *, has_roster: bool = True) -> Reports:
    """Reports on a finding without a cell, of that row of a school's list; so many lists of another lie before it."""
    grown = ReportDistrict(2)
    here, other = grown.small.schools
    for _ in range(lists_before):
        grown.school(other, 2)
    grown.school(here, 3)
    district = grown.district()
    grown.find(district, "id-checksum", "1-2", "id_number", 2 * lists_before + row, cell="", value="", zh="错", en="")
    district = district if has_roster else replace(district, roster=None)
    return Reports(district, grown.findings(), CATALOGUE, grown.verdicts(), grown.run())


@pytest.mark.parametrize(
    ("one", "other", "is_known"),
    [
        (reports(0), reports(0), True),
        (reports(1), reports(1, lists_before=1), True),  # among all records it is another, on its sheet the same
        (reports(0), reports(1), False),
        (reports(1, has_roster=False), reports(1, lists_before=1, has_roster=False), False),
    ],
    ids=["same", "moved by another school", "another row", "another school, and no roster to say that it is one"],
)
def test_a_report_is_known_by_the_rows_and_schools_that_it_tells_of(
    one: Reports, other: Reports, is_known: bool, tmp_path: Path
) -> None:
    (school,), page = ReportDistrict(1).small.schools, tmp_path / "核查报告.html"
    with ResultStore(tmp_path / "kept") as store:
        one.write_school(school, page)
        ReportCache(store, one).keep(school, page)
    with ResultStore(tmp_path / "kept") as store:
        assert ReportCache(store, other).write(school, page) is is_known
