"""What a STAC item of a Sentinel-1 scene says of it, checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from shapely import MultiPolygon, Polygon

from local_earthengine.scenes.fleet import PLATFORMS
from local_earthengine.scenes.sentinel1_collections import POLARISATIONS
from local_earthengine.scenes.stac.asset import Asset, Headers, assets_of, read_asset
from local_earthengine.scenes.stac.fields import Fields, gather
from local_earthengine.scenes.stac.item import kept, outline_of, start_of
from local_earthengine.scenes.stac.raster import FileBand

_UNITS: Final = ("1", "dB")
_DIRECTIONS: Final = ("ascending", "descending")


@dataclass(frozen=True)
class Raster:
    """An asset's first band: its file, and the unit ("1", "dB" or "deg") of what it holds.

    That is a number of the file times `scale`, plus `offset`.
    """

    file: FileBand
    unit: str
    scale: float = 1.0
    offset: float = 0.0


@dataclass(frozen=True)
class Sentinel1Item:
    """One Sentinel-1 scene of a STAC catalogue, taken at `time` (UTC).

    `backscatter` holds the rasters by polarisation ("VV", ...); `angle` is a raster, or one
    incidence angle in degrees for the whole scene. `orbit` is the absolute orbit, if stated;
    `properties` are those of the item that an image can hold.
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
    backscatter: Mapping[str, Raster]
    angle: Raster | float
    properties: Mapping[str, Any]


def is_sentinel1(properties: Fields) -> bool:
    """Tell whether an item's properties are those of a Sentinel-1 radar scene."""
    names = (str(properties.get(name, "")).lower() for name in ("platform", "constellation"))
    said = any(name.startswith("sentinel-1") for name in names)
    return said and any(name.startswith("sar:") for name in properties.names())


def read_sentinel1(
    fields: Fields, item_assets: Mapping[str, Any], headers: Headers
) -> Sentinel1Item:
    """Return the scene of an item's document; `item_assets` and `headers` as `read_item` has them.

    Raise StacError naming the file and every field that is wrong.
    """
    properties = fields.inner("properties")
    return Sentinel1Item(
        path=fields.path,
        **gather(
            id=partial(fields.text, "id"),
            time=partial(_time, properties),
            footprint=partial(_footprint, fields),
            platform=partial(_platform, properties),
            relative_orbit=partial(properties.integer, "sat:relative_orbit", 1, 175),
            orbit=partial(properties.optional_integer, "sat:absolute_orbit", 1, 10_000_000),
            direction=partial(_direction, properties),
            mode=partial(properties.text, "sar:instrument_mode"),
            backscatter=partial(_rasters, fields, item_assets, headers),
            angle=partial(_angle, fields, item_assets, headers),
            properties=partial(kept, properties),
        ),
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


def _direction(properties: Fields) -> str:
    return properties.choice("sat:orbit_state", _DIRECTIONS).upper()


def _rasters(fields: Fields, item_assets: Mapping[str, Any], headers: Headers) -> dict[str, Raster]:
    """Return the backscatter assets by polarisation, in Earth Engine's order."""
    assets = {key.upper(): one for key, one in assets_of(fields, item_assets).items()}
    properties = fields.inner("properties")
    found = gather(
        **{
            name: partial(_backscatter, name.lower(), assets[name], properties, headers)
            for name in POLARISATIONS
            if name in assets
        }
    )
    if not found:
        raise fields.fault("assets", "holds none of vv, vh, hh, hv")
    return found


def _backscatter(key: str, asset: Fields, properties: Fields, headers: Headers) -> Raster:
    read = gather(
        asset=partial(read_asset, key, asset, properties, headers), unit=partial(_unit, asset)
    )
    return _first_band(read["asset"], read["unit"])


def _first_band(asset: Asset, unit: str) -> Raster:
    said, header = asset.bands[0], asset.header
    file = FileBand(asset.path, 1, asset.grid, said.nodata, header.transform is not None)
    scale = header.scales[0] if said.scale is None else said.scale
    offset = header.offsets[0] if said.offset is None else said.offset
    return Raster(file, unit, scale, offset)


def _unit(asset: Fields) -> str:
    """Return the unit: the first band's, in STAC 1.1 or 1.0, else that of the whole asset."""
    bands = asset.objects("bands") or asset.objects("raster:bands")
    said = next((one for one in (*bands[:1], asset) if one.says("unit")), asset)
    return said.choice("unit", _UNITS)


def _angle(fields: Fields, item_assets: Mapping[str, Any], headers: Headers) -> Raster | float:
    properties, assets = fields.inner("properties"), assets_of(fields, item_assets)
    if "angle" in assets:
        return _first_band(read_asset("angle", assets["angle"], properties, headers), "deg")
    degrees = properties.optional_number("view:incidence_angle")
    if degrees is None or not 0 <= degrees <= 90:
        words = "must be a number of degrees, 0 to 90, where there is no angle asset"
        raise properties.fault("view:incidence_angle", words)
    return degrees
