"""A STAC item of any collection as an image: its rasters as bands, its fields as properties.

Pixels are the file's numbers, as Earth Engine's catalogues hold them: a scale and an offset that
the item states are not applied, they are properties (`red_scale`, `red_offset`, `red_unit`).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.scene import Scene, SceneBand
from local_earthengine.scenes.sentinel1_collections import milliseconds
from local_earthengine.scenes.stac.asset import Asset, BandFields
from local_earthengine.scenes.stac.footprints import outline_of_raster
from local_earthengine.scenes.stac.item import Item
from local_earthengine.scenes.stac.raster import FileBand, Header


@dataclass(frozen=True)
class _Band:
    """One band of a file with what its item says; `alone` if it is the file's only one."""

    key: str
    name: str
    alone: bool
    dtype: str
    said: BandFields
    file: FileBand


def scene_of(item: Item) -> Scene:
    """Return the image of an item.

    Raise EarthEngineError (400) where bands can't be told apart.
    """
    bands = _named([band for asset in item.assets for band in _bands(asset)])
    properties = {**item.properties, **_said(bands), **_times(item)}
    return Scene(
        item.id.rpartition("/")[2],
        item.asset_id,
        tuple(SceneBand(b.name, b.dtype, b.file.grid, b.file.read) for b in bands),
        item.outline or outline_of_raster(bands[0].file.grid),
        properties,
    )


def _bands(asset: Asset) -> Iterator[_Band]:
    found, said = asset.header, asset.bands
    names = _names(asset.key, said, found)
    for i, one in enumerate(said):
        file = FileBand(asset.path, i + 1, asset.grid, one.nodata, found.transform is not None)
        yield _Band(asset.key, names[i], len(said) == 1, found.dtypes[i], one, file)


def _names(key: str, said: tuple[BandFields, ...], found: Header) -> list[str]:
    """Return the asset's key for one band; for several the item's names, the file's, or numbers."""
    if len(said) == 1:
        return [key]
    for names in ([one.name for one in said], list(found.descriptions)):
        known = [name for name in names if name]
        if len(set(known)) == len(said):
            return known
    return [f"{key}_{i + 1}" for i in range(len(said))]


def _named(bands: list[_Band]) -> list[_Band]:
    """Make names differ: bands of a file of several get its key before a name that is taken.

    Raise EarthEngineError where even that does not tell them apart.
    """
    taken = Counter(band.name for band in bands)
    own = [
        band
        if band.alone or taken[band.name] == 1
        else replace(band, name=f"{band.key}_{band.name}")
        for band in bands
    ]
    twice = [name for name, times in Counter(band.name for band in own).items() if times > 1]
    if twice:
        raise EarthEngineError(f"Several bands of the STAC item are named '{twice[0]}'.")
    return own


def _said(bands: list[_Band]) -> dict[str, Any]:
    every = {
        f"{band.name}_{field}": getattr(band.said, field)
        for band in bands
        for field in ("scale", "offset", "unit")
    }
    return {name: value for name, value in every.items() if value is not None}


def _times(item: Item) -> dict[str, int]:
    times = {"system:time_start": item.start, "system:time_end": item.end}
    return {name: milliseconds(time) for name, time in times.items() if time is not None}
