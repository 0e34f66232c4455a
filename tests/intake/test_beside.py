"""What stands side by side on one sheet: halves of a list, two forms, cards; each is read at its own addresses."""

from __future__ import annotations

from sheets import FORMS, page
from test_cards import RETURNED

from kbxt_merge.intake.recognition.extract import extract
from kbxt_merge.intake.recognition.recogniser import Recogniser
from kbxt_merge.intake.recognition.split_tables import tables
from kbxt_merge.model.returns import Grid, Sheet, address

RECOGNISER = Recogniser(FORMS)
ABOVE = """
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 填报单位：赣县区梅林小学（盖章）  时间：2021年3月12日 |
"""
HEADER = "| 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |"
FIRST = "| 1 | 赖小满 | 360704200805210315 | 梅林小学 | | 失学辍学 | |"
SECOND = "| 2 | 温小暑 | 360704201007070326 | 梅林小学 | | 缓学休学 | |"


def sheets(grid: Grid) -> list[Sheet]:
    return [sheet for part, found in tables(grid, RECOGNISER) for sheet in extract(part, found)]


def beside(left: str, right: str, between: str = "") -> str:
    """Two pages, the cells of the second behind those of the first."""
    pairs = zip(left.strip().splitlines(), right.strip().splitlines(), strict=True)
    width = max(line.count("|") for line in left.splitlines()) - 1
    return "\n".join(
        one.strip() + " |" * (width - one.strip().count("|") + 1) + between + two.strip()[1:] for one, two in pairs
    )


def told(sheet: Sheet) -> tuple[str, str | None, str, list[object]]:
    return sheet.form, sheet.unit, address(sheet.rows[0], sheet.columns["name"]), list(sheet.cells["name"])


def test_a_list_in_halves_is_read_in_both() -> None:
    for between, column in ("", "I"), (" |", "J"):
        left, right = sheets(page(ABOVE + beside(f"{HEADER}\n{FIRST}", f"{HEADER}\n{SECOND}", between)))
        assert told(left) == ("1-2", "赣县区梅林小学", "B4", ["赖小满"])
        assert told(right) == ("1-2", "赣县区梅林小学", f"{column}4", ["温小暑"])
        assert [each.unexpected + each.missing for each in (left, right)] == [(), ()]


def test_two_forms_beside_each_other_are_two() -> None:
    ledger = """
    | 附件2 |
    | 赣县区2021年脱贫户子女辍学学生劝返复学工作台账 |
    | 序号 | 原就读学校 | 姓名 | 性别 | 年龄 | 辍学时间 | 复学学校 | 复学时间 | 班级 | 备注 |
    | 1 | 梅林小学 | 何小雪 | 女 | 12 | 2020年11月 | 梅林小学 | 2021年3月 | | 建档立卡脱贫户 |
    """
    left, right = sheets(page(beside(f"{ABOVE.strip()}\n{HEADER}\n{FIRST}", ledger, " |")))
    assert told(left) == ("1-2", "赣县区梅林小学", "B4", ["赖小满"])
    assert (right.form, right.cells["name"], right.missing, right.unexpected) == ("2", ["何小雪"], (), ())


def test_cards_beside_each_other_are_two() -> None:
    for between in ("", " |"):
        other = RETURNED.replace("赖小满", "温小暑").replace("12日", "11日")
        left, right = sheets(page(beside(RETURNED, other, between)))
        assert [each.cells["name"] for each in (left, right)] == [["赖小满"], ["温小暑"]]
        assert [each.cells["persuading_phone"] for each in (left, right)] == [[13700000003.0]] * 2
        assert [each.date and each.date.first.day for each in (left, right)] == [12, 11]
        assert address(right.rows[0], right.columns["name"]) == ("M3" if between else "L3")


def test_a_header_that_repeats_a_word_is_one() -> None:
    """The guardian is called 姓名 as the child is; in the statistics 合计 comes again and again."""
    grouped = """
        | 姓名 | 性别 | 身份证号 | 年龄 | 监护人 | | 残疾类别 | 年级 | 就学情况 |
        | | | | | 姓名 | 电话 | | | |
        | 温小寒 | 女 | 360704201105120321 | 9 | 温大寒 | 13800000001 | 视力残疾 | 四年级 | 是 |
    """
    (sheet,) = sheets(page(grouped))
    assert (sheet.cells["name"], sheet.cells["guardian"]) == (["温小寒"], ["温大寒"])


LEDGER = """
    | 附件2 |
    | 赣县区2021年脱贫户子女辍学学生劝返复学工作台账 |
    | 序号 | 原就读学校 | 姓名 | 性别 | 年龄 | 辍学时间 | 复学学校 | 复学时间 | 班级 | 备注 |
    | 1 | 梅林小学 | 何小雪 | 女 | 12 | 2020年11月 | 梅林小学 | 2021年3月 | | 建档立卡脱贫户 |
    | 学校：赣县区梅林小学（盖章）  时间：2021年3月 |
"""


def test_two_forms_whose_headers_stand_some_rows_apart_are_two() -> None:
    register = f"| 附件1-2 |\n{ABOVE.strip()}\n{HEADER}\n{FIRST}"
    first = sheets(page(beside(LEDGER, register, " |")))
    assert [(each.form, list(each.cells["name"]), each.missing) for each in first] == [
        ("2", ["何小雪"], ()),
        ("1-2", ["赖小满"], ()),
    ]
    second = sheets(page(beside(register, LEDGER, " |")))
    assert [(each.form, list(each.cells["name"]), each.missing) for each in second] == [
        ("1-2", ["赖小满"], ()),
        ("2", ["何小雪"], ()),
    ]


def test_a_table_of_teachers_beside_a_list_is_no_list() -> None:
    left = f"{HEADER}\n{FIRST}"
    (sheet,) = sheets(
        page(
            ABOVE + beside(left, "| 序号 | 班级 | 班主任 | 联系电话 |\n| 1 | 七（1）班 | 王冬至 | 13700000003 |", " |")
        )
    )
    assert told(sheet) == ("1-2", "赣县区梅林小学", "B4", ["赖小满"])
    assert (sheet.missing, [text for _, _, text in sheet.unexpected]) == ((), ["序号", "班级", "班主任", "联系电话"])


def test_what_stands_apart_to_the_right_heads_none_of_the_list_s_columns() -> None:
    ledger = "\n".join(LEDGER.strip().splitlines()[2:4])
    (sheet,) = sheets(page(beside(ledger, "| 类别 | 人数 |\n| 男 | 2 |", " |")))
    assert (sheet.cells["person_category"], [text for _, _, text in sheet.unexpected]) == (
        ["建档立卡脱贫户"],
        ["类别", "人数"],
    )
