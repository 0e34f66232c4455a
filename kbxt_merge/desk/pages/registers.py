"""比对库: what lies in the folder of the bureau's registers, of when it is, what it lacks; and what is dropped in."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import room_of
from kbxt_merge.desk.uploads import TooLargeError, chunks_of, set_aside, take_in
from kbxt_merge.desk.words import words_of
from kbxt_merge.model.out_folder import safe_name

_OLD = "旧比对库"
_MOST_FILES = 100


def listed(request: Request) -> Response:
    """Every file of the folder, and the registers that none was found of."""
    room = room_of(request)
    board, folder = room.board, room.place.registers
    read = board.checked.district.references if board else None
    known = board.checked.district.forms.registers if board else ()
    files = read.files if read else ()
    lying = [each.relative_to(folder).as_posix() for each in _lying(folder)] if folder else []
    return page(
        request,
        "desk-registers.html",
        files=[(each, _file_of(each.path, lying)) for each in files],
        labels={each.slug: each.label.of(room.language) for each in known},
        lacking=[each.label.of(room.language) for each in known if each.slug not in {file.register for file in files}],
        waiting=[name for name in lying if not any(_file_of(each.path, [name]) for each in files)],
        folder=folder,
    )


async def dropped(request: Request) -> Response:
    """Put files into the folder; one of the same name is laid aside, and stays."""
    room = room_of(request)
    words, folder = words_of(room.language), _folder(request)
    limit = room.place.settings().limits.file_bytes
    async with request.form(max_files=_MOST_FILES) as form:
        for each in form.getlist("files"):
            if not isinstance(each, UploadFile) or not each.filename:
                continue
            target = folder / (safe_name(Path(each.filename.replace("\\", "/")).name) or "未命名")
            beside = target.with_name(f"~${target.name}")
            try:
                kept = await take_in(room.place, beside, chunks_of(each), limit)
            except (TooLargeError, OSError) as fault:
                told = words.too_large if isinstance(fault, TooLargeError) else words.not_sent
                room.tell(told.format(file=each.filename), "error")
                continue
            if target.exists():
                old = set_aside(target, room.place.own / _OLD)
                room.tell(words.register_replaced.format(file=target.name, old=f"{_OLD}/{old.name}"))
            kept.replace(target)
            room.tell(words.register_kept.format(file=target.name))
    room.worker.want_merge()
    return RedirectResponse("/registers", 303)


async def removed(request: Request) -> Response:
    """Take a file out of the folder: it is laid aside, and stays."""
    room = room_of(request)
    async with request.form() as form:
        name = str(form.get("file", ""))
    folder = _folder(request)
    path = next((each for each in _lying(folder) if each.relative_to(folder).as_posix() == name), None)
    if path is None:
        raise HTTPException(404)
    old = set_aside(path, room.place.own / _OLD)
    room.tell(words_of(room.language).register_removed.format(file=name, old=f"{_OLD}/{old.name}"))
    room.worker.want_merge()
    return RedirectResponse("/registers", 303)


def _folder(request: Request) -> Path:
    """The folder, made where there is none; a register at a URL is put there by other means."""
    folder = room_of(request).place.registers
    if folder is None or folder.is_file():
        raise HTTPException(400, "registers_elsewhere")
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def _lying(folder: Path | None) -> list[Path]:
    if folder is None or not folder.is_dir():
        return []
    return sorted(each for each in folder.rglob("*") if each.is_file() and not each.name.startswith((".", "~$")))


def _file_of(path: str, lying: Sequence[str]) -> str:
    """The file of the folder that a merge told of by this path, which names the folder, and what lies in an archive."""
    below = path.partition("/")[2]
    return next((each for each in lying if below == each or below.startswith(f"{each}/")), "")


ROUTES = [
    Route("/registers", listed),
    Route("/registers", dropped, methods=["POST"]),
    Route("/registers/remove", removed, methods=["POST"]),
]
