"""Products, shares and totals that the notes of a blank say in a formula or in words."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

from kbxt_merge.intake.drafting.named import Named, bare_code, sentences
from kbxt_merge.model.definition_book.cell_texts import Tree
from kbxt_merge.model.definition_book.form_layout import SUM_RULE
from kbxt_merge.model.text import bare_header

_TIMES = re.compile(r"[×*xX✕╳]")
_DIVIDED = re.compile(r"[÷/]")
_IN_BRACKETS = re.compile(r"\(([^()+=]+(?:\+[^()+=]+)+)\)")
"""What is added up before it is divided."""
_HUNDRED = re.compile(r"[×*xX]?100%?$")
_ADDS_UP = re.compile(r"(?:小计|合计|总计|总数|总分|总得分)$")


def products_of(named: Named, note: str) -> Iterator[dict[str, Tree]]:
    """What a note says is other columns multiplied, or divided: 补助金额=补助标准×补助月数, 合格率=(优秀+合格)÷实测."""
    for part in sentences(note):
        left, equals, right = part.partition("=")
        added = _IN_BRACKETS.match(right)
        right = right[added.end() :] if added else right
        if not equals or not (_TIMES.search(right) or _DIVIDED.search(right)) or re.search(r"[=+\-]", right):
            continue
        above, *below = _DIVIDED.split(_HUNDRED.sub("", right))
        factors = [each for each in _TIMES.split(above) if each or not added]
        plus = added[1].split("+") if added else ()
        for at, played in _played(named, left, (plus, factors, below)):
            keys = ("plus", "of", "divided_by")
            roles: dict[str, Tree] = {key: each for key, each in zip(keys, played, strict=True) if each}
            by = {"divided_by": played[2][0]} if played[2] else _but_in_totals(named)
            yield {"rule": "product", "at": at, **roles, **by}


def _but_in_totals(named: Named) -> dict[str, Tree]:
    """In a form of rows what holds in each row but those that add others up."""
    rows = [label for label in named.labels if not _ADDS_UP.search(bare_header(label))]
    return {"where": {named.names[named.printed.at]: rows}} if len(rows) < len(named.labels) else {}


def _played(named: Named, left: str, told: Sequence[Sequence[str]]) -> Iterator[tuple[str, list[list[str]]]]:
    """The fields of a product, and of each of its parts; where groups are multiplied, those of one header in each."""
    at, *texts = [[bare_code(bare_header(text)) for text in part] for part in ([left], *told)]
    for way in _ways(named, at[0]):
        names = [[way.get(text, "") for text in part] for part in texts]
        if way.get(at[0]) and all(map(all, names)) and len(names[-1]) < 2:
            yield way[at[0]], names


def _ways(named: Named, left: str) -> Iterator[Mapping[str, str]]:
    """By what a formula calls fields those it may mean; of groups the fields of one header, one way a header."""
    plainly = {**named.by_header(), **named.by_code()}
    columns = dict(named.of_group(left))
    if left in plainly:
        yield named.by_name()
    elif columns:
        groups = {bare_header(path[-1]): dict(named.within(path)) for path in named.groups if path}
        yield from (
            {**{group: own[header] for group, own in groups.items() if header in own}, **plainly} for header in columns
        )
    else:
        alone = {bare_header(header): name for name, header, path in named.columns if not path}
        yield from ({**alone, **dict(named.within(path))} for path in dict.fromkeys(named.groups) if path)


_TOTAL_OF = re.compile(
    r"(?P<whole>[^=]{2,12}?)(?:=|为|是|等于)(?:各|所有|以上|上述)(?P<parts>[^=+]{0,10}?)(?:之和|的?总和|的和|相加|合计)$"
)
"""周课时合计=各年级周课时之和."""


def totals_of(named: Named, note: str) -> Iterator[dict[str, Tree]]:
    """What a note says in words is the sum of all columns of the group beside it."""
    for part in sentences(note):
        found = _TOTAL_OF.fullmatch(part)
        name = named.by_header().get(bare_header(found["whole"])) if found else None
        parts = named.beside(name) if name else []
        if len(parts) > 1:
            yield {"rule": SUM_RULE, "at": name, "equals": parts}
