"""Sums that a blank prints: in a note (1列=2列+4列), as 合计 or 其中 of a group."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.text import bare_header, plain

_TOTAL = re.compile(r"^(?:合计|总数|小计|总计|总人数|计)$")
_OF_WHICH = re.compile(r"^其中")
_RELATION = re.compile(r"[=≤≥<>＝]{1,2}")
_ROWS = re.compile(r"行(?:关系)?")
_TERM = re.compile(r"[(（]?0*([0-9]+)[)）]?\s*[列行栏项]?")
_THROUGH = re.compile(r"\+?(?:…+|\.{2,}|⋯+|至|-|—|~)\+?")


@dataclass(frozen=True, slots=True)
class Named:
    """What a note may call columns: by field's name the code below the header, and the header."""

    names: Sequence[str]
    headers: Sequence[str]
    groups: Sequence[tuple[str, ...]]
    codes: Sequence[str]
    counted: Sequence[bool]
    labels: Sequence[str] = ()
    numbers: Sequence[str] = ()

    def by_code(self) -> Mapping[str, str]:
        """The fields by the numbers below their headers."""
        return {_bare(code): name for code, name in zip(self.codes, self.names, strict=False) if code}

    def by_number(self) -> Mapping[str, str]:
        """The printed rows by the numbers beside them; without any by their place."""
        numbers = [_bare(each) for each in self.numbers]
        if not any(each.isdigit() for each in numbers):
            numbers = [str(at) for at in range(1, len(self.labels) + 1)]
        return dict(zip(numbers, self.labels, strict=False))

    def by_header(self) -> Mapping[str, str]:
        """The fields by their headers, those left out that two have."""
        own = [bare_header(each).removeprefix("其中:").removeprefix("其中") for each in self.headers]
        full = [f"{bare_header(path[-1]) if path else ''}{text}" for path, text in zip(self.groups, own, strict=True)]
        found: dict[str, str] = {}
        for texts in (full, own):
            found |= {text: name for text, name in zip(texts, self.names, strict=True) if texts.count(text) == 1}
        return found


def _bare(code: str) -> str:
    found = _TERM.fullmatch(plain(code))
    return found[1] if found else plain(code)


def sums_of(named: Named, notes: Iterable[str]) -> list[dict[str, Tree]]:
    """The rules that the notes and the groups of a blank say."""
    rules = [rule for note in notes for rule in _of_note(named, plain(note))]
    told = {str(rule["at"]) for rule in rules if rule["rule"] == "count-sum" and "equals" in rule}
    seen = [{**rule} for rule in rules]
    for rule in _of_groups(named, told):
        if rule not in seen:
            seen.append(rule)
    return seen


def _of_note(named: Named, note: str) -> Iterator[dict[str, Tree]]:
    rows = False
    for part in re.split(r"[;；,，。]|说明:|注:|关系:", note):
        rows = bool(_ROWS.search(part)) or (rows and not re.search("列", part))
        told = re.sub(r"^.*?(?:关系为|关系是|为|关系)", "", part) if "为" in part or "关系" in part else part
        told = re.sub(r"^[0-9]{1,2}[.、]", "", told)
        known = named.by_number() if rows and named.labels else {**named.by_header(), **named.by_code()}
        yield from _relations(named, told, known, rows=rows and bool(named.labels))


def _relations(named: Named, told: str, known: Mapping[str, str], *, rows: bool) -> Iterator[dict[str, Tree]]:
    signs = _RELATION.findall(told)
    sides = [_terms(each, known) for each in _RELATION.split(told)]
    if not signs or len(sides[0][0]) + len(sides[0][1]) == 0:
        return
    for sign, (plus, minus) in zip(signs, sides[1:], strict=True):
        left, left_minus = sides[0]
        if not plus or left_minus:
            continue
        if sign in ("=", "＝"):
            at, parts = left, plus
            if minus:  # 月末未返=累计辍学-累计劝返: 累计辍学 is the sum
                at, parts = plus, [*minus, *left]
            if len(at) == 1 and at[0] not in parts:
                yield from _rule(named, at[0], "equals", parts, rows=rows)
        elif "≤" in sign or sign == "<=":
            if len(plus) == 1 and not minus:
                yield from _rule(named, plus[0], "at_least", left, rows=rows)
        elif len(left) == 1 and not minus:
            yield from _rule(named, left[0], "at_least", plus, rows=rows)


def _rule(named: Named, at: str, how: str, parts: Sequence[str], *, rows: bool) -> Iterator[dict[str, Tree]]:
    if rows:
        counted = [name for name, is_counted in zip(named.names, named.counted, strict=True) if is_counted]
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
        term = _bare(text)
        if re.fullmatch(r"…+|\.{2,}|⋯+", text):
            plus.append("…")
        elif term in known:
            if plus[-1:] == ["…"]:
                plus.pop()
                if last in numbered and term in numbered:
                    plus += [known[each] for each in numbered[numbered.index(last) + 1 : numbered.index(term)]]
            (minus if sign == "-" else plus).append(known[term])
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
    total: int | None = None
    within: list[str] = []
    for at in places:
        if _OF_WHICH.match(plain(named.headers[at])):
            within.append(named.names[at])
            continue
        if total is not None and within:
            yield {"rule": "count-sum", "at": named.names[total], "at_least": within}
        total, within = at, []
    if total is not None and within:
        yield {"rule": "count-sum", "at": named.names[total], "at_least": within}
    first, rest = places[0], [named.names[at] for at in places[1:]]
    is_total = bool(path) and _TOTAL.match(bare_header(named.headers[first]))
    any_within = any(_OF_WHICH.match(plain(named.headers[at])) for at in places)
    if is_total and len(rest) > 1 and not any_within and named.names[first] not in told:
        yield {"rule": "count-sum", "at": named.names[first], "equals": rest}
