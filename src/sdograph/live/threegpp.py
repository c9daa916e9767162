"""3GPP's file server: the newest work plan, and the TDoc list of a meeting.

Both are found in directory listings. The server gives them as a table (``<a class="file" href="https://…">``,
a cell ``2026/04/03 9:50``); what IIS makes of a folder (``6/12/2014  3:25 AM  1234 <A HREF="…">``) will do.
"""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, unquote, urlsplit

import lxml.etree
import lxml.html

from sdograph.errors import Unavailable, UsageError
from sdograph.live.checks import check_zip
from sdograph.live.session import Session
from sdograph.live.source import Fetched, File, issued

HOME = "https://www.3gpp.org/ftp/"
WORK_PLAN = "https://www.3gpp.org/ftp/Information/WORK_PLAN/"

_LISTING_BYTES = 20_000_000
_PLAN = re.compile(r"Work_plan_3gpp_(\d{4}|\d{2})_?(\d{2})_?(\d{2})\.xlsx", re.IGNORECASE)
_TDOCS = re.compile(r"TDoc_List_Meeting_.+\.xlsx", re.IGNORECASE)
_TIMES = (
    (re.compile(r"\d{4}/\d{1,2}/\d{1,2}\s+\d{1,2}:\d{2}"), "%Y/%m/%d %H:%M"),
    (re.compile(r"\d{1,2}/\d{1,2}/\d{4}\s+\d{1,2}:\d{2}\s+[AP]M"), "%m/%d/%Y %I:%M %p"),
)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of a listing; ``time`` is when the file was changed, where the line says it."""

    name: str
    time: dt.datetime | None


def work_plan(parameters: Mapping[str, str], session: Session) -> Fetched:
    """The newest issue by the date in its name, always under one name: it replaces the one before."""
    folder = _folder(parameters["address"])
    dated = [(day, e.name) for e in _listing(session, folder) if (day := plan_date(e.name)) is not None]
    if not dated:
        raise Unavailable(
            "the folder lists no work plan", where=folder, hint="look at it with a browser; it may have moved"
        )
    day, name = max(dated)
    address = folder + quote(name)
    saved = session.save(address, check_zip)
    path, new = session.cache.place(saved.note, "3gpp-work-plan", "Work_plan_3gpp.xlsx")
    return Fetched([File(path, address, day.isoformat())], changed=new)


def plan_date(name: str) -> dt.date | None:
    """The day of an issue (Work_plan_3gpp_230110.xlsx, Work_plan_3gpp_2026_06_26.xlsx), None for others."""
    found = _PLAN.fullmatch(name)
    if found is None:
        return None
    year, month, day = (int(part) for part in found.groups())
    try:
        return dt.date(year if year > 99 else 2000 + year, month, day)
    except ValueError:
        return None  # the digits are no date: another kind of file


def tdoc_list(parameters: Mapping[str, str], session: Session) -> Fetched:
    """The newest TDoc list in the folder Docs of a meeting.

    It keeps the name under which it first came: readers tell the meeting by it, and a later issue, which may
    be called "… (final)", has to replace the one before.
    """
    meeting = parameters["meeting"].strip("/")
    parts = meeting.split("/")
    if len(parts) < 2 or not all(re.fullmatch(r"[^.\s/\\?#%][^/\\?#%\x00-\x1f]*", part) for part in parts):
        raise UsageError(
            f"{meeting!r} is no folder of a meeting",
            hint="as in meeting=tsg_sa/WG3_Security/TSGS3_122_Fukuoka, the path below https://www.3gpp.org/ftp/",
        )
    folder = _folder(parameters["address"]) + quote(meeting) + "/Docs/"
    lists = [entry for entry in _listing(session, folder) if _TDOCS.fullmatch(entry.name)]
    if not lists:
        raise Unavailable(
            "the folder holds no TDoc list", where=folder, hint="it appears some weeks before the meeting"
        )
    newest = max(lists, key=lambda e: (e.time or dt.datetime.min, e.name))
    address = folder + quote(newest.name)
    saved = session.save(address, check_zip)
    before = sorted(session.cache.view("3gpp-tdocs").joinpath(meeting).glob("*.xlsx"))
    name = before[0].name if before else newest.name
    path, new = session.cache.place(saved.note, "3gpp-tdocs", f"{meeting}/{name}")
    return Fetched([File(path, address, issued(saved.note))], changed=new)


def parse_listing(page: bytes) -> list[Entry]:
    """The files and folders that a directory listing links to, in its order."""
    try:
        tree = lxml.html.fromstring(page)
    except lxml.etree.ParserError:
        return []  # an empty page lists nothing
    entries: list[Entry] = []
    for link in tree.iter("a"):
        name = unquote(urlsplit(link.get("href") or "").path).rstrip("/").rpartition("/")[2]
        if name and "\\" not in name:
            entries.append(Entry(name, _time(_line(link))))
    return entries


def _line(link: lxml.html.HtmlElement) -> str:
    """The words beside a link: its row of the table, or what stands before it on its line."""
    row = next(link.iterancestors("tr"), None)
    if row is not None:
        return str(row.text_content())
    before = link.getprevious()
    above = link.getparent()
    words = before.tail if before is not None else above.text if above is not None else None
    return str(words or "")


def _time(words: str) -> dt.datetime | None:
    for pattern, form in _TIMES:
        if found := pattern.search(words):
            try:
                return dt.datetime.strptime(" ".join(found[0].split()), form)
            except ValueError:
                return None  # 31 February is no time
    return None


def _listing(session: Session, folder: str) -> list[Entry]:
    return parse_listing(session.read(folder, limit=_LISTING_BYTES))


def _folder(address: str) -> str:
    return address if address.endswith("/") else address + "/"
