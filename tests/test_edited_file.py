"""A file of the bureau's own is edited wholly or not at all, and no edit takes away what an earlier one kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from kbxt_merge.desk.next_period import _laid_aside
from kbxt_merge.edited_file import edited
from kbxt_merge.errors import InboxError, SettingsError


def write(path: Path, text: str, old: Path) -> None:
    beside = path.with_name("~$new")
    with edited(path, beside, old, SettingsError):
        beside.write_text(text)


def test_each_edit_keeps_what_was_there_also_within_a_second(tmp_path: Path) -> None:
    path, old = tmp_path / "kbxt.toml", tmp_path / "旧"
    for text in ("a", "b", "c", "d"):
        write(path, text, old)
    assert path.read_text() == "d"
    assert sorted(each.read_text() for each in old.iterdir()) == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("raised", "told"), [(OSError(28, "No space left on device"), SettingsError), (ValueError("x"), ValueError)]
)
def test_what_the_disk_refuses_or_the_block_raises_leaves_the_file_as_it_was(
    tmp_path: Path, raised: Exception, told: type[Exception]
) -> None:
    path, beside = tmp_path / "kbxt.toml", tmp_path / "~$new"
    path.write_text("a")

    def half() -> None:
        with edited(path, beside, tmp_path / "旧", SettingsError):
            beside.write_text("half")
            raise raised

    with pytest.raises(told):
        half()
    assert [(each.name, each.read_text()) for each in tmp_path.iterdir()] == [("kbxt.toml", "a")]


def test_an_inbox_for_which_no_empty_one_can_be_made_is_where_it_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    inbox = tmp_path / "收件夹"
    inbox.mkdir()
    (inbox / "附件3.xlsx").touch()

    def refused(*_: object) -> None:
        raise OSError(13, "Permission denied")

    monkeypatch.setattr(Path, "mkdir", refused)
    with pytest.raises(InboxError):
        _laid_aside(inbox, tmp_path / "收件夹2021春")
    assert [each.name for each in inbox.iterdir()] == ["附件3.xlsx"]
