"""What a provider means when it refuses an account rather than a mail: by its words, as 163 and QQ answer."""

from __future__ import annotations

import re
from dataclasses import dataclass

from kbxt_merge.errors import MailError
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.text import Words

ALIKE = 3
"""After so many of one kind in a row all others would be refused, too."""

PAUSES_SECONDS = (120.0, 900.0)
"""How long 163 wants to be left alone: two minutes, then fifteen."""

_NAMED_PAUSE = re.compile(
    r"\b([0-9]{1,4}) ?(?:(s(?:ec|econds?)?\b|秒)|(m(?:in|inutes?)?\b|分钟?)|(h(?:ours?)?\b|小时))", re.I
)
_UNITS = (1.0, 60.0, 3600.0)
_LONGEST_PAUSE = 3600.0


@dataclass(frozen=True, slots=True)
class Refusal:
    """A kind of refusal that meets the account: how it is known, and what a clerk is to do."""

    known_by: re.Pattern[str]
    advice: Words


def _refusal(known_by: str, zh: str, en: str) -> Refusal:
    return Refusal(re.compile(known_by, re.I), Words(zh, en))


_REFUSALS = (
    _refusal(
        r"^55[03] .*(?:mail from|authori[sz]ed user|sender|发件人)",
        "发件人地址须与登录账号一致：请把 kbxt.toml 中 [mail] 的 from 改为邮箱账号，或删去这一行",
        "mails must come from the account itself: correct or delete `from` under [mail] in kbxt.toml",
    ),
    _refusal(
        r"\bMI:(?:STC|DTC|DMC|NHD)|daily|per day|今[日天]|[每当]日",
        "今天的发信数量已到上限：请明天再次运行",
        "the account has sent as many mails as it may today: run it again tomorrow",
    ),
    _refusal(
        r"frequen|too (?:many|fast)|rate limit|\bRP:|\bCL:|\bHL:|频率|频繁",
        "发信过于频繁：请一小时后再次运行，并把 mail.pace_seconds 调大",
        "mails go out too fast: run it again in an hour, with a larger mail.pace_seconds",
    ),
    _refusal(
        r"\bDT:SPM|\bDT:SUM|spam|suspicious|垃圾",
        "服务商把邮件当作垃圾邮件：请几小时后再次运行；仍被拒绝的，请登录网页邮箱查看提示",
        "the provider takes the mails for spam: run it again in some hours, and look into the mailbox if that fails",
    ),
)


_OF_THE_SENDER = _refusal(
    r"^5",
    "服务商不让这个账号发信：请登录网页邮箱查看提示",
    "the provider lets this account send nothing: look into the mailbox",
)


def refusal_of(reply: str, *, of_sender: bool = False) -> Refusal | None:
    """The kind of a refusal that meets the account; None for one that meets a mail.

    `of_sender`: it came before any recipient was named, and meets the account in whatever words.
    """
    known = next((each for each in _REFUSALS if each.known_by.search(reply)), None)
    return known or (_OF_THE_SENDER if of_sender else None)


def pause_of(reply: str, before: int) -> float:
    """The seconds that the provider wants to be left alone: as it says itself, else longer after each pause before."""
    named = _NAMED_PAUSE.search(reply.partition(" ")[2])
    if named:
        unit = next(factor for factor, word in zip(_UNITS, named.groups()[1:], strict=True) if word)
        return min(float(named[1]) * unit, _LONGEST_PAUSE)
    return PAUSES_SECONDS[min(before, len(PAUSES_SECONDS) - 1)]


def stopped(account: MailAccount, refusal: Refusal, reply: str) -> MailError:
    """The sentence with which a sending ends that the provider will not let go on."""
    return MailError(
        f"{account.host} 连续 {ALIKE} 次拒绝（{reply}），已停止发送，没有发出的不会丢失。{refusal.advice.zh}，"
        "已发送的不会重发。",
        f"{account.host} refused {ALIKE} times in a row ({reply}), so the sending was stopped; {refusal.advice.en}. "
        "What was sent is not sent twice.",
    )
