"""`ee` for every test here, initialised from memory: a graph that made a call would fail."""

import pytest

from tests.support.offline_client import initialize


@pytest.fixture(autouse=True, scope="module")
def _earth_engine() -> None:
    initialize()
