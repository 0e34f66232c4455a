from dataclasses import replace
from pathlib import Path

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet
from small_district import SmallDistrict

from kbxt_merge.outputs.summary.write import write_summaries

MEILIN, MAODIAN, TIANCUN = "赣县区梅林中学", "赣县区茅店中心小学", "赣县区田村小学"

Rows = list[list[object]]


def counts(small: SmallDistrict, folder: Path, slug: str, values: bool = True) -> Rows:
    """The sheet 统计 from its header on, as calculated or as formulas; blank cells are None."""
    district = small.district()
    district.forms = replace(
        district.forms, forms=(*(form for form in district.forms.forms if form.slug in (slug, "3")),)
    )
    path = next(each for each in write_summaries(district, small.all_findings(), folder) if f"附件{slug} " in each.name)
    sheet: Worksheet = openpyxl.load_workbook(path, data_only=values)["统计"]
    return [[cell.value for cell in row] for row in sheet.iter_rows(min_row=2)]


def test_two_small_dimensions_are_counted_against_each_other(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN, MAODIAN, TIANCUN))
    kinds = [("辍学", "建档立卡"), ("辍学", "建档立卡"), ("休学", None), ("辍学", "城贫")]
    small.take(MAODIAN, "1-2", [{"registration_type": kind, "person_category": category} for kind, category in kinds])
    small.take(MEILIN, "1-2", [{"registration_type": "休学", "person_category": "城贫"}])
    assert counts(small, tmp_path, "1-2")[:5] == [
        ["学校", "人数合计", "失学辍学", None, None, None, "缓学休学", None, None, None],
        [None, None, "合计", "建档立卡脱贫户", "城镇贫困户", "其他", "合计", "建档立卡脱贫户", "城镇贫困户", "其他"],
        [MEILIN, 1, 0, 0, 0, 0, 1, 0, 1, 0],
        [MAODIAN, 4, 3, 2, 1, 0, 1, 0, 0, 1],
        ["合计", 5, 3, 2, 1, 0, 2, 0, 1, 1],
    ]


def test_totals_are_formulas(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN, MAODIAN))
    small.take(MAODIAN, "1-2", [{"registration_type": "休学"}])
    small.take(MEILIN, "1-2", [{"registration_type": "辍学"}])
    rows = counts(small, tmp_path, "1-2", values=False)
    assert rows[2][1:7] == ["=C4+G4", "=SUM(D4:F4)", 0, 0, 1, "=SUM(H4:J4)"]
    assert rows[4] == ["合计", *(f"=SUM({letter}4:{letter}5)" for letter in "BCDEFGHIJ")]


def test_many_values_stand_side_by_side_and_what_the_id_number_tells_is_left_out(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN,))
    small.take(MEILIN, "3", [{"disability": "聋", "enrolment": "送教"}, {"disability": "盲", "enrolment": "是"}])
    rows = counts(small, tmp_path, "3")
    assert [value for value in rows[0] if value] == ["学校", "人数合计", "残疾类别", "就学情况"]
    assert rows[2] == [MEILIN, 2, 1, 1, 0, 0, 0, 0, 0, 1, 1, 0]


def test_a_date_that_may_be_left_open_counts_as_given_or_not(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN,))
    small.take(MEILIN, "2", [{"return_date": "2021.3", "dropout_date": "2020.9"}, {"person_category": "脱贫户"}])
    rows = counts(small, tmp_path, "2")
    assert [value for value in rows[0] if value] == ["学校", "人数合计", "已填复学时间", "未填复学时间"]
    assert rows[2] == [MEILIN, 2, 1, 0, 0, 1, 1, 1, 0, 0]


def test_what_cannot_be_read_is_counted_in_a_column_of_its_own(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN,))
    small.take(MEILIN, "4", [{"person_category": "富裕户"}, {"person_category": None}])
    rows = counts(small, tmp_path, "4")
    assert rows[1][2:] == ["建档立卡脱贫户", "城镇贫困户", "其他", "未填或无法识别"]
    assert rows[2] == [MEILIN, 2, 0, 0, 1, 1]


def test_a_school_with_an_empty_list_stands_there_with_noughts_and_a_silent_one_below(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN, MAODIAN, TIANCUN))
    small.take(MEILIN, "4", [])
    small.take(MAODIAN, "3", [{"name": "王芳"}])
    rows = counts(small, tmp_path, "4")
    assert rows[2] == [MEILIN, 0, 0, 0, 0]
    assert rows[3] == ["合计", 0, 0, 0, 0]
    assert TIANCUN in str(rows[4][0])
    assert MAODIAN in str(rows[5][0])


def test_of_a_long_vocabulary_only_the_values_that_occur_are_shown(tmp_path: Path) -> None:
    small = SmallDistrict((MEILIN,))
    small.take(MEILIN, "5", [{"ethnicity": "畲"}, {"ethnicity": "汉族", "persuaded": "有"}])
    rows = counts(small, tmp_path, "5")
    assert rows[1] == [None, None, "汉族", "畲族", "是", "否", "未填或无法识别"]
    assert rows[2] == [MEILIN, 2, 1, 1, 1, 0, 1]


def test_many_schools_that_did_not_return_are_named_in_rows_that_can_be_read_whole(tmp_path: Path) -> None:
    silent = [f"赣县区第{number}希望小学" for number in range(1, 151)]
    small = SmallDistrict((MEILIN, *silent))
    small.take(MEILIN, "3", [{"disability": "聋", "enrolment": "是"}])
    texts = [str(row[0]) for row in counts(small, tmp_path, "3") if "希望小学" in str(row[0])]
    assert texts[0].startswith(f"未报送任何材料的学校（150 所）：{silent[0]}、")
    assert "".join(texts).split("：")[1].split("、") == silent
    assert max(text.count("、") for text in texts) <= 60
