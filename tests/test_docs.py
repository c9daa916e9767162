"""The documentation says what there is: each setting, each command, each named query."""

from __future__ import annotations

import re
from pathlib import Path

import typer.main

from sdograph.cli import app
from sdograph.queries import NAMED
from sdograph_api.settings import Settings


def guide(root: Path) -> str:
    return (root / "docs/guides/operating.md").read_text("utf-8")


def test_every_setting_is_documented_with_its_default(root: Path) -> None:
    rows = dict(re.findall(r"^\| `SDOGRAPH_(\w+)` \|[^|]*\| ([^|]+) \|", guide(root), re.MULTILINE))
    for name, field in Settings.model_fields.items():
        assert name.upper() in rows, f"SDOGRAPH_{name.upper()} is not in docs/guides/operating.md"
        if isinstance(field.default, int | float) and not isinstance(field.default, bool):
            assert float(rows[name.upper()]) == field.default


def test_every_setting_but_the_token_is_a_flag_of_serve(root: Path) -> None:
    serve = typer.main.get_command(app).commands["serve"]  # type: ignore[attr-defined]
    flags = {variable for p in serve.params for variable in ([p.envvar] if isinstance(p.envvar, str) else [])}
    assert {f"SDOGRAPH_{n.upper()}" for n in Settings.model_fields} - {"SDOGRAPH_WRITE_TOKEN"} <= flags
    assert flags <= set(re.findall(r"SDOGRAPH_\w+", guide(root)))


def test_readme_names_only_commands_and_queries_that_exist(root: Path) -> None:
    readme = (root / "README.md").read_text("utf-8")
    commands = set(typer.main.get_command(app).commands)  # type: ignore[attr-defined]
    used = set(re.findall(r"(?:\$ |`)sdograph ([a-z]+)", readme))
    assert {"ingest", "query", "export"} <= used
    assert used <= commands, used - commands
    assert set(re.findall(r"--name ([a-z-]+)", readme)) <= set(NAMED)


def test_make_help_lists_every_target(root: Path) -> None:
    makefile = (root / "Makefile").read_text("utf-8")
    public = set(re.findall(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)[0].split())
    assert public == set(re.findall(r"^([a-z-]+):.*## ", makefile, re.MULTILINE))


def test_the_changelog_is_about_this_version(root: Path) -> None:
    from sdograph import __version__

    assert f"## {__version__}" in (root / "CHANGELOG.md").read_text("utf-8")
