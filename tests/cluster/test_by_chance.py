"""No merge depends on chance: `benchmarks/by_chance.py` asks it a hundred times, this once."""

from __future__ import annotations

import shutil
from pathlib import Path

from merges import few, merged, merged_here


def test_merges_of_the_same_archive_write_the_same(tmp_path: Path) -> None:
    inbox = tmp_path / "inbox"
    inbox.mkdir()
    shutil.make_archive(str(inbox / "各校"), "zip", few(tmp_path / "few"))
    first, second = merged(inbox, tmp_path / "1", "--jobs", "4"), merged_here(inbox, tmp_path / "2", "--jobs", "4")
    assert any(name.startswith("退回/") for name in first)
    assert second == first
