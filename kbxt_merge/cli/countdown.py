"""A long wait, told on the terminal while it passes."""

from __future__ import annotations

import sys
import time

import click

from kbxt_merge.model.text import Language, Words

LONG_SECONDS = 60.0
"""A shorter wait is not worth a word."""

_TOLD = Words(
    "服务商要求稍候，{minutes} 分 {seconds:02d} 秒后继续（按 Ctrl-C 停止，已发送的不会重发）",
    "the provider wants a pause; going on in {minutes} min {seconds:02d} s (Ctrl-C stops, nothing is sent twice)",
)


def count_down(seconds: float, language: Language) -> None:
    """Wait; on a terminal what is left of a long wait is shown every second, in a pipe it is said once."""
    until = time.monotonic() + seconds
    if seconds >= LONG_SECONDS:
        _tell(seconds, language)
        if sys.stderr.isatty():
            _show_what_is_left(until, language)
    time.sleep(max(until - time.monotonic(), 0.0))


def _show_what_is_left(until: float, language: Language) -> None:
    while (left := until - time.monotonic()) > 1.0:
        time.sleep(1.0)
        click.echo("\r", nl=False, err=True)
        _tell(left - 1.0, language, nl=False)
    click.echo(err=True)


def _tell(seconds: float, language: Language, *, nl: bool = True) -> None:
    minutes, rest = divmod(round(seconds), 60)
    click.echo(_TOLD.of(language).format(minutes=minutes, seconds=rest), nl=nl, err=True)
