"""ISO Open Data: one file of JSON Lines for each data set, renewed in place."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from sdograph.live.checks import check_json_lines
from sdograph.live.session import Session
from sdograph.live.source import Fetched, File, issued

LATEST = "https://isopublicstorageprod.blob.core.windows.net/opendata/_latest/"
COMMITTEES = LATEST + "iso_technical_committees/json/iso_technical_committees.jsonl"
DELIVERABLES = LATEST + "iso_deliverables_metadata/json/iso_deliverables_metadata.jsonl"


def data_set(source: str, name: str) -> Callable[[Mapping[str, str], Session], Fetched]:
    """How a data set is fetched: its file, under one name in the view of its source."""

    def fetch(parameters: Mapping[str, str], session: Session) -> Fetched:
        address = parameters["address"]
        saved = session.save(address, check_json_lines)
        path, new = session.cache.place(saved.note, source, name)
        return Fetched([File(path, address, issued(saved.note))], changed=new)

    return fetch
