"""What a request has beside its expression: the scenes, each as one image however often loaded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime

from local_earthengine.scenes.catalog import Bounds, Catalog
from local_earthengine.scenes.scene import Scene
from local_earthengine.values.image import Image, of_scene

_Asked = tuple[str, Bounds | None, datetime | None, datetime | None]


class Context:
    """One request's view of a catalogue."""

    def __init__(self, catalog: Catalog) -> None:
        self.catalog = catalog
        self._images: dict[str, Image] = {}
        self._scenes: dict[_Asked, Sequence[Scene]] = {}

    def scenes(
        self, asset_id: str, bounds: Bounds | None, start: datetime | None, end: datetime | None
    ) -> Iterable[Image]:
        """Return a collection's images; raise EarthEngineError if the catalogue refuses it.

        A scene that two branches of an expression load is one image, and is filtered once.
        """
        asked = asset_id, bounds, start, end
        if asked not in self._scenes:
            found = self.catalog.collection(asset_id, bounds=bounds, start=start, end=end)
            self._scenes[asked] = found
        return map(self._known, self._scenes[asked])

    def image(self, asset_id: str) -> Image:
        """Return one image, the same as its collection gives.

        Raise EarthEngineError if there is none.
        """
        return self._known(self.catalog.image(asset_id))

    def _known(self, scene: Scene) -> Image:
        known = self._images.get(scene.asset_id)
        if known is None:
            known = self._images.setdefault(scene.asset_id, of_scene(scene))
        return known
