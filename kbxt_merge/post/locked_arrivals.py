"""What came locked by mail, read at once as a merge will read it: who sent what nothing opens is asked today."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path, PurePosixPath

from kbxt_merge.errors import LedgerError
from kbxt_merge.intake.formats.containers import HEAD_BYTES, archive_kind
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.listing import walk
from kbxt_merge.intake.pool.processes import read_all
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.out_folder import LEDGER_FILE
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Kind, Reading
from kbxt_merge.model.text import Words, printable
from kbxt_merge.settings import Settings

_LOCKED = Words(
    "    {file} 有密码，已知的口令都打不开：请向学校问口令，写进学校名册的“口令”一栏，或请学校去掉密码重新报送",
    "    {file} is locked, and no known password opens it: ask the school, and enter it in the roster's 口令",
)
_NAMES_HIDDEN = Words(
    "    {file} 连文件名也加了密，软件打不开这种压缩包：请学校去掉密码，或不压缩直接作为附件重新报送",
    "    {file} hides even its files' names, and such an archive can't be opened here: ask for the files unpacked",
)
_CIPHER = Words(
    "    {file} 是用 AES 加密的 zip，软件打不开：请学校改用 7z，或去掉密码重新报送",
    "    {file} is a zip locked by AES, which can't be opened here: ask for a 7z, or for the files unlocked",
)
_NO_LEDGER = Words("    （没有用账本里的口令试：{why}）", "    (the ledger's passwords were not tried: {why})")
_ARCHIVES = frozenset({Kind.ZIP, Kind.SEVEN_ZIP, Kind.RAR})


@dataclass
class LockedArrivals:
    """Reads the locked workbooks and the archives that came into an inbox, in a process that costs no more than them.

    What no password of settings, roster and mails opens is tried with those that only a ledger keeps: that which the
    settings name, else those in the folders beside the inbox.
    """

    inbox: Path
    passwords: Passwords
    forms: Forms
    settings: Settings
    _troubles: list[LedgerError] = field(default_factory=list)

    def lines(self, files: tuple[Path, ...]) -> Iterator[str]:
        """A line for each that stays locked of the files of one message, which lie in one folder; archives are looked
        into."""
        language = self.settings.language
        suspects = list(filter(_may_be_locked, files))
        locked = self._locked(suspects, self.passwords) if suspects else []
        if locked and self._with_ledgers.made != self.passwords.made:
            locked = self._locked(suspects, self._with_ledgers)
        for words in dict.fromkeys(map(self._told, locked)):
            yield printable(words.of(language))
        if locked and self._troubles:
            yield _NO_LEDGER.of(language).format(why=self._troubles[0].sentence(language))

    def _told(self, locked: Reading) -> Words:
        """What is said of a file that stays locked; an archive is named once for all that it holds."""
        arrival = Path(locked.file.location)
        what = locked.problem.facts["what"] if locked.problem else ""
        inside = PurePosixPath(locked.file.path).relative_to(_folder(arrival, self.inbox))
        words = _CIPHER if what == "archive-cipher" else _NAMES_HIDDEN if locked.kind is Kind.RAR else _LOCKED
        shown = arrival.name if what.startswith("archive-") else inside
        return Words(words.zh.format(file=shown), words.en.format(file=shown))

    def _locked(self, paths: Sequence[Path], passwords: Passwords) -> list[Reading]:
        """What a merge would call locked."""
        limits, folder = self.settings.limits, _folder(paths[0], self.inbox)
        likely = replace(passwords, named=passwords.likely(f"{folder}/."))
        found = walk(paths, limits, 1, likely)
        files = [replace(each, path=f"{folder}/{each.path}") for each in found]  # so that its school is known
        read = read_all(files, ReadReturn(self.forms, limits, passwords), 1, limits)
        return [each for each in read if each.problem and each.problem.slug == "file-encrypted"]

    @cached_property
    def _with_ledgers(self) -> Passwords:
        made = [*self.passwords.made, *(pair for out in self._ledgers() for pair in self._kept(out))]
        return replace(self.passwords, made=tuple(dict.fromkeys(made)))

    def _ledgers(self) -> list[Path]:
        if self.settings.ledger:
            return [self.inbox.parent]
        return sorted(path.parent for path in self.inbox.parent.glob(f"*/{LEDGER_FILE}"))

    def _kept(self, out: Path) -> list[tuple[str, str]]:
        from kbxt_merge.ledger.published import passwords_kept  # SQLAlchemy takes its time, and few are asked for it

        try:
            return passwords_kept(out, self.settings.ledger)
        except LedgerError as error:  # the mails are here all the same
            self._troubles.append(error)
            return []


def _may_be_locked(path: Path) -> bool:
    data = path.read_bytes()
    return kind_of(data, path.name) is Kind.ENCRYPTED or archive_kind(data[:HEAD_BYTES], path.name) in _ARCHIVES


def _folder(path: Path, inbox: Path) -> str:
    below = path.relative_to(inbox) if path.is_relative_to(inbox) else path
    return below.parent.as_posix()
