"""The rooms of the report: which findings it holds, who returned what, and where a joined finding has its other end."""

from collections import Counter

import pandas as pd
import pytest
from report_district import ReportDistrict
from small_district import FIRST_ROW

from kbxt_merge.model.district import District
from kbxt_merge.model.finding import FINDING_COLUMNS
from kbxt_merge.model.returned_form import Standing
from kbxt_merge.model.returns import Kind, Reading, SourceFile
from kbxt_merge.outputs.report.charts import Register, _chart, drawing
from kbxt_merge.outputs.report.counts import Counts
from kbxt_merge.outputs.report.matrix import Matrix, State, matrix
from kbxt_merge.outputs.report.rows import Ends
from kbxt_merge.outputs.report.selection import Order

SCHOOLS = ["乙校", "甲校", ""]


def findings(*rows: tuple[str, str, str, str]) -> pd.DataFrame:
    """Findings of (school, file, severity, rule), in the order of their files."""
    blank = dict.fromkeys(FINDING_COLUMNS, "")
    named = [dict(zip(("school", "file", "severity", "rule"), row, strict=True)) for row in rows]
    return pd.DataFrame([{**blank, "record": -1, **each} for each in named], columns=list(FINDING_COLUMNS))


def test_findings_stand_school_by_school_file_by_file_errors_first() -> None:
    found = findings(
        ("甲校", "a.xlsx", "info", "x"),
        ("甲校", "a.xlsx", "error", "x"),
        ("", "b.xlsx", "error", "x"),
        ("甲校", "c.xlsx", "error", "x"),
        ("乙校", "d.xlsx", "warning", "x"),
    )
    chosen = Order.of(found, SCHOOLS).of_all()
    assert list(zip(chosen.columns["file"], chosen.columns["severity"], strict=True)) == [
        ("d.xlsx", "warning"),
        ("a.xlsx", "error"),
        ("a.xlsx", "info"),
        ("c.xlsx", "error"),
        ("b.xlsx", "error"),
    ]
    assert chosen.share is None


def test_a_schools_page_holds_its_own_findings_in_their_order() -> None:
    found = findings(
        ("甲校", "a.xlsx", "warning", "x"),
        ("乙校", "b.xlsx", "error", "x"),
        ("甲校", "a.xlsx", "error", "y"),
    )
    order = Order.of(found, SCHOOLS)
    assert order.of_school("甲校").columns["rule"] == ["y", "x"]
    assert order.of_school("乙校").columns["file"] == ["b.xlsx"]
    assert order.of_school("丙校").columns["rule"] == []


def test_of_too_many_findings_the_first_of_each_school_and_rule_are_held() -> None:
    many = [("甲校", "a.xlsx", "error", "common")] * 50 + [
        ("甲校", "a.xlsx", "error", "rare"),
        ("乙校", "b.xlsx", "error", "common"),
    ]
    chosen = Order.of(findings(*many), SCHOOLS).of_all(most=10)
    assert chosen.total == 52
    assert chosen.share == 5
    assert Counter(zip(chosen.columns["school"], chosen.columns["rule"], strict=True)) == {
        ("乙校", "common"): 1,
        ("甲校", "common"): 5,
        ("甲校", "rare"): 1,
    }


@pytest.fixture
def grown() -> ReportDistrict:
    """Three schools: the first two returned two rows of everything, the third nothing."""
    grown = ReportDistrict(3)
    for name in grown.small.schools[:2]:
        grown.school(name, 2)
    return grown


def matrix_of(grown: ReportDistrict, district: District, verdicts: pd.DataFrame) -> Matrix:
    return matrix(district, Counts.of(grown.findings().frame.assign(life="")), [*district.schools, ""], verdicts)


def test_a_cell_of_the_matrix_says_how_the_form_stands(grown: ReportDistrict) -> None:
    first, second, third = grown.small.schools
    district = grown.district()
    grown.find(district, "age-id-mismatch", "3", "age", 0)
    grown.find(district, "grade-age-mismatch", "3", "grade", 0)
    grown.find(district, "grade-age-mismatch", "3", "grade", 2)
    grown.find_beside("school-not-returned", third, "", "没有报送", "nothing came")
    returned = matrix_of(grown, district, grown.verdicts())
    states = {line.school: line.cells["3"].state for line in returned.lines}
    assert states == {first: State.ERRORS, second: State.WARNINGS, third: State.MISSING}
    assert [line.cells["1-2"].state for line in returned.lines] == [State.CLEAN, State.CLEAN, State.MISSING]
    assert (returned.tally.errors, returned.tally.warnings) == (2, 2)
    assert returned.lines[2].beside.errors == 1
    assert returned.returned("3") == 2
    assert returned.records("3") == 4


def test_an_older_copy_is_counted_beside_the_form_in_force(grown: ReportDistrict) -> None:
    district = grown.district()
    district.returned[1].standing = Standing.SUPERSEDED
    returned = matrix_of(grown, district, grown.verdicts())
    assert returned.lines[0].cells[district.returned[1].form.slug].superseded == 1


@pytest.mark.parametrize(
    ("path", "ticked"),
    [("{school}/附件1-2盖章件.pdf", {"1-2"}), ("{school}附件 1-1.jpg", {"1-1"}), ("{school}/盖章件.pdf", set())],
)
def test_a_scan_is_ticked_off_by_its_name(grown: ReportDistrict, path: str, ticked: set[str]) -> None:
    school = grown.small.schools[0]
    district = grown.district()
    path = path.format(school=school)
    district.readings.append(Reading(SourceFile(path, "", 1, 0.0), Kind.PDF, ""))
    verdicts = grown.verdicts()
    verdicts.loc[len(verdicts)] = [path, "other", "", "", 0, 0, 0, ""]
    line = matrix_of(grown, district, verdicts).lines[0]
    assert line.scans == 1
    assert {slug for slug, cell in line.cells.items() if cell.scanned} == ticked


def test_the_other_end_of_a_finding_is_found_in_lists_and_cards(grown: ReportDistrict) -> None:
    school = grown.small.schools[1]
    ends = Ends(grown.district())
    in_list = ends.find(f"{school}/附件1-2.xlsx › Sheet1 › C{FIRST_ROW + 2}")
    assert (in_list.form, in_list.record, in_list.field, in_list.school) == ("1-2", 3, "id_number", school)
    in_card = ends.find(f"{school}/附件5.xlsx › Sheet2 › C{FIRST_ROW + 1}")
    assert (in_card.form, in_card.record, in_card.field) == ("5", 3, "name")


@pytest.mark.parametrize("place", ["别处.xlsx › Sheet1 › C5", "别处.xlsx", "{school}/附件1-2.xlsx › Sheet1 › C900"])
def test_an_end_that_lies_in_no_record_is_its_place_alone(grown: ReportDistrict, place: str) -> None:
    place = place.format(school=grown.small.schools[0])
    end = Ends(grown.district()).find(place)
    assert (str(end.place), end.record) == (place, -1)


def test_the_register_counts_children_by_registration_and_category(grown: ReportDistrict) -> None:
    district = grown.district()
    shown = pd.DataFrame(district.records["1-2"].shown)
    register = Register.of(district)
    assert register
    counted = {kind: dict(zip([*register.categories, "all"], counts, strict=True)) for kind, counts in register.lines}
    assert sum(each["all"] for each in counted.values()) == len(shown)
    for (kind, category), group in shown.groupby(["registration_type", "person_category"]):
        assert counted[kind][category] == len(group)


def test_a_name_with_a_character_that_no_page_can_hold_is_drawn_without_it() -> None:
    severities = pd.DataFrame({"error": [2, 1]}, index=["南塘\x07小学", "\x1b"])
    chart = _chart("各校", list(severities.index), severities, ["error"])
    assert chart.labels == ("南塘小学", "?")
    assert "南塘小学" in drawing(chart)
