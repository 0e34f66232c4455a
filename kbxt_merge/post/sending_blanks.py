"""The blanks go to the schools by mail, each school's to itself."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from pathlib import Path

from kbxt_merge.errors import MailError
from kbxt_merge.mail.compose import Occasion
from kbxt_merge.mail.recipients import Recipient, chosen
from kbxt_merge.model.period import Period
from kbxt_merge.model.rule import Severity
from kbxt_merge.model.school import School
from kbxt_merge.outputs.blanks import bundle_of, folders_of, read_blank
from kbxt_merge.post.at_hand import forms_of
from kbxt_merge.post.sending import Sending, needed_roster, sending_of
from kbxt_merge.settings import Settings

_NOTHING_FOUND = dict.fromkeys(Severity, 0)


def prepare_blanks(
    out: Path,
    blanks: Path,
    settings: Settings,
    *,
    only: Collection[str] = (),
    plain: bool = False,
    by: dt.date | None = None,
) -> Sending:
    """Put together the mails that hand out what `kbxt blanks` wrote; OUT need not be there yet.

    A workbook that starts with children, or was saved since it was written, is locked. The mails are of the period that
    the blanks are of. Raises RosterError without a roster, MailError where no school has blanks there.
    """
    forms = forms_of(settings)
    roster = needed_roster(out, settings, forms)
    folders = folders_of(blanks, roster)
    files = {each.name: _files(folders[each.name], bundle_of(blanks, each, forms)) for each in chosen(roster, only)}
    recipients = [_recipient(each, files[each.name]) for each in chosen(roster, only)]
    if not any(files.values()):
        raise MailError(
            f"“{blanks}”里没有各校的空白表：请先运行 kbxt blanks --out {blanks}",
            f"there are no schools' blanks in {blanks}; run kbxt blanks --out {blanks} first",
        )
    out.mkdir(mode=0o700, parents=True, exist_ok=True)
    period = _period([path for of_school in files.values() for path in of_school], settings)
    due = by or settings.due_in(period)
    occasion = Occasion(
        forms.bureau,
        period,
        due if by or due >= (settings.as_of or dt.date.today()) else None,
        settings.mail,
        settings.language,
        plain=plain,
        returns=forms.returns,
        hands_out=True,
    )
    return sending_of(recipients, occasion, settings, out)


def _files(folder: Path, bundle: Path) -> tuple[Path, ...]:
    """What a school is handed: the workbooks in its folder, else the one that holds all its forms."""
    found = sorted(each for each in folder.glob("*.xlsx") if not each.name.startswith("~$"))
    return tuple(found) or ((bundle,) if bundle.is_file() else ())


def _recipient(school: School, files: tuple[Path, ...]) -> Recipient:
    empty = ((path, read_blank(path)) for path in files)
    digest = hashlib.sha256(b"".join(hashlib.sha256(path.read_bytes()).digest() for path in files)).hexdigest()
    open_files = frozenset(path for path, blank in empty if blank and not blank.carries)
    return Recipient(school, _NOTHING_FOUND, (), files, state=digest, open_files=open_files)


def _period(files: list[Path], settings: Settings) -> Period:
    """The period that the blanks were written for; of neutral ones that of the settings, else today's."""
    labels = (blank.period for path in files if (blank := read_blank(path)))
    label = next(filter(None, labels), "")
    return Period.parse(label) if label else settings.period or Period.of(settings.as_of or dt.date.today())
