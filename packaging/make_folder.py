"""Make a folder with a Python of its own, our wheels and one icon: a clerk copies it, and clicks.

    python packaging/make_folder.py --python PYTHON --to FOLDER [--platform win_amd64 --version 3.12]

PYTHON is what the folder's own Python is taken from: for this machine's platform a Python that may be moved (a build of
python-build-standalone, unpacked, or an installation's folder); for Windows the unpacked "embeddable package" of
python.org. With --platform the wheels are fetched for that platform, of whatever kind this machine is; only wheels are
taken, nothing is compiled. What was fetched once stays in FOLDER/../wheels and is used again without a network.
"""

from __future__ import annotations

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

ROOT = Path(__file__).parents[1]
PROGRAM, WORK = "程序", "控辍保学"
"""The folder of Python and packages, and that of the clerk's files, beside the icon."""
ARM = ("manylinux2014_aarch64", "manylinux_2_17_aarch64", "manylinux_2_28_aarch64")
EXTRAS = "lan"
"""What the folder has besides what everybody needs: its desk can be opened to colleagues."""
PLATFORMS = {"win_amd64": ("win_amd64",), "manylinux_aarch64": ARM}

WINDOWS_ICON = r"""' 点一下打开工作台；没有黑色窗口
Set shell = CreateObject("WScript.Shell")
quote = Chr(34)
here = Left(WScript.ScriptFullName, InStrRev(WScript.ScriptFullName, "\"))
program = quote & here & "{program}\pythonw.exe" & quote
folder = quote & here & "{work}" & quote
shell.Run program & " -I -m kbxt_merge desk " & folder, 0, False
"""
WINDOWS_CONSOLE = """@echo off
chcp 65001 >nul
"%~dp0{program}\\python.exe" -I -m kbxt_merge %*
"""
LINUX_START = """#!/bin/sh
here=$(dirname "$(readlink -f "$0")")
exec "$here/{program}/bin/python3" -I -m kbxt_merge desk "$here/{work}" "$@"
"""
LINUX_ICON = """[Desktop Entry]
Type=Application
Name=控辍保学工作台
Exec=sh -c '"$(dirname "$1")/打开工作台.sh"' sh %k
Icon=accessories-text-editor
Terminal=false
"""
_LEFT_BEHIND = frozenset({"test", "tests", "idlelib", "__pycache__"})
EMBEDDED_PATHS = "Lib\\site-packages\n"
"""What an embeddable package must be told of: it looks nowhere else."""


def make(python: Path, to: Path, platform: str = "", version: str = "") -> None:
    """Make the folder; raises CalledProcessError where pip can't get a wheel."""
    is_windows = platform.startswith("win")
    program = to / PROGRAM
    shutil.copytree(python, program, symlinks=True, ignore=_not_needed)
    packages = program / "Lib" / "site-packages" if is_windows else _site_packages(program)
    wheels = to.parent / "wheels"
    with tempfile.TemporaryDirectory() as work:
        pip("wheel", "--no-deps", "--wheel-dir", work, str(ROOT))
        (ours,) = Path(work).glob("*.whl")
        target = [*_target(platform, version), "--only-binary", ":all:"]
        with_extras = f"{ours}[{EXTRAS}]"
        pip("download", *target, "--find-links", str(wheels), "--dest", str(wheels), with_extras)
        pip("install", *target, "--no-index", "--find-links", str(wheels), "--target", str(packages), with_extras)
    (to / WORK).mkdir(exist_ok=True)
    _write_icons(to, is_windows)
    for each in program.glob("python*._pth") if is_windows else ():
        each.write_text(each.read_text("utf-8") + EMBEDDED_PATHS, "utf-8")


def _not_needed(folder: str, names: list[str]) -> list[str]:
    """What of a Python stays behind: what others installed into it, its own tests, and what it compiled."""
    others = names if Path(folder).name == "site-packages" else []
    return [*others, *(name for name in names if name in _LEFT_BEHIND)]


def pip(*arguments: str) -> None:
    """Run this Python's pip."""
    subprocess.run([sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *arguments], check=True)


def _target(platform: str, version: str) -> Sequence[str]:
    """The options by which pip looks for another platform's wheels."""
    named = [option for each in PLATFORMS.get(platform, ()) for option in ("--platform", each)]
    return [*named, *(["--python-version", version] if version else [])]


def _site_packages(program: Path) -> Path:
    found = sorted(program.glob("lib/python3.*/site-packages"))
    if not found:
        raise SystemExit(f"no Python in {program}: it needs lib/python3.*/site-packages")
    return found[-1]


def _write_icons(to: Path, is_windows: bool) -> None:
    """What is clicked, and, on Windows, the command for whoever wants one."""
    names = {"program": PROGRAM, "work": WORK}
    if is_windows:
        # scripts of Windows are read in the system's own encoding, but for those that begin with this mark
        (to / "打开工作台.vbs").write_text(WINDOWS_ICON.format(**names), "utf-16")
        (to / "kbxt.cmd").write_text(WINDOWS_CONSOLE.format(**names), "utf-8", newline="\r\n")
        return
    start = to / "打开工作台.sh"
    start.write_text(LINUX_START.format(**names), "utf-8")
    start.chmod(0o755)
    icon = to / "打开工作台.desktop"
    icon.write_text(LINUX_ICON, "utf-8")
    icon.chmod(0o755)


def main() -> None:
    """Make the folder that the command line asks for."""
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--python", type=Path, required=True, help="the Python that goes into the folder")
    parser.add_argument("--to", type=Path, required=True, help="the folder to be made")
    parser.add_argument("--platform", choices=sorted(PLATFORMS), default="", help="another platform than this one")
    parser.add_argument("--version", default="", help="that platform's Python, such as 3.12")
    given = parser.parse_args()
    make(given.python, given.to, given.platform, given.version)


if __name__ == "__main__":
    main()
