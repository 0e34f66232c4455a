"""The commands of a round: merge, check, watch, status."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbxt_merge.cli.options import (
    INBOX,
    PATH,
    at_work,
    config_option,
    language_option,
    layout_option,
    ledger_option,
    progress_bar,
    say,
    say_as,
    setting_option,
    settings_options,
    verbose_option,
)
from kbxt_merge.model.out_folder import REPORT
from kbxt_merge.model.text import Words
from kbxt_merge.preload import start_readers

if TYPE_CHECKING:
    from kbxt_merge.model.inbox import Inbox
    from kbxt_merge.model.merge_result import Checked
    from kbxt_merge.settings import Settings


@click.command()
@click.argument("inbox", type=INBOX)
@click.option("--out", type=PATH, required=True, help="结果文件夹。 Where the results go.")
@setting_option("strict", is_flag=True, default=None)
@click.option("--unmasked", is_flag=True, help="报告中显示完整的身份证号和电话。 Show full ID numbers and phones.")
@click.option(
    "--final", is_flag=True, help="汇总表不带颜色和批注，用于打印盖章上报。 District workbooks without marks."
)
@settings_options
@ledger_option
@verbose_option
@language_option
def merge(inbox: Inbox, out: Path, unmasked: bool, final: bool, **options: Any) -> None:
    """汇总收件夹 INBOX 中的工作簿，结果写入 --out 文件夹。

    Merge a folder of returned workbooks into district workbooks and a discrepancy report.
    """
    with at_work(options) as run:
        start_readers(out)
        from kbxt_merge import merging

        settings = run.settings(inbox)
        with progress_bar(settings) as progress:
            checked = merging.merge(inbox, out, settings, progress, unmasked=unmasked, final=final)
        tell(checked, out, settings)
        errors = checked.findings.count("error")
        run.status = 1 if settings.strict and errors else 0


@click.command()
@click.argument("files", type=INBOX, nargs=-1, required=True)
@layout_option("table", "csv", "json", "github")
@settings_options
@verbose_option
@language_option
def check(files: tuple[Inbox, ...], layout: str, **options: Any) -> None:
    """只核查几个工作簿，把问题列在屏幕上；有必须修改的问题时退出码为 1。

    List the findings of some workbooks; exit 1 when there are errors.
    """
    with at_work(options) as run:
        start_readers()
        from kbxt_merge import merging

        settings = run.settings(files[0])
        with progress_bar(settings) as progress:
            checked = merging.examine(files, settings, progress, whole=False)
        from kbxt_merge.merging.offered import lines_of  # imported while files were read

        say_as(layout, lines_of(checked, layout, settings))
        errors, warnings = checked.findings.count("error"), checked.findings.count("warning")
        if layout == "table":
            say(
                f"必须修改 {errors} 处，请核实 {warnings} 处。"
                if settings.language == "zh"
                else f"{errors} errors, {warnings} warnings."
            )
        run.status = 1 if errors else 0


@click.command()
@click.argument("inbox", type=INBOX)
@click.option("--out", type=PATH, required=True, help="结果文件夹。 Where the results go.")
@settings_options
@ledger_option
@verbose_option
@language_option
def watch(inbox: Inbox, out: Path, **options: Any) -> None:
    """守着收件夹 INBOX 和比对库，有文件到达或改动就重新汇总；按 Ctrl-C 停止。

    Merge again whenever the inbox or the bureau's registers change, until it is interrupted.
    """
    with at_work(options) as run:
        from kbxt_merge.watch import Watch, watched_folder

        settings = run.settings(inbox)
        folder = watched_folder(inbox)
        try:
            Watch(folder, out, settings, say, lambda checked: tell(checked, out, settings)).run()
        except KeyboardInterrupt:
            say("已停止。" if settings.language == "zh" else "Stopped.")


@click.command()
@click.argument("out", type=PATH)
@click.option("--period", help="哪一期；不写时是最近汇总的一期。 The period; else the one merged last.")
@click.option("--as-of", "as_of", help="今天的日期，判断是否逾期。 The day that stands in for today.")
@click.option("--text", is_flag=True, help="催报文字，可直接贴进工作群。 Who owes what, as a message for a group chat.")
@layout_option("table", "csv", "json")
@config_option
@ledger_option
@language_option
def status(out: Path, layout: str, text: bool, **options: Any) -> None:
    """看各校报送情况：谁报了什么、谁未报或迟报、还有多少问题。

    Who returned what, who is late, and what is still open.
    """
    with at_work(options) as run:
        from kbxt_merge import status as standing

        settings = run.settings(out)
        if text:
            say(standing.reminder(out, settings).removesuffix("\n"))
            return
        period = settings.period if options["period"] else None
        say_as(layout, standing.lines_of(standing.status(out, settings, period), layout, settings))


def tell(checked: Checked, out: Path, settings: Settings) -> None:
    """The last lines of a merge: what was read, merged and found, and which file to open."""
    findings, balance = checked.findings, checked.account
    errors, warnings = findings.count("error"), findings.count("warning")
    files, report = len(checked.verdicts), out / REPORT
    for line in checked.changes.lines(settings.language) if checked.changes else ():
        say(line)
    references = checked.district.references
    for each in references.files if references else ():
        if told := each.told(settings.language):
            say(told)
    for gap in checked.district.gaps:
        words = Words("未核查：{what}不能与上期比较：{why}。", "Not checked: {what} can't be compared: {why}.")
        told = words.of(settings.language)
        say(told.format(what=gap.what.of(settings.language), why=gap.why.of(settings.language)))
    zh = settings.language == "zh"
    if zh:
        say(
            f"读取 {files} 个文件，{balance.read} 行；汇总 {balance.merged} 行，"
            f"不是记录 {balance.left_out} 行，未采用 {balance.set_aside} 行。"
        )
        say(f"必须修改 {errors} 处，请核实 {warnings} 处。")
    else:
        say(
            f"{files} files read, {balance.read} rows; {balance.merged} merged, {balance.left_out} no records, "
            f"{balance.set_aside} set aside."
        )
        say(f"{errors} errors, {warnings} warnings.")
    for line in checked.unread_lines(settings.language):
        say(line)
    say(f"请打开：{report}" if zh else f"Open: {report}")
