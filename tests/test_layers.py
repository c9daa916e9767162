"""Imports go one way: what lies below knows nothing of what stands on it."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

#: From the bottom up. A module may import from its own layer and from those before it.
LAYERS: tuple[tuple[str, ...], ...] = (
    ("errors", "identifiers", "namespaces", "model", "triples", "bundled", "paths"),
    ("sources", "linking", "live", "topics"),
    ("graph", "shapes", "neighbourhood", "validation"),
    ("store",),
    ("queries", "organisations", "network", "overlap", "export", "followup", "review", "search"),
    ("catalogue", "fields", "reports", "manifest", "joining", "document_change", "intake", "pipeline"),
    ("facade",),
    ("cli", "api", "__main__"),
)
RANK = {name: n for n, layer in enumerate(LAYERS) for name in layer}


def modules(root: Path) -> Iterator[tuple[str, Path]]:
    for path in sorted((root / "src/sdograph").rglob("*.py")):
        yield path.relative_to(root / "src/sdograph").with_suffix("").parts[0], path
    for path in sorted((root / "api/sdograph_api").rglob("*.py")):
        yield "api", path


def imported(path: Path) -> Iterator[str]:
    """The parts of the project that a module imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names: list[str] = []
        if isinstance(node, ast.ImportFrom) and node.module and node.level == 0:
            names = [node.module]
            if node.module == "sdograph":
                names = [f"sdograph.{alias.name}" for alias in node.names]
        elif isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        for name in names:
            if name.startswith("sdograph_api"):
                yield "api"
            elif name.startswith("sdograph."):
                yield name.split(".")[1]


def test_every_module_has_its_layer(root: Path) -> None:
    unknown = {part for part, _ in modules(root) if part not in RANK and part != "__init__"}
    assert not unknown, f"say in which layer these belong: {unknown}"


def test_imports_go_down_only(root: Path) -> None:
    wrong = [
        f"{path.relative_to(root)} imports {name}"
        for part, path in modules(root)
        if part != "__init__"
        for name in imported(path)
        if name in RANK and RANK[name] > RANK[part]
    ]
    assert not wrong


def test_the_test_sees_an_upward_import(tmp_path: Path) -> None:
    sample = tmp_path / "sample.py"
    sample.write_text(
        "from sdograph.pipeline import ingest\nfrom sdograph import errors\nimport sdograph_api.app\n"
    )
    assert list(imported(sample)) == ["pipeline", "errors", "api"]
    assert RANK["pipeline"] > RANK["store"]


@pytest.mark.parametrize("name", ["ontology", "shapes", "data"])
def test_what_travels_in_the_wheel_is_found(name: str) -> None:
    from sdograph import bundled

    assert any(getattr(bundled, name)().iterdir())
