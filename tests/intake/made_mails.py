"""Mails as programs save them, made here: .eml, Outlook's .msg (an OLE file with storages in it) and winmail.dat."""

from __future__ import annotations

import struct
from collections.abc import Mapping
from email.message import EmailMessage
from itertools import pairwise

SECTOR, SMALL, CUTOFF = 512, 64, 4096
END, FREE, FAT = 0xFFFFFFFE, 0xFFFFFFFF, 0xFFFFFFFD
STORAGE, STREAM, ROOT = 1, 2, 5
Tree = Mapping[str, "bytes | Tree"]


def mail(files: Mapping[str, bytes], page: str = "", sent: str = "Fri, 12 Mar 2021 09:15:30 +0800") -> EmailMessage:
    """A mail with these attachments, its text besides as a web page where there is one."""
    message = EmailMessage()
    message["From"], message["To"], message["Subject"] = "meilin@school.example", "jyj@bureau.example", "上报"
    message["Date"] = sent
    message.set_content("请查收。")
    if page:
        message.add_alternative(page, subtype="html")
    for name, data in files.items():
        message.add_attachment(data, "application", "octet-stream", filename=name)
    return message


def message_of(attachments: Tree, subject: str = "上报") -> Tree:
    """The storage of an Outlook message; an attachment is a file's bytes or another message."""
    tree: dict[str, bytes | Tree] = {
        "__properties_version1.0": bytes(32),
        "__substg1.0_0037001F": subject.encode("utf-16-le"),
    }
    for number, (name, content) in enumerate(attachments.items()):
        known: dict[str, bytes | Tree] = {"__substg1.0_3707001F": name.encode("utf-16-le")}
        if isinstance(content, bytes):
            known["__substg1.0_37010102"] = content
        else:
            known["__substg1.0_3701000D"] = content
        tree[f"__attach_version1.0_#{number:08X}"] = known
    return tree


class _Compound:
    """An OLE file being written: its sectors, what follows each, its small sectors, its directory."""

    def __init__(self) -> None:
        self.sectors, self.next = b"", list[int]()
        self.small, self.small_next = b"", list[int]()
        self.entries: list[tuple[str, int, int, int, int]] = []
        self.right: dict[int, int] = {}

    def put(self, data: bytes) -> int:
        count = -(-len(data) // SECTOR)
        start = len(self.next)
        self.next += [*range(start + 1, start + count), END] if count else []
        self.sectors += data.ljust(count * SECTOR, b"\0")
        return start if count else END

    def put_small(self, data: bytes) -> int:
        count = -(-len(data) // SMALL)
        start = len(self.small_next)
        self.small_next += [*range(start + 1, start + count), END] if count else []
        self.small += data.ljust(count * SMALL, b"\0")
        return start if count else END

    def add(self, name: str, node: bytes | Tree, kind: int = STORAGE) -> int:
        index = len(self.entries)
        self.entries.append(("", 0, FREE, 0, 0))
        if isinstance(node, bytes):
            start = self.put(node) if len(node) >= CUTOFF else self.put_small(node)
            self.entries[index] = (name, STREAM, FREE, start, len(node))
        else:
            below = [self.add(each, content) for each, content in node.items()]
            self.right |= dict(pairwise(below))
            self.entries[index] = (name, kind, below[0] if below else FREE, 0, 0)
        return index

    def folder(self, index: int) -> bytes:
        name, kind, child, start, size = self.entries[index]
        raw = (name + "\0").encode("utf-16-le")
        links = struct.pack("<HBBIII", len(raw), kind, 1, FREE, self.right.get(index, FREE), child)
        return raw.ljust(64, b"\0") + links + bytes(36) + struct.pack("<III", start, size, 0)


def compound(tree: Tree) -> bytes:
    """An OLE file with these streams and storages."""
    book = _Compound()
    book.add("Root Entry", tree, ROOT)
    name, kind, child, _, _ = book.entries[0]
    book.entries[0] = (name, kind, child, book.put(book.small), len(book.small))
    small_table = book.put(b"".join(struct.pack("<I", each) for each in book.small_next).ljust(SECTOR, b"\xff"))
    directory = book.put(b"".join(map(book.folder, range(len(book.entries)))))
    count = -(-(len(book.next) + 1) // (SECTOR // 4 - 1))
    first = len(book.next)
    table = [*book.next, *[FAT] * count]
    table += [FREE] * (count * SECTOR // 4 - len(table))
    small_count = -(-len(book.small_next) * 4 // SECTOR)
    header = bytes.fromhex("d0cf11e0a1b11ae1") + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<III", 0, count, directory) + struct.pack("<II", 0, CUTOFF)
    header += struct.pack("<IIII", small_table, small_count, END, 0)
    header += b"".join(struct.pack("<I", first + n if n < count else FREE) for n in range(109))
    return header + book.sectors + struct.pack(f"<{len(table)}I", *table)


def winmail(files: Mapping[str, bytes], long_names: bool = False, number_type: int = 0x03) -> bytes:
    """What Outlook sends: titles in GBK, and, as newer ones do, long names in Unicode behind a number."""
    found = b"\x78\x9f\x3e\x22\x01\x00" + _attribute(1, 0x00089006, struct.pack("<I", 0x00010000))
    for name, data in files.items():
        title = "附件1~1.XLS" if long_names else name
        found += _attribute(2, 0x00069002, bytes(14)) + _attribute(2, 0x00018010, title.encode("gb18030") + b"\0")
        found += _attribute(2, 0x0006800F, data)
        if long_names:
            raw = name.encode("utf-16-le") + b"\0\0"
            text = struct.pack("<HHII", 0x1F, 0x3707, 1, len(raw)) + raw.ljust(-(-len(raw) // 4) * 4, b"\0")
            number = struct.pack("<HHI", number_type, 0x3705, 1)
            found += _attribute(2, 0x00069005, struct.pack("<I", 2) + number + text)
    return found


def _attribute(level: int, identity: int, data: bytes) -> bytes:
    return struct.pack("<BII", level, identity, len(data)) + data + struct.pack("<H", sum(data) & 0xFFFF)
