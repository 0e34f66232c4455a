"""Three rounds between a bureau and its schools: marked, corrected by what 核查意见 says, returned, merged again."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import openpyxl
import pandas as pd
import pytest
from marked_returns import SEAL, write_returned

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.intake.definitions.loader import load_forms
from kbxt_merge.intake.formats.read_workbook import read_workbook
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.intake.inbox.listing import content, walk
from kbxt_merge.intake.reading.read_file import ReadReturn
from kbxt_merge.model.district import District
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.form import Form
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Grid, SourceFile, address
from kbxt_merge.outputs.returned.write import ReturnedWorkbooks
from kbxt_merge.rules.catalogue import CATALOGUE
from kbxt_merge.rules.engine.confirmations import confirmations, confirmed
from kbxt_merge.rules.run import check

FORMS = load_forms(CATALOGUE)
LIMITS = Limits()
WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
Row = dict[str, object]
Truth = dict[tuple[str, str, str], object]
"""What really holds, by file, sheet and cell."""


def id_number(born: dt.date, sequence: int) -> str:
    body = f"360704{born:%Y%m%d}{sequence:03d}"
    return body + "10X98765432"[sum(int(digit) * weight for digit, weight in zip(body, WEIGHTS, strict=True)) % 11]


def child(number: int, born: dt.date, grade: str, boy: bool) -> Row:
    """A row of form 3 in which everything fits."""
    return {
        "seq": number,
        "name": "赵钱孙李周吴郑王"[number % 8] + "一二三四五六七八九十"[number % 10],
        "sex": "男" if boy else "女",
        "id_number": id_number(born, 100 + 2 * number + boy),
        "age": 2021 - born.year - ((born.month, born.day) > (3, 10)),
        "address": "赣县区某乡某村",
        "guardian": "王大",
        "phone": f"138{number:08d}",
        "disability": "肢体残疾",
        "grade": grade,
        "enrolment": "是",
    }


def truth_rows(school: int) -> list[Row]:
    rows = [child(10 * school + n, dt.date(2010, 1 + n, 5 + school), "五年级", boy=n % 2 == 0) for n in range(8)]
    rows[3]["grade"] = "一年级"  # held back for years: unlikely, and true
    return rows


FAULTS = {
    0: {"id_number": lambda value: str(value)[:-1] + ("0" if str(value)[-1] != "0" else "1")},
    1: {"sex": lambda value: "女" if value == "男" else "男"},
    2: {"phone": lambda _: "1380000", "grade": lambda _: "十二年级"},
    4: {"name": lambda _: None},
    # found only when the number is right: a rule whose input is wrong is skipped
    5: {"id_number": lambda value: str(value)[:17], "sex": lambda value: "女" if value == "男" else "男"},
    6: {"grade": lambda _: "九年级"},
}
"""What a school gets wrong: by row, what becomes of a field."""


def write_return(inbox: Path, path: str, form: Form, rows: list[Row], truth: Truth) -> None:
    """A school's workbook with its faults; what really holds is kept in `truth`."""
    book = openpyxl.Workbook()
    sheet = book.worksheets[0]
    sheet["A1"] = form.title
    sheet["A2"] = f"学校名称：{path.partition('/')[0]}（盖章） 2021年3月10日"
    for column, field in enumerate(form.fields):
        sheet[address(2, column)] = field.header
        for number, row in enumerate(rows):
            cell, value = address(3 + number, column), row.get(field.name)
            truth[path, sheet.title, cell] = value
            spoilt = FAULTS.get(number, {}).get(field.name)
            sheet[cell] = spoilt(value) if spoilt else value
    (inbox / path).parent.mkdir(parents=True, exist_ok=True)
    book.save(inbox / path)


def correct(returned: Path, inbox: Path, path: str, truth: Truth) -> None:
    """What a school does that reads nothing but 核查意见: correct what is wrong, verify what is right."""
    book = openpyxl.load_workbook(returned)
    sheet = book.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        severity, name, cell = (sheet.cell(row, headers[each]).value for each in ("级别", "工作表", "单元格"))
        holds = truth[path, str(name), str(cell)]
        if severity == "请核实" and book[str(name)][str(cell)].value == holds:
            sheet.cell(row, headers["处理"], "核实无误")
            sheet.cell(row, headers["说明"], "因病多次休学，留级")
        elif severity != "已处理 / 说明":
            book[str(name)][str(cell)].value = holds  # type: ignore[assignment]
            sheet.cell(row, headers["处理"], "已改")
    book.save(inbox / path)


def grids(file: SourceFile) -> list[Grid]:
    data = content(file, LIMITS)
    return read_workbook(data, kind_of(data, file.path), LIMITS).grids


def one_round(inbox: Path, out: Path) -> tuple[District, Findings]:
    """Merge the inbox and mark what goes back."""
    files = walk(inbox, LIMITS)
    read = ReadReturn(FORMS, LIMITS)
    period = Period.parse("2021春")
    district = assemble([read(file) for file in files], FORMS, None, period, dt.date(2021, 3, 20), seal=SEAL)
    found = check(district)
    answered = confirmations(district, found, seal=SEAL)
    findings = confirmed(found, answered)
    returned = ReturnedWorkbooks(district, findings, CATALOGUE, SEAL, answered=answered)
    write_returned(returned, out, lambda file: content(file, LIMITS), grids)
    return district, findings


def asked(findings: Findings) -> list[tuple[str, str]]:
    """What the schools are still asked to do: severity and rule."""
    frame = findings.frame[findings.frame["severity"] != "info"]
    return sorted(zip(frame["severity"], frame["rule"], strict=True))


@pytest.fixture
def district(tmp_path: Path) -> tuple[Path, Truth]:
    truth: Truth = {}
    for school in (1, 2, 3):
        path = f"赣县区第{school}小学/附件3.xlsx"
        write_return(tmp_path / "inbox", path, FORMS.by_slug["3"], truth_rows(school), truth)
    return tmp_path / "inbox", truth


def test_findings_fall_to_the_confirmed_warnings_and_the_records_equal_the_truth(
    district: tuple[Path, Truth], tmp_path: Path
) -> None:
    inbox, truth = district
    asked_for = []
    for number in (1, 2, 3):
        out = tmp_path / f"out{number}"
        merged, findings = one_round(inbox, out)
        asked_for.append(asked(findings))
        for path in {path for path, _, _ in truth}:
            if (out / "退回" / path).exists():
                correct(out / "退回" / path, inbox, path, truth)
    assert len(asked_for[0]) > len(asked_for[1]) > 0
    assert ("error", "sex-id-mismatch") in asked_for[1]
    assert asked_for[2] == []
    told = findings.frame[findings.frame["rule"] == "grade-age-mismatch"]
    assert sorted(told["school"]) == [f"赣县区第{n}小学" for n in (1, 2, 3)]
    assert all("因病多次休学，留级" in findings.sentences(FORMS, "zh")[label] for label in told.index)
    records = merged.records["3"]
    assert len(records) == 24
    for school in (1, 2, 3):
        own = pd.DataFrame(records.shown)[records.school == f"赣县区第{school}小学"]
        for number, row in enumerate(truth_rows(school)):
            assert {name: own.iloc[number][name] for name in row} == {name: str(value) for name, value in row.items()}


def test_an_answer_holds_for_its_child_rule_and_value_only(district: tuple[Path, Truth], tmp_path: Path) -> None:
    inbox, _ = district
    _, findings = one_round(inbox, tmp_path / "out")
    path = "赣县区第1小学/附件3.xlsx"
    book = openpyxl.load_workbook(tmp_path / "out" / "退回" / path)
    sheet = book.worksheets[0]
    headers = {cell.value: cell.column for cell in sheet[3]}
    for row in range(4, sheet.max_row + 1):
        sheet.cell(row, headers["处理"], "核实无误")
        sheet.cell(row, headers["说明"], "属实" if sheet.cell(row, headers["单元格"]).value != "J10" else None)
    book["Sheet"].insert_rows(4)  # the rows move down by one: the answers follow the children
    book["Sheet"]["J8"].value = "九年级"  # another value than the one that was verified
    book.save(inbox / path)
    _, again = one_round(inbox, tmp_path / "again")
    errors = {severity_rule for severity_rule in asked(findings) if severity_rule[0] == "error"}
    assert errors <= set(asked(again))
    of_school = again.frame[again.frame["school"] == "赣县区第1小学"]
    grades = of_school[of_school["rule"] == "grade-age-mismatch"]
    assert dict(zip(grades["cell"], grades["severity"], strict=True)) == {"J8": "warning", "J11": "warning"}
