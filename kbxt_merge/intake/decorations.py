"""What may stand around a vocabulary's value and is dropped: each kind by the name that `vocabularies.yaml` uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence

_DEGREE = r"(?:[一二三四1-4壹贰叁肆]级|(?:IV|I{1,3})级?|(?:极重|重|中|轻)度)"
_DEGREE_BEFORE = re.compile(rf"^[(\[【]?{_DEGREE}[)\]】]?[-—:]?")
_DEGREE_AFTER = re.compile(rf"[-—:]?[(\[【]?(?:等级)?{_DEGREE}[)\]】]?$")

_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_CLASS = re.compile(rf"[(\[【]{_NUMBER}班?[)\]】]班?$|{_NUMBER}班$")
_TERM = re.compile(r"(?:[(\[【]?(?:上|下)(?:学期|册|期)?[)\]】]?|第?[一二]学期)$")
_STAGE = re.compile(r"^(?:小学(?=[一二三四五六1-6])|初中(?=[七八九7-9]))")

Decoration = Callable[[str], Iterator[str]]
"""From a compacted value to what is left without the decoration; nothing where there is none."""


def _without(pattern: re.Pattern[str]) -> Decoration:
    def drop(value: str) -> Iterator[str]:
        bare = pattern.sub("", value, count=1)
        if bare != value:
            yield bare

    return drop


DECORATIONS: Mapping[str, Sequence[Decoration]] = {
    "disability_degree": (_without(_DEGREE_BEFORE), _without(_DEGREE_AFTER)),
    "class_number": (_without(_CLASS), _without(_TERM), _without(_STAGE)),
}


def undecorated(value: str, names: Sequence[str]) -> Iterator[str]:
    """What is left of a compacted value, one decoration after another dropped, the least first.

    >>> list(undecorated("重度智力(二级)", ["disability_degree"]))
    ['智力(二级)', '重度智力', '智力']
    """
    drops = [drop for name in names for drop in DECORATIONS[name]]
    seen = {value}
    waiting = [value]
    while waiting:
        current = waiting.pop(0)
        for bare in (bare for drop in drops for bare in drop(current)):
            if bare and bare not in seen:
                seen.add(bare)
                waiting.append(bare)
                yield bare
