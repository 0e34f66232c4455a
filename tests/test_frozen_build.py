"""The frozen build takes along whatever the package reads of itself; PyInstaller itself is not asked."""

from __future__ import annotations

import configparser
import sys
from importlib import resources
from importlib.util import find_spec
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
SPEC = ROOT / "packaging" / "kbxt.spec"


@pytest.fixture
def taken(monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """What the spec takes along."""
    hooks = ModuleType("PyInstaller.utils.hooks")
    hooks.__dict__.update(
        collect_all=lambda name: ([], [], []), collect_data_files=lambda name: [], collect_submodules=lambda name: []
    )
    for name in ("PyInstaller", "PyInstaller.utils"):
        monkeypatch.setitem(sys.modules, name, ModuleType(name))
    monkeypatch.setitem(sys.modules, "PyInstaller.utils.hooks", hooks)
    taken: dict[str, Any] = {}

    def analysis(scripts: list[str], **given: Any) -> SimpleNamespace:
        taken.update(given, scripts=scripts)
        return SimpleNamespace(pure=[], scripts=[], binaries=[], datas=[])

    names = {name: lambda *given, **named: None for name in ("PYZ", "EXE", "COLLECT")}
    exec(
        compile(SPEC.read_text(encoding="utf-8"), str(SPEC), "exec"),
        {"SPECPATH": str(SPEC.parent), "Analysis": analysis, **names},
    )
    assert [Path(each).exists() for each in taken["scripts"]] == [True]
    return taken


@pytest.fixture
def data(taken: dict[str, Any]) -> dict[str, bytes]:
    """The files of ours among it, by where they will lie."""
    return {f"{target}/{Path(path).name}": Path(path).read_bytes() for path, target in taken["datas"]}


def test_all_data_of_the_package_is_taken_along(data: dict[str, bytes]) -> None:
    told = configparser.ConfigParser(interpolation=None)
    told.read(ROOT / "setup.cfg", encoding="utf-8")
    expected = {}
    for package in told["options.package_data"]:
        for each in resources.files(package).iterdir():
            some = list(each.iterdir()) if each.name == "blanks" else [each]
            for file in some:
                if file.is_file() and not file.name.endswith((".py", ".pyc")):
                    below = f"{each.name}/{file.name}" if each.name == "blanks" else file.name
                    expected[f"{package.replace('.', '/')}/{below}"] = file.read_bytes()
    assert data == expected
    assert len(data) > 30


def test_what_a_desk_for_colleagues_asks_for_is_taken_along(taken: dict[str, Any]) -> None:
    """It is imported when somebody logs in, and by C code: PyInstaller sees neither."""
    assert {"argon2", "_cffi_backend"} <= set(taken["hiddenimports"])
    assert all(find_spec(name) for name in ("argon2", "_cffi_backend"))
