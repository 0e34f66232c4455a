"""The one way in which a file says that it cannot be read."""

from __future__ import annotations

import struct
import zipfile
import zlib
from xml.parsers.expat import ExpatError

from kbxt_merge.model.submission import Problem

DAMAGE = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    EOFError,
    ExpatError,
    LookupError,
    NotImplementedError,
    OSError,
    RecursionError,
    RuntimeError,
    SyntaxError,  # what XML parsers raise descends from it
    TypeError,
    ValueError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a library may raise over damaged bytes; caught around a library's call, never around code of ours."""


class Unreadable(Exception):  # noqa: N818 - a state of the file, not a fault of the program
    """A file that cannot be read, and why: a data fault, which the per-workbook stage turns into a finding."""

    def __init__(self, slug: str, what: str, **facts: object) -> None:
        """`what` is the short machine word of the reason, `facts` the values that its sentence needs."""
        self.problem = Problem(slug, {"what": what, **{key: str(value) for key, value in facts.items()}})
        super().__init__(slug, what)

    def __reduce__(self) -> tuple[object, ...]:
        """Cross process borders whole, facts included."""
        facts = dict(self.problem.facts)
        what = facts.pop("what")
        return _rebuild, (self.problem.slug, what, facts)


def _rebuild(slug: str, what: str, facts: dict[str, str]) -> Unreadable:
    return Unreadable(slug, what, **facts)
