"""Mails saved by Outlook (.msg, [MS-OXMSG]): OLE files with a storage an attachment, or a forwarded mail."""

from __future__ import annotations

import io
from collections.abc import Iterator

import olefile

from kbxt_merge.intake.formats.containers import MESSAGE_STREAM
from kbxt_merge.intake.formats.damage import DAMAGE, Unreadable
from kbxt_merge.intake.inbox.archive_types import Member, Source, source_bytes
from kbxt_merge.intake.inbox.mail_files import FORWARDED, UNNAMED
from kbxt_merge.model.limits import Limits

ATTACHMENT = "__attach_version1.0_"
PROPERTY = "__substg1.0_"
CONTENT, MESSAGE = "37010102", "3701000D"
"""PidTagAttachDataBinary, and the storage that stands in its place where a message is attached."""
NAMES = ("3707", "3704", "3001")
"""PidTagAttachLongFilename, PidTagAttachFilename, PidTagDisplayName: the first that is there."""
SUBJECT = ("0037",)
ENCODINGS = {"001F": "utf-16-le", "001E": "gb18030"}
"""How a text is written, by the type of its property; what is no Unicode is GBK here."""
MOST_NESTED = 16
Storage = tuple[str, ...]


class OutlookFile:
    """A message of Outlook; its members are what is attached to it."""

    def __init__(self, source: Source, limits: Limits) -> None:
        """List the attachments; raises Unreadable."""
        try:
            self.ole = olefile.OleFileIO(io.BytesIO(source_bytes(source, limits)))
            found = list(self._attached((), "", 0))
            self.places = [place for place, _ in found]
            sizes = [int(self.ole.get_size(list(place))) for place in self.places]
        except DAMAGE as error:
            raise Unreadable("file-unreadable", "damaged") from error
        self.members = [Member(name, size, size, None, False) for (_, name), size in zip(found, sizes, strict=True)]

    def read(self, position: int, password: str | None) -> bytes:
        """The bytes of one attachment."""
        with self.ole.openstream(list(self.places[position])) as stream:
            return bytes(stream.read())

    def _attached(self, storage: Storage, folder: str, depth: int) -> Iterator[tuple[Storage, str]]:
        """The stream and the name of each attachment of the message in this storage."""
        below = len(storage)
        inside = (path for path in self.ole.listdir(streams=True) if tuple(path[:below]) == storage)
        attachments = dict.fromkeys(path[below] for path in inside if path[below].startswith(ATTACHMENT))
        for attachment in attachments:
            place = (*storage, attachment)
            message = (*place, PROPERTY + MESSAGE)
            if self.ole.exists([*place, PROPERTY + CONTENT]):
                yield (*place, PROPERTY + CONTENT), f"{folder}{self._text(place, NAMES) or UNNAMED}"
            elif self.ole.exists([*message, MESSAGE_STREAM]) and depth < MOST_NESTED:
                name = self._text(message, SUBJECT) or self._text(place, NAMES) or FORWARDED
                yield from self._attached(message, f"{folder}{name.replace('/', '_')}/", depth + 1)

    def _text(self, storage: Storage, properties: tuple[str, ...]) -> str:
        """The first of these properties that holds a text."""
        for tag in properties:
            for kind, encoding in ENCODINGS.items():
                place = [*storage, f"{PROPERTY}{tag}{kind}"]
                if self.ole.exists(place):
                    text = str(self.ole.openstream(place).read().decode(encoding, "replace")).strip("\0 ")
                    if text:
                        return text
        return ""
