"""What stands behind a line of 核查意见 for an answer, and what nobody else can make or read."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from kbxt_merge.model.fingerprints import digest
from kbxt_merge.model.seal import Seal

LINE = ("sex-id-mismatch", "3", "赣县区梅林小学", "一.xlsx", "附件3", "C5", "sex", "a", "b", "c")


def test_a_line_bears_the_code_of_its_own_key_only() -> None:
    one, other = Seal.new(), Seal.new()
    assert one.is_of_line(LINE, one.of_line(LINE))
    assert not one.is_of_line(LINE, other.of_line(LINE))
    assert not any(one.is_of_line(LINE, code) for code in ("", "a", "甲", "\ud800", one.of_line(LINE).upper()))


@given(st.integers(0, 9), st.text(min_size=1).filter(str.isalnum))
def test_whatever_is_changed_in_a_line_changes_its_code(position: int, more: str) -> None:
    seal = Seal(bytes(32))
    changed = [*LINE[:position], LINE[position] + more, *LINE[position + 1 :]]
    assert not seal.is_of_line(changed, seal.of_line(LINE))


def test_fields_do_not_run_into_each_other() -> None:
    seal = Seal(bytes(32))
    assert seal.of_line(("ab", "c")) != seal.of_line(("a", "bc"))


def test_blanks_and_what_no_file_can_hold_are_no_change() -> None:
    """A spreadsheet trims, folds and drops them."""
    seal = Seal(bytes(32))
    assert seal.of_line(("一 中\u0007", "a")) == seal.of_line(("一中", " a "))


def test_a_code_is_letters_and_tells_nothing_of_what_it_stands_for() -> None:
    seal = Seal.new()
    token = seal.token(digest("360704201005200311"))
    assert token.isascii()
    assert token.isalpha()
    assert token != Seal.new().token(digest("360704201005200311"))
    assert seal.token("") == ""
    assert token != seal.of_line((digest("360704201005200311"),))


def test_a_key_is_read_as_it_was_written_and_never_shown() -> None:
    seal = Seal.new()
    assert Seal.read(seal.written()) == seal
    assert seal.written().isalpha()
    assert repr(seal) == "Seal()"
