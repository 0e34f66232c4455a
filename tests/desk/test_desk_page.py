"""The desk in a real browser: files dropped, decided upon, mailed; narrow, enlarged, and cut off for a while."""

from __future__ import annotations

import base64
import io
import re
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from cast import listed
from open_desk import (
    HERE,
    SILENT,
    THERE,
    WAIT,
    Open,
    Visit,
    at_work,
    came_in,
    district,
    merged_at,
    opened,
    save,
    serious,
    swept,
)
from playwright.sync_api import Browser, BrowserContext, Page, expect
from py7zr import SevenZipFile
from py7zr.io import BytesIOFactory

sys.path.append(str(Path(__file__).parents[1] / "mail"))
from post_office import CODE, USER, Office, post_office

from kbxt_merge.decisions import every_decision
from kbxt_merge.intake.formats.encryption import unlocked
from kbxt_merge.model.decision import Act
from kbxt_merge.model.mail_account import Security

OFF_BY_ONE = """
| 姓名   | 年龄 |
| 赖小满 | 13   |
| 钟立秋 | 10   |
"""
VIEWS = (
    "/blanks",
    "/settings",
    "/",
    "/school/0",
    "/findings",
    "/findings/age-id-mismatch",
    "/files",
    "/letters",
    "/letters/0",
    "/summaries",
    "/decisions",
    "/owing",
    "/roster",
    "/words",
    "/registers",
    "/forms",
)


@pytest.fixture(scope="module")
def office() -> Iterator[Office]:
    with post_office(security=Security.NONE) as made:
        yield made


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory, office: Office) -> Iterator[tuple[Open, Visit]]:
    folder = district(tmp_path_factory.mktemp("desk") / "王 老师 #1")
    (folder / "kbxt.toml").write_text(
        f'[mail]\nuser = "{USER}"\nhost = "127.0.0.1"\nport = {office.port}\nsecurity = "none"\npace_seconds = 0.0\n',
        "utf-8",
    )
    for school, grid in (
        (HERE, listed("3", OFF_BY_ONE, school=HERE)),
        (THERE, listed("4", "| 姓名 | 年龄 |\n| 曾谷雨 | 10 |", school=THERE)),
        (SILENT, listed("3", "| 姓名 |\n| 刘白露 |", school=SILENT)),
    ):
        save(folder / "收件夹" / school / "报表.xlsx", grid)
    with merged_at(folder) as made:
        yield made


@pytest.fixture
def tab(at: tuple[Open, Visit], window: BrowserContext) -> Iterator[Page]:
    """A page that came in."""
    yield from came_in(at[0], window)


def workbook(slug: str, text: str, school: str, tmp: Path) -> bytes:
    return save(tmp / "x.xlsx", listed(slug, text, school=school)).read_bytes()


@pytest.fixture
def empty(tmp_path: Path, window: BrowserContext) -> Iterator[Page]:
    """The page of a desk to which nothing came yet."""
    with at_work(district(tmp_path / "空")) as desk:
        yield from came_in(desk, window)


def test_what_is_dropped_has_its_fate(empty: Page, tmp_path: Path) -> None:
    """Thirty files, a folder and an archive: each is told of, and the schools stand in the matrix."""
    tab = empty
    expect(tab.get_by_role("heading", level=1)).to_have_text("还没有学校的表。")
    mine = workbook("3", OFF_BY_ONE, HERE, tmp_path)
    folder = tmp_path / THERE
    save(folder / "附件4.xlsx", listed("4", "| 姓名 | 年龄 |\n| 曾谷雨 | 10 |", school=THERE))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr(f"{SILENT}/附件3.xlsx", workbook("3", "| 姓名 |\n| 刘白露 |", SILENT, tmp_path))
    dropped = [{"name": f"{HERE}附件3.xlsx", "mimeType": "", "buffer": mine}]
    dropped += [
        {"name": f"照片{number}.jpg", "mimeType": "", "buffer": b"\xff\xd8\xff\xe0" + bytes([number])}
        for number in range(29)
    ]
    dropped += [{"name": "各校.zip", "mimeType": "", "buffer": packed.getvalue()}]
    tab.locator("#chosen").set_input_files(dropped)
    tab.locator("#chosen-folder").set_input_files(folder)
    expect(tab.get_by_role("row", name=SILENT).get_by_text("✓")).to_be_visible(timeout=WAIT)
    expect(tab.get_by_role("row", name=HERE).get_by_text("△ 2")).to_be_visible(timeout=WAIT)
    expect(tab.get_by_role("row", name=THERE).locator("td.state").first).to_be_visible(timeout=WAIT)
    tab.goto(tab.url.split("?")[0].rstrip("/") + "/files")
    rows = tab.locator("table.files tbody tr")
    expect(rows).to_have_count(33)
    told = rows.all_inner_texts()
    assert sum("已汇总" in each for each in told) == 3
    assert sum("照片" in each for each in told) == 29


def test_a_warning_is_confirmed_and_stays_so(at: tuple[Open, Visit], tab: Page) -> None:
    tab.get_by_role("link", name=HERE).click()
    finding = tab.locator(".finding", has_text="13 ").or_(tab.locator(".finding", has_text="“年龄”填“13”")).first
    expect(finding.locator(".marked")).to_contain_text("13")
    finding.get_by_text("核实无误…").click()
    finding.get_by_label("理由").fill("出生证为准")
    finding.get_by_role("button", name="核实无误").click()
    confirmed = tab.locator(".finding", has_text="本局核实：出生证为准")
    expect(confirmed).to_be_visible(timeout=WAIT)
    tab.reload()
    expect(confirmed).to_be_visible()
    confirmed.get_by_role("button", name="撤回").click()
    expect(confirmed).to_have_count(0, timeout=WAIT)
    expect(tab.locator(".finding.warning")).to_have_count(2)


def test_many_that_are_alike_are_confirmed_at_once(at: tuple[Open, Visit], tab: Page) -> None:
    tab.get_by_role("link", name="问题", exact=True).click()
    tab.get_by_role("link", name="年龄与身份证号码不符").click()
    tab.get_by_label("全选").check()
    expect(tab.locator("#chosen-count")).to_contain_text("已选 2 处")
    tab.get_by_label("理由").first.fill("按学籍")
    tab.get_by_role("button", name="把选中的都核实无误").click()
    expect(tab.locator(".finding", has_text="本局核实：按学籍")).to_have_count(2, timeout=WAIT)
    tab.goto(f"http://{at[0].host}/decisions")
    for _ in range(2):
        tab.get_by_role("button", name="撤回").first.click()
    expect(tab.get_by_role("button", name="撤回")).to_have_count(0)
    at[0].board(at[1])


def comparable(mail: bytes, password: str) -> list[bytes]:
    """The lines of a mail without its date, its number and what parts it; what is locked as it is when it is opened."""
    parted = re.sub(rb"={15}\d+==", b"parted", re.sub(rb"(?m)^(Date|Message-ID): .*$", b"", mail))
    return [_opened(each, password) for each in parted.split(b"--parted")]


def _opened(part: bytes, password: str) -> bytes:
    head, _, body = part.partition(b"\r\n\r\n")
    if b"spreadsheetml" in head:
        return head + unlocked(base64.b64decode(body), (password,))
    if b"x-7z-compressed" in head:
        taken = BytesIOFactory(1 << 30)
        with SevenZipFile(io.BytesIO(base64.b64decode(body)), password=password) as archive:
            archive.extractall(factory=taken)
        return head + b"".join(each.read() for _, each in sorted(taken.products.items()))
    return part


def test_the_preview_is_the_mail_and_each_goes_once(at: tuple[Open, Visit], tab: Page, office: Office) -> None:
    """Byte for byte, but for its date, its number and the words that part it."""
    desk, visit = at
    desk.board(visit)
    tab.goto(f"http://{desk.host}/letters/0")
    subject, text = tab.locator("h1").inner_text(), tab.locator("pre.letter").text_content()
    with tab.expect_download() as download:
        tab.get_by_role("link", name="下载原信").click()
    previewed = download.value.path().read_bytes()
    before, told = len(office.taken), tab.locator("#log li.done", has_text="3 所学校")
    tab.goto(f"http://{desk.host}/")
    already = told.count()
    for times in (already + 1, already + 2):
        tab.goto(f"http://{desk.host}/letters")
        tab.locator("form[action='/letters/send']").get_by_label("授权码").fill(CODE)
        tab.get_by_role("button", name="发给选中的学校").click()
        expect(told).to_have_count(times, timeout=WAIT)
    assert len(office.taken) == before + 3
    (at_office,) = [at for at in range(before, len(office.taken)) if "a@school.example" in str(office.taken[at]["to"])]
    mail, content = office.taken[at_office], office.contents[at_office]
    assert str(mail["subject"]) == subject
    assert mail.get_body(("plain",)).get_content().replace("\r\n", "\n").rstrip() == (text or "").rstrip()
    parts = comparable(content, "tianshu27")
    assert sum(b"attachment" in each[:400] for each in parts) == len(list(mail.iter_attachments())) >= 2
    assert comparable(previewed, "tianshu27") == parts
    tab.goto(f"http://{desk.host}/letters")
    assert tab.get_by_text("已发出").count() >= 6


def test_who_writes_a_reason_is_not_interrupted(at: tuple[Open, Visit], tab: Page) -> None:
    _, visit = at
    tab.get_by_role("link", name=HERE).click()
    finding = tab.locator(".finding.warning").first
    finding.get_by_text("核实无误…").click()
    finding.get_by_label("理由").fill("写到一半")
    visit.post("/merge")
    expect(tab.locator("#news")).to_contain_text("有新结果", timeout=WAIT)
    expect(finding.get_by_label("理由")).to_have_value("写到一半")
    tab.locator("#news").get_by_role("button").click()
    expect(tab.locator("#news")).to_be_hidden()


def test_a_new_board_takes_the_old_ones_place_on_the_page(at: tuple[Open, Visit], tab: Page) -> None:
    """Without its being loaded anew: that would undo what the clerk does just then."""
    desk, visit = at
    board = desk.board(visit)
    tab.evaluate("window.isTheSame = true")
    tab.get_by_role("link", name="各校").focus()
    tab.get_by_label("找学校").fill("茅店")
    tab.get_by_role("link", name="各校").focus()
    visit.post("/merge")
    desk.board(visit, board)
    expect(tab.locator(f"body[data-board='{board + 1}']")).to_be_attached(timeout=WAIT)
    assert tab.evaluate("window.isTheSame && document.activeElement.textContent") == "各校"
    expect(tab.get_by_label("找学校")).to_have_value("茅店")
    expect(tab.locator("#matrix tbody tr:visible")).to_have_count(1)


def test_what_answers_a_form_stays_until_it_is_left(at: tuple[Open, Visit], tab: Page) -> None:
    """What was refused is still to be put right: it is not to be had again by its address."""
    desk, visit = at
    board = desk.board(visit)
    tab.goto(f"http://{desk.host}/roster")
    tab.locator("[name$='.email']").first.fill("a b@school.example")
    asked: list[str] = []
    tab.once("dialog", lambda dialog: (asked.append(dialog.type), dialog.dismiss()))
    tab.get_by_role("link", name="问题", exact=True).click(no_wait_after=True)
    kept = tab.get_by_role("button", name="保存")
    expect(kept).to_be_enabled()
    tab.evaluate("news('断开', '', true)")
    expect(kept).to_be_disabled()
    tab.evaluate("quiet()")
    assert (asked, tab.url.rpartition("/")[2]) == (["beforeunload"], "roster")
    kept.click()
    refused = tab.locator("[name$='.email']").first
    expect(refused).to_have_attribute("aria-invalid", "true")
    visit.post("/merge")
    desk.board(visit, board)
    tab.locator("#news").get_by_role("button").click(timeout=WAIT)
    expect(refused).to_have_value("a@school.example")


def test_of_two_who_decide_at_once_one_is_told_that_the_page_is_out_of_date(
    at: tuple[Open, Visit], browser: Browser
) -> None:
    """And both then see what was decided."""
    desk, visit = at
    board, before = desk.board(visit), len(every_decision(desk.place.out))
    pages = []
    for number in (1, 2):
        page = browser.new_context().new_page()
        page.goto(desk.another_ticket())
        page.goto(f"http://{desk.host}/school/0")
        finding = page.locator(".finding.warning").first
        finding.get_by_text("核实无误…").click()
        finding.get_by_label("理由").fill(f"第 {number} 人")
        pages.append(page)
    first, second = pages
    first.locator(".finding.warning").first.get_by_role("button", name="核实无误").click()
    expect(first.locator(".finding", has_text="本局核实：第 1 人")).to_be_visible(timeout=WAIT)
    desk.board(visit, board)
    expect(second.locator("#news")).to_contain_text("有新结果")
    second.locator(".finding.warning").first.get_by_role("button", name="核实无误").click()
    expect(second.get_by_role("alert")).to_contain_text("这一页已经过时")
    (made,) = every_decision(desk.place.out)[before:]
    assert (made.act, made.reason) == (Act.CONFIRM, "第 1 人")
    second.goto(f"http://{desk.host}/school/0")
    expect(second.locator(".finding", has_text="本局核实：第 1 人")).to_be_visible()
    for page in pages:
        page.context.close()
    board = desk.board(visit)
    visit.post("/withdraw", ("key", made.key))
    desk.board(visit, board)


def test_the_next_periods_blanks_are_made_and_mailed(at: tuple[Open, Visit], tab: Page, office: Office) -> None:
    desk, _ = at
    tab.get_by_role("link", name="下发").click()
    expect(tab.get_by_label("学期或月份")).to_have_value("2021秋")
    tab.get_by_role("button", name="生成").click()
    expect(tab.locator("#log li.done", has_text="已写出 18 个工作簿：下发2021秋")).to_be_visible(timeout=WAIT)
    assert len(list((desk.place.inbox.parent / "下发2021秋").glob("*/*.xlsx"))) == 18
    before, told = len(office.taken), tab.locator("#log li.done", has_text="3 所学校：已发送 3")
    already = told.count()
    tab.goto(f"http://{desk.host}/blanks")
    tab.get_by_label("授权码").fill(CODE)
    tab.get_by_role("button", name="按校发到邮箱").click()
    expect(told).to_have_count(already + 1, timeout=WAIT)
    assert len(office.taken) == before + 3


def test_a_setting_is_changed_and_a_wrong_one_told(at: tuple[Open, Visit], tab: Page) -> None:
    desk, _ = at
    tab.get_by_role("link", name="名册与词语").click()
    tab.get_by_role("link", name="设置").click()
    tab.locator("[name='due']").fill("三月底")
    tab.get_by_role("button", name="保存").click()
    expect(tab.get_by_role("alert")).to_contain_text("due 要填日期")
    tab.locator("[name='due']").fill("2021-04-09")
    tab.get_by_role("button", name="保存").click()
    expect(tab.locator("[name='due']")).to_have_value("2021-04-09")
    assert 'due = "2021-04-09"' in (desk.place.inbox.parent / "kbxt.toml").read_text("utf-8")
    tab.get_by_role("link", name="各校", exact=True).click()
    expect(tab.locator(".steps, .lead").first).to_be_visible()


def test_every_view_can_be_used_by_all_and_on_a_narrow_screen(at: tuple[Open, Visit], tab: Page) -> None:
    tab.add_init_script("delete window.EventSource")  # a page that hears of a merge would load itself anew meanwhile
    found: dict[str, object] = {}
    for view in VIEWS:
        tab.goto(f"http://{at[0].host}{view}")
        found[view] = serious(tab)
        for width in (1024, 720, 360):  # 720 is 1440 at 200 %
            tab.set_viewport_size({"width": width, "height": 800})
            assert tab.evaluate("document.documentElement.scrollWidth") <= width, view
        tab.set_viewport_size({"width": 1400, "height": 900})
    assert {view: wrong for view, wrong in found.items() if wrong} == {}


def test_it_is_left_by_its_button(at: tuple[Open, Visit], window: BrowserContext, tmp_path: Path) -> None:
    other = opened(district(tmp_path / "另一处"))
    page = window.new_page()
    page.goto(other.urls[0])
    page.get_by_role("button", name="退出").click()
    expect(page.get_by_text("工作台已退出")).to_be_visible()
    assert other.thread is not None
    other.thread.join(30)
    assert not other.thread.is_alive()
    swept()
    assert not (other.place.out / "办理" / "desk.json").exists()
