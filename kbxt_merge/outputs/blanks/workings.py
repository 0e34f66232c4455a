"""The steps of a self-check: small formulas that build on each other, each in a cell of its own."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.blanks.formula import quoted

_FAULTS: Mapping[str, Words] = {
    "required-missing": Words("未填", "is missing"),
    "error-value": Words("是错误值，请重填", "is an error value"),
    "id-precision-lost": Words(
        "被存为数值，末几位已变为 0，请设为文本后重新录入", "has lost digits; format as text, type again"
    ),
    "id-obsolete-15": Words("是15位旧号，应填18位", "is an old 15-digit number; 18 are needed"),
    "id-length": Words("应为18位", "must have 18 characters"),
    "id-characters": Words("只能有数字，末位可为X", "may only hold digits, and X at the end"),
    "id-birthdate": Words("第7至14位不是可能的出生日期", "holds no possible birth date (7th to 14th digit)"),
    "id-checksum": Words("校验码不符，有数字填错", "fails its check character: a digit is wrong"),
    "duplicate-in-form": Words("本表中重复", "comes twice on this sheet"),
    "id-name-conflict": Words("与本表同一身份证号码的另一行不同", "differs from another row with the same ID number"),
    "sex-id-mismatch": Words("与身份证号码不符", "differs from the ID number"),
    "age-id-mismatch": Words("与身份证号码不符", "differs from the ID number"),
    "birthdate-id-mismatch": Words("与身份证号码不符", "differs from the ID number"),
    "roll-number-id-mismatch": Words("与身份证号码不符", "differs from the ID number"),
    "roll-number-invalid": Words("应为G加18位身份证号码", "must be G and the ID number"),
    "name-invalid": Words("不是规范的姓名", "is not a person's name"),
    "age-invalid": Words("应为{least}至{most}的整数", "must be a whole number from {least} to {most}"),
    "count-invalid": Words("应为0或正整数", "must be a whole number, 0 or more"),
    "date-invalid": Words("不是有效的年月日，请写成2021-03-01或2021年3月", "is no date; write 2021-03-01 or 2021-03"),
    "date-ambiguous": Words("不知是1月还是10月，请写成2021年10月的样子", "may be January or October; write 2021-10"),
    "date-future": Words("晚于{day}", "is later than {day}"),
    "date-order": Words("早于“{other}”", "is earlier than {other}"),
    "phone-invalid": Words("不是有效的手机或座机号码", "is no phone number"),
    "vocabulary-invalid": Words("请从下拉列表中选择", "must be chosen from the list"),
    "count-sum": Words("与分项之和不符", "differs from the sum of its parts"),
    "number-invalid": Words("应为数字", "must be a number"),
    "out-of-range": Words("不在规定的范围内", "is out of range"),
    "code-invalid": Words("应为{shape}", "must be {shape}"),
    "paper-invalid": Words("不是所填证件类型的号码", "is no number of the paper named beside it"),
    "not-applicable": Words("按所填内容不必填，请核实", "does not apply by what is filled in; please verify"),
    "product": Words("与几栏的乘积不符", "differs from the product"),
    "same-as": Words("与“{other}”不一致", "differs from {other}"),
    "within": Words("超出规定的时限或年龄，请核实", "is outside the days or ages allowed; please verify"),
    "unique": Words("本表中重复", "comes twice on this sheet"),
    "row-sum": Words("与各行之和不符", "differs from the sum of the rows"),
}


def fault(slug: str, language: Language, **facts: Words | str) -> str:
    """What the self-check says of a cell that breaks this rule."""
    told = {name: each if isinstance(each, str) else each.of(language) for name, each in facts.items()}
    return _FAULTS[slug].of(language).format(**told)


FORM_DAY_WORDS, TODAY_WORDS = Words("填表的那天", "the form's date"), Words("今天", "today")
"""What the day is called by which dates are judged: of a form that prints none it is today."""

BETWEEN_RECORDS = frozenset({"duplicate-in-form", "id-name-conflict", "unique", "row-sum"})
"""The rules that compare records, which a card has but one of."""

SELF_CHECKED = frozenset(_FAULTS)
"""The rules that the self-check covers; `vocabulary-invalid` stands for the rule of every vocabulary."""


@dataclass
class Workings:
    """The steps of one record in the order of their computation.

    `slot` gives the reference of the n-th step's cell. `raw` has the reference of each field's typed cell, `first_day`
    and `day` those of the first and the last day that the form's date can mean, as serial numbers, `is_record` that of
    whether there is anything to check. `day_words` say what that date is called.
    """

    slot: Callable[[int], str]
    language: Language
    raw: Mapping[str, str] = field(default_factory=dict)
    first_day: str = ""
    day: str = ""
    is_record: str = ""
    day_words: Words = FORM_DAY_WORDS
    steps: list[str] = field(default_factory=list)

    def step(self, formula: str) -> str:
        """Compute a formula in the next cell; its reference is returned."""
        self.steps.append(formula)
        return self.slot(len(self.steps) - 1)

    def says(self, slug: str, **facts: Words | str) -> str:
        """The words for a breach of this rule, as a formula writes them."""
        return quoted(fault(slug, self.language, day=self.day_words, **facts))


@dataclass
class Checked:
    """A field under check: references of its cleaned text, of its own fault (blank: sound), and of what was read.

    `more` collects the faults that rules between fields find.
    """

    text: str
    fault: str
    read: Mapping[str, str] = field(default_factory=dict)
    more: list[str] = field(default_factory=list)
