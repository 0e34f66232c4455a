"""情况汇报.docx: its figures are those that the records add up to, and a merge again leaves it as it was."""

from __future__ import annotations

import copy
import csv
import datetime as dt
import re
import shutil
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import docx
import pytest
from cast import listed, statistics
from docx import Document
from docx.table import Table
from docxtpl import DocxTemplate
from fictional import make_district
from jinja2 import Environment
from sheets import MIDDLE, PRIMARY, district

from kbxt_merge import merging
from kbxt_merge.errors import OutputError
from kbxt_merge.model.aims import Aim
from kbxt_merge.model.district import District
from kbxt_merge.model.overview import Arrival, FormStatus, Overview, RoundCounts, SchoolStatus
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Grid
from kbxt_merge.outputs.brief.figures import NOT_TOLD, BriefFigures, Figures
from kbxt_merge.outputs.brief.write import write_brief
from kbxt_merge.rules.aims import aims
from kbxt_merge.rules.run import check
from kbxt_merge.settings import Settings

MERGED = Settings(period=Period.parse("2021春"), as_of=dt.date(2021, 3, 20), jobs=0)


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a merge of a small district leaves, merged twice."""
    folder = tmp_path_factory.mktemp("brief")
    make_district(folder / "made", schools=3, seed=3, variants=False, faults=[])
    (folder / "made" / "roster.xlsx").rename(folder / "made" / "学校名册.xlsx")
    merging.merge(folder / "made" / "inbox", folder / "out", MERGED)
    (folder / "first.docx").write_bytes((folder / "out" / "汇总" / "情况汇报.docx").read_bytes())
    merging.merge(folder / "made" / "inbox", folder / "out", MERGED)
    return folder / "out"


def rows_of(out: Path, form: str) -> list[dict[str, str]]:
    with (out / "data" / f"records-{form}.csv").open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def cells(table: Table) -> list[list[str]]:
    return [[cell.text for cell in row.cells] for row in table.rows]


def table_headed(document: docx.document.Document, *headers: str) -> list[list[str]]:
    [found] = [rows for table in document.tables if (rows := cells(table))[0][: len(headers)] == list(headers)]
    return found[1:]


COUNTED = {"应返校": "due", "已返校": "returned", "劝返复学": "brought_back"}


def test_the_figures_are_what_the_records_add_up_to(out: Path) -> None:
    counts, dropouts = rows_of(out, "1-1"), rows_of(out, "1-2")
    due, back = (sum(int(row[name]) for row in counts) for name in ("due", "returned"))
    out_of_school = [row for row in dropouts if row["registration_type"] == "失学辍学"]
    brought_back = sum(int(row["brought_back"]) for row in counts)
    disabled = rows_of(out, "3")
    expected = {
        "应返校": due,
        "已返校": back,
        "失学辍学": len(out_of_school),
        "其中脱贫户": sum(row["person_category"] == "建档立卡脱贫户" for row in out_of_school),
        "缓学休学": len(dropouts) - len(out_of_school),
        "劝返复学": brought_back,
        "送教上门": len(rows_of(out, "4")),
        "残疾儿童": len(disabled),
        "在校就读": sum(row["enrolment"] == "是" for row in disabled),
    }
    assert min(expected.values()) > 0
    document = Document(out / "汇总" / "情况汇报.docx")
    told = {row[0]: row[1] for row in table_headed(document, "指标")}
    rates = told.pop("返校率"), told.pop("劝返复学率")
    assert {name: int(count) for name, count in told.items()} == expected
    assert [float(each.rstrip("%")) for each in rates] == pytest.approx(
        [100 * back / due, 100 * brought_back / (brought_back + len(out_of_school))], abs=0.01
    )
    schools = table_headed(document, "学校", "应返校")
    assert sorted(row[0] for row in schools[:-1]) == sorted({row["school"] for row in counts})
    assert [sum(int(row[1]) for row in schools[:-1]), int(schools[-1][1])] == [due, due]
    forms = {row[0]: row[2] for row in table_headed(document, "表")}
    assert list(map(int, forms.values())) == [len(rows_of(out, slug)) for slug in ("1-1", "1-2", "2", "3", "4", "5")]


@pytest.fixture(scope="module")
def autumn(out: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the next period's merge leaves, to which one school did not report."""
    folder = tmp_path_factory.mktemp("autumn")
    shutil.copytree(out.parent / "made" / "inbox", folder / "inbox", ignore=shutil.ignore_patterns("*江口清溪中学*"))
    shutil.copytree(out, folder / "out")
    merging.merge(folder / "inbox", folder / "out", replace(MERGED, period=Period.parse("2021秋")))
    return folder / "out"


def test_the_last_period_is_what_its_own_records_add_up_to(out: Path, autumn: Path) -> None:
    def summed(folder: Path) -> dict[str, int]:
        counts, dropouts, disabled = (rows_of(folder, form) for form in ("1-1", "1-2", "3"))
        out_of_school = [row for row in dropouts if row["registration_type"] == "失学辍学"]
        return {
            **{name: sum(int(row[field]) for row in counts) for name, field in COUNTED.items()},
            "失学辍学": len(out_of_school),
            "其中脱贫户": sum(row["person_category"] == "建档立卡脱贫户" for row in out_of_school),
            "缓学休学": len(dropouts) - len(out_of_school),
            "送教上门": len(rows_of(folder, "4")),
            "残疾儿童": len(disabled),
            "在校就读": sum(row["enrolment"] == "是" for row in disabled),
        }

    now, then = summed(autumn), summed(out)
    assert now != then
    document = Document(autumn / "汇总" / "情况汇报.docx")
    told = {row[0]: row[1:] for row in table_headed(document, "指标")}
    shares = {"返校率": ("已返校", ("应返校",)), "劝返复学率": ("劝返复学", ("劝返复学", "失学辍学"))}
    for name, (part, whole) in shares.items():
        before, after = (100 * each[part] / sum(each[of] for of in whole) for each in (then, now))
        shown = [float(re.sub("[^0-9.+-]", "", cell) or 0) for cell in told.pop(name)]
        assert shown == pytest.approx([after, before, after - before], abs=0.015), name
    change = {name: "持平" if now[name] == then[name] else f"{now[name] - then[name]:+d}" for name in now}
    assert told == {name: [str(now[name]), str(then[name]), change[name]] for name in now}


def test_a_merge_again_leaves_it_as_it_was(out: Path) -> None:
    assert (out / "汇总" / "情况汇报.docx").read_bytes() == (out.parent / "first.docx").read_bytes()


def test_nothing_is_left_of_the_template_s_own_marks_and_no_child_is_named(out: Path) -> None:
    document = Document(out / "汇总" / "情况汇报.docx")
    texts = [each.text for each in document.paragraphs]
    texts += [cell for table in document.tables for row in cells(table) for cell in row]
    assert not [text for text in texts if "{" in text or "}" in text or "None" in text]
    names = {row["name"] for row in rows_of(out, "1-2") if row["name"]}
    assert names
    assert not [text for text in texts if names & {text}]


def figures(made: District, overview: Overview | None = None) -> Figures:
    found = check(made)
    worked_out = aims(made)
    assert worked_out
    return BriefFigures(made, found, worked_out, overview).context()


def test_what_nobody_told_is_not_counted() -> None:
    told = figures(district({"茅中.xlsx": listed("3", "| 姓名 |\n| 赖小满 |", school=MIDDLE)}))
    assert (told["应返校"], told["返校率"], told["劝返复学率"], told["学校数"]) == (NOT_TOLD,) * 4
    assert told["残疾儿童"] == "1"
    assert [(each["名称"], each["本期"], each["上期"]) for each in told["指标"]] == [
        ("残疾儿童", "1", NOT_TOLD),
        ("在校就读", "1", NOT_TOLD),
    ]


def test_where_nobody_told_anything_the_first_page_names_all_that_is_asked() -> None:
    told = figures(district({"说明.xlsx": Grid("说明", [["本校无"]])}))
    assert [each["名称"] for each in told["指标"]] == [aim.words.zh for aim in Aim]
    assert {each[column] for each in told["指标"] for column in ("本期", "上期", "增减")} == {NOT_TOLD}


def test_rounds_late_schools_and_what_was_fixed_are_the_ledgers() -> None:
    day = dt.datetime(2021, 3, 20, tzinfo=dt.UTC)
    came, late, missing = (FormStatus(each, day.date(), 1) for each in (Arrival.IN_TIME, Arrival.LATE, Arrival.MISSING))
    schools = (
        SchoolStatus(PRIMARY, True, {"1-1": came}, 0, 2, 1, fixed=4),
        SchoolStatus(MIDDLE, True, {"1-1": late}, 0, 0, 0),
        SchoolStatus("赣县区田村学校", True, {"1-1": missing}, 0, 0, 0),
        SchoolStatus("赣县区高中", True, {"1-1": FormStatus(Arrival.NOT_OWED)}, 0, 0, 0),
    )
    trend = (RoundCounts(1, day, {"new": 6}), RoundCounts(2, day, {"new": 1, "open": 2, "fixed": 4, "confirmed": 1}))
    seen = Overview("局", "2021春", day.date(), 2, day, {}, ("1-1",), schools, 2, 1, (), trend)
    told = figures(district({"梅小.xlsx": statistics("| 应返校学生数 | 1 |")}), seen)
    assert (told["学校数"], told["已报数"], told["未报学校"], told["迟报学校"]) == (3, 2, "赣县区田村学校", MIDDLE)
    assert [(each["新增"], each["改正"], each["未改"]) for each in told["轮次"]] == [("6", "0", "6"), ("1", "4", "3")]
    assert [(each["名称"], each["已改正"], each["必须修改"]) for each in told["整改"]] == [(PRIMARY, "4", "2")]


@pytest.fixture
def own_template(tmp_path: Path) -> Iterator[Path]:
    document = Document()
    document.add_paragraph("{{ 局 }}：{{ 应返校 }} & {{ 学期 }}")
    document.save(tmp_path / "own.docx")
    return tmp_path / "own.docx"


def test_a_bureau_s_own_template_is_filled_in(own_template: Path, tmp_path: Path) -> None:
    path = write_brief({"局": "甲<乙>&局", "应返校": "5", "学期": "春"}, tmp_path / "out", own_template)
    assert [each.text for each in Document(path).paragraphs] == ["甲<乙>&局：5 & 春"]
    assert path.stat().st_mode & 0o777 == 0o600


def test_a_template_comes_out_as_docxtpl_itself_fills_it_in(tmp_path: Path) -> None:
    """Cells over several columns, rows of other lengths than the table says, line breaks, a header, properties."""
    document = Document()
    document.core_properties.title = "{{ 学期 }}"
    document.sections[0].header.paragraphs[0].text = "{{ 局 }}"
    document.add_paragraph("{{ 局 }}\t{{ 学期 }}")
    spanned, longer = document.add_table(2, 3), document.add_table(2, 2)
    spanned.cell(0, 0).merge(spanned.cell(0, 1)).text = "{{ 局 }}"
    longer.cell(1, 1).text = "{%tc for 项 in 各项 %}"
    for text in ("{{ 项 }}", "{%tc endfor %}"):
        cell = copy.deepcopy(longer.cell(0, 0)._tc)
        longer.rows[1]._tr.append(cell)
        longer.rows[1].cells[-1].text = text
    document.save(tmp_path / "own.docx")
    told = {"局": "甲局\n乙股\t丙", "学期": "春", "各项": ["一", "二", "三", "四"]}
    plain = DocxTemplate(tmp_path / "own.docx")
    plain.render(told, Environment(autoescape=True), autoescape=True)
    plain.save(tmp_path / "plain.docx")
    for _ in range(2):  # the second time with what was kept of the template
        path = write_brief(told, tmp_path / "out", tmp_path / "own.docx")
        with zipfile.ZipFile(path) as mine, zipfile.ZipFile(tmp_path / "plain.docx") as theirs:
            assert {name: mine.read(name) for name in mine.namelist()} == {
                name: theirs.read(name) for name in theirs.namelist()
            }


def test_a_name_that_nobody_knows_ends_in_a_sentence_that_says_it(own_template: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError) as told:
        write_brief({"局": "局", "学期": "春"}, tmp_path / "out", own_template)
    assert "应返校" in told.value.sentence("zh")
    own_template.write_bytes(b"no zip")
    with pytest.raises(OutputError):
        write_brief({}, tmp_path / "out", own_template)


def test_whoever_starts_to_write_does_not_wait_for_word() -> None:
    code = "import sys, kbxt_merge.write_outputs; sys.exit('docxtpl' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
