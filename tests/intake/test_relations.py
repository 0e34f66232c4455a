"""What relations.yaml says each form is to the others, and every fault that it can have."""

# ruff: noqa: E501 - a fault a line reads as a table

from __future__ import annotations

from importlib import resources
from pathlib import Path

import pytest
from sample_forms import CATALOGUE, change, write_forms

from kbxt_merge.intake.definitions.loader import load_forms, read_forms
from kbxt_merge.model.definition_book.shown_names import type_shown
from kbxt_merge.model.relations import Closing, Dropouts, Feature, Relations, Returns, Statistics

NAME = "relations.yaml"
FAULTS = {
    "a relation that there is not": ("home_taught: {", "home_tought: {", "home_tought", 29, "home_taught"),
    "a part that there is not": ("dropout_day: dropout", "dropout_days: dropout", "returns.dropout_days", 18, "dropout_day"),
    "a part left out": ("  category: person_category\n  apart", "  apart", "dropouts", 8, "category"),
    "a form left out": ("cards: {form: form-5, persuaded: persuaded}", "cards: {}", "cards", 24, "form"),
    "a form that no file has": ("{form: form-5,", "{form: from-5,", "cards.form", 24, "form-5"),
    "a form by its number": ("form: form-2", 'form: "2"', "returns.form", 17, "form-2"),
    "a list for cards": ("{form: form-5, persuaded: persuaded}", "{form: form-3}", "cards.form", 24, "card"),
    "cards for a list": ("{form: form-3, enrolment: enrolment, in_school: [是]}", "{form: form-5}", "disabled.form", 28, "list"),
    "a field that the form has not": ("return_day: return_date", "return_day: return_dat", "returns.return_day", 19, "return_date"),
    "a day that is a school": ("return_day: return_date", "return_day: return_school", "returns.return_day", 19, "date"),
    "families without a vocabulary": ("category: person_category\n\n", "category: class_name\n\n", "returns.category", 20, "class_name"),
    "a variant for a value": ("[失学辍学]", "[辍学]", "dropouts.dropped_out[1]", 10, "失学辍学"),
    "one value for several": ("[失学辍学]", "失学辍学", "dropouts.dropped_out", 10, ""),
    "counts for a form that no file has": ("form-4: [home", "form-44: [home", "statistics.counts.form-44", 41, "form-4"),
    "a count that is a text": ("[disabled]", "[remark]", "statistics.counts.form-3[1]", 40, "count"),
    "a form without its parts": ("cards: {form: form-5, persuaded: persuaded}", "cards: form-5", "cards", 24, ""),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A bureau's folder with relations of its own: the shipped ones, still unchanged."""
    text = (resources.files("kbxt_merge.schemas") / NAME).read_text(encoding="utf-8")
    (tmp_path / NAME).write_text(text, encoding="utf-8")
    return tmp_path


def test_the_shipped_forms_hang_together() -> None:
    relations = load_forms({}).relations
    assert relations.dropouts == Dropouts(
        "1-2",
        "registration_type",
        ("失学辍学",),
        "person_category",
        ("建档立卡脱贫户", "城镇贫困户"),
        deferred=("缓学休学",),
        cleared=("建档立卡脱贫户",),
    )
    assert relations.returns == Returns("2", "return_date", "dropout_date", "person_category")
    assert relations.statistics is not None
    assert (relations.statistics.form, relations.statistics.brought_back) == ("1-1", "brought_back")
    assert relations.statistics.counts["5"] == ("dropout", "deferred")
    assert relations.same_children == {frozenset({"1-2", "5"}), frozenset({"3", "4"})}
    assert relations.off == ()


@pytest.mark.parametrize(("old", "new", "path", "line", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_place_and_the_nearest_name(
    folder: Path, old: str, new: str, path: str, line: int, named: str
) -> None:
    change(folder, NAME, old, new)
    _, faults = read_forms({}, folder)
    assert [(Path(each.file).name, each.path, each.line) for each in faults] == [(NAME, path, line)]
    assert any(each in faults[0].words.zh for each in (named, type_shown(named)))
    assert named in faults[0].words.en


CLOSINGS = """closings:
  form-3: {where: {enrolment: [是]}}
  form-1-2: {list: form-2, filled: return_date}
  form-6: {filled: remark}
"""


def test_what_closes_a_list_is_read_and_its_faults_are_told(folder: Path) -> None:
    path = folder / NAME
    path.write_text(path.read_text(encoding="utf-8") + CLOSINGS.replace("  form-6: {filled: remark}\n", ""), "utf-8")
    assert load_forms({}, folder).relations.closings == {
        "3": Closing(where={"enrolment": ("是",)}),
        "1-2": Closing("2", "return_date"),
    }
    faulty = CLOSINGS.replace("filled: return_date", "filled: return_dat").replace("[是]", "[入学了]")
    path.write_text((resources.files("kbxt_merge.schemas") / NAME).read_text(encoding="utf-8") + faulty, "utf-8")
    _, faults = read_forms({}, folder)
    assert [each.path for each in faults] == [
        "closings.form-3.where.enrolment[1]",
        "closings.form-1-2.filled",
        "closings.form-6",
    ]


def test_all_faults_come_at_once(folder: Path) -> None:
    change(folder, NAME, "form: form-2\n", "form: form-22\n")
    change(folder, NAME, "{form: form-4}", "{form: form-5}")
    change(folder, NAME, "[disabled]", "[disabledd]")
    _, faults = read_forms({}, folder)
    assert [each.path for each in faults] == ["returns.form", "home_taught.form", "statistics.counts.form-3[1]"]


def test_relations_of_forms_that_are_not_in_force_are_left_out(tmp_path: Path) -> None:
    forms = load_forms(CATALOGUE, write_forms(tmp_path))
    assert forms.relations == Relations()
    assert forms.relations.off == ()  # nothing of it is asked for


def test_a_bureau_may_take_a_form_out_of_force_and_leave_the_relations_as_they_are(tmp_path: Path) -> None:
    bureau = (resources.files("kbxt_merge.schemas") / "bureau.yaml").read_text(encoding="utf-8")
    (tmp_path / "bureau.yaml").write_text(bureau.replace("form-3, form-4, ", ""), encoding="utf-8")
    forms, faults = read_forms({}, tmp_path)
    assert not faults
    assert forms.relations.statistics is not None
    assert set(forms.relations.statistics.counts) == {"1-2", "2", "5"}
    assert [(each.feature, each.missing) for each in forms.relations.off] == [
        (Feature.HOME_TAUGHT_NUMBERS, ("disabled", "home_taught"))
    ]


def test_a_bureau_s_own_form_may_play_the_part(tmp_path: Path) -> None:
    folder = write_forms(tmp_path)
    (folder / NAME).write_text(
        "returns: {form: transfers, return_day: joined}\ncards: {form: card}\n", encoding="utf-8"
    )
    relations = load_forms(CATALOGUE, folder).relations
    assert (relations.returns, relations.cards) == (Returns("9", "joined"), "8")


def test_what_is_off_says_which_relation_is_wanting() -> None:
    statistics = Statistics("1-1", {})
    off = {each.feature: each for each in Relations(statistics=statistics, cards="5").off}
    assert Feature.EMPTY_LISTS not in off
    assert off[Feature.CARRIED_CARDS].missing == ("dropouts",)
    assert off[Feature.MONTHLY_FLOW].missing == ("dropouts", "returns")
    assert all(each.why(language) for each in off.values() for language in ("zh", "en"))
