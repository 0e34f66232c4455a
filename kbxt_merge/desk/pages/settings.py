"""设置: what kbxt.toml says, key by key; the old file is kept."""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import room_of
from kbxt_merge.errors import SettingsError
from kbxt_merge.settings import SETTINGS
from kbxt_merge.settings_file import written

_USUAL = (
    "period", "due", "lang",
    "mail.user", "mail.host", "mail.port", "mail.security", "mail.imap_host", "mail.sender_name",
)  # fmt: skip
"""What a clerk changes; the others stand folded below."""


def listed(request: Request) -> Response:
    """Every setting, with what the file says of it."""
    return _listed(request, written(room_of(request).place.folder))


async def save(request: Request) -> Response:
    """Write what was typed; what can't be is told, and nothing is changed."""
    room = room_of(request)
    async with request.form() as form:
        typed = {each.key: str(form[each.key]) for each in SETTINGS if each.key in form}
    before = written(room.place.folder)
    changed = {key: value for key, value in typed.items() if value.strip() != before.get(key, "")}
    try:
        room.place.change_settings(changed)
    except SettingsError as fault:
        return _listed(request, typed, fault)
    room.worker.want_merge(noted=True)
    return RedirectResponse("/settings", 303)


def _listed(request: Request, values: Mapping[str, str], fault: SettingsError | None = None) -> Response:
    usual = [each for key in _USUAL for each in SETTINGS if each.key == key]
    rest = [each for each in SETTINGS if each.key not in _USUAL]
    status = 400 if fault else 200
    return page(request, "desk-settings.html", status, values=values, fault=fault, usual=usual, rest=rest)


ROUTES = [Route("/settings", listed), Route("/settings", save, methods=["POST"])]
