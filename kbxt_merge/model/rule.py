"""What a rule is, apart from its logic: its names, its severity and the roles that a form's YAML must fill."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kbxt_merge.model.text import Words


class Severity(StrEnum):
    """How much a finding asks of the school, in the words that 教育事业统计 uses."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"

    @property
    def words(self) -> Words:
        """What the severity is called on screens."""
        return _SEVERITY_WORDS[self]


_SEVERITY_WORDS = {
    Severity.ERROR: Words("必须修改", "must be corrected"),
    Severity.WARNING: Words("请核实", "please verify"),
    Severity.INFO: Words("已处理 / 说明", "for information"),
}


class Scope(StrEnum):
    """What a rule looks at; the order is the order of work."""

    FILE = "file"
    SHEET = "sheet"
    CELL = "cell"
    ROW = "row"
    DISTRICT = "district"
    REGISTER = "register"
    PERIOD = "period"


@dataclass(frozen=True, slots=True)
class Role:
    """A part in a rule that a form's YAML fills.

    `kind` is `field` (a field's name), `fields` (several), `form` (another form's slug), `where` (values by field),
    `foreign` and `foreign_where` (the same of the form named in the role `list`), `text`, `choice` (of `choices`),
    `number`, or `rows` (labels of the form's printed rows). `types` are the field types a `field` may have; none named:
    any.
    """

    kind: str
    required: bool = True
    types: tuple[str, ...] = ()
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RuleCard:
    """One rule of the catalogue.

    A cell rule applies to every field that is of one of `types` (`Field.kinds`); a rule without them applies where a
    form's YAML says so, pointing `at` a field of one of `at_types`. `message` says what is wrong and what the school
    should do; `at_file` says it where the finding points at no field. `asks_for_return` is true where a finding says
    that something of a school did not come. Of the roles in `any_of` one at least must be played, of those in `one_of`
    just one.
    """

    slug: str
    severity: Severity
    scope: Scope
    title: Words
    message: Words
    when: Words
    types: tuple[str, ...] = ()
    at_types: tuple[str, ...] = ()
    roles: Mapping[str, Role] = field(default_factory=dict)
    asks_for_return: bool = False
    at_file: Words | None = None
    any_of: tuple[str, ...] = ()
    one_of: tuple[str, ...] = ()

    @property
    def stands_in_forms(self) -> bool:
        """Whether a form's YAML says where it applies; the others apply by themselves."""
        return bool(self.at_types) or (bool(self.roles) and not self.types)

    def is_on_all(self, kinds: frozenset[str]) -> bool:
        """Tell whether the rule applies to every field of these kinds, unasked."""
        return not kinds.isdisjoint(self.types)


@dataclass(frozen=True, slots=True)
class RuleExample:
    """What a rule finds, shown: a part of a sheet, the cell that it points at, and what it says.

    `columns` are letters, `rows` the numbers of rows with a cell a column; both are empty where a whole file is meant.
    """

    file: str
    cell: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, tuple[str, ...]], ...]
    said: Words

    def is_pointed_at(self, row: str, column: str) -> bool:
        """Whether this is the cell."""
        return self.cell == f"{column}{row}"
