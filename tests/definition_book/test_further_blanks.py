"""Layouts that teachers make: days as headers, notes that say what holds, labels over their values."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import openpyxl
import pytest

from kbxt_merge import merging
from kbxt_merge.form_definitions.drafting import draft
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.form_definitions.proving import faults_of
from kbxt_merge.intake.drafting.legend import of_legend
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.outputs.blanks.handout import write_blanks
from kbxt_merge.settings import load_settings

Rows = Sequence[Sequence[object]]


def save(path: Path, rows: Rows, merged: Iterable[str] = ()) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    for area in merged:
        book.active.merge_cells(area)
    path.parent.mkdir(exist_ok=True)
    book.save(path)
    return path


def drafted(folder: Path, rows: Rows, merged: Iterable[str] = ()) -> Form:
    draft([save(folder / "空表.xlsx", rows, merged)], folder / "表格")
    return forms_of(folder / "表格" / BOOK).forms[0]


def types(form: Form) -> Mapping[str, str]:
    return {each.name: each.type for each in form.fields}


def sums(form: Form) -> list[tuple[str, Mapping[str, object]]]:
    return [(use.at, dict(use.roles)) for use in form.rules if use.slug in ("count-sum", "product")]


DAYS = list(range(1, 32))
ATTENDANCE: Rows = [
    ["青溪县中小学学生考勤登记表（2024年3月）"],
    ["学校：", None, "班级："],
    ["序号", "姓名", "日期", *[None] * 30, "缺勤天数", None],
    [None, None, *DAYS, "事假", "病假"],
    [1], [2], [3],
    ["注：1.出勤打“√”，事假打“△”，病假打“○”，休息日不填。"],
]  # fmt: skip
OVER_DAYS = ("A1:AI1", "A3:A4", "B3:B4", "C3:AG3", "AH3:AI3")


def test_days_are_headers_and_their_signs_the_words_of_a_legend(tmp_path: Path) -> None:
    form = drafted(tmp_path, ATTENDANCE, OVER_DAYS)
    assert [each.header for each in form.fields] == ["序号", "姓名", *map(str, DAYS), "事假", "病假"]
    day = form.by_name["栏_31"].vocabulary
    assert day is not None
    assert (day.values, day.variants["出勤"], day.variants["✔"]) == (("√", "△", "○"), "√", "√")
    assert types(form)["事假"] == "count"
    marks = {"陈小雨": ["√"] * 31, "王明": ["√"] * 30 + ["?"], "罗天佑": [None] * 5 + ["△"] + [None] * 25}
    filled = [[at, name, *own, 0, 0] for at, (name, own) in enumerate(marks.items(), 1)]
    rows = [ATTENDANCE[0], ["学校：双坑小学", None, "班级：三（1）班"], *ATTENDANCE[2:4], *filled, ATTENDANCE[7]]
    save(tmp_path / "in" / "双坑.xlsx", rows, OVER_DAYS)
    settings = load_settings({"schemas": tmp_path / "表格" / BOOK, "period": "2024-03", "jobs": 0}, {}, tmp_path)
    checked = merging.examine([tmp_path / "in"], settings, merging.Progress())
    records = checked.district.records[form.slug]
    assert records.shown["栏_1"].tolist() == ["√", "√", ""]
    assert records.shown["栏_6"].tolist() == ["√", "√", "△"]
    frame = checked.findings.frame
    assert set(zip(frame["cell"], frame["rule"], strict=True)) - {("", "school-unknown")} == {
        ("AG6", "vocabulary-invalid")
    }


LEDGER: Rows = [
    ["食堂食材采购台账（____年__月）"],
    ["填报单位：          联系电话：          单位：公斤、元          统计月份：    年    月"],
    ["序号", "食材名称", "数量", "单价（元）", "金额（元）"],
    [1], [2], [3],
]  # fmt: skip


def test_a_ledger_of_a_month_prints_its_whole_line_and_that_month(tmp_path: Path) -> None:
    """What things are measured in is no school: the folder names it."""
    form = drafted(tmp_path, LEDGER, ["A1:E1", "A2:E2"])
    assert form.unit_line.by_month
    forms = forms_of(tmp_path / "表格" / BOOK)
    [path] = write_blanks(forms, tmp_path / "下发", roster=None, period=None)
    line = [cell.value for cell in openpyxl.load_workbook(path).worksheets[0][3] if cell.value]
    assert [each.split() for each in line] == [
        ["填报单位：", "联系电话：", "单位：公斤、元"],
        ["统计月份：", "年", "月"],
    ]
    book = openpyxl.load_workbook(path)
    cell = book.worksheets[0]["A3"]
    assert cell.alignment.wrap_text
    cell.value = cell.value.replace("填报单位：", "填报单位：双坑小学")
    book.worksheets[0]["B5"], book.worksheets[0]["C5"] = "大米", 50
    (tmp_path / "填好").mkdir()
    book.save(tmp_path / "填好" / "台账.xlsx")
    settings = load_settings({"schemas": tmp_path / "表格" / BOOK, "period": "2024-05", "jobs": 0}, {}, tmp_path)
    (of_blank,) = merging.examine([tmp_path / "填好"], settings, merging.Progress()).district.returned
    assert of_blank.sheet.unit == "双坑小学"
    rows = [LEDGER[0], ["填报单位：", None, "单位：公斤、元"], LEDGER[2], [1, "大米", 50, 5, 250]]
    save(tmp_path / "双坑小学" / "采购.xlsx", rows)
    checked = merging.merge(tmp_path / "双坑小学", tmp_path / "出", settings)
    assert [each.sheet.unit for each in checked.district.returned] == [None]
    (summary,) = (tmp_path / "出" / "汇总").glob("*台账*.xlsx")
    assert any("2024 年 5 月" in str(cell.value) for cell in openpyxl.load_workbook(summary).worksheets[0][3])


@pytest.mark.parametrize(
    ("note", "words"),
    [
        ("√表示出勤，○表示病假", {"√": "出勤", "○": "病假"}),
        ("出勤√ 旷课×", {"√": "出勤", "×": "旷课"}),
        ("每月5日前上报。", {}),
    ],
)
def test_a_legend_is_read_either_way_round(note: str, words: Mapping[str, str]) -> None:
    offered = of_legend([note])
    assert {sign: alike[0] for sign, alike in (offered.alike if offered else {}).items()} == words


def test_codes_below_a_header_are_no_days(tmp_path: Path) -> None:
    rows = [["学校基本情况统计表"], ["学校名称", "在校生数", None, "教师数"], [1, 2, 3, 4], [], ["注：无"]]
    form = drafted(tmp_path, rows, ["A1:D1", "B2:C2"])
    assert "在校生数" in [each.header for each in form.fields]
    assert not any(each.header.isdecimal() for each in form.fields)


def test_what_stands_beside_the_sexes_is_no_part_and_a_rate_is_of_totals(tmp_path: Path) -> None:
    head = [["年级", "在校学生", None, None, "其中：寄宿生", None, None, None, "寄宿率（%）"]]
    head += [[None, "计", "男", "女", "计", "男", "女", "留守儿童"]]
    notes = [["备注：1.寄宿生不得多于在校学生；2.寄宿率=寄宿生÷在校学生×100%。"]]
    rows = [["寄宿生情况统计表"], ["学校："], *head, ["一年级"], ["二年级"], ["三年级"], *notes]
    form = drafted(tmp_path, rows, ["A1:I1", "A3:A4", "B3:D3", "E3:H3", "I3:I4"])
    said = sums(form)
    assert ("寄宿生_计", {"equals": ("寄宿生_男", "寄宿生_女")}) in said
    assert ("寄宿率", {"of": ("寄宿生_计",), "divided_by": "计"}) in said
    assert ("寄宿生_计", {"at_most": ("计",)}) in said


def test_formulas_hold_within_the_group_that_has_all_their_words(tmp_path: Path) -> None:
    head = [["资产编号", "账面数", None, None, "盘点数", None, "盘盈（+）盘亏（-）数量"]]
    head += [[None, "数量", "单价", "金额", "数量", "金额"]]
    notes = [["注：1、金额=数量×单价；2、盘盈盘亏数量=盘点数量-账面数量。"]]
    rows = [["固定资产盘点明细表"], ["单位名称："], *head, [], [], *notes]
    form = drafted(tmp_path, rows, ["A1:G1", "A3:A4", "B3:D3", "E3:F3", "G3:G4"])
    assert sums(form) == [("盘点数_数量", {"equals": ("数量", "盘盈盘亏数量")}), ("金额", {"of": ("数量", "单价")})]
    assert (form.by_name["盘盈盘亏数量"].type, form.by_name["盘盈盘亏数量"].least) == ("number", -1000000.0)


def test_sentences_of_a_note_are_numbered_and_codes_are_not(tmp_path: Path) -> None:
    rows = [
        ["课后服务情况统计表"],
        ["学校："],
        ["学校名称", "学生数", "收费标准（元）", "应收（元）", "实收（元）", "减免（元）"],
    ]
    rows += [["1", "2", "3", "4", "5", "6"], [], ["填报要求：①4=2×3；②4=5+6。"]]
    form = drafted(tmp_path, rows, ["A1:F1"])
    assert sums(form) == [("应收", {"equals": ("实收", "减免")}), ("应收", {"of": ("学生数", "收费标准")})]
    assert form.notes == ("填报要求：①4=2×3；②4=5+6。",)
    assert write_blanks(forms_of(tmp_path / "表格" / BOOK), tmp_path / "下发", roster=None, period=None)


def test_what_stands_below_the_word_notes_is_no_row(tmp_path: Path) -> None:
    header = ["序号", "学生姓名", "乘车方式", "是否困难家庭", "困难类型", "每期车费（元）"]
    notes = [["说明："], ["1．乘车方式：A校车 B公交车 C家长接送"], ["2．是困难家庭的须填写困难类型。"]]
    form = drafted(tmp_path, [["农村学生乘车需求摸底表"], ["学校："], header, [1], [2], [3], *notes], ["A1:F1"])
    assert (form.shape, form.printed_rows, len(form.notes)) == (Shape.LIST, 3, 3)
    vocabulary = form.by_name["乘车方式"].vocabulary
    assert vocabulary is not None
    assert (vocabulary.values, vocabulary.variants["B"]) == (("校车", "公交车", "家长接送"), "公交车")
    assert form.by_name["困难类型"].required_when == {"是否困难家庭": ("是",)}


def test_years_to_come_are_counted_and_a_span_of_years_is_no_period(tmp_path: Path) -> None:
    head = [["学校名称", "学校类别", "2024年", None, "2025年", None, "现有学位数", "学位缺口"]]
    head += [[None, None, "户籍儿童", "随迁子女", "户籍儿童", "随迁子女"]]
    note = [["注：学校类别填“公办”或“民办”；学位缺口=2025年户籍儿童+2025年随迁子女-现有学位数。"]]
    rows = [["青溪县2024—2025年一年级生源预测表"], ["填报单位："], *head, [], *note]
    form = drafted(tmp_path, rows, ["A1:H1", "A3:A4", "B3:B4", "C3:D3", "E3:F3", "G3:G4", "H3:H4"])
    assert (form.shape, form.title) == (Shape.STATISTICS, "青溪县2024—2025年一年级生源预测表")
    counted = [name for name, type_ in types(form).items() if type_ == "count"]
    assert len(counted) == 5
    assert sums(form) == [("学位缺口", {"equals": tuple(counted[2:4]), "less": ("现有学位数",)})]


def test_a_total_that_a_note_says_in_words_is_of_the_group_beside_it(tmp_path: Path) -> None:
    head = [["科目", "周课时数", None, None, "周课时合计"], [None, "一年级", "二年级", "三年级"]]
    subjects = [["语文"], ["数学"], ["英语"]]
    rows = [["周课时统计表"], ["学校："], *head, *subjects, ["注：周课时合计=各年级周课时之和。"]]
    form = drafted(tmp_path, rows, ["A1:E1", "A3:A4", "B3:D3", "E3:E4"])
    assert sums(form) == [("周课时合计", {"equals": ("一年级", "二年级", "三年级")})]


CARD: Rows = [
    ["附件4"], ["留守儿童关爱帮扶联系卡"], ["学校：            填卡时间：    年  月  日"],
    ["学生姓名", "性别", "出生年月", "年级"], [], ["身份证号", None, "监护人姓名", "监护人电话"], [], ["家庭住址"], [],
]  # fmt: skip


def test_labels_above_their_values_stand_so_in_our_own_blank(tmp_path: Path) -> None:
    form = drafted(tmp_path, CARD, ["A2:D2", "A3:D3", "A6:B6", "A7:B7", "A8:D8", "A9:D9"])
    assert (form.shape, form.labels_above) == (Shape.CARD, True)
    [path] = write_blanks(forms_of(tmp_path / "表格" / BOOK), tmp_path / "下发", roster=None, period=None)
    sheet = openpyxl.load_workbook(path).worksheets[0]
    places = {cell.value: (cell.row, cell.column) for line in sheet.iter_rows(min_row=4, max_row=9) for cell in line}
    assert [places[label][0] for label in ("学生姓名", "身份证号", "家庭住址")] == [4, 6, 8]
    assert all((row + 1, column) not in places.values() for row, column in (places["学生姓名"], places["监护人电话"]))


def test_a_form_of_a_shipped_number_is_not_held_against_the_shipped_registers(tmp_path: Path) -> None:
    form = drafted(tmp_path, CARD, ["A2:D2", "A3:D3", "A6:B6", "A7:B7", "A8:D8", "A9:D9"])
    assert form.slug == "4"
    assert not any(use.slug.startswith(("register", "not-in-register")) for use in form.rules)


def test_lines_above_a_table_are_told_from_a_card_and_its_unit_from_what_is_counted(tmp_path: Path) -> None:
    line = ["学校食堂名称：", None, "食堂负责人：", None, "年度：2024"]
    header = ["采购日期", "品名", "数量", None, "供货商", "索证情况"]
    rows = [["学校食堂食品原料采购台账"], line, header, [None, None, "单位", "数量"], [], [], ["注：以上按实填写。"]]
    merged = ("A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:E4", "F3:F4")
    form = drafted(tmp_path, rows, merged)
    assert (form.shape, form.record) == (Shape.LIST, "采购日期")
    assert form.unit_line.printed.startswith("学校食堂名称：{school}")
    assert (types(form)["单位"], types(form)["采购日期"]) == ("text", "date")


def test_what_is_counted_is_no_school(tmp_path: Path) -> None:
    line = ["单位：个、人", None, "填报单位（公章）："]
    rows = [["学校班额情况统计表"], line, ["学校名称", "班级总数", "学生总数", "大班额比例（%）"], [], ["注：无"]]
    form = drafted(tmp_path, rows, ["A1:D1"])
    assert form.unit_line.printed == "单位：个、人    填报单位（公章）：{school}"
    assert "单位" not in form.unit_line.labels


def test_a_row_is_what_is_left_of_others_and_all_of_it_is_money(tmp_path: Path) -> None:
    labels = ["一、上年结转", "二、本年收入", "三、本年支出", "四、年末结余"]
    note = "注：4行=1行+2行-3行。"
    body = [[label, at] for at, label in enumerate(labels, 1)]
    rows = [["公用经费收支情况表"], ["学校（公章）：", None, "单位：元"], ["项目", "行次", "本年预算数"], *body, [note]]
    form = drafted(tmp_path, rows, ["A1:C1"])
    assert (types(form)["本年预算数"], form.by_name["本年预算数"].unit) == ("number", "元")
    [rule] = [use for use in form.rules if use.slug == "row-sum"]
    assert rule.roles == {"row": (labels[3],), "equals": tuple(labels[:2]), "less": (labels[2],)}
    filled = [["一、上年结转", 1, 10], ["二、本年收入", 2, 50], ["三、本年支出", 3, 40], ["四、年末结余", 4, 30]]
    signed = ["校长（签字）：", None, "财务人员："]
    save(tmp_path / "in" / "双坑.xlsx", [rows[0], ["学校（公章）：双坑小学"], rows[2], *filled, [note], signed])
    settings = load_settings({"schemas": tmp_path / "表格" / BOOK, "period": "2024春", "jobs": 0}, {}, tmp_path)
    frame = merging.examine([tmp_path / "in"], settings, merging.Progress()).findings.frame
    assert [pair for pair in zip(frame["cell"], frame["rule"], strict=True) if pair[0]] == [("C7", "row-sum")]


def test_boxes_to_tick_beside_a_label_make_no_table(tmp_path: Path) -> None:
    rows = [
        ["特异体质学生健康档案卡"],
        ["学生信息", "姓名", None, "性别", "□男 □女", "出生日期", None],
        [None, "身份证号", None, "班级", None, "是否寄宿", "□是 □否"],
        ["学校措施", None],
    ]
    form = drafted(tmp_path, rows, ["A1:G1", "A2:A3", "B4:G4"])
    assert (form.shape, form.child_name) == (Shape.CARD, "姓名")
    assert [form.by_name[name].type for name in ("性别", "出生日期", "是否寄宿")] == ["sex", "date", "是否"]


def test_a_long_question_alone_in_its_row_is_a_printed_row(tmp_path: Path) -> None:
    questions = [
        "学校是否成立校园安全工作领导小组并由校长任组长，分工是否明确、是否落实到人、是否定期开会研究",
        "校门口是否有专职保安二十四小时值守，来访人员登记是否齐全，防护器材是否配备到位并会使用",
        "食堂留样是否满四十八小时",
    ]
    rows = [
        ["校园安全自查表"],
        ["学校："],
        ["自查内容", "自查结果（是/否）", "整改措施"],
        *([each] for each in questions),
    ]
    form = drafted(tmp_path, [*rows, ["注：逐项填写。"]], ["A1:C1"])
    assert form.row_labels == tuple(questions)


def test_a_price_beside_two_groups_is_multiplied_in_each(tmp_path: Path) -> None:
    head = [["书名", "定价", "学生用书", None, "教师用书", None], [None, None, "数量", "金额", "数量", "金额"]]
    books = [["语文（上册）", 7.36], ["数学（上册）", 8], ["英语（上册）", 7.5]]
    rows = [["教材征订统计表"], ["学校名称："], *head, *books, ["注：金额=定价×数量。"]]
    form = drafted(tmp_path, rows, ["A1:F1", "A3:A4", "B3:B4", "C3:D3", "E3:F3"])
    price = form.by_name["定价"]
    assert (price.type, price.printed) == ("number", ("7.36", "8", "7.5"))
    assert [roles for _, roles in sums(form)] == [{"of": ("定价", "数量")}, {"of": ("定价", "教师用书_数量")}]


def test_a_rate_of_several_counts_divides_their_sum(tmp_path: Path) -> None:
    rows = [
        ["学生体质健康测试汇总表"],
        ["学校名称：", None, None, None, None, "填表日期：    年  月  日"],
        ["年级", "实测人数", "优秀", "良好", "不及格", "优良率（%）"],
        *([each] for each in ("初一", "初二", "合计")),
        ["注：1.优良率=（优秀+良好）÷实测人数×100%，保留一位小数；优秀+良好应不得大于实测人数；不及格≥1。"],
    ]
    draft([save(tmp_path / "空表.xlsx", rows, ["A1:F1", "A7:F7"])], tmp_path / "表格")
    forms = forms_of(tmp_path / "表格" / BOOK)
    form = forms.forms[0]
    assert ("优良率", {"plus": ("优秀", "良好"), "divided_by": "实测人数"}) in sums(form)
    assert form.by_name["优良率"].places == 1
    assert [fault.zh for fault in faults_of(forms, form)] == []


def test_one_sum_may_equal_two_things_and_who_is_beside_a_phone(tmp_path: Path) -> None:
    rows = [
        ["云溪县校舍安全排查台账（2024年第二季度）"],
        ["学校名称（公章）："],
        ["序号", "建筑物名称", "建筑面积", "实测人数", "一般人数", "重大人数", "合计人数", "责任人及电话"],
        [1], [2],
        ["注：合计人数=一般人数+重大人数，且等于实测人数；建筑物名称在本校内不得重复；建筑面积保留两位小数。"],
    ]  # fmt: skip
    form = drafted(tmp_path, rows, ["A1:H1", "A6:H6"])
    assert form.label.zh == "校舍安全排查台账"
    fields = form.by_name
    assert (fields["建筑物名称"].unique, fields["建筑面积"].places) == ("school", 2)
    assert fields["责任人及电话"].type == "text"
    equal = [{"equals": ("一般人数", "重大人数")}, {"equals": ("实测人数",)}]
    assert sums(form) == [("合计人数", each) for each in equal]
