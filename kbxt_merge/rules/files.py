"""Rules on files and sheets: what came, whose it is, and whether it is a form of this period."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass

import pandas as pd

from kbxt_merge.model.district import District, NamedBy, Returned, Standing
from kbxt_merge.model.finding import FINDING_COLUMNS, Place
from kbxt_merge.model.form import Shape
from kbxt_merge.model.rule_card import RuleCard, Severity
from kbxt_merge.model.school import Roster
from kbxt_merge.model.submission import Reading, address
from kbxt_merge.model.text import Words, mask, plain
from kbxt_merge.rules.attendance import attendance, statistics_form
from kbxt_merge.rules.file_words import FILE_RULES, STATISTICS_NOT_RETURNED
from kbxt_merge.rules.reasons import reason
from kbxt_merge.rules.rule import Work

__all__ = ["FILE_RULES", "file_findings"]

_CARDS: Mapping[str, RuleCard] = {**FILE_RULES, "form-not-returned": STATISTICS_NOT_RETURNED}

_TITLE_TERM = re.compile(r"(20[0-9]{2})年?(春|秋)?")


@dataclass(slots=True)
class FileFinding:
    """One finding on a file or a sheet, with the fields of FINDING_COLUMNS."""

    file: str
    rule: str
    sheet: str = ""
    cell: str = ""
    form: str = ""
    school: str = ""
    field: str = ""
    severity: str = ""
    value: str = ""
    message_zh: str = ""
    message_en: str = ""
    suggestion: str = ""
    related: str = ""
    record: int = -1


def file_findings(district: District) -> pd.DataFrame:
    """Every finding on the files and sheets of the district, as a findings frame."""
    found: list[FileFinding] = []
    for reading in district.readings:
        found += _on_file(reading, district)
    for returned in district.returned:
        for judge in _ON_SET_ASIDE if returned.standing is not Standing.IN_FORCE else _ON_SHEET:
            found += judge(returned, district)
    found += absent_schools(district)
    return pd.DataFrame([asdict(each) for each in found], columns=list(FINDING_COLUMNS))


def absent_schools(district: District) -> Iterator[FileFinding]:
    """The schools of the roster of which nothing came, and those whose statistics did not come."""
    if district.roster is None or not district.whole:
        return
    known = attendance(Work(district))
    statistics = district.forms.by_slug.get(statistics_form(district))
    came = {school for school, _ in known.returned} | {each.school for each in district.returned}
    for school in district.roster.schools:
        if school.name in known.unread:
            continue
        if school.name not in came:
            yield worded(FileFinding("", "school-not-returned", school=school.name), school=school.name)
        elif statistics and (school.name, statistics.slug) not in known.returned:
            finding = FileFinding("", "form-not-returned", form=statistics.slug, school=school.name)
            yield worded(finding, school=school.name, form=statistics.attachment)


def worded(finding: FileFinding, severity: Severity | None = None, **facts: Words | str) -> FileFinding:
    """The finding with its severity and its sentences, each fact in its place."""
    card: RuleCard = _CARDS[finding.rule]
    zh = {name: fact.zh if isinstance(fact, Words) else mask(fact) for name, fact in facts.items()}
    en = {name: fact.en if isinstance(fact, Words) else mask(fact) for name, fact in facts.items()}
    finding.severity = (severity or card.severity).value
    finding.message_zh, finding.message_en = card.message.zh.format(**zh), card.message.en.format(**en)
    return finding


def _on_file(reading: Reading, district: District) -> Iterator[FileFinding]:
    path = reading.file.path
    if path in district.copies:
        original = district.copies[path]
        yield worded(FileFinding(path, "file-duplicate", related=str(Place(original))), original=original)
        return
    if reading.problem:
        school = _only_school(reading, district)
        yield worded(FileFinding(path, reading.problem.slug, school=school), why=reason(reading.problem))
        return
    severity = Severity.WARNING if reading.sheets else Severity.ERROR
    for sheet in reading.unrecognised:
        school = _only_school(reading, district)
        yield worded(FileFinding(path, "form-unrecognised", sheet, school=school), severity, sheet=sheet)
    for sheet in reading.texts:
        yield worded(FileFinding(path, "sheet-without-table", sheet), sheet=sheet)
    if not reading.sheets and not reading.unrecognised:
        yield worded(FileFinding(path, "form-unrecognised"), Severity.ERROR, sheet="、".join(reading.texts))


def _only_school(reading: Reading, district: District) -> str:
    """The school of a file that holds no form we know: the one its other sheets, or its path, name."""
    named = {each.school for each in district.returned if each.file.path == reading.file.path}
    if len(named) == 1:
        return named.pop()
    if district.roster is None:
        return ""
    parts = reversed(reading.file.path.split("/"))
    return next((school.name for part in parts if (school := district.roster.named_in(part))), "")


def _finding(returned: Returned, rule: str, cell: str = "", field: str = "", value: str = "") -> FileFinding:
    place = FileFinding(returned.file.path, rule, returned.sheet.sheet, cell, returned.form.slug, returned.school)
    place.field, place.value = field, value
    return place


def _superseded(returned: Returned, _: District) -> Iterator[FileFinding]:
    finding = _finding(returned, "file-superseded")
    finding.related = str(Place(returned.replaced_by))
    yield worded(finding, later=returned.replaced_by, left=str(returned.left_behind), form=returned.form.attachment)


def _school(returned: Returned, district: District) -> Iterator[FileFinding]:
    """Nobody named, a name nobody knows, or two names; a card has no unit line to name it."""
    sheet, cell = returned.sheet, returned.sheet.unit_cell
    if not sheet.unit:
        is_card = returned.form.shape is Shape.CARD
        if returned.named_by is NamedBy.NOBODY:
            yield worded(_finding(returned, "school-missing"), Severity.ERROR, how=_NOBODY)
        elif not is_card:
            yield worded(_finding(returned, "school-missing"), how=_TAKEN[returned.named_by], school=returned.school)
        return
    if district.roster is None:
        return
    if returned.unit is None:
        yield _unknown(returned, cell, sheet.unit, district.roster)
    elif returned.path and returned.path.name != returned.unit.name:
        finding = _finding(returned, "school-conflict", cell, "school", sheet.unit)
        yield worded(finding, unit=returned.unit.name, path=returned.path.name)


def _schools_of_rows(returned: Returned, district: District) -> Iterator[FileFinding]:
    """The names that nobody knows among the rows of a statistics sheet; in a single row the unit line counts."""
    sheet, form, roster = returned.sheet, returned.form, district.roster
    if form.shape is not Shape.STATISTICS or roster is None or len(sheet.rows) < 2:
        return
    cells = sheet.cells.get(form.record_field, ())
    for row, cell in zip(sheet.rows, cells, strict=False):
        if isinstance(cell, str) and plain(cell) and roster.find(cell) is None:
            yield _unknown(returned, address(row, sheet.columns[form.record_field]), cell, roster)


def _unknown(returned: Returned, cell: str, name: str, roster: Roster) -> FileFinding:
    finding = _finding(returned, "school-unknown", cell, "school", name)
    nearest = roster.nearest(name)
    finding.suggestion = nearest.name if nearest else ""
    return worded(finding, name=name)


_NOBODY = Words("也没有文件名、文件夹名可以说明", "and neither file nor folder names one")
_TAKEN: Mapping[NamedBy, Words] = {
    NamedBy.PATH: Words("已按文件名或文件夹名归入该校", "the file's or folder's name was taken"),
    NamedBy.BUNDLE: Words("已按同一工作簿的其他表归入该校", "the other sheets of the workbook name it"),
    NamedBy.MARK: Words("已按下发表格的标记归入该校", "the mark of the blank names it"),
    NamedBy.ROW: Words("已按表内“学校”一栏归入该校", "the rows of the sheet name it"),
    NamedBy.LIST: Words("已按该生所在的名单归入该校", "the list that holds the child names it"),
}


def _dates(returned: Returned, district: District) -> Iterator[FileFinding]:
    sheet, period = returned.sheet, district.period
    if sheet.date is None:
        yield worded(_finding(returned, "fill-date-missing"))
    elif not period.is_near(sheet.date.first, sheet.date.last):
        finding = _finding(returned, "period-mismatch", sheet.date_cell, value=sheet.date.typed)
        yield worded(finding, found=sheet.date.typed, period=period.label)
        return
    named = _TITLE_TERM.search(plain(sheet.title))
    if named and period.term and not _same_term(named, district):
        yield worded(_finding(returned, "period-mismatch", value=sheet.title), found=named[0], period=period.label)


def _same_term(named: re.Match[str], district: District) -> bool:
    period = district.period
    years = {period.first.year, period.last.year}
    if int(named[1]) not in years:
        return False
    return named[2] is None or named[2] == period.term


def _columns(returned: Returned, _: District) -> Iterator[FileFinding]:
    sheet, form = returned.sheet, returned.form
    for name in sheet.missing:
        field = form.by_name[name]
        if field.type != "sequence":
            yield worded(_finding(returned, "column-missing", field=name), column=field.label)
    for row, column, header in sheet.unexpected:
        finding = _finding(returned, "column-unexpected", address(row, column), value=header)
        yield worded(finding, header=header or address(row, column))


def _hidden(returned: Returned, _: District) -> Iterator[FileFinding]:
    if returned.sheet.hidden and returned.sheet.rows:
        what = [each.partition(" ") for each in returned.sheet.hidden]
        zh = "、".join(f"{_HIDDEN[kind].zh}{rest and ' ' + rest}" for kind, _, rest in what)
        en = ", ".join(f"{_HIDDEN[kind].en}{rest and ' ' + rest}" for kind, _, rest in what)
        yield worded(_finding(returned, "hidden-data"), what=Words(zh, en))


_HIDDEN = {
    "sheet": Words("整张工作表", "the whole sheet"),
    "rows": Words("行", "rows"),
    "columns": Words("列", "columns"),
}


def _version(returned: Returned, _: District) -> Iterator[FileFinding]:
    marks = returned.sheet.marks
    forms, versions = marks.get("kbxt_form", "").split(","), marks.get("kbxt_version", "").split(",")
    version = dict(zip(forms, versions, strict=False)).get(returned.form.slug, "")
    if version and version != returned.form.version:
        yield worded(_finding(returned, "form-version", value=version), found=version, wanted=returned.form.version)


_Judge = Callable[[Returned, District], Iterator[FileFinding]]
_ON_SHEET: tuple[_Judge, ...] = (_school, _schools_of_rows, _dates, _columns, _hidden, _version)
_ON_SET_ASIDE: tuple[_Judge, ...] = (_superseded,)
