"""How a school's sheets become files: one each, a bundle, a folder, a zip, cards one by one."""

from __future__ import annotations

from collections.abc import Iterable
from random import Random

from fictional.returns import District, File, School, Sheet

FORMS = ("1-1", "1-2", "2", "3", "4", "5")


def _file(path: str, sheets: Iterable[Sheet]) -> list[File]:
    """A file of the sheets, or none where there is nothing to put in."""
    held = list(sheets)
    return [File(path, list(held))] if held else []


def own_files(school: School, sheets: dict[str, list[Sheet]], folder: str = "") -> list[File]:
    """A file a form, named after the school and the form."""
    return [file for form in FORMS for file in _file(f"{folder}{school.name}附件{form}.xlsx", sheets[form])]


def folder(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """Files named after nothing but the form, in a folder named after the school."""
    return [file for form in FORMS for file in _file(f"{school.alias}/附件{form}.xlsx", sheets[form])]


def archive(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """Files in a zip named after the school."""
    return [file for form in FORMS for file in _file(f"{school.name}.zip/附件{form}.xlsx", sheets[form])]


def archived_folder(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """Files in a folder within a zip named after the school."""
    return [file for form in FORMS for file in _file(f"{school.alias}.zip/控辍保学材料/附件{form}.xlsx", sheets[form])]


def bundle(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """One workbook of everything."""
    return _file(f"{school.name}控辍保学材料.xlsx", (sheet for form in FORMS for sheet in sheets[form]))


def lists_and_cards(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """The lists in a bundle, and the cards in two files: a class handed its own in late."""
    half = len(sheets["5"]) // 2
    return [
        *_file(f"{school.alias}（附件1至4）.xlsx", (sheet for form in FORMS[:5] for sheet in sheets[form])),
        *_file(f"{school.alias}附件5（一）.xlsx", sheets["5"][:half]),
        *_file(f"{school.alias}附件5（二）.xlsx", sheets["5"][half:]),
    ]


def single_cards(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """A file a form, and a file a card, in a folder named after the school."""
    files = [file for file in folder(school, sheets) if not file.path.endswith("附件5.xlsx")]
    return files + [File(f"{school.alias}/附件5/{card.records[0].meant['name']}.xlsx", [card]) for card in sheets["5"]]


def nameless(school: School, sheets: dict[str, list[Sheet]]) -> list[File]:
    """Files whose names say nothing of school or form, in a folder that says nothing either."""
    names = ("新建 Microsoft Excel 工作表", "工作簿1", "1616057834", "最终版（改）", "表三", "Book2")
    return [
        file
        for form, name in zip(FORMS, names, strict=True)
        for file in _file(f"收件{school.code[-3:]}/{name}.xlsx", sheets[form])
    ]


PACKINGS = (own_files, bundle, folder, archive, lists_and_cards, own_files, single_cards, archived_folder, nameless)


def pack_plainly(district: District) -> None:
    """Every school returns a file a form, beside each other in the inbox."""
    for school in district.schools:
        district.files += own_files(school, district.sheets[school.name])


def pack_variously(district: District, dice: Random) -> None:
    """Every school in its own way, in several formats."""
    for number, school in enumerate(district.schools):
        for file in PACKINGS[number % len(PACKINGS)](school, district.sheets[school.name]):
            _reformat(file, dice)
            district.files.append(file)


def _reformat(file: File, dice: Random) -> None:
    """Another format for some files; a few carry the extension of another."""
    stem = file.path.removesuffix(".xlsx")
    kind = dice.choices(("xlsx", "xls", "ods", "renamed xlsx", "et"), weights=(80, 8, 6, 3, 3))[0]
    if kind in ("xls", "ods"):
        file.path = f"{stem}.{kind}"
    elif kind == "renamed xlsx":
        file.path, file.suffix = f"{stem}.xls", "xlsx"
    elif kind == "et":
        file.path, file.suffix = f"{stem}.et", "xls"
    file.epoch_1904 = kind == "xlsx" and dice.random() < 0.05
