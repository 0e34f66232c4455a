"""A marked workbook is one that other readers open: openpyxl, LibreOffice and SheetJS see the same in it."""

from __future__ import annotations

import json
import os
import re
import subprocess
import warnings
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import openpyxl
import pytest
from returned_cases import Found, by_openpyxl, by_us, by_xlsxwriter, converted, mark, strict, threaded

from kbxt_merge.model.returns import Grid, Kind
from kbxt_merge.outputs.returned.package import Package

SCRIPT = Path(__file__).with_name("sheetjs.js")
SHEETJS = Path(os.environ.get("KBXT_SHEETJS", "/usr/local/lib/kbxt-tests/node_modules"))
MARKS: list[Found] = [("Sheet1", "A2", "id-checksum", "error"), ("Sheet1", "B4", "grade-age-mismatch", "warning")]
COPIED = [Grid("Sheet1", [["姓名", "人数"], ["张三", 3.0], ["李四", 5.0], ["王五", 2.0]])]
SUFFIXES = {"macros": "xlsm"}


@dataclass(frozen=True)
class Seen:
    """What a reader sees of a sheet: its texts by address, but for what formulas give, and the cells with a comment."""

    texts: Mapping[str, str]
    comments: list[str]


Book = dict[str, Seen]


def sheetjs(*given: str | Path) -> str:
    if not (SHEETJS / "xlsx").is_dir():
        pytest.fail("SheetJS is not there: run .ci/programs")
    said = subprocess.run(
        ["node", SCRIPT, *given], capture_output=True, text=True, env={**os.environ, "NODE_PATH": str(SHEETJS)}
    )
    assert said.returncode == 0, said.stderr
    return said.stdout


def overridden(content: bytes) -> bytes:
    """The workbook with a type for each part and none for an ending, as some collecting sites write it."""
    package = Package(content)
    types = package.edit("[Content_Types].xml")
    by_ending = {each.get("Extension"): each for each in types.iterfind("{*}Default")}
    named = {each.get("PartName") for each in types.iterfind("{*}Override")}
    for name in package.names():
        ending = by_ending.get(name.rpartition(".")[2])
        if name != "[Content_Types].xml" and f"/{name}" not in named and ending is not None:
            override = types.makeelement(types.tag.replace("Types", "Override"))
            override.set("PartName", f"/{name}")
            override.set("ContentType", str(ending.get("ContentType")))
            types.append(override)
    for each in by_ending.values():
        types.remove(each)
    return package.save()


@pytest.fixture(scope="module")
def marked(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Path]:
    """By writer, the marked workbook; also of what is copied, and of findings alone."""
    folder = tmp_path_factory.mktemp("marked")
    sheetjs("--write", folder / "by-sheetjs.xlsx")
    own = {
        "openpyxl": by_openpyxl(),
        "xlsxwriter": by_xlsxwriter(),
        "macros": by_xlsxwriter(macros=True),
        "libreoffice": converted(by_openpyxl(), folder / "lo", "xlsx"),
        "blank": by_us(folder / "blank"),
        "strict": strict(by_openpyxl()),
        "threaded": threaded(by_openpyxl()),
        "sheetjs": (folder / "by-sheetjs.xlsx").read_bytes(),
        "overridden": overridden(by_openpyxl()),
    }
    contents = {name: mark(content, MARKS, folder / name) for name, content in own.items()}
    contents["copied"] = mark(b"", MARKS, folder / "copied", path="一中/名单.xls", kind=Kind.XLS, grids=COPIED)
    contents["alone"] = mark(b"PK\x03\x04", MARKS, folder / "alone", path="一中/坏.docx", kind=Kind.DOCX)
    paths = {name: folder / f"{name}.{SUFFIXES.get(name, 'xlsx')}" for name in contents}
    for name, path in paths.items():
        path.write_bytes(contents[name])
    return paths


@pytest.fixture(scope="module")
def by_openpyxl_seen(marked: Mapping[str, Path]) -> Mapping[str, Book]:
    return {name: seen_by_openpyxl(path) for name, path in marked.items() if name != "strict"}  # it reads no such


def seen_by_openpyxl(path: Path) -> Book:
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", ".* extension is not supported")
        book = openpyxl.load_workbook(path)
    found = {}
    for sheet in book.worksheets:
        cells = [cell for row in sheet for cell in row if hasattr(cell, "comment") and cell.data_type != "f"]
        texts = {cell.coordinate: cell.value for cell in cells if isinstance(cell.value, str)}
        found[sheet.title] = Seen(texts, sorted(cell.coordinate for cell in cells if cell.comment))
    return found


@pytest.fixture(scope="module")
def by_libreoffice_seen(marked: Mapping[str, Path], tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Book]:
    """Opened and saved by LibreOffice, all at once."""
    folder = tmp_path_factory.mktemp("office")
    command = ["soffice", f"-env:UserInstallation=file://{folder / 'profile'}", "--headless", "--convert-to", "xlsx"]
    subprocess.run([*command, "--outdir", folder, *marked.values()], check=True, capture_output=True, timeout=240)
    return {name: seen_by_openpyxl(folder / f"{path.stem}.xlsx") for name, path in marked.items()}


@pytest.fixture(scope="module")
def by_sheetjs_seen(marked: Mapping[str, Path]) -> Mapping[str, Book]:
    told = json.loads(sheetjs(*marked.values()))
    return {
        name: {sheet: Seen(texts, comments) for sheet, texts, comments in told[str(path)]}
        for name, path in marked.items()
    }


WRITERS = [
    "openpyxl", "xlsxwriter", "macros", "libreoffice", "blank", "strict", "threaded", "sheetjs", "overridden",
    "copied", "alone",
]  # fmt: skip


def plain(texts: Mapping[str, str]) -> dict[str, str]:
    """Texts without what a reader's idea of a line break makes of them."""
    return {cell: re.sub(r"\r\n|_x000D_\n?", "\n", text) for cell, text in texts.items() if text}


PAIRS = [(writer, reader) for writer in WRITERS for reader in ("libreoffice", "sheetjs")]
PAIRS.remove(("strict", "libreoffice"))


@pytest.mark.parametrize(("writer", "reader"), PAIRS)
def test_every_reader_sees_the_findings_and_the_schools_cells(
    writer: str, reader: str, by_openpyxl_seen: Mapping[str, Book], request: pytest.FixtureRequest
) -> None:
    """As openpyxl does, and where it reads none, as LibreOffice does."""
    theirs = request.getfixturevalue(f"by_{reader}_seen")[writer]
    ours = by_openpyxl_seen.get(writer) or request.getfixturevalue("by_libreoffice_seen")[writer]
    assert next(iter(ours)) == "核查意见"
    assert [name for name in theirs if name in ours] == list(ours)  # openpyxl has no chart among its worksheets
    for sheet, seen in ours.items():
        assert plain(theirs[sheet].texts) == plain(seen.texts), sheet
        if (writer, reader) != ("strict", "sheetjs"):  # it knows the comments of the other dialect only
            assert theirs[sheet].comments == seen.comments, sheet
    rules = {text for text in ours["核查意见"].texts.values() if text in ("id-checksum", "grade-age-mismatch")}
    assert rules == {"id-checksum", "grade-age-mismatch"}
    if writer != "alone":
        assert {"A2", "B4"} <= set(ours["Sheet1"].comments)
