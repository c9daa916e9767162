"""The forms of the held-out split, by layout."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..drawing import Drawer
from ..sheets import Draft
from . import held_out_itu as itu
from . import held_out_others as others
from . import held_out_threegpp_etsi as technical

FORMS: Mapping[str, Sequence[Callable[[Drawer], Draft]]] = {
    "3gpp": (technical.draft_of_a_company, technical.radio_group),
    "etsi": (technical.by_purpose, technical.as_meeting_document),
    "itu-t": (itu.plain_template, itu.incoming, itu.advisory_group),
    "itu-r": (itu.external_organizations, itu.answer_of_a_working_party),
    "iso-iec-jtc1": (others.working_group_output, others.early_cover),
    "ietf": (others.copied_page, others.statement_of_a_working_group),
    "letter": (others.from_a_chair, others.industry_form, others.prose),
}
