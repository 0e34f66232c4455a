"""Rules on files and sheets: what came, whose it is, and whether it is a form of this period."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Sequence

from kbxt_merge.model.answer import AnswerStanding
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import FINDING_COLUMNS, FindingColumns, Place, objects
from kbxt_merge.model.form import Shape
from kbxt_merge.model.own_workbook import Mark
from kbxt_merge.model.privacy import Name
from kbxt_merge.model.returned_form import Returned, Standing
from kbxt_merge.model.returns import Reading, address
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words
from kbxt_merge.model.wording import LACKING
from kbxt_merge.rules.checks.file_days import day_of_set_aside, day_of_sheet
from kbxt_merge.rules.checks.file_finding import FileFinding, on_sheet
from kbxt_merge.rules.checks.file_rules import FILE_RULES
from kbxt_merge.rules.checks.file_schools import school_of_sheet, schools_of_rows
from kbxt_merge.rules.checks.file_standing import part, set_aside
from kbxt_merge.rules.checks.reasons import advice, reason
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Work
from kbxt_merge.rules.engine.settled import school_of_file, settled_by

__all__ = ["FILE_RULES", "file_findings"]


def file_findings(district: District) -> FindingColumns:
    """Every finding on the files and sheets of the district."""
    found: list[FileFinding] = []
    settled = settled_by(district)
    for reading in district.readings:
        later = settled.get(reading.file.path)
        found += [_settled(reading, later, district)] if later else _on_file(reading, district)
    found += _answers_not_taken(district)
    for returned in district.returned:
        for check in _checks_on(returned):
            found += check(returned, district)
    found += absent_schools(district)
    return {name: objects(getattr(each, name) for each in found) for name in FINDING_COLUMNS}


def _counts(returned: Returned) -> bool:
    """Whether a form, or another in its stead, counts."""
    return returned.standing is Standing.IN_FORCE or bool(returned.replaced_by)


def _checks_on(returned: Returned) -> Sequence[_Check]:
    """What is asked of a sheet; of a list inside a card only what its card does not say."""
    if returned.standing is not Standing.IN_FORCE:
        return () if returned.form.inside else _ON_SET_ASIDE
    return _ON_LIST_INSIDE if returned.form.inside else _ON_SHEET


def absent_schools(district: District) -> Iterator[FileFinding]:
    """The schools of the roster of which nothing came, and those whose statistics did not come."""
    if district.roster is None or not district.whole:
        return
    known = attendance(Work(district))
    statistics = [form for form in district.forms.forms if form.shape is Shape.STATISTICS]
    came = {school for school, _ in known.returned} | {each.school for each in district.returned if _counts(each)}
    for school in district.roster.schools:
        if school.name in known.unread or not any(form.is_owed_by(school.stage) for form in district.forms.forms):
            continue
        if school.name not in came:
            yield FileFinding("", "school-not-returned", school=school.name).telling(school=school.name)
            continue
        for form in statistics:
            if (school.name, form.slug) not in known.returned and form.is_owed_by(school.stage):
                finding = FileFinding("", "form-not-returned", form=form.slug, school=school.name)
                yield finding.telling(Severity.ERROR, school=school.name, form=form.called, **{LACKING: form.slug})


def _on_file(reading: Reading, district: District) -> Iterator[FileFinding]:
    path = reading.file.path
    if aside := district.decisions.aside(reading.sha256):
        yield FileFinding(path, "file-set-aside").telling(why=aside.reason)
        return
    if path in district.copies:
        original = district.copies[path]
        yield FileFinding(path, "file-duplicate", related=str(Place(original))).telling(original=Name(original))
        return
    if reading.problem:
        school = _only_school(reading.file.path, district)
        why, do = reason(reading.problem), advice(reading.problem)
        yield FileFinding(path, reading.problem.slug, school=school).telling(why=why, do=do)
        return
    severity = Severity.WARNING if reading.sheets else Severity.ERROR
    for sheet in reading.unrecognised:
        school = _only_school(reading.file.path, district)
        what = Words(f"工作表“{sheet}”", f"Sheet “{sheet}”")
        yield FileFinding(path, "form-unrecognised", sheet, school=school).telling(severity, what=what)
    for sheet in reading.texts:
        yield FileFinding(path, "sheet-without-table", sheet).telling(sheet=Name(sheet))
    if not reading.sheets and not reading.unrecognised:
        yield FileFinding(path, "form-unrecognised").telling(Severity.ERROR, what=Words("该文件", "This file"))


def _answers_not_taken(district: District) -> Iterator[FileFinding]:
    """What a school verified to no avail, a line a file and reason."""
    not_taken = Counter(
        (each.answered_in, each.standing)
        for each in district.answers
        if each.confirms and each.standing is not AnswerStanding.TAKEN and each.answered_in not in district.copies
    )
    for (path, standing), count in not_taken.items():
        severity = Severity.WARNING if standing is AnswerStanding.OTHERS else None
        finding = FileFinding(path, "answers-not-taken", school=_only_school(path, district))
        yield finding.telling(severity, count=str(count), why=standing.why, do=standing.what_to_do)


def _settled(reading: Reading, later: str, district: District) -> FileFinding:
    path = reading.file.path
    finding = FileFinding(
        path, "file-settled", school=school_of_file(reading.file, district), related=str(Place(later))
    )
    return finding.telling(why=reason(reading.problem) if reading.problem else "", later=Name(later))


def _only_school(path: str, district: District) -> str:
    """The school of a file, whatever it holds: the one that its forms, or its path, name."""
    named = {each.school for each in district.returned if each.file.path == path}
    if len(named) == 1:
        return named.pop()
    return next((school_of_file(each.file, district) for each in district.readings if each.file.path == path), "")


def _columns(returned: Returned, _: District) -> Iterator[FileFinding]:
    sheet, form = returned.sheet, returned.form
    for name in sheet.missing:
        field = form.by_name[name]
        if field.type != "sequence":
            yield on_sheet(returned, "column-missing", field=name).telling(column=field.label)
    for row, column, header in sheet.unexpected:
        finding = on_sheet(returned, "column-unexpected", address(row, column), value=header)
        yield finding.telling(header=header or Name(address(row, column)))


def _left_out(returned: Returned, _: District) -> Iterator[FileFinding]:
    for row in returned.sheet.left_out:
        if row.doubtful:
            finding = on_sheet(returned, "row-left-out", address(row.row, row.column), value=row.text)
            yield finding.telling(row=str(row.row + 1), reason=row.reason.words)
        fields = {column: name for name, column in returned.sheet.columns.items()}
        for column in filter(fields.__contains__, row.errors):
            place = address(row.row, column)
            yield on_sheet(returned, "error-value", place, fields[column], row.text).telling(Severity.ERROR)


def _struck(returned: Returned, _: District) -> Iterator[FileFinding]:
    sheet, field = returned.sheet, returned.form.record_field
    column = sheet.columns.get(field, min(sheet.columns.values(), default=0))
    for row in sheet.struck:
        yield on_sheet(returned, "row-struck-out", address(row, column), field).telling(row=str(row + 1))


def _hidden(returned: Returned, _: District) -> Iterator[FileFinding]:
    if returned.sheet.hidden and returned.sheet.rows:
        what = [each.partition(" ") for each in returned.sheet.hidden]
        zh = "、".join(f"{_HIDDEN[kind].zh}{rest and ' ' + rest}" for kind, _, rest in what)
        en = ", ".join(f"{_HIDDEN[kind].en}{rest and ' ' + rest}" for kind, _, rest in what)
        yield on_sheet(returned, "hidden-data").telling(what=Words(zh, en))


_HIDDEN = {
    "sheet": Words("整张工作表", "the whole sheet"),
    "rows": Words("行", "rows"),
    "columns": Words("列", "columns"),
}


def _version(returned: Returned, _: District) -> Iterator[FileFinding]:
    marks = returned.sheet.marks
    forms, versions = marks.get(Mark.FORM, "").split(","), marks.get(Mark.VERSION, "").split(",")
    version = dict(zip(forms, versions, strict=False)).get(returned.form.slug, "")
    if version and version != returned.form.version:
        yield on_sheet(returned, "form-version", value=version).telling(found=version, wanted=returned.form.version)


_Check = Callable[[Returned, District], Iterator[FileFinding]]
_ON_SHEET: tuple[_Check, ...] = (
    school_of_sheet,
    schools_of_rows,
    day_of_sheet,
    part,
    _columns,
    _left_out,
    _struck,
    _hidden,
    _version,
)
_ON_LIST_INSIDE: tuple[_Check, ...] = (_columns, _left_out, _struck)
_ON_SET_ASIDE: tuple[_Check, ...] = (set_aside, day_of_set_aside)
