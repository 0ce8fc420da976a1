"""Event world: what telling and publishing need of a process, be it of requests or of alerts."""

from dataclasses import dataclass, field
from datetime import timedelta
from typing import Protocol

from s1ratio.events.teller import Teller
from s1ratio.ports import Clock, Store
from s1ratio.services.outbox import Outbox
from s1ratio.settings import Settings


class EventWorld(Protocol):
    """A context, as far as events are concerned."""

    @property
    def settings(self) -> Settings:
        """The deployment's."""

    @property
    def store(self) -> Store:
        """Where events are committed."""

    @property
    def clock(self) -> Clock:
        """Its clock."""

    @property
    def outbox(self) -> Outbox:
        """Its way out."""


@dataclass(frozen=True)
class StoreWorld:
    """The world of a process that changes the store, and does nothing else."""

    settings: Settings
    store: Store
    clock: Clock
    outbox: Outbox = field(default_factory=Outbox)


def teller_of(world: EventWorld) -> Teller:
    """Return who tells of a change that is committed now."""
    return Teller(
        now=world.clock.now(),
        retention=timedelta(days=world.settings.retention_days),
        bucket=world.settings.bucket,
        publishes=not world.outbox.nowhere,
    )
