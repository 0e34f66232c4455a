"""A bureau changes a form's YAML: a renamed header, a further column, a new vocabulary value; no Python is touched."""

import csv
from pathlib import Path

import openpyxl

import kbxt_merge.schemas
from kbxt_merge import merging
from kbxt_merge.settings import load_settings

SHIPPED = Path(kbxt_merge.schemas.__path__[0])
RETURN = """
赣县区义务教育阶段辍学学生登记汇总表
填报单位：赣县区江口中学（盖章）  时间：2021年3月12日
序号 | 姓名 | 公民身份号码 | 学籍所在学校 | 人员类别 | 登记类型 | 监测户编号 | 备注
1 | 温志兰 | 360721200712301142 | 赣县区江口中学 | 三类监测户 | 失学辍学 | GX-07 |
2 | 曹金志 | 36070420051117083X | 赣县区江口中学 | 监测户 | 失学 | GX-08 |
3 | 曹强 | 362121200706036273 | 赣县区江口中学 | 低保户 | 缓学休学 | GX-09 |
"""


def own_schemas(folder: Path) -> Path:
    folder.mkdir()
    form = (SHIPPED / "form-1-2.yaml").read_text(encoding="utf-8")
    form = form.replace("header: 身份证号码,", "header: 公民身份号码,").replace("公民身份号码]", "身份证号码]")
    added = "  - {name: watch_number, type: text, header: 监测户编号, label: {zh: 监测户编号, en: watch number}}\n"
    form = form.replace("  - {name: remark,", added + "  - {name: remark,")
    (folder / "form-1-2.yaml").write_text(form, encoding="utf-8")
    words = (SHIPPED / "vocabularies.yaml").read_text(encoding="utf-8")
    words = words.replace("    城镇贫困户: [", "    三类监测户: [监测户]\n    城镇贫困户: [")
    (folder / "vocabularies.yaml").write_text(words, encoding="utf-8")
    return folder


def test_what_a_bureau_changes_in_yaml_is_read_checked_and_written(tmp_path: Path) -> None:
    inbox = tmp_path / "收件夹"
    inbox.mkdir()
    write(inbox / "附件1-2.xlsx", RETURN)
    options = {"schemas": own_schemas(tmp_path / "own"), "period": "2021春", "as_of": "2021-03-12"}
    checked = merging.merge(inbox, tmp_path / "out", load_settings(options, {}, tmp_path))

    frame = checked.findings.frame
    raised = frame[frame["severity"] != "info"]
    assert list(raised[["cell", "rule"]].itertuples(index=False, name=None)) == [("E6", "person-category-invalid")]

    records = rows(tmp_path / "out" / "data" / "records-1-2.csv")
    assert [each["watch_number"] for each in records] == ["GX-07", "GX-08", "GX-09"]
    assert [each["person_category"] for each in records] == ["三类监测户", "三类监测户", "低保户"]
    assert records[0]["id_number"] == "360721200712301142"

    (summary,) = (tmp_path / "out" / "汇总").glob("附件1-2*.xlsx")
    printed = {cell.value for row in openpyxl.load_workbook(summary)["汇总"].iter_rows() for cell in row}
    assert {"公民身份号码", "监测户编号", "GX-07"} <= printed


def write(path: Path, text: str) -> None:
    """The text as a sheet, a line a row, cells parted by |."""
    book = openpyxl.Workbook()
    for line in text.strip().splitlines():
        book.worksheets[0].append([cell.strip() or None for cell in line.split("|")])
    book.save(path)


def rows(path: Path) -> list[dict[str, str]]:
    with path.open(newline="", encoding="utf-8-sig") as stream:
        return list(csv.DictReader(stream))
