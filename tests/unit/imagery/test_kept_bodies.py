"""The second request is cheaper than the first, and its graph is as if it had been the first."""

import ee
import pytest

from s1ratio.imagery import composite, export
from tests.unit.imagery.graphs import encoded
from tests.unit.imagery.messages import EQUATOR, request_of, task_of

SMALL = {"bbox": [14.0, -20.0, 14.2, -19.9]}
KINDS = {
    "default": {"aoi": SMALL},
    "notebook": {"aoi": SMALL, "preset": "notebook"},
    "decibels": {"aoi": SMALL, "collection": "COPERNICUS/S1_GRD"},
    "boxcar": {"aoi": SMALL, "speckle": {"filter": "boxcar", "size_px": 3}},
    "another boxcar": {"aoi": SMALL, "speckle": {"filter": "boxcar", "size_px": 5}},
    "no filter": {"aoi": SMALL, "speckle": {"filter": "none"}},
    "angles": {"aoi": SMALL, "angle": {"min": 33}},
    "ranges": {"aoi": SMALL, "valid_range": {"vvvh_db": [-4, 29]}},
    "products": {"aoi": SMALL, "products": ["vv_db", "vh_db"]},
    "across the node": {"aoi": EQUATOR, "direction": "ASCENDING"},
}


def _graph(fields):
    request = request_of(**fields)
    body = export.params(
        request, task_of(request), attempt=1, description="d", bucket="b", priority=1
    )
    return encoded(body["expression"])


def _forget() -> None:
    for kept in (composite._mosaic, composite._measure, composite._measure_as_notebook):
        kept.cache_clear()


@pytest.mark.parametrize("name", KINDS)
def test_what_was_built_before_leaves_no_mark(name: str) -> None:
    _forget()
    first = _graph(KINDS[name])
    for fields in KINDS.values():
        _graph(fields)
    assert _graph(KINDS[name]) == first


def test_a_second_request_builds_no_body_again(monkeypatch: pytest.MonkeyPatch) -> None:
    built = []
    create = ee.CustomFunction.create
    _forget()

    def counted(*arguments):
        built.append(arguments)
        return create(*arguments)

    monkeypatch.setattr(ee.CustomFunction, "create", staticmethod(counted))
    _graph({"aoi": SMALL})
    assert built, "the first one does"
    built.clear()
    _graph({"aoi": {"bbox": [15.0, -20.0, 15.2, -19.9]}, "start": "2019-10-01"})
    assert built == []
