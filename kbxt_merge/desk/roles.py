"""Who may do what at a desk that several work at: look, work, manage."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from kbxt_merge.model.text import Words

_READS = frozenset({"GET", "HEAD"})


class Role(StrEnum):
    """What somebody may do; each may what those before it may."""

    LOOK = "look"
    WORK = "work"
    MANAGE = "manage"

    @property
    def words(self) -> Words:
        """What it is called."""
        return _WORDS[self]

    def may(self, wanted: Role) -> bool:
        """Tell whether it is as much as that."""
        order = list(Role)
        return order.index(self) >= order.index(wanted)


_WORDS = {
    Role.LOOK: Words("查看", "look"),
    Role.WORK: Words("办理", "work"),
    Role.MANAGE: Words("管理", "manage"),
}


@dataclass(frozen=True, slots=True)
class Visitor:
    """Who asks: by the name of an account, blank for whoever started the desk at this very machine."""

    name: str
    role: Role

    def may(self, role: str) -> bool:
        """Tell whether that may be done."""
        return self.role.may(Role(role))


OWNER = Visitor("", Role.MANAGE)

_TO_READ: Sequence[tuple[str, Role]] = (
    ("/settings", Role.MANAGE),
    ("/accounts", Role.MANAGE),
    ("/download", Role.WORK),  # district workbooks and data hold whole numbers
)
_TO_CHANGE: Sequence[tuple[str, Role]] = (
    ("/logout", Role.LOOK),
    ("/settings", Role.MANAGE),
    ("/accounts", Role.MANAGE),
    ("/roster/shown", Role.WORK),
    ("/roster", Role.MANAGE),
    ("/registers", Role.MANAGE),
    ("/forms", Role.MANAGE),
    ("/period", Role.MANAGE),
    ("/quit", Role.MANAGE),
)


def needed(method: str, path: str) -> Role:
    """The role without which a request is not answered: what is not listed needs the least to read, WORK to change."""
    table, least = (_TO_READ, Role.LOOK) if method in _READS else (_TO_CHANGE, Role.WORK)
    return next((role for place, role in table if path == place or path.startswith(f"{place}/")), least)
