"""Pages as Jinja renders them, with the same style and colours as the report."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any
from urllib.parse import urlsplit

from jinja2 import Environment, FunctionLoader, StrictUndefined
from markupsafe import Markup, escape
from starlette.requests import Request
from starlette.responses import HTMLResponse, Response

from kbxt_merge.desk.navigation import VIEWS
from kbxt_merge.desk.room import room_of
from kbxt_merge.desk.words import words_of
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.round import Life
from kbxt_merge.model.text import Words

ASSETS: Mapping[str, tuple[str, ...]] = {
    "text/css": ("report.css", "desk.css"),
    "text/javascript": ("desk.js",),
}
"""What pages are made of besides their own text, by its type: each is one answer, the files behind each other."""


def page(request: Request, template: str, status: int = 200, **more: Any) -> Response:
    """A page of the desk; `more` is what only it shows."""
    room = room_of(request)
    words = words_of(room.language)
    lives = {each.value: each.words.of(room.language) for each in Life}
    context = {
        "room": room,
        "board": room.board,
        "w": words,
        "lives": lives,
        "here": request.url.path,
        "posted": request.method == "POST",
        "visitor": request.state.visitor,
        "views": VIEWS,
        **more,
    }
    return HTMLResponse(_environment().get_template(template).render(context), status)


def refusal(
    request: Request,
    status: int,
    *,
    said: str = "",
    fault: KbxtError | None = None,
    gone: Sequence[str] = (),
    done: int = 0,
) -> Response:
    """Why something was not done: a word of ours, a fault, or where what is `gone` stood beside how much was `done`."""
    back = _came_from(request)
    return page(request, "desk-refused.html", status, said=said, fault=fault, gone=gone, done=done, back=back)


def _came_from(request: Request) -> str:
    """The page from which a form was sent, else the view that it belongs to; the first page where there is none."""
    try:
        sent = urlsplit(request.headers.get("referer", ""))
    except ValueError:
        sent = urlsplit("")
    told = [f"{sent.path}?{sent.query}".rstrip("?")] if sent.netloc == request.headers.get("host") else []
    for link in (*told, request.url.path):
        path = link.partition("?")[0]
        if any(each.is_at(path) and each.link != "/" for each in VIEWS) or path.startswith("/school/"):
            return link if link in told else next(each.link for each in VIEWS if each.is_at(path))
    return "/"


def get_ready() -> None:
    """Make the first page's templates ready, so that it need not be waited for."""
    _environment().get_template("desk-schools.html")


@cache
def asset(kind: str) -> str:
    """The style or the script of all pages."""
    return "\n".join(_text(name) for name in ASSETS[kind])


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=FunctionLoader(_text), autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True
    )
    environment.filters["fill"] = _filled
    environment.filters["of"] = Words.of
    environment.filters["masked"] = _masked
    environment.filters["masked_name"] = _masked_name
    return environment


def _masked(text: str) -> str:
    from kbxt_merge.model.privacy import MASKED  # its patterns take a while, and the first page has no use for them

    return MASKED.text[text]


def _masked_name(text: str) -> str:
    from kbxt_merge.model.privacy import MASKED

    return MASKED.words[text]


def _filled(pattern: str, **facts: object) -> Markup:
    """The words with facts in their places; what a school typed is escaped, our own words are markup."""
    return Markup(pattern).format(**{name: escape(fact) for name, fact in facts.items()})


@cache
def _text(name: str) -> str:
    return files("kbxt_merge.templates").joinpath(name).read_text(encoding="utf-8")
