"""Groups and bodies of the registry, and the ways in which documents write them.

``alone`` are names that say whose group it is, ``inner`` are those used within its own house, or after
another group of the same house in a list. Ids are those of data/registry; None: not in it.
"""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Name:
    id: str | None
    house: str
    alone: tuple[str, ...]
    inner: tuple[str, ...]
    long: str | None = None
    """A name with its field of work behind it; may hold commas."""


_FIELDS_3GPP = {
    "SA2": "System Architecture and Services",
    "SA3": "security",
    "SA5": "Management, Orchestration and Charging",
    "SA6": "Application Enablement and Critical Communication Applications",
    "RAN3": "UTRAN/E-UTRAN/NG-RAN architecture",
}


def _threegpp(tsg: str, number: str) -> Name:
    code = f"{tsg}{number}"
    field = _FIELDS_3GPP.get(code)
    return Name(
        f"3GPP-{code}",
        "3GPP",
        (
            f"3GPP {code}",
            f"3GPP {tsg} WG{number}",
            f"3GPP TSG {tsg} WG{number}",
            f"3GPP TSG-{tsg} WG{number}",
        ),
        (code, f"{tsg} WG{number}", f"TSG {tsg} WG{number}", f"TSG {code}"),
        f"3GPP TSG {tsg} WG{number} ({field})" if field else None,
    )


def _tsg(tsg: str) -> Name:
    return Name(f"3GPP-{tsg}", "3GPP", (f"3GPP TSG {tsg}", f"3GPP {tsg}", f"TSG {tsg}"), (tsg, f"TSG {tsg}"))


_FIELDS_ITU = {
    "2": "Operational aspects", "11": "Signalling requirements, protocols and test specifications",
    "13": "Future networks and emerging network technologies", "17": "Security",
    "20": "Internet of things, digital twins and smart sustainable cities",
}  # fmt: skip


def _study_group(number: str) -> Name:
    field = _FIELDS_ITU.get(number)
    return Name(
        f"ITU-T-SG{number}",
        "ITU-T",
        (f"ITU-T SG{number}", f"ITU-T Study Group {number}", f"ITU-T SG {number}"),
        (f"SG{number}", f"Study Group {number}", f"SG {number}", f"ITU-T SG{number}"),
        f"ITU-T Study Group {number} ({field})" if field else None,
    )


def _question(number: str, group: str) -> Name:
    code = f"{number}/{group}"
    return Name(
        f"ITU-T-Q{number}-{group}",
        "ITU-T",
        (f"ITU-T Q{code}", f"ITU-T Question {code}", f"ITU-T SG{group} Q{code}"),
        (f"Q{code}", f"Question {code}"),
    )


def _working_party_r(code: str, *, known: bool) -> Name:
    return Name(
        f"ITU-R-WP{code}" if known else None,
        "ITU-R",
        (f"ITU-R WP {code}", f"ITU-R Working Party {code}", f"ITU-R WP{code}"),
        (f"Working Party {code}", f"WP {code}") if known else (f"ITU-R WP {code}",),
    )


def _etsi(id: str | None, code: str, long: str | None = None) -> Name:
    full = f"ETSI {code} ({long})" if long else None
    return Name(id, "ETSI", (f"ETSI {code}",), (code,) if id else (f"ETSI {code}",), full)


def _jtc1(path: str) -> Name:
    spaced = path.replace("SC", "SC ").replace("WG", "WG ")
    return Name(
        "ISO-IEC-JTC1-" + path.replace("/", "-"),
        "ISO-IEC-JTC1",
        (f"ISO/IEC JTC 1/{spaced}", f"ISO/IEC JTC1/{path}", f"ISO/IEC JTC 1/{path}", f"JTC 1/{spaced}"),
        (f"JTC 1/{spaced}", f"ISO/IEC JTC 1/{spaced}", spaced),
    )


def _ietf(code: str) -> Name:
    return Name(
        f"IETF-{code.upper()}",
        "IETF",
        (f"IETF {code.upper()}", f"IETF {code}", f"IETF {code.upper()} WG", f"IETF {code} working group"),
        (code,),
    )


def _other(id: str | None, *forms: str, house: str = "") -> Name:
    return Name(id, house or forms[0], forms, forms)


THREEGPP = (
    *(_threegpp("SA", n) for n in "123456"),
    *(_threegpp("RAN", n) for n in "12345"),
    *(_threegpp("CT", n) for n in "1346"),
)
TSGS = tuple(_tsg(t) for t in ("SA", "RAN", "CT"))
LAWFUL = Name("3GPP-SA3-LI", "3GPP", ("3GPP SA3-LI", "3GPP SA WG3 LI"), ("SA3-LI", "SA3LI"))
STUDY_GROUPS = tuple(_study_group(n) for n in ("2", "5", "11", "12", "13", "15", "16", "17", "20", "21"))
QUESTIONS = tuple(
    _question(*q)
    for q in (("15", "17"), ("2", "17"), ("8", "17"), ("7", "17"), ("20", "13"), ("21", "13"), ("5", "16"))
)
ITU_T_OTHERS = (
    Name("TSAG", "ITU-T", ("ITU-T TSAG", "TSAG"), ("TSAG",)),
    Name("ITU-T-FG-AN", "ITU-T", ("ITU-T FG-AN", "ITU-T Focus Group on Autonomous Networks"), ("FG-AN",)),
    Name("ITU-T-FG-ML5G", "ITU-T", ("ITU-T FG-ML5G", "ITU-T FG ML5G"), ("FG-ML5G",)),
    Name("ITU-T-JCA-IDM", "ITU-T", ("ITU-T JCA-IdM",), ("JCA-IdM",)),
    Name("ITU-T-WP1-17", "ITU-T", ("ITU-T WP1/17", "ITU-T Working Party 1/17"), ("WP1/17",)),
)
ITU_R = (
    _working_party_r("5D", known=True),
    _working_party_r("5A", known=True),
    _working_party_r("4B", known=False),
    _working_party_r("1A", known=False),
)
ETSI = (
    _etsi("ETSI-TC-CYBER", "TC CYBER", "Cyber Security"), _etsi("ETSI-TC-LI", "TC LI", "Lawful Interception"),
    _etsi("ETSI-ISG-ENI", "ISG ENI", "Experiential Networked Intelligence"),
    _etsi("ETSI-ISG-ZSM", "ISG ZSM", "Zero-touch network and Service Management"),
    _etsi("ETSI-ISG-NFV", "ISG NFV", "Network Functions Virtualisation"), _etsi("ETSI-TC-SET", "TC SET"),
    _etsi("ETSI-TC-MTS", "TC MTS"), _etsi("ETSI-TC-INT", "TC INT"), _etsi("ETSI-ISG-QKD", "ISG QKD"),
    _etsi("ETSI-ISG-PDL", "ISG PDL"), _etsi("ETSI-ISG-MEC", "ISG MEC", "Multi-access Edge Computing"),
    _etsi("ETSI-TC-ITS", "TC ITS"),
)  # fmt: skip
JTC1 = tuple(
    _jtc1(p) for p in ("SC6", "SC17", "SC27", "SC38", "SC41", "SC42", "SC27/WG4", "SC27/WG5", "SC42/WG3")
)
ISO_OTHERS = (
    _other("ISO-TC22-SC32", "ISO/TC 22/SC 32", house="ISO"),
    _other("ISO-TC204", "ISO/TC 204", "ISO TC204", "ISO/TC204", house="ISO"),
    _other("ISO-IEC-JTC1", "ISO/IEC JTC 1", "ISO/IEC JTC1", house="ISO-IEC-JTC1"),
)
IETF = tuple(
    _ietf(c) for c in ("teas", "tsvwg", "emu", "ipsecme", "opsawg", "lamps", "rats", "scitt", "nmop")
)
OTHERS = (
    _other("GSMA", "GSMA", "GSM Association"), _other("GSMA-FSAG", "GSMA FSAG", house="GSMA"),
    _other("GSMA-OPG", "GSMA OPG", house="GSMA"), _other("GSMA-5GJA", "GSMA 5GJA", house="GSMA"),
    _other("GSMA-NRG", "GSMA NRG", house="GSMA"), _other("BBF", "Broadband Forum", "BBF"),
    _other("TMF", "TM Forum"), _other("O-RAN", "O-RAN ALLIANCE", "O-RAN Alliance"),
    _other("O-RAN-WG11", "O-RAN ALLIANCE WG11", "O-RAN WG11", house="O-RAN ALLIANCE"),
    _other("oneM2M", "oneM2M"), _other(None, "IEEE 802.1"), _other("IEEE-802.11", "IEEE 802.11"),
    _other("NGMN", "NGMN"),
    _other("5GAA", "5GAA"), _other("CEN-CLC-JTC21", "CEN-CENELEC JTC 21", "CEN/CLC/JTC 21"),
    _other("W3C", "W3C"), _other("CableLabs", "CableLabs"), _other("MEF", "MEF"), _other("ATIS", "ATIS"),
    _other("IETF", "IETF", house="IETF"), _other("IAB", "IAB"), _other("ITU-R", "ITU-R", house="ITU-R"),
    _other(None, "TCCA"), _other(None, "All ITU-T Study Groups"),
    _other(None, "IETF SEC AD"), _other("IESG", "IESG", house="IESG"),
)  # fmt: skip


def named(id: str) -> Name:
    """The name with that id."""
    return next(n for n in ALL if n.id == id)


ALL = (
    *THREEGPP,
    *TSGS,
    LAWFUL,
    *STUDY_GROUPS,
    *QUESTIONS,
    *ITU_T_OTHERS,
    *ITU_R,
    *ETSI,
    *JTC1,
    *ISO_OTHERS,
    *IETF,
    *OTHERS,
)
