"""The frame of a picture: where raster, header and footer lie, in pixels. No drawing here."""

import math
from dataclasses import dataclass
from typing import Final

LEAST: Final = 600  # px of the raster's longer side: smaller ones are zoomed
MARGIN: Final = 20
FOOTER: Final = 118
_NARROWEST: Final = 720  # px of the whole: what header and footer need
_HEADER: Final = 92
_BANNER: Final = 34


@dataclass(frozen=True)
class Frame:
    """A picture of `width` × `height` px, measured from its lower left corner.

    The raster has `shown` = (width, height) px, each of its pixels `zoom` × `zoom`; its lower left
    corner is at `left`, `bottom`. A `banner` of so many px is above the header, if any.
    """

    width: int
    height: int
    zoom: int
    left: int
    bottom: int
    shown: tuple[int, int]
    banner: int

    @property
    def top(self) -> int:
        """Where the raster ends and the header begins."""
        return self.bottom + self.shown[1]


def frame_of(shape: tuple[int, int], *, banner: bool) -> Frame:
    """Return the frame of a raster of (height, width) px."""
    height, width = shape
    zoom = max(1, math.ceil(LEAST / max(shape)))
    shown = width * zoom, height * zoom
    whole = max(_NARROWEST, shown[0] + 2 * MARGIN)
    strip = _BANNER if banner else 0
    return Frame(
        width=whole,
        height=FOOTER + shown[1] + _HEADER + strip,
        zoom=zoom,
        left=(whole - shown[0]) // 2,
        bottom=FOOTER,
        shown=shown,
        banner=strip,
    )
