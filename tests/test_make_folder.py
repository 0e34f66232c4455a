"""The folder that a clerk is handed: its icons start the desk of the folder they lie in, wherever that is."""

from __future__ import annotations

import configparser
import importlib.util
import json
import os
import subprocess
import sys
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


@pytest.mark.parametrize("platform", ["win_amd64", "manylinux_aarch64"])
def test_what_hashes_passwords_has_wheels_for_the_folders_of_clerks(
    make_folder: ModuleType, platform: str, tmp_path: Path
) -> None:
    """The folder is made with the extra by which colleagues log in; nothing of it is to be compiled."""
    told = configparser.ConfigParser(interpolation=None)
    told.read(SCRIPT.parents[1] / "setup.cfg", encoding="utf-8")
    wanted = told["options.extras_require"][make_folder.EXTRAS].split("\n")
    asked = ["install", "--dry-run", "--ignore-installed", "--quiet", "--only-binary", ":all:", "--target", tmp_path]
    report = tmp_path / "report.json"
    command = [sys.executable, "-m", "pip", *asked, "--report", report, *make_folder._target(platform, "3.12")]
    subprocess.run([*command, *filter(None, wanted)], check=True)
    found = {each["metadata"]["name"]: each for each in json.loads(report.read_text("utf-8"))["install"]}
    assert {"argon2-cffi", "argon2-cffi-bindings", "cffi"} <= found.keys()
    ours = {"win_amd64": "win_amd64", "manylinux_aarch64": "aarch64"}[platform]
    assert ours in found["argon2-cffi-bindings"]["download_info"]["url"]
