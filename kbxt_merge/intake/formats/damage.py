"""The one way in which a file says that it cannot be read."""

from __future__ import annotations

import lzma
import struct
import zipfile
import zlib
from xml.parsers.expat import ExpatError

from kbxt_merge.model.limits import Unreadable

__all__ = ["DAMAGE", "PICTURE_ONLY", "Unreadable"]

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
    lzma.LZMAError,
    struct.error,
    zipfile.BadZipFile,
    zlib.error,
)
"""What a library may raise over damaged bytes; caught around a library's call, never around code of ours."""

PICTURE_ONLY = "picture-only"
"""Why a document was not read that holds a picture and nothing else: perhaps one of the table that is due."""
