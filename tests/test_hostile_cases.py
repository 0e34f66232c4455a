"""All hostile inputs that are known, beside good returns in one inbox: each has a verdict, the good ones are merged."""

from __future__ import annotations

import csv
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
CASES = ROOT.parent / "shared" / "cases" / "hostile.tar.xz"
MOST_MEMORY = 1_600_000
"""Kilobytes of the largest process."""
MERGE = """
import resource, sys
from kbxt_merge.cli import main
try:
    main()
finally:
    print(max(resource.getrusage(each).ru_maxrss for each in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)))
"""


@pytest.mark.skipif(not CASES.exists(), reason="the cases are not here")
def test_each_has_a_verdict_and_the_good_ones_are_merged(tmp_path: Path) -> None:
    inbox, out = tmp_path / "inbox", tmp_path / "out"
    with tarfile.open(CASES) as archive:
        archive.extractall(inbox, filter="data")
    shutil.copytree(ROOT / "examples" / "returned" / "王母渡松林学校", inbox / "王母渡松林学校")
    options = ["--out", str(out), "--as-of", "2021-03-20", "--jobs", "2"]
    run = subprocess.run(
        [sys.executable, "-c", MERGE, "merge", str(inbox), *options],
        capture_output=True, text=True, timeout=300, check=False, env={**os.environ, "PYTHONUTF8": "1"},
    )  # fmt: skip
    assert (run.returncode, run.stderr) == (0, "")
    assert int(run.stdout.split()[-1]) < MOST_MEMORY
    with (out / "data" / "files.csv").open(encoding="utf-8-sig") as stream:
        lines = list(csv.DictReader(stream))
    verdicts = {line["file"]: line["verdict"] for line in lines}
    came = {path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file()}
    assert came <= verdicts.keys()
    assert all(verdicts.values())
    good = [path for path in came if path.startswith("王母渡")]
    assert good
    assert all(verdicts[path].startswith("merged") for path in good)
    assert not [line for line in lines if "程序出错" in line["reason"] or "中断" in line["reason"]]
    walked = {name: verdict for name, verdict in verdicts.items() if "/walk/" in name}
    assert {verdict for name, verdict in walked.items() if name.count(".zip") + name.count(".7z") == 2} == {"rejected"}
    assert len(walked) < 100
