"""What a CalDAV server answers, as XML from a stranger: no document type, no entity, nothing fetched."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import urljoin
from xml.etree import ElementTree as ET

from maiia_pro.integrations.caldav.faults import Unreadable

DAV: Final = "DAV:"
CALDAV: Final = "urn:ietf:params:xml:ns:caldav"
SERVER: Final = "http://calendarserver.org/ns/"
LONGEST: Final = 2000


@dataclass(frozen=True, slots=True)
class Answer:
    """What is said of one resource."""

    url: str
    name: str
    is_calendar: bool
    principal: str
    home: str
    tag: str
    data: str


def multistatus(content: bytes, url: str) -> list[Answer]:
    """Read a multistatus (RFC 4918, section 13); addresses are made whole. Raises `Unreadable`."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise Unreadable from None
    if "<!" in text.replace("<![CDATA[", "").replace("<!--", ""):
        raise Unreadable
    try:
        root = ET.fromstring(text)  # noqa: S314 - a document type, which alone is dangerous, was refused
    except ET.ParseError:
        raise Unreadable from None
    return [_answer(one, url) for one in root.iter(f"{{{DAV}}}response")]


def _answer(response: ET.Element, url: str) -> Answer:
    def text(path: str) -> str:
        found = response.find(path, {"d": DAV, "c": CALDAV, "s": SERVER})
        return (found.text or "").strip() if found is not None else ""

    def address(path: str) -> str:
        found = text(path)
        return urljoin(url, found) if found and len(found) <= LONGEST else ""

    kinds = response.find(f".//{{{DAV}}}resourcetype")
    takes = [one.get("name", "").upper() for one in response.iter(f"{{{CALDAV}}}comp")]
    return Answer(
        url=address("d:href"),
        name=" ".join(text(".//d:displayname").split())[:120],
        is_calendar=kinds is not None and kinds.find(f"{{{CALDAV}}}calendar") is not None and (not takes or "VEVENT" in takes),
        principal=address(".//d:current-user-principal/d:href"),
        home=address(".//c:calendar-home-set/d:href"),
        tag=(text(".//s:getctag") or text(".//d:sync-token"))[:LONGEST],
        data=text(".//c:calendar-data"),
    )
