"""The stores that keep the contract, each in turn."""

from __future__ import annotations

import pytest
from store_kinds import KINDS, Stores


@pytest.fixture(params=KINDS)
def stores(request: pytest.FixtureRequest) -> Stores:
    """Each kind of store in turn."""
    return KINDS[request.param](request)


@pytest.fixture(params=[kind for kind in KINDS if kind != "embedded"])
def remotes(request: pytest.FixtureRequest) -> Stores:
    """Each kind of remote store in turn."""
    return KINDS[request.param](request)
