"""`ee` for every test here, initialised from memory."""

import pytest

from tests.support.ee_offline import initialize


@pytest.fixture(autouse=True, scope="module")
def _earth_engine() -> None:
    initialize()
