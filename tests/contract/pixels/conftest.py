"""`ee` for every test here, initialised from memory."""

import pytest

from tests.support.offline_client import initialize


@pytest.fixture(autouse=True, scope="module")
def _earth_engine() -> None:
    initialize()
