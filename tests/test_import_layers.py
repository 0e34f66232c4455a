"""Imports go one way, siblings never import each other, and each heavy library has its home."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kbxt_merge"
ROOMS = ("intake", "rules", "outputs", "mail", "ledger", "engines")
STORIES = ("ahead", "beside", "pipeline", "writing", "correspondence", "status", "watch")
EVERYONE = {"errors", "own_code", ""}
MAY_IMPORT = {
    "cli": {*STORIES, "settings", "model"},
    **{story: {*ROOMS, *STORIES, "settings", "model"} for story in STORIES},
    "settings": {"model"},
    "setting_kinds": {"model"},
    "model": set(),
    "errors": {"model"},
    "own_code": set(),
    **{room: {"model"} for room in ROOMS},
}
HOMES = {
    "click": {"cli"},
    "python_calamine": {"intake"},
    "xlrd": {"intake"},
    "pandera": {"rules"},
    "sqlalchemy": {"ledger"},
    "watchfiles": {"intake"},
    "smtplib": {"mail"},
    "imaplib": {"mail"},
    "jinja2": {"outputs", "mail"},
    "xlsxwriter": {"outputs"},
    "dask": {"engines"},
    "distributed": {"engines"},
    "fsspec": {"intake"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def room_of(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: a relative import hides where it leads"
            yield node.module or ""


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_lead_only_where_the_architecture_lets_them(path: Path) -> None:
    room = room_of(path)
    allowed = MAY_IMPORT.get(room, {"model"}) | EVERYONE | {room, "schemas", "templates"}
    family = {"settings", "setting_kinds"}
    allowed |= family if room in family else set()
    for name in imported(path):
        top, *rest = name.split(".")
        if top == "kbxt_merge" and room != "__init__":
            target = rest[0] if rest else ""
            assert target in allowed, f"{room} imports {name}"


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_a_heavy_library_stays_in_its_home(path: Path) -> None:
    for name in imported(path):
        homes = HOMES.get(name.split(".")[0])
        assert homes is None or room_of(path) in homes, f"{path} imports {name}"


def test_every_room_of_the_house_is_known_to_this_test() -> None:
    known = set(MAY_IMPORT) | {"__init__"}
    assert {room_of(path) for path in modules()} <= known
