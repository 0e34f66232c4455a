"""Another year's definitions: what was renamed keeps its thread, and what nobody says the name of is told."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

from bureau_rounds import SCHOOLS, Bureau, Round, id_number, listed, reading
from click.testing import CliRunner

import kbxt_merge.schemas
from kbxt_merge.cli import main
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.model.forms import Forms
from kbxt_merge.rules.catalogue import CATALOGUE

SHIPPED = Path(kbxt_merge.schemas.__path__[0])
HERE = SCHOOLS[0]
GONE, STAYS = listed("赖晓青", id_number(101)), listed("谢松林", id_number(102))


def changed(folder: Path, **files: tuple[str, str]) -> Forms:
    """The shipped definitions, in each of these files one text put in the place of another."""
    folder.mkdir()
    for name, (old, new) in files.items():
        text = (SHIPPED / f"{name.replace('_', '-')}.yaml").read_text(encoding="utf-8")
        assert old in text
        (folder / f"{name.replace('_', '-')}.yaml").write_text(text.replace(old, new), encoding="utf-8")
    return load_forms(CATALOGUE, folder)


def second_year(tmp_path: Path, forms: Forms, slug: str = "1-2", renamed: tuple[str, str] = ("", "")) -> Round:
    """A year in which one of two dropouts is no longer heard of, under other definitions than the year before."""
    bureau = Bureau(tmp_path / "out")
    bureau.merge("2021春", [reading(HERE, {"1-2": [GONE, STAYS]}, "2021-03-10")])
    old, new = renamed
    row = {new if name == old else name: value for name, value in STAYS.items()}
    later = replace(bureau, forms=forms)
    file = reading(HERE, {slug: [row]}, "2021-09-10", forms=forms)
    return later.merge("2021秋", [file], "2021-09-12T09:00:00+08:00")


VANISHED = [("vanished-without-return", HERE, "")]


def test_a_value_that_is_called_otherwise_now_is_read_by_its_variants(tmp_path: Path) -> None:
    files = {
        "vocabularies": ("    失学辍学: [失学,", "    辍学失学儿童: [失学辍学, 失学,"),
        "form_1_1": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "form_1_2": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "form_2": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "form_5": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "relations": ("dropped_out: [失学辍学]", "dropped_out: [辍学失学儿童]"),
    }
    made = second_year(tmp_path, changed(tmp_path / "own", **files))
    assert made.found("vanished-without-return") == VANISHED
    assert made.district.gaps == ()


def test_a_value_that_nothing_leads_to_now_is_told(tmp_path: Path) -> None:
    files = {
        "vocabularies": ("    失学辍学: [失学, 辍学, 失学、辍学,", "    辍学失学儿童: [失学, 辍学,"),
        "form_1_1": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "form_1_2": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "form_2": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "form_5": ("registration_type: 失学辍学", "registration_type: 辍学失学儿童"),
        "relations": ("dropped_out: [失学辍学]", "dropped_out: [辍学失学儿童]"),
    }
    forms = changed(tmp_path / "own", **files)
    made = second_year(tmp_path, forms)
    assert made.found("vanished-without-return") == []
    assert [gap.what.zh for gap in made.district.gaps] == ["附件 1-2的“登记类型”上期填“失学辍学”的 2 条记录"]


def test_a_field_that_is_called_otherwise_now_keeps_its_thread(tmp_path: Path) -> None:
    made = second_year(
        tmp_path, renamed_field(tmp_path, "was: registration_type, "), renamed=("registration_type", "kind")
    )
    assert made.found("vanished-without-return") == VANISHED
    assert made.district.gaps == ()


def test_a_field_of_which_nobody_says_what_it_was_called_is_told(tmp_path: Path) -> None:
    made = second_year(tmp_path, renamed_field(tmp_path, ""), renamed=("registration_type", "kind"))
    assert made.found("vanished-without-return") == []
    assert [gap.what.zh for gap in made.district.gaps] == ["附件 1-2的“登记类型”"]


def renamed_field(tmp_path: Path, was: str) -> Forms:
    """The register of dropouts with another name for the registration."""
    folder = tmp_path / "own"
    folder.mkdir()
    for name in ("form-1-1", "form-1-2", "form-2", "form-5", "relations"):
        text = (SHIPPED / f"{name}.yaml").read_text(encoding="utf-8")
        text = text.replace("{registration_type:", "{kind:").replace("name: registration_type,", f"name: kind, {was}")
        text = text.replace("registration: registration_type", "registration: kind")
        (folder / f"{name}.yaml").write_text(text, encoding="utf-8")
    return load_forms(CATALOGUE, folder)


def renumbered(tmp_path: Path, was: str) -> Forms:
    """The register of dropouts under another number."""
    folder = tmp_path / "own"
    folder.mkdir()
    for path in SHIPPED.glob("form-*.yaml"):
        text = path.read_text(encoding="utf-8").replace('list: "1-2"', 'list: "7"')
        text = text.replace('form: "1-2"', f'form: "7"{was}')
        (folder / path.name).write_text(text, encoding="utf-8")
    return load_forms(CATALOGUE, folder)


def test_a_form_that_has_another_number_now_keeps_its_thread(tmp_path: Path) -> None:
    made = second_year(tmp_path, renumbered(tmp_path, '\nwas: "1-2"'), "7")
    assert made.found("vanished-without-return") == VANISHED
    assert made.district.gaps == ()


def test_a_form_number_that_no_form_had_is_told(tmp_path: Path) -> None:
    made = second_year(tmp_path, renumbered(tmp_path, ""), "7")
    assert made.found("vanished-without-return") == []
    assert [gap.what.zh for gap in made.district.gaps] == ["上期表 1-2 的 2 条记录"]


def test_what_can_t_be_compared_stands_in_the_report_the_log_and_on_the_terminal(tmp_path: Path) -> None:
    nine = Path(__file__).parent.parent / "forms_of_others" / "10-suspected"
    shutil.copytree(nine / "inbox", tmp_path / "inbox")
    shutil.copy(nine / "学校名册.xlsx", tmp_path)
    shutil.copytree(nine / "definition", tmp_path / "own")
    place = ["--schemas", str(tmp_path / "own"), "--out", str(tmp_path / "out")]
    runner = CliRunner()
    first = runner.invoke(
        main, ["merge", str(tmp_path / "inbox"), "--period", "2021春", "--as-of", "2021-09-12", *place]
    )
    assert first.exit_code == 0, first.output
    form = tmp_path / "own" / "疑似辍学台账.yaml"
    form.write_text(form.read_text(encoding="utf-8").replace('form: "y10"', 'form: "y11"'), encoding="utf-8")
    second = runner.invoke(
        main, ["merge", str(tmp_path / "inbox"), "--period", "2021秋", "--as-of", "2021-09-12", *place]
    )
    assert second.exit_code == 0, second.output
    said = "上期表 y10 的 3 条记录"
    assert said in second.output
    assert said in (tmp_path / "out" / "核查报告.html").read_text(encoding="utf-8")
    assert said in (tmp_path / "out" / "data" / "log").read_text(encoding="utf-8")
    assert said in (tmp_path / "out" / "data" / "run.json").read_text(encoding="utf-8")
