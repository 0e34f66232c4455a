"""Which numbers are offered beside a wrong one, by what else stands in its row and in its district."""

from __future__ import annotations

import datetime as dt

import numpy as np

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.definitions.loader import read_forms
from kbxt_merge.intake.values.dates import read_date
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Cell, Kind, Reading, Sheet, SourceFile
from kbxt_merge.rules.children.id_suggestions import suggested_ids
from kbxt_merge.rules.engine.rule import Context, Work

FORMS = read_forms({})[0]
LEDGER = FORMS.by_slug["3"]
AT_ID = next(use for use in LEDGER.rules if use.slug == "duplicate-in-form")


def offered(*rows: tuple[str, Cell, Cell, Cell]) -> list[str]:
    """What is offered for the rows (name, sex, ID number, age) of a form 3 of 2021-03-12, all of them flagged."""
    names = ("name", "sex", "id_number", "age")
    sheet = Sheet(
        sheet="附件3",
        form="3",
        shape="list",
        rows=list(range(4, 4 + len(rows))),
        columns={name: position for position, name in enumerate(names)},
        cells={name: [row[position] for row in rows] for position, name in enumerate(names)},
        unit="赣县区梅林小学",
        date=read_date("2021-03-12"),
    )
    reading = Reading(SourceFile("附件3.xlsx", "附件3.xlsx", 1, 0.0), Kind.XLSX, "0" * 64, [sheet])
    district = assemble([reading], FORMS, None, Period.parse("2021春"), dt.date(2021, 3, 20))
    context = Context(Work(district), district.records["3"], AT_ID)
    return list(suggested_ids(context, np.ones(len(rows), dtype=bool)))


def test_the_true_number_is_offered_for_a_digit_typed_twice() -> None:
    assert offered(("邱福辉", "男", "3607042006121105658", 14.0)) == ["360704200612105658"]


def test_a_number_that_disagrees_with_sex_or_age_is_not_offered() -> None:
    assert offered(("邱福辉", "女", "3607042006121105658", 14.0)) == [""]
    assert offered(("邱福辉", "男", "3607042006121105658", 13.0)) == [""]


def test_a_cell_that_could_not_be_read_speaks_neither_for_nor_against_a_number() -> None:
    assert offered(("邱福辉", "儿", "3607042006121105658", "十几岁")) == ["360704200612105658"]
    assert offered(("邱福辉", None, "3607042006121105658", None)) == ["360704200612105658"]


def test_where_there_are_too_many_those_from_the_districts_regions_are_offered() -> None:
    damaged = ("邱福辉", "男", "370704200612105658", 14.0)
    neighbour = ("侯生", "男", "360704200611065471", 14.0)
    assert offered(damaged) == [""]
    assert offered(damaged, neighbour)[0] == "360704200612105658"


def test_nothing_is_offered_for_blank_damaged_or_hopeless_numbers() -> None:
    assert (
        offered(("邱福辉", "男", None, 14.0), ("侯生", "男", 3.6072120071209e17, 13.0), ("吴静", "女", "无", 9.0))
        == [""] * 3
    )
