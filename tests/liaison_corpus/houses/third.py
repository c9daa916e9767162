"""The forms of the third split, by layout. Readers are made on none of them: see the package's docstring."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from ..drawing import Drawer
from ..sheets import Draft
from .third_etsi import ETSI_FORMS
from .third_iso_ietf import IETF_FORMS, ISO_FORMS
from .third_itu import ITU_R_FORMS, ITU_T_FORMS
from .third_letters import LETTER_FORMS
from .third_threegpp import THREEGPP_FORMS

FORMS: Mapping[str, Sequence[Callable[[Drawer], Draft]]] = {
    "3gpp": THREEGPP_FORMS,
    "etsi": ETSI_FORMS,
    "itu-t": ITU_T_FORMS,
    "itu-r": ITU_R_FORMS,
    "iso-iec-jtc1": ISO_FORMS,
    "ietf": IETF_FORMS,
    "letter": LETTER_FORMS,
}
