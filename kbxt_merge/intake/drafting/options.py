"""The words that a blank offers for a cell: in its drop-down, in brackets behind the header, in a note."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from kbxt_merge.model.field import Vocabulary
from kbxt_merge.model.text import bare_header, compact_value, plain

_BRACKETS = re.compile(r"[（(]([^（()）]+(?:[（(][^（()）]*[）)][^（()）]*)*)[）)]")
_BOXES = re.compile(r"[□☐◻]")
_CIRCLED = re.compile(r"[①-⑳]\s*([^①-⑳、，；;/]+)")
_QUOTED = re.compile(r"[“\"']([^”\"']{1,20})[”\"']")
_WHAT = re.compile(r"^(?:请?填写?|分为|包括|如|为)\s*[:：]?")
_NO_OPTION = re.compile(
    r"^[省市县区乡镇村组年月日时分起止]$|必填|一致|全称|格式|相同|[0-9]{2}\s*位|具体|填写|说明|元|%|万|盖章|周岁|平方|公里|可不填|没有"
)
_OF_NOTE_WITH_COLON = re.compile(
    r"(?P<header>[\u4e00-\u9fff]{2,12}?)[:：](?P<options>[\u4e00-\u9fff]{1,8}(?:、[\u4e00-\u9fff]{1,8}){1,12})(?=[。；;.]|$)"
)
"""异动类型：转入、转出、休学."""
_OF_NOTE = re.compile(
    r"[“\"]?(?P<header>[\u4e00-\u9fffA-Za-z]{2,12}?)[”\"]?\s*(?:分为|包含|包括|填写?|为|有)\s*[:：]?\s*(?P<options>[^。；;]+)"
)
_NUMBERED = re.compile(
    r"(?P<header>[\u4e00-\u9fff]{2,12}?)(?:分为|包括|填写?|为)?\s*[:：]?\s*(?P<options>(?:[①-⑳][^①-⑳。；;]+){2,})"
)
"""困难类别：①脱贫户 ②低保户."""
_LETTERED = re.compile(
    r"(?P<header>[\u4e00-\u9fff]{2,12}?)[:：]\s*(?P<options>(?:[A-H1-9][.、．]?\s*[\u4e00-\u9fff]{1,10}[\s、，；]*){2,})"
)
"""乘车方式：A校车 B公交车."""
_LETTER = re.compile(r"([A-H1-9])[.、．]?\s*([\u4e00-\u9fff]{1,10})")
_NOTE_WORDS = ("备注", "说明")
_ENDS = re.compile(r"(?:等)?(?:[二两三四五六七八九十0-9]+(?:种|类|项|个))?(?:形式|类型|情形|情况)?(?:之一)?$")
_LONGEST, _MOST = 20, 16


@dataclass(frozen=True, slots=True)
class Offered:
    """Words and where they were found, in a sentence.

    `numbers` are the signs that stand for them, `alike` what else means a word.
    """

    words: tuple[str, ...]
    why: str
    numbers: tuple[str, ...] = ()
    alike: Mapping[str, Sequence[str]] = field(default_factory=dict)


def of_drop_down(texts: Sequence[str]) -> Offered | None:
    """The words of a drop-down."""
    words = tuple(text.strip() for text in texts if text.strip())
    return Offered(words, f"空表里有下拉：{'、'.join(words[:4])}{'…' if len(words) > 4 else ''}") if words else None


def of_header(header: str) -> Offered | None:
    """The words in brackets behind a header.

    >>> of_header("困难等级（特别困难、比较困难）").words, of_header("监护类型（①双方外出②孤儿）").numbers
    (('特别困难', '比较困难'), ('①', '②'))
    """
    for found in _BRACKETS.finditer(header):
        inner = found[1].strip()
        circled = _CIRCLED.findall(inner)
        if len(circled) >= 2:
            signs = tuple(re.findall(r"[①-⑳]", inner))
            return Offered(tuple(each.strip() for each in circled), f"括号里写着 {inner}", signs)
        boxed = of_boxes(inner) or of_boxes(f"□{_BOXES.sub(' □', inner).rstrip(' □')}")
        if boxed and _BOXES.search(inner):
            return boxed
        words = _split(_WHAT.sub("", inner))
        if len(words) >= 2:
            return Offered(words, f"括号里写着 {inner}")
    return None


def of_notes(header: str, notes: Iterable[str]) -> Offered | None:
    """The words that a note says a column takes.

    >>> of_notes("登记类型", ["2. 登记类型填“失学辍学”或者“缓学休学”。"]).words
    ('失学辍学', '缓学休学')
    """
    bare = bare_header(header)
    for note in notes:
        for numbered in _NUMBERED.finditer(note):
            if bare_header(numbered["header"]) == bare:
                words = tuple(each.strip() for each in _CIRCLED.findall(numbered["options"]))
                return Offered(
                    words, f"表下的注：{note.strip()[:40]}", tuple(re.findall(r"[①-⑳]", numbered["options"]))
                )
        for lettered in _LETTERED.finditer(note):
            if bare_header(lettered["header"]) == bare and bare not in _NOTE_WORDS:
                signs, words = zip(*_LETTER.findall(lettered["options"]), strict=True)
                return Offered(words, f"表下的注：{note.strip()[:40]}", signs)
        for found in (*_OF_NOTE.finditer(plain(note)), *_OF_NOTE_WITH_COLON.finditer(plain(note))):
            if bare_header(found["header"].removeprefix("其中")) != bare:
                continue
            told = found["options"]
            quoted = _QUOTED.findall(told)
            words = tuple(quoted) if len(quoted) >= 2 else _split(_ENDS.sub("", quoted[0] if quoted else told))
            if len(words) >= 2:
                return Offered(words, f"表下的注：{note.strip()[:40]}")
    return None


def of_boxes(printed: str) -> Offered | None:
    """The words beside boxes to tick, as cards print them.

    >>> of_boxes("□上门  □电话 □视频").words
    ('上门', '电话', '视频')
    """
    words = tuple(dict.fromkeys(each.strip(" ：:、，；") for each in _BOXES.split(printed)[1:]))
    sound = all(each and len(each) <= _LONGEST and "_" not in each for each in words)
    return Offered(words, f"格里印着 {' '.join(printed.split())[:40]}") if len(words) >= 2 and sound else None


def _split(text: str) -> tuple[str, ...]:
    """Words parted by / 、 或; none where one of them is no word of a list."""
    parts = [each.strip(" “”\"'") for each in re.split(r"[/／、|｜]|或者|或", _outside_brackets(text))]
    words = tuple(dict.fromkeys(part for part in parts if part))
    if not 2 <= len(words) <= _MOST or any(len(each) > _LONGEST or _NO_OPTION.search(each) for each in words):
        return ()
    return words


def _outside_brackets(text: str) -> str:
    return re.sub(r"[（(][^（()）]*[）)]", "", text)


def known_vocabulary(header: str, offered: Offered | None, known: Mapping[str, Vocabulary]) -> str:
    """The vocabulary among those known that has all these words, or is called like the header; blank for none."""
    bare = bare_header(header)
    if offered is None:
        return ""
    words = [compact_value(word) for word in offered.words]
    fitting = [name for name, each in known.items() if all(word in each.variants for word in words)]
    called = [name for name in fitting if known[name].words.zh in bare or name in bare]
    exact = [name for name in fitting if _says_all(known[name], words)]
    return next(iter((*called, *exact)), "")


def _says_all(vocabulary: Vocabulary, words: Sequence[str]) -> bool:
    """Tell words that name every value of a vocabulary but 其他."""
    return set(vocabulary.values) - {vocabulary.variants[word] for word in words} <= {"其他"}
