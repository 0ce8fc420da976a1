"""A band as a small picture without words, for lists and maps of many."""

import math
from typing import Final

from s1ratio.pictures.colouring import colour_values
from s1ratio.pictures.overview import Overview
from s1ratio.pictures.scales import Scale
from s1ratio.pictures.sheet import Sheet

SIDE: Final = 256  # px of the longer side; a smaller raster is zoomed by whole numbers


def draw_thumbnail(overview: Overview, scale: Scale) -> bytes:
    """Return the PNG of a band, the colours of its legend. Not in two threads at once."""
    step = max(1, math.ceil(max(overview.values.shape) / SIDE))
    values = overview.values[::step, ::step]
    image = colour_values(values, scale, max(1, SIDE // max(values.shape)))
    height, width, _ = image.shape
    with Sheet(width, height) as sheet:
        sheet.put(image, 0, 0)
        return sheet.png(Title=scale.label)
