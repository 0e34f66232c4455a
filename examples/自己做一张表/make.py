"""Make this example anew: three blanks as an office sends them, the draft a clerk finished, and what schools returned.

    python examples/自己做一张表/make.py

What the ministry's notice of April 2024 asks for, in blanks of our own: a monthly report with three rows of headers, and
the ledgers of all children of school age, of those who may have dropped out, and of those who did. The bureau's own
school roll is held against them. All people are invented.
"""

# ruff: noqa: E501 - a row of a sheet reads as a row

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.styles import Alignment, Border, Font, Side
from openpyxl.utils import get_column_letter

from kbxt_merge.form_definitions.drafting import draft
from kbxt_merge.form_definitions.exporting import export
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.outputs.blanks.examples import id_number

HERE = Path(__file__).parent
REPORT, SUSPECTED, DROPPED = "附件1 月报表", "附件2 疑似辍学台账", "附件3 辍学台账"
OF_AGE = "附件4 适龄儿童台账"
UNIT = "填报学校（盖章）：{}            填报时间：{}"
NOBODY = ("", "     年   月   日")
BLANKS: Mapping[str, tuple[Sequence[Sequence[object]], Sequence[str], int]] = {
    REPORT: (
        [
            ["附件 1"],
            ["云岭县2024年4月适龄儿童少年控辍保学月报表"],
            [UNIT.format(*NOBODY)],
            ["序号", "学校名称", "适龄儿童少年", *[None] * 4, "疑似辍学", None, "辍学", None, None, "填表人", "备注"],
            [None, None, "合计", "在校就读", None, "未在校就读", None, "本月新增", "月末在册", "月初在册", "本月劝返",
             "月末未返"],
            [None, None, None, "小计", "其中：随迁子女", "小计", "其中：送教上门"],
            [None, None, *range(1, 11)],
            [1],
            ["注：表内关系：1列=2列+4列；3列≤2列；5列≤4列；8列=9列+10列。"],
        ],
        ["A4:A6", "B4:B6", "C4:G4", "C5:C6", "D5:E5", "F5:G5", "H4:I4", "H5:H6", "I5:I6", "J4:L4", "J5:J6", "K5:K6",
         "L5:L6", "M4:M6", "N4:N6"],
        14,
    ),
    SUSPECTED: (
        [
            ["附件 2"],
            ["云岭县义务教育阶段疑似辍学学生台账"],
            [UNIT.format(*NOBODY)],
            ["序号", "姓名", "性别", "身份证号", "就读学校", "年级", "首次缺课日期", "缺课原因（厌学/外出务工/因病/其他）",
             "其他原因说明（缺课原因为其他的必填）", "监护人", "监护人电话", "处置结果（已返校/转为辍学/仍在劝返）", "备注"],
            *[[number] for number in range(1, 11)],
            ["注：1. 旷课三天未到校的，当天列入本台账。"],
        ],
        [],
        13,
    ),
    DROPPED: (
        [
            ["附件 3"],
            ["云岭县义务教育阶段辍学学生台账"],
            [UNIT.format(*NOBODY)],
            ["序号", "姓名", "性别", "身份证号", "学籍所在学校", "年级", "辍学日期", "监护人", "监护人电话", "劝返责任人",
             "复学日期", "备注"],
            *[[number] for number in range(1, 11)],
        ],
        [],
        12,
    ),
    OF_AGE: (
        [
            ["附件 4"],
            ["云岭县义务教育阶段适龄儿童少年台账"],
            [UNIT.format(*NOBODY)],
            ["序号", "姓名", "性别", "身份证号", "家庭住址", "监护人", "监护人电话", "就读学校", "年级",
             "就学状态（在校就读/送教上门/疑似辍学/辍学）", "备注"],
            *[[number] for number in range(1, 11)],
            ["注：1. 本辖区户籍和常住的适龄儿童少年，一人一行，每月更新。"],
        ],
        [],
        11,
    ),
}  # fmt: skip
"""The rows of each blank, what is merged in it, and how many columns it has."""


def number(year: int, month: int, day: int, sequence: str) -> str:
    """An invented ID number with its check character."""
    return id_number("360721", dt.date(year, month, day), sequence)


def of_age(
    at: int, name: str, sex: str, id_: str, guardian: str, phone: str, school: str, grade: str, state: str
) -> list[object]:
    """A row of the ledger of all."""
    return [at, name, sex, id_, "云岭县××镇", guardian, phone, school, grade, state, None]


MIDDLE, PRIMARY, COMBINED = "云岭县江口中学", "云岭县王母渡小学", "云岭县韩坊学校"
WEN, ZHONG = number(2010, 12, 15, "322"), number(2010, 3, 4, "222")
ZENG, LUO, XIE = number(2014, 6, 9, "103"), number(2013, 9, 21, "115"), number(2011, 3, 15, "334")
SCHOOLS = {"云岭县江口中学": "2136990001", "云岭县王母渡小学": "2136990002", "云岭县韩坊学校": "2136990003"}
RETURNS: Mapping[str, Mapping[str, Sequence[Sequence[object]]]] = {
    "云岭县江口中学": {
        REPORT: [[1, "云岭县江口中学", 812, 806, 96, 6, 2, 3, 2, 2, 1, 1, "刘长福", None]],
        SUSPECTED: [
            [1, "温志兰", "女", number(2010, 12, 15, "322"), "云岭县江口中学", "七年级", "2024-04-08", "厌学", None, "温有福",
             "13812345678", "仍在劝返", None],
            [2, "曹金志", "男", number(2010, 5, 6, "311"), "云岭县江口中学", "八年级", "2024-04-10", "其他", None, "曹大娘",
             "13812345679", "已返校", None],
        ],
        DROPPED: [
            [1, "李小强", "男", number(2009, 11, 11, "221"), "云岭县江口中学", "八年级", "2024-02-20", "李大娘", "13812345670",
             "刘长福", "2024-04-15", None],
            [2, "钟小华", "女", number(2010, 3, 4, "222"), "云岭县江口中学", "八年级", "2024-03-01", "钟有财", "13812345671",
             "刘长福", None, None],
        ],
        OF_AGE: [
            of_age(1, "温志兰", "女", WEN, "温有福", "13812345678", MIDDLE, "七年级", "疑似辍学"),
            of_age(2, "钟小华", "女", ZHONG, "钟有财", "13812345671", MIDDLE, "八年级", "辍学"),
        ],
    },
    "云岭县王母渡小学": {
        REPORT: [[1, "云岭县王母渡小学", 431, 430, 51, 2, 1, 0, 0, 0, 0, 0, "曾水生", None]],
        OF_AGE: [
            of_age(1, "曾志强", "男", ZENG, "曾大山", "13812345673", PRIMARY, "四年级", "在校就读"),
            of_age(2, "罗小梅", "男", LUO, "罗有田", "13812345674", PRIMARY, "四年级", "在校就读"),
        ],
    },
    "云岭县韩坊学校": {
        REPORT: [[1, "云岭县韩坊学校", 620, 618, 70, 2, 2, 1, 1, 0, 0, 0, "谢春生", None]],
        SUSPECTED: [
            [1, "谢小妹", "女", number(2011, 3, 15, "334"), "云岭县韩坊学校", "七年级", "2024-04-22", "外出打工", None, "谢有才",
             "13812345672", "仍在劝返", None],
        ],
        OF_AGE: [
            of_age(1, "谢小妹", "女", XIE, "谢有才", "13812345672", COMBINED, "七年级", "疑似辍学"),
        ],
    },
}  # fmt: skip
"""By school and form the rows it returned."""

ROLL: Sequence[Sequence[object]] = [
    ["云岭县学籍（2024年4月30日导出）"],
    ["姓名", "身份证件号", "学校名称", "年级", "学生状态"],
    ["温志兰", WEN, MIDDLE, "七年级", "在读"],
    ["钟小华", ZHONG, MIDDLE, "八年级", "辍学"],
    ["曾志强", ZENG, PRIMARY, "四年级", "在读"],
    ["罗小梅", LUO, COMBINED, "四年级", "在读"],
    ["谢小妹", XIE, COMBINED, "七年级", "在读"],
    ["陈大勇", number(2011, 1, 8, "117"), COMBINED, "七年级", "辍学"],
]
"""The bureau's own school roll."""

REQUIRED = {
    "义务教育阶段适龄儿童少年台账": ["性别", "监护人", "监护人电话", "就读学校", "年级",
                                    "就学状态（在校就读/送教上门/疑似辍学/辍学）"],
    "义务教育阶段疑似辍学学生台账": ["性别", "就读学校", "年级", "首次缺课日期", "监护人", "监护人电话",
                                    "缺课原因（厌学/外出务工/因病/其他）", "处置结果（已返校/转为辍学/仍在劝返）"],
    "义务教育阶段辍学学生台账": ["性别", "学籍所在学校", "年级", "辍学日期", "监护人", "监护人电话", "劝返责任人"],
}  # fmt: skip
WIDEST = 14
MONTHLY = "适龄儿童少年控辍保学月报表"
AGES, MAY_HAVE, DID = "义务教育阶段适龄儿童少年台账", "义务教育阶段疑似辍学学生台账", "义务教育阶段辍学学生台账"
RULES: Sequence[Sequence[str]] = [
    [MONTHLY, "人数与名单不符（人账不符）", "月末在册", "对照的表", "义务教育阶段疑似辍学学生台账", "只看", "处置结果=仍在劝返"],
    [MONTHLY, "人数与名单不符（人账不符）", "月初在册", "对照的表", "义务教育阶段辍学学生台账"],
    [MONTHLY, "人数与名单不符（人账不符）", "本月劝返", "对照的表", "义务教育阶段辍学学生台账", "那张表填了", "复学日期"],
    ["义务教育阶段辍学学生台账", "日期先后矛盾", "复学日期", "不早于哪一栏", "辍学日期"],
    [AGES, "应在另一张表中而没有", "姓名", "对照的表", "义务教育阶段疑似辍学学生台账", "只看", "就学状态=疑似辍学"],
    [AGES, "应在另一张表中而没有", "姓名", "对照的表", "义务教育阶段辍学学生台账", "只看", "就学状态=辍学"],
    [AGES, "学校不在名册中", "就读学校"],
    ["义务教育阶段疑似辍学学生台账", "学校不在名册中", "就读学校"],
    ["义务教育阶段辍学学生台账", "学校不在名册中", "学籍所在学校"],
]  # fmt: skip
"""Rows that the clerk adds to 表间核对."""
RELATIONS: Sequence[Sequence[str]] = [
    ["下期不再带出的记录", MAY_HAVE, "是这些词就算完", "处置结果=已返校、转为辍学"],
    ["下期不再带出的记录", DID, "填了哪一栏就算完", "复学日期"],
]
"""Rows of 各表关系."""
REGISTER: Sequence[Mapping[str, str]] = [
    {
        "比对库": "学籍",
        "表头": "姓名",
        "说的是本人的": "姓名",
        "由谁保管": "学籍管理员",
        "文件名、标题里的字样": "学籍",
    },
    {"表头": "身份证件号", "说的是本人的": "证件号码"},
    {"表头": "学校名称", "说的是本人的": "学校", "填什么": "学校"},
    {
        "表头": "学生状态",
        "凭这栏认出": "是",
        "词及其他写法": "在读=在校；辍学=失学；已离校=毕业、转出",
        "是这些词就不在册": "已离校",
    },
]
"""Rows of 比对库, and what the roll is asked."""
ASKED: Sequence[Mapping[str, str]] = [
    {"比对库": "学籍", "核对什么": "这一栏与比对库相同", "表": AGES, "表里的栏": "就读学校", "比对库的栏": "学校名称"},
    {"比对库": "学籍", "核对什么": "表里的人必须在册", "表": AGES, "只看": "就学状态=在校就读"},
    {"比对库": "学籍", "核对什么": "在册的适龄儿童必须在表里", "表": DID, "只看": "学生状态=辍学"},
]


def main() -> None:
    """Make blanks, definitions, roster and returns."""
    for name in ("空表", "收件夹", "我的表格", "比对库"):
        shutil.rmtree(HERE / name, ignore_errors=True)
    for name, (rows, merged, width) in BLANKS.items():
        save(HERE / "空表" / f"{name}.xlsx", {"Sheet1": (rows, merged, width)})
    define()
    roster = [["学校名称", "学校标识码"], *([name, code] for name, code in SCHOOLS.items())]
    save(HERE / "学校名册.xlsx", {"名册": (roster, [], 2)})
    save(HERE / "比对库" / "学籍.xlsx", {"学籍": (ROLL, [], 2)})
    (HERE / "kbxt.toml").write_text('period = "2024-04"\nschemas = "我的表格/表格定义.xlsx"\n', encoding="utf-8")
    for school, forms in RETURNS.items():
        sheets = {name: returned(name, school, rows) for name, rows in forms.items()}
        save(HERE / "收件夹" / f"{school}.xlsx", sheets)


def returned(name: str, school: str, filled: Iterable[Sequence[object]]) -> Any:
    """A school's rows in the blank."""
    rows, merged, width = BLANKS[name]
    first = next(at for at, row in enumerate(rows) if list(row) == [1])
    last = next((at for at, row in enumerate(rows) if at > first and isinstance(row[0], str)), len(rows))
    head = [list(row) for row in rows[:first]]
    head[2] = [UNIT.format(school, "2024年4月30日")]
    return [*head, *filled, *rows[last:]], merged, width


def define() -> None:
    """Draft the definitions of the blanks, and write into the workbook what only a clerk knows."""
    drafted = HERE / "草稿"
    draft([HERE / "空表" / f"{name}.xlsx" for name in BLANKS], drafted)
    book = openpyxl.load_workbook(drafted / BOOK)
    for sheet, headers in REQUIRED.items():
        for header in headers:
            write(book[sheet], "必填", header, "是")
    bureau = book["单位"]
    beside(bureau, "单位名称", "云岭县教育体育局")
    beside(bureau, "设区市", "赣州市")
    beside(bureau, "报表统称", "控辍保学月报")
    add(book["表间核对"], "表", RULES)
    add(book["各表关系"], "关系", RELATIONS)
    for name, lines in (("比对库", REGISTER), ("比对库核对", ASKED)):
        headers = [cell.value for cell in book[name][4]]
        first = headers.index("比对库")
        add(book[name], "比对库", [[line.get(str(each), "") for each in headers[first:]] for line in lines])
    book.save(drafted / BOOK)
    export(HERE / "我的表格", drafted / BOOK)
    shutil.rmtree(drafted)


def write(sheet: Any, header: str, row_of: str, text: str) -> None:
    """Write below a header into the row of a field."""
    column = next(cell.column for row in sheet.iter_rows() for cell in row if cell.value == header)
    row = next(row[0].row for row in sheet.iter_rows() if any(cell.value == row_of for cell in row[4:5]))
    sheet.cell(row, column).value = text


def add(sheet: Any, first: str, rows: Iterable[Sequence[str]]) -> None:
    """Write rows below the last one of a sheet, from the column of this header on."""
    header = next(row for row in sheet.iter_rows() if any(cell.value == first for cell in row))
    column = next(cell.column for cell in header if cell.value == first)
    last = max(row for row in range(header[0].row, sheet.max_row + 1) if sheet.cell(row, column).value)
    for at, row in enumerate(rows, start=last + 1):
        for offset, text in enumerate(row):
            sheet.cell(at, column + offset).value = text or None


def beside(sheet: Any, label: str, text: str) -> None:
    """Write right of a label."""
    place = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    sheet.cell(place.row, place.column + 1).value = text


def save(path: Path, sheets: Mapping[str, tuple[Iterable[Sequence[object]], Iterable[str], int]]) -> None:
    """Save a workbook of tables with lines round their cells."""
    path.parent.mkdir(exist_ok=True)
    book = openpyxl.Workbook()
    book.remove(book.active)  # type: ignore[arg-type]
    for name, (rows, merged, width) in sheets.items():
        sheet = book.create_sheet(name[:31])
        for row in rows:
            sheet.append(list(row))
        for area in merged:
            sheet.merge_cells(area)
        for row in range(1, sheet.max_row + 1):
            lay_out(sheet, row, width)
        for column in range(1, width + 1):
            is_wide = column in (4, 5) and width != WIDEST
            sheet.column_dimensions[get_column_letter(column)].width = 22 if is_wide else 12
    book.save(path)


def lay_out(sheet: Any, row: int, width: int) -> None:
    """Give a row its lines; title, unit line and notes span the table."""
    side = Side(style="thin")
    if width > 2 and (row in (2, 3) or str(sheet.cell(row, 1).value or "").startswith("注")):
        sheet.merge_cells(start_row=row, start_column=1, end_row=row, end_column=width)
    for column in range(1, width + 1):
        cell = sheet.cell(row, column)
        cell.alignment = Alignment("center" if row == 2 or row > 3 else "left", "center", wrap_text=row > 3)
        if row > 3:
            cell.border = Border(side, side, side, side)
        if row == 2:
            cell.font = Font(size=16, bold=True)
        if isinstance(cell.value, str) and cell.value.isdigit():
            cell.number_format = "@"


if __name__ == "__main__":
    main()
