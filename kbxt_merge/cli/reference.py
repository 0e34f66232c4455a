"""The commands that print the reference pages: rules, forms and settings."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import click

from kbxt_merge.cli.options import at_work, language_option, layout_option, setting_option

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
        from kbxt_merge import merging

        click.echo(merging.rules_reference(run.settings(Path("kbxt")), layout, with_examples=examples), nl=False)


@click.command()
@layout_option("md", "json")
@_schemas_option
@language_option
def forms(layout: str, **options: Any) -> None:
    """列出现行表格的栏目和填写范围。

    The forms in force, their fields and vocabularies.
    """
    with at_work(options) as run:
        from kbxt_merge import merging

        click.echo(merging.forms_reference(run.settings(Path("kbxt")), layout), nl=False)


@click.command()
@layout_option("md", "json")
@language_option
def settings(layout: str, **options: Any) -> None:
    """列出全部设置：名称、用途、默认值。

    Every setting: what it is called, what it is for, its default.
    """
    with at_work(options) as run:
        from kbxt_merge import merging

        click.echo(merging.settings_reference(run.settings(Path("kbxt")), layout), nl=False)
