"""Which sheets, lines and columns the definition workbook has, and which key of the YAML each of them is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.text import Words

BOOK = "表格定义.xlsx"

BUREAU_SHEET = "单位"
WORD_SHEET = "词表"
WORD_SETTING_SHEET = "词表设置"
RULE_SHEET = "表间核对"
HEADER_SHEET = "表头叫法"
RELATION_SHEET = "各表关系"
REGISTER_SHEET = "比对库"
REGISTER_RULE_SHEET = "比对库核对"
OTHER_SHEET = "其他设置"
CHOICE_SHEET = "可选"
OWN_SHEETS = (
    BUREAU_SHEET, WORD_SHEET, WORD_SETTING_SHEET, RULE_SHEET, HEADER_SHEET, RELATION_SHEET,
    REGISTER_SHEET, REGISTER_RULE_SHEET, OTHER_SHEET, CHOICE_SHEET,
)  # fmt: skip

BUREAU_FILE = "bureau.yaml"
VOCABULARY_FILE = "vocabularies.yaml"
HEADER_FILE = "headers.yaml"
RELATION_FILE = "relations.yaml"
REGISTER_FILE = "registers.yaml"
STOCK_FILE = "stock.yaml"
"""Vocabularies that many forms have, beside those of the shipped six."""
BESIDE_FORMS = (VOCABULARY_FILE, HEADER_FILE, RELATION_FILE, REGISTER_FILE, STOCK_FILE)
"""The files that say things of forms, in force or not."""


class Kind(StrEnum):
    """How the text of a cell stands for a value."""

    TEXT = "text"
    TEXTS = "texts"
    LINES = "lines"
    FLAG = "flag"
    CHOICE = "choice"
    TYPE = "type"
    REQUIRED = "required"
    CONDITIONS = "conditions"
    PAIRS = "pairs"
    GROUPS = "groups"
    PAPER_OR_CODE = "paper or code"
    APART = "apart"
    """What its sheet's reader and writer treat for themselves."""


@dataclass(frozen=True, slots=True)
class Item:
    """A line of a sheet's head or a column: its key (a path with dots), what it is called, how its cells are read.

    `hint` says to the clerk what to fill in, `choices` lead from what YAML says to what the cell shows.
    """

    key: str
    called: Words
    kind: Kind = Kind.TEXT
    width: float = 10.0
    hint: str = ""
    choices: Mapping[str, str] | None = None
    hidden: bool = False
    rare: bool = False


_YES = {"true": "是", "false": "否"}

BUREAU_LINES = (
    Item("bureau", Words("单位名称", "bureau"), hint="印在汇总表和信函上，如 ××县教育局"),
    Item("city", Words("设区市", "city")),
    Item("county", Words("县（市、区）", "county")),
    Item("full_name", Words("单位全称", "full name"), hint="印章上的全称；与单位名称相同就不填"),
    Item("returns.zh", Words("报表统称", "returns"), hint="信函里怎么称呼各校报的东西，如 学生资助报表"),
    Item("returns.en", Words("报表统称（英文）", "returns in English")),
)

SHAPES = {"list": "名单", "statistics": "统计表", "rows": "印好各行的表", "card": "登记卡"}
BEARERS = {"child": "学生", "person": "其他人员", "record": "其他（车辆、设施……）"}
INSIDE = "inside"

HEAD_LINES = (
    Item("title", Words("标题", "title"), hint="{year} 年份 {term} 春秋 {month} 月 {quarter} 季度，由程序填"),
    Item("shape", Words("表样", "shape"), Kind.CHOICE, choices=SHAPES),
    Item("label.zh", Words("简称", "label")),
    Item("label.en", Words("简称（英文）", "label in English")),
    Item("form", Words("表号", "form number"), hint="如 1-2；换了表号，旧号记在“曾用表号”"),
    Item("attachment", Words("印的附件号", "attachment"), hint="如 附件 1-2，可不填"),
    Item("version", Words("版次", "version"), hint="改了表就加一"),
    Item("bearer", Words("登记的是", "records are of"), Kind.APART, choices=BEARERS),
    Item("unit_line.printed", Words("填报单位一行", "unit line"), hint="{school} 校名 {date} 日期"),
    Item("unit_line.labels", Words("校名前的字样", "words before the school"), Kind.TEXTS),
    Item("unit_line.below", Words("这一行在表格下方", "it stands below"), Kind.FLAG, choices=_YES),
    Item("unit_line.by_month", Words("日期只到月", "its date is a month"), Kind.FLAG, choices=_YES),
    Item("printed_rows", Words("空行数", "empty rows")),
    Item("was", Words("曾用表号", "earlier numbers"), Kind.TEXTS),
    Item("rows", Words("印好的各行", "printed rows"), Kind.TEXTS, hint="只用于印好各行的表"),
    Item("sections", Words("段落标题", "lines over rows"), Kind.PAIRS, hint="行名=标题，如 消防通道畅通=一、消防安全"),
    Item("notes", Words("表下的注", "notes"), Kind.LINES, hint="一行一条"),
    Item(
        "not_owed", Words("无须报的学段", "not due from stages"), Kind.TEXTS, hint="名册“学段”一栏的词，如 高中、学前"
    ),
    Item("labels_above", Words("标签在格子上方", "labels stand above"), Kind.FLAG, hint="登记卡才填", choices=_YES),
    Item(
        "signatures", Words("签字一行", "line of signatures"), hint="表下签字的一行；不写的印：填表人、审核人、负责人"
    ),
    Item(INSIDE, Words("印在哪张卡里", "printed in the card"), Kind.APART, hint="登记卡里的名单才填"),
    Item("file", Words("文件名", "file"), Kind.APART, hint="不必改"),
)

CHILD_PARTS = {
    "name": "姓名",
    "id": "证件号码",
    "sex": "性别",
    "birth_date": "出生日期",
    "age": "年龄",
    "grade": "年级",
    "record": "凭它认",
}
_UNIQUE = {"true": "本校不重复", "district": "全县不重复", "school": "本校不重复"}
_WHOSE = {"child": "儿童", "adult": "成人", "anyone": "任何人"}

FIELD_COLUMNS = (
    Item("name", Words("编号（勿改）", "id, leave it"), width=12, hidden=True),
    Item("shown", Words("原名（勿改）", "shown at first, leave it"), Kind.APART, width=12, hidden=True),
    Item("above", Words("最上层表头", "uppermost header"), Kind.APART, 12, "三层表头才填"),
    Item("group", Words("上层表头", "upper header"), Kind.APART, 14, "相连几栏共有的"),
    Item("header", Words("表头", "header"), width=24, hint="照印"),
    Item("type", Words("填什么", "what is filled in"), Kind.TYPE, 14, "点开选；词表写其名称"),
    Item(
        "kind",
        Words("哪一种", "kind"),
        Kind.PAPER_OR_CODE,
        14,
        "编码：车牌号……；证件号码：证件类型那一栏",
    ),
    Item("required", Words("必填", "required"), Kind.REQUIRED, 14, "是；或 困难类型=其他"),
    Item("part", Words("说的是本人的", "says of the person"), Kind.APART, 11, choices=CHILD_PARTS),
    Item("min", Words("最小 / 最早", "least"), width=11, hint="数，或 2021-09-01、填表日期"),
    Item("max", Words("最大 / 最晚", "most"), width=11),
    Item("mask", Words("编码样子", "mask"), Kind.TEXTS, 14, "# 数字 @ 字母 ? 都可"),
    Item("unique", Words("不重复", "unique"), Kind.CHOICE, 11, choices=_UNIQUE),
    Item("equals", Words("等于各栏之和", "equals the sum of"), Kind.APART, 16, "如 男、女；另一种分法用；隔开"),
    Item("at_least", Words("不小于", "not less than"), Kind.APART, 14, "几栏各自都要的用、隔开；几栏之和写 甲+乙"),
    Item("at_most", Words("不大于", "not more than"), Kind.APART, 14, "同左"),
    Item("code", Words("列号", "column code"), Kind.APART, 7),
    Item("also", Words("其他叫法", "other wordings"), Kind.TEXTS, 20, "各校的、往年的表头，用、隔开"),
    Item("why", Words("为什么这样猜", "why it was guessed so"), Kind.APART, 26),
    Item("band", Words("左边的栏段", "band"), Kind.APART, 10, "登记卡才填"),
    Item("row", Words("第几行", "row"), Kind.APART, 7, "登记卡才填"),
    Item("span", Words("占几列", "columns"), Kind.APART, 7, "登记卡才填"),
    Item("unit", Words("单位", "unit"), width=8, rare=True),
    Item("places", Words("小数位", "places"), width=7, rare=True),
    Item("of", Words("是谁的", "whose"), Kind.CHOICE, 9, choices=_WHOSE, rare=True),
    Item("may_lie_ahead", Words("可晚于填表日", "may lie ahead"), Kind.FLAG, 9, choices=_YES, rare=True),
    Item("applies_to", Words("只用于", "applies to"), Kind.CONDITIONS, 14, "处置结果=已返校", rare=True),
    Item("nothing", Words("等于没填的话", "words for nothing"), Kind.TEXTS, 16, rare=True),
    Item("hint", Words("格内印的提示", "printed hint"), width=16, rare=True),
    Item("hints", Words("不算填写的话", "printed texts"), Kind.TEXTS, 16, rare=True),
    Item("label.zh", Words("屏幕上的名称", "label"), width=14, rare=True),
    Item("label.en", Words("英文名称", "label in English"), width=14, rare=True),
    Item("width", Words("列宽", "width"), width=7, rare=True),
    Item("was", Words("曾用编号", "earlier names"), Kind.TEXTS, 12, rare=True),
    Item(
        "printed", Words("各行印好的内容", "printed in the rows"), Kind.TEXTS, 16, "与“印好的各行”一一对应", rare=True
    ),
)
FOLDED_FROM = 13
"""Columns of a form from which on those that hold nothing are folded away."""
SUM_RULE = "count-sum"
SUM_COLUMNS = ("equals", "at_least", "at_most")
"""The columns that say, at a field, a rule of its form: each is the part of SUM_RULE that its cell tells."""
HEAD_BY_KEY: Mapping[str, Item] = {each.key: each for each in HEAD_LINES}

WORD_COLUMNS = (
    Item("vocabulary_id", Words("词表编号（勿改）", "id, leave it"), hidden=True),
    Item("value_id", Words("原词（勿改）", "value at first, leave it"), hidden=True),
    Item("vocabulary", Words("词表", "vocabulary"), width=18, hint="同一词表连着写"),
    Item("value", Words("词", "value"), width=24, hint="下拉和汇总用的写法"),
    Item("variants", Words("各校的其他写法", "what schools write"), Kind.TEXTS, 70, "用、隔开"),
)
WORD_SETTING_COLUMNS = (
    Item("vocabulary_id", Words("词表编号（勿改）", "id, leave it"), hidden=True),
    Item("label.zh", Words("词表", "vocabulary"), width=18),
    Item("label.en", Words("英文名称", "in English"), width=18),
    Item("blank", Words("空着等于", "blank means"), width=12),
    Item("several", Words("几个并列等于", "several mean"), width=12),
    Item("before", Words("词前可有", "words before"), Kind.TEXTS, 30),
    Item("behind", Words("词后可有", "words behind"), Kind.TEXTS, 30),
    Item("undone", Words("使之作废的话", "words that undo"), Kind.TEXTS, 20),
    Item("denied.by", Words("否定词", "words that deny"), Kind.TEXTS, 20),
    Item("denied.of", Words("被否定的词", "the words denied"), Kind.TEXTS, 20),
    Item("denied.means", Words("否定后等于", "what that means"), width=12),
    Item("decorations", Words("可去的修饰", "decorations"), Kind.TEXTS, 14),
    Item("rule", Words("报错用的规则", "rule"), width=18),
)
MOST_PARTS = 5
RULE_COLUMNS = (
    Item("slug", Words("规则编号（勿改）", "rule, leave it"), hidden=True),
    Item("form", Words("表", "form"), width=20),
    Item("rule", Words("核对什么", "what is checked"), width=26, hint="点开选"),
    Item("at", Words("在哪一栏", "at the field"), Kind.TEXTS, 22, "几栏用、隔开"),
    *(
        item
        for number in range(1, MOST_PARTS + 1)
        for item in (
            Item(f"part{number}", Words(f"条件{number}", f"part {number}"), width=15),
            Item(f"told{number}", Words(f"内容{number}", f"value {number}"), width=24),
        )
    ),
    Item("severity", Words("级别", "severity"), width=10),
    Item("say.zh", Words("改用这句话", "sentence"), width=30),
    Item("say.en", Words("改用这句话（英文）", "sentence in English"), width=30),
)
SEVERITIES = {"error": "必须修改", "warning": "请核实", "info": "说明"}
HEADER_COLUMNS = (
    Item("kind", Words("一类", "kind"), width=12),
    Item("words", Words("叫法", "wordings"), Kind.TEXTS, 110, "一行是同一个意思的各种叫法，用、隔开"),
)
HEADER_KINDS = {"words": "意思相同", "others": "说的是别人", "automatic": "收集工具自带"}
RELATION_COLUMNS = (
    Item("relation", Words("关系", "relation"), width=26, hint="点开选"),
    Item("form", Words("是哪张表", "form"), width=26),
    Item("part", Words("说明什么", "part"), width=26, hint="点开选；一行一项"),
    Item("told", Words("哪一栏 / 哪些词", "value"), width=50, hint="几个用、隔开"),
)
RELATIONS = {
    "dropouts": "辍学学生名单",
    "returns": "劝返复学台账",
    "cards": "登记卡",
    "disabled": "残疾儿童台账",
    "home_taught": "送教上门台账",
    "statistics": "统计表",
    "closings": "下期不再带出的记录",
}
RELATION_PARTS: Mapping[str, tuple[str, str]] = {
    "registration": ("登记类型一栏", "field"),
    "dropped_out": ("其中算辍学的词", "words"),
    "category": ("人员类别一栏", "field"),
    "apart": ("单独统计的类别", "words"),
    "cleared": ("要动态清零的类别", "words"),
    "return_day": ("复学日期一栏", "field"),
    "dropout_day": ("辍学日期一栏", "field"),
    "persuaded": ("是否已开展劝返一栏", "field"),
    "enrolment": ("是否在校一栏", "field"),
    "in_school": ("其中算在校的词", "words"),
    "brought_back": ("本期劝返复学人数一栏", "field"),
    "due": ("应在校人数一栏", "field"),
    "back": ("已在校人数一栏", "field"),
    "counts": ("与名单核对的人数栏", "counts"),
    "list": ("以哪张表为准", "form"),
    "filled": ("填了哪一栏就算完", "field"),
    "where": ("是这些词就算完", "where"),
}
"""By the part of a relation what the workbook calls it, and how it is told."""
OTHER_COLUMNS = (
    Item("file", Words("文件", "file"), width=18),
    Item("path", Words("项目", "path"), width=50),
    Item("told", Words("内容", "value"), width=60),
)

KEYS_IN_CHINESE: Mapping[str, str] = {
    each.key: each.called.zh
    for each in (*BUREAU_LINES, *FIELD_COLUMNS, *HEAD_LINES)
    if "." not in each.key and not each.hidden
} | {
    "label": "简称",
    "unit_line": "填报单位一行",
    "printed": "填报单位一行",
    "labels": "校名前的字样",
    "fields": "表头",
    "child": "说的是本人的",
    "record": "凭它认",
    "layout": "第几行、占几列",
    "forms": "表",
    "values": "词",
    "at": "在哪一栏",
    "rule": "核对什么",
}
"""What the workbook calls the keys of the YAML, for the sentences of the loader."""
