"""What a school types is text, whatever it looks like."""

import json
from pathlib import Path

from playwright.sync_api import Page, expect
from report_catalogue import CATALOGUE
from report_district import ReportDistrict

from kbxt_merge.outputs.report import Reports

ATTACKS = [
    "<script>window.struck = 1</script>",
    "</script><script>window.struck = 1</script>",
    "<!--<script>",
    "]]><svg onload=window.struck=1>",
    '"><img src=x onerror="window.struck=1">',
    "{{ 7 * 7 }}{% raw %}",
    "'; window.struck = 1; //",
    "\u202egnorw\u202c",
    "王\u200b小\u200d明",
    "王\u2028小\u2029明",
    "&lt;b&gt; & &amp;",
    "javascript:window.struck=1",
]


def hostile_reports() -> Reports:
    """A district whose every name, cell, file, sheet, message and suggestion is an attack."""
    grown = ReportDistrict(len(ATTACKS))
    grown.small.schools = [f"{attack}学校" for attack in ATTACKS]
    child = grown.child
    for attack, school in zip(ATTACKS, grown.small.schools, strict=True):
        grown.child = lambda attack=attack: {**dict.fromkeys(child(), attack), "health": attack}
        grown.school(school, 2)
        for returned in grown.small.returned[-6:]:
            returned.sheet.sheet = attack
            returned.sheet.cells = {name: [attack] * len(cells) for name, cells in returned.sheet.cells.items()}
    district = grown.district()
    for slug, field, rule in (("1-2", "name", "card-missing"), ("3", "age", "age-id-mismatch")):
        records = district.records[slug]
        for record in range(len(records)):
            attack = ATTACKS[record // 2]
            other = records.returned[records.sheet[record - 1]]
            related = f"{other.file.path} › {other.sheet.sheet} › B5"
            words = {"zh": f"{attack}有误", "suggestion": attack, "related": related}
            grown.find(district, rule, slug, field, record, **words)
    grown.find_beside("file-encrypted", ATTACKS[0], f"{ATTACKS[1]}.xlsx", ATTACKS[2], ATTACKS[2])
    run = {**grown.run(), "settings": {attack: attack for attack in ATTACKS}, "version": ATTACKS[0], "made": ATTACKS[1]}
    return Reports(district, grown.findings(), CATALOGUE, grown.verdicts(), run)


def unfold(tab: Page) -> None:
    while tab.locator("#more").count():
        tab.locator("#more").evaluate("button => button.click()")


def test_no_text_of_a_school_runs_and_all_of_it_is_shown(tab: Page, tmp_path: Path) -> None:
    reports = hostile_reports()
    path = tmp_path / "report.html"
    reports.write(path)
    tab.goto(path.as_uri())
    unfold(tab)
    tab.evaluate("printList()")
    assert tab.evaluate("window.struck") is None
    assert tab.locator("script").count() == 2
    assert tab.locator("main img, main svg[onload], main [onerror]").count() == 0
    shown = tab.locator("#list").evaluate("list => list.textContent")
    for attack in ATTACKS:
        assert attack in shown


def test_a_school_with_a_hostile_name_is_filtered_and_copied(tab: Page, tmp_path: Path) -> None:
    reports = hostile_reports()
    path = tmp_path / "report.html"
    reports.write(path)
    tab.goto(path.as_uri())
    for position, school in enumerate(reports.district.schools):
        tab.locator("#matrix-table tbody th a").nth(position).click()
        expect(tab.locator("#filter-school")).to_have_value(school)
        assert tab.locator("#list h3 bdi").evaluate("heading => heading.textContent") == school
    assert tab.evaluate("window.struck") is None


def test_a_schools_own_report_is_as_safe(tab: Page, tmp_path: Path) -> None:
    reports = hostile_reports()
    for number, school in enumerate(reports.district.schools):
        path = tmp_path / f"report-{number}.html"
        reports.write_school(school, path)
        tab.goto(path.as_uri())
        assert tab.evaluate("window.struck") is None
        data = json.loads(tab.locator("#data").text_content() or "")
        assert data["school"] == school
