"""The rules of an ID number's own cell: one verdict a number, worked out once for all of them.

Where a register of the bureau's knows the child's number, the school hears which digits to look at, and no number.
"""

from __future__ import annotations

from kbxt_merge.model.bearer import Whose
from kbxt_merge.model.district import Flags
from kbxt_merge.model.privacy import MASKED
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.rules.checks.cells import paper_of
from kbxt_merge.rules.children.id_suggestions import numbers_elsewhere, offered_ids
from kbxt_merge.rules.children.known_numbers import known_numbers, where_to_look
from kbxt_merge.rules.children.matching import PAPER_INVALID, verdicts
from kbxt_merge.rules.engine.rule import Context, Result, positions, rule, texts


def _enter(
    slug: str,
    severity: Severity,
    title: tuple[str, str],
    message: tuple[str, str],
    when: tuple[str, str],
    types: tuple[str, ...] = ("id_number",),
) -> None:
    def check(context: Context) -> Result:
        return Result(verdicts(context, context.at) == slug)

    check.__doc__ = f"The number's first fault is {slug}; source: GB 11643 and vocabulary.md."
    hinted = f"{message[0].removesuffix('。')}{{hint}}。", f"{message[1].removesuffix('.')}{{hint_en}}."
    rule(slug, severity, Scope.CELL, title=title, message=hinted, when=when, types=types, offer=_offered)(check)


def _offered(context: Context, where: Flags) -> Result:
    """The numbers that may be meant: those that other forms or the registers know, and those a slip away."""
    known = known_numbers(context, where)
    paper = paper_of(is_child=context.field.of is Whose.CHILD)
    hints = {"hint": texts(len(where)), "hint_en": texts(len(where))}
    hints |= {"paper": texts(len(where), paper.zh), "paper_en": texts(len(where), paper.en)}
    offered = offered_ids(context, where & (known.numbers == ""))
    at = positions(known.numbers != "")
    for row, elsewhere in zip(at.tolist(), numbers_elsewhere(context, at), strict=True):
        if known.numbers[row] in elsewhere:  # the school has it itself
            offered[row] = known.numbers[row]
            continue
        told = where_to_look(context.work, context.shown()[row], known.numbers[row])
        label = known.labels[row]
        hints["hint"][row] = f"（{label.zh}中该生的号码与此{told.zh}）"
        hints["hint_en"][row] = f" (the child's number on the {label.en} is another: {told.en})"
        offered[row] = MASKED.value("id_number")[known.numbers[row]]
    return Result(where, hints, suggestion=offered)


_enter(
    "id-precision-lost",
    Severity.ERROR,
    ("身份证号码被存为数值", "ID number lost its last digits"),
    (
        "“{field}”被存为数值 {value}，第 16 位起已变为 0，请设为文本后重新录入 18 位号码。",
        "{field} was stored as the number {value} and lost digits; format the cell as text and type it again.",
    ),
    ("被存为数值，第 16 位起已变为 0", "a spreadsheet number keeps 15 digits: the rest is lost"),
)
_enter(
    "id-obsolete-15",
    Severity.ERROR,
    ("15 位旧身份证号码", "ID number of 15 digits"),
    (
        "“{field}”是 15 位的第一代号码 {value}，2013 年起已停用，请填写 18 位号码。",
        "{field} holds the 15-digit number {value}, void since 2013; fill in the 18-character one.",
    ),
    ("15 位号码，2013 年起停用", "a first-generation number of 15 digits, void since 2013"),
)
_enter(
    "id-length",
    Severity.ERROR,
    ("身份证号码位数不对", "ID number has the wrong length"),
    (
        "“{field}”填“{value}”，不是 18 位，请核对是否漏填或多填。",
        "{field} holds “{value}”, which does not have 18 characters; check for a missing or doubled one.",
    ),
    ("不是 18 位", "not 18 characters"),
)
_enter(
    "id-characters",
    Severity.ERROR,
    ("身份证号码含有非法字符", "ID number has a wrong character"),
    (
        "“{field}”填“{value}”，含有数字以外的字符（只有末位可以是 X），请核对。",
        "{field} holds “{value}” with something other than digits (only the last may be X); please check.",
    ),
    ("前 17 位不全是数字，或末位不是数字或 X", "a character that can't stand there"),
)
_enter(
    "id-birthdate",
    Severity.ERROR,
    ("身份证号码中的出生日期不对", "ID number holds no possible birth date"),
    (
        "“{field}”填“{value}”，第 7 至 14 位不是可能的出生日期，请对照{paper}核对。",
        "{field} holds “{value}”: characters 7 to 14 are no possible birth date; check the {paper_en}.",
    ),
    (
        "没有这一天、晚于填表日期，或早于 1990 年（成人：未满 16 周岁，或早于 1900 年）",
        "no such day, after the form's date, or before 1990 (of adults: under 16 years, or before 1900)",
    ),
)
_enter(
    "id-region",
    Severity.WARNING,
    ("身份证号码的地区码不存在", "ID number names no region"),
    (
        "“{field}”填“{value}”，前 6 位不是任何地区的代码，请对照{paper}核对。",
        "{field} holds “{value}”: its first 6 digits were never a region's code; check the {paper_en}.",
    ),
    ("前 6 位地区码从未存在", "the region code never existed"),
)
_enter(
    "id-checksum",
    Severity.ERROR,
    ("身份证号码校验码不符", "ID number fails its check character"),
    (
        "“{field}”填“{value}”，末位校验码不符，号码中至少有一位填错，请对照{paper}核对。",
        "{field} holds “{value}”, which fails its check character: some digit is wrong; check the {paper_en}.",
    ),
    ("末位校验码不符", "the check character does not fit"),
)
_enter(
    PAPER_INVALID,
    Severity.ERROR,
    ("证件号码与证件类型不符", "number is not of its kind of paper"),
    (
        "“{field}”填“{value}”，不是所填证件类型的号码，请对照证件核对号码和类型。",
        "{field} holds “{value}”, which is no number of the paper named beside it; check both.",
    ),
    ("护照、通行证等的号码不是该证件应有的样子", "a passport's or permit's number does not look like one"),
    types=("papers",),
)
