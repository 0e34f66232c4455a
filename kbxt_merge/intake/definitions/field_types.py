"""What a definition calls the types of fields, in English and in Chinese."""

from __future__ import annotations

from collections.abc import Mapping

from kbxt_merge.model.bearer import Whose
from kbxt_merge.model.definition_book.shown_names import ALSO_CALLED, CODES_SHOWN, TYPES_SHOWN
from kbxt_merge.model.field import BASIC_TYPES

IDENTITY = "identity"
"""An ID number or the number of another identity paper: read as `id_number`, whose kind another field tells."""

ROW_NAME = "row"
"""The labels of printed rows."""

TYPES_IN_CHINESE: Mapping[str, str] = {
    **{shown: name for name, shown in TYPES_SHOWN.items()},
    **ALSO_CALLED,
}
"""The Chinese names of the types; a vocabulary may have any name of its own."""

WHOSE_IN_CHINESE: Mapping[str, str] = {
    "儿童": Whose.CHILD,
    "学生": Whose.CHILD,
    "成人": Whose.ADULT,
    "任何人": Whose.ANYONE,
}

CODES_IN_CHINESE: Mapping[str, str] = {shown: name for name, shown in CODES_SHOWN.items()}

TYPE_NAMES = (*BASIC_TYPES, IDENTITY, ROW_NAME, *TYPES_IN_CHINESE)
"""All names of types that are no vocabulary."""

UNKNOWN_TYPE = ""
"""Stands for a type that is faulty, so that the fault breeds no second one."""
