"""The user's main module, which is no affair of the processes that read."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import RLock

_HIDDEN = ("__spec__", "__file__")
_one_at_a_time = RLock()


@contextmanager
def without_main() -> Iterator[None]:
    """Start processes that do not run the main module again: a script then needs no guard of its `__name__`.

    A process that is spawned, or forked from a server, is told where the main module lies by these two names of it.
    """
    main = vars(sys.modules["__main__"])
    with _one_at_a_time:
        kept = {name: main[name] for name in _HIDDEN if name in main}
        main.update(dict.fromkeys(kept))
        try:
            yield
        finally:
            main.update(kept)
