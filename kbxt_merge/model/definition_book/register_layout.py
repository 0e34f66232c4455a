"""The sheets 比对库 and 比对库核对 of the definition workbook, and which key of registers.yaml each column is."""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from kbxt_merge.model.definition_book.layout import YES, Item, Kind
from kbxt_merge.model.register import BIRTH, ID, NAME, SCHOOL
from kbxt_merge.model.text import Words

REGISTER_KEYS = {NAME: "姓名", ID: "证件号码", SCHOOL: "学校", BIRTH: "出生日期"}
"""The columns by which a child is found on a register."""

REGISTER_COLUMNS = (
    Item("register_id", Words("比对库编号（勿改）", "id, leave it"), hidden=True),
    Item("register_shown", Words("原库名（勿改）", "shown at first, leave it"), hidden=True),
    Item("name", Words("栏目编号（勿改）", "column, leave it"), hidden=True),
    Item("shown", Words("原栏名（勿改）", "column shown at first, leave it"), hidden=True),
    Item(
        "register", Words("比对库", "register"), width=14, hint=Words("同一种连着写", "rows of one register together")
    ),
    Item("header", Words("表头", "header"), width=16, hint=Words("导出的表上怎么写", "as the export has it")),
    Item("part", Words("说的是本人的", "says of the person"), Kind.CHOICE, 12, choices=REGISTER_KEYS),
    Item(
        "type", Words("填什么", "what is filled in"), Kind.TYPE, 12, Words("不选就是文字", "text, where none is chosen")
    ),
    Item(
        "mark",
        Words("凭这栏认出", "known by it"),
        Kind.FLAG,
        9,
        Words("这种名册特有的栏", "a column of this register only"),
        choices=YES,
    ),
    Item(
        "values",
        Words("词及其他写法", "words"),
        Kind.GROUPS,
        46,
        Words("在读=在校、在籍；休学=病休", "在读=在校、在籍；休学=病休"),
    ),
    Item("gone", Words("是这些词就不在册", "gone where"), Kind.TEXTS, 16),
    Item("also", Words("其他叫法", "other wordings"), Kind.TEXTS, 34, Words("用、隔开", "with 、 between")),
    Item("office.zh", Words("由谁保管", "kept by"), width=14, hint=Words("写在这种的第一行", "in its first row")),
    Item(
        "called",
        Words("文件名、标题里的字样", "words in its name"),
        Kind.TEXTS,
        24,
        Words("凭它认；写在第一行", "known by them; in its first row"),
    ),
    Item("in_use", Words("在用", "in use"), Kind.FLAG, 7, Words("不用写“否”", "否 where it is not"), choices=YES),
    Item("label.en", Words("英文名称", "in English"), width=16, rare=True),
    Item("office.en", Words("保管单位（英文）", "kept by, in English"), width=18, rare=True),
)
OF_THE_REGISTER = ("office.zh", "called", "in_use", "label.en", "office.en")
"""What is said of a register as a whole, on its first row."""


class Asked(StrEnum):
    """What a register is asked, and the key of its YAML that says so."""

    SAME = "knows"
    STANDING = "standing"
    MUST_STAND = "must_stand"
    MUST_RETURN = "must_return"


ASKED: Mapping[str, str] = {
    Asked.SAME: "这一栏与比对库相同",
    Asked.STANDING: "在册的才是这个词",
    Asked.MUST_STAND: "表里的人必须在册",
    Asked.MUST_RETURN: "在册的适龄儿童必须在表里",
}
REGISTER_RULE_COLUMNS = (
    Item("register", Words("比对库", "register"), width=16),
    Item("asked", Words("核对什么", "what is checked"), Kind.CHOICE, 26, Words("点开选", "choose"), choices=ASKED),
    Item("form", Words("表", "form"), width=24),
    Item("field", Words("表里的栏", "field of the form"), width=20),
    Item("column", Words("比对库的栏", "column of the register"), width=20),
    Item("standing", Words("哪个词", "value"), width=16, hint=Words("在册的是这个词", "of those who stand on it")),
    Item(
        "means",
        Words("词的对应", "what values mean"),
        Kind.PAIRS,
        30,
        Words("比对库的词=表里的词", "register's word=form's word"),
    ),
    Item("degree", Words("只比残疾等级", "degree of disability"), Kind.FLAG, 10, choices=YES),
    Item("where", Words("只看", "where"), Kind.CONDITIONS, 26, Words("栏目=词", "column=word")),
    Item("not_on", Words("且不在哪种比对库", "not on"), width=16),
)

REGISTER_WORDS: Mapping[str, str] = {
    "columns": "比对库的各行",
    "marks": "凭这栏认出",
    "called": "文件名、标题里的字样",
    "column": "比对库的栏",
    "standing": "哪个词",
    "means": "词的对应",
    "not_on": "且不在哪种比对库",
    "office": "由谁保管",
    "gone": "是这些词就不在册",
    "name": REGISTER_KEYS[NAME],
}
"""What the workbook calls the keys of registers.yaml, for the sentences of the loader."""
