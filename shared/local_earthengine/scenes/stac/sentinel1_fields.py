"""What a STAC item of a Sentinel-1 scene says of it, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from shapely import MultiPolygon, Polygon

from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.fleet import PLATFORMS
from local_earthengine.scenes.sentinel1_collections import POLARISATIONS
from local_earthengine.scenes.stac.fields import Fields
from local_earthengine.scenes.stac.item import outline_of, start_of

_UNITS: Final = ("1", "dB")
_DIRECTIONS: Final = ("ascending", "descending")


@dataclass(frozen=True)
class Raster:
    """An asset: where its file lies, on which grid, in which unit ("1", "dB" or "deg")."""

    path: Path
    grid: PixelGrid
    unit: str
    nodata: float | None


@dataclass(frozen=True)
class Sentinel1Item:
    """One Sentinel-1 scene of a STAC catalogue, taken at `time` (UTC).

    `backscatter` holds the rasters by polarisation ("VV", ...); `angle` is a raster, or one
    incidence angle in degrees for the whole scene. `orbit` is the absolute orbit, if stated.
    """

    path: Path
    id: str
    time: datetime
    footprint: Polygon | MultiPolygon
    platform: str
    relative_orbit: int
    orbit: int | None
    direction: str
    mode: str
    product_type: str
    resolution: float
    backscatter: Mapping[str, Raster]
    angle: Raster | float


def is_sentinel1(properties: Fields) -> bool:
    """Tell whether an item's properties are those of a Sentinel-1 radar scene."""
    names = (str(properties.get(name, "")).lower() for name in ("platform", "constellation"))
    said = any(name.startswith("sentinel-1") for name in names)
    return said and any(name.startswith("sar:") for name in properties.names())


def read_sentinel1(fields: Fields) -> Sentinel1Item:
    """Return the scene of an item's document. Raise StacError naming the file and the field."""
    properties = fields.inner("properties")
    rasters = _rasters(fields, properties)
    first = next(iter(rasters.values()))
    return Sentinel1Item(
        path=fields.path,
        id=fields.text("id"),
        time=_time(properties),
        footprint=_footprint(fields),
        platform=_platform(properties),
        relative_orbit=properties.integer("sat:relative_orbit", 1, 175),
        orbit=properties.optional_integer("sat:absolute_orbit", 1, 10_000_000),
        direction=properties.choice("sat:orbit_state", _DIRECTIONS).upper(),
        mode=properties.text("sar:instrument_mode"),
        product_type=str(properties.get("sar:product_type", "GRD")),
        resolution=float(properties.get("gsd") or first.grid.nominal_scale),
        backscatter=rasters,
        angle=_angle(fields, properties),
    )


def _time(properties: Fields) -> datetime:
    time = start_of(properties)
    if time is None:
        raise properties.fault("datetime", "is missing")
    return time


def _footprint(fields: Fields) -> Polygon | MultiPolygon:
    outline = outline_of(fields)
    if outline is None:
        raise fields.fault("geometry", "is missing")
    return outline


def _platform(properties: Fields) -> str:
    letters = {f"sentinel-1{letter.lower()}": letter for letter in PLATFORMS}
    return letters[properties.choice("platform", tuple(letters))]


def _rasters(fields: Fields, properties: Fields) -> dict[str, Raster]:
    """Return the backscatter assets by polarisation, in Earth Engine's order."""
    assets = fields.inner("assets")
    names = {name.upper(): name for name in assets.names()}
    found: dict[str, Raster] = {
        one: _raster(assets.inner(names[one]), properties) for one in POLARISATIONS if one in names
    }
    if not found:
        raise fields.fault("assets", "holds none of vv, vh, hh, hv")
    return found


def _raster(asset: Fields, properties: Fields, unit: str | None = None) -> Raster:
    nodata = asset.get("nodata")
    return Raster(
        path=asset.file("href"),
        grid=_grid(asset.beside(properties)),
        unit=unit or asset.choice("unit", _UNITS),
        nodata=None if nodata is None else float(nodata),
    )


def _angle(fields: Fields, properties: Fields) -> Raster | float:
    assets = fields.inner("assets")
    if "angle" in assets.names():
        return _raster(assets.inner("angle"), properties, "deg")
    degrees = properties.optional_number("view:incidence_angle")
    if degrees is None or not 0 <= degrees <= 90:
        words = "must be a number of degrees, 0 to 90, where there is no angle asset"
        raise properties.fault("view:incidence_angle", words)
    return degrees


def _grid(fields: Fields) -> PixelGrid:
    code = fields.get("proj:code") or f"EPSG:{fields.get('proj:epsg')}"
    if not str(code).upper().startswith("EPSG:") or not str(code)[5:].isdigit():
        raise fields.fault("proj:code", f"must be such as EPSG:32611, is {code!r}")
    height, width = (int(side) for side in fields.numbers("proj:shape", 2))
    if height < 1 or width < 1:
        raise fields.fault("proj:shape", "must hold two whole numbers above zero")
    a, b, c, d, e, f = fields.numbers("proj:transform", 6, 9)[:6]
    return PixelGrid(str(code).upper(), (a, b, c, d, e, f), width, height)
