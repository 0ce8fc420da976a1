"""Statistics over the passes, all in one reducer, so that nothing is computed twice."""

from collections.abc import Sequence
from functools import reduce

import ee

from s1ratio.request import Statistic


def reducer(statistics: Sequence[Statistic]) -> ee.Reducer:
    """Return one reducer whose outputs bear the statistics' names, all of the same input."""
    # A statistic is named as Earth Engine names its reducer and the band that comes out.
    parts = [getattr(ee.Reducer, statistic.value)() for statistic in statistics]
    return reduce(lambda all_of, part: all_of.combine(part, sharedInputs=True), parts)
