"""Parts that readings have alike become one object, and none becomes another."""

import pickle

from kbxt_merge.intake.reading import shared_parts
from kbxt_merge.intake.reading.shared_parts import SharedParts
from kbxt_merge.model.returns import Kind, Reading, Sheet, SourceFile

FILES = [SourceFile(f"{name}.xlsx", f"/inbox/{name}.xlsx", 1, 0.0) for name in "一二"]


def readings(columns: dict[str, int]) -> list[Reading]:
    """Readings as they come from another process: no part of them is one that is there already."""
    made = [Reading(each, Kind.XLSX, "", [Sheet("台账", "3", "list", [4], columns, {})]) for each in FILES]
    return [pickle.loads(pickle.dumps(each)) for each in made]


def test_parts_of_two_readings_are_one_object() -> None:
    parts, read = SharedParts(FILES), readings({"name": 0, "sex": 1})
    for each in read:
        parts.share(each)
    (one,), (other,) = (each.sheets for each in read)
    assert read == readings({"name": 0, "sex": 1})
    assert one.columns is other.columns
    assert one.card_rows == one.marks == {}
    assert one.missing == ()
    assert [each.file for each in read] == FILES
    assert all(each.file is file for each, file in zip(read, FILES, strict=True))


def test_columns_in_another_order_are_others() -> None:
    parts = SharedParts(FILES)
    for columns in ({"name": 0, "sex": 1}, {"sex": 1, "name": 0}, {"name": 1, "sex": 0}):
        for each in readings(columns):
            parts.share(each)
            assert list(each.sheets[0].columns.items()) == list(columns.items())


def test_where_too_many_are_known_others_stay_apart() -> None:
    parts = SharedParts(FILES)
    for number in range(shared_parts.MOST_PARTS):
        parts.share(readings({"name": number})[0])
    read = readings({"name": shared_parts.MOST_PARTS})
    for each in read:
        parts.share(each)
    (one,), (other,) = (each.sheets for each in read)
    assert one.columns == other.columns
    assert one.columns is not other.columns
