"""Forms of further shapes, drafted of their blanks alone: what is planted in the returns is found, and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

import openpyxl
import pytest
from test_forms_of_others import HERE, Fault, examined, raised

from kbxt_merge.form_definitions.drafting import draft
from kbxt_merge.form_definitions.proving import faults_of
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.form import Form
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.outputs.blanks.examples import id_number

ROSTER = HERE / "01-left-behind-list" / "学校名册.xlsx"
MIDDLE, PRIMARY = "云岭县江口中学", "云岭县王母渡小学"
Cells = Mapping[str, object]


@dataclass(frozen=True)
class Drafted:
    """A blank as an office makes it, and the definition that is drafted of it."""

    folder: Path
    rows: Sequence[Sequence[object]]
    merged: Iterable[str] = ()
    drop_downs: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def forms(self) -> Forms:
        made = draft([self._write(self.folder / "空表.xlsx", {})], self.folder / "我的表格")
        assert (made.left, made.doubts) == ([], [])
        return made.forms

    @property
    def form(self) -> Form:
        return self.forms.forms[0]

    def merged_of(self, returns: Mapping[str, Cells]) -> Checked:
        """What is found in the blank as schools filled it."""
        assert self.forms
        (self.folder / "收件夹").mkdir()
        for school, cells in returns.items():
            self._write(self.folder / "收件夹" / f"{school}.xlsx", cells)
        return examined(self.folder / "收件夹", self.folder / "我的表格" / BOOK, ROSTER)

    def _write(self, path: Path, cells: Cells) -> Path:
        book = openpyxl.Workbook()
        for row in self.rows:
            book.active.append(list(row))
        for area in self.merged:
            book.active.merge_cells(area)
        for area, words in self.drop_downs.items():
            offered = openpyxl.worksheet.datavalidation.DataValidation(type="list", formula1=f'"{words}"')
            offered.add(area)
            book.active.add_data_validation(offered)
        for cell, value in cells.items():
            book.active[cell] = value
        book.save(path)
        return path


def found(checked: Checked) -> list[Fault]:
    return [(file.removesuffix(".xlsx"), cell, rule) for file, cell, rule in raised(checked)]


def by_rows(first: int, columns: str, rows: Iterable[Iterable[object]]) -> Cells:
    return {
        f"{column}{at}": each for at, row in enumerate(rows, first) for column, each in zip(columns, row, strict=False)
    }


@pytest.fixture
def classes(tmp_path: Path) -> Drafted:
    """Two label columns: 1班 stands in each grade."""
    rows: list[list[object]] = [
        ["云岭县小学分班在校学生人数统计表"],
        ["填报单位：                      2021年    月    日"],
        ["年级", "班级", "在校学生数", None, None, "其中", None, "备注"],
        [None, None, "合计", "男", "女", "住校生", "留守儿童"],
        *[
            [grade if number == "1班" else None, number]
            for grade in ("一年级", "二年级")
            for number in ("1班", "2班", "小计")
        ],
        ["总计"],
        ["注：各校班级不足2个的，空着不填。"],
    ]
    merged = ["A1:H1", "A2:H2", "A3:A4", "B3:B4", "C3:E3", "F3:G3", "H3:H4", "A5:A7", "A8:A10", "A11:B11", "A12:H12"]
    return Drafted(tmp_path, rows, merged)


def test_a_matrix_with_two_label_columns(classes: Drafted) -> None:
    form = classes.form
    assert form.row_labels == ("一年级1班", "一年级2班", "一年级小计", "二年级1班", "二年级2班", "二年级小计", "总计")
    assert [each.type for each in form.fields] == ["text", "row_label", *["count"] * 5, "text"]
    assert form.by_name["年级"].printed == (*["一年级"] * 3, *["二年级"] * 3, "总计")
    assert list(faults_of(classes.forms, form)) == []
    sound = by_rows(5, "CDEFG", [(40, 21, 19, 3, 5), (38, 18, 20, 0, 6), (78, 39, 39, 3, 11), (35, 20, 15, 1, 1)])
    sound = {**sound, **by_rows(10, "CDEFG", [(35, 20, 15, 1, 1), (113, 59, 54, 4, 12)])}
    faulty = {**sound, "C6": 39, "G5": 41, "F10": 2}
    unit = "填报单位：{}                      2021年 9月 10日"
    returns = {
        MIDDLE: {"A2": unit.format(MIDDLE), **faulty},
        PRIMARY: {"A2": unit.format(PRIMARY), **sound, "B5": "（1）班", "B6": "二班"},
    }
    checked = classes.merged_of(returns)
    assert found(checked) == [
        (MIDDLE, "C5", "count-sum"),  # 41 of 40 are left behind
        (MIDDLE, "C6", "count-sum"),
        (MIDDLE, "F10", "row-sum"),
        (MIDDLE, "G7", "row-sum"),
    ]
    assert len(checked.district.records[form.slug]) == 2 * len(form.row_labels)


@pytest.fixture
def hazards(tmp_path: Path) -> Drafted:
    """Questions below lines over parts of them, in the second column."""
    rows: list[list[object]] = [
        ["附件6"],
        ["学校安全隐患排查整治情况表"],
        ["填报学校（盖章）：              填报时间：   年   月   日"],
        ["序号", "排查内容", "是否存在隐患", "隐患数量（处）", "已整改数量（处）", "存在问题", "完成时限"],
        ["一、消防安全"],
        [1, "消防通道畅通"],
        [2, "灭火器在有效期内"],
        ["二、校舍安全"],
        [3, "危房已停用"],
        [4, "护栏牢固"],
        ["合计"],
        ["注：已整改数量不大于隐患数量；是否存在隐患填是或否，是的须填写存在问题。"],
    ]
    merged = ["A2:G2", "A3:G3", "A5:G5", "A8:G8", "A11:B11", "A12:G12"]
    return Drafted(tmp_path, rows, merged, {"C6:C10": "是,否"})


def test_questions_below_lines_over_parts_of_them(hazards: Drafted) -> None:
    form = hazards.form
    assert form.row_labels == ("消防通道畅通", "灭火器在有效期内", "危房已停用", "护栏牢固", "合计")
    assert form.sections == {"消防通道畅通": "一、消防安全", "危房已停用": "二、校舍安全"}
    assert dict(form.by_name["存在问题"].required_when) == {"是否存在隐患": ("是",)}
    assert list(faults_of(hazards.forms, form)) == []
    unit = "填报学校（盖章）：{}              填报时间：2021年9月3日"
    sound = {"C6": "否", "C7": "是", "D7": 2, "E7": 2, "F7": "过期", "G7": "2021年9月30日前", "C9": "无", "C10": "否"}
    sound |= {"D11": 2, "E11": 2}
    faulty = {**sound, "E7": 3, "F7": None, "D11": 4, "E11": 3}
    returns = {MIDDLE: {"A3": unit.format(MIDDLE), **faulty}, PRIMARY: {"A3": unit.format(PRIMARY), **sound}}
    assert found(hazards.merged_of(returns)) == [
        (MIDDLE, "D11", "row-sum"),
        (MIDDLE, "E7", "count-sum"),
        (MIDDLE, "F7", "required-missing"),
    ]


@pytest.fixture
def application(tmp_path: Path) -> Drafted:
    """A card with the family's list in its midst, and labels going on below it."""
    rows: list[list[object]] = [
        ["家庭经济困难学生认定申请表"],
        ["学校：                       填表日期：   年   月   日"],
        ["学生基本情况", "姓名", None, "性别", None, "民族", None],
        [None, "身份证号码", None, None, None, "邮政编码", None],
        ["家庭成员情况", "姓名", "年龄", "与学生关系", "工作（学习）单位", "职业", "年收入（元）"],
        [None],
        [None],
        [None],
        ["特殊群体类型", "□脱贫家庭学生  □低保家庭学生  □特困供养学生  □孤残学生  □烈士子女  □无"],
        [
            "个人承诺",
            "承诺内容：本人承诺以上所填写资料真实，如有虚假，愿承担相应责任。学生本人签字：        年   月   日",
        ],
    ]
    merged = ["A1:G1", "A2:G2", "A3:A4", "C4:E4", "A5:A8", "B9:G9", "B10:G10"]
    return Drafted(tmp_path, rows, merged)


def test_a_card_with_a_list_in_its_midst(application: Drafted) -> None:
    card, family = application.forms.forms
    assert [each.header for each in card.fields] == ["姓名", "性别", "民族", "身份证号码", "邮政编码", "特殊群体类型"]
    types = ["person_name", "age", "text", "text", "text", "number"]
    assert [each.type for each in family.printed_fields] == types
    assert list(faults_of(application.forms, card)) == []
    number = id_number("360721", dt.date(2009, 5, 6), "041")
    unit = "学校：{}                       填表日期：2021年9月6日"
    child = {"C3": "王小虎", "E3": "男", "G3": "汉族", "C4": number, "G4": "341112"}
    relatives = by_rows(
        6, "BCDEFG", [("王大虎", 38, "父子", "广东", "务工", "3万元"), ("王小龙", 8, "兄弟", "江口小学", "学生", 0)]
    )
    ticked = {"B9": "☑脱贫家庭学生  □低保家庭学生  □特困供养学生  □孤残学生  □烈士子女  □无"}
    sound = {"A2": unit.format(PRIMARY), **child, **relatives, **ticked}
    faulty = {**sound, "A2": unit.format(MIDDLE), "E3": "女", "G4": "34111", "G6": "若干", "B7": None}
    other = {"C4": id_number("360721", dt.date(2010, 5, 6), "043"), "C3": "郭小山"}
    checked = application.merged_of({MIDDLE: faulty, PRIMARY: {**sound, **other}})
    assert found(checked) == [
        (MIDDLE, "C7", "row-left-out"),
        (MIDDLE, "E3", "sex-id-mismatch"),
        (MIDDLE, "G4", "code-invalid"),
        (MIDDLE, "G6", "number-invalid"),
    ]
    records = checked.district.records
    assert (len(records[card.slug]), len(records[family.slug])) == (2, 3)
    assert records[card.slug].shown["特殊群体类型"].tolist() == ["脱贫家庭学生"] * 2


CHANGES = [
    ["云岭县义务教育阶段学生变动情况统计表"],
    ["学校：                 统计时间：2021年9月  日"],
    ["学段", "期初学生数", "本期增加", None, "本期减少", None, "期末学生数"],
    [None, None, "转入", "其他", "转出", "其他"],
    ["甲", 1, 2, 3, 4, 5, "6=1+2+3-4-5"],
    ["小学"],
    ["初中"],
    ["合计"],
]


def test_what_is_left_of_a_sum_is_told_below_its_header(tmp_path: Path) -> None:
    changes = Drafted(tmp_path, CHANGES, ["A1:G1", "A2:G2", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4"])
    (sums,) = [use for use in changes.form.rules if use.slug == "count-sum"]
    roles = {"equals": ("期初学生数", "转入", "其他"), "less": ("转出", "本期减少_其他")}
    assert (sums.at, dict(sums.roles)) == ("期末学生数", roles)
    assert list(faults_of(changes.forms, changes.form)) == []
    sound = by_rows(6, "BCDEFG", [(300, 5, 1, 4, 1, 301), (200, 2, 1, 3, 1, 199), (500, 7, 2, 7, 2, 500)])
    unit = {school: {"A2": f"学校：{school}      统计时间：2021年9月3日"} for school in (MIDDLE, PRIMARY)}
    returns = {MIDDLE: {**unit[MIDDLE], **sound, "G7": 200, "G8": 501}, PRIMARY: {**unit[PRIMARY], **sound}}
    assert found(changes.merged_of(returns)) == [(MIDDLE, "G7", "count-sum"), (MIDDLE, "G8", "count-sum")]


VISITS = [
    ["云岭县重度残疾学生送教上门档案"],
    ["学校（盖章）：                  建档日期：   年   月   日"],
    ["姓名", None, "性别", None, "联系电话", None],
    ["监护人", None, "残疾证号", None, "家庭住址", None],
    ["送教记录"],
    ["次数", "送教日期", "送教教师", None, "课时", "家长签字"],
    [None, None, "主讲", "助教"],
    [1],
    [2],
    [3],
]


def test_two_cards_on_a_sheet_keep_each_its_own_list_below_two_rows_of_headers(tmp_path: Path) -> None:
    merged = ["A1:F1", "A2:F2", "A5:F5", "C6:D6", "A6:A7", "B6:B7", "E6:E7", "F6:F7"]
    visits = Drafted(tmp_path, VISITS, merged)
    card, listed = visits.forms.forms
    assert [each.groups for each in listed.printed_fields][2:4] == [("送教教师",)] * 2
    below = len(VISITS)
    cells = {
        "A2": f"学校（盖章）：{MIDDLE}        建档日期：2021年9月8日",
        "B3": "王小明",
        "D3": "男",
        "F3": "13807971234",
    }
    cells |= by_rows(8, "BCE", [("2021年9月10日", "刘长福", 2), ("2021年13月1日", "刘长福", 2)])
    second = {"B3": "郭小红", "D3": "女", "F3": "1380797123", **by_rows(8, "BCE", [("2021-09-09", "钟志", 1)])}
    blank = {f"{'ABCDEF'[at]}{row}": cell for row, line in enumerate(VISITS, 1) for at, cell in enumerate(line) if cell}
    for cell, value in {**blank, "A2": cells["A2"], **second}.items():
        cells[f"{cell[0]}{int(cell[1:]) + below}"] = value
    checked = visits.merged_of({MIDDLE: cells})
    assert found(checked) == [(MIDDLE, "B9", "date-invalid"), (MIDDLE, f"F{3 + below}", "phone-invalid")]
    records = checked.district.records
    assert records[card.slug].shown["姓名"].tolist() == ["王小明", "郭小红"]
    assert records[listed.slug].shown["姓名"].tolist() == ["王小明", "王小明", "郭小红"]
