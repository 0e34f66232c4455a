"""What a run is told besides its inbox: option > environment KBXT_… > kbxt.toml beside the inbox > default.

The table SETTINGS knows every setting once, by its key in kbxt.toml; the environment's name and the option's follow
of it (`mail.host`: KBXT_MAIL_HOST, `mail_host`).  A relative path in a kbxt.toml counts from that file's folder,
any other from the current one.
"""

from __future__ import annotations

import datetime as dt
import os
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import MISSING, dataclass, field, fields, replace
from pathlib import Path
from typing import Any

from kbxt_merge import setting_kinds as kinds
from kbxt_merge.errors import SettingsError
from kbxt_merge.model.inbox import SETTINGS_NAME, Inbox
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.period import Period
from kbxt_merge.model.text import Language, Words, nearest
from kbxt_merge.setting_kinds import Kind
from kbxt_merge.setting_words import SETTING_WORDS

CONFIG_VARIABLE = "KBXT_CONFIG"
MAIL_PASSWORD_VARIABLE = "KBXT_MAIL_PASSWORD"
"""A mailbox's authorisation code comes from here, from the keyring or from a prompt: never from a file or option."""

_PREFIX = "KBXT_"
_NO_SETTINGS = frozenset({CONFIG_VARIABLE, MAIL_PASSWORD_VARIABLE})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


@dataclass(frozen=True, slots=True)
class Settings:
    """Every setting; None, or an empty text, where nothing was said and there is no fixed default.

    `jobs` counts worker processes; with 0 this one does all itself. `as_of` stands in for today, and `due` for the
    period's own due date.
    `ledger` is an SQLAlchemy URL (empty: kbxt.db in OUT). `passwords` are tried on encrypted workbooks.
    """

    language: Language = "zh"
    jobs: int = field(default_factory=_cores)
    period: Period | None = None
    as_of: dt.date | None = None
    due: dt.date | None = None
    roster: Path | None = None
    registers: Inbox | None = None
    schemas: Path | None = None
    strict: bool = False
    engine: str = "local"
    scheduler: str = ""
    ledger: str = field(default="", repr=False)
    passwords: tuple[str, ...] = field(default=(), repr=False)
    limits: Limits = field(default_factory=Limits)
    mail: MailAccount = field(default_factory=MailAccount)

    def due_in(self, period: Period) -> dt.date:
        """The day that returns of a period are due: as set, where that is not said of another period, as a day before
        its first is: whoever set the next period and forgot the day would find every school late."""
        said = self.due if self.due and self.period in (None, period) else None
        return said if said and said >= period.first else period.due


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its key in kbxt.toml, the noun's attribute that takes it, and what kind of value it is."""

    key: str
    attribute: str
    kind: Kind

    @property
    def table(self) -> str:
        """The table of kbxt.toml it stands in; empty at the top."""
        return self.key.rpartition(".")[0]

    @property
    def variable(self) -> str:
        """The environment's name for it."""
        return _PREFIX + self.key.replace(".", "_").upper()

    @property
    def words(self) -> Words:
        """What it is for."""
        return SETTING_WORDS[self.key]

    @property
    def default(self) -> str:
        """What holds where nothing is said, as it may be written in kbxt.toml; blank where that depends on the run."""
        noun = {"": Settings, "limits": Limits, "mail": MailAccount}[self.table]
        value = next(each.default for each in fields(noun) if each.name == self.attribute)
        return "" if value in (None, MISSING, "", ()) else self.kind.shown(value)


_LIMIT_KINDS = {"int": kinds.AT_LEAST_ONE, "float": kinds.SECONDS}
_MAIL_KINDS = {
    "str": kinds.TEXT,
    "tuple[str, ...]": kinds.TEXTS,
    "bool": kinds.FLAG,
    "int": kinds.WHOLE,
    "float": kinds.SECONDS,
    "Security": kinds.SECURITY,
    "Path | None": kinds.PATH,
}
_MAIL_KEYS = {"sender": "from"}

SETTINGS: tuple[Setting, ...] = (
    Setting("lang", "language", kinds.one_of("zh", "en")),
    Setting("jobs", "jobs", kinds.WHOLE),
    Setting("period", "period", kinds.PERIOD),
    Setting("as_of", "as_of", kinds.DAY),
    Setting("due", "due", kinds.DAY),
    Setting("roster", "roster", kinds.PATH),
    Setting("registers", "registers", kinds.PLACE),
    Setting("schemas", "schemas", kinds.PATH),
    Setting("strict", "strict", kinds.FLAG),
    Setting("engine", "engine", kinds.one_of("local", "dask")),
    Setting("scheduler", "scheduler", kinds.TEXT),
    Setting("ledger", "ledger", kinds.TEXT),
    Setting("passwords", "passwords", kinds.TEXTS),
    *(
        Setting(f"limits.{each.name}", each.name, kinds.BYTES if "bytes" in each.name else _LIMIT_KINDS[str(each.type)])
        for each in fields(Limits)
    ),
    *(
        Setting(f"mail.{_MAIL_KEYS.get(each.name, each.name)}", each.name, _MAIL_KINDS[str(each.type)])
        for each in fields(MailAccount)
    ),
)

_BY_KEY = {each.key: each for each in SETTINGS}
_BY_OPTION = {each.key.replace(".", "_"): each for each in SETTINGS}
_BY_VARIABLE = {each.variable: each for each in SETTINGS}


def load_settings(options: Mapping[str, object], environ: Mapping[str, str], folder: Path) -> Settings:
    """The settings in force; `folder` is the one that holds the inbox.

    An option that is None was not given; `config` among them names another file than kbxt.toml.
    Raises SettingsError for a key that nobody knows and for a value that can't be.
    """
    config = options.get("config") or environ.get(CONFIG_VARIABLE) or None
    tables: dict[str, dict[str, Any]] = {"": {}, "limits": {}, "mail": {}}
    sources = (
        _from_file(folder / SETTINGS_NAME if config is None else Path(str(config)), must_exist=config is not None),
        _from_environment(environ),
        _from_options(options),
    )
    for source in sources:
        for setting, value in source:
            tables[setting.table][setting.attribute] = value
    return Settings(**tables[""], limits=Limits(**tables["limits"]), mail=MailAccount(**tables["mail"]))


def with_options(settings: Settings, options: Mapping[str, object]) -> Settings:
    """The settings with the options over them that were given; none may be of the tables limits and mail.

    Raises SettingsError as `load_settings`.
    """
    return replace(settings, **{setting.attribute: value for setting, value in _from_options(options)})


def _from_options(options: Mapping[str, object]) -> Iterator[tuple[Setting, Any]]:
    for name, value in options.items():
        if name != "config" and value is not None:
            shown = "--" + name.replace("_", "-")
            yield _read(_known(name, _BY_OPTION, shown), value, shown)


def _from_environment(environ: Mapping[str, str]) -> Iterator[tuple[Setting, object]]:
    for name, value in environ.items():
        if name.startswith(_PREFIX) and name not in _NO_SETTINGS:
            yield _read(_known(name, _BY_VARIABLE, name), value, name)


def _from_file(path: Path, *, must_exist: bool) -> Iterator[tuple[Setting, object]]:
    for key, value in _flat(_toml(path, must_exist=must_exist)):
        shown = f"{path}: {key}"
        setting, read = _read(_known(key, _BY_KEY, shown), value, shown)
        yield setting, path.parent / read if isinstance(read, Path) else read


def _toml(path: Path, *, must_exist: bool) -> Mapping[str, object]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except FileNotFoundError as error:
        if not must_exist:
            return {}
        raise SettingsError(f"没有设置文件 {path}：请检查路径", f"there is no {path}; check the path") from error
    except OSError as error:
        raise SettingsError(
            f"无法读取设置文件 {path}（{error.strerror}）", f"{path} can't be read ({error.strerror})"
        ) from error
    except RecursionError as error:
        raise SettingsError(
            f"设置文件 {path} 的括号嵌套太深：请改正", f"the brackets in {path} are nested too deep; correct it"
        ) from error
    except ValueError as error:  # not UTF-8, or not TOML
        raise SettingsError(
            f"设置文件 {path} 不是正确的 TOML（{error}）：请改正并存为 UTF-8",
            f"{path} is not TOML ({error}); correct it, and save it as UTF-8",
        ) from error


def _flat(tables: Mapping[str, object]) -> Iterator[tuple[str, object]]:
    """The keys of a kbxt.toml with those of its tables as `table.key`."""
    for key, value in tables.items():
        if isinstance(value, dict):
            yield from ((f"{key}.{inner}", each) for inner, each in value.items())
        else:
            yield key, value


def _known(name: str, settings: Mapping[str, Setting], shown: str) -> Setting:
    if name in settings:
        return settings[name]
    if name.replace("_", ".") == "mail.password":
        raise SettingsError(
            f"{shown}：邮箱授权码不能写在文件或选项里，请放进环境变量 {MAIL_PASSWORD_VARIABLE}",
            f"{shown}: an authorisation code has no place in a file or option; put it into {MAIL_PASSWORD_VARIABLE}",
        )
    near = nearest(name, settings, near_enough=0)
    raise SettingsError(f"{shown}：没有这个设置，是否“{near}”？", f"{shown}: there is no such setting; is it `{near}`?")


def _read(setting: Setting, value: object, shown: str) -> tuple[Setting, object]:
    try:
        return setting, setting.kind.read(value)
    except ValueError as error:
        wanted = setting.kind.wanted
        raise SettingsError(f"{shown} 要填{wanted.zh}", f"{shown} must be {wanted.en}") from error


def shown_settings(settings: Settings) -> Mapping[str, object]:
    """Show what shaped a run, by key, as JSON takes it: without passwords, the ledger's URL and the mail account."""
    return {key: _plain_value(value) for key, value in _shown(settings, _BY_KEY.values())}


def _shown(settings: Settings, table: Iterable[Setting]) -> Iterator[tuple[str, object]]:
    for setting in table:
        if setting.table != "mail" and setting.key not in ("passwords", "ledger"):
            noun = settings.limits if setting.table else settings
            yield setting.key, getattr(noun, setting.attribute)


def _plain_value(value: object) -> object:
    return value if value is None or isinstance(value, bool | int | float | str) else str(value)
