"""What goes back to a school: each of its workbooks with findings, marked at the cells and listed on a first sheet."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count, groupby
from operator import itemgetter
from pathlib import Path, PurePosixPath

import numpy as np
import pandas as pd

from kbxt_merge.model.answer import IDENTITY_COLUMNS, Answer, Treatment
from kbxt_merge.model.district import District
from kbxt_merge.model.explained import Explained, explained
from kbxt_merge.model.finding import Findings
from kbxt_merge.model.fingerprints import identify
from kbxt_merge.model.kept import digest_of
from kbxt_merge.model.out_folder import RETURN_FOLDER, safe_name, school_folder
from kbxt_merge.model.privacy import MASKED, is_withheld
from kbxt_merge.model.program import code_of
from kbxt_merge.model.returns import Reading
from kbxt_merge.model.rule import RuleCard, RuleExample, Severity
from kbxt_merge.model.seal import Seal
from kbxt_merge.model.text import Language
from kbxt_merge.outputs.returned.marking import Marked, ToMark
from kbxt_merge.outputs.returned.opinion import Opinion

_ORDER = {Severity.ERROR.value: 0, Severity.WARNING.value: 1, Severity.INFO.value: 2}
_SEVERITIES = {each.value: each for each in Severity}
_EDITABLE_SUFFIXES = (".xlsx", ".xlsm", ".xltx", ".xltm")


_NAMELESS = "未命名"
"""Of a file whose name is dots and spaces alone nothing is left that may stand in one."""


@dataclass(frozen=True)
class ReturnedWorkbooks:
    """What is said on the workbooks of a district, and where they go.

    `answered` holds, by the findings' labels, the answers that confirmed them: they are carried along, so that a school
    need not give them again. `seal` makes of each line one that only this bureau knows again. `examples` show what
    rules find.
    """

    district: District
    findings: Findings
    catalogue: Mapping[str, RuleCard]
    seal: Seal
    language: Language = "zh"
    answered: Mapping[int, Answer] = field(default_factory=dict)
    examples: Mapping[str, RuleExample] = field(default_factory=dict)

    @cached_property
    def asking(self) -> Sequence[Reading]:
        """The files that a school should see again: not those where there is nothing for it to do."""
        return [each for each in self.district.readings if each.file.path in self._by_file]

    def to_mark(self, position: int) -> ToMark:
        """What is to be said of the file at this position in `asking`."""
        reading = self.asking[position]
        opinions = tuple(self._by_file[reading.file.path])
        sheets = frozenset(each.sheet for each in reading.sheets)
        could_be_read = reading.problem is None
        return ToMark(
            reading.file,
            reading.kind,
            reading.sha256,
            sheets,
            opinions,
            self.language,
            could_be_read,
            self.seal,
            self._rules_of(opinions),
        )

    @cached_property
    def keys(self) -> Sequence[bytes]:
        """For each file in `asking` a digest of all that its marked workbook is made of."""
        shared = digest_of(code_of("outputs", "model"), self.language, self.seal.token("key"))
        return [self._key(shared, reading) for reading in self.asking]

    def _key(self, shared: bytes, reading: Reading) -> bytes:
        opinions = self._by_file[reading.file.path]
        own = (reading.sha256, reading.kind, reading.problem is None, [each.sheet for each in reading.sheets])
        told = [self._explained_digests[each.slug] for each in self._rules_of(opinions)]
        return digest_of(shared, reading.file.path, own, opinions, told)

    def write(self, out: Path, all_marked: Iterable[Marked]) -> dict[str, Path]:
        """Write the marked workbooks, in the order of `asking`, as 退回/<school>/<file name> below `out`; what is
        returned leads from each file of the inbox to what was written of it."""
        written: dict[str, Path] = {}
        free, folders = FreePaths(), _Folders(out / RETURN_FOLDER)
        for reading, marked in zip(self.asking, all_marked, strict=True):
            if marked.content:
                path = free.path(folders[self._school(reading)] / _name(reading, marked.own))
                path.write_bytes(marked.content)
                written[reading.file.path] = path
        return written

    def _rules_of(self, opinions: Iterable[Opinion]) -> tuple[Explained, ...]:
        """The rules by which these opinions ask something, in their order, as far as they are explained."""
        rules = dict.fromkeys(each.rule for each in opinions if each.asks)
        return tuple(self._explained[rule] for rule in rules if rule in self._explained)

    @cached_property
    def _explained(self) -> Mapping[str, Explained]:
        rules = map(str, self.findings.frame["rule"].unique())
        return explained(rules, self.catalogue, self.examples, self.language)

    @cached_property
    def _explained_digests(self) -> Mapping[str, bytes]:
        """What is told of each rule, made short: many workbooks tell of the same."""
        return {slug: digest_of(each) for slug, each in self._explained.items()}

    @cached_property
    def _by_file(self) -> Mapping[str, list[Opinion]]:
        """What is said of each file that asks something, errors first."""
        frame = self.findings.frame
        asking = frame.loc[(frame["file"] != "") & (frame["severity"] != Severity.INFO.value), "file"].unique()
        frame = frame[frame["file"].isin(asking)]
        frame = frame.iloc[np.lexsort((frame["severity"].map(_ORDER), pd.factorize(frame["file"])[0]))]
        opinions = zip(frame["file"].tolist(), self._opinions(frame), strict=True)
        return {file: [opinion for _, opinion in of_file] for file, of_file in groupby(opinions, itemgetter(0))}

    def _opinions(self, frame: pd.DataFrame) -> Iterator[Opinion]:
        """The lines that findings make, one each."""
        forms = self.district.forms
        known = identify(frame, self.district.records).rename(columns={"value_digest": "value"})
        known = known.apply(lambda column: column.map({text: self.seal.token(text) for text in column.unique()}))
        identity = [(known if name in known else frame)[name].tolist() for name in IDENTITY_COLUMNS]
        answers = [self.answered.get(label) for label in frame.index.tolist()]
        return map(
            Opinion,
            map(_SEVERITIES.__getitem__, frame["severity"].tolist()),
            frame["sheet"].tolist(),
            frame["cell"].tolist(),
            self._fields(frame),
            self.findings.wording(forms, self.language).values(frame),
            self.findings.sentences(forms, self.language)[frame.index].tolist(),
            ["" if is_withheld(each) else each for each in frame["suggestion"].tolist()],
            frame["related"].tolist(),
            zip(*identity, strict=True),
            [each.treatment if each else Treatment.NONE for each in answers],
            [MASKED.text[each.explanation] if each else "" for each in answers],
        )

    def _fields(self, frame: pd.DataFrame) -> list[str]:
        """What the clerk calls each finding's field; a finding about no field goes by its rule."""
        places = list(zip(*(frame[name].tolist() for name in ("form", "field", "rule")), strict=True))
        names = {place: self._field(*place) for place in set(places)}
        return [names[place] for place in places]

    def _field(self, slug: str, name: str, rule: str) -> str:
        form = self.district.forms.by_slug.get(slug)
        field = None if form is None else form.by_name.get(name)
        return field.label.of(self.language) if field else self.catalogue[rule].title.of(self.language)

    @cached_property
    def _schools_of_sheets(self) -> Mapping[str, Counter[str]]:
        """For each file how many of its sheets are of which school."""
        schools: dict[str, Counter[str]] = {}
        for each in self.district.returned:
            if each.school:
                schools.setdefault(each.file.path, Counter())[each.school] += 1
        return schools

    def _school(self, reading: Reading) -> str:
        """The school that the file came from: the one with most of its sheets, else of most of its findings."""
        sheets = self._schools_of_sheets.get(reading.file.path)
        schools = sheets or Counter(each.school for each in self._by_file[reading.file.path] if each.school)
        return max(schools, key=schools.__getitem__, default="")


class _Folders(dict[str, Path]):
    """The folder of each school, made when first asked for."""

    def __init__(self, below: Path) -> None:
        """No school has a folder yet."""
        super().__init__()
        self._below = below

    def __missing__(self, school: str) -> Path:
        self[school] = folder = self._below / school_folder(school)
        folder.mkdir(parents=True, exist_ok=True)
        return folder


def _name(reading: Reading, own: bool) -> str:
    """The file's own name, with another ending where it is no longer what it was."""
    name = safe_name(PurePosixPath(reading.file.path).name) or _NAMELESS
    if own and name.lower().endswith(_EDITABLE_SUFFIXES):
        return name
    return str(PurePosixPath(name).with_suffix(".xlsx"))


class FreePaths:
    """Paths given once: where another file of the school took one, a number is put behind its name."""

    def __init__(self) -> None:
        """Nothing is taken yet."""
        self._taken: set[str] = set()
        self._numbers: dict[str, count[int]] = {}

    def path(self, wanted: Path) -> Path:
        """The path, or the next one with a number; it is taken from then on."""
        if str(wanted).casefold() in self._taken:
            numbers = self._numbers.setdefault(str(wanted).casefold(), count(2))
            tries = (wanted.with_stem(f"{wanted.stem}({number})") for number in numbers)
            wanted = next(each for each in tries if str(each).casefold() not in self._taken)
        self._taken.add(str(wanted).casefold())
        return wanted
