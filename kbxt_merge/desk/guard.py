"""Who may ask the desk for anything: a page of its own, in a browser of whoever started it, on this very machine.

A web site that the clerk has open in another tab can make her browser send requests to any address.  So: the Host must
be ours (else a name that leads to 127.0.0.1 would do: DNS rebinding), a cookie that no other site's request carries
must be there, and whatever changes something must come from our own pages (Origin).
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from dataclasses import dataclass, field
from http.cookies import CookieError, SimpleCookie

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

COOKIE = "kbxt"
ENTRANCE = "/enter"
_READS = frozenset({"GET", "HEAD"})
_POLICY = (
    "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_HEADERS = {
    "content-security-policy": _POLICY,
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
    """The secret that only whoever may read this folder knows, and what follows of it."""

    secret: bytes = field(default_factory=lambda: secrets.token_bytes(32), repr=False)
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
        return self._signed("cookie")

    def is_in(self, headers: Headers) -> bool:
        """Whether a request is of a browser that came in."""
        try:
            told = SimpleCookie(headers.get("cookie", "")).get(COOKIE)
        except CookieError:
            return False
        return told is not None and hmac.compare_digest(told.value.encode(), self.cookie.encode())

    def _signed(self, text: str) -> str:
        return hmac.new(self.secret, text.encode(), hashlib.sha256).hexdigest()


@dataclass
class Guard:
    """Stands before all pages; `host` is the only one that is ours, with its port."""

    app: ASGIApp
    host: str
    keys: Keys

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

    def _refused(self, scope: Scope) -> Response | None:
        headers = Headers(scope=scope)
        if headers.get("host") != self.host:
            return PlainTextResponse(_REFUSED, _WRONG_HOST)
        if scope["path"] == ENTRANCE and scope["method"] == "GET":
            return self._entered(scope)
        if not self.keys.is_in(headers):
            return PlainTextResponse(_REFUSED, _NOT_IN)
        if scope["method"] not in _READS and headers.get("origin") != f"http://{self.host}":
            return PlainTextResponse(_REFUSED, _FOREIGN)
        return None

    def _entered(self, scope: Scope) -> Response:
        ticket = scope["query_string"].decode("latin-1").partition("ticket=")[2]
        if not self.keys.admits(ticket):
            return PlainTextResponse(_REFUSED, _NOT_IN)
        response = RedirectResponse("/", 303)
        response.set_cookie(COOKIE, self.keys.cookie, httponly=True, samesite="strict", path="/")
        return response
