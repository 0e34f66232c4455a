import pytest
from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.outputs.sheets.names import Names


@given(st.lists(st.text(max_size=60), max_size=8))
def test_sheet_names_are_valid_and_given_once(wanted: list[str]) -> None:
    names = Names()
    given_names = [names.sheet(each) for each in wanted]
    assert len({name.casefold() for name in given_names}) == len(wanted)
    for name in given_names:
        assert 1 <= len(name) <= 31
        assert not set(name) & set("[]:*?/\\")
        assert not name.startswith("'")
        assert not name.endswith("'")


@pytest.mark.parametrize(
    ("wanted", "valid"),
    [
        ("赣县区梅林中学", "赣县区梅林中学"),
        ("a/b:c", "a_b_c"),
        ("con", "_con"),
        ("..", "_"),
        (" x. ", "x"),
        ("LPT1.txt", "_LPT1.txt"),
    ],
)
def test_file_names_are_valid_on_every_system(wanted: str, valid: str) -> None:
    assert Names().file(wanted) == valid


def test_two_schools_of_one_name_have_two_files() -> None:
    names = Names()
    assert [names.file("田村小学"), names.file("田村小学"), names.file("田村/小学")] == [
        "田村小学",
        "田村小学(2)",
        "田村_小学",
    ]
