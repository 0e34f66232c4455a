"""Sums that a blank prints: in a note (1列=2列+4列), as 合计 or 其中 of a group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from kbxt_merge.intake.drafting.named import TOTAL, Named, bare_code, note_text, sentences
from kbxt_merge.intake.drafting.products import products_of, totals_of
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.definition_book.form_layout import SUM_COLUMNS, SUM_RULE
from kbxt_merge.model.text import bare_header, plain

_OF_WHICH = re.compile(r"^其中")
_RELATION = re.compile(r"[=≤≥<>＝⪯]{1,2}")
_IN_WORDS = (
    (re.compile(r"(?:应|须|必须)?(?:不得?|不应|不能)(?:大于|超过|多于|高于)|小于(?:或)?等于"), "⪯"),
    (re.compile(r"(?:应|须|必须)?(?:不得?|不应|不能)(?:小于|少于|低于)|大于(?:或)?等于"), "≥"),
    (re.compile(r"(?:应|须|必须)等于"), "="),
)
"""How a note says in words what a sign says; ⪯ is said of the smaller one, and told at it."""
_SEXES = (("男", "女"), ("男生", "女生"), ("男教师", "女教师"))
_ROWS = re.compile(r"行(?:关系)?")
_AND_EQUALS = re.compile(r"^(?:并|且|并且)(?:应|须|必须)?等于")
"""合计=优秀+良好，且等于实测人数."""
_TIMES_OVER = re.compile(r"(.+?)的?([2-5])倍")
"""乘车学生数不得超过核载人数的2倍."""
_RATE = re.compile(r"率|比例|[（(]%[）)]")
_CHANGE = re.compile(r"增减|净增|差[额数]?$|变化")
"""What may be less in the whole than in a part of it."""
_ADDS_UP = re.compile(r"(?:小计|合计|总计|总数|总分|总得分)$")
_THROUGH = re.compile(r"\+?(?:…+|\.{2,}|⋯+|至|-|—|~)\+?")


def sums_of(named: Named, notes: Iterable[str]) -> list[dict[str, Tree]]:
    """The rules that the notes and the groups of a blank say."""
    read = (_of_note, products_of, totals_of)
    rules = [rule for note in notes for tell in read for rule in tell(named, note_text(note))]
    of_codes = (plain(code) for code in named.codes if re.search("[=＝]", code))
    rules += [rule for code in of_codes for rule in _relations(named, code, named.by_code(), rows=False)]
    told = {str(rule["at"]) for rule in rules if rule["rule"] == "count-sum" and "equals" in rule}
    seen: list[dict[str, Tree]] = []
    of_rows = () if any(rule["rule"] == "row-sum" for rule in rules) else _of_rows(named)
    for rule in (*rules, *_of_groups(named, told), *of_rows):
        if rule not in seen:
            seen.append(rule)
    places = {name: at for at, name in enumerate(named.names)}
    return sorted(seen, key=lambda rule: _place(rule, places))


def _place(rule: Mapping[str, Tree], places: Mapping[str, int]) -> tuple[int, int, int]:
    """Sums by their fields before all else: so they stand in the fields' own rows of the workbook."""
    if rule["rule"] != SUM_RULE or "less" in rule:
        return 1, 0, 0
    how = next(place for place, each in enumerate(SUM_COLUMNS) if each in rule)
    return 0, how, places[str(rule["at"])]


def _of_note(named: Named, note: str) -> Iterator[dict[str, Tree]]:
    rows = False
    whole = ""
    for part in sentences(note):
        part = _AND_EQUALS.sub(f"{whole}=", part) if whole else part
        whole = part.partition("=")[0] if "=" in part else whole
        rows = bool(_ROWS.search(part)) or (rows and not re.search("列", part))
        told = re.sub(r"^.*?(?:关系为|关系是|为|关系)", "", part) if "为" in part or "关系" in part else part
        for words, sign in _IN_WORDS:
            told = words.sub(sign, told)
        known = named.by_number() if rows and named.labels else named.by_name()
        yield from _relations(named, told, known, rows=rows and bool(named.labels))
        if not (rows and named.labels):
            yield from _of_each_group(named, told)


def _of_each_group(named: Named, told: str) -> Iterator[dict[str, Tree]]:
    """What a note says of columns of which every group has its own: 合计=小学+初中."""
    groups = dict.fromkeys(path for path in named.groups if path)
    for path in groups if len(groups) > 1 else ():
        own = {
            bare_header(text): name
            for text, name, other in zip(named.headers, named.names, named.groups, strict=True)
            if other == path
        }
        if len(own) > 1:
            yield from _relations(named, told, own, rows=False)


def _of_rows(named: Named) -> Iterator[dict[str, Tree]]:
    """A printed row that is called 小计 of those before it, 合计 of all, or of those called 小计."""
    names = [name for name, adds_up in zip(named.names, named.adds_up, strict=True) if adds_up]
    parts: list[str] = []
    subtotals: list[str] = []
    for label in named.labels:
        bare = bare_header(label)
        if bare.endswith("小计"):
            if len(parts) > 1 and names:
                yield {"rule": "row-sum", "at": names, "row": label, "equals": parts}
            subtotals.append(label)
            parts = []
        elif _ADDS_UP.search(bare):
            whole = subtotals if subtotals and not parts else parts if not subtotals else []
            if len(whole) > 1 and names:
                yield {"rule": "row-sum", "at": names, "row": label, "equals": list(whole)}
        elif not _OF_WHICH.match(bare):
            parts.append(label)


def _relations(named: Named, told: str, known: Mapping[str, str], *, rows: bool) -> Iterator[dict[str, Tree]]:
    signs = _RELATION.findall(told)
    sides = [_terms(each, known) for each in _RELATION.split(told)]
    if not signs or len(sides[0][0]) + len(sides[0][1]) == 0:
        return
    left, left_minus = sides[0]
    for sign, (plus, minus) in zip(signs, sides[1:], strict=True):
        if not plus or left_minus:
            continue
        if sign in ("=", "＝"):
            at, how, parts = (plus, "equals", [*minus, *left]) if minus and len(plus) == 1 else (left, "equals", plus)
            if minus and len(plus) > 1 and len(left) == 1:
                whole = {"rule": SUM_RULE, "at": left[0], "equals": plus}
                of_rows = _rule(named, left[0], "equals", plus, rows=True)
                yield from ({**each, "less": minus} for each in (of_rows if rows else [whole]))
                continue
        elif sign == "⪯":
            at, how, parts = left, "at_most", plus
        else:
            less, more = (left, plus) if "≤" in sign or sign == "<=" else (plus, left)
            at, how, parts = more, "at_least", less
        if len(at) == 1 and at[0] not in parts and not (minus and how != "equals"):
            yield from _rule(named, at[0], how, parts, rows=rows)


def _rule(named: Named, at: str, how: str, parts: Sequence[str], *, rows: bool) -> Iterator[dict[str, Tree]]:
    if rows and how != "at_most":
        texts = zip(named.names, named.counted, named.headers, strict=True)
        counted = [
            name
            for name, is_counted, text in texts
            if is_counted and not _RATE.search(text) and not (how == "at_least" and _CHANGE.search(text))
        ]
        if counted:
            yield {"rule": "row-sum", "at": counted, "row": at, how: list(parts)}
    else:
        yield {"rule": "count-sum", "at": at, how: list(parts)}


def _terms(side: str, known: Mapping[str, str]) -> tuple[list[str], list[str]]:
    """The fields that are added and those that are taken away; none where one is unknown."""
    plus: list[str] = []
    minus: list[str] = []
    numbered = [code for code in known if code.isdigit()]
    last = ""
    for sign, text in re.findall(r"([+-]?)((?:\([^()]*\)|[^+\-])+)", side.replace("＋", "+").replace("－", "-")):
        times = _TIMES_OVER.fullmatch(text)
        term = bare_code(times[1] if times else text)
        if re.fullmatch(r"…+|\.{2,}|⋯+", text):
            plus.append("…")
        elif term in known:
            if plus[-1:] == ["…"]:
                plus.pop()
                if last in numbered and term in numbered:
                    plus += [known[each] for each in numbered[numbered.index(last) + 1 : numbered.index(term)]]
            (minus if sign == "-" else plus).extend([known[term]] * (int(times[2]) if times else 1))
            last = term
        else:
            return [], []
    return plus, minus


def _of_groups(named: Named, told: set[str]) -> Iterator[dict[str, Tree]]:
    """The first of a group that is called 合计, of the others; 其中 of the field before it."""
    members: dict[tuple[str, ...], list[int]] = {}
    for at, path in enumerate(named.groups):
        if named.counted[at]:
            members.setdefault(path, []).append(at)
    for path, places in members.items():
        yield from _of_group(named, path, places, told)


def _of_group(named: Named, path: tuple[str, ...], places: Sequence[int], told: set[str]) -> Iterator[dict[str, Tree]]:
    total = _total_over(named, path)
    any_within = False
    for at in places:
        is_within = _OF_WHICH.match(plain(named.headers[at])) is not None
        any_within |= is_within
        if total is not None and (is_within or _is_of_which(path)):
            yield {"rule": "count-sum", "at": named.names[total], "at_least": [named.names[at]]}
        elif not is_within:
            total = at
    first, rest = places[0], _parts_of(named, places[1:])
    is_total = bool(path) and TOTAL.match(bare_header(named.headers[first]))
    if is_total and len(rest) > 1 and not any_within and named.names[first] not in told:
        yield {"rule": "count-sum", "at": named.names[first], "equals": rest}


def _parts_of(named: Named, places: Sequence[int]) -> list[str]:
    """The fields that make up a whole: 男 and 女 do, whatever stands beside them."""
    names = {bare_header(named.headers[at]): named.names[at] for at in places}
    sexes = next((pair for pair in _SEXES if names.keys() >= set(pair)), ())
    return [names[each] for each in sexes] or [named.names[at] for at in places]


def _is_of_which(path: tuple[str, ...]) -> bool:
    return bool(path) and _OF_WHICH.match(plain(path[-1])) is not None


def _total_over(named: Named, path: tuple[str, ...]) -> int | None:
    """The column that a group called 其中 is a part of, or that is headed as the group is."""
    if not path:
        return None
    first = named.groups.index(path)
    before = [at for at in range(first) if named.counted[at] and not _OF_WHICH.match(plain(named.headers[at]))]
    if _is_of_which(path):
        totals = [at for at in before if named.groups[at][: len(path) - 1] == path[:-1] or len(path) == 1]
        named_so = [at for at in totals if TOTAL.match(bare_header(named.headers[at]))]
        return next(iter(reversed(named_so or totals)), None)
    own = [
        at for at in before if named.groups[at] == path[:-1] and bare_header(named.headers[at]) == bare_header(path[-1])
    ]
    return next(iter(own), None)
