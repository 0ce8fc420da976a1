"""Teller: who tells of a change, when, and whether anybody is to publish it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from s1ratio.events.data import EventData
from s1ratio.events.kinds import EventKind
from s1ratio.records import Event

LABEL = "label-"
_MAX_NAME = 256  # bytes of an attribute's name, as Pub/Sub has it


@dataclass(frozen=True)
class Change:
    """The change that is told: the `sequence`-th of record `subject`, in the order of `key`.

    `record` says what that is, where it is not what the kind says.
    """

    kind: EventKind
    subject: str
    sequence: int
    key: str
    request_id: str = ""
    record: str = ""

    @property
    def id(self) -> str:
        """The event's id: ids of records of different kinds may be the same."""
        return f"{self.record or self.kind.record}:{self.subject}.{self.sequence}"


@dataclass(frozen=True)
class Teller:
    """Who tells: at `now`, for `retention`. `bucket` is where files lie.

    Where nobody `publishes`, an event is kept as one that nothing more is to be done about.
    """

    now: datetime
    retention: timedelta
    bucket: str
    publishes: bool = True

    def tell(
        self,
        change: Change,
        data: EventData,
        attributes: Mapping[str, str | None],
        labels: Mapping[str, str] | None = None,
    ) -> Event:
        """Return the event of a change; attributes that are None or empty are left out."""
        known = {name: value for name, value in attributes.items() if value}
        return Event(
            id=change.id,
            kind=change.kind.value,
            request_id=change.request_id,
            at=self.now,
            data=data.model_dump(mode="json", exclude_none=True),
            expire_at=self.now + self.retention,
            subject=change.subject,
            sequence=change.sequence,
            key=change.key,
            attributes=known | _by_label(labels or {}),
            unsent_since=self.now if self.publishes else None,
        )


def _by_label(labels: Mapping[str, str]) -> dict[str, str]:
    """Return labels as attributes, but those that Pub/Sub might refuse."""
    named = {f"{LABEL}{name}": value for name, value in labels.items()}
    return {
        name: value
        for name, value in named.items()
        if value
        and (name + value).isprintable()
        and len(name.encode("utf-8", "replace")) <= _MAX_NAME
    }
