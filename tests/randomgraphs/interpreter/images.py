"""Images as functions: a band gives the pixel at a column and row of any lattice."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any, Final, NamedTuple

from pyproj import Transformer

from tests.randomgraphs.interpreter.numbers import (
    BOOLEAN,
    DOUBLE,
    KINDS,
    UNSURE,
    Kind,
    Number,
    Pixel,
    Unsure,
    stored,
)

METRES_PER_DEGREE: Final = 111319.49079327357


class Lattice(NamedTuple):
    """Square pixels from a corner on; rows go southwards where `down` is negative."""

    crs: str
    side: float
    left: float
    top: float
    down: float

    def centre(self, col: int, row: int) -> tuple[float, float]:
        """Coordinates of a pixel's centre."""
        return self.left + (col + 0.5) * self.side, self.top + (row + 0.5) * self.down

    @property
    def metres(self) -> float:
        """The side in nominal metres."""
        return self.side * (METRES_PER_DEGREE if self.crs == "EPSG:4326" else 1.0)

    def under(self, other: Lattice, col: int, row: int) -> tuple[int, int] | None:
        """The pixel here under another lattice's centre; None where that is a matter of taste."""
        x, y = transformed(*other.centre(col, row), other.crs, self.crs)
        places = (x - self.left) / self.side, (y - self.top) / self.down
        for place in places:
            if abs(place - round(place)) < 1e-6:
                return None
        return math.floor(places[0]), math.floor(places[1])


@lru_cache(maxsize=8)
def _transformer(source: str, target: str) -> Transformer:
    return Transformer.from_crs(source, target, always_xy=True)


@lru_cache(maxsize=100_000)
def transformed(x: float, y: float, source: str, target: str) -> tuple[float, float]:
    """A point in another coordinate system."""
    if source == target:
        return x, y
    found = _transformer(source, target).transform(x, y)
    return float(found[0]), float(found[1])


Place = tuple[Lattice, int, int]
At = Callable[[Lattice, int, int], Pixel]


class Band:
    """A kind, and a pixel for every place; each place is computed once."""

    def __init__(self, kind: Kind, at: At) -> None:
        self.kind = kind
        self._at = at
        self._known: dict[Place, Pixel] = {}

    def at(self, lattice: Lattice, col: int, row: int) -> Pixel:
        """The pixel of a lattice at (col, row)."""
        place = lattice, col, row
        if place not in self._known:
            self._known[place] = self._at(lattice, col, row)
        return self._known[place]


class Rectangle(NamedTuple):
    """Where pixels may be, in a coordinate system."""

    crs: str
    west: float
    south: float
    east: float
    north: float

    def holds(self, lattice: Lattice, col: int, row: int) -> bool | None:
        """Whether it covers a pixel's centre; None where that hangs on a rounding."""
        x, y = transformed(*lattice.centre(col, row), lattice.crs, self.crs)
        slack = 1e-3 if self.crs != "EPSG:4326" else 1e-8
        gaps = (x - self.west, self.east - x, y - self.south, self.north - y)
        if min(gaps) > slack:
            return True
        return False if min(gaps) < -slack else None


@dataclass(frozen=True, eq=False)
class Image:
    """Bands by name, in order. `places` hold all its pixels; None if that isn't documented."""

    bands: Mapping[str, Band]
    properties: Mapping[str, Any] = field(default_factory=dict)
    places: tuple[Rectangle, ...] | None = None

    def each(self, change: Callable[[Band], Band]) -> Image:
        """Every band changed; the rest stays."""
        return replace(self, bands={name: change(band) for name, band in self.bands.items()})

    def selected(self, selectors: list[Any]) -> list[tuple[str, Band]]:
        """Bands by name or place."""
        names = list(self.bands)
        chosen = [one if isinstance(one, str) else names[int(one)] for one in selectors]
        return [(name, self.bands[name]) for name in chosen]


def constant(value: float) -> Band:
    """A number everywhere; whole ones are integers."""
    whole = float(value).is_integer()
    kind = Kind("int", int(value), int(value)) if whole else DOUBLE
    return Band(kind, lambda *_: Number(int(value) if whole else value))


def constants(values: Any) -> Image:
    """One band called `constant`, or `constant_0` and so on."""
    if isinstance(values, list) and len(values) > 1:
        bands = {f"constant_{i}": constant(value) for i, value in enumerate(values)}
        return Image(bands, places=())
    (value,) = values if isinstance(values, list) else [values]
    return Image({"constant": constant(value)}, places=())


def raster(dtype: str, lattice: Lattice, rows: list[list[float]], valid: list[list[bool]]) -> Band:
    """A scene's band: the nearest pixel, masked beyond the raster."""
    kind = {"float32": KINDS["float"], "float64": DOUBLE}.get(dtype) or KINDS[dtype]

    def at(other: Lattice, col: int, row: int) -> Pixel:
        place = lattice.under(other, col, row)
        if place is None:
            return UNSURE
        x, y = place
        if not (0 <= y < len(rows) and 0 <= x < len(rows[0]) and valid[y][x]):
            return None
        return Number(rows[y][x])

    return Band(kind, at)


def converted(band: Band, kind: Kind) -> Band:
    """The band as another kind."""

    def at(lattice: Lattice, col: int, row: int) -> Pixel:
        pixel = band.at(lattice, col, row)
        if not isinstance(pixel, Number):
            return pixel
        return stored(pixel.value, pixel.error, kind)

    return band if band.kind == kind else Band(kind, at)


def mask_of(band: Band) -> Band:
    """1 or 0, valid everywhere."""

    def at(lattice: Lattice, col: int, row: int) -> Pixel:
        pixel = band.at(lattice, col, row)
        return pixel if isinstance(pixel, Unsure) else Number(float(pixel is not None))

    return Band(KINDS["float"], at)


def inside(places: tuple[Rectangle, ...] | None) -> Band:
    """1 where all rectangles hold a pixel, masked where the last one doesn't.

    UNSURE between: whether a clip's footprint is its shape or what that leaves isn't documented.
    """

    def at(lattice: Lattice, col: int, row: int) -> Pixel:
        if places is None:
            return UNSURE
        holds = [place.holds(lattice, col, row) for place in places]
        if all(holds):
            return Number(1)
        return None if holds[-1] is False else UNSURE

    return Band(BOOLEAN, at)
