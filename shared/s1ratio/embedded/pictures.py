"""A picture and a QGIS style beside each GeoTIFF of a run, of its first band."""

from pathlib import Path
from typing import Final

from s1ratio.embedded.whole_file import write_whole
from s1ratio.pictures.drawing import draw_picture
from s1ratio.pictures.overview import read_overview
from s1ratio.pictures.qgis_style import write_style
from s1ratio.pictures.scales import SCALES
from s1ratio.pictures.subject import Subject

_BAND: Final = 1  # what a file is asked for first: its first product's first statistic


def write_picture(path: Path, bands: tuple[str, ...], subject: Subject) -> Path:
    """Write NAME.png beside a raster of these bands; return its path.

    Raises OSError, rasterio's RasterioError if it can't be read.
    """
    picture = path.with_suffix(".png")
    drawn = draw_picture(read_overview(path, _BAND), SCALES[bands[_BAND - 1]], subject)
    write_whole(picture, drawn)
    return picture


def write_qgis_style(path: Path, bands: tuple[str, ...], subject: Subject) -> Path:
    """Write NAME.qml beside a raster, where QGIS looks for it; return its path. Raises OSError."""
    style = path.with_suffix(".qml")
    write_whole(style, write_style(SCALES[bands[_BAND - 1]], subject, _BAND))
    return style
