"""What a chief and a clerk ask the report: one page alone, what could not be read, the rounds, what was fixed."""

import datetime as dt
import re
import subprocess
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from report_catalogue import CATALOGUE
from report_district import sample
from test_report_page import FIXED, changes_of

from kbxt_merge.model.aims import Aims
from kbxt_merge.model.overview import RoundCounts
from kbxt_merge.outputs.report import Reports
from kbxt_merge.rules.aims import aims
from kbxt_merge.rules.examples import examples

MARCH = dt.datetime(2021, 3, 20, tzinfo=dt.UTC)
EXAMPLES = dict.fromkeys(CATALOGUE, next(each for each in examples().values() if each.rows))
TREND = (RoundCounts(1, MARCH, {"new": 900}), RoundCounts(2, MARCH, {"new": 5, "open": 400, "fixed": 495}))


@pytest.fixture(scope="module")
def reports() -> Reports:
    grown, district, findings = sample()
    verdicts = grown.verdicts()
    verdicts.loc[0, ["verdict", "reason"]] = ["rejected", "文件损坏"]
    found: Aims | None = aims(district)
    changes = changes_of(findings)
    return Reports(
        district,
        findings,
        CATALOGUE,
        verdicts,
        grown.run(),
        changes=changes,
        aims=found,
        trend=TREND,
        examples=EXAMPLES,
    )


@pytest.fixture(scope="module")
def report(reports: Reports, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("brief") / "核查报告.html"
    reports.write(path)
    return path.as_uri()


def pages_of(tab: Page, path: Path) -> list[str]:
    """The texts of the pages on which it is printed."""
    tab.pdf(path=path, prefer_css_page_size=True)
    told = subprocess.run(["pdftotext", "-layout", path, "-"], check=True, capture_output=True).stdout.decode()
    return told.removesuffix("\f").split("\f")


def test_the_brief_is_one_page_with_the_figures_and_no_list(tab: Page, report: str, tmp_path: Path) -> None:
    tab.goto(f"{report}#brief")
    expect(tab.locator("#aims .figures").first).to_be_visible()
    for hidden in ("#matrix", "#rules", "#findings", "#run", "#account"):
        expect(tab.locator(hidden)).to_be_hidden()
    [page] = pages_of(tab, tmp_path / "brief.pdf")
    assert "返校率" in page
    tab.locator(".brief-back a").click()
    expect(tab.locator("#matrix")).to_be_visible()


def test_the_print_has_no_controls_no_settings_and_not_every_kind(tab: Page, report: str, tmp_path: Path) -> None:
    tab.goto(report)
    tab.emulate_media(media="print")
    for hidden in ("#filters", "#fixed-filters", "#run", "#all-rules table", ".contents"):
        expect(tab.locator(hidden)).to_be_hidden()


def test_a_school_with_findings_begins_a_page(tab: Page, report: str, reports: Reports, tmp_path: Path) -> None:
    school = reports.district.schools[0]
    tab.goto(f"{report}#severity=error")
    first = [page for page in pages_of(tab, tmp_path / "all.pdf") if "位置" in page]
    assert first
    frame = reports.findings.frame
    schools = frame.loc[(frame["severity"] == "error") & (frame["school"] != ""), "school"].nunique()
    assert len(first) >= schools
    assert any(page.lstrip().startswith(school) for page in first)


def test_what_could_not_be_read_stands_at_the_top(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    told = tab.locator("#unreadable li")
    expect(told).to_have_count(1)
    expect(told).to_contain_text(str(reports.verdicts.loc[0, "file"]))
    expect(told).to_contain_text("文件损坏")
    top, matrix = (tab.locator(each).bounding_box() for each in ("#unreadable", "#matrix"))
    assert top
    assert matrix
    assert top["y"] < matrix["y"]


def test_the_rounds_stand_in_a_table(tab: Page, report: str) -> None:
    tab.goto(report)
    rows = [re.findall("[0-9,]+", row) for row in tab.locator("#trend tbody tr").all_inner_texts()]
    assert [(row[0], *row[-4:]) for row in rows] == [("1", "900", "0", "0", "900"), ("2", "5", "495", "0", "405")]


def test_what_was_fixed_can_be_filtered(tab: Page, report: str) -> None:
    tab.goto(report)
    tab.locator("#fixed summary").click()
    rows = tab.locator("#fixed tbody tr:visible")
    expect(rows).to_have_count(87)
    tab.locator("#fixed-q").fill("没有这样的话")
    expect(rows).to_have_count(0)
    tab.locator("#fixed-q").fill("年龄")
    tab.locator("#fixed-school").select_option(FIXED.school)
    expect(rows).to_have_count(87)


def test_the_kinds_are_folded_until_asked_for(tab: Page, report: str) -> None:
    tab.goto(report)
    expect(tab.locator("#all-rules table")).to_be_hidden()
    tab.locator("#all-rules summary").click()
    expect(tab.locator("#all-rules table")).to_be_visible()


def test_filters_stay_in_sight(tab: Page, report: str) -> None:
    tab.goto(report)
    tab.locator("#list .finding").nth(30).scroll_into_view_if_needed()
    box = tab.locator("#filters").bounding_box()
    assert box
    assert 0 <= box["y"] < 10


def test_the_register_adds_up_to_all_records(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    declared = reports.district.forms.relations.dropouts
    assert declared
    cells = tab.locator(".register tfoot td").all_inner_texts()
    note = tab.locator(".register + .note")
    repeated = int(re.sub("[^0-9]", "", note.inner_text())) if note.count() else 0
    assert int(cells[-1].replace(",", "")) + repeated == len(reports.district.records[declared.form])


def test_a_finding_leads_to_what_it_means_and_how_to_put_it_right(tab: Page, report: str) -> None:
    tab.goto(report)
    title = tab.locator("#list .finding .rule a").first
    expect(tab.locator("#how details[open]")).to_have_count(0)
    said = title.text_content()
    title.click()
    opened = tab.locator("#how details[open]")
    expect(opened).to_have_count(1)
    expect(opened.locator("summary")).to_have_text(str(said))
    expect(opened.locator("td.marked")).to_be_visible()
    expect(opened.locator("summary")).to_be_focused()
