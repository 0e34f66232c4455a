"""Where returns are collected: a folder, an archive or single files on this machine, or the same at a URL."""

from __future__ import annotations

import os
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from urllib.parse import urlsplit

SETTINGS_NAME = "kbxt.toml"
ROSTER_NAMES = ("学校名册.xlsx", "学校名册.csv")
"""What a bureau keeps beside its inbox, and is taken where nothing else is named."""

REGISTERS_FOLDER = "比对库"
"""The folder of registers that is taken where it lies beside the inbox and none is named."""

FOLDERS_ABOVE = 4
"""A file of an inbox lies no deeper than this below what is beside it: beside/inbox/school/moment/file."""

OF_A_MAIL = re.compile(r"(20[0-9]{2}-[0-9]{2}-[0-9]{2}) ([0-9]{6})")
"""The folder that `kbxt fetch` lays a mail in, below its sender's."""

CHAIN = "::"
_URL = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+://")


@dataclass(frozen=True, slots=True)
class RemoteInbox:
    """An inbox at a URL that fsspec reads; `within` is the folder that is meant of an archive there.

    The URL may carry a user's password or a signature: it is never shown, only what `str` makes of it.
    """

    url: str = field(repr=False)
    within: str = ""

    @property
    def scheme(self) -> str:
        """What stands before `://`, such as s3."""
        return self.url.partition("://")[0].lower()

    def __str__(self) -> str:
        """The URL as it may be shown: without user, password, query and fragment."""
        host, slash, path = self.url.partition("://")[2].partition("/")
        plain = re.split(r"[?#]", path, maxsplit=1)[0]
        shown = f"{self.scheme}://{host.rpartition('@')[2].partition('?')[0]}{slash}{plain}"
        return f"zip://{self.within}{CHAIN}{shown}" if self.within else shown


Inbox = Path | RemoteInbox


def is_url(text: str) -> bool:
    """Tell whether a text is a URL rather than a path; an absolute path never is."""
    return _URL.match(text) is not None


def parse_inbox(text: str) -> Inbox:
    """The inbox that a clerk names: a path, `file://…`, or a URL; of `zip://folder::target` the target is opened.

    >>> parse_inbox("zip://::returned.zip"), str(parse_inbox("sftp://clerk:secret@host/returned"))
    (PosixPath('returned.zip'), 'sftp://host/returned')
    """
    if not is_url(text):
        return Path(text)
    scheme, _, rest = text.partition("://")
    if scheme.lower() == "zip":
        return _in_archive(*rest.rpartition(CHAIN)[::2])
    if scheme.lower() != "file":
        return RemoteInbox(text)
    from urllib.request import url2pathname  # brings HTTP and TLS, for which who gives a path need not wait

    return Path(url2pathname(urlsplit(text).path))


def _in_archive(within: str, target: str) -> Inbox:
    folder = within.strip("/")
    if not folder:
        return parse_inbox(target)
    archive = parse_inbox(target)
    # fsspec takes paths as they are, not percent-encoded
    return RemoteInbox(f"file://{archive.absolute()}" if isinstance(archive, Path) else archive.url, folder)


def path_of(inbox: Inbox) -> Path | None:
    """Where the inbox stands on this machine, or None."""
    if isinstance(inbox, Path):
        return inbox
    return Path(inbox.url.removeprefix("file://")) if inbox.scheme == "file" else None


def name_of(inbox: Inbox) -> str:
    """What the last folder or file of a place is called.

    >>> name_of(RemoteInbox("s3://bureau/2021春/比对库/"))
    '比对库'
    """
    return inbox.absolute().name if isinstance(inbox, Path) else PurePosixPath(str(inbox)).name


def folder_of(inbox: Inbox) -> Path:
    """The folder in which settings and roster are looked for: the one that holds the inbox, for a server's the current
    one. A single file may lie in an inbox: of the folders around it the nearest is taken that has one of them.
    """
    path = path_of(inbox)
    if path is None:
        return Path.cwd()
    path = Path(os.path.abspath(path))
    around = _around(path) if path.is_file() else ()
    known = (each for each in around if any((each / name).is_file() for name in (SETTINGS_NAME, *ROSTER_NAMES)))
    return next(known, path.parent)


def _around(file: Path) -> Sequence[Path]:
    """The folders around a file; not that of a mail nor its sender's, in which lies what others sent."""
    around = file.parents[:FOLDERS_ABOVE]
    mail = next((at for at, each in enumerate(around) if OF_A_MAIL.fullmatch(each.name)), None)
    return around if mail is None else around[mail + 2 :]


def registers_beside(inbox: Path) -> Path:
    """Where the registers' folder of an inbox on disk would lie."""
    return Path(os.path.abspath(inbox)).parent / REGISTERS_FOLDER


def beside(inbox: RemoteInbox, name: str) -> RemoteInbox | None:
    """The file or folder of that name beside the inbox; None where the inbox is all that there is at its host."""
    parent, slash, _ = inbox.url.rstrip("/").rpartition("/")
    held = PurePosixPath(parent.partition("://")[2])
    return RemoteInbox(f"{parent}{slash}{name}") if "://" in parent and held.parts else None
