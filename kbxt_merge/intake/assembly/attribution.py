"""Whose each returned form is: the unit line says it, else the title, a blank's mark, the tab, the path, a stamp, the
bundle, the list."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import groupby, islice
from operator import attrgetter

from kbxt_merge.intake.assembly.children import children_of
from kbxt_merge.model.cell import shown
from kbxt_merge.model.decision import NONE_YET, Decisions
from kbxt_merge.model.form import Form, Shape
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.own_workbook import Mark
from kbxt_merge.model.returned_form import NamedBy, Returned
from kbxt_merge.model.returns import Reading, Sheet, SourceFile
from kbxt_merge.model.school import Roster, School, name_of_school
from kbxt_merge.model.text import plain

_TITLE = re.compile(r"附件|表|台账|名[单册]|统计|汇总|情况")
_AROUND_PLACE = re.compile(r"附件[0-9一二三四五.-]*|^[0-9]{1,2}[.、-]|[(（]?[0-9]+[人名][)）]?|[()（）【】\[\]]|中心$")
"""What stands around a place in a tab: `附件3（桃源）`, `2.石桥`, `桃源2人`."""

_SCHOOL_TAB = re.compile(r"[\u4e00-\u9fff]{2,}(?:[中小]学?|学校|教学点|中心校)")
"""A tab that reads like a school: 坪田小, 坪田小学."""


def returned_forms(
    readings: Iterable[Reading], forms: Forms, roster: Roster | None, decisions: Decisions = NONE_YET
) -> list[Returned]:
    """One entry a form found in these files, each with its school as far as anything names it: the bureau first."""
    returned: list[Returned] = []
    for reading in readings:
        path, owner = school_of_file(reading.file, roster), decisions.owner(reading.sha256)
        own = [_named(reading, sheet, forms.by_slug[sheet.form], roster, path, owner) for sheet in reading.sheets]
        returned += _name_by_bundle(own)
    return _name_cards_by_list(returned)


def school_of_file(file: SourceFile, roster: Roster | None) -> School | None:
    """The school that a file's path tells, else the sender of the mail that it lies in."""
    return school_of_path(file.path, roster) or school_of_sender(file, roster)


def school_of_sender(file: SourceFile, roster: Roster | None) -> School | None:
    """The school that the roster knows by the address from which a mail came that was saved as a file."""
    return roster.of_address(file.sender) if roster else None


def school_of_path(path: str, roster: Roster | None) -> School | None:
    """The school that the file's own name tells, else the folder nearest to it."""
    if roster is None:
        return None
    return next((school for part in reversed(path.split("/")) if (school := roster.named_in(part))), None)


def _named(
    reading: Reading, sheet: Sheet, form: Form, roster: Roster | None, path: School | None, owner: str
) -> Returned:
    bare = Returned(reading.file, sheet, form, path=path, day=sheet.date.last if sheet.date else None)
    if owner:
        return replace(bare, school=owner, listed=roster.find(owner) if roster else None, named_by=NamedBy.DECISION)
    written = name_of_school(sheet.unit or "")
    unit = roster.find(written) if roster and written else None
    if village := _of_block(sheet, unit or path, roster):
        named_by = NamedBy.UNIT_LINE if written else NamedBy.TITLE
        return replace(bare, school=village.name, listed=village, unit=village, named_by=named_by)
    if written:
        name = unit.name if unit else written
        return replace(bare, school=name, listed=unit, unit=unit, named_by=NamedBy.UNIT_LINE)
    for named_by, school in _named_besides(sheet, roster, path):
        if school:
            return replace(bare, school=school.name, listed=school, named_by=named_by)
    of_rows = _schools_of_rows(sheet, form, roster)
    if len(of_rows) == 1:
        return replace(bare, school=of_rows[0].name, listed=of_rows[0], named_by=NamedBy.ROW)
    if of_rows:
        return replace(bare, named_by=NamedBy.ROW)
    stamp = roster.find(sheet.stamp) if roster and sheet.stamp else None
    return replace(bare, school=stamp.name, listed=stamp, named_by=NamedBy.STAMP) if stamp else bare


def _of_block(sheet: Sheet, around: School | None, roster: Roster | None) -> School | None:
    """The school that stands alone above a block of a list, where the list can be its central school's."""
    school = (roster.find(sheet.block) or roster.of_place(sheet.block)) if roster and sheet.block else None
    if not roster or not school or around is None or around is school:
        return school
    return school if around.is_central or roster.belong_together(around, school) else None


def _named_besides(sheet: Sheet, roster: Roster | None, path: School | None) -> Iterator[tuple[NamedBy, School | None]]:
    """What names a sheet's school where the unit line does not, the nearest to its table first."""
    if roster is None:
        return
    yield NamedBy.TITLE, next(filter(None, (_of_heading(text, roster) for text in sheet.headings)), None)
    yield NamedBy.MARK, roster.of_code(sheet.marks.get(Mark.SCHOOL_CODE, ""))
    tab = _AROUND_PLACE.sub("", plain(sheet.sheet))
    yield (
        NamedBy.TAB,
        roster.named_in(sheet.sheet) or roster.of_place(sheet.sheet) or roster.of_place(tab) or roster.find(tab),
    )
    yield NamedBy.PATH, path


def _of_heading(text: str, roster: Roster) -> School | None:
    """The school that a title names, or whose name stands alone above a table."""
    return roster.find(text) or (roster.named_in(text) if _TITLE.search(text) else None)


def _schools_of_rows(sheet: Sheet, form: Form, roster: Roster | None) -> list[School]:
    """The schools that the rows of a sheet name; none where one of them names nobody of the roster."""
    cells = sheet.cells.get(form.record_field, ()) if form.shape is Shape.STATISTICS else sheet.row_schools
    if roster is None:
        return []
    found = [roster.find(name_of_school(shown(cell))) for cell in cells]
    known = {school.name: school for school in found if school}
    return list(known.values()) if all(found) else []


def _name_by_bundle(own: Sequence[Returned]) -> list[Returned]:
    """Sheets that nothing names take the one school that the other sheets of their file name."""
    named = {each.school: each for each in own if each.school}
    if len(named) != 1:
        return list(own)
    (other,) = named.values()
    return [
        each
        if each.school or (other.named_by is NamedBy.TAB and _tab_is_school(each.sheet))
        else replace(each, school=other.school, listed=other.listed, named_by=NamedBy.BUNDLE)
        for each in own
    ]


def _tab_is_school(sheet: Sheet) -> bool:
    """Whether a tab reads like a school, though none that the roster knows."""
    return _SCHOOL_TAB.fullmatch(_AROUND_PLACE.sub("", plain(sheet.sheet))) is not None


def _name_cards_by_list(returned: Sequence[Returned]) -> list[Returned]:
    """Cards that nothing names take the one school whose list of children holds the card's child."""
    nameless = [each for each in returned if not each.school and each.form.shape is Shape.CARD]
    keys = {id(card): own for card, own in zip(nameless, _known_by(nameless), strict=True)}
    wanted = {key for own in keys.values() for key in own}
    sources = _only_sources(returned, wanted) if wanted else {}
    named = [_named_by_list(each, keys.get(id(each), ()), sources) for each in returned]
    files = groupby(named, key=attrgetter("file.path"))
    return [each for _, own in files for each in _name_by_bundle(list(own))]


def _only_sources(returned: Sequence[Returned], wanted: set[str]) -> dict[str, Returned]:
    """A list of the one school that lists a child, for those that are known by one of these."""
    lists = [each for each in returned if each.form.shape is Shape.LIST and each.form.child_id and each.school]
    by_child: dict[str, dict[str, Returned]] = {}
    for each, keys in zip(lists, _known_by(lists), strict=True):
        for key in wanted.intersection(keys):
            by_child.setdefault(key, {})[each.school] = each
    return {key: next(iter(schools.values())) for key, schools in by_child.items() if len(schools) == 1}


def _named_by_list(card: Returned, keys: Sequence[str], sources: Mapping[str, Returned]) -> Returned:
    """The card with the school that lists its child: by ID number, else by a name that only one school lists."""
    source = next((sources[key] for key in keys if key in sources), None)
    if source is None:
        return card
    return replace(card, school=source.school, listed=source.listed, named_by=NamedBy.LIST)


def _known_by(returned: Sequence[Returned]) -> list[list[str]]:
    """By what the children of each form are known: their sound ID numbers, then their names."""
    children = children_of(returned)  # of all at once: numbers are judged by columns
    ids, names = iter(children.ids.tolist()), iter(children.names.tolist())
    lengths = [len(each.sheet.rows) for each in returned]
    return [[key for key in (*islice(ids, length), *islice(names, length)) if key] for length in lengths]
