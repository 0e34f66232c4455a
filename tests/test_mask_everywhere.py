"""No number of a person leaves the bureau whole, whatever file, page, mail or terminal it might leave by."""

from __future__ import annotations

import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import openpyxl
import pytest
from cast import CAST, card, listed
from click.testing import CliRunner
from leaks import given_away, texts_below
from sheets import FORMS

from kbxt_merge.cli import main
from kbxt_merge.model.answer import OPINION_SHEET
from kbxt_merge.model.field import Field
from kbxt_merge.model.returns import Grid

EXAMPLES = Path(__file__).parent.parent / "examples"
SETTINGS = ("--period", "2021春", "--as-of", "2021-03-20", "--jobs", "1")
HERE, THERE = "赣县区梅林小学", "赣县区茅店小学"
DATED = "2021-03-15 090807"
"""A folder named as a fetched mail's."""

NAMED = "360721201001021018"
"""An ID number that is part of names: of a folder, files, sheets, a member of an archive, a register and its sheet."""

PARTINGS = ["", " ", ".", "–", "—", "-", ":", "/", "<br>", "\u200b", "\u3000", "）（", "·", "'", "_"]
NUMBERS = [f"522732200{1 + place % 9}0{1 + place % 8}17{place:03d}{'X' if place % 3 else '6'}" for place in range(20)]
PHONES = [f"177{7_104_309 + 1_013_077 * place % 89_999_999:08d}" for place in range(20)]


def typed(place: int) -> tuple[str, str]:
    """The ID number and the phone of a row, as they are typed there."""
    number, phone, between = NUMBERS[place], PHONES[place], PARTINGS[place % len(PARTINGS)]
    texts = between.join((number[:6], number[6:14], number[14:])), between.join((phone[:3], phone[3:7], phone[7:]))
    wide = str.maketrans("0123456789X", "０１２３４５６７８９Ｘ")
    return (texts[0].translate(wide), texts[1].translate(wide)) if place % 4 == 3 else texts


def filled(field: Field, place: int) -> str:
    """A cell of a row in which numbers stand wherever there is room."""
    number, phone = typed(place)
    if field.type == "person_name":
        return f"赖小满{number}" if place % 2 else "赖小满"
    if field.type == "text":
        return f"证号{number}，电话{phone}，2021-03-15 家访，2021年4月再访"
    if field.type == "date":
        return f"2021-03 {number}" if place % 2 else "2020-09"
    return phone if field.type == "phone" else number


def sheet(slug: str, school: str) -> Grid:
    """A list of a row a parting, with a number in every cell."""
    fields = [field for field in FORMS.by_slug[slug].fields if field.type not in ("sequence", "school")]
    rows = (" | ".join(filled(field, place) for field in fields) for place in range(len(PARTINGS)))
    lines = [" | ".join(field.label.zh for field in fields), *rows]
    return listed(slug, "\n".join(f"| {line} |" for line in lines), school=school)


def save(path: Path, grids: Sequence[Grid], title: str = "表") -> None:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, grid in enumerate(grids):
        page = book.create_sheet(f"{title}{number}")
        for row in grid.rows:
            page.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)


def answered(marked: Path, inbox: Path) -> None:
    """A marked workbook comes back: every warning is verified, for a reason that names a number."""
    book = openpyxl.load_workbook(marked)
    findings = book.worksheets[0]
    headers = {cell.value: cell.column for cell in findings[3]}
    for row in range(4, findings.max_row + 1):
        if findings.cell(row, headers["级别"]).value == "请核实":
            findings.cell(row, headers["处理"], "核实无误")
            findings.cell(row, headers["说明"], f"属实，{NUMBERS[0]}，{PHONES[0]}")
    book.save(inbox)


def run(*arguments: str | Path) -> str:
    result = CliRunner().invoke(main, [str(each) for each in arguments])
    assert result.exit_code in (0, 1), result.output
    return result.output


@pytest.fixture(scope="module")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau's desk after two rounds: inbox, OUT with mails written, and what the terminal showed."""
    desk = tmp_path_factory.mktemp("desk")
    inbox, out = desk / "收件夹", desk / "结果"
    (desk / "学校名册.csv").write_text(
        f"学校标识码,学校名称,学段,邮箱,口令\n1,{HERE},小学,a@school.example,tianshu27\n2,{THERE},小学,b@school.example,k9\n",
        encoding="utf-8",
    )
    for school in (HERE, THERE):
        save(inbox / school / DATED / "20210315附件.xlsx", [sheet(slug, school) for slug in ("1-2", "2", "3", "4")])
    fields = [field for field in FORMS.by_slug["5"].fields if field.type not in ("sequence", "school")]
    save(
        inbox / HERE / "卡片.xlsx",
        [card(name, "\n".join(f"| {field.label.zh} | {filled(field, place)} |" for field in fields))
         for place, name in enumerate(CAST)],
    )  # fmt: skip
    strange = sheet("3", f"某校{NUMBERS[1]}")
    strange.rows[2] = [f"栏{NUMBERS[2]}" if cell == "备注" else cell for cell in strange.rows[2]]
    counted = listed("1-1", f"| 学校 |\n| 某校{PHONES[4]} |\n| {HERE} {PHONES[5]} |", school=f"某校{PHONES[4]}")
    named = inbox / THERE / NAMED / f"附件{NAMED}.xlsx"
    save(named, [sheet("3", THERE)], f"表{NAMED}-")
    with zipfile.ZipFile(inbox / THERE / f"{NAMED}.zip", "w") as archive:
        archive.write(named, f"卡{NAMED}/附件3{NAMED}.xlsx")
        archive.writestr(f"{NAMED}.doc", b"no document")
    enrolled = [["姓名", "身份证号", "学校名称", "年级"], ["赖小满", NUMBERS[1], THERE, "三年级"]]
    save(desk / "比对库" / f"学籍{NAMED}.xlsx", [Grid("x", enrolled)], f"学籍{NAMED}-")
    save(inbox / "来历不明.xlsx", [strange, counted, Grid("x", [[f"{NUMBERS[3]} {PHONES[3]}"]] * 4)])
    shown = [run("merge", inbox, "--out", out, *SETTINGS)]
    back = Path(HERE) / "20210315附件.xlsx"
    answered(out / "退回" / back, inbox / HERE / DATED / "20210315附件.xlsx")
    shown.append(run("merge", inbox, "--out", out, *SETTINGS, "--lang", "en"))
    shown += [
        run("check", inbox / HERE, *SETTINGS, "--format", layout, "--verbose", "--roster", desk / "学校名册.csv")
        for layout in ("table", "csv", "json", "github")
    ]
    shown += [run("send", out, "--dry-run", "--verbose", "--roster", desk / "学校名册.csv"), run("status", out)]
    (desk / "屏幕.txt").write_text("\n".join(shown), encoding="utf-8")
    return desk


def test_a_district_with_a_number_in_every_cell_gives_none_away(desk: Path) -> None:
    out = desk / "结果"
    assert {"发件", "退回", "汇总", "data"} <= {each.name for each in out.iterdir()}
    terminal = [("screen", line) for line in (desk / "屏幕.txt").read_text(encoding="utf-8").splitlines()]
    assert len(terminal) > 1_000
    assert given_away([*texts_below(out), *terminal], [*NUMBERS, *PHONES], size=6) == []


def test_a_number_in_a_name_is_masked_wherever_people_read_it(desk: Path) -> None:
    out = desk / "结果"
    pages = [(where, text) for where, text in texts_below(out) if ".html " in where or where.startswith("data/log ")]
    terminal = [("screen", line) for line in (desk / "屏幕.txt").read_text(encoding="utf-8").splitlines()]
    for part in (f"{HERE}/", f"{THERE}/", "data/log", "核查报告.html"):
        assert any(part in where and "360***" in text for where, text in pages), part
    assert given_away([*pages, *terminal], [NAMED], size=6) == []


def test_programs_have_the_names_whole(desk: Path) -> None:
    out = desk / "结果"
    for name in ("findings.csv", "files.csv", "run.json"):
        assert NAMED in (out / "data" / name).read_text(encoding="utf-8-sig"), name


def test_what_is_left_whole_is_whole(desk: Path) -> None:
    """Names of files and folders, and the days and months that stand beside numbers."""
    out = desk / "结果"
    path = f"{HERE}/{DATED}/20210315附件.xlsx"
    shown = [text for _, text in texts_below(out)] + (desk / "屏幕.txt").read_text(encoding="utf-8").splitlines()
    for name in ("data/findings.csv", "data/files.csv", "核查报告.html", f"退回/{HERE}/核查报告.html"):
        assert path in (out / name).read_text(encoding="utf-8-sig")
    assert any(f"file={DATED}/20210315附件.xlsx" in text for text in shown)
    told = [text for text in shown if "家访" in text]
    assert told
    assert all("2021-03-15 家访，2021年4月再访" in text for text in told)
    assert any("2020-09" in text for text in shown)
    assert not any("20*" in text for text in shown)


def test_the_records_and_a_schools_own_cells_hold_the_whole_numbers(desk: Path) -> None:
    out = desk / "结果"
    assert NUMBERS[0] in (out / "data" / "records-3.csv").read_text(encoding="utf-8-sig")
    marked = openpyxl.load_workbook(out / "退回" / HERE / "20210315附件.xlsx")
    assert any(NUMBERS[0] == cell.value for row in marked["表2"] for cell in row)


def test_the_log_holds_no_value_of_a_cell(desk: Path) -> None:
    """But what is a path, a sheet's name, the roster's name of a school or a form's own words besides."""
    books = [openpyxl.load_workbook(path) for path in sorted((desk / "收件夹").rglob("*.xlsx"))]
    sheets = [sheet for book in books for sheet in book if sheet.title != OPINION_SHEET.zh]
    cells = {str(cell.value) for sheet in sheets for row in sheet.iter_rows() for cell in row}
    labels = [label for form in FORMS.forms for field in form.fields for label in (field.label.zh, field.header)]
    paths = (str(path.relative_to(desk)) for path in (desk / "收件夹").rglob("*"))
    known = "\n".join([HERE, THERE, *paths, *(sheet.title for sheet in sheets), *labels])
    log = (desk / "结果" / "data" / "log").read_text(encoding="utf-8")
    assert len(cells) > 150
    assert HERE in log
    assert [value for value in cells if len(value) > 2 and value in log and value not in known] == []


def test_the_log_is_its_owners(desk: Path) -> None:
    assert (desk / "结果" / "data" / "log").stat().st_mode & 0o777 == 0o600


@pytest.fixture(scope="module")
def examples(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a merge of the examples leaves."""
    out = tmp_path_factory.mktemp("examples") / "结果"
    run("merge", EXAMPLES / "returned", "--out", out, "--jobs", "1")
    return out


def test_the_examples_give_no_number_away(examples: Path) -> None:
    numbers = {
        number
        for path in (examples / "data").glob("records-*.csv")
        for number in re.findall(r"(?<!\d)(?:\d{17}[0-9X]|1\d{10})(?!\d)", path.read_text(encoding="utf-8-sig"))
    }
    assert len(numbers) > 100
    assert given_away(texts_below(examples), numbers, size=9) == []
