"""A catalogue of a few small scenes in memory, and short ways to ask the engine about them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely.geometry import box

from local_earthengine.engine import Engine, render
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.catalog import Bounds
from local_earthengine.scenes.scene import Scene, SceneBand
from local_earthengine.values.export_grid import export_grid
from tests.support import offline_client as ee_offline

Layer = tuple[NDArray[Any], NDArray[np.bool_]]
UTM = "EPSG:32633"
NAME = "TEST/SCENES"


@dataclass
class World:
    """A catalogue of one collection, `NAME`, that remembers what it was asked."""

    scenes: list[Scene] = field(default_factory=list)
    hints: list[tuple[Bounds | None, datetime | None, datetime | None]] = field(
        default_factory=list
    )
    reads: list[tuple[str, PixelGrid]] = field(default_factory=list)

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        """All scenes, whatever the hints."""
        if asset_id != NAME:
            raise EarthEngineError(f"ImageCollection.load: '{asset_id}' not found.")
        self.hints.append((bounds, start, end))
        return self.scenes

    def image(self, asset_id: str) -> Scene:
        """The scene of this full id."""
        for scene in self.scenes:
            if scene.asset_id == asset_id:
                return scene
        raise EarthEngineError(f"Image.load: '{asset_id}' not found.")

    def add(
        self,
        layers: Mapping[str, Layer],
        origin: tuple[float, float] = (500_000.0, 8_000_000.0),
        scale: float = 10.0,
        **properties: Any,
    ) -> str:
        """One more scene of these bands, in UTM with its north-west corner at `origin`; its id."""
        index = f"S{len(self.scenes)}"
        bands = tuple(self._band(name, layer, origin, scale) for name, layer in layers.items())
        known = {"system:time_start": 1_577_836_800_000 + len(self.scenes) * 86_400_000}
        footprint = properties.pop("footprint", box(14.9, -18.2, 15.1, -18.0))
        asset_id = f"{NAME}/{index}"
        self.scenes.append(Scene(index, asset_id, bands, footprint, known | properties))
        return asset_id

    def _band(
        self, name: str, layer: Layer, origin: tuple[float, float], scale: float
    ) -> SceneBand:
        values, valid = layer
        height, width = values.shape
        grid = PixelGrid(UTM, (scale, 0.0, origin[0], 0.0, -scale, origin[1]), width, height)

        def read(window: PixelGrid) -> Layer:
            self.reads.append((name, window))
            place = grid.offset(window)
            assert place is not None
            assert grid.contains(window)
            rows = slice(place[1], place[1] + window.height)
            cols = slice(place[0], place[0] + window.width)
            return values[rows, cols], valid[rows, cols]

        return SceneBand(name, str(values.dtype), grid, read)

    def compute(self, value: Any) -> Any:
        """What `getInfo` of an `ee` object would give."""
        return Engine(self).compute(ee_offline.expression(value))

    def pixels(
        self, image: Any, grid: PixelGrid | None = None, tile: int = 512, **export: Any
    ) -> dict[str, Layer]:
        """An image's bands on a grid, or on the grid of its export; all tiles put together."""
        found = Engine(self).image(ee_offline.exported(image, **export))
        whole = grid or export_grid(found)
        out = {
            band.name: (np.zeros(whole.shape, band.type.dtype), np.zeros(whole.shape, np.bool_))
            for band in found.bands
        }
        for part, bands in render(found, whole, tile):
            place = whole.offset(part)
            assert place is not None
            where = (
                slice(place[1], place[1] + part.height),
                slice(place[0], place[0] + part.width),
            )
            for name, pixels in bands.items():
                assert pixels.values.dtype == out[name][0].dtype
                out[name][0][where], out[name][1][where] = pixels.values, pixels.valid
        return out

    def grid(self, image: Any, **export: Any) -> PixelGrid:
        """The grid of an export."""
        return export_grid(Engine(self).image(ee_offline.exported(image, **export)))


def native(width: int, height: int, col: int = 0, row: int = 0) -> PixelGrid:
    """A window of the lattice on which scenes lie by default."""
    origin = 500_000.0 + 10 * col, 8_000_000.0 - 10 * row
    return PixelGrid(UTM, (10.0, 0.0, origin[0], 0.0, -10.0, origin[1]), width, height)


def speckle(shape: tuple[int, int], seed: int, gaps: float = 0.0, dtype: str = "float32") -> Layer:
    """Positive noise with a share of masked pixels, whose values are nonsense."""
    rng = np.random.default_rng(seed)
    values = rng.gamma(2.0, 0.5, shape).astype(dtype)
    valid = rng.random(shape) >= gaps
    return np.where(valid, values, np.array(-77, dtype)), valid


def same(found: Layer, expected: Layer, tolerance: float = 1e-6) -> None:
    """Masks are identical, and values where they are valid."""
    np.testing.assert_array_equal(found[1], expected[1])
    np.testing.assert_allclose(
        np.where(found[1], found[0], 0).astype(float),
        np.where(expected[1], expected[0], 0).astype(float),
        rtol=tolerance,
        atol=tolerance,
    )
