"""What a finding says: its place and record, masked numbers in its sentences, the typed value beside them."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import pandas as pd
import pytest
from cast import card, listed, statistics
from sheets import ROSTER, Content, district

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import FINDING_COLUMNS
from kbxt_merge.model.rule import RuleCard
from kbxt_merge.model.school import Roster
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.run import check

CARDS = [*CATALOGUE.values(), *(replace(each, message=each.at_file) for each in CATALOGUE.values() if each.at_file)]
TO_DO = re.compile(r"请|无需|\{do\}")


def finding(rule: str, returns: dict[str, Content] | Content, **setting: object) -> dict[str, object]:
    """The only finding by this rule, as a row of the findings frame, with its sentences in both languages."""
    files = returns if isinstance(returns, dict) else {"附件.xlsx": returns}
    frame = told(district(files, **setting))
    (row,) = frame[frame["rule"] == rule].to_dict("records")
    return row


def told(of: District) -> pd.DataFrame:
    """The findings of a district with their sentences in both languages."""
    found = check(of)
    return found.frame.assign(zh=found.sentences(of.forms, "zh"), en=found.sentences(of.forms, "en"))


@pytest.mark.parametrize("rule", CARDS, ids=lambda rule: f"{rule.slug}-{rule.scope}")
def test_each_rule_says_in_one_sentence_what_to_do(rule: RuleCard) -> None:
    assert TO_DO.search(rule.message.zh)
    assert rule.message.zh.endswith("。")
    assert rule.message.zh.count("。") == 1
    assert rule.message.en.endswith(".")
    assert len(rule.message.zh) <= 80
    for words in (rule.title, rule.when, rule.message):
        assert words.zh
        assert words.en
        assert not re.search("[\u4e00-\u9fff]", words.en.replace("否", ""))


FORM_WORDS = {"own_form", "same_form", "another_form", "all_forms", "this_child", "child_noun"}
"""What a form is called, and those whom it lists: English says form and row for all of them."""


@pytest.mark.parametrize("rule", CARDS, ids=lambda rule: f"{rule.slug}-{rule.scope}")
def test_both_languages_are_told_the_same_facts(rule: RuleCard) -> None:
    def facts(template: str) -> set[str]:
        return {name.removesuffix("_en") for _, name, _, _ in Formatter().parse(template) if name}

    assert facts(rule.message.en) <= facts(rule.message.zh)
    assert facts(rule.message.zh) - facts(rule.message.en) <= {"list", "field", *FORM_WORDS}


def test_a_finding_has_every_column_and_the_position_of_its_record() -> None:
    row = finding("grade-invalid", listed("3", "| 姓名 | 年级 |\n| 赖小满 | 七年级 |\n| 温小暑 | 十年级 |"))
    assert tuple(row)[:-2] == FINDING_COLUMNS
    assert (row["file"], row["sheet"], row["cell"]) == ("附件.xlsx", "Sheet1", "B5")
    assert (row["form"], row["school"], row["field"]) == ("3", "赣县区梅林小学", "grade")
    assert (row["severity"], row["value"], row["record"]) == ("error", "十年级", 1)


def test_sentences_name_the_field_and_the_value() -> None:
    row = finding("grade-invalid", listed("3", "| 年级 |\n| 十年级 |"))
    assert "年级" in str(row["zh"])
    assert "grade" in str(row["en"])
    assert "十年级" in str(row["zh"])
    assert "十年级" in str(row["en"])


@pytest.mark.parametrize(
    "typed",
    ["360704200805120315", "360704 20080512 0315", "３６０７０４２００８０５１２０３１５", "360704-20080512-0315"],
)
def test_sentences_mask_an_id_number_however_it_is_typed_and_the_value_is_as_typed(typed: str) -> None:
    row = finding("id-checksum", listed("1-2", f"| 姓名 | 身份证号码 |\n| 赖小满 | {typed} |"))
    assert row["value"] == typed
    for message in (str(row["zh"]), str(row["en"])):
        assert "20080512" not in re.sub(r"[\s-]", "", message)
        assert "２００８０５１２" not in message


def test_sentences_mask_the_number_of_another_form_and_phones() -> None:
    other = {
        "附件1-2.xlsx": listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | 360704200805210024 |"),
        "梅林小学/卡.xlsx": card("赖小满", "| 性别 | 男 |"),
    }
    frame = told(district(other))
    conflict = frame[frame["rule"] == "id-conflict"]
    assert len(conflict) == 2
    assert not any("20080521" in text for text in [*conflict["zh"], *conflict["en"]])
    row = finding("phone-invalid", listed("3", "| 联系电话 |\n| 138000000012 |"))
    assert "0000000" not in str(row["zh"])


def test_a_number_that_a_spreadsheet_damaged_is_shown_with_the_digits_it_kept() -> None:
    row = finding("id-precision-lost", listed("1-2", "| 姓名 | 身份证号码 |\n| 赖小满 | 3.60704200805210e17 |"))
    assert row["value"] == "360704200805210000"


def test_a_finding_on_a_form_that_is_missing_points_at_the_sheet_that_asks_for_it() -> None:
    counted = {"附件1-1.xlsx": statistics("| 失学辍学 | 3 |\n| 未返校学生数 | 3 |\n| 应返校学生数 | 3 |")}
    frame = told(district(counted, roster=Roster(ROSTER.schools[:1], ROSTER.prefixes), whole=True))
    rows = frame[frame["rule"] == "form-not-returned"]
    assert len(rows) == 2
    assert set(zip(rows["file"], rows["sheet"], rows["cell"], rows["record"], strict=True)) == {
        ("附件1-1.xlsx", "Sheet1", "", -1)
    }
    assert all("3" in text and "失学辍学" in text for text in rows["zh"])
    assert any("附件 1-2" in text for text in rows["zh"])


def test_the_name_of_a_file_is_told_whole_and_what_a_cell_holds_is_not() -> None:
    sheet = listed("3", "| 姓名 |\n| 赖小满 |")
    row = finding("file-duplicate", {"2021-03-15/20210315 13800000001.xlsx": sheet, "又一份.xlsx": sheet})
    assert "2021-03-15/20210315 13800000001.xlsx" in str(row["zh"])
    header = listed("3", "| 姓名 |\n| 赖小满 |")
    header.rows[2].append("电话13800000001")
    header.rows[3].append("有")
    row = finding("column-unexpected", header)
    assert "电话138******01" in str(row["zh"])
    assert row["value"] == "电话13800000001"


def test_a_number_in_the_place_of_a_name_is_masked_also_where_a_replaced_return_tells_of_it() -> None:
    """And of a thousand who stand in that return alone some are named, with how many they are."""
    names = ["360704200905150018", "13874257203", *(f"赖小{chr(0x4E00 + at)}" for at in range(30))]
    others = [f"温小{chr(0x4E00 + at)}" for at in range(40)]
    first, second = ("\n".join(f"| '{name} |" for name in each) for each in (names, others))
    returns: dict[str, Content] = {
        "一.xlsx": listed("2", f"| 姓名 |\n{first}\n{second}"),
        "二.xlsx": listed("2", f"| 姓名 |\n{second}"),
    }
    found = finding("file-superseded", returns)
    for language in ("zh", "en"):
        sentence = str(found[language])
        assert "360***************、138******03、赖小一" in sentence
        assert str(len(names)) in sentence
        assert names[-1] not in sentence
