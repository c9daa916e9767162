"""Codes of groups, names of releases and numbers of specifications in 3GPP's tables."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from sdograph.sources import workbook
from sdograph.sources.threegpp import Impacted, groups, impacted, release, with_type

# Cells of the work plan of January 2023, and what they say.


@pytest.mark.parametrize(
    ("cell", "known", "names"),
    [
        ("S3", ("3GPP-SA3",), ()),
        ("S3, C1", ("3GPP-SA3", "3GPP-CT1"), ()),
        ("SP,CP,RP,R4", ("3GPP-SA", "3GPP-CT", "3GPP-RAN", "3GPP-RAN4"), ()),
        ("R6,C6", ("3GPP-RAN6", "3GPP-CT6"), ()),
        ("S3LI", ("3GPP-SA3-LI",), ()),
        ("C1,C3.S2", ("3GPP-CT1", "3GPP-CT3", "3GPP-SA2"), ()),
        ("S3,N2,N4", ("3GPP-SA3",), ("N2", "N4")),
        ("S2,S4,OMA,S2", ("3GPP-SA2", "3GPP-SA4"), ("OMA",)),
        ("C1-IETF,SA4-IETF", (), ("C1-IETF", "SA4-IETF")),
        ("ct", (), ("ct",)),
        ("C5,T1,GP,G3new,SMG2", (), ("C5", "T1", "GP", "G3new", "SMG2")),
        ("  -  ", (), ()),
        ("", (), ()),
    ],
)
def test_codes_of_groups(cell: str, known: tuple[str, ...], names: tuple[str, ...]) -> None:
    assert groups(cell) == (known, names)


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Rel-18", "Rel-18"),
        ("REL-4", "Rel-4"),
        ("Release 19", "Rel-19"),
        ("R99", "Rel-99"),
        ("R1999", "Rel-99"),
        ("R96", "Rel-96"),
        ("R00", "R2000"),
        ("RELEASE_2000", "R2000"),
        ("PH1-DCS", "Ph1-DCS"),
        ("Ph2", "Ph2"),
        ("UMTS", "UMTS"),
        ("-", None),
        ("Rel-18 and later", None),
        ("R1", None),
    ],
)
def test_names_of_releases(written: str, name: str | None) -> None:
    assert release(written) == name


@pytest.mark.parametrize(
    ("number", "typed"),
    [
        ("33.501", "TS 33.501"),
        ("23.791", "TR 23.791"),
        ("33.898", "TR 33.898"),
        ("21.905", "TR 21.905"),
        ("23.700-91", "TR 23.700-91"),
        ("32.712", "TS 32.712"),
        ("28.708", "TS 28.708"),
        ("30.531", "TR 30.531"),
        ("34.123-1", "TS 34.123-1"),
        ("22.121", "TR 22.121"),
        ("23.920", "TS 23.920"),
        ("03.60", None),
        ("11.10-4", None),
        ("36.8xx", None),
    ],
)
def test_types_of_numbers(number: str, typed: str | None) -> None:
    assert with_type(number) == typed


def test_the_rule_of_types_holds_for_every_specification(shared: Callable[[str], Path]) -> None:
    rows = list(workbook.rows(shared("data/3gpp/SpecificationList_2023-05-19.csv")))
    told = {r.text("Spec No"): (with_type(r.text("Spec No")), r.text("Type")) for r in rows}
    assert sum(typed is not None for typed, _ in told.values()) == 3_571
    wrong = {n: (t, k) for n, (t, k) in told.items() if t and f"({t[:2]})" not in k}
    assert wrong == {}


def test_the_rule_of_types_holds_for_later_specifications(shared: Callable[[str], Path]) -> None:
    """The exceptions were taken from the list of 2023; how well does the rule do where it knows none?"""
    listed = {r.text("Spec No") for r in workbook.rows(shared("data/3gpp/SpecificationList_2023-05-19.csv"))}
    types: dict[str, set[str]] = {}
    for row in workbook.rows(shared("data/3gpp/relaton_3gpp_all.csv.gz")):
        kind, number = row.text("docid").removeprefix("3GPP ").partition(":")[0].split(" ", 1)
        if number not in listed:
            types.setdefault(number, set()).add(kind)
    told = [(with_type(n), kinds) for n, kinds in types.items()]
    judged = [(typed[:2], kinds) for typed, kinds in told if typed]
    right = sum(kinds == {typed} for typed, kinds in judged)
    assert len(judged) > 250
    assert right / len(judged) > 0.95


@pytest.mark.parametrize(
    ("cell", "new", "changed"),
    [
        # as the work plan has them; rows 178, 1646, 1024, 890, 2168, 280
        ("33.898", (), ("TR 33.898",)),
        ("new 23.791", ("TR 23.791",), ()),
        ("New ; 23.700-91", ("TR 23.700-91",), ()),
        ("New ; 23.774; 33.524", ("TR 23.774", "TS 33.524"), ()),
        (
            "26.114; 24.380; 24.581; 26.281; New ; 26.139",
            ("TS 26.139",),
            ("TS 26.114", "TS 24.380", "TS 24.581", "TS 26.281"),
        ),
        ("26.114, new; 26.258; 26.997", ("TS 26.258", "TR 26.997"), ("TS 26.114",)),
        ("23.501; 23.502; 23.503 ", (), ("TS 23.501", "TS 23.502", "TS 23.503")),
        ("23.256 ; 23.700-58", (), ("TS 23.256", "TR 23.700-58")),
        ("New 22.289; 22.280; 22.281", ("TS 22.289",), ("TS 22.280", "TS 22.281")),
        ("24.301, 23.122, New TSs (24.333, 24.334)", ("TS 24.333", "TS 24.334"), ("TS 24.301", "TS 23.122")),
        (
            "32.240, 32.299, New TSs [32.276 (Voice Call Service Charging), 32.293 (Proxy Function)]",
            ("TS 32.276", "TS 32.293"),
            ("TS 32.240", "TS 32.299"),
        ),
        ("new (28.680, 28.682), 28.681", ("TS 28.680", "TS 28.682"), ("TS 28.681",)),
        ("26.922 (new), 26.114", ("TR 26.922",), ("TS 26.114",)),
        ("36.101, new generic 36.851", ("TR 36.851",), ("TS 36.101",)),
        ("32.101; 6 new TS; 28.309; 28.308", ("TS 28.309", "TS 28.308"), ("TS 32.101",)),
        ("New TSs, 52.402; 32.405", (), ("TS 52.402", "TS 32.405")),
        ("New TS; impact 32.240; 32.298", (), ("TS 32.240", "TS 32.298")),
        ("New 33.869 changed to 33.969", ("TR 33.969",), ()),
        ("new 28.401, withdrawn new 28.402", ("TS 28.401",), ()),
        ("New 33.838, abandoned New 33.237", ("TR 33.838",), ()),
        ("36.101, new 36.833-1-23 [instead of 36.864]", ("TR 36.833-1-23",), ("TS 36.101",)),
        ("25.101, 25.317 replaced by new 25.327", ("TS 25.327",), ("TS 25.101", "TS 25.317")),
        ("28.401,28.621/2/3", (), ("TS 28.401", "TS 28.621", "TS 28.622", "TS 28.623")),
        ("32.101/103/150", (), ("TS 32.101", "TS 32.103", "TS 32.150")),
        ("34.108, 34.123-1/2/3", (), ("TS 34.108", "TS 34.123-1", "TS 34.123-2", "TS 34.123-3")),
        ("34.123-1/12", (), ("TS 34.123-1",)),
        ("TR26.957 ", (), ("TR 26.957",)),
        ("LTE 36.855", (), ("TR 36.855",)),
        ("23.752; 23.752 ", (), ("TR 23.752",)),
        # numbers that a spreadsheet keeps as decimal fractions: rows with 22.261, 23.060, 51.010, 22.100
        ("22.261", (), ("TS 22.261",)),
        ("23.06", (), ("TS 23.060",)),
        ("51.01", (), ("TS 51.010",)),
        ("22.1", (), ("TS 22.100",)),
        # no numbers: provisional, cut off, of other bodies, or of GSM, whose types no rule tells
        ("36.101, 36.104, 36.133, New 36.8xx", (), ("TS 36.101", "TS 36.104", "TS 36.133")),
        ("36.101, New 36.833-x-yz ", (), ("TS 36.101",)),
        ("existing 29.199-xy", (), ()),
        ("29.520; 29.520a; 23.700-094", (), ("TS 29.520",)),
        ("RFC 6809 (was draft-ietf-sipcore-proxy-feature)", (), ()),
        ("02.09, 03.20, 5.1", (), ()),
        ("New", (), ()),
        ("Stage 2/3", (), ()),
        ("-", (), ()),
    ],
)
def test_cells_of_impacted_specifications(cell: str, new: tuple[str, ...], changed: tuple[str, ...]) -> None:
    assert impacted(cell) == Impacted(new, changed)


def test_what_is_said_to_be_new_was_planned_for_that_time(shared: Callable[[str], Path]) -> None:
    """The other file says for which release a specification was first planned."""
    planned = {
        r.text("Spec No"): _age(r.text("Initial planned Release"))
        for r in workbook.rows(shared("data/3gpp/SpecificationList_2023-05-19.csv"))
    }
    ages = []
    for row in workbook.rows(shared("data/3gpp/Work_plan_3gpp_230110.xlsx")):
        age = _age(row.text("Release"))
        for number in impacted(row.text("Impacted TSs and TRs")).new:
            if age and number[3:] in planned:
                ages.append(age - planned[number[3:]])
    assert len(ages) > 700
    # An item of one release may take up what was begun in the one before; none further back, but for a few.
    assert sum(age <= 1 for age in ages) / len(ages) > 0.97


def _age(written: str) -> int:
    name = release(written) or ""
    number = int(name.removeprefix("Rel-")) if name.startswith("Rel-") else 3
    return 3 if number > 90 else number
