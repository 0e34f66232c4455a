"""Preparing a round at the desk: roster, words, registers, forms; what is replaced is kept, what is wrong is told."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote, unquote

import openpyxl
import pytest
from cast import listed
from open_desk import HERE, SILENT, THERE, WAIT, Open, Visit, at_work, came_in, district, merged_at, save, serious
from playwright.sync_api import BrowserContext, Page, expect

from kbxt_merge.decisions import every_decision
from kbxt_merge.model.decision import Act
from kbxt_merge.model.returns import Grid

STRANGE = """
| 姓名   | 人员类别 |
| 赖小满 | 精准户   |
| 温小暑 | 特殊户   |
"""
SMALL = Grid("", [["标题", "学生台账"], ["表号", "1"], ["表头", "填什么"], ["姓名", "姓名"]])
BLANK = (["2024 年月报表"], ["填报单位：", None, "填报日期："], ["序号", "姓名", "性别", "身份证号", "困难类型"])


@pytest.fixture(scope="module")
def at(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Open, Visit]]:
    folder = district(tmp_path_factory.mktemp("desk"))
    save(folder / "收件夹" / HERE / "附件1-2.xlsx", listed("1-2", STRANGE, school=HERE))
    with merged_at(folder) as made:
        yield made


@pytest.fixture
def tab(at: tuple[Open, Visit], window: BrowserContext) -> Iterator[Page]:
    yield from came_in(at[0], window)


def roster(desk: Open) -> str:
    return (desk.place.folder / "学校名册.csv").read_text("utf-8")


def line_of(page: str, school: str) -> str:
    """The key of a school's line on the page of the roster."""
    (found,) = re.findall(rf'name="(\w+)\.name" value="{school}"', page)
    return str(found)


def test_the_roster_is_edited_and_who_reads_it_reads_that(at: tuple[Open, Visit], tab: Page) -> None:
    """Telephones and passwords stay what they were, though they were never shown."""
    desk, visit = at
    board = desk.board(visit)
    before = roster(desk)
    tab.goto(f"http://{desk.host}/roster")
    key = line_of(tab.content(), THERE)
    assert "13900139002" not in tab.content()
    assert tab.locator(f"[name='{key}.phone']").get_attribute("placeholder") == "139******02"
    tab.locator(f"[name='{key}.contact']").fill("刘老师")
    tab.get_by_role("button", name="再加一行").click()
    tab.locator("[name='new3.name']").fill("赣县区江口小学")
    tab.get_by_role("button", name="保存").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("学校名册（4）")
    desk.board(visit, board)
    assert roster(desk) == before.replace("李老师", "刘老师") + ",赣县区江口小学,,,,,\n"
    expect(tab.get_by_role("row", name="赣县区江口小学")).to_be_visible()
    (old, *_) = sorted((desk.place.own / "旧名册").iterdir())
    assert old.read_text("utf-8") == before
    assert "赣县区江口小学" in visit.ask("/")[1]
    tab.get_by_label("移出：赣县区江口小学").check()
    tab.get_by_role("button", name="保存").click()
    expect(tab.get_by_role("heading", level=1)).to_have_text("学校名册（3）")


def test_a_mistake_in_the_roster_is_told_at_its_cell(at: tuple[Open, Visit], tab: Page) -> None:
    desk, _ = at
    before = roster(desk)
    tab.goto(f"http://{desk.host}/roster")
    key = line_of(tab.content(), SILENT)
    tab.locator(f"[name='{key}.email']").fill("chu tan@school.example")
    tab.get_by_role("button", name="保存").click()
    wrong = tab.locator(f"[name='{key}.email']")
    expect(wrong).to_have_attribute("aria-invalid", "true")
    expect(wrong).to_have_value("chu tan@school.example")
    expect(tab.locator(f"#e-{key}-email")).to_contain_text("看不清是哪个邮箱")
    assert roster(desk) == before


def test_telephones_are_shown_when_asked_for_and_that_is_written_down(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    answer, page = visit.post("/roster/shown")
    assert (answer.status, "13800138001" in page, "tianshu27" in page) == (200, True, True)
    assert '"what": "roster"' in (desk.place.own / "显示记录.jsonl").read_text("utf-8").splitlines()[-1]


def test_a_roster_that_was_changed_elsewhere_is_not_written_over(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    before = roster(desk)
    answer, page = visit.post("/roster", ("digest", "0" * 64), ("1.name", "赣县区别处小学"))
    assert (answer.status, "刚被别处改过" in page) == (409, True)
    assert roster(desk) == before


def test_words_are_listed_with_where_they_stood_and_who_accepted_them(at: tuple[Open, Visit], tab: Page) -> None:
    desk, visit = at
    board = desk.board(visit)
    tab.goto(f"http://{desk.host}/words")
    row = tab.get_by_role("row", name="精准户")
    expect(row).to_contain_text("1 处，1 所学校")
    row.get_by_label("读作：精准户").select_option("建档立卡脱贫户")
    row.get_by_role("button", name="读作").click()
    desk.board(visit, board)
    accepted = tab.get_by_role("region", name="局里认可的词").get_by_role("row", name="精准户")
    expect(accepted).to_contain_text("建档立卡脱贫户", timeout=WAIT)
    expect(accepted).to_contain_text(f"{HERE}/附件1-2.xlsx › 表0 › B4")
    expect(accepted).to_contain_text("本局")
    assert every_decision(desk.place.out)[-1].act is Act.WORD
    expect(tab.get_by_role("region", name="还不认识的词").get_by_role("row", name="精准户")).to_have_count(0)
    accepted.get_by_role("button", name="撤回").click()
    expect(accepted).to_contain_text("已撤回", timeout=WAIT)
    desk.board(visit, board + 1)


def test_a_register_is_dropped_told_of_and_taken_out_again(at: tuple[Open, Visit], tab: Page, tmp_path: Path) -> None:
    desk, visit = at
    board = desk.board(visit)
    book = openpyxl.Workbook()
    for row in (["姓名", "身份证号", "性别", "学校"], ["赖小满", "360704200805210315", "男", HERE]):
        book.worksheets[0].append(row)
    book.save(tmp_path / "学籍2021-03-01.xlsx")
    tab.goto(f"http://{desk.host}/registers")
    expect(tab.get_by_text("比对库里还没有文件。")).to_be_visible()
    tab.locator("[name='files']").set_input_files(tmp_path / "学籍2021-03-01.xlsx")
    tab.get_by_role("button", name="放进比对库").click()
    row = tab.get_by_role("row", name="学籍2021-03-01.xlsx")
    expect(row).to_contain_text("2021-03-01", timeout=WAIT)
    expect(row).to_contain_text("没有")
    assert "360704200805210315" not in tab.content()
    row.get_by_role("button", name="移走").click()
    expect(tab.get_by_text("比对库里还没有文件。")).to_be_visible(timeout=WAIT)
    assert [each.name[:12] for each in (desk.place.own / "旧比对库").iterdir()] == ["学籍2021-03-01"[:12]]
    assert list((desk.place.folder / "比对库").iterdir()) == []
    desk.board(visit, board)


def test_every_sheet_of_a_draft_is_a_table_and_an_old_page_changes_none(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    assert visit.post("/forms/take")[0].status == 303
    (draft,) = (desk.place.own / "表格草稿").iterdir()
    path = f"/forms/{quote(draft.name)}/tables"
    _, first = visit.ask(path)
    sheets = list(dict.fromkeys(re.findall(r'href="\?sheet=([^"#&]+)"', first)))
    book = openpyxl.load_workbook(draft / "表格定义.xlsx", read_only=True)
    assert [unquote(each) for each in sheets] == [each for each in book.sheetnames if each != "可选"]
    book.close()
    for sheet in sheets:
        answer, page = visit.ask(f"{path}?sheet={sheet}")
        assert (answer.status, page.count('name="line.') + page.count('.order"') > 3) == (200, True), sheet
    before = (draft / "表格定义.xlsx").read_bytes()
    told = (("sheet", "单位"), ("line.county", "云岭县"))
    answer, page = visit.post(path, *told, ("edition", "1"))
    assert (answer.status, "刚被别处改过" in page) == (409, True)
    assert (draft / "表格定义.xlsx").read_bytes() == before
    edition = re.search(r'name="edition" value="(\d+)"', first)
    assert edition is not None
    long = ("sheet", "单位"), ("line.county", "县" * 5_001), ("edition", edition[1])
    answer, page = visit.post(path, *long)
    assert (answer.status, '<p class="fault" role="alert">每格最多 5000 字，没有保存' in page) == (400, True)
    assert (draft / "表格定义.xlsx").read_bytes() == before
    assert visit.post(path, *told, ("edition", edition[1]))[0].status == 303
    assert 'value="云岭县"' in visit.ask(f"{path}?sheet={quote('单位')}")[1]
    assert [each.read_bytes() for each in (draft / "改前").iterdir()] == [before]


def test_a_sheet_is_added_to_a_draft_and_a_form_struck(at: tuple[Open, Visit]) -> None:
    desk, visit = at
    save(desk.place.own / "表格草稿" / "小" / "表格定义.xlsx", SMALL)
    path = f"/forms/{quote('小')}"

    def sheets() -> list[str]:
        page = visit.ask(f"{path}/tables")[1]
        return list(dict.fromkeys(unquote(each) for each in re.findall(r'href="\?sheet=([^"#&]+)"', page)))

    def change(what: str, *told: tuple[str, str]) -> int:
        edition = re.search(r'name="edition" value="(\d+)"', visit.ask(f"{path}/tables")[1])
        assert edition is not None
        return visit.post(f"{path}/{what}", ("edition", edition[1]), *told)[0].status

    assert sheets() == ["表0"]
    assert change("sheets", ("what", ""), ("name", " ")) == 400
    assert change("sheets", ("what", ""), ("name", "校车台账")) == 303
    assert change("sheets", ("what", "表0"), ("name", "孤儿台账")) == 303
    assert change("sheets", ("what", "各表关系")) == 303
    assert sheets() == ["表0", "校车台账", "孤儿台账", "各表关系"]
    assert change("sheets", ("what", "各表关系")) == 400
    assert change("sheets/strike", ("sheet", "各表关系")) == 404
    assert change("sheets/strike", ("sheet", "校车台账")) == 303
    assert visit.post(f"{path}/sheets", ("edition", "1"), ("name", "再一张"))[0].status == 409
    assert sheets() == ["表0", "孤儿台账", "各表关系"]


def test_a_blank_becomes_a_draft_is_changed_tried_and_put_in_force(tmp_path: Path, window: BrowserContext) -> None:
    with at_work(district(tmp_path / "局里")) as desk:
        tab = window.new_page()
        tab.goto(desk.urls[0])
        blank = openpyxl.Workbook()
        for row in (*BLANK, *([number] for number in range(1, 6))):
            blank.worksheets[0].append(row)
        blank.save(tmp_path / "月报表.xlsx")
        tab.goto(f"http://{desk.host}/forms")
        expect(tab.get_by_role("table").get_by_role("row")).to_have_count(7)
        tab.locator("form[action='/forms/draft'] [name='files']").set_input_files(tmp_path / "月报表.xlsx")
        tab.get_by_role("button", name="起草", exact=True).click(timeout=WAIT)
        draft = tab.locator("article.draft")
        expect(draft).to_contain_text("月报表", timeout=WAIT)
        with tab.expect_download() as download:
            draft.get_by_role("link", name="下载").click()
        download.value.save_as(tmp_path / "表格定义.xlsx")
        book = openpyxl.load_workbook(tmp_path / "表格定义.xlsx")
        assert any(cell.value == "困难类型" for page in book for line in page.iter_rows() for cell in line)

        # as a table: what is wrong is told at its cell, a row is moved to another place
        draft.get_by_role("link", name="在网页里看和改").click()
        kind = tab.get_by_label("填什么，困难类型")
        kind.fill("困难类形")
        tab.get_by_role("button", name="保存草稿").click()
        expect(tab.locator("td.wrong")).to_have_count(1, timeout=WAIT)
        expect(tab.locator("td.wrong")).to_contain_text("是否“困难类型”")
        expect(tab.get_by_role("button", name="试读")).to_have_count(0)
        kind.fill("困难类型")
        tab.get_by_label("次序，困难类型").fill("4")
        assert serious(tab) == []
        tab.get_by_role("button", name="保存草稿").click()
        expect(tab.get_by_text("没有错处")).to_be_visible(timeout=WAIT)
        headers = tab.locator("input[name$='.header']").evaluate_all("all => all.map(each => each.value)")
        assert headers[:5] == ["序号", "姓名", "性别", "困难类型", "身份证号"]
        tab.get_by_role("link", name="词表", exact=True).click()
        tab.get_by_role("button", name="再加一行").click()
        pasted = tab.locator("[name^='new0.']:not([name$='.order'])").first
        pasted.fill("词" * 5_001)
        assert "每格最多 5000 字" in str(pasted.evaluate("field => field.validationMessage"))
        pasted.fill("")
        assert pasted.evaluate("field => field.validationMessage") == ""
        names = tab.locator("[name*='.']").evaluate_all("all => all.map(each => each.name)")
        assert len(names) == len(set(names)) > 12

        # a workbook that is none is kept, and told
        (tmp_path / "坏").mkdir()
        faulty = openpyxl.Workbook()
        faulty.worksheets[0]["A1"] = "不是定义"
        faulty.save(tmp_path / "坏" / "表格定义.xlsx")
        tab.goto(f"http://{desk.host}/forms")
        tab.locator("form[action='/forms/upload'] [name='files']").set_input_files(tmp_path / "坏" / "表格定义.xlsx")
        tab.get_by_role("button", name="放入", exact=True).click()
        expect(tab.locator("article.draft .fault")).to_contain_text("还不能用")
        expect(draft).to_have_count(2)

        sound = draft.filter(has_text="月报表")
        sound.locator("[name='files']").set_input_files(tmp_path / "月报表.xlsx")
        sound.get_by_role("button", name="试读").click(timeout=WAIT)
        expect(tab.frame_locator("iframe").locator("body")).to_contain_text("困难类型", timeout=WAIT)
        tab.get_by_role("link", name="← 表格").click()
        sound.get_by_text("启用…").click()
        sound.get_by_role("button", name="启用").click(timeout=WAIT)
        expect(tab.get_by_text("按“表格定义.xlsx”。")).to_be_visible(timeout=WAIT)
        assert 'schemas = "表格定义.xlsx"' in (desk.place.folder / "kbxt.toml").read_text("utf-8")
        tab.get_by_role("button", name="改回软件自带的表").click()
        expect(tab.get_by_text("软件自带的六张表。")).to_be_visible(timeout=WAIT)
