"""How texts are compared."""

from __future__ import annotations

import pytest

from kbxt_merge.model.text import compact_value


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
