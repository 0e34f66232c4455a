"""开始新一期: what came for the last period is laid beside under its name, an empty inbox takes its place."""

from __future__ import annotations

import os
from pathlib import Path

from kbxt_merge.desk.place import Place
from kbxt_merge.edited_file import free
from kbxt_merge.errors import InboxError, SettingsError
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.period import Period

_OF_THE_LAST = ("due", "as_of")
"""Settings that were meant for the period that ends."""


def begin(place: Place, ends: Period, begins: Period) -> Path | None:
    """Begin a period; where the files of the one that ends lie now, None where there were none.

    Raises SettingsError or InboxError, and then all is as it was.
    """
    if place.options.get("period") or place.options.get("config"):
        raise SettingsError(
            "工作台是用 --period 或 --config 打开的，期不能在这里换：请不带它们重新打开",
            "the desk was opened with --period or --config: open it without them to begin another period",
        )
    aside = _laid_aside(place.inbox, free(place.folder / safe_name(f"{place.inbox.name}{ends.label}")))
    try:
        place.change_settings({"period": begins.label, **dict.fromkeys(_OF_THE_LAST, "")})
    except SettingsError:
        if aside is not None:
            place.inbox.rmdir()
            os.rename(aside, place.inbox)
        raise
    return aside


def _laid_aside(inbox: Path, aside: Path) -> Path | None:
    if not any(inbox.iterdir()):
        return None
    try:
        os.rename(inbox, aside)
        try:
            inbox.mkdir()
        except OSError:
            os.rename(aside, inbox)
            raise
    except OSError as fault:
        raise InboxError(
            f"“{inbox.name}”改不了名（{fault.strerror}）：请关闭其中打开的文件，再试一次",
            f"{inbox.name} can't be renamed ({fault.strerror}): close the files of it that are open, and try again",
        ) from fault
    return aside
