"""`kbxt desk`: the whole round on a local page."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import Any

import click

from kbxt_merge.cli.options import PATH, at_work, language_option, ledger_option, say, settings_options
from kbxt_merge.model.text import Words

_OPENED = Words("工作台已打开：{url}", "The desk is open: {url}")
_IS_OPEN = Words("工作台已经开着：{url}", "The desk is open already: {url}")
_HOW_TO_END = Words("用完请在页面上点“退出”，或按 Ctrl-C。", "End it by its button, or by Ctrl-C.")
_NOT_ENCRYPTED = Words(
    "注意：没有证书，密码和学生信息在办公网上没有加密：只在可信的网络里用，或加 --cert 和 --key。",
    "Mind: without a certificate nothing is encrypted on its way; give --cert and --key, or trust your network.",
)
_ENDED = Words("工作台已退出。", "The desk has ended.")


@click.command()
@click.argument("folder", type=PATH, default=".")
@click.option("--inbox", default="", help="FOLDER 中收件夹的名称；不写时为“收件夹”。 The inbox below FOLDER.")
@click.option("--out", default="", help="FOLDER 中结果文件夹的名称；不写时为“结果”。 The results below FOLDER.")
@click.option(
    "--port", type=click.IntRange(0, 65535), default=0, help="端口；不写时自动选择。 The port; else a free one."
)
@click.option("--no-browser", is_flag=True, help="不打开浏览器，只显示地址。 Show the address only.")
@click.option(
    "--lan",
    default="",
    metavar="ADDRESS",
    help="在办公网上打开，写本机的地址，如 192.168.1.20；同事凭账户登录。 Open it to colleagues, by accounts.",
)
@click.option("--cert", type=PATH, help="--lan 用的证书（PEM）。 Its certificate.")
@click.option("--key", type=PATH, help="证书的私钥（PEM）。 The certificate's key.")
@settings_options
@ledger_option
@language_option
def desk(
    folder: Path,
    inbox: str,
    out: str,
    port: int,
    no_browser: bool,
    lan: str,
    cert: Path | None,
    key: Path | None,
    **options: Any,
) -> None:
    """打开工作台：在本机网页上收表、核查、办理。

    Open the desk: the whole round on a page of this machine.
    """
    with at_work(options) as run:
        from kbxt_merge.desk.listening import Lan
        from kbxt_merge.desk.place import Place
        from kbxt_merge.desk.serve import desk as work_at

        place = Place.of(folder.absolute(), inbox, out, **options)
        language = run.settings(place.inbox).language

        def told(url: str) -> None:
            say(_OPENED.of(language).format(url=url))
            say(_HOW_TO_END.of(language))
            if lan and not cert:
                say(_NOT_ENCRYPTED.of(language))

        more = {"open_page": lambda url: None} if no_browser else {}
        worked = True
        with suppress(KeyboardInterrupt):
            worked = work_at(
                place,
                port,
                lan=Lan(lan, cert, key) if lan else None,
                told=told,
                told_open=lambda url: say(_IS_OPEN.of(language).format(url=url)),
                **more,
            )
        if worked:
            say(_ENDED.of(language))
