"""What the parts of a package point to, however a program wrote it down."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from functools import lru_cache
from urllib.parse import unquote
from xml.etree import ElementTree

Relation = tuple[str, str, str]
"""Its id, the last word of its type, and the path that it leads to."""


def plain(path: str) -> str:
    """A part's name as all spellings of it have it."""
    return path.replace("\\", "/").removeprefix("./").lstrip("/").lower()


def relations(tree: ElementTree.Element, folder: str, known: Collection[str]) -> Iterator[Relation]:
    """The relations of a part in this folder; `known` are the parts that there are, by their plain names."""
    for relation in tree:
        target = relation.get("Target", "")
        yield relation.get("Id", ""), relation.get("Type", "").rpartition("/")[2], _path(target, folder, known)


def _path(target: str, folder: str, known: Collection[str]) -> str:
    """The part that is meant: as it is written, else as whoever wrote it may have meant it."""
    path = _from(folder, target)
    if plain(path) in known:
        return path
    cleaned = unquote(target.partition("#")[0].replace("\\", "/").strip())
    meant = (_from(folder, cleaned), _from("", cleaned))
    return next((each for each in meant if plain(each) in known), path)


@lru_cache(maxsize=1024)
def _from(folder: str, target: str) -> str:
    joined = target if target.startswith("/") else f"{folder}/{target}"
    return posixpath.normpath(re.sub("//+", "/", f"/{joined}")).lstrip("/")
