"""Blanks go out by mail, replace nothing that somebody filled in, and never land in an inbox."""

from __future__ import annotations

import email
import email.policy
import io
import stat
from email.message import EmailMessage
from pathlib import Path

import openpyxl
import pytest
from bureau_rounds import SCHOOLS, Bureau, id_number, listed, reading
from click.testing import CliRunner, Result

from kbxt_merge.cli import main
from kbxt_merge.intake.formats.encryption import unlocked

HERE, THERE = SCHOOLS[:2]
ROSTER = f"""学校标识码,学校名称,邮箱,口令
2136000001,{HERE},here@school.example,geheim23
2136000002,{THERE},there@school.example,
2136000003,{SCHOOLS[2]},,
"""


def run(*arguments: str | Path, ends: int = 0) -> Result:
    """The command, which must end so."""
    done = CliRunner().invoke(main, list(map(str, arguments)))
    assert done.exit_code == ends, done.output
    return done


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A bureau's folder: roster, a ledger in 结果 with an open case of one school, neutral and carried blanks."""
    folder = tmp_path_factory.mktemp("bureau")
    (folder / "学校名册.csv").write_text(ROSTER, encoding="utf-8")
    (folder / "kbxt.toml").write_text('period = "2021春"\n', encoding="utf-8")
    Bureau(folder / "结果").merge("2021春", [reading(HERE, {"1-2": [listed("谢松林", id_number(1))]}, "2021-03-10")])
    run("blanks", "--out", folder / "下发")
    return folder


def mails(folder: Path) -> dict[str, EmailMessage]:
    """What a dry run wrote, by school."""
    every = {path.stem: path.read_bytes() for path in (folder / "发件").glob("*.eml")}
    return {
        school: email.message_from_bytes(raw, policy=email.policy.default)  # type: ignore[arg-type]
        for school, raw in every.items()
    }


def attached(mail: EmailMessage) -> dict[str, bytes]:
    return {str(each.get_filename()): each.get_payload(decode=True) for each in mail.iter_attachments()}  # type: ignore[misc]


def test_each_school_is_mailed_its_own_blanks_unlocked_where_they_hold_nobody(made: Path, tmp_path: Path) -> None:
    out = tmp_path / "新结果"
    done = run("send", out, "--blanks", made / "下发", "--roster", made / "学校名册.csv", "--dry-run")
    assert stat.S_IMODE(out.stat().st_mode) == 0o700
    found = mails(out)
    assert set(found) == {HERE, THERE}
    assert SCHOOLS[2] in done.stdout
    for school, mail in found.items():
        books = attached(mail)
        assert books == {each.name: each.read_bytes() for each in (made / "下发" / school).glob("*.xlsx")}
        assert "2021 年春季学期" in str(mail["Subject"])
        assert "口令" not in str(mail.get_body(("plain",)))
    assert not (out / "办理").exists()


def test_blanks_that_carry_children_are_locked_with_the_school_s_password(made: Path, tmp_path: Path) -> None:
    run("blanks", "--out", made / "下期", "--carry", made / "结果", "--bundle")
    run("send", made / "结果", "--blanks", made / "下期", "--dry-run")
    here, there = (mails(made / "结果")[school] for school in (HERE, THERE))
    ((_, locked),) = attached(here).items()
    sheet = openpyxl.load_workbook(io.BytesIO(unlocked(locked, ("geheim23",))))["附件1-2"]
    assert "谢松林" in {cell.value for row in sheet.iter_rows() for cell in row}
    ((name, free),) = attached(there).items()
    assert free == (made / "下期" / name).read_bytes()
    assert "2021 年秋季学期" in str(here["Subject"])


def test_a_blank_that_was_saved_since_is_locked(made: Path, tmp_path: Path) -> None:
    (tmp_path / "学校名册.csv").write_text(ROSTER, encoding="utf-8")
    run("blanks", "--out", tmp_path / "下发")
    path = next((tmp_path / "下发" / HERE).glob("附件3*"))
    book = openpyxl.load_workbook(path)
    book.save(path)
    run("send", tmp_path / "结果", "--blanks", tmp_path / "下发", "--dry-run", "--only", HERE)
    locked = [name for name, content in attached(mails(tmp_path / "结果")[HERE]).items() if content[:2] != b"PK"]
    assert locked == [path.name]


def test_where_no_school_has_blanks_it_is_said(made: Path, tmp_path: Path) -> None:
    done = run("send", made / "结果", "--blanks", tmp_path, "--dry-run", ends=2)
    assert "kbxt blanks" in done.stderr


@pytest.mark.parametrize("bundle", [(), ("--bundle",)])
def test_untouched_blanks_are_replaced_and_one_filled_in_stops_them_all(
    tmp_path: Path, bundle: tuple[str, ...]
) -> None:
    (tmp_path / "学校名册.csv").write_text(ROSTER, encoding="utf-8")
    blanks = ("blanks", "--out", tmp_path / "下发", *bundle)
    run(*blanks, "--period", "2021春")
    run(*blanks, "--period", "2021秋")
    filled = next(path for path in sorted((tmp_path / "下发").rglob("*.xlsx")) if HERE in str(path))
    book = openpyxl.load_workbook(filled)
    book["附件1-1"]["C6"] = 3
    book.save(filled)
    before = {path: path.read_bytes() for path in (tmp_path / "下发").rglob("*.xlsx")}
    done = run(*blanks, "--period", "2021春", ends=2)
    assert filled.name in done.stderr
    assert {path: path.read_bytes() for path in (tmp_path / "下发").rglob("*.xlsx")} == before
    run(*blanks, "--period", "2021春", "--overwrite")
    assert filled.read_bytes() != before[filled]


@pytest.mark.parametrize("inside", ["", "赣县区江口清溪小学"])
def test_blanks_never_land_in_the_inbox_of_a_merge_nor_of_a_fetch(tmp_path: Path, inside: str) -> None:
    inbox = tmp_path / "收件夹"
    (inbox / HERE).mkdir(parents=True)
    (inbox / "说明.txt").write_text("附件3 无", encoding="utf-8")
    (tmp_path / "学校名册.csv").write_text(ROSTER, encoding="utf-8")
    run("merge", inbox, "--out", tmp_path / "结果", "--period", "2021春", "--as-of", "2021-03-20")
    before = sorted(inbox.rglob("*"))
    for extra in ((), ("--overwrite",)):
        run("blanks", "--out", inbox / inside, *extra, ends=2)
    assert sorted(inbox.rglob("*")) == before
    fetched = tmp_path / "邮件"
    (fetched / HERE / "2021-03-12 091030").mkdir(parents=True)
    run("blanks", "--out", fetched, ends=2)
    assert [path.name for path in fetched.iterdir()] == [HERE]


def test_blanks_do_not_join_the_returns_that_lie_in_a_folder(tmp_path: Path) -> None:
    (tmp_path / "学校名册.csv").write_text(ROSTER, encoding="utf-8")
    (tmp_path / "收件夹").mkdir()
    openpyxl.Workbook().save(tmp_path / "收件夹" / "附件3.xlsx")
    run("blanks", "--out", tmp_path / "收件夹", ends=2)
    assert [path.name for path in (tmp_path / "收件夹").iterdir()] == ["附件3.xlsx"]


def test_a_period_in_the_settings_breaks_neither_carried_blanks_nor_status(made: Path, tmp_path: Path) -> None:
    for period, into in (("2021春", "2021秋"), ("2022春", "2022春"), ("2020秋", "2021秋")):
        (made / "kbxt.toml").write_text(f'period = "{period}"\n', encoding="utf-8")
        done = run("blanks", "--out", tmp_path / period, "--carry", made / "结果", "--bundle")
        assert into in done.stdout
        assert "2021春" in run("status", made / "结果").stdout
    assert "2020-12" in run("blanks", "--out", tmp_path, "--carry", made / "结果", "--period", "2020-12", ends=2).stderr
    (made / "kbxt.toml").write_text('period = "2021春"\n', encoding="utf-8")
