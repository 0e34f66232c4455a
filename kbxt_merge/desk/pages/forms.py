"""表格: the forms in force; a blank dropped becomes a draft, its workbook is changed, tried and put in force."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, RedirectResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.drafts import (
    Draft,
    back_to_shipped,
    draft_blanks,
    draft_named,
    draft_of_forms,
    drafts_of,
    keep_book,
    put_in_force,
    try_draft,
)
from kbxt_merge.desk.guard import POLICY
from kbxt_merge.desk.pages.downloads import REPORT_POLICY
from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import Room, room_of
from kbxt_merge.desk.uploads import TooLargeError, chunks_of, take_in
from kbxt_merge.desk.words import words_of
from kbxt_merge.errors import KbxtError
from kbxt_merge.model.out_folder import safe_name
from kbxt_merge.model.text import Words

_TOO_LARGE = 413


def listed(request: Request) -> Response:
    """The forms in force, and the drafts."""
    return _listed(request)


async def drafted(request: Request) -> Response:
    """Draft the definition of blanks; what was guessed stands yellow in the workbook."""
    room = room_of(request)
    with TemporaryDirectory(dir=room.place.own) as folder:
        files = await _files(request, room, Path(folder))
        return await _told(request, lambda: draft_blanks(room.place, files))


async def uploaded(request: Request) -> Response:
    """Take a definition workbook that was changed: it is a draft, and its faults are told by cell."""
    room = room_of(request)
    with TemporaryDirectory(dir=room.place.own) as folder:
        for each in await _files(request, room, Path(folder)):
            keep_book(room.place, each)
    return RedirectResponse("/forms", 303)


async def tried(request: Request) -> Response:
    """Show how each cell of some files is read by a draft; nothing is merged."""
    room, made = room_of(request), await run_in_threadpool(_draft, request)
    with TemporaryDirectory(dir=room.place.own) as folder:
        files = await _files(request, room, Path(folder))
        return await _told(request, lambda: try_draft(room.place, made, files), f"/forms/{made.name}/trial")


async def used(request: Request) -> Response:
    """Put a draft in force."""
    room, made = room_of(request), await run_in_threadpool(_draft, request)
    return await _told(request, lambda: _in_force(room, put_in_force, made))


async def shipped(request: Request) -> Response:
    """Put the program's own forms in force again."""
    room = room_of(request)
    return await _told(request, lambda: _in_force(room, back_to_shipped))


async def taken(request: Request) -> Response:
    """Make a draft of the definitions in force."""
    room = room_of(request)
    return await _told(request, lambda: draft_of_forms(room.place))


def book(request: Request) -> Response:
    """A draft's workbook, to be changed in Excel or WPS."""
    made = _draft(request)
    return FileResponse(made.book, filename=made.book.name)


def trial(request: Request) -> Response:
    """A draft's last trial, below the header and the way back; it shows what schools typed, and is a stranger here."""
    made = _draft(request)
    if made.trial is None:
        raise HTTPException(404)
    answer = page(request, "desk-trial.html", draft=made)
    answer.headers["content-security-policy"] = f"{POLICY}; frame-src 'self'"
    return answer


def trial_itself(request: Request) -> Response:
    """The page of the trial, within ours."""
    found = _draft(request).trial
    if found is None:
        raise HTTPException(404)
    policy = REPORT_POLICY.replace("frame-ancestors 'none'", "frame-ancestors 'self'")
    return FileResponse(found, media_type="text/html", headers={"content-security-policy": policy})


async def _told(request: Request, work: Callable[[], Sequence[Words]], then: str = "/forms") -> Response:
    """Do it beside the loop; what the operator can put right is told on the page."""
    try:
        doubts = await run_in_threadpool(work)
    except KbxtError as fault:
        return await run_in_threadpool(_listed, request, fault=fault)
    return await run_in_threadpool(_listed, request, doubts=doubts) if doubts else RedirectResponse(then, 303)


def _in_force(room: Room, work: Callable[..., None], *args: Draft) -> Sequence[Words]:
    from kbxt_merge.merging import forms_in_force

    work(room.place, *args)
    names = "、".join(each.label.of(room.language) for each in forms_in_force(room.place.settings()).forms)
    room.tell(words_of(room.language).forms_changed.format(forms=names))
    room.worker.want_merge(noted=True)
    return ()


async def _files(request: Request, room: Room, folder: Path) -> list[Path]:
    """The files of the form, each in a folder for a while; raises HTTPException for none, and for one too large."""
    async with request.form() as form:
        try:
            limit = room.place.settings().limits.file_bytes
            kept = [
                await take_in(room.place, folder / (safe_name(each.filename or "") or "未命名"), chunks_of(each), limit)
                for each in _uploads(form)
            ]
        except TooLargeError as fault:
            raise HTTPException(_TOO_LARGE, "file_too_large") from fault
    if not kept:
        raise HTTPException(400, "no_file")
    return kept


def _uploads(form: FormData) -> Iterable[UploadFile]:
    return (each for each in form.getlist("files") if isinstance(each, UploadFile) and each.filename)


def _draft(request: Request) -> Draft:
    made = draft_named(room_of(request).place, request.path_params["name"])
    if made is None:
        raise HTTPException(404)
    return made


def _listed(request: Request, fault: KbxtError | None = None, doubts: Sequence[Words] = ()) -> Response:
    from kbxt_merge.merging import forms_in_force

    room = room_of(request)
    settings = room.place.settings()
    forms, broken = None, None
    try:
        forms = forms_in_force(settings)
    except KbxtError as error:
        broken = error
    return page(
        request, "desk-forms.html", 400 if fault else 200,
        forms=forms, fault=fault or broken, doubts=doubts, drafts=drafts_of(room.place), schemas=settings.schemas,
    )  # fmt: skip


ROUTES = [
    Route("/forms", listed),
    Route("/forms/draft", drafted, methods=["POST"]),
    Route("/forms/upload", uploaded, methods=["POST"]),
    Route("/forms/take", taken, methods=["POST"]),
    Route("/forms/shipped", shipped, methods=["POST"]),
    Route("/forms/{name}/book", book),
    Route("/forms/{name}/trial", trial),
    Route("/forms/{name}/trial/page", trial_itself),
    Route("/forms/{name}/try", tried, methods=["POST"]),
    Route("/forms/{name}/use", used, methods=["POST"]),
]
