"""Each school's own report, written by whoever has the district: a copy of this process, or one that is sent it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kbxt_merge.model.out_folder import REPORT, RETURN_FOLDER, school_folder
from kbxt_merge.outputs.report import Reports


@dataclass(frozen=True)
class SchoolReports:
    """Writes the reports of schools below `stage`."""

    reports: Reports
    stage: Path

    def __call__(self, school: str) -> None:
        """Write one school's report into its folder."""
        folder = self.stage / RETURN_FOLDER / school_folder(school)
        folder.mkdir(parents=True, exist_ok=True)
        self.reports.write_school(school, folder / REPORT)

    def __getstate__(self) -> dict[str, object]:
        """Travel without what no school's report tells of."""
        return {"reports": self.reports.for_schools(), "stage": self.stage}
