"""What is begun before its turn never speaks for itself: who needs it says what is wrong with it."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from kbxt_merge import preload
from kbxt_merge.preload import import_ahead


def test_an_import_that_fails_ahead_of_its_turn_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    before = set(threading.enumerate())
    import_ahead("kbxt_merge.no_such_module")
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert not told


def test_readers_start_ahead_only_where_nothing_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    started: list[Path] = []
    monkeypatch.setattr(preload, "start_server", lambda: started.append(tmp_path))
    preload.start_readers(tmp_path / "结果")
    assert len(started) == 1
    (tmp_path / ".结果.kept").touch()
    preload.start_readers(tmp_path / "结果")
    assert len(started) == 1
