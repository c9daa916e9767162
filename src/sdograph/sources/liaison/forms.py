"""What codes of work items and numbers of specifications look like, body by body.

Each form is as narrow as its body's practice allows: a word that only looks like a code does more harm in the
graph than a code that is missed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Form:
    """What codes of one sort look like.

    ``near`` must occur in the text as well, where codes of other sorts look the same. ``more`` matches a
    number that follows, in group 1, in a list that says the kind once ("TS 23.501, 23.502"); ``kind`` is that
    kind.
    """

    rule: str
    pattern: re.Pattern[str]
    confidence: float
    near: re.Pattern[str] | None = None
    more: re.Pattern[str] | None = None
    kind: re.Pattern[str] | None = None

    def others(self, text: str, code: str, stop: int) -> Iterator[tuple[str, int, int]]:
        """Codes that follow the one that ends at ``stop``, each with its place."""
        if self.more is None or self.kind is None or not (kind := self.kind.search(code)):
            return
        while found := self.more.match(text, stop):
            stop = found.end()
            yield f"{kind[1]} {found[1]}", found.start(1), stop


# A code ends at a hyphen only before a plain word ("FS_AIML-related").
_BEGIN, _END = r"(?<![\w@.-])", r"(?![\w@]|-(?![a-z]{4,}\b)\w|\.\w)"
_SPEC = r"\d\d\.\d{3}(?:-\d{1,2})?"
_REC = r"(?:Rec(?:ommendation|\.)? )?"
_NUMBER_OF_ITU_T = r"[A-BD-VXYZ]\.\d{1,4}(?:\.\d{1,3})?(?:/[A-BD-VXYZ]\.\d{1,4}(?:\.\d{1,3})?)?"
_STAGE = r"(?:(?:FDIS|PRF|DIS|CDV|CD|WD|AWI|NP|PWI|PAS|DTS|DTR|TR|TS) )?"
_AND = r"\s{0,3}(?:,|/|&|and|or|, and)\s{0,3}"
_ITEM_OF_3GPP, ITEM_OF_ETSI = "3GPP work item code", "ETSI work item code"


def _form(
    rule: str,
    confidence: float,
    *pattern: str,
    near: str | None = None,
    more: str | None = None,
    kind: str = "",
) -> Form:
    return Form(
        rule,
        re.compile(_BEGIN + "".join(pattern) + _END),
        confidence,
        re.compile(near) if near else None,
        re.compile(rf"{_AND}({more}){_END}") if more else None,
        re.compile(kind) if kind else None,
    )


#: In the order in which they are tried; what one form has taken is not looked at again.
FORMS = (
    _form(
        "3GPP specification number", 1.0, rf"(?:3GPP )?(?:TSs?|TRs?)[ -]?{_SPEC}", more=_SPEC, kind="(TS|TR)"
    ),
    _form("ETSI deliverable number", 1.0, r"(?:ETSI )?(?:TS|TR|EN|ES|EG|SR) \d{3} \d{3}(?:-\d{1,2}){0,2}"),
    _form("ETSI deliverable number", 1.0, r"(?:ETSI )?(?:GR|GS) [A-Z][A-Z0-9-]{1,11}[ -]\d{3}(?:-\d{1,2})?"),
    _form(
        "ETSI work item number",
        1.0,
        r"[DR](?:TS|TR|EN|ES|EG|SR|GS|GR)/[A-Z][A-Za-z0-9-]{1,15}\d",
        r"(?:\([A-Za-z0-9]{1,8}\)[A-Za-z0-9]{0,8})?",
    ),
    _form("ITU-T Recommendation number", 1.0, rf"ITU-T {_REC}{_NUMBER_OF_ITU_T}"),
    _form("ITU-R document number", 1.0, rf"ITU-R (?:Report )?{_REC}[A-Z]{{1,3}}\.\d{{3,4}}(?:-\d{{1,2}})?"),
    _form(
        "ITU-R document number",
        0.9,
        r"(?:BO|BR|BS|BT|F|M|P|RA|RS|S|SA|SF|SM|SNG|TF|V)\.\d{3,4}(?:-\d{1,2})?",
        near="ITU-R|Working Part",
    ),
    _form("ITU-T Recommendation number", 0.9, rf"{_REC}(?=.\.\d{{3}}|.\.\d{{2}}\.\d){_NUMBER_OF_ITU_T}"),
    # Items under study bear a word in place of the number: X.sec-ai, Y.ML-IMT2020-frame, Q.FW_CSM.
    _form(
        "ITU-T work item name",
        0.9,
        r"(?:ITU-T )?(?:draft )?[E-JL-NP-RT-VXYZ]\.(?=[A-Za-z0-9.]{0,30}[-_]|\d{0,2}[A-Za-z]{1,20}\d"
        r"|[a-z]{2,}[A-Z])",
        r"(?=[\w.-]{0,40}[A-Za-z])[A-Za-z0-9]{1,30}(?:[-_.][A-Za-z0-9]{1,30}){0,8}",
    ),
    _form("ITU-T work item name", 1.0, r"ITU-T (?:draft )?[E-JL-NP-RT-VXYZ]\.[A-Za-z][A-Za-z0-9]{2,30}"),
    Form("ITU-R draft name", re.compile(r"\b(?:ITU-R )?[A-Z]{1,3}\.\[[^\[\]\n]{2,60}\]"), 0.9),
    _form(
        "CEN or CENELEC standard number",
        0.95,
        r"(?:F?pr)?EN (?:ISO/IEC |ISO |IEC )?(?!\d{3} )\d{4,5}(?:-\d{1,2})?",
    ),
    _form(
        "ISO or IEC standard number",
        1.0,
        rf"(?:ISO(?:/IEC)?(?:/IEEE)?|IEC)[ /]{_STAGE}",
        r"(?:(?:FDIS|DIS|CD|TR|TS)[ /])?\d{4,5}(?:-\d{1,3}){0,2}(?::\d{4})?",
        more=r"\d{5}(?:-\d{1,3}){0,2}(?::\d{4})?",
        kind="(ISO/IEC|ISO|IEC)",
    ),
    _form("RFC number", 1.0, r"RFCs? ?\d{3,5}", more=r"\d{4,5}", kind="(RFC)"),
    _form("Internet-Draft name", 0.9, r"draft-[a-z0-9]{2,20}(?:-[a-z0-9]{1,20}){1,8}"),
    _form(
        "IEEE standard number",
        1.0,
        r"IEEE (?:Std )?P?(?:802\.\d{1,2}(?:[A-Za-z]{1,4}(?:[-/:](?:19|20)\d\d)?|[-/:](?:19|20)\d\d)"
        r"|\d{4}(?:\.\d{1,2})?(?:[-/:](?:19|20)\d\d)?)",
    ),
    _form(
        "IEEE project number", 0.9, r"P802\.\d{1,2}[A-Za-z]{1,3}|802\.(?:1|3|11|15)[A-Za-z]{1,4}", near="IEEE"
    ),
    _form("oneM2M specification number", 0.9, r"(?:oneM2M )?T[SR]-0\d{3}", near="oneM2M"),
    _form(
        "O-RAN specification name",
        0.95,
        r"O-RAN\.WG\d{1,2}\.[A-Za-z][\w-]{1,60}(?:\.[A-Za-z0-9][\w-]{0,60}){0,3}",
    ),
    _form(
        "GSMA document number",
        0.9,
        r"(?:GSMA (?:PRD )?)?(?:NG|FS|IR|SGP|TS|RCC|BA|AA|CLP|OPG|TD|IG|PRD)\.\d{1,3}(?:\.\d)?",
        near="GSMA|GSM Association",
    ),
    _form(
        "Broadband Forum document number",
        0.9,
        r"(?:BBF )?(?:TR|WT|MR|MD|SD|OD)-\d{3}(?:i\d{1,2}|a\d{1,2})?",
        near="BBF|Broadband Forum",
    ),
    _form("MEF standard number", 0.95, r"MEF (?:W)?\d{1,3}(?:\.\d){0,3}"),
    _form(
        "TM Forum document number", 0.9, r"(?:TM Forum )?(?:IG|TR|GB|TMF)\d{3,4}[A-Z]?", near="TM ?Forum|TMF"
    ),
    _form("NIST publication number", 0.95, r"NIST (?:SP |AI |FIPS |IR )\d{1,4}(?:-\d{1,4}[A-Z]?)?"),
    _form("3GPP study item code", 0.95, r"FS_\w{2,40}(?:-\w{0,20}[A-Z0-9]\w{0,20}){0,4}(?: [Pp]h\d)?"),
    # At least one part in capitals or a phase, as in eNA_Ph3_SEC. Names of states and of service operations
    # (RRC_INACTIVE, Npcf_PolicyAuthorization) have an underscore as well.
    _form(
        _ITEM_OF_3GPP,
        0.8,
        r"(?!N[a-z0-9]{2,9}_[A-Z][a-z]|(?:RRC|EMM|ECM|GMM|PMM|AN)_|[A-Z0-9]{2,5}_(?:IDLE|CONNECTED|(?:DE)?REGISTERED))"
        r"(?=[A-Za-z0-9-]{1,40}_)",
        r"(?=(?:[A-Za-z0-9]{1,24}[_-]){0,9}(?:(?=\d*[A-Z])[A-Z0-9]{2,}|[Pp]h\d)(?:[_-]|(?!\w)))",
        r"[A-Za-z0-9]{1,24}(?:_[A-Za-z0-9]{1,24}|-[A-Za-z0-9]{0,23}[A-Z0-9][A-Za-z0-9]{0,23}){1,9}",
    ),
    _form(ITEM_OF_ETSI, 0.9, r"[A-Z][A-Z0-9]{1,9}-0\d{2}"),
)
