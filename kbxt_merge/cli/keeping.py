"""The commands on what is kept: pack it for a higher office, forget a child or a period."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kbxt_merge.cli.options import PATH, at_work, config_option, language_option, ledger_option, say


@click.command()
@click.argument("out", type=PATH)
@click.option("--to", type=PATH, required=True, metavar="FILE", help="写成哪个文件（.7z）。 The archive to write.")
@config_option
@ledger_option
@language_option
def pack(out: Path, to: Path, **options: Any) -> None:
    """把上级要的材料（汇总表、报告、文件清单、往来登记）打成一个加密的包。

    Summaries, reports, the account of files and who sent what when, in one locked archive.
    """
    with at_work(options) as run:
        from kbxt_merge.packing import pack as packed_into

        packed = packed_into(out, to, run.settings(out))
        zh = run.language == "zh"
        count = len(packed.names)
        say(f"已打包 {count} 个文件：{packed.path}" if zh else f"{count} files packed: {packed.path}")
        told = "打开密码（只显示这一次，请另行告知）" if zh else "the password, shown this once; tell it by another way"
        say(f"{told}：{packed.password}" if zh else f"{told}: {packed.password}", err=True)


@click.command()
@click.argument("out", type=PATH)
@click.option("--child", metavar="NUMBER|NAME", default="", help="学生的身份证号码或姓名。 By number or name.")
@click.option("--school", default="", help="同名学生用学校区分。 Tells children of one name apart.")
@click.option("--period", default="", help="学期或月份，如 2020春。 The period.")
@click.option("--yes", is_flag=True, help="不再询问。 Do not ask.")
@config_option
@ledger_option
@language_option
def forget(out: Path, child: str, school: str, period: str, yes: bool, **options: Any) -> None:
    """把一个学生或一期的数据从账本、往期、办理和缓存中彻底删除，不能恢复。

    Remove a child or a period from all that is kept, for good.
    """
    with at_work({**options, "lang": options.get("lang")}) as run:
        from kbxt_merge.errors import SettingsError
        from kbxt_merge.forgetting import forget as forget_it
        from kbxt_merge.model.period import Period

        settings = run.settings(out)
        zh = run.language == "zh"
        if bool(child) == bool(period):
            raise SettingsError("请写 --child 或 --period 中的一个", "give one of --child and --period")
        label = Period.parse(period).label if period else ""
        if not yes:
            click.confirm("删除后不能恢复，确定吗？" if zh else "This can't be undone. Go on?", abort=True)
        for words in forget_it(out, settings, child=child, school=school, period=label):
            say(words.of(run.language))
