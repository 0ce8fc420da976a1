"""Sentinel-1 scenes from static STAC catalogues in a folder: one's own data, or real samples."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any, Final

import numpy as np
import rasterio
from rasterio.errors import RasterioError
from rasterio.windows import Window

from s1ratio.local.earthengine.errors import EarthEngineError
from s1ratio.local.earthengine.pixelgrid import PixelGrid
from s1ratio.local.earthengine.scenes.catalog import Bounds, unknown_collection
from s1ratio.local.earthengine.scenes.scene import Scene, SceneBand, Valid, Values
from s1ratio.local.earthengine.scenes.sentinel1 import (
    DB_COLLECTION,
    FLOAT_COLLECTION,
    ORBITS_IN_CYCLE,
    PLATFORMS,
    converted,
    milliseconds,
)
from s1ratio.local.earthengine.scenes.stac_fields import StacError, parse
from s1ratio.local.earthengine.scenes.stac_item import Item, Raster, read_item

_ONE_PASS: Final = timedelta(minutes=30)


class StacCatalog:
    """The items under a folder, as both Sentinel-1 collections.

    Every *.json below the folder that is a STAC item (a GeoJSON Feature with a `stac_version`)
    counts, whatever links to it. Linear and dB assets both serve either collection.
    Raises StacError, naming the file and the field, for a folder without items or a bad item.
    """

    def __init__(self, folder: Path) -> None:
        self._items = _items(folder)
        self._orbits = _orbits(self._items)

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,  # noqa: ARG002 - a small catalogue needs no hint
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        """The scenes in order of time. Raises EarthEngineError (400) for an unknown id."""
        if asset_id not in (FLOAT_COLLECTION, DB_COLLECTION):
            raise unknown_collection(asset_id)
        return [
            _scene(item, self._orbits[item.id], asset_id)
            for item in self._items
            if (start is None or item.time >= start) and (end is None or item.time < end)
        ]


def _items(folder: Path) -> list[Item]:
    """The items under a folder, in order of time."""
    if not folder.is_dir():
        raise StacError(f"{folder}: is no folder")
    items: dict[str, Item] = {}
    for path in sorted(folder.rglob("*.json")):
        document = parse(path)
        if not isinstance(document, dict) or document.get("type") != "Feature":
            continue
        if "stac_version" not in document:
            continue
        item = read_item(path, document)
        if item.id in items:
            raise StacError(f"{path}: id: {item.id!r} is the id of {items[item.id].path} too")
        items[item.id] = item
    if not items:
        raise StacError(f"{folder}: holds no STAC item (a *.json of type Feature)")
    return sorted(items.values(), key=lambda item: (item.time, item.id))


def _orbits(items: Iterable[Item]) -> dict[str, int]:
    """Each item's absolute orbit: as stated, or one for each pass that can be told apart.

    Scenes of one platform and relative orbit within 30 minutes of its first are one pass.
    """
    orbits: dict[str, int] = {}
    current: dict[tuple[str, int], tuple[datetime, int]] = {}
    for item in items:
        track = item.platform, item.relative_orbit
        first, orbit = current.get(track, (None, 0))
        if item.orbit is not None:
            orbits[item.id] = item.orbit
            continue
        if first is None or item.time - first > _ONE_PASS:
            # Never an earlier pass's number, even if the catalogue's times are invented.
            derived = PLATFORMS[item.platform].absolute_orbit(item.relative_orbit, item.time)
            orbit = derived if first is None else max(derived, orbit + ORBITS_IN_CYCLE)
            current[track] = item.time, orbit
        orbits[item.id] = orbit
    return orbits


def _scene(item: Item, orbit: int, asset_id: str) -> Scene:
    bands = [
        converted(_band(name, raster), asset_id, raster.unit)
        for name, raster in item.backscatter.items()
    ]
    if isinstance(item.angle, Raster):
        bands.append(_band("angle", item.angle))
    else:
        read = partial(_constant, item.angle)
        bands.append(SceneBand("angle", "float32", bands[0].grid, read))
    full_id = f"{asset_id}/{item.id}"
    return Scene(item.id, full_id, tuple(bands), item.footprint, _properties(item, orbit))


def _properties(item: Item, orbit: int) -> dict[str, Any]:
    """The properties that Earth Engine's Sentinel-1 images bear, as far as the item has them."""
    time = milliseconds(item.time)
    return {
        "system:time_start": time,
        "system:time_end": time,
        "instrumentMode": item.mode,
        "orbitNumber_start": orbit,
        "orbitProperties_pass": item.direction,
        "platform_number": item.platform,
        "productType": item.product_type,
        "relativeOrbitNumber_start": item.relative_orbit,
        "resolution_meters": item.resolution,
        "transmitterReceiverPolarisation": list(item.backscatter),
    }


def _band(name: str, raster: Raster) -> SceneBand:
    return SceneBand(name, "float32", raster.grid, partial(_read, raster))


def _constant(value: float, window: PixelGrid) -> tuple[Values, Valid]:
    return np.full(window.shape, value, np.float32), np.ones(window.shape, np.bool_)


def _read(raster: Raster, window: PixelGrid) -> tuple[Values, Valid]:
    """A window of a raster's first band; NaN and no-data are not valid.

    The file is opened for each read: rasterio's datasets must not be shared between threads.
    """
    place = raster.grid.offset(window)
    if place is None:
        raise ValueError(f"{window} is no window of {raster.grid}")
    try:
        with rasterio.open(raster.path) as file:
            if (file.height, file.width) != raster.grid.shape:
                shape = f"{file.height} x {file.width}, its item says {raster.grid.shape}"
                raise EarthEngineError(f"{raster.path.name}: proj:shape: the raster is {shape}.")
            values = file.read(1, window=Window(*place, window.width, window.height))
            nodata = raster.nodata if raster.nodata is not None else file.nodata
    except RasterioError as fault:
        raise EarthEngineError(f"{raster.path.name} cannot be read: {fault}") from fault
    values = values.astype(np.float32, copy=False)
    valid = np.isfinite(values)
    return values, valid if nodata is None else valid & (values != np.float32(nodata))
