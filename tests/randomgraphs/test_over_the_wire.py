"""A share of the random graphs goes the whole way: the client's request, HTTP, a numpy file."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import ee
import numpy as np
import pytest
from google.auth.credentials import AnonymousCredentials
from hypothesis import HealthCheck, given, settings

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.server import LocalEarthEngine
from tests.randomgraphs.comparing import Tally, compare, interpreted
from tests.randomgraphs.graphs import Built, graphs
from tests.randomgraphs.world import made
from tests.support import offline_client as ee_offline
from tests.unit.local_earthengine.world import UTM, Layer

GRID: Final = PixelGrid(UTM, (10.0, 0.0, 499_990.0, 0.0, -10.0, 8_000_010.0), 8, 7)
WORLD, CATALOGUE = made()


@pytest.fixture(scope="module", autouse=True)
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[None]:
    with LocalEarthEngine(tmp_path_factory.mktemp("out"), WORLD) as one:
        ee.deprecation._FetchDataCatalogStac = dict
        credentials: Any = AnonymousCredentials  # it is untyped
        ee.Initialize(credentials(), project="demo", url=one.url)
        ee.data.setMaxRetries(0)
        yield
    ee.Reset()
    ee_offline.initialize()


def pixels(image: Any) -> dict[str, np.ndarray[Any, Any]]:
    """By band, masked pixels as 0."""
    scale_x, _, left, _, scale_y, top = GRID.transform
    transform = {"scaleX": scale_x, "translateX": left, "scaleY": scale_y, "translateY": top}
    dimensions = {"width": GRID.width, "height": GRID.height}
    grid = {"dimensions": dimensions, "affineTransform": transform, "crsCode": GRID.crs}
    array = ee.data.computePixels(
        {"expression": image, "fileFormat": "NUMPY_NDARRAY", "grid": grid}
    )
    return {name: array[name] for name in array.dtype.names}


@settings(
    max_examples=25, deadline=None, derandomize=True, database=None,
    suppress_health_check=list(HealthCheck),
)  # fmt: skip
@given(graphs())
def test_graphs_give_over_the_wire_what_the_interpreter_says(built: Built) -> None:
    values, masks = pixels(built.image), pixels(built.image.mask())
    found: dict[str, Layer] = {name: (values[name], masks[name] > 0) for name in values}
    for layer, valid in found.values():
        assert not layer[~valid].any()
    compare(found, interpreted(ee_offline.expression(built.image), CATALOGUE), GRID, Tally())
