"""One image of the parts of a split task: a GDAL virtual raster that refers to their files."""

from collections.abc import Sequence
from pathlib import Path
from xml.etree import ElementTree as Xml

import rasterio

from s1ratio.embedded.whole_file import write_whole

_TYPES = {"float32": "Float32", "float64": "Float64"}


def write_mosaic(
    path: Path,
    transform: Sequence[float],
    shape: tuple[int, int],
    files: Sequence[Path],
) -> Path:
    """Write a VRT of files that lie on one lattice; return its path.

    `transform` (xScale, xShear, xOrigin, yShear, yScale, yOrigin) and `shape` (height, width) are
    the whole's; crs, bands and no data value are the files'. Files below the VRT's folder are
    named relative to it, so that the folder may be moved.
    """
    height, width = shape
    x_scale, x_shear, x, y_shear, y_scale, y = transform
    root = Xml.Element("VRTDataset", rasterXSize=str(width), rasterYSize=str(height))
    with rasterio.open(files[0]) as first:
        _text(root, "SRS", first.crs.to_wkt())
        numbers = (x, x_scale, x_shear, y, y_shear, y_scale)  # in GDAL's order
        _text(root, "GeoTransform", ", ".join(map(repr, numbers)))
        bands = [
            _band(root, number, first.dtypes[number - 1], first.nodata, name)
            for number, name in enumerate(first.descriptions, 1)
        ]
    for file in files:
        _add(bands, path.parent, file, transform)
    write_whole(path, Xml.tostring(root, encoding="utf-8"))
    return path


def _band(
    root: Xml.Element, number: int, dtype: str, no_data: float | None, name: str | None
) -> Xml.Element:
    band = Xml.SubElement(root, "VRTRasterBand", dataType=_TYPES[dtype], band=str(number))
    if name:
        _text(band, "Description", name)
    if no_data is not None:
        _text(band, "NoDataValue", repr(no_data))
    return band


def _add(
    bands: Sequence[Xml.Element], folder: Path, file: Path, transform: Sequence[float]
) -> None:
    """Add a file to each band, where it lies in the whole."""
    with rasterio.open(file) as part:
        size = {"xSize": str(part.width), "ySize": str(part.height)}
        column = round((part.transform.c - transform[2]) / transform[0])
        row = round((part.transform.f - transform[5]) / transform[4])
    within = file.is_relative_to(folder)
    name = file.relative_to(folder).as_posix() if within else str(file.resolve())
    for number, band in enumerate(bands, 1):
        source = Xml.SubElement(band, "SimpleSource")
        _text(source, "SourceFilename", name, relativeToVRT=str(int(within)))
        _text(source, "SourceBand", str(number))
        Xml.SubElement(source, "SrcRect", {"xOff": "0", "yOff": "0"} | size)
        Xml.SubElement(source, "DstRect", {"xOff": str(column), "yOff": str(row)} | size)


def _text(parent: Xml.Element, name: str, text: str, **attributes: str) -> None:
    Xml.SubElement(parent, name, attributes).text = text
