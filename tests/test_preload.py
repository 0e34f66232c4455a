"""What is begun before its turn never speaks for itself: who needs it says what is wrong with it."""

from __future__ import annotations

import threading

import pytest

from kbxt_merge.preload import import_ahead


def test_an_import_that_fails_ahead_of_its_turn_is_not_told(monkeypatch: pytest.MonkeyPatch) -> None:
    told: list[object] = []
    monkeypatch.setattr(threading, "excepthook", told.append)
    before = set(threading.enumerate())
    import_ahead("kbxt_merge.no_such_module")
    for thread in set(threading.enumerate()) - before:
        thread.join()
    assert not told
