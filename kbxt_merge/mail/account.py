"""The mail account's code, from the environment, the keyring or the operator: never from a file or an option."""

from __future__ import annotations

import importlib
from collections.abc import Callable
from ipaddress import ip_address

from kbxt_merge.errors import MailError
from kbxt_merge.model.mail_account import MailAccount, Security

_KEYRING_SERVICE = "kbxt"


def authorisation_code(account: MailAccount, given: str, ask: Callable[[str], str] | None) -> str:
    """The account's authorisation code; blank where the account has no user and so no login.

    `given` is what the environment says. The keyring is asked where the package keyring is installed (`keyring set kbxt
    USER`), then the operator; `ask` is None where nobody is there to be asked. Raises MailError where nobody knows.
    """
    if not account.user:
        return ""
    found = (given or _from_keyring(account.user) or (ask(account.user) if ask else "")).strip()
    if not found:
        raise MailError(
            f"没有 {account.user} 的授权码。请设置环境变量 KBXT_MAIL_PASSWORD，或在终端里运行并按提示输入。",
            f"no authorisation code for {account.user}; set KBXT_MAIL_PASSWORD, or run it in a terminal and type it.",
        )
    if not _is_typeable(found):
        raise MailError(
            f"{account.user} 的授权码里有汉字、全角或看不见的字符。授权码只有半角字母和数字，请从邮箱设置里重新复制。",
            f"the authorisation code of {account.user} holds other than ASCII letters; copy it again from the mailbox.",
        )
    if not _is_typeable(account.user):
        raise MailError(
            f"邮箱账号 {account.user} 里有汉字或全角字符。请把 [mail] 的 user 写成 jyj@163.com 这样的半角地址。",
            f"the account {account.user} holds other than ASCII letters; correct user under [mail] in kbxt.toml.",
        )
    return found


def _is_typeable(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _from_keyring(user: str) -> str:
    try:
        keyring = importlib.import_module("keyring")
    except ModuleNotFoundError:  # an extra: servers without a desktop have none
        return ""
    return str(keyring.get_password(_KEYRING_SERVICE, user) or "")


def check_receiver(account: MailAccount) -> None:
    """Raise MailError where nobody says from where mails are to be fetched, or only a login that all can read."""
    if not account.imap_host or not account.user:
        raise MailError(
            "没有设置收信邮箱。请在 kbxt.toml 的 [mail] 里写 imap_host 和 user，例如 imap.163.com、jyj@163.com。",
            "no mailbox is set; write imap_host and user under [mail] in kbxt.toml, such as imap.163.com.",
        )
    check_login_is_safe(account.imap_host, account.imap_security, "imap_security", allowed=account.plain_login)


def check_login_is_safe(host: str, security: Security, setting: str, *, allowed: bool) -> None:
    """Raise MailError where the code would pass unencrypted to another machine, unless that is `allowed`."""
    if security is Security.NONE and not allowed and not _is_this_machine(host):
        raise MailError(
            f"没有登录 {host}：不加密的连接会泄露授权码。请把 mail.{setting} 改为 ssl；"
            "确知线路安全的，在 kbxt.toml 的 [mail] 里写 plain_login = true。",
            f"no login to {host}: the line is not encrypted; set mail.{setting} to ssl, "
            "or plain_login = true under [mail] if you know it to be safe.",
        )


def _is_this_machine(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host.lower() == "localhost"


def check_sender(account: MailAccount) -> None:
    """Raise MailError where the account can't send: no server, no address to come from, a login that all can read."""
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
    if account.user:
        check_login_is_safe(account.host, account.security, "security", allowed=account.plain_login)
