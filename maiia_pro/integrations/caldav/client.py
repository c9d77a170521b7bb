"""The few verbs of CalDAV that two calendars need to know of each other (RFC 4791; RFC 4918; the tag of calendarserver.org).

Every request goes to an address that was looked up and judged, with a bound on time and size; a redirect may not leave the server.
"""

import asyncio
from datetime import UTC, datetime
from types import TracebackType
from typing import Any, Final, Self
from urllib.parse import urljoin

import httpx

from maiia_pro.integrations.caldav.addresses import Place, place_of, split
from maiia_pro.integrations.caldav.answers import CALDAV, DAV, SERVER, Answer, multistatus
from maiia_pro.integrations.caldav.faults import AddressRefused, NoCalendar, PasswordRefused, Unreachable, Unreadable, WriteRefused

SECONDS: Final = 30.0
"""For a whole answer, however slowly it comes."""
TIMEOUT: Final = httpx.Timeout(10, connect=5)
LARGEST: Final = 8 * 1024 * 1024
MOST_REDIRECTS: Final = 3
MOST_CALENDARS: Final = 50
_PROPFIND: Final = (
    f'<?xml version="1.0" encoding="utf-8"?><d:propfind xmlns:d="{DAV}" xmlns:c="{CALDAV}" xmlns:s="{SERVER}"><d:prop>'
    "<d:resourcetype/><d:displayname/><d:current-user-principal/><c:calendar-home-set/><c:supported-calendar-component-set/><s:getctag/>"
    "<d:sync-token/></d:prop></d:propfind>"
)
_REPORT: Final = (
    f'<?xml version="1.0" encoding="utf-8"?><c:calendar-query xmlns:d="{DAV}" xmlns:c="{CALDAV}"><d:prop><c:calendar-data/></d:prop>'
    '<c:filter><c:comp-filter name="VCALENDAR"><c:comp-filter name="VEVENT"><c:time-range start="{begins}" end="{ends}"/>'
    "</c:comp-filter></c:comp-filter></c:filter></c:calendar-query>"
)


class CaldavClient:
    """A user's calendars on one server."""

    def __init__(self, url: str, user: str, password: str, *, allow_private: bool = False) -> None:
        self._url, self._allow_private = url, allow_private
        self._place: Place | None = None
        self._http = httpx.AsyncClient(auth=httpx.BasicAuth(user, password), timeout=TIMEOUT, follow_redirects=False, trust_env=False)
        self._loop = asyncio.Runner()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._loop.run(self._http.aclose())
        self._loop.close()

    def calendars(self) -> list[tuple[str, str]]:
        """Find the calendar at the address, or those of its user: address and name each; raises `NoCalendar`."""
        here = self._look(self._url)
        if here and here[0].is_calendar:
            return [(here[0].url, here[0].name)]
        home = next((one.home for one in here if one.home), "")
        principal = next((one.principal for one in here if one.principal), "")
        if not home and principal:
            home = next((one.home for one in self._look(principal) if one.home), "")
        found = [one for one in self._look(home or self._url, depth=1) if one.is_calendar]
        if not found:
            raise NoCalendar
        return [(one.url, one.name) for one in found[:MOST_CALENDARS]]

    def tag(self, calendar: str) -> str:
        """Give what changes whenever the calendar does; "" where the server tells nothing of the kind."""
        found = self._look(calendar)
        if not found or not found[0].is_calendar:
            raise NoCalendar
        return found[0].tag

    def events(self, calendar: str, begins: datetime, ends: datetime) -> bytes:
        """Read what lies in a window, as iCalendar, one calendar after the other."""
        stamps = {"begins": f"{begins.astimezone(UTC):%Y%m%dT%H%M%SZ}", "ends": f"{ends.astimezone(UTC):%Y%m%dT%H%M%SZ}"}
        url, content = self._ask("REPORT", calendar, _REPORT.format(**stamps), {"Depth": "1"})
        return "\r\n".join(one.data.strip() for one in multistatus(content, url) if one.data).encode()

    def put(self, url: str, content: bytes) -> None:
        """Write one event, whatever was there."""
        self._ask("PUT", url, content, {"Content-Type": "text/calendar; charset=utf-8"})

    def delete(self, url: str) -> None:
        """Take one event away; where there is none, nothing happens."""
        self._ask("DELETE", url)

    def _look(self, url: str, depth: int = 0) -> list[Answer]:
        found, content = self._ask("PROPFIND", url, _PROPFIND, {"Depth": str(depth)})
        return multistatus(content, found)

    def _ask(self, method: str, url: str, body: str | bytes = b"", headers: dict[str, str] | None = None) -> tuple[str, bytes]:
        for _ in range(MOST_REDIRECTS + 1):
            status, location, content = self._send(method, url, body, headers or {})
            if status not in {301, 302, 307, 308}:
                break
            url = urljoin(url, location)
        return url, _judged(method, status, content)

    def _send(self, method: str, url: str, body: str | bytes, headers: dict[str, str]) -> tuple[int, str, bytes]:
        place = self._at(url)
        try:
            return self._loop.run(self._exchange(method, httpx.URL(url), place.address, body, headers))
        except (httpx.HTTPError, httpx.InvalidURL, OSError) as error:  # TimeoutError is one
            raise Unreachable from error

    async def _exchange(
        self, method: str, asked: httpx.URL, address: str, body: str | bytes, headers: dict[str, str]
    ) -> tuple[int, str, bytes]:
        target, name = asked.copy_with(host=address), asked.raw_host.decode("ascii")
        usual = {"Host": asked.netloc.decode("ascii"), "Content-Type": "application/xml; charset=utf-8", "User-Agent": "Maiia Pro"}
        options: dict[str, Any] = {"content": body, "headers": usual | headers, "extensions": {"sni_hostname": name}}
        async with (
            asyncio.timeout(SECONDS),  # httpx counts each byte anew
            # The address that was judged is the one connected to: a name may not mean another machine a moment later.
            self._http.stream(method, target, **options) as answer,
        ):
            content = bytearray()
            async for part in answer.aiter_bytes():
                content += part
                if len(content) > LARGEST:
                    raise Unreadable
            return answer.status_code, answer.headers.get("location", ""), bytes(content)

    def _at(self, url: str) -> Place:
        if self._place is None:
            self._place = place_of(self._url, allow_private=self._allow_private)
        if split(url) != self._place.origin:
            raise AddressRefused
        return self._place


def _judged(method: str, status: int, content: bytes) -> bytes:
    if status in {401, 403}:
        raise WriteRefused if status == 403 and method in {"PUT", "DELETE"} else PasswordRefused
    if method == "DELETE" and status in {404, 410}:
        return content
    if status in {404, 405, 410}:
        raise NoCalendar
    if status >= 500 or status == 429:
        raise Unreachable
    if status >= 300:
        raise WriteRefused if method in {"PUT", "DELETE"} else Unreadable
    return content
