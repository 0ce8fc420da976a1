"""Budget: what a region has spent in this month, as its requests tell."""

from datetime import datetime

from s1ratio.ports import Store
from s1ratio.regions.admission import Spent, month_of
from s1ratio.regions.model import Region
from s1ratio.regions.records import RegionRecord
from s1ratio.services.regions.estimating import estimate_median

_MOST = 2_000  # requests of a region in a month


def read_spent(
    store: Store, region: Region, record: RegionRecord, now: datetime
) -> tuple[Spent, float | None]:
    """Return what a region has spent this month, and the median of one request.

    Open requests count as the median, or as what they have spent already if that is more. Nothing
    is read of a region without a budget.
    """
    budget = region.budget
    if budget.requests is None and budget.eecu_seconds is None:
        return Spent(), None
    made = store.find_refreshes_of(record.id, _MOST, month_of(now))
    median = estimate_median(store, record) if budget.eecu_seconds is not None else None
    spent = sum(
        max(one.eecu_seconds, median or 0.0) if one.is_open else one.eecu_seconds for one in made
    )
    return Spent(len(made), spent), median
