"""Liaison statements in every house's layout, built from a seed, with what they say known beforehand.

:func:`documents` writes them; :mod:`.scorer` compares what was read with what is true; :mod:`.reading` reads.
There are three splits. Readers are developed on ``development``; ``held-out`` has other forms, labels and
wordings, taken from other sources, and other seeds. Faults found on it have led to changes of the readers, so
it measures them no more than ``development`` does. ``third`` is written without sight of the readers and of
the other forms; what it shows is mended by cause, never form by form, so that it goes on measuring.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Literal, TypeAlias

from . import carriers
from .drawing import Drawer
from .houses import etsi, held_out, ietf, iso, itu_r, itu_t, letters, third, threegpp
from .sheets import Draft
from .truth import Truth

__all__ = ["FORMS", "LAYOUTS", "Document", "Split", "documents"]

Split: TypeAlias = Literal["development", "held-out", "third"]
Form: TypeAlias = Callable[[Drawer], Draft]

#: Split -> layout -> its forms, the frequent ones more than once.
FORMS: Mapping[Split, Mapping[str, Sequence[Form]]] = {
    "development": {
        "3gpp": threegpp.DEVELOPMENT,
        "etsi": etsi.DEVELOPMENT,
        "itu-t": itu_t.DEVELOPMENT,
        "itu-r": itu_r.DEVELOPMENT,
        "iso-iec-jtc1": iso.DEVELOPMENT,
        "ietf": ietf.DEVELOPMENT,
        "letter": letters.DEVELOPMENT,
    },
    "held-out": held_out.FORMS,
    "third": third.FORMS,
}
LAYOUTS = tuple(FORMS["development"])


@dataclass(frozen=True, slots=True)
class Document:
    """A file of the corpus."""

    path: Path
    layout: str
    form: str
    carrier: str
    truth: Truth


def documents(split: Split, count: int, folder: Path, layouts: Sequence[str] = LAYOUTS) -> Iterator[Document]:
    """Writes ``count`` documents of each layout into the folder. The same call writes the same content."""
    for layout in layouts:
        forms = FORMS[split][layout]
        written: Counter[Form] = Counter()
        for n in range(count):
            form = forms[n % len(forms)]
            drawer = Drawer(f"{split}/{layout}/{n}")
            draft = form(drawer)
            # In turn rather than by lot, so that few documents already meet every carrier.
            order = Drawer(form.__name__).random.sample(draft.carriers, len(draft.carriers))
            carrier = order[written[form] % len(order)]
            written[form] += 1
            place = folder / split / layout / f"{n:03d}"
            place.mkdir(parents=True)
            path = carriers.write(draft.sheet, carrier, place, draft.stem, drawer.random)
            yield Document(path, layout, form.__name__, carrier, draft.truth)
