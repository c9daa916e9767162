"""The relaton-data repositories: an index of all records, and those that a pattern selects, one file each.

The index says which records there are and not which have changed. So when it changes, each record selected is
asked for again (at the price of a 304 for most), those that were never fetched first, as many as one run may.
"""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable, Iterator, Mapping
from fnmatch import fnmatchcase
from pathlib import Path, PurePosixPath
from urllib.parse import quote

from sdograph.errors import LimitExceeded, UnreadableDocument, UsageError
from sdograph.live.cache import Note
from sdograph.live.checks import check_yaml, check_zip
from sdograph.live.session import Missing, RunSpent, Session
from sdograph.live.source import Fetched, File

RAW = "https://raw.githubusercontent.com/relaton/"
MOST = "200"

_MAX_INDEX = 200_000_000
_LONGEST_LINE = 100_000
_FILE = re.compile(r"[-\s]*:?file:\s*(['\"]?)(.+?)\1\s*")
_SAFE = re.compile(r"(?:[\w()+,~-][\w()+,~.-]*/)*[\w()+,~-][\w()+,~.-]*\.ya?ml", re.ASCII)


def records(source: str) -> Callable[[Mapping[str, str], Session], Fetched]:
    """How the records of a repository are fetched into the view of their source."""

    def fetch(parameters: Mapping[str, str], session: Session) -> Fetched:
        base = parameters["address"].rstrip("/") + "/"
        most = _most(parameters["most"])
        index = session.save(base + parameters["index"], check_zip)
        known = session.cache.state(source)
        if not isinstance(known, dict) or known.get("index") != index.note.sha256:
            known = {"index": index.note.sha256, "since": session.clock.now()}
            session.cache.keep_state(source, known)
        selected = _selected(session.cache.object(index.note), index.note.address, parameters["match"])
        run = _Run(session, source, base, known["since"])
        return run.fetch(selected, most)

    return fetch


class _Run:
    def __init__(self, session: Session, source: str, base: str, since: float) -> None:
        self._session = session
        self._source = source
        self._base = base
        self._since = since
        """Records that were asked for since then are current."""

    def fetch(self, selected: list[str], most: int) -> Fetched:
        checked = {name: note.checked for name in selected if (note := self._note(name)) is not None}
        due = [name for name in selected if checked.get(name, -1.0) < self._since]
        due.sort(key=lambda name: checked.get(name, -1.0))
        found = Fetched(left=len(due))
        for name in due[:most]:
            try:
                self._session.save(self._address(name), check_yaml)
            except RunSpent:
                break
            except Missing as error:
                found.remarks.append(f"{name} stands in the index, but {error.message}")
            found.left -= 1
        for name in selected:
            if (note := self._note(name)) is not None:
                path, new = self._session.cache.place(note, self._source, name)
                found.files.append(File(path, note.address))
                found.changed |= new
        return found

    def _note(self, name: str) -> Note | None:
        return self._session.cache.note(self._address(name))

    def _address(self, name: str) -> str:
        return self._base + quote(name)


def index_files(archive: Path, where: str) -> Iterator[str]:
    """The paths of all records in an index, in its order.

    Only these are read: the index of ISO alone is 10 MB of nested YAML, which takes a parser half a minute.
    """
    read = 0
    with zipfile.ZipFile(archive) as file:
        for member in file.namelist():
            if not member.endswith((".yaml", ".yml")):
                continue
            with io.TextIOWrapper(file.open(member), encoding="utf-8", errors="replace") as lines:
                while line := lines.readline(_LONGEST_LINE):
                    read += len(line)
                    if read > _MAX_INDEX:
                        raise LimitExceeded(f"the index is over {_MAX_INDEX:,} characters", where=where)
                    if (found := _FILE.fullmatch(line)) is None:
                        continue
                    if _SAFE.fullmatch(found[2]) is None:
                        raise UnreadableDocument(
                            f"the index names {found[2]!r}, which is no path of a record",
                            where=where,
                            hint="look at the repository; its layout may have changed",
                        )
                    yield found[2]


def _selected(archive: Path, where: str, match: str) -> list[str]:
    """The records whose names fit one of the patterns, each once, sorted."""
    patterns = [_plain(pattern) for pattern in match.split(",") if pattern.strip()]
    names = set(index_files(archive, where))
    if not names:
        raise UnreadableDocument(
            "the index names no record",
            where=where,
            hint="look at the repository; its layout may have changed",
        )
    chosen = sorted(
        name for name in names if any(fnmatchcase(_plain(PurePosixPath(name).stem), p) for p in patterns)
    )
    if not chosen:
        example = ", ".join(sorted(PurePosixPath(name).stem for name in names)[:3])
        raise UsageError(
            f"no record of {len(names):,} fits {match!r}", where=where, hint=f"records are called {example} …"
        )
    return chosen


def _plain(name: str) -> str:
    """Names as they are compared: the repositories write ETSI_GR_SAI_001 and etsi-gr-sai-001."""
    return re.sub(r"[\s_.-]+", "-", name.strip().lower())


def _most(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 0 < int(text) <= 100_000):
        raise UsageError(f"most={text} is no number of records", hint=f"as in most={MOST}")
    return int(text)
