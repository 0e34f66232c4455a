"""What a merge holds of each record while it assembles and judges more of them than it holds whole."""

from __future__ import annotations

import datetime as dt
import tracemalloc

import pytest
from cast import FORMS

from kbxt_merge.intake.assembly.assemble import assemble
from kbxt_merge.model.compact import records as compact_records
from kbxt_merge.model.id_number import check_character
from kbxt_merge.model.packed_cells import packed
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Cell, Kind, Reading, Sheet, SourceFile, TypedDate
from kbxt_merge.rules.run import check

SCHOOLS, ROWS = 300, 50
RECORDS = SCHOOLS * ROWS
PERIOD, DAY = Period.parse("2021春"), dt.date(2021, 3, 20)
DATED = TypedDate("2021年3月20日", DAY, DAY)


def reading(school: int) -> Reading:
    """A school's list 3 of fifty children, none like another."""
    numbers = [f"360704200805{1 + at // 1000:02}{at % 1000:03}" for at in range(school * ROWS, (school + 1) * ROWS)]
    cells: dict[str, list[Cell]] = {
        "name": [f"赖{chr(0x4E00 + school)}{chr(0x4E00 + at)}" for at in range(ROWS)],
        "id_number": [serial + check_character(serial) for serial in numbers],
        "sex": ["男" if int(serial[16]) % 2 else "女" for serial in numbers],
        "address": [f"赣县区梅林镇第{school}村{at}号" for at in range(ROWS)],
        "guardian": [f"赖{chr(0x5E00 + school)}{chr(0x5E00 + at)}" for at in range(ROWS)],
        "phone": [f"138{school:04}{at:04}" for at in range(ROWS)],
    }
    columns = {name: at for at, name in enumerate(cells)}
    sheet = Sheet(
        "附件3", "3", "list", list(range(4, 4 + ROWS)), columns, cells, unit=f"赣县区第{school}小学", date=DATED
    )
    return Reading(SourceFile(f"{school}.xlsx", "", 0, 0.0), Kind.XLSX, f"{school}", [packed(sheet)])


def test_many_records_are_held_and_judged_in_little_room(monkeypatch: pytest.MonkeyPatch) -> None:
    """Held whole they are 830 bytes each, and half as much besides while rules go over them."""
    monkeypatch.setattr(compact_records, "MOST_WHOLE", 5_000)
    monkeypatch.setattr(compact_records, "PART", 1_000)
    readings = [reading(school) for school in range(SCHOOLS)]
    tracemalloc.start()
    try:
        district = assemble(readings, FORMS, None, PERIOD, DAY)
        held, most = (each / RECORDS for each in tracemalloc.get_traced_memory())
        tracemalloc.reset_peak()
        findings = check(district)
        judged = tracemalloc.get_traced_memory()[1] / RECORDS
    finally:
        tracemalloc.stop()
    assert len(district.records["3"]) == RECORDS
    assert not len(findings.frame)
    assert held < 500
    assert most < 700
    assert judged < 950
