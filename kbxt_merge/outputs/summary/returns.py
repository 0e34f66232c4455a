"""Who returned a form, and who did not."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kbxt_merge.model.district import District, Standing
from kbxt_merge.model.form import Form
from kbxt_merge.model.text import Language, Words

_NOTHING = Words("未报送任何材料的学校（{count} 所）：", "Schools that returned nothing ({count}): ")
_NOT_THIS = Words(
    "已报送其他附件、未报送{attachment}的学校（{count} 所）：",
    "Schools that returned other forms, but not {attachment} ({count}): ",
)

_NAMES_A_TEXT = 60
"""Names that a row of the narrowest sheet can show, which is never taller than 409 points."""


def returned_schools(district: District, form: Form) -> set[str]:
    """The schools of which this form counts; a list without a row is a return too."""
    records = district.records[form.slug]
    named = {
        each.school for each in district.returned if each.form.slug == form.slug and each.standing is Standing.IN_FORCE
    }
    return named | {str(name) for name in records.school}


def missing_schools(district: District, form: Form, language: Language) -> list[str]:
    """A sentence each on the roster's schools that returned nothing, and on those that returned all but this form.

    A sentence on many schools goes on in further texts, so that each fits into the row of a sheet.
    """
    listed = [school.name for school in district.roster.schools] if district.roster else []
    here = returned_schools(district, form)
    anything = {each.school for each in district.returned}
    silent = [name for name in listed if name not in anything and name not in here]
    partial = [name for name in listed if name in anything and name not in here]
    return [
        text
        for words, names in ((_NOTHING, silent), (_NOT_THIS, partial))
        if names
        for text in _parted(words.of(language).format(count=len(names), attachment=form.attachment), names)
    ]


def _parted(begin: str, names: Sequence[str]) -> Iterator[str]:
    """The names after the words that begin the list; each text but the last ends as if it went on."""
    for first in range(0, len(names), _NAMES_A_TEXT):
        more = "、" if first + _NAMES_A_TEXT < len(names) else ""
        yield begin + "、".join(names[first : first + _NAMES_A_TEXT]) + more
        begin = ""
