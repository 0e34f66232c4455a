"""What became of each file, and the account of its rows."""

from __future__ import annotations

from dataclasses import replace

from cast import card, listed
from sheets import Content, district, page

from kbxt_merge.model.returns import Grid, Problem, Workbook
from kbxt_merge.rules.engine.verdicts import Account, account, verdicts
from kbxt_merge.rules.run import check

TWO = listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |")
OTHER = listed("1-2", "| 姓名 |\n| 赖小满 |")
FAULTY = listed("3", "| 姓名 | 年级 |\n| 钟立秋 | 十年级 |")
ASKED = listed("4", "| 序号 | 姓名 |\n| 1 | |", date="2020年1月1日")
TIMETABLE = page("| 课程表 | |\n| 周一 | 周二 |", "课程表")
EVERYTHING: dict[str, Content] = {
    "一.xlsx": TWO,
    "二.xlsx": OTHER,
    "三.xlsx": FAULTY,
    "四.xlsx": ASKED,
    "五.xlsx": TIMETABLE,
    "五 副本.xlsx": TIMETABLE,
    "三 副本.xlsx": FAULTY,
    "六.xlsx": Workbook([card("曾谷雨", sheet="1"), card("", sheet="2"), Grid("3", [])]),
    "~$三.xlsx": Problem("file-ignored"),
    "盖章.pdf": Problem("file-other", {"what": "pdf"}),
    "锁.xlsx": Problem("file-encrypted", {"what": "password"}),
    "坏.xlsx": Problem("file-unreadable", {"what": "damaged"}),
    "大.xlsx": Problem("file-unsafe", {"what": "time", "limit": "20"}),
    "包.zip": Problem("file-container", {"what": "zip"}),
}


def table(returns: dict[str, Content]) -> dict[str, tuple[str, str, int, int]]:
    """The verdict, forms, rows read and rows merged of each file."""
    made = district(returns)
    frame = verdicts(made, check(made))
    return {row.file: (row.verdict, row.forms, row.rows_read, row.rows_merged) for row in frame.itertuples(index=False)}


def test_every_file_has_one_verdict_and_its_rows_are_counted() -> None:
    assert table(EVERYTHING) == {
        "一.xlsx": ("superseded", "1-2", 2, 0),
        "二.xlsx": ("merged", "1-2", 1, 1),
        "三 副本.xlsx": ("merged-with-errors", "3", 1, 1),
        "三.xlsx": ("duplicate", "3", 1, 0),
        "四.xlsx": ("merged", "4", 0, 0),
        "五 副本.xlsx": ("rejected", "", 0, 0),
        "五.xlsx": ("duplicate", "", 0, 0),
        "六.xlsx": ("merged-with-errors", "5", 1, 1),
        "~$三.xlsx": ("ignored", "", 0, 0),
        "盖章.pdf": ("other", "", 0, 0),
        "锁.xlsx": ("rejected", "", 0, 0),
        "坏.xlsx": ("rejected", "", 0, 0),
        "大.xlsx": ("rejected", "", 0, 0),
        "包.zip": ("other", "", 0, 0),
    }


def test_a_file_of_which_one_form_is_in_force_is_merged() -> None:
    found = table({"合.xlsx": Workbook([OTHER, FAULTY]), "新.xlsx": TWO})
    assert found["合.xlsx"] == ("merged-with-errors", "1-2,3", 2, 1)


def test_a_file_says_which_school_it_is_of_and_why_it_was_not_merged() -> None:
    made = district({"一.xlsx": OTHER, "锁.xlsx": Problem("file-encrypted", {"what": "password"})})
    frame = verdicts(made, check(made)).set_index("file")
    assert frame.loc["一.xlsx", "school"] == "赣县区梅林小学"
    assert frame.loc["锁.xlsx", "reason"]
    assert not frame.loc["一.xlsx", "reason"]


def test_the_account_balances_over_merged_superseded_and_copied_rows() -> None:
    made = district(EVERYTHING)
    found = account(made, verdicts(made, check(made)))
    assert found == Account(read=6, merged=3, left_out=0, set_aside=3)
    assert found.balances


WITH_TOTAL = page("""
    | 填报单位：赣县区梅林小学（盖章） 时间：2021年3月12日 |
    | 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
    | 1 | 赖小满 | 360704200805210315 | 梅林小学 | 其他 | 失学辍学 | |
    | 2 | | | | | | |
    | 合计 | 1 | | | | | |
    | 以上情况属实 | | | | | | |
""")


def test_a_row_that_was_not_taken_is_accounted_for_with_its_file() -> None:
    made = district({"一.xlsx": TWO, "二.xlsx": WITH_TOTAL, "三.xlsx": FAULTY, "四.xlsx": FAULTY})
    frame = verdicts(made, check(made)).set_index("file")
    assert frame["rows_read"].to_dict() == {"一.xlsx": 2, "三.xlsx": 1, "二.xlsx": 3, "四.xlsx": 1}
    assert frame["rows_left_out"].to_dict() == {"一.xlsx": 0, "三.xlsx": 0, "二.xlsx": 2, "四.xlsx": 0}
    assert account(made, frame.reset_index()) == Account(read=7, merged=2, left_out=2, set_aside=3)


def test_the_rows_of_a_return_that_was_set_aside_are_set_aside_with_it() -> None:
    made = district({"一.xlsx": WITH_TOTAL, "二.xlsx": TWO})
    found = account(made, verdicts(made, check(made)))
    assert found == Account(read=5, merged=2, left_out=0, set_aside=3)
    assert found.balances


def test_a_record_that_was_lost_between_reading_and_merging_is_missed() -> None:
    made = district({"一.xlsx": TWO})
    lost = replace(made, records={**made.records, "1-2": district({}).records["1-2"]})
    assert not account(lost, verdicts(lost, check(lost))).balances


def test_an_empty_inbox_balances() -> None:
    made = district({})
    frame = verdicts(made, check(made))
    assert (len(frame), account(made, frame)) == (0, Account(0, 0, 0, 0))
