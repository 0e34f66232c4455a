"""What can't stand in a roster, told by cell: the reader of rosters refuses the same, but for a whole file."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.model.addresses import roster_addresses
from kbxt_merge.model.out_folder import school_folder
from kbxt_merge.model.text import Words, plain

_NO_NAME = Words("请写学校名称；这所学校不要了，请勾“移出”", "give the school's name; if it left, tick “leaves”")
_TWO = Words("“{name}”还指“{other}”：请改其中一处的名称或别名", "“{name}” also means “{other}”: change one of them")
_FOLDER = Words("会和“{other}”共用一个退回文件夹：请把校名改得不同", "would share the folder of “{other}”: rename one")
_ADDRESS = Words(
    "看不清是哪个邮箱：中间不要有空格，几个邮箱用、隔开", "not a clear address: no blanks in it; part several by 、"
)


@dataclass(frozen=True, slots=True)
class CellFault:
    """What is wrong in one cell: the key of its line, the column, and why."""

    line: str
    column: str
    words: Words


def faults_in(lines: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]) -> Sequence[CellFault]:
    """The faults of the schools as they are to stand; an address that stood there before is left as it was."""
    return [*_nameless(lines), *_ambiguous(lines), *_together(lines), *_unclear(lines, before)]


def parted(aliases: str) -> list[str]:
    """The aliases in a cell.

    >>> parted("梅小、梅林小")
    ['梅小', '梅林小']
    """
    for mark in ";；,，\n":
        aliases = aliases.replace(mark, "、")
    return [alias for part in aliases.split("、") if (alias := plain(part))]


def _nameless(lines: Mapping[str, Mapping[str, str]]) -> Iterator[CellFault]:
    yield from (CellFault(key, "name", _NO_NAME) for key, line in lines.items() if not plain(line.get("name", "")))


def _ambiguous(lines: Mapping[str, Mapping[str, str]]) -> Iterator[CellFault]:
    owners: dict[str, str] = {}
    for key, line in lines.items():
        name = plain(line.get("name", ""))
        for each in dict.fromkeys((name, *parted(line.get("aliases", "")))):
            owner = owners.setdefault(each, key)
            if each and owner != key:
                told = _filled(_TWO, name=each, other=plain(lines[owner].get("name", "")))
                yield CellFault(key, "name" if each == name else "aliases", told)


def _together(lines: Mapping[str, Mapping[str, str]]) -> Iterator[CellFault]:
    owners: dict[str, str] = {}
    for key, line in lines.items():
        name = plain(line.get("name", ""))
        owner = owners.setdefault(school_folder(name).casefold(), name)
        if name and owner != name:
            yield CellFault(key, "name", _filled(_FOLDER, other=owner))


def _unclear(lines: Mapping[str, Mapping[str, str]], before: Mapping[str, Mapping[str, str]]) -> Iterator[CellFault]:
    for key, line in lines.items():
        text = line.get("email", "")
        if text and text != before.get(key, {}).get("email") and not roster_addresses(text):
            yield CellFault(key, "email", _ADDRESS)


def _filled(words: Words, **facts: str) -> Words:
    return Words(words.zh.format(**facts), words.en.format(**facts))
