"""Which return counts: what was replaced and by what, whom that leaves behind, what was merged side by side."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Place
from kbxt_merge.model.privacy import MASKED, Name
from kbxt_merge.model.returned_form import Returned, Standing
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.text import Words, shortened
from kbxt_merge.rules.checks.file_finding import FileFinding, on_sheet


def set_aside(returned: Returned, _: District) -> Iterator[FileFinding]:
    """Why a return does not count, and the children that stand in none that does; nothing of one in whose stead none
    counts.
    """
    if not returned.replaced_by:
        return
    slug = _SLUGS[returned.standing]
    finding = on_sheet(returned, slug)
    finding.related = str(Place(returned.replaced_by))
    severity = Severity.WARNING if slug == "file-superseded" and returned.left_behind else None
    yield finding.telling(
        severity,
        other=Name(returned.replaced_by),
        form=returned.form.called,
        why=returned.why.words if returned.why else _replaced(returned),
        do=_what_to_do(returned.left_behind),
    )


def part(returned: Returned, _: District) -> Iterator[FileFinding]:
    """A return that was merged beside another of the same form: no child stands in both."""
    if returned.part_of:
        finding = on_sheet(returned, "parts-merged")
        finding.related = str(Place(returned.part_of))
        yield finding.telling(other=Name(returned.part_of), form=returned.form.called)


def _what_to_do(names: tuple[str, ...]) -> Words:
    """What to do about those who are left behind; nothing where nobody is."""
    if not names:
        return Words("无需处理", "nothing to do")
    listed, count = MASKED.text["、".join(shortened(name, _LONGEST_NAME) for name in names[:_MOST_NAMED])], len(names)
    more = Words(f"等 {count} 人", f" and others, {count} in all,") if count > _MOST_NAMED else Words("", "")
    return Words(
        f"{listed}{more.zh}只在这一份中，请核实是遗漏还是已不在列，遗漏的请补充报送",
        f"{listed}{more.en} stand only in this one: verify that they are gone, or return them",
    )


_MOST_NAMED, _LONGEST_NAME = 20, 30
"""Of those who stand in a replaced return alone so many are named, and so much is told of what stands for a name."""


_SLUGS: Mapping[Standing, str] = {
    Standing.SUPERSEDED: "file-superseded",
    Standing.BLANK: "blank-returned",
    Standing.SET_ASIDE: "sheet-set-aside",
}
_REPLACED: Mapping[bool, Words] = {
    False: Words("已采用后来的一份", "which counts"),
    True: Words("其中的{noun}已采用后来的内容，其余不变", "which counts for those in it; the others stay"),
}


def _replaced(returned: Returned) -> Words:
    words = _REPLACED[returned.partly]
    return Words(words.zh.format(noun=returned.form.bearer.noun.zh), words.en)
