"""The forms in force for every command; mistakes in a definition workbook are marked in a copy beside it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

from kbxt_merge.errors import SchemaError
from kbxt_merge.intake.definitions.loader import DefinitionError, load_forms
from kbxt_merge.intake.definitions.yaml_nodes import Fault
from kbxt_merge.model.forms import Forms
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, Kind


def forms_of(schemas: Path | None) -> Forms:
    """The forms as the bureau defines them; raises SchemaError with every fault of its folder or workbook."""
    from kbxt_merge.rules.catalogue import CATALOGUE  # the rules bring pandas, which the command line spares itself

    try:
        return load_forms(CATALOGUE, schemas)
    except DefinitionError as error:
        copy = _marked(schemas, error.faults) if schemas else None
        if copy is None:
            raise
        raise SchemaError(
            f"{error.words.zh}\n错处已标在：{copy}（改原来的工作簿）",
            f"{error.words.en}\nThey are marked in {copy}; correct the workbook itself",
        ) from None


def _marked(schemas: Path, faults: Sequence[Fault]) -> Path | None:
    """The copy with the faulty cells marked; None where no cell is at fault, or none can be written there."""
    from kbxt_merge.outputs.definition_book.marked_copy import MARKED, write_marked_copy  # openpyxl, for this alone

    marks = [(fault.mark.sheet, fault.mark.cell, fault.words) for fault in faults if fault.mark]
    if not marks:
        return None
    copy = schemas.with_name(MARKED.format(schemas.stem))
    try:
        write_marked_copy(schemas, copy, marks, _grids(schemas))
    except (OSError, ValueError, KeyError):  # a folder that can't be written: the sentences say all
        return None
    return copy


def _grids(schemas: Path) -> Sequence[Grid]:
    """The sheets of a definition workbook of another kind than the one that is marked as it is."""
    from kbxt_merge.intake.formats.read_workbook import Unreadable, read_workbook
    from kbxt_merge.intake.formats.sniff import kind_of

    data = schemas.read_bytes()
    kind = kind_of(data, schemas.name)
    with suppress(Unreadable):
        return read_workbook(data, kind, Limits(), (), schemas.name).grids if kind is not Kind.XLSX else ()
    return ()
