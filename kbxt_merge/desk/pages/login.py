"""登录、账户: how colleagues on the office network come in, and who has which role."""

from __future__ import annotations

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.guard import COOKIE, LOGIN, came_in, token_of
from kbxt_merge.desk.render import page
from kbxt_merge.desk.roles import Role
from kbxt_merge.desk.room import Network, network_of, room_of, visitor_of
from kbxt_merge.errors import SettingsError
from kbxt_merge.model.text import printable

_WRONG, _TOO_MANY = 401, 429


def door(request: Request) -> Response:
    """The form by which one comes in."""
    network_of(request)
    return page(request, "desk-login.html", said="")


async def enter(request: Request) -> Response:
    """Let somebody in by name and password; after some wrong ones nobody for a while."""
    from kbxt_merge.decisions import note_login

    network = network_of(request)
    async with request.form() as form:
        name, password = str(form.get("name", "")).strip(), str(form.get("password", ""))
    client = request.client.host if request.client else ""
    whose = (f"name {name}", f"from {client}")
    if network.tries.too_many(*whose):
        return page(request, "desk-login.html", _TOO_MANY, said="too_many_tries")
    account = network.accounts.checked(name, password)
    note_login(room_of(request).place.out, printable(name)[:40], client, came_in=account is not None)
    if account is None:
        network.tries.note(*whose)
        return page(request, "desk-login.html", _WRONG, said="wrong_login")
    network.tries.forget(*whose)
    return came_in(network.sessions.begin(account.name), network.origin)


def leave(request: Request) -> Response:
    """Let this browser in no more."""
    network_of(request).sessions.end(token_of(request.headers))
    response = RedirectResponse(LOGIN, 303)
    response.delete_cookie(COOKIE, path="/")
    return response


def listed(request: Request) -> Response:
    """Who has an account, and which role."""
    return _listed(request, network_of(request))


async def put(request: Request) -> Response:
    """Make an account, or give one another role or password; a name's own browsers must come in anew."""
    network = network_of(request)
    async with request.form() as form:
        name, password, role = (str(form.get(each, "")) for each in ("name", "password", "role"))
    try:
        network.accounts.put(name, Role(role), password)
    except SettingsError as fault:
        return _listed(request, network, fault)
    except ValueError as fault:
        raise HTTPException(400) from fault
    network.sessions.end_of(name.strip())
    return RedirectResponse("/accounts", 303)


async def remove(request: Request) -> Response:
    """Take an account away."""
    network = network_of(request)
    async with request.form() as form:
        name = str(form.get("name", ""))
    if name == visitor_of(request).name:
        raise HTTPException(400)  # a desk whose last manager took away herself could be managed by nobody
    network.accounts.remove(name)
    network.sessions.end_of(name)
    return RedirectResponse("/accounts", 303)


def _listed(request: Request, network: Network, fault: SettingsError | None = None) -> Response:
    accounts = list(network.accounts.all().values())
    return page(request, "desk-accounts.html", 400 if fault else 200, accounts=accounts, roles=list(Role), fault=fault)


ROUTES = [
    Route(LOGIN, door),
    Route(LOGIN, enter, methods=["POST"]),
    Route("/logout", leave, methods=["POST"]),
    Route("/accounts", listed),
    Route("/accounts", put, methods=["POST"]),
    Route("/accounts/remove", remove, methods=["POST"]),
]
