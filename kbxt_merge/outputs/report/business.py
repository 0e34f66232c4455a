"""The bureau's business on its report: the notice's own aims, and how returns and registers agree."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from kbxt_merge.model.aims import Aim, Aims, AimsLine, Rate, lines_of, percent, points, rate_of, to_sum
from kbxt_merge.model.comparison import COMPARED, Comparison, Outcome
from kbxt_merge.model.district import District
from kbxt_merge.model.reference import ReferenceFile
from kbxt_merge.model.text import Language, Words

Line = tuple[str, Sequence[str]]
"""A row of a table: its name, and what stands in its cells."""

_NOT_TOLD = "—"
_POINTS = Words("{} 个百分点", "{} points")


@dataclass(frozen=True, slots=True)
class Figure:
    """One figure of the district; `change` is that on the last period, blank where that is not known."""

    title: str
    shown: str
    change: str = ""
    mark: str = ""


@dataclass(frozen=True)
class AimsPart:
    """The aims as a page shows them."""

    aims: Aims
    language: Language

    @property
    def figures(self) -> list[Figure]:
        """The district's figures, each share behind the figure that it is of."""
        totals, before = self.aims.totals, self.aims.totals_before
        figures = []
        for aim, count in totals.items():
            change = f"{count - before[aim]:+,d}" if aim in before else ""
            mark = "error" if count and aim in (Aim.DROPOUTS, Aim.CLEARED) else ""
            figures.append(Figure(aim.words.of(self.language), f"{count:,}", "±0" if change == "+0" else change, mark))
            figures += [self._share(rate) for rate in self.aims.rates if rate.behind is aim]
        return figures

    def _share(self, rate: Rate) -> Figure:
        now, before = self.aims.rates[rate], self.aims.rates_before.get(rate)
        moved = None if before is None else points(now, before)
        change = "" if moved is None else _POINTS.of(self.language).format(f"{moved:+.2f}") if moved else "±0"
        return Figure(rate.words.of(self.language), percent(now), change)

    @property
    def columns(self) -> list[str]:
        """The header of the tables."""
        words = [each.words.of(self.language) for each in self.aims.known]
        if Aim.BACK in self.aims.known:
            words.insert(self.aims.known.index(Aim.BACK) + 1, Rate.BACK.words.of(self.language))
        return words

    @property
    def stages(self) -> list[Line]:
        """A row a stage of the roster; none where it names no stages."""
        if not any(self.aims.stages.index):
            return []
        lines = lines_of(self.aims.stages)
        return [self._line(replace(each, rate=rate_of(self.aims.of_stage(each.name)))) for each in lines]

    @property
    def schools(self) -> list[Line]:
        """A row a school that told something."""
        return [self._line(each) for each in lines_of(self.aims.schools)]

    @property
    def total(self) -> Line:
        """The district's row."""
        (summed,) = lines_of(to_sum(self.aims.schools).sum(min_count=1).to_frame().T)
        return self._line(replace(summed, name="", rate=self.aims.rates.get(Rate.BACK)))

    def _line(self, line: AimsLine) -> Line:
        cells = []
        for aim in self.aims.known:
            count = line.counts[aim]
            cells.append(_NOT_TOLD if count is None else f"{count:,}")
            if aim is Aim.BACK:
                cells.append(_NOT_TOLD if line.rate is None else percent(line.rate))
        return line.name, cells


@dataclass(frozen=True, slots=True)
class RegisterPart:
    """One register as a page shows it: who keeps it, its files, a row a form, and the schools with differences."""

    label: str
    office: str
    files: Sequence[ReferenceFile]
    forms: Sequence[Line]
    schools: Sequence[Line]


@dataclass(frozen=True)
class RegistersPart:
    """The registers as a page shows them."""

    district: District
    comparison: Comparison | None
    language: Language

    @property
    def columns(self) -> list[str]:
        """The header of the tables, behind how many were compared."""
        return [each.words.of(self.language) for each in Outcome]

    @property
    def registers(self) -> list[RegisterPart]:
        """The registers that lie in the folder, each with what was compared."""
        read = self.district.references
        totals = self.comparison.totals if self.comparison else {}
        parts = []
        for each in self.district.forms.registers if read else ():
            files = [file for file in (read.files if read else ()) if file.register == each.slug]
            rows = {form: counts for (slug, form), counts in totals.items() if slug == each.slug}
            if not files:
                continue
            forms = [(self._form(form), self._cells(counts)) for form, counts in rows.items()]
            label, office = each.label.of(self.language), each.office.of(self.language)
            parts.append(RegisterPart(label, office, files, forms, self._schools(each.slug)))
        return parts

    @property
    def strange(self) -> list[ReferenceFile]:
        """The files of the folder that are none of the registers."""
        read = self.district.references
        return [each for each in (read.files if read else ()) if not each.register]

    def why(self, file: ReferenceFile) -> str:
        """Say what is wrong with a file."""
        return file.why(self.language)

    def _form(self, slug: str) -> str:
        form = self.district.forms.by_slug[slug]
        return f"{form.slug} {form.label.of(self.language)}"

    def _cells(self, counts: Mapping[Outcome, int]) -> list[str]:
        return [f"{sum(counts[each] for each in COMPARED):,}", *(f"{counts[each]:,}" for each in Outcome)]

    def _schools(self, slug: str) -> list[Line]:
        """The schools that have a difference, the most first, over all forms of the register."""
        if self.comparison is None:
            return []
        counts = self.comparison.counts
        names = [each.value for each in Outcome]
        summed = counts[counts["register"] == slug].groupby("school", sort=False)[names].sum()
        wanting = [each.value for each in (Outcome.DIFFERS, Outcome.NOT_ON_IT, Outcome.NOT_RETURNED)]
        differing = summed[summed[wanting].sum(axis=1) > 0]
        order = differing[wanting].sum(axis=1).sort_values(ascending=False, kind="stable").index
        rows = zip(order, differing.loc[order].to_dict(orient="records"), strict=True)
        return [(str(name), self._cells({each: int(row[each.value]) for each in Outcome})) for name, row in rows]


def troubled(district: District, language: Language) -> list[tuple[str, str]]:
    """The files of the registers' folder that were not held against, or lack a column, and why."""
    read = district.references
    return [(each.path, each.why(language)) for each in (read.files if read else ()) if each.why(language)]
