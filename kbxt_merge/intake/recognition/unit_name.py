"""The school's name behind a label, in one text: it ends where its stamp, a date or any other label begins."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

from kbxt_merge.model.measures import SOME_MEASURES

STAMP = r"(?:[(【\[] ?(?:盖 ?章|公 ?章|章|签 ?章|加 ?盖 ?公 ?章) ?[)】\]])"

_HAN = r"[\u4e00-\u9fff]"
_SPACED_OUT = re.compile(rf"(?<!{_HAN}){_HAN}(?:( +){_HAN}(?!{_HAN}))(?:\1{_HAN}(?!{_HAN}))*")
_INVISIBLE = re.compile(r"[\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff\u00ad]")
_GENERAL_LABEL = (
    r"(?:填报|填表|填写|报送|上报|申报|报表|制表|所属|所在|就读)?(?:单位|学校|机构)(?:名称|全称|名)?"
    r"|校名|School(?: ?Name)?"
)
_BEHIND_LABEL = r"(?: ?(?:School ?)?Name)?(?:\)|为)?(?: ?\([^()]{1,10}\))? ?"
_OF_OTHERS = "计量|主管|主办|承办|帮扶|对口|劝返|监护|工作|印制|监制|审核|审批|接收|核查"
"""Before 单位 or 学校 they make it another's, or a unit of measure."""

_NAME_ENDS = re.compile(
    rf"{STAMP}|填表|填报|制表|上报|报送|统计时间"
    rf"|(?:^|(?<=[ _]))(?!{_HAN}*[校学园小中](?:时间|日期)){_HAN}{{1,5}}(?=时间|日期)|时间|日期"
    r"|联系|电话|负责人|审核|[,，;；]|年 ?月"
    r"|[0-9]{2,4} ?(?:年|[./-] ?[0-9])|[〇○零一二三四五六七八九]{4} ?年"
)
_SCHOOL_ENDS = re.compile(r"(?:[校小中]|学院|小学|中学|教学点|幼儿园|校区|本部)$")
_SCHOOL_BEGUN = re.compile(r".{2,}(?:(?<![中小大学校点])学校|学院|小学|中学|教学点|幼儿园|中心校|校区)")
_FILLER = re.compile(r"[_＿\-—]+")
_EDGES = ":：.。、/|\"'“”‘’「」『』《》【】[]"
_REMARK_BEHIND = re.compile(r"\((?![^()]*(?:[校小中]|学|教学点)\))[^()]*\)$")
_BEFORE_NAME = re.compile(rf"^[ :]*{STAMP}? ?:? ?")
_NO_NAME = re.compile(
    rf"\(?(?:盖?公?章|签章)\)?|{SOME_MEASURES}|[本我](?:校|单位)|[学某]校|[×xX*某]+(?:学校|小学|中学)?", re.I
)


@lru_cache(maxsize=4096)
def laid_out(text: str) -> str:
    """The text after NFKC with one space for each gap; a word that is spaced out is put together.

    >>> laid_out("学 校 名 称 ：  梅 林 中 学　（盖章）")
    '学校名称 : 梅林中学 (盖章)'
    """
    normal = _INVISIBLE.sub("", unicodedata.normalize("NFKC", text)).replace("\n", "  ").replace("\t", "  ")
    together = _SPACED_OUT.sub(lambda found: found.group().replace(" ", ""), normal)
    return " ".join(together.split())


@lru_cache(maxsize=4096)
def ends_as_school(name: str) -> bool:
    """Tell whether a name ends as a school's does."""
    return _SCHOOL_ENDS.search(name) is not None


def has_label(text: str, labels: Sequence[str]) -> bool:
    """Tell whether a text begins with a label of the unit line and its colon, or is nothing but the label."""
    return _labels(tuple(labels)).match(text) is not None or _label(tuple(labels)).fullmatch(text) is not None


def named_behind_label(text: str, labels: Sequence[str]) -> tuple[bool, str]:
    """Tell whether a text, as it is laid out, holds a label of the unit line, and which school it names, or blank."""
    return _named(text, tuple(labels))


@lru_cache(maxsize=4096)
def _named(text: str, labels: tuple[str, ...]) -> tuple[bool, str]:
    found = [each for each in _labels(labels).finditer(text) if not each["others"]]
    names = (name_in(text[each.end() :]) for each in found)
    if found:
        return True, next(filter(None, names), "")
    return _label(labels).fullmatch(text) is not None, _name_without_colon(text, labels)


@lru_cache(maxsize=64)
def _labels(labels: tuple[str, ...]) -> re.Pattern[str]:
    """A label with its colon; `others` says that it is another's."""
    return re.compile(rf"(?P<others>{_OF_OTHERS})?(?:{_label(labels).pattern}){_BEHIND_LABEL}[:=;]")


@lru_cache(maxsize=64)
def _label(labels: tuple[str, ...]) -> re.Pattern[str]:
    known = "|".join(re.escape(each) for each in sorted(labels, key=len, reverse=True))
    return re.compile(rf"(?:{_GENERAL_LABEL}{known and '|' + known}) ?{STAMP}?")


def _name_without_colon(text: str, labels: Sequence[str]) -> str:
    """The name that follows a label at the begin of a text without a colon, if it ends as a school's does."""
    found = _label(tuple(labels)).match(text)
    name = name_in(text[found.end() :]) if found else ""
    return name if ends_as_school(name) and ":" not in name else ""


def name_in(text: str) -> str:
    """The school's name in what follows a label; blank where that names nobody: 人, 本校.

    >>> name_in("赣县区梅林中学 班级:七(1)班"), name_in("梅林中学校长:张三"), name_in("人")
    ('赣县区梅林中学', '梅林中学', '')
    """
    rest = _BEFORE_NAME.sub("", text)
    name = _whole_words(_before_label(_NAME_ENDS.split(rest, maxsplit=1)[0]))
    name = _REMARK_BEHIND.sub("", _FILLER.sub("", name).replace(" ", "")).strip(_EDGES)
    return "" if _NO_NAME.fullmatch(name) else name


def _before_label(text: str) -> str:
    """What stands before the next label, whatever that is: the last word before a colon, or what is behind a school."""
    head, colon, _ = text.partition(":")
    if not colon:
        return text
    before, gap, word = head.rstrip().rpartition(" ")
    begun = _SCHOOL_BEGUN.match(word)
    return f"{before}{gap}{begun[0]}" if begun else before


def _whole_words(text: str) -> str:
    """The words up to the last that ends as a school does; all of them where none does."""
    words = text.split(" ")
    last = max((i for i, word in enumerate(words) if ends_as_school(word.strip(_EDGES))), default=len(words) - 1)
    return " ".join(words[: last + 1])
