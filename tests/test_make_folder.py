"""The folder that a clerk is handed: its icons start the desk of the folder they lie in, wherever that is."""

from __future__ import annotations

import importlib.util
import os
import subprocess
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).parents[1] / "packaging" / "make_folder.py"


@pytest.fixture(scope="module")
def make_folder() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_folder", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    made = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(made)
    return made


def test_the_icon_of_linux_starts_what_lies_beside_it(make_folder: ModuleType, tmp_path: Path) -> None:
    """`echo` in the place of the folder's Python tells what is called, from whatever folder."""
    folder = tmp_path / "工作台 #1"
    (folder / "程序" / "bin").mkdir(parents=True)
    os.symlink("/bin/echo", folder / "程序" / "bin" / "python3")
    make_folder._write_icons(folder, is_windows=False)
    (tmp_path / "桌面").symlink_to(folder / "打开工作台.sh")
    for start in (folder / "打开工作台.sh", tmp_path / "桌面"):
        told = subprocess.run([start, "--no-browser"], cwd="/", capture_output=True, text=True, check=True).stdout
        assert told == f"-I -m kbxt_merge desk {folder}/控辍保学 --no-browser\n"


def test_the_icon_of_windows_is_read_in_any_encoding_of_the_system(make_folder: ModuleType, tmp_path: Path) -> None:
    make_folder._write_icons(tmp_path, is_windows=True)
    script = (tmp_path / "打开工作台.vbs").read_bytes()
    assert script[:2] in (b"\xff\xfe", b"\xfe\xff")
    assert 'here & "程序\\pythonw.exe"' in script.decode("utf-16")
    assert b"chcp 65001" in (tmp_path / "kbxt.cmd").read_bytes()
    assert b"\r\n" in (tmp_path / "kbxt.cmd").read_bytes()


def test_what_others_installed_stays_behind(make_folder: ModuleType) -> None:
    assert make_folder._not_needed("/x/lib/python3.12/site-packages", ["numpy", "pip"]) == ["numpy", "pip"]
    assert make_folder._not_needed("/x/lib/python3.12", ["json", "test", "__pycache__"]) == ["test", "__pycache__"]
