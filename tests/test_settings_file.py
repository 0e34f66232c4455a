"""kbxt.toml changed key by key: comments stay, the old file is kept, a value that can't be changes nothing."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from kbxt_merge.errors import SettingsError
from kbxt_merge.settings import load_settings
from kbxt_merge.settings_file import change, written

BEFORE = """# 本学期
period = "2021春"   # 每学期改
as_of = 2021-03-12
passwords = ["a1", "b2"]

[mail]
user = "jyj@bureau.example"
"""


def test_what_the_file_says_is_shown_as_it_may_be_typed(tmp_path: Path) -> None:
    assert written(tmp_path) == {}
    (tmp_path / "kbxt.toml").write_text(BEFORE, encoding="utf-8")
    assert written(tmp_path) == {
        "period": "2021春", "as_of": "2021-03-12", "passwords": "a1,b2", "mail.user": "jyj@bureau.example"
    }  # fmt: skip


def test_a_key_is_changed_and_the_rest_stays(tmp_path: Path) -> None:
    path, old = tmp_path / "kbxt.toml", tmp_path / "旧设置"
    path.write_text(BEFORE, encoding="utf-8")
    change(tmp_path, {"period": " 2021秋 ", "due": "2021-10-08", "mail.host": "smtp.163.com", "as_of": ""}, old)
    text = path.read_text(encoding="utf-8")
    assert "# 本学期" in text
    assert "# 每学期改" in text
    assert "as_of" not in text
    settings = load_settings({}, {}, tmp_path)
    assert settings.period is not None
    assert (settings.period.label, settings.due, settings.passwords) == ("2021秋", dt.date(2021, 10, 8), ("a1", "b2"))
    assert (settings.mail.user, settings.mail.host) == ("jyj@bureau.example", "smtp.163.com")
    (kept,) = old.iterdir()
    assert kept.read_text(encoding="utf-8") == BEFORE


@pytest.mark.parametrize("wrong", [{"period": "上学期"}, {"mail.port": "很多"}, {"due": "31.3."}])
def test_a_value_that_cannot_be_changes_nothing(wrong: dict[str, str], tmp_path: Path) -> None:
    (tmp_path / "kbxt.toml").write_text(BEFORE, encoding="utf-8")
    with pytest.raises(SettingsError):
        change(tmp_path, wrong, tmp_path / "旧设置")
    assert [each.name for each in tmp_path.iterdir()] == ["kbxt.toml"]
    assert (tmp_path / "kbxt.toml").read_text(encoding="utf-8") == BEFORE


def test_every_setting_may_be_written_as_text(tmp_path: Path) -> None:
    typed = {
        "lang": "en", "jobs": "2", "strict": "true", "limits.file_bytes": "10 MiB",
        "mail.port": "465", "mail.security": "ssl",
    }  # fmt: skip
    change(tmp_path, typed, tmp_path / "旧设置")
    assert written(tmp_path) == typed
