"""What the bureau's mailbox still waits for: mails that brought less than they should, and what is to be done."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.text import Language, Words, printable


class Wait(StrEnum):
    """Why a mail is not done with."""

    CLOUD = "cloud"
    IN_TEXT = "in text"
    FORGED = "forged"
    BOUNCED = "bounced"
    ASIDE = "aside"

    @property
    def words(self) -> Words:
        """What is wrong, and what is to be done."""
        return _WORDS[self]

    @property
    def ends_with_a_file(self) -> bool:
        """True where a file from the same school settles it."""
        return self in (Wait.CLOUD, Wait.IN_TEXT, Wait.FORGED)


_WORDS = {
    Wait.CLOUD: Words(
        "附件在网盘，尚未收到：请下载后放进收件夹", "attached in a cloud, not here yet: download it into the inbox"
    ),
    Wait.IN_TEXT: Words(
        "内容贴在邮件正文里，没有作为附件发来：请学校填在表格里作为附件发送",
        "the rows stand in the mail's text, not in a file: ask for a workbook",
    ),
    Wait.FORGED: Words(
        "邮箱服务商核验发件人未通过，可能是冒名邮件，文件没有放进收件夹：请与学校核实，属实再移入收件夹",
        "the provider says that it is not from its sender; the files are kept apart: ask the school, then move them",
    ),
    Wait.BOUNCED: Words(
        "我们发出的邮件被退回，学校没有收到：请核对邮箱地址", "our mail came back, the school did not get it"
    ),
    Wait.ASIDE: Words(
        "这封邮件没能取回，下次运行会再取：请先在邮箱里查看",
        "could not be fetched, will be asked for again: look at it in the mailbox",
    ),
}


@dataclass(frozen=True, slots=True)
class Awaited:
    """A mail that is not done with: of whom (a school, a sender, or the mail's place in the mailbox), and since when.

    `where` holds links, folders, addresses, or what a server said; `subject` is masked.
    """

    wait: Wait
    who: str
    at: dt.datetime
    subject: str = ""
    where: tuple[str, ...] = ()

    def line(self, language: Language) -> str:
        """The mail, what is wrong with it and what to do, in a line."""
        parts = (f"{self.at:%Y-%m-%d %H:%M}", self.who, self.subject, self.wait.words.of(language), *self.where)
        return printable("  ".join(part for part in parts if part))
