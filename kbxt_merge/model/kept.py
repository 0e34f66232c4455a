"""What is kept from one run to the next, by keys that cover all that it was made of."""

from __future__ import annotations

import hashlib
import io
import pickle
from collections.abc import Mapping
from dataclasses import dataclass
from types import ModuleType
from typing import Protocol

_DAMAGE = (pickle.UnpicklingError, AttributeError, EOFError, IndexError, KeyError, TypeError, ValueError)


class Store(Protocol):
    """Keeps results by keys of 32 bytes."""

    @property
    def is_empty(self) -> bool:
        """Whether nothing is kept."""

    def get(self, key: bytes) -> bytes | None:
        """The result with this key, kept for the next run too; None where it is not kept."""

    def peek(self, key: bytes) -> bytes | None:
        """The result with this key, which is not kept for the next run by this."""

    def put(self, key: bytes, payload: bytes) -> None:
        """Keep a result."""


def digest_of(*facts: object) -> bytes:
    """A key for what is made of these facts and of nothing else: SHA-256 of each as it is printed."""
    digest = hashlib.sha256()
    for fact in facts:
        digest.update(repr(fact).encode("utf-8", "surrogateescape") + b"\0")
    return digest.digest()


@dataclass(frozen=True)
class Nouns:
    """What an entry may be made of, by module and name; whatever else stands in it makes it damaged."""

    named: Mapping[tuple[str, str], type]

    @classmethod
    def of(cls, *modules: ModuleType, others: tuple[type, ...] = ()) -> Nouns:
        """All types that these modules define, and these others."""
        own = {(each.__name__, name): noun for each in modules for name, noun in vars(each).items()}
        named = {place: noun for place, noun in own.items() if isinstance(noun, type) and noun.__module__ == place[0]}
        return cls({**named, **{(each.__module__, each.__name__): each for each in others}})

    def packed(self, entry: object) -> bytes:
        """An entry as it is kept."""
        return pickle.dumps(entry, protocol=4)

    def unpacked(self, payload: bytes) -> object:
        """The entry; None where it is damaged: no entry can make the program do something."""
        try:
            return _Unpickler(io.BytesIO(payload), self.named).load()
        except _DAMAGE:
            return None


class _Unpickler(pickle.Unpickler):
    """Unpickles nouns and nothing else."""

    def __init__(self, stream: io.BytesIO, named: Mapping[tuple[str, str], type]) -> None:
        super().__init__(stream)
        self._named = named

    def find_class(self, module: str, name: str) -> type:
        """The noun of that name."""
        found = self._named.get((module, name))
        if found is None:
            raise pickle.UnpicklingError(f"{module}.{name} is no noun")
        return found
