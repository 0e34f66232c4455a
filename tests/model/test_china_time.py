"""Moments as disks, archives and mails tell them, whatever the clock of this machine is and knows."""

from __future__ import annotations

import ast
import datetime as dt
import time
from pathlib import Path

import pytest

import kbxt_merge
from kbxt_merge.model.china_time import CHINA, moment_of, seconds_of


@pytest.mark.parametrize(
    ("seconds", "day"),
    [(0.0, "1970-01-01"), (-1.5, "1969-12-31"), (-1e10, "1653-02-10"), (1e18, "9999-12-31"), (-1e18, "0001-01-01")],
)
def test_a_moment_is_known_before_1970_too_and_bounded_by_the_calendar(seconds: float, day: str) -> None:
    assert moment_of(seconds).date().isoformat() == day


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "America/New_York"])
def test_a_clock_without_a_zone_is_one_in_china(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    try:
        told = dt.datetime(1965, 3, 1, 8)
        assert (
            seconds_of(told)
            == seconds_of(told.replace(tzinfo=CHINA))
            == seconds_of(dt.datetime(1965, 3, 1, tzinfo=dt.UTC))
        )
        assert moment_of(seconds_of(told)) == told.replace(tzinfo=CHINA)
    finally:
        monkeypatch.undo()
        time.tzset()


def test_no_room_asks_the_systems_clock_for_a_day() -> None:
    """On Windows `fromtimestamp` raises for whatever was before 1970."""
    asking = {
        path.name
        for path in Path(kbxt_merge.__file__).parent.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Attribute) and node.attr in ("fromtimestamp", "utcfromtimestamp", "localtime", "gmtime")
    }
    assert asking == set()
