"""Rules on the statistics against the lists, and on forms that the statistics say must exist."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from kbxt_merge.model.cell import CellState
from kbxt_merge.model.district import Flags, Records, Texts
from kbxt_merge.model.finding import Place
from kbxt_merge.model.rule import Role, Scope, Severity
from kbxt_merge.model.wording import LACKING
from kbxt_merge.rules.children.matching import children
from kbxt_merge.rules.engine.attendance import attendance
from kbxt_merge.rules.engine.rule import Context, Result, Work, alike, positions, rule, texts


@rule(
    "count-list-mismatch",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("人数与名单不符（人账不符）", "count differs from the list"),
    message=(
        "“{field}”填 {value}，但本校{list} 名单中为 {expected} 人，两处不一致，请核对更正。",
        "{field} says {value}, but the list ({list}) holds {expected} such children; correct one of them.",
    ),
    when=(
        "统计表的人数与本校名单的人数不同",
        "a count differs from the persons in the school's list, each counted once",
    ),
    at_types=("count",),
    roles={
        "list": Role("form"),
        "where": Role("foreign_where", required=False),
        "filled": Role("foreign", required=False, types=("date",)),
    },
)
def count_list_mismatch(context: Context) -> Result:
    """Not the number of persons in the school's list; not judged while the list has rows that can't be counted."""
    listed = context.district.records[context.role("list")]
    conditions, filled = context.role("where") or {}, context.role("filled")
    counted_rows = listed.holding(conditions)
    if filled:
        counted_rows &= listed.values[filled].notna().to_numpy(dtype=bool)
    doubtful = _uncountable(listed, (*conditions, *([filled] if filled else [])))
    schools = context.records.school
    counted = _persons_of(context.work, listed, counted_rows, schools)
    typed = context.values().fillna(0).to_numpy(dtype=np.int64)
    known = attendance(context.work)
    came = known.came(schools, listed.form.slug)
    unsound = context.unsound(context.at)
    unsure = np.isin(schools.astype(str), np.unique(listed.school[doubtful].astype(str)))
    unsure |= known.doubts(schools) & (typed == 0)
    judged = context.filled(context.at) & came & ~unsound & ~unsure
    facts = {"expected": counted.astype(str).astype(object), "list": alike(len(schools), listed.form.called)}
    return Result(judged & (typed != counted), facts, related=_sheets_of(context, listed), unchecked=unsound | unsure)


def _persons_of(work: Work, listed: Records, counted: Flags, schools: Texts) -> npt.NDArray[np.int64]:
    """For each school how many persons stand in these rows of its list, each once."""
    slug = listed.form.slug
    person = children(work, slug).persons
    school, names = work.once(("schools listed", slug), lambda: pd.factorize(listed.school))
    width = len(person) + 1
    once = np.unique(school[counted].astype(np.int64) * width + person[counted])
    counts = np.append(np.bincount(once // width, minlength=len(names)), 0)  # of a school without a list none
    found: npt.NDArray[np.int64] = counts[pd.Index(names, dtype=object).get_indexer(pd.Index(schools, dtype=object))]
    return found


def _uncountable(listed: Records, names: tuple[str, ...]) -> Flags:
    """The rows of a list of which nobody can tell whether they count: a field they hang on can't be read."""
    flags = np.zeros(len(listed), dtype=bool)
    for name in names:
        flags |= listed.bears_error(name) | (listed.states[name] == CellState.ABSENT)
    return flags


def _sheets_of(context: Context, listed: Records) -> Texts:
    """For each record the sheets on which its school returned the list, as related places."""

    def make() -> Texts:
        sheets: dict[str, list[str]] = {}
        for each in listed.returned:
            sheets.setdefault(each.school, []).append(str(Place(each.file.path, each.sheet.sheet)))
        column, schools = texts(len(context.records)), context.records.school.tolist()
        column[:] = ["\n".join(dict.fromkeys(sheets.get(school, []))) for school in schools]
        return column

    made: Texts = context.work.once(("sheets of", listed.form.slug, context.records.form.slug), make)
    return made


@rule(
    "form-not-returned",
    Severity.ERROR,
    Scope.DISTRICT,
    title=("应报送的表未报送", "a form is missing"),
    message=(
        "{school}的“{what}”有 {count} 人，但未报送{list}，请补充报送。",
        "{school} has {count} under {what_en}, but did not return {list}; please send it.",
    ),
    at_file=(
        "{school}报送了其他表，但未报送{form} 统计表，请补充报送。",
        "{school} returned other forms, but not {form}; please send it.",
    ),
    when=(
        "统计表有人数而未报送相应名单；或报送了其他表而未报送统计表",
        "the statistics count some for a list of which nothing came; or the statistics themselves did not come",
    ),
    at_types=("count", "person_name"),
    roles={"list": Role("form")},
    asks_for_return=True,
)
def form_not_returned(context: Context) -> Result:
    """Children are counted, or listed, for a form of which nothing came; said once a school and form, on the sheet."""
    known, schools = attendance(context.work), context.records.school
    missing = context.role("list")
    if context.field.type == "count":
        some = (context.values() > 0).fillna(False).to_numpy(dtype=bool) & ~context.unsound(context.at)
        counts, what = context.shown(), context.field.label
    else:
        some = np.ones(len(schools), dtype=bool)
        totals = dict(zip(*np.unique(schools.astype(str), return_counts=True), strict=True))
        counts, what = np.array([str(totals[school]) for school in schools], dtype=object), context.records.form.label
    roster = context.district.roster
    if roster is None or not context.district.whole:
        return context.nothing()
    free = {each.name for each in roster.schools if not context.district.forms.by_slug[missing].is_owed_by(each.stage)}
    owed = np.array([school not in free for school in schools], dtype=bool)
    lacking = some & owed & ~known.came(schools, missing) & known.listed_flags(schools)
    said: set[tuple[str, str]] = context.work.once(("said not returned",), set)
    for position in positions(lacking):
        key = (schools[position], missing)
        lacking[position] = key not in said
        said.add(key)
    attachment = context.district.forms.by_slug[missing].called
    length = len(schools)
    words = {"what": alike(length, what.zh), "what_en": alike(length, what.en)}
    facts = {
        "school": schools,
        "count": counts,
        "list": alike(length, attachment),
        LACKING: alike(length, missing),
        **words,
    }
    return Result(lacking, facts, on_sheet=True)
