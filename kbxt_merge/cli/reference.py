"""The commands that print the reference pages: rules, forms and settings."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from kbxt_merge.cli.options import PATH, at_work, language_option, layout_option, say, setting_option
from kbxt_merge.model.text import Words

if TYPE_CHECKING:
    from kbxt_merge.settings import Settings

_schemas_option = setting_option("schemas")


@click.command()
@layout_option("md", "json")
@click.option("--examples", is_flag=True, help="每条规则举一个例子，说明怎样改。 Each rule with an example.")
@_schemas_option
@language_option
def rules(layout: str, examples: bool, **options: Any) -> None:
    """列出全部核查规则。

    The catalogue of rules.
    """
    with at_work(options) as run:
        from kbxt_merge.reference import rules_reference

        click.echo(rules_reference(run.settings(Path("kbxt")), layout, with_examples=examples), nl=False)


@click.command()
@click.argument("files", type=PATH, nargs=-1)
@click.option(
    "--export", is_flag=True, help="把现行表格写成 YAML 和表格定义.xlsx。 Write the forms as YAML and as a workbook."
)
@click.option(
    "--draft",
    "drafts",
    is_flag=True,
    help="从空表（.xlsx .xls .docx，可几个）起草表格定义。 Draft definitions of blanks, one or several.",
)
@click.option(
    "--try",
    "trial",
    is_flag=True,
    help="试读几个文件：每一格怎样读；不汇总，不留存。 Show how each cell of some files is read.",
)
@click.option("--to", "folder", type=PATH, help="写到哪个文件夹。 The folder to write into.")
@layout_option("md", "json")
@_schemas_option
@language_option
def forms(
    files: tuple[Path, ...],
    export: bool,
    drafts: bool,
    trial: bool,
    folder: Path | None,
    layout: str,
    **options: Any,
) -> None:
    """列出现行表格；--draft 从空表 FILES 起草表格定义，--export 写出现行的定义供修改，--try 试读文件。

    The forms in force; or a draft of blanks, a workbook to change the forms in, or how some files are read.
    """
    with at_work(options) as run:
        settings = run.settings(Path("kbxt"))
        if export:
            _export(folder, settings)
            return
        if drafts:
            _draft(files, folder, settings)
            return
        if trial:
            _try(files, folder, settings)
            return
        from kbxt_merge.reference import forms_reference

        click.echo(forms_reference(settings, layout), nl=False)


def _export(folder: Path | None, settings: Settings) -> None:
    from kbxt_merge.form_definitions.exporting import export

    written = export(_wanted(folder), settings.schemas)
    words = Words("已写出 {count} 个文件。请打开：{book}", "{count} files written. Open: {book}")
    say(words.of(settings.language).format(count=len(written), book=written[-1]))


def _draft(files: Sequence[Path], folder: Path | None, settings: Settings) -> None:
    from kbxt_merge.form_definitions.drafting import draft

    if not files:
        raise click.UsageError("请写明空表，如 kbxt forms --draft 空表.xlsx --to 我的表格。 Name the blanks.")
    drafted = draft(files, _wanted(folder))
    words = Words("{title}：{count} 栏", "{title}: {count} columns")
    for form in drafted.forms.forms:
        count = len(form.printed_fields)
        say(words.of(settings.language).format(title=form.label.of(settings.language), count=count))
    for each in drafted.left:
        left = Words("没有起草：{file} {sheet}：{why}", "not drafted: {file} {sheet}: {why}").of(settings.language)
        say(left.format(file=each.file, sheet=each.sheet, why=each.words.of(settings.language)))
    for doubt in drafted.doubts:
        say(doubt.of(settings.language))
    done = Words(
        "黄色的格子是猜的，请打开看过、改对：{book}", "What is yellow was guessed; open it and look it through: {book}"
    )
    say(done.of(settings.language).format(book=drafted.files[-1]))


def _try(files: Sequence[Path], folder: Path | None, settings: Settings) -> None:
    from kbxt_merge.form_definitions.trying import try_out

    if not files:
        raise click.UsageError("请写明要试读的文件，如 kbxt forms --try 样表.xlsx。 Name the files to read.")
    trial, page = try_out(files, settings, folder)
    for line in trial.lines(settings.language):
        say(line)
    if page:
        say(Words("请打开：{page}", "Open: {page}").of(settings.language).format(page=page))


def _wanted(folder: Path | None) -> Path:
    if folder is None:
        raise click.UsageError("请用 --to 写明文件夹，如 --to 我的表格。 Name the folder: --to DIR.")
    return folder


@click.command()
@layout_option("md", "json")
@language_option
def settings(layout: str, **options: Any) -> None:
    """列出全部设置：名称、用途、默认值。

    Every setting: what it is called, what it is for, its default.
    """
    with at_work(options) as run:
        from kbxt_merge.reference import settings_reference

        click.echo(settings_reference(run.settings(Path("kbxt")), layout), nl=False)
