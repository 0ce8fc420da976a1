"""A deployment that takes alerts, in simulated time: the real store, and played feeds."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from s1ratio.adapters.store.sqlite import SqliteStore
from s1ratio.alerts.incident import Incident
from s1ratio.alerts.records import AlertRecord, Kind
from s1ratio.alerts.shipped import FOLDER
from s1ratio.errors import ObjectMissing
from s1ratio.ports import Answer
from s1ratio.services.alerts.context import AlertContext
from s1ratio.services.alerts.definitions import apply, propose
from s1ratio.services.alerts.fetch import FetchReport, fetch_feeds
from s1ratio.services.alerts.record import Recorded, record
from s1ratio.services.alerts.tick import tick_incidents
from s1ratio.services.alerts.tick_state import IncidentsReport
from s1ratio.settings import Settings
from tests.unit.alerts.samples import T0

START = T0 + timedelta(hours=1)


class PlayedFeeds:
    """Answers by URL, in turn; the last one stays. Every call is kept."""

    def __init__(self) -> None:
        self.answers: dict[str, list[Answer]] = {}
        self.calls: list[tuple[str, dict[str, str]]] = []

    def fetch(
        self, url: str, headers: Mapping[str, str], deadline_s: float, max_bytes: int
    ) -> Answer:
        del deadline_s, max_bytes
        self.calls.append((url, dict(headers)))
        answers = self.answers.get(url, [Answer(404, error="HTTP 404: ")])
        return answers.pop(0) if len(answers) > 1 else answers[0]


class SetClock:
    """Time that passes only when it is told to."""

    def __init__(self, now: datetime) -> None:
        self._now = now

    def now(self) -> datetime:
        return self._now

    def advance(self, by: timedelta) -> None:
        self._now += by


class KeptPayloads:
    """A bucket in memory."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def put(self, name: str, payload: bytes) -> None:
        self.objects[name] = payload

    def get(self, name: str) -> bytes:
        if name not in self.objects:
            raise ObjectMissing(name)
        return self.objects[name]


class AlertWorld:
    """One deployment over a store in a folder."""

    def __init__(self, folder: Path, shipped: bool = True, **settings: Any) -> None:
        self.folder = folder
        self.clock = SetClock(START)
        self.feeds, self.payloads = PlayedFeeds(), KeptPayloads()
        self.store = SqliteStore(folder / "store.db")
        known = {"project": "a-project", "bucket": "a-bucket", "feed_hosts": "feeds.example.org"}
        self.settings = Settings(**(known | settings))
        if shipped:
            self.apply(Kind.FEED, *documents("feeds"))
            self.apply(Kind.RULE, *documents("rules"))

    def context(self, owner: str = "me", store: Any = None) -> AlertContext:
        """Return a worker's context."""
        return AlertContext(
            self.settings,
            store or self.store,
            self.clock,
            owner,
            self.payloads,
            self.feeds,
            {"firms": "s3cret"},
        )

    def apply(self, kind: Kind, *several: Any) -> int:
        """Store definitions."""
        return apply(self.store, propose(self.store, kind, several, self.clock.now()))

    def record(self, payload: bytes, feed: str | None = None, **attributes: str) -> Recorded:
        """Take a message in."""
        named = {"feed": feed} if feed else {}
        return record(self.context(), payload, named | attributes)

    def tick(self, **after: float) -> IncidentsReport:
        """Let time pass, and run a tick."""
        self.clock.advance(timedelta(**after))
        return tick_incidents(self.context())

    def fetch(self, **after: float) -> FetchReport:
        """Let time pass, and ask the feeds that are due."""
        self.clock.advance(timedelta(**after))
        return fetch_feeds(self.context())

    def alert(self, feed: str, name: str) -> AlertRecord:
        """Return an alert."""
        found = self.store.get_alert(f"{feed}:{name}")
        assert found is not None, f"{feed}:{name}"
        return found

    @property
    def incidents(self) -> Sequence[Incident]:
        """All incidents, in the order they opened."""
        return list(reversed(self.store.find_incidents(1_000)))

    def close(self) -> None:
        """Close the store."""
        self.store.close()


def documents(kind: str) -> list[Any]:
    """Return the definitions that come along, as they lie in their folder."""
    return [json.loads(path.read_text()) for path in sorted(FOLDER.glob(f"{kind}/*.json"))]
