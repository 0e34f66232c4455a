"""Who may ask the desk for anything: a page of its own, in a browser of whoever started it, or of an account's owner.

A web site that the clerk has open in another tab can make her browser send requests to any address.  So: the Host must
be ours (else a name that leads to 127.0.0.1 would do: DNS rebinding), a cookie that no other site's request carries
must be there, and whatever changes something must come from our own pages (Origin).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from kbxt_merge.desk.accounts import Sessions
from kbxt_merge.desk.roles import OWNER, Visitor, needed

COOKIE = "kbxt"
ENTRANCE = "/enter"
LOGIN = "/login"
_FOR_ALL = (LOGIN, "/desk.css")
"""What is answered to somebody who is still to log in."""
_READS = frozenset({"GET", "HEAD"})
POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": POLICY,
    "cache-control": "no-store",
    "x-content-type-options": "nosniff",
    "referrer-policy": "same-origin",  # with no-referrer, browsers hide from us, too, where a form was sent from
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
}
_REFUSED = "请从图标或 kbxt desk 命令重新打开工作台。 Open the desk by its icon, or by `kbxt desk`."
_WRONG_HOST, _NOT_IN, _FOREIGN = 421, 403, 403


@dataclass
class Keys:
    """The secrets that only whoever may read this folder knows: one opens the door, by the other a browser is known.

    The latter outlives a desk that was killed, so that its pages find the next one.
    """

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    known_by: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
    _used: set[str] = field(default_factory=set, repr=False)

    def ticket(self) -> str:
        """What opens the door once."""
        nonce = secrets.token_hex(16)
        return f"{nonce}.{self._signed(nonce)}"

    def admits(self, ticket: str) -> bool:
        """Whether a ticket is ours, and was not used before."""
        nonce, _, signed = ticket.partition(".")
        if nonce in self._used or not hmac.compare_digest(signed.encode(), self._signed(nonce).encode()):
            return False
        self._used.add(nonce)
        return True

    @property
    def cookie(self) -> str:
        """What a browser that came in shows from then on."""
        return hmac.new(self.known_by, b"cookie", hashlib.sha256).hexdigest()

    def is_in(self, headers: Headers) -> bool:
        """Whether a request is of a browser that came in."""
        return hmac.compare_digest(token_of(headers).encode(), self.cookie.encode())

    def _signed(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


def token_of(headers: Headers) -> str:
    """What a browser shows of having come in; blank where it shows nothing."""
    try:
        told = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
    except CookieError:
        return ""
    return told.value if told is not None else ""


@dataclass
class Guard:
    """Stands before all pages; `origin` is the only one that is ours, with its port.

    Without `sessions` nobody has an account: only the browser that came in by a ticket is let in. `may_not` tells
    somebody that their role is not enough, `answered` is called when somebody who is in got an answer.
    """

    app: ASGIApp
    origin: str
    keys: Keys
    may_not: Callable[[Request], Response]
    answered: Callable[[], None]
    sessions: Sessions | None = None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request in, or say why not; every answer carries the headers that close the page to others."""
        if scope["type"] != "http":
            return

        async def closed(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        refused = self._refused(scope)
        await (refused or self.app)(scope, receive, closed)
        if refused is None:
            self.answered()

    def _refused(self, scope: Scope) -> Response | None:
        headers, path, reads = Headers(scope=scope), scope["path"], scope["method"] in _READS
        if headers.get("host") != self.origin.partition("://")[2]:
            return PlainTextResponse(_REFUSED, _WRONG_HOST)
        if path == ENTRANCE and scope["method"] == "GET":
            return self._entered(scope)
        visitor = self._visitor(headers)
        if visitor is None and not (self.sessions and path in _FOR_ALL):
            return self._stopped(path, reads=reads)
        if not reads and headers.get("origin") != self.origin:
            return PlainTextResponse(_REFUSED, _FOREIGN)
        scope.setdefault("state", {})["visitor"] = visitor
        if visitor and not visitor.role.may(needed(scope["method"], path)):
            return self.may_not(Request({**scope, "app": self.app}))
        return None

    def _visitor(self, headers: Headers) -> Visitor | None:
        if self.keys.is_in(headers):
            return OWNER
        return self.sessions.visitor(token_of(headers)) if self.sessions else None

    def _stopped(self, path: str, *, reads: bool) -> Response:
        """Whoever is to log in is led there by what a browser opens by itself."""
        if self.sessions and reads and path == "/":
            return RedirectResponse(LOGIN, 303)
        return PlainTextResponse(_REFUSED, _NOT_IN)

    def _entered(self, scope: Scope) -> Response:
        ticket = scope["query_string"].decode("latin-1").partition("ticket=")[2]
        if not self.keys.admits(ticket):
            return PlainTextResponse(_REFUSED, _NOT_IN)
        return came_in(self.keys.cookie, self.origin)


def came_in(token: str, origin: str) -> Response:
    """Lead a browser that came in to the first page, with what it shows from then on."""
    response = RedirectResponse("/", 303)
    response.set_cookie(COOKIE, token, httponly=True, samesite="strict", path="/", secure=origin.startswith("https://"))
    return response
