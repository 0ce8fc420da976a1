"""Static STAC catalogues in a folder: one's own scenes of any sensor, under their own ids."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from functools import cache, partial
from pathlib import Path
from typing import Any, Final

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.catalog import (
    Bounds,
    unknown_collection,
    unknown_image,
    wrong_type,
)
from local_earthengine.scenes.scene import Scene
from local_earthengine.scenes.stac.asset import Headers
from local_earthengine.scenes.stac.fields import Fields, StacError, gather, parse
from local_earthengine.scenes.stac.foreign_files import RefusedFile, check_document
from local_earthengine.scenes.stac.item import Item, read_item
from local_earthengine.scenes.stac.raster import header
from local_earthengine.scenes.stac.scene import scene_of
from local_earthengine.scenes.stac.sentinel1_fields import is_sentinel1, read_sentinel1
from local_earthengine.scenes.stac.sentinel1_scenes import Sentinel1Scenes

_NEVER: Final = datetime.max.replace(tzinfo=UTC)


class StacCatalog:
    """The items under a folder, each collection under its id; items of none are images alone.

    Every *.json below the folder that is a STAC item (a GeoJSON Feature with a `stac_version`)
    or a Collection counts, whatever links to it. Sentinel-1 items serve COPERNICUS/S1_GRD and
    COPERNICUS/S1_GRD_FLOAT as well. Every raster's header is read and compared with its item.
    Raises StacError, naming file and field of all that is wrong, or for a folder without items.
    """

    def __init__(self, folder: Path) -> None:
        documents, faults = _documents(folder)
        known = {str(one.get("id")): one for one in documents if _is(one, "Collection")}
        self._collections: dict[str, list[Item]] = {name: [] for name in known}
        self._images: dict[str, Item] = {}
        self._scenes: dict[str, Scene] = {}
        self._sentinel1 = Sentinel1Scenes()
        headers = cache(header)
        for fields in documents:
            if _is(fields, "Feature"):
                try:
                    self._add(fields, _item_assets(known, fields), headers)
                except StacError as fault:
                    faults.extend(fault.faults)
        if not (faults or self._images):
            faults.append(f"{folder}: holds no STAC item (a *.json of type Feature)")
        if faults:
            raise StacError(*faults)
        for items in self._collections.values():
            items.sort(key=lambda item: (item.start or _NEVER, item.id))

    def _add(self, fields: Fields, item_assets: Mapping[str, Any], headers: Headers) -> None:
        """Take in an item; raise StacError with all that is wrong with it."""
        radar = is_sentinel1(fields.inner("properties"))
        read = gather(
            item=partial(read_item, fields, item_assets, headers),
            radar=partial(read_sentinel1, fields, item_assets, headers) if radar else lambda: None,
        )
        item: Item = read["item"]
        taken = (item.asset_id in self._images, item.asset_id in self._collections)
        if any(taken) or item.collection in self._images:
            name = item.asset_id if any(taken) else item.collection
            raise fields.fault("id", f"{name!r} is the id of another item or collection")
        try:
            self._scenes[item.asset_id] = scene_of(item)
        except EarthEngineError as why:
            raise fields.fault("assets", why.message) from why
        self._images[item.asset_id] = item
        if item.collection is not None:
            self._collections.setdefault(item.collection, []).append(item)
        if radar:
            self._sentinel1.add(read["radar"])

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,  # noqa: ARG002 - a small catalogue needs no hint
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        """Return the scenes in order of time, those without one last.

        Raise EarthEngineError (400) for an unknown id.
        """
        if self._sentinel1.serves(asset_id):
            return self._sentinel1.between(asset_id, start, end)
        items = self._collections.get(asset_id)
        if items is None:
            if asset_id in self._images:
                raise wrong_type("ImageCollection.load", asset_id, "ImageCollection", "Image")
            raise unknown_collection(asset_id)
        return [self._scenes[item.asset_id] for item in items if _within(item, start, end)]

    def image(self, asset_id: str) -> Scene:
        """Return the scene of a full id. Raise EarthEngineError (400) for an unknown one."""
        folder, _, index = asset_id.rpartition("/")
        radar = self._sentinel1.scene(folder, index)
        if radar is not None:
            return radar
        scene = self._scenes.get(asset_id)
        if scene is not None:
            return scene
        if asset_id in self._collections or self._sentinel1.serves(asset_id):
            raise wrong_type("Image.load", asset_id, "Image", "ImageCollection")
        raise unknown_image(asset_id)


def _documents(folder: Path) -> tuple[list[Fields], list[str]]:
    """Return the STAC documents under a folder, in order of their paths, and what is wrong."""
    if not folder.is_dir():
        raise StacError(f"{folder}: is no folder")
    documents: list[Fields] = []
    faults: list[str] = []
    for path in sorted(folder.rglob("*.json")):
        try:
            document = _document(path, folder)
        except StacError as fault:
            faults.extend(fault.faults)
            continue
        if document is not None:
            documents.append(document)
    return documents, faults


def _document(path: Path, folder: Path) -> Fields | None:
    """Return a file as a STAC document; None if it is other JSON."""
    try:
        check_document(path, folder)
    except RefusedFile as why:
        raise StacError(f"{path}: document: {why}") from why
    document = parse(path)
    if not (isinstance(document, dict) and "stac_version" in document):
        return None
    fields = Fields(path, document, folder=folder)
    if _is(fields, "Collection"):
        fields.text("id")
    return fields


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
