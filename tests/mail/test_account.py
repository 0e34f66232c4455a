"""No code that can't be one reaches a server, and none passes over a line that all can read."""

from __future__ import annotations

import pytest

from kbxt_merge.errors import MailError
from kbxt_merge.mail.account import authorisation_code, check_receiver
from kbxt_merge.model.mail_account import MailAccount, Security

ACCOUNT = MailAccount(user="jyj@bureau.example", imap_host="imap.bureau.example")


def test_white_space_around_a_code_is_none_of_it() -> None:
    assert authorisation_code(ACCOUNT, " ABCD1234\u3000\n", None) == "ABCD1234"


@pytest.mark.parametrize("code", ["我的授权码", "ＡＢＣＤ１２３４", "ABCD\u200b1234", "AB\nCD"])
def test_a_code_that_nobody_could_have_been_given_stops_with_a_sentence(code: str) -> None:
    with pytest.raises(MailError) as stopped:
        authorisation_code(ACCOUNT, code, None)
    assert code not in stopped.value.sentence("zh")


def test_an_account_in_other_letters_stops_with_a_sentence() -> None:
    with pytest.raises(MailError):
        authorisation_code(MailAccount(user="教育局@bureau.example"), "ABCD1234", None)


@pytest.mark.parametrize(
    ("host", "security", "allowed", "passes"),
    [
        ("imap.bureau.example", Security.NONE, False, False),
        ("imap.bureau.example", Security.NONE, True, True),
        ("imap.bureau.example", Security.STARTTLS, False, True),
        ("10.0.0.1", Security.NONE, False, False),
        ("localhost", Security.NONE, False, True),
        ("127.0.0.1", Security.NONE, False, True),
    ],
)
def test_no_code_passes_unencrypted_to_another_machine(
    host: str, security: Security, allowed: bool, passes: bool
) -> None:
    account = MailAccount(user=ACCOUNT.user, imap_host=host, imap_security=security, plain_login=allowed)
    if passes:
        check_receiver(account)
    else:
        with pytest.raises(MailError):
            check_receiver(account)
