"""Which of four places a setting comes from, and what none of them may say."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from kbxt_merge.errors import SettingsError
from kbxt_merge.model.mail_account import Security
from kbxt_merge.model.period import Period
from kbxt_merge.setting_words import SETTING_WORDS
from kbxt_merge.settings import SETTINGS, Setting, Settings, load_settings, shown_settings


def write(folder: Path, text: str) -> Path:
    path = folder / "kbxt.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_word_the_defaults_hold(tmp_path: Path) -> None:
    settings = load_settings({"lang": None, "config": None}, {"PATH": "/bin"}, tmp_path)
    assert settings == Settings()
    assert settings.jobs >= 1
    assert (settings.limits.inflated_bytes, settings.limits.seconds) == (1 << 30, 20.0)


def test_brackets_without_end_are_told(tmp_path: Path) -> None:
    write(tmp_path, f"passwords = {'[' * 5000}{']' * 5000}\n")
    with pytest.raises(SettingsError, match="nested too deep"):
        load_settings({}, {}, tmp_path)


def test_an_option_goes_before_the_environment_and_that_before_the_file(tmp_path: Path) -> None:
    write(tmp_path, 'lang = "en"\njobs = 2\nstrict = true\n')
    settings = load_settings({"jobs": 4, "lang": None}, {"KBXT_JOBS": "3", "KBXT_STRICT": "no"}, tmp_path)
    assert (settings.language, settings.jobs, settings.strict) == ("en", 4, False)


def test_every_kind_of_value_is_read_from_the_file(tmp_path: Path) -> None:
    write(
        tmp_path,
        """
        period = "2021春"
        as_of = 2021-03-20
        due = "2021-03-31"
        roster = "名册/学校名册.xlsx"
        schemas = "/srv/kbxt"
        passwords = ["0000", "a,b"]
        engine = "dask"
        [limits]
        inflated_bytes = "512 MiB"
        cells = 1000
        seconds = 5
        [mail]
        host = "smtp.example.test"
        security = "starttls"
        from = "bureau@example.test"
        pace_seconds = 0.5
        """,
    )
    settings = load_settings({}, {}, tmp_path)
    assert settings.period == Period.parse("2021春")
    assert (settings.as_of, settings.due) == (dt.date(2021, 3, 20), dt.date(2021, 3, 31))
    assert (settings.roster, settings.schemas) == (tmp_path / "名册/学校名册.xlsx", Path("/srv/kbxt"))
    assert (settings.passwords, settings.engine) == (("0000", "a,b"), "dask")
    assert (settings.limits.inflated_bytes, settings.limits.cells, settings.limits.seconds) == (512 << 20, 1000, 5.0)
    assert (settings.mail.host, settings.mail.security) == ("smtp.example.test", Security.STARTTLS)
    assert (settings.mail.sender, settings.mail.pace_seconds) == ("bureau@example.test", 0.5)


@pytest.mark.parametrize(("due", "holds"), [("2021-04-10", True), ("2021-05-20", True), ("2021-03-31", False)])
def test_a_due_day_before_its_period_is_the_last_ones_and_not_in_force(due: str, holds: bool) -> None:
    """Whoever set the next period and forgot the day would find every school late."""
    april, day = Period.parse("2021-04"), dt.date.fromisoformat(due)
    assert Settings(period=april, due=day).due_in(april) == (day if holds else april.due) != dt.date(2021, 3, 31)


def test_a_table_s_setting_has_a_name_in_the_environment_and_as_an_option(tmp_path: Path) -> None:
    environ = {"KBXT_MAIL_PORT": "465", "KBXT_LIMITS_RATIO": "100", "KBXT_PASSWORDS": "0000, 1234"}
    settings = load_settings({"mail_imap_host": "imap.example.test"}, environ, tmp_path)
    assert (settings.mail.port, settings.limits.ratio) == (465, 100)
    assert (settings.passwords, settings.mail.imap_host) == (("0000", "1234"), "imap.example.test")


def test_a_path_of_an_option_counts_from_the_current_folder(tmp_path: Path) -> None:
    settings = load_settings({"roster": Path("名册.xlsx")}, {"KBXT_SCHEMAS": "表"}, tmp_path)
    assert (settings.roster, settings.schemas) == (Path("名册.xlsx"), Path("表"))


@pytest.mark.parametrize("by_option", [True, False])
def test_another_settings_file_may_be_named_and_must_then_be_there(tmp_path: Path, by_option: bool) -> None:
    write(tmp_path, "jobs = 2")
    other = tmp_path / "other.toml"
    options, environ = ({"config": other}, {}) if by_option else ({}, {"KBXT_CONFIG": str(other)})
    with pytest.raises(SettingsError):
        load_settings(options, environ, tmp_path)
    other.write_text("jobs = 7", encoding="utf-8")
    assert load_settings(options, environ, tmp_path).jobs == 7


@pytest.mark.parametrize(
    ("text", "near"),
    [
        ("jbos = 2", "jobs"),
        ("[limits]\ncell = 2", "limits.cells"),
        ("[limit]\ncells = 2", "limits.cells"),
        ("[mail]\nhots = 'a'", "mail.host"),
        ("[mail.host]\na = 1", "mail.host"),
    ],
)
def test_a_key_that_nobody_knows_names_the_nearest(tmp_path: Path, text: str, near: str) -> None:
    path = write(tmp_path, text)
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {}, tmp_path)
    assert str(path) in caught.value.sentence("en")
    assert near in caught.value.sentence("zh")


def test_a_variable_or_an_option_that_nobody_knows_names_the_nearest(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="KBXT_JOBS"):
        load_settings({}, {"KBXT_JOB": "2"}, tmp_path)
    with pytest.raises(SettingsError, match="as_of"):
        load_settings({"as_off": "2021-03-20"}, {}, tmp_path)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("lang", '"fr"'), ("lang", "1"), ("jobs", "-1"), ("jobs", "true"), ("jobs", "1.5"), ("jobs", '"two"'),
        ("period", '"2021"'), ("period", "2021"), ("as_of", '"3月"'), ("as_of", "2021-03-20T10:00:00"),
        ("roster", "1"), ("roster", '""'), ("schemas", "[]"), ("strict", '"maybe"'), ("strict", "2"),
        ("passwords", "[1]"), ("engine", '"spark"'), ("limits.cells", "-1"), ("limits.seconds", "nan"),
        ("limits.seconds", '"soon"'), ("limits.file_bytes", '"1 TB"'), ("mail.security", '"tls"'), ("mail.port", "-1"),
        ("lang", "{a = 1}"),
    ],
)  # fmt: skip
def test_a_value_of_another_kind_is_told_with_its_key(tmp_path: Path, key: str, value: str) -> None:
    write(tmp_path, f"{key} = {value}")
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {}, tmp_path)
    assert key in caught.value.sentence("zh")


@pytest.mark.parametrize("content", [b"jobs = ", b"jobs = 1\njobs = 2", "lang = 中".encode("gb18030")])
def test_a_file_that_is_not_toml_is_told(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "kbxt.toml"
    path.write_bytes(content)
    with pytest.raises(SettingsError, match=r"kbxt\.toml"):
        load_settings({}, {}, tmp_path)


def test_an_authorisation_code_has_no_place_in_a_file_or_option(tmp_path: Path) -> None:
    assert load_settings({}, {"KBXT_MAIL_PASSWORD": "s3cret"}, tmp_path) == Settings()
    with pytest.raises(SettingsError, match="KBXT_MAIL_PASSWORD"):
        load_settings({"mail_password": "s3cret"}, {}, tmp_path)
    write(tmp_path, '[mail]\npassword = "s3cret"')
    with pytest.raises(SettingsError) as caught:
        load_settings({}, {}, tmp_path)
    assert "s3cret" not in caught.value.sentence("zh") + caught.value.sentence("en")


def test_what_shaped_a_run_is_shown_without_secrets(tmp_path: Path) -> None:
    options = {"passwords": "s3cret", "ledger": "postgresql://u:s3cret@h/d", "mail_user": "s3cret", "period": "2021春"}
    settings = load_settings(options, {}, tmp_path)
    shown = shown_settings(settings)
    assert "s3cret" not in json.dumps(shown) + repr(settings).replace(repr(settings.mail), "")
    assert (shown["period"], shown["limits.cells"]) == ("2021春", settings.limits.cells)


def test_no_two_settings_share_a_name() -> None:
    options = [setting.key.replace(".", "_") for setting in SETTINGS]
    assert len(options) == len(set(options))


def test_every_setting_has_its_words_and_no_words_are_of_none() -> None:
    assert set(SETTING_WORDS) == {setting.key for setting in SETTINGS}


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.key)
def test_a_default_may_be_written_as_its_page_shows_it(tmp_path: Path, setting: Setting) -> None:
    written = {setting.variable: setting.default} if setting.default else {}
    assert load_settings({}, written, tmp_path) == Settings()
