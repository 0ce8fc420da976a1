"""What watching works with: alerts, Earth Engine's list of scenes, and the topic of requests."""

from dataclasses import dataclass

from s1ratio.ports import Publisher
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.context import Context


@dataclass(frozen=True)
class WatchContext(Context):
    """The world of one process that watches incidents: it publishes, and never exports."""

    alerts: AlertContext
    publisher: Publisher
