"""What a STAC item of a Sentinel-1 scene says of it, checked field by field."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, Final

from shapely import MultiPolygon, Polygon

from local_earthengine.scenes.fleet import PLATFORMS
from local_earthengine.scenes.sentinel1_collections import POLARISATIONS
from local_earthengine.scenes.sentinel1_properties import NUMBERS, TEXTS
from local_earthengine.scenes.stac.asset import Asset, Headers, assets_of, read_asset
from local_earthengine.scenes.stac.fields import Fields, gather
from local_earthengine.scenes.stac.item import kept, outline_of, start_of
from local_earthengine.scenes.stac.raster import FileBand

_UNITS: Final = ("1", "dB")
# What the STAC extensions call properties of Earth Engine's.
_NAMES: Final = {
    "s1:datatake_id": "missionDataTakeID",
    "s1:instrument_configuration_ID": "instrumentConfigurationID",
    "s1:product_timeliness": "productTimelinessCategory",
    "s1:slice_number": "sliceNumber",
    "s1:total_slices": "totalSlices",
    "sat:platform_international_designator": "nssdcIdentifier",
}
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
    resolution: str
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
            orbit=partial(_orbit, properties),
            direction=partial(_direction, properties),
            mode=partial(properties.text, "sar:instrument_mode"),
            backscatter=partial(_rasters, fields, item_assets, headers),
            angle=partial(_angle, fields, item_assets, headers),
            resolution=partial(_resolution, fields),
            properties=partial(_own, properties),
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


def _orbit(properties: Fields) -> int | None:
    """Return the absolute orbit, under STAC's name or Earth Engine's, if it is stated."""
    known = "sat:absolute_orbit"
    name = known if properties.says(known) else "orbitNumber_start"
    return properties.optional_integer(name, 1, 10_000_000)


def _resolution(fields: Fields) -> str:
    """Return H or M: as stated, as the product's name has it, or as usual for its mode."""
    properties = fields.inner("properties")
    if properties.says("resolution"):
        return properties.choice("resolution", ("H", "M"))
    said, name = str(properties.get("s1:resolution")).lower(), str(fields.get("id"))
    if said in {"high", "medium"}:
        return said[0].upper()
    if "_GRDH_" in name:
        return "H"
    medium = "_GRDM_" in name or properties.get("sar:instrument_mode") == "EW"
    return "M" if medium else "H"


def _own(properties: Fields) -> dict[str, Any]:
    """Return what an image can hold, under Earth Engine's names too, those of Earth Engine's types.

    The STAC extension writes slices and data takes as texts.
    """
    own = kept(properties)
    where = {name: name for name in own}
    named = {ours: stac for stac, ours in _NAMES.items() if stac in own and ours not in own}
    typed = {
        ours: partial(_typed, properties, ours, stac)
        for ours, stac in (where | named).items()
        if ours in TEXTS | NUMBERS
    }
    return {**own, **gather(**typed)}


def _typed(properties: Fields, name: str, stands_in: str) -> Any:
    value = properties.get(stands_in)
    if name in TEXTS:
        if isinstance(value, bool):
            return str(value).lower()
        return properties.text(stands_in)
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    try:
        number = float(str(value))
    except ValueError:
        raise properties.fault(stands_in, f"must be a number, is {value!r}") from None
    if not math.isfinite(number):
        raise properties.fault(stands_in, f"must be a finite number, is {value!r}")
    return int(number) if number.is_integer() else number


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
