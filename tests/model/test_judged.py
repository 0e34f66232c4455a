"""What was said of records stays what it was, however often it is moved and joined."""

from __future__ import annotations

import numpy as np
import pytest

from kbxt_merge.model import judged
from kbxt_merge.model.finding import FINDING_COLUMNS, FindingColumns
from kbxt_merge.model.judged import Judged


def said(record: int) -> FindingColumns:
    texts = {name: np.array([f"{name} {record}"], dtype=object) for name in FINDING_COLUMNS}
    return {**texts, "record": np.array([record], dtype=np.int64)}


@pytest.mark.parametrize("most", [1, 2, 200])
def test_findings_in_many_parts_are_joined_in_their_order(most: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judged, "MOST_PARTS", most)
    together = Judged(5)
    for record in (3, 0, 4):
        together = together.beside(Judged(5, [(said(record), np.array([record]))]))
    moved = together.moved(np.array([-1, 0, 1, 2, 3]), 4)
    assert len(moved.found) <= max(most, 1)
    told = [each for columns, _ in moved.found for each in zip(columns["cell"], columns["record"], strict=True)]
    assert told == [("cell 3", 2), ("cell 4", 3)]
    assert np.concatenate([at for _, at in moved.found]).tolist() == [2, 3]
