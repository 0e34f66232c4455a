"""run.json, as the last merge into OUT left it; free of pandas, for `kbxt status` must answer at once."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

from kbxt_merge.errors import OutputError
from kbxt_merge.model.inbox import is_url
from kbxt_merge.model.out_folder import DATA_FOLDER, RUN_FILE


def read_run(out: Path) -> Mapping[str, Any]:
    """What the merge that OUT holds said of itself; raises OutputError where there is none."""
    try:
        run: Mapping[str, Any] = json.loads((out / DATA_FOLDER / RUN_FILE).read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise OutputError(
            f"{out} 里没有汇总结果：请先运行 kbxt merge", f"{out} holds no merge; run `kbxt merge` first"
        ) from error
    return run


def period_of_last(out: Path) -> str:
    """The label of the period that was merged last into OUT; blank where nothing was."""
    with suppress(OutputError):
        return str(read_run(out).get("period", {}).get("label", ""))
    return ""


def bureau_of_last(out: Path) -> str:
    """The bureau for which was merged last into OUT; blank where nothing was."""
    with suppress(OutputError):
        return str(read_run(out).get("bureau", ""))
    return ""


def not_owed(out: Path) -> Mapping[str, Sequence[str]]:
    """By form the stages of schools that need not return it, as the last merge into OUT had it."""
    with suppress(OutputError):
        found: Mapping[str, Sequence[str]] = read_run(out).get("not_owed", {})
        return found
    return {}


def inbox_of(out: Path) -> Path | None:
    """The inbox that was merged last into OUT; None where nobody knows, or where it was on another machine."""
    with suppress(OutputError):
        place = str(read_run(out).get("inbox", ""))
        return Path(place) if place and not is_url(place) else None
    return None
