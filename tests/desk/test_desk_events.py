"""What happens is told once to every page, also what happened while the page was being made or the line was lost."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from kbxt_merge.desk.events import Events


def lines_of(stream: Coroutine[Any, Any, bytes]) -> list[str]:
    """What is heard; in a thread of its own, for a browser of another test keeps this one's loop running."""
    with ThreadPoolExecutor(1) as beside:
        return re.findall(r'"text": "([^"]*)"', beside.submit(asyncio.run, stream).result().decode())


def texts(events: Events, after: int, then: int) -> list[str]:
    """What a page hears that knows of so many lines, when so many more happen while it listens."""

    async def heard() -> bytes:
        stream = events.stream(after)
        told = await anext(stream)
        for number in range(then):
            events.publish("line", kept=True, text=f"then {number}")
        for _ in range(then):
            told += await asyncio.wait_for(anext(stream), 5)
        await stream.aclose()  # type: ignore[attr-defined]
        return told

    return lines_of(heard())


def test_a_page_hears_what_it_missed_and_what_happens_then() -> None:
    events = Events()
    for number in range(3):
        events.publish("line", kept=True, text=f"before {number}")
    assert texts(events, after=1, then=2) == ["before 1", "before 2", "then 0", "then 1"]
    assert texts(events, after=events.kept, then=1) == ["then 0"]


def test_what_is_on_its_way_while_a_page_asks_is_told_once() -> None:
    events = Events()

    async def heard() -> bytes:
        first = events.stream(0)
        await anext(first)
        events.publish("line", kept=True, text="on its way")  # handed to the queues only when the loop turns
        second = events.stream(0)
        told = await anext(second)
        events.publish("line", kept=True, text="later")
        told += await asyncio.wait_for(anext(second), 5)
        return told

    assert lines_of(heard()) == ["on its way", "later"]


def test_what_is_not_kept_is_for_those_who_listen() -> None:
    events = Events()
    events.publish("progress", done=1, count=2)
    assert (list(events.log), events.kept) == ([], 0)
