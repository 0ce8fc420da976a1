"""What a look at a GeoTIFF from afar shows: enough for a picture and for numbers in a catalogue."""

from dataclasses import dataclass
from typing import Any

from s1ratio.catalogue.facts import BandStatistics


@dataclass(frozen=True)
class RasterLook:
    """The first band from its overviews; what each band comes to, of every `shrink`-th pixel.

    `overview` is a `pictures.overview.Overview`: its module loads rasterio, which who only names
    it does without.
    """

    overview: Any
    statistics: tuple[BandStatistics, ...]
    shrink: float
