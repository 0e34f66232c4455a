"""Check, merge and return the workbooks that schools send a district's education bureau.

What stands in `__all__` is the library; each name is imported when it is first asked for, so that `import kbxt_merge`
costs nothing. `docs/library.md` shows how it is used.
"""

TYPE_CHECKING = False  # as type checkers read it: until own_code has run, an import may find a file of the inbox
if TYPE_CHECKING:
    from typing import Any

    from kbxt_merge import id_number
    from kbxt_merge.api import Result, check, merge, schema, write_blanks
    from kbxt_merge.errors import (
        ClusterError,
        InboxError,
        KbxtError,
        LedgerError,
        MailError,
        OutputError,
        RosterError,
        SchemaError,
        SettingsError,
    )
    from kbxt_merge.settings import Settings

__version__ = "0.1.0"

__all__ = [
    "ClusterError",
    "InboxError",
    "KbxtError",
    "LedgerError",
    "MailError",
    "OutputError",
    "Result",
    "RosterError",
    "SchemaError",
    "Settings",
    "SettingsError",
    "check",
    "id_number",
    "merge",
    "schema",
    "write_blanks",
]

_ELSEWHERE = {"Settings": "settings", **dict.fromkeys(("Result", "check", "merge", "schema", "write_blanks"), "api")}
"""The module of each name that is no error."""


def __getattr__(name: str) -> "Any":
    """Import what `__all__` names."""
    from importlib import import_module

    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "id_number":
        return import_module("kbxt_merge.id_number")
    found = getattr(import_module(f"kbxt_merge.{_ELSEWHERE.get(name, 'errors')}"), name)
    globals()[name] = found
    return found


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
