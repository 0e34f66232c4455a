"""What stays when something goes wrong: killed while merging, an OUT that is held, two who decide at once."""

from __future__ import annotations

import contextlib
import errno
import hashlib
import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from cast import listed
from open_desk import HERE, PATIENCE, SETTINGS, SILENT, THERE, WAIT, at_work, district, save
from playwright.sync_api import BrowserContext, expect

from kbxt_merge.merging import merge
from kbxt_merge.model.out_folder import MADE_ANEW
from kbxt_merge.settings import Settings, with_options

OFF_BY_ONE = """
| 姓名   | 年龄 |
| 赖小满 | 13   |
| 钟立秋 | 10   |
"""


@dataclass
class Running:
    """A desk as its icon starts it: a program of its own."""

    process: subprocess.Popen[str]
    url: str

    @property
    def host(self) -> str:
        return urlsplit(self.url).netloc


@contextlib.contextmanager
def started(folder: Path, jobs: int = 1) -> Iterator[Running]:
    command = [sys.executable, "-m", "kbxt_merge", "desk", str(folder), "--no-browser", "--jobs", str(jobs)]
    more = ["--period", "2021春", "--as-of", "2021-03-20"]
    process = subprocess.Popen([*command, *more], stdout=subprocess.PIPE, text=True, start_new_session=True)
    assert process.stdout is not None
    try:
        yield Running(process, process.stdout.readline().strip().rpartition("：")[2])
    finally:
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        process.stdout.close()


def district_of_two(folder: Path) -> Path:
    district(folder)
    save(folder / "收件夹" / HERE / "附件3.xlsx", listed("3", OFF_BY_ONE, school=HERE))
    save(folder / "收件夹" / THERE / "附件4.xlsx", listed("4", "| 姓名 | 年龄 |\n| 曾谷雨 | 10 |", school=THERE))
    return folder


def merged(folder: Path) -> None:
    merge(folder / "收件夹", folder / "结果", with_options(Settings(), SETTINGS))


def results(out: Path) -> dict[str, str]:
    """What a merge made, by its path."""
    made = (
        path
        for name in MADE_ANEW
        for path in sorted((out / name).rglob("*") if (out / name).is_dir() else [out / name])
    )
    return {
        str(path.relative_to(out)): hashlib.sha256(path.read_bytes()).hexdigest() for path in made if path.is_file()
    }


def test_killed_while_merging_the_results_are_whole_and_the_page_finds_the_next_desk(
    tmp_path: Path, window: BrowserContext
) -> None:
    folder = district_of_two(tmp_path)
    merged(folder)
    before, page = results(folder / "结果"), window.new_page()
    with started(folder) as first:
        page.goto(first.url)
        # the first merge is at work; whatever it was about to write is not there yet
        os.killpg(first.process.pid, signal.SIGKILL)
        first.process.wait()
        expect(page.locator("#news.lost")).to_be_visible()
        assert results(folder / "结果") == before
        save(folder / "收件夹" / SILENT / "附件3.xlsx", listed("3", "| 姓名 |\n| 刘白露 |", school=SILENT))
        with started(folder) as second:
            assert second.host == first.host
            expect(page.get_by_role("row", name=SILENT).get_by_text("✓")).to_be_visible(timeout=WAIT)
            page.get_by_role("button", name="退出").click()
            expect(page.get_by_text("工作台已退出")).to_be_visible()
            assert second.process.wait(PATIENCE) == 0


def test_until_a_merge_has_ended_the_page_shows_the_last_state_and_says_so(
    tmp_path: Path, window: BrowserContext
) -> None:
    """The first merge of the desk can't be done: another program holds the results."""
    folder = district_of_two(tmp_path)
    merged(folder)
    (folder / "kbxt.toml").write_text('ledger = "sqlite:////nowhere/at/all.db"\n', "utf-8")
    with at_work(folder) as desk:
        page = window.new_page()
        page.goto(desk.urls[0])
        expect(page.locator(".fault")).to_be_visible(timeout=WAIT)
        (folder / "kbxt.toml").unlink()
        page.goto(f"http://{desk.host}/")
        expect(page.locator(".stale")).to_contain_text("这是上次汇总")
        expect(page.get_by_role("heading", level=1)).to_have_text("3 所学校，2 所已交；其中 2 所还有要改的。")
        expect(page.get_by_role("row", name=HERE)).to_contain_text("△ 2")
        page.get_by_role("button", name="重新汇总").click()
        expect(page.get_by_role("link", name=HERE)).to_be_visible(timeout=WAIT)
        expect(page.locator(".stale")).to_have_count(0)


def test_what_was_found_is_shown_while_it_is_written_and_put_back_if_that_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The results on disk and the page say the same again."""
    folder = district(tmp_path / "局")
    save(folder / "收件夹" / HERE / "附件3.xlsx", listed("3", OFF_BY_ONE, school=HERE))
    shown: list[tuple[int, bool, int]] = []

    def is_full(*_: object, **__: object) -> None:
        state = json.loads(visit.ask("/state")[1])
        shown.append((state["number"], state["busy"], visit.ask("/files")[1].count("附件3.xlsx")))
        raise OSError(errno.ENOSPC, "No space left on device")

    with at_work(folder) as desk:
        visit = desk.enter()
        before, a_file = desk.board(visit), visit.ask("/files")[1].count("附件3.xlsx")
        monkeypatch.setattr("kbxt_merge.write_outputs.writing.write_data_folder", is_full)
        save(folder / "收件夹" / THERE / "附件3.xlsx", listed("3", OFF_BY_ONE, school=THERE))
        visit.post("/merge")
        until = time.monotonic() + PATIENCE
        while not (after := json.loads(visit.ask("/state")[1]))["fault"] and time.monotonic() < until:
            time.sleep(0.05)
        assert shown == [(before + 1, True, 2 * a_file)]
        assert f"{THERE}/附件3.xlsx：刚读到 2 行，单看这份文件：" in visit.ask("/")[1]
        assert after["number"] == before + 2
        assert "磁盘" in after["fault"]
        assert visit.ask("/files")[1].count("附件3.xlsx") == a_file
        monkeypatch.undo()
        visit.post("/merge")
        while json.loads(visit.ask("/state")[1])["number"] == after["number"] and time.monotonic() < until:
            time.sleep(0.05)
        assert visit.ask("/files")[1].count("附件3.xlsx") == 2 * a_file
        visit.post("/merge")
        visit.post("/blanks", ("period", "2021秋"))
        assert "您交办的还有 1 件没有办完" in visit.post("/quit")[1]
        assert desk.thread is not None
        desk.thread.join(PATIENCE)


IN_ENGLISH = {
    "/findings": "Findings", "/files": "Files", "/letters": "Letters", "/owing": "Who owes what", "/blanks": "Blanks",
    "/summaries": "Summaries", "/roster": "Roster", "/words": "Words", "/registers": "Registers", "/forms": "Forms",
    "/settings": "Settings", "/decisions": "Decisions",
}  # fmt: skip


def test_a_thousand_schools_are_shown_in_half_a_second(tmp_path: Path) -> None:
    names = [f"赣县区第{number}小学" for number in range(1000)]
    (tmp_path / "学校名册.csv").write_text("学校名称,联系人\n" + "".join(f"{each},李老师\n" for each in names), "utf-8")
    save(tmp_path / "收件夹" / "附件3.xlsx", listed("3", OFF_BY_ONE, school=names[0]))
    (tmp_path / "收件夹" / "课程表.xlsx").write_bytes(b"PK\x03\x04 not whole")
    with at_work(tmp_path, lang="en") as desk:
        visit = desk.enter()
        desk.board(visit)
        spent = []
        for _ in range(5):
            begun = time.perf_counter()
            page = visit.ask("/")[1]
            spent.append(time.perf_counter() - begun)
            assert page.count('scope="row"') == 1000
        for path, heading in IN_ENGLISH.items():
            answer, page = visit.ask(path)
            assert (answer.status, f"<h1>{heading}" in page) == (200, True), path
            assert re.findall(r".{9}[（：，。；].{9}", page) == [], path
    assert min(spent) < 0.5
