"""Building a graph asks nobody anything."""

import ee
import pytest

from s1ratio.adapters.earth_engine.transport import Transport
from s1ratio.imagery import export, orbits
from tests.unit.imagery.messages import request_of, task_of


class _Called(Exception):
    pass


@pytest.fixture
def _no_wire(monkeypatch):
    def refuse(*_, **__):
        raise _Called

    monkeypatch.setattr(Transport, "request", refuse)


@pytest.mark.usefixtures("_no_wire")
@pytest.mark.parametrize("preset", ["default", "notebook"])
@pytest.mark.parametrize("destination", [{"kind": "gcs"}, {"kind": "drive", "folder": "f"}])
def test_no_call_is_made(preset, destination):
    request = request_of(preset=preset, destination=destination)
    export.params(request, task_of(request), attempt=1, description="d", bucket="b", priority=1)
    orbits.passes_expression(request)
    with pytest.raises(_Called):  # so would one that asks
        ee.Number(1).getInfo()
