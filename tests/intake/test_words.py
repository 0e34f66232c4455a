"""A word of a vocabulary is known by its core; what stands around it is dropped, and nothing is guessed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from typed_cells import BLANK, NORMALISED, UNREADABLE, VOCABULARIES, outcome, read, vocabulary

from kbxt_merge.intake.values.ticks import options_in
from kbxt_merge.model.returns import Cell


def meant(type_: str, *cells: Cell) -> list[str]:
    """What each cell is read as; blank for what is not read."""
    return read(type_, *cells).values.fillna("").tolist()


@pytest.mark.parametrize(
    ("type_", "value", "typed"),
    [
        ("sex", "男", ["男孩", "男 √", "男,", "男/", "(男)", "“男”", "男（1）", "1.男"]),
        (
            "person_category",
            "其他",
            ["非建档立卡户", "不是脱贫户", "非贫困", "非贫困户", "普通农户", "一般家庭", "无。", "/无"],
        ),
        ("person_category", "其他", ["无（一般户）", "一般户（非建档立卡户）", "—", "N/A", "暂无", "空"]),
        (
            "person_category",
            "建档立卡脱贫户",
            ["建档立卡贫困户（已脱贫）", "脱贫户（2018年脱贫）", "建档立卡，父母外出", "建档立卡户子女"],
        ),
        (
            "person_category",
            "建档立卡脱贫户",
            ["建档立卡贫困家庭", "①建档立卡户", "√建档立卡脱贫户 □镇贫困户", "建档立卡、低保户"],
        ),
        ("person_category", "建档立卡脱贫户", ["是（建档立卡户）", "2018年脱贫户", "建档立卡户2018年脱贫", "A.脱贫户"]),
        ("person_category", "建档立卡脱贫户", ["建档立卡已脱贫", "建档立卡贫困人口", "人员类别：脱贫户"]),
        ("person_category", "其他", ["非贫困生", "一般群众", "都不是", "非建档立卡户、非城镇贫困户", "没有建档立卡"]),
        ("person_category", "城镇贫困户", ["镇困难户", "城镇困难家庭", "城镇贫困人口"]),
        ("registration_type", "失学辍学", ["失学或辍学", "失（辍）学", "失学-辍学", "因父母离异辍学", "2020年9月辍学"]),
        ("registration_type", "缓学休学", ["休学—因病", "因抑郁症休学", "推迟入学", "休学在家养病", "已办休学手续"]),
        (
            "registration_type",
            "失学辍学",
            ["失学（辍学）", "1.失学辍学", "辍学在家务工", "因家庭困难辍学", "失学辍学（尚未复学）"],
        ),
        (
            "registration_type",
            "缓学休学",
            ["休学（因病）", "因病休学一年", "休学在家", "已办理休学手续", "休学（2021.3-2021.9）"],
        ),
        (
            "enrolment",
            "是",
            ["在校就读", "就读", "在特校就读", "已在校就读", "已入学（随班就读）", "在读（七年级）", "随班就读、"],
        ),
        (
            "enrolment",
            "是",
            ["普校随班就读", "本校就读", "七年级在读", "县特校", "是（七(1)班）", "已入学-随班就读", "V"],
        ),
        ("enrolment", "否", ["无法入学", "未能入学", "辍学在家"]),
        ("enrolment", "送教上门", ["送教服务", "接受送教上门"]),
        ("enrolment", "否", ["没入学", "尚未入学", "不在校", "未入学（因病）", "否，外出务工"]),
        ("enrolment", "送教上门", ["送教上门（每月2次）", "送教上门√"]),
        (
            "disability",
            "智力残疾",
            ["智力障碍", "智残", "智力/二级", "智力残疾：二级", "智力残疾（轻度）二级", "智力残疾;智力残疾"],
        ),
        (
            "disability",
            "智力残疾",
            ["智力残疾二", "智力2", "二级（智力）", "智力残疾级别：二级", "智力残疾（唐氏综合征）"],
        ),
        ("disability", "多重残疾", ["肢体残疾一级智力残疾二级", "智力二级；言语三级", "多种残疾"]),
        ("disability", "精神残疾", ["精神残疾（孤独症）二级", "自闭症（孤独症）"]),
        ("disability", "肢体残疾", ["肢体残疾（未办证）", "肢体残疾 / 一级"]),
        (
            "disability",
            "多重残疾",
            ["肢体、智力", "肢体二级+智力三级", "智力和肢体", "听力言语残疾", "☑肢体残疾 ☑智力残疾"],
        ),
        ("disability", "多重残疾", ["多重残疾（肢体一级、智力二级）", "多重（智力）"]),
        (
            "grade",
            "七年级",
            ["7.2", 7.2, "7-2", "702", 702.0, "701班", "七·1", "七2班", "七年", "七年1班", "七年级1", "7(1)"],
        ),
        (
            "grade",
            "七年级",
            ["七2", "七一班", "初一一班", "七年级第2班", "七年级A班", "七(1)班（随班就读）", "七年级〔1〕班"],
        ),
        ("grade", "七年级", ["2020级（七年级）", "在读七年级", "七年级休学", "年级：七年级"]),
        ("grade", "六年级", ["小六", "小学六年级"]),
        ("grade", "七年级", ["初一年级", "初一（3）", "七年级（特教）", "特教班七年级", "七年级上期"]),
        ("yes_no", "是", ["是，已复学", "是，已开展3次", "已开展劝返工作", "已劝返", "开展3次", "是（3次）", "✓"]),
        ("yes_no", "否", ["未开展", "没有开展劝返工作", "否，联系不上"]),
    ],
)
def test_what_stands_around_a_value_is_dropped_and_noted(type_: str, value: str, typed: list[Cell]) -> None:
    assert dict(zip(typed, meant(type_, *typed), strict=True)) == dict.fromkeys(typed, value)
    assert {outcome(type_, each)[1] for each in typed} == {NORMALISED}


@pytest.mark.parametrize(
    ("type_", "typed"),
    [
        ("sex", ["男（是）", "男 女", "男女", "男13870000000", "是男"]),
        ("person_category", ["低保户", "非低保户", "是", "贫困户", "疑似贫困户", "脱贫监测户", "低保、建档立卡户"]),
        ("person_category", ["未脱贫户", "未脱贫", "建档立卡未脱贫", "贫困生", "脱贫不稳定户", "城镇居民"]),
        (
            "registration_type",
            ["因故未辍学", "因休学期满辍学", "因疑似辍学", "辍学或休学", "休学后辍学"],
        ),
        ("enrolment", ["是否", "在籍", "七年级", "本校", "否（送教上门）"]),
        ("disability", ["肢体或智力", "智力残疾（待鉴定）", "残疾二级", "智力5级", "聋哑"]),
        ("grade", ["二十一班", "1班", "小一班", "七或八", "七年级升八年级", "20级", "现"]),
        ("person_category", ["建档立卡脱贫户或镇贫困户", "建档立卡户（未脱贫）", "建档立卡户（已清退）", "建档立卡？"]),
        ("registration_type", ["疑似辍学", "隐性辍学", "未辍学", "失学辍学/缓学休学", "休学（曾辍学）", "辍学？"]),
        ("enrolment", ["正常", "是 否", "是（送教上门）", "待入学", "休学", "是√否", "在读（13870000000）"]),
        ("disability", ["脑瘫", "四肢残疾", "肢体伤残", "疑似智力残疾", "智力残疾（精神）", "智力残疾(13870000000)"]),
        ("grade", ["2020级", "72班", "一 班", "9:30", "七、八年级", "七年级（八年级）", "2021.9", "12.5", "高一.2"]),
        ("yes_no", ["无需", "否（是）", "也许"]),
        (
            "registration_type",
            ["辍学（已复学）", "辍学，已返校", "辍学（已劝返）", "休学（已转学）", "辍学（已复学，未办手续）"],
        ),
        ("person_category", ["是否"]),
    ],
)
def test_nothing_is_guessed_from_a_part_of_a_word_or_against_a_note(type_: str, typed: list[str]) -> None:
    assert [each for each in typed if outcome(type_, each) != (each, UNREADABLE)] == []


TICKED = [
    "☑{0} □{1}",
    "{0}☑ {1}□",
    "{0}（√）{1}（ ）",
    "□{1} ☑{0}",
    "{1}□{0}☑",
    "√{0} {1}",
    "{0}√ {1}",
    "☒{0} ☐{1}",
    "{1}( ) {0}(√)",
    "{0}V {1}",
    "v{0} □{1}",
    "R{0} £{1}",
    "þ{0} ¨{1}",
    "{0}〔√〕{1}〔 〕",
]


@pytest.mark.parametrize("boxes", TICKED)
@pytest.mark.parametrize(
    ("type_", "ticked", "other"), [("yes_no", "是", "否"), ("sex", "女", "男"), ("enrolment", "否", "是")]
)
def test_of_boxes_to_tick_the_ticked_word_counts(boxes: str, type_: str, ticked: str, other: str) -> None:
    assert outcome(type_, boxes.format(ticked, other)) == (ticked, NORMALISED)


@pytest.mark.parametrize("boxes", ["□是 □否", "是□ 否□", "是（ ）否（ ）"])
def test_boxes_left_empty_are_a_blank_cell(boxes: str) -> None:
    assert outcome("yes_no", boxes) == ("", BLANK)


@pytest.mark.parametrize("boxes", ["☑是 ☑否", "是√否", "√ √是", "□", "√√", "☑是☑"])
def test_boxes_that_leave_it_open_are_not_read(boxes: str) -> None:
    assert outcome("yes_no", boxes) == (boxes, UNREADABLE)


def test_ticks_stand_before_their_words_or_behind_them() -> None:
    assert options_in("□是  ☑否") == [("是", False), ("否", True)]
    assert options_in("是□  否☑") == [("是", False), ("否", True)]
    assert options_in("没有记号") == []


@given(
    st.sampled_from(VOCABULARIES),
    st.sampled_from(["", "√", " ", "“", "☑ "]),
    st.sampled_from(["", "。", "、", "”", "（因病）", "（已报）", "，外出务工", "（2018年）。", "\n外出"]),
    st.data(),
)
def test_every_value_is_itself_within_what_is_dropped(
    type_: str, before: str, behind: str, data: st.DataObject
) -> None:
    words = vocabulary(type_)
    assert words is not None
    value = data.draw(st.sampled_from(words.values))
    assert meant(type_, before + value + behind) == [value]


def test_a_note_that_denies_what_would_undo_a_value_leaves_it() -> None:
    typed = [
        "辍学（未复学）",
        "辍学（尚未返校）",
        "失学，没有劝返成功",
        "辍学（已劝返3次）",
        "辍学（正在劝返）",
        "休学（不愿复学）",
    ]
    assert meant("registration_type", *typed) == [*["失学辍学"] * 5, "缓学休学"]
