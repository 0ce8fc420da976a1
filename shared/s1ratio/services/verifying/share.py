"""How much of the area has data, compared with what the passes cover and the angles leave."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from s1ratio.crs import is_geographic
from s1ratio.faults import Fault
from s1ratio.grid import METRES_PER_DEGREE, PixelGrid
from s1ratio.ports import RasterFile
from s1ratio.request import CompositeRequest
from s1ratio.services.verifying.coverage import needed, project_area
from s1ratio.services.verifying.limits import BandLimits, may_mask

# Of what must have data: a sample's squares of 8 × 8 px, and outlines that are drawn roughly.
_TOLERANCE = 0.1
_EDGE_M = 500.0  # how far from its footprint's side a scene's pixels may end
_DIAGONAL = 1.4  # of a side: the way of a scene's side through the area
_WHOLE = 0.999  # a share of the area: no scene's side crosses it
_FEW = 256  # px: of less nothing is said


@dataclass(frozen=True)
class _Lack:
    """The band that lacks the most, and how much of what must have data it lacks."""

    band: BandLimits
    share: float


def judge_share(
    grid: PixelGrid,
    request: CompositeRequest,
    share: float | None,
    files: Sequence[RasterFile],
    bands: Sequence[BandLimits],
) -> tuple[list[Fault], list[str]]:
    """Return a fault if data are missing that neither passes nor angles explain, or a note.

    `share` is the part of the AOI that the passes cover at least; None where nobody asked, for the
    message named its orbits, and then nothing is said.
    """
    lack = None if share is None else _find_lack(grid, request, share, files, bands)
    if lack is None:
        return [], []
    words = f"{lack.share:.0%} of what its passes cover have no data in {lack.band.name}"
    if why := excuse(request, lack.band):
        return [], [f"{words}: {why}"]
    return [Fault("", "share", f"{words}, and no angle is masked")], []


def excuse(request: CompositeRequest, band: BandLimits) -> str | None:
    """Return what may explain that data are missing, in words, or None."""
    if (angles := request.angle_range) is not None:
        low, high = angles.min or 0, 90 if angles.max is None else angles.max
        return f"the angles, {low:g}° to {high:g}°, may have masked them"
    if may_mask(request, band.product):
        return f"the valid range {request.range_of(band.product)} may have masked them"
    return None


def _find_lack(
    grid: PixelGrid,
    request: CompositeRequest,
    share: float,
    files: Sequence[RasterFile],
    bands: Sequence[BandLimits],
) -> _Lack | None:
    """Return what is lacking beyond what is tolerated; None too where no survey tells."""
    if not all(file.sample.survey for file in files):
        return None
    expected, allowance = _expected(grid, request, share)
    if expected < _FEW:
        return None
    lacks = [
        _Lack(band, 1 - _seen(files, number) / expected)
        for number, band in enumerate(bands)
        if band.is_level or all(each.is_count for each in bands)
    ]
    worst = max(lacks, key=lambda lack: lack.share, default=None)
    if worst is None or worst.share * expected <= _TOLERANCE * expected + allowance:
        return None
    return worst


def _seen(files: Sequence[RasterFile], number: int) -> float:
    """Return how many pixels of all files lie where a band has data."""
    return math.fsum(
        block.bands[number].seen * file.sample.survey_factor
        for file in files
        for block in file.sample.survey
    )


def _expected(grid: PixelGrid, request: CompositeRequest, share: float) -> tuple[float, float]:
    """Return how many pixels of a grid have data at least, and how many of them may lack.

    What the passes leave out of the whole area may all lie in this grid.
    """
    mine = needed(grid, request.aoi, clip=True).area
    if share >= _WHOLE:
        return mine, 0.0
    least = mine - (1 - share) * project_area(grid, request.aoi).area
    metres = grid.size * METRES_PER_DEGREE if is_geographic(grid.crs) else grid.size
    return max(0.0, least), _DIAGONAL * math.sqrt(mine) * _EDGE_M / metres
