"""An export whose lattice is named lies there to the pixel, past 180 degrees too."""

from typing import Any

import ee
import pytest

from local_earthengine.engine import Engine
from local_earthengine.values.export_grid import export_grid
from tests.support import offline_client as ee_offline
from tests.support.tiny_scenes import TinyCatalog

SIZE = 0.001796630568239043  # 200 m
# West, and columns of SIZE degrees.
LATTICES = {
    "the pixel before -180": (-100_188 * SIZE, 168),
    "from -181 to -179": (-100_745 * SIZE, 1113),
    "before 180": (100_021 * SIZE, 160),
    "the pixel after 180": (100_021 * SIZE, 168),
    "from 179 to 181": (99_631 * SIZE, 1113),
    "east of 180": (100_300 * SIZE, 50),
    "west of -180": (-100_300 * SIZE, 50),
    "at 0": (-10 * SIZE, 20),
    "once round, half a pixel off": (-180.5, 360),
}


def exported(image: Any, **options: Any) -> Any:
    found = Engine(TinyCatalog([])).image(ee_offline.exported(image, **options))
    return export_grid(found)


@pytest.mark.parametrize("name", LATTICES)
def test_transform_and_dimensions_are_the_grid(name: str) -> None:
    west, width = LATTICES[name]
    size = 1.0 if width == 360 else SIZE
    transform = [size, 0.0, west, 0.0, -size, 4 * size]
    grid = exported(ee.Image(1), crs="EPSG:4326", crsTransform=transform, dimensions=f"{width}x8")
    assert (grid.width, grid.height) == (width, 8)
    assert grid.transform == pytest.approx(tuple(transform), abs=1e-9)


@pytest.mark.parametrize("box", [[-181, 0, -179, 1], [179, 0, 181, 1], [-10, 0, 10, 1]])
def test_a_planar_region_lies_where_it_says(box: list[float]) -> None:
    region = ee.Geometry.Rectangle(box, None, False)
    grid = exported(ee.Image(1), crs="EPSG:4326", scale=11131.949079327357, region=region)
    assert grid.bounds == pytest.approx(tuple(box), abs=1e-9)
