"""What an output folder keeps of the periods that were merged into it before."""

from __future__ import annotations

from pathlib import Path

from kbxt_merge.model.out_folder import PAST_FOLDER, REPORT, SUMMARY_FOLDER, safe_name
from kbxt_merge.outputs.publish.publish import link

KEPT = (REPORT, SUMMARY_FOLDER)
"""What is kept of a period when another one takes its place."""


def keep_past(out: Path, stage: Path, last: str, now: str) -> None:
    """Put into `stage` what `out` keeps of earlier periods, and what it holds of the one merged last, if it is another.

    `last` and `now` are labels; `last` is blank where nothing was merged. What is merged now is no past any more.
    """
    past, current = out / PAST_FOLDER, safe_name(now)
    ended = safe_name(last) if last != now else ""
    for each in past.iterdir() if past.is_dir() else ():
        if each.name not in (current, ended):
            _link_into(stage / PAST_FOLDER, each)
    for name in KEPT if ended else ():
        if (out / name).exists():
            _link_into(stage / PAST_FOLDER / ended, out / name)


def _link_into(folder: Path, kept: Path) -> None:
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    link(kept, folder / kept.name)
