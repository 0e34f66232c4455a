"""A list, a card, a vocabulary and a catalogue, small enough to be broken at will."""

from __future__ import annotations

from pathlib import Path

from kbxt_merge.intake.definitions.loader import read_forms
from kbxt_merge.model.rule import Role, RuleCard, Scope, Severity
from kbxt_merge.model.text import Words

FORM = """\
form: "9"
title: "{year}年转学台账"
label: {zh: 转学台账, en: transfers}
shape: list
version: "1"
unit_line: {labels: [学校], printed: "学校：{school} {date}"}
child: {name: name, id: id_number}
fields:
  - {name: name, type: person_name, header: 姓名, required: true}
  - {name: id_number, type: id_number, header: 身份证号}
  - {name: sex, type: sex, header: 性别}
  - {name: left, type: date, header: 日期, group: 转出}
  - {name: joined, type: date, header: 日期, group: 转入}
rules:
  - {rule: date-order, at: joined, after: left}
  - {rule: in-list, at: name, list: "9", where: {sex: [男, 女]}, filled: left}
  - {rule: ages, at: id_number, ages: compulsory, together: [left, joined], note: 说明}
"""
CARD = """\
form: "8"
title: 登记卡
label: 登记卡
shape: card
version: "1"
unit_line: {labels: [学校], printed: "填表日期：{date}"}
child: {name: name}
fields:
  - {name: name, type: person_name, header: 姓名}
  - {name: phone, type: phone, header: 联系电话}
  - {name: guardian, type: person_name, header: 监护人}
  - {name: guardian_phone, type: phone, header: 联系电话}
layout:
  - band: 基本信息
    rows:
      - [[name, 1], [phone, 3]]
      - [[guardian, 2], [guardian_phone, 2]]
"""
VOCABULARIES = """\
sex:
  label: {zh: 性别, en: sex}
  rule: sex-invalid
  blank: 男
  decorations: [class_number]
  values:
    男: [男生, 1, M]
    女: [女生, no]
"""
BUREAU = "bureau: 某某区教育局\ncity: 某某市\ncounty: 某某区\nforms: [transfers, card]\n"


def card(slug: str, at_types: tuple[str, ...] = (), types: tuple[str, ...] = (), **roles: Role) -> RuleCard:
    words = Words(slug, slug)
    return RuleCard(slug, Severity.ERROR, Scope.ROW, words, words, words, types, at_types, roles)


CATALOGUE = {
    each.slug: each
    for each in (
        card("sex-invalid", types=("sex",)),
        card("date-order", at_types=("date",), after=Role("field", types=("date",))),
        card(
            "in-list",
            list=Role("form"),
            where=Role("foreign_where", required=False),
            own=Role("where", required=False),
            filled=Role("foreign", required=False, types=("date",)),
        ),
        card(
            "ages",
            at_types=("id_number", "age"),
            ages=Role("choice", choices=("compulsory", "disabled")),
            together=Role("fields", required=False, types=("date",)),
            note=Role("text", required=False),
        ),
    )
}


def write_forms(folder: Path) -> Path:
    for name, text in {
        "bureau.yaml": BUREAU,
        "vocabularies.yaml": VOCABULARIES,
        "transfers.yaml": FORM,
        "card.yaml": CARD,
    }.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def change(folder: Path, name: str, old: str, new: str) -> None:
    text = (folder / name).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{old!r} must stand in {name} once"
    (folder / name).write_text(text.replace(old, new), encoding="utf-8")


def places(folder: Path) -> list[tuple[str, str, int]]:
    _, faults = read_forms(CATALOGUE, folder)
    return [(Path(fault.file).name, fault.path, fault.line) for fault in faults]
