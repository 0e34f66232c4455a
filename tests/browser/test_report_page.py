"""The report as people meet it: read, filtered, sorted, copied, printed, on wide and narrow screens."""

import re
from pathlib import Path

import pandas as pd
import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page, expect
from report_catalogue import CATALOGUE
from report_district import sample

from kbxt_merge.model.finding import Findings
from kbxt_merge.model.round import Changes, Fixed, Life
from kbxt_merge.model.text import Language, Words
from kbxt_merge.outputs.report import Reports

NARROW = {"width": 360, "height": 740}
FIXED = Fixed("梅林小学", "3", "age-invalid", "error", "附件3.xlsx", "表3", "E5", Words("年龄不规范", "no age"))
LIVES = [Life.NEW, Life.STILL, Life.STILL, Life.BACK, Life.CONFIRMED]


def changes_of(findings: Findings) -> Changes:
    """A second round: every fifth finding is new, the others are known from the first."""
    labels = findings.frame.index
    states = [LIVES[number % len(LIVES)].value for number in range(len(labels))]
    return Changes(2, pd.DataFrame({"life": states, "first_seen": "2021-03-02"}, index=labels), fixed=[FIXED] * 87)


@pytest.fixture(scope="module")
def reports() -> Reports:
    grown, district, findings = sample()
    return Reports(district, findings, CATALOGUE, grown.verdicts(), grown.run(), changes=changes_of(findings))


@pytest.fixture(scope="module")
def report(reports: Reports, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("wide") / "核查报告.html"
    reports.write(path)
    return path.as_uri()


def numbers(text: str) -> list[int]:
    return [int(each.replace(",", "")) for each in re.findall(r"[0-9][0-9,]*", text)]


def listed(tab: Page) -> int:
    """How many findings the list holds once all of it is unfolded."""
    while tab.locator("#more").count():
        tab.locator("#more").evaluate("button => button.click()")
    return tab.locator("#list .finding").count()


def counted(tab: Page) -> int:
    return numbers(tab.locator("#count").inner_text())[0]


def test_the_count_is_what_the_list_holds(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    frame = reports.findings.frame
    assert counted(tab) == listed(tab) == (frame["severity"] != "info").sum()


def test_the_sums_of_the_matrix_are_the_findings(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    *by_form, errors, warnings = [numbers(each) for each in tab.locator("#matrix-table tfoot td").all_inner_texts()]
    severity = reports.findings.frame["severity"].value_counts()
    assert (errors, warnings) == ([severity["error"]], [severity["warning"]])
    assert sum(sum(each) for each in by_form) == severity["error"] + severity["warning"]


def test_every_cell_of_the_matrix_leads_to_as_many_findings_as_it_says(tab: Page, report: str) -> None:
    tab.goto(report)
    for number in (0, 1, 2, 7, 20):
        link = tab.locator("#matrix-table td a").nth(number)
        said = sum(numbers(link.inner_text()))
        link.click()
        expect(tab.locator("#findings")).to_be_focused()
        assert counted(tab) == listed(tab) == said


def test_filters_stand_in_the_address_and_come_back_from_it(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    school = reports.district.schools[0]
    tab.locator("#filters").get_by_label("学校", exact=True).select_option(school)
    tab.get_by_role("checkbox", name="说明").check()
    tab.get_by_role("checkbox", name="必须修改").uncheck()
    frame = reports.findings.frame
    expected = ((frame["school"] == school) & (frame["severity"] != "error")).sum()
    assert counted(tab) == listed(tab) == expected > 0
    address = tab.url
    tab.goto("about:blank")
    tab.goto(address)
    assert counted(tab) == listed(tab) == expected
    expect(tab.locator("#filters").get_by_label("学校", exact=True)).to_have_value(school)
    tab.get_by_role("button", name="清除筛选").click()
    assert counted(tab) == (frame["severity"] != "info").sum()


@pytest.mark.parametrize(("label", "column", "value"), [("表", "form", "3"), ("问题", "rule", "id-checksum")])
def test_each_filter_holds_what_it_names(
    tab: Page, report: str, reports: Reports, label: str, column: str, value: str
) -> None:
    tab.goto(report)
    tab.locator("#filters").get_by_label(label, exact=True).select_option(value)
    frame = reports.findings.frame
    assert counted(tab) == listed(tab) == ((frame[column] == value) & (frame["severity"] != "info")).sum()


def test_what_a_round_changed_leads_to_its_findings(tab: Page, report: str) -> None:
    tab.goto(report)
    for state in ("new", "open", "back", "confirmed"):
        link = tab.locator(f"#glance a[href^='#life={state}&']")
        said = sum(numbers(link.inner_text()))
        link.click()
        expect(tab.locator("#filter-life")).to_have_value(state)
        assert counted(tab) == listed(tab) == said
        expect(tab.locator("#list .finding").first.locator(".life")).to_be_visible()
    expect(tab.locator("#glance .figures").nth(1)).to_contain_text("87")


def test_text_is_found_in_the_row_that_the_school_typed(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    finding = reports.findings.frame.query("rule == 'phone-invalid'").iloc[0]
    guardian = str(reports.district.records["4"].typed["guardian"][finding["record"]])
    tab.locator("#filters").get_by_label("查找", exact=True).fill(guardian)
    expect(tab.locator("#list .finding").first).to_contain_text(guardian)
    assert counted(tab) == listed(tab)


def test_a_finding_shows_its_place_its_row_and_the_cell_marked(tab: Page, report: str, reports: Reports) -> None:
    finding = reports.findings.frame.query("rule == 'age-id-mismatch'").iloc[0]
    tab.goto(f"{report}#school={finding['school']}&rule=age-id-mismatch")
    shown = tab.locator("#list .finding").first
    expect(shown.locator(".cell")).to_have_text(finding["cell"])
    expect(tab.locator("#list h4").first).to_contain_text(finding["file"])
    expect(shown.locator("mark")).to_contain_text(finding["value"])
    name = str(reports.district.records["3"].typed["name"][finding["record"]])
    expect(shown.locator(".row").first).to_contain_text(name)


def test_both_ends_of_a_joined_finding_stand_side_by_side(tab: Page, report: str) -> None:
    tab.goto(f"{report}#rule=duplicate-across-schools")
    ends = tab.locator("#list .finding").first.locator(".end")
    here, there = ends.nth(0).bounding_box(), ends.nth(1).bounding_box()
    assert here
    assert there
    assert here["y"] == there["y"]
    assert here["x"] + here["width"] <= there["x"]
    expect(ends.nth(1).locator("mark")).to_contain_text("999")


def test_a_click_on_a_header_sorts_the_matrix_and_another_turns_it(tab: Page, report: str) -> None:
    tab.goto(report)
    errors = tab.locator("#matrix-table tbody tr td:nth-last-child(2)")
    header = tab.locator("#matrix-table thead th").nth(9)
    header.get_by_role("button").click()
    expect(header).to_have_attribute("aria-sort", "descending")
    shown = [sum(numbers(each)) for each in errors.all_inner_texts()]
    assert shown == sorted(shown, reverse=True) != sorted(shown)
    header.get_by_role("button").click()
    assert [sum(numbers(each)) for each in errors.all_inner_texts()] == sorted(shown)


def test_findings_can_be_arranged_by_rule(tab: Page, report: str) -> None:
    tab.goto(report)
    tab.locator("#filters").get_by_label("排列", exact=True).select_option("rule")
    assert listed(tab) == counted(tab)
    headings = tab.locator("#list h3 bdi").all_inner_texts()
    assert len(headings) == len(set(headings))
    assert CATALOGUE["id-checksum"].title.zh in headings


def test_a_schools_list_is_copied_as_text(context: BrowserContext, tab: Page, report: str, reports: Reports) -> None:
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    school = reports.district.schools[0]
    tab.goto(f"{report}#school={school}")
    tab.get_by_role("button", name=f"复制文字：{school}").click()
    expect(tab.get_by_role("button", name=f"复制文字：{school}")).to_have_text("已复制")
    copied = tab.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(school)
    assert len(re.findall(r"^[0-9]+\. ", copied, re.M)) == counted(tab)
    assert not re.search(r"[0-9]{11}", copied)


def test_where_copying_is_refused_the_text_is_offered(tab: Page, report: str) -> None:
    tab.add_init_script("navigator.clipboard.writeText = () => Promise.reject(new Error('no'))")
    tab.goto(report)
    tab.locator("button.copy").first.click()
    expect(tab.locator("#copy-text")).to_have_value(re.compile("1\\. "))
    tab.get_by_role("button", name="关闭").click()
    expect(tab.locator("#copy-dialog")).to_be_hidden()


def test_on_paper_each_school_has_its_page_and_no_control_is_left(tab: Page, report: str, reports: Reports) -> None:
    tab.goto(report)
    pdf = tab.pdf(prefer_css_page_size=True)
    tab.emulate_media(media="print")
    tab.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert tab.locator("#print-list tbody tr").count() == counted(tab)
    sheets = tab.locator("#print-list table")
    breaks = sheets.evaluate_all("sheets => sheets.slice(1).map(each => getComputedStyle(each).breakBefore)")
    assert set(breaks) == {"page"}
    heads = sheets.evaluate_all("sheets => sheets.map(each => getComputedStyle(each.tHead).display)")
    assert set(heads) == {"table-header-group"}
    schools = reports.findings.frame.query("severity != 'info'")["school"].nunique()
    assert sheets.count() == schools
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) > schools
    for control in ("#filters", "#list", ".skip", ".contents"):
        expect(tab.locator(control)).to_be_hidden()


def test_without_scripts_the_findings_are_a_plain_list(
    browser: object, context: BrowserContext, report: str, reports: Reports
) -> None:
    assert context.browser
    plain = context.browser.new_context(java_script_enabled=False)
    page = plain.new_page()
    page.goto(report)
    assert page.locator("table.plain tbody tr").count() == len(reports.findings.frame)
    expect(page.locator("#filters")).to_be_hidden()
    plain.close()


def test_a_narrow_screen_needs_no_sideways_scrolling(tab: Page, report: str) -> None:
    tab.set_viewport_size(NARROW)
    tab.goto(report)
    listed(tab)
    assert tab.evaluate("document.documentElement.scrollWidth") <= NARROW["width"]
    box = tab.locator("#filters").get_by_label("问题", exact=True).bounding_box()
    assert box
    assert 0 <= box["x"] <= box["x"] + box["width"] <= NARROW["width"]


def test_the_keyboard_reaches_the_findings_and_a_filter(tab: Page, report: str) -> None:
    tab.goto(report)
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")
    expect(tab.get_by_role("checkbox", name="必须修改")).to_be_focused()
    before = counted(tab)
    tab.keyboard.press("Space")
    expect(tab.get_by_role("checkbox", name="必须修改")).not_to_be_checked()
    assert counted(tab) < before


@pytest.mark.parametrize(
    ("kind", "width", "language"),
    [("district", 1400, "zh"), ("district", 360, "en"), ("school", 1400, "en"), ("school", 360, "zh")],
)
def test_axe_finds_nothing(tab: Page, tmp_path: Path, kind: str, width: int, language: Language) -> None:
    grown, district, findings = sample(schools=6, rows=3, findings=20)
    told = Reports(district, findings, CATALOGUE, grown.verdicts(), grown.run(), language, changes=changes_of(findings))
    path = tmp_path / "report.html"
    if kind == "district":
        told.write(path)
    else:
        told.write_school(district.schools[0], path)
    tab.set_viewport_size({"width": width, "height": 900})
    tab.goto(path.as_uri())
    found = Axe().run(tab)
    assert [(each["id"], each["nodes"][0]["html"]) for each in found.response["violations"]] == []
