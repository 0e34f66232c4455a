"""What a fetch tells, line by line."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

from kbxt_merge.mail.fetch import Fetch
from kbxt_merge.mail.filing import Arrival
from kbxt_merge.model.text import Language, Words, printable

_ARRIVED = Words("{at:%Y-%m-%d %H:%M}  {who}  {files} 个文件", "{at:%Y-%m-%d %H:%M}  {who}  {files} files")
_NOTHING = Words(
    "{at:%Y-%m-%d %H:%M}  {who}  没有附件：{subject}", "{at:%Y-%m-%d %H:%M}  {who}  brought nothing: {subject}"
)
_TOTAL = Words("取回 {files} 个文件。", "{files} files fetched.")
_STILL = Words("此前的邮件还有这些没有收到文件：", "Earlier mails whose files are not here yet:")
_KNOWN = Words(
    "没有新邮件；以前取过的 {known} 封不再重取（确需全部重取时，请先删除 {path}）。",
    "No new mail; the {known} fetched before are not fetched again (to have all again, delete {path} first).",
)
_OLD = Words(
    "早于 {since} 的 {left} 封邮件没有取（可用 --since 指定更早的日期）。",
    "{left} mails before {since} were left (--since takes an earlier day).",
)


def lines_of_fetch(
    fetch: Fetch, language: Language, of_files: Callable[[tuple[Path, ...]], Iterator[str]] = lambda files: iter(())
) -> Iterator[str]:
    """Fetch, and tell of each message as it comes, then what is still awaited of earlier ones.

    `of_files` tells what there is to say of the files that a message brought.
    """
    known, before, brought = fetch.memory.count, fetch.memory.awaited, []
    for arrival in fetch.arrivals():
        brought.append(arrival.brought)
        yield from _lines(arrival, language)
        yield from of_files(arrival.files)
    waiting = [each for each in fetch.memory.awaited if each in before and each.wait.ends_with_a_file]
    still = [each for each in waiting if not fetch.filing.holds_newer(each)]
    if still:
        yield _STILL.of(language)
        yield from (f"    {each.line(language)}" for each in still)
    if known and not brought:
        yield _KNOWN.of(language).format(known=known, path=fetch.memory.path)
    if fetch.left:
        yield _OLD.of(language).format(since=fetch.since, left=fetch.left)
    yield _TOTAL.of(language).format(files=sum(brought))


def _lines(arrival: Arrival, language: Language) -> Iterator[str]:
    if arrival.files or not arrival.awaited:
        words = _ARRIVED if arrival.files else _NOTHING
        facts = {"at": arrival.at, "who": arrival.who, "files": len(arrival.files), "subject": arrival.subject}
        yield printable(words.of(language).format(**facts))
    yield from (each.line(language) for each in arrival.awaited)
