"""Turns a clean district as printed into one as schools return it: other layouts, other spellings, nothing wrong."""

from __future__ import annotations

import datetime as dt
from random import Random

from fictional.cells import Cell
from fictional.official import LISTS
from fictional.returns import District, Layout, Sheet
from fictional.school_years import FORM_DATE, age_on, last_of_month
from fictional.value_variants import day_variants, month_variants, typed

SHARE_OF_VARIANTS = 0.25
"""How many of the values are typed in another way than printed."""


def vary(district: District, dice: Random) -> None:
    """Gives every sheet a date, a layout and a name of its own, and types a part of the values in their variants."""
    for school in district.schools:
        day = FORM_DATE - dt.timedelta(days=dice.randrange(8))
        for form, sheets in district.sheets[school.name].items():
            for number, sheet in enumerate(sheets):
                sheet.layout = _card_layout(dice) if form == "5" else _list_layout(form, dice)
                sheet.name = _sheet_name(sheet, number, dice)
                sheet.unit = dice.choice((school.name, school.name, school.alias, f"赣州市{school.name}"))
                _date(sheet, day, dice)
                _type(sheet, dice)


def _date(sheet: Sheet, day: dt.date, dice: Random) -> None:
    """The sheet's date, to the day or to the month, and the ages on it."""
    if sheet.form == "2" or dice.random() < 0.1:
        sheet.fill_date = dice.choice(
            [text for text in month_variants(day.year, day.month) if isinstance(text, str) and "年" in text]
        )
        sheet.dated = last_of_month(day.year, day.month)
    else:
        split = sheet.layout.unit in ("four-cells",)
        choices: list[Cell] = [text for text in day_variants(day) if isinstance(text, str) and not text.isdigit()]
        sheet.fill_date = dice.choice([*choices, day] if split else choices)
        sheet.dated = day
    for record in sheet.records:
        if record.child and "age" in record.meant:
            record.put(age=age_on(record.child.birth, sheet.dated))


def _type(sheet: Sheet, dice: Random) -> None:
    for record in sheet.records:
        for field, value in record.meant.items():
            if field == "birth_date" and sheet.layout.split_birth_date:
                continue
            if dice.random() < SHARE_OF_VARIANTS:
                record.typed[field] = typed(field, value, dice)
        if sheet.form == "5" and dice.random() < 0.2:
            record.put(family=None)


def _sheet_name(sheet: Sheet, number: int, dice: Random) -> str:
    """A sheet's name, told apart from its neighbours in a bundle by form and number."""
    if sheet.form == "5":
        return dice.choice((f"{sheet.records[0].meant['name']}", f"卡{number + 1}", f"附件5-{number + 1}"))
    return dice.choice(
        (
            f"附件{sheet.form}",
            f"附件 {sheet.form}",
            f"Sheet{list(LISTS).index(sheet.form) + 1}",
            f"表{sheet.form}",
        )
    )


def _list_layout(form: str, dice: Random) -> Layout:
    rows = range(1, 12)
    return Layout(
        lead_rows=dice.choice((0, 0, 1, 2)),
        lead_columns=dice.choice((0, 0, 0, 1, 2)),
        attachment=dice.choice(("", f"附件 {form}", f"附件{form}", f"附件{form}：")),
        title=dice.choice(("", "", " ".join(LISTS[form].title))),
        unit=dice.choice(("line", "line", "line", "stamp-first", "two-cells", "four-cells")),
        unit_below=dice.random() < (0.5 if form == "2" else 0.15),
        header=dice.choice(("printed", "printed", "bare", "inline", "full-width", "spaced", "broken")),
        order=_order(form, dice) if dice.random() < 0.25 else (),
        gaps=frozenset(dice.sample(rows, 2)) if dice.random() < 0.25 else frozenset(),
        numbered_rows=dice.choice((0, 0, 3, 8)),
        total_row=dice.choice(("", "", "", "合计", "小计", "合  计")),
        notes=dice.random() < 0.8,
        signature=dice.random() < 0.2,
        ghost=dice.random() < 0.05,
        empty_column=dice.choice(("", "", "", "", "", "核对")),
    )


def _order(form: str, dice: Random) -> tuple[str, ...]:
    """The columns in another order; groups of a two-row header stay together, 序号 stays first."""
    blocks: list[list[str]] = []
    for column in LISTS[form].columns[1:]:
        last = LISTS[form].column(blocks[-1][-1]).group if blocks else ""
        if column.group and column.group == last:
            blocks[-1].append(column.name)
        else:
            blocks.append([column.name])
    dice.shuffle(blocks)
    return ("seq", *(name for block in blocks for name in block))


def _card_layout(dice: Random) -> Layout:
    return Layout(
        lead_rows=dice.choice((0, 0, 1)),
        lead_columns=dice.choice((0, 0, 0, 1)),
        attachment=dice.choice(("附件 5", "附件5", "")),
        unit=dice.choice(("line", "line", "four-cells")),
        header=dice.choice(("printed", "printed", "spaced", "broken")),
        card_widths=dice.choice(((1,) * 9, (1,) * 9, (1, 1, 2, 1, 2, 1, 2, 1, 2))),
        split_birth_date=dice.random() < 0.35,
        hints_left=dice.random() < 0.5,
    )
