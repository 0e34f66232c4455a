"""Each school gets its mail once, whatever the server does, and what became of each is known."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest
from post_office import CODE, CUT, CUT_AFTER, Office, client_context, letters, once, one_in_five, post_office

from kbxt_merge.errors import MailError
from kbxt_merge.mail.compose import Letter
from kbxt_merge.mail.outbox import THREAD_MARK, file_outbox
from kbxt_merge.mail.send import Dispatch, Fate, Outcome
from kbxt_merge.mail.smtp_client import SmtpLine
from kbxt_merge.model.mail_account import Security


def run(
    office: Office,
    out: Path,
    count: int = 3,
    *,
    resend: bool = False,
    code: str = CODE,
    security: Security = Security.SSL,
    waited: list[float] | None = None,
    **settings: object,
) -> list[Outcome]:
    """Send to so many schools, and return what became of each."""
    account = office.account(security, **settings)
    return send(office, out, letters(account, count), code, resend=resend, waited=waited)


def send(
    office: Office,
    out: Path,
    some: Sequence[Letter],
    code: str = CODE,
    *,
    resend: bool = False,
    waited: list[float] | None = None,
) -> list[Outcome]:
    """Send these letters, and return what became of each; nobody waits, `waited` is told how long."""
    line = SmtpLine(some[0].occasion.account, code, client_context())
    with file_outbox(out) as outbox:
        dispatch = Dispatch(line, outbox, resend, wait=(waited if waited is not None else []).append)
        return list(dispatch.send(some))


def fates(outcomes: list[Outcome]) -> list[Fate]:
    return [each.fate for each in outcomes]


def once_each(count: int) -> Counter[str]:
    return Counter({f"school{n}@school.example": 1 for n in range(1, count + 1)})


@pytest.mark.parametrize("security", list(Security))
def test_every_school_gets_its_own_mail(security: Security, tmp_path: Path) -> None:
    with post_office(security=security) as office:
        assert fates(run(office, tmp_path, security=security)) == [Fate.SENT] * 3
    assert office.recipients == [[f"school{n}@school.example"] for n in (1, 2, 3)]
    assert [[mail["To"]] for mail in office.taken] == office.recipients


def test_what_was_sent_is_not_sent_again_unless_asked(tmp_path: Path) -> None:
    with post_office() as office:
        run(office, tmp_path)
        assert fates(run(office, tmp_path)) == [Fate.SENT_BEFORE] * 3
        assert len(office.taken) == 3
        assert fates(run(office, tmp_path, resend=True)) == [Fate.SENT] * 3
    assert len({mail["Message-ID"] for mail in office.taken}) == len(office.taken) == 6


def test_a_mail_that_another_one_followed_goes_out_again_under_a_number_of_its_own(tmp_path: Path) -> None:
    with post_office() as office:
        first, second = (letters(office.account(), 1)[0] for _ in range(2))
        second = replace(second, key=first.key.partition(THREAD_MARK)[0] + THREAD_MARK + "other")
        sent = [fates(send(office, tmp_path, [each])) for each in (first, second, second, first, first)]
    assert sent == [[Fate.SENT], [Fate.SENT], [Fate.SENT_BEFORE], [Fate.SENT], [Fate.SENT_BEFORE]]
    assert len({mail["Message-ID"] for mail in office.taken}) == 3


PASSING = ("421 4.3.2 shutting down", "450 4.2.1 busy", "451 4.3.0 later")


@pytest.mark.parametrize(
    ("command", "reply"),
    [
        *((command, reply) for command in ("MAIL", "RCPT", "DATA", "CONTENT") for reply in PASSING),
        *((command, CUT) for command in ("MAIL", "RCPT", "DATA")),
    ],
)
def test_a_passing_fault_delays_one_mail_and_loses_none(command: str, reply: str, tmp_path: Path) -> None:
    waited: list[float] = []
    with post_office(once([(command, reply)])) as office:
        outcomes = run(office, tmp_path, waited=waited)
    assert fates(outcomes) == [Fate.SENT] * 3
    assert office.addressed() == once_each(3)
    assert [each.school for each in outcomes] == ["第2小学", "第3小学", "第1小学"]
    assert max(waited) > 4


@pytest.mark.parametrize("cut", [CUT, CUT_AFTER])
def test_a_mail_without_an_answer_is_uncertain_and_not_repeated(cut: str, tmp_path: Path) -> None:
    with post_office(once([("CONTENT", cut)])) as office:
        assert fates(run(office, tmp_path)) == [Fate.UNCERTAIN, Fate.SENT, Fate.SENT]
        assert fates(run(office, tmp_path)) == [Fate.UNCERTAIN, Fate.SENT_BEFORE, Fate.SENT_BEFORE]
    assert office.addressed()["school1@school.example"] == (cut == CUT_AFTER)


@pytest.mark.parametrize("command", ["MAIL", "RCPT", "DATA", "CONTENT"])
def test_a_refusal_goes_into_the_table_and_the_next_school_gets_its_mail(command: str, tmp_path: Path) -> None:
    with post_office(once([(command, "554 5.7.1 DT:SPM")])) as office:
        outcomes = run(office, tmp_path)
        assert fates(outcomes) == [Fate.REFUSED, Fate.SENT, Fate.SENT]
        assert outcomes[0].reply == "554 5.7.1 DT:SPM"
        assert fates(run(office, tmp_path)) == [Fate.SENT, Fate.SENT_BEFORE, Fate.SENT_BEFORE]


ACCOUNT_REFUSALS = [
    ("CONTENT", "554 DT:SPM 163 smtp1,C8CowADn"),
    ("CONTENT", "554 MI:STC 163 smtp2,daily limit"),
    ("MAIL", "550 Connection frequency limited"),
    ("MAIL", "550 User locked"),
    ("MAIL", "553 Mail from must equal authorized user"),
]


@pytest.mark.parametrize(("command", "reply"), ACCOUNT_REFUSALS)
def test_a_provider_that_refuses_the_account_is_asked_three_times_and_no_more(
    command: str, reply: str, tmp_path: Path
) -> None:
    waited: list[float] = []
    with post_office(lambda each: reply if each == command else None) as office:
        with pytest.raises(MailError) as stopped:
            run(office, tmp_path, 9, waited=waited, pace_seconds=1.5)
        assert (office.commands[command], office.taken) == (3, [])
        assert reply in stopped.value.sentence("zh")
        office.fault = lambda _: None
        assert fates(run(office, tmp_path, 9)) == [Fate.SENT] * 9
    assert waited.count(1.5) == 2


def test_refusals_of_an_account_with_a_mail_taken_between_stop_nothing(tmp_path: Path) -> None:
    replies = iter(["554 DT:SPM", "554 DT:SPM", None, "554 DT:SPM", None])
    with post_office(lambda command: next(replies) if command == "CONTENT" else None) as office:
        outcomes = run(office, tmp_path, 5)
    assert fates(outcomes) == [Fate.REFUSED, Fate.REFUSED, Fate.SENT, Fate.REFUSED, Fate.SENT]


def test_the_pace_holds_after_refusals_of_single_mails_and_all_are_tried(tmp_path: Path) -> None:
    waited: list[float] = []
    with post_office(lambda command: "550 User not found" if command == "RCPT" else None) as office:
        assert fates(run(office, tmp_path, 5, waited=waited, pace_seconds=1.5)) == [Fate.REFUSED] * 5
    assert waited.count(1.5) == 5


@pytest.mark.parametrize(
    ("reply", "pauses"),
    [
        ("451 DT:SPM 163 smtp1,try again", [120, 900]),
        ("451 RP:TRC too many, wait 5 minutes", [300, 300]),
        ("451 Frequency limited, 请 40 秒后再试", [40, 40]),
    ],
)
def test_a_provider_that_wants_a_pause_gets_it_before_any_other_mail(
    reply: str, pauses: list[int], tmp_path: Path
) -> None:
    now, waited = [0.0], []

    def wait(seconds: float) -> None:
        now[0] += seconds
        waited.append(round(seconds))

    with post_office(once([("CONTENT", reply)] * 2)) as office, file_outbox(tmp_path) as outbox:
        account = office.account()
        line = SmtpLine(account, CODE, client_context())
        dispatch = Dispatch(line, outbox, wait=wait, clock=lambda: now[0])
        outcomes = list(dispatch.send(letters(account, 3)))
    assert fates(outcomes) == [Fate.SENT] * 3
    assert [each for each in waited if each] == pauses


def test_a_school_with_two_addresses_has_its_mail_where_one_of_them_is_taken(tmp_path: Path) -> None:
    cell = "mailto:Office@school.example；head@school.example"
    with post_office(once([("RCPT", "550 User not found")])) as office:
        (outcome,) = send(office, tmp_path, [to(office, cell)])
    assert (outcome.fate, office.recipients) == (Fate.SENT, [["head@school.example"]])
    assert "office@school.example" in outcome.reply
    assert office.taken[0]["To"] == "office@school.example, head@school.example"


@pytest.mark.parametrize("cell", ["", "QQ:1@qq.com", "a..b@school.example", "x@y.", "mei lin@school.example", "无"])
def test_an_address_that_could_be_another_one_is_told_and_the_others_are_sent(cell: str, tmp_path: Path) -> None:
    with post_office() as office:
        others = letters(office.account(), 2)
        outcomes = send(office, tmp_path, [others[0], to(office, cell), others[1]])
    assert fates(outcomes) == [Fate.SENT, Fate.NO_ADDRESS, Fate.SENT]
    assert outcomes[1].address == cell


@pytest.mark.parametrize(
    "cell", ["mailto:a@school.example", "<A@school.example>", "ａ＠school．example", "张老师 a@school.example"]
)
def test_an_address_is_read_in_what_people_write_around_it(cell: str, tmp_path: Path) -> None:
    with post_office() as office:
        assert fates(send(office, tmp_path, [to(office, cell)])) == [Fate.SENT]
    assert office.recipients == [["a@school.example"]]


def to(office: Office, cell: str) -> Letter:
    """A letter to a school whose cell in the roster says this."""
    (one,) = letters(office.account(), 1)
    school = replace(one.recipient.school, name="某小学", email=cell)
    return replace(one, recipient=replace(one.recipient, school=school), key="one-to")


def test_a_mail_put_off_too_often_is_left_for_the_next_run(tmp_path: Path) -> None:
    with post_office(once([("RCPT", "450 greylisted")] * 3)) as office:
        assert fates(run(office, tmp_path, 1, tries=3)) == [Fate.DEFERRED]
        assert fates(run(office, tmp_path, 1, tries=3)) == [Fate.SENT]
    assert office.addressed() == once_each(1)


def test_a_wrong_code_stops_at_once_and_says_so(tmp_path: Path) -> None:
    with post_office() as office, pytest.raises(MailError) as stopped:
        run(office, tmp_path, code="wrong")
    assert "授权码" in stopped.value.sentence("zh")
    assert office.commands["AUTH"] <= 2  # one try by each way of login that the server knows


def test_a_server_that_is_not_there_stops_after_some_tries(tmp_path: Path) -> None:
    waited: list[float] = []
    with post_office() as office:
        pass
    with pytest.raises(MailError):
        run(office, tmp_path, 200, waited=waited, tries=4)
    assert 3 <= len([each for each in waited if each > 0]) < 10


def test_a_certificate_that_nobody_vouches_for_stops_at_once(tmp_path: Path) -> None:
    with post_office() as office, file_outbox(tmp_path) as outbox:
        dispatch = Dispatch(SmtpLine(office.account(), CODE), outbox)
        with pytest.raises(MailError) as stopped:
            list(dispatch.send(letters(office.account(), 1)))
    assert "certificate" in stopped.value.sentence("en")


def test_a_new_connection_is_made_after_so_many_mails_and_a_pause_between_mails(tmp_path: Path) -> None:
    waited: list[float] = []
    with post_office() as office:
        run(office, tmp_path, 5, mails_per_connection=2, pace_seconds=1.5, waited=waited)
    assert (office.commands["EHLO"], office.commands["QUIT"]) == (3, 3)
    assert waited.count(1.5) == 5


def test_two_hundred_schools_and_a_server_that_fails_one_command_in_five(tmp_path: Path) -> None:
    with post_office(one_in_five(seed=7)) as office:
        outcomes = run(office, tmp_path, 200, tries=60)
        failed = sum(office.commands.values())
        uncertain = {each.school for each in outcomes if each.fate is Fate.UNCERTAIN}
        assert set(fates(outcomes)) == {Fate.SENT, Fate.UNCERTAIN}
        addressed = office.addressed()
        assert max(addressed.values()) == 1
        lost = {f"第{n}小学" for n in range(1, 201) if f"school{n}@school.example" not in addressed}
        assert lost <= uncertain
        office.fault = lambda _: None
        # the clerk looks into the mailbox for the uncertain ones, and sends those again that are not there
        account = office.account()
        with file_outbox(tmp_path) as outbox:
            again = [each for each in letters(account, 200) if each.school in lost]
            dispatch = Dispatch(SmtpLine(account, CODE, client_context()), outbox, resend=True)
            assert set(fates(list(dispatch.send(again)))) <= {Fate.SENT}
    assert office.addressed() == once_each(200)
    assert failed > 1000


def test_a_second_sending_at_the_same_time_is_refused(tmp_path: Path) -> None:
    with file_outbox(tmp_path), pytest.raises(MailError), file_outbox(tmp_path):
        pass


def test_a_line_that_a_kill_left_unfinished_is_cut_off(tmp_path: Path) -> None:
    with file_outbox(tmp_path) as outbox:
        outbox.begin("a", "一中", "a@school.example")
        outbox.sent("a", "250")
    record = tmp_path / "发件" / "outbox.jsonl"
    whole = record.read_bytes()
    record.write_bytes(whole + b'{"at": "2021-03-01", "event": "beg')
    with file_outbox(tmp_path) as outbox:
        assert outbox.state("a") == "sent"
        outbox.begin("b", "二中", "b@school.example")
    events = [json.loads(line)["event"] for line in record.read_text(encoding="utf-8").splitlines()]
    assert events == ["begin", "sent", "begin"]
