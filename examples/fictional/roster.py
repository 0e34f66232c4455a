"""Writes the roster (学校名册)."""

from __future__ import annotations

from pathlib import Path

from fictional.cells import Cell
from fictional.returns import PlainSheet, School
from fictional.workbooks import page_of, xlsx_bytes

HEADER = ("学校标识码", "学校名称", "别名", "学段", "联系人", "联系电话", "邮箱")


def write_roster(path: Path, schools: list[School]) -> None:
    """A workbook of one sheet, a row a school."""
    rows: list[list[Cell]] = [list(HEADER)]
    rows += [[s.code, s.name, s.alias, s.stage, s.contact, s.phone, s.mail] for s in schools]
    path.write_bytes(xlsx_bytes([page_of(PlainSheet("学校名册", rows))]))
