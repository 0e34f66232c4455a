"""What was typed → what is meant, by field type."""

from __future__ import annotations

import datetime as dt
import itertools

import numpy as np
import pytest
from growth import TRIALS, cost
from hypothesis import given
from hypothesis import strategies as st
from typed_cells import (
    AS_TYPED,
    BLANK,
    NORMALISED,
    TYPES,
    UNREADABLE,
    VOCABULARIES,
    field,
    outcome,
    read,
    vocabulary,
)

from kbxt_merge.intake.values.columns import read_column, shown
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.returns import Cell, ErrorValue, MissingResult


@pytest.mark.parametrize(
    ("type_", "cell", "expected"),
    [
        ("text", " 外出务工 ", ("外出务工", AS_TYPED)),
        ("text", 12.0, ("12", AS_TYPED)),
        ("number", 12.5, ("12.5", AS_TYPED)),
        ("number", float("inf"), ("inf", UNREADABLE)),
        ("number", float("nan"), ("nan", UNREADABLE)),
        ("count", float("nan"), ("nan", UNREADABLE)),
        ("date", float("nan"), ("nan", UNREADABLE)),
        ("date", float("-inf"), ("-inf", UNREADABLE)),
        ("phone", float("inf"), ("inf", UNREADABLE)),
        ("id_number", float("nan"), ("nan", AS_TYPED)),
        ("text", float("nan"), ("nan", AS_TYPED)),
        ("text", "#N/A", ("#N/A", "ERROR_VALUE")),
        ("text", "#1楼", ("#1楼", AS_TYPED)),
        ("person_name", "侯小生", ("侯小生", AS_TYPED)),
        ("person_name", "侯  生", ("侯生", NORMALISED)),
        ("person_name", "侯\u3000生\n", ("侯生", NORMALISED)),
        ("person_name", "侯\u200b生", ("侯生", NORMALISED)),
        ("person_name", "阿依古丽•买买提", ("阿依古丽·买买提", NORMALISED)),
        ("person_name", "阿依古丽 ・ 买买提", ("阿依古丽·买买提", NORMALISED)),
        ("person_name", "阿依古丽．买买提", ("阿依古丽·买买提", NORMALISED)),
        ("person_name", "阿依古丽‧买买提", ("阿依古丽·买买提", NORMALISED)),
        ("person_name", "𠮷𫞩", ("𠮷𫞩", AS_TYPED)),
        ("person_name", "Anna  Maria Li ", ("Anna Maria Li", NORMALISED)),
        ("person_name", "王⼩⽅", ("王小方", NORMALISED)),
        ("person_name", "\uf981英", ("女英", NORMALISED)),
        ("person_name", "莫3", ("莫3", AS_TYPED)),
        ("id_number", "360704200612105658", ("360704200612105658", AS_TYPED)),
        ("id_number", "36070420061210565X", ("36070420061210565X", AS_TYPED)),
        ("id_number", "\xa0360704200806029446 ", ("360704200806029446", NORMALISED)),
        ("id_number", "360704 20080602 9446", ("360704200806029446", NORMALISED)),
        ("id_number", "360704-20080602-9446", ("360704200806029446", NORMALISED)),
        ("id_number", "'360704200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "’360704200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "`360704200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "３６０７０４２００８０６０２９４４６", ("360704200806029446", NORMALISED)),
        ("id_number", "360704200806029446.0", ("360704200806029446", NORMALISED)),
        ("id_number", "360704\u200b200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "360702200O0909086X", ("360702200O0909086X", AS_TYPED)),
        ("id_number", "36072120121124252y", ("36072120121124252y", AS_TYPED)),
        ("id_number", "身份证号：360704200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "（360704200806029446）", ("360704200806029446", NORMALISED)),
        ("id_number", "“360704200806029446”", ("360704200806029446", NORMALISED)),
        ("id_number", "360704200806029446。", ("360704200806029446", NORMALISED)),
        ("id_number", "360704200806029446（新）", ("360704200806029446", NORMALISED)),
        ("id_number", "3607 0420 0806 0294 46", ("360704200806029446", NORMALISED)),
        ("id_number", '="360704200806029446"', ("360704200806029446", NORMALISED)),
        ("id_number", "：360704200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "户口本：360704200806029446", ("360704200806029446", NORMALISED)),
        ("id_number", "36070420080602944（X）", ("36070420080602944（X）", AS_TYPED)),
        ("id_number", "360704200806029446（母亲）", ("360704200806029446（母亲）", AS_TYPED)),
        ("id_number", "360704200806029446（旧）", ("360704200806029446（旧）", AS_TYPED)),
        ("id_number", True, ("TRUE", AS_TYPED)),
        ("id_number", dt.datetime(2008, 6, 2), ("2008-06-02", AS_TYPED)),
        ("id_number", 360702120101939.0, ("360702120101939", AS_TYPED)),
        ("id_number", 3.6072120071209e17, ("360721200712090000", "DAMAGED")),
        ("id_number", 360721201102177012, ("360721201102177000", "DAMAGED")),
        ("id_number", 1e15, ("1000000000000000", "DAMAGED")),
        ("id_number", "3.60721E+17", ("3.60721E+17", "DAMAGED")),
        ("roll_number", "G36070420061210565X", ("G36070420061210565X", AS_TYPED)),
        ("roll_number", "g36070420061210565x", ("G36070420061210565X", NORMALISED)),
        ("roll_number", " Ｇ360704200612105658", ("G360704200612105658", NORMALISED)),
        ("roll_number", 36072120121.0, ("36072120121", AS_TYPED)),
        ("school", "赣县区 梅林中学 ", ("赣县区梅林中学", NORMALISED)),
        ("school", "赣县区梅林中学", ("赣县区梅林中学", AS_TYPED)),
        ("sequence", 1.0, ("1", AS_TYPED)),
        ("sequence", "1、", ("1", NORMALISED)),
        ("sequence", "甲", ("甲", AS_TYPED)),
        ("age", 12.0, ("12", AS_TYPED)),
        ("age", "12", ("12", AS_TYPED)),
        ("age", " 7", ("7", NORMALISED)),
        ("age", "12岁", ("12", NORMALISED)),
        ("age", "12 周岁", ("12", NORMALISED)),
        ("age", "１２", ("12", NORMALISED)),
        ("age", "十二岁", ("12", NORMALISED)),
        ("age", "满13", ("13", NORMALISED)),
        ("age", "13（周岁）", ("13", NORMALISED)),
        ("age", "13岁5个月", ("13", NORMALISED)),
        ("age", "年龄：13", ("13", NORMALISED)),
        ("age", "刚满13岁", ("13", NORMALISED)),
        ("age", "“13”", ("13", NORMALISED)),
        ("age", "13足岁", ("13", NORMALISED)),
        ("age", "不满13", ("不满13", UNREADABLE)),
        ("age", "13岁半", ("13岁半", UNREADABLE)),
        ("age", "14（虚岁）", ("14（虚岁）", UNREADABLE)),
        ("age", "2008年生", ("2008年生", UNREADABLE)),
        ("age", 99.0, ("99", AS_TYPED)),
        ("age", -1, ("-1", AS_TYPED)),
        ("age", 12.5, ("12.5", UNREADABLE)),
        ("age", "十几岁", ("十几岁", UNREADABLE)),
        ("age", "12-13", ("12-13", UNREADABLE)),
        ("age", True, ("TRUE", UNREADABLE)),
        ("age", dt.datetime(1900, 1, 12), ("1900-01-12", UNREADABLE)),
        ("count", 0.0, ("0", AS_TYPED)),
        ("count", "3人", ("3", NORMALISED)),
        ("count", "3 名", ("3", NORMALISED)),
        ("count", "1,424", ("1424", NORMALISED)),
        ("count", "三", ("3", NORMALISED)),
        ("count", "三人", ("三人", UNREADABLE)),
        ("count", "（3）", ("3", NORMALISED)),
        ("count", "3人/", ("3", NORMALISED)),
        ("count", "合计：3", ("3", NORMALISED)),
        ("count", "已劝返3次", ("3", NORMALISED)),
        ("count", "2+1", ("2+1", UNREADABLE)),
        ("count", "共3人", ("3", NORMALISED)),
        ("count", "3（人）", ("3", NORMALISED)),
        ("count", "2次（家访）", ("2", NORMALISED)),
        ("count", "3(2)", ("3(2)", UNREADABLE)),
        ("count", "3人左右", ("3人左右", UNREADABLE)),
        ("count", "3次以上", ("3次以上", UNREADABLE)),
        ("count", 3.5, ("3.5", UNREADABLE)),
        ("count", -1.0, ("-1", UNREADABLE)),
        ("count", False, ("FALSE", UNREADABLE)),
        ("phone", 13874257203.0, ("13874257203", AS_TYPED)),
        ("phone", 7974421234.0, ("0797-4421234", NORMALISED)),
        ("phone", "138 7425 7203", ("13874257203", NORMALISED)),
        ("phone", "1380013", ("1380013", UNREADABLE)),
        ("date", 44256.0, ("2021-03-01", NORMALISED)),
        ("date", dt.datetime(2021, 3, 1), ("2021-03-01", AS_TYPED)),
        ("date", 2021.1, ("2021-01", "AMBIGUOUS")),
        ("date", "去年", ("去年", UNREADABLE)),
        ("date", "  年  月  日", ("", BLANK)),
    ],
)
def test_a_cell_is_read_by_its_fields_type(type_: str, cell: Cell, expected: tuple[str, str]) -> None:
    assert outcome(type_, cell) == expected


@pytest.mark.parametrize("look_alike", "xХхΧ×ⅩＸｘ")
def test_look_alikes_of_x_are_x(look_alike: str) -> None:
    assert outcome("id_number", "36070420061210565" + look_alike) == ("36070420061210565X", NORMALISED)


@pytest.mark.parametrize(
    ("type_", "cell", "value"),
    [
        ("sex", "男性", "男"),
        ("sex", 1.0, "男"),
        ("sex", "1", "男"),
        ("sex", "ｆ", "女"),
        ("sex", " 女\n", "女"),
        ("person_category", "建档立卡贫困户", "建档立卡脱贫户"),
        ("person_category", "镇贫困户", "城镇贫困户"),
        ("person_category", "/", "其他"),
        ("person_category", "-", "其他"),
        ("registration_type", "失学、辍学", "失学辍学"),
        ("registration_type", "失学， 辍学", "失学辍学"),
        ("registration_type", "缓学/休学", "缓学休学"),
        ("enrolment", "√", "是"),
        ("enrolment", "×", "否"),
        ("enrolment", "上门送教", "送教上门"),
        ("yes_no", "已开展", "是"),
        ("ethnicity", "畲", "畲族"),
        ("ethnicity", "崩龙族", "德昂族"),
        ("disability", "智力", "智力残疾"),
        ("disability", "智力二级", "智力残疾"),
        ("disability", "智力Ⅱ级", "智力残疾"),
        ("disability", "肢体残疾（二级）", "肢体残疾"),
        ("disability", "二级肢体残疾", "肢体残疾"),
        ("disability", "2级肢残", "肢体残疾"),
        ("disability", "肢体二级残疾", "肢体残疾"),
        ("disability", "极重度智力", "智力残疾"),
        ("disability", "重度智力残疾（一级）", "智力残疾"),
        ("disability", "孤独症", "精神残疾"),
        ("disability", "多重残疾（智力二级、肢体三级）", "多重残疾"),
        ("grade", 7.0, "七年级"),
        ("grade", "７", "七年级"),
        ("grade", "初一", "七年级"),
        ("grade", "七上", "七年级"),
        ("grade", "七年级（2）班", "七年级"),
        ("grade", "七(2)班", "七年级"),
        ("grade", "七年级2班", "七年级"),
        ("grade", "七年级 十二 班", "七年级"),
        ("grade", "初三（12）班", "九年级"),
        ("grade", "小学三年级", "三年级"),
        ("grade", "初中二年级", "八年级"),
        ("grade", "五年级下学期", "五年级"),
    ],
)
def test_a_variant_is_read_as_its_value_and_noted(type_: str, cell: Cell, value: str) -> None:
    assert outcome(type_, cell) == (value, NORMALISED)


@pytest.mark.parametrize("type_", VOCABULARIES)
def test_every_value_of_a_vocabulary_stands_for_itself(type_: str) -> None:
    words = vocabulary(type_)
    assert words is not None
    assert read(type_, *words.values).texts.tolist() == list(words.values)
    assert set(read(type_, *words.values).states) == {CellState.AS_TYPED}


@pytest.mark.parametrize(
    ("type_", "cell"),
    [
        ("sex", "0"), ("sex", True), ("sex", 3.0), ("person_category", "老王家"), ("registration_type", "转学"),
        ("enrolment", "不知道"), ("ethnicity", "火星族"),
        ("ethnicity", "族"), ("disability", "感冒"), ("disability", "二级"), ("disability", "残疾"),
        ("disability", "智力残疾（精神）"),
        ("grade", "十五年级"), ("grade", "72班"), ("grade", "(2)班"), ("grade", "高一"), ("grade", "10"),
        ("grade", "0"), ("grade", "初中一"), ("yes_no", "也许"), ("sex", dt.datetime(2021, 1, 1)),
    ],
)  # fmt: skip
def test_what_a_vocabulary_does_not_know_stays_as_typed(type_: str, cell: Cell) -> None:
    assert outcome(type_, cell) == (shown(cell), UNREADABLE)


@pytest.mark.parametrize("cell", [None, "", "  ", "\u3000\xa0", "\u200b", "\n"])
@pytest.mark.parametrize("type_", TYPES)
def test_a_blank_cell_means_nothing_unless_the_vocabulary_says_so(type_: str, cell: Cell) -> None:
    words = vocabulary(type_)
    assert outcome(type_, cell) == ((words.blank if words else None) or "", BLANK)


@pytest.mark.parametrize("type_", TYPES)
def test_errors_and_formulas_without_result_have_no_value(type_: str) -> None:
    column = read(type_, ErrorValue("#REF!"), MissingResult("C5+D5"), "#VALUE!")
    assert column.states.tolist() == [CellState.ERROR_VALUE, CellState.NO_RESULT, CellState.ERROR_VALUE]
    assert column.values.isna().all()
    assert column.texts.tolist() == ["#REF!", "=C5+D5", "#VALUE!"]


@pytest.mark.parametrize("type_", TYPES)
def test_the_cells_of_a_missing_column_are_absent(type_: str) -> None:
    cells = ["2021-03", None, None]
    column = read_column(cells, field(type_), np.array([False, True, True]))
    assert column.states[1:].tolist() == [CellState.ABSENT] * 2
    assert column.states[0] != CellState.ABSENT
    assert column.values.isna().tolist()[1:] == [True, True]
    assert column.texts[1:].tolist() == ["", ""]


@pytest.mark.parametrize("type_", TYPES)
def test_a_column_without_records_has_its_type(type_: str) -> None:
    dtypes = {"date": "datetime64[s]", "age": "Int64", "count": "Int64", "sequence": "Int64", "number": "Float64"}
    column = read(type_)
    assert (len(column.values), len(column.texts), len(column.states)) == (0, 0, 0)
    assert column.values.dtype == dtypes.get(type_, "string")
    assert (column.last_days is not None) == (type_ == "date")


@given(st.integers(0, 99), st.sampled_from(["{}", "{}岁", "满{}", " {} 周岁"]))
def test_a_number_in_characters_is_the_number(number: int, around: str) -> None:
    tens, ones = divmod(number, 10)
    ten = "" if tens == 0 else "十" if tens == 1 else "零一二三四五六七八九"[tens] + "十"
    written = ten + ("零一二三四五六七八九"[ones] if ones or not tens else "")
    assert outcome("age", around.format(written)) == (str(number), NORMALISED)


NUMBERS = st.from_regex(r"36070420(0[0-9]|1[0-4])(0[1-9]|1[0-2])(0[1-9]|1[0-9]|2[0-8])[0-9]{3}[0-9X]", fullmatch=True)


@given(
    NUMBERS,
    st.sampled_from(["{}", "（{}）", "身份证：{}", "身份证号码{}", "“{}”", "'{}", " {}"]),
    st.sampled_from(["", "。", "，", "（新）", "（户口本）", "\n", ".0"]),
)
def test_an_id_number_is_itself_within_what_is_dropped(number: str, around: str, behind: str) -> None:
    spaced = " ".join((number[:4], number[4:8], number[8:12], number[12:16], number[16:]))
    for typed in (around.format(number) + behind, around.format(spaced) + behind, around.format(number.lower())):
        assert outcome("id_number", typed)[0] == number


CELLS: st.SearchStrategy[Cell] = st.one_of(
    st.sampled_from([True, False, 1, 1.0, "1", 0, 0.0, "0", "TRUE", None, "", 2021.1, "2021.1", "男", "十二岁"]),
    st.text(max_size=20),
    st.integers(-(10**18), 10**18),
    st.floats(allow_nan=False, allow_infinity=False),
    st.datetimes(dt.datetime(1900, 1, 1), dt.datetime(2100, 1, 1)),
    st.builds(ErrorValue, st.sampled_from(["#N/A", "#REF!"])),
)


@given(st.lists(CELLS, max_size=12), st.sampled_from(TYPES))
def test_a_cell_means_the_same_alone_and_in_any_column(cells: list[Cell], type_: str) -> None:
    column = read(type_, *cells)
    assert list(zip(column.texts, column.states, strict=True)) == [
        (each.texts[0], each.states[0]) for each in (read(type_, cell) for cell in cells)
    ]


TEXTS = st.text(max_size=20) | st.text("0123456789Xx-.年月日岁人（）()七上班 ’、", max_size=19)


@given(st.lists(TEXTS, max_size=12), st.sampled_from(TYPES))
def test_reading_what_was_read_changes_nothing(cells: list[str], type_: str) -> None:
    column = read(type_, *cells)
    was_read = np.isin(column.states, (CellState.AS_TYPED, CellState.NORMALISED))
    texts = column.texts[was_read].tolist()
    assert read(type_, *texts).texts.tolist() == texts


def test_dates_carry_the_last_day_that_they_can_mean() -> None:
    column = read("date", "2021.2", "2021-03-01", None)
    assert column.last_days is not None
    assert column.values.dt.strftime("%F").fillna("").tolist() == ["2021-02-01", "2021-03-01", ""]
    assert column.last_days.astype(str).tolist() == ["2021-02-28", "2021-03-01", "NaT"]


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (None, ""), ("  a ", "  a "), (12.0, "12"), (12, "12"), (0.1 + 0.2, "0.3"), (-3.5, "-3.5"), (True, "TRUE"),
        (3.6072120071209e17, "360721200712090000"), (123456789012345678, "123456789012346000"), (1e-7, "1e-07"),
        (dt.datetime(2021, 3, 1), "2021-03-01"), (dt.datetime(2021, 3, 1, 8, 5), "2021-03-01 08:05:00"),
        (dt.date(2021, 3, 1), "2021-03-01"), (dt.time(8, 0), "08:00:00"), (ErrorValue("#N/A"), "#N/A"),
        (MissingResult("A1"), "=A1"),
    ],
)  # fmt: skip
def test_a_cell_is_shown_as_its_spreadsheet_shows_it(cell: Cell, text: str) -> None:
    assert shown(cell) == text


@pytest.mark.parametrize(("type_", "limit"), [("id_number", 6.0), ("phone", 12.0), ("sex", 2.0), ("date", 2.0)])
def test_columns_are_read_in_microseconds_a_cell(type_: str, limit: float) -> None:
    """The limits are ten times what is measured, so that only a loop gone wrong passes them in every trial."""
    samples = {
        "id_number": (str(360704200001010000 + each) for each in range(20_000)),
        "phone": (str(13800000000 + each) for each in range(20_000)),
        "sex": itertools.islice(itertools.cycle(["男", "女"]), 20_000),
        "date": itertools.islice(itertools.cycle(["2021.3", "2021-04", "2021年5月1日"]), 20_000),
    }
    cells = list(samples[type_])
    trials = (cost(lambda: read(type_, *cells)) for _ in range(TRIALS))
    assert any(spent / len(cells) * 1e6 < limit for spent in trials)
