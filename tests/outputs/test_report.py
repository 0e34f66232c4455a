"""The report as a file: what it holds, what it hides, and what it never lets out."""

import base64
import dataclasses
import hashlib
import html
import json
import re
from pathlib import Path

import pytest
from report_catalogue import CATALOGUE
from report_district import ReportDistrict, sample

from kbxt_merge.model.finding import Findings
from kbxt_merge.outputs.report import Reports

LONG_NUMBER = re.compile(r"(?<![0-9a-zA-Z+/=])[0-9]{11,}")


@pytest.fixture(scope="module")
def reports() -> Reports:
    grown, district, findings = sample()
    return Reports(district, findings, CATALOGUE, grown.verdicts(), grown.run())


@pytest.fixture(scope="module")
def page(reports: Reports, tmp_path_factory: pytest.TempPathFactory) -> str:
    path = tmp_path_factory.mktemp("report") / "核查报告.html"
    reports.write(path)
    return path.read_text(encoding="utf-8")


def data_of(page: str) -> dict:
    found = re.search(r'<script type="application/json" id="data">(.*?)</script>', page, re.S)
    assert found
    return json.loads(found[1])


def test_every_finding_is_listed_once(reports: Reports, page: str) -> None:
    data = data_of(page)
    assert len(data["findings"]["rule"]) == len(reports.findings.frame) == sum(data["counts"]["count"])


def test_each_message_is_its_sentence_with_its_own_facts_in_it(reports: Reports, page: str) -> None:
    data = data_of(page)
    told = []
    for number in data["findings"]["message"]:
        sentence, *facts = data["messages"][number]
        first, *parts = data["sentences"][sentence]
        told.append(first + "".join(data["texts"][fact] + part for fact, part in zip(facts, parts, strict=True)))
    assert sorted(told) == sorted(reports.findings.sentences(reports.district.forms, "zh"))
    assert len(data["sentences"]) < len(data["messages"]) < len(told)


def test_no_long_number_is_left_in_the_page(page: str) -> None:
    assert not LONG_NUMBER.findall(page)


def test_the_page_asks_for_nothing_from_outside(page: str) -> None:
    assert "default-src 'none'" in html.unescape(page)
    assert not re.findall(r"""(?:src|href)=["'](?!#)""", page)


def test_only_the_pages_own_style_and_script_may_run(page: str) -> None:
    for kind in ("style", "script"):
        found = re.search(rf"<{kind}>(.*?)</{kind}>", page, re.S)
        assert found
        digest = base64.b64encode(hashlib.sha256(found[1].encode()).digest()).decode()
        assert f"{kind}-src 'sha256-{digest}'" in html.unescape(page)
    assert not re.search(r"<[^>]* (?:style|on[a-z]+)=", page.partition("<script")[0])


def test_unmasked_shows_id_numbers_and_says_so(reports: Reports, tmp_path: Path) -> None:
    told = dataclasses.replace(reports, unmasked=True)
    told.write(tmp_path / "核查报告.html")
    page = (tmp_path / "核查报告.html").read_text(encoding="utf-8")
    assert LONG_NUMBER.findall(page)
    assert 'class="banner"' in page


def test_the_account_and_what_was_not_checked_stand_at_the_foot(reports: Reports, page: str) -> None:
    foot = page[page.index('id="not-checked"') :]
    for number in reports.run["account"].values():
        assert f">{number:,}<" in foot
    assert CATALOGUE["age-id-mismatch"].title.zh in foot


def test_what_was_not_done_for_want_of_a_relation_stands_there_too(reports: Reports, tmp_path: Path) -> None:
    forms = reports.district.forms
    assert forms.relations.off == ()
    without = dataclasses.replace(forms, relations=dataclasses.replace(forms.relations, dropouts=None))
    told = dataclasses.replace(reports, district=dataclasses.replace(reports.district, forms=without))
    told.write(tmp_path / "核查报告.html")
    page = (tmp_path / "核查报告.html").read_text(encoding="utf-8")
    foot = page[page.index('id="not-checked"') :]
    assert all(each.feature.words.zh in foot and each.why("zh") in foot for each in without.relations.off)
    assert {each.feature.value for each in without.relations.off} >= {"monthly-flow", "register-chart"}
    assert '<table class="register">' not in page


def test_a_clean_district_has_nothing_to_list(tmp_path: Path) -> None:
    grown = ReportDistrict(2)
    for name in grown.small.schools:
        grown.school(name, 1)
    findings = Findings()
    Reports(grown.district(), findings, CATALOGUE, grown.verdicts(), grown.run()).write(tmp_path / "a.html")
    assert data_of((tmp_path / "a.html").read_text(encoding="utf-8"))["findings"]["rule"] == []


def test_a_school_sees_its_own_rows_only(reports: Reports, tmp_path: Path) -> None:
    school, other = reports.district.schools[:2]
    reports.write_school(school, tmp_path / "核查报告.html")
    data = data_of((tmp_path / "核查报告.html").read_text(encoding="utf-8"))
    records = reports.district.records["1-2"]
    theirs = set(records.typed["name"][records.school == other]) - set(records.typed["name"][records.school == school])
    assert {data["schools"][at] for at in data["findings"]["school"]} == {school}
    assert not theirs & set(data["texts"])


def test_a_schools_page_hides_numbers_whatever_the_districts_shows(reports: Reports, tmp_path: Path) -> None:
    told = dataclasses.replace(reports, unmasked=True)
    told.write_school(told.district.schools[0], tmp_path / "核查报告.html")
    page = (tmp_path / "核查报告.html").read_text(encoding="utf-8")
    assert not LONG_NUMBER.findall(page)
    assert 'class="banner"' not in page
