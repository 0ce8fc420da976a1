"""STAC items of Sentinel-1 scenes as Earth Engine's two Sentinel-1 collections."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from functools import cached_property, partial
from typing import Any, Final

import numpy as np

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.fleet import ORBITS_IN_CYCLE, PLATFORMS
from local_earthengine.scenes.scene import Scene, SceneBand, Valid, Values
from local_earthengine.scenes.sentinel1_collections import (
    DB_COLLECTION,
    FLOAT_COLLECTION,
    converted,
    milliseconds,
)
from local_earthengine.scenes.sentinel1_properties import Taken, properties_of
from local_earthengine.scenes.stac.fields import StacError
from local_earthengine.scenes.stac.sentinel1_fields import Raster, Sentinel1Item

COLLECTIONS: Final = (FLOAT_COLLECTION, DB_COLLECTION)
_ONE_PASS: Final = timedelta(minutes=30)
_SLICE: Final = timedelta(seconds=25)
# Degrees north: the middle of a slice of 25 s in which the satellite crosses its ascending node. It
# looks to the right, so the strip lies north of it.
_AT_NODE: Final = (0.13, 1.63)


class Sentinel1Scenes:
    """Sentinel-1 items as scenes of either collection: linear and dB assets both serve both."""

    def __init__(self) -> None:
        self._items: dict[str, Sentinel1Item] = {}

    def add(self, item: Sentinel1Item) -> None:
        """Take in an item. Raise StacError, naming the file, if there is one of its id."""
        known = self._items.setdefault(item.id, item)
        if known is not item:
            raise StacError(f"{item.path}: id: {item.id!r} is the id of {known.path} too")

    @cached_property
    def _orbits(self) -> dict[str, int]:
        return _orbits(self._in_order)

    @cached_property
    def _in_order(self) -> list[Sentinel1Item]:
        return sorted(self._items.values(), key=lambda one: (one.time, one.id))

    def serves(self, collection: str) -> bool:
        """Tell whether a collection is one of the two, and there are scenes for it."""
        return bool(self._items) and collection in COLLECTIONS

    def between(
        self, collection: str, start: datetime | None, end: datetime | None
    ) -> Sequence[Scene]:
        """Return the scenes with `start` <= time < `end` (UTC), in order of time."""
        return [
            _scene_of(item, self._orbits[item.id], collection)
            for item in self._in_order
            if (start is None or item.time >= start) and (end is None or item.time < end)
        ]

    def scene(self, collection: str, index: str) -> Scene | None:
        """Return one scene of a collection; None if there is none."""
        item = self._items.get(index) if self.serves(collection) else None
        return None if item is None else _scene_of(item, self._orbits[index], collection)


def _orbits(items: Iterable[Sentinel1Item]) -> dict[str, int]:
    """Return each item's absolute orbit: as stated, or one for each pass that can be told apart.

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


def _scene_of(item: Sentinel1Item, orbit: int, asset_id: str) -> Scene:
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


def _properties(item: Sentinel1Item, orbit: int) -> dict[str, Any]:
    """Return the properties of Earth Engine's Sentinel-1 images, and the item's own.

    What an item doesn't state is derived: it states the orbit of its start, its place tells
    whether it ends on the next. Its own words stand over that, those of the STAC
    extensions over both.
    """
    time = milliseconds(item.time)
    taken = Taken(
        platform=item.platform,
        orbit=orbit,
        relative_orbit=item.relative_orbit,
        direction=item.direction,
        mode=item.mode,
        resolution=item.resolution,
        polarisations=tuple(item.backscatter),
        start=item.time,
        length=_SLICE,
        number=1,
        data_take=orbit,
        crossings=_crossings(item),
    )
    return {
        **properties_of(taken, "unknown"),
        **item.properties,
        "system:time_start": time,
        "system:time_end": time,
        "instrumentMode": item.mode,
        "orbitNumber_start": orbit,
        "orbitProperties_pass": item.direction,
        "platform_number": item.platform,
        "relativeOrbitNumber_start": item.relative_orbit,
        "transmitterReceiverPolarisation": list(item.backscatter),
    }


def _crossings(item: Sentinel1Item) -> int:
    """Return how often an item crosses its ascending node, 0 or 1, as far as its place tells.

    A cut-out of a slice is taken as one of that slice which lies around it.
    """
    south, north = _AT_NODE
    return int(item.direction == "ASCENDING" and south < item.footprint.centroid.y < north)


def _band(name: str, raster: Raster) -> SceneBand:
    return SceneBand(name, "float32", raster.file.grid, partial(_read, raster))


def _constant(value: float, window: PixelGrid) -> tuple[Values, Valid]:
    return np.full(window.shape, value, np.float32), np.ones(window.shape, np.bool_)


def _read(raster: Raster, window: PixelGrid) -> tuple[Values, Valid]:
    """Return a window of a raster in its unit, as float32."""
    values, valid = raster.file.read(window)
    if (raster.scale, raster.offset) != (1.0, 0.0):
        values = values * raster.scale + raster.offset
    return values.astype(np.float32, copy=False), valid
