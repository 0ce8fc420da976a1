"""The assets of a STAC item that are rasters on this machine, and what is said of their bands."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.scenes.stac.band_types import check_types
from local_earthengine.scenes.stac.fields import Fields, gather
from local_earthengine.scenes.stac.foreign_files import is_remote
from local_earthengine.scenes.stac.georeference import place
from local_earthengine.scenes.stac.raster import Header

_SUFFIXES: Final = (".tif", ".tiff", ".jp2", ".vrt", ".img")
_TYPES: Final = ("image/tiff", "image/vnd.stac.geotiff", "image/jp2")
_TO_DO: Final = "name a GeoTIFF relative to the item, such as ./red.tif"
_PICTURES: Final = {"thumbnail", "overview", "metadata"}


@dataclass(frozen=True)
class BandFields:
    """What an item says of one band; None where it says nothing.

    `scale` and `offset` turn pixels into `unit`; `nodata` is the value of a pixel without data.
    """

    name: str | None = None
    nodata: float | None = None
    scale: float | None = None
    offset: float | None = None
    unit: str | None = None


@dataclass(frozen=True)
class Asset:
    """A raster file under its key, with its header and its grid.

    `bands` are what is said of the file's bands, one for each.
    """

    key: str
    path: Path
    header: Header
    grid: PixelGrid
    bands: tuple[BandFields, ...]


Headers = Callable[[Path], Header]


def assets_of(item: Fields, item_assets: Mapping[str, Any]) -> dict[str, Fields]:
    """Return the fields of each asset by its key, in order.

    `item_assets` fills in what an asset does not say itself. Raise StacError, naming the file and
    the field.
    """
    assets = item.inner("assets")
    found = gather(**{key: partial(assets.inner, key) for key in assets.names()})
    return {key: _completed(fields, item_assets.get(key)) for key, fields in found.items()}


def read_assets(
    item: Fields, item_assets: Mapping[str, Any], headers: Headers
) -> tuple[Asset, ...]:
    """Return an item's rasters in order; what lies elsewhere, thumbnails and metadata are left out.

    Raise StacError, naming the file and each field, for files that are missing or differ from what
    is said of them, and for an item without any raster.
    """
    properties = item.inner("properties")
    every = assets_of(item, item_assets)
    serving = gather(**{key: partial(_serves, fields) for key, fields in every.items()})
    found = gather(
        **{
            key: partial(read_asset, key, fields, properties, headers)
            for key, fields in every.items()
            if serving[key]
        }
    )
    if not found:
        raise item.fault("assets", f"holds no raster that lies in the folder: {_TO_DO}")
    return tuple(found.values())


def read_asset(key: str, fields: Fields, properties: Fields, headers: Headers) -> Asset:
    """Return one raster; `headers` opens files. Raise StacError as `read_assets` does."""
    path = fields.file("href")
    try:
        header = headers(path)
    except EarthEngineError as why:
        raise fields.fault("href", why.message) from why
    read = gather(
        grid=partial(place, fields, properties, header),
        bands=partial(_bands_of, fields, header),
        types=partial(check_types, fields, header),
    )
    return Asset(key, path, header, read["grid"], read["bands"])


def _bands_of(fields: Fields, header: Header) -> tuple[BandFields, ...]:
    said, count = _bands(fields), len(header.dtypes)
    if not said:
        return (BandFields(),) * count
    if len(said) == 1:  # what is said of the whole asset
        return said * count
    if len(said) != count:
        words = f"{header.name} has {count} bands, its STAC item says {len(said)}"
        raise fields.fault("bands", words)
    return said


def _completed(fields: Fields, common: Any) -> Fields:
    return fields.completed(common) if isinstance(common, dict) else fields


def _serves(asset: Fields) -> bool:
    """Tell whether an asset is a local raster, by role and media type, else by its name.

    It may be of a kind that is then refused.
    """
    roles = asset.get("roles") or []
    href = asset.text("href")
    if is_remote(href) or (isinstance(roles, list) and _PICTURES & set(map(str, roles))):
        return False
    kind = asset.get("type")
    if kind is not None:
        return asset.text("type").partition(";")[0].strip().lower() in _TYPES
    return href.partition("?")[0].partition("#")[0].lower().endswith(_SUFFIXES)


def _bands(asset: Fields) -> tuple[BandFields, ...]:
    """Read STAC 1.1's `bands`, or 1.0's `raster:bands` and `eo:bands`, which go side by side."""
    rasters = asset.objects("bands") or asset.objects("raster:bands")
    names = asset.objects("bands") or asset.objects("eo:bands")
    if not rasters and not names:
        own = _band(asset, None)
        return () if own == BandFields() else (own,)
    if rasters and names and len(rasters) != len(names):
        raise asset.fault("raster:bands", "must hold as many bands as eo:bands")
    count = len(rasters or names)
    return tuple(
        _band(
            rasters[i].beside(asset) if rasters else asset,
            _name(names[i]) if names else None,
        )
        for i in range(count)
    )


def _name(band: Fields) -> str | None:
    return None if band.get("name") is None else band.text("name")


def _band(fields: Fields, name: str | None) -> BandFields:
    scale, offset = (
        fields.optional_number(f"raster:{one}" if f"raster:{one}" in fields.names() else one)
        for one in ("scale", "offset")
    )
    unit = None if fields.get("unit") is None else fields.text("unit")
    return BandFields(name, fields.optional_number("nodata"), scale, offset, unit)
