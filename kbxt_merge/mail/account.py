"""The mail account's code, from the environment, the keyring or the operator: never from a file or an option."""

from __future__ import annotations

import importlib
from collections.abc import Callable

from kbxt_merge.errors import MailError
from kbxt_merge.model.mail_account import MailAccount

_KEYRING_SERVICE = "kbxt"


def authorisation_code(account: MailAccount, given: str, ask: Callable[[str], str] | None) -> str:
    """The account's authorisation code; blank where the account has no user and so no login.

    `given` is what the environment says. The keyring is asked where the package keyring is installed (`keyring set kbxt
    USER`), then the operator; `ask` is None where nobody is there to be asked. Raises MailError where nobody knows.
    """
    if not account.user:
        return ""
    found = given or _from_keyring(account.user) or (ask(account.user) if ask else "")
    if not found:
        raise MailError(
            f"没有 {account.user} 的授权码。请设置环境变量 KBXT_MAIL_PASSWORD，或在终端里运行并按提示输入。",
            f"no authorisation code for {account.user}; set KBXT_MAIL_PASSWORD, or run it in a terminal and type it.",
        )
    return found


def _from_keyring(user: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ModuleNotFoundError:  # an extra: servers without a desktop have none
        return ""
    return str(keyring.get_password(_KEYRING_SERVICE, user) or "")


def check_receiver(account: MailAccount) -> None:
    """Raise MailError where nobody says from where mails are to be fetched."""
    if not account.imap_host or not account.user:
        raise MailError(
            "没有设置收信邮箱。请在 kbxt.toml 的 [mail] 里写 imap_host 和 user，例如 imap.163.com、jyj@163.com。",
            "no mailbox is set; write imap_host and user under [mail] in kbxt.toml, such as imap.163.com.",
        )


def check_sender(account: MailAccount) -> None:
    """Raise MailError where the account can't send: no server, or no address to come from."""
    if not account.host:
        raise MailError(
            "没有设置发信服务器。请在 kbxt.toml 的 [mail] 里写 host，例如 smtp.163.com。",
            "no mail server is set; write host under [mail] in kbxt.toml, such as smtp.163.com.",
        )
    if "@" not in (account.sender or account.user):
        raise MailError(
            "没有发信地址。请在 kbxt.toml 的 [mail] 里写 user，例如 jyj@163.com。",
            "no address to send from; write user under [mail] in kbxt.toml, such as jyj@163.com.",
        )
