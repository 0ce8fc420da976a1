"""The queue of operations: started, listed, cancelled, taken by priority and age, ended."""

from __future__ import annotations

import random
import string
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from threading import Condition
from typing import Any, Final

from local_earthengine.batch.export_request import ExportRequest
from local_earthengine.batch.ledger import Ledger
from local_earthengine.batch.operation import (
    CANCELLED_CODE,
    Operation,
    State,
    not_found,
)
from local_earthengine.errors import EarthEngineError
from local_earthengine.wire.exchange import timestamp

MAX_WAITING: Final = 3000
_ID_LETTERS: Final = string.ascii_uppercase + string.digits


class Halt(BaseException):
    """Raised through a running export: it was cancelled, or the server stops."""


class OperationQueue:
    """Every operation of a server; all methods may be called from any thread.

    `capacity` is how many may be pending or running; `seed` makes the operations' ids
    repeatable. Operations that a dead server left running are pending again.
    """

    def __init__(
        self,
        ledger: Ledger,
        clock: Callable[[], datetime],
        capacity: int = MAX_WAITING,
        seed: int | None = None,
    ) -> None:
        self._ledger, self._clock, self._capacity = ledger, clock, capacity
        self._random = random.Random(seed)  # noqa: S311 - names, no secrets
        self._changed = Condition()
        self._closing = False
        self._operations = {one.id: one for one in ledger.operations()}
        self._active = {one.id for one in self._operations.values() if not one.state.done}
        self._number = ledger.last_number()
        with self._changed:
            for operation_id in list(self._active):
                self._recover(self._operations[operation_id])

    def start(self, project: str, request: ExportRequest) -> Operation:
        """Queue an export. Raise EarthEngineError: 400 for a used request id, 429 when full.

        A refusal for want of room uses the request id up all the same, as Earth Engine's does.
        """
        with self._changed:
            if request.request_id and not self._ledger.burn(request.request_id):
                raise EarthEngineError(
                    "A different Operation was already started with the given request_id."
                )
            if len(self._active) >= self._capacity:
                raise EarthEngineError(
                    f"Too many tasks already in the queue ({self._capacity}). "
                    "Please wait for some of them to complete.",
                    429,
                )
            operation = self._new(project, request)
            self._ledger.add(operation, request)
            self._operations[operation.id] = operation
            self._active.add(operation.id)
            self._changed.notify_all()
            return operation

    def get(self, project: str, operation_id: str) -> Operation:
        """Return one operation. Raise EarthEngineError (404)."""
        with self._changed:
            operation = self._operations.get(operation_id)
        if operation is None or operation.project != project:
            raise not_found(f"projects/{project}/operations/{operation_id}")
        return operation

    def page(self, project: str, before: int | None, limit: int) -> list[Operation]:
        """Return at most `limit` operations, newest first, older than number `before`."""
        with self._changed:
            mine = [one for one in self._operations.values() if one.project == project]
        mine.sort(key=lambda one: -one.number)
        return [one for one in mine if before is None or one.number < before][:limit]

    def cancel(self, project: str, operation_id: str) -> None:
        """Ask for an operation's end; one that has ended stays as it is.

        Raise EarthEngineError (404).
        """
        self.get(project, operation_id)
        with self._changed:
            operation = self._operations[operation_id]
            if operation.state is State.PENDING:
                self._put(self._cancelled(operation))
            elif operation.state is State.RUNNING:
                now = timestamp(self._clock())
                self._put(replace(operation, state=State.CANCELLING, updated=now))

    def wait_idle(self, timeout: float) -> bool:
        """Wait until nothing is pending or running; return False if that took longer (seconds)."""
        with self._changed:
            return self._changed.wait_for(lambda: not self._active, timeout)

    def take(self) -> Operation | None:
        """Wait for an operation to run, the most urgent, then the oldest, and mark it running.

        None once `close` was called.
        """
        with self._changed:
            self._changed.wait_for(lambda: self._closing or self._pending())
            if self._closing:
                return None
            first = min(self._pending(), key=lambda one: (-one.priority, one.number))
            operation = first.running(self._clock())
            self._put(operation)
            return operation

    def request(self, operation: Operation) -> ExportRequest:
        """Return what an operation was started with."""
        return self._ledger.request(operation)

    def advance(self, operation_id: str, share: float) -> None:
        """Note how much of a running operation is done. Raise Halt if it is to end."""
        with self._changed:
            operation = self._operations[operation_id]
            if self._closing or operation.state is State.CANCELLING:
                raise Halt
            # Not written to the ledger: a run that a dead server left begins anew.
            now = timestamp(self._clock())
            progress = min(max(share, operation.progress), 1.0)
            self._operations[operation_id] = replace(operation, progress=progress, updated=now)

    def finish(self, operation_id: str, state: State, **changes: Any) -> None:
        """Note how a running operation ended."""
        with self._changed:
            latest = self._operations[operation_id]
            self._put(latest.ended_as(state, self._clock(), **changes))

    def recover(self, operation_id: str) -> None:
        """Take back a run that was broken off: cancelled, or pending again as the server ends."""
        with self._changed:
            self._recover(self._operations[operation_id])

    def close(self) -> None:
        """Let every `take` and `advance` come back."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()

    def _new(self, project: str, request: ExportRequest) -> Operation:
        now = timestamp(self._clock())
        self._number += 1
        described = request.description, request.priority
        return Operation(self._number, project, self._fresh_id(), *described, now, now)

    def _fresh_id(self) -> str:
        while True:
            fresh = "".join(self._random.choices(_ID_LETTERS, k=24))
            if fresh not in self._operations:
                return fresh

    def _recover(self, operation: Operation) -> None:
        """Run again, or cancel, what a dead server left behind."""
        if operation.state is State.CANCELLING:
            self._put(self._cancelled(operation))
        elif operation.state is State.RUNNING:
            self._put(replace(operation, state=State.PENDING, started=None, progress=0.0))

    def _put(self, operation: Operation) -> None:
        """Record a change; whoever calls holds the lock."""
        self._operations[operation.id] = operation
        self._ledger.update(operation)
        if operation.state.done:
            self._active.discard(operation.id)
        self._changed.notify_all()

    def _cancelled(self, operation: Operation) -> Operation:
        outcome = {"error_code": CANCELLED_CODE, "error_message": "Cancelled."}
        return operation.ended_as(State.CANCELLED, self._clock(), **outcome)

    def _pending(self) -> list[Operation]:
        active = (self._operations[one] for one in self._active)
        return [one for one in active if one.state is State.PENDING]
