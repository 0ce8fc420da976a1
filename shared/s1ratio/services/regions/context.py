"""What refreshing regions works with: the ports, the topic of requests, and an estimate."""

from dataclasses import dataclass, field
from typing import Protocol

from s1ratio.ports import Publisher, Store
from s1ratio.regions.records import RegionRecord
from s1ratio.services.context import Context

_HISTORY = 20  # requests of a region, the newest


class Estimate(Protocol):
    """What a request of a region is expected to spend."""

    def median(self, store: Store, region: RegionRecord) -> float | None:
        """Return the median EECU-seconds of one request, None without history."""


class OwnHistory(Estimate):
    """An estimate by what the region's own requests spent."""

    def median(self, store: Store, region: RegionRecord) -> float | None:
        """Return the median of its newest requests that have ended and spent something."""
        found = store.find_refreshes_of(region.id, _HISTORY)
        spent = sorted(one.eecu_seconds for one in found if one.ended_at and one.eecu_seconds)
        if not spent:
            return None
        middle = len(spent) // 2
        return spent[middle] if len(spent) % 2 else (spent[middle - 1] + spent[middle]) / 2


@dataclass(frozen=True)
class RegionContext(Context):
    """The world of one process that refreshes regions: it publishes, and never exports."""

    publisher: Publisher
    estimate: Estimate = field(default_factory=OwnHistory)
