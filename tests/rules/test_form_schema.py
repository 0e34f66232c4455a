"""A form's schema judges any data frame of its records as a merge does, as far as the frame alone can tell."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache, partial

import pandas as pd
import pandera.pandas as pa
import pytest
from cast import listed
from pandera.config import config_context
from pandera.errors import SchemaErrors
from rule_cases import Kind
from sheets import AS_OF, FORMS, PERIOD, district, findings
from test_every_rule_is_tested import cases

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.assembly.frames import district_of_frame
from kbxt_merge.merging.offered import schema_of
from kbxt_merge.model.district import District, Records
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.rule import Scope
from kbxt_merge.rules.catalogue import RULES
from kbxt_merge.rules.run import schema_of_frames
from kbxt_merge.settings import Settings

SOUND, WRONG = "360704200805200318", "360704200805200316"
NOT_IN_A_FRAME = {
    "card-missing": "other forms",
    "card-orphan": "other forms",
    "count-list-mismatch": "other forms",
    "form-not-returned": "other forms",
    "listed": "other forms",
    "not-listed": "other forms",
    "total": "other forms",
    "follows": "an earlier period",
    "id-conflict": "other forms",
    "home-teaching-differs": "other forms",
    "not-in-disability-ledger": "other forms",
    "not-in-dropout-list": "other forms",
    "out-of-school-unexplained": "other forms",
    "persuasion-record-missing": "other forms",
    "persuasion-incomplete": "other forms, in the last of its cases",
    "returned-but-listed": "other forms",
    "same-child-differs": "other forms",
    "not-in-register": "a register",
    "register-id-differs": "a register",
    "register-name-differs": "a register",
    "register-not-returned": "a register",
    "register-value-differs": "a register",
    "category-changed": "an earlier period",
    "count-jump": "an earlier period",
    "returned-then-listed": "an earlier period",
    "vanished-without-return": "an earlier period",
    "school-not-in-roster": "the roster",
    "date-ambiguous": "the cell as it was typed",
    "formula-without-value": "the cell as it was typed",
    "value-normalised": "the cell as it was typed, and it is no fault",
}
"""The rules by which a written record can't fail, and what they need besides."""

BROKEN = {case.slug: case for case in cases() if case.kind is Kind.FAILS and case.slug in RULES}
"""A case that breaks each rule."""


def made_schema(form: str, forms: Forms) -> pa.DataFrameSchema:
    wanted = forms.by_slug[form]
    read = partial(district_of_frame, form=wanted, forms=forms, period=PERIOD, as_of=AS_OF)
    return schema_of_frames(wanted, read)


@cache
def schema(form: str) -> pa.DataFrameSchema:
    """The schema of one of the six; a schema judges every frame anew, which has its own test."""
    return made_schema(form, FORMS)


def failing(form: str, frame: pd.DataFrame, forms: Forms = FORMS) -> list[tuple[str, object]]:
    """(rule, label of a row) of what the schema finds fault with."""
    judge = schema(form) if forms is FORMS else made_schema(form, forms)
    try:
        judge.validate(frame, lazy=True)
    except SchemaErrors as verdict:
        cases = verdict.failure_cases
        return sorted(set(zip(cases["check"], cases["index"], strict=True)))
    return []


def written(records: Records) -> pd.DataFrame:
    """The records as records-<form>.csv holds them."""
    school = {} if "school" in records.form.by_name else {"school": records.school}
    return pd.DataFrame(records.shown).replace("", None).assign(**school)


def children(**columns: list[object]) -> pd.DataFrame:
    """Two sound rows of form 3, labelled a and b, but for these columns."""
    records = district({"一.xlsx": listed("3", "| 姓名 |\n| 赖小满 |\n| 温小暑 |")}).records["3"]
    return records.table.assign(**columns).set_axis(["a", "b"])


def test_a_sound_frame_of_typed_columns_passes_and_is_given_back_with_its_labels_and_other_columns() -> None:
    given = children(note=["x", "y"])
    validated = schema("3").validate(given, lazy=True)
    pd.testing.assert_frame_equal(validated, given, check_dtype=False)
    assert {str(dtype) for dtype in validated.dtypes} <= {"string", "Int64", "datetime64[s]", "str", "object"}


def test_a_wrong_id_number_fails_at_its_row() -> None:
    assert failing("3", children(id_number=[SOUND, WRONG]))[-1:] == [("id-checksum", "b")]


def test_a_frame_of_texts_is_read_as_a_sheet_is() -> None:
    frame = children().astype(object)
    assert failing("3", frame.assign(grade=["初一", "十年级"])) == [("grade-invalid", "b")]


def test_an_id_number_kept_as_a_whole_number_has_all_its_digits() -> None:
    frame = children()
    assert failing("3", frame.assign(id_number=frame["id_number"].astype("int64"))) == []


def test_a_column_that_is_not_there_fails() -> None:
    with pytest.raises(SchemaErrors) as verdict:
        schema("3").validate(children().drop(columns="name"), lazy=True)
    assert "COLUMN_NOT_IN_DATAFRAME" in verdict.value.error_counts


def test_a_child_that_stands_twice_fails_in_one_school_only() -> None:
    frame = children()
    twice = pd.concat([frame, frame.loc[["a"]].set_axis(["c"])])
    assert ("duplicate-in-form", "a") in failing("3", twice.assign(school="梅林小学"))
    apart = failing("3", twice.assign(school=["梅林小学", "梅林小学", "茅店中学"]))
    assert {rule for rule, _ in apart} == {"duplicate-across-schools"}


def test_an_empty_frame_passes() -> None:
    assert failing("3", children().iloc[:0]) == []


def test_a_schema_judges_every_frame_anew() -> None:
    once = schema("3")
    frame = once.validate(children(), lazy=True)
    with pytest.raises(SchemaErrors):
        once.validate(frame.assign(id_number=[SOUND, WRONG]), lazy=True)
    once.validate(frame, lazy=True)


@pytest.mark.parametrize("slug", sorted(RULES.keys() - NOT_IN_A_FRAME.keys()))
def test_a_record_that_breaks_a_rule_in_a_merge_breaks_it_in_a_frame(slug: str) -> None:
    assert slug in rules_failing(slug)


@pytest.mark.parametrize("slug", sorted(BROKEN.keys() & NOT_IN_A_FRAME.keys()))
def test_what_a_frame_alone_cannot_tell_holds(slug: str) -> None:
    assert slug not in rules_failing(slug)


def rules_failing(slug: str) -> set[str]:
    """The rules by which the written records of the case that breaks this one fail, each form's alone."""
    made = broken(slug)
    if made.forms is FORMS and RULES[slug].card.scope in (Scope.CELL, Scope.ROW):
        return failing_together()[slug]
    frames = {form: written(records) for form, records in made.records.items() if len(records)}
    return {rule for form, frame in frames.items() for rule, _ in failing(form, frame, made.forms)}


@cache
def broken(slug: str) -> District:
    """The district of the case that breaks a rule."""
    return district(BROKEN[slug].returns, **BROKEN[slug].setting)


@cache
def failing_together() -> Mapping[str, set[str]]:
    """The rules by which each case's records fail, all cases' in one frame: to a rule on a row no other row matters."""
    failed: dict[str, set[str]] = {slug: set() for slug in BROKEN}
    made = {slug: broken(slug) for slug in BROKEN if broken(slug).forms is FORMS}
    for form in FORMS.by_slug:
        frames = {slug: written(each.records[form]) for slug, each in made.items()}
        named = [rows.set_axis([f"{slug} {row}" for row in range(len(rows))]) for slug, rows in frames.items()]
        for rule, label in failing(form, pd.concat([rows for rows in named if len(rows)])):
            failed[str(label).split()[0]].add(rule)
    return failed


def test_a_merge_checks_whatever_the_environment_tells_pandera_to_leave_out() -> None:
    made = district({"一.xlsx": listed("3", "| 姓名 | 年级 |\n| 赖小满 | 十年级 |")})
    with config_context(validation_enabled=False):
        assert [each.rule for each in findings(made)] == ["grade-invalid"]


def test_the_schema_of_a_form_is_had_by_its_number() -> None:
    settings = Settings(period=PERIOD, as_of=AS_OF)
    with pytest.raises(SchemaErrors):
        schema_of("3", settings).validate(children(id_number=[SOUND, WRONG]), lazy=True)
    with pytest.raises(SchemaError, match="1-2"):
        schema_of("9", settings)
