"""What a message brings comes out whole, with the names that its sender saw."""

from __future__ import annotations

import base64
import binascii
import email
import quopri
import time
from email.message import EmailMessage
from email.policy import SMTP
from random import Random
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.mail.parse_message import UnreadableMessageError, read_message
from kbxt_merge.model.addresses import sender_of
from kbxt_merge.model.mail_headers import attachment_name
from kbxt_merge.model.mime_parts import MOST_PARTS

NAME = "附件1-2 辍学学生登记汇总表（乗）.xlsx"
UTF, GBK = NAME.encode(), NAME.encode("gb18030")
assert b"\\" in GBK, "a byte that looks like an escape"


def b64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def part(disposition: str | bytes, content_type: bytes = b"application/octet-stream") -> bytes:
    raw = disposition.encode() if isinstance(disposition, str) else disposition
    return b"Content-Type: " + content_type + b"\r\nContent-Disposition: " + raw + b"\r\n\r\nx"


FORMS = {
    "RFC 2231": f"attachment; filename*=utf-8''{quote(UTF)}",
    "RFC 2231 in GBK": f"attachment; filename*=GBK''{quote(GBK)}",
    "RFC 2231 continued, split in mid-character": (
        f"attachment;\r\n filename*0*=utf-8''{quote(UTF[:7])};\r\n filename*1*={quote(UTF[7:20])};\r\n"
        f" filename*2*={quote(UTF[20:])}"
    ),
    "RFC 2231 out of order": f"attachment; filename*1*={quote(GBK[5:])}; filename*0*=gb2312''{quote(GBK[:5])}",
    "RFC 2231 beside a plain one": f"attachment; filename=\"x.xlsx\"; filename*=utf-8''{quote(UTF)}",
    "RFC 2047 in quotes": f'attachment; filename="=?utf-8?B?{b64(UTF)}?="',
    "RFC 2047 without quotes": f"attachment; filename==?UTF-8?B?{b64(UTF)}?=",
    "RFC 2047 split in mid-character": (
        f'attachment; filename="=?UTF-8?B?{b64(UTF[:10])}?=\r\n =?UTF-8?B?{b64(UTF[10:])}?="'
    ),
    "RFC 2047 gb2312 that is GBK": f'attachment; filename="=?gb2312?B?{b64(GBK)}?="',
    "RFC 2047 gb2312, split in mid-character": (
        f'attachment; filename="=?GB2312?B?{b64(GBK[:9])}?=\t=?gb2312?B?{b64(GBK[9:])}?="'
    ),
    "RFC 2047 in Q": f'attachment; filename="=?gbk?Q?{"".join(f"={each:02X}" for each in GBK)}?="',
    "RFC 2047 without padding": f'attachment; filename="=?gb2312?B?{b64(GBK).rstrip("=")}?="',
    "RFC 2047 in pieces": f'attachment; filename*0="=?utf-8?B?{b64(UTF)[:12]}"; filename*1="{b64(UTF)[12:]}?="',
    "raw GBK": b'attachment; filename="' + GBK + b'"',
    "raw UTF-8 without quotes": b"attachment; filename=" + UTF,
    "called UTF-8 and GBK": f"attachment; filename*=utf-8''{quote(GBK)}",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_a_name_comes_out_right_however_it_is_written(form: str) -> None:
    assert attachment_name(email.message_from_bytes(part(FORMS[form]))) == NAME


def test_a_name_in_the_content_type_alone_is_taken() -> None:
    raw = part("attachment", b'application/octet-stream; name="=?gb2312?B?' + b64(GBK).encode() + b'?="')
    assert attachment_name(email.message_from_bytes(raw)) == NAME


@given(st.text(st.characters(codec="gb18030", exclude_categories=("Cc", "Cs", "Zl", "Zp")), min_size=1, max_size=40))
def test_what_python_writes_is_read_back(name: str) -> None:
    mail = EmailMessage(policy=SMTP)
    mail.add_attachment(b"", maintype="application", subtype="octet-stream", filename=name)
    attached = email.message_from_bytes(mail.as_bytes())
    [found] = [each for each in attached.walk() if each.get_content_disposition() == "attachment"]
    assert attachment_name(found).split() == name.split()


@given(st.binary(max_size=200))
def test_no_bytes_are_too_odd_to_be_read(raw: bytes) -> None:
    assert read_message(raw).key
    attachment_name(
        email.message_from_bytes(part(b"attachment; filename=" + raw.replace(b"\r", b"").replace(b"\n", b"")))
    )


def mail(*attached: tuple[str, bytes], body: str = "见附件。", number: str = "<1@school.example>") -> EmailMessage:
    made = EmailMessage(policy=SMTP)
    made["From"] = "a@school.example"
    made["Message-ID"] = number
    made.set_content(body)
    for name, content in attached:
        made.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return made


def test_names_are_safe_to_write_and_no_two_are_the_same() -> None:
    found = read_message(mail(("../../etc/passwd", b"1"), ("表.xlsx", b"2"), ("表.xlsx", b"3")).as_bytes())
    assert [(each.name, each.content) for each in found.attachments] == [
        ("_.._etc_passwd", b"1"),
        ("表.xlsx", b"2"),
        ("表(2).xlsx", b"3"),
    ]


def test_attachments_of_a_forwarded_message_are_taken() -> None:
    outer = mail()
    outer.add_attachment(mail(("表.xlsx", b"1")))
    assert [each.name for each in read_message(outer.as_bytes()).attachments] == ["表.xlsx"]


def test_our_own_mail_coming_back_brings_nothing() -> None:
    outer = mail()
    outer.add_attachment(mail(("退回表格-01.xlsx", b"1"), number="<0a1b.kbxt@bureau.example>"))
    assert read_message(outer.as_bytes()).attachments == ()
    bounce = b"From: MAILER-DAEMON@mx.example\r\nContent-Type: multipart/report; boundary=b\r\n\r\n--b--\r\n"
    assert read_message(bounce).undelivered == ()


@pytest.mark.parametrize(
    ("link", "told"),
    [
        ("https://mail.163.com/large-attachment-download/index.html?p=X-NETEASE&file=ab%3D", True),
        ("https://wx.mail.qq.com/ftn/download?func=3&key=a&code=b", True),
        ("http://mail.qq.com/cgi-bin/ftnExs_download?k=12&t=exs_ftn_download", True),
        ("https://pan.baidu.com/s/1abc", True),
        ("https://www.ganxian.gov.cn/notice.html", False),
    ],
)
def test_links_to_attachments_in_a_cloud_are_told(link: str, told: bool) -> None:
    body = mail(body="x")
    escaped = link.replace("&", "&amp;")
    body.add_alternative(f'<p>超大附件 <a href="{escaped}">下载</a></p>', subtype="html")
    assert read_message(body.as_bytes()).links == ((link,) if told else ())


SENDERS = {
    "a comma in an encoded name": f"=?utf-8?B?{b64('茅店中学,赖老师'.encode())}?= <Meilin@school.example>",
    "an address in an encoded name": f"=?utf-8?B?{b64(b'<maodian@school.example>')}?= <meilin@school.example>",
    "a bracket in an encoded name": f"=?utf-8?B?{b64('梅林小学(赖老师'.encode())}?= <meilin@school.example>",
    "a bracket that is never closed": "梅林小学(赖老师 <meilin@school.example>",
    "a quote that is never closed": '"梅林小学 <meilin@school.example>',
    "a comma in a raw name": "茅店中学,赖老师 <meilin@school.example>",
    "another address for a name": '"maodian@school.example" <meilin@school.example>',
    "another address in a comment": "meilin@school.example (maodian@school.example)",
    "another address in Q": "=?utf-8?Q?<maodian@school.example>?= <meilin@school.example>",
    "an address alone": "meilin@school.example",
    "all of it encoded": f"=?gbk?B?{b64('赖老师 <meilin@school.example>'.encode('gbk'))}?=",
    "raw GBK": "赖老师".encode("gbk").decode("ascii", "surrogateescape") + " <meilin@school.example>",
}  # fmt: skip


@pytest.mark.parametrize("form", SENDERS)
def test_a_sender_is_who_the_header_gives_whatever_the_name_holds(form: str) -> None:
    assert sender_of(SENDERS[form]) == "meilin@school.example"


def test_two_senders_are_nobody_of_the_roster() -> None:
    assert sender_of("<meilin@school.example>, <maodian@school.example>") == (
        "meilin@school.example, maodian@school.example"
    )
    assert sender_of("nobody") == ""


WORKBOOK = b"PK\x03\x04" + bytes(range(256)) * 4


def uu(content: bytes) -> bytes:
    lines = (binascii.b2a_uu(content[at : at + 45]) for at in range(0, len(content), 45))
    return b"begin 644 a.xlsx\n" + b"".join(lines) + b"`\nend\n"


def wrapped(headers: bytes, content: bytes) -> bytes:
    return (
        b"From: a@school.example\nContent-Type: multipart/mixed; boundary=b\n\n--b\n"
        + headers
        + b"\n\n"
        + content
        + b"\n--b--\n"
    )


INNER = mail(("a.xlsx", WORKBOOK)).as_bytes()
SHEET = b"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
NAMED = b"Content-Type: application/octet-stream; name=a.xlsx\n"
PART = NAMED + b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(WORKBOOK)
CARRIED = {
    "a message in base64": wrapped(
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64", base64.encodebytes(INNER)
    ),
    "a message in quoted-printable": wrapped(
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: quoted-printable", quopri.encodestring(INNER)
    ),
    "a message as a file": wrapped(
        b"Content-Type: application/octet-stream; name=fwd.eml\nContent-Transfer-Encoding: base64",
        base64.encodebytes(INNER),
    ),
    "uuencoded in the text": b"From: a@school.example\n\nsee below\n\n" + uu(WORKBOOK),
    "uuencoded as a part": wrapped(NAMED + b"Content-Transfer-Encoding: x-uuencode", uu(WORKBOOK)),
    "a comment behind the encoding": wrapped(
        NAMED + b"Content-Transfer-Encoding: base64 (x)", base64.encodebytes(WORKBOOK)
    ),
    "an encoding that nobody knows": wrapped(
        NAMED + b"Content-Transfer-Encoding: x-unknown", base64.encodebytes(WORKBOOK)
    ),
    "an encoding that it is not in": wrapped(NAMED + b"Content-Transfer-Encoding: base64", WORKBOOK),
    "no semicolon": wrapped(
        b"Content-Type: application/octet-stream\nContent-Transfer-Encoding: base64\n"
        b"Content-Disposition: attachment filename=a.xlsx",
        base64.encodebytes(WORKBOOK),
    ),
    "a folded boundary": b'Content-Type: multipart/mixed; boundary="--a\n b"\n\n----a b\n' + PART + b"\n----a b--\n",
    "a commented boundary": b"Content-Type: multipart/mixed; boundary=b (c)\n\n--b\n" + PART + b"\n--b--\n",
    "a boundary that is another": b"Content-Type: multipart/mixed; boundary=x\n\n--b\n" + PART + b"\n--b--\n",
    "no boundary": b"Content-Type: multipart/mixed\n\n--b\n" + PART + b"\n--b--\n",
    "a header that is none": (
        b"From: a@school.example\nno header\nContent-Type: multipart/mixed; boundary=b\n\n--b\n" + PART + b"\n--b--\n"
    ),
    "behind the last boundary": (
        b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nhello\n--x--\n--b\n" + PART + b"\n--b--\n"
    ),
}  # fmt: skip


@pytest.mark.parametrize("form", CARRIED)
def test_a_workbook_comes_out_however_it_is_carried(form: str) -> None:
    assert [(each.name, each.content) for each in read_message(CARRIED[form]).attachments] == [("a.xlsx", WORKBOOK)]


@pytest.mark.parametrize(("kind", "ending"), [(SHEET, ".xlsx"), (b"application/octet-stream", ".bin")])
def test_a_file_without_a_name_gets_one_that_names_no_form(kind: bytes, ending: str) -> None:
    raw = wrapped(b"Content-Type: " + kind + b"\nContent-Transfer-Encoding: base64", base64.encodebytes(WORKBOOK))
    assert [(each.name, each.content) for each in read_message(raw).attachments] == [(f"未命名文件{ending}", WORKBOOK)]


def test_what_a_mac_keeps_beside_a_file_is_no_attachment() -> None:
    fork = b"Content-Type: application/applefile; name=a.xlsx\n\n\x00\x05\x16\x07\x00\x02\n--b\n"
    raw = b"Content-Type: multipart/appledouble; boundary=b\n\n--b\n" + fork + PART + b"\n--b--\n"
    assert [each.content for each in read_message(raw).attachments] == [WORKBOOK]


def test_a_message_of_more_parts_than_anybody_writes_is_said_to_be_none() -> None:
    with pytest.raises(UnreadableMessageError):
        read_message(b"Content-Type: multipart/mixed; boundary=b\n\n" + b"--b\n\nx\n" * (MOST_PARTS + 1))


def test_a_message_is_known_again_whatever_servers_put_on_top() -> None:
    raw = mail(("a.xlsx", b"1")).as_bytes()
    assert read_message(raw).key == read_message(b"Received: from x\r\n" + raw).key
    assert read_message(raw).key != read_message(mail(("a.xlsx", b"2")).as_bytes()).key
    assert read_message(raw).key != read_message(raw.replace(b"a@school", b"b@school")).key


CUTS = [
    b"--",
    b"--b--",
    b"\r\n\r\n",
    b";",
    b'"',
    b"(",
    b"<",
    b"=?utf-7?Q?+2AA?=",
    b"charset=undefined",
    b"charset=a\0b",
]
CUTS += [
    b"Content-Type: message/rfc822\n",
    b"Content-Transfer-Encoding: uuencode\n",
    b"begin 644 x\n",
    b"\0",
    b"\xff",
    b"%ff",
]


@pytest.mark.parametrize("seed", range(4))
def test_a_mail_however_mangled_can_be_taken_apart(seed: int) -> None:
    random = Random(seed)
    for _ in range(100):
        raw = bytearray(random.choice(list(CARRIED.values())))
        for _ in range(random.randint(1, 8)):
            at = random.randrange(min(len(raw), 900))
            raw[at : at + random.choice((0, 0, 1, 30))] = random.choice(CUTS) * random.choice((1, 1, 20))
        found = read_message(bytes(raw))
        assert all(each.name.encode() for each in found.attachments)
        assert f"{found.sender}{found.subject}{found.links}".encode()


LONG = 200_000
LONG_ONES = {
    "spaces in a header": b"Content-Type: text/plain" + b" " * LONG,
    "quotes in From": b"From: " + b'"\\' * LONG,
    "parameters": b"Content-Disposition: attachment" + b"; filename*0*=a" * (LONG // 10),
    "tags never closed": b"Content-Type: text/html\n\n" + b"<" * LONG,
    "cells never closed": b"Content-Type: text/html\n\n<tr>" + b"<td>" * LONG,
    "uuencoded files never ended": b"\n\n" + b"begin 644 x\n" * (LONG // 10),
    "one link": b"\n\nhttps://mail.10086.cn/" + b"mail.10086.cn/" * (LONG // 10),
    "addresses in a bounce": b"From: postmaster@163.com\n\n" + b"a@a." * LONG,
    "delimiters": b"Content-Type: multipart/mixed\n\n" + b"--a b\n" * (LONG // 5) + b"Content-Type: x/y\n",
}


@pytest.mark.parametrize("form", LONG_ONES)
def test_the_work_on_a_long_mail_grows_no_faster_than_the_mail(form: str) -> None:
    began = time.process_time()
    read_message(LONG_ONES[form])
    assert time.process_time() - began < 5  # what looks at every place again from every place takes minutes


def in_each_other(levels: int) -> bytes:
    """Texts which turn out to be parts, each in another, above a long text."""
    begins = b"".join(b"--a%d\nContent-Type: text/plain\n\n" % level for level in range(levels))
    return b"From: a@b.example\nContent-Type: text/plain\n\n" + begins + b"x\n" * LONG


def test_what_lies_deeper_in_a_mail_than_anybody_forwards_is_not_looked_for() -> None:
    assert read_message(in_each_other(6)).sender == "a@b.example"
    began = time.process_time()
    with pytest.raises(UnreadableMessageError):
        read_message(in_each_other(1900))
    assert time.process_time() - began < 20  # to look at all of it again at each level takes an hour
