"""What was sent stands in the ledger, each event once."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

from bureau_rounds import SCHOOLS, Bureau, reading

from kbxt_merge.ledger.ledger import ledger_of
from kbxt_merge.mail.outbox import events_of, file_outbox
from kbxt_merge.model.out_folder import OUTBOX_FOLDER


def test_a_mails_events_are_entered_once_however_often_the_outbox_is_read(tmp_path: Path) -> None:
    out, stage = tmp_path / "out", tmp_path / "stage"
    Bureau(out).merge("2021春", [reading(SCHOOLS[0], {"1-2": []}, "2021-03-10")])
    with file_outbox(out) as outbox:
        outbox.begin("k1", SCHOOLS[0], "a@example.test")
        outbox.sent("k1", "250 ok")
        outbox.begin("k2", SCHOOLS[1], "b@example.test")
    stage.mkdir()
    with ledger_of(out, stage, "") as ledger:
        ledger.enter_mails(events_of(out))
        ledger.enter_mails(events_of(out))
    with closing(sqlite3.connect(stage / "kbxt.db")) as connection:
        found = connection.execute("SELECT key, event, school, reply FROM mails ORDER BY id").fetchall()
    assert found == [("k1", "begin", SCHOOLS[0], ""), ("k1", "sent", "", "250 ok"), ("k2", "begin", SCHOOLS[1], "")]


def test_a_line_that_a_sending_has_not_finished_is_left_alone(tmp_path: Path) -> None:
    path = tmp_path / OUTBOX_FOLDER / "outbox.jsonl"
    path.parent.mkdir()
    path.write_bytes(b'{"at": "x", "event": "begin", "key": "k1"}\n{"at": "x", "eve')
    assert [event["key"] for event in events_of(tmp_path)] == ["k1"]
    assert path.read_bytes().endswith(b'"eve')
    assert events_of(tmp_path / "none") == []
