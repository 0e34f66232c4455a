"""Cards: a label left of its value, hints that still stand, dates over several cells, several cards on one sheet."""

from __future__ import annotations

import pytest
from cast import card
from sheets import FORMS, page, typed

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.model.returns import Cell, Grid, Sheet, address

RECOGNISER = Recogniser(FORMS)
RETURNED = """
    | 江西省义务教育阶段辍学学生登记表 |
    | 设区市：赣州市  县(市、区)：赣县区  填表日期：2021年3月12日 |
    | 基本信息 | 姓名 | 赖小满 | | | 居民身份证号码 | 360704200805210315 | | |
    |          | 出生日期 | 2008年5月21日 | 性别 | 男 | 年龄 | 12 | 民族 | 汉族 |
    |          | 健康情况 | 良好 | | | 全国学籍号 | | | |
    |          | 监护人1 | 赖大暑 | 与被核查人关系 | 父子 | 联系电话 | 13800000001 | | |
    |          | 监护人2 | | 与被核查人关系 | | 联系电话 | 15900000002 | | |
    |          | 户籍所在地 | 填写详细地址。示例：江西省赣州市赣县区××镇××村××组××号 | | | | | | |
    |          | 学籍所在地 | 要求同上 | | | | | | |
    |          | 现居住地 | 赣县区某乡某村 | | | | | | |
    |          | 辍学原因 | 厌学 | | | 家庭情况简述 | 务农 | | |
    | 核查劝返情况 | 是否已开展劝返工作 | 是 | 劝返次数 | 2 | 劝返结果 | | 未复学原因 | 外出 |
    |          | 劝返单位 | 梅林小学 | 劝返责任人 | 王冬至 | 联系电话 | 13700000003 | | |
    |          | 劝返过程详细记录 | 示例: 1. 什么时间，什么人，以什么方式，做了什么工作，效果如何；2. …… | | | | | | |
"""


def cards(grid: Grid) -> list[Sheet]:
    found = RECOGNISER.recognise(grid)
    assert found
    return extract(grid, found)


def values(sheet: Sheet) -> dict[str, Cell]:
    return {name: cells[0] for name, cells in sheet.cells.items() if cells and cells[0] is not None}


def place(sheet: Sheet, name: str) -> str:
    return address(sheet.card_rows[name], sheet.columns[name])


def test_each_label_has_the_value_right_of_it_and_its_own_address() -> None:
    (sheet,) = cards(page(RETURNED))
    assert values(sheet) == {
        "name": "赖小满", "id_number": "360704200805210315", "birth_date": "2008年5月21日", "sex": "男", "age": 12.0,
        "ethnicity": "汉族", "health": "良好", "guardian1": "赖大暑", "guardian1_relation": "父子",
        "guardian1_phone": 13800000001.0, "guardian2_phone": 15900000002.0, "home_address": "赣县区某乡某村",
        "dropout_reason": "厌学", "family": "务农", "persuaded": "是", "persuasion_count": 2.0,
        "not_returned_reason": "外出", "persuading_unit": "梅林小学", "persuading_person": "王冬至",
        "persuading_phone": 13700000003.0,
    }  # fmt: skip
    assert sheet.rows == [2]
    assert sheet.missing == ()
    assert sheet.date
    assert sheet.date_cell == "A2"
    places = [place(sheet, name) for name in ("name", "id_number", "ethnicity", "guardian2_phone", "persuading_phone")]
    assert places == ["C3", "G3", "I4", "G7", "G13"]


def test_a_label_that_comes_again_belongs_to_the_person_before_it_in_its_row() -> None:
    """The second guardian's row is not there: its phone must not become the first guardian's, nor the unit's."""
    lines = [line for line in RETURNED.splitlines() if "监护人2" not in line]
    (sheet,) = cards(page("\n".join(lines)))
    assert values(sheet)["guardian1_phone"] == 13800000001.0
    assert values(sheet)["persuading_phone"] == 13700000003.0
    assert sheet.missing == ("guardian2", "guardian2_relation", "guardian2_phone")


def test_an_empty_cell_has_the_address_where_its_value_should_stand() -> None:
    (sheet,) = cards(page(RETURNED))
    assert [place(sheet, name) for name in ("roll_number", "household_address", "persuasion_result")] == [
        "G5", "C8", "G12",
    ]  # fmt: skip


def test_a_merged_label_has_its_value_behind_all_of_its_columns() -> None:
    (sheet,) = cards(page(RETURNED.replace("| 姓名 | 赖小满 | |", "| 姓名 | | 赖小满 |"), merged=["B3:C3"]))
    assert (values(sheet)["name"], place(sheet, "name")) == ("赖小满", "D3")


def test_a_value_behind_its_label_in_one_cell_has_the_labels_address() -> None:
    (sheet,) = cards(page(RETURNED.replace("| 姓名 | 赖小满 |", "| 姓 名：赖小满 | |")))
    assert (values(sheet)["name"], place(sheet, "name")) == ("赖小满", "B3")


def test_a_birth_date_split_over_several_cells_is_one_date() -> None:
    for parts in ("| 2008 | 年 | 5 | 月 | 21 | 日 |", "| 2008年 | 5月 | 21日 |"):
        (sheet,) = cards(page(RETURNED.replace("| 2008年5月21日 |", parts)))
        assert str(values(sheet)["birth_date"]).replace(" ", "") == "2008年5月21日"
        assert place(sheet, "birth_date") == "C4"
        assert values(sheet)["sex"] == "男"


def test_printed_hints_are_no_values() -> None:
    (sheet,) = cards(page(RETURNED))
    assert not {"household_address", "roll_address", "persuasion_log"} & values(sheet).keys()


def test_what_a_school_wrote_over_or_behind_a_hint_is_its_value() -> None:
    written = {
        "household_address": ("江西省赣州市赣县区××镇××村××组××号", "江西省赣州市赣县区××镇××村××组××号 赣县区某乡1组"),
        "roll_address": ("要求同上", "要求同上：赣县区某乡"),
        "persuasion_log": (
            "示例: 1. 什么时间，什么人，以什么方式，做了什么工作，效果如何；2. ……",
            "示例: 1. 2021年3月1日，王冬至上门家访，家长同意送返",
        ),
    }
    text = RETURNED
    for printed, filled in written.values():
        text = text.replace(printed, filled)
    (sheet,) = cards(page(text))
    assert {name: values(sheet)[name] for name in written} == {
        "household_address": "赣县区某乡1组",
        "roll_address": "赣县区某乡",
        "persuasion_log": "示例: 1. 2021年3月1日，王冬至上门家访，家长同意送返",
    }


SPACED_OUT = "    省(市、自治区)    市(州)    县(市、区)    乡镇(街道、办事处)    (村、小区、门牌号码等)"


def test_a_hint_worded_otherwise_or_in_part_is_a_hint_still() -> None:
    for hint in (
        "填写详细地址",
        "填写详细地址，示例：江西省赣州市赣县区××乡××村",
        "示例：江西省赣州市赣县区XX镇XX村",
        SPACED_OUT,
    ):
        (sheet,) = cards(page(RETURNED.replace("要求同上", hint)))
        assert "roll_address" not in values(sheet), hint


def test_cards_one_below_the_other_have_each_its_own_values_rows_and_date() -> None:
    other = RETURNED.replace("赖小满", "温小暑").replace("2021年3月12日", "2021年3月11日")
    first, second = cards(page(RETURNED + other))
    assert [values(each)["name"] for each in (first, second)] == ["赖小满", "温小暑"]
    assert [each.rows for each in (first, second)] == [[2], [16]]
    assert [each.date_cell for each in (first, second)] == ["A2", "A16"]
    assert place(second, "persuading_phone") == "G27"


def test_a_card_without_a_date_does_not_borrow_the_next_ones() -> None:
    first, second = cards(page(RETURNED.replace("2021年3月12日", "") + RETURNED))
    assert (first.date, second.date_cell) == (None, "A16")


def test_a_date_below_the_only_card_is_its_date() -> None:
    below = RETURNED.replace("填表日期：2021年3月12日", "") + "| 填表人：王冬至  填表日期：2021年3月12日 |"
    (sheet,) = cards(page(below))
    assert sheet.date_cell == "A15"


def test_a_blank_card_is_no_record() -> None:
    (sheet,) = cards(card("", "| 出生日期 | 年  月  日 |\n| 学籍所在地 | 要求同上 |"))
    assert (sheet.form, sheet.rows, sheet.cells["name"]) == ("5", [], [])


def test_a_card_of_which_one_cell_is_filled_is_a_record() -> None:
    (sheet,) = cards(card("", "| 辍学原因 | 厌学 |"))
    assert (sheet.rows, sheet.cells["name"], place(sheet, "name")) == ([2], [None], "C3")


def test_hidden_rows_of_a_card_are_told() -> None:
    assert cards(page(RETURNED, hidden_rows=[8]))[0].hidden == ("rows",)
    assert cards(page(RETURNED, hidden=True))[0].hidden == ("sheet",)
    assert cards(page(RETURNED, hidden_rows=[1, 40]))[0].hidden == ()


def test_a_card_with_a_line_through_its_name_or_through_every_value_is_struck() -> None:
    sheet = page(RETURNED)
    filled = {(row, at) for row, cells in enumerate(sheet.rows) for at, cell in enumerate(cells) if cell is not None}
    for struck, rows in (({(2, 2)}, (2,)), (filled - {(2, 1)}, (2,)), ({(2, 1), (4, 2)}, ()), (set(), ())):
        sheet.struck = frozenset(struck)
        assert cards(sheet)[0].struck == rows


@pytest.mark.parametrize(
    ("printed", "wording"),
    [
        ("姓名", "*学生姓名"), ("居民身份证号码", "身份证<br>号码"), ("监护人1", "监护人（1）"),
        ("监护人1", "第一监护人"), ("监护人1", "监护人1姓名"), ("监护人1", "1.监护人1"), ("联系电话", "联系方式"),
        ("与被核查人关系", "与学生关系"), ("户籍所在地", "户籍地址"), ("现居住地", "现住址"), ("性别", "性  别 Sex"),
        ("家庭情况简述", "家庭情况"), ("劝返次数", "劝返次数（次）"), ("是否已开展劝返工作", "是否开展劝返工作"),
        ("劝返过程详细记录", "劝返过程记录："),
    ],
)  # fmt: skip
def test_a_label_is_known_by_what_schools_call_it(printed: str, wording: str) -> None:
    (expected,), (sheet,) = cards(page(RETURNED)), cards(page(RETURNED.replace(f"| {printed} |", f"| {wording} |")))
    assert values(sheet) == values(expected)
    assert sheet.missing == ()


def test_two_labels_beside_each_other_may_be_one_together() -> None:
    text = RETURNED.replace("| 监护人1 | 赖大暑 |", "| 监护人1 | 姓名 | 赖大暑 |")
    (sheet,) = cards(page(text.replace("| 监护人2 | |", "| 监护人2 | 姓名 | |")))
    assert values(sheet)["guardian1"] == "赖大暑"
    assert "guardian2" not in values(sheet)
    assert values(sheet)["guardian2_phone"] == 15900000002.0


@pytest.mark.parametrize(
    ("before", "after", "field"),
    [
        ("| 民族 | 汉族 |", "| 民族 | 汉族 | 班级 | 七（1）班 |", "ethnicity"),
        ("| 全国学籍号 | | | |", "| 全国学籍号 | G360704200805210315 | | | 就读学校 | 梅林中学 |", "roll_number"),
        ("| 未复学原因 | 外出 |", "| 未复学原因 | 外出 | 班主任 | 王冬至 |", "not_returned_reason"),
        (
            "| 居民身份证号码 | 360704200805210315 | | |",
            "| 居民身份证号码 | 360704200805210315 | | | 照片 |",
            "id_number",
        ),
    ],
)
def test_a_label_nobody_knows_ends_the_value_before_it(before: str, after: str, field: str) -> None:
    (sheet,) = cards(page(RETURNED.replace(before, after)))
    assert values(sheet)[field] == typed(after.split("|")[2].strip())


def test_a_value_may_stand_further_right_before_the_next_label() -> None:
    for cells, value in (("| 监护人1 | | 赖大暑 |", "赖大暑"), ("| 监护人1 | | 班主任 | 王冬至 |", None)):
        (sheet,) = cards(page(RETURNED.replace("| 监护人1 | 赖大暑 |", cells)))
        assert values(sheet).get("guardian1") == value
        assert values(sheet)["guardian1_relation"] == "父子"


def test_a_value_that_reads_like_a_label_is_a_value() -> None:
    labelled = {
        "| 现居住地 | 赣县区某乡某村 |": ("home_address", "现居住地：赣县区某乡某村", "赣县区某乡某村"),
        "| 家庭情况简述 | 务农 |": ("family", "姓名：赖大山，父亲，在外务工", "姓名：赖大山，父亲，在外务工"),
        "| 健康情况 | 良好 |": ("health", "监护人1：健在", "监护人1：健在"),
        "| 姓名 | 赖小满 |": ("name", "姓名：赖小满", "赖小满"),
        "| 劝返单位 | 梅林小学 |": ("persuading_unit", "责任单位", "责任单位"),
    }
    for printed, (field, value, meant) in labelled.items():
        label = printed.split("|")[1]
        (sheet,) = cards(page(RETURNED.replace(printed, f"|{label}| {value} |")))
        assert values(sheet) == {**values(cards(page(RETURNED))[0]), field: meant}


def test_a_value_goes_on_below_as_far_as_its_label_does() -> None:
    text = RETURNED.replace("示例: 1. 什么时间，什么人，以什么方式，做了什么工作，效果如何；2. ……", "1. 2月26日家访。")
    visits = "| | | 2. 3月1日，校长上门。 |\n| | | 3. 3月8日，电话联系。 |\n"
    for merged, foot in (["B14:B16"], ""), ([], "| | 填表人：王冬至 |\n"), ([], "| | | 赣县区梅林小学（盖章） |\n"):
        (sheet,) = cards(page(text + visits + foot, merged=merged))
        assert values(sheet)["persuasion_log"] == "1. 2月26日家访。\n2. 3月1日，校长上门。\n3. 3月8日，电话联系。"
        assert place(sheet, "persuasion_log") == "C14"


def test_a_table_of_visits_below_a_card_is_none_of_it() -> None:
    visits = """
    |  | 时间 | 姓名 | 联系电话 | 内容 |
    |  | 2021.2.26 | 王冬至 | 13700000003 | 动员返校 |
    """
    (sheet,) = cards(page(RETURNED + visits))
    assert (values(sheet), sheet.missing) == (values(cards(page(RETURNED))[0]), ())


def test_labels_may_stand_above_their_values() -> None:
    sheet = cards(
        page(
            """
            | 江西省义务教育阶段辍学学生登记表 |
            | 姓名 | 居民身份证号码 | 出生日期 | 性别 | 年龄 | 民族 |
            | 赖小满 | 360704200805210315 | 2008年5月21日 | 男 | 12 | 汉族 |
            | 监护人1 | 与被核查人关系 | 联系电话 | 户籍所在地 | | |
            | 赖大暑 | 父子 | 13800000001 | 赣县区某乡 | 某村 | |
            | 监护人2 | 与被核查人关系 | 联系电话 | 辍学原因 | 是否已开展劝返工作 | 劝返次数 |
            | | | | 厌学 | 是 | 2 |
        """,
            merged=["D4:F4"],
        )
    )[0]
    assert values(sheet) == {
        "name": "赖小满", "id_number": "360704200805210315", "birth_date": "2008年5月21日", "sex": "男", "age": 12.0,
        "ethnicity": "汉族", "guardian1": "赖大暑", "guardian1_relation": "父子", "guardian1_phone": 13800000001.0,
        "household_address": "赣县区某乡 某村", "dropout_reason": "厌学", "persuaded": "是", "persuasion_count": 2.0,
    }  # fmt: skip
    assert (place(sheet, "name"), place(sheet, "guardian1_phone")) == ("A3", "C5")


def test_a_table_of_cards_with_one_child_a_row_is_no_card() -> None:
    form = FORMS.by_slug["5"]
    rows = f"| 序号 | {' | '.join(each.header for each in form.fields)} |\n| 1 | 赖小满 | 360704200805210315 |"
    assert RECOGNISER.recognise(page("| 辍学学生一生一表汇总 |\n" + rows)) is None


@pytest.mark.parametrize(
    "printed",
    [
        "| 性别 | 男□ 女□ |\n| 是否已开展劝返工作 | 是□ 否□ |",
        "| 民族 | 汉族 |\n| 劝返单位 | 赣县区梅林小学 |",
        "| 户籍所在地 | ____省____市____县 |",
        "| 学籍所在地 | （要求同上） |",
        "| 劝返过程详细记录 | （分次记录、简明扼要, 可附页。） |",
    ],
)
def test_a_card_that_holds_what_is_printed_or_filled_in_beforehand_is_blank(printed: str) -> None:
    (sheet,) = cards(card("", printed))
    assert sheet.rows == []


def test_a_label_of_the_school_s_own_with_its_value_is_no_part_of_the_text_before_it() -> None:
    (sheet,) = cards(page(RETURNED.replace("| 务农 | | |", "| 务农 | 班主任 | 王冬至 |")))
    assert sheet.cells["family"] == ["务农"]
    (sheet,) = cards(page(RETURNED.replace("| 务农 | | |", "| 务农 | 赣县区 | 梅林镇 |")))
    assert sheet.cells["family"] == ["务农 赣县区 梅林镇"]
