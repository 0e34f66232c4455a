"""Nothing in the current folder or the inbox is ever run, whatever it is called and however processes are started."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from made_workbooks import rar

from kbxt_merge.own_code import leave_current_folder

CHECKOUT = Path(__file__).parents[2]
# as `python -c` and `python -m` begin, the current folder comes first
BEGUN_HERE = """
import multiprocessing, sys
if __name__ == "__main__":
    method = sys.argv.pop(1)
    if method in multiprocessing.get_all_start_methods():
        multiprocessing.get_all_start_methods = lambda: [method]
    sys.path.insert(0, "")
    from kbxt_merge.cli import main
    main()
"""


def plant(folder: Path, told: Path) -> None:
    """Put modules and programs there that leave a file where they are run.

    They are named as all that any process may import: of Python, of every package at hand, and what each interpreter
    looks for.
    """
    names = sys.stdlib_module_names | packages_distributions().keys() | {"sitecustomize", "usercustomize"}
    for name in names - {"kbxt_merge", "__main__"}:
        if name.isidentifier():
            (folder / f"{name}.py").write_text(f"open({str(told / name)!r}, 'w').close()\n")
    for name in ("unrar", "unar", "bsdtar", "7z", "7zz"):
        (folder / name).write_text(f"#!/bin/sh\ntouch '{told / name}'\n")
        (folder / name).chmod(0o755)


@pytest.fixture(scope="module")
def planted(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an inbox, modules in both; what they leave is in `told` beside it."""
    root = tmp_path_factory.mktemp("planted")
    here, told = root / "here", root / "told"
    here.mkdir()
    told.mkdir()
    inbox = here / "收件夹"
    inbox.mkdir()
    for name in ("赣县区江口清溪小学附件3.xlsx", "赣县区江口清溪小学附件1-2.xls", "加密的表.xlsx", "沙地育英小学.zip"):
        shutil.copy2(CHECKOUT / "examples" / "returned" / name, inbox)
    (inbox / "附件4.rar").write_bytes(rar("附件4.xlsx", b"packed", method=0x33))
    for folder in (here, inbox):
        plant(folder, told)
    (root / "begun.py").write_text(BEGUN_HERE)
    return here


@pytest.mark.parametrize(
    ("method", "below", "named", "options"),
    [
        ("forkserver", "收件夹", ".", ()),
        ("spawn", "收件夹", ".", ()),
        ("dask", ".", "收件夹", ("--engine", "dask")),
    ],
)
def test_no_module_beside_the_returns_is_run(
    planted: Path, tmp_path: Path, method: str, below: str, named: str, options: tuple[str, ...]
) -> None:
    begun = [sys.executable, str(planted.parent / "begun.py"), method, "merge", named, "--out", str(tmp_path / "out")]
    searched = os.pathsep.join(["", os.environ["PATH"]])
    done = subprocess.run(
        [*begun, "--jobs", "2", *options],
        cwd=planted / below,
        env={**os.environ, "PYTHONSAFEPATH": "", "PATH": searched},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, ""), done.stderr
    assert (tmp_path / "out" / "data" / "files.csv").exists()
    assert os.listdir(planted.parent / "told") == []


def test_the_current_folder_is_left_by_whatever_name_it_is_on_a_path(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here, elsewhere = tmp_path / "here", str(tmp_path / "elsewhere")
    here.mkdir()
    (tmp_path / "link").symlink_to(here)
    places = ["", ".", str(here), str(tmp_path / "link"), "../here", elsewhere]
    monkeypatch.chdir(here)
    monkeypatch.setattr(sys, "path", places.copy())
    for name in ("PYTHONPATH", "PATH"):
        monkeypatch.setenv(name, os.pathsep.join(places))
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    leave_current_folder()
    assert (sys.path, os.environ["PYTHONPATH"], os.environ["PATH"]) == ([elsewhere], elsewhere, elsewhere)
    assert os.environ["PYTHONSAFEPATH"]


def test_a_checkout_goes_on_finding_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(CHECKOUT)
    monkeypatch.setattr(sys, "path", ["", str(CHECKOUT)])
    monkeypatch.setenv("PYTHONSAFEPATH", "")
    leave_current_folder()
    assert sys.path == ["", str(CHECKOUT)]


def test_a_current_folder_that_is_gone_holds_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    here.rmdir()
    monkeypatch.setattr(sys, "path", ["/elsewhere"])
    leave_current_folder()
    assert sys.path == ["/elsewhere"]
    monkeypatch.chdir(tmp_path)
