"""Every fault of a bureau's files, with its place and the nearest valid name."""

# ruff: noqa: E501 - a fault a line reads as a table

from __future__ import annotations

import re
import shutil
from importlib import resources
from pathlib import Path

import pytest
from sample_forms import CARD, CATALOGUE, FORM, VOCABULARIES, change, places, write_forms

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.definitions.loader import load_forms, read_forms
from kbxt_merge.model.definition_book.shown_names import type_shown

FIELD_SEX = "{name: sex, type: sex, header: 性别}"
FAULTS = {
    "unknown key": ("transfers.yaml", "required: true", "requird: true", "fields[1].requird", 9, "required"),
    "missing key": ("transfers.yaml", ", header: 性别", "", "fields[3]", 11, "header"),
    "unknown type": ("transfers.yaml", "type: sex", "type: sexx", "fields[3].type", 11, "sex"),
    "text instead of flag": ("transfers.yaml", "required: true", "required: 是", "fields[1].required", 9, "true"),
    "list instead of text": ("transfers.yaml", "header: 性别", "header: [性别]", "fields[3].header", 11, ""),
    "text instead of list": ("transfers.yaml", "labels: [学校]", "labels: 学校", "unit_line.labels", 6, ""),
    "text instead of keys": ("transfers.yaml", FIELD_SEX, "sex", "fields[3]", 11, ""),
    "empty text": ("transfers.yaml", "header: 性别", "header: ", "fields[3].header", 11, ""),
    "width not a number": ("transfers.yaml", "header: 性别", "header: 性别, width: 宽", "fields[3].width", 11, ""),
    "rows not a number": ("transfers.yaml", "rules:", "printed_rows: 1.5\nrules:", "printed_rows", 14, ""),
    "name in capitals": ("transfers.yaml", "name: sex", "name: Sex", "fields[3].name", 11, ""),
    "bound of a word": ("transfers.yaml", "header: 性别", "header: 性别, min: 1", "fields[3].min", 11, "min"),
    "bound that is no day": ("transfers.yaml", "group: 转出", "group: 转出, max: 明天", "fields[4].max", 12, "form_day"),
    "places of a word": ("transfers.yaml", "header: 性别", "header: 性别, places: 2", "fields[3].places", 11, "number"),
    "nobody's number": ("transfers.yaml", "header: 身份证号", "header: 身份证号, of: adlut", "fields[2].of", 10, "adult"),
    "circle of nobody": ("transfers.yaml", "header: 性别", "header: 性别, unique: form", "fields[3].unique", 11, "school"),
    "required by no field": (
        "transfers.yaml", "header: 性别", "header: 性别, required: {when: {sexx: 男}}", "fields[3].required.when.sexx", 11, "sex",
    ),
    "condition on no value": (
        "transfers.yaml", "group: 转入", "group: 转入, applies_to: {sex: 男孩}", "fields[5].applies_to.sex", 13, "男",
    ),
    "code without a kind": ("transfers.yaml", FIELD_SEX, "{name: sex, type: code, header: 性别}", "fields[3]", 11, "mask"),
    "unknown kind of code": (
        "transfers.yaml", FIELD_SEX, "{name: sex, type: code, kind: plates, header: 性别}", "fields[3].kind", 11, "plate",
    ),
    "four header rows": ("transfers.yaml", "group: 转出", "group: [甲, 乙, 转出]", "fields[4].group", 12, "2"),
    "rows of a list": ("transfers.yaml", "rules:", "rows: [甲, 乙]\nrules:", "", 1, "rows"),
    "table of a list": ("transfers.yaml", "rules:", "table: {title: 甲, fields: []}\nrules:", "table", 14, "table"),
    "unknown severity": ("transfers.yaml", "after: left", "after: left, severity: worst", "rules[1].severity", 15, "error"),
    "sentence with another place": ("transfers.yaml", "after: left", "after: left, say: '{vlaue}'", "rules[1].say", 15, "value"),
    "name of a records column": ("transfers.yaml", FIELD_SEX, FIELD_SEX.replace("sex,", "cell,", 1), "fields[3].name", 11, "cell"),
    "name twice": ("transfers.yaml", "name: sex", "name: left", "fields[4]", 12, "left"),
    "header twice": ("transfers.yaml", "header: 性别", "header: 姓 名（中文）", "fields[3]", 11, "name"),
    "wording twice": ("transfers.yaml", "header: 性别", "header: 性别, also: [姓名]", "fields[3]", 11, "name"),
    "group torn apart": ("transfers.yaml", "header: 姓名", "header: 年份, group: 转入", "fields[5]", 13, "转入"),
    "key twice": ("transfers.yaml", "header: 性别", "header: 性别, header: 男女", "fields[3].header", 11, "header"),
    "unknown shape": ("transfers.yaml", "shape: list", "shape: lists", "shape", 4, "list"),
    "form number with a blank": ("transfers.yaml", 'form: "9"', 'form: "9 a"', "form", 1, ""),
    "unknown place in the title": ("transfers.yaml", "{year}", "{yaer}", "title", 2, "year"),
    "open brace in the title": ("transfers.yaml", "{year}年", "{year年", "title", 2, ""),
    "child of another type": ("transfers.yaml", "child: {name: name,", "child: {name: sex,", "child.name", 7, "person_name"),
    "child that is no field": ("transfers.yaml", "child: {name: name,", "child: {name: nmae,", "child.name", 7, "name"),
    "child whose sex is a date": ("transfers.yaml", "child: {name: name,", "child: {sex: left, name: name,", "child.sex", 7, "sex"),
    "no child": ("transfers.yaml", "child: {name: name, id: id_number}\n", "", "", 1, "child"),
    "statistics without a school": ("transfers.yaml", "shape: list", "shape: statistics", "", 1, "school"),
    "a list with a layout": ("transfers.yaml", "rules:", "layout: []\nrules:", "layout", 14, ""),
    "a card without a layout": ("card.yaml", CARD[CARD.index("layout") :], "", "", 1, "layout"),
    "layout with an unknown field": ("card.yaml", "[guardian, 2]", "[gaurdian, 2], [guardian, 2]", "layout[1].rows[2][1][1]", 17, "guardian"),
    "layout that leaves a field out": ("card.yaml", "[name, 1], [phone, 3]", "[name, 5]", "layout", 14, "phone"),
    "layout with a field twice": ("card.yaml", "[name, 1], [phone, 3]", "[name, 1], [phone, 1], [name, 1]", "layout[1].rows[1][3][1]", 16, "name"),
    "layout with rows of two widths": ("card.yaml", "[guardian, 2]", "[guardian, 3]", "layout[1].rows[2]", 17, "7"),
    "two equal labels in one row": ("card.yaml", "header: 监护人}", "header: 联系电话}", "layout[1].rows[2][2][1]", 17, "联系电话"),
    "layout without a span": ("card.yaml", "[name, 1], [phone, 3]", "[name, 1], [phone, 3], [name]", "layout[1].rows[1][3]", 16, ""),
    "unknown rule": ("transfers.yaml", "rule: date-order", "rule: date-ordre", "rules[1].rule", 15, "date-order"),
    "rule without a name": ("transfers.yaml", "rule: date-order, ", "", "rules[1]", 15, "rule"),
    "rule that applies by itself": ("transfers.yaml", "{rule: date-order, at: joined, after: left}", "{rule: sex-invalid, at: sex}", "rules[1].rule", 15, "sex-invalid"),
    "rule at no field": ("transfers.yaml", "at: joined", "at: jioned", "rules[1].at", 15, "joined"),
    "rule at a field of another type": ("transfers.yaml", "at: joined", "at: sex", "rules[1].at", 15, "date"),
    "rule given twice": ("transfers.yaml", "rules:", "rules:\n  - {rule: date-order, at: joined, after: left}", "rules[2]", 16, ""),
    "unknown role": ("transfers.yaml", "filled: left", "fileld: left", "rules[2].fileld", 16, "filled"),
    "missing role": ("transfers.yaml", ", after: left", "", "rules[1]", 15, "after"),
    "field of a role unknown": ("transfers.yaml", "after: left", "after: lfet", "rules[1].after", 15, "left"),
    "field of a role of another type": ("transfers.yaml", "after: left", "after: sex", "rules[1].after", 15, "date"),
    "one of several fields unknown": ("transfers.yaml", "[left, joined]", "[left, jioned]", "rules[3].together[2]", 17, "joined"),
    "form of a role not in force": ("transfers.yaml", 'list: "9"', 'list: "7"', "rules[2].list", 16, "8"),
    "foreign field unknown": ("transfers.yaml", "filled: left", "filled: lfet", "rules[2].filled", 16, "left"),
    "condition on no field": ("transfers.yaml", "where: {sex:", "where: {sxe:", "rules[2].where.sxe", 16, "sex"),
    "condition on a field without vocabulary": ("transfers.yaml", "where: {sex:", "where: {left:", "rules[2].where.left", 16, "left"),
    "condition on a variant": ("transfers.yaml", "[男, 女]", "[男, 女生]", "rules[2].where.sex[2]", 16, "女"),
    "unknown choice": ("transfers.yaml", "ages: compulsory", "ages: compulsary", "rules[3].ages", 17, "compulsory"),
    "text of a role empty": ("transfers.yaml", "note: 说明", "note: ", "rules[3].note", 17, ""),
    "variant of two values": ("vocabularies.yaml", "女生, no", "女生, m", "sex.values.女[2]", 8, "男"),
    "variant that is another value": ("vocabularies.yaml", "女生, no", "女生, 男", "sex.values.女[2]", 8, "男"),
    "blank that is no value": ("vocabularies.yaml", "blank: 男", "blank: 男生", "sex.blank", 4, "男"),
    "unknown decoration": ("vocabularies.yaml", "[class_number]", "[class_nunber]", "sex.decorations[1]", 5, "class_number"),
    "rule of a vocabulary unknown": ("vocabularies.yaml", "sex-invalid", "sex-invalit", "sex.rule", 3, "sex-invalid"),
    "form file that is not there": ("bureau.yaml", "transfers,", "transfer,", "forms[1]", 4, "transfers"),
    "form in force twice": ("bureau.yaml", "card]", "card, card]", "forms[3]", 4, "card"),
    "bureau without a county": ("bureau.yaml", "county: 某某区\n", "", "", 1, "county"),
}  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_forms(tmp_path)


@pytest.mark.parametrize(("name", "old", "new", "path", "line", "named"), FAULTS.values(), ids=FAULTS.keys())
def test_a_fault_is_told_with_its_place_and_the_nearest_name(
    folder: Path, name: str, old: str, new: str, path: str, line: int, named: str
) -> None:
    change(folder, name, old, new)
    _, faults = read_forms(CATALOGUE, folder)
    mine = [fault for fault in faults if (Path(fault.file).name, fault.path, fault.line) == (name, path, line)]
    assert len(mine) == 1, [fault.sentence("en") for fault in faults]
    assert any(each in mine[0].words.zh for each in (named, type_shown(named)))
    assert named in mine[0].words.en


def test_a_vocabulary_cannot_take_a_built_in_type_s_name(folder: Path) -> None:
    (folder / "vocabularies.yaml").write_text(VOCABULARIES + "date:\n  values: {今天: []}\n", encoding="utf-8")
    assert places(folder) == [("vocabularies.yaml", "date", 10)]


def test_two_forms_of_one_number_are_a_fault_of_the_second(folder: Path) -> None:
    change(folder, "card.yaml", 'form: "8"', 'form: "9"')
    assert places(folder) == [("card.yaml", "", 1)]


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ('form: "9"\ntitle: "没有完\nshape: list\n', 4),
        ("form: 9\n\ttitle: 制表符\n", 2),
        ("form: 9\ntitle: a\x07b\n", 2),
        ("form: 9\n---\nform: 8\n", 2),
        ("", 1),
    ],
    ids=["open quote", "tabulator", "control character", "two documents", "empty"],
)
def test_what_is_not_yaml_is_told_with_its_line(folder: Path, text: str, line: int) -> None:
    (folder / "transfers.yaml").write_text(text, encoding="utf-8")
    assert places(folder) == [("transfers.yaml", "", line)]


@pytest.mark.parametrize(
    "text",
    [
        "form: &", "form: | 甲", "form: !甲<", "? a: b: c", 'form: "\\q"', "%甲\nform: 1", "form: [1, 2",
        "form: 1\n form: 2", "- a\nform: 1", "form: *a", "form: @甲", "form: {甲, 乙", "form: 甲: 乙",
    ],
)  # fmt: skip
def test_what_libyaml_says_is_told_in_chinese(folder: Path, text: str) -> None:
    (folder / "transfers.yaml").write_text(text, encoding="utf-8")
    _, faults = read_forms(CATALOGUE, folder)
    (told,) = (each.words.zh for each in faults if each.file.endswith("transfers.yaml"))
    assert told.startswith("不是正确的 YAML：")
    assert "格式不对" not in told
    assert not re.search("[a-z]{4}", told)


def test_a_file_in_another_encoding_is_a_fault(folder: Path) -> None:
    (folder / "transfers.yaml").write_text(FORM, encoding="gb18030")
    assert places(folder) == [("transfers.yaml", "", 1)]


@pytest.mark.parametrize("name", ["transfer-2022.yaml", "form-3.yml"])
def test_a_file_that_nothing_names_is_not_left_out_in_silence(folder: Path, name: str) -> None:
    (folder / name).write_text(FORM, encoding="utf-8")
    assert places(folder) == [(name, "", 1)]


def test_a_form_taken_out_of_force_may_stay_in_the_folder(folder: Path) -> None:
    with resources.as_file(resources.files("kbxt_merge.schemas") / "form-3.yaml") as shipped:
        shutil.copy(shipped, folder)
    assert places(folder) == []


def test_a_folder_that_is_not_there_is_a_fault(tmp_path: Path) -> None:
    assert places(tmp_path / "gone") == [("gone", "", 1)]


def test_all_faults_of_all_files_come_at_once_in_both_languages(folder: Path) -> None:
    change(folder, "bureau.yaml", "county: 某某区\n", "contry: 某某区\n")
    change(folder, "vocabularies.yaml", "blank: 男", "blank: 无")
    change(folder, "transfers.yaml", "type: sex", "type: gender")
    change(
        folder,
        "card.yaml",
        "type: phone, header: 联系电话}\n  - {name: guardian,",
        "type: 9, header: 电话}\n  - {name: guardian,",
    )
    with pytest.raises(SchemaError) as caught:
        load_forms(CATALOGUE, folder)
    for language in ("zh", "en"):
        lines = caught.value.sentence(language).splitlines()[1:]
        assert [line.split(".yaml")[0].rpartition("/")[2] for line in lines] == [
            "bureau", "bureau", "vocabularies", "transfers", "card",
        ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "path", "line"),
    [
        ("header: 日期, group: 转出", "header: [日期], group: 转出", "fields[4].header", 12),
        ("type: sex", "type: gender", "fields[3].type", 11),
        ("type: id_number", "type: integer", "fields[2].type", 10),
        ('list: "9"', 'list: "10"', "rules[2].list", 16),
    ],
)
def test_a_fault_breeds_no_second_one(folder: Path, old: str, new: str, path: str, line: int) -> None:
    change(folder, "transfers.yaml", old, new)
    assert places(folder) == [("transfers.yaml", path, line)]


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        ("card.yaml", 'form: "8"', "form: [", ("card.yaml", "", 3)),
        ("card.yaml", 'form: "8"', 'form: ""', ("card.yaml", "form", 1)),
        ("bureau.yaml", "card]", "crad]", ("bureau.yaml", "forms[2]", 4)),
    ],
)
def test_a_form_that_cannot_be_read_is_no_fault_of_the_rules_that_name_it(
    folder: Path, name: str, old: str, new: str, expected: tuple[str, str, int]
) -> None:
    change(folder, "transfers.yaml", 'list: "9", where: {sex: [男, 女]}, filled: left', 'list: "8", where: {name: 甲}')
    change(folder, name, old, new)
    assert places(folder) == [expected]
