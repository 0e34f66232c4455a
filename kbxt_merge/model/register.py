"""The bureau's own registers (比对库), each as its YAML says what it is."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from kbxt_merge.model.field import Field
from kbxt_merge.model.text import Words

NAME, ID = "name", "id"
"""The two columns that every register has: who stands on it, and the ID number that is its key."""
SCHOOL, BIRTH = "school", "birth_date"
"""Columns that help to find a child whose number is another."""

MOST_DAYS_OLD = 60
"""A register dated so many days before the period's first day is too old to be held against."""


@dataclass(frozen=True, slots=True)
class Known:
    """One field of a form that a register knows too.

    `column` is the register's; `means` leads from its values to the field's, where these have other names. Without a
    column it is `standing`: whoever stands on the register has this value, and nobody else has. `degree` says that the
    degree of disability is compared, which the field holds beside its value.
    """

    form: str
    field: str
    column: str = ""
    means: Mapping[str, str] = dataclasses.field(default_factory=dict)
    standing: str = ""
    degree: bool = False


@dataclass(frozen=True, slots=True)
class MustStand:
    """Whose children of a form must stand on the register: those to whom `where` applies."""

    form: str
    where: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class MustReturn:
    """Which children of compulsory age on the register must stand in a form of some school.

    `where` holds values of the register's columns; `not_on` names another register on which the child does not stand.
    """

    form: str
    where: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    not_on: str = ""


@dataclass(frozen=True)
class Register:
    """A register as the bureau defines it.

    `columns` are what is read of it; it is recognised by its name and number, and by one of the columns in `marks` or
    one of the words in `called` in the name of its file, sheet or title. `office` keeps it, and gets the list of
    differences. `gone` holds values of columns whose rows no longer stand on it.
    """

    slug: str
    label: Words
    office: Words
    columns: tuple[Field, ...]
    marks: tuple[str, ...]
    called: tuple[str, ...] = ()
    gone: Mapping[str, tuple[str, ...]] = dataclasses.field(default_factory=dict)
    knows: tuple[Known, ...] = ()
    must_stand: tuple[MustStand, ...] = ()
    must_return: tuple[MustReturn, ...] = ()

    @cached_property
    def by_name(self) -> Mapping[str, Field]:
        """The columns by their names."""
        return {each.name: each for each in self.columns}

    @cached_property
    def forms(self) -> frozenset[str]:
        """The forms that it has to do with."""
        knows, stand, back = self.knows, self.must_stand, self.must_return
        return frozenset(
            (*(each.form for each in knows), *(each.form for each in stand), *(each.form for each in back))
        )

    @property
    def asked(self) -> frozenset[str]:
        """The columns without which some rule can't be checked."""
        columns = {each.column for each in self.knows} | {name for each in self.must_return for name in each.where}
        return frozenset(columns - {""})
