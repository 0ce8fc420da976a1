"""Statistics over the passes, all in one reducer, so that nothing is computed twice."""

from functools import lru_cache, reduce

import ee

from s1ratio.request import Statistic

_KEPT = 64


@lru_cache(_KEPT)
def reducer(statistics: tuple[Statistic, ...]) -> ee.Reducer:
    """Return one reducer whose outputs bear the statistics' names, all of the same input."""
    # A statistic is named as Earth Engine names its reducer and the band that comes out.
    parts = [getattr(ee.Reducer, statistic.value)() for statistic in statistics]
    return reduce(lambda all_of, part: all_of.combine(part, sharedInputs=True), parts)
