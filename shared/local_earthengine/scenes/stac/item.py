"""One STAC item of any collection, read from a file and checked field by field."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from shapely import GEOSException, MultiPolygon, Polygon, box
from shapely.geometry import shape

from local_earthengine.geo.longitudes import TURN, wrapped
from local_earthengine.geo.rings import from_rings
from local_earthengine.scenes.stac.asset import Asset, Headers, read_assets
from local_earthengine.scenes.stac.fields import Fields, gather
from local_earthengine.scenes.stac.footprints import check_outline


@dataclass(frozen=True)
class Item:
    """One image of a STAC catalogue.

    `start` and `end` (UTC) are None where the item has no time, `outline` (degrees) where it has
    no geometry. `properties` are those that Earth Engine can hold: numbers, texts, and lists of
    either.
    """

    id: str
    collection: str | None
    start: datetime | None
    end: datetime | None
    outline: Polygon | MultiPolygon | None
    properties: Mapping[str, Any]
    assets: tuple[Asset, ...]

    @property
    def asset_id(self) -> str:
        """Its collection's id, a slash and its own; its own alone outside of collections."""
        return self.id if self.collection is None else f"{self.collection}/{self.id}"


def read_item(fields: Fields, item_assets: Mapping[str, Any], headers: Headers) -> Item:
    """Return the item of a document; `item_assets` are its collection's words on all items' assets.

    `headers` opens rasters. Raise StacError naming the file and every field that is wrong.
    """
    properties = fields.inner("properties")
    item = Item(
        **gather(
            id=partial(fields.text, "id"),
            collection=partial(_collection, fields),
            start=partial(start_of, properties),
            end=partial(_time, properties, "end_datetime"),
            outline=partial(outline_of, fields),
            properties=partial(kept, properties),
            assets=partial(read_assets, fields, item_assets, headers),
        )
    )
    check_outline(fields, item.outline, item.assets)
    return item


def _collection(fields: Fields) -> str | None:
    return fields.text("collection") if fields.says("collection") else None


def start_of(properties: Fields) -> datetime | None:
    """Return when an item begins (UTC): its start_datetime, else its datetime, else None."""
    return _time(properties, "start_datetime") or _time(properties, "datetime")


def _time(properties: Fields, name: str) -> datetime | None:
    if properties.get(name) is None:
        return None
    value = properties.text(name)
    try:
        time = datetime.fromisoformat(value)
    except ValueError:
        raise properties.fault(
            name, f"must be a time such as 2023-12-03T01:59:04Z, is {value!r}"
        ) from None
    return time if time.tzinfo else time.replace(tzinfo=UTC)


def outline_of(fields: Fields) -> Polygon | MultiPolygon | None:
    """Return an item's geometry, or else its bbox, wrapped; None if it has neither.

    A ring that jumps crosses 180 degrees, one that goes round a pole holds it; longitudes may lie
    beyond 180, and a box whose west is greater than its east crosses it.
    """
    geometry = fields.get("geometry")
    if geometry is None:
        return None if fields.get("bbox") is None else _box(fields)
    try:
        outline = from_rings(shape(geometry))
    except (GEOSException, ValueError, TypeError, AttributeError, KeyError, IndexError) as fault:
        raise fields.fault("geometry", f"is no GeoJSON geometry: {fault}") from fault
    if not isinstance(outline, Polygon | MultiPolygon) or outline.is_empty:
        raise fields.fault("geometry", "must be a Polygon or MultiPolygon with an area")
    return outline


def _box(fields: Fields) -> Polygon | MultiPolygon:
    numbers = fields.numbers("bbox", 4, 6)
    half = len(numbers) // 2
    west, south, east, north = numbers[0], numbers[1], numbers[half], numbers[half + 1]
    if east < west and (around := east + TURN - west) > TURN / 2:
        words = f"west > east leads across 180 degrees, {around:g} degrees far: {numbers}"
        advice = "swap west and east, or give a geometry if it is that wide"
        raise fields.fault("bbox", f"{words}; {advice}")
    east += TURN if east < west else 0.0
    if not 0 < east - west <= TURN or south >= north:
        raise fields.fault("bbox", f"has no area, or goes round more than once: {numbers}")
    return wrapped(box(west, south, east, north))


def kept(properties: Fields) -> dict[str, Any]:
    """Return what an image can hold of an item's properties: numbers, texts, and lists of them.

    True and false, which Earth Engine has not, become 1 and 0.
    """
    every = {name: properties.get(name) for name in properties.names()}
    return {name: _plain(value) for name, value in every.items() if _is_plain(value)}


def _is_plain(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(isinstance(one, str | int | float) for one in value)
    return isinstance(value, str | int | float)


def _plain(value: Any) -> Any:
    if isinstance(value, list):
        return [_plain(one) for one in value]
    return int(value) if isinstance(value, bool) else value
