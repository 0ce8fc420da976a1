"""What `getInfo` says of an image's pixels is what computePixels writes: the real client asks."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import ee
import numpy as np
import pytest
import rasterio

from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.server import LocalEarthEngine
from tests.contract.test_ee_wire import connect, disconnect


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    folder: Path = tmp_path_factory.mktemp("described")
    with LocalEarthEngine(folder, SyntheticCatalog()) as one:
        connect(one)
        yield
    disconnect()


def area() -> Any:
    return ee.Geometry.Rectangle([15.001, 48.002, 15.013, 48.0095], None, False)


def triangle() -> Any:
    return ee.Geometry.Polygon([[[15.0, 48.0], [15.01, 48.0], [15.004, 48.007]]], None, False)


def scene() -> Any:
    scenes = ee.ImageCollection("COPERNICUS/S1_GRD").filterBounds(area())
    return ee.Image(scenes.filterDate("2020-06-01", "2020-07-01").first()).select("VV")


IMAGES: dict[str, Callable[[], Any]] = {
    "a scene, clipped": lambda: scene().clip(area()),
    "a scene, clipped by a triangle": lambda: scene().clip(triangle()),
    "arithmetic of a clipped scene": lambda: ee.Image(1).subtract(scene().clip(area())),
    "a composite, clipped": lambda: ee.ImageCollection([scene()]).mean().clip(area()),
    "a number, clipped": lambda: ee.Image(7).clip(area()),
    "reprojected and clipped": lambda: scene().reproject("EPSG:3035", None, 30).clip(area()),
    "clipped and reprojected": lambda: scene().clip(area()).reproject("EPSG:32633", None, 20),
    "with a transform": lambda: scene().clip(triangle()).reproject(
        "EPSG:4326", [0.0002, 0, 15.0, 0, -0.0002, 48.01]
    ),
    "with a default projection": lambda: ee.Image(7).clip(area()).setDefaultProjection(
        "EPSG:32633", None, 25
    ),
    "bounds": lambda: scene().clipToBoundsAndScale(area()),
    "bounds and a scale": lambda: scene().clipToBoundsAndScale(area(), scale=40),
    "bounds and a width": lambda: scene().clipToBoundsAndScale(triangle(), width=30, height=20),
    "bounds and a side": lambda: ee.Image(7).clipToBoundsAndScale(area(), maxDimension=50),
}  # fmt: skip


def written(image: Any) -> tuple[list[int], tuple[float, ...], str]:
    """The size, the transform (Earth Engine's order) and the coordinate system of the file."""
    file = ee.data.computePixels({"expression": image, "fileFormat": "GEO_TIFF"})
    with rasterio.open(io.BytesIO(file)) as found:
        return [found.width, found.height], tuple(found.transform)[:6], str(found.crs)


@pytest.mark.parametrize("case", IMAGES)
def test_getinfo_describes_the_pixels_that_are_written(case: str) -> None:
    image = IMAGES[case]()
    (band,) = image.getInfo()["bands"]
    size, transform, crs = written(image)

    col, row = band.get("origin", (0, 0))
    a, b, x0, c, d, y0 = band["crs_transform"]
    corner = (a, b, x0 + a * col + b * row, c, d, y0 + c * col + d * row)

    assert band["dimensions"] == size
    assert band["crs"] == crs
    np.testing.assert_allclose(corner, transform, rtol=1e-9, atol=abs(a) * 1e-3)
    assert all(isinstance(place, int) for place in (*band["dimensions"], col, row))


def test_a_whole_scene_has_its_own_pixels_and_no_origin() -> None:
    (band,) = scene().getInfo()["bands"]

    assert "origin" not in band
    assert min(band["dimensions"]) > 1000


@pytest.mark.parametrize(
    "image", [lambda: ee.Image(7), lambda: ee.Image(7).reproject("EPSG:32633", None, 10)]
)
def test_an_image_without_an_end_has_no_dimensions(image: Callable[[], Any]) -> None:
    (band,) = image().getInfo()["bands"]

    assert not {"dimensions", "origin"} & set(band)
