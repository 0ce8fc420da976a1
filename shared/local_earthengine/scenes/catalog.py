"""What the evaluator asks of a source of scenes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from local_earthengine.errors import EarthEngineError
from local_earthengine.scenes.scene import Scene

# West, south, east, north in degrees; east may exceed 180 where a box crosses the antimeridian.
Bounds = tuple[float, float, float, float]


class Endless(EarthEngineError):
    """A refusal of a collection that should not be listed whole: bounds or a period are missing.

    `archive` is all the time that it spans, where its bounds alone would do: who knows of no
    narrower period asks again with that one.
    """

    def __init__(self, message: str, archive: tuple[datetime, datetime] | None = None) -> None:
        super().__init__(message)
        self.archive = archive


class Catalog(Protocol):
    """A source of images and of collections of them."""

    def collection(
        self,
        asset_id: str,
        *,
        bounds: Bounds | None = None,
        start: datetime | None = None,
        end: datetime | None = None,
    ) -> Sequence[Scene]:
        """Return the scenes of a collection, in order of time.

        The hints come from the filters of the expression: scenes outside the bounds, or
        outside `start` <= time < `end` (UTC), may be left out. Every filter is applied to the
        answer all the same, so a hint never changes a result.
        Raises EarthEngineError (400) for an unknown id, and Endless where a hint is
        indispensable: it is asked again if filters further on tell one, or for its archive.
        """
        ...

    def image(self, asset_id: str) -> Scene:
        """Return one image by its full id: its collection's, a slash, its index.

        It may have an id of its own instead.

        Raise EarthEngineError (400) for an unknown id.
        """
        ...


def unknown_collection(asset_id: str) -> EarthEngineError:
    """Return Earth Engine's refusal of a collection's id that the catalogue does not hold."""
    return EarthEngineError(
        f"ImageCollection.load: ImageCollection asset '{asset_id}' not found "
        "(does not exist or caller does not have access)."
    )


def unknown_image(asset_id: str) -> EarthEngineError:
    """Return Earth Engine's refusal of an image's id that the catalogue does not hold."""
    return EarthEngineError(
        f"Image.load: Image asset '{asset_id}' not found "
        "(does not exist or caller does not have access)."
    )


def wrong_type(algorithm: str, asset_id: str, expected: str, found: str) -> EarthEngineError:
    """Return Earth Engine's refusal of an asset that is there and is of another type."""
    article = "an" if expected[0] in "AEIOU" else "a"
    return EarthEngineError(
        f"{algorithm}: Expected asset '{asset_id}' to be {article} {expected}, found '{found}'."
    )
