"""Small made-up scenes, twice: as plain slices for the brute force, and as a catalogue to serve."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

import numpy as np
import shapely
from pyproj import Transformer

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.catalog import unknown_collection, unknown_image
from local_earthengine.scenes.scene import Scene, SceneBand
from tests.support.bruteforce import Lattice, Raster, Slice

POWER, DB = "COPERNICUS/S1_GRD_FLOAT", "COPERNICUS/S1_GRD"


@dataclass(frozen=True)
class TinyScene:
    """A slice, and what else Earth Engine would know of it: `crossings` of the node lie in it."""

    slice: Slice
    orbit: int = 58
    crossings: int = 0
    direction: str = "ASCENDING"
    mode: str = "IW"
    polarisations: tuple[str, ...] = ("VV", "VH")

    @property
    def footprint(self) -> shapely.Polygon:
        """The outline of its pixels in lon/lat."""
        lattice = self.slice.vv.lattice
        size, _, left, _, step, top = lattice.transform
        outline = shapely.box(left, top + step * lattice.height, left + size * lattice.width, top)
        turn = Transformer.from_crs(lattice.crs, "EPSG:4326", always_xy=True).transform
        return shapely.transform(shapely.segmentize(outline, 200), turn, interleaved=False)


def scene(
    seed: int,
    day: str,
    lattice: Lattice,
    *,
    platform: str = "A",
    absolute: int | None = None,
    angles: tuple[float, float] = (29.0, 47.0),
    seconds: int = 0,
    **known: Any,
) -> TinyScene:
    """Return a scene of speckle with holes, zeros and negative values, and an angle ramp.

    The angle's pixels are five times as large as the others, and off their lattice.
    """
    rng = np.random.default_rng(seed)
    vv = _speckle(rng, lattice, 0.1)
    vh = _speckle(rng, lattice, 0.02)
    coarse = _coarse(lattice)
    ramp = np.linspace(*angles, coarse.width)[None, :].repeat(coarse.height, axis=0)
    time = datetime.fromisoformat(day).replace(tzinfo=UTC).timestamp() + 3600 + seconds
    made = Slice(
        platform,
        absolute if absolute is not None else round(time / 86400),
        time,
        Raster(lattice, vv),
        Raster(lattice, vh),
        Raster(coarse, ramp.astype(np.float32).astype(float)),
    )
    return replace(TinyScene(made), **known)


def _speckle(rng: np.random.Generator, lattice: Lattice, mean: float) -> np.ndarray[Any, Any]:
    shape = lattice.height, lattice.width
    values = rng.gamma(4.4, mean / 4.4, shape) * np.where(rng.random(shape) < 0.05, 30, 1)
    values[rng.random(shape) < 0.02] = np.nan
    values[rng.random(shape) < 0.01] = 0
    values[rng.random(shape) < 0.01] *= -1
    return values.astype(np.float32).astype(float)


def _coarse(lattice: Lattice) -> Lattice:
    size, _, left, _, step, top = lattice.transform
    moved = (5 * size, 0.0, left - 2.3 * size, 0.0, 5 * step, top + 1.7 * size)
    return Lattice(lattice.crs, moved, lattice.width // 5 + 2, lattice.height // 5 + 2)


class TinyCatalog:
    """Serves tiny scenes as both of Earth Engine's collections."""

    def __init__(self, scenes: Sequence[TinyScene]) -> None:
        self._scenes = sorted(scenes, key=lambda each: each.slice.time)

    def collection(self, asset_id: str, **_: Any) -> Sequence[Scene]:
        """The scenes in order of time."""
        if asset_id not in (POWER, DB):
            raise unknown_collection(asset_id)
        return [_served(i, each, asset_id) for i, each in enumerate(self._scenes)]

    def image(self, asset_id: str) -> Scene:
        """The scene of this full id."""
        known = (s for name in (POWER, DB) for s in self.collection(name))
        found = next((s for s in known if s.asset_id == asset_id), None)
        if found is None:
            raise unknown_image(asset_id)
        return found


def _served(number: int, tiny: TinyScene, asset_id: str) -> Scene:
    one = tiny.slice
    names = {"VV": one.vv, "VH": one.vh, "HH": one.vv, "HV": one.vh}
    rasters = {name: names[name] for name in tiny.polarisations}
    if asset_id == DB:
        rasters = {name: Raster(r.lattice, _db(r.values)) for name, r in rasters.items()}
    dtype = "float64" if asset_id == DB else "float32"
    bands = [_band(name, dtype, raster) for name, raster in rasters.items()]
    index = f"S1{one.platform}_{number:04d}"
    return Scene(
        index,
        f"{asset_id}/{index}",
        (*bands, _band("angle", "float32", one.angle)),
        tiny.footprint,
        {
            "system:time_start": int(one.time * 1000),
            "instrumentMode": tiny.mode,
            "orbitProperties_pass": tiny.direction,
            "relativeOrbitNumber_start": tiny.orbit,
            "relativeOrbitNumber_stop": (tiny.orbit + tiny.crossings - 1) % 175 + 1,
            "orbitNumber_start": one.orbit,
            "orbitNumber_stop": one.orbit + tiny.crossings,
            "platform_number": one.platform,
            "transmitterReceiverPolarisation": list(tiny.polarisations),
            "resolution_meters": 10,
        },
    )


def _db(values: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return 10 * np.log10(np.where(values > 0, values, np.nan))


def _band(name: str, dtype: str, raster: Raster) -> SceneBand:
    lattice = raster.lattice
    grid = PixelGrid(lattice.crs, lattice.transform, lattice.width, lattice.height)

    def read(window: PixelGrid) -> tuple[Any, Any]:
        place = grid.offset(window)
        assert place is not None, "a window of another lattice was asked for"
        col, row = place
        values = raster.values[row : row + window.height, col : col + window.width]
        assert values.shape == window.shape, "a window beyond the scene was asked for"
        valid = ~np.isnan(values)
        return np.where(valid, values, 0).astype(dtype), valid

    return SceneBand(name, dtype, grid, read)
