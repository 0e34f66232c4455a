"""A file from elsewhere is dealt with in a process of its own, within limits, as every file of an inbox is."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from typing import Any, ParamSpec, TypeVar

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.pool.processes import Pool
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Problem

_OF_SEVERAL_FILES = 300.0
"""Seconds that drafting or a trial may take, which brings the rules."""

P = ParamSpec("P")
T = TypeVar("T")


def apart(limits: Limits, work: Callable[P, T], *args: P.args, **more: P.kwargs) -> T:
    """What it gives; raises SchemaError where it did not end well, and whatever it raises itself."""
    pool = Pool(_done, _lost, 1, limits)
    ((_, given),) = pool.over([partial(work, *args, **more)])
    result: T = given
    return result


def patient(limits: Limits) -> Limits:
    """The same limits for what is done with several files."""
    return replace(limits, seconds=max(limits.seconds, _OF_SEVERAL_FILES))


def _done(work: Callable[[], Any]) -> Any:
    return work()


def _lost(_: Callable[[], Any], problem: Problem) -> Any:
    raise SchemaError(
        "这个文件读不出来：读它的进程中断了，或者超过了时间和内存的限度",
        "the file can't be read: what read it did not end well, or asked for more time or memory than it may",
    )
