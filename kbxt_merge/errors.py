"""What the operator can get wrong; each carries one sentence in both languages that says what, and what to do.

    KbxtError
    ├── InboxError        the inbox is missing, empty, or can't be read
    ├── RosterError       the roster can't be read, or names a school twice
    ├── RegisterError     the registers' folder (比对库) is missing
    ├── SettingsError     a setting nobody knows, or a value that can't be
    ├── SchemaError       the faults of a form's YAML, all at once
    ├── OutputError       the output folder can't be written, or is held by another run
    ├── LedgerError       the ledger is damaged, or of a newer version
    ├── ClusterError      the process that speaks with the Dask cluster ended, or the cluster did
    └── MailError         the mailbox can't be reached, or refuses the login

Data faults are findings, never exceptions; program faults are neither, and end in a traceback.
"""

from __future__ import annotations

from kbxt_merge.model.text import Language, Words


class KbxtError(Exception):
    """An operator's fault: one sentence says what is wrong and what to do."""

    def __init__(self, zh: str, en: str) -> None:
        """Keep the sentence in both languages."""
        super().__init__(en)
        self.words = Words(zh, en)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders: a worker, too, may find that the inbox can't be reached."""
        return type(self), (self.words.zh, self.words.en)

    def sentence(self, language: Language) -> str:
        """The sentence in the operator's language."""
        return self.words.of(language)


class InboxError(KbxtError):
    """The inbox is missing, empty, or can't be read."""


class RosterError(KbxtError):
    """The roster can't be read, or names a school twice."""


class RegisterError(KbxtError):
    """The folder of the bureau's registers is missing."""


class SettingsError(KbxtError):
    """A setting nobody knows, or a value that can't be."""


class SchemaError(KbxtError):
    """The faults of a form's YAML, all at once."""


class OutputError(KbxtError):
    """The output folder can't be written, or is held by another run."""


class LedgerError(KbxtError):
    """The ledger is damaged, or of a newer version."""


class ClusterError(KbxtError):
    """The Dask cluster was lost while it read."""


class MailError(KbxtError):
    """The mailbox can't be reached, or refuses the login."""
