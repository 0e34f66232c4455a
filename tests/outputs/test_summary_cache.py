"""Summary workbooks that are kept: written as they were, and only while nothing in them is new."""

from collections.abc import Callable
from pathlib import Path

import pytest
from small_district import SmallDistrict

from kbxt_merge.outputs.publish.result_store import ResultStore
from kbxt_merge.outputs.summary import cache, card_books
from kbxt_merge.outputs.summary.cache import Book, SummaryCache

MEILIN, MAODIAN = "赣县区梅林中学", "赣县区茅店中心小学"
EVERY_FORM = ["1-1", "1-2", "2", "3", "4", "5"]


def returned() -> SmallDistrict:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MEILIN, "1-2", [{"name": "赖小满", "registration_type": "辍学"}])
    small.take(MEILIN, "3", [{"name": "谢松林", "disability": "聋", "enrolment": "是"}])
    return small


def another_cell() -> SmallDistrict:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MEILIN, "1-2", [{"name": "赖小满", "registration_type": "辍学"}])
    small.take(MEILIN, "3", [{"name": "谢松林", "disability": "盲", "enrolment": "是"}])
    return small


def a_finding() -> SmallDistrict:
    small = returned()
    small.find("3", 0, "disability", "error", "残疾类别有误")
    return small


def another_school() -> SmallDistrict:
    small = returned()
    small.schools = (MAODIAN, MEILIN)
    return small


def merge(small: SmallDistrict, folder: Path, kept: Path) -> tuple[list[Book], dict[str, bytes]]:
    """The workbooks that a run made, and all workbooks by their paths."""
    with ResultStore(kept) as store:
        summaries = SummaryCache(store, small.district(), small.all_findings(), folder, "zh")
        written = summaries.write_all(sorted(summaries.books))
        for each in written:
            summaries.keep(each)
    made = [each.book for each in written if each.anew]
    return made, {path.relative_to(folder).as_posix(): path.read_bytes() for path in sorted(folder.rglob("*.xlsx"))}


@pytest.mark.parametrize(
    ("then", "made"),
    [(returned, []), (another_cell, ["3"]), (a_finding, ["3"]), (another_school, EVERY_FORM)],
)
def test_only_what_is_new_is_made_again(then: Callable[[], SmallDistrict], made: list[str], tmp_path: Path) -> None:
    first, _ = merge(returned(), tmp_path / "first", tmp_path / "kept")
    assert [book.form for book in first] == EVERY_FORM
    again, workbooks = merge(then(), tmp_path / "second", tmp_path / "kept")
    assert [book.form for book in again] == made
    assert workbooks == merge(then(), tmp_path / "fresh", tmp_path / "nothing kept")[1]
    assert len(workbooks) == len(EVERY_FORM)


def test_what_is_too_large_to_be_kept_is_made_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    fresh = merge(returned(), tmp_path / "fresh", tmp_path / "nothing kept")[1]
    monkeypatch.setattr(cache, "MOST_KEPT", len(min(fresh.values(), key=len)))
    merge(returned(), tmp_path / "first", tmp_path / "kept")
    again, workbooks = merge(returned(), tmp_path / "second", tmp_path / "kept")
    assert 0 < len(again) < len(EVERY_FORM)
    assert workbooks == fresh


def cards(*of_meilin: str, of_maodian: str = "王芳", found: bool = False) -> SmallDistrict:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MEILIN, "5", [{"name": name} for name in of_meilin])
    small.take(MAODIAN, "5", [{"name": of_maodian}])
    if found:
        small.find("5", 0, "id_number", "error", "未填")
    return small


ALL = ["5", f"5 {MEILIN}", f"5 {MAODIAN}"]
OF_MEILIN, OF_MAODIAN = ["5", f"5 {MEILIN}"], ["5", f"5 {MAODIAN}"]


@pytest.mark.parametrize(
    ("then", "made"),
    [
        (cards("李伟", "刘洋"), []),
        (cards("李伟", "刘海"), OF_MEILIN),
        (cards("李伟", "刘洋", found=True), OF_MEILIN),
        (cards("李伟", "刘洋", of_maodian="王方"), OF_MAODIAN),
        (cards("李伟", "刘洋", "陈晨"), ALL),  # the numbers of the cards behind it are others
    ],
    ids=["the_same", "another_name", "a_finding", "another_school_s_name", "one_more"],
)
def test_of_many_cards_those_of_a_school_are_made_again(
    then: SmallDistrict, made: list[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(card_books, "MOST_CARDS", 1)
    merge(cards("李伟", "刘洋"), tmp_path / "first", tmp_path / "kept")
    again, workbooks = merge(then, tmp_path / "second", tmp_path / "kept")
    assert [f"5 {path.stem}" if (path := Path(book.name)).parent.name else book.form for book in again] == made
    assert workbooks == merge(then, tmp_path / "fresh", tmp_path / "nothing kept")[1]
    assert len(workbooks) == len(EVERY_FORM) + 2


def test_shares_hold_every_workbook_once_and_take_as_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(card_books, "MOST_CARDS", 1)
    small = cards("李伟", "刘洋", "陈晨")
    small.take(MEILIN, "3", [{"name": "谢松林"}] * 150)
    with ResultStore(tmp_path / "kept") as store:
        summaries = SummaryCache(store, small.district(), small.all_findings(), tmp_path, "zh")
        shares = summaries.shares(2)
    assert sorted(book for share in shares for book in share) == sorted(summaries.books)
    dearest = sorted(Path(share[0].name).name for share in shares)  # three cards, and 150 lines, take as long
    assert dearest == [f"{MEILIN}.xlsx", "附件3 赣县区义务教育阶段适龄残疾儿童就学台账.xlsx"]
