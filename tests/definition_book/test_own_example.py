"""examples/自己做一张表: four blanks drafted, finished by a clerk in the workbook, merged by month and by quarter."""

from __future__ import annotations

import importlib.util
from pathlib import Path

import pytest

from kbxt_merge import merging
from kbxt_merge.form_definitions.in_force import forms_of
from kbxt_merge.form_definitions.proving import faults_of, faults_on
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.definition_book.layout import BOOK
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import load_settings

EXAMPLE = Path(__file__).parent.parent.parent / "examples" / "自己做一张表"
MIDDLE, PRIMARY, COMBINED = (f"云岭县{name}.xlsx" for name in ("江口中学", "王母渡小学", "韩坊学校"))


@pytest.mark.parametrize(("period", "day"), [("2024-04", "2024-05-06"), ("2024Q2", "2024-07-06")])
def test_what_is_planted_is_found_and_nothing_else(period: str, day: str) -> None:
    """A school reports each month, the county looks at a quarter."""
    given = {"schemas": EXAMPLE / "我的表格" / BOOK, "roster": EXAMPLE / "学校名册.xlsx", "jobs": 0}
    given |= {"registers": EXAMPLE / "比对库", "period": period, "as_of": day}
    settings = load_settings(given, {}, EXAMPLE)
    checked = merging.examine([EXAMPLE / "收件夹"], settings, merging.Progress())
    frame = checked.findings.frame
    asked = frame[frame["severity"] != "info"]
    assert sorted(asked[["file", "sheet", "cell", "rule"]].itertuples(index=False, name=None)) == [
        ("", "", "", "register-not-returned"),  # 陈大勇 dropped out, and no school has him
        (MIDDLE, "附件1 月报表", "I8", "count-list-mismatch"),  # 2, and one is still sought
        (MIDDLE, "附件2 疑似辍学台账", "I6", "required-missing"),  # 其他, without a word
        (PRIMARY, "附件1 月报表", "C8", "count-sum"),  # 431 ≠ 430 + 2
        (PRIMARY, "附件4 适龄儿童台账", "H6", "register-value-differs"),  # on the roll of another school
        (COMBINED, "附件2 疑似辍学台账", "H5", "vocabulary-invalid"),  # 外出打工
    ]
    assert {slug: len(records) for slug, records in checked.district.records.items()} == {
        "1": 3,
        "2": 3,
        "3": 2,
        "4": 5,
    }


def test_the_definitions_are_proven_and_workbook_and_yaml_say_the_same() -> None:
    forms = forms_of(EXAMPLE / "我的表格" / BOOK)
    assert [fault.zh for form in forms.handed_out for fault in faults_of(forms, form)] == []
    assert [fault.zh for path in (EXAMPLE / "空表").iterdir() for fault in faults_on(path, forms)] == []
    assert load_forms(CATALOGUE, EXAMPLE / "我的表格") == forms
    assert forms.by_slug["1"].header_rows == 3
    assert forms.relations.closings.keys() == {"2", "3"}
    assert "学籍" in [each.slug for each in forms.registers]


def test_the_script_makes_the_same_definitions(tmp_path: Path) -> None:
    spec = importlib.util.spec_from_file_location("own_example", EXAMPLE / "make.py")
    assert spec is not None
    assert spec.loader is not None
    script = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(script)
    script.HERE = tmp_path
    script.main()
    assert forms_of(tmp_path / "我的表格" / BOOK) == forms_of(EXAMPLE / "我的表格" / BOOK)
