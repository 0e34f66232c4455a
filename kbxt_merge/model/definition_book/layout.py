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
    hint: Words | None = None
    choices: Mapping[str, str] | None = None
    hidden: bool = False
    rare: bool = False


YES = {"true": "是", "false": "否"}

BUREAU_LINES = (
    Item(
        "bureau",
        Words("单位名称", "bureau"),
        hint=Words("印在汇总表和信函上，如 ××县教育局", "printed on summaries and letters, as ××县教育局"),
    ),
    Item("city", Words("设区市", "city")),
    Item("county", Words("县（市、区）", "county")),
    Item(
        "full_name",
        Words("单位全称", "full name"),
        hint=Words("印章上的全称；与单位名称相同就不填", "as on the seal; blank where it is the bureau's name"),
    ),
    Item(
        "returns.zh",
        Words("报表统称", "returns"),
        hint=Words(
            "信函里怎么称呼各校报的东西，如 学生资助报表", "what letters call what schools return, as 学生资助报表"
        ),
    ),
    Item("returns.en", Words("报表统称（英文）", "returns in English")),
)

WORD_COLUMNS = (
    Item("vocabulary_id", Words("词表编号（勿改）", "id, leave it"), hidden=True),
    Item("value_id", Words("原词（勿改）", "value at first, leave it"), hidden=True),
    Item(
        "vocabulary",
        Words("词表", "vocabulary"),
        width=18,
        hint=Words("同一词表连着写", "rows of one vocabulary together"),
    ),
    Item("value", Words("词", "value"), width=24, hint=Words("下拉和汇总用的写法", "as in lists and summaries")),
    Item(
        "variants", Words("各校的其他写法", "what schools write"), Kind.TEXTS, 70, Words("用、隔开", "with 、 between")
    ),
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
    Item("rule", Words("核对什么", "what is checked"), width=26, hint=Words("点开选", "choose")),
    Item("at", Words("在哪一栏", "at the field"), Kind.TEXTS, 22, Words("几栏用、隔开", "several with 、 between")),
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
    Item(
        "words",
        Words("叫法", "wordings"),
        Kind.TEXTS,
        110,
        Words("一行是同一个意思的各种叫法，用、隔开", "a row: wordings of one meaning, with 、 between"),
    ),
)
HEADER_KINDS = {"words": "意思相同", "others": "说的是别人", "automatic": "收集工具自带"}
RELATION_COLUMNS = (
    Item("relation", Words("关系", "relation"), width=26, hint=Words("点开选", "choose")),
    Item("form", Words("是哪张表", "form"), width=26),
    Item("part", Words("说明什么", "part"), width=26, hint=Words("点开选；一行一项", "choose; one a row")),
    Item("told", Words("哪一栏 / 哪些词", "value"), width=50, hint=Words("几个用、隔开", "several with 、 between")),
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
