"""Where the desk works: a folder with the inbox, the results, and what lies beside them."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from kbxt_merge.errors import OutputError
from kbxt_merge.model.inbox import registers_beside
from kbxt_merge.model.out_folder import CLERKS_FOLDER, LEDGER_FILE
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings, load_settings
from kbxt_merge.settings_file import change

INBOX_NAME = "收件夹"
OUT_NAME = "结果"
_OLD_SETTINGS = "旧设置"


@dataclass(frozen=True, slots=True)
class Place:
    """The inbox, the folder of results, and the options that the desk was started with."""

    inbox: Path
    out: Path
    options: dict[str, object]

    @classmethod
    def of(cls, folder: Path, inbox: str = "", out: str = "", **options: object) -> Place:
        """The place in a folder; the inbox is made where there is none, so that something can be dropped into it.

        Raises OutputError where the folder can't be worked in.
        """
        place = cls(folder / (inbox or INBOX_NAME), folder / (out or OUT_NAME), options)
        _made(place.inbox)
        return place

    @property
    def own(self) -> Path:
        """The clerk's own folder, in which the desk keeps what is only its own."""
        return _made(self.out / CLERKS_FOLDER, 0o700)

    @property
    def folder(self) -> Path:
        """The folder of it all: settings, roster and registers lie there."""
        return self.inbox.parent

    @property
    def registers(self) -> Path | None:
        """Where the bureau's registers lie, or would; None where they are at a URL."""
        named = self.settings().registers
        return registers_beside(self.inbox) if named is None else named if isinstance(named, Path) else None

    @property
    def was_merged(self) -> bool:
        """Whether a ledger knows what came before."""
        return (self.out / LEDGER_FILE).is_file() or bool(self.settings().ledger)

    def settings_for(self, period: Period) -> Settings:
        """The same, for another period."""
        return replace(self.settings(), period=period)

    def change_settings(self, changes: Mapping[str, str]) -> None:
        """Write these into kbxt.toml, the old one kept; what can't be raises SettingsError, and changes nothing."""
        change(self.folder, changes, self.own / _OLD_SETTINGS)

    def settings(self) -> Settings:
        """The settings as they are now: the clerk may have changed them since the last merge."""
        return load_settings(self.options, os.environ, self.inbox.parent)


def not_workable(folder: Path, fault: OSError) -> OutputError:
    """That the system refuses to let the desk work in a folder."""
    return OutputError(
        f"不能在“{folder}”里工作（{fault.strerror}）：请换一个能写入的文件夹",
        f"{folder} can't be worked in ({fault.strerror}): choose a folder that can be written to",
    )


def _made(folder: Path, mode: int = 0o777) -> Path:
    try:
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
    except OSError as fault:
        raise not_workable(folder, fault) from fault
    return folder
