"""What refreshing regions works with: the ports, and the topic of requests."""

from dataclasses import dataclass

from s1ratio.ports import Publisher
from s1ratio.services.context import Context


@dataclass(frozen=True)
class RegionContext(Context):
    """The world of one process that refreshes regions: it publishes, and never exports."""

    publisher: Publisher
