"""Of several returns of one school's one form: parts, blanks, corrections, other terms, the sheets of a workbook."""

from __future__ import annotations

import datetime as dt

import numpy as np
import pytest
from cast import DAY, card, listed, statistics
from sheets import COMBINED, MIDDLE, PRIMARY, Content, district

from kbxt_merge.model.district import District
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Reason, Standing
from kbxt_merge.model.returns import Grid, Workbook


def ledger(names: str, *, date: str = DAY, sheet: str = "Sheet1", school: str = PRIMARY) -> Grid:
    """Form 3 with these children of the cast; nobody makes a blank with a printed number."""
    rows = "\n".join(f"| {number} | {name} |" for number, name in enumerate(names.split() or [""], 1))
    return listed("3", f"| 序号 | 姓名 |\n{rows}", date=date, sheet=sheet, school=school)


def home_taught(name: str) -> Grid:
    return listed("4", f"| 序号 | 姓名 |\n| 1 | {name} |")


BLANK = ledger("", date="")
FOUR = "赖小满 温小暑 钟立秋 刘白露"


def counts(made: District) -> list[tuple[str, str]]:
    """The names of form 3 that count, each with the file that it was read from."""
    records = made.records["3"]
    return list(zip(records.shown["name"], records.files(np.arange(len(records))), strict=True))


def standings(made: District) -> list[tuple[str, Standing]]:
    return [(each.file.path, each.standing) for each in made.returned]


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("附件3（七年级）.xlsx", "附件3（八年级）.xlsx"),
        ("附件3.xlsx", "附件3补充.xlsx"),
        ("附件3.xlsx", "附件3（续）.xlsx"),
        ("附件3-1.xlsx", "附件3-2.xlsx"),
        ("附件3小学部.xlsx", "附件3初中部.xlsx"),
        ("附件3小学.xlsx", "附件3初中.xlsx"),
        ("附件3初一.xlsx", "附件3初二.xlsx"),
        ("附件3.xlsx", "附件3（漏报）.xlsx"),
        ("附件3A.xlsx", "附件3B.xlsx"),
        ("附件3（上）.xlsx", "附件3（下）.xlsx"),
        ("桃源教学点附件3.xlsx", "石桥教学点附件3.xlsx"),
        ("附件3（男生）.xlsx", "附件3（女生）.xlsx"),
        ("附件3随班就读.xlsx", "附件3送教上门.xlsx"),
        ("附件3_王老师.xlsx", "附件3_李老师.xlsx"),
        ("附件3本县.xlsx", "附件3外县.xlsx"),
        ("七年级/附件3.xlsx", "八年级/附件3.xlsx"),
        ("梅林小学/附件3.xlsx", "梅林小学/补充/附件3.xlsx"),
        ("梅林小学/附件3.xlsx", "梅林小学/附件3（二）.xlsx"),
        ("材料.zip/一.xlsx", "材料.zip/二.xlsx"),
        ("梅林小学/2021-03-12 091030/一.xlsx", "梅林小学/2021-03-12 091030/二.xlsx"),
    ],
)
def test_returns_that_share_no_child_and_say_part_or_came_together_are_parts(first: str, second: str) -> None:
    made = district({first: ledger("赖小满 温小暑"), second: ledger("钟立秋")})
    assert {name for name, _ in counts(made)} == {"赖小满", "温小暑", "钟立秋"}
    assert [each.part_of for each in made.returned if each.part_of] == [first]


@pytest.mark.parametrize(
    "path",
    [
        "3.xlsx", "梅林小学附件3.xlsx", "附件3（更正）.xlsx", "附件3-赣县区梅林小学.xlsx", "梅林小学3月附件3.xlsx",
        "附件3-20210312.xlsx", "残疾儿童台账2021.xlsx", "梅林小学（附件3）.xlsx", "1/附件3.xlsx", "附件3/梅林小学.xlsx",
    ],
)  # fmt: skip
def test_a_form_s_number_a_school_s_name_or_a_day_in_a_file_s_name_is_no_part(path: str) -> None:
    made = district({"上次附件3.xlsx": ledger("赖小满"), path: ledger("温小暑")})
    assert counts(made) == [("温小暑", path)]


def test_a_word_of_the_form_s_title_or_of_the_school_s_name_is_no_part() -> None:
    first, second = "附件4送教上门台账.xlsx", "附件4送教上门台账（改）.xlsx"
    titled = district({first: home_taught("赖小满"), second: home_taught("温小暑")})
    assert standings(titled) == [(first, Standing.SUPERSEDED), (second, Standing.IN_FORCE)]
    named = {"田村学校附件3.xlsx": ledger("赖小满", school=COMBINED), "3.xlsx": ledger("温小暑", school=COMBINED)}
    assert counts(district(named)) == [("温小暑", "3.xlsx")]


def test_a_corrected_part_replaces_that_part_only_and_a_whole_list_all_parts() -> None:
    parts: dict[str, Content] = {"七年级附件3.xlsx": ledger("赖小满 温小暑"), "八年级附件3.xlsx": ledger("钟立秋")}
    corrected = "七年级附件3（改）.xlsx"
    made = district({**parts, corrected: ledger("赖小满 温小暑", date="2021年3月13日")})
    assert counts(made) == [("赖小满", corrected), ("温小暑", corrected), ("钟立秋", "八年级附件3.xlsx")]
    whole = district({**parts, "附件3.xlsx": ledger("赖小满 温小暑 钟立秋")})
    assert {path for _, path in counts(whole)} == {"附件3.xlsx"}


def test_of_two_parts_of_one_folder_both_are_merged_though_a_child_stands_in_both() -> None:
    made = district({"梅林小学/七年级.xlsx": ledger("赖小满 温小暑"), "梅林小学/八年级.xlsx": ledger("温小暑 刘白露")})
    assert len(counts(made)) == 4


@pytest.mark.parametrize("order", [("满.xlsx", "空.xlsx"), ("空.xlsx", "满.xlsx")])
def test_an_untouched_blank_never_replaces_children(order: tuple[str, str]) -> None:
    content: dict[str, Content] = {"满.xlsx": ledger("赖小满 温小暑"), "空.xlsx": BLANK}
    made = district({path: content[path] for path in order})
    assert counts(made) == [("赖小满", "满.xlsx"), ("温小暑", "满.xlsx")]
    assert sorted(standings(made)) == [("满.xlsx", Standing.IN_FORCE), ("空.xlsx", Standing.BLANK)]


def test_a_dated_zero_return_replaces_and_names_who_was_there() -> None:
    made = district({"一.xlsx": ledger("赖小满"), "二.xlsx": ledger("", date="2021年3月19日")})
    assert counts(made) == []
    assert made.returned[0].left_behind == ("赖小满",)


def test_of_two_blanks_the_later_is_the_zero_return() -> None:
    made = district({"一.xlsx": BLANK, "二.xlsx": ledger("", date="2021年3月19日")})
    assert standings(made) == [("一.xlsx", Standing.SUPERSEDED), ("二.xlsx", Standing.IN_FORCE)]


def test_a_blank_of_cards_and_of_statistics_replaces_nothing() -> None:
    made = district(
        {
            "梅林小学/卡.xlsx": Workbook([card("赖小满", sheet="1"), card("", sheet="空")]),
            "一.xlsx": statistics("| 应返校学生数 | 9 |\n| 已返校学生数 | 9 |"),
            "二.xlsx": listed("1-1", "| 序号 | 学校 |\n| 1 | |"),
        }
    )
    assert list(made.records["1-1"].shown["due"]) == ["9"]
    assert list(made.records["5"].shown["name"]) == ["赖小满"]
    assert [standing for path, standing in standings(made) if path != "一.xlsx"] == [
        Standing.BLANK, Standing.IN_FORCE, Standing.BLANK,
    ]  # fmt: skip


def test_statistics_in_which_only_the_school_s_name_stands_are_a_blank() -> None:
    named = listed("1-1", f"| 序号 | 学校 |\n| 1 | {PRIMARY} |")
    named.rows[-1][2:] = [None] * (len(named.rows[-1]) - 2)
    made = district({"一.xlsx": statistics("| 应返校学生数 | 9 |\n| 已返校学生数 | 9 |"), "二.xlsx": named})
    assert list(made.records["1-1"].shown["due"]) == ["9"]
    assert standings(made) == [("一.xlsx", Standing.IN_FORCE), ("二.xlsx", Standing.BLANK)]
    alone = district({"二.xlsx": named})
    assert standings(alone) == [("二.xlsx", Standing.IN_FORCE)]
    assert len(alone.records["1-1"]) == 1


def test_a_nameless_blank_beside_a_filled_sheet_is_only_the_template() -> None:
    made = district({"附件3.xlsx": Workbook([ledger("赖小满"), ledger("", date="", school="", sheet="空表")])})
    assert [each.standing for each in made.returned] == [Standing.IN_FORCE, Standing.BLANK]


def test_a_short_correction_replaces_child_by_child() -> None:
    made = district({"一.xlsx": ledger(FOUR), "二.xlsx": ledger("温小暑")})
    assert counts(made) == [("赖小满", "一.xlsx"), ("钟立秋", "一.xlsx"), ("刘白露", "一.xlsx"), ("温小暑", "二.xlsx")]
    kept, replaced, _ = made.returned
    assert (kept.sheet.rows, replaced.sheet.rows) == ([3, 5, 6], [4])
    assert (replaced.standing, replaced.replaced_by, replaced.left_behind) == (Standing.SUPERSEDED, "二.xlsx", ())


def test_half_of_the_children_and_more_is_a_new_list() -> None:
    made = district({"一.xlsx": ledger(FOUR), "二.xlsx": ledger("赖小满 温小暑")})
    assert {path for _, path in counts(made)} == {"二.xlsx"}
    assert made.returned[0].left_behind == ("钟立秋", "刘白露")


def test_a_supplement_with_a_child_that_is_known_drops_nobody() -> None:
    made = district({"附件3.xlsx": ledger(FOUR), "附件3补充.xlsx": ledger("赖小满 曾谷雨")})
    assert len(counts(made)) == 5
    assert ("赖小满", "附件3补充.xlsx") in counts(made)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"date": "2021年3月15日"}, {"date": "2021年3月2日"}),
        ({"date": "2021年3月12日"}, {"date": "2021年2月"}),
    ],
)
def test_the_form_s_own_date_comes_before_the_file_s_time(first: dict[str, str], second: dict[str, str]) -> None:
    made = district({"一.xlsx": ledger("赖小满 温小暑", **first), "二.xlsx": ledger("赖小满 钟立秋", **second)})
    assert {path for _, path in counts(made)} == {"一.xlsx"}


def test_a_month_that_holds_the_other_s_day_decides_nothing() -> None:
    made = district({"一.xlsx": ledger("赖小满 温小暑", date="2021年3月"), "二.xlsx": ledger("赖小满 钟立秋")})
    assert {path for _, path in counts(made)} == {"二.xlsx"}


@pytest.mark.parametrize("order", [("旧.xlsx", "新.xlsx"), ("新.xlsx", "旧.xlsx")])
@pytest.mark.parametrize(
    ("old", "new", "period"),
    [
        ({"date": "2020年9月10日"}, {}, "2021春"),
        ({"date": "", "sheet": "2020秋"}, {}, "2021春"),
        ({"date": "2020年12月20日", "sheet": "2020-2021学年第一学期"}, {}, "2021春"),
        ({"date": "2021年3月5日"}, {"date": "2021年4月6日"}, "2021-04"),
    ],
)
def test_another_term_s_or_month_s_return_never_wins(
    order: tuple[str, str], old: dict[str, str], new: dict[str, str], period: str
) -> None:
    content: dict[str, Content] = {"旧.xlsx": ledger("赖小满 温小暑", **old), "新.xlsx": ledger("赖小满", **new)}
    made = district({path: content[path] for path in order}, period=Period.parse(period))
    assert counts(made) == [("赖小满", "新.xlsx")]
    assert ("旧.xlsx", Standing.SET_ASIDE) in standings(made)


@pytest.mark.parametrize(
    ("date", "period", "saved", "why"),
    [
        ("2021年3月12日", "2021-05", dt.date(2021, 3, 12), Reason.MONTH),
        ("", "2021春", dt.date(2018, 3, 2), Reason.OLD),
        ("", "2021-05", dt.date(2021, 4, 20), Reason.OLD),
        ("2021年5月12日", "2021-05", dt.date(2021, 5, 12), None),
        ("2020年9月12日", "2021春", dt.date(2020, 9, 12), None),
        ("", "2021春", dt.date(2021, 1, 10), None),
        ("", "2021春", dt.date(1980, 1, 1), None),
    ],
)
def test_another_month_s_return_and_an_undated_old_one_count_nowhere_though_nothing_else_came(
    date: str, period: str, saved: dt.date, why: Reason | None
) -> None:
    made = district({"附件3.xlsx": ledger("赖小满", date=date)}, period=Period.parse(period), saved=saved)
    assert [each.why for each in made.returned] == [why]
    assert len(counts(made)) == (why is None)


def test_a_year_left_over_in_a_title_sets_no_child_aside() -> None:
    old = Grid("Sheet1", [["赣县区2020年义务教育阶段适龄残疾儿童就学台账"], *ledger("温小暑", date="").rows[1:]])
    made = district({"七年级.xlsx": ledger("赖小满"), "八年级.xlsx": old})
    assert {name for name, _ in counts(made)} == {"赖小满", "温小暑"}


@pytest.mark.parametrize(
    ("sheets", "kept", "why"),
    [
        ({"附件3": FOUR, "附件3 (2)": FOUR}, ["附件3"], Reason.COPY),
        ({"七年级": "赖小满", "八年级": "温小暑", "汇总": "赖小满 温小暑"}, ["七年级", "八年级"], Reason.UNION),
        ({"汇总": "赖小满 温小暑", "七年级": "赖小满", "八年级": "温小暑"}, ["七年级", "八年级"], Reason.UNION),
        ({"七年级": "赖小满", "汇总": "赖小满 温小暑"}, ["汇总"], Reason.COPY),
        ({"1月": "赖小满", "2月": "赖小满 温小暑", "3月份": "赖小满 温小暑 钟立秋"}, ["3月份"], Reason.MONTH),
    ],
)  # fmt: skip
def test_sheets_of_a_workbook_that_say_again_what_others_say_are_set_aside(
    sheets: dict[str, str], kept: list[str], why: Reason
) -> None:
    made = district({"一.xlsx": Workbook([ledger(names, sheet=sheet) for sheet, names in sheets.items()])})
    assert [each.sheet.sheet for each in made.returned if each.standing is Standing.IN_FORCE] == kept
    assert {each.why for each in made.returned if each.standing is not Standing.IN_FORCE} == {why}
    assert len({name for name, _ in counts(made)}) == len(counts(made))


def test_month_sheets_with_other_children_are_parts_and_a_month_s_own_sheet_counts() -> None:
    apart = Workbook([ledger("赖小满", sheet="1月"), ledger("温小暑", sheet="2月")])
    assert len(counts(district({"一.xlsx": apart}))) == 2
    kept = Workbook([ledger("赖小满", sheet="2月", date=""), ledger("赖小满 温小暑", sheet="3月", date="")])
    made = district({"一.xlsx": kept}, period=Period.parse("2021-02"))
    assert counts(made) == [("赖小满", "一.xlsx")]


def test_class_sheets_that_differ_on_a_child_are_left_to_the_school() -> None:
    sheets = [ledger("赖小满 温小暑", sheet="一"), listed("3", "| 姓名 | 年级 |\n| 赖小满 | 六年级 |", sheet="二")]
    assert len(counts(district({"一.xlsx": Workbook(sheets)}))) == 3


def test_at_one_time_the_path_that_says_corrected_counts() -> None:
    mail = "梅林小学/2021-03-12 091030"
    made = district(
        {f"{mail}/更正后/附件3.xlsx": ledger("赖小满 温小暑"), f"{mail}/附件3.xlsx": ledger("赖小满 钟立秋")}
    )
    assert {path for _, path in counts(made)} == {f"{mail}/更正后/附件3.xlsx"}


def test_the_same_blank_of_two_schools_is_a_zero_return_of_each() -> None:
    blank = ledger("", date="", school="")
    made = district({"梅林小学/附件3.xlsx": blank, "茅店中学/附件3.xlsx": blank, "茅店中学/副本/附件3.xlsx": blank})
    assert {each.school for each in made.returned} == {PRIMARY, MIDDLE}
    assert made.copies == {"茅店中学/附件3.xlsx": "茅店中学/副本/附件3.xlsx"}


def test_statistics_of_two_schools_in_one_school_s_name_are_parts() -> None:
    made = district(
        {
            "桃源教学点1-1.xlsx": listed("1-1", "| 学校 |\n| 梅林小学 |"),
            "二.xlsx": listed("1-1", "| 学校 |\n| 田村学校 |"),
        }
    )
    assert len(made.records["1-1"]) == 2


@pytest.mark.parametrize(
    ("before", "now"),
    [
        ("2020秋", "2021春"),
        ("20秋", "21春"),
        ("秋季", "春季"),
        ("第一学期", "第二学期"),
        ("上学期", "本学期"),
        ("2020下", "2021上"),
    ],
)
def test_a_tab_of_another_term_does_not_count_beside_this_terms_whatever_its_date(before: str, now: str) -> None:
    made = district({"a.xlsx": Workbook([ledger("赖小满", sheet=before), ledger("温小暑", sheet=now)])})
    assert counts(made) == [("温小暑", "a.xlsx")]
    assert [each.standing for each in made.returned] == [Standing.SET_ASIDE, Standing.IN_FORCE]


def test_a_tab_of_another_term_alone_counts() -> None:
    assert counts(district({"a.xlsx": ledger("赖小满", sheet="2020秋")})) == [("赖小满", "a.xlsx")]
