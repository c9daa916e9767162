"""HTML pages: everything that is put in is escaped, everything they need is in them."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from html import escape
from pathlib import Path
from typing import TypeAlias


class Html(str):
    """Text that is HTML already."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Sequence[Child] | None"

_VOID = frozenset({"meta", "link", "input", "br", "hr"})


def render(child: Child) -> Html:
    """Anything as HTML: plain text is escaped, None is nothing."""
    if child is None:
        return Html("")
    if isinstance(child, Html):
        return child
    if isinstance(child, str):
        return Html(escape(child))
    return Html("".join(render(part) for part in child))


def tag(name: str, /, *children: Child, **attributes: str | None) -> Html:
    """An element. In the name of an attribute a last underscore is dropped, others become hyphens."""
    given = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{escape(value)}"'
        for key, value in attributes.items()
        if value is not None
    )
    if name in _VOID:
        return Html(f"<{name}{given}>")
    return Html(f"<{name}{given}>{render(list(children))}</{name}>")


def link(text: Child, href: str, **attributes: str | None) -> Html:
    return tag("a", text, href=href, **attributes)


def table(heads: Sequence[Child], rows: Sequence[Sequence[Child]]) -> Html:
    head = tag("thead", tag("tr", [tag("th", head, scope="col") for head in heads]))
    body = tag("tbody", [tag("tr", [tag("td", cell) for cell in row]) for row in rows])
    return tag("div", tag("table", head, body), class_="scroll")


_STYLE = Path(__file__).with_name("style.css").read_text(encoding="utf-8")
_STYLE_HASH = base64.b64encode(hashlib.sha256(_STYLE.encode()).digest()).decode()

#: Sent with every page: nothing is loaded from anywhere, forms go to this server only.
SECURITY = {
    "Content-Security-Policy": (
        f"default-src 'none'; style-src 'sha256-{_STYLE_HASH}'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
}

#: The policy of everything that is no page.
NOTHING = "default-src 'none'; frame-ancestors 'none'"

_NAVIGATION = (
    ("Bodies", "/id/body"),
    ("Groups", "/id/group"),
    ("Work items", "/id/work-item"),
    ("Liaison statements", "/id/liaison-statement"),
    ("SPARQL", "/sparql"),
    ("Ontology", "/ontology"),
    ("API", "/docs"),
)


def search_form(root: str, asked: str = "", *, name: str | None = None, autofocus: str | None = None) -> Html:
    """A box to search from; ``name`` is that of its button, if it has one."""
    return tag(
        "form",
        tag(
            "input", type="search", name="q", value=asked, aria_label="Search", maxlength="200",
            placeholder="Number, name or words" if name else "Search", autofocus=autofocus,
        ),
        tag("button", name) if name else None,
        role="search", action=root + "/search", class_="search",
    )  # fmt: skip


def page(title: str, *content: Child, root: str, head: Child = None) -> bytes:
    """A whole page. ``root`` is the path below which the server is mounted, without a slash at its end."""
    navigation = tag(
        "nav",
        link("sdograph", root + "/", class_="home"),
        [link(name, root + path) for name, path in _NAVIGATION],
        search_form(root),
        aria_label="Main",
    )
    document = [
        Html("<!doctype html>"),
        tag(
            "html",
            tag(
                "head",
                tag("meta", charset="utf-8"),
                tag("meta", name="viewport", content="width=device-width, initial-scale=1"),
                tag("title", f"{title} · sdograph" if title != "sdograph" else title),
                tag("link", rel="icon", href="data:,"),
                head,
                Html(f"<style>{_STYLE}</style>"),
            ),
            tag("body", tag("header", navigation), tag("main", list(content))),
            lang="en",
        ),
    ]
    return render(document).encode()
