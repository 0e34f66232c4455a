"""`kbxt watch`: merge again whenever the inbox or the bureau's registers change, whatever becomes of a single merge."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Event

from kbxt_merge.errors import InboxError, KbxtError
from kbxt_merge.intake.inbox.watcher import Arrivals
from kbxt_merge.merging import Progress, merge
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.inbox import Inbox, RemoteInbox, registers_beside
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.text import Words
from kbxt_merge.model.verdict import Verdict
from kbxt_merge.settings import Settings

RETRY_SECONDS = 60.0
"""After a merge that could not be done it is tried again, even where nothing changes."""

_LINE = Words(
    "{file}：{verdict}，汇总 {rows} 行，必须修改 {errors} 处，请核实 {warnings} 处",
    "{file}: {verdict}, {rows} rows merged, {errors} errors, {warnings} warnings",
)
_GONE = Words("{file}：已移走", "{file}: gone")
_REGISTER = Words("{file}：比对库有变动，重新核对", "{file}: a register has changed; all is compared again")
_REGISTER_GONE = Words("{file}：已从比对库移走，重新核对", "{file}: a register is gone; all is compared again")
_UNWATCHED = Words(
    "比对库 {place} 不在本机，其中的变动不会引起重新汇总；收件夹有变动时才重新读取。",
    "The registers at {place} are not on this machine: they are looked at again only when the inbox changes.",
)
_FAULT = Words("本次汇总没有完成，上次的结果保持不变。", "This merge was not finished; the last result stands.")

Tell = Callable[[str], None]


@dataclass
class Watch:
    """Watches an inbox for an output folder; `tell` gets a line for every file and for what went wrong."""

    inbox: Path
    out: Path
    settings: Settings
    tell: Tell
    on_merged: Callable[[Checked], None] = lambda checked: None

    def run(self, arrivals: Arrivals | None = None) -> None:
        """Merge for ever; an interrupt ends it."""
        arrivals = arrivals or Arrivals(self.inbox, beside=self._registers())
        before: set[str] = set()
        at_hand = AtHand()
        for number, changed in enumerate(arrivals):
            read: list[str] = []
            if number:
                self._tell_registers(changed, arrivals.beside)
            try:
                progress = Progress(on_file=lambda reading, read=read: _noted(reading, read))  # type: ignore[misc]
                progress.on_open = self._ask
                checked = merge(self.inbox, self.out, self.settings, progress, at_hand=at_hand)
            except KbxtError as fault:
                self.tell(fault.sentence(self.settings.language))
                arrivals.again_in(RETRY_SECONDS)
            except Exception:  # noqa: BLE001 - a fault of one merge is shown whole and must not end the watch
                self.tell(traceback.format_exc() + _FAULT.of(self.settings.language))
                arrivals.again_in(RETRY_SECONDS)
            else:
                files = set(checked.verdicts["file"])
                self._tell_files(checked, [path for path in read if path in files], sorted(before - files))
                before = files
                self.on_merged(checked)

    def _registers(self) -> tuple[Path, ...]:
        """The folder of registers, whether it is there or not; of one at a URL nobody tells what changes."""
        named = self.settings.registers
        if isinstance(named, RemoteInbox):
            self.tell(_UNWATCHED.of(self.settings.language).format(place=named))
            return ()
        return (named.absolute() if named else registers_beside(self.inbox),)

    def _tell_registers(self, changed: Iterable[Path], folders: Iterable[Path]) -> None:
        for folder in folders:
            for path in changed:
                if path.is_relative_to(folder):
                    words = _REGISTER if path.exists() else _REGISTER_GONE
                    self.tell(words.of(self.settings.language).format(file=path.relative_to(folder.parent)))

    def _ask(self, words: Words) -> None:
        self.tell(words.of(self.settings.language))

    def _tell_files(self, checked: Checked, read: Sequence[str], gone: Sequence[str]) -> None:
        language = self.settings.language
        counts = {severity: _by_file(checked.findings, severity) for severity in ("error", "warning")}
        for row in checked.verdicts[checked.verdicts["file"].isin(read)].to_dict("records"):
            file = str(row["file"])
            facts = {"file": file, "verdict": Verdict(row["verdict"]).words.of(language), "rows": row["rows_merged"]}
            errors, warnings = counts["error"].get(file, 0), counts["warning"].get(file, 0)
            self.tell(_LINE.of(language).format(**facts, errors=errors, warnings=warnings))
        for file in gone:
            self.tell(_GONE.of(language).format(file=file))


def arrivals_in(inbox: Path, on_look: Callable[[], None], stop: Event) -> Iterator[Sequence[Path]]:
    """The files that changed in an inbox, or in the registers beside it, each time that all of them are at rest.

    `on_look` hears of every look; once `stop` is set, it ends.
    """
    yield from Arrivals(inbox, (registers_beside(inbox),), on_look=on_look, stop=stop)


def watched_folder(inbox: Inbox) -> Path:
    """The inbox, if it is one that can be watched; raises InboxError for a URL, of whose changes nobody tells."""
    if isinstance(inbox, Path):
        return inbox
    raise InboxError(
        f"kbxt watch 只能守本机的文件夹，不能守 {inbox}：请定时运行 kbxt merge",
        f"kbxt watch takes a folder of this machine, not {inbox}; run `kbxt merge` by a timer instead",
    )


def _noted(reading: Reading, read: list[str]) -> None:
    read.append(reading.file.path)


def _by_file(findings: Findings, severity: str) -> dict[str, int]:
    frame = findings.frame
    return {
        str(file): int(count) for file, count in frame.loc[frame["severity"] == severity, "file"].value_counts().items()
    }
