"""催报名单.xlsx and the message for a group chat tell the same debts; the message tells no contact and no telephone."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import openpyxl
import pytest
from small_district import SmallDistrict

from kbxt_merge.model.owed import Owed
from kbxt_merge.outputs.data.reminder_text import owed_facts, reminder_text
from kbxt_merge.outputs.lists.reminder_list import write_reminders

OWED = [
    Owed("赣县区梅林中学", "初中", "谢老师", "13912345678", nothing_came=True),
    Owed("赣县区茅店小学", "小学", corrections=3, answers=1, forms=("附件 3",), links=1),
    Owed(
        "赣县区田村小学",
        scans=("附件 1-1", "附件 2", "附件 3"),
        last_mail=dt.datetime(2021, 3, 15, 8, tzinfo=dt.UTC),
    ),
]


def kept(out: Path, owed: list[Owed]) -> Path:
    run = {
        "bureau": "赣县区教育局",
        "period": {"label": "2021春"},
        "as_of": "2021-03-20",
        "returns": {"zh": "控辍保学报表", "en": "returns"},
        "owed": owed_facts(owed),
    }
    (out / "data").mkdir()
    (out / "data" / "run.json").write_text(json.dumps(run, ensure_ascii=False), encoding="utf-8")
    return out


def test_the_list_has_a_row_a_school_with_whom_to_call(tmp_path: Path) -> None:
    sheet = openpyxl.load_workbook(write_reminders(OWED, SmallDistrict().district(), tmp_path)).worksheets[0]
    rows = [tuple(cell.value or "" for cell in row)[:10] for row in sheet.iter_rows(min_row=4)]
    assert rows == [
        ("赣县区梅林中学", "初中", "全部未报", "", "", "", "", "谢老师", "13912345678", ""),
        ("赣县区茅店小学", "小学", "附件 3", 3, 1, "", 1, "", "", ""),
        ("赣县区田村小学", "", "", "", "", "附件 1-1、附件 2、附件 3", "", "", "", "2021-03-15 16:00"),
    ]
    assert (sheet.freeze_panes, sheet.auto_filter.ref) == ("B4", "A3:K6")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_the_message_tells_each_debt_with_its_schools_and_nobodys_telephone(tmp_path: Path, language: str) -> None:
    text = reminder_text(kept(tmp_path, OWED), "zh" if language == "zh" else "en")
    lines = [line for line in text.splitlines() if line[0].isdigit()]
    schools = [[each.school for each in OWED if each.school in line] for line in lines]
    first, second, third = (each.school for each in OWED)
    assert schools == [[first], [second], [second], [second], [third], [second]]
    assert "13912345678" not in text
    assert "谢老师" not in text


def test_who_owes_nothing_is_not_written_to(tmp_path: Path) -> None:
    assert [line for line in reminder_text(kept(tmp_path, []), "zh").splitlines() if line[0].isdigit()] == []
