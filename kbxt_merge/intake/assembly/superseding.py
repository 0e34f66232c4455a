"""Which of several returns of the same form counts: sheet by sheet, cards child by child."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from operator import attrgetter

from kbxt_merge.intake.assembly.attribution import school_of_file
from kbxt_merge.intake.assembly.children import who_is_who_in_each
from kbxt_merge.intake.assembly.one_form import with_fates
from kbxt_merge.intake.assembly.return_signs import is_of_period, is_undated
from kbxt_merge.model.form import Shape
from kbxt_merge.model.period import Period
from kbxt_merge.model.returned_form import Reason, Returned, Standing
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.school import Roster


def copies(readings: Iterable[Reading], roster: Roster | None) -> dict[str, str]:
    """Which file is, byte for byte, another of the inbox: its path, and the path of the first in path order.

    The same blank in the folders of two schools is a zero return of each, and no copy.
    """
    first: dict[tuple[str, str], str] = {}
    same: dict[str, str] = {}
    for reading in sorted(readings, key=lambda each: each.file.path):
        if not reading.sha256 or not reading.file.size:
            continue
        blank = reading.sheets and not any(sheet.rows for sheet in reading.sheets)
        school = school_of_file(reading.file, roster) if blank else None
        original = first.setdefault((reading.sha256, school.name if school else ""), reading.file.path)
        if original != reading.file.path:
            same[reading.file.path] = original
    return same


def with_standing(
    returned: Sequence[Returned], period: Period, roster: Roster | None, decided: Collection[str] = ()
) -> list[Returned]:
    """The same forms, those set aside in whose stead another of the same school counts, and those of files of which the
    bureau `decided` that they do not count.
    """
    if not decided:
        return _with_fates(returned, period, roster)
    kept = [each for each in returned if each.file.path not in decided]
    aside = [
        replace(each, standing=Standing.SET_ASIDE, why=Reason.DECIDED) for each in returned if each.file.path in decided
    ]
    return sorted([*_with_fates(kept, period, roster), *aside], key=attrgetter("file.path"))


def _with_fates(returned: Sequence[Returned], period: Period, roster: Roster | None) -> list[Returned]:
    result = [[each] for each in returned]
    groups = _of_one_form(returned)
    came = [[returned[i] for i in positions] for positions in groups]
    of_cards = iter(_cards_with_fates([each for each in came if _are_cards(each)]))
    for positions, own in zip(groups, came, strict=True):
        fates = next(of_cards) if _are_cards(own) else with_fates(own, period, roster)
        for i, fate in zip(positions, fates, strict=True):
            result[i] = fate
    return _with_lists_inside([_of_this_period(each, period) for fates in result for each in fates])


def _of_this_period(returned: Returned, period: Period) -> Returned:
    """The form; set aside, though nothing counts in its stead, where it is of another month, or undated and old."""
    if returned.standing is not Standing.IN_FORCE or not returned.sheet.rows or returned.form.inside:
        return returned
    if period.is_strict and not is_of_period(returned, period):
        return replace(returned, standing=Standing.SET_ASIDE, why=Reason.of_another(period))
    old = is_undated(returned) and period.is_older(returned.file.modified)
    return replace(returned, standing=Standing.SET_ASIDE, why=Reason.OLD) if old else returned


def _with_lists_inside(returned: Sequence[Returned]) -> list[Returned]:
    """The lists inside cards count as their cards do."""
    cards = {(each.form.slug, each.file.path, each.sheet.sheet): each for each in returned}
    return [_as_its_card(each, cards) if each.form.inside else each for each in returned]


def _as_its_card(listed: Returned, cards: Mapping[tuple[str, str, str], Returned]) -> Returned:
    card = cards.get((listed.form.inside, listed.file.path, listed.sheet.sheet))
    if card is None or card.standing is Standing.IN_FORCE:
        return listed
    return replace(listed, standing=card.standing, replaced_by=card.replaced_by, why=card.why)


def _of_one_form(returned: Sequence[Returned]) -> list[list[int]]:
    """The positions of what came more than once of one school's one form; what nobody names, of one file's."""
    groups: dict[tuple[str, str, str], list[int]] = {}
    in_files = {(each.form.slug, each.file.path): each.school for each in returned if each.sheet.rows}
    for position, each in enumerate(returned):
        if each.form.inside:
            continue
        slug, path = each.form.slug, each.file.path
        school = each.school or (in_files.get((slug, path), "") if not each.sheet.rows else "")
        groups.setdefault((slug, school, "" if school else path), []).append(position)
    return [positions for positions in groups.values() if len(positions) > 1]


def _are_cards(came: Sequence[Returned]) -> bool:
    return came[0].form.shape is Shape.CARD


def _cards_with_fates(groups: Sequence[Sequence[Returned]]) -> list[list[list[Returned]]]:
    """Cards, group by group, of which each child's last file counts."""
    filled = [[each for each in came if each.sheet.rows] for came in groups]
    children = who_is_who_in_each(filled, None)
    return [_last_of_each(*group) for group in zip(groups, filled, children, strict=True)]


def _last_of_each(
    came: Sequence[Returned], filled: Sequence[Returned], children: Sequence[Sequence[int]]
) -> list[list[Returned]]:
    """Cards of which each child's last file counts; a blank beside those that are filled in is no card."""
    child_of = iter(children)
    cards = [(each, next(child_of)[0] if each.sheet.rows else None) for each in came]
    last: dict[int, Returned] = {}
    for card, child in cards:
        if child is not None and (child not in last or _when(last[child]) <= _when(card)):
            last[child] = card
    return [[_card_with_fate(card, last[child] if child is not None else None, filled)] for card, child in cards]


def _when(card: Returned) -> tuple[float, str]:
    return card.file.modified, card.file.path


def _card_with_fate(card: Returned, last: Returned | None, filled: Sequence[Returned]) -> Returned:
    if last is None:
        by = filled[0].file.path if filled else ""
        return replace(card, standing=Standing.BLANK, replaced_by=by) if filled else card
    if last.file.path == card.file.path:
        return card
    return replace(card, standing=Standing.SUPERSEDED, replaced_by=last.file.path)
