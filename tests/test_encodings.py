"""No command ends in a traceback for what a console or a pipe can't show: its encoding may be of another world."""

from __future__ import annotations

import io
import sys
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest

from kbxt_merge.cli import main

NAME = "王㛃雨✓"
"""The second character is in Unicode's extension A, which GBK lacks; so does ✓, and both lack the others."""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An inbox with a file, a school and a child whose names hardly any encoding has."""
    made = tmp_path_factory.mktemp("编码")
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for row in (
        ["附件3 残疾儿童就学台账"],
        [f"学校名称：{NAME}小学"],
        ["序号", "姓名", "性别", "身份证号"],
        [1, NAME, "男", "1"],
    ):
        sheet.append(row)
    (made / "收件夹").mkdir()
    book.save(made / "收件夹" / f"{NAME}小学附件3.xlsx")
    (made / "学校名册.csv").write_text(f"学校名称,邮箱\n{NAME}小学,a@school.example\n{NAME}中学,无\n", encoding="utf-8")
    (made / "kbxt.toml").write_text('period = "2021春"\nas_of = 2021-03-20\njobs = 0\n', encoding="utf-8")
    assert said(made, "utf-8", ["merge", "收件夹", "--out", "结果"])[0] == 0
    return made


def said(folder: Path, encoding: str, arguments: Sequence[str]) -> tuple[int, bytes]:
    """The exit status and all that is said on streams of this encoding, with paths below the folder."""
    out = io.BytesIO()
    streams = [io.TextIOWrapper(out, encoding, errors="strict", write_through=True) for _ in range(2)]
    named = [str(folder / each) if each in ("收件夹", "结果", "下发", "别处", "无") else each for each in arguments]
    patch = pytest.MonkeyPatch()
    with patch.context() as for_now:
        for_now.setattr(sys, "stdout", streams[0])
        for_now.setattr(sys, "stderr", streams[1])
        try:
            main(named, prog_name="kbxt")
        except SystemExit as ended:
            code = int(ended.code or 0)
        else:
            code = 0
    return code, out.getvalue()


COMMANDS = {
    "merge 收件夹 --out 结果 --verbose": 0,
    "merge 无 --out 别处": 2,
    "check 收件夹": 1,
    "check 收件夹 --format github": 1,
    "check 收件夹 --format json": 1,
    "check 收件夹 --format csv": 1,
    "status 结果": 0,
    "status 结果 --format csv": 0,
    "status 结果 --format json": 0,
    "status 无": 2,
    "send 结果 --dry-run": 0,
    "send 结果": 2,
    "fetch --to 收件夹": 2,
    "blanks --out 下发 --bundle": 0,
    "blanks --out 收件夹": 2,
    "desk --help": 0,
    "pack --help": 0,
    "forget --help": 0,
    "rules": 0,
    "forms": 0,
    "settings": 0,
    "--help": 0,
    "merge --help": 0,
    "merge": 2,
    "没有这个命令": 2,
}


@pytest.mark.parametrize("encoding", ["gbk", "ascii", "cp437"])
@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_ends_as_it_should_in_any_encoding(folder: Path, encoding: str, command: str) -> None:
    for language in ("zh", "en"):
        spoken = [] if command in ("--help", "merge", "没有这个命令") or "--help" in command else ["--lang", language]
        code, told = said(folder, encoding, [*command.split(), *spoken])
        assert code == COMMANDS[command], told.decode(encoding, "replace")
        assert told
        assert b"Traceback" not in told


def test_every_command_is_among_them() -> None:
    assert set(main.commands) - {"watch"} == {each.split()[0] for each in COMMANDS} & set(main.commands)


def test_what_an_encoding_lacks_is_told_by_its_number(folder: Path) -> None:
    _, told = said(folder, "gbk", ["status", "结果"])
    assert "王\\u36c3雨\\u2713小学".encode("gbk") in told
