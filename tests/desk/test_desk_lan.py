"""A desk that colleagues may open: accounts, roles, limited tries, a certificate; and nobody else comes in."""

from __future__ import annotations

import http.client
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest
import trustme
from cast import listed
from open_desk import HERE, PATIENCE, Open, Visit, at_work, district, merged_at, opened, save, serious
from playwright.sync_api import BrowserContext

from kbxt_merge.decisions import every_decision
from kbxt_merge.desk import accounts
from kbxt_merge.desk.accounts import Accounts, Sessions, Tries
from kbxt_merge.desk.listening import Lan
from kbxt_merge.desk.roles import Role, Visitor, needed
from kbxt_merge.errors import SettingsError

ADDRESS = "127.0.0.1"
PASSWORDS = {"查看员": "kan-yi-kan-8", "办事员": "ban-yi-ban-8", "管理员": "guan-yi-guan-8"}
OFF_BY_ONE = """
| 姓名   | 年龄 |
| 赖小满 | 13   |
"""


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Open, Visit]]:
    folder = district(tmp_path_factory.mktemp("lan"))
    save(folder / "收件夹" / HERE / "附件3.xlsx", listed("3", OFF_BY_ONE, school=HERE))
    with merged_at(folder, Lan(ADDRESS)) as (desk, visit):
        for (name, password), role in zip(PASSWORDS.items(), Role, strict=True):
            told = (("name", name), ("password", password), ("role", role.value))
            assert visit.post("/accounts", *told)[0].status == 303
        yield desk, visit


def logged_in(desk: Open, name: str, password: str = "") -> Visit:
    """The browser of somebody who came in by an account."""
    visit = Visit(desk.host)
    answer, _ = visit.post("/login", ("name", name), ("password", password or PASSWORDS[name]))
    assert (answer.status, answer.getheader("location")) == (303, "/")
    return Visit(desk.host, (answer.getheader("set-cookie") or "").partition("kbxt=")[2].partition(";")[0])


def test_whoever_has_no_account_is_led_to_the_door_and_no_further(at: tuple[Open, Visit]) -> None:
    desk, _ = at
    stranger = Visit(desk.host)
    answer, _ = stranger.ask("/")
    assert (answer.status, answer.getheader("location")) == (303, "/login")
    door, page = stranger.ask("/login")
    assert (door.status, "没有加密" in page) == (200, True)
    for path in ("/school/0", "/settings", "/accounts", "/events", "/download/data/records-3.csv", "/desk.js"):
        assert stranger.ask(path)[0].status == 403
    assert stranger.post("/merge")[0].status == 403
    assert stranger.ask("/login", "POST", b"name=x", origin="https://evil.example")[0].status == 403


ASKED = {
    ("GET", "/"): Role.LOOK,
    ("GET", "/roster"): Role.LOOK,
    ("GET", "/download/data/files.csv"): Role.WORK,
    ("POST", "/merge"): Role.WORK,
    ("POST", "/roster/shown"): Role.WORK,
    ("GET", "/settings"): Role.MANAGE,
    ("POST", "/settings"): Role.MANAGE,
    ("POST", "/roster"): Role.MANAGE,
    ("POST", "/accounts"): Role.MANAGE,
    ("POST", "/forms/shipped"): Role.MANAGE,
    ("POST", "/quit"): Role.MANAGE,
}


@pytest.mark.parametrize("name", [*PASSWORDS])
def test_a_role_may_what_it_may_and_the_server_says_so(at: tuple[Open, Visit], name: str) -> None:
    """Asked of the server itself: what a page does not show can be asked for all the same."""
    desk, _ = at
    role = Accounts(desk.place.own).all()[name].role
    visit = logged_in(desk, name)
    for (method, path), wanted in ASKED.items():
        assert needed(method, path) is wanted
        if role.may(wanted) and path not in ("/", "/roster", "/download/data/files.csv", "/merge"):
            continue  # that it may be done is not to be done here
        answer, _ = visit.post(path) if method == "POST" else visit.ask(path)
        assert (answer.status == 403) is not role.may(wanted), path
    page = visit.ask("/")[1]
    assert ('action="/merge"' in page, 'action="/quit"' in page) == (role.may(Role.WORK), role.may(Role.MANAGE))
    assert name in page
    summaries = visit.ask("/summaries")[1]
    assert ("/download/" in summaries, "不能下载" in summaries) == (role.may(Role.WORK), not role.may(Role.WORK))
    if not role.may(Role.WORK):  # and whoever asks all the same is told on a page of the desk
        assert "请找管理工作台的同事" in visit.ask("/download/data/files.csv")[1]


@pytest.mark.parametrize("view", ["/accounts", "/login"])
def test_its_pages_can_be_used_by_all_and_on_a_narrow_screen(
    at: tuple[Open, Visit], window: BrowserContext, view: str
) -> None:
    tab = window.new_page()
    tab.route("**/events**", lambda route: route.abort())  # what another test set going makes no new page of it
    tab.goto(at[0].another_ticket())
    tab.goto(f"http://{at[0].host}{view}")
    assert serious(tab) == []
    tab.set_viewport_size({"width": 360, "height": 800})
    assert tab.evaluate("document.documentElement.scrollWidth") <= 360


def test_what_was_decided_says_by_whom(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    clerk, board = logged_in(desk, "办事员"), desk.board(visit)
    page = clerk.ask("/findings/age-id-mismatch")[1]
    number = page.partition('id="f')[2].partition('"')[0]
    answer, _ = clerk.post("/confirm", ("board", str(board)), ("finding", number), ("reason", "按户口簿"))
    assert answer.status == 303
    made = every_decision(desk.place.out)[-1]
    assert (made.by, made.reason) == ("办事员", "按户口簿")
    clerk.post("/withdraw", ("key", made.key))
    assert every_decision(desk.place.out)[-1].by == "办事员"
    assert "办事员" in clerk.ask("/decisions")[1]


def test_an_account_that_is_changed_or_removed_lets_its_browsers_in_no_more(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    visit.post("/accounts", ("name", "临时工"), ("password", "lin-shi-gong-1"), ("role", "work"))
    first = logged_in(desk, "临时工", "lin-shi-gong-1")
    assert first.ask("/")[0].status == 200
    visit.post("/accounts", ("name", "临时工"), ("password", "lin-shi-gong-2"), ("role", "look"))
    assert first.ask("/school/0")[0].status == 403
    second = logged_in(desk, "临时工", "lin-shi-gong-2")
    visit.post("/accounts/remove", ("name", "临时工"))
    assert second.ask("/school/0")[0].status == 403
    third = logged_in(desk, "查看员")
    third.post("/logout")
    assert third.ask("/school/0")[0].status == 403
    assert logged_in(desk, "查看员").ask("/")[0].status == 200


def test_a_password_is_kept_as_its_hash_and_every_login_is_written_down(at: tuple[Open, Visit]) -> None:
    desk, _ = at
    logged_in(desk, "管理员")
    path = desk.place.own / "accounts.json"
    text = path.read_text("utf-8")
    assert path.stat().st_mode & 0o077 == 0
    assert all(each["hash"].startswith("$argon2id$") for each in json.loads(text).values())
    assert not any(password in text for password in PASSWORDS.values())
    lines = [json.loads(each) for each in (desk.place.own / "登录记录.jsonl").read_text("utf-8").splitlines()]
    assert {"name": "管理员", "from": ADDRESS, "came_in": True}.items() <= lines[-1].items()


@pytest.mark.parametrize(
    ("name", "password", "role", "status"),
    [("短", "1234567", "look", 400), (" ", "12345678", "look", 400), ("甲", "12345678", "chief", 400)],
)
def test_no_account_is_made_of_what_can_not_be_one(
    at: tuple[Open, Visit], name: str, password: str, role: str, status: int
) -> None:
    desk, visit = at
    before = dict(Accounts(desk.place.own).all())
    answer, _ = visit.post("/accounts", ("name", name), ("password", password), ("role", role))
    assert answer.status == status
    assert Accounts(desk.place.own).all() == before


def test_after_five_wrong_logins_even_the_right_one_waits(tmp_path: Path) -> None:
    with at_work(district(tmp_path), Lan(ADDRESS)) as desk:
        visit = desk.enter()
        visit.post("/accounts", ("name", "王老师"), ("password", "wang-lao-shi"), ("role", "work"))
        stranger = Visit(desk.host)
        tries = [stranger.post("/login", ("name", "王老师"), ("password", f"wrong-{n}"))[0].status for n in range(5)]
        assert tries == [401] * 5
        answer, page = stranger.post("/login", ("name", "王老师"), ("password", "wang-lao-shi"))
        assert (answer.status, "15 分钟" in page) == (429, True)


def test_tries_are_counted_by_name_and_by_machine_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    tries = Tries()
    for _ in range(accounts.MOST_TRIES):
        assert not tries.too_many("name 甲", "from 乙")
        tries.note("name 甲", "from 乙")
    assert tries.too_many("name 甲", "from 丙")
    assert tries.too_many("name 丁", "from 乙")
    assert not tries.too_many("name 丁", "from 丙")
    monkeypatch.setattr(accounts, "TRIES_SECONDS", -1.0)
    assert not tries.too_many("name 甲")


def test_a_session_ends_after_its_time(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    known = Accounts(tmp_path)
    known.put("甲", Role.WORK, "12345678")
    sessions = Sessions(known)
    assert sessions.visitor(sessions.begin("甲")) == Visitor("甲", Role.WORK)
    assert sessions.visitor("") is None
    monkeypatch.setattr(accounts, "SESSION_SECONDS", -1.0)
    assert sessions.visitor(sessions.begin("甲")) is None


def test_a_wrong_password_and_a_name_of_nobody_are_the_same(tmp_path: Path) -> None:
    known = Accounts(tmp_path)
    known.put("甲", Role.WORK, "12345678")
    assert known.checked("甲", "12345679") is None
    assert known.checked("乙", "12345678") is None
    assert known.checked("甲", "12345678") == known.all()["甲"]


@pytest.mark.parametrize("address", ["0.0.0.0", "::", "", "office", "192.0.2.7"])
def test_only_an_address_of_this_machine_is_listened_at(tmp_path: Path, address: str) -> None:
    from kbxt_merge.desk.place import Place
    from kbxt_merge.desk.serve import desk
    from kbxt_merge.errors import OutputError

    with pytest.raises((SettingsError, OutputError)):
        desk(Place.of(district(tmp_path)), lan=Lan(address), open_page=lambda url: None)


def test_with_a_certificate_nothing_passes_unencrypted(tmp_path: Path) -> None:
    authority = trustme.CA()
    issued = authority.issue_cert(ADDRESS)
    issued.cert_chain_pems[0].write_to_path(tmp_path / "cert.pem")
    issued.private_key_pem.write_to_path(tmp_path / "key.pem")
    desk = opened(district(tmp_path / "局里"), Lan(ADDRESS, tmp_path / "cert.pem", tmp_path / "key.pem"))
    url = urlsplit(desk.urls[0])
    assert url.scheme == "https"
    trusted = ssl.create_default_context()
    authority.configure_trust(trusted)

    def ask(path: str, method: str = "GET", **headers: str) -> http.client.HTTPResponse:
        line = http.client.HTTPSConnection(url.netloc, timeout=PATIENCE, context=trusted)
        line.request(method, path, headers=headers)
        answer = line.getresponse()
        answer.read()
        line.close()
        return answer

    entered = ask(f"{url.path}?{url.query}")
    cookie = entered.getheader("set-cookie") or ""
    assert "secure" in cookie.lower()
    told = {"cookie": cookie.partition(";")[0]}
    assert ask("/", **told).status == 200
    assert ask("/merge", "POST", origin=f"http://{url.netloc}", **told).status == 403
    assert ask("/quit", "POST", origin=f"https://{url.netloc}", **told).status == 200
    assert desk.thread is not None
    desk.thread.join(PATIENCE)
    assert not desk.thread.is_alive()
