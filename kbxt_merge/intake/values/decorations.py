"""What may stand around a vocabulary's value and is dropped: by name, by the vocabulary's own words, and around any."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence

Patterns = Sequence[re.Pattern[str]]

_DEGREE = r"[(\[【]?(?:[一二三四1-4壹贰叁肆]级|(?:IV|I{1,3})级?|(?:极重|重|中|轻)度)[)\]】]?"
_NUMBER = r"第?(?:[0-9]{1,2}|[一二三四五六七八九十]{1,3}|[A-H甲乙丙丁])"
_PARTING = r"[-.·•‧~_\u2010-\u2015\u2212]"

DECORATIONS: Mapping[str, Patterns] = {
    "disability_degree": (
        re.compile(rf"^{_DEGREE}[-—:]?"),
        re.compile(rf"[-—:]?(?:等级|级别)?:?{_DEGREE}$"),
        re.compile(r"(?<=[力语言体神重障残疾])[一二三四1-4]$"),
        re.compile(rf"{_DEGREE}(?=残疾$)"),
    ),
    "class_number": (
        re.compile(rf"[(\[【]{_NUMBER}班?[)\]】]班?$|{_NUMBER}班$"),
        re.compile(rf"(?<=[1-9一二三四五六七八九级]){_PARTING}{_NUMBER}班?$"),  # 7.2, 七·1
        re.compile(r"(?<=[级一二三四五六七八九])[0-9]{1,2}班?$"),
        re.compile(r"(?<=[一二三四五六七八九])[一二三四五六七八九]班$"),  # 初一一班
        re.compile(r"(?<=^[1-9])(?:0[1-9]|[1-3][0-9])班?$"),  # 702: classes have two digits here
    ),
    "grade_words": (
        re.compile(r"(?:[(\[【]?[上下](?:学期|册|期)?[)\]】]?|第?[一二]学期|[春秋]季?(?:学期)?)$"),
        re.compile(r"^(?:小学?(?=[一二三四五六1-6])|初中(?=[七八九7-9]))"),
    ),
}
"""Each named decoration's patterns over a compacted value; what they match is dropped."""

AROUND_ANY: Patterns = (
    re.compile(
        r"^\(?(?:[A-H][).:]|[0-9]{1,2}(?:[).:-]|(?=[^\W\d_]{2}))(?![0-9一二三四五六七八九十]))"
    ),  # 1.失学辍学; ① is 1 by then
    re.compile(r"^[\"'“”‘’「《:.;。*·~-]+"),
    re.compile(r"[\"'“”‘’」》:.;。!*·~-]+$"),
)
"""A leading number or letter, marks and quotes at either end."""

_ANY_NUMBER = "(?:[0-9]{1,4}|[一二三四五六七八九十两半多几]{1,3})"
_ANY_WORDS = "(?:(?![疑似未没不无拟待可学])[\u4e00-\u9fff]){1,8}?"
"""Neither a doubt nor a denial, nor another kind of schooling."""


def own_words(before: Iterable[str], behind: Iterable[str], values: Iterable[str]) -> Patterns:
    """A pattern for each word that a vocabulary drops before or behind its values.

    # in a word is any number; * any characters, up to the first of the values.
    """
    until = rf"(?={'|'.join(map(re.escape, values))})"
    return (
        *(re.compile(f"^{_any(word)}{until if '*' in word else ''}") for word in before),
        *(re.compile(f"{_any(word)}$") for word in behind),
    )


def _any(word: str) -> str:
    return re.escape(word).replace(re.escape("#"), _ANY_NUMBER).replace(re.escape("*"), _ANY_WORDS)


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
