"""Rules on files and sheets: what came, whose it is, and whether it is a form of this period."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest
from cast import card, listed, statistics
from rule_cases import At, Case, blank, fails, holds
from sheets import COMBINED, MIDDLE, PRIMARY, ROSTER, district, findings, page

from kbxt_merge.model.answer import IDENTITY_COLUMNS
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Grid, Problem, Workbook
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.seal import Seal

ONE_SCHOOL = Roster(ROSTER.schools[:1], ROSTER.prefixes)
LIST = listed("1-2", """
    | 姓名   |
    | 赖小满 |
""")  # fmt: skip
NOBODY = listed("1-2", """
    | 序号 | 姓名 |
    | 1    |      |
""")  # fmt: skip
LEDGER = listed("3", "| 姓名 |\n| 钟立秋 |", sheet="3")
NOBODY_AT_HOME = listed("4", "| 序号 | 姓名 |\n| 1 | |")
TIMETABLE = page(
    """
    | 课程表 |      |      |
    |        | 周一 | 周二 |
    | 第一节 | 语文 | 数学 |
    """,
    "课程表",
)
LETTER = page("| 本校无辍学学生，特此说明。 |", "说明")
EMPTY = Grid("Sheet1", [])


def problem(slug: str, what: str, why: str, **facts: str) -> list[Case]:
    """A file that was not read, one that was, and one with nothing in it."""
    return [
        fails(slug, why, {"一.xlsx": Problem(slug, {"what": what, **facts})}, At("", "一.xlsx", "")),
        holds(slug, "a form", {"一.xlsx": LIST}),
        blank(slug, "an empty workbook", {"一.xlsx": EMPTY}, At("", "一.xlsx", "", "form-unrecognised")),
    ]


SEAL = Seal(b"the ledger's")


def opinions(school: str, treatment: str = "核实无误", seal: Seal | None = SEAL) -> Grid:
    """A sheet 核查意见 with one line, about this school and answered so."""
    line = ["grade-age-mismatch", "3", school, "一.xlsx", "3", "J4", "grade", "k1", "k2", "k3"]
    header = ["处理", "说明", *(f"kbxt.{name}" for name in IDENTITY_COLUMNS), "kbxt.seal"]
    return Grid("核查意见", [header, [treatment, "因病休学", *line, seal.of_line(line) if seal else None]])


ANSWERS = [
    fails(
        "answers-not-taken",
        "a line about another school is a question, one without a code or of another ledger is told",
        {
            f"{PRIMARY}/一.xlsx": opinions(MIDDLE),
            f"{PRIMARY}/二.xlsx": opinions(PRIMARY, seal=None),
            f"{PRIMARY}/三.xlsx": opinions(PRIMARY, seal=Seal(b"another's")),
            "四.xlsx": opinions(PRIMARY),
        },
        At("", f"{PRIMARY}/一.xlsx", "", severity="warning"),
        At("", f"{PRIMARY}/二.xlsx", "", severity="info"),
        At("", f"{PRIMARY}/三.xlsx", "", severity="info"),
        At("", "四.xlsx", "", severity="info"),
        seal=SEAL,
    ),
    fails(
        "answers-not-taken",
        "the form beside it is of another school, whatever the folder says",
        {f"{MIDDLE}/一.xlsx": Workbook([LIST, opinions(MIDDLE)])},
        At("", f"{MIDDLE}/一.xlsx", "", severity="warning"),
        At("A2", f"{MIDDLE}/一.xlsx", rule="school-conflict"),
        seal=SEAL,
    ),
    holds(
        "answers-not-taken",
        "a school's own line: beside its form, in its folder, under its name",
        {
            "一.xlsx": Workbook([LIST, opinions(PRIMARY)]),
            f"{PRIMARY}/二.xlsx": opinions(PRIMARY),
            f"{PRIMARY}核查意见.xlsx": opinions(PRIMARY),
        },
        seal=SEAL,
    ),
    holds("answers-not-taken", "corrected, not verified", {"一.xlsx": opinions(MIDDLE, "已改")}, seal=SEAL),
    blank("answers-not-taken", "nothing was answered", {f"{PRIMARY}/一.xlsx": opinions(MIDDLE, "")}, seal=SEAL),
]


PROBLEMS = [
    *problem("file-unreadable", "truncated", "not sent in full"),
    *problem("file-encrypted", "password", "locked"),
    *problem("file-unsafe", "too-many-cells", "too big", limit="2000000"),
    *problem("file-ignored", "", "the lock of an open workbook"),
    *problem("file-other", "pdf", "a scan"),
    *problem("file-container", "zip", "an archive"),
]

SHEETS = [
    fails(
        "form-unrecognised",
        "beside a form it is a question, alone an error",
        {"一.xlsx": Workbook([LIST, TIMETABLE]), "二.xlsx": TIMETABLE},
        At("", "一.xlsx", "课程表", severity="warning"), At("", "二.xlsx", "课程表", severity="error"),
    ),
    fails(
        "form-unrecognised",
        "a page of text is no form either",
        {"一.xlsx": LETTER},
        At("", "一.xlsx", "", severity="error"),
    ),
    holds(
        "form-unrecognised",
        "our own sheets beside a form are no one's fault",
        {"一.xlsx": Workbook([LIST, page("| 填写 | 说明 |", "填表说明"), page("| 性别 | 男 |", "选项")])},
    ),
    blank("form-unrecognised", "an empty sheet beside a form", {"一.xlsx": Workbook([LIST, Grid("Sheet2", [])])}),
    fails(
        "sheet-without-table",
        "a letter beside a form",
        {"一.xlsx": Workbook([LIST, LETTER])},
        At("", "一.xlsx", "说明", severity="info"),
    ),
    holds(
        "sheet-without-table",
        "a table that is no form",
        {"一.xlsx": Workbook([LIST, TIMETABLE])},
        At("", "一.xlsx", "课程表", rule="form-unrecognised"),
    ),
    blank("sheet-without-table", "an empty sheet", {"一.xlsx": Workbook([LIST, Grid("Sheet2", [])])}),
    fails(
        "form-version",
        "a blank of ours, of last year's edition",
        {"一.xlsx": Workbook([LIST], {"kbxt_form": "1-2", "kbxt_version": "2020.2"})},
        At("", "一.xlsx", severity="warning"),
    ),
    holds(
        "form-version",
        "the edition in force, in a bundle of two",
        {"一.xlsx": Workbook([LIST], {"kbxt_form": "1-1,1-2", "kbxt_version": "2020.2,2021.1"})},
    ),
    blank("form-version", "a sheet of their own", {"一.xlsx": LIST}),
]  # fmt: skip

RECORDS = """
    | 赣县区义务教育阶段辍学学生登记汇总表 |
    | 填报单位：赣县区梅林小学  2021年3月12日 |
    | 序号 | 姓名   | 身份证号码         | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
    | 1    | 赖小满 | 360704200805210315 | 梅林小学     | 其他     | 失学辍学 |      |
    | 2    | 温小暑 | 360721200707070423 | 梅林小学     | 其他     | 失学辍学 |      |
"""
HIDDEN = [
    fails(
        "hidden-data",
        "a row, a column, a sheet: their records are read all the same",
        {
            "一.xlsx": page(RECORDS, hidden_rows=[5]),
            "二.xlsx": page(RECORDS.replace("梅林小学", "茅店中学").replace("赖小满", "赖大满"), hidden_columns="C"),
            "三.xlsx": page(RECORDS.replace("梅林小学", "田村学校"), hidden=True),
        },
        At("", "一.xlsx", severity="warning"), At("", "二.xlsx"), At("", "三.xlsx"),
        *(
            At(cell, file, rule=rule)
            for file in ("一.xlsx", "二.xlsx", "三.xlsx")
            for cell, rule in (("B4", "id-name-conflict"), ("C5", "duplicate-across-schools"))
        ),
    ),
    fails(
        "hidden-data",
        "a part of a card",
        {"梅林小学/卡.xlsx": Grid("卡", card("赖小满").rows, hidden_rows=frozenset({4}))},
        At("", "梅林小学/卡.xlsx", "卡"),
    ),
    holds(
        "hidden-data",
        "rows and columns that hold no record may be hidden",
        {"一.xlsx": page(RECORDS, hidden_rows=[1, 6, 7], hidden_columns="GH")},
    ),
    blank(
        "hidden-data",
        "a hidden sheet without a record",
        {"一.xlsx": Grid("Sheet1", NOBODY.rows, hidden=True)},
    ),
]  # fmt: skip

LEFT_OUT = [
    fails(
        "row-left-out",
        "a number in a note, one beside the table, and a numbered name that may be none",
        page(RECORDS + """
            | 3 | 汆小满 |  |  |  |  |  |
            |   |        |  |  |  |  |  | 360704201108070534 |
            | 注：360704201108070534已转走 |  |  |  |  |  |  |
        """),
        At("A6", severity="warning"), At("H7"), At("A8"),
    ),
    holds(
        "row-left-out",
        "nothing of a child in notes, totals and signatures",
        page(RECORDS + """
            | 合计 | 2 |  |  |  |  |  |
            | 注：赖小满已转走 |  |  |  |  |  |  |
            | 填表人：赖大暑 |  |  | 13800000001 |  |  |  |
        """),
    ),
    blank("row-left-out", "numbered rows that nobody filled in", page(RECORDS + "| 3 | | | | | | |")),
]  # fmt: skip


def struck(*cells: tuple[int, int]) -> Grid:
    """The two records, these cells of theirs crossed out."""
    return replace(page(RECORDS), struck=frozenset(cells))


STRUCK = [
    fails("row-struck-out", "a name", struck((3, 1)), At("B4", severity="warning", field="name")),
    fails("row-struck-out", "a row without its name's cell", struck(*((4, column) for column in range(6))), At("B5")),
    holds("row-struck-out", "a remark is no child", struck((3, 5), (4, 0), (0, 0))),
    blank("row-struck-out", "nothing is", page(RECORDS)),
]  # fmt: skip


def on(date: str, school: str = PRIMARY) -> Grid:
    """An empty list of that date."""
    return listed("1-2", "| 序号 | 姓名 |\n| 1 | |", date=date, school=school)


def stamped(grid: Grid, stamp: str) -> Grid:
    """The sheet with a line below its table where the school stamps."""
    return Grid(grid.sheet, [*grid.rows, [None, None, stamp]])


def without_unit(grid: Grid) -> Grid:
    """The sheet with a unit line that nobody filled in."""
    return Grid(grid.sheet, [grid.rows[0], ["填报单位：　　　　（盖章）  时间：2021年3月12日"], *grid.rows[2:]])


SCHOOLS = [
    fails(
        "school-missing",
        "nobody names it",
        {"附件1-2.xlsx": without_unit(LIST)},
        At("", "附件1-2.xlsx", severity="error"),
    ),
    fails(
        "school-missing",
        "the folder, the bundle, a blank's mark, the rows of the statistics, the stamp name it",
        {
            "梅林小学/附件1-2.xlsx": without_unit(LIST),
            "合.xlsx": Workbook([on("2021年3月1日", MIDDLE), without_unit(LEDGER)]),
            "空.xlsx": Workbook([without_unit(NOBODY_AT_HOME)], {"kbxt_school_code": "2136000002"}),
            "统.xlsx": without_unit(statistics("| 学校 | 田村学校 |")),
            "印.xlsx": stamped(without_unit(NOBODY), "赣县区田村学校（公章）"),
        },
        At("", "合.xlsx", "3", severity="warning"), At("", "印.xlsx", severity="warning"),
        At("", "梅林小学/附件1-2.xlsx", severity="warning"), At("", "空.xlsx", severity="warning"),
        At("", "统.xlsx", severity="warning"),
    ),
    fails(
        "school-missing",
        "a card that neither path nor list can place",
        {"登记表.xlsx": card("赖小满")},
        At("", "登记表.xlsx", severity="error"),
    ),
    holds(
        "school-missing",
        "a card has no unit line: the list that holds its child names it, by number or by name",
        {
            "名单.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |"),
            "1.xlsx": card("赖小满", "| 姓名 | 赖小满 |"),
            "2.xlsx": card("温小暑", "| 居民身份证号码 | 360721200707070424 |"),
        },
        At("E3", "2.xlsx", rule="id-checksum"),
    ),
    blank(
        "school-missing",
        "an empty workbook has no unit line to fill in",
        {"一.xlsx": EMPTY},
        At("", "一.xlsx", "", "form-unrecognised"),
    ),
    fails(
        "school-unknown",
        "a slip, and a school of elsewhere: only the slip has a near name",
        {
            "一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", school="赣县区茅殿中学"),
            "二.xlsx": listed("3", "| 姓名 |\n| 温小暑 |", school="深圳市第九小学"),
        },
        At("A2", "一.xlsx", severity="error", suggestion=MIDDLE), At("A2", "二.xlsx", suggestion=""),
    ),
    fails(
        "school-unknown",
        "a row of a common sheet of statistics names nobody",
        {
            "一.xlsx": listed("1-1", """
                | 学校         |
                | 梅林小学     |
                | 某某教学点   |
            """),
        },
        At("A6", "一.xlsx"),
    ),
    holds(
        "school-unknown",
        "by its name, less city and county, by its alias; one row of statistics may write it as it likes",
        {
            "一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", school="赣州市赣县区田村学校"),
            "二.xlsx": listed("4", "| 序号 | 姓名 |\n| 1 | |", school="梅小"),
            "三.xlsx": listed("1-1", "| 学校 |\n| 本校 |", school="茅店中学"),
        },
    ),
    holds(
        "school-unknown",
        "without a roster each school is as it is named",
        {"一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", school="赣县区茅殿中学")},
        roster=None,
    ),
    blank(
        "school-unknown",
        "no name",
        {"附件1-2.xlsx": without_unit(LIST)},
        At("", "附件1-2.xlsx", rule="school-missing"),
    ),
    fails(
        "school-conflict",
        "the unit line names one school, the file another: the unit line counts",
        {"茅店中学附件1-2.xlsx": LIST},
        At("A2", "茅店中学附件1-2.xlsx", severity="warning"),
    ),
    holds(
        "school-conflict",
        "one school in both; a folder that names nobody, or two",
        {
            "梅小/附件1-2.xlsx": LIST,
            "三月/附件3.xlsx": listed("3", "| 姓名 |\n| 温小暑 |"),
            "梅林小学、茅店中学/附件4.xlsx": listed("4", "| 序号 | 姓名 |\n| 1 | |"),
        },
    ),
    holds(
        "school-conflict",
        "a village school's list in the folder of its central school",
        {"茅店中心小学/附件3.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", school="桃源小学")},
        roster=Roster((School("1", "赣县区茅店中心小学"), School("2", "赣县区桃源小学")), ROSTER.prefixes),
    ),
    fails(
        "school-conflict",
        "a middle school's list there is none of the central school's",
        {"茅店中心小学/附件3.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", school="茅店中学")},
        At("A2", "茅店中心小学/附件3.xlsx"),
        roster=Roster((School("1", "赣县区茅店中心小学"), School("2", "赣县区茅店中学")), ROSTER.prefixes),
    ),
    blank(
        "school-conflict",
        "no unit line contradicts nothing",
        {"茅店中学附件1-2.xlsx": without_unit(LIST)},
        At("", "茅店中学附件1-2.xlsx", rule="school-missing"),
    ),
]  # fmt: skip


def titled(title: str, date: str = "") -> Grid:
    """An empty form 2 with a title of its own."""
    rows = listed("2", "| 序号 | 姓名 |\n| 1 | |", date=date).rows
    return Grid("Sheet1", [[title], *rows[1:]])


def noted(grid: Grid, note: str) -> Grid:
    """The sheet with a note below its table."""
    return Grid(grid.sheet, [*grid.rows, [note]])


undated = on("")

PERIODS = [
    fails("fill-date-missing", "the blanks as printed", on("  年  月  日"), At("", severity="info")),
    holds("fill-date-missing", "a month is a date", on("2021年3月")),
    blank(
        "fill-date-missing",
        "where there is no form there is no date to fill in",
        {"一.xlsx": TIMETABLE},
        At("", "一.xlsx", "课程表", rule="form-unrecognised"),
    ),
    fails(
        "period-mismatch",
        "61 days before the period's first day, 61 after its last",
        {"一.xlsx": on("2020年12月2日"), "二.xlsx": on("2021年9月30日", MIDDLE)},
        At("A2", "一.xlsx", severity="warning"), At("A2", "二.xlsx"),
    ),
    fails(
        "period-mismatch",
        "the title names another year",
        titled("赣县区2019年脱贫户子女辍学学生劝返复学工作台账"),
        At(""),
    ),
    fails(
        "period-mismatch",
        "the title names the other term",
        Grid("Sheet1", [["赣县区2021年秋季学期控辍保学专项行动统计表"], *statistics("| 学校 | 梅林小学 |").rows[1:]]),
        At(""),
    ),
    fails("period-mismatch", "of a month", on("2021年7月5日"), At("A2"), period=Period.parse("2021-03")),
    holds(
        "period-mismatch",
        "60 days around the period; a month that reaches into it",
        {"一.xlsx": on("2020年12月3日"), "二.xlsx": on("2021年9月29日", MIDDLE), "三.xlsx": on("2020年12月", COMBINED)},
    ),
    holds(
        "period-mismatch",
        "an autumn term ends in January of the next year",
        {"一.xlsx": on("2022年1月20日"), "二.xlsx": titled("赣县区2021年脱贫户子女辍学学生劝返复学工作台账")},
        period=Period.parse("2021秋"), as_of=dt.date(2022, 1, 25),
    ),
    blank("period-mismatch", "neither date nor year", titled("赣县区  年脱贫户子女辍学学生劝返复学工作台账")),
    holds(
        "period-mismatch",
        "terms as titles name them",
        {
            "一.xlsx": titled("赣县区2020-2021学年度第二学期脱贫户子女辍学学生劝返复学工作台账"),
            "二.xlsx": titled("赣县区二〇二一年春季脱贫户子女辍学学生劝返复学工作台账"),
            "三.xlsx": titled("赣县区2020年至2021年脱贫户子女辍学学生劝返复学工作台账"),
        },
    ),
    fails(
        "period-mismatch",
        "the school year's other term",
        titled("赣县区2020-2021学年度第一学期脱贫户子女辍学学生劝返复学工作台账"),
        At(""),
    ),
    fails(
        "period-mismatch",
        "a month ends ten days after its last",
        {
            "一.xlsx": on("2021年3月31日"),
            "二.xlsx": on("2021年5月11日", MIDDLE),
            "三.xlsx": on("2021年5月10日", COMBINED),
        },
        At("A2", "一.xlsx"), At("A2", "二.xlsx"),
        period=Period.parse("2021-04"),
    ),
    holds(
        "period-mismatch",
        "days of a note, a deadline, a document are not the form's",
        {
            "一.xlsx": noted(on(""), "注：残疾类别以2019年10月1日后核发的残疾证为准。"),
            "二.xlsx": noted(on("", MIDDLE), "请于2021年12月30日前报送"),
            "三.xlsx": noted(on("", COMBINED), "依据赣县教基字〔2019〕10号"),
        },
    ),
    *(
        fails(
            "old-return",
            f"undated, in a file of {day}",
            undated,
            At("", severity="warning"),
            period=Period.parse(period), saved=dt.date.fromisoformat(day),
        )
        for period, day in (("2021春", "2020-12-02"), ("2021-03", "2021-02-28"))
    ),
    *(
        holds("old-return", why, grid, period=Period.parse("2021春"), saved=dt.date.fromisoformat(day))
        for why, day, grid in (
            ("sixty days before the term", "2020-12-03", undated),
            ("dated", "2018-05-01", on("2021年3月12日")),
        )
    ),
    blank("old-return", "a file without a time", undated, saved=dt.date(1980, 1, 1)),
]  # fmt: skip

COLUMNS = [
    fails(
        "column-missing",
        "two columns are not there: their cells are not missing one by one",
        listed("1-2", """
            | 姓名   |
            | 赖小满 |
            | 温小暑 |
        """, without=["登记类型", "身份证号码"]),
        At("", severity="error", field="id_number"), At("", field="registration_type"),
    ),
    fails(
        "column-missing",
        "a label that a card has not",
        {"梅林小学/卡.xlsx": Grid("卡", [["", *row[1:7]] for row in card("赖小满").rows[2:]])},
        At("", "梅林小学/卡.xlsx", "卡", field="ethnicity"),
        At("", "梅林小学/卡.xlsx", "卡", field="not_returned_reason"),
    ),
    fails(
        "column-missing",
        "of the statistics",
        listed("1-1", "| 学校 |\n| 梅林小学 |", without=["其他原因"]),
        At("", field="other_absent"),
    ),
    holds(
        "column-missing",
        "a number of its own no row needs",
        listed("1-2", "| 姓名 |\n| 赖小满 |", without=["序号"]),
    ),
    blank(
        "column-missing",
        "an empty workbook lacks no column",
        {"一.xlsx": EMPTY},
        At("", "一.xlsx", "", "form-unrecognised"),
    ),
    fails(
        "column-unexpected",
        "a column of their own with a value, and a value beside the table",
        page("""
            | 填报单位：赣县区梅林小学  2021年3月12日 | | | | | | | | |
            | 序号 | 姓名   | 班主任 | 身份证号码         | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |      |
            | 1    | 赖小满 | 王冬至 | 360704200805210315 | 梅林小学     |          | 失学辍学 |      | 存疑 |
        """),
        At("C2", severity="warning"), At("I2"),
    ),
    holds(
        "column-unexpected",
        "our own self-check stands beside the table",
        page("""
            | 填报单位：赣县区梅林小学  2021年3月12日 | | | | | | | |
            | 序号 | 姓名   | 身份证号码         | 学籍所在学校 | 人员类别 | 登记类型 | 备注 | 自查 |
            | 1    | 赖小满 | 360704200805210315 | 梅林小学     |          | 失学辍学 |      | 通过 |
        """),
    ),
    blank(
        "column-unexpected",
        "a column of their own that is empty",
        page("""
            | 填报单位：赣县区梅林小学  2021年3月12日 | | | | | | | |
            | 序号 | 姓名   | 身份证号码         | 学籍所在学校 | 人员类别 | 登记类型 | 备注 | 班主任 |
            | 1    | 赖小满 | 360704200805210315 | 梅林小学     |          | 失学辍学 |      |        |
        """),
    ),
]  # fmt: skip

AGAIN = [
    fails(
        "file-duplicate",
        "the first in path order is read, whichever came first",
        {"副本/一.xlsx": LIST, "一.xlsx": LIST},
        At("", "副本/一.xlsx", "", severity="info", related="一.xlsx"),
    ),
    holds(
        "file-duplicate",
        "the same list of another day",
        {"一.xlsx": on("2021年3月12日"), "二.xlsx": on("2021年3月13日")},
    ),
    blank(
        "file-duplicate",
        "two locks are as good as empty",
        {"~$一.xlsx": Problem("file-ignored"), "~$二.xlsx": Problem("file-ignored")},
    ),
    fails(
        "file-superseded",
        "the one that came last counts: of the first nothing is asked",
        {
            "一.xlsx": listed("1-2", "| 姓名 | 登记类型 |\n| 赖小满 | 转学 |"),
            "零.xlsx": listed("1-2", "| 姓名 | 登记类型 |\n| 赖小满 | 失学辍学 |"),
        },
        At("", "一.xlsx", severity="info", related="零.xlsx"),
    ),
    fails(
        "file-superseded",
        "a bundle form by form, cards child by child",
        {
            "旧.xlsx": Workbook([LIST, LEDGER]),
            "梅林小学/卡1.xlsx": card("赖小满", "| 健康情况 | |"),
            "梅林小学/卡2.xlsx": card("赖小满"),
            "新.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |", sheet="新"),
            "梅林小学/卡3.xlsx": card("温小暑"),
        },
        At("", "旧.xlsx", related="新.xlsx"), At("", "梅林小学/卡1.xlsx", related="梅林小学/卡2.xlsx"),
    ),
    fails(
        "file-superseded",
        "a child that stands in no later one is asked about",
        {
            "一.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |"),
            "二.xlsx": listed("1-2", "| 姓名 |\n| 温小暑 |\n| 钟立秋 |"),
        },
        At("", "一.xlsx", severity="warning", related="二.xlsx"),
    ),
    fails(
        "file-superseded",
        "a short correction: what it replaces is said, and nobody is left behind",
        {
            "一.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |\n| 温小暑 |\n| 钟立秋 |"),
            "二.xlsx": listed("1-2", "| 姓名 |\n| 温小暑 |"),
        },
        At("", "一.xlsx", severity="info", related="二.xlsx"),
    ),
    holds(
        "file-superseded",
        "the same form of another school, and two sheets of one file",
        {
            "一.xlsx": Workbook([LIST, listed("1-2", "| 姓名 |\n| 温小暑 |", sheet="Sheet2")]),
            "二.xlsx": listed("1-2", "| 姓名 |\n| 钟立秋 |", school=MIDDLE),
        },
    ),
    blank(
        "file-superseded",
        "of sheets that nobody can place none replaces the other",
        {"一.xlsx": without_unit(LIST), "二.xlsx": without_unit(listed("1-2", "| 姓名 |\n| 温小暑 |"))},
        At("", "一.xlsx", rule="school-missing"), At("", "二.xlsx", rule="school-missing"),
    ),
    fails(
        "parts-merged",
        "two files of one list, without a child in both",
        {"附件1-2（七年级）.xlsx": LIST, "附件1-2（八年级）.xlsx": listed("1-2", "| 姓名 |\n| 温小暑 |")},
        At("", "附件1-2（八年级）.xlsx", severity="info", related="附件1-2（七年级）.xlsx"),
    ),
    holds("parts-merged", "the sheets of one workbook", {"一.xlsx": Workbook([LIST, LEDGER])}),
    blank(
        "parts-merged",
        "a blank is no part",
        {"附件1-2（七年级）.xlsx": LIST, "附件1-2（八年级）.xlsx": on("")},
    ),
    fails(
        "blank-returned",
        "beside a filled sheet, and in a later file",
        {"一.xlsx": Workbook([LIST, without_unit(Grid("空表", NOBODY.rows))]), "二.xlsx": on("")},
        At("", "一.xlsx", "空表", severity="info"), At("", "二.xlsx", severity="info", related="一.xlsx"),
    ),
    holds("blank-returned", "a dated one of another school", {"一.xlsx": LIST, "二.xlsx": on("2021年3月12日", MIDDLE)}),
    blank("blank-returned", "alone it is a zero return", {"一.xlsx": NOBODY}),
    fails(
        "sheet-set-aside",
        "a copy, and the sheet of an earlier month",
        {
            "一.xlsx": Workbook([LIST, Grid("副本", LIST.rows)]),
            "二.xlsx": Workbook([
                listed("4", "| 姓名 |\n| 赖小满 |", sheet="2月"),
                listed("4", "| 姓名 |\n| 赖小满 |\n| 温小暑 |", sheet="3月"),
            ]),
        },
        At("", "一.xlsx", "副本", severity="info"), At("", "二.xlsx", "2月", severity="info"),
    ),
    fails(
        "sheet-set-aside",
        "a list of last term beside one of this: that, too, is said",
        {"一.xlsx": listed("1-2", "| 姓名 |\n| 赖小满 |", date="2020年9月10日"), "二.xlsx": LIST},
        At("", "一.xlsx"), At("A2", "一.xlsx", rule="period-mismatch"),
    ),
    holds(
        "sheet-set-aside",
        "class sheets with children of their own",
        {"一.xlsx": Workbook([LIST, listed("1-2", "| 姓名 |\n| 温小暑 |", sheet="八年级")])},
    ),
    blank("sheet-set-aside", "a workbook of two blanks", {"一.xlsx": Workbook([NOBODY, Grid("二", NOBODY.rows)])}),
    fails(
        "school-not-returned",
        "of two schools nothing came",
        {"一.xlsx": statistics("| 学校 | 梅林小学 |")},
        At("", "", "", severity="error"), At("", "", ""),
        whole=True,
    ),
    holds(
        "school-not-returned",
        "a school of which something came that can't be read; rows of a common sheet of statistics",
        {
            "茅店中学.xlsx": Problem("file-encrypted", {"what": "password"}),
            "一.xlsx": listed("1-1", "| 学校 |\n| 梅林小学 |\n| 田村学校 |"),
        },
        At("", "茅店中学.xlsx", "", "file-encrypted"),
        whole=True,
    ),
    blank("school-not-returned", "without a roster nobody is missed", {"一.xlsx": LIST}, roster=None, whole=True),
]  # fmt: skip

LOCKED = Problem("file-encrypted", {"what": "password"})
SETTLED = [
    fails(
        "file-settled",
        "locked, and sent again: under its form's number, under its own name",
        {
            "梅林小学/附件1-2.xlsx": LOCKED,
            "梅林小学/名单.xlsx": LOCKED,
            "梅林小学/三月/附件1-2（无密码）.xlsx": LIST,
            "梅林小学/三月/名单(2).xlsx": LEDGER,
        },
        At("", "梅林小学/附件1-2.xlsx", "", severity="info"),
        At("", "梅林小学/名单.xlsx", "", severity="info"),
    ),
    holds(
        "file-settled",
        "what came before it, of another form or of another school takes its place as little",
        {
            "梅林小学/旧/附件1-2.xlsx": LIST,
            "梅林小学/附件1-2.xlsx": LOCKED,
            "茅店中学/附件1-2.xlsx": LOCKED,
            "梅林小学/附件3.xlsx": LEDGER,
        },
        At("", "梅林小学/附件1-2.xlsx", "", "file-encrypted"),
        At("", "茅店中学/附件1-2.xlsx", "", "file-encrypted"),
    ),
    blank("file-settled", "nobody can tell whose it is", {"附件1-2.xlsx": LOCKED, "附件1-2(2).xlsx": LIST},
        At("", "附件1-2.xlsx", "", "file-encrypted")),
]  # fmt: skip

WRONG_TERM = "是上学期的，已电话核实"
LATER_LIST = listed("1-2", "| 姓名 |\n| 刘白露 |")
DECIDED = [
    fails(
        "file-set-aside",
        "by the bureau: a return, in whose stead the older one counts, and a file that can't be read",
        {"梅林小学/旧.xlsx": LIST, "梅林小学/新.xlsx": LATER_LIST, "课程表.xlsx": LOCKED},
        At("", "梅林小学/新.xlsx", "", severity="info"),
        At("", "课程表.xlsx", "", severity="info"),
        aside={"梅林小学/新.xlsx": WRONG_TERM, "课程表.xlsx": "不是报表"},
    ),
    holds(
        "file-set-aside",
        "it was decided of what lay here before",
        {"课程表.xlsx": LOCKED},
        At("", "课程表.xlsx", "", "file-encrypted"),
        aside={"旧的课程表.xlsx": "不是报表"},
    ),
    blank(
        "file-set-aside",
        "nothing was decided",
        {"课程表.xlsx": LOCKED},
        At("", "课程表.xlsx", "", "file-encrypted"),
    ),
]  # fmt: skip

CASES = [
    *DECIDED,
    *SETTLED,
    *ANSWERS,
    *PROBLEMS,
    *SHEETS,
    *LEFT_OUT,
    *STRUCK,
    *HIDDEN,
    *SCHOOLS,
    *PERIODS,
    *COLUMNS,
    *AGAIN,
]


@pytest.mark.parametrize("case", CASES, ids=str)
def test_files_and_sheets_are_told_apart_and_none_is_passed_over(case: Case) -> None:
    case.hold()


def test_an_error_alone_in_a_numbered_row_is_told_at_its_cell_and_makes_no_child() -> None:
    sheet = listed(
        "1-2",
        """
        | 序号 | 姓名   | 身份证号码         | 学籍所在学校     | 登记类型 |
        | 1    | 赖小满 | 360704200805210315 | 赣县区梅林小学   | 失学辍学 |
        | 2    |        |                    |                  | #REF!    |
    """,
    )
    merged = district({"附件.xlsx": sheet})
    asked = [(each.rule, each.cell) for each in findings(merged) if each.severity != Severity.INFO]
    assert len(merged.records["1-2"]) == 1
    assert asked == [("error-value", "E5")]
