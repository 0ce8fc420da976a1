"""Images: named bands, each a node of the pixel graph with the projection it came in."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.geometry import Geometry, from_lonlat
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.geo.pixeltype import DOUBLE, PixelType, integer
from local_earthengine.geo.projection import WGS84, Projection
from local_earthengine.pixels.array_nodes import ArrayConstant
from local_earthengine.pixels.node import Node
from local_earthengine.pixels.sources import Constant, SceneSource
from local_earthengine.scenes.scene import Scene
from local_earthengine.values.array import Array
from local_earthengine.values.element import ID, INDEX, Element


@dataclass(frozen=True, eq=False)
class Band:
    """A name for a node; `grid` is where its pixels lie in the projection, if they have an end."""

    name: str
    node: Node
    projection: Projection = WGS84
    grid: PixelGrid | None = None

    @property
    def type(self) -> PixelType:
        """The Earth Engine type of its pixels."""
        return replace(self.node.kind, dimensions=self.node.dimensions)


@dataclass(frozen=True, eq=False)
class Image(Element):
    """Bands in order, with properties.

    `footprint` is where pixels can be (None: everywhere); `extent` the exact grid that
    clipToBoundsAndScale gave it, which is what an export writes.
    """

    bands: tuple[Band, ...] = ()
    footprint: Geometry | None = None
    extent: PixelGrid | None = None

    @property
    def geometry(self) -> Geometry | None:
        """The footprint."""
        return self.footprint

    @property
    def band_names(self) -> list[str]:
        """In order."""
        return [band.name for band in self.bands]

    def get(self, name: str) -> Any:
        """Return a property; images also answer system:band_names."""
        return self.band_names if name == "system:band_names" else super().get(name)

    def with_bands(self, bands: Sequence[Band]) -> Image:
        """Return the same image, properties kept, with other bands."""
        return replace(self, bands=tuple(bands))

    @property
    def projection(self) -> Projection:
        """That of its bands, if they agree; EarthEngineError if not, or if there is no band."""
        if not self.bands:
            raise EarthEngineError("Image.projection: The image has no bands.")
        found = {band.projection for band in self.bands}
        if len(found) > 1:
            raise EarthEngineError(
                "Image.projection: The bands of the specified image contains different "
                "projections. Use Image.select to pick a single band."
            )
        return self.bands[0].projection


def constant_band(name: str, value: float | Array) -> Band:
    """Return a number everywhere; whole numbers are integers, as JSON doesn't tell 10 from 10.0."""
    if isinstance(value, Array):
        return Band(name, ArrayConstant(value.kind, value.values))
    if float(value).is_integer() and abs(value) < 2**63:
        return Band(name, Constant(integer(int(value), int(value)), int(value)))
    return Band(name, Constant(DOUBLE, value))


def constant(values: Sequence[float | Array]) -> Image:
    """Return an image of numbers or arrays: `constant`, or `constant_0`, `constant_1`, ..."""
    if len(values) == 1:
        return Image(bands=(constant_band("constant", values[0]),))
    return Image(bands=tuple(constant_band(f"constant_{i}", v) for i, v in enumerate(values)))


def of_scene(scene: Scene) -> Image:
    """Return a catalogue's scene."""
    bands = (
        Band(
            band.name, SceneSource(band), Projection(band.grid.crs, band.grid.transform), band.grid
        )
        for band in scene.bands
    )
    own = {INDEX: scene.index, ID: scene.asset_id}
    return Image({**scene.properties, **own}, tuple(bands), from_lonlat(scene.footprint))
