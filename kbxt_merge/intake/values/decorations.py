"""What may stand around a vocabulary's value and is dropped: by name, by the vocabulary's own words, and around any."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

Patterns = Sequence[re.Pattern[str]]

_DEGREE = r"[(\[【]?(?:[一二三四1-4壹贰叁肆]级|(?:IV|I{1,3})级?|(?:极重|重|中|轻)度)[)\]】]?"
_NUMBER = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3})"
_PARTING = r"[-.·•‧~_\u2010-\u2015\u2212]"

DECORATIONS: Mapping[str, Patterns] = {
    "disability_degree": (
        re.compile(rf"^{_DEGREE}[-—:]?"),
        re.compile(rf"[-—:]?{_DEGREE}$"),
        re.compile(rf"{_DEGREE}(?=残疾$)"),
    ),
    "class_number": (
        re.compile(rf"[(\[【]{_NUMBER}班?[)\]】]班?$|{_NUMBER}班$"),
        re.compile(rf"(?<=[1-9一二三四五六七八九级]){_PARTING}{_NUMBER}班?$"),  # 7.2, 七·1
        re.compile(r"(?<=级)[0-9]{1,2}$"),
        re.compile(r"(?<=^[1-9])(?:0[1-9]|[1-3][0-9])班?$"),  # 702: classes have two digits here
    ),
    "grade_words": (
        re.compile(r"(?:[(\[【]?[上下](?:学期|册|期)?[)\]】]?|第?[一二]学期)$"),
        re.compile(r"^(?:小学(?=[一二三四五六1-6])|初中(?=[七八九7-9]))"),
    ),
}
"""Each named decoration's patterns over a compacted value; what they match is dropped."""

AROUND_ANY: Patterns = (
    re.compile(r"^\(?[0-9]{1,2}(?:[).:]|(?=[^\W\d_]{2}))(?![0-9一二三四五六七八九十])"),  # 1.失学辍学; ① is 1 by then
    re.compile(r"^[\"'“”‘’「《:.;。*·~-]+"),
    re.compile(r"[\"'“”‘’」》:.;。!*·~-]+$"),
)
"""A leading number, marks and quotes at either end."""

_WILD = "#"
_ANY_NUMBER = "(?:[0-9]{1,3}|[一二三四五六七八九十两半多几]{1,3})"


def own_words(before: Iterable[str], behind: Iterable[str]) -> Patterns:
    """A pattern for each word that a vocabulary drops before or behind its values; # in a word is any number."""
    return tuple(
        re.compile(form.format(_ANY_NUMBER.join(map(re.escape, word.split(_WILD)))))
        for form, words in (("^{}", before), ("{}$", behind))
        for word in words
    )


def undecorated(value: str, patterns: Patterns) -> Iterator[str]:
    """What is left of a compacted value, one pattern after another dropped, the least first.

    >>> list(undecorated("重度智力(二级)", DECORATIONS["disability_degree"]))
    ['智力(二级)', '重度智力', '智力']
    """
    seen, waiting = {value}, deque([value])
    while waiting:
        current = waiting.popleft()
        for bare in (pattern.sub("", current, count=1) for pattern in patterns):
            if bare and bare not in seen:
                seen.add(bare)
                waiting.append(bare)
                yield bare
