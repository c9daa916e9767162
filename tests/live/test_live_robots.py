"""robots.txt by RFC 9309; the examples are those of the RFC."""

from __future__ import annotations

import pytest

from sdograph.live.robots import parse

#: RFC 9309, 5.1
SIMPLE = """
User-Agent: *
Disallow: *.gif$
Disallow: /example/
Allow: /publications/

User-Agent: foobot
Disallow:/
Allow:/example/page.html
Allow:/example/allowed.gif

User-Agent: barbot
User-Agent: bazbot
Disallow: /example/page.html

User-Agent: quxbot
"""


@pytest.mark.parametrize(
    ("agent", "path", "allowed"),
    [
        ("sdograph", "/publications/a", True),
        ("sdograph", "/example/a", False),
        ("sdograph", "/pictures/a.gif", False),
        ("sdograph", "/pictures/a.gif?size=1", True),
        ("foobot", "/a", False),
        ("FooBot", "/example/page.html", True),
        ("barbot", "/example/page.html", False),
        ("bazbot", "/example/page.html", False),
        ("bazbot", "/example/other.html", True),
        ("quxbot", "/example/page.html", True),
        ("foobot", "/robots.txt", True),
    ],
)
def test_groups(agent: str, path: str, allowed: bool) -> None:
    assert parse(SIMPLE, agent).allow(path) is allowed


def test_the_longest_rule_that_fits_decides() -> None:
    """RFC 9309, 5.2."""
    text = "User-Agent: foobot\nAllow: /example/page/\nDisallow: /example/page/disallowed.gif\n"
    rules = parse(text, "foobot")
    assert rules.allow("/example/page/")
    assert not rules.allow("/example/page/disallowed.gif")
    assert parse("User-agent: *\nDisallow: /a\nAllow: /a", "sdograph").allow("/a")


@pytest.mark.parametrize(
    ("pattern", "path", "fits"),
    [
        # RFC 9309, 2.2.2
        ("/foo/bar?baz=quz", "/foo/bar?baz=quz", True),
        ("/foo/bar/ツ", "/foo/bar/%E3%83%84", True),
        ("/foo/bar/%E3%83%84", "/foo/bar/%e3%83%84", True),
        ("/foo/bar/%62%61%7A", "/foo/bar/baz", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-%2A.html", True),
        ("/path/file-with-a-%2A.html", "/path/file-with-a-b.html", False),
        # GitHub's, as published
        ("/*/archive/", "/relaton/relaton-data-etsi/archive/refs/heads/main.zip", True),
        ("/*/archive/", "/relaton/relaton-data-etsi/v2/index-v1.zip", False),
        ("/*.atom$", "/a.atom", True),
        ("/*.atom$", "/a.atom/b", False),
        ("/ab*b$", "/ab", False),
        ("/a*b*c", "/a-c-b-c", True),
        ("/a*b*c", "/a-c-b", False),
    ],
)
def test_patterns(pattern: str, path: str, fits: bool) -> None:
    assert parse(f"User-agent: *\nDisallow: {pattern}", "sdograph").allow(path) is not fits


def test_a_hostile_pattern_takes_no_time() -> None:
    rules = parse(f"User-agent: *\nDisallow: /{'a*' * 2000}b$", "sdograph")
    assert rules.allow("/" + "a" * 20_000)


def test_comments_blank_lines_and_the_delay() -> None:
    text = (
        "\ufeff# hello\r\nUser-agent: sdograph # us\r\nUser-agent: other\r\n\r\n"
        "Crawl-delay: 2.5\r\nDisallow: /x # no\r\nnonsense\r\nUser-agent: *\r\nDisallow: /\r\n"
    )
    rules = parse(text, "sdograph")
    assert rules.delay == 2.5
    assert rules.allow("/y")
    assert not rules.allow("/x")


def test_nothing_said_means_everything_allowed() -> None:
    assert parse("", "sdograph").allow("/x")
    assert parse("User-agent: *\nDisallow:", "sdograph").allow("/x")
