"""The simulated world, one a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.simulated import World


@pytest.fixture
def world(tmp_path: Path) -> Iterator[World]:
    """Return a deployment with an empty store."""
    made = World(tmp_path)
    yield made
    made.close()
