"""What may stand around a vocabulary's value and is dropped: each kind by the name that `vocabularies.yaml` uses."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence

_DEGREE = r"[(\[【]?(?:[一二三四1-4壹贰叁肆]级|(?:IV|I{1,3})级?|(?:极重|重|中|轻)度)[)\]】]?"
_KIND_AND_DEGREE = rf"(?:视力|听力|言语|语言|肢体|智力|精神)(?:残疾)?(?:{_DEGREE})?[+和;]?"
_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"

DECORATIONS: Mapping[str, Sequence[re.Pattern[str]]] = {
    "disability_degree": (
        re.compile(rf"^{_DEGREE}[-—:]?"),
        re.compile(rf"[-—:]?{_DEGREE}$"),
        re.compile(rf"{_DEGREE}(?=残疾$)"),
        re.compile(rf"(?:(?<=多重)|(?<=多重残疾))[(\[【](?:{_KIND_AND_DEGREE})+[)\]】]$"),
    ),
    "class_number": (re.compile(rf"[(\[【]{_NUMBER}班?[)\]】]班?$|{_NUMBER}班$"),),
    "grade_words": (
        re.compile(r"(?:[(\[【]?[上下](?:学期|册|期)?[)\]】]?|第?[一二]学期)$"),
        re.compile(r"^(?:小学(?=[一二三四五六1-6])|初中(?=[七八九7-9]))"),
    ),
}
"""Each decoration's patterns over a compacted value; what they match is dropped."""


def undecorated(value: str, names: Sequence[str]) -> Iterator[str]:
    """What is left of a compacted value, one decoration after another dropped, the least first.

    >>> list(undecorated("重度智力(二级)", ["disability_degree"]))
    ['智力(二级)', '重度智力', '智力']
    """
    patterns = [pattern for name in names for pattern in DECORATIONS[name]]
    seen, waiting = {value}, deque([value])
    while waiting:
        current = waiting.popleft()
        for bare in (pattern.sub("", current, count=1) for pattern in patterns):
            if bare and bare not in seen:
                seen.add(bare)
                waiting.append(bare)
                yield bare
