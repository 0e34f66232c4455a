"""What happens at the desk, told to every open page as it happens (server-sent events)."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from threading import Lock

MOST_REMEMBERED = 200
_WAITING = 1_000
"""Events that a page which does not listen may fall behind, before it is let go and asks anew."""
_BREATH = 15.0
"""Seconds after which something is sent, so that neither side takes the other for gone."""

_COME_BACK = b"retry: 1000\n\n"
"""How soon a page that lost the line is to try again, in milliseconds."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its kind, when (a clock's time), and what there is to tell of it.

    What is kept has a `number`, counted from 1.
    """

    kind: str
    at: str
    data: dict[str, object]
    number: int = 0

    def encoded(self) -> bytes:
        """The event as it goes over the line (HTML Standard, 9.2 Server-sent events)."""
        told = json.dumps({"at": self.at, **self.data}, ensure_ascii=False)
        name = f"id: {self.number}\n" if self.number else ""
        return f"{name}event: {self.kind}\ndata: {told}\n\n".encode()


@dataclass(eq=False)
class Events:
    """Takes what happens from any thread, and hands it to every page that listens."""

    log: deque[Event] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    kept: int = 0
    _lock: Lock = field(default_factory=Lock)
    _loop: asyncio.AbstractEventLoop | None = None
    _listeners: set[asyncio.Queue[Event | None]] = field(default_factory=set)

    def publish(self, kind: str, *, kept: bool = False, **data: object) -> None:
        """Tell every page; what is kept is shown to pages that are opened later, too."""
        with self._lock:
            self.kept += kept
            event = Event(kind, f"{dt.datetime.now():%H:%M}", data, self.kept if kept else 0)
            if kept:
                self.log.append(event)
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._hand_out, event)

    def tell(self, text: str, tone: str = "done") -> str:
        """Tell every page a line, also those that are opened later, and say how: ID numbers in names are masked."""
        from kbxt_merge.model.privacy import MASKED  # its patterns take a while, and the first page has no use for them

        told = MASKED.words[text]
        self.publish("line", kept=True, text=told, tone=tone)
        return told

    async def stream(self, after: int) -> AsyncIterator[bytes]:
        """What one page hears, until it goes away or the desk ends; first what was kept after that number."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Event | None] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        try:
            with self._lock:
                missed = [event for event in self.log if event.number > after]
            yield _COME_BACK + b"".join(event.encoded() for event in missed)
            told = missed[-1].number if missed else after
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _BREATH)
                except TimeoutError:
                    yield b": \n\n"
                    continue
                if event is None:
                    return
                if not 0 < event.number <= told:  # else it was on its way when the page asked, and was told as missed
                    yield event.encoded()
        finally:
            self._listeners.discard(queue)

    def end(self) -> None:
        """Let all pages go."""
        for queue in list(self._listeners):
            if not queue.full():
                queue.put_nowait(None)

    def _hand_out(self, event: Event) -> None:
        for queue in list(self._listeners):
            if queue.full():
                self._listeners.discard(queue)
            else:
                queue.put_nowait(event)
