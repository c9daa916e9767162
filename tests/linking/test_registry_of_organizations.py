"""The registry itself: keys, redirects, labels, times."""

from __future__ import annotations

import pytest

from sdograph.linking import Registry, UnknownOrganization
from sdograph.model import Body, Release


@pytest.mark.parametrize(
    ("registry_id", "key"),
    [
        ("ETSI", "body/ETSI"),
        ("3GPP-SA3", "group/3GPP-SA3"),
        ("3GPP-TSG-SA", "group/3GPP-SA"),
        ("3GPP-TSG-RAN", "group/3GPP-RAN"),
        ("3GPP-TSG-CT", "group/3GPP-CT"),
        ("TSAG", "group/TSAG"),
        ("ISO-IEC-JTC1", "body/ISO-IEC-JTC1"),
        ("CEN-CLC-JTC21", "body/CEN-CLC-JTC21"),
    ],
)
def test_ids_and_redirects_lead_to_one_key(registry: Registry, registry_id: str, key: str) -> None:
    assert registry_id in registry
    assert registry.key(registry_id) == key
    assert registry.at(key) == registry.organization(registry_id)


def test_an_unknown_id_is_an_error_of_the_call_that_names_near_ones(registry: Registry) -> None:
    with pytest.raises(UnknownOrganization) as raised:
        registry.key("3GPP-SA33")
    assert raised.value.exit_code == 2
    assert "3GPP-SA3" in (raised.value.hint or "")


@pytest.mark.parametrize(
    ("registry_id", "label"),
    [
        ("ETSI", "ETSI"),
        ("3GPP-SA3", "3GPP SA3"),
        ("3GPP-SA", "3GPP TSG SA"),
        ("ITU-T-Q15-17", "ITU-T Q15/17"),
        ("ISO-IEC-JTC1-SC27-WG4", "JTC 1/SC 27/WG 4"),
        ("ISO-TC68-SC2", "ISO TC 68/SC 2"),
        ("CEN-CLC-JTC13", "CEN/CENELEC JTC 13"),
    ],
)
def test_labels_are_clear_without_context(registry: Registry, registry_id: str, label: str) -> None:
    assert registry.label(registry_id) == label


def test_labels_are_unique(registry: Registry) -> None:
    labels = [registry.label(organization.id) for organization in registry]
    assert len(labels) == len(set(labels))


@pytest.mark.parametrize(
    ("key", "on", "in_force"),
    [
        ("group/ETSI-ISG-SAI", "2019-09-30", False),
        ("group/ETSI-ISG-SAI", "2019-10-15", True),
        ("group/ETSI-ISG-SAI", "2019", True),
        ("group/ETSI-ISG-SAI", "2023-12-03", True),
        ("group/ETSI-ISG-SAI", "2023-12-04", False),
        ("group/ETSI-TC-SAI", "2023-12-03", False),
        ("group/ETSI-TC-SAI", "2023-12-04", True),
        ("group/ITU-T-SG16", "2024-12-31", True),  # ended in 2024, on which day is not said
        ("group/ITU-T-SG16", "2025-01-01", False),
        ("group/ITU-T-FG-ML5G", "2020-08-01", False),
        ("group/3GPP-SA3", "1900", True),  # nothing is known of its begin
        ("group/ETSI-ISG-SAI", None, True),
    ],
)
def test_in_force(registry: Registry, key: str, on: str | None, in_force: bool) -> None:
    assert registry.in_force(key, on) is in_force


def test_names_include_short_alternative_and_former_ones(registry: Registry) -> None:
    names = set(registry.names())
    assert {
        ("SA3", "group/3GPP-SA3"),
        ("TSG SA", "group/3GPP-SA"),
        ("CN1", "group/3GPP-CT1"),
        ("O-RAN ALLIANCE", "body/O-RAN"),
        ("ORAN Alliance", "body/O-RAN"),
    } <= names


def test_releases_and_study_periods_by_name(registry: Registry) -> None:
    assert registry.releases("Rel-18") == ("release/3GPP/Rel-18",)
    assert registry.releases("rel-18") == ("release/3GPP/Rel-18",)
    assert registry.releases("2022-2024") == ("study-period/ITU-T/2022-2024",)
    assert registry.releases("Rel-99999") == ()


def test_of_two_records_with_one_id_the_later_counts() -> None:
    old = Body(id="X", name="Old", short_name="X", kind="sdo")
    new = Body(id="X", name="New", short_name="X", kind="sdo")
    registry = Registry.from_records([old, Release(body="X", name="1", kind="release", order=1), new])
    assert registry.organization("X") == new
    assert registry.releases("1") == ("release/X/1",)
