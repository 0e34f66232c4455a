"""The forms in force: the shipped ones, and those of a bureau's own files."""

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
import yaml
from sample_forms import CATALOGUE, FORM, change, places, write_forms

from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.values.decorations import DECORATIONS
from kbxt_merge.model.field import BASIC_TYPES
from kbxt_merge.model.form import RuleUse, Shape
from kbxt_merge.model.text import Words

ROOT = Path(__file__).parents[2]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_forms(tmp_path)


def test_the_shipped_forms_are_in_force_in_the_notice_s_order() -> None:
    forms = load_forms({})
    assert [form.slug for form in forms.forms] == ["1-1", "1-2", "2", "3", "4", "5"]
    assert [form.shape for form in forms.forms] == [Shape.STATISTICS, *[Shape.LIST] * 4, Shape.CARD]
    assert (forms.city, forms.county) == ("赣州市", "赣县区")
    assert forms.by_slug["1-1"].header_rows == 2
    assert forms.by_slug["3"].by_name["sex"].vocabulary is forms.vocabularies["sex"]


def test_a_bureau_s_own_files_make_its_forms(folder: Path) -> None:
    forms = load_forms(CATALOGUE, folder)
    transfers, registration = forms.forms
    assert transfers.rules == (
        RuleUse("date-order", "joined", {"after": "left"}),
        RuleUse("in-list", "name", {"list": "9", "where": {"sex": ("男", "女")}, "filled": "left"}),
        RuleUse("ages", "id_number", {"ages": "compulsory", "together": ("left", "joined"), "note": "说明"}),
    )
    assert (transfers.child_name, transfers.child_id, transfers.record_field) == ("name", "id_number", "name")
    assert registration.bands[0].rows == ((("name", 1), ("phone", 3)), (("guardian", 2), ("guardian_phone", 2)))


def test_a_condition_is_on_the_listed_form_s_fields_or_on_the_form_s_own_as_the_rule_declares(folder: Path) -> None:
    change(folder, "transfers.yaml", 'list: "9", where: {sex: [男, 女]}, filled: left', 'list: "8", own: {sex: 男}')
    assert load_forms(CATALOGUE, folder).forms[0].rules[1].roles == {"list": "8", "own": {"sex": ("男",)}}
    change(folder, "transfers.yaml", "own: {sex: 男}", "where: {sex: 男}")
    assert places(folder) == [("transfers.yaml", "rules[2].where.sex", 16)]


def test_an_empty_catalogue_takes_rules_as_they_are_written(folder: Path) -> None:
    assert load_forms({}, folder).forms[0].rules == load_forms(CATALOGUE, folder).forms[0].rules


def test_a_variant_is_kept_compacted_and_needs_no_quotes(folder: Path) -> None:
    change(folder, "vocabularies.yaml", "男生, 1, M", "男、生, 1, m")
    sex = load_forms(CATALOGUE, folder).vocabularies["sex"]
    assert sex.variants == {"男": "男", "女": "女", "男生": "男", "1": "男", "M": "男", "女生": "女", "NO": "女"}
    assert (sex.blank, sex.decorations, sex.rule) == ("男", ("class_number",), "sex-invalid")


def test_a_label_left_out_is_the_header_without_its_hint(folder: Path) -> None:
    change(folder, "transfers.yaml", "header: 身份证号", 'header: "身份证号\\n（18 位）"')
    field = load_forms(CATALOGUE, folder).forms[0].by_name["id_number"]
    assert field.label == Words("身份证号", "id number")


def test_files_that_a_bureau_does_not_have_are_the_shipped_ones(tmp_path: Path) -> None:
    shipped = resources.files("kbxt_merge.schemas") / "form-3.yaml"
    text = shipped.read_text(encoding="utf-8").replace("header: 家庭住址", "header: 现住址")
    (tmp_path / "form-3.yaml").write_text(text, encoding="utf-8")
    forms = load_forms({}, tmp_path)
    assert forms.by_slug["3"].by_name["address"].header == "现住址"
    assert forms.by_slug["4"].by_name["address"].header == "家庭住址"


def test_a_bureau_s_file_saved_by_notepad_with_a_byte_order_mark_is_read(folder: Path) -> None:
    (folder / "transfers.yaml").write_text(FORM, encoding="utf-8-sig")
    assert places(folder) == []


def keys_of(value: object) -> set[str]:
    if isinstance(value, dict):
        return set(value).union(*map(keys_of, value.values()))
    return set().union(*map(keys_of, value)) if isinstance(value, list) else set()


def test_the_page_on_definitions_explains_every_key_and_type_of_the_shipped_ones() -> None:
    page = (ROOT / "docs/schemas.md").read_text(encoding="utf-8")
    wanted: set[str] = {*BASIC_TYPES, *DECORATIONS}
    for path in (ROOT / "schemas").glob("*.yaml"):
        read = yaml.safe_load(path.read_text(encoding="utf-8"))
        if path.stem == "relations":
            read["statistics"]["counts"] = {}  # by form files, which are a bureau's own names
        if path.stem in ("vocabularies", "stock"):
            wanted |= set().union(*(set(vocabulary) for vocabulary in read.values()))
        elif path.stem == "registers":
            wanted |= set().union(*read.values())
            for register in read.values():
                lines = [line for name in ("knows", "must_stand", "must_return") for line in register.get(name, ())]
                wanted |= set().union(*register["columns"].values(), *lines)
        else:
            wanted |= keys_of({key: value for key, value in read.items() if key != "rules"})
    assert {name for name in wanted if f"`{name}`" not in page} <= {"zh", "en", "id", "band", "rows"}
