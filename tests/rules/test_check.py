"""The district is checked as a whole: in reading order, what was not checked counted, no crash hidden."""

from __future__ import annotations

import pytest
from cast import card, listed, statistics
from pandera.errors import SchemaError
from sheets import MIDDLE, PRIMARY, Content, district

from kbxt_merge.model.returns import Workbook
from kbxt_merge.model.rule import Severity
from kbxt_merge.rules import form_schema as schema_module
from kbxt_merge.rules.engine.rule import Context, Result, Rule
from kbxt_merge.rules.run import check


def skips(returns: dict[str, Content]) -> dict[tuple[str, str, str, str], int]:
    """How often each rule was not checked, by form, field and school."""
    frame = check(district(returns)).skipped
    return {(row.rule, row.form, row.field, row.school): row.count for row in frame.itertuples(index=False)}


def test_findings_stand_as_people_read_them_by_file_sheet_row_and_column() -> None:
    dropouts = listed("1-2", "| 姓名 | 登记类型 |\n| 赖小满 | 转学 |\n| 温3 | 转学 |", sheet="乙")
    disabled = listed("3", "| 姓名 | 年级 |\n| 钟立秋 | 十年级 |", sheet="甲")
    at_home = listed("4", "| 姓名 | 年龄 |\n| 刘白露 | 40 |", school=MIDDLE)
    made = district({"二.xlsx": Workbook([dropouts, disabled]), "一.xlsx": at_home})
    frame = check(made).frame
    asked = frame[frame["severity"] != "info"]
    assert list(zip(asked["file"], asked["sheet"], asked["cell"], strict=True)) == [
        ("一.xlsx", "Sheet1", "B4"),
        ("二.xlsx", "乙", "B4"),
        ("二.xlsx", "乙", "A5"),
        ("二.xlsx", "乙", "B5"),
        ("二.xlsx", "甲", "B4"),
    ]


def test_columns_stand_in_the_order_of_the_sheet_past_z() -> None:
    wide = statistics("\n".join(["| 应返校学生数 | -1 |", "| 已返校学生数 | -1 |"]))
    wide.rows = [row if i < 2 else [None] * 25 + row for i, row in enumerate(wide.rows)]
    frame = check(district({"一.xlsx": wide})).frame
    assert list(frame.loc[frame["rule"] == "count-invalid", "cell"]) == ["Z5", "AA5"]


def test_a_rule_whose_input_is_unsound_is_skipped_and_counted_by_school() -> None:
    wrong = listed("3", "| 姓名 | 身份证号 |\n| 赖小满 | 360704200805210316 |\n| 温小暑 | 无 |\n| 钟立秋 | |")
    found = skips({"一.xlsx": wrong})
    assert found["sex-id-mismatch", "3", "sex", PRIMARY] == 3
    assert found["age-out-of-range", "3", "id_number", PRIMARY] == 3
    assert found["duplicate-in-form", "3", "id_number", PRIMARY] == 3


def test_a_column_that_is_not_there_is_not_checked() -> None:
    found = skips({"一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", without=["性别"])})
    assert found == {("sex-id-mismatch", "3", "sex", PRIMARY): 1}


def test_a_count_is_not_held_against_a_list_that_cannot_be_counted() -> None:
    found = skips(
        {
            "一.xlsx": statistics("| 应返校学生数 | 0 |"),
            "二.xlsx": listed("1-2", "| 姓名 | 登记类型 |\n| 赖小满 | 转学 |"),
        }
    )
    assert found["count-list-mismatch", "1-1", "dropout", PRIMARY] == 1
    assert ("count-list-mismatch", "1-1", "home_taught", PRIMARY) not in found


def test_a_child_of_whom_nobody_can_tell_is_not_checked() -> None:
    found = skips({"梅林小学/卡.xlsx": card("赖小满")})
    assert found == {("card-orphan", "5", "name", PRIMARY): 1}


def test_a_sound_district_leaves_nothing_unchecked() -> None:
    assert skips({"一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |\n| 温小暑 |")}) == {}


def test_an_empty_district_has_no_findings() -> None:
    found = check(district({}))
    assert (len(found.frame), len(found.skipped)) == (0, 0)


def test_a_rule_that_crashes_does_not_look_like_a_clean_district(monkeypatch: pytest.MonkeyPatch) -> None:
    def crash(context: Context) -> Result:
        raise ZeroDivisionError("a fault of the program")

    broken = {"name-invalid": Rule(schema_module.RULES["name-invalid"].card, crash)}
    monkeypatch.setattr(schema_module, "RULES", {**schema_module.RULES, **broken})
    with pytest.raises(SchemaError, match="ZeroDivisionError"):
        check(district({"一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |")}))


def test_severities_can_be_counted() -> None:
    found = check(district({"一.xlsx": listed("3", "| 年级 | 年龄 |\n| 十年级 | 13 |")}))
    assert [found.count(each) for each in (Severity.ERROR, Severity.WARNING)] == [1, 1]
