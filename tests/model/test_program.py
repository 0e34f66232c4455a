"""Kept results are made anew by another edition of the program, also where its code lies in no files."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

import kbxt_merge
from kbxt_merge.model import program
from kbxt_merge.model.program import code_of

PACKAGE = Path(kbxt_merge.__file__).parent


@pytest.fixture(autouse=True)
def asked_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(program, "code_of", code_of.__wrapped__)


def lay(package: Path, *names: str) -> None:
    for name in names:
        (package / name).parent.mkdir(parents=True, exist_ok=True)
        (package / name).write_text("x = 1")


def test_the_code_of_the_rooms_that_are_asked_for_counts_and_no_other(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "model/a.py", "model/below/b.py", "model/__pycache__/a.cpython-311.pyc", "rules/c.py")
    monkeypatch.setattr(program, "_PACKAGE", tmp_path)
    before = program.code_of("model")
    assert [name for name, _, _ in before[1]] == ["model/a.py", "model/below/b.py"]
    lay(tmp_path, "rules/d.py")
    assert program.code_of("model") == before
    (tmp_path / "model/below/b.py").write_text("x = 10")
    assert program.code_of("model") != before


def test_an_installation_without_sources_is_known_by_what_it_has(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lay(tmp_path, "model/a.pyc")
    monkeypatch.setattr(program, "_PACKAGE", tmp_path)
    assert [name for name, _, _ in program.code_of("model")[1]] == ["model/a.pyc"]


def test_a_frozen_build_is_known_by_the_build(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    build = tmp_path / "kbxt.exe"
    build.write_bytes(b"MZ")
    monkeypatch.setattr(program, "_PACKAGE", tmp_path / "_internal" / "kbxt_merge")
    monkeypatch.setattr(sys, "executable", str(build))
    before = program.code_of("outputs", "model")
    assert before == (kbxt_merge.__version__, (("kbxt.exe", 2, build.stat().st_mtime_ns),))
    os.utime(build, ns=(1, 1))
    assert program.code_of("outputs", "model") != before


def test_a_program_in_an_archive_is_known_by_the_archive(tmp_path: Path) -> None:
    archive = tmp_path / "kbxt.zip"
    with zipfile.ZipFile(archive, "w") as packed:
        packed.writestr("kbxt_merge/__init__.py", "__version__ = '9'")
        packed.writestr("kbxt_merge/model/__init__.py", "")
        packed.write(PACKAGE / "model" / "program.py", "kbxt_merge/model/program.py")
    code = "from kbxt_merge.model.program import code_of; print(code_of('model'))"
    said = subprocess.run(
        [sys.executable, "-S", "-c", code],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(archive)},
    )
    told = archive.stat()
    assert said.stdout.strip() == repr(("9", (("kbxt.zip", told.st_size, told.st_mtime_ns),)))
