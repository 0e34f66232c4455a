"""What reads files for marking, and does what their names say: in a module that a worker imports."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass, field

from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Grid, SourceFile


@dataclass(frozen=True)
class HostileSource:
    """Costs its process, or its time, or its memory, or raises what nobody foresaw."""

    limits: Limits = field(default_factory=lambda: Limits(seconds=1))

    def unlocked(self, file: SourceFile, sha256: str) -> bytes:
        """No package: cells have to be asked for."""
        return b""

    def grids(self, file: SourceFile, sha256: str) -> list[Grid]:
        """The cells, unless the name says otherwise."""
        match file.path.split("-")[0]:
            case "abort":
                os.abort()
            case "hang":
                time.sleep(60)
            case "swell":
                bytearray(4 << 30)
            case "fault":
                raise ZeroDivisionError(file.path)
        return [Grid("Sheet1", [["姓名"]])]
