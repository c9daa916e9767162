"""Other bodies' letterheads: From, To, Subject and Date under whatever labels, in any order.

GSMA, Broadband Forum, O-RAN, MEF, TM Forum, IEEE 802 and others. Their forms differ in labels and order only,
which :mod:`.labels` holds.
"""

from __future__ import annotations

import re

from sdograph.sources.liaison.labelling import SALUTATION
from sdograph.sources.liaison.layout import Layout
from sdograph.sources.liaison.sheet import Sheet
from sdograph.sources.liaison.wording import add_addressees, add_signature

_HOUSE = re.compile(
    r"\b(?:GSMA|GSM Association|BBF|Broadband Forum|O-RAN|oneM2M|IEEE|TM ?Forum|TMF|MEF|Mplify|NGMN"
    r"|5GAA|5G-ACIA|OIF"
    r"|CableLabs|OGC|W3C|OASIS|WBA|Wi-Fi Alliance|ATIS|CCSA|TTA|TTC|ARIB|TSDSI|CEN|CENELEC|NIST|OMA|GCF"
    r"|OCP|LF|ONF|DVB"
    r"|Linux Foundation|TIP|CSA|ENISA|ECMA|AES|SMPTE)\b"
)


def _signs(sheet: Sheet) -> int:
    labelled = "sender" in sheet.fields and "to" in sheet.fields
    house = any(_HOUSE.search(line.text) for line in (*sheet.opening, *sheet.values("sender")))
    return sum(
        (
            2 * labelled,
            2 * (labelled and house),
            2 * sheet.names("sender", _HOUSE.pattern),
            labelled and "date" in sheet.fields,
            labelled and any(SALUTATION.match(line.text) for line in sheet.top),
        )
    )


def _complete(sheet: Sheet) -> None:
    add_signature(sheet)
    add_addressees(sheet, sheet.values("title"))


LAYOUT = Layout(name="memo", signs=_signs, complete=_complete, needs=frozenset(("title", "sender", "to")))
