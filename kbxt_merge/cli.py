"""`kbxt` on the command line: arguments in, one pipeline call, a few lines out."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from kbxt_merge import __version__

if TYPE_CHECKING:
    from kbxt_merge.pipeline import Checked, Progress
    from kbxt_merge.settings import Settings

Command = TypeVar("Command", bound=Callable[..., Any])

_PATH = click.Path(path_type=Path)


def _settings_options(command: Command) -> Command:
    """The options that shape a run, shared by every command that reads returns."""
    options = (
        click.option(
            "--roster",
            type=_PATH,
            help="学校名册（.xlsx 或 .csv）；不写时取收件夹旁的学校名册。 The roster of schools.",
        ),
        click.option("--period", help="汇总的学期或月份，如 2021春、2021-03。 The period, a term or a month."),
        click.option(
            "--as-of", "as_of", help="基准日期，如 2021-03-20；没有填表日期的表按它计算年龄。 The reference day."
        ),
        click.option(
            "--schemas", type=_PATH, help="自定义表格定义的文件夹。 A folder of form definitions of your own."
        ),
        click.option("--config", type=_PATH, help="设置文件；不写时取收件夹旁的 kbxt.toml。 The settings file."),
        click.option("--jobs", type=int, help="同时读取的进程数。 How many processes read at once."),
    )
    for option in reversed(options):
        command = option(command)
    return command


def _language_option(command: Command) -> Command:
    return click.option(
        "--lang", type=click.Choice(["zh", "en"]), help="界面语言。 The language of all that people read."
    )(command)


def _ledger_option(command: Command) -> Command:
    return click.option(
        "--ledger",
        help="账本的数据库地址，如 postgresql+psycopg://…；不写时用结果文件夹中的 kbxt.db。 Where the ledger is.",
    )(command)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kbxt")
def main() -> None:
    """控辍保学表格汇总核查：收回各校工作簿，逐格核查，汇总成册，退回更正。

    Check, merge and return the workbooks that schools send a district's education bureau.
    """


@main.command()
@click.argument("inbox", type=_PATH)
@click.option("--out", type=_PATH, required=True, help="结果文件夹。 Where the results go.")
@click.option(
    "--strict", is_flag=True, default=None, help="有必须修改的问题时退出码为 1。 Exit 1 when errors are found."
)
@_settings_options
@_ledger_option
@_language_option
def merge(inbox: Path, out: Path, **options: Any) -> None:
    """汇总收件夹 INBOX 中的工作簿，结果写入 --out 文件夹。

    Merge a folder of returned workbooks into district workbooks and a discrepancy report.
    """
    with _sentences(options) as run:
        from kbxt_merge import pipeline

        settings = run.settings(inbox)
        with _progress(settings) as progress:
            checked = pipeline.merge(inbox, out, settings, progress)
        _tell(checked, out, settings)
        errors = checked.findings.count("error")
        run.status = 1 if settings.strict and errors else 0


@main.command()
@click.argument("files", type=_PATH, nargs=-1, required=True)
@click.option(
    "--format",
    "layout",
    type=click.Choice(["table", "csv", "json", "github"]),
    default="table",
    show_default=True,
    help="输出格式。 The layout.",
)
@_settings_options
@_language_option
def check(files: tuple[Path, ...], layout: str, **options: Any) -> None:
    """只核查几个工作簿，把问题列在屏幕上；有必须修改的问题时退出码为 1。

    List the findings of some workbooks; exit 1 when there are errors.
    """
    with _sentences(options) as run:
        from kbxt_merge import pipeline

        settings = run.settings(files[0])
        with _progress(settings) as progress:
            checked = pipeline.examine(files, settings, progress, whole=False)
        click.echo(pipeline.lines_of(checked, layout, settings), nl=False)
        errors, warnings = checked.findings.count("error"), checked.findings.count("warning")
        if layout == "table":
            click.echo(
                f"必须修改 {errors} 处，请核实 {warnings} 处。"
                if settings.language == "zh"
                else f"{errors} errors, {warnings} warnings."
            )
        run.status = 1 if errors else 0


@main.command()
@click.argument("inbox", type=_PATH)
@click.option("--out", type=_PATH, required=True, help="结果文件夹。 Where the results go.")
@_settings_options
@_ledger_option
@_language_option
def watch(inbox: Path, out: Path, **options: Any) -> None:
    """守着收件夹 INBOX，有文件到达或改动就重新汇总；按 Ctrl-C 停止。

    Merge again whenever the inbox changes, until it is interrupted.
    """
    with _sentences(options) as run:
        import signal

        from kbxt_merge.watch import Watch

        settings = run.settings(inbox)
        signal.signal(signal.SIGTERM, signal.default_int_handler)  # both ways to stop it are one
        try:
            Watch(inbox, out, settings, click.echo, lambda checked: _tell(checked, out, settings)).run()
        except KeyboardInterrupt:
            click.echo("已停止。" if settings.language == "zh" else "Stopped.")


@main.command()
@click.argument("out", type=_PATH)
@click.option("--period", help="学期或月份；不写时是最近汇总的一期。 The period; else the one merged last.")
@click.option("--as-of", "as_of", help="今天的日期，判断是否逾期。 The day that stands in for today.")
@click.option(
    "--format",
    "layout",
    type=click.Choice(["table", "csv", "json"]),
    default="table",
    show_default=True,
    help="输出格式。 The layout.",
)
@click.option("--config", type=_PATH, help="设置文件；不写时取结果文件夹旁的 kbxt.toml。 The settings file.")
@_ledger_option
@_language_option
def status(out: Path, layout: str, **options: Any) -> None:
    """看各校报送情况：谁报了什么、谁未报或迟报、还有多少问题。

    Who returned what, who is late, and what is still open.
    """
    with _sentences(options) as run:
        from kbxt_merge import status as standing

        settings = run.settings(out)
        click.echo(standing.lines_of(standing.status(out, settings), layout, settings), nl=False)


_page_format = click.option(
    "--format",
    "layout",
    type=click.Choice(["md", "json"]),
    default="md",
    show_default=True,
    help="输出格式。 The layout.",
)
_schemas_option = click.option("--schemas", type=_PATH, help="自定义表格定义的文件夹。 A folder of form definitions.")


@main.command()
@_page_format
@_schemas_option
@_language_option
def rules(layout: str, **options: Any) -> None:
    """列出全部核查规则。

    The catalogue of rules.
    """
    with _sentences(options) as run:
        from kbxt_merge import pipeline

        click.echo(pipeline.rules_reference(run.settings(Path("kbxt")), layout), nl=False)


@main.command()
@_page_format
@_schemas_option
@_language_option
def forms(layout: str, **options: Any) -> None:
    """列出现行表格的栏目和填写范围。

    The forms in force, their fields and vocabularies.
    """
    with _sentences(options) as run:
        from kbxt_merge import pipeline

        click.echo(pipeline.forms_reference(run.settings(Path("kbxt")), layout), nl=False)


class _Run:
    """One command at work: its options, and the exit status it will end with."""

    def __init__(self, options: dict[str, Any]) -> None:
        self._options = options
        self.language: Any = options.get("lang") or "zh"
        self.status = 0

    def settings(self, inbox: Path) -> Settings:
        """The settings in force for this inbox."""
        import os

        from kbxt_merge.settings import load_settings

        settings = load_settings(self._options, os.environ, inbox.absolute().parent)
        self.language = settings.language
        return settings

    def __enter__(self) -> _Run:
        return self

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        from kbxt_merge.errors import KbxtError

        if isinstance(error, KbxtError):
            click.echo(error.sentence(self.language), err=True)
            sys.exit(2)
        if error is None and self.status:
            sys.exit(self.status)


def _sentences(options: dict[str, Any]) -> _Run:
    """Run a command so that an operator's fault ends in one sentence and exit status 2."""
    return _Run(options)


class _progress:  # noqa: N801 - a context manager that reads as a verb
    """A progress bar on a terminal, nothing in a pipe."""

    def __init__(self, settings: Settings) -> None:
        self._label = "读取" if settings.language == "zh" else "reading"
        self._bar: Any = None

    def __enter__(self) -> Progress:
        from kbxt_merge.pipeline import Progress

        return Progress(self._begin, lambda _: self._advance(1), self._advance)

    def _begin(self, count: int) -> None:
        if sys.stderr.isatty():
            self._bar = click.progressbar(length=count, label=self._label, file=sys.stderr)
            self._bar.__enter__()

    def _advance(self, count: int) -> None:
        if self._bar:
            self._bar.update(count)

    def __exit__(self, *error: object) -> None:
        if self._bar:
            self._bar.__exit__(None, None, None)


def _tell(checked: Checked, out: Path, settings: Settings) -> None:
    """The last lines of a merge: what was read, merged and found, and which file to open."""
    findings, balance = checked.findings, checked.account
    errors, warnings = findings.count("error"), findings.count("warning")
    files, report = len(checked.verdicts), out / "核查报告.html"
    for line in checked.changes.lines(settings.language) if checked.changes else ():
        click.echo(line)
    if settings.language == "zh":
        click.echo(f"读取 {files} 个文件，{balance.read} 行；汇总 {balance.merged} 行，搁置 {balance.set_aside} 行。")
        click.echo(f"必须修改 {errors} 处，请核实 {warnings} 处。")
        click.echo(f"请打开：{report}")
    else:
        click.echo(f"{files} files read, {balance.read} rows; {balance.merged} merged, {balance.set_aside} set aside.")
        click.echo(f"{errors} errors, {warnings} warnings.")
        click.echo(f"Open: {report}")
