"""One long-running operation: its states, and how Earth Engine shows it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Self

from pydantic import TypeAdapter, ValidationError

from local_earthengine.errors import EarthEngineError
from local_earthengine.wire.exchange import timestamp

_TYPES: Final = "type.googleapis.com/google.earthengine.v1"
_NEVER: Final = "1970-01-01T00:00:00Z"
# The codes of google.rpc.Code that an operation's error bears.
CANCELLED_CODE: Final = 1
INVALID_CODE: Final = 3
INTERNAL_CODE: Final = 13


class State(StrEnum):
    """The states of an operation in Earth Engine's REST interface."""

    PENDING = "PENDING"
    RUNNING = "RUNNING"
    CANCELLING = "CANCELLING"
    SUCCEEDED = "SUCCEEDED"
    CANCELLED = "CANCELLED"
    FAILED = "FAILED"

    @property
    def done(self) -> bool:
        """Whether nothing follows."""
        return self in (State.SUCCEEDED, State.CANCELLED, State.FAILED)


@dataclass(frozen=True)
class Operation:
    """An operation at one moment; times are RFC 3339 texts in UTC, None before they are.

    `number` counts the operations of one server, so it orders them by age.
    """

    number: int
    project: str
    id: str
    description: str
    priority: int
    created: str
    updated: str
    state: State = State.PENDING
    started: str | None = None
    ended: str | None = None
    progress: float = 0.0
    attempt: int = 0
    destination_uris: tuple[str, ...] = ()
    error_code: int = 0
    error_message: str = ""
    compute_seconds: float | None = None

    @property
    def name(self) -> str:
        """projects/P/operations/ID"""
        return f"projects/{self.project}/operations/{self.id}"

    def running(self, now: datetime) -> Self:
        """Return the operation as it starts (again)."""
        when = timestamp(now)
        state, attempt = State.RUNNING, self.attempt + 1
        return replace(self, state=state, started=when, updated=when, attempt=attempt)

    def ended_as(self, state: State, now: datetime, **changes: Any) -> Self:
        """Return the operation as it ends."""
        when = timestamp(now)
        started = self.started or (None if state is State.CANCELLED else when)
        return replace(self, state=state, started=started, ended=when, updated=when, **changes)

    def dumps(self) -> str:
        """Return it as JSON, for the ledger."""
        return json.dumps(asdict(self))

    @classmethod
    def loads(cls, text: object, number: int) -> Self:
        """Return the operation of `dumps`; fields that are not known are passed over.

        Raise ValueError, in one line, for what is none, or has another number than this.
        """
        try:
            operation: Self = TypeAdapter(cls).validate_json(text)  # type: ignore[arg-type]
        except ValidationError as fault:
            first = fault.errors()[0]
            where = ".".join(map(str, first["loc"]))
            raise ValueError(f"{where}: {first['msg']}" if where else first["msg"]) from None
        except TypeError as fault:  # neither text nor bytes
            raise ValueError(str(fault)) from None
        if operation.number != number:
            raise ValueError(f"its number is {operation.number}")
        return operation

    def to_json(self) -> dict[str, Any]:
        """Return it as google.longrunning.Operation.

        As in all its JSON, zeros and empties are left out.
        """
        metadata: dict[str, Any] = {
            "@type": f"{_TYPES}.OperationMetadata",
            "state": self.state.value,
            "description": self.description,
            "priority": self.priority,
            "createTime": self.created,
            "updateTime": self.updated,
            "startTime": self.started or _NEVER,
            "type": "EXPORT_IMAGE",
            "scriptUri": "https://code.earthengine.google.com/",
        }
        later = {
            "endTime": self.ended,
            "progress": self.progress,
            "attempt": self.attempt,
            "stages": self._stages(),
            "destinationUris": list(self.destination_uris),
            "batchEecuUsageSeconds": self.compute_seconds,
        }
        metadata |= {name: value for name, value in later.items() if value}
        return {"name": self.name, "metadata": metadata, **self._outcome()}

    def _stages(self) -> list[dict[str, Any]]:
        if self.attempt == 0:
            return []
        written = 1.0 if self.state is State.SUCCEEDED else 0.0
        local = {
            "displayName": "Create Local Files",
            "completeWorkUnits": self.progress,
            "totalWorkUnits": "1",
            "description": "Computation and writing of temporary files.",
        }
        moved = {
            "displayName": "Write Files to Destination",
            "completeWorkUnits": written,
            "totalWorkUnits": "1",
            "description": "Uploading of files to location specified by the user.",
        }
        stages = (local, moved)
        return [{name: value for name, value in one.items() if value} for one in stages]

    def _outcome(self) -> dict[str, Any]:
        if not self.state.done:
            return {}
        if self.state is State.SUCCEEDED:
            return {"done": True, "response": {"@type": f"{_TYPES}.ExportImageResponse"}}
        error = {"code": self.error_code, "message": self.error_message}
        return {"done": True, "error": error}


def not_found(name: str) -> EarthEngineError:
    """Return the refusal of an operation's name that is not known."""
    return EarthEngineError(f"Operation '{name}' not found.", 404)
