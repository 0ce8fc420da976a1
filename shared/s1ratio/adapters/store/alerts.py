"""Alerts, incidents, their definitions and how they are fetched, as documents."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any, Literal, TypeVar

from typing_extensions import override

from s1ratio.adapters.store import alert_queries as queries
from s1ratio.adapters.store.alert_queries import ALERTS, DEFINITIONS, FETCHES, INCIDENTS, MESSAGES
from s1ratio.adapters.store.base import Documents, compare_and_set, record_in
from s1ratio.adapters.store.codec import Codec
from s1ratio.adapters.store.database import Create
from s1ratio.alerts.finding import keys_of
from s1ratio.alerts.incident import Incident
from s1ratio.alerts.records import (
    AlertRecord,
    AlertState,
    Definition,
    FetchRecord,
    Kind,
    MessageRecord,
)
from s1ratio.errors import AlreadyExists
from s1ratio.ports.alerts import AlertStore
from s1ratio.records import Event

_KEYS_AT_ONCE = 30  # values that Firestore compares a list with
RecordT = TypeVar("RecordT")
_DEFINITION = Codec(Definition, as_text=frozenset({"document"}))
_MESSAGE = Codec(MessageRecord)
_ALERT = Codec(AlertRecord, as_text=frozenset({"item"}))
INCIDENT = Codec(Incident, as_text=frozenset({"members"}))
_FETCH = Codec(FetchRecord, as_text=frozenset({"details"}))


class AlertDocuments(Documents, AlertStore):
    """The part of a Store that keeps alerts; see there."""

    @override
    def get_definitions(self, kind: Kind) -> Sequence[Definition]:
        return self._readable(_DEFINITION, queries.definitions(kind))

    @override
    def get_definition(self, kind: Kind, name: str) -> Definition | None:
        return self._get(_DEFINITION, DEFINITIONS, f"{kind.value}:{name}")

    @override
    def save_definition(self, definition: Definition, expected: Any) -> Definition:
        return self._save(_DEFINITION, DEFINITIONS, definition.id, definition, expected)

    @override
    def save_definitions(self, several: Sequence[tuple[Definition, Any]]) -> None:
        writes = [
            compare_and_set(_DEFINITION, DEFINITIONS, one.id, one, expected)
            for one, expected in several
        ]
        if writes:
            self._database.commit(writes)

    @override
    def find_pending_definitions(self, limit: int) -> Sequence[Definition]:
        return self._readable(_DEFINITION, queries.pending_definitions(limit))

    @override
    def create_message(self, record: MessageRecord) -> tuple[MessageRecord, bool]:
        return self._create_once(_MESSAGE, MESSAGES, record.id, record)

    @override
    def get_message(self, message_id: str) -> MessageRecord | None:
        return self._get(_MESSAGE, MESSAGES, message_id)

    @override
    def update_message(self, record: MessageRecord, expected: Any) -> MessageRecord:
        return self._save(_MESSAGE, MESSAGES, record.id, record, expected)

    @override
    def find_unread_messages(self, before: datetime, limit: int) -> Sequence[MessageRecord]:
        return self._readable(_MESSAGE, queries.unread_messages(before, limit))

    @override
    def create_alert(self, record: AlertRecord) -> tuple[AlertRecord, bool]:
        return self._create_once(_ALERT, ALERTS, record.id, record)

    @override
    def get_alert(self, record_id: str) -> AlertRecord | None:
        return self._get(_ALERT, ALERTS, record_id)

    @override
    def get_alerts(self, record_ids: Iterable[str]) -> dict[str, AlertRecord]:
        found = self._database.get(ALERTS, record_ids)
        read = {name: self._read(_ALERT, ALERTS, item) for name, item in found.items()}
        return {name: record for name, record in read.items() if record is not None}

    @override
    def update_alert(self, record: AlertRecord, expected: Any) -> AlertRecord:
        return self._save(_ALERT, ALERTS, record.id, record, expected)

    @override
    def find_due_alerts(
        self, state: AlertState, now: datetime, limit: int
    ) -> Sequence[AlertRecord]:
        return self._readable(_ALERT, queries.due_alerts(state, now, limit))

    @override
    def find_waiting_alerts(self, hazard: str, limit: int) -> Sequence[AlertRecord]:
        return self._readable(_ALERT, queries.waiting_alerts(hazard, limit))

    @override
    def get_incident(self, incident_id: str) -> Incident | None:
        return self._get(INCIDENT, INCIDENTS, incident_id)

    @override
    def save_incident(
        self, incident: Incident, expected: Any, events: Sequence[Event] = ()
    ) -> Incident:
        found_by = replace(incident, found_by=keys_of(incident))
        write = compare_and_set(INCIDENT, INCIDENTS, incident.id, found_by, expected)
        version = self._commit(write, events)
        return INCIDENT.record(write.document, version)

    @override
    def find_live_incidents(self, hazard: str, limit: int) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.live_incidents(hazard, limit))

    @override
    def find_incidents_by(self, keys: Sequence[str]) -> Sequence[Incident]:
        found: dict[str, Incident] = {}
        for at in range(0, len(keys), _KEYS_AT_ONCE):
            query = queries.incidents_by_keys(keys[at : at + _KEYS_AT_ONCE])
            found |= {one.id: one for one in self._readable(INCIDENT, query)}
        return list(found.values())

    @override
    def find_due_incidents(self, now: datetime, limit: int) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.due_incidents(now, limit))

    @override
    def find_later_incidents(self, since: datetime, limit: int) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.later_incidents(since, limit))

    @override
    def find_wanted_incidents(self, limit: int) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.wanted_incidents(limit))

    @override
    def find_incidents(self, limit: int, since: datetime | None = None) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.incidents(limit, since))

    @override
    def count_followed_incidents(self, field: Literal["rule", "owner"], name: str) -> int:
        return self._database.count(queries.followed_incidents(field, name))

    @override
    def find_held_incidents(
        self, field: Literal["rule", "owner"], name: str, limit: int
    ) -> Sequence[Incident]:
        return self._readable(INCIDENT, queries.held_incidents(field, name, limit))

    @override
    def get_fetches(self, feeds: Iterable[str]) -> dict[str, FetchRecord]:
        found = self._database.get(FETCHES, feeds)
        read = {name: self._read(_FETCH, FETCHES, item) for name, item in found.items()}
        return {name: record for name, record in read.items() if record is not None}

    @override
    def save_fetch(self, record: FetchRecord, expected: Any) -> FetchRecord:
        return self._save(_FETCH, FETCHES, record.feed, record, expected)

    def _get(self, codec: Codec[RecordT], collection: str, name: str) -> RecordT | None:
        return record_in(codec, collection, name, self._database.get(collection, [name]))

    def _save(
        self, codec: Codec[RecordT], collection: str, name: str, record: RecordT, expected: Any
    ) -> RecordT:
        write = compare_and_set(codec, collection, name, record, expected)
        version = self._database.commit([write])[0]
        return codec.record(write.document, version)

    def _create_once(
        self, codec: Codec[RecordT], collection: str, name: str, record: RecordT
    ) -> tuple[RecordT, bool]:
        document = codec.document(record)
        try:
            version = self._database.commit([Create(collection, name, document)])[0]
        except AlreadyExists:
            known = self._get(codec, collection, name)
            if known is None:  # deleted in between
                raise
            return known, False
        return codec.record(document, version), True
