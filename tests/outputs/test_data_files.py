import csv
import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
from cast import listed
from hypothesis import given
from hypothesis import strategies as st
from sheets import PRIMARY, district, page
from small_district import SmallDistrict

from kbxt_merge.model.merge_result import VERDICT_COLUMNS
from kbxt_merge.outputs.data.csv_files import write_data
from kbxt_merge.outputs.data.finding_columns import FINDING_FILE_COLUMNS
from kbxt_merge.outputs.data.no_formula import no_formula, no_formulas
from kbxt_merge.outputs.data.record_files import SOURCE_COLUMNS, write_records
from kbxt_merge.rules.engine.verdicts import verdicts
from kbxt_merge.rules.run import check

ID = "360721201110166400"
PHONE = "13812345678"


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return list(csv.DictReader(stream))


def header(path: Path) -> list[str]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        return next(csv.reader(stream))


def written(small: SmallDistrict, folder: Path, run: Mapping[str, object] | None = None, language: str = "zh") -> Path:
    verdicts = pd.DataFrame([("a.xlsx", "merged", "赣县区梅林中学", "1-2", 2, 2, 0, "")], columns=list(VERDICT_COLUMNS))
    assert language in ("zh", "en")
    district, findings = small.district(), small.all_findings()
    write_data(district, findings, verdicts, run or {}, folder, language)
    for form in district.forms.by_slug:
        write_records(district, findings, form, folder)
    return folder


@pytest.fixture
def small() -> SmallDistrict:
    small = SmallDistrict()
    small.take(
        "赣县区梅林中学",
        "1-2",
        [
            {"seq": 1, "name": "王 芳", "id_number": ID, "person_category": "建档立卡户", "registration_type": "辍学"},
            {"seq": 2, "id_number": "不详", "registration_type": "转学", "remark": '他说“好”，\n"真的"'},
        ],
    )
    return small


def test_each_row_left_out_stands_in_a_line_with_its_numbers_masked(tmp_path: Path) -> None:
    sheet = page(f"""
        | 填报单位：{PRIMARY}（盖章） 时间：2021年3月12日 |
        | 序号 | 姓名 | 身份证号码 | 学籍所在学校 | 人员类别 | 登记类型 | 备注 |
        | 1 | 赖小满 | 360704200805210315 | 梅林小学 | 其他 | 失学辍学 | |
        | 合计 | 1 | | | | | |
        | 联系人：赖大暑{PHONE} | | | | | | |
    """)
    made = district({"一.xlsx": sheet, "二.xlsx": listed("3", "| 姓名 |\n| 钟立秋 |")})
    checked = check(made)
    write_data(made, checked, verdicts(made, checked), {}, tmp_path)
    found = rows(tmp_path / "rows-left-out.csv")
    assert [(each["file"], each["sheet"], each["row"], each["form"], each["school"]) for each in found] == [
        ("一.xlsx", "Sheet1", "4", "1-2", PRIMARY),
        ("一.xlsx", "Sheet1", "5", "1-2", PRIMARY),
    ]
    assert [each["reason"] for each in found] == ["total", "signature"]
    assert found[0]["text"] == "合计 1"
    assert PHONE[:3] in found[1]["text"]
    assert PHONE not in found[1]["text"]
    assert json.loads((tmp_path / "run.json").read_text(encoding="utf-8"))["counts"]["rows_left_out"] == 2


class TestRecords:
    def test_fields_come_first_then_the_source(self, small: SmallDistrict, tmp_path: Path) -> None:
        folder = written(small, tmp_path)
        for form in small.forms.forms:
            assert header(folder / f"records-{form.slug}.csv") == [*form.by_name, *SOURCE_COLUMNS]

    def test_a_form_of_which_nothing_came_has_its_header_only(self, small: SmallDistrict, tmp_path: Path) -> None:
        assert rows(written(small, tmp_path) / "records-4.csv") == []

    def test_values_are_normalised_and_what_is_unreadable_stays_as_typed(
        self, small: SmallDistrict, tmp_path: Path
    ) -> None:
        first, second = rows(written(small, tmp_path) / "records-1-2.csv")
        assert (first["name"], first["person_category"], first["registration_type"]) == (
            "王芳",
            "建档立卡脱贫户",
            "失学辍学",
        )
        assert (second["id_number"], second["registration_type"]) == ("不详", "转学")
        assert second["remark"] == '他说“好”，\n"真的"'

    def test_the_cell_is_that_of_the_name_also_where_it_is_blank(self, small: SmallDistrict, tmp_path: Path) -> None:
        assert [row["cell"] for row in rows(written(small, tmp_path) / "records-1-2.csv")] == ["B5", "B6"]

    def test_without_a_name_column_the_cell_is_the_first_of_the_row(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.take("赣县区田村小学", "3", [{"name": "李伟"}, {"sex": "男"}], without=["name"])
        assert [row["cell"] for row in rows(written(small, tmp_path) / "records-3.csv")] == ["A5", "A6"]

    def test_a_card_names_the_cell_of_its_own_sheet(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.take("赣县区田村小学", "5", [{"name": "李伟"}, {"name": "陈娟"}])
        found = rows(written(small, tmp_path) / "records-5.csv")
        assert [(row["sheet"], row["cell"], row["name"]) for row in found] == [
            ("Sheet1", "C5", "李伟"),
            ("Sheet2", "C5", "陈娟"),
        ]

    def test_errors_and_warnings_are_counted_by_record(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.find("1-2", 1, "id_number", "error")
        small.find("1-2", 1, "registration_type", "error")
        small.find("1-2", 1, "name", "warning")
        small.find("1-2", 0, "name", "info")
        small.find("1-2", -1, "", "error")
        small.find("3", 0, "name", "error")
        found = rows(written(small, tmp_path) / "records-1-2.csv")
        assert [(row["errors"], row["warnings"]) for row in found] == [("0", "0"), ("2", "1")]

    def test_the_number_itself_stays_in_the_bureau(self, small: SmallDistrict, tmp_path: Path) -> None:
        assert rows(written(small, tmp_path) / "records-1-2.csv")[0]["id_number"] == ID


class TestFindings:
    @pytest.fixture
    def found(self, small: SmallDistrict, tmp_path: Path) -> dict[str, str]:
        small.find(
            "1-2", 0, "id_number", "error", value=f" {ID}", suggestion=f"{ID}、{PHONE}", file="a.xlsx", cell="C5"
        )
        return rows(written(small, tmp_path) / "findings.csv")[0]

    def test_columns_are_those_of_the_interface(self, small: SmallDistrict, tmp_path: Path) -> None:
        assert header(written(small, tmp_path) / "findings.csv") == list(FINDING_FILE_COLUMNS)

    def test_place_and_rule_are_named(self, found: dict[str, str]) -> None:
        assert (found["file"], found["cell"], found["field"], found["severity"]) == (
            "a.xlsx",
            "C5",
            "id_number",
            "error",
        )

    def test_numbers_are_masked(self, found: dict[str, str]) -> None:
        assert not any(ID in text or PHONE in text for text in found.values())
        assert found["value"].strip().startswith(ID[:3])

    @pytest.mark.parametrize(
        "typed", ["３６０７２１２０１１１０１６６４００", "360721-20111016 6400", "36072120111\u200b0166400", ID[:17]]
    )
    def test_numbers_are_masked_however_they_were_typed(self, small: SmallDistrict, tmp_path: Path, typed: str) -> None:
        small.find("1-2", 0, "id_number", "error", value=typed)
        value = rows(written(small, tmp_path) / "findings.csv")[0]["value"]
        assert sum(character.isdigit() for character in value) == 3

    @pytest.mark.parametrize(("language", "message"), [("zh", "请改正"), ("en", "correct it")])
    def test_the_message_is_in_the_language_asked_for(
        self, small: SmallDistrict, tmp_path: Path, language: str, message: str
    ) -> None:
        small.find("1-2", 0, "name", "error", zh="请改正", en="correct it")
        assert rows(written(small, tmp_path, language=language) / "findings.csv")[0]["message"] == message


class TestFormat:
    def test_every_csv_opens_in_a_spreadsheet_as_utf_8(self, small: SmallDistrict, tmp_path: Path) -> None:
        folder = written(small, tmp_path)
        assert all(path.read_bytes().startswith(b"\xef\xbb\xbf") for path in folder.glob("*.csv"))

    def test_files_have_their_verdict(self, small: SmallDistrict, tmp_path: Path) -> None:
        found = rows(written(small, tmp_path) / "files.csv")
        assert [(row["file"], row["verdict"], row["rows_merged"]) for row in found] == [("a.xlsx", "merged", "2")]

    def test_the_run_is_told_with_its_counts(self, small: SmallDistrict, tmp_path: Path) -> None:
        small.find("1-2", 0, "name", "warning")
        run = json.loads((written(small, tmp_path, {"version": "1.0"}) / "run.json").read_text(encoding="utf-8"))
        assert run["version"] == "1.0"
        assert run["period"] == {"label": "2021春", "first": "2021-02-01", "last": "2021-07-31"}
        assert run["counts"]["records"]["1-2"] == 2
        assert run["counts"]["findings"] == {"error": 0, "warning": 1, "info": 0}
        assert run["counts"]["verdicts"] == {"merged": 1}
        assert run["not_checked"] == []
        assert run["off"] == []

    def test_what_was_not_done_for_want_of_a_relation_is_told(self, small: SmallDistrict, tmp_path: Path) -> None:
        relations = replace(small.forms.relations, home_taught="", returns=None)
        small.forms = replace(small.forms, relations=relations)
        run = json.loads((written(small, tmp_path) / "run.json").read_text(encoding="utf-8"))
        assert {each["feature"]: each["missing"] for each in run["off"]} == {
            "monthly-flow": ["returns"],
            "home-taught-numbers": ["home_taught"],
            "carried-returns": ["returns"],
        }


def test_a_text_that_a_spreadsheet_would_run_is_written_so_that_it_is_none(
    small: SmallDistrict, tmp_path: Path
) -> None:
    small.take("赣县区梅林中学", "3", [{"name": "=1+1", "address": "+cmd|' /C calc'!A0", "remark": "-1"}])
    [record] = rows(written(small, tmp_path) / "records-3.csv")
    assert (record["name"], record["address"], record["remark"]) == ("'=1+1", "'+cmd|' /C calc'!A0", "-1")


@given(
    st.lists(
        st.sampled_from(["", "一", "-", "-1", "-1.5", "-x", "=1+1", "+86 1", "@a", "\ta", "\ra", 5, -5, 0.5, None])
    )
)
def test_a_column_is_written_as_its_cells_are(column: list[object]) -> None:
    assert list(no_formulas(column)) == list(map(no_formula, column))
