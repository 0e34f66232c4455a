"""What the commands share: their common options, how a fault of the operator ends, and the progress bar."""

from __future__ import annotations

import errno
import gc
import os
import signal
import sys
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kbxt_merge.cli.interrupts import heeding_interrupts
from kbxt_merge.model.text import Words
from kbxt_merge.setting_words import SETTING_WORDS

if TYPE_CHECKING:
    from kbxt_merge.merging import Progress
    from kbxt_merge.model.inbox import Inbox
    from kbxt_merge.model.text import Words
    from kbxt_merge.settings import Settings

_INTERRUPTED = Words("已停止。", "Stopped.")
_TOO_LONG = Words("路径太长，请换一个更短的：{path}", "the path is too long; choose a shorter one: {path}")
Command = TypeVar("Command", bound=Callable[..., Any])

PATH = click.Path(path_type=Path)
_LOOKS_FOR_GARBAGE = (100_000, 50, 100)
"""After so many new objects, and so many looks at the younger ones; Python's own are 700, 10, 10."""


class InboxType(click.ParamType):  # type: ignore[type-arg]  # older clicks have none
    """A path, or a URL that fsspec reads."""

    name = "path"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Inbox:
        """The inbox of that name."""
        from kbxt_merge.model.inbox import parse_inbox

        return parse_inbox(str(value))


INBOX = InboxType()


_OPTION_TYPES: dict[str, Any] = {
    "roster": PATH,
    "registers": INBOX,
    "schemas": PATH,
    "jobs": int,
    "engine": click.Choice(["local", "dask"]),
    "lang": click.Choice(["zh", "en"]),
}
"""What a setting's option takes, where that is no text."""
_STATUS_OF_INTERRUPTS = 128
"""What is added to a signal's number, as shells have it."""
_READ_BY_PROGRAMS = ("csv", "json")
_SHAPES_A_RUN = ("roster", "registers", "period", "as_of", "schemas", "jobs", "engine", "scheduler")


def setting_option(key: str, **more: Any) -> Callable[[Command], Command]:
    """The option of a setting, which says of it what the page of settings does."""
    words = SETTING_WORDS[key]
    name = "--" + key.replace("_", "-")
    return click.option(name, key, type=_OPTION_TYPES.get(key), help=f"{words.zh} {words.en}", **more)


config_option = click.option("--config", type=PATH, help="设置文件；不写时取旁边的 kbxt.toml。 The settings file.")


def settings_options(command: Command) -> Command:
    """The options that shape a run, shared by every command that reads returns."""
    for option in reversed((*map(setting_option, _SHAPES_A_RUN), config_option)):
        command = option(command)
    return command


language_option = setting_option("lang")
verbose_option = click.option(
    "--verbose",
    is_flag=True,
    help="在屏幕上说明如何判断、为什么。 Say what is decided of each file, sheet and row.",
)
ledger_option = setting_option("ledger")


def layout_option(*layouts: str) -> Callable[[Command], Command]:
    """The option that chooses between layouts of the output; the first is the usual one."""
    return click.option(
        "--format",
        "layout",
        type=click.Choice(layouts),
        default=layouts[0],
        show_default=True,
        help="输出格式。 The layout.",
    )


def say(text: str, *, err: bool = False) -> None:
    """Show text, line by line, without what a terminal would obey, nor a whole ID number: it may quote a cell, a file's
    name or a server."""
    from kbxt_merge.model.privacy import of_names
    from kbxt_merge.model.text import printable

    for line in text.split("\n"):
        click.echo(of_names(printable(line)), err=err)


def say_as(layout: str, text: str) -> None:
    """Show what was laid out; a program that reads it gets every character."""
    if layout in _READ_BY_PROGRAMS and not sys.stdout.isatty():
        click.echo(text, nl=False)
    elif text:
        say(text.removesuffix("\n"))


class Run:
    """One command at work: its options, and the exit status it will end with."""

    def __init__(self, options: dict[str, Any]) -> None:
        """Begin with the options as given; `verbose` among them is no setting."""
        self._options = {name: value for name, value in options.items() if name != "verbose"}
        self._is_verbose = bool(options.get("verbose"))
        self._open = ExitStack()
        self.language: Any = options.get("lang") or "zh"
        self.status = 0

    def settings(self, inbox: Inbox) -> Settings:
        """The settings in force for this inbox."""
        from kbxt_merge.model.inbox import folder_of
        from kbxt_merge.settings import load_settings

        settings = load_settings(self._options, os.environ, folder_of(inbox))
        self.language = settings.language
        return settings

    def __enter__(self) -> Run:
        """Look for garbage rarely: imports and cells make millions of objects, and hardly any that hold each other."""
        gc.set_threshold(*_LOOKS_FOR_GARBAGE)
        self._open.enter_context(heeding_interrupts())
        if self._is_verbose:
            from kbxt_merge.log import log_on_terminal

            self._open.enter_context(log_on_terminal())
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        """End with a sentence for an operator's fault and an interrupt; a program's fault stays a traceback."""
        from kbxt_merge.errors import KbxtError

        self._open.close()
        if isinstance(error, KbxtError):
            say(error.sentence(self.language), err=True)
            sys.exit(2)
        if isinstance(error, OSError) and error.errno == errno.ENAMETOOLONG:  # nothing that is listed is so long
            say(_TOO_LONG.of(self.language).format(path=error.filename), err=True)
            sys.exit(2)
        if isinstance(error, KeyboardInterrupt):
            say(_INTERRUPTED.of(self.language), err=True)
            sys.exit(_STATUS_OF_INTERRUPTS + (error.args[0] if error.args else signal.SIGINT))
        if error is None and self.status:
            sys.exit(self.status)


def at_work(options: dict[str, Any]) -> Run:
    """Run a command so that an operator's fault ends in one sentence and exit status 2."""
    return Run(options)


class progress_bar:  # noqa: N801 - a context manager that reads as a verb
    """A progress bar on a terminal, nothing in a pipe."""

    def __init__(self, settings: Settings) -> None:
        """Label the bar in the operator's language."""
        self._language = settings.language
        self._label = "读取" if settings.language == "zh" else "reading"
        self._bar: Any = None

    def __enter__(self) -> Progress:
        """What a run tells its progress to."""
        from kbxt_merge.merging import Progress

        return Progress(self._begin, lambda _: self._advance(1), self._advance, self._ask)

    def _ask(self, words: Words) -> None:
        click.echo(words.of(self._language), err=True)

    def _begin(self, count: int) -> None:
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=count, label=self._label, file=sys.stderr)
            self._bar.__enter__()

    def _advance(self, count: int) -> None:
        if self._bar:
            self._bar.update(count)

    def __exit__(self, *error: object) -> None:
        """Leave the terminal tidy."""
        if self._bar:
            self._bar.__exit__(None, None, None)
