"""What every service works with: the ports, the settings, and who we are."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from s1ratio.ports import Clock, DocumentStore, EarthEngine, ObjectStore, RasterReader, Store
from s1ratio.services.launch_memory import LaunchMemory
from s1ratio.services.outbox import Outbox
from s1ratio.services.process_memory import Memory
from s1ratio.settings import Settings
from s1ratio.software import describe_software
from s1ratio.task import make_identity


@dataclass(frozen=True)
class Context:
    """The world of one process. `owner` names it, so that two never take each other's claims.

    `software` is what it runs, `launches` what its launches know for a second; by the `outbox` its
    events go out.
    """

    settings: Settings
    store: Store
    earth_engine: EarthEngine
    clock: Clock
    owner: str
    software: str = field(default_factory=describe_software, kw_only=True)
    launches: LaunchMemory = field(default_factory=LaunchMemory, kw_only=True, compare=False)
    outbox: Outbox = field(default_factory=Outbox, kw_only=True)

    @property
    def identity(self) -> str:
        """The store's identity, which its operations carry: read once, made if there is none."""
        # No cached_property: in Python 3.11 it lets all threads wait for the one that reads.
        known: str | None = vars(self).get("_identity")
        if known is None:
            known = self.store.identify(make_identity(self.owner), self.clock.now())
            object.__setattr__(self, "_identity", known)
        return known

    @property
    def lease(self) -> timedelta:
        """How long a claim on a start lives."""
        return timedelta(seconds=self.settings.start_lease_s)

    def told_at(self) -> datetime:
        """Return when Earth Engine answered the call just made, by its own clock.

        By ours where it tells no time. What it says of its operations is compared with this.
        """
        return self.earth_engine.answered_at or self.clock.now()

    @property
    def list_grace(self) -> timedelta:
        """How late the list may show an operation."""
        return timedelta(seconds=self.settings.list_grace_s)

    @property
    def lost_grace(self) -> timedelta:
        """How long an operation may be missing before anything is made of it."""
        return timedelta(seconds=self.settings.lost_grace_s)

    @property
    def retention(self) -> timedelta:
        """How long ended tasks are kept; their request, a while longer, goes last."""
        return timedelta(days=self.settings.retention_days)


@dataclass(frozen=True)
class PollContext(Context):
    """The same, and what came out: only the poller opens files. And it remembers.

    `documents` are the catalogue's; None where nothing is catalogued.
    """

    objects: ObjectStore
    rasters: RasterReader
    memory: Memory = field(default_factory=Memory)
    documents: DocumentStore | None = None
