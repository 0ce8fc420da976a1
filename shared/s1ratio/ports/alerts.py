"""The part of the store that keeps alerts, incidents, their definitions and how they are fetched;
and feeds as they are fetched from.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, Protocol

from s1ratio.alerts.incident import Incident
from s1ratio.alerts.records import (
    AlertRecord,
    AlertState,
    Definition,
    FetchRecord,
    Kind,
    MessageRecord,
)
from s1ratio.records import Event


class AlertStore(Protocol):
    """The part of a Store that keeps alerts and incidents; it raises what the others do."""

    def get_definitions(self, kind: Kind) -> Sequence[Definition]:
        """Return all definitions of a kind that are not removed, by name."""

    def get_definition(self, kind: Kind, name: str) -> Definition | None:
        """Return a definition, a removed one too, or None."""

    def save_definition(self, definition: Definition, expected: Any) -> Definition:
        """Compare-and-set a definition, `expected` None where there is none."""

    def save_definitions(self, several: Sequence[tuple[Definition, Any]]) -> None:
        """Compare-and-set definitions, each with its `expected`, in one commit: all or nothing."""

    def find_pending_definitions(self, limit: int) -> Sequence[Definition]:
        """Return definitions, removed ones too, whose incidents are not due yet."""

    def create_message(self, record: MessageRecord) -> tuple[MessageRecord, bool]:
        """Store a new message; return it as stored, or the one known, and whether it is new."""

    def get_message(self, message_id: str) -> MessageRecord | None:
        """Return a message, or None."""

    def update_message(self, record: MessageRecord, expected: Any) -> MessageRecord:
        """Compare-and-set a message."""

    def find_unread_messages(self, before: datetime, limit: int) -> Sequence[MessageRecord]:
        """Return messages that no feed read, last tried before a time, in that order."""

    def create_alert(self, record: AlertRecord) -> tuple[AlertRecord, bool]:
        """Store a new alert; return it as stored, or the one known, and whether it is new."""

    def get_alert(self, record_id: str) -> AlertRecord | None:
        """Return an alert, or None."""

    def get_alerts(self, record_ids: Iterable[str]) -> dict[str, AlertRecord]:
        """Return the alerts of these ids that exist, by id."""

    def update_alert(self, record: AlertRecord, expected: Any) -> AlertRecord:
        """Compare-and-set an alert."""

    def find_due_alerts(
        self, state: AlertState, now: datetime, limit: int
    ) -> Sequence[AlertRecord]:
        """Return alerts in a state whose `due_at` has come, in its order."""

    def find_waiting_alerts(self, hazard: str, limit: int) -> Sequence[AlertRecord]:
        """Return alerts of a hazard that wait to be placed, those that are due first."""

    def get_incident(self, incident_id: str) -> Incident | None:
        """Return an incident, or None."""

    def save_incident(
        self, incident: Incident, expected: Any, events: Sequence[Event] = ()
    ) -> Incident:
        """Compare-and-set an incident with its outgoing events, `expected` None: it is new."""

    def find_live_incidents(self, hazard: str, limit: int) -> Sequence[Incident]:
        """Return incidents of a hazard that have not ended, the first to be due first."""

    def find_incidents_by(self, keys: Sequence[str]) -> Sequence[Incident]:
        """Return incidents that have not ended and have one of these keys (`finding.keys_of`)."""

    def find_due_incidents(self, now: datetime, limit: int) -> Sequence[Incident]:
        """Return incidents that have not ended whose `due_at` has come, in its order."""

    def find_later_incidents(self, since: datetime, limit: int) -> Sequence[Incident]:
        """Return incidents that have not ended and are due at `since` or later, in that order."""

    def find_wanted_incidents(self, limit: int) -> Sequence[Incident]:
        """Return incidents whose area is to be requested, the highest severity first."""

    def find_incidents(self, limit: int, since: datetime | None = None) -> Sequence[Incident]:
        """Return incidents that opened at `since` or later, newest first."""

    def count_followed_incidents(self, field: Literal["rule", "owner"], name: str) -> int:
        """Return how many incidents of a rule, or of an owner, are followed now."""

    def find_held_incidents(
        self, field: Literal["rule", "owner"], name: str, limit: int
    ) -> Sequence[Incident]:
        """Return those of a rule or an owner that a budget holds: the worst first, then by age."""

    def get_fetches(self, feeds: Iterable[str]) -> dict[str, FetchRecord]:
        """Return how far feeds are fetched, by name; those never fetched are missing."""

    def save_fetch(self, record: FetchRecord, expected: Any) -> FetchRecord:
        """Compare-and-set how far a feed is fetched, `expected` None where there is nothing."""


@dataclass(frozen=True)
class Answer:
    """What a feed answered: `status` 200 with a body, 304 without, or what went wrong.

    `error` says that in words, None if nothing did; `wait_s` how long it asks to be left alone.
    """

    status: int
    body: bytes = b""
    etag: str | None = None
    modified: str | None = None
    error: str | None = None
    wait_s: float | None = None


class Feeds(Protocol):
    """Where feeds are fetched from: one GET a call, with a deadline; it never raises."""

    def fetch(
        self, url: str, headers: Mapping[str, str], deadline_s: float, max_bytes: int
    ) -> Answer:
        """Return what is at a URL, whole, or what went wrong. Redirects are not followed."""


class PayloadStore(Protocol):
    """The bucket as payloads need it; each call raises ObjectStoreUnavailable, has a deadline."""

    def put(self, name: str, payload: bytes) -> None:
        """Write an object; the same again changes nothing."""

    def get(self, name: str) -> bytes:
        """Return an object's bytes; raise ObjectMissing without one."""
