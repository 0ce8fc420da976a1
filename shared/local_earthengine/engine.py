"""The local Earth Engine's front: expressions in, JSON or pixels out."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, Final

from pyproj.exceptions import ProjError
from shapely.errors import GEOSException

import local_earthengine.algorithms  # noqa: F401 - registers them
from local_earthengine.errors import EarthEngineError
from local_earthengine.expression.context import Context
from local_earthengine.expression.encoding import to_json
from local_earthengine.expression.evaluator import Evaluator
from local_earthengine.expression.registry import invoke
from local_earthengine.geo.lattice import Window, view_of
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.pixels.executor import Executor
from local_earthengine.pixels.node import Pixels
from local_earthengine.scenes.catalog import Catalog
from local_earthengine.values.image import Image

# A median of 21 x 21 pixels reads 8 % more than it gives at this size, and 40 scenes fit memory.
TILE: Final = 512


class Engine:
    """Evaluates expressions over a catalogue of scenes; may be shared by threads."""

    def __init__(self, catalog: Catalog) -> None:
        self._catalog = catalog

    def compute(self, expression: Mapping[str, Any]) -> Any:
        """Return the value of an expression as JSON.

        Raise EarthEngineError for whatever is wrong with it.
        """
        with _refusals():
            return to_json(self._value(expression))

    def image(self, expression: Mapping[str, Any]) -> Image:
        """Return the image that an expression describes, no pixel computed.

        Raise EarthEngineError if none.
        """
        with _refusals():
            value = self._value(expression)
        if not isinstance(value, Image):
            raise EarthEngineError("The expression does not evaluate to an image.")
        return value

    def _value(self, expression: Mapping[str, Any]) -> Any:
        context = Context(self._catalog)
        return Evaluator(expression, lambda name, given: invoke(name, given, context)).result()


@contextmanager
def _refusals() -> Iterator[None]:
    """Turn what the libraries raise for senseless geometries, and for depth, into refusals."""
    try:
        yield
    except RecursionError:
        raise EarthEngineError("The expression is nested too deeply.") from None
    except (GEOSException, ProjError) as error:
        raise EarthEngineError(f"Invalid geometry: {error}") from None


def check_scalar(image: Image) -> None:
    """Raise EarthEngineError, naming the bands, for array pixels: no raster holds them."""
    found = [band.name for band in image.bands if band.node.dimensions]
    if found:
        raise EarthEngineError(
            f"Exporting array images is not supported: the bands [{', '.join(found)}] have array "
            "pixels. Take their elements as bands with arrayGet or arrayFlatten."
        )


def render(
    image: Image, grid: PixelGrid, tile: int = TILE
) -> Iterator[tuple[PixelGrid, dict[str, Pixels]]]:
    """Yield the image's pixels on a grid, tile by tile, row by row from the top.

    Gives each tile's grid and, by band, values and masks of shape (height, width). Memory is
    bounded by the tile and the number of scenes, never by the grid.
    """
    check_scalar(image)
    whole = view_of(grid)
    executor = Executor([band.node for band in image.bands])
    for row in range(0, grid.height, tile):
        for col in range(0, grid.width, tile):
            size = min(tile, grid.width - col), min(tile, grid.height - row)
            view = whole.on(Window(col, row, *size))
            pixels = executor.run(view)
            yield view.grid, dict(zip(image.band_names, pixels, strict=True))
