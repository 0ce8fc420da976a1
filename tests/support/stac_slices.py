"""Scenes of a static STAC folder as plain slices, read with json and rasterio alone."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import rasterio
import shapely

from tests.support.bruteforce import Lattice, Raster, Slice

_ONE_PASS = timedelta(minutes=30)


@dataclass(frozen=True)
class _Item:
    path: Path
    platform: str
    time: datetime
    outline: shapely.Geometry
    assets: dict[str, Any]


def read_slices(
    folder: Path, area: shapely.Geometry, start: str, end: str, platforms: str = "ABCD"
) -> list[Slice]:
    """Return the slices that meet an area with start <= day < end, by time.

    Scenes of one platform within 30 minutes are one pass; passes are numbered by time.
    """
    items = sorted(_items(folder), key=lambda item: (item.platform, item.time))
    numbers: list[int] = []
    for i, item in enumerate(items):
        before = items[i - 1] if i else None
        same = before and before.platform == item.platform and item.time - before.time < _ONE_PASS
        numbers.append(numbers[-1] if same else i)
    chosen = [
        _slice(item, number)
        for item, number in zip(items, numbers, strict=True)
        if start <= item.time.date().isoformat() < end
        and item.platform in platforms
        and shapely.intersects(item.outline, area)
    ]
    return sorted(chosen, key=lambda each: each.time)


def _items(folder: Path) -> Iterator[_Item]:
    for path in sorted(folder.rglob("*.json")):
        found = json.loads(path.read_text())
        if found["type"] == "Feature":
            said = found["properties"]
            yield _Item(
                path,
                said["platform"][-1].upper(),
                datetime.fromisoformat(said["datetime"]),
                shapely.geometry.shape(found["geometry"]),
                found["assets"],
            )


def _slice(item: _Item, number: int) -> Slice:
    vv, vh, angle = (
        _raster(item.path.parent / item.assets[name]["href"]) for name in ("vv", "vh", "angle")
    )
    return Slice(item.platform, number, item.time.timestamp(), vv, vh, angle)


def _raster(path: Path) -> Raster:
    with rasterio.open(path) as file:
        values = file.read(1).astype(np.float64)
        transform = tuple(file.transform)[:6]
        return Raster(Lattice(str(file.crs), transform, file.width, file.height), values)
