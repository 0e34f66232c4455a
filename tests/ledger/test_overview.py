"""`kbxt status`: who returned what, and when, from the ledger alone."""

from __future__ import annotations

import csv
import datetime as dt
import io
import json
import subprocess
import sys
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from bureau_rounds import FORMS, SCHOOLS, Bureau, id_number, listed, reading

from kbxt_merge.errors import LedgerError
from kbxt_merge.mail.fetched import memory_beside
from kbxt_merge.mail.outbox import file_outbox
from kbxt_merge.model.awaited import Awaited, Wait
from kbxt_merge.model.mail_account import MailAccount
from kbxt_merge.model.overview import Arrival, Overview
from kbxt_merge.model.period import Period
from kbxt_merge.model.returns import Kind, Problem, Reading, SourceFile
from kbxt_merge.settings import Settings
from kbxt_merge.status import lines_of, status

HERE, LATE, SILENT = SCHOOLS
DUE = "2021-03-31"
WRONG = {"1-2": [listed("谢松林", "360704200905151020")]}
SOUND = {"1-2": [listed("谢松林", id_number(101))]}


@pytest.fixture
def out(tmp_path: Path) -> Path:
    """Two schools returned, one of them late; the third was never heard of."""
    bureau = Bureau(tmp_path / "out")
    first = reading(HERE, WRONG, "2021-03-10")
    bureau.merge("2021春", [first], "2021-03-12T09:00:00+08:00")
    late = reading(LATE, SOUND, "2021-04-10")
    bureau.merge("2021春", [first, late], "2021-04-12T09:00:00+08:00")
    return tmp_path / "out"


def seen(out: Path, today: str = "2021-04-20", period: str = "") -> Overview:
    of = Period.parse(period) if period else None
    return status(out, Settings(as_of=dt.date.fromisoformat(today)), of)


def arrivals(overview: Overview, slug: str = "1-2") -> dict[str, Arrival]:
    return {school.name: school.forms[slug].arrival for school in overview.schools}


def test_each_form_of_each_school_came_in_time_or_late_or_is_missing(out: Path) -> None:
    assert seen(out).due == dt.date.fromisoformat(DUE)
    assert arrivals(seen(out)) == {HERE: Arrival.IN_TIME, LATE: Arrival.LATE, SILENT: Arrival.MISSING}
    assert set(arrivals(seen(out), "3").values()) == {Arrival.MISSING}


def test_before_the_due_date_nothing_is_missing(out: Path) -> None:
    assert arrivals(seen(out, "2021-03-31"))[SILENT] is Arrival.AWAITED
    assert arrivals(seen(out, "2021-04-01"))[SILENT] is Arrival.MISSING


def test_a_form_returned_again_keeps_the_day_on_which_it_first_came(out: Path) -> None:
    again = [reading(HERE, SOUND, "2021-04-15", "改正"), reading(LATE, SOUND, "2021-04-10")]
    Bureau(out).merge("2021春", again, "2021-04-16T09:00:00+08:00")
    form = next(each for each in seen(out).schools if each.name == HERE).forms["1-2"]
    assert (form.arrival, form.first_came, form.versions) == (Arrival.IN_TIME, dt.date(2021, 3, 10), 2)


def test_a_return_in_an_archive_is_late_when_the_archive_is_whatever_day_stands_inside(tmp_path: Path) -> None:
    late = reading(HERE, SOUND, "2021-03-10")
    came = dt.datetime(2021, 4, 10, tzinfo=dt.UTC).timestamp()
    late.file = replace(late.file, arrived=came)
    Bureau(tmp_path / "out").merge("2021春", [late], "2021-04-12T09:00:00+08:00")
    assert arrivals(seen(tmp_path / "out"))[HERE] is Arrival.LATE


def test_open_errors_are_counted_where_they_stand_and_fixed_ones_are_gone(out: Path) -> None:
    errors = {school.name: school.forms["1-2"].errors for school in seen(out).schools}
    assert errors[HERE] == errors[LATE] + 1
    Bureau(out).merge("2021春", [reading(HERE, SOUND, "2021-03-10"), reading(LATE, SOUND, "2021-04-10")])
    assert next(each for each in seen(out).schools if each.name == HERE).forms["1-2"].errors == errors[LATE]


def test_the_rounds_so_far_and_what_the_last_one_changed(out: Path) -> None:
    overview = seen(out)
    assert overview.rounds == 2
    assert overview.changes["open"] > 0
    assert overview.last_round == dt.datetime.fromisoformat("2021-04-12T09:00:00+08:00")


def test_a_stamped_scan_beside_the_return_is_seen(out: Path) -> None:
    file = SourceFile(f"{HERE}附件1-2盖章.pdf", "", 1, 0.0)
    scan = Reading(file, Kind.PDF, "a" * 64, problem=Problem("file-other", {"what": "pdf"}))
    Bureau(out).merge("2021春", [reading(HERE, SOUND, "2021-03-10"), scan])
    school = next(each for each in seen(out).schools if each.name == HERE)
    assert school.scans == 1
    assert school.forms["1-2"].scanned


def test_a_period_can_be_asked_for_and_the_last_merged_is_the_default(out: Path) -> None:
    Bureau(out).merge("2021秋", [reading(LATE, SOUND, "2021-09-10")], "2021-09-12T09:00:00+08:00")
    assert seen(out).period == "2021秋"
    assert seen(out, period="2021春").rounds == 2
    with pytest.raises(LedgerError, match="2020春"):
        seen(out, period="2020春")


def test_without_a_ledger_there_is_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(LedgerError):
        seen(tmp_path)


def test_asking_writes_nothing_and_needs_no_right_to_write(out: Path) -> None:
    before = {path: path.stat().st_mtime_ns for path in [out, *out.iterdir()]}
    out.chmod(0o500)
    seen(out)
    out.chmod(0o700)
    assert {path: path.stat().st_mtime_ns for path in [out, *out.iterdir()]} == before


def test_the_table_has_a_line_a_school_in_columns_that_stand_under_each_other(out: Path) -> None:
    lines = lines_of(seen(out), "table", Settings()).splitlines()
    rows = [next(line for line in lines if line.startswith(name)) for name in SCHOOLS]
    widths = {len(row.encode("gbk")) - len(row[row.index("报") + 1 :].encode("gbk")) for row in rows}
    assert len(widths) == 1
    assert "迟报" in rows[1]
    assert SILENT in next(line for line in lines if line.startswith("一张表都没有报"))


def test_csv_and_json_say_the_same(out: Path) -> None:
    overview = seen(out)
    rows = list(csv.DictReader(io.StringIO(lines_of(overview, "csv", Settings()))))
    told = json.loads(lines_of(overview, "json", Settings()))
    assert {(row["school"], row["form"]): row["arrival"] for row in rows if row["form"]} == {
        (school["name"], slug): form["arrival"] for school in told["schools"] for slug, form in school["forms"].items()
    }
    assert len(rows) == len(SCHOOLS) * (len(overview.forms) + 1)


def test_it_answers_at_once_for_nothing_heavy_is_imported(out: Path) -> None:
    imports = "from pathlib import Path; from kbxt_merge.status import status; from kbxt_merge.settings import Settings"
    heavy = "sorted({'pandas', 'numpy', 'pandera'} & set(sys.modules))"
    asked = f"import sys; {imports}; status(Path({str(out)!r}), Settings()); print({heavy})"
    said = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True).stdout
    assert said.strip() == "[]"


def test_a_pending_period_of_a_shared_ledger_is_found_by_its_folder(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shared.db"
    Bureau(tmp_path / "one", url).merge("2021春", [reading(HERE, SOUND, "2021-03-10")])
    overview = status(tmp_path / "one", replace(Settings(), ledger=url))
    assert overview.rounds == 1
    with pytest.raises(LedgerError):
        status(tmp_path / "two", replace(Settings(), ledger=url))


USER = "jyj@bureau.example"


def awaited(out: Path, *mails: Awaited) -> list[tuple[str, Wait]]:
    """What `kbxt status` shows of these mails, in the term that the school HERE returned on 10 March."""
    memory = memory_beside(out, USER)
    for number, mail in enumerate(mails):
        memory.add(("INBOX", number), f"k{number}", mail.who, 0, (mail,))
    found = status(out, Settings(as_of=dt.date(2021, 4, 20), mail=MailAccount(user=USER)))
    assert all(each.who in lines_of(found, "table", Settings()) for each in found.awaited)
    assert json.loads(lines_of(found, "json", Settings()))["awaited"] == json.loads(
        json.dumps([asdict(each) for each in found.awaited], default=str)
    )
    return [(each.who, each.wait) for each in found.awaited]


def on(day: str, who: str, wait: Wait) -> Awaited:
    return Awaited(
        wait, who, dt.datetime.fromisoformat(f"{day}T09:00:00+08:00"), "上报", ("https://pan.baidu.com/s/1",)
    )


def test_what_lies_in_a_cloud_is_awaited_until_a_newer_file_of_the_school_is_merged(out: Path) -> None:
    mails = [
        on("2021-03-09", HERE, Wait.CLOUD),
        on("2021-03-12", HERE, Wait.CLOUD),
        on("2021-03-12", SILENT, Wait.CLOUD),
    ]
    assert awaited(out, *mails) == [(HERE, Wait.CLOUD), (SILENT, Wait.CLOUD)]


def test_a_bounce_is_shown_until_a_later_mail_went_out(out: Path) -> None:
    with file_outbox(out) as outbox:
        outbox.begin("k1", HERE, "a@example.test")
        outbox.sent("k1", "250 ok")
    assert awaited(out, on("2021-03-12", HERE, Wait.BOUNCED), on("2021-03-12", SILENT, Wait.BOUNCED)) == [
        (SILENT, Wait.BOUNCED)
    ]


def test_what_came_in_another_term_is_not_shown(out: Path) -> None:
    assert awaited(out, on("2020-10-10", SILENT, Wait.CLOUD)) == []


def test_status_leaves_a_line_that_a_fetch_has_not_finished(out: Path) -> None:
    path = memory_beside(out, USER).path
    path.write_bytes(b'{"folder": "INBOX", "ui')
    assert awaited(out) == []
    assert path.read_bytes().endswith(b'"ui')


def test_who_tried_the_forms_of_another_bureau_is_told_of_the_last_merge(tmp_path: Path) -> None:
    """The third merge says what the first one said, and is no round of its own: the second one's is the newest."""
    ours = Bureau(tmp_path / "out")
    theirs = replace(ours, forms=replace(FORMS, bureau="云岭县教育局"))
    for bureau in (ours, theirs, ours):
        bureau.merge("2021春", [reading(HERE, SOUND, "2021-03-10")], "2021-03-12T09:00:00+08:00")
    (tmp_path / "out" / "data").mkdir()
    run = {"bureau": ours.forms.bureau, "period": {"label": "2021春"}}
    (tmp_path / "out" / "data" / "run.json").write_text(json.dumps(run), "utf-8")
    assert ours.forms.bureau != theirs.forms.bureau
    assert seen(tmp_path / "out").bureau == ours.forms.bureau
