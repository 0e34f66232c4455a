"""Word of an open desk, in the clerk's folder: how a second start comes in, and what one that was killed leaves."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

from kbxt_merge.desk.guard import ENTRANCE, Keys
from kbxt_merge.desk.place import Place
from kbxt_merge.errors import OutputError

_FILE = "desk.json"


def left_behind(place: Place) -> Mapping[str, Any]:
    """What a desk that was killed left: where it was, and by what it knew its pages; nothing where none was killed."""
    try:
        word: Mapping[str, Any] = json.loads((place.own / _FILE).read_text(encoding="utf-8"))
        return {"port": urlsplit(word["origin"]).port, "known_by": bytes.fromhex(word["known_by"]).hex()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


@contextmanager
def door(place: Place, origin: str, keys: Keys) -> Iterator[None]:
    """Leave word where this desk is and how to come in, for a second start; only this user may read it."""
    path = place.own / _FILE
    path.unlink(missing_ok=True)
    with os.fdopen(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8") as stream:
        json.dump({"origin": origin, "secret": keys.secret.hex(), "known_by": keys.known_by.hex()}, stream)
    try:
        yield
    finally:
        path.unlink(missing_ok=True)


def url_of_other(place: Place) -> str:
    """What opens the page of the desk that is open here; raises OutputError where it can't be told."""
    try:
        word: Mapping[str, Any] = json.loads((place.own / _FILE).read_text(encoding="utf-8"))
        ticket = Keys(bytes.fromhex(word["secret"])).ticket()
        return f"{word['origin']}{ENTRANCE}?ticket={ticket}"
    except (OSError, ValueError, KeyError) as fault:
        raise OutputError(
            f"“{place.out}”的工作台正在启动或退出，请过几秒再试",
            f"the desk of {place.out} is just starting or ending; try again in some seconds",
        ) from fault
