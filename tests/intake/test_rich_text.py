"""Rich text, which old WPS saves under .doc: its tables are read as those of Word files are."""

from __future__ import annotations

import io
import subprocess
from pathlib import Path

import docx
import pytest
from made_workbooks import cells_of, problem_of, workbook_of

from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.returns import Kind

HEAD = r"{\rtf1\ansi\ansicpg936{\fonttbl{\f0\fcharset134 SimSun;}{\f1\fcharset0 Arial;}}\f0 "


def rtf(body: str) -> bytes:
    """The body after a head of Chinese Windows; what is Chinese is escaped as Windows does."""
    escaped = "".join(each if each.isascii() else "".join(f"\\'{b:02x}" for b in each.encode("gbk")) for each in body)
    return (HEAD + escaped + "}").encode()


def row(*cells: str, edges: str = r"\cellx1000\cellx2000") -> str:
    return rf"\trowd{edges}\pard\intbl " + "".join(rf"{cell}\cell " for cell in cells) + r"\row" + "\n"


@pytest.fixture(scope="module")
def by_office(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """A list as LibreOffice saves it as rich text: a title, merged header cells, two lines in one cell."""
    folder = tmp_path_factory.mktemp("rtf")
    document = docx.Document()
    document.add_paragraph("填报单位：梅林小学（盖章）")
    table = document.add_table(rows=4, cols=3)
    table.cell(0, 0).merge(table.cell(1, 0)).text = "序号"
    table.cell(0, 1).merge(table.cell(0, 2)).text = "学生"
    for at, text in {(1, 1): "姓名", (1, 2): "备注", (2, 0): "1", (2, 1): "赖小满", (2, 2): "随父\n外出"}.items():
        table.cell(*at).text = text
    table.cell(3, 1).text = "钟𠮷"
    buffer = io.BytesIO()
    document.save(buffer)
    (folder / "a.docx").write_bytes(buffer.getvalue())
    profile = f"-env:UserInstallation=file://{folder / 'profile'}"
    command = ["soffice", profile, "--headless", "--convert-to", "rtf", "--outdir", str(folder), str(folder / "a.docx")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    return (folder / "a.rtf").read_bytes()


def test_a_list_saved_by_an_office_program_is_read_under_any_name(by_office: bytes, tmp_path: Path) -> None:
    assert kind_of(by_office, "附件3.doc") is Kind.RTF
    workbook = workbook_of(by_office, "附件3.doc")
    assert cells_of(workbook) == {
        (0, 0): "填报单位：梅林小学（盖章）",
        (1, 0): "序号",
        (1, 1): "学生",
        (2, 1): "姓名",
        (2, 2): "备注",
        (3, 0): "1",
        (3, 1): "赖小满",
        (3, 2): "随父\n外出",
        (4, 1): "钟𠮷",
    }
    assert workbook.grids[0].merged == ((1, 0, 2, 0), (1, 1, 1, 2))


def test_text_in_gbk_is_read_and_what_is_not_shown_is_left_out() -> None:
    hidden = r"{\v 藏}{\*\bkmkstart 书签}{\info{\title 题}}"
    body = (
        rf"附件3{hidden}\par " + row("姓名", r"\u36182?\u23567\'d0{\uc2\u28385\'c2\'fa}") + r"\pard 填表人：王五\par "
    )
    assert cells_of(workbook_of(rtf(body), "a.rtf")) == {
        (0, 0): "附件3",
        (1, 0): "姓名",
        (1, 1): "赖小满",
        (2, 0): "填表人：王五",
    }


def test_cells_that_end_elsewhere_stand_in_the_columns_they_reach_over() -> None:
    body = (
        row("甲", "乙", edges=r"\cellx1000\cellx3000")
        + row("一", "二", "三", edges=r"\cellx1005\cellx2000\cellx3000")
        + row("左", "", "右", edges=r"\clmgf\cellx1000\clmrg\cellx2000\cellx3000")
    )
    workbook = workbook_of(rtf(body), "a.rtf")
    assert cells_of(workbook) == {
        (0, 0): "甲", (0, 1): "乙", (1, 0): "一", (1, 1): "二", (1, 2): "三", (2, 0): "左", (2, 2): "右",
    }  # fmt: skip
    assert workbook.grids[0].merged == ((0, 1, 0, 2), (2, 0, 2, 1))


def test_a_letter_is_kept_beside_and_one_that_breaks_off_is_told() -> None:
    assert problem_of(rtf(r"关于控辍保学工作的说明\par "), "说明.rtf") == ("file-other", "rtf")
    assert problem_of(rtf(row("姓名", "备注"))[:-1], "附件3.rtf") == ("file-unreadable", "truncated")
