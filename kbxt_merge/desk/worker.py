"""Merges, one at a time, in a thread of their own; the pages only read what the last one came to."""

from __future__ import annotations

import datetime as dt
import logging
import traceback
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path
from queue import SimpleQueue
from threading import Event, Thread
from typing import TYPE_CHECKING

from kbxt_merge.desk.events import Events
from kbxt_merge.desk.place import Place
from kbxt_merge.desk.progress import ProgressTold
from kbxt_merge.errors import InboxError, KbxtError
from kbxt_merge.model.at_hand import AtHand
from kbxt_merge.model.returns import SourceFile
from kbxt_merge.model.text import Words
from kbxt_merge.model.verdict import Verdict

if TYPE_CHECKING:  # the first page is shown before pandas is there
    from kbxt_merge.desk.board import Board
    from kbxt_merge.model.merge_result import Checked
    from kbxt_merge.model.overview import Overview
    from kbxt_merge.settings import Settings

_LOG = logging.getLogger(__name__)
_FAULT = Words(
    "这次汇总没有完成，上次的结果保持不变；程序出错的详情已写入“{log}”。",
    "This merge was not finished; the last result stands. Details are in “{log}”.",
)
_NOT_WATCHED = Words(
    "收件夹看不了（{why}）：新到的文件不会自动核查，请点“重新汇总”；过一会儿再看。",
    "The inbox can't be watched ({why}): merge by the button; it is looked at again later.",
)
_LOOKS_AGAIN = 60.0
_FILE = Words("{file}：{verdict}，汇总 {rows} 行", "{file}: {verdict}, {rows} rows merged")
_NOBODYS = Words("；不知道是哪所学校的，请在“文件”里指明", "; of which school it is nobody knows: say so under Files")
_DONE = Words("汇总完成：必须修改 {errors} 处，请核实 {warnings} 处", "Merged: {errors} errors, {warnings} warnings")
_FAULTS_FILE = "出错记录.txt"

Errand = Callable[[], None]


@dataclass
class Worker:
    """Does one errand after another: `board` is what the last merge came to, None before the first.

    `is_merging` says that a merge is at work; `noted` counts what was decided, `obeyed` what of it the board knows.
    `owed` is what else the clerk asked for and is not done yet: with the desk it is left undone.
    `fault` is why the last one was not finished, blank where it was. `looked` says when the inbox was last looked at.
    """

    place: Place
    events: Events
    board: Board | None = None
    fault: str = ""
    busy: bool = False
    is_merging: bool = False
    noted: int = 0
    obeyed: int = 0
    owed: set[Errand] = field(default_factory=set)
    looked: dt.datetime | None = None
    leaving: Event = field(default_factory=Event)
    _boards: int = 0
    _has_begun: bool = False
    _errands: SimpleQueue[Errand | None] = field(default_factory=SimpleQueue)
    _wanted: bool = False
    _files: dict[str, str] = field(default_factory=dict)
    _at_hand: AtHand = field(default_factory=AtHand)
    _thread: Thread | None = None

    def start(self) -> None:
        """Begin to work, and to watch the inbox: the first look at it is the first merge."""
        self._thread = Thread(target=self._work, name="merges")
        self._thread.start()
        Thread(target=self._watch, name="watch", daemon=True).start()

    def stop(self) -> None:
        """Finish the merge that is at work, and nothing after it."""
        self.leaving.set()
        self._errands.put(None)
        if self._thread is not None:
            self._thread.join()

    def do(self, errand: Errand) -> None:
        """Do something else, when what was asked for before is done."""
        self.owed.add(errand)
        self._errands.put(errand)

    @property
    def is_checking(self) -> bool:
        """Whether a new board may come before long: also when the inbox is still to be looked at for the first time."""
        return self.is_merging or self._wanted or not self._has_begun

    @property
    def has_noted(self) -> bool:
        """Whether something was decided that the board does not show yet."""
        return self.noted > self.obeyed

    def want_merge(self, *, noted: bool = False) -> None:
        """Merge soon; asked for again before it begins, it is done once.  `noted`: to obey what was just decided."""
        self.noted += noted
        if not self._wanted:
            self._wanted = True
            self._errands.put(self._merge)

    def forget_board(self) -> None:
        """Begin anew, as with an inbox to which nothing came yet; boards to come have numbers of their own."""
        self.board, self.fault, self._files = None, "", {}

    def _work(self) -> None:
        while (errand := self._errands.get()) is not None and not self.leaving.is_set():
            self.busy = True
            try:
                errand()
            except KbxtError as fault:
                self._tell_fault(fault.words)
            except Exception:  # noqa: BLE001 - a fault of one merge is kept whole and must not end the desk
                self._keep_fault()
            finally:
                self.busy = False
                self.owed.discard(errand)
                self.events.publish("board", number=self.board.number if self.board else 0, fault=self.fault)

    def _watch(self) -> None:
        """Ask for a merge whenever something came; what keeps it from looking is told, and it looks again later."""
        from kbxt_merge.watch import arrivals_in

        while not self.leaving.is_set():
            try:
                for paths in arrivals_in(self.place.inbox, self._note_look, self.leaving):
                    self._errands.put(partial(self._merge_news, paths))
            except (OSError, KbxtError) as fault:
                words = fault.words if isinstance(fault, KbxtError) else Words(str(fault), str(fault))
                self._tell_fault(Words(_NOT_WATCHED.zh.format(why=words.zh), _NOT_WATCHED.en.format(why=words.en)))
                self.leaving.wait(_LOOKS_AGAIN)

    def _note_look(self) -> None:
        self.looked = dt.datetime.now()
        if not self._has_begun and not self._has_files():  # else the first merge begins when they are at rest
            self._has_begun = True
            self.events.publish("board", number=0, fault=self.fault)

    def _has_files(self) -> bool:
        return any(each.is_file() for each in self.place.inbox.rglob("*"))

    def _merge_news(self, paths: Sequence[Path]) -> None:
        """Merge what came, unless the last merge read it as it is now: it was told of by whoever laid it down, too."""
        board = self.board
        read = {each.file.location: each.file for each in board.checked.district.readings} if board else {}
        if not all(_was_read(path, read.get(str(path))) for path in paths):
            self._merge()

    def _merge(self) -> None:
        self.is_merging, self._wanted = True, False
        noted = self.noted
        self.events.publish("progress", done=0, count=0)
        try:
            self._merge_all(noted)
        finally:
            self.is_merging, self.obeyed, self._has_begun = False, noted, True

    def _merge_all(self, noted: int) -> None:
        from kbxt_merge.merging import Progress, merge  # the first page is shown before pandas is there
        from kbxt_merge.status import status, with_awaited

        settings, before = self.place.settings(), self.board
        told = ProgressTold(self.events, settings.language)

        def on_checked(checked: Checked) -> None:
            """Show what was found while it is being written: to write takes as long again."""
            if before is not None and checked.overview is not None:
                self.obeyed = noted
                self._show(checked, with_awaited(checked.overview, self.place.out, settings), settings)
                self.events.publish("board", number=self._boards, fault=self.fault)

        progress = Progress(told.on_files, told.on_file, told.on_known, told.on_open, on_checked, told.on_looked)
        try:
            checked = merge(self.place.inbox, self.place.out, settings, progress, at_hand=self._at_hand)
        except InboxError:
            if self.board or self._has_files():
                raise
            return  # nothing came yet: that is no fault at a desk
        except BaseException:
            self._put_back(before)
            raise
        if self.board is before or checked.not_made:
            self._show(checked, status(self.place.out, settings), settings)
        self._tell_files(told.looked)

    def _show(self, checked: Checked, overview: Overview, settings: Settings) -> None:
        """Let the pages show what a merge came to."""
        from kbxt_merge.decisions import decided
        from kbxt_merge.desk.board import Board

        self.fault = ""
        self._boards += 1
        decisions = decided(self.place.out)
        self.board = Board(self._boards, checked, overview, decisions, dt.datetime.now(), settings.language)

    def _put_back(self, before: Board | None) -> None:
        """Show again what was shown before a merge that could not be written: the last result stands."""
        if before is not None and self.board is not before:
            self._boards += 1
            self.board = replace(before, number=self._boards)

    def _tell_files(self, looked: Collection[str]) -> None:
        """A line for every file that is new, or of which something else became than before; of the first merge, for
        those of which something was told while they were read."""
        board = self.board
        assert board is not None
        first, before = not self._files, self._files
        self._files = {each.path: f"{each.verdict} {each.rows_merged} {each.sha256}" for each in board.files}
        for each in board.files:
            is_other = not first and before.get(each.path) != self._files[each.path]
            if (is_other or each.path in looked) and each.verdict is not Verdict.IGNORED:
                facts = {"file": each.path, "verdict": each.fate.of(board.language), "rows": each.rows_merged}
                tone = "error" if each.needs_a_look else "file"
                more = _NOBODYS.of(board.language) if each.is_nobodys else ""
                self.events.tell(_FILE.of(board.language).format(**facts) + more, tone)
        counts = {"errors": board.counts["error"], "warnings": board.counts["warning"]}
        self.events.tell(_DONE.of(board.language).format(**counts))

    def _tell_fault(self, words: Words) -> None:
        self._has_begun = True
        language = self.board.language if self.board else "zh"
        self.fault = self.events.tell(words.of(language), "error")

    def _keep_fault(self) -> None:
        _LOG.exception("a merge at the desk")
        kept: Path = self.place.own / _FAULTS_FILE
        with kept.open("a", encoding="utf-8") as stream:
            stream.write(f"{dt.datetime.now().isoformat(timespec='seconds')}\n{traceback.format_exc()}\n")
        self._tell_fault(Words(_FAULT.zh.format(log=kept), _FAULT.en.format(log=kept)))


def _was_read(path: Path, as_read: SourceFile | None) -> bool:
    """Whether a file is as a merge read it; what lies in an archive has no dates of its own to tell by."""
    try:
        now = path.stat()
    except OSError:
        return False
    return (
        as_read is not None and not as_read.members and (as_read.size, as_read.modified) == (now.st_size, now.st_mtime)
    )
