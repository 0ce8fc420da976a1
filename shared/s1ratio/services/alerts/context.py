"""What the services of alerts work with: neither Earth Engine nor its client is among it."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from s1ratio.ports import Clock, Feeds, PayloadStore, Store
from s1ratio.services.outbox import Outbox
from s1ratio.settings import Settings


@dataclass(frozen=True)
class AlertContext:
    """The world of one process. `keys` are the secrets that feeds are fetched with, by name.

    By the `outbox` its events go out.
    """

    settings: Settings
    store: Store
    clock: Clock
    owner: str
    payloads: PayloadStore
    feeds: Feeds
    keys: Mapping[str, str] = field(default_factory=dict, repr=False)
    outbox: Outbox = field(default_factory=Outbox, kw_only=True)
