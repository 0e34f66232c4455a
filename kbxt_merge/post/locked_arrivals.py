"""What came locked by mail, tried at once with every password that is known: who sent the others is asked today."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.intake.formats.damage import Unreadable
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.intake.formats.sniff import kind_of
from kbxt_merge.model.passwords import Passwords
from kbxt_merge.model.returns import Kind
from kbxt_merge.model.text import Language, Words

_LOCKED = Words(
    "    {file} 有密码，已知的口令都打不开：请向学校问口令，写进学校名册的“口令”一栏，或请学校去掉密码重新报送",
    "    {file} is locked, and no known password opens it: ask the school, and enter it in the roster's 口令",
)


@dataclass(frozen=True)
class LockedArrivals:
    """Tries the workbooks that came into an inbox."""

    inbox: Path
    passwords: Passwords
    language: Language

    def lines(self, files: tuple[Path, ...]) -> Iterator[str]:
        """A line for each that stays locked."""
        for path in files:
            if not self._opens(path):
                yield _LOCKED.of(self.language).format(file=path.name)

    def _opens(self, path: Path) -> bool:
        data = path.read_bytes()
        if kind_of(data, path.name) is not Kind.ENCRYPTED:
            return True
        below = path.relative_to(self.inbox) if path.is_relative_to(self.inbox) else path
        try:
            unlocked(data, self.passwords.all(below.as_posix()))
        except Unreadable:
            return False
        return True
