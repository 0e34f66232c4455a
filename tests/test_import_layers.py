"""Imports go one way: a line a room says which rooms it may ask, and each heavy library has its home."""

import configparser
from itertools import groupby

import pytest
from house import EVERYWHERE, MAP, PACKAGE, WINGS, drawn, floors, imported, modules, own_imports, room_named, room_of

MAY_ASK = {
    "model": set(),
    "errors": set(),
    "own_code": set(),
    "held_signals": set(),
    "freed_memory": set(),
    # from outside to nouns
    "intake.pool": {"held_signals"},
    "intake.values": set(),
    "intake.formats": set(),
    "intake.inbox": {"intake.formats", "intake.pool"},
    "intake.recognition": {"intake.values"},
    "intake.definitions": {"intake.values", "intake.formats"},
    "intake.drafting": {"intake.definitions", "intake.formats", "intake.recognition"},
    "intake.reading": {"intake.formats", "intake.inbox", "intake.pool", "intake.recognition"},
    "intake.registers": {
        "intake.formats",
        "intake.inbox",
        "intake.pool",
        "intake.recognition",
        "intake.values",
    },
    "intake.assembly": {"freed_memory", "intake.formats", "intake.inbox", "intake.recognition", "intake.values"},
    # from nouns to findings
    "rules.engine": set(),
    "rules.id_numbers": set(),
    "rules.children": {"rules.engine", "rules.id_numbers"},
    "rules.checks": {"rules.engine", "rules.id_numbers", "rules.children"},
    "rules.months": {"rules.engine", "rules.id_numbers", "rules.children", "rules.checks"},
    "rules": {"freed_memory", "rules.engine", "rules.checks", "rules.children"},
    # from nouns to outside
    "outputs.data": set(),
    "outputs.publish": set(),
    "outputs.report": set(),
    "outputs.sheets": set(),
    "outputs.summary": {"outputs.publish", "outputs.sheets"},
    "outputs.brief": {"outputs.sheets"},
    "outputs.past": set(),
    "outputs.lists": {"outputs.data", "outputs.sheets"},
    "outputs.returned": {"outputs.publish", "outputs.sheets"},
    "outputs.blanks": {"outputs.sheets"},
    "outputs.definition_book": {"outputs.sheets"},
    "outputs.trial": set(),
    "ledger": set(),
    "mail": set(),
    # stories, and who calls them
    "setting_kinds": set(),
    "setting_words": set(),
    "settings": {"setting_kinds", "setting_words"},
    "log_words": set(),
    "log": {"log_words"},
    "preload": {"intake.pool", "outputs.publish"},
    "form_definitions": {"intake", "rules", "outputs", "settings"},
    "write_outputs": {"intake", "rules", "outputs", "settings", "log"},
    "owing": {"rules", "mail", "settings"},
    "decisions": {"mail"},
    "merging": {
        "decisions",
        "form_definitions",
        "freed_memory",
        "intake",
        "ledger",
        "log",
        "mail",
        "outputs",
        "owing",
        "preload",
        "rules",
        "settings",
        "write_outputs",
    },
    "reference": {"form_definitions", "outputs", "rules", "settings"},
    "watch": {"intake", "settings", "merging"},
    "packing": {"ledger", "mail", "outputs", "settings"},
    "forgetting": {"intake", "rules", "ledger", "mail", "outputs", "settings"},
    "status": {"ledger", "mail", "outputs", "settings"},
    "post": {"form_definitions", "intake", "rules", "outputs", "ledger", "mail", "settings"},
    "edited_file": set(),
    "settings_file": {"edited_file", "settings"},
    "roster_file": {"edited_file", "intake", "settings"},
    "desk": {
        "settings",
        "edited_file",
        "settings_file",
        "roster_file",
        "form_definitions",
        "merging",
        "watch",
        "status",
        "post",
        "decisions",
    },
    "cli": {
        "desk",
        "forgetting",
        "form_definitions",
        "held_signals",
        "log",
        "merging",
        "packing",
        "post",
        "preload",
        "reference",
        "setting_words",
        "settings",
        "status",
        "watch",
    },
    "__main__": {"cli"},
    "api": {"outputs", "rules", "settings", "merging", "write_outputs", "post"},
    "id_number": {"intake", "rules"},
}
"""Each room and what it may ask; a wing's name stands for all its rooms."""
HOMES = {
    "click": {"cli"},
    "python_calamine": {"intake.formats"},
    "xlrd": {"intake.formats"},
    "docx": {"intake.formats", "outputs.brief"},
    "py7zr": {"intake.inbox", "mail"},
    "rarfile": {"intake.inbox"},
    "fsspec": {"intake.inbox"},
    "watchfiles": {"intake.inbox"},
    "yaml": {"intake.definitions"},
    "dask": {"intake.reading"},
    "distributed": {"intake.reading"},
    "pandera": {"rules"},
    "sqlalchemy": {"ledger"},
    "smtplib": {"mail"},
    "imaplib": {"mail"},
    "jinja2": {"outputs.report", "outputs.brief", "outputs.trial", "mail", "desk"},
    "docxtpl": {"outputs.brief"},
    "starlette": {"desk"},
    "argon2": {"desk"},
    "tomlkit": {"settings_file"},
    "uvicorn": {"desk"},
    "pygal": {"outputs.report"},
    "xlsxwriter": {
        "outputs.blanks",
        "outputs.definition_book",
        "outputs.lists",
        "outputs.returned",
        "outputs.sheets",
        "outputs.summary",
    },
}


ROOMS = {room: list(paths) for room, paths in groupby(sorted(modules(), key=room_of), key=room_of)}


@pytest.mark.parametrize("room", sorted(ROOMS.keys() - {""}))  # the face shows what it likes of the house
def test_imports_lead_only_where_the_architecture_lets_them(room: str) -> None:
    allowed = {room, *EVERYWHERE, *MAY_ASK.get(room, set())}
    wings = allowed - {room.partition(".")[0]}
    asked = [(path.name, name, room_named(name.split("."))) for path in ROOMS[room] for name in own_imports(path)]
    assert [each for each in asked if each[2] not in allowed and each[2].partition(".")[0] not in wings] == []


def test_no_rooms_ask_each_other_in_a_circle() -> None:
    asks = {
        room: {each for name in may for each in MAY_ASK if each == name or each.startswith(f"{name}.")}
        for room, may in MAY_ASK.items()
    }
    assert max(floors(asks).values()) <= 10


@pytest.mark.parametrize("room", sorted(ROOMS))
def test_a_heavy_library_stays_in_its_home(room: str) -> None:
    asked = [(path.name, name) for path in ROOMS[room] for name in imported(path)]
    assert [each for each in asked if room not in HOMES.get(each[1].split(".")[0], {room})] == []


def test_every_room_of_the_house_has_its_line_here() -> None:
    tops = set(WINGS) - set(MAY_ASK)
    assert {room_of(path) for path in modules()} - {""} - tops == set(MAY_ASK)


def test_the_map_in_the_docs_is_drawn_from_the_imports_of_today() -> None:
    assert MAP.read_text(encoding="utf-8") == drawn(), "renew it: python tests/house.py --map"


def test_every_package_is_shipped() -> None:
    listed = configparser.ConfigParser()
    listed.read(PACKAGE.parent / "setup.cfg", encoding="utf-8")
    shipped = set(listed["options"]["packages"].split())
    folders = {path.parent.relative_to(PACKAGE.parent) for path in PACKAGE.rglob("__init__.py")}
    assert {".".join(folder.parts) for folder in folders} <= shipped
