"""`kbxt forget`: a child or a period out of all that is kept, and what was removed is told."""

from __future__ import annotations

import csv
import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from kbxt_merge.errors import OutputError
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.registers.index_store import index_folder
from kbxt_merge.ledger.forgetting import Forgotten, Wanted, forget_child, forget_period
from kbxt_merge.mail.journal import without
from kbxt_merge.model.out_folder import (
    CLERKS_FOLDER,
    DATA_FOLDER,
    LEDGER_FILE,
    MADE_ANEW,
    OUTBOX_FOLDER,
    PASSWORD_SHEET,
    PAST_FOLDER,
    safe_name,
)
from kbxt_merge.model.text import Words, plain
from kbxt_merge.outputs.data.run_file import period_of_last
from kbxt_merge.outputs.past.without_child import Outcome, without_child
from kbxt_merge.outputs.publish.publish import at_rest
from kbxt_merge.outputs.publish.result_store import all_kept
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.settings import Settings

_PATIENCE = 10.0
_LEDGER = Words("账本：{counts}", "ledger: {counts}")
_FILES = Words("已删除 {path}", "deleted {path}")
_LINES = Words("已从 {path} 中删除 {count} 行", "{count} lines deleted from {path}")
_PAST = {
    Outcome.REWRITTEN: Words("已从 {path} 中删除这个学生", "the child is taken out of {path}"),
    Outcome.REMOVED: Words(
        "已删除 {path}：里面有这个学生，又不能只删这一部分",
        "deleted {path}: the child stands in it, and can't be taken out alone",
    ),
    Outcome.UNKNOWN: Words(
        "没有看 {path}：软件读不了这种文件，请自己看一下里面有没有这个学生",
        "{path} was not looked into: it is of a kind that the program can't read; please look yourself",
    ),
}
_AGAIN = Words(
    "学校报来的文件在收件夹里，比对用的名册在局里，软件不动它们；需要时请自己删除，然后再汇总一次，本期的清单就是新的。",
    "What the schools sent lies in the inbox, and the registers are the bureau's: neither is ever touched. Delete what "
    "must go there yourself, and merge again, so that this period's lists are made anew.",
)
_TABLES = {
    "records": Words("记录 {n} 条", "{n} records"),
    "findings": Words("问题 {n} 条", "{n} findings"),
    "confirmations": Words("核实答复 {n} 条", "{n} answers"),
    "files": Words("文件登记 {n} 条", "{n} files"),
    "returns": Words("报表登记 {n} 条", "{n} returns"),
    "runs": Words("轮次 {n} 个", "{n} rounds"),
    "schools": Words("学校 {n} 所", "{n} schools"),
    "passwords": Words("口令 {n} 个", "{n} passwords"),
}


def forget(out: Path, settings: Settings, *, child: str = "", school: str = "", period: str = "") -> list[Words]:
    """Remove a child, by ID number or name, or a period, and tell what went.

    Raises OutputError where the child still stands in what was merged last: the inbox must be cleared of it, and
    merged, first.
    """
    if not out.is_dir():
        raise OutputError(f"没有文件夹“{out}”：请检查路径", f"there is no folder {out}; check the path")
    with at_rest(out, _PATIENCE):
        told = list(_period(out, settings, period) if period else _child(out, settings, child, school))
    return [*told, _AGAIN]


def _period(out: Path, settings: Settings, label: str) -> Iterator[Words]:
    is_last = period_of_last(out) == label
    with forget_period(out, settings.ledger, label) as forgotten:
        yield _counted(forgotten)
        yield from _gone(out / PAST_FOLDER / safe_name(label), out)
        for name in MADE_ANEW if is_last else ():
            yield from _gone(out / name, out)
        yield from _copies(out)
        yield from _without_lines(out, lambda event: event.get("period") == label)
        yield from _gone(out / CLERKS_FOLDER / PASSWORD_SHEET, out)  # the next sending writes it anew


def _child(out: Path, settings: Settings, child: str, school: str) -> Iterator[Words]:
    text = plain(child)
    is_number = any(map(str.isdigit, text))
    forms = load_forms(CATALOGUE, settings.schemas).forms
    numbers = frozenset(each.child_id for each in forms if each.child_id)
    names = frozenset(each.child_name for each in forms if each.child_name)
    wanted = Wanted(text.upper() if is_number else "", "" if is_number else text, school, numbers, names)
    _refuse_standing(out, wanted)
    with forget_child(out, settings.ledger, wanted) as forgotten:
        yield _counted(forgotten)
        for label, traces in forgotten.traces.items():
            for path, outcome in without_child(out / PAST_FOLDER / safe_name(label), traces):
                told, shown = _PAST[outcome], path.relative_to(out)
                yield Words(told.zh.format(path=shown), told.en.format(path=shown))
        yield from _copies(out)

        def is_about(event: Mapping[str, Any]) -> bool:
            about = event.get("about", {})
            return forgotten.is_about(about.get("child_id"), about.get("child_name"))

        yield from _without_lines(out, is_about)


def _refuse_standing(out: Path, wanted: Wanted) -> None:
    """Refuse to forget a child that the next merge would enter again."""
    for path in sorted((out / DATA_FOLDER).glob("records-*.csv")):
        with path.open(encoding="utf-8-sig", newline="") as stream:
            for row in csv.DictReader(stream):
                if wanted.is_child(row.get("school", ""), row):
                    raise OutputError(
                        f"这个学生还在本期的表里（{row['file']}）：请先把收件夹里的文件改好或移走，重新汇总，再运行一次",
                        f"the child stands in what was merged last ({row['file']}): take it out of the inbox, merge, "
                        "then run this again",
                    )


def _counted(forgotten: Forgotten) -> Words:
    """What went out of the ledger, in words."""
    some = [(words, forgotten.rows.get(name, 0)) for name, words in _TABLES.items()]
    zh = "，".join(words.zh.format(n=count) for words, count in some if count)
    en = ", ".join(words.en.format(n=count) for words, count in some if count)
    return Words(_LEDGER.zh.format(counts=zh or "无"), _LEDGER.en.format(counts=en or "nothing"))


def _copies(out: Path) -> Iterator[Words]:
    """What is kept beside the ledger and would tell all the same: older copies, kept results, the registers' indexes,
    mails of dry runs."""
    for path in (*all_kept(out.resolve()), index_folder(out.resolve())):  # the next merge makes them anew
        yield from _gone(path, out)
    for path in [*sorted(out.glob(f"{LEDGER_FILE}.v*")), *sorted((out / OUTBOX_FOLDER).rglob("*.eml"))]:
        yield from _gone(path, out)


def _gone(path: Path, out: Path) -> Iterator[Words]:
    if not path.exists():
        return
    shutil.rmtree(path) if path.is_dir() else path.unlink()
    shown = path.relative_to(out) if path.is_relative_to(out) else path.name
    yield Words(_FILES.zh.format(path=shown), _FILES.en.format(path=shown))


def _without_lines(out: Path, goes: Callable[[Mapping[str, Any]], bool]) -> Iterator[Words]:
    """Take lines out of the clerk's own journals."""
    for path in sorted((out / CLERKS_FOLDER).glob("*.jsonl")):
        count = without(path, goes)
        if count:
            shown = path.relative_to(out)
            yield Words(_LINES.zh.format(path=shown, count=count), _LINES.en.format(path=shown, count=count))
