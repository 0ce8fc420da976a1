"""A scene: what a catalogue knows of one image, and how its pixels are read."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
from numpy.typing import NDArray
from shapely import MultiPolygon, Polygon

from local_earthengine.geo.pixelgrid import PixelGrid

Values = NDArray[Any]
Valid = NDArray[np.bool_]
Reader = Callable[[PixelGrid], tuple[Values, Valid]]
Indices = NDArray[np.int64]
Picker = Callable[[Indices, Indices], tuple[Values, Valid]]


@dataclass(frozen=True)
class SceneBand:
    """One band: its name, its numpy type, its native lattice and a reader of windows of it.

    `read` takes a window inside `grid` (the same lattice) and gives (values, valid), both of
    shape (height, width); values where `valid` is false mean nothing. `pick`, where there is one,
    takes the columns and rows of `n` pixels of `grid` and gives the same of them, shape (n,): it is
    for few pixels that lie far apart.
    """

    name: str
    dtype: str
    grid: PixelGrid
    read: Reader = field(repr=False, compare=False)
    pick: Picker | None = field(default=None, repr=False, compare=False)


@dataclass(frozen=True)
class Scene:
    """One image of a collection.

    `index` is its system:index, `asset_id` the collection's id, a slash and the index;
    `footprint` is in degrees of longitude and latitude; `properties` are JSON values, with
    system:time_start in milliseconds since 1970.
    """

    index: str
    asset_id: str
    bands: tuple[SceneBand, ...]
    footprint: Polygon | MultiPolygon
    properties: Mapping[str, Any]
