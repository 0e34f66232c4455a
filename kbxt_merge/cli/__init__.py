"""`kbxt` on the command line: arguments in, one story of work, a few lines out; the only home of click."""

# ruff: noqa: E402 - what comes first decides where all else is found
from kbxt_merge.own_code import leave_current_folder

leave_current_folder()

import sys
from typing import Any, TextIO

import click

from kbxt_merge import __version__
from kbxt_merge.cli import desk, keeping, post, reference, round


class _ToldInAnyEncoding(click.Group):
    """Commands whose words reach any console and pipe: what its encoding lacks (✓, a rare name) is told by number."""

    def main(self, *arguments: Any, **options: Any) -> Any:
        for stream in (sys.stdout, sys.stderr):
            _never_refuse(stream)
        return super().main(*arguments, **options)


def _never_refuse(stream: TextIO | None) -> None:
    reconfigure = getattr(stream, "reconfigure", None)  # a test's or a notebook's stream has none
    if reconfigure is not None:
        reconfigure(errors="backslashreplace")


@click.group(cls=_ToldInAnyEncoding, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kbxt")
def main() -> None:
    """学校报表汇总核查：收回各校工作簿，逐格核查，汇总成册，退回更正。

    Check, merge and return the workbooks that schools send a district's education bureau.
    """


for _command in (
    desk.desk,
    round.merge,
    round.check,
    round.status,
    round.watch,
    post.blanks,
    post.send,
    post.fetch,
    keeping.pack,
    keeping.forget,
    reference.rules,
    reference.forms,
    reference.settings,
):
    main.add_command(_command)
