"""A school confirms only its own, on the very lines that it was sent: what is made up, copied or old is told."""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from openpyxl.worksheet.worksheet import Worksheet

from kbxt_merge.merging import Progress, examine, merge
from kbxt_merge.model.answer import IDENTITY_COLUMNS
from kbxt_merge.model.fingerprints import digest
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.out_folder import LEDGER_FILE, RETURN_FOLDER
from kbxt_merge.model.period import Period
from kbxt_merge.settings import Settings

OURS, OTHERS = "赣县区梅林小学", "赣县区茅店中学"
MAIL = {OURS: "meilin@school.example", OTHERS: "maodian@school.example"}
NUMBERS = {OURS: "360704201005200316", OTHERS: "360704201005200332"}
SETTINGS = Settings(jobs=0, period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20))
FORM = """
    | 赣县区义务教育阶段适龄残疾儿童就学台账 |
    | 学校名称：{school}（盖章） 时间：2021年3月12日 |
    | 序号 | 姓名 | 性别 | 身份证号 | 年龄 | 家庭住址 | 监护人姓名 | 联系电话 | 残疾类别 | 年级 | 就学情况 | 备注 |
    | 1 | 赖小满 | 男 | {number} | 10 | 某村 | 赖大山 | 13907970001 | 智力残疾 | 九年级 | 是 | |
"""
"""A pupil of ten in grade nine: one warning, and nothing else."""


def write_form(path: Path, school: str) -> None:
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    for line in FORM.format(school=school, number=NUMBERS[school]).strip().splitlines():
        cells = [cell.strip() for cell in line.strip()[1:-1].split("|")]
        sheet.append([int(cell) if cell.isdigit() and len(cell) < 4 else cell or None for cell in cells])
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


@pytest.fixture(scope="module")
def asked(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A district whose two schools were asked one thing each."""
    place = tmp_path_factory.mktemp("asked")
    lines = ["学校标识码,学校名称,邮箱", f"2136000001,{OURS},{MAIL[OURS]}", f"2136000002,{OTHERS},{MAIL[OTHERS]}"]
    (place / "学校名册.csv").write_text("\n".join(lines), encoding="utf-8")
    for school in NUMBERS:
        write_form(place / "收件夹" / school / "附件3.xlsx", school)
    first = merge(place / "收件夹", place / "结果", SETTINGS)
    assert told(first) == [("grade-age-mismatch", "warning", OURS), ("grade-age-mismatch", "warning", OTHERS)]
    return place


@pytest.fixture
def place(asked: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(asked, tmp_path / "here"))


def told(checked: Checked) -> list[tuple[str, str, str]]:
    frame = checked.findings.frame
    frame = frame[frame["rule"] != "form-not-returned"]  # form 1-1 is none of the matter
    asked = frame[(frame["severity"] != "info") | frame["rule"].isin(["answers-not-taken", "grade-age-mismatch"])]
    return sorted(zip(asked["rule"], asked["severity"], asked["school"], strict=True))


def why(checked: Checked) -> list[str]:
    findings = checked.findings
    labels = findings.frame.index[findings.frame["rule"] == "answers-not-taken"]
    return list(findings.sentences(checked.district.forms, "zh")[labels])


def again(place: Path) -> Checked:
    return merge(place / "收件夹", place / "结果", SETTINGS)


def answer(place: Path, school: str, to: str, change: Callable[[Worksheet], None] = lambda sheet: None) -> Path:
    """The school's marked workbook, verified, at a place in the inbox; `change` is done to its sheet of findings."""
    book = openpyxl.load_workbook(place / "结果" / RETURN_FOLDER / school / "附件3.xlsx")
    sheet = book.worksheets[0]
    headers = {str(cell.value): cell.column for cell in sheet[3]}
    sheet.cell(4, headers["处理"], "核实无误")
    sheet.cell(4, headers["说明"], "因病休学")
    change(sheet)
    path = place / "收件夹" / to
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


def alone(sheet: Worksheet) -> None:
    """Nothing is sent but the sheet of findings."""
    book = sheet.parent
    assert book is not None
    for each in book.worksheets[1:]:
        book.remove(each)


def hidden(sheet: Worksheet, name: str, value: str | None) -> None:
    headers = {str(cell.value): cell.column for cell in sheet[3]}
    sheet.cell(4, headers[f"kbxt.{name}"]).value = value


def first_edition(sheet: Worksheet) -> None:
    """As the first edition wrote it: plain digests, and no code."""
    last = next(cell.column for cell in sheet[3] if cell.value == "kbxt.seal")
    sheet.delete_cols(last)
    hidden(sheet, "child_id", digest(NUMBERS[OURS]))
    hidden(sheet, "child_name", digest(OURS, "赖小满"))
    hidden(sheet, "value", digest("九年级"))


VERIFIED = [("grade-age-mismatch", "info", OURS), ("grade-age-mismatch", "warning", OTHERS)]
STILL_ASKED = [("grade-age-mismatch", "warning", OURS), ("grade-age-mismatch", "warning", OTHERS)]


@pytest.mark.parametrize(
    ("to", "change"),
    [(f"{OURS}/附件3.xlsx", lambda sheet: None), (f"{OURS}/核查意见.xlsx", alone), (f"{OURS}核查意见.xlsx", alone)],
    ids=["the whole workbook", "alone in the school's folder", "alone under the school's name"],
)
def test_a_school_confirms_its_own(place: Path, to: str, change: Callable[[Worksheet], None]) -> None:
    answer(place, OURS, to, change)
    checked = again(place)
    assert told(checked) == VERIFIED
    assert set(checked.verdicts["verdict"]) <= {"merged", "other"}
    (place / "收件夹" / to).unlink()
    write_form(place / "收件夹" / OURS / "附件3.xlsx", OURS)
    assert told(again(place)) == VERIFIED  # the ledger remembers it


def test_a_workbook_without_a_form_confirms_nothing_of_another_school(place: Path) -> None:
    answer(place, OURS, f"{OTHERS}/核查意见.xlsx", alone)
    checked = again(place)
    assert told(checked) == [("answers-not-taken", "warning", OTHERS), *STILL_ASKED]
    assert "别的学校" in why(checked)[0]


def test_a_workbook_that_nobody_sent_confirms_nothing(place: Path) -> None:
    answer(place, OURS, "核查意见.xlsx", alone)
    checked = again(place)
    assert told(checked) == [("answers-not-taken", "info", ""), *STILL_ASKED]
    assert "哪所学校" in why(checked)[0]


@pytest.mark.parametrize(("column", "value"), [("school", OURS), ("field", "age"), ("seal", 24 * "a")])
def test_a_line_that_was_changed_confirms_nothing(place: Path, column: str, value: str) -> None:
    school = OTHERS if column == "school" else OURS
    answer(place, school, f"{OURS}/核查意见.xlsx", lambda sheet: (alone(sheet), hidden(sheet, column, value))[0])
    checked = again(place)
    assert told(checked) == [("answers-not-taken", "info", OURS), *STILL_ASKED]
    assert "校验码不符" in why(checked)[0]


def test_a_workbook_of_the_first_edition_is_told(place: Path) -> None:
    answer(place, OURS, f"{OURS}/附件3.xlsx", first_edition)
    checked = again(place)
    assert told(checked) == [("answers-not-taken", "info", OURS), *STILL_ASKED]
    assert "旧版" in why(checked)[0]


def test_the_workbook_of_another_ledger_is_told(place: Path) -> None:
    answer(place, OURS, f"{OURS}/附件3.xlsx")
    (place / "结果" / LEDGER_FILE).unlink()
    checked = again(place)
    assert told(checked) == [("answers-not-taken", "info", OURS), *STILL_ASKED]


def test_without_a_ledger_nothing_is_proved(place: Path) -> None:
    answer(place, OURS, f"{OURS}/附件3.xlsx")
    checked = examine([place / "收件夹"], SETTINGS, Progress())
    assert told(checked) == [("answers-not-taken", "info", OURS), *STILL_ASKED]


def test_no_column_of_a_marked_workbook_is_a_plain_digest(place: Path) -> None:
    book = openpyxl.load_workbook(place / "结果" / RETURN_FOLDER / OURS / "附件3.xlsx")
    texts = {str(cell.value) for row in book.worksheets[0].iter_rows() for cell in row}
    plain = {digest(NUMBERS[OURS]), digest(OURS, "赖小满"), digest("九年级")}
    assert not texts & plain
    assert {f"kbxt.{name}" for name in (*IDENTITY_COLUMNS, "seal")} <= texts


def test_the_same_answers_of_another_bureau_are_not_ours(place: Path, tmp_path: Path) -> None:
    """The key is the bureau's, not the program's."""
    other = Path(shutil.copytree(place, tmp_path / "other"))
    (other / "结果" / LEDGER_FILE).unlink()
    merge(other / "收件夹", other / "结果", replace(SETTINGS))
    lines = []
    for here in (place, other):
        book = openpyxl.load_workbook(here / "结果" / RETURN_FOLDER / OURS / "附件3.xlsx")
        lines.append([cell.value for cell in book.worksheets[0][4]][-5:])
    assert all(one != two for one, two in zip(*lines, strict=True) if one or two)


def mailed(place: Path, sender: str, **headers: str) -> None:
    """Our answer, without a form and under a name that tells nothing, in a mail that the clerk saved."""
    path = answer(place, OURS, "答复.xlsx", lambda sheet: keep_only(sheet))
    message = EmailMessage()
    message["From"], message["Date"] = sender, "Fri, 19 Mar 2021 09:15:30 +0800"
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    message.set_content("答复见附件")
    message.add_attachment(path.read_bytes(), maintype="application", subtype="octet-stream", filename=path.name)
    path.unlink()
    (place / "收件夹" / "来信.eml").write_bytes(bytes(message))


def keep_only(sheet: Worksheet) -> None:
    book = sheet.parent
    for other in book.worksheets[1:]:
        book.remove(other)


def test_a_workbook_without_a_form_in_a_saved_mail_counts_for_the_school_of_its_sender(place: Path) -> None:
    mailed(place, f"陈老师 <{MAIL[OURS]}>")
    assert told(again(place)) == [("grade-age-mismatch", "info", OURS), ("grade-age-mismatch", "warning", OTHERS)]


def test_another_school_s_mail_answers_nothing_for_ours(place: Path) -> None:
    mailed(place, MAIL[OTHERS])
    checked = again(place)
    assert ("grade-age-mismatch", "warning", OURS) in told(checked)
    assert ("answers-not-taken", "warning", OTHERS) in told(checked)


def test_a_mail_whose_sender_is_forged_answers_nothing(place: Path) -> None:
    mailed(place, MAIL[OURS], Authentication_Results="mx.163.com; dmarc=fail header.from=school.example")
    checked = again(place)
    assert ("grade-age-mismatch", "warning", OURS) in told(checked)
    assert ("file-unreadable", "error", "") in told(checked)
