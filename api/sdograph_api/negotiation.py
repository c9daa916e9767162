"""Which form a client gets: by its Accept header (RFC 9110, section 12.5.1) or by the name of a format."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

from sdograph_api.problems import Problem


@dataclass(frozen=True, slots=True)
class Form:
    """A form that something can be sent in: a name, its media type, and other types that mean the same."""

    name: str
    media_type: str
    aliases: tuple[str, ...] = ()
    charset: bool = False

    def content_type(self, media_type: str | None = None) -> str:
        """The header, with the media type that the client asked for."""
        return (media_type or self.media_type) + ("; charset=utf-8" if self.charset else "")


TURTLE = Form("ttl", "text/turtle", ("application/x-turtle",), charset=True)
N_TRIPLES = Form("nt", "application/n-triples", ("text/plain",))
RDF_XML = Form("rdf", "application/rdf+xml", ("application/xml", "text/xml"))
JSON_LD = Form("jsonld", "application/ld+json", ("application/json",))
TRIG = Form("trig", "application/trig", ("application/x-trig",))
N_QUADS = Form("nq", "application/n-quads", ("text/x-nquads",))
HTML = Form("html", "text/html", ("application/xhtml+xml",), charset=True)
JSON = Form("json", "application/json")
CSV = Form("csv", "text/csv", charset=True)

#: Forms of SELECT and ASK, of CONSTRUCT and DESCRIBE, of the service description; the first is the default.
RESULTS = (
    Form("json", "application/sparql-results+json", ("application/json", "text/json")),
    Form("xml", "application/sparql-results+xml", ("application/xml", "text/xml")),
    CSV,
    Form("tsv", "text/tab-separated-values", charset=True),
)
GRAPHS = (TURTLE, N_TRIPLES, RDF_XML, JSON_LD, TRIG, N_QUADS)
#: Names under which clients also know a form.
_SYNONYMS = {
    "turtle": "ttl",
    "n-triples": "nt",
    "ntriples": "nt",
    "rdfxml": "rdf",
    "rdf-xml": "rdf",
    "rdf+xml": "rdf",
    "n3": "ttl",
    "xml": "rdf",
    "json-ld": "jsonld",
    "json": "jsonld",
    "n-quads": "nq",
    "nquads": "nq",
    "srj": "json",
    "srx": "xml",
}


@lru_cache(maxsize=512)
def negotiate(accept: str, forms: tuple[Form, ...]) -> tuple[Form, str]:
    """The form that suits a client best, and its Content-Type; raises Problem 406 when none does.

    Of forms that it likes equally well, one that it names goes before one that a wildcard takes in, then the
    earlier of ``forms``.
    """
    if not accept.strip():
        return forms[0], forms[0].content_type()
    ranges = [_range(part) for part in accept.split(",") if part.strip()]
    best: tuple[tuple[float, int, int], Form, str] | None = None
    for order, form in enumerate(forms):
        for media_type in (form.media_type, *form.aliases):
            quality, specific = _quality(media_type, ranges)
            rank = (quality, specific, -order)
            # An alias is sent only to those who name it.
            if quality and (specific == 2 or media_type == form.media_type) and (not best or rank > best[0]):
                best = rank, form, form.content_type(media_type)
    if best is None:
        raise Problem(
            406, "not-acceptable", "nothing that the Accept header takes can be sent", where="header Accept",
            hint="use one of: " + ", ".join(form.media_type for form in forms),
        )  # fmt: skip
    return best[1], best[2]


def by_name(name: str, forms: tuple[Form, ...]) -> tuple[Form, str]:
    """The form of a name or media type; raises Problem 400 when there is none."""
    wanted = name.strip().lower()
    for form in forms:
        if wanted in (form.name, form.media_type, *form.aliases):
            return form, form.content_type()
    synonym = _SYNONYMS.get(wanted)
    for form in forms:
        if form.name == synonym:
            return form, form.content_type()
    raise Problem(
        400, "unknown-format", f"this cannot be sent as {name!r}", where="parameter format",
        hint="use one of: " + ", ".join(form.name for form in forms),
    )  # fmt: skip


def _range(part: str) -> tuple[str, float]:
    media_type, *parameters = (piece.strip().lower() for piece in part.split(";"))
    quality = 1.0
    for parameter in parameters:
        if parameter.startswith("q="):
            try:
                quality = min(max(float(parameter[2:]), 0.0), 1.0)
            except ValueError:
                quality = 0.0
    return media_type, quality


def _quality(media_type: str, ranges: list[tuple[str, float]]) -> tuple[float, int]:
    """How much a client likes a media type, and how exactly it said so (2 the type itself, 0 ``*/*``)."""
    patterns = {media_type: 2, media_type.partition("/")[0] + "/*": 1, "*/*": 0}
    found = [(patterns[range_], quality) for range_, quality in ranges if range_ in patterns]
    if not found:
        return 0.0, 0
    specific, quality = max(found)
    return quality, specific
