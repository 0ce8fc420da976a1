"""Single pixels of synthetic scenes: the same as in windows, at the cost of their number."""

from __future__ import annotations

from datetime import UTC, datetime

import ee
import numpy as np
import pytest
from scipy import stats

from local_earthengine.engine import Engine, render
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.synthetic.catalog import SyntheticCatalog
from local_earthengine.scenes.synthetic.nodes import Nodes
from local_earthengine.scenes.synthetic.speckle import speckle
from tests.support import offline_client as ee_offline
from tests.support.relative_effort import effort

FLOAT, DB = "COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"


def scene_at(lon: float, lat: float, collection: str = FLOAT) -> Scene:
    june = datetime(2020, 6, 1, tzinfo=UTC), datetime(2020, 6, 13, tzinfo=UTC)
    found = SyntheticCatalog().collection(
        collection, bounds=(lon, lat, lon + 0.01, lat + 0.01), start=june[0], end=june[1]
    )
    return next(s for s in found if s.properties["transmitterReceiverPolarisation"] == ["VV", "VH"])


@pytest.mark.parametrize("collection", [FLOAT, DB])
@pytest.mark.parametrize("place", [(15, 48), (14, -19), (179.95, -17), (12, 81.5), (-70, -33)])
def test_a_pixel_picked_is_the_pixel_of_a_window(
    place: tuple[float, float], collection: str
) -> None:
    for band in scene_at(*place, collection).bands[:2]:
        assert band.pick is not None
        left, top = band.grid.width // 2 - 33, band.grid.height // 2 - 21
        values, valid = band.read(band.grid.window(left, top, 90, 70))
        rows, cols = np.random.default_rng(3).integers(0, [[70], [90]], (2, 200))
        picked, there = band.pick(cols + left, rows + top)
        np.testing.assert_array_equal(there, valid[rows, cols])
        np.testing.assert_array_equal(picked[there], values[rows, cols][there])


def test_what_a_strip_does_not_hold_is_masked_when_picked() -> None:
    band = scene_at(15, 48).bands[0]
    assert band.pick is not None
    corner = np.zeros(3, np.int64)
    assert not band.pick(corner, corner)[1].any()


def rendered(metres: float, side: int) -> None:
    """Half a degree of longitude at 81 degrees north in a polar projection, at two scales."""
    june = ee.Filter.date("2023-06-01", "2023-06-05")
    scenes = ee.ImageCollection(FLOAT).filterBounds(ee.Geometry.Point([12, 81.5])).filter(june)
    scenes = scenes.filter(ee.Filter.listContains("transmitterReceiverPolarisation", "VV"))
    image = scenes.select("VV").limit(3).mean()
    found = Engine(SyntheticCatalog()).image(ee_offline.expression(image))
    grid = PixelGrid("EPSG:3413", (metres, 0, 770e3, 0, -metres, -500e3), side, side)
    for _ in render(found, grid):
        pass


def test_a_coarse_export_costs_what_its_pixels_do_not_what_lies_between() -> None:
    rendered(1000, 20)  # what is made once
    near, far = effort(lambda: rendered(20, 60)), effort(lambda: rendered(1000, 60))
    assert far < 30 * near + 10, (near, far)  # 2,500 times the ground; read whole, 600 times


def test_no_window_is_read_for_a_coarse_view(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[int] = []

    def counted(nodes: Nodes, key: int) -> object:
        asked.append(int(np.broadcast(*nodes.pixels).size))
        return speckle(nodes, key)

    monkeypatch.setattr("local_earthengine.scenes.synthetic.pixels.speckle", counted)
    rendered(1000, 60)
    assert asked
    assert sum(asked) <= 3 * 60 * 60


def test_the_speckle_is_gamma_distributed_and_white() -> None:
    nodes = Nodes("EPSG:32633", 10.0, 50_000, -531_000, 600, 500)
    gain, gone = speckle(nodes, 2**63 + 12345)
    assert gain.mean() == pytest.approx(1, abs=3e-3)
    assert gain.var() == pytest.approx(1 / 4.4, rel=1e-2)
    expected = stats.gamma(4.4, scale=1 / 4.4)
    assert stats.kstest(gain.ravel(), expected.cdf).pvalue > 1e-3
    for step in ((0, 1), (1, 0), (1, 1), (64, 0)):
        moved = np.roll(gain, step, (0, 1))
        assert abs(np.corrcoef(gain.ravel(), moved.ravel())[0, 1]) < 8e-3
    assert 0 < gone.mean() < 1e-4
    other, _ = speckle(nodes, 2**63 + 12346)
    assert abs(np.corrcoef(gain.ravel(), other.ravel())[0, 1]) < 8e-3
