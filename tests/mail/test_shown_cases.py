"""The cases of mail.tar.xz: what schools and their programs sent, merged and fetched as a careful clerk would read it.

Those of kind `send` are servers that answer so: test_send.py, test_account.py and tests/test_post.py have them.
"""

from __future__ import annotations

import datetime as dt
import email
import re
import tarfile
import zipfile
from pathlib import Path

import openpyxl
import pytest
from imap_server import Front, front, put
from post_office import CODE, client_context

import kbxt_merge
from kbxt_merge.mail.fetch import Fetch
from kbxt_merge.mail.fetched import memory_beside
from kbxt_merge.mail.filing import Filing
from kbxt_merge.model.awaited import Wait
from kbxt_merge.model.school import Roster, School

ARCHIVE = Path(__file__).parent.parent / "cases" / "mail.tar.xz"
NOT_ALL_CAME = ("form-not-returned", "school-not-returned")
Right = tuple[dict[str, int], list[str]]

MERGED: dict[str, Right] = {
    "ages_grades": ({"3": 6}, ["age-invalid E5"]),
    "arpa459_blank_rows": ({"1-2": 2}, ["required-missing F7"]),
    "codex_empty_shared": ({"1-2": 2}, ["required-missing F4", "required-missing F5"]),
    "collect_form_export": ({"1-2": 1}, ["school-missing"]),
    "collect_no_numbers": ({"1-2": 1}, ["school-missing"]),
    "commented": ({"1-2": 2}, ["id-checksum C5"]),
    "csv_injection": ({"1-2": 2}, ["name-invalid B5", "school-not-in-roster D5"]),
    "csv_scientific": ({"1-2": 3}, ["id-precision-lost C4"]),
    "dabs_flex": ({"1-2": 1}, ["column-unexpected H3"]),
    "dispimg": ({"1-2": 2}, ["id-checksum C5"]),
    "easyexcel1471_wps_props": ({"1-2": 1}, []),
    "easyexcel2211_formatted_empty": ({"1-2": 1}, []),
    "example_row_left": ({"1-2": 1}, []),
    "fac2545_two_phones": ({"3": 6}, []),
    "fac2898_filter_names": ({"1-2": 3}, ["hidden-data"]),
    "fac3514_ref_in_empty_row": ({"1-2": 1}, ["error-value F30"]),
    "header_trailing_space": ({"1-2": 1}, []),
    "headers_en_bilingual": ({"1-2": 1}, []),
    "headers_numbered": ({"1-2": 1}, []),
    "headers_starred": ({"1-2": 1}, []),
    "id_regions": ({"1-2": 6}, ["id-region C4", "id-region C9"]),
    "locked_return": ({"1-2": 1}, []),
    "month_old_return": ({}, ["period-mismatch A2"]),
    "month_values": ({"2": 1}, ["date-order H3"]),
    "names": ({"1-2": 6}, ["name-invalid B7"]),
    "old_return_mtime": ({}, ["old-return"]),
    "optional_none": ({"2": 6}, []),
    "p7s_ics_vcf": ({}, []),
    "parts_same_mail": ({"1-2": 4}, []),
    "region_suggestion": ({"1-2": 6}, ["id-region C4", "id-region C9"]),
    "return_date_none_counts": ({"1-1": 1, "1-2": 2, "2": 2}, []),
    "same_child_two_files": ({"1-2": 3}, []),
    "shortcuts": ({}, ["file-unreadable"] * 3),
    "split_volume": ({}, ["file-unreadable"] * 3),
    "strikethrough": ({"1-2": 2}, ["row-struck-out B5"]),
    "tanf_exact_dup": ({"1-2": 3}, ["duplicate-in-form C4", "duplicate-in-form C5"]),
    "zip_gbk_mac": ({"1-2": 1}, []),
    "zip_locked": ({}, ["file-encrypted"] * 2),
}
"""How many records of each form there are, and what is asked, but for what did not come."""


@pytest.fixture(scope="module")
def cases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("cases")
    with tarfile.open(ARCHIVE) as archive:
        archive.extractall(folder, filter="data")
    return folder / "mail"


def days_of(case: str) -> dict[str, str]:
    month = case == "month_old_return"
    return {"period": "2021-05", "as_of": "2021-05-20"} if month else {"period": "2021春", "as_of": "2021-03-20"}


@pytest.mark.parametrize("case", MERGED)
def test_a_return_is_read_as_a_careful_clerk_reads_it(cases: Path, case: str) -> None:
    read = kbxt_merge.check(cases / "merge" / case / "in", **days_of(case), jobs=0)
    records = {form: len(frame) for form, frame in read.records.items() if len(frame)}
    asked = read.findings[(read.findings["severity"] != "info") & ~read.findings["rule"].isin(NOT_ALL_CAME)]
    told = [f"{rule} {cell}".strip() for rule, cell in zip(asked["rule"], asked["cell"], strict=True)]
    assert (records, told) == MERGED[case]


def test_every_case_of_a_merge_is_in_the_table(cases: Path) -> None:
    assert {path.name for path in (cases / "merge").iterdir()} == set(MERGED)


def test_no_region_that_does_not_exist_is_suggested_again(cases: Path) -> None:
    read = kbxt_merge.check(cases / "merge" / "region_suggestion" / "in", **days_of(""), jobs=0)
    frame = read.checked.findings.frame
    regions = frame[frame["rule"] == "id-region"]
    assert [value in suggestion for value, suggestion in zip(regions["value"], regions["suggestion"], strict=True)] == [
        False,
        False,
    ]


def test_months_stand_in_the_message_as_they_were_written(cases: Path) -> None:
    read = kbxt_merge.check(cases / "merge" / "month_values" / "in", **days_of(""), jobs=0)
    (message,) = read.findings.loc[read.findings["rule"] == "date-order", "message"]
    assert re.findall(r"20[0-9]{2}-[0-9]{2}", message) == ["2020-09", "2021-02"]


def test_a_marked_copy_keeps_the_pictures_and_the_comments_of_its_cells(cases: Path, tmp_path: Path) -> None:
    for case in ("dispimg", "commented"):
        kbxt_merge.merge(cases / "merge" / case / "in", tmp_path / case, **days_of(case), jobs=0)
    (pictured,), (commented,) = ((tmp_path / each / "退回").rglob("*.xlsx") for each in ("dispimg", "commented"))
    with zipfile.ZipFile(pictured) as book:
        assert "xl/cellimages.xml" in book.namelist()
    (before,) = (cases / "merge" / "commented" / "in").rglob("*.xlsx")
    own = openpyxl.load_workbook(before).worksheets[0]["C5"].comment.text
    sheet = next(each for each in openpyxl.load_workbook(commented).worksheets if each.title != "核查意见")
    assert own.strip() in sheet["C5"].comment.text
    assert "校验码" in sheet["C5"].comment.text


HERE, THERE = "赣县区梅林小学", "赣县区茅店中学"
ROSTER = Roster((School("1", HERE, email="meilin@school.example"), School("2", THERE, email="maodian@school.example")))

FETCHED: dict[str, tuple[list[str], list[tuple[str, Wait]]]] = {
    "appledouble": ([f"{HERE}/名单.xlsx"], []),
    "bounce": ([], [(THERE, Wait.BOUNCED)]),
    "cloud_only": ([], [(HERE, Wait.CLOUD)]),
    "eml_octet_stream": ([f"{HERE}/名单.xlsx"], []),
    "from_comma": ([f"{HERE}/a.xlsx"], []),
    "from_paren": ([f"{HERE}/a.xlsx"], []),
    "no_filename": ([f"{HERE}/未命名文件.xlsx"], []),
    "old_mails": ([f"{HERE}/名单.xlsx"], []),
    "rfc822_base64": ([f"{HERE}/名单.xlsx"], []),
    "same_message_id": ([f"{HERE}/附件1-2.xlsx", f"{THERE}/附件3.xlsx"], []),
    "table_in_body": ([], [(HERE, Wait.IN_TEXT)]),
    "winmail": ([f"{HERE}/winmail.dat"], []),
}
"""What lies below the inbox, but for the moments, and what is awaited."""


@pytest.fixture
def mailbox(server: int):  # type: ignore[no-untyped-def]
    with front(server) as before:
        yield before


@pytest.mark.parametrize("case", FETCHED)
def test_a_mail_is_fetched_as_a_careful_clerk_files_it(mailbox: Front, cases: Path, tmp_path: Path, case: str) -> None:
    for path in sorted((cases / "fetch" / case).glob("*.eml")):
        sent = email.message_from_bytes(path.read_bytes())["Date"]
        when = email.utils.parsedate_to_datetime(sent) if sent else dt.datetime(2021, 3, 12, 1, tzinfo=dt.UTC)
        put(mailbox, path.read_bytes(), f'"{when:%d-%b-%Y %H:%M:%S} +0800"')
    account, inbox = mailbox.account(), tmp_path / "收件夹"
    filing, memory = Filing(inbox, ROSTER, account.user), memory_beside(inbox, account.user)
    since = dt.date(2021, 2, 1) - dt.timedelta(days=60)
    arrivals = list(Fetch(account, CODE, filing, memory, since, context=client_context()).arrivals())
    lying = sorted(path.relative_to(inbox).as_posix() for path in inbox.rglob("*") if path.is_file())
    awaited = [(each.who, each.wait) for arrival in arrivals for each in arrival.awaited]
    assert ([re.sub("/.*/", "/", each) for each in lying], awaited) == FETCHED[case]


def test_every_case_of_a_fetch_is_in_the_table(cases: Path) -> None:
    assert {path.name for path in (cases / "fetch").iterdir()} == set(FETCHED)


def test_a_workbook_in_winmail_dat_is_opened(mailbox: Front, cases: Path, tmp_path: Path) -> None:
    (path,) = (cases / "fetch" / "winmail").glob("*.eml")
    put(mailbox, path.read_bytes())
    account, inbox = mailbox.account(), tmp_path / "收件夹"
    filing, memory = Filing(inbox, ROSTER, account.user), memory_beside(inbox, account.user)
    list(Fetch(account, CODE, filing, memory, context=client_context()).arrivals())
    read = kbxt_merge.check(inbox, **days_of(""), jobs=0)
    assert sum(len(frame) for frame in read.records.values()) > 0
