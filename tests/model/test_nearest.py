"""The suggestion for a mistyped name."""

from __future__ import annotations

import pytest

from kbxt_merge.model.text import nearest


@pytest.mark.parametrize(
    ("name", "names", "suggestion"),
    [
        ("requierd", ["required", "remark"], "required"),
        ("身份证", ["身份证号", "姓名"], "身份证号"),
        ("integer", ["text", "date"], None),
        ("any", [], None),
    ],
)
def test_only_a_near_name_is_suggested(name: str, names: list[str], suggestion: str | None) -> None:
    assert nearest(name, names) == suggestion
