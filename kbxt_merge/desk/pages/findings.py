"""问题: what was found, kind by kind, and one decision for many that are alike."""

from __future__ import annotations

from itertools import groupby
from operator import attrgetter

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import board_of

MOST_SHOWN = 500
"""Findings of one kind on one page; the schools' own pages show all."""


def by_rule(request: Request) -> Response:
    """The kinds of findings, the gravest first."""
    board_of(request)
    return page(request, "desk-findings.html")


def of_rule(request: Request) -> Response:
    """All findings of one kind, school by school; none, where the last of them was just settled."""
    board, rule = board_of(request), request.path_params["rule"]
    found = board.of_rule(rule)
    card = board.checked.findings.catalogue.get(rule)
    if card is None and not found:
        raise HTTPException(404)
    numbers = {each.name: each.number for each in board.schools}
    return page(
        request,
        "desk-rule.html",
        title=card.title.of(board.language) if card else found[0].title,
        found=found,
        groups=[(name, list(lines)) for name, lines in groupby(found[:MOST_SHOWN], key=attrgetter("school"))],
        numbers=numbers,
        many=sum(each.can_be_confirmed for each in found[:MOST_SHOWN]),
    )


ROUTES = [Route("/findings", by_rule), Route("/findings/{rule}", of_rule)]
