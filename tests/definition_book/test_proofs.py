"""`kbxt blanks` hands out no form that its own blank does not survive."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner

from kbxt_merge.cli import main
from kbxt_merge.form_definitions.proving import faults_of, faults_on
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.recognition.printed_labels import PrintedLabels
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.returns import Grid
from kbxt_merge.outputs.blanks.examples import example_rows
from kbxt_merge.rules.catalogue import CATALOGUE

OTHERS = Path(__file__).parent.parent / "forms_of_others"
NINE = sorted(each.name for each in OTHERS.iterdir() if (each / "definition").is_dir())
LISTED, AID, CANTEEN = "01-left-behind-list", "02-aid-list", "05-canteen"


@pytest.mark.parametrize("name", ["", *NINE])
def test_the_six_and_the_nine_survive_their_own_blanks(name: str) -> None:
    forms = load_forms(CATALOGUE, OTHERS / name / "definition" if name else None)
    assert [fault.zh for form in forms.handed_out for fault in faults_of(forms, form)] == []


@pytest.mark.parametrize("name", NINE)
def test_each_definition_is_found_whole_on_the_bureaus_own_blank(name: str) -> None:
    forms = load_forms(CATALOGUE, OTHERS / name / "definition")
    assert [fault.zh for path in (OTHERS / name / "blank").iterdir() for fault in faults_on(path, forms)] == []


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A copy of a definition in which some words are others."""

    def change(name: str, *pairs: tuple[str, str]) -> Path:
        folder = tmp_path / "我的表格"
        shutil.copytree(OTHERS / name / "definition", folder)
        path = next(each for each in folder.iterdir() if each.name not in ("bureau.yaml", "vocabularies.yaml"))
        text = path.read_text(encoding="utf-8")
        for old, new in pairs:
            assert old in text
            text = text.replace(old, new)
        path.write_text(text, encoding="utf-8")
        return folder

    return change


def refused(folder: Path, out: Path) -> str:
    run = CliRunner().invoke(main, ["blanks", "--out", str(out), "--schemas", str(folder)])
    assert run.exit_code == 2, run.output
    assert not out.exists()
    return run.output


def test_a_rule_that_the_example_cannot_keep_is_told(changed: Callable[..., Path], tmp_path: Path) -> None:
    folder = changed(LISTED, ("most: 15, say", "most: 1, say"))
    told = refused(folder, tmp_path / "下发")
    assert "农村留守儿童花名册" in told
    assert "身份证号" in told


def test_two_rules_that_say_the_same_of_each_other_do_not_go_round_in_the_example(changed: Callable[..., Path]) -> None:
    amount = "- {rule: product, at: 金额, of: [补助标准, 月数]}"
    rate = "- {rule: product, at: 补助标准, of: [金额], divided_by: 月数}"
    names = "- {rule: same-as, at: 持卡人姓名, as: 姓名}\n  - {rule: same-as, at: 姓名, as: 持卡人姓名}"
    forms = load_forms(CATALOGUE, changed(AID, (amount, f"{rate}\n  {amount}\n  {names}")))
    assert [fault.zh for fault in faults_of(forms, forms.forms[0])] == []


def test_a_unit_line_that_does_not_name_its_own_label_is_told(changed: Callable[..., Path], tmp_path: Path) -> None:
    folder = changed(CANTEEN, ("labels: [学校]", "labels: [上报机构]"), ("学校（公章）：{school}", "盖章处 {school}"))
    assert "校名前的字样" in refused(folder, tmp_path / "下发")


def test_two_forms_that_are_too_alike_are_told(changed: Callable[..., Path], tmp_path: Path) -> None:
    folder = changed(CANTEEN)
    text = (folder / "食堂.yaml").read_text(encoding="utf-8")
    (folder / "食堂2.yaml").write_text(text.replace('"y5"', '"y6"'), encoding="utf-8")
    bureau = folder / "bureau.yaml"
    bureau.write_text(bureau.read_text(encoding="utf-8").replace("[食堂]", "[食堂, 食堂2]"), encoding="utf-8")
    assert "太像" in refused(folder, tmp_path / "下发")


def test_a_column_of_the_blank_that_is_not_defined_is_told_with_its_cell(changed: Callable[..., Path]) -> None:
    folder = changed(LISTED, ("  - {type: 是否, header: 是否寄宿, required: true, width: 8}\n", ""))
    blank = next((OTHERS / LISTED / "blank").iterdir())
    (fault,) = faults_on(blank, load_forms(CATALOGUE, folder))
    assert "是否寄宿" in fault.zh
    assert "M4" in fault.zh


def test_sound_definitions_are_handed_out(changed: Callable[..., Path], tmp_path: Path) -> None:
    run = CliRunner().invoke(main, ["blanks", "--out", str(tmp_path / "下发"), "--schemas", str(changed(LISTED))])
    assert run.exit_code == 0, run.output
    assert [each.name for each in (tmp_path / "下发").iterdir()] == ["附件1 农村留守儿童花名册.xlsx"]


@pytest.mark.parametrize("bounds", ["min: 2024-05-01", "max: 2020-06-30", "min: 2024-05-01, max: 2024-05-31"])
def test_a_day_that_is_bounded_has_its_example_within(changed: Callable[..., Path], bounds: str) -> None:
    folder = changed("06-school-bus", ("header: 初次领证日期}", f"{bounds}, header: 初次领证日期}}"))
    forms = load_forms(CATALOGUE, folder)
    assert [fault.zh for form in forms.handed_out for fault in faults_of(forms, form)] == []


CLASSES = """
form: "7"
title: 校车运行情况统计表
label: 校车运行情况统计表
shape: rows
version: "1"
unit_line: {labels: [学校], printed: "学校：{school}    {date}"}
rows: [小型, 大型, 合计]
fields:
  - {type: 行名, header: 车型}
  - {type: 人数, header: 核载, min: 1}
  - {type: 人数, header: 乘车, max: 40}
  - {type: 人数, header: 男, group: 其中}
  - {type: 人数, header: 女, group: 其中}
  - {type: 人数, header: 照管员}
rules:
  - {rule: count-sum, at: 乘车, equals: [男, 女]}
  - {rule: count-sum, at: 乘车, at_most: [核载]}
  - {rule: count-sum, at: 照管员, at_least: [乘车]}
  - {rule: row-sum, at: [核载, 乘车, 男, 女, 照管员], row: 合计, equals: [小型, 大型]}
"""


def classes(folder: Path, *more: str, small: str = "小型") -> Forms:
    folder.mkdir()
    (folder / "bureau.yaml").write_text("bureau: 甲县教育局\ncity: 甲市\ncounty: 甲县\nforms: [表]\n", encoding="utf-8")
    text = CLASSES.replace("小型", small) + "".join(f"  - {each}\n" for each in more)
    (folder / "表.yaml").write_text(text, encoding="utf-8")
    return load_forms(CATALOGUE, folder)


def of_rows(folder: Path, *more: str) -> list[str]:
    forms = classes(folder, *more)
    return [fault.zh for fault in faults_of(forms, forms.forms[0])]


def test_printed_rows_are_proven_with_an_example_that_holds_what_is_asked_of_it(tmp_path: Path) -> None:
    assert of_rows(tmp_path / "表格") == []
    form = load_forms(CATALOGUE, tmp_path / "表格").forms[0]
    assert [each["乘车"] for each in example_rows(form, None, None).values()] == ["4", "4", "8"]


@pytest.mark.parametrize(
    "rule",
    [
        "{rule: product, at: 核载, of: [乘车, 照管员]}",
        "{rule: row-sum, at: [核载], row: 小型, equals: [大型, 合计]}",
    ],
)
def test_printed_rows_whose_rules_no_return_can_keep_are_told(rule: str, tmp_path: Path) -> None:
    (fault, *_) = of_rows(tmp_path / "表格", rule)
    assert "“核载”有错" in fault


@pytest.mark.parametrize("typed", ["小型(7-9座)", "小型（7–9座）", "小型（7－9 座）", "小型(7~9座)", "小型（7——9座）"])
def test_a_printed_row_is_known_however_its_dash_is_typed(typed: str, tmp_path: Path) -> None:
    (form,) = classes(tmp_path / "表格", small="小型（7—9座）").forms
    labels = PrintedLabels.of(Grid("表", [[typed]]), form, {"车型": 0})
    assert labels is not None
    assert labels.label(0) == "小型（7—9座）"
