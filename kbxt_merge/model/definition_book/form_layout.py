"""The sheet of a form in the definition workbook: the lines of its head, and its columns, a row a field."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.definition_book.layout import BUREAU_LINES, YES, Item, Kind
from kbxt_merge.model.text import Words

UNIT_LINE, UNIT_LABELS = "填报单位：{school}    填报时间：{date}", ("填报单位", "学校", "学校名称", "单位")
"""How a form asks for its school, where nobody said how; and how schools write it."""
SHAPES = {"list": "名单", "statistics": "统计表", "rows": "印好各行的表", "card": "登记卡"}
BEARERS = {"child": "学生", "person": "其他人员", "record": "其他（车辆、设施……）"}
INSIDE = "inside"

HEAD_LINES = (
    Item(
        "title",
        Words("标题", "title"),
        hint=Words(
            "{year} 年份 {term} 春秋 {month} 月 {quarter} 季度，由程序填",
            "{year} {term} {month} {quarter} are filled in by the program",
        ),
    ),
    Item("shape", Words("表样", "shape"), Kind.CHOICE, choices=SHAPES),
    Item("label.zh", Words("简称", "label")),
    Item("label.en", Words("简称（英文）", "label in English")),
    Item(
        "form",
        Words("表号", "form number"),
        hint=Words("如 1-2；换了表号，旧号记在“曾用表号”", "as 1-2; an earlier number goes to earlier numbers"),
    ),
    Item(
        "attachment", Words("印的附件号", "attachment"), hint=Words("如 附件 1-2，可不填", "as 附件 1-2; may be blank")
    ),
    Item("version", Words("版次", "version"), hint=Words("改了表就加一", "one more with each change")),
    Item("bearer", Words("登记的是", "records are of"), Kind.APART, choices=BEARERS),
    Item(
        "unit_line.printed",
        Words("填报单位一行", "unit line"),
        hint=Words("{school} 校名 {date} 日期", "{school} and {date} are filled in"),
    ),
    Item("unit_line.labels", Words("校名前的字样", "words before the school"), Kind.TEXTS),
    Item("unit_line.below", Words("这一行在表格下方", "it stands below"), Kind.FLAG, choices=YES),
    Item("unit_line.by_month", Words("日期只到月", "its date is a month"), Kind.FLAG, choices=YES),
    Item("printed_rows", Words("空行数", "empty rows")),
    Item("was", Words("曾用表号", "earlier numbers"), Kind.TEXTS),
    Item(
        "rows",
        Words("印好的各行", "printed rows"),
        Kind.TEXTS,
        hint=Words("只用于印好各行的表", "only of a form with printed rows"),
    ),
    Item(
        "sections",
        Words("段落标题", "lines over rows"),
        Kind.PAIRS,
        hint=Words("行名=标题，如 消防通道畅通=一、消防安全", "row=line, as 消防通道畅通=一、消防安全"),
    ),
    Item("notes", Words("表下的注", "notes"), Kind.LINES, hint=Words("一行一条", "one a line")),
    Item(
        "not_owed",
        Words("无须报的学段", "not due from stages"),
        Kind.TEXTS,
        hint=Words("名册“学段”一栏的词，如 高中、学前", "words of the roster's 学段, as 高中、学前"),
    ),
    Item(
        "labels_above",
        Words("标签在格子上方", "labels stand above"),
        Kind.FLAG,
        hint=Words("登记卡才填", "only of a card"),
        choices=YES,
    ),
    Item(
        "signatures",
        Words("签字一行", "line of signatures"),
        hint=Words(
            "表下签字的一行；不写的印：填表人、审核人、负责人", "who signs below; where blank: 填表人, 审核人, 负责人"
        ),
    ),
    Item(
        INSIDE,
        Words("印在哪张卡里", "printed in the card"),
        Kind.APART,
        hint=Words("登记卡里的名单才填", "only of a list in a card"),
    ),
    Item("file", Words("文件名", "file"), Kind.APART, hint=Words("不必改", "no need to change it")),
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
    Item(
        "above",
        Words("最上层表头", "uppermost header"),
        Kind.APART,
        12,
        Words("三层表头才填", "of three rows of headers"),
    ),
    Item(
        "group", Words("上层表头", "upper header"), Kind.APART, 14, Words("相连几栏共有的", "over columns side by side")
    ),
    Item("header", Words("表头", "header"), width=24, hint=Words("照印", "as printed")),
    Item(
        "type",
        Words("填什么", "what is filled in"),
        Kind.TYPE,
        14,
        Words("点开选；词表写其名称", "choose; or a vocabulary's name"),
    ),
    Item(
        "kind",
        Words("哪一种", "kind"),
        Kind.PAPER_OR_CODE,
        14,
        Words("编码：车牌号……；证件号码：证件类型那一栏", "a code's kind; of an ID number the field of its paper"),
    ),
    Item(
        "required", Words("必填", "required"), Kind.REQUIRED, 14, Words("是；或 困难类型=其他", "是; or 困难类型=其他")
    ),
    Item("part", Words("说的是本人的", "says of the person"), Kind.APART, 11, choices=CHILD_PARTS),
    Item(
        "min",
        Words("最小 / 最早", "least"),
        width=11,
        hint=Words("数，或 2021-09-01、填表日期", "a number, 2021-09-01 or 填表日期"),
    ),
    Item("max", Words("最大 / 最晚", "most"), width=11),
    Item(
        "mask", Words("编码样子", "mask"), Kind.TEXTS, 14, Words("# 数字 @ 字母 ? 都可", "# digit, @ letter, ? either")
    ),
    Item("unique", Words("不重复", "unique"), Kind.CHOICE, 11, choices=_UNIQUE),
    Item(
        "equals",
        Words("等于各栏之和", "equals the sum of"),
        Kind.APART,
        16,
        Words("如 男、女；另一种分法用；隔开", "as 男、女; other parts behind ；"),
    ),
    Item(
        "at_least",
        Words("不小于", "not less than"),
        Kind.APART,
        14,
        Words("几栏各自都要的用、隔开；几栏之和写 甲+乙", "each of several: 、; a sum: 甲+乙"),
    ),
    Item("at_most", Words("不大于", "not more than"), Kind.APART, 14, Words("同左", "likewise")),
    Item("code", Words("列号", "column code"), Kind.APART, 7),
    Item(
        "also",
        Words("其他叫法", "other wordings"),
        Kind.TEXTS,
        20,
        Words("各校的、往年的表头，用、隔开", "headers of schools or of earlier years, with 、 between"),
    ),
    Item("why", Words("为什么这样猜", "why it was guessed so"), Kind.APART, 26),
    Item("band", Words("左边的栏段", "band"), Kind.APART, 10, Words("登记卡才填", "only of a card")),
    Item("row", Words("第几行", "row"), Kind.APART, 7, Words("登记卡才填", "only of a card")),
    Item("span", Words("占几列", "columns"), Kind.APART, 7, Words("登记卡才填", "only of a card")),
    Item("unit", Words("单位", "unit"), width=8, rare=True),
    Item("places", Words("小数位", "places"), width=7, rare=True),
    Item("of", Words("是谁的", "whose"), Kind.CHOICE, 9, choices=_WHOSE, rare=True),
    Item("may_lie_ahead", Words("可晚于填表日", "may lie ahead"), Kind.FLAG, 9, choices=YES, rare=True),
    Item(
        "applies_to",
        Words("只用于", "applies to"),
        Kind.CONDITIONS,
        14,
        Words("处置结果=已返校", "处置结果=已返校"),
        rare=True,
    ),
    Item("nothing", Words("等于没填的话", "words for nothing"), Kind.TEXTS, 16, rare=True),
    Item("hint", Words("格内印的提示", "printed hint"), width=16, rare=True),
    Item("hints", Words("不算填写的话", "printed texts"), Kind.TEXTS, 16, rare=True),
    Item("label.zh", Words("屏幕上的名称", "label"), width=14, rare=True),
    Item("label.en", Words("英文名称", "label in English"), width=14, rare=True),
    Item("width", Words("列宽", "width"), width=7, rare=True),
    Item("was", Words("曾用编号", "earlier names"), Kind.TEXTS, 12, rare=True),
    Item(
        "printed",
        Words("各行印好的内容", "printed in the rows"),
        Kind.TEXTS,
        16,
        Words("与“印好的各行”一一对应", "one for each printed row"),
        rare=True,
    ),
)
FOLDED_FROM = 13
"""Columns of a form from which on those that hold nothing are folded away."""
SUM_RULE = "count-sum"
SUM_COLUMNS = ("equals", "at_least", "at_most")
"""The columns that say, at a field, a rule of its form: each is the part of SUM_RULE that its cell tells."""
HEAD_BY_KEY: Mapping[str, Item] = {each.key: each for each in HEAD_LINES}

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
