"""Stages for worker processes, in a module that a worker imports fast."""

from __future__ import annotations

import hashlib
import os
import signal
import sys
import tempfile
import time
from collections.abc import Callable

from kbxt_merge.errors import InboxError
from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.listing import content
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Kind, Reading, SourceFile


def misbehave(file: SourceFile) -> Reading:
    """Does what the file's name says."""
    behaviour = file.path.split("-")[0]
    if behaviour == "abort":
        os.abort()
    if behaviour == "exit":
        os._exit(0)
    if behaviour == "hang":
        time.sleep(600)
    if behaviour == "swell":
        bytearray(4 << 30)
    if behaviour == "fill":
        _fill(20)
    if behaviour == "fault":
        raise ZeroDivisionError(file.path)
    if behaviour == "server":
        raise InboxError("连不上", "no server")
    return Reading(file, Kind.XLSX, str(os.getpid()))


def _fill(seconds: float) -> None:
    """Hold more and more memory, for so long."""
    held, until = [], time.monotonic() + seconds
    while time.monotonic() < until and len(held) < 60:
        held.append(b"x" * (32 << 20))
        time.sleep(0.02)


def read(file: SourceFile, limits: Limits) -> Reading:
    """What the reading stage does as far as grids."""
    kind, digest = Kind.UNKNOWN, ""
    try:
        data = content(file, limits)
        digest, kind = hashlib.sha256(data).hexdigest(), kind_of(data, file.path)
        workbook = read_workbook(data, kind, limits, name=file.path)
    except Unreadable as error:
        return Reading(file, kind, digest, problem=error.problem)
    return Reading(file, kind, digest, unrecognised=tuple(grid.sheet for grid in workbook.grids))


def modules_after(stage: Callable[[SourceFile], Reading], file: SourceFile) -> Reading:
    """The modules that are there once a stage has come to the worker and read a file."""
    stage(file)
    return modules(file)


def modules(file: SourceFile) -> Reading:
    return Reading(file, Kind.XLSX, "", unrecognised=tuple(sys.modules))


def slow(file: SourceFile) -> Reading:
    time.sleep(0.1)
    return Reading(file, Kind.XLSX, "")


def killed_once(file: SourceFile) -> Reading:
    """Dies over the first file of all, and never again: as when the system runs out of memory."""
    try:
        with open(os.path.join(file.location, "killed"), "x"):
            os.kill(os.getpid(), signal.SIGKILL)
    except FileExistsError:
        pass
    return Reading(file, Kind.XLSX, "")


def leaves_a_file(file: SourceFile) -> Reading:
    """Puts on disk what it reads, as an unpacker does, and tells where; some files kill it before it clears away."""
    descriptor, name = tempfile.mkstemp()
    os.write(descriptor, b"360721201102177071")
    os.close(descriptor)
    if file.path.startswith("kill"):
        os.kill(os.getpid(), signal.SIGKILL)
    return Reading(file, Kind.XLSX, name)
