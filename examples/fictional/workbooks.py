"""Writes files: pages into .xlsx with xlsxwriter, .xls and .ods out of them with LibreOffice, and zips."""

from __future__ import annotations

import datetime as dt
import io
import os
import shutil
import subprocess
import tempfile
import zipfile
from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from fictional.cards import CardPage
from fictional.cells import Cell, Formula
from fictional.lists import ListPage
from fictional.pages import Page
from fictional.returns import File, PlainSheet, Sheet

STYLES: dict[str, dict[str, object]] = {
    "title": {"bold": True, "font_size": 16, "align": "center", "valign": "vcenter", "font_name": "黑体"},
    "line": {"font_name": "宋体"},
    "header": {
        "bold": True,
        "border": 1,
        "align": "center",
        "valign": "vcenter",
        "text_wrap": True,
        "font_name": "宋体",
    },
    "body": {"border": 1, "align": "center", "valign": "vcenter", "font_name": "宋体"},
    "date": {"num_format": 'yyyy"年"m"月"d"日"', "align": "left"},
    "body date": {"border": 1, "num_format": "yyyy/m/d", "align": "center"},
    "plain": {},
}
CHINA = dt.timezone(dt.timedelta(hours=8))
CREATED = dt.datetime(2021, 3, 12, 9, 30)


def page_of(sheet: Sheet | PlainSheet) -> Page:
    """A sheet laid out; its records know their places afterwards."""
    if isinstance(sheet, PlainSheet):
        cells = {(r, c): cell for r, row in enumerate(sheet.rows) for c, cell in enumerate(row)}
        return Page(sheet.name, cells=cells)
    return CardPage(sheet).laid_out() if sheet.form == "5" else ListPage(sheet).laid_out()


def _write_cell(worksheet: Worksheet, at: tuple[int, int], value: Cell, style: Format, date_style: Format) -> None:
    row, column = at
    if isinstance(value, Formula):
        result = "" if value.result is None else value.result
        worksheet.write_formula(row, column, value.formula, style, result)
    elif isinstance(value, str):
        worksheet.write_string(row, column, value, style)
    elif isinstance(value, dt.date):
        worksheet.write_datetime(row, column, dt.datetime(value.year, value.month, value.day), date_style)
    elif value is None:
        worksheet.write_blank(row, column, None, style)
    else:
        worksheet.write_number(row, column, value, style)


def _write_page(book: xlsxwriter.Workbook, page: Page, formats: dict[str, Format]) -> None:
    worksheet = book.add_worksheet(page.name)
    for top, left, bottom, right in page.merged:
        style = formats[page.styles.get((top, left), "plain")]
        worksheet.merge_range(top, left, bottom, right, "", style)
    for at, value in page.cells.items():
        style = page.styles.get(at, "plain")
        date_style = formats["body date" if style in ("body", "plain") else "date"]
        _write_cell(worksheet, at, value, formats[style], date_style)
    for column, width in page.widths.items():
        worksheet.set_column(column, column, width)
    for row in page.hidden_rows:
        worksheet.set_row(row, None, None, {"hidden": True})
    for column in page.hidden_columns:
        worksheet.set_column(column, column, None, None, {"hidden": True})
    if page.hidden:
        worksheet.hide()


def xlsx_bytes(pages: list[Page], epoch_1904: bool = False) -> bytes:
    """A workbook of the pages; the first visible one is open."""
    buffer = io.BytesIO()
    with xlsxwriter.Workbook(buffer, {"in_memory": True, "date_1904": epoch_1904}) as book:
        book.set_properties({"created": CREATED})
        formats = {name: book.add_format(settings) for name, settings in STYLES.items()}
        for page in pages:
            _write_page(book, page, formats)
        shown = next((i for i, page in enumerate(pages) if not page.hidden), 0)
        sheets = book.worksheets()
        sheets[shown].activate()
        sheets[shown].set_first_sheet()
    return buffer.getvalue()


FILTERS = {"xls": "xls:MS Excel 97", "ods": "ods:calc8"}


def converted(workbooks: list[bytes], kind: str) -> list[bytes]:
    """Workbooks as .xls or .ods, all of them in one run of LibreOffice."""
    if not workbooks:
        return []
    with tempfile.TemporaryDirectory() as scratch:
        folder = Path(scratch)
        (folder / "in").mkdir()
        sources = [folder / "in" / f"{number:04d}.xlsx" for number in range(len(workbooks))]
        for source, content in zip(sources, workbooks, strict=True):
            source.write_bytes(content)
        profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
        command = ["soffice", profile, "--headless", "--convert-to", FILTERS[kind], "--outdir", str(folder / "out")]
        subprocess.run([*command, *map(str, sources)], check=True, capture_output=True, timeout=600)
        return [(folder / "out" / f"{source.stem}.{kind}").read_bytes() for source in sources]


_made: dict[str, bytes] = {}


def _book(pages: list[Page], epoch_1904: bool) -> bytes:
    """As `xlsx_bytes`; a workbook that was made before is not made again, for planted districts differ in few."""
    shown = repr((pages, epoch_1904))
    if shown not in _made:
        if len(_made) >= 512:
            _made.clear()
        _made[shown] = xlsx_bytes(pages, epoch_1904)
    return _made[shown]


def contents(files: Iterable[File]) -> dict[str, bytes]:
    """What each file holds, by its path."""
    files = list(files)
    done = {file.path: file.content for file in files if file.content is not None}
    books = [file for file in files if file.content is None and not file.twin]
    for file in books:
        done[file.path] = _book([page_of(sheet) for sheet in file.sheets], file.epoch_1904)
    wanted = {kind: [file.path for file in books if file.kind == kind] for kind in FILTERS}
    with ThreadPoolExecutor() as pool:
        runs = {kind: pool.submit(converted, [done[path] for path in wanted[kind]], kind) for kind in FILTERS}
    for kind, run in runs.items():
        done |= zip(wanted[kind], run.result(), strict=True)
    for file in files:
        if file.twin:
            done[file.path] = done[file.twin.path]
    return done


def zip_bytes(members: dict[str, tuple[bytes, float]], gbk: bool) -> bytes:
    """A zip of contents and modification times, these in local time, as zips have them.

    With `gbk`, its names are raw GBK bytes without the UTF-8 flag, as Windows in China writes them.
    """
    stand_ins = {
        name: f"{n:03d}".ljust(len(name.encode("gbk")), "_") if gbk else name for n, name in enumerate(members)
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, (content, modified) in members.items():
            info = zipfile.ZipInfo(stand_ins[name], dt.datetime.fromtimestamp(modified, CHINA).timetuple()[:6])
            archive.writestr(info, content, zipfile.ZIP_DEFLATED)
    content = buffer.getvalue()
    for name, stand_in in stand_ins.items() if gbk else ():
        content = content.replace(stand_in.encode("ascii"), name.encode("gbk"))
    return content


def write_files(inbox: Path, files: list[File]) -> None:
    """Writes all files below the inbox, members of zips into their zips, and sets their modification times."""
    if inbox.exists():
        shutil.rmtree(inbox)
    held = contents(files)
    archives: dict[str, dict[str, tuple[bytes, float]]] = {}
    for file in files:
        outer, inside, member = file.path.partition(".zip/")
        if inside:
            archives.setdefault(f"{outer}.zip", {})[member] = held[file.path], file.modified
        else:
            _write(inbox / file.path, held[file.path], file.modified)
    for number, (path, members) in enumerate(sorted(archives.items())):
        _write(inbox / path, zip_bytes(members, gbk=number % 2 == 0), files[0].modified)


def _write(path: Path, content: bytes, modified: float) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    os.utime(path, (modified, modified))
