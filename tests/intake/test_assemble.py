"""The district that the returned files make: whose each form is, which counts, and where each record came from."""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy as np
import pytest
from cast import card, listed, statistics
from sheets import COMBINED, FORMS, MIDDLE, PRIMARY, ROSTER, Content, district, page

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import District
from kbxt_merge.model.returned_form import NamedBy, Returned, Standing
from kbxt_merge.model.returns import Grid, Workbook
from kbxt_merge.model.school import Roster, School


def one(slug: str, name: str, school: str = PRIMARY, sheet: str = "Sheet1") -> Grid:
    """A list of one child."""
    return listed(slug, f"| 姓名 |\n| {name} |", school=school, sheet=sheet)


def unnamed(grid: Grid) -> Grid:
    """The sheet without its unit line."""
    return Grid(grid.sheet, [grid.rows[0], *grid.rows[2:]])


def returned(made: District, path: str, sheet: str = "Sheet1") -> Returned:
    (found,) = (each for each in made.returned if (each.file.path, each.sheet.sheet) == (path, sheet))
    return found


def whose(made: District, path: str, sheet: str = "Sheet1") -> tuple[str, NamedBy]:
    found = returned(made, path, sheet)
    return found.school, found.named_by


def names(made: District, slug: str) -> list[str]:
    return list(made.records[slug].shown[FORMS.by_slug[slug].record_field])


def standings(made: District) -> dict[str, Standing]:
    return {each.file.path: each.standing for each in made.returned}


# Whose a form is


def test_the_unit_line_comes_before_mark_path_and_bundle() -> None:
    marked = Workbook([one("1-2", "赖小满", school="梅小")], {"kbxt_school_code": "2136000002"})
    made = district({"茅店中学/附件1-2.xlsx": marked})
    found = returned(made, "茅店中学/附件1-2.xlsx")
    assert (found.school, found.named_by) == (PRIMARY, NamedBy.UNIT_LINE)
    assert found.path
    assert found.path.name == MIDDLE


def test_a_blanks_mark_comes_before_the_path() -> None:
    marked = Workbook([unnamed(one("1-2", "赖小满"))], {"kbxt_school_code": "2136000003"})
    assert whose(district({"茅店中学/1.xlsx": marked}), "茅店中学/1.xlsx") == (COMBINED, NamedBy.MARK)


def test_of_the_path_the_file_comes_before_its_folder() -> None:
    made = district({"茅店中学/田村学校附件1-2.xlsx": unnamed(one("1-2", "赖小满"))})
    assert whose(made, "茅店中学/田村学校附件1-2.xlsx") == (COMBINED, NamedBy.PATH)


def test_a_stamp_names_the_school_where_the_path_does_not() -> None:
    stamped = unnamed(one("1-2", "赖小满"))
    stamped.rows.append([None, None, "梅小（公章）"])
    in_folder = unnamed(one("1-2", "温小满"))
    in_folder.rows.append([None, None, "梅小（公章）"])
    stranger = unnamed(one("1-2", "温小暑"))
    stranger.rows.append([None, None, "帮扶学校（盖章）"])
    made = district({"一.xlsx": stamped, "茅店中学/一.xlsx": in_folder, "二.xlsx": stranger})
    assert whose(made, "一.xlsx") == (PRIMARY, NamedBy.STAMP)
    assert whose(made, "茅店中学/一.xlsx") == (MIDDLE, NamedBy.PATH)
    assert whose(made, "二.xlsx") == ("", NamedBy.NOBODY)


def titled(grid: Grid, title: str, sheet: str = "Sheet1") -> Grid:
    """The sheet without its unit line, under a title of its own."""
    return Grid(sheet, [[title], *grid.rows[2:]])


def test_a_title_comes_before_the_tab_and_the_tab_before_the_path() -> None:
    named = titled(one("3", "赖小满"), "赣县区梅林小学适龄残疾儿童就学台账", "田村学校")
    bracketed = titled(one("3", "温小暑"), "赣县区义务教育阶段适龄残疾儿童就学台账（茅店中学）", "田村学校")
    plain = titled(one("3", "钟立秋"), "赣县区义务教育阶段适龄残疾儿童就学台账", "田村学校")
    place = titled(one("3", "刘白露"), "赣县区义务教育阶段适龄残疾儿童就学台账", "田村")
    made = district({f"茅店中学/{i}.xlsx": sheet for i, sheet in enumerate((named, bracketed, plain, place))})
    assert [(each.school, each.named_by) for each in made.returned] == [
        (PRIMARY, NamedBy.TITLE), (MIDDLE, NamedBy.TITLE), (COMBINED, NamedBy.TAB), (COMBINED, NamedBy.TAB),
    ]  # fmt: skip


def test_a_page_header_names_the_school() -> None:
    sheet = unnamed(one("3", "赖小满"))
    sheet.beside = ("学校名称：梅林小学（盖章）",)
    assert whose(district({"茅店中学/一.xlsx": sheet}), "茅店中学/一.xlsx") == (PRIMARY, NamedBy.UNIT_LINE)


def test_a_column_of_schools_names_the_rows_of_a_sheet_that_nobody_else_names() -> None:
    rows = "| 姓名 | 身份证号码 |\n| 赖小满 | |\n| 温小暑 | |"
    grid = unnamed(listed("1-2", rows))
    for row, text in zip(grid.rows[-3:], ("学校", "梅林小学", "田村学校"), strict=True):
        row.append(text)
    made = district({"一.xlsx": grid})
    assert list(made.records["1-2"].school) == [PRIMARY, COMBINED]
    assert made.returned[0].named_by is NamedBy.ROW


def test_a_column_of_schools_counts_beside_the_central_school_that_the_roster_names() -> None:
    centre, village = School("1", "赣县区茅店中心小学"), School("2", "赣县区桃源小学", centre="茅店中心小学")
    grid = listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |", school=centre.name)
    for row, text in zip(grid.rows[-3:], ("学校", "茅店中心小学", "桃源小学"), strict=True):
        row.append(text)
    made = district({"一.xlsx": grid}, roster=Roster((centre, village), ROSTER.prefixes))
    assert list(made.records["1-2"].school) == [centre.name, village.name]


def test_a_school_alone_above_its_children_is_theirs_in_a_central_school_s_list_only() -> None:
    for above, of_block in ("赣县区茅店中心小学", "赣县区桃源小学"), ("赣县区梅林中学", "赣县区梅林中学"):
        roster = Roster((School("1", above), School("2", "赣县区桃源小学")), ROSTER.prefixes)
        grid = listed("3", "| 序号 | 姓名 | 年龄 |\n| 1 | 赖小满 | 12 |\n| 2 | 温小暑 | 12 |", school=above)
        grid.rows.insert(-1, ["桃源小学"])
        made = district({"一.xlsx": grid}, roster=roster)
        assert list(zip(names(made, "3"), made.records["3"].school, strict=True)) == [
            ("赖小满", above),
            ("温小暑", of_block),
        ]


@pytest.mark.parametrize("tab", ["附件3（田村）", "2.田村", "田村2人", "田村教学点"])
def test_a_tab_that_names_a_place_with_something_around_it_names_its_school(tab: str) -> None:
    made = district({"一.xlsx": unnamed(one("3", "赖小满", sheet=tab))})
    assert whose(made, "一.xlsx", tab) == (COMBINED, NamedBy.TAB)


def test_a_school_alone_in_its_own_column_heads_the_children_below_it_and_is_left_over_where_none_stands() -> None:
    roster = Roster(
        (School("1", "赣县区桃源小学"), School("2", "赣县区石桥小学"), School("3", MIDDLE)), ROSTER.prefixes
    )
    grid = unnamed(listed("2", "| 序号 | 原就读学校 | 姓名 |\n| 1 | 桃源小学 | 赖小满 |\n| 2 | 石桥小学 | 温小暑 |"))
    header, first, second = grid.rows[-3:]
    alone: list[list[Any]] = [[None, each] for each in ("桃源小学", "石桥小学", "茅店中学")]
    grid.rows[-3:] = [header, alone[0], first, alone[1], second, alone[2]]
    made = district({"一.xlsx": grid}, roster=roster)
    assert list(zip(names(made, "2"), made.records["2"].school, strict=True)) == [
        ("赖小满", "赣县区桃源小学"),
        ("温小暑", "赣县区石桥小学"),
    ]


@pytest.mark.parametrize(
    ("tab", "school"),
    [("3", (COMBINED, NamedBy.BUNDLE)), ("坪田小学", ("", NamedBy.NOBODY)), ("坪田小", ("", NamedBy.NOBODY))],
)
def test_a_tab_that_reads_like_a_school_takes_none_from_the_tab_beside_it(
    tab: str, school: tuple[str, NamedBy]
) -> None:
    book = Workbook([unnamed(one("1-2", "赖小满", sheet="田村学校")), unnamed(one("3", "温小暑", sheet=tab))])
    assert whose(district({"一.xlsx": book}), "一.xlsx", tab) == school


def test_own_school_is_the_sheet_s() -> None:
    made = district({"一.xlsx": listed("1-2", "| 姓名 | 学籍所在学校 |\n| 赖小满 | 本校 |\n| 温小暑 | 田村学校 |")})
    records = made.records["1-2"]
    assert list(records.shown["roll_school"]) == [PRIMARY, "田村学校"]
    assert list(records.states["roll_school"]) == [CellState.NORMALISED, CellState.AS_TYPED]


def test_a_bundle_names_its_sheets_when_all_that_are_named_agree() -> None:
    agreed = Workbook([one("1-2", "赖小满"), unnamed(one("3", "赖小满", sheet="3"))])
    split = Workbook(
        [
            one("1-2", "温小暑", MIDDLE),
            one("2", "温小暑", COMBINED, sheet="2"),
            unnamed(one("3", "温小暑", sheet="3")),
        ]
    )
    made = district({"一.xlsx": agreed, "二.xlsx": split})
    assert whose(made, "一.xlsx", "3") == (PRIMARY, NamedBy.BUNDLE)
    assert whose(made, "二.xlsx", "3") == ("", NamedBy.NOBODY)


def test_rows_of_statistics_name_their_sheet_where_nothing_else_does() -> None:
    made = district({"1-1.xlsx": unnamed(statistics("| 学校 | 田村学校 |"))})
    assert whose(made, "1-1.xlsx") == (COMBINED, NamedBy.ROW)


@pytest.mark.parametrize("wrong", ["", "| 居民身份证号码 | 360704200805210316 |"])
def test_a_card_that_nothing_names_is_of_the_school_that_lists_its_child(wrong: str) -> None:
    made = district({"名单.xlsx": one("1-2", "赖小满", MIDDLE), "卡.xlsx": card("赖小满", wrong)})
    assert whose(made, "卡.xlsx") == (MIDDLE, NamedBy.LIST)


def test_a_card_whose_child_two_schools_list_by_name_only_is_nobodys() -> None:
    made = district(
        {
            "一.xlsx": listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | |"),
            "二.xlsx": listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | |", school=MIDDLE),
            "卡.xlsx": card("赖小满"),
        }
    )
    assert whose(made, "卡.xlsx") == ("", NamedBy.NOBODY)


def test_cards_of_one_file_follow_the_one_that_a_list_names() -> None:
    both = Workbook([card("赖小满", sheet="1"), card("温小暑", sheet="2")])
    made = district({"一.xlsx": one("1-2", "赖小满", MIDDLE), "卡.xlsx": both})
    assert whose(made, "卡.xlsx", "2") == (MIDDLE, NamedBy.BUNDLE)


def test_records_of_an_unknown_school_are_merged_under_the_name_given() -> None:
    made = district({"一.xlsx": one("1-2", "赖小满", "深圳市第九小学")})
    assert list(made.records["1-2"].school) == ["深圳市第九小学"]
    assert made.schools == [PRIMARY, MIDDLE, COMBINED, "深圳市第九小学"]


def test_without_a_roster_two_spellings_of_one_school_are_one_school() -> None:
    made = district(
        {"一.xlsx": one("1-2", "赖小满", "梅林小学"), "二.xlsx": one("3", "钟立秋", "赣县区梅林小学")}, roster=None
    )
    assert {each.school for each in made.returned} == {"赣县区梅林小学"}
    assert made.schools == ["赣县区梅林小学"]


def test_each_row_of_the_statistics_is_of_the_school_that_it_names() -> None:
    made = district(
        {
            "一.xlsx": listed("1-1", "| 学校 |\n| 梅林小学 |\n| 茅店中学 |\n| 某某教学点 |\n| |"),
            "二.xlsx": listed("1-1", "| 学校 |\n| 本校 |", school=COMBINED),
        }
    )
    assert list(made.records["1-1"].school) == [PRIMARY, MIDDLE, "某某教学点", COMBINED]


# Which form counts


def test_the_form_that_came_last_counts_whatever_its_path() -> None:
    made = district({"乙.xlsx": one("1-2", "赖小满"), "甲.xlsx": one("1-2", "温小暑")})
    assert standings(made) == {"乙.xlsx": Standing.SUPERSEDED, "甲.xlsx": Standing.IN_FORCE}
    assert (returned(made, "乙.xlsx").replaced_by, returned(made, "乙.xlsx").left_behind) == ("甲.xlsx", ("赖小满",))
    assert names(made, "1-2") == ["温小暑"]


def test_children_that_the_later_form_lacks_are_named() -> None:
    made = district(
        {
            "一.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |\n| 钟立秋 |"),
            "二.xlsx": listed("1-2", "| 姓名 |\n| 温小暑 |\n| 刘白露 |"),
        }
    )
    assert returned(made, "一.xlsx").left_behind == ("赖小满", "钟立秋")


def test_a_bundle_is_superseded_form_by_form() -> None:
    bundle = Workbook([one("1-2", "赖小满"), one("3", "钟立秋", sheet="3")])
    made = district({"合.xlsx": bundle, "新.xlsx": one("1-2", "温小暑")})
    assert returned(made, "合.xlsx").standing is Standing.SUPERSEDED
    assert returned(made, "合.xlsx", "3").standing is Standing.IN_FORCE
    assert (names(made, "1-2"), names(made, "3")) == (["温小暑"], ["钟立秋"])


def test_two_sheets_of_one_file_are_one_form_of_two_sheets() -> None:
    made = district({"合.xlsx": Workbook([one("1-2", "赖小满"), one("1-2", "温小暑", sheet="续")])})
    assert names(made, "1-2") == ["赖小满", "温小暑"]


def test_cards_are_replaced_child_by_child_by_number_or_by_name() -> None:
    made = district(
        {
            "梅林小学/1.xlsx": card("赖小满", "| 健康情况 | 旧 |"),
            "梅林小学/2.xlsx": card("温小暑", "| 健康情况 | 旧 |"),
            "梅林小学/3.xlsx": card("钟立秋", "| 居民身份证号码 | |"),
            "梅林小学/4.xlsx": card("赖小满", "| 健康情况 | 新 |"),
            "梅林小学/5.xlsx": card("钟立秋", "| 居民身份证号码 | |\n| 健康情况 | 新 |"),
        }
    )
    superseded = {path for path, standing in standings(made).items() if standing is Standing.SUPERSEDED}
    assert superseded == {"梅林小学/1.xlsx", "梅林小学/3.xlsx"}
    assert list(made.records["5"].shown["health"]) == ["旧", "新", "新"]


@pytest.mark.parametrize(
    "wrong",
    ["", "无", "3.60704200805210e17", "36070420080521031", "360704200805210316", "360704200805120315"],
)
def test_a_card_whose_number_was_corrected_replaces_the_one_with_the_slip(wrong: str) -> None:
    made = district(
        {
            "梅林小学/1.xlsx": card("赖小满", f"| 居民身份证号码 | {wrong} |"),
            "梅林小学/2.xlsx": card("赖小满"),
        }
    )
    assert standings(made) == {"梅林小学/1.xlsx": Standing.SUPERSEDED, "梅林小学/2.xlsx": Standing.IN_FORCE}


def test_a_card_whose_name_was_corrected_replaces_the_one_of_its_number() -> None:
    made = district({"梅林小学/1.xlsx": card("赖小满", "| 姓名 | 赖小蛮 |"), "梅林小学/2.xlsx": card("赖小满")})
    assert names(made, "5") == ["赖小满"]


def test_namesakes_keep_each_its_card() -> None:
    made = district({"梅林小学/1.xlsx": card("赖小满"), "梅林小学/2.xlsx": card("钟立秋", "| 姓名 | 赖小满 |")})
    assert set(standings(made).values()) == {Standing.IN_FORCE}


def test_a_namesakes_card_stays_whose_number_has_a_slip_of_its_own() -> None:
    made = district(
        {
            "梅林小学/1.xlsx": card("赖小满"),
            "梅林小学/2.xlsx": card("钟立秋", "| 姓名 | 赖小满 |\n| 居民身份证号码 | 360704201108070535 |"),
        }
    )
    assert set(standings(made).values()) == {Standing.IN_FORCE}


def test_a_blank_of_the_statistics_does_not_replace_what_was_filled_in() -> None:
    blank = listed("1-1", "| 序号 | 学校 |\n| 1 | |")
    made = district({"一.xlsx": statistics("| 应返校学生数 | 9 |\n| 已返校学生数 | 9 |"), "二.xlsx": blank})
    assert list(made.records["1-1"].shown["due"]) == ["9"]


def test_a_card_without_a_child_replaces_none() -> None:
    made = district(
        {"梅林小学/1.xlsx": card("", "| 健康情况 | 一 |"), "梅林小学/2.xlsx": card("", "| 健康情况 | 二 |")}
    )
    assert set(standings(made).values()) == {Standing.IN_FORCE}


def test_the_same_form_of_two_schools_and_forms_of_nobody_stand_side_by_side() -> None:
    made = district(
        {
            "一.xlsx": one("1-2", "赖小满"),
            "二.xlsx": one("1-2", "温小暑", MIDDLE),
            "三.xlsx": unnamed(one("1-2", "钟立秋")),
            "四.xlsx": unnamed(one("1-2", "刘白露")),
        }
    )
    assert set(standings(made).values()) == {Standing.IN_FORCE}


def test_of_identical_files_the_first_in_path_order_is_read() -> None:
    same = one("1-2", "赖小满")
    made = district({"乙.xlsx": same, "甲.xlsx": same, "丙/乙.xlsx": same})
    assert made.copies == {"乙.xlsx": "丙/乙.xlsx", "甲.xlsx": "丙/乙.xlsx"}
    assert [each.file.path for each in made.returned] == ["丙/乙.xlsx"]


# Records and where they came from


def test_records_know_file_sheet_and_cell_also_of_what_is_blank() -> None:
    returns: dict[str, Content] = {
        "一.xlsx": listed("1-2", "| 备注 | 姓名 | 身份证号码 |\n| | 赖小满 | |\n| | | |\n| 转走 | | |", sheet="名单"),
        "梅林小学/卡.xlsx": card("赖小满", sheet="卡"),
    }
    made = district(returns)
    everyone = np.arange(2)
    records = made.records["1-2"]
    assert list(records.files(everyone)) == ["一.xlsx", "一.xlsx"]
    assert list(records.sheets(everyone)) == ["名单", "名单"]
    assert list(records.cells("name", everyone)) == ["B4", "B6"]
    assert list(records.cells("id_number", everyone)) == ["C4", "C6"]
    cards = made.records["5"]
    assert list(cards.cells("name", np.arange(1))) == ["C3"]
    assert list(cards.cells("sex", np.arange(1))) == ["E4"]


def test_a_column_that_a_sheet_lacks_is_absent_there_and_nowhere_else() -> None:
    made = district(
        {
            "一.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |", without=["登记类型"]),
            "二.xlsx": listed("1-2", "| 姓名 | 登记类型 |\n| 温小暑 | |", school=MIDDLE),
        }
    )
    records = made.records["1-2"]
    assert list(records.states["registration_type"]) == [CellState.ABSENT, CellState.BLANK]
    assert list(records.cells("registration_type", np.arange(2))) == ["", "B4"]


def test_a_record_has_the_last_day_that_its_form_can_mean_or_the_reference_day() -> None:
    made = district(
        {
            "一.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |", date="2021年2月"),
            "二.xlsx": listed("1-2", "| 姓名 |\n| 温小暑 |", date="", school=MIDDLE),
        },
        as_of=dt.date(2021, 3, 20),
    )
    assert list(made.records["1-2"].day.astype(str)) == ["2021-02-28", "2021-03-20"]


def test_readings_stand_in_path_order_and_every_form_has_its_records() -> None:
    made = district({"乙.xlsx": page("| 课程表 | |\n| 周一 | 周二 |"), "甲.xlsx": one("3", "赖小满")})
    assert [reading.file.path for reading in made.readings] == ["乙.xlsx", "甲.xlsx"]
    assert {slug: len(records) for slug, records in made.records.items()} == {
        "1-1": 0, "1-2": 0, "2": 0, "3": 1, "4": 0, "5": 0,
    }  # fmt: skip
