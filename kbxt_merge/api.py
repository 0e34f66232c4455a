"""What the library offers beside the command line: the same work, asked for in Python and given as data frames."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from kbxt_merge import merging
from kbxt_merge.merging.offered import schema_of
from kbxt_merge.model.inbox import Inbox, folder_of, parse_inbox
from kbxt_merge.model.merge_result import Checked
from kbxt_merge.model.period import Period
from kbxt_merge.outputs.data.finding_columns import findings_table
from kbxt_merge.outputs.data.record_files import records_table
from kbxt_merge.outputs.data.rows_left_out import rows_left_out
from kbxt_merge.outputs.publish.os_errors import told_to_operator
from kbxt_merge.settings import Settings, load_settings, with_options

if TYPE_CHECKING:
    from kbxt_merge.rules.form_schema import FormSchema

Place = str | Path
Day = str | dt.date


@dataclass(frozen=True, repr=False)
class Result:
    """What was found in an inbox, as data frames with the columns of the CSV files; `settings` are those in force."""

    checked: Checked
    settings: Settings

    @cached_property
    def findings(self) -> pd.DataFrame:
        """The findings as findings.csv holds them, numbers masked, messages in the language of the settings."""
        checked = self.checked
        return findings_table(checked.findings, checked.district.forms, self.settings.language, checked.changes)

    @cached_property
    def files(self) -> pd.DataFrame:
        """What became of each file of the inbox, as in files.csv."""
        return self.checked.verdicts.copy()

    @cached_property
    def rows_left_out(self) -> pd.DataFrame:
        """The rows below headers that were not taken as records, as in rows-left-out.csv."""
        return rows_left_out(self.checked.district)

    @cached_property
    def records(self) -> Mapping[str, pd.DataFrame]:
        """The records of each form in force by the form's number, as in records-<form>.csv: numbers are whole."""
        district, findings = self.checked.district, self.checked.findings
        return {form.slug: records_table(district.records[form.slug], findings) for form in district.forms.forms}

    def write_data(self, folder: Place) -> Sequence[Path]:
        """Write what a merge writes into OUT/data, readable by the owner only; raises OutputError."""
        from kbxt_merge.write_outputs import run_facts, write_data_folder  # brings all that a merge writes

        folder, facts = Path(folder), run_facts(self.checked, self.settings)
        with told_to_operator(folder.absolute()):
            return write_data_folder(self.checked, facts, folder, self.settings.language)

    def __repr__(self) -> str:
        """How much there is; never whose."""
        balance, found = self.checked.account, self.checked.findings
        errors, warnings = found.count("error"), found.count("warning")
        files = len(self.checked.verdicts)
        return f"<Result: {files} files, {balance.merged} records, {errors} errors, {warnings} warnings>"


def check(
    inbox: Place | Inbox,
    *,
    roster: Place | None = None,
    period: str | Period | None = None,
    as_of: Day | None = None,
    schemas: Place | None = None,
    registers: Place | Inbox | None = None,
    jobs: int | None = None,
    settings: Settings | None = None,
) -> Result:
    """Read and check all that lies in an inbox, and write nothing; raises KbxtError.

    The inbox is a folder, an archive, a workbook or a URL. What is not given is settled as for `kbxt merge`: by the
    environment, by kbxt.toml beside the inbox, by the default; with `settings`, by these alone.
    `jobs` processes read; with 0 the calling process does, where no limit of time or memory holds.
    """
    options = {"roster": roster, "period": period, "as_of": as_of, "schemas": schemas, "jobs": jobs}
    place, in_force = _inbox(inbox), {**options, "registers": registers}
    chosen = _settings(in_force, settings, folder_of(place))
    return Result(merging.examine([place], chosen, merging.Progress()), chosen)


def merge(
    inbox: Place | Inbox,
    out: Place,
    *,
    roster: Place | None = None,
    period: str | Period | None = None,
    as_of: Day | None = None,
    schemas: Place | None = None,
    registers: Place | Inbox | None = None,
    jobs: int | None = None,
    settings: Settings | None = None,
    unmasked: bool = False,
    final: bool = False,
) -> Result:
    """Merge an inbox into the folder `out` as `kbxt merge` does, and give what was found; raises KbxtError.

    All but `out`, `unmasked` (whole numbers in the bureau's own report) and `final` (district workbooks to be stamped,
    without colours and comments) is as in `check`.
    """
    options = {"roster": roster, "period": period, "as_of": as_of, "schemas": schemas, "jobs": jobs}
    place, in_force = _inbox(inbox), {**options, "registers": registers}
    chosen = _settings(in_force, settings, folder_of(place))
    return Result(merging.merge(place, Path(out), chosen, unmasked=unmasked, final=final), chosen)


def write_blanks(
    out: Place,
    *,
    roster: Place | None = None,
    period: str | Period | None = None,
    schemas: Place | None = None,
    bundle: bool = False,
    carry: Place | None = None,
    overwrite: bool = False,
    settings: Settings | None = None,
) -> list[Path]:
    """Write the workbooks to hand out as `kbxt blanks` does, and give their paths; raises KbxtError.

    A set for each school of the roster; with `bundle` one workbook each. `carry` names the folder of the last merge,
    whose open cases are filled in. Where workbooks in the folder were filled in, nothing is written unless `overwrite`.
    """
    from kbxt_merge.post import hand_out  # brings the mail

    folder = Path(out)
    chosen = _settings({"roster": roster, "period": period, "schemas": schemas}, settings, folder.absolute().parent)
    carried = None if carry is None else Path(carry)
    into = chosen.period if period else None
    return list(hand_out(folder, chosen, bundle=bundle, carry=carried, into=into, overwrite=overwrite).files)


def schema(
    form: str,
    *,
    period: str | Period | None = None,
    as_of: Day | None = None,
    schemas: Place | None = None,
    settings: Settings | None = None,
) -> FormSchema:
    """Give the pandera schema of a form, for any data frame of its records; raises SchemaError for no such form.

    It fails for what a merge finds by the same rules, as far as the frame alone can tell: it knows no roster, no other
    form and no earlier period, and what asks for one of them holds. Ages are those of the day `as_of`.
    """
    options = {"period": period, "as_of": as_of, "schemas": schemas}
    return schema_of(form, _settings(options, settings, Path.cwd()))


def _inbox(inbox: Place | Inbox) -> Inbox:
    return parse_inbox(inbox) if isinstance(inbox, str) else inbox


def _settings(options: Mapping[str, object], settings: Settings | None, folder: Path) -> Settings:
    return load_settings(options, os.environ, folder) if settings is None else with_options(settings, options)
