"""The children who are registered as out of school: by school, kind of registration and category of household."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from kbxt_merge.model.district import District

_DROPPED_OUT = "失学辍学"


@dataclass(frozen=True, slots=True)
class Register:
    """`frame` has `school`, `type` and `category`, one row a child, of those whose type and category could be read."""

    types: tuple[str, ...]
    categories: tuple[str, ...]
    frame: pd.DataFrame

    @classmethod
    def of(cls, district: District) -> Register | None:
        """The register, from the form that asks for both; None where none does."""
        for records in district.records.values():
            fields = {each.type: each for each in records.form.fields}
            kind, category = fields.get("registration_type"), fields.get("person_category")
            if kind and category and kind.vocabulary and category.vocabulary:
                shown = {"type": records.shown[kind.name], "category": records.shown[category.name]}
                frame = pd.DataFrame(shown).assign(school=records.school)
                types, categories = kind.vocabulary.values, category.vocabulary.values
                readable = frame["type"].isin(types) & frame["category"].isin(categories)
                return cls(types, categories, frame[readable])
        return None

    @property
    def dropouts(self) -> pd.DataFrame:
        """Those who dropped out."""
        return self.frame[self.frame["type"] == _DROPPED_OUT]

    @property
    def lines(self) -> list[tuple[str, list[int]]]:
        """Per kind of registration how many of each category, and in all."""
        counted = self.frame.groupby(["type", "category"]).size()
        lines = []
        for kind in self.types:
            counts = [int(counted.get((kind, category), 0)) for category in self.categories]
            lines.append((kind, [*counts, sum(counts)]))
        return lines
