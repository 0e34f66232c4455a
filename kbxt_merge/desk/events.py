"""What happens at the desk, told to every open page as it happens (server-sent events)."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
from collections import deque
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

MOST_REMEMBERED = 200
_WAITING = 1_000
"""Events that a page which does not listen may fall behind, before it is let go and asks anew."""
_BREATH = 15.0
"""Seconds after which something is sent, so that neither side takes the other for gone."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened: its kind, when (a clock's time), and what there is to tell of it."""

    kind: str
    at: str
    data: dict[str, object]

    def encoded(self) -> bytes:
        """The event as it goes over the line (HTML Standard, 9.2 Server-sent events)."""
        told = json.dumps({"at": self.at, **self.data}, ensure_ascii=False)
        return f"event: {self.kind}\ndata: {told}\n\n".encode()


@dataclass(eq=False)
class Events:
    """Takes what happens from any thread, and hands it to every page that listens."""

    log: deque[Event] = field(default_factory=lambda: deque(maxlen=MOST_REMEMBERED))
    _loop: asyncio.AbstractEventLoop | None = None
    _listeners: set[asyncio.Queue[Event | None]] = field(default_factory=set)

    def publish(self, kind: str, *, kept: bool = False, **data: object) -> None:
        """Tell every page; what is kept is shown to pages that are opened later, too."""
        event = Event(kind, f"{dt.datetime.now():%H:%M}", data)
        if kept:
            self.log.append(event)
        loop = self._loop
        if loop is not None and not loop.is_closed():
            loop.call_soon_threadsafe(self._hand_out, event)

    async def stream(self) -> AsyncIterator[bytes]:
        """What one page hears, until it goes away or the desk ends."""
        self._loop = asyncio.get_running_loop()
        queue: asyncio.Queue[Event | None] = asyncio.Queue(_WAITING)
        self._listeners.add(queue)
        try:
            yield b": \n\n"
            while True:
                try:
                    event = await asyncio.wait_for(queue.get(), _BREATH)
                except TimeoutError:
                    yield b": \n\n"
                    continue
                if event is None:
                    return
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
