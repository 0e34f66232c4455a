"""Nobody but the clerk's own browser gets an answer, and no answer holds a whole number."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, urlsplit

import pytest
from cast import CAST, listed
from click.testing import CliRunner
from leaks import given_away, texts_of_page
from open_desk import HERE, Open, Visit, district, merged_at, save

from kbxt_merge.cli import main
from kbxt_merge.decisions import decide
from kbxt_merge.desk.place import Place
from kbxt_merge.desk.serve import desk as open_desk
from kbxt_merge.errors import OutputError
from kbxt_merge.model.decision import Act

PAGES = (
    "/", "/school/0", "/findings", "/files", "/letters", "/letters/0", "/owing", "/blanks", "/summaries", "/roster",
    "/words", "/registers", "/forms", "/settings", "/decisions", "/state",
)  # fmt: skip
WRONG = """
| 姓名   | 身份证号           | 年龄 | 联系电话    | 家庭住址                         |
| 赖小满 | 360704200805210316 | 13   | 13800138001 | 某村，电话 139 0013 9002          |
| 温小暑 | 360721200707070423 | 31   | 13900139002 | 证号 3607-2120-0707-0704-23，某村 |
"""
NUMBERS = [child.id_number for child in CAST.values()] + ["360704200805210316", "13800138001", "13900139002"]


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Open, Visit]]:
    folder = district(tmp_path_factory.mktemp("desk"))
    (folder / "kbxt.toml").write_text('[mail]\nuser = "jyj@bureau.example"\nhost = "smtp.bureau.example"\n', "utf-8")
    save(folder / "收件夹" / HERE / f"{NUMBERS[0]} 附件3.xlsx", listed("3", WRONG, school=HERE))
    (folder / "收件夹" / f"课程表{NUMBERS[0]}.xlsx").write_bytes(b"PK\x03\x04 not whole")
    with merged_at(folder) as made:
        yield made


def test_a_name_that_leads_here_is_not_ours(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    port = urlsplit(desk.urls[0]).port
    for host in ("evil.example", f"evil.example:{port}", f"localhost:{port}", "127.0.0.1", ""):
        assert visit.ask("/", host=host)[0].status == 421


def test_without_the_cookie_nothing_is_told(at: tuple[Open, Visit]) -> None:
    desk, _ = at
    for cookie in ("", "0" * 64, "ü"):
        stranger = Visit(desk.host, quote(cookie))
        for path in (*PAGES, "/events", "/download/data/records-3.csv", "/desk.js", "/nowhere"):
            assert stranger.ask(path)[0].status == 403


def test_a_ticket_opens_once(at: tuple[Open, Visit]) -> None:
    desk, _ = at
    first = urlsplit(desk.urls[0])
    stranger = Visit(desk.host)
    assert stranger.ask(f"{first.path}?{first.query}")[0].status == 403
    for wrong in ("", "ticket=", "ticket=0.0", f"{first.query[:-1]}0", "ticket=%00.%ff"):
        assert stranger.ask(f"/enter?{wrong}")[0].status == 403


def test_a_second_start_opens_the_first_ones_page(at: tuple[Open, Visit]) -> None:
    desk, _ = at
    told = CliRunner().invoke(main, ["desk", str(desk.place.folder), "--no-browser"]).output
    assert (f"工作台已经开着：http://{desk.host}/" in told, "已退出" in told) == (True, False)
    url = urlsplit(desk.another_ticket())
    assert url.netloc == desk.host
    answer, _ = Visit(desk.host).ask(f"{url.path}?{url.query}")
    cookie = answer.getheader("set-cookie") or ""
    assert (answer.status, answer.getheader("location")) == (303, "/")
    assert "HttpOnly" in cookie
    assert "samesite=strict" in cookie.lower()


@pytest.mark.parametrize(
    "path",
    [
        "/merge",
        "/quit",
        "/confirm",
        "/aside",
        "/owner",
        "/word",
        "/withdraw",
        "/letters/send",
        "/files",
        "/period",
        "/roster",
        "/roster/shown",
        "/registers",
        "/forms/draft",
        "/forms/shipped",
        "/owing/phones",
        "/settings",
    ],
)
def test_another_sites_form_changes_nothing(at: tuple[Open, Visit], path: str) -> None:
    desk, visit = at
    for origin in ("https://evil.example", "null", f"https://{desk.host}", "http://127.0.0.1:1"):
        assert visit.ask(path, "POST", b"", origin=origin)[0].status == 403
    assert visit.ask(path, "POST", b"")[0].status == 403


def test_every_answer_closes_the_page_to_others(at: tuple[Open, Visit]) -> None:
    _, visit = at
    for path in (*PAGES, "/nowhere", "/desk.css"):
        answer, _ = visit.ask(path)
        policy = answer.getheader("content-security-policy") or ""
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'")
        assert answer.getheader("cache-control") == "no-store"
        assert answer.getheader("x-content-type-options") == "nosniff"


@pytest.mark.parametrize(
    "path",
    ["../kbxt.toml", "..%2Fkbxt.toml", "办理/desk.json", "kbxt.db", "/etc/passwd", "data/../kbxt.db", "data", "汇总/"],
)
def test_only_what_the_merge_wrote_is_handed_out(at: tuple[Open, Visit], path: str) -> None:
    _, visit = at
    assert visit.ask(f"/download/{quote(path, safe='%/')}")[0].status == 404
    assert visit.ask("/download/data/files.csv")[0].status == 200


def test_what_is_dropped_stays_in_the_inbox(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    board = desk.board(visit)
    for path, kept in (
        ("../../漏.txt", "2021-04-02 090807/漏.txt"),
        ("/etc/漏.txt", "2021-04-02 090807/etc/漏.txt"),
        ("C:\\学校\\漏?.txt", "2021-04-02 090807/C_/学校/漏_.txt"),
        ("", "2021-04-02 090807/未命名"),
        ("../../漏.txt", "2021-04-02 090807/漏（2）.txt"),
    ):
        answer, told = visit.put(path, b"x")
        assert (answer.status, json.loads(told)) == (200, {"kept": kept})
        assert (desk.place.inbox / kept).read_bytes() == b"x"
    assert list((desk.place.out / "办理" / "上传中").iterdir()) == []
    desk.board(visit, board)


def test_a_file_that_is_too_large_leaves_nothing(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    settings = desk.place.inbox.parent / "kbxt.toml"
    written = settings.read_text("utf-8")
    settings.write_text(f"{written}\n[limits]\nfile_bytes = 1000\n", "utf-8")
    before = set(desk.place.inbox.rglob("*"))
    answer, _ = visit.put("大.xlsx", b"x" * 1001)
    settings.write_text(written, "utf-8")
    assert answer.status == 413
    assert "“大.xlsx”太大，没有放入" in visit.ask("/")[1]
    assert set(desk.place.inbox.rglob("*")) == before


def test_no_answer_holds_a_whole_number(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    decide(desk.place.out, Act.ASIDE, [{"path": "甲.xlsx", "sha256": "0" * 64}], reason=f"户口簿为 {NUMBERS[0]}")
    answers = [(path, visit.ask(path)[1]) for path in (*PAGES, "/findings/age-id-mismatch", "/findings/age-invalid")]
    texts = [(path, text) for path, page in answers for _, text in texts_of_page(page)]
    assert any("赖小满" in text for _, text in texts)
    assert any("139******02" in text for _, text in texts)
    assert given_away(texts, NUMBERS, size=6) == []
    assert [path for path, page in answers if NUMBERS[0] in page] == []
    assert f"{NUMBERS[0][:3]}*************** 附件3.xlsx" in dict(answers)["/files"]


def test_a_telephone_is_shown_when_it_is_asked_for_and_that_is_written_down(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    answer, page = visit.post("/school/0/phone")
    assert (answer.status, "13800138001" in page) == (200, True)
    (line,) = (desk.place.out / "办理" / "显示记录.jsonl").read_text("utf-8").splitlines()
    assert {name: json.loads(line)[name] for name in ("what", "whose")} == {"what": "phone", "whose": HERE}


def test_a_place_that_is_no_folder_is_told_in_a_sentence(tmp_path: Path) -> None:
    (tmp_path / "局里").write_text("一个文件", "utf-8")
    with pytest.raises(OutputError, match="局里"):
        Place.of(tmp_path / "局里")
    place = Place.of(tmp_path)
    place.out.write_text("一个文件", "utf-8")
    with pytest.raises(OutputError, match="结果"):
        open_desk(place)
    place.out.unlink()
    (place.own / "desk.lock").mkdir()
    with pytest.raises(OutputError, match="办理"):
        open_desk(place)


def test_the_desk_leaves_no_door_open(at: tuple[Open, Visit]) -> None:
    desk, _ = at
    door = desk.place.out / "办理" / "desk.json"
    assert door.stat().st_mode & 0o077 == 0
