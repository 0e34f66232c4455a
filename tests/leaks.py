"""What whoever reads an output would read, text by text, and which numbers of persons these texts give away."""

from __future__ import annotations

import csv
import email
import email.policy
import html
import re
import sqlite3
import unicodedata
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from pathlib import Path

from lxml import etree
from python_calamine import CalamineWorkbook

from kbxt_merge.model.returns import address

_STRINGS = re.compile(r'"(?:[^"\\]|\\.)*"')
_SCRIPT = re.compile(r"<script\b.*?</script>|<style\b.*?</style>", re.S)
_SUGGESTION = re.compile(r"^(?:建议：|Suggestion: ).*$", re.M)
_SUGGESTED = "建议"
_LISTS = frozenset({"问题清单.xlsx", "催报名单.xlsx"})
_CLOCK = re.compile(r"(?<![\d:])(?:\d{4}-\d\d-\d\d[ T])?\d\d:\d\d:\d\d(?:\.\d+)?(?![\d:])")
_DIGEST = re.compile(r"(?<![0-9a-f])[0-9a-f]{32,}(?![0-9a-f])")
BIRTH = slice(6, 14)


def given_away(texts: Iterable[tuple[str, str]], numbers: Iterable[str], size: int) -> list[tuple[str, str]]:
    """The texts, each with where it stands, that show so many digits of a number in a row, however they are parted.

    A birth date is no secret by itself: digits of it alone give no number away.
    """
    pieces = {piece for number in numbers for piece in _pieces(number, size)}
    return [(where, text) for where, text in texts if pieces & set(_windows(_digits(text), size))]


def _pieces(number: str, size: int) -> Iterator[str]:
    born = number[BIRTH] if len(number) == 18 else ""
    return (piece for piece in _windows(number, size) if piece not in born)


def _windows(text: str, size: int) -> Iterator[str]:
    return (text[first : first + size] for first in range(len(text) - size + 1))


def _digits(text: str) -> str:
    """What is read of a text as numbers: words part them, and so does a star what it hides.

    When something was said is none of what was said: at some seconds a clock reads as part of a number, and so by
    chance does the digest of some workbook.
    """
    told = _DIGEST.sub("", _CLOCK.sub("", unicodedata.normalize("NFKC", text)))
    return "".join(re.findall(r"[0-9X*]|[^\W\d_]{2,}", told.upper()))


def texts_below(out: Path) -> Iterator[tuple[str, str]]:
    """Every text below OUT but those in which whole numbers may stand: the records and the schools' own cells."""
    for path in sorted(each for each in out.rglob("*") if each.is_file()):
        name = path.relative_to(out).as_posix()
        if not name.startswith("data/records-"):
            yield from ((f"{name} {where}", text) for where, text in _READERS.get(path.suffix, _plain)(path))


def _plain(path: Path) -> Iterator[tuple[str, str]]:
    yield from (("", line) for line in path.read_text(encoding="utf-8", errors="replace").splitlines())


def _csv(path: Path) -> Iterator[tuple[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        yield from ((name, cell) for row in csv.DictReader(stream) for name, cell in row.items())


def _html(path: Path) -> Iterator[tuple[str, str]]:
    yield from texts_of_page(path.read_text(encoding="utf-8"))


def texts_of_page(page: str) -> Iterator[tuple[str, str]]:
    """The texts of a page, those of its data too."""
    for script in _SCRIPT.findall(page):
        for text in _STRINGS.findall(script):
            yield "data", text.encode("ascii", "backslashreplace").decode("unicode_escape") if "\\u" in text else text
    yield from (("page", text) for text in re.split(r"<[^>]*>", _SCRIPT.sub("", page)))


def _workbook(path: Path) -> Iterator[tuple[str, str]]:
    """Comments, and of the cells those that hold what was found: of a returned workbook its first sheet, of a list that
    is made to be passed around every one.

    A suggestion for a school's own cell is what the school may see whole, in its own workbook.
    """
    returned = path.relative_to(path.parents[2]).parts[0] == "退回"
    for text in _comments(path):
        yield "comment", _SUGGESTION.sub("", text) if returned else text
    if path.name in _LISTS:
        yield from (("formula", each) for each in _formulas(path))
    book = CalamineWorkbook.from_path(path)
    for at, sheet in enumerate(book.sheet_names):
        findings_sheet = returned and not at
        rows = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
        headers = rows[2] if findings_sheet else []
        for number, row in enumerate(rows):
            for place, cell in enumerate(row):
                text = str(int(cell)) if isinstance(cell, float) and cell.is_integer() else str(cell)
                if path.name in _LISTS or (findings_sheet and headers[place] != _SUGGESTED) or "【" in text:
                    yield address(number, place), text


def _comments(path: Path) -> Iterator[str]:
    """The texts of all comments, which whatever reads the cells so fast does not know of."""
    for part in _parts(path, "comment"):
        for comment in etree.fromstring(part).iter("{*}comment"):
            yield "".join(text.text or "" for text in comment.iter("{*}t"))


def _formulas(path: Path) -> Iterator[str]:
    """What the cells work out; of their links that is where they lead."""
    for part in _parts(path, "worksheets/sheet"):
        yield from (html.unescape(each) for each in re.findall(r"<f(?: [^>]*)?>([^<]*)</f>", part.decode()))


def _parts(path: Path, word: str) -> Iterator[bytes]:
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if word in name.casefold() and name.endswith(".xml"):
                yield package.read(name)


def _word_file(path: Path) -> Iterator[tuple[str, str]]:
    """The texts of its body, headers and footers."""
    with zipfile.ZipFile(path) as package:
        for name in package.namelist():
            if name.endswith(".xml"):
                text = package.read(name).decode("utf-8")
                yield from ((name, each) for each in re.findall(r"<w:t(?: [^>]*)?>([^<]*)</w:t>", text))


def _database(path: Path) -> Iterator[tuple[str, str]]:
    with sqlite3.connect(path) as connection:
        tables = [name for (name,) in connection.execute("select name from sqlite_master where type = 'table'")]
        for table in tables:
            rows = connection.execute(f"select * from {table}")
            names = [each[0] for each in rows.description]
            for row in rows:
                yield from (
                    (f"{table}.{name}", cell)
                    for name, cell in zip(names, row, strict=True)
                    if isinstance(cell, str) and (table, name) != ("records", "fields")
                )
    connection.close()


def _mail(path: Path) -> Iterator[tuple[str, str]]:
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    yield from ((name, str(value)) for name, value in message.items())
    for part in message.walk():
        if part.get_content_maintype() == "text":
            yield from texts_of_page(part.get_content())
        elif part.get_filename():
            yield "attachment", str(part.get_filename())


_READERS: Mapping[str, Callable[[Path], Iterator[tuple[str, str]]]] = {
    ".csv": _csv,
    ".html": _html,
    ".xlsx": _workbook,
    ".docx": _word_file,
    ".db": _database,
    ".eml": _mail,
}
