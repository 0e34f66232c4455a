"""OpenDocument spreadsheets → grids, from their XML: calamine refuses some, and tells nothing of what is hidden."""

from __future__ import annotations

import io
from xml.etree import ElementTree

from lxml import etree

from kbxt_merge.intake.readers.ods_content import Content
from kbxt_merge.intake.readers.package import Package
from kbxt_merge.intake.readers.xml_events import parse
from kbxt_merge.intake.unreadable import DAMAGE, Unreadable
from kbxt_merge.intake.zips import check_inflated, open_zip
from kbxt_merge.model.limits import Limits
from kbxt_merge.model.returns import Workbook

TABLE = "{urn:oasis:names:tc:opendocument:xmlns:table:1.0}"
VALUE_TYPE = "{urn:oasis:names:tc:opendocument:xmlns:office:1.0}value-type"
PROPERTY_NAME = "{urn:oasis:names:tc:opendocument:xmlns:meta:1.0}name"
MARK = "kbxt_"


def read(data: bytes, limits: Limits) -> Workbook:
    """The workbook's grids and marks; raises Unreadable."""
    with open_zip(io.BytesIO(data), limits) as archive:
        check_inflated(archive, limits)
        package = Package(archive)
        if b"encryption-data" in package.read("META-INF/manifest.xml", default=b""):
            raise Unreadable("file-encrypted", "password")
        xml = package.read("content.xml")
        content = Content(limits)
        parse(xml, content.start, content.end, content.text)
        told = _told(xml)
        if content.values != told:
            raise Unreadable("file-unreadable", "damaged", read=content.values, found=told)
        return Workbook(content.grids, content.marks | _marks(package))


def _told(xml: bytes) -> int:
    """How many cells the XML types: the count that the reading is held against."""
    tags = (f"{TABLE}table-cell", f"{TABLE}covered-table-cell")
    count = 0
    try:
        for _, cell in etree.iterparse(io.BytesIO(xml), tag=tags, no_network=True, resolve_entities=False):
            count += VALUE_TYPE in cell.attrib
            cell.clear()
    except DAMAGE as error:
        raise Unreadable("file-unreadable", "damaged") from error
    return count


def _marks(package: Package) -> dict[str, str]:
    """The custom properties that a blank of this tool carries."""
    meta = package.read("meta.xml", default=b"")
    if MARK.encode() not in meta:
        return {}
    properties = ((item.get(PROPERTY_NAME, ""), item.text or "") for item in ElementTree.fromstring(meta).iter())
    return {name: value for name, value in properties if name.startswith(MARK)}
