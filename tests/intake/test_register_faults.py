"""Every fault of a bureau's registers.yaml, with its place and the nearest valid name, in both languages."""

# ruff: noqa: E501 - a fault a line reads as a table

from __future__ import annotations

from pathlib import Path

import pytest
from sample_forms import CATALOGUE, change, places, write_forms

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.definitions.loader import load_forms, read_forms
from kbxt_merge.model.definition_book.shown_names import type_shown

REGISTERS = """\
学籍:
  called: [学籍]
  columns:
    name: {header: 姓名}
    id: {header: 身份证件号}
    gender: {header: 性别, type: sex}
    status: {header: 学生状态, values: {在读: [在校], 辍学: [流失]}}
  marks: [status]
  gone: {status: [辍学]}
  knows:
    - {form: "9", field: sex, column: gender, means: {男: 男}}
    - {form: "9", field: sex, standing: 男}
  must_stand:
    - {form: "9", where: {sex: [男]}}
  must_return:
    - {form: "9", where: {status: [在读]}, not_on: 户籍}
户籍:
  label: {zh: 户籍, en: household register}
  columns: {name: {header: 姓名}, id: {header: 公民身份号码}, number: {header: 户号}}
  marks: [number]
"""
FAULTS = {
    "unknown key": ("called: [学籍]", "caled: [学籍]", "学籍.caled", 2, "called"),
    "label without English": (", en: household register", "", "户籍.label", 18, "en"),
    "text instead of list": ("called: [学籍]", "called: 学籍", "学籍.called", 2, "["),
    "no columns": ("  columns: {name: {header: 姓名}, id: {header: 公民身份号码}, number: {header: 户号}}\n  marks: [number]\n", "  called: [户籍]\n", "户籍", 18, "columns"),
    "no column of names": ("    name: {header: 姓名}\n", "", "学籍", 2, "name"),
    "no column of numbers": (", id: {header: 公民身份号码}", "", "户籍", 18, "id"),
    "column without a header": ("gender: {header: 性别, ", "gender: {", "学籍.columns.gender", 6, "header"),
    "unknown key of a column": ("gender: {header: 性别", "gender: {heder: 男女, header: 性别", "学籍.columns.gender.heder", 6, "header"),
    "unknown type": ("type: sex}", "type: sexx}", "学籍.columns.gender.type", 6, "sex"),
    "a number of another type": ("id: {header: 身份证件号}", "id: {header: 身份证件号, type: text}", "学籍.columns.id", 5, "id_number"),
    "values of names": ("    name: {header: 姓名}\n", "    name: {header: 姓名, values: {甲: []}}\n", "学籍.columns.name", 4, "person_name"),
    "values that are no lists": ("辍学: [流失]", "辍学: 流失", "学籍.columns.status.values.辍学", 7, "["),
    "header twice": ("{header: 性别, type", "{header: 姓 名, type", "学籍.columns.gender", 6, "name"),
    "mark that is no column": ("marks: [status]", "marks: [statsu]", "学籍.marks[1]", 8, "status"),
    "nothing to know it by": ("  marks: [number]\n", "", "户籍", 18, "marks"),
    "gone by no column": ("gone: {status:", "gone: {statsu:", "学籍.gone.statsu", 9, "status"),
    "gone by no value": ("gone: {status: [辍学]}", "gone: {status: [辍学生]}", "学籍.gone.status[1]", 9, "辍学"),
    "line without a form": ('{form: "9", field: sex, column', "{field: sex, column", "学籍.knows[1]", 11, "form"),
    "line without a field": ("field: sex, column", "column", "学籍.knows[1]", 11, "field"),
    "form that is not there": ('must_stand:\n    - {form: "9"', 'must_stand:\n    - {form: "99"', "学籍.must_stand[1].form", 14, "9"),
    "field that is not there": ("field: sex, column", "field: sexx, column", "学籍.knows[1].field", 11, "sex"),
    "column that is not there": ("column: gender", "column: gendre", "学籍.knows[1].column", 11, "gender"),
    "standing for nothing": ("standing: 男", "standing: ", "学籍.knows[2].standing", 12, ""),
    "both column and standing": ("standing: 男", "standing: 男, column: gender", "学籍.knows[2]", 12, "standing"),
    "neither column nor standing": (", standing: 男", "", "学籍.knows[2]", 12, "standing"),
    "standing for no value": ("standing: 男", "standing: 男孩", "学籍.knows[2].standing", 12, "男"),
    "means of no value of the column": ("{男: 男}", "{男孩: 男}", "学籍.knows[1].means.男孩", 11, "男"),
    "means no value of the field": ("{男: 男}", "{男: 男孩}", "学籍.knows[1].means.男", 11, "男"),
    "degree that is no flag": ("{男: 男}", "{男: 男}, degree: 是", "学籍.knows[1].degree", 11, "true"),
    "condition on no field": ("where: {sex: [男]}", "where: {sexx: [男]}", "学籍.must_stand[1].where.sexx", 14, "sex"),
    "condition on no value of the form": ("where: {sex: [男]}", "where: {sex: [男孩]}", "学籍.must_stand[1].where.sex[1]", 14, "男"),
    "condition on no column": ("where: {status: [在读]}", "where: {statsu: [在读]}", "学籍.must_return[1].where.statsu", 16, "status"),
    "condition on no value of the column": ("[在读]}", "[在校]}", "学籍.must_return[1].where.status[1]", 16, "在读"),
    "register that is not there": ("not_on: 户籍", "not_on: 户口", "学籍.must_return[1].not_on", 16, "户籍"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_forms(tmp_path)
    (tmp_path / "registers.yaml").write_text(REGISTERS, encoding="utf-8")
    return tmp_path


def test_registers_without_a_fault_are_read(folder: Path) -> None:
    forms, faults = read_forms(CATALOGUE, folder)
    assert faults == ()
    own = [(each.slug, sorted(each.forms)) for each in forms.registers if each.slug in ("学籍", "户籍")]
    assert own == [("学籍", ["9"]), ("户籍", [])]


def test_own_registers_stand_beside_the_shipped_ones_and_take_one_out(folder: Path) -> None:
    own = "低保:\n  columns: {name: {header: 姓名}, id: {header: 身份证号}}\n  called: [低保]\n脱贫户: off\n"
    (folder / "registers.yaml").write_text(own, encoding="utf-8")
    forms, faults = read_forms(CATALOGUE, folder)
    assert faults == ()
    assert [each.slug for each in forms.registers] == ["学籍", "残疾人证", "户籍", "低保"]


@pytest.mark.parametrize("value", ["on", "关", "[]"])
def test_what_is_no_register_and_not_off_is_a_fault(folder: Path, value: str) -> None:
    (folder / "registers.yaml").write_text(f"脱贫户: {value}\n", encoding="utf-8")
    assert ("registers.yaml", "脱贫户", 1) in places(folder)


@pytest.mark.parametrize(("old", "new", "path", "line", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_of_registers_is_told_once_with_its_place_and_the_nearest_name(
    folder: Path, old: str, new: str, path: str, line: int, named: str
) -> None:
    change(folder, "registers.yaml", old, new)
    [fault] = read_forms(CATALOGUE, folder)[1]
    assert (Path(fault.file).name, fault.path, fault.line) == ("registers.yaml", path, line)
    assert any(each in fault.words.zh for each in (named, type_shown(named)))
    assert named in fault.words.en


def test_a_form_without_children_is_no_register_s(folder: Path) -> None:
    change(folder, "transfers.yaml", "shape: list", "shape: statistics")
    change(folder, "transfers.yaml", "child: {name: name, id: id_number}\n", "")
    change(folder, "transfers.yaml", "{name: sex, type: sex, header: 性别}", "{name: sex, type: school, header: 学校}")
    told = [place for place in places(folder) if place[0] == "registers.yaml"]
    assert ("registers.yaml", "学籍.must_stand[1].form", 14) in told


def test_a_line_about_a_shipped_form_that_is_not_in_force_is_left_out(folder: Path) -> None:
    change(
        folder, "registers.yaml", 'must_stand:\n    - {form: "9"', 'must_stand:\n    - {form: "1-2"}\n    - {form: "9"'
    )
    assert places(folder) == []


def test_the_sentences_name_file_line_and_key(folder: Path) -> None:
    change(folder, "registers.yaml", "column: gender", "column: gendre")
    with pytest.raises(SchemaError) as caught:
        load_forms(CATALOGUE, folder)
    file = folder / "registers.yaml"
    assert caught.value.sentence("zh").splitlines()[1] == (
        f"{file} 第 11 行 学籍.knows[1].column：没有名为“gendre”的比对库的栏目，是否“gender”？"
    )
    assert caught.value.sentence("en").splitlines()[1] == (
        f"{file}, line 11, 学籍.knows[1].column: no column of the register is called `gendre`; is it `gender`?"
    )
