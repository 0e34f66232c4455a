"""The blanks go out to the schools, with what is still open filled in."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.carry_over import Carried
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.inbox import FOLDERS_ABOVE, OF_A_MAIL
from kbxt_merge.model.out_folder import DATA_FOLDER, RUN_FILE
from kbxt_merge.model.period import Period
from kbxt_merge.model.school import Roster, School
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.data.run_file import inbox_of, period_of_last
from kbxt_merge.post.at_hand import forms_of, roster_beside
from kbxt_merge.settings import Settings

_WRITTEN = Words("已写出 {count} 个工作簿：{out}", "{count} workbooks written: {out}")
_CARRIED = Words(
    "由 {since} 结转到 {into}，共 {count} 条记录，请各校核对后补填。",
    "{count} records carried over from {since} into {into}",
)
_LEFT_OUT = Words(
    "不在学校名册中，没有写出表格：{schools}", "not in the roster, so no blanks were written for: {schools}"
)


@dataclass(frozen=True, slots=True)
class HandedOut:
    """The blanks written, what they carry over and into which period.

    `left_out` are the schools that no blank was written for.
    """

    files: Sequence[Path]
    carried: Carried | None = None
    into: str = ""
    left_out: Sequence[str] = ()


def hand_out(
    out: Path,
    settings: Settings,
    *,
    bundle: bool = False,
    carry: Path | None = None,
    into: Period | None = None,
    overwrite: bool = False,
) -> HandedOut:
    """Write the blanks for every school of the roster, or one neutral set without a roster.

    With `carry`, the folder of the last merge, they hold the children that its ledger knows as still open; without a
    roster they are for the schools that it knows. They are carried `into` a period; without one into that of the
    settings, unless it was merged before, or else the one after the last merge. What was filled in is replaced only
    with `overwrite`; raises OutputError for an inbox, and where something filled in stands in the way; SchemaError
    where a bureau's own definition does not survive its blank.
    """
    from kbxt_merge.form_definitions.proving import refuse_unproven  # the rules take their time
    from kbxt_merge.outputs.blanks import write_blanks  # its writer is needed here only

    _refuse_inbox(out.resolve())
    forms = forms_of(settings)
    if settings.schemas:
        refuse_unproven(forms)  # the package's own are proven by its tests
    roster = roster_beside(out, settings, forms)
    write = partial(write_blanks, forms, out, bundle=bundle, language=settings.language, overwrite=overwrite)
    if carry is None:
        return HandedOut(write(roster=roster, period=settings.period))
    carried, period = _carried(carry, settings, forms, into)
    known = roster or roster_beside(carry, settings, forms) or Roster(tuple(School("", name) for name in carried.rows))
    placed, left_out = carried.for_roster(known)
    return HandedOut(write(roster=known, period=period, carried=placed), placed, period.label, left_out)


def lines_of_blanks(handed_out: HandedOut, out: Path, language: Language) -> Iterator[str]:
    """What was written, what it carries over, and whom it leaves out."""
    carried, schools = handed_out.carried, handed_out.left_out
    yield _WRITTEN.of(language).format(count=len(handed_out.files), out=out)
    if carried is not None:
        facts = {"since": carried.since, "into": handed_out.into, "count": carried.count}
        yield _CARRIED.of(language).format(**facts)
    if schools:
        yield _LEFT_OUT.of(language).format(schools=("、" if language == "zh" else ", ").join(schools))


def _refuse_inbox(out: Path) -> None:
    """Raise OutputError where a merge read, or `kbxt fetch` filled, this folder or one around it."""
    around = (out, *out.parents[:FOLDERS_ABOVE])
    if any(map(_was_merged, around)) or any(OF_A_MAIL.fullmatch(each.name) for each in out.glob("*/*")):
        raise OutputError(
            f"“{out}”是收件夹，空白表不能写在这里：请换一个文件夹，如 --out 下发",
            f"{out} is an inbox, blanks have no place there: choose another folder",
        )


def _was_merged(folder: Path) -> bool:
    results = (each.parents[1] for each in folder.parent.glob(f"*/{DATA_FOLDER}/{RUN_FILE}"))
    return any(inbox.resolve() == folder for each in results if (inbox := inbox_of(each)))


def _carried(out: Path, settings: Settings, forms: Forms, into: Period | None) -> tuple[Carried, Period]:
    """What the last merge into OUT leaves open, and the period that it is carried into."""
    from kbxt_merge.ledger.open_records import left_open  # SQLAlchemy and the rules take their time
    from kbxt_merge.rules.months.carry_over import carried

    since, period, last = left_open(out, settings.ledger, forms, into, settings.period, period_of_last(out))
    return carried(last, since, forms, period, settings.due_in(period)), period
