"""The client, initialised from memory, for every test here."""

from __future__ import annotations

import pytest

from tests.support import offline_client as ee_offline


@pytest.fixture(scope="module", autouse=True)
def client() -> None:
    """`ee` builds expressions; no request can leave."""
    ee_offline.initialize()
