"""What the real statements say: two documents read by eye, and the facts of a report and of an index."""

from __future__ import annotations

import json
import re
from pathlib import Path

from .scorer import Score
from .truth import Action, Meeting, Party, Truth, purposes

SA, SA3, SA5 = (Party(f"3GPP-{g}", g) for g in ("SA", "SA3", "SA5"))

#: S2-1812758: 3GPP SA2 to SA5 on slice related data analytics.
S2_1812758 = Truth(
    title="LS on slice related Data Analytics",
    date="2018-11-30",
    sender=(Party("3GPP-SA2", "3GPP SA2"),),
    to=(SA5,),
    cc=tuple(Party(f"3GPP-{g}", g) for g in ("SA", "RAN", "RAN3", "RAN2")),
    purpose=purposes((SA5,), (Party(f"3GPP-{g}", g) for g in ("SA", "RAN", "RAN3", "RAN2"))),
    number=("S2-1812758",),
    in_reply_to=(("S5-186491", "S2-189049"),),
    releases=("Rel-16",),
    work_items=("FS_eNA",),
    mentions=("TR 23.791",),
    actions=(Action(to=(SA5,), text="SA2 kindly ask SA5 to take the above information into account."),),
    meetings=(
        Meeting(name="SA2#129-bis", start="2018-11-26", end="2018-11-30", place="West Palm Beach, US"),
        Meeting(name="SA2#130", start="2019-01-21", end="2019-01-25", place="Kochi, India"),
    ),
)

_INFORMED = (Party("ITU-T-SG13", ""), Party("ITU-T-SG17", ""), Party("ITU-R", ""))

#: ETSI ISG SAI to 3GPP SA, SA3 and SA5 of 2023-09-18.
FOUNDING = Truth(
    title="LS to SA, SA3 and SA5 on potential collaboration between 3GPP SA3/SA5 and ETSI SAI ISG",
    date="2023-09-18",
    sender=(Party("ETSI-ISG-SAI", "ETSI ISG SAI (Securing Artificial Intelligence)"),),
    to=(SA, SA3, SA5),
    cc=_INFORMED,
    purpose=purposes((SA, SA3, SA5), _INFORMED),
    releases=("Rel-18", "Rel-19"),
    mentions=("SAI-014", "FS_NR_AIML_NGRAN_SEC", "FS_AIML", "eNA_Ph3_SEC"),
    actions=(
        Action(
            to=(SA,),
            text="ETSI SAI kindly asks 3GPP TSG SA to review the information in this LS and reply with "
            "potential areas of interest that need ETSI SAI ISG involvement.",
        ),
        Action(
            to=(SA3, SA5),
            text="ETSI SAI kindly asks 3GPP TSG SA WG3 and 3GPP TSG SA WG5 to review the information in this "
            "LS and reply with current (e.g., 3GPP Rel-18/Rel-19) and future AI-related security activities "
            "where SA3 and SA5 collaboration with ETSI SAI can be beneficial.",
        ),
    ),
    meetings=(Meeting(name="SAI#20", start="2023-12-04", place="Sophia-Antipolis, FR"),),
)

#: Names of groups in the report and the index -> ids; None: the registry does not hold it.
GROUPS: dict[str, str | None] = {
    "TSG CT": "3GPP-CT", "TSG SA": "3GPP-SA", "TSG RAN": "3GPP-RAN", "CT WG1": "3GPP-CT1",
    "CT WG3": "3GPP-CT3", "CT WG4": "3GPP-CT4", "RAN WG2": "3GPP-RAN2", "RAN WG3": "3GPP-RAN3",
    "SA WG3": "3GPP-SA3", "SA WG3LI": "3GPP-SA3-LI", "SA WG5": "3GPP-SA5",
    "SA WG6": "3GPP-SA6", "GSMA PACKET": "GSMA-PACKET",
    "GSMA 5GJA": "GSMA-5GJA", "ETSI TC LI": "ETSI-TC-LI", "5GAA WG2": "5GAA-WG2",
    "3GPP": "3GPP", "3GPP-TSG-SA": "3GPP-SA", "3GPP-TSG-SA-WG3": "3GPP-SA3", "3GPP-TSG-RAN-WG3": "3GPP-RAN3",
    "3GPP-TSGCT-CT4": "3GPP-CT4", "ITU-T": "ITU-T", "ITU-T-SG-11": "ITU-T-SG11", "ITU-T-SG-13": "ITU-T-SG13",
    "ITU-T-SG-15": "ITU-T-SG15", "ITU-T SG 15": "ITU-T-SG15", "ITU-T SG15": "ITU-T-SG15",
    "ITU-T-SG-17": "ITU-T-SG17", "IETF": "IETF", "IAB": "IAB", "IESG": "IESG", "SEC": None, "TSV": None,
    "emu": "IETF-EMU", "tsvwg": "IETF-TSVWG", "teas": "IETF-TEAS", "opsawg": "IETF-OPSAWG",
    "ipsecme": "IETF-IPSECME", "lamps": "IETF-LAMPS", "dmm": "IETF-DMM", "ippm": None, "netmod": None,
    "rtgwg": None, "ccamp": "IETF-CCAMP", "(ccamp)": "IETF-CCAMP", "IETF CCAMP WG": "IETF-CCAMP",
    "ITU-T SG15 Question 6": "ITU-T-Q6-15",
    "GSMA": "GSMA", "Broadband Forum": "BBF", "BROADBAND-FORUM": "BBF", "MEF": "MEF", "IEEE 802.1": None,
    "ETSI ISG NGP": None,
}  # fmt: skip

#: The fields that report and index state of a statement.
HEADER = ("sender", "to", "date", "purpose")


def _party(text: str) -> Party:
    return Party(GROUPS[text], text)


def report_blocks(path: Path) -> dict[str, Truth]:
    """The incoming statements of the report of SA2#132 by the number SA2 gave them; none has a date."""
    found = {}
    receiver = Party("3GPP-SA2", "SA2")
    for block in json.loads(path.read_text("utf-8")):
        if block["kind"] != "LS In":
            continue
        stated = re.match(r"LS from ([^:]+):", block["title_line"])
        assert stated is not None
        purpose = block["document_for"].rstrip(".").lower()
        found[block["tdoc"]] = Truth(
            title="",
            sender=(_party(stated[1]),),
            to=(receiver,),
            purpose=purposes((receiver,), purpose=purpose),
        )
    return found


def tracker_entries(path: Path) -> dict[str, Truth]:
    """The statements of the index of the Datatracker by their number there."""
    found = {}
    for line in path.read_text("utf-8").splitlines():
        entry = json.loads(line)
        to = tuple(_party(name.strip()) for name in entry["to_groups"].split(";"))
        said = entry["purpose"]
        purpose = said.removeprefix("For ").removeprefix("In ") if said else None
        found[str(entry["liaison_id"])] = Truth(
            title=entry["title"],
            date=entry["submitted"],
            sender=(_party(entry["from_group"]),),
            to=to,
            purpose=purposes(to, purpose=purpose),
        )
    return found


def header(one: Score) -> Score:
    """The part of a score that is about what report and index state."""
    part = Score()
    for name in HEADER:
        part.counts[name] += one.counts[name]
    part.faults = [fault for fault in one.faults if fault[0] in HEADER]
    return part
