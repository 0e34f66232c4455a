"""How texts are compared."""

from __future__ import annotations

import pytest

from kbxt_merge.model.text import compact_value, printable


@pytest.mark.parametrize(
    ("text", "compact"),
    [
        ("失学、 辍学", "失学辍学"),
        ("缓学，休学", "缓学休学"),
        ("缓学/休学", "缓学休学"),
        ("ｍ", "M"),
        ("智力\u200b残疾\n", "智力残疾"),
        (" ／ ", "/"),
        ("", ""),
    ],
)
def test_a_value_is_compared_without_blanks_width_and_marks_between_synonyms(text: str, compact: str) -> None:
    assert compact_value(text) == compact


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("附件3 梅林小学.xlsx", "附件3 梅林小学.xlsx"),
        ("a\n读取 0 个文件.xlsx", "a 读取 0 个文件.xlsx"),
        ("a\r\nb\rc\vd\fe\x85f\u2028g\u2029h\ti", "a b c d e f g h i"),
        ("\x1b]0;x\x07\x1b[2J", "\ufffd]0;x\ufffd\ufffd[2J"),
        ("\x9b31m\x7f\x00", "\ufffd31m\ufffd\ufffd"),
        ("xcod.\u202exslx\u202c", "xcod.\ufffdxslx\ufffd"),
        ("\u2066甲\u2069", "\ufffd甲\ufffd"),
        ("甲\udcff.xlsx", "甲\ufffd.xlsx"),
        ("𠮷 café 👩‍👧", "𠮷 café 👩‍👧"),
    ],
)
def test_what_is_printed_stays_on_its_line_and_moves_nothing(text: str, shown: str) -> None:
    assert printable(text) == shown
