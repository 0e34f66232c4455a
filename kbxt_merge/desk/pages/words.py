"""词语: what schools write and nobody knows yet, what was accepted for it by whom, and what the vocabularies know."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from kbxt_merge.decisions import every_decision
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import room_of
from kbxt_merge.model.decision import Act, Decisions
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.text import Language


def listed(request: Request) -> Response:
    """The words, those first that somebody must see to."""
    room = room_of(request)
    board = room.board
    every = every_decision(room.place.out)
    forms = board.checked.district.forms if board else None
    return page(
        request,
        "desk-words.html",
        unknown=board.words.all if board else [],
        accepted=[each for each in reversed(every) if each.act is Act.WORD],
        holding={each.key for each in Decisions.of(every).all},
        labels=_labels(forms, room.language) if forms else {},
        vocabularies=list(forms.vocabularies.values()) if forms else [],
    )


def _labels(forms: Forms, language: Language) -> Mapping[str, str]:
    """What each vocabulary is called: as the first field that has it."""
    fields = [field for form in forms.forms for field in form.fields if field.vocabulary is not None]
    return {each.vocabulary.name: each.label.of(language) for each in reversed(fields) if each.vocabulary}


ROUTES = [Route("/words", listed)]
