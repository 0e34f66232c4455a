"""The commands of what passes between bureau and schools: blanks, send, fetch."""

from __future__ import annotations

import datetime as dt
import os
import sys
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbxt_merge.cli.countdown import count_down
from kbxt_merge.cli.options import (
    PATH,
    at_work,
    config_option,
    language_option,
    ledger_option,
    say,
    setting_option,
    verbose_option,
)

if TYPE_CHECKING:
    from kbxt_merge.model.text import Language


@click.command()
@click.option("--out", type=PATH, required=True, help="空白表格写到哪里。 Where the blanks go.")
@setting_option("period")
@click.option("--bundle", is_flag=True, help="每校一个工作簿，六张表放在一起。 One workbook a school.")
@click.option(
    "--carry",
    type=PATH,
    metavar="OUT",
    help="上期的结果文件夹：把仍未办结的学生预先填入下期的表。 The last merge: what is still open is filled in.",
)
@click.option("--overwrite", is_flag=True, help="已填写的也覆盖。 Replace workbooks that were filled in, too.")
@ledger_option
@setting_option("roster")
@setting_option("schemas")
@config_option
@language_option
def blanks(out: Path, bundle: bool, carry: Path | None, overwrite: bool, **options: Any) -> None:
    """生成下发的空白表格，每校一套，带下拉选项和自查。

    Write the workbooks to hand out, one set a school.
    """
    with at_work(options) as run:
        from kbxt_merge import post

        settings = run.settings(out)
        into = settings.period if options["period"] else None
        handed_out = post.hand_out(out, settings, bundle=bundle, carry=carry, into=into, overwrite=overwrite)
        for line in post.lines_of_blanks(handed_out, out, run.language):
            say(line)


@click.command()
@click.argument("out", type=PATH)
@click.option("--dry-run", is_flag=True, help="只写成 .eml 文件，不发送。 Write the mails as .eml, send none.")
@click.option("--only", multiple=True, help="只发给这所学校，可重复。 Only this school; may be repeated.")
@click.option(
    "--remind",
    is_flag=True,
    help="只提醒缺报和有必须修改问题的学校。 Only schools that owe a return or a correction.",
)
@click.option(
    "--blanks",
    "handed_out",
    type=PATH,
    metavar="DIR",
    help="改为发送 DIR 中的空白表（kbxt blanks 写出的），每校只收到自己的。 Mail the blanks in DIR instead.",
)
@click.option(
    "--by",
    type=click.DateTime(["%Y-%m-%d"]),
    metavar="DAY",
    help="请学校在这一天前报送；不写时用报送截止日，已过的不写进邮件。 The day by which schools must answer.",
)
@click.option("--resend", is_flag=True, help="已发过的也再发。 Send again what was sent before.")
@click.option("--plain-attachments", "plain", is_flag=True, help="附件不加密（不建议）。 Do not lock attachments.")
@setting_option("roster")
@setting_option("schemas")
@config_option
@verbose_option
@language_option
def send(
    out: Path,
    dry_run: bool,
    only: tuple[str, ...],
    remind: bool,
    handed_out: Path | None,
    by: dt.datetime | None,
    resend: bool,
    plain: bool,
    **options: Any,
) -> None:
    """把各校的报告和标出问题的工作簿发到学校邮箱，每校一封；有学校没有发出时退出码为 2。

    Mail each school its own report and marked workbooks; exit 2 unless all went.
    """
    with at_work(options) as run:
        from kbxt_merge import post

        day = by.date() if by else None
        settings = run.settings(out)
        if handed_out is not None:
            sending = post.prepare_blanks(out, handed_out, settings, only=only, plain=plain, by=day)
        else:
            sending = post.prepare(out, settings, only=only, remind=remind, plain=plain, by=day)
        if plain:
            say(post.PLAIN_WARNING.of(run.language), err=True)
        tell = partial(_tell_passwords, run.language)
        if dry_run:
            outcomes = post.write(sending, tell)
        else:
            wait = partial(count_down, language=run.language)
            outcomes = post.send(sending, _code_given(), _asker(run.language), tell, resend=resend, wait=wait)
        told = []
        for outcome in outcomes:
            say(post.line_of(outcome, run.language))
            told.append(outcome)
        say(post.total_of(told, run.language))
        left = sum(not (dry_run or each.fate.went) for each in told)
        if left:
            zh, en = f"有 {left} 所学校的邮件没有确认发出，见上。", f"{left} schools' mails did not go out for certain."
            say(zh if run.language == "zh" else en, err=True)
            run.status = 2


@click.command()
@click.option("--to", "inbox", type=PATH, required=True, help="收件夹。 The inbox.")
@click.option(
    "--since",
    metavar="DAY",
    help="只取这一天起收到的邮件；不写时从学期或月份首日前 60 天起。 Only mails that came on this day or later.",
)
@click.option("--mark", is_flag=True, help="在服务器上标为已读。 Mark fetched mails as read.")
@setting_option("period")
@setting_option("roster")
@setting_option("schemas")
@config_option
@language_option
def fetch(inbox: Path, since: str | None, mark: bool, **options: Any) -> None:
    """从邮箱取回各校发来的工作簿，放进收件夹。

    Fetch returned workbooks out of a mailbox.
    """
    with at_work(options) as run:
        from kbxt_merge import post

        settings = run.settings(inbox)
        asker = _asker(run.language)
        for line in post.fetch(inbox, settings, _code_given(), asker, since=_day_of(since), mark=mark):
            say(line)


def _day_of(since: str | None) -> dt.date | None:
    from kbxt_merge.errors import SettingsError

    try:
        return dt.date.fromisoformat(since) if since else None
    except ValueError as error:
        raise SettingsError("--since 要填日期，如 2021-01-15", "--since must be a day, such as 2021-01-15") from error


def _code_given() -> str:
    from kbxt_merge.settings import MAIL_PASSWORD_VARIABLE

    return os.environ.get(MAIL_PASSWORD_VARIABLE, "")


def _asker(language: Language) -> Callable[[str], str] | None:
    """Asks for the authorisation code on a terminal; nobody is asked in a pipe."""
    if not sys.stdin.isatty():
        return None
    words = "{} 的授权码" if language == "zh" else "authorisation code of {}"
    return lambda user: str(click.prompt(words.format(user), hide_input=True))


def _tell_passwords(language: Language, made: Mapping[str, str]) -> None:
    """The passwords that were made: nobody but the clerk at the terminal learns them."""
    if not made:
        return
    zh = "下列学校在名册中没有口令，附件用生成的口令加密，请电话告知学校（也记在 办理/口令单.xlsx）："
    en = "These schools have no password in the roster; tell them these by telephone (kept in 办理/口令单.xlsx):"
    say(zh if language == "zh" else en, err=True)
    for school, password in made.items():
        say(f"    {school}  {password}", err=True)
