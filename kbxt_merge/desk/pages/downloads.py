"""汇总: what the last merge wrote, to open or to take along."""

from __future__ import annotations

from pathlib import Path

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import FileResponse, Response
from starlette.routing import Route

from kbxt_merge.desk.render import page
from kbxt_merge.desk.room import room_of
from kbxt_merge.desk.words import words_of
from kbxt_merge.model.out_folder import (
    DATA_FOLDER,
    FILES_FILE,
    FINDINGS_FILE,
    LOG_FILE,
    PAST_FOLDER,
    REPORT,
    ROWS_LEFT_OUT_FILE,
    RUN_FILE,
    SUMMARY_FOLDER,
    records_file,
)

REPORT_POLICY = "sandbox allow-scripts allow-downloads allow-modals; frame-ancestors 'none'"
"""The report brings its own policy, and shows what schools typed: in a browser it is a stranger to the desk."""

_GROUPS = (("district", f"{SUMMARY_FOLDER}/*"), ("data", f"{DATA_FOLDER}/*"), ("past", f"{PAST_FOLDER}/*/**/*"))
"""What is handed out, by the name of its group, and where it lies below OUT."""


def listed(request: Request) -> Response:
    """The report, the district workbooks, the data."""
    room = room_of(request)
    board = room.board
    out, words = room.place.out, words_of(room.language)
    said = {FINDINGS_FILE: words.data_findings, FILES_FILE: words.data_files, LOG_FILE: words.data_log}
    said |= {ROWS_LEFT_OUT_FILE: words.data_left_out, RUN_FILE: words.data_run}
    forms = board.forms if board else {}
    said |= {records_file(slug): words.data_records.format(form=called) for slug, called in forms.items()}
    return page(request, "desk-summaries.html", groups=_groups(out), report=(out / REPORT).is_file(), said=said)


def report(request: Request) -> Response:
    """The report, as it opens from the folder."""
    path = room_of(request).place.out / REPORT
    if not path.is_file():
        raise HTTPException(404)
    return FileResponse(path, media_type="text/html", headers={"content-security-policy": REPORT_POLICY})


def download(request: Request) -> Response:
    """A file that the last merge wrote: only what stands on the list, whatever the address says."""
    out = room_of(request).place.out
    wanted = request.path_params["path"]
    for _, paths in _groups(out):
        for path in paths:
            if path.relative_to(out).as_posix() == wanted:
                return FileResponse(path, filename=path.name)
    raise HTTPException(404)


def _groups(out: Path) -> list[tuple[str, list[Path]]]:
    """The files by folder, each in the order of their names."""
    found = ((name, sorted(each for each in out.glob(pattern) if each.is_file())) for name, pattern in _GROUPS)
    return [(name, paths) for name, paths in found if paths]


ROUTES = [
    Route("/summaries", listed),
    Route("/report", report),
    Route("/download/{path:path}", download),
]
