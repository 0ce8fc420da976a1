"""Where a picture lies on the Earth: how long its pixels are there, and where north is.

All of it is geodesic on WGS 84, at the picture's middle: of pixels of 10 m in EPSG:3857 at 60° N
it says 5 m, and of those in degrees that they are higher than wide.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import product
from typing import Final

from pyproj import CRS, Geod, Transformer
from pyproj.enums import TransformDirection

_GEOD: Final = Geod(ellps="WGS84")
_SAME_LENGTH: Final = 0.05  # a share
_SQUARE: Final = 0.02
_SAME_NORTH: Final = 5.0  # degrees


@dataclass(frozen=True)
class Ground:
    """The middle of a raster on the Earth.

    `across_m`, `down_m` are how long a pixel is along rows and columns, metres. `north` is where
    north is, degrees clockwise from the top. `varies` where corners have it by 5 % or 5° otherwise.
    `pole` is (name, column, row) of a pole that lies in the raster, in its pixels.
    """

    across_m: float
    down_m: float
    north: float
    varies: bool
    pole: tuple[str, float, float] | None

    @property
    def is_square(self) -> bool:
        """Whether pixels are as long as wide: a length along rows is one along columns, too."""
        return abs(self.across_m / self.down_m - 1) <= _SQUARE


def locate(crs: str, transform: Sequence[float], shape: tuple[int, int]) -> Ground | None:
    """Return where a raster lies; None if its middle is nowhere on Earth.

    `crs` is what pyproj reads, `transform` (xScale, xShear, xOrigin, yShear, yScale, yOrigin),
    `shape` (height, width). Raises pyproj's CRSError if there is no such crs.
    """
    system = CRS.from_user_input(crs)
    to_crs = Transformer.from_crs("EPSG:4326", system, always_xy=True)
    height, width = shape
    middle = _local(to_crs, transform, width / 2, height / 2)
    if middle is None:
        return None
    corners = [_local(to_crs, transform, *at) for at in product((0.0, width), (0.0, height))]
    return Ground(
        *middle,
        varies=any(_differs(corner, middle) for corner in corners),
        pole=None if system.is_geographic else _pole(to_crs, transform, shape),
    )


def _local(
    to_crs: Transformer, transform: Sequence[float], column: float, row: float
) -> tuple[float, float, float] | None:
    """Return (across, down, north) at a place of a raster; None if it is nowhere on Earth."""
    steps = [(-0.5, 0.0), (0.5, 0.0), (0.0, -0.5), (0.0, 0.5)]
    found = [_degrees(to_crs, transform, column + dx, row + dy) for dx, dy in steps]
    if not all(-90 <= lat <= 90 and math.isfinite(lon) for lon, lat in found):
        return None
    (lon1, lat1), (lon2, lat2), (lon3, lat3), (lon4, lat4) = found
    along, _, across = _GEOD.inv(lon1, lat1, lon2, lat2)
    downward, _, down = _GEOD.inv(lon3, lat3, lon4, lat4)
    # North by both axes: azimuths of rows (rightward) and columns (downward), each in metres a px.
    east = across * math.sin(math.radians(along)), down * math.sin(math.radians(downward))
    north = across * math.cos(math.radians(along)), down * math.cos(math.radians(downward))
    turn = east[0] * north[1] - east[1] * north[0]
    if not (across and down):
        return None
    if not turn:  # a pole is in this very pixel
        return across, down, 0.0
    # The way of a metre north, in pixels (right, down): what of both axes adds up to no way east.
    right, downward_px = -east[1] / turn, east[0] / turn
    return across, down, math.degrees(math.atan2(right, -downward_px))


def _degrees(
    to_crs: Transformer, transform: Sequence[float], column: float, row: float
) -> tuple[float, float]:
    """Return (lon, lat) of a place in a raster."""
    a, b, c, d, e, f = transform
    x, y = a * column + b * row + c, d * column + e * row + f
    lon, lat = to_crs.transform(x, y, direction=TransformDirection.INVERSE)
    return float(lon), float(lat)


def _pole(
    to_crs: Transformer, transform: Sequence[float], shape: tuple[int, int]
) -> tuple[str, float, float] | None:
    """Return the pole that lies in a raster, with its column and row."""
    a, b, c, d, e, f = transform
    determinant = a * e - b * d
    for name, lat in (("North Pole", 90.0), ("South Pole", -90.0)):
        x, y = to_crs.transform(0.0, lat)
        if not (math.isfinite(x) and math.isfinite(y)):
            continue
        column = (e * (x - c) - b * (y - f)) / determinant
        row = (a * (y - f) - d * (x - c)) / determinant
        if 0 <= column <= shape[1] and 0 <= row <= shape[0]:
            return name, column, row
    return None


def _differs(one: tuple[float, float, float] | None, other: tuple[float, float, float]) -> bool:
    if one is None:
        return True
    longer = any(abs(a / b - 1) > _SAME_LENGTH for a, b in zip(one[:2], other[:2], strict=True))
    turned = abs((one[2] - other[2] + 180) % 360 - 180) > _SAME_NORTH
    return longer or turned


def round_length(metres: float) -> float:
    """Return the largest of 1, 2, 5 × 10ⁿ metres that is no longer."""
    power = 10.0 ** math.floor(math.log10(metres) + 1e-12)
    return max(step * power for step in (1, 2, 5) if step * power <= metres * (1 + 1e-9))


def length_words(metres: float) -> str:
    """Return a length with its unit, to three digits: `10 m`, `2.5 km`, `40 cm`."""
    if metres >= 999.5:
        return f"{float(f'{metres / 1000:.3g}'):,g} km"
    return f"{metres:.3g} m" if metres >= 0.9995 else f"{metres * 100:.3g} cm"
