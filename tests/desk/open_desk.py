"""A desk at work over a small district, as its browser and anybody else on the machine meet it."""

from __future__ import annotations

import gc
import http.client
import json
import threading
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.client import HTTPResponse
from pathlib import Path
from urllib.parse import quote, urlencode, urlsplit

import openpyxl
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import BrowserContext, Page

from kbxt_merge.desk.listening import Lan
from kbxt_merge.desk.place import Place
from kbxt_merge.desk.serve import desk
from kbxt_merge.model.returns import Grid

HERE, THERE, SILENT = "赣县区梅林小学", "赣县区茅店小学", "赣县区储潭小学"
SETTINGS = {"period": "2021春", "as_of": "2021-03-20", "jobs": 0}
PATIENCE = 60.0
WAIT = 40_000
"""Milliseconds that a page may take to show what a merge or a mail comes to."""


def save(path: Path, *grids: Grid) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.worksheets[0])
    for number, grid in enumerate(grids):
        page = book.create_sheet(f"表{number}")
        for row in grid.rows:
            page.append(row)
    path.parent.mkdir(parents=True, exist_ok=True)
    book.save(path)
    return path


Answer = tuple[HTTPResponse, str]


@dataclass
class Visit:
    """Whoever asks the desk by hand: with or without a cookie, from wherever it says it comes."""

    host: str
    cookie: str = ""
    headers: dict[str, str] = field(default_factory=dict)

    def ask(self, path: str, method: str = "GET", body: bytes | None = None, **headers: str) -> Answer:
        line = http.client.HTTPConnection(self.host, timeout=PATIENCE)
        told = {name.replace("_", "-"): value for name, value in {**self.headers, **headers}.items()}
        if self.cookie:
            told["cookie"] = f"kbxt={self.cookie}"
        line.request(method, path, body, told)
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        line.close()
        return answer, text

    def post(self, path: str, *fields: tuple[str, str]) -> Answer:
        body = urlencode(fields).encode()
        return self.ask(
            path, "POST", body, content_type="application/x-www-form-urlencoded", origin=f"http://{self.host}"
        )

    def put(self, path: str, content: bytes, batch: str = "2021-04-02 090807") -> Answer:
        told = {"x_kbxt_batch": quote(batch), "x_kbxt_path": quote(path), "origin": f"http://{self.host}"}
        return self.ask("/files", "PUT", content, **told)


def entered(with_ticket: str) -> Visit:
    """Come in by an address that opens once."""
    place = urlsplit(with_ticket)
    answer, _ = Visit(place.netloc).ask(f"{place.path}?{place.query}")
    cookie = answer.getheader("set-cookie") or ""
    assert answer.status == 303
    return Visit(place.netloc, cookie.partition("kbxt=")[2].partition(";")[0])


@dataclass
class Open:
    """A desk that is open: where it works and how to come in; `urls` are those that it opened in a browser."""

    place: Place
    urls: list[str] = field(default_factory=list)
    thread: threading.Thread | None = None

    @property
    def host(self) -> str:
        return urlsplit(self.urls[0]).netloc

    def enter(self) -> Visit:
        """Come in as the browser does that the desk opens."""
        return entered(self.urls[-1] if len(self.urls) == 1 else self.another_ticket())

    def enter_again(self) -> Visit:
        """Come in where a browser came in by the first ticket."""
        return entered(self.another_ticket())

    def another_ticket(self) -> str:
        """A second start on the same folder opens the first one's page."""
        found: list[str] = []
        desk(self.place, open_page=found.append)
        return found[0]

    def board(self, visit: Visit, after: int = 0) -> int:
        """The number of the board, when one came after that."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            told = json.loads(visit.ask("/state")[1])
            if told["number"] > after and not told["busy"]:
                return int(told["number"])
            assert not told["fault"], told
            time.sleep(0.05)
        raise AssertionError("no board came")


def opened(folder: Path, lan: Lan | None = None, **options: object) -> Open:
    """Open a desk in a thread of this process."""
    place = Place.of(folder, **{**SETTINGS, **options})
    at = Open(place)
    came = threading.Event()

    def open_page(url: str) -> None:
        at.urls.append(url)
        came.set()

    at.thread = threading.Thread(target=desk, args=(place,), kwargs={"open_page": open_page, "lan": lan})
    at.thread.start()
    assert came.wait(PATIENCE)
    return at


@contextmanager
def at_work(folder: Path, lan: Lan | None = None, **options: object) -> Iterator[Open]:
    """A desk for one test; whatever becomes of that, it is left: its thread would keep the process."""
    desk = opened(folder, lan, **options)
    try:
        yield desk
    finally:
        if desk.thread is not None and desk.thread.is_alive():
            left(desk, desk.enter_again())


@contextmanager
def merged_at(folder: Path, lan: Lan | None = None) -> Iterator[tuple[Open, Visit]]:
    """A desk whose first merge has ended, and whoever came in, for the tests of a module."""
    with at_work(folder, lan) as desk:
        visit = desk.enter()
        desk.board(visit)
        yield desk, visit


def left(at: Open, visit: Visit) -> None:
    visit.post("/quit")
    assert at.thread is not None
    at.thread.join(PATIENCE)
    assert not at.thread.is_alive()
    swept()


def swept() -> None:
    """Collect what a server that ended leaves of its last connections: elsewhere another test would be blamed."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def came_in(desk: Open, window: BrowserContext) -> Iterator[Page]:
    """A page of a desk; a word in the console, or a request to elsewhere, is a failure."""
    page, said, asked = window.new_page(), [], []
    page.on("console", lambda message: said.append(message.text))
    page.on("pageerror", lambda error: said.append(str(error)))
    page.on("request", lambda request: asked.append(request.url))
    page.goto(desk.another_ticket())
    yield page
    assert [each for each in said if "status of 400" not in each] == []  # a browser's word for what the page tells
    assert {url.split("/")[2] for url in asked if not url.startswith("data:")} == {desk.host}


def serious(tab: Page) -> list[tuple[str, str]]:
    """What axe finds on a page that keeps somebody from using it."""
    found = Axe().run(tab).response["violations"]
    return [(each["id"], each["nodes"][0]["html"][:200]) for each in found if each["impact"] in ("serious", "critical")]


def district(folder: Path) -> Path:
    """A folder with the roster of three schools."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "学校名册.csv").write_text(
        "学校标识码,学校名称,学段,联系人,联系电话,邮箱,口令\n"
        f"1,{HERE},小学,钟老师,13800138001,a@school.example,tianshu27\n2,{THERE},小学,李老师,13900139002,b@school.example,k9m2\n"
        f"3,{SILENT},小学,王老师,13700137003,c@school.example,q7w8\n",
        encoding="utf-8",
    )
    return folder
