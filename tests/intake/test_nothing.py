"""Words that say nothing: a blank where a blank may be, a fault where not, no children where a count is due."""

from __future__ import annotations

from dataclasses import replace

import pytest
from typed_cells import AS_TYPED, BLANK, NORMALISED, UNREADABLE, field, outcome

from kbxt_merge.intake.definitions.loader import read_forms
from kbxt_merge.intake.values.columns import read_column
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.field import NOTHING
from kbxt_merge.model.text import Words

FORMS = read_forms({})[0]


def read_of(form: str, name: str, cell: str) -> tuple[str, str]:
    """What a cell of a shipped form's field is read as, and its state."""
    column = read_column([cell], FORMS.by_slug[form].by_name[name])
    return str(column.texts[0]), CellState(column.states[0]).name


@pytest.mark.parametrize("type_", ["text", "date", "phone", "school", "person_name", "id_number", "roll_number", "age"])
def test_in_a_cell_that_may_be_blank_it_is_blank(type_: str) -> None:
    words = [*NOTHING, " 无 ", "无。", "／", "－", "n/a", "Ｎ／Ａ"]
    assert [word for word in words if outcome(type_, word) != ("", BLANK)] == []


@pytest.mark.parametrize("type_", ["text", "date", "school", "age", "registration_type", "disability", "sex"])
@pytest.mark.parametrize("word", ["无", "/", "—", "暂无"])
def test_in_a_required_cell_it_is_as_missing_as_a_blank(type_: str, word: str) -> None:
    assert outcome(type_, word, required=True) == ("", BLANK)


@pytest.mark.parametrize(
    ("type_", "state"),
    [("phone", UNREADABLE), ("person_name", AS_TYPED), ("id_number", AS_TYPED), ("roll_number", AS_TYPED)],
)
def test_whose_rule_says_what_must_stand_there_is_judged_by_it(type_: str, state: str) -> None:
    assert outcome(type_, "无", required=True) == ("无", state)


@pytest.mark.parametrize("word", ["无", "—", "/", "暂无"])
def test_where_a_count_is_due_it_is_none(word: str) -> None:
    assert outcome("count", word, required=True) == ("0", NORMALISED)
    assert outcome("count", word) == ("", BLANK)


@pytest.mark.parametrize("word", ["-", "/", "—", "暂无", "N/A"])
def test_where_a_blank_means_a_value_it_means_that_value(word: str) -> None:
    assert outcome("person_category", word) == ("其他", NORMALISED)


@pytest.mark.parametrize(
    "word",
    [
        "未复学",
        "尚未复学",
        "还没有复学",
        "未返校",
        "未返",
        "劝返中",
        "正在劝返",
        "不愿复学",
        "待复学",
        "未复学（外出务工）",
        "未复学，外出",
        "否",
        "空",
        "/",
    ],
)
def test_a_child_that_is_not_back_has_no_time_and_no_school_of_return(word: str) -> None:
    assert read_of("2", "return_date", word) == ("", BLANK)
    assert read_of("2", "return_school", word) == ("", BLANK)


@pytest.mark.parametrize("word", ["无学籍", "暂无学籍号", "没有学籍", "未有学籍"])
def test_a_denial_of_what_the_header_asks_for_says_nothing(word: str) -> None:
    assert read_of("5", "roll_number", word) == ("", BLANK)
    assert read_of("5", "guardian2_phone", word) == (word, UNREADABLE)


def test_a_denial_of_what_only_schools_call_a_field_says_something() -> None:
    assert read_of("5", "guardian2_phone", "没有电话") == ("", BLANK)
    assert read_of("5", "guardian2_phone", "没有手机") == ("没有手机", UNREADABLE)


@pytest.mark.parametrize(
    ("form", "name", "text"),
    [
        ("5", "persuasion_result", "未复学"),
        ("5", "family", "无业"),
        ("1-2", "remark", "未返校"),
        ("1-2", "remark", "0"),
    ],
)
def test_a_text_that_says_something_stays(form: str, name: str, text: str) -> None:
    assert read_of(form, name, text) == (text, AS_TYPED)


def test_a_bureaus_own_words_for_nothing_are_known_and_denied() -> None:
    own = replace(field("date"), nothing=("在外地", "回乡"), label=Words("x", "x"))
    assert read_column(["在外地", "尚未回乡", "外地"], own).states.tolist() == [
        CellState.BLANK,
        CellState.BLANK,
        CellState.UNREADABLE,
    ]


@pytest.mark.parametrize("word", ["返校", "劝返成功", "已复学"])
def test_a_child_that_is_back_without_a_day_is_not_taken_for_one_that_is_not(word: str) -> None:
    assert read_of("2", "return_date", word) == (word, UNREADABLE)
