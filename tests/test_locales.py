"""A merge where the system's language is C or GBK: the same names and files, or one sentence before the work."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from fictional import make_district
from merge_driver import settings
from test_kills import state

from kbxt_merge import merging
from kbxt_merge.model import out_folder
from kbxt_merge.model.out_folder import safe_name

KBXT = Path(sys.executable).with_name("kbxt")
NO_UTF8 = {"PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"}


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district of one school, and what a merge makes of it here."""
    folder = tmp_path_factory.mktemp("world")
    make_district(folder, schools=1, seed=7, variants=False)
    merging.merge(folder / "inbox", folder / "结果", settings(folder / "inbox"))
    return folder


def merge(world: Path, out: Path, encoding: str, **language: str) -> subprocess.CompletedProcess[bytes]:
    """What is said of a merge in a process of that language, whose names are of that encoding."""
    given = [str(world / "inbox"), "--out", str(out), "--roster", str(world / "roster.xlsx"), "--period", "2021春"]
    command = [str(KBXT), "merge", *given, "--as-of", "2021-03-20", "--jobs", "1"]
    quiet = {name: value for name, value in os.environ.items() if not name.startswith(("LC_", "LANG"))}
    return subprocess.run([each.encode(encoding) for each in command], capture_output=True, env={**quiet, **language})


def test_in_c_all_is_as_in_utf8(world: Path, tmp_path: Path) -> None:
    said = merge(world, tmp_path / "结果", "utf-8", LC_ALL="C")
    assert (said.returncode, said.stderr) == (0, b"")
    assert state(tmp_path / "结果") == state(world / "结果")


def test_under_gbk_names_are_of_gbk_and_files_the_same(world: Path, tmp_path: Path) -> None:
    place = tmp_path / "locales"
    place.mkdir()
    subprocess.run(["localedef", "--no-archive", "-i", "zh_CN", "-f", "GBK", place / "zh_CN.GBK"], check=True)
    copied(world, tmp_path)
    said = merge(tmp_path, tmp_path / "结果", "gbk", LOCPATH=str(place), LC_ALL="zh_CN.GBK", **NO_UTF8)
    assert (said.returncode, said.stderr) == (0, b"")
    assert "核查报告.html" in said.stdout.decode("gbk")
    os.rename(os.fsencode(tmp_path) + b"/" + "结果".encode("gbk"), tmp_path / "out")
    renamed(os.fsencode(tmp_path / "out"))
    assert state(tmp_path / "out") == state(world / "结果")


def test_in_an_encoding_without_chinese_a_sentence_says_so_before_the_work(world: Path, tmp_path: Path) -> None:
    given = [str(KBXT), "merge", str(world / "inbox"), "--out", "out", "--period", "2021-03", "--lang", "en"]
    said = subprocess.run(given, capture_output=True, cwd=tmp_path, env={**os.environ, **NO_UTF8, "LC_ALL": "C"})
    assert said.returncode == 2
    assert said.stdout == b""
    (line,) = said.stderr.splitlines()
    assert b"PYTHONUTF8=1" in line
    assert [each.name for each in tmp_path.iterdir() if not each.name.startswith(".")] == []


def test_a_name_too_rare_for_the_encoding_costs_its_characters_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert safe_name("𠮷田小学.xlsx") == "𠮷田小学.xlsx"
    monkeypatch.setattr(out_folder.sys, "getfilesystemencoding", lambda: "gbk")
    assert safe_name("𠮷田小学.xlsx") == "_田小学.xlsx"


def copied(world: Path, to: Path) -> None:
    """The inbox and the roster, with names of GBK."""
    for path in [world / "roster.xlsx", *(world / "inbox").rglob("*")]:
        if path.is_file():
            target = os.fsencode(to) + b"/" + str(path.relative_to(world)).encode("gbk")
            os.makedirs(os.path.dirname(target), exist_ok=True)
            os.link(path, target)


def renamed(folder: bytes) -> None:
    """Give what lies in the folder names of UTF-8."""
    for below, folders, files in os.walk(folder, topdown=False):
        for name in (*folders, *files):
            os.rename(below + b"/" + name, below + b"/" + name.decode("gbk").encode())
