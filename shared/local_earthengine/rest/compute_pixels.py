"""image:computePixels: pixels at once, as a numpy file or a GeoTIFF, within limits."""

from __future__ import annotations

import io
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Any, Final, Literal

import numpy as np
from pydantic import Field
from pyproj.database import get_codes
from pyproj.enums import PJType

from local_earthengine.batch.exporter import TILE
from local_earthengine.batch.geotiff import common_layout, write_geotiff
from local_earthengine.engine import Engine, render
from local_earthengine.errors import EarthEngineError
from local_earthengine.geo.pixelgrid import PixelGrid
from local_earthengine.values.export_grid import export_grid
from local_earthengine.values.image import Image
from local_earthengine.wire.messages import Message, parsed

_MAX_BYTES: Final = 50_331_648
_MAX_SIDE: Final = 32_768
_CRS: Final = r"(?i)EPSG:\d{4,6}"


@cache
def _epsg_codes() -> frozenset[int]:
    """Return the coordinate reference systems that there are."""
    kinds = (PJType.PROJECTED_CRS, PJType.GEOGRAPHIC_2D_CRS)
    return frozenset(int(code) for kind in kinds for code in get_codes("EPSG", kind))


Side = Annotated[int, Field(gt=0)]


class _Dimensions(Message):
    width: Side
    height: Side


class _AffineTransform(Message):
    scale_x: float = 0.0
    shear_x: float = 0.0
    translate_x: float = 0.0
    shear_y: float = 0.0
    scale_y: float = 0.0
    translate_y: float = 0.0


class _Grid(Message):
    dimensions: _Dimensions
    affine_transform: _AffineTransform
    crs_code: Annotated[str, Field(pattern=_CRS)]

    @property
    def pixels(self) -> PixelGrid:
        """The grid. Raises EarthEngineError for one that does not exist."""
        if int(self.crs_code[5:]) not in _epsg_codes():
            raise EarthEngineError(f"The CRS of a map projection '{self.crs_code}' is unknown.")
        t = self.affine_transform
        if t.scale_x * t.scale_y == t.shear_x * t.shear_y:
            raise EarthEngineError("Invalid value at 'grid.affineTransform': cannot be inverted.")
        scales = (t.scale_x, t.shear_x, t.translate_x, t.shear_y, t.scale_y, t.translate_y)
        return PixelGrid(
            self.crs_code.upper(), scales, self.dimensions.width, self.dimensions.height
        )


class _Request(Message):
    expression: dict[str, Any]
    file_format: Literal["NPY", "GEO_TIFF"]
    grid: _Grid | None = None
    band_ids: tuple[str, ...] = ()
    workload_tag: str = ""


def compute_pixels(engine: Engine, body: Mapping[str, Any]) -> tuple[bytes, str]:
    """Return the pixels that a request's body asks for: (file, content type).

    An NPY file holds a structured array of shape (height, width), a field a band, masked
    pixels 0; a GeoTIFF has NaN there. Raise EarthEngineError (400).
    """
    request = parsed(_Request, body)
    image = _selected(engine.image(request.expression), request.band_ids)
    grid = request.grid.pixels if request.grid else export_grid(image)
    _check(grid, image)
    if request.file_format == "NPY":
        return _npy(image, grid), "application/octet-stream"
    return _geotiff(image, grid), "image/tiff"


def _selected(image: Image, names: tuple[str, ...]) -> Image:
    bands = {band.name: band for band in image.bands}
    missing = [name for name in names if name not in bands]
    if missing:
        raise EarthEngineError(
            f"Band '{missing[0]}' does not exist. Available bands: [{', '.join(bands)}]."
        )
    return image.with_bands([bands[name] for name in names]) if names else image


def _check(grid: PixelGrid, image: Image) -> None:
    if not image.bands:
        raise EarthEngineError("Image.computePixels: the image has no bands.")
    if max(grid.shape) > _MAX_SIDE:
        raise EarthEngineError(
            f"Pixel grid dimensions ({grid.width}x{grid.height}) must be less than or equal to "
            f"{_MAX_SIDE}."
        )
    size = grid.width * grid.height * sum(band.type.dtype.itemsize for band in image.bands)
    if size > _MAX_BYTES:
        raise EarthEngineError(
            f"Total request size ({size} bytes) must be less than or equal to {_MAX_BYTES} bytes."
        )


def _npy(image: Image, grid: PixelGrid) -> bytes:
    fields = [(band.name, band.type.dtype) for band in image.bands]
    array = np.zeros(grid.shape, fields)
    for tile, pixels in render(image, grid, TILE):
        col, row = grid.offset(tile) or (0, 0)
        place = np.s_[row : row + tile.height, col : col + tile.width]
        for name, dtype in fields:
            band = pixels[name]
            array[name][place] = np.where(band.valid, band.values, 0).astype(dtype)
    buffer = io.BytesIO()
    np.save(buffer, array)
    return buffer.getvalue()


def _geotiff(image: Image, grid: PixelGrid) -> bytes:
    layout = common_layout({band.name: band.type.dtype for band in image.bands}, None, 256, False)
    with TemporaryDirectory() as folder:
        path = Path(folder) / "pixels.tif"
        write_geotiff(path, grid, layout, render(image, grid, TILE))
        return path.read_bytes()
