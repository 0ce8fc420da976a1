"""The body of an export's POST: the grid to the pixel, the destination, the format."""

from typing import Any

import ee
import pytest

from s1ratio.imagery import export
from s1ratio.plan import PlanLimits
from tests.unit.imagery.graphs import calls
from tests.unit.imagery.messages import request_of, task_of


def _body(attempt=1, task=None, **fields):
    request = request_of(**fields)
    return export.params(
        request,
        task or task_of(request),
        attempt=attempt,
        description="s1r-dev-x-a1",
        bucket="maps",
        priority=7,
    )


def test_body_is_a_cloud_optimised_geotiff_in_the_bucket():
    body = _body()
    assert body.pop("expression") is not None
    assert body == {
        "description": "s1r-dev-x-a1",
        "fileExportOptions": {
            "fileFormat": "GEO_TIFF",
            "geoTiffOptions": {"cloudOptimized": True, "noData": {"floatValue": -9999.0}},
            "cloudStorageDestination": {
                "bucket": "maps",
                "filenamePrefix": "composites/req-1/req-1-o058a",
            },
        },
        "maxPixels": {"value": "10000000000000"},
        "priority": {"value": 7},
    }


def test_a_later_attempt_writes_another_object():
    options = _body(attempt=3, destination={"kind": "gcs", "prefix": "a/b"})["fileExportOptions"]
    assert options["cloudStorageDestination"]["filenamePrefix"] == "a/b/req-1/req-1-o058a-a3"


def test_drive_takes_a_folder_and_a_plain_name():
    options = _body(attempt=2, destination={"kind": "drive", "folder": "s1 2020"})[
        "fileExportOptions"
    ]
    assert options["driveDestination"] == {
        "folder": "s1 2020",
        "filenamePrefix": "req-1-o058a-a2",
    }
    assert "cloudStorageDestination" not in options


@pytest.mark.parametrize("grid", [{"crs": "utm", "scale": 10}, {"crs": "EPSG:4326", "scale": 30}])
def test_grid_is_exact(grid):
    task = task_of(request_of(grid=grid))
    expression = _body(grid=grid)["expression"]
    (reproject,) = calls(expression, "Image.reproject")
    assert reproject["crs"] == ("Projection", {"crs": task.grid.crs})
    assert reproject["crsTransform"] == list(task.grid.transform)
    (bounds,) = calls(expression, "Image.clipToBoundsAndScale")
    name, rectangle = bounds["geometry"]
    assert name == "GeometryConstructors.Rectangle"
    assert rectangle["coordinates"] == [0, 0, task.grid.width, task.grid.height]
    assert (rectangle["geodesic"], rectangle["evenOdd"]) == (False, True)
    assert rectangle["crs"][0] == "Image.projection"


def test_a_tile_changes_the_grid_and_not_the_scenes():
    request = request_of()
    whole, tile = task_of(request), task_of(request, limits=PlanLimits(max_task_pixels=10**8))
    assert tile.grid != whole.grid
    first, second = (_body(task=each)["expression"] for each in (whole, tile))
    assert calls(first, "Image.clipToBoundsAndScale") != calls(second, "Image.clipToBoundsAndScale")
    assert calls(first, "Filter.intersects") == calls(second, "Filter.intersects")


def test_the_client_takes_the_body_as_it_is(monkeypatch):
    posted: dict[str, Any] = {}

    def post(request_id, params, *_):
        posted.update(params, requestId=request_id)

    monkeypatch.setattr(ee.data, "_prepare_and_run_export", post)
    ee.data.exportImage("s1-0", _body())
    assert set(posted) == {
        "requestId",
        "expression",
        "description",
        "fileExportOptions",
        "maxPixels",
        "priority",
    }
