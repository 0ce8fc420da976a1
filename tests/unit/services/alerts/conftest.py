"""A deployment that takes alerts, one a test."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.alert_world import AlertWorld


@pytest.fixture
def world(tmp_path: Path) -> Iterator[AlertWorld]:
    """Return one with the feeds and rules that come along."""
    made = AlertWorld(tmp_path)
    yield made
    made.close()
