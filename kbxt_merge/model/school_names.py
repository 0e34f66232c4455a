"""How schools write a name: the places before it, the quotes around it, and what they put behind it."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator

from kbxt_merge.model.text import plain

GENERIC = re.compile(
    r"第?[一二三四五六七八九十百0-9]+(?=中|小|初|高|实验|希望|完)|中心|实验|希望|民族|示范|完全|初级|高级|职业|特殊教育|九年一贯制|附属"
    r"|小学|中学|学校|幼儿园|完小|初中|高中"
)
"""The words of a school's name that say what it is, and not which."""

_QUOTES = re.compile("[\"'“”‘’「」『』《》〈〉]")
_EDGES = ".。,，;；:：、_-—"
_PROVINCE = re.compile(
    r"[\u4e00-\u9fff]{2,3}省|[\u4e00-\u9fff]{2,6}自治区"
    r"|(?:河北|山西|辽宁|吉林|黑龙江|江苏|浙江|安徽|福建|江西|山东|河南|湖北|湖南|广东|海南|四川|贵州|云南|陕西|甘肃|青海)"
    r"(?=[\u4e00-\u9fff]{1,4}[市州县区])"
)
_TOWN = re.compile(
    r"(?P<town>[\u4e00-\u9fff]{0,5}?)(?:镇|乡|街道(?:办事处|办)?|[县区市]?教(?:育|体|科体|育体育)局|教育集团|学区|片区|村)(?=.)"
)
_NOT_OF_A_TOWN = frozenset("省市县区")
_SCHOOL_INSIDE = re.compile(r"(?<![中小大])学校|(?:中学|小学)(?!部|段|阶段|[一二三四五六])")
_SHORTENED = (("中小", "中心小学"), ("初中", "中学"), ("中", "中学"), ("小", "小学"))
"""How a name is shortened at its end, the longest first: 茅店中小, 梅林初中, 田村中."""
_CENTRE = re.compile(r"中心(?:小学|学校|校)")
_CENTRES = ("中心小学", "中心学校", "中心校")
_OWN = re.compile(r"(?:学籍)?在?[本我](?:们)?(?:学?校|单位)(?![\u4e00-\u9fff]*(?:小学|中学|学校|教学点)).{0,8}")
_OTHER_SCHOOL = re.compile(r"[(\-—]?(?:附属|附小|附中|附幼|分校)")
_CLASS = re.compile(r"[^\u4e00-\u9fff]|[一二三四五六七八九初高]")
_ENDS_AS_SCHOOL = re.compile(r"(?:[校学]|教学点|完小|幼儿园)$")


def bare_name(name: str, prefixes: Iterable[str]) -> str:
    """A school's name, plain and without the city's and county's names before it, unless nothing else is left.

    >>> bare_name("赣州市赣县区 梅林中学", ("赣州市", "赣县区"))
    '梅林中学'
    """
    bare = plain(name)
    while found := next((each for each in prefixes if each and bare.startswith(each) and bare != each), None):
        bare = bare[len(found) :]
    return bare


def is_own(name: str) -> bool:
    """Tell whether a name only says that it is the writer's school.

    >>> is_own("本校"), is_own("我校七(1)班"), is_own("本田中学")
    (True, True, False)
    """
    return _OWN.fullmatch(plain(name)) is not None


def is_generic(name: str) -> bool:
    """Tell whether a name says only what a school is: 实验小学, 中心小学."""
    return not GENERIC.sub("", name)


def spellings(name: str, prefixes: Collection[str], towns: Collection[str]) -> Iterator[str]:
    """The ways to read a written name, the most faithful first: without quotes, province, city, county, town, in full.

    `towns` are names of towns that may stand there without 镇.

    >>> list(spellings("江西省赣县梅林镇中学", ("赣州市", "赣县区"), ()))
    ['江西省赣县梅林镇中学', '赣县梅林镇中学', '赣县区梅林镇中学', '梅林镇中学', '梅林镇中学', '梅林中学']
    """
    rest = _QUOTES.sub("", plain(name)).strip(_EDGES)
    yield rest
    while found := _place(rest, prefixes):
        written, full = found
        rest = rest[len(written) :]
        if full != written:
            yield full + rest
        if full == written or not is_generic(rest):
            yield rest
    for each in (rest, *_without_town(rest, towns)):
        yield each
        if _CENTRE.search(each):
            yield from (_CENTRE.sub(centre, each, count=1) for centre in _CENTRES)
        yield from (each.removesuffix(short) + full for short, full in _SHORTENED if each.endswith(short))


def _place(text: str, prefixes: Collection[str]) -> tuple[str, str] | None:
    """The place that a text begins with, as it is written and in full: 赣县 was the name of 赣县区 until 2016."""
    if found := _PROVINCE.match(text):
        return (found[0], found[0]) if found.end() < len(text) else None
    known = [(each, each) for each in prefixes] + [(each[:-1], each) for each in prefixes if len(each) > 2]
    return next((pair for pair in known if pair[0] and text.startswith(pair[0]) and text != pair[0]), None)


def _without_town(text: str, towns: Collection[str]) -> Iterator[str]:
    """The name without the town before it, and with the town for its place: 梅林镇中学 is 梅林中学."""
    found = _TOWN.match(text)
    town = found["town"] if found else next((each for each in towns if text.startswith(each) and text != each), "")
    if not (found or town) or _NOT_OF_A_TOWN.intersection(town):
        return
    rest = text[found.end() :] if found else text[len(town) :]
    if not is_generic(rest):
        yield rest
    if found and town:
        yield town + rest


def may_follow(rest: str, name: str, is_central: bool) -> bool:
    """Tell whether what stands behind a school's name leaves it that school: 本部, a class, a teaching point.

    >>> may_follow("本部", "梅林中学", False), may_follow("附属小学", "梅林中学", False)
    (True, False)
    """
    if _OTHER_SCHOOL.match(rest) or (_SCHOOL_INSIDE.search(rest) and not is_central):
        return False
    return bool(_ENDS_AS_SCHOOL.search(name) or _CLASS.match(rest))


def other_school_follows(text: str, end: int) -> bool:
    """Tell whether a name that ends there is only the begin of another: 梅林中学附属小学 is not 梅林中学."""
    return _OTHER_SCHOOL.match(text, end) is not None
