"""ID numbers one at a time: sound ones, each fault, blank ones; no number is ever told in an error."""

from __future__ import annotations

import datetime as dt
import pickle

import pytest

from kbxt_merge import id_number
from kbxt_merge.id_number import IdNumberError


@pytest.mark.parametrize(
    "typed", ["360721200708094056", "’360721 20070809-4056 ", "３６０７２１２００７０８０９４０５６"]
)
def test_a_sound_number_is_taken_however_it_is_typed(typed: str) -> None:
    assert id_number.validate(typed) == "360721200708094056"
    assert id_number.is_valid(typed)
    assert id_number.birth_date(typed) == dt.date(2007, 8, 9)
    assert (id_number.sex(typed), id_number.region(typed)) == ("男", "360721")


@pytest.mark.parametrize(
    ("typed", "rule"),
    [
        ("", "required-missing"),
        (" 　", "required-missing"),
        ("360721070809405", "id-obsolete-15"),
        ("36072120070809405", "id-length"),
        ("3607212007080940561", "id-length"),
        ("36072120O708094056", "id-characters"),
        ("360721200713094056", "id-birthdate"),
        ("999799200708094056", "id-region"),
        ("360721200708094057", "id-checksum"),
    ],
)
def test_each_fault_is_told_by_its_rule_and_without_the_number(typed: str, rule: str) -> None:
    assert not id_number.is_valid(typed)
    for ask in (id_number.validate, id_number.birth_date, id_number.sex, id_number.region):
        with pytest.raises(IdNumberError) as caught:
            ask(typed)
        assert caught.value.rule == rule
        assert not typed.strip() or typed[:6] not in str(caught.value)
        assert pickle.loads(pickle.dumps(caught.value)).rule == rule
