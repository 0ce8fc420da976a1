"""Earth Engine's own time, as the `Date` of its answers tells it."""

from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from s1ratio import errors
from s1ratio.adapters.earth_engine import EarthEngineClient
from tests.support.intercepting_servers import refusing, serving


def client(url: str) -> EarthEngineClient:
    return EarthEngineClient("local-project", url, "bucket", deadline_s=5.0)


@pytest.mark.parametrize("year", [1999, 2024, 2031, 2200])
def test_it_is_told_whatever_our_time_is(tmp_path: Path, year: int) -> None:
    at = datetime(year, 2, 28, 23, 59, 58, 600_000, tzinfo=UTC)
    with LocalEarthEngine(tmp_path, SyntheticCatalog(), clock=lambda: at) as server:
        earth_engine = client(server.url)
        assert earth_engine.answered_at is None
        assert list(earth_engine.list_operations()) == []
        assert earth_engine.answered_at == at.replace(microsecond=0)


def test_a_refusal_tells_it_too_and_silence_leaves_it_as_it_was(tmp_path: Path) -> None:
    at = datetime(2024, 1, 1, tzinfo=UTC)
    with LocalEarthEngine(tmp_path, SyntheticCatalog(), clock=lambda: at) as server:
        earth_engine = client(server.url)
        with pytest.raises(errors.OperationUnknown):
            earth_engine.get_operation("projects/p/operations/NONE")
        assert earth_engine.answered_at == at
        at += timedelta(hours=5)
    with pytest.raises(errors.TransientFault):
        list(earth_engine.list_operations())
    assert earth_engine.answered_at == at - timedelta(hours=5)


def test_a_server_that_tells_no_time_is_none_the_worse() -> None:
    with serving(refusing(500, "Internal error.")) as server:
        earth_engine = client(server.url)
        with pytest.raises(errors.TransientFault, match=r"Internal error"):
            list(earth_engine.list_operations())
        assert earth_engine.answered_at is None
