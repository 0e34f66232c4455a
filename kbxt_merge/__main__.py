"""`python -m kbxt_merge` is `kbxt`."""

from __future__ import annotations

import atexit
import os
import sys
import threading
from multiprocessing import freeze_support
from typing import NoReturn

from kbxt_merge.cli import main

_NOT_FLUSHED = 120
"""How Python itself ends where what was printed could not be written any more."""


def run() -> NoReturn:
    """Run the command that was given, and end."""
    freeze_support()  # a frozen build is called anew for each of its processes
    try:
        main(prog_name="kbxt")
    except SystemExit as ended:
        _end(ended.code if isinstance(ended.code, int) else int(ended.code is not None))
    _end(0)


def _end(status: int) -> NoReturn:
    """End as Python does, but for taking apart what is held: of a thousand workbooks that takes longer than to judge
    them."""
    for thread in threading.enumerate():
        if thread is not threading.current_thread() and not thread.daemon:
            thread.join()
    atexit._run_exitfuncs()  # there is no public name for it
    try:
        for stream in (sys.stdout, sys.stderr):
            if stream is not None:  # a program without a console has none
                stream.flush()
    except (OSError, ValueError):
        status = _NOT_FLUSHED
    os._exit(status)


if __name__ == "__main__":
    run()
