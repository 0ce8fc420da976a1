"""How much of the area has data, as the files of an export show it: counted, or estimated."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from s1ratio.ports import AreaSample, RasterFile
from s1ratio.request import CompositeRequest
from s1ratio.services.verifying.limits import BandLimits, limits_of
from s1ratio.services.verifying.share import excuse
from s1ratio.task import Result

LEAST = 0.9  # of the area: below that whoever asked for it is warned
_WHOLE = 0.999  # a share of the area: nothing else is missing
_PLACES = 6
_ROUNDING = 1e-6


@dataclass(frozen=True)
class ValidShare:
    """Of so many `pixels` of the area the shares with data, and with two passes or more.

    `valid` goes by the first band's mask. `twice` is None where no band counts passes. `counted` is
    the share of pixels that were looked at one by one: below 1 the others are estimates.
    """

    pixels: float
    valid: float
    twice: float | None
    counted: float


def with_shares(result: Result, found: ValidShare | None) -> Result:
    """Return a task's result with what was found of the area: of none there are no shares."""
    if found is None:
        return result
    if not found.pixels:
        return replace(result, area_px=0.0)
    return replace(
        result,
        area_px=found.pixels,
        valid_share=found.valid,
        two_pass_share=found.twice,
        counted_share=found.counted,
    )


def measure_valid(files: Sequence[RasterFile]) -> ValidShare | None:
    """Return the shares over all files of an export; None where one of them does not tell."""
    areas = [file.sample.area for file in files if file.sample.area is not None]
    if len(areas) < len(files) or not files:
        return None
    if all(file.has_data is False for file in files):
        twice = None if any(area.twice is None for area in areas) else 0.0
        return ValidShare(_sum(area.pixels for area in areas), 0.0, twice, 1.0)
    return _shares(areas, _sum(area.pixels for area in areas))


def _shares(areas: Sequence[AreaSample], pixels: float) -> ValidShare:
    twice = [area.twice for area in areas if area.twice is not None]
    return ValidShare(
        pixels,
        _share(_sum(area.valid for area in areas), pixels),
        _share(_sum(twice), pixels) if len(twice) == len(areas) else None,
        _share(_sum(area.counted for area in areas), pixels),
    )


def _sum(numbers: Iterable[float]) -> float:
    return math.fsum(numbers)


def _share(part: float, pixels: float) -> float:
    return round(min(1.0, part / pixels), _PLACES) if pixels else 0.0


def warn_of_gaps(
    request: CompositeRequest, footprint: float | None, found: ValidShare | None
) -> list[str]:
    """Return a warning, in words, if less of the area has data than whoever asked may think.

    `footprint` is the share of the area that the passes cover, if that is known.
    """
    if found is None or not found.pixels or found.valid >= LEAST:
        return []
    about = "" if found.counted >= _WHOLE else "about "
    words = f"only {about}{math.floor(100 * found.valid + _ROUNDING)}% of the area has data"
    if about:
        words += f" (an estimate: {found.counted:.0%} of its pixels were counted)"
    reasons = _reasons(limits_of(request)[0], request, footprint)
    return [f"{words}: {'; '.join(reasons)}"]


def _reasons(band: BandLimits, request: CompositeRequest, footprint: float | None) -> list[str]:
    reasons = []
    if footprint is None:
        reasons.append("what its passes cover was not asked for, since the orbits were named")
    elif footprint < _WHOLE:
        reasons.append(f"its passes cover {footprint:.0%} of the whole area")
    if why := excuse(request, band):
        reasons.append(why)
    return reasons or ["the rest is masked in the scenes: there VV or VH is not above 0"]
