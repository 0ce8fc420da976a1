"""A picture of a composite's first band, to look at before anything is computed from it."""

from io import BytesIO
from pathlib import Path
from typing import Final

import numpy as np
import rasterio
from numpy.typing import NDArray
from PIL import Image

from s1ratio.embedded.whole_file import write_whole

_MAX_SIDE = 1200  # px
_STRETCH = (2, 98)  # percentiles
# Dark green where VH is strong (forest), through straw, to blue where it is weak (water, roofs).
_PALETTE: Final = np.array(
    [(16, 54, 33), (58, 117, 66), (168, 188, 104), (240, 226, 172), (138, 178, 200), (24, 62, 116)],
    dtype=float,
)


def write_quicklook(path: Path) -> Path:
    """Write NAME.png beside a GeoTIFF: its first band, 2 to 98 % stretched, masked see-through.

    Returns the picture's path. It is at most 1,200 pixels a side, read from the overviews.
    """
    with rasterio.open(path) as file:
        shrink = max(1.0, max(file.shape) / _MAX_SIDE)
        shape = (max(1, round(file.height / shrink)), max(1, round(file.width / shrink)))
        band = file.read(1, out_shape=shape, masked=True)
    picture = path.with_suffix(".png")
    valid = ~np.ma.getmaskarray(band) & np.isfinite(band.filled(np.nan))
    drawn = BytesIO()
    Image.fromarray(_coloured(band.filled(np.nan), valid), "RGBA").save(drawn, "PNG", optimize=True)
    write_whole(picture, drawn.getvalue())
    return picture


def _coloured(values: NDArray[np.floating], valid: NDArray[np.bool_]) -> NDArray[np.uint8]:
    """Return RGBA, shape (height, width, 4), of values of shape (height, width)."""
    rgba = np.zeros((*values.shape, 4), dtype=np.uint8)
    if not valid.any():
        return rgba
    low, high = np.percentile(values[valid], _STRETCH)
    share = np.clip((values[valid] - low) / max(high - low, 1e-9), 0, 1)
    stops = np.linspace(0, 1, len(_PALETTE))
    for channel in range(3):
        rgba[valid, channel] = np.interp(share, stops, _PALETTE[:, channel])
    rgba[valid, 3] = 255
    return rgba
