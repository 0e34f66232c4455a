"""Rules on cells that tell of people: their names, their ages, how many they are."""

from __future__ import annotations

import re

import numpy as np

from kbxt_merge.model.bearer import Bearer
from kbxt_merge.model.cell import CellState
from kbxt_merge.model.rule import Scope, Severity
from kbxt_merge.rules.checks.cells import paper_of, was_read
from kbxt_merge.rules.engine.rule import Context, Result, rule, texts

LONGEST_NAME = 20
_HAN = r"\u3007\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003134f"
_NAME = re.compile(rf"(?:[{_HAN}](?:[{_HAN}·]*[{_HAN}])|[A-Za-z][A-Za-z·.' \-]*[A-Za-z])")
_NO_NAME = re.compile(r"某|待定|待补|不详|不明|未知|无名|同学|^暂?无$|^没有$|^[同如见]上$|^上同$|^姓名$")


@rule(
    "name-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("姓名不规范", "not a person's name"),
    message=(
        "“{field}”填“{value}”，不是规范的姓名，请按{paper}填写。",
        "{field} holds “{value}”, which is not a person's name; write it as in the {paper_en}.",
    ),
    when=("不是 2 至 20 个汉字（可含·）的姓名", "not a name of 2 to 20 Chinese characters"),
    types=("person_name",),
)
def name_invalid(context: Context) -> Result:
    """Not 2 to 20 Chinese characters with ·, nor an all-Latin name: `张3`, `待定`, `李某`; source: vocabulary.md."""
    names = context.values().fillna("").to_numpy(dtype=object)
    wrong = was_read(context) & ~np.fromiter(map(_is_name, names), dtype=bool, count=len(names))
    paper = paper_of(is_child=context.records.form.bearer is not Bearer.PERSON)
    return Result(wrong, {"paper": texts(len(wrong), paper.zh), "paper_en": texts(len(wrong), paper.en)})


def _is_name(text: str) -> bool:
    return len(text) <= LONGEST_NAME and bool(_NAME.fullmatch(text)) and not _NO_NAME.search(text)


@rule(
    "age-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("年龄不规范", "age is not a number of years"),
    message=(
        "“{field}”填“{value}”，应为 {least} 至 {most} 的整数，请改正。",
        "{field} holds “{value}”; it must be a whole number from {least} to {most}.",
    ),
    when=("不是 0 至 30 的整数（成人 120）", "not an integer from 0 to 30 (of adults 120)"),
    types=("age",),
)
def age_invalid(context: Context) -> Result:
    """Not an integer from 0 to 30: `十几岁`, 45; of others than children up to 120, or as the field says."""
    least, most = context.field.ages
    outside = ~context.values().between(least, most).fillna(True).to_numpy(dtype=bool)
    bounds = {"least": texts(len(outside), str(least)), "most": texts(len(outside), str(most))}
    return Result((context.states() == CellState.UNREADABLE) | outside, bounds)


@rule(
    "count-invalid",
    Severity.ERROR,
    Scope.CELL,
    title=("人数不规范", "not a count"),
    message=(
        "“{field}”填“{value}”，应为 0 或正整数，请改正。",
        "{field} holds “{value}”; it must be a whole number, 0 or more.",
    ),
    when=("不是 0 或正整数", "not an integer of 0 or more"),
    types=("count",),
)
def count_invalid(context: Context) -> Result:
    """Not an integer of 0 or more: -1, 3.5, `若干`."""
    negative = (context.values() < 0).fillna(False).to_numpy(dtype=bool)
    return Result((context.states() == CellState.UNREADABLE) | negative)
