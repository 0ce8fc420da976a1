"""Static STAC catalogues in a folder: one's own scenes of any sensor, under their own ids."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from local_earthengine.scenes.catalog import (
    Bounds,
    unknown_collection,
    unknown_image,
    wrong_type,
)
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.stac.fields import Fields, StacError, parse
from local_earthengine.scenes.stac.foreign_files import RefusedFile, check_document
from local_earthengine.scenes.stac.item import Item, read_item
from local_earthengine.scenes.stac.scene import scene_of
from local_earthengine.scenes.stac.sentinel1_fields import (
    Sentinel1Item,
    is_sentinel1,
    read_sentinel1,
)
from local_earthengine.scenes.stac.sentinel1_scenes import Sentinel1Scenes

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class StacCatalog:
    """The items under a folder, each collection under its id; items of none are images alone.

    Every *.json below the folder that is a STAC item (a GeoJSON Feature with a `stac_version`)
    or a Collection counts, whatever links to it. Sentinel-1 items serve COPERNICUS/S1_GRD and
    COPERNICUS/S1_GRD_FLOAT as well.
    Raises StacError, naming the file and the field, for a folder without items or a bad item.
    """

    def __init__(self, folder: Path) -> None:
        documents = list(_documents(folder))
        known = {fields.text("id"): fields for fields in documents if _is(fields, "Collection")}
        self._collections: dict[str, list[Item]] = {name: [] for name in known}
        self._images: dict[str, Item] = {}
        self._scenes: dict[str, Scene] = {}
        radar: list[Sentinel1Item] = []
        for fields in documents:
            if _is(fields, "Feature"):
                if is_sentinel1(fields.inner("properties")):
                    radar.append(read_sentinel1(fields))
                self._add(fields, read_item(fields, _item_assets(known, fields)))
        if not self._images:
            raise StacError(f"{folder}: holds no STAC item (a *.json of type Feature)")
        self._sentinel1 = Sentinel1Scenes(radar)
        for items in self._collections.values():
            items.sort(key=lambda item: (item.start or _NEVER, item.id))

    def _add(self, fields: Fields, item: Item) -> None:
        taken = (item.asset_id in self._images, item.asset_id in self._collections)
        if any(taken) or item.collection in self._images:
            name = item.asset_id if any(taken) else item.collection
            raise fields.fault("id", f"{name!r} is the id of another item or collection")
        self._images[item.asset_id] = item
        if item.collection is not None:
            self._collections.setdefault(item.collection, []).append(item)

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,  # noqa: ARG002 - a small catalogue needs no hint
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        """Return the scenes in order of time, those without one last.

        Raise EarthEngineError (400) for an unknown id and for a raster that can't be read.
        """
        if self._sentinel1.serves(asset_id):
            return self._sentinel1.between(asset_id, start, end)
        items = self._collections.get(asset_id)
        if items is None:
            if asset_id in self._images:
                raise wrong_type("ImageCollection.load", asset_id, "ImageCollection", "Image")
            raise unknown_collection(asset_id)
        return [self._scene(item) for item in items if _within(item, start, end)]

    def image(self, asset_id: str) -> Scene:
        """Return the scene of a full id. Raise EarthEngineError (400) for an unknown one."""
        folder, _, index = asset_id.rpartition("/")
        radar = self._sentinel1.scene(folder, index)
        if radar is not None:
            return radar
        item = self._images.get(asset_id)
        if item is not None:
            return self._scene(item)
        if asset_id in self._collections or self._sentinel1.serves(asset_id):
            raise wrong_type("Image.load", asset_id, "Image", "ImageCollection")
        raise unknown_image(asset_id)

    def _scene(self, item: Item) -> Scene:
        """Return an item's scene; its files' headers are read once."""
        known = self._scenes.get(item.asset_id)
        return known or self._scenes.setdefault(item.asset_id, scene_of(item))


def _documents(folder: Path) -> Iterator[Fields]:
    """Yield the STAC documents under a folder, in order of their paths."""
    if not folder.is_dir():
        raise StacError(f"{folder}: is no folder")
    for path in sorted(folder.rglob("*.json")):
        try:
            check_document(path, folder)
        except RefusedFile as why:
            raise StacError(f"{path}: document: {why}") from why
        document = parse(path)
        if isinstance(document, dict) and "stac_version" in document:
            yield Fields(path, document, folder=folder)


def _is(fields: Fields, kind: str) -> bool:
    return bool(fields.get("type") == kind)


def _item_assets(known: Mapping[str, Fields], item: Fields) -> Mapping[str, Any]:
    collection = known.get(str(item.get("collection")))
    if collection is None or collection.get("item_assets") is None:
        return {}
    fields = collection.inner("item_assets")
    return {name: fields.get(name) for name in fields.names()}


def _within(item: Item, start: datetime | None, end: datetime | None) -> bool:
    if item.start is None:
        return start is None and end is None
    return (start is None or item.start >= start) and (end is None or item.start < end)
