"""`kbxt pack` and `kbxt forget`: what a higher office gets, and what is gone for good."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import openpyxl
import py7zr
import pytest
from click.testing import CliRunner, Result
from fictional import make_district

from kbxt_merge.cli import main
from kbxt_merge.decisions import decide, every_decision
from kbxt_merge.intake.registers.index_store import index_folder
from kbxt_merge.ledger.forgetting import Wanted, forget_child
from kbxt_merge.mail.outbox import file_outbox
from kbxt_merge.mail.passwords import PasswordList
from kbxt_merge.model.answer import IDENTITY_COLUMNS
from kbxt_merge.model.decision import Act
from kbxt_merge.model.fingerprints import digest
from kbxt_merge.outputs.publish.result_store import store_file

SCHOOL = "赣县区江口清溪小学"


def run(*arguments: str | Path, ends: int = 0) -> Result:
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == ends, done.output
    return done


@pytest.fixture(scope="module")
def merged(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau after two terms: the spring's children, then an autumn of which one school said that it has nobody."""
    folder = tmp_path_factory.mktemp("keeping")
    make_district(folder / "made", schools=2, seed=5, variants=False, faults=[])
    (folder / "made" / "inbox").rename(folder / "春")
    (folder / "made" / "roster.xlsx").rename(folder / "学校名册.xlsx")
    (folder / "秋").mkdir()
    (folder / "秋" / f"{SCHOOL}说明.txt").write_text("附件3 无", encoding="utf-8")
    (folder / "kbxt.toml").write_text("jobs = 0\n", encoding="utf-8")
    run("merge", folder / "春", "--out", folder / "结果", "--period", "2021春", "--as-of", "2021-03-20")
    shutil.copytree(folder / "结果", folder / "春的结果")
    run("merge", folder / "秋", "--out", folder / "结果", "--period", "2021秋", "--as-of", "2021-09-20")
    return folder


@pytest.fixture
def bureau(merged: Path, tmp_path: Path) -> Path:
    """A copy of it."""
    return Path(shutil.copytree(merged, tmp_path / "bureau"))


def children(out: Path) -> list[dict[str, str]]:
    """The spring's dropouts, as the ledger has them."""
    with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
        return [json.loads(row[0]) for row in ledger.execute("select fields from records where form = '1-2'")]


def school_of(out: Path, name: str) -> str:
    with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
        [(school,)] = ledger.execute("select distinct school from records where fields like ?", (f'%"{name}"%',))
    return str(school)


def everything(out: Path) -> Iterator[tuple[Path, bytes]]:
    for path in [*out.rglob("*"), *out.parent.glob(f".{out.name}.kept*")]:
        if path.is_file():
            yield path, path.read_bytes()


# pack


def test_the_archive_holds_what_a_higher_office_asks_for_and_opens_with_its_password_only(
    bureau: Path, tmp_path: Path
) -> None:
    out, to = bureau / "春的结果", tmp_path / "上报.7z"
    with file_outbox(out) as outbox:  # one mail, sent again to another address
        outbox.begin("k", SCHOOL, "old@school.example")
        outbox.sent("k", "250 ok")
        outbox.begin("k", SCHOOL, "new@school.example")
        outbox.failed("k", "550 no such user")
        outbox.begin("k", SCHOOL, "new@school.example")
    told = run("pack", out, "--to", to).output
    password = re.search(r"([a-z0-9]{12})\s*$", told)
    assert password
    assert not any(word.encode() in to.read_bytes() for word in ("核查报告", "往来登记"))
    with pytest.raises(py7zr.exceptions.PasswordRequired):
        py7zr.SevenZipFile(to)
    with py7zr.SevenZipFile(to, password=password[1]) as archive:
        names = set(archive.getnames())
        archive.extractall(tmp_path / "geöffnet")
    assert {"核查报告.html", "汇总/情况汇报.docx", "data/files.csv", "往来登记.csv"} <= names
    assert not any("催报名单" in name or "records-" in name or "kbxt.db" in name for name in names)
    assert to.stat().st_mode & 0o777 == 0o600
    written = (tmp_path / "geöffnet" / "往来登记.csv").read_text(encoding="utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(written)))
    with (out / "data" / "files.csv").open(encoding="utf-8-sig") as stream:
        files = list(csv.DictReader(stream))
    assert {row["文件或邮箱"] for row in rows if row["方向"] == "收到"} == {each["file"] for each in files}
    assert [(row["文件或邮箱"], row["结果"]) for row in rows if row["方向"] == "发出"] == [
        ("old@school.example", "sent"),
        ("new@school.example", "failed"),
        ("new@school.example", "uncertain"),
    ]
    assert [row["时间"] for row in rows] == sorted(row["时间"] for row in rows)


def test_nothing_is_packed_over_another_file_or_into_the_results(bureau: Path, tmp_path: Path) -> None:
    (tmp_path / "da.7z").write_bytes(b"x")
    run("pack", bureau / "结果", "--to", tmp_path / "da.7z", ends=2)
    run("pack", bureau / "结果", "--to", bureau / "结果" / "x.7z", ends=2)
    run("pack", tmp_path, "--to", tmp_path / "neu.7z", ends=2)
    assert (tmp_path / "da.7z").read_bytes() == b"x"


# forget


def test_a_child_is_gone_from_every_file_that_is_kept(bureau: Path) -> None:
    out = bureau / "结果"
    child = next(each for each in children(out) if each.get("id_number"))
    number, others = child["id_number"], len(children(out)) - 1
    assert any(number.encode() in content for _, content in everything(out))
    left = out.with_name(f"{store_file(out).name}.new")
    left.write_text(number, encoding="utf-8")  # by a run that was killed
    told = run("forget", out, "--child", number, "--yes").output
    assert not left.exists()
    assert not [path for path, content in everything(out) if number.encode() in content]
    assert number not in told
    assert "账本" in told
    assert len(children(out)) == others
    books = [path for path, _ in everything(out) if path.suffix == ".xlsx"]
    cells = (cell.value for path in books for sheet in openpyxl.load_workbook(path) for row in sheet for cell in row)
    assert number not in set(cells)


def test_the_other_children_of_its_period_are_kept(bureau: Path) -> None:
    out = bureau / "结果"
    first, *others = (each for each in children(out) if each.get("id_number"))
    past = out / "往期" / "2021春" / "汇总"
    before = {path.name for path in past.rglob("*")}
    told = run("forget", out, "--child", first["id_number"], "--yes").output
    assert {path.name for path in past.rglob("*")} == before
    assert "汇总/附件1-2" in told
    cells = [
        cell
        for path in past.rglob("*.xlsx")
        for sheet in openpyxl.load_workbook(path)
        for row in sheet.values
        for cell in row
    ]
    assert {each["id_number"] for each in others} <= set(cells)
    assert not {first["id_number"], first["name"]} & set(cells)


def test_what_the_bureau_decided_of_a_child_goes_with_it(bureau: Path) -> None:
    out = bureau / "结果"
    first, second = children(out)[:2]
    abouts = [
        {**dict.fromkeys(IDENTITY_COLUMNS, ""), "school": SCHOOL, "child_id": digest(each["id_number"])}
        for each in (first, second)
    ]
    gone, kept = decide(out, Act.CONFIRM, abouts, reason="已电话核实")
    word = {"vocabulary": "person_category", "word": "精准户", "means": "其他"}
    (read,) = decide(out, Act.WORD, [word])
    run("forget", out, "--child", first["id_number"], "--yes")
    assert [each.key for each in every_decision(out)] == [kept.key, read.key] != [gone.key]


def test_another_child_of_the_same_name_keeps_what_was_decided_of_it(bureau: Path) -> None:
    out = bureau / "结果"
    first, second = (each for each in children(out)[:2])
    about = {**dict.fromkeys(IDENTITY_COLUMNS, ""), "school": SCHOOL, "child_name": digest(SCHOOL, first["name"])}
    abouts = [
        {**about, "child_id": digest(first["id_number"]), "child_name": ""},
        about,
        {**about, "child_id": digest(second["id_number"])},
    ]
    *_, kept = decide(out, Act.CONFIRM, abouts, reason="已电话核实")
    run("forget", out, "--child", first["name"], "--school", school_of(out, first["name"]), "--yes")
    assert [each.key for each in every_decision(out) if each.about["child_id"]] == [kept.key]


def test_what_was_read_of_the_registers_goes_with_a_child(bureau: Path) -> None:
    out = bureau / "结果"
    index_folder(out).mkdir()
    (index_folder(out) / "x.npz").write_bytes(b"x")
    run("forget", out, "--child", children(out)[0]["id_number"], "--yes")
    assert not index_folder(out).exists()


def test_where_a_file_stays_the_ledger_still_knows_the_child_so_that_it_can_be_asked_again(bureau: Path) -> None:
    out = bureau / "结果"
    before = children(out)
    wanted = Wanted(before[0]["id_number"], number_fields=frozenset({"id_number"}), name_fields=frozenset({"name"}))
    with pytest.raises(PermissionError), forget_child(out, "", wanted):
        raise PermissionError
    assert children(out) == before
    with forget_child(out, "", wanted):
        pass
    assert len(children(out)) == len(before) - 1


def test_results_that_wait_to_be_put_in_place_are_so_before_a_child_is_forgotten(bureau: Path) -> None:
    out = bureau / "结果"
    number = children(out)[0]["id_number"]
    waiting = out.with_name(f".{out.name}.done-1-a")
    shutil.copytree(out, waiting)
    (waiting / ".kbxt-run").write_text("1-a", encoding="ascii")
    run("forget", out, "--child", number, "--yes")
    assert not waiting.exists()
    assert not [path for path, content in everything(out) if number.encode() in content]


def test_a_child_is_known_by_name_and_school_too(bureau: Path) -> None:
    out = bureau / "结果"
    name = children(out)[0]["name"]
    school = school_of(out, name)
    run("forget", out, "--child", name, "--school", "没有这所学校", "--yes", ends=2)
    run("forget", out, "--child", name, "--school", school, "--yes")
    assert name not in {each["name"] for each in children(out)}


def test_of_two_children_of_one_name_and_school_none_is_forgotten_for_the_other(bureau: Path) -> None:
    out = bureau / "结果"
    with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
        of_school = "select fields from records where form = '1-2' and school = ?"
        school = school_of(out, children(out)[0]["name"])
        first, second = (json.loads(row[0]) for row in ledger.execute(of_school, (school,)).fetchmany(2))
        renamed = "update records set fields = replace(fields, ?, ?)"
        ledger.execute(renamed, (f'"{second["name"]}"', f'"{first["name"]}"'))
        ledger.commit()
    before = children(out)
    run("forget", out, "--child", first["name"], "--school", school, "--yes", ends=2)
    assert children(out) == before
    run("forget", out, "--child", first["id_number"], "--yes")
    assert second["id_number"] in {each["id_number"] for each in children(out)}


def test_a_child_that_stands_in_the_last_merge_is_not_forgotten_by_half(bureau: Path) -> None:
    out = bureau / "春的结果"
    before = children(out)
    told = run("forget", out, "--child", before[0]["name"], "--yes", ends=2).output
    assert "收件夹" in told
    assert children(out) == before


def test_nobody_is_forgotten_for_nobody(bureau: Path) -> None:
    before = children(bureau / "结果")
    run("forget", bureau / "结果", "--child", "没有这个人", "--yes", ends=2)
    run("forget", bureau / "结果", "--yes", ends=2)
    run("forget", bureau / "结果", "--child", "甲", "--period", "2021春", "--yes", ends=2)
    assert children(bureau / "结果") == before


def test_a_period_is_gone_with_its_past_its_passwords_and_its_children(bureau: Path) -> None:
    out = bureau / "结果"
    numbers = {each["id_number"] for each in children(out) if each.get("id_number")}
    PasswordList(out).of("2021春", [SCHOOL])
    PasswordList(out).of("2021秋", [SCHOOL])
    assert (out / "往期" / "2021春").is_dir()
    told = run("forget", out, "--period", "2021春", "--yes").output
    assert "往期" in told
    assert not (out / "往期" / "2021春").exists()
    assert not [path for path, content in everything(out) if any(each.encode() in content for each in numbers)]
    assert {each.period for each in PasswordList(out).all()} == {"2021秋"}
    status = run("status", out, "--config", bureau / "kbxt.toml").output
    assert "2021秋" in status
    run("forget", out, "--period", "2021春", "--yes", ends=2)


def test_after_a_period_was_forgotten_a_merge_goes_on(bureau: Path) -> None:
    out = bureau / "结果"
    run("forget", out, "--period", "2021春", "--yes")
    run("merge", bureau / "秋", "--out", out, "--period", "2021秋", "--as-of", "2021-09-20")
    with closing(sqlite3.connect(out / "kbxt.db")) as ledger:
        assert ledger.execute("pragma foreign_key_check").fetchall() == []
        assert ledger.execute("select label from periods").fetchall() == [("2021秋",)]


def test_the_last_period_goes_with_what_was_made_of_it(bureau: Path) -> None:
    out = bureau / "春的结果"
    run("forget", out, "--period", "2021春", "--yes")
    assert not any((out / name).exists() for name in ("data", "汇总", "退回", "核查报告.html"))


def test_whoever_does_not_say_yes_keeps_all(bureau: Path) -> None:
    before = children(bureau / "结果")
    done = CliRunner().invoke(main, ["forget", str(bureau / "结果"), "--period", "2021春"], input="n\n")
    assert done.exit_code != 0
    assert children(bureau / "结果") == before
