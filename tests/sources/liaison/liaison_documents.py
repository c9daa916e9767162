"""Liaison statements as the tests write them: the founding one in other clothes, and some of their own."""

from __future__ import annotations

import dataclasses
from pathlib import Path
from typing import Any

import docx

from sdograph.model import LiaisonStatement
from sdograph.sources import liaison

FOUNDING = (
    Path(__file__).resolve().parents[3]
    / "data/liaison-statements/LS_ETSI-ISG-SAI_to_3GPP-SA-SA3-SA5_2023-09-18.txt"
)

Head = list[tuple[str, list[str]]]

#: An ETSI statement of the tests' own, as (label, value lines), and its sections.
HEAD: Head = [
    ("Title:", ["LS on the robustness of models in network automation"]),
    ("Date:", ["5 March 2024"]),
    ("From (source):", ["ETSI ISG ENI"]),
    ("To:", ["3GPP SA5", "ITU-T SG13"]),
    ("Copy to:", ["IETF"]),
    ("Response to:", ["n/a"]),
    ("Attachments:", ["none"]),
]
BODY = [
    "1. Overall description:",
    "ISG ENI has begun ENI-034 on the robustness of models.",
    "2. Actions:",
    "To SA5: ETSI ISG ENI asks SA5 to comment.",
    "3. Date of next meetings of the originator:",
    "ENI#29\t10 - 13 June 2024\tMadrid, ES",
]

#: A statement in 3GPP's layout of the tests' own.
THREEGPP = """\
3GPP TSG-SA WG3 Meeting #115\tS3-241234
Athens, Greece, 26th February \u2013 1st March 2024\t(was S3-240987)

Title:\tReply LS on model transfer
Response to:\tLS S2-2401111/S3-240222 on model transfer
Release:\tRel-19
Work Item:\tAIML_Sec, FS_AIML_Ph2

Source:\tSA3
To:\tSA2, RAN3
Cc:\tETSI TC SAI

Contact person:\tA. Delegate
\ta.delegate@example.org
Send any reply LS to:\t3GPP Liaisons Coordinator, mailto:liaisons@example.org

Attachments:\tS3-241230, S3-241231

1\tOverall description
SA3 thanks SA2 for their LS. The requirements are in TS 33.501 and in clause 6.2 of TR 33.898.
2\tActions
To SA2:
ACTION:\tSA3 asks SA2 to confirm the assumption by 15 April 2024.
To RAN3
ACTION: \tSA3 asks RAN3 to take the above into account.

3\tDates of next TSG SA WG3 meetings
SA3#116\t20 - 24 May 2024\tJeju, South Korea
SA3#117\t19 - 23 August 2024\tMaastricht, NL
"""


def text_of(head: Head, body: list[str] = BODY, *, separator: str = "\t") -> str:
    """A statement as text: the first value beside its label, the others below it."""
    lines = ["LIAISON STATEMENT"]
    for label, values in head:
        lines += [f"{label}{separator}{values[0]}", *(f"\t{value}" for value in values[1:])]
    return "\n".join([*lines, "", *body, ""])


def with_head(**changes: list[str] | None) -> Head:
    """The head with values changed, or a field left out (None), by the first word of its label."""
    head: Head = []
    for label, values in HEAD:
        new = changes.get(label.split()[0].strip(":").lower(), values)
        if new is not None:
            head.append((label, new))
    return head


def read_text(folder: Path, text: str | bytes, *, contacts: bool = False) -> LiaisonStatement:
    """What is read from a text file with that content."""
    path = folder / "statement.txt"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return read_one(path, contacts=contacts)


def read_one(path: Path, *, contacts: bool = False) -> LiaisonStatement:
    (statement,) = liaison.read(path, contacts=contacts)
    return statement


def founding_head() -> Head:
    """The head of the founding statement, label by label, copied from its lines."""
    lines = FOUNDING.read_text("utf-8").split("\n")

    def values(first: int, last: int) -> list[str]:
        return [line.strip() for line in lines[first - 1 : last]]

    return [
        ("Title:", values(4, 4)),
        ("Date:", values(7, 7)),
        ("From (source):", values(13, 13)),
        ("Contact(s):", values(16, 19)),
        ("To:", values(25, 27)),
        ("Copy to:", values(30, 32)),
        ("Response to:\n(if applicable)", values(39, 39)),
        ("Attachments: \n(if applicable)", values(46, 46)),
    ]


def founding_body() -> list[str]:
    return FOUNDING.read_text("utf-8").split("\n")[50:]


def write_tabbed(path: Path, head: Head, body: list[str]) -> Path:
    """A Word document with label, tab and value in a paragraph, further values in paragraphs of their own."""
    document = docx.Document()
    document.add_paragraph("LIAISON STATEMENT")
    for label, values in head:
        document.add_paragraph(f"{label}\t{values[0]}")
        for value in values[1:]:
            document.add_paragraph(f"\t{value}")
    for line in body:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def write_table(path: Path, head: Head, body: list[str]) -> Path:
    """A Word document with the head as a table: labels in the first column, values in the second."""
    document = docx.Document()
    document.add_paragraph("LIAISON STATEMENT")
    table = document.add_table(rows=len(head), cols=2)
    for row, (label, values) in zip(table.rows, head, strict=True):
        row.cells[0].text = label
        row.cells[1].text = values[0]
        for value in values[1:]:
            row.cells[1].add_paragraph(value)
    for line in body:
        document.add_paragraph(line)
    document.save(str(path))
    return path


def without_places(record: Any) -> Any:
    """The record with every locator emptied, so that the same content read from other files is equal."""
    if isinstance(record, tuple):
        return tuple(without_places(item) for item in record)
    if not dataclasses.is_dataclass(record) or isinstance(record, type):
        return record
    changes = {f.name: without_places(getattr(record, f.name)) for f in dataclasses.fields(record)}
    if "locator" in changes:
        changes["locator"] = ""
    return dataclasses.replace(record, **changes)
