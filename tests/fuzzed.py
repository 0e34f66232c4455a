"""Returned workbooks and mails with something odd in them, by number: the same ones in every run.

Unlike damaged files they mostly still open: what is odd goes on into marking, reports and the ledger.
"""

from __future__ import annotations

import io
import random
import re
import sys
import warnings
import zipfile
from collections.abc import Callable
from email.message import EmailMessage
from functools import cache
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent / "intake"))

from made_mails import mail
from mutations import MUTATIONS, cut, edited_text, flipped, originals, shuffled

EXAMPLES = Path(__file__).parents[1] / "examples" / "returned"
KINDS = ("xlsx", "xls", "ods", "eml")
TEXTS = (
    "", " ", "-1", "0", "99999999999", "1e308", "-1e999", "NaN", "0x10", "A0", "XFE1048577", "A1:XFD1048576", "$A$1",
    "&#7;", "&#x1b;[31m", "&#xD7FF;", "&#x202E;", "&amp;lt;", "'", "../../x", "NULL", "=cmd|' /C calc'!A0",
    "x" * 40_000, "甲" * 300, "2021-02-30T25:61:61Z", "2020-11-01T10:00:00+24:30", "true", "核查意见",
    "https://x.example/" + "a" * 3000,
)  # fmt: skip
"""What is put where another text or number stood."""

NAMES = (
    "a.xlsx", "x\x1b]0;y\x07.xlsx", "../../a.xls", "CON.xlsx", "甲" * 400 + ".xlsx", "", ".", "a\u202excod.xlsx",
    "a/b.ods", "\x9b31m.xls", "~$a.xlsx", "winmail.dat", "x.zip", "?*.xlsx",
)  # fmt: skip
"""What attachments are called."""

_VALUE = re.compile(rb'(?<==")[^"<>]*(?=")|(?<=>)[^<>]+(?=<)')
_SCHOOL = re.compile("(?:赣县区)?[一-龥]{2,8}?(?:小学|中学|学校)(?=[ （(<　]|$)")
_ELEMENT = re.compile(rb"<([\w:]+)\b[^<>]*/>|<([\w:]+)\b[^<>]*>[^<>]*</\2>")
_HEADER = re.compile(rb"^[\w-]+:.*\n(?:[ \t].*\n)*", re.M)
Edit = Callable[[bytes, random.Random], bytes]


def _place(pattern: re.Pattern[bytes], data: bytes, chance: random.Random) -> re.Match[bytes] | None:
    """One of the places where the pattern matches, at or behind a random one."""
    start = chance.randrange(len(data) + 1)
    return pattern.search(data, start) or pattern.search(data)


def other_value(data: bytes, chance: random.Random) -> bytes:
    """An attribute or a text replaced."""
    found = _place(_VALUE, data, chance)
    return data if found is None else data[: found.start()] + chance.choice(TEXTS).encode() + data[found.end() :]


def repeated_element(data: bytes, chance: random.Random) -> bytes:
    found = _place(_ELEMENT, data, chance)
    return data if found is None else data[: found.end()] + found[0] * chance.choice([1, 2, 3000]) + data[found.end() :]


def lost_element(data: bytes, chance: random.Random) -> bytes:
    found = _place(_ELEMENT, data, chance)
    return data if found is None else data[: found.start()] + data[found.end() :]


def moved_element(data: bytes, chance: random.Random) -> bytes:
    found, there = _place(_ELEMENT, data, chance), _place(_ELEMENT, data, chance)
    return data if found is None or there is None else data[: there.start()] + found[0] + data[there.start() :]


def remark(data: bytes, chance: random.Random) -> bytes:
    """A comment, a processing instruction or an element of nobody's between two others."""
    found = _place(re.compile(rb"(?<=>)(?=<[/\w])"), data, chance)
    put = chance.choice(
        [b"<!-- <row> -->", b"<?x y?>", b'<z:z xmlns:z="urn:z"><z:c r="A1"/></z:z>', b"<c/>", b"<row/>"]
    )
    return data if found is None else data[: found.start()] + put + data[found.start() :]


EDITS: tuple[Edit, ...] = (
    other_value, other_value, other_value, repeated_element, lost_element, moved_element, remark, edited_text,
)  # fmt: skip


def odd_package(data: bytes, chance: random.Random) -> bytes:
    """The package of a school of its own, with something odd in a part or two, a part too few, twice or renamed."""
    school = f"赣县区第{chance.randrange(10**6)}小学"
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = [(name, archive.read(name)) for name in archive.namelist()]
    parts = [
        (name, _SCHOOL.sub(school, part.decode()).encode()) if name.endswith(".xml") else (name, part)
        for name, part in parts
    ]
    xml = [at for at, (name, part) in enumerate(parts) if name.endswith((".xml", ".rels", ".vml")) and part]
    for _ in range(chance.choice([1, 1, 2, 4])):
        at = chance.choice(xml)
        name, part = parts[at]
        parts[at] = name, chance.choice(EDITS)(part, chance)
    at = chance.randrange(len(parts))
    match chance.randrange(12):
        case 0:
            del parts[at]
        case 1:
            parts[at] = parts[at][0].upper(), parts[at][1]
        case 2:
            parts.append(parts[at])
        case 3:
            parts.append((parts[at][0], chance.choice([cut, flipped, shuffled])(parts[at][1] or b"x", chance)))
    buffer = io.BytesIO()
    with warnings.catch_warnings(action="ignore"), zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts:
            archive.writestr(zipfile.ZipInfo(name), part, zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


def odd_records(data: bytes, chance: random.Random) -> bytes:
    """An old workbook with some bytes changed, most often in its cells."""
    for _ in range(chance.choice([1, 1, 2])):
        data = chance.choice(MUTATIONS)(data, chance) if chance.random() < 0.3 else flipped(data, chance)
    return data


def odd_mail(data: bytes, chance: random.Random) -> bytes:
    """A mail with headers twice, lost, moved or with odd values, or damaged anywhere."""
    for _ in range(chance.choice([1, 2, 3])):
        found = _place(_HEADER, data, chance)
        if found is None or chance.random() < 0.2:
            data = chance.choice(MUTATIONS)(data, chance) if data else data
            continue
        header, rest = found[0], data[: found.start()] + data[found.end() :]
        name, _, value = header.partition(b":")
        odd = chance.choice([
            header * 2, b"", name + b":\n", value, name + b": " + chance.choice(TEXTS).encode() + b"\n",
            name + b": " + b"(" * 900 + value, name + b": =?gb2312?B?" + b"/" * 99 + b"?=\n", b"\n", header.upper(),
            name + b": multipart/mixed; boundary=\n", name + b": message/rfc822\n", name + b": text/plain; charset=x\n",
        ])  # fmt: skip
        there = chance.choice([found.start(), chance.randrange(len(rest) + 1)])
        data = rest[:there] + odd + rest[there:]
    return data


@cache
def books() -> dict[str, list[bytes]]:
    """Sound workbooks by kind: those of the examples, and some by other programs."""
    found = [
        (path.suffix[1:], path.read_bytes())
        for path in sorted(EXAMPLES.rglob("*"))
        if path.suffix in (".xlsx", ".xls") and not path.name.startswith(("~", "压缩", "补充", "加密", "下载"))
    ]
    found += [(name.partition(".")[2], data) for name, data in originals().items()]
    of_kind = {kind: [data for each, data in found if each == kind] for kind in KINDS}
    return of_kind | {"xlsx": [data for data in of_kind["xlsx"] if zipfile.is_zipfile(io.BytesIO(data))]}


def sound_mail(chance: random.Random) -> bytes:
    """A mail as schools send it, a forward now and then, some attachments under odd names."""
    files = {chance.choice(NAMES): chance.choice(books()["xlsx"])[:3000] for _ in range(chance.randrange(3))}
    message: EmailMessage = mail(files, chance.choice(["", "<table><tr><td>甲<td>乙</table>"]))
    if chance.random() < 0.3:
        outer = mail({})
        outer.add_attachment(message)
        message = outer
    for number, part in enumerate(message.walk()):
        if part.is_multipart():
            part.set_boundary(f"=={number}==")  # else it is another one in every run
    return message.as_bytes()


def fuzzed(number: int, kind: str = "") -> tuple[str, bytes]:
    """The name and the bytes of the input of this number."""
    chance = random.Random(number)
    kind = kind or KINDS[number % len(KINDS)]
    if kind == "eml":
        return f"{number}.eml", odd_mail(sound_mail(chance), chance)
    data = chance.choice(books()[kind])
    packed = zipfile.is_zipfile(io.BytesIO(data))
    return f"{number}.{kind}", (odd_package if packed else odd_records)(data, chance)
